"""Whether a set of wheels installs alike on every machine: all pure Python, and no one missing or superfluous on any of
the Pythons and platforms that the bundle is for."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from packaging.metadata import Metadata
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.tags import Tag
from packaging.utils import canonicalize_name, parse_wheel_filename

PYTHONS: Final = ("3.11", "3.12", "3.13")
_PLATFORMS: Final = (
    ("Linux", "linux", "x86_64"),
    ("Linux", "linux", "aarch64"),
    ("Linux", "linux", "ppc64le"),
    ("Linux", "linux", "s390x"),
    ("Darwin", "darwin", "arm64"),
    ("Darwin", "darwin", "x86_64"),
)


@dataclass(frozen=True)
class Wheel:
    """What a wheel says of itself. `name` is the normalised one; `tags` are the platforms that it is for."""

    file: Path
    name: str
    version: str
    tags: frozenset[Tag]
    requires: tuple[Requirement, ...]
    requires_python: SpecifierSet

    @property
    def pure(self) -> bool:
        """Whether it holds nothing that was compiled."""
        return all(tag.abi == "none" and tag.platform == "any" for tag in self.tags)


def read_wheel(file: Path) -> Wheel:
    """Read a wheel's name and metadata."""
    name, version, _, tags = parse_wheel_filename(file.name)
    with zipfile.ZipFile(file) as archive:
        [member] = [
            each for each in archive.namelist() if each.endswith(".dist-info/METADATA") and each.count("/") == 1
        ]
        # What else is in it is its maker's affair: some wheels of old have fields that today's rules forbid.
        metadata = Metadata.from_email(archive.read(member), validate=False)
    requires_python = metadata.requires_python or SpecifierSet()
    return Wheel(file, name, str(version), tags, tuple(metadata.requires_dist or ()), requires_python)


def problems(wheels: Sequence[Wheel], root: str) -> list[str]:
    """A sentence for everything because of which the bundle would not install alike everywhere. `root` is the name of
    the wheel that all others are there for."""
    by_name = {wheel.name: wheel for wheel in wheels}
    found = [_compiled(wheel) for wheel in wheels if not wheel.pure]
    for where, environment in environments():
        needed = set(_needed(by_name, root, environment))
        found += [f"{name} is needed on {where}: {_SAME}" for name in sorted(needed - set(by_name))]
        found += [
            f"{by_name[name].file.name} isn't needed on {where}: {_SAME}" for name in sorted(set(by_name) - needed)
        ]
        for name in sorted(needed & set(by_name)):
            found += _misfits(by_name, by_name[name], where, environment)
    return found


_SAME: Final = "what is asked for in pyproject.toml has to come to the same wheels everywhere"


def environments() -> Iterator[tuple[str, Mapping[str, str]]]:
    """What the markers of requirements are judged by, for each Python and platform, with its name for people."""
    for python in PYTHONS:
        for system, platform, machine in _PLATFORMS:
            yield (
                f"Python {python} on {system} {machine}",
                {
                    "implementation_name": "cpython",
                    "implementation_version": f"{python}.0",
                    "os_name": "posix",
                    "platform_machine": machine,
                    "platform_python_implementation": "CPython",
                    "platform_release": "",
                    "platform_system": system,
                    "platform_version": "",
                    "python_full_version": f"{python}.0",
                    "python_version": python,
                    "sys_platform": platform,
                },
            )


def _compiled(wheel: Wheel) -> str:
    return (
        f"{wheel.file.name} isn't pure Python (its name doesn't end in -none-any.whl), so it would fit one platform "
        f"only: ask in pyproject.toml for a version of {wheel.name} that is, or do without it"
    )


def _needed(wheels: Mapping[str, Wheel], root: str, environment: Mapping[str, str]) -> Iterator[str]:
    """Names of all that `root` asks for there, itself included, whether there is a wheel of it or not."""
    waiting: list[tuple[str, str]] = [(root, "")]
    seen: set[tuple[str, str]] = set()
    while waiting:
        name, extra = waiting.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        yield name
        for requirement in _asked(wheels[name], environment, extra) if name in wheels else ():
            other = canonicalize_name(requirement.name)
            waiting += [(other, each) for each in ("", *requirement.extras)]


def _asked(wheel: Wheel, environment: Mapping[str, str], extra: str = "") -> Iterator[Requirement]:
    for requirement in wheel.requires:
        if not requirement.marker or requirement.marker.evaluate({**environment, "extra": extra}):
            yield requirement


def _misfits(wheels: Mapping[str, Wheel], wheel: Wheel, where: str, environment: Mapping[str, str]) -> Iterator[str]:
    if not wheel.requires_python.contains(environment["python_full_version"]):
        yield f"{wheel.file.name} wants Python {wheel.requires_python}, which {where} is not"
    for requirement in _asked(wheel, environment):
        there = wheels.get(canonicalize_name(requirement.name))
        if there and not requirement.specifier.contains(there.version, prereleases=True):
            yield f"{wheel.file.name} wants {requirement} on {where}, not {there.version}"

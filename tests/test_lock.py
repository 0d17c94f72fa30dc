"""requirements/: the lock fits what pyproject.toml asks for, is exact, and names no index."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from importlib.metadata import requires
from typing import Any, Final

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.lock import ROOT, Pin, pins, read_lock

SETTINGS: Final[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text())
PROJECT: Final = SETTINGS["project"]
EXTRAS: Final = PROJECT["optional-dependencies"]
BUILD: Final = SETTINGS["dependency-groups"]["build"]
ASKED: Final = {
    "dev": [*PROJECT["dependencies"], *EXTRAS["sandbox"], *EXTRAS["fleet"], *EXTRAS["dev"], *BUILD],
    "sandbox": [*PROJECT["dependencies"], *EXTRAS["sandbox"]],
    "fleet": [*PROJECT["dependencies"], *EXTRAS["fleet"]],
    "runtime": PROJECT["dependencies"],
    "build": BUILD,
}
"""What each file of requirements/ is the lock of."""

PIN: Final = re.compile(r"[a-z0-9-]+==[\w.]+( ; .+)? \\")
SUM: Final = re.compile(r" {4}--hash=sha256:[0-9a-f]{64}( \\)?")

each_lock = pytest.mark.parametrize("name", sorted(ASKED))


def misfits(asked: Sequence[str], lock: str) -> Iterator[str]:
    """What makes `make lock` necessary: a word for each requirement that the lock doesn't meet or meets no more."""
    held = pins(lock)
    names = {pin.name for pin in held}
    requirements = [Requirement(each) for each in asked]
    for requirement in requirements:
        name = canonicalize_name(requirement.name)
        if not any(pin.name == name and pin.direct for pin in held):
            yield f"{requirement} is missing"
        for pin in held:
            if pin.name == name and pin.version not in requirement.specifier:
                yield f"{name} {pin.version} isn't {requirement.specifier}"
        yield from (f"{other} of {requirement} is missing" for other in sorted(_of_extras(requirement) - names))
    wanted = {canonicalize_name(requirement.name) for requirement in requirements}
    yield from (f"{pin.name} isn't asked for" for pin in held if pin.direct and pin.name not in wanted)


def _of_extras(requirement: Requirement) -> set[str]:
    """Names of what a requirement's extras bring."""
    more = [Requirement(each) for each in requires(requirement.name) or ()] if requirement.extras else []
    return {
        str(canonicalize_name(other.name))
        for other in more
        for extra in requirement.extras
        if other.marker and other.marker.evaluate({"extra": extra}) and not other.marker.evaluate({"extra": ""})
    }


@each_lock
def test_the_lock_fits_what_is_asked_for(name: str) -> None:
    assert list(misfits(ASKED[name], read_lock(name))) == [], "run `make lock`"


@each_lock
def test_every_pin_is_exact_and_has_its_sums(name: str) -> None:
    lines = [line for line in read_lock(name).splitlines() if not line.lstrip().startswith("#")]
    assert [line for line in lines if not PIN.fullmatch(line) and not SUM.fullmatch(line)] == []
    assert [pin.name for pin in pins(read_lock(name)) if not pin.sums] == []


@each_lock
def test_no_index_is_named(name: str) -> None:
    assert "://" not in read_lock(name)


@pytest.mark.parametrize("name", sorted(set(ASKED) - {"dev"}))
def test_what_is_in_a_smaller_lock_is_what_is_tested(name: str) -> None:
    tested = {(pin.name, pin.version, pin.sums) for pin in pins(read_lock("dev"))}
    assert {(pin.name, pin.version, pin.sums) for pin in pins(read_lock(name))} - tested == set()


def test_what_builds_it_is_what_an_isolated_build_would_take() -> None:
    assert SETTINGS["build-system"]["requires"] == BUILD


LOCK: Final = """\
# made by hand
one==1.5 ; python_version < '3.12' \\
    --hash=sha256:01 \\
    --hash=sha256:02
    # via ocpprov (pyproject.toml)
one==2.1 ; python_version >= '3.12' \\
    --hash=sha256:03
    # via
    #   ocpprov (pyproject.toml:build)
    #   two
two-more==3 \\
    --hash=sha256:04
    # via one
"""


def test_a_lock_is_read_as_it_stands() -> None:
    assert pins(LOCK) == [
        Pin("one", "1.5", frozenset({"sha256:01", "sha256:02"}), direct=True),
        Pin("one", "2.1", frozenset({"sha256:03"}), direct=True),
        Pin("two-more", "3", frozenset({"sha256:04"}), direct=False),
    ]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (["One>=1.5,<3"], []),
        (["one>=2"], ["one 1.5 isn't >=2"]),
        (["one", "three>=1"], ["three>=1 is missing"]),
        (["one", "two.more"], ["two.more is missing"]),
        ([], ["one isn't asked for", "one isn't asked for"]),
    ],
)
def test_what_does_not_fit_is_named(asked: list[str], found: list[str]) -> None:
    assert list(misfits(asked, LOCK)) == found


def test_what_an_extra_brings_has_to_be_there_too() -> None:
    lock = read_lock("dev").replace("\nmypy-boto3-sts==", "\nother==")
    assert list(misfits(ASKED["dev"], lock)) == [
        f"mypy-boto3-sts of {Requirement(EXTRAS['dev'][0])} is missing",
    ]


def test_actions_are_named_by_commits() -> None:
    """A tag of somebody else's repository can be moved."""
    texts = [path.read_text() for path in (ROOT / ".github" / "workflows").iterdir()]
    used = [found for text in texts for found in re.findall(r"uses: *(.*)", text)]
    assert used
    assert [each for each in used if not re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v[0-9.]+", each)] == []

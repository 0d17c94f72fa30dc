"""requirements/ read: what is pinned."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT: Final = Path(__file__).parents[2]
_OURS: Final = "ocpprov (pyproject.toml"
"""What the comment under a pin says where it is pyproject.toml that asks for it."""


def read_lock(name: str) -> str:
    """The text of one of the files, by its name without `.txt`."""
    return (ROOT / "requirements" / f"{name}.txt").read_text()


@dataclass(frozen=True)
class Pin:
    """One version of a package. `direct` is whether pyproject.toml itself asks for the package."""

    name: str
    version: str
    sums: frozenset[str]
    direct: bool


def pins(lock: str) -> list[Pin]:
    """What a lock holds, or the list of a bundle's wheels."""
    blocks = re.split(r"^(?=\w)", lock, flags=re.MULTILINE)
    return [_pin(block) for block in blocks if re.match(r"\w", block)]


def _pin(block: str) -> Pin:
    requirement = Requirement(re.split(r" \\\n| --hash=", block)[0])
    [version] = requirement.specifier
    sums = frozenset(re.findall(r"--hash=(\S+)", block))
    return Pin(canonicalize_name(requirement.name), version.version, sums, _OURS in block)

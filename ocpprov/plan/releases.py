"""OpenShift's releases as a plan writes them, which of them are known, and which row of a table belongs to which."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol, TypeVar

Release = tuple[int, int]
"""Major and minor."""

OLDEST: Final[Release] = (4, 1)
NEWEST: Final[Release] = (4, 22)
"""The newest release whose templates were compared with the tables here: since 4.12 nothing in them has changed but the
run time of their Lambda functions (openshift/installer, upi/aws/cloudformation)."""

VERSION: Final = r"(0|[1-9][0-9]{0,2})\.(0|[1-9][0-9]{0,2})(\.[0-9]{1,6}([-+][0-9A-Za-z.+-]{1,100})?)?"
"""A release, or a version as `openshift-install version` prints it: 4.18, 4.18.6, 4.18.0-rc.3."""


def release_of(version: str) -> Release:
    """The release of an OpenShift version: 4.12 and 4.12.9 are the same one."""
    major, minor = version.split(".")[:2]
    return int(major), int(minor)


def in_words(release: Release) -> str:
    """As a plan writes it."""
    return f"{release[0]}.{release[1]}"


def unknown(version: str) -> bool:
    """Whether nothing is known of a version: it is older than all that is known, or of another major version."""
    release = release_of(version)
    return release[0] != NEWEST[0] or release < OLDEST


def newer(version: str) -> bool:
    """Whether a version is newer than what is known, so that the newest tables stand for its own."""
    return not unknown(version) and release_of(version) > NEWEST


class Dated(Protocol):
    """A table row with the first release that it is for."""

    @property
    def since(self) -> Release: ...


Row = TypeVar("Row", bound=Dated)


def in_force(rows: Sequence[Row], version: str) -> Row:
    """The newest row that the version has. Raises ValueError for a version before all of them."""
    release = release_of(version)
    known = [row for row in rows if row.since <= release]
    if not known:
        raise ValueError(f"OpenShift {version} is older than everything known")
    return max(known, key=lambda row: row.since)

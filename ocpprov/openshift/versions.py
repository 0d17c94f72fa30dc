"""OpenShift's releases: which rules, policies and health checks belong to which."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from ocpprov.plan.releases import Release, release_of

__all__ = ["Dated", "Release", "in_force", "release_of"]


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

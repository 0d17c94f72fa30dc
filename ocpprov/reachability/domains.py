"""Which names are a domain's, and which of several zones is asked for one.

Source: Route 53 developer guide, "Considerations when working with a private hosted zone" and "How Route 53 routes
traffic when there are wildcards".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar


class Named(Protocol):
    """A zone, as far as it is looked for by its name."""

    @property
    def name(self) -> str: ...


Z = TypeVar("Z", bound=Named)


def holds(domain: str, host: str) -> bool:
    """Whether a name is a zone's, or below it: then nobody else answers it, but a zone that is nearer."""
    return host == domain or host.endswith(f".{domain}")


def wildcards(host: str) -> Sequence[str]:
    """The records with `*` that may answer a name, the nearest first."""
    labels = host.split(".")
    return [f"*.{'.'.join(labels[number:])}" for number in range(1, len(labels))]


def nearest(host: str, zones: Iterable[Z]) -> Z | None:
    """The zone that a name is looked up in."""
    return max((zone for zone in zones if holds(zone.name, host)), key=lambda zone: len(zone.name), default=None)

"""How the cluster's names and ports look from this host, as values: who sees them is `this_host`, or a test's own."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Protocol


@dataclass(frozen=True)
class Lookup:
    """What DNS says of a name: its `addresses`, sorted; none where there is no such name. `trouble` says why DNS didn't
    answer at all."""

    addresses: tuple[str, ...] = ()
    trouble: str = ""


class Contact(Enum):
    """What came of going to a port. Only of one that was reached can be said that it doesn't answer."""

    ANSWERS = "answers"
    REFUSED = "refuses connections"
    NO_TLS = "takes the connection, and no TLS handshake follows"
    OUT_OF_REACH = "can't be reached from here"


@dataclass(frozen=True)
class Handshake:
    """One attempt; `said` is what the system said where it came to nothing."""

    contact: Contact
    said: str = ""


@dataclass(frozen=True)
class Port:
    """A port at an address, and the name that is asked for there (TLS's server name)."""

    address: str
    port: int
    server_name: str


@dataclass(frozen=True)
class Delegation:
    """What the domain above a public zone says: the name servers that it names for it, none where it names none;
    `trouble` says why nobody could be asked."""

    servers: frozenset[str] = frozenset()
    trouble: str = ""


class FromHere(Protocol):
    """What this host sees. Takes a few seconds at most, whoever is silent."""

    def lookups(self, names: Collection[str], /) -> Mapping[str, Lookup]:
        """What DNS says of each name."""
        ...

    def handshakes(self, ports: Collection[Port], /) -> Mapping[Port, Handshake]:
        """What comes of going to each port."""
        ...

    def delegation(self, zone: str, /) -> Delegation:
        """Who leads to a zone."""
        ...

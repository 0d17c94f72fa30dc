"""How logical ids are formed: for each zone, for a block of addresses, for what AWS has named."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Final

PUBLIC_SUBNET: Final = "PublicSubnet"
PRIVATE_SUBNET: Final = "PrivateSubnet"


@dataclass(frozen=True)
class Zone:
    """An availability zone of the plan; `index` counts from 0 and stays with the zone's resources for ever."""

    index: int
    name: str

    def named(self, stem: str) -> str:
        """A logical id of the zone."""
        return _numbered(stem, self.index)


def subnet_ids(index: int) -> tuple[str, str]:
    """The logical ids of the public and the private subnet in the zone with this index."""
    return _numbered(PUBLIC_SUBNET, index), _numbered(PRIVATE_SUBNET, index)


def block_label(block: IPv4Network) -> str:
    """`10x20x0x0x16` for 10.20.0.0/16."""
    return str(block).replace(".", "x").replace("/", "x")


def id_label(aws_id: str) -> str:
    """`0abc123` for `subnet-0abc123`."""
    return aws_id.rpartition("-")[2]


def _numbered(stem: str, index: int) -> str:
    """As Red Hat's templates count: `NAT`, `NAT2`, `NAT3`."""
    return stem if index == 0 else f"{stem}{index + 1}"

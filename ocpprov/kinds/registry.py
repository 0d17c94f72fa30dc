"""Every type that a plan may hold. A new kind is one file and one line here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ocpprov.kinds.contract import Kind
from ocpprov.kinds.ec2.route_table import RouteTable
from ocpprov.kinds.ec2.security_group import SecurityGroup
from ocpprov.kinds.ec2.subnet import Subnet
from ocpprov.kinds.ec2.vpc import Vpc

_ALL: Final[tuple[Kind, ...]] = (
    Vpc(),
    Subnet(),
    RouteTable(),
    SecurityGroup(),
)

KINDS: Final[Mapping[str, Kind]] = {kind.type: kind for kind in _ALL}

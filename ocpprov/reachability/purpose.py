"""What something of a plan's is for, and the resources and the network that are asked about it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from ocpprov.engine.resources import Resource
from ocpprov.reachability.from_resources import id_of
from ocpprov.reachability.network import ALL_PROTOCOLS, AclEntry, Network, NetworkAcl, Place, Subnet
from ocpprov.reachability.spans import EVERYWHERE
from ocpprov.reachability.verdict import Answer, Verdict

Properties = Mapping[str, Any]

_ALL: Final = (AclEntry(1, True, ALL_PROTOCOLS, EVERYWHERE),)


@dataclass(frozen=True)
class Purpose:
    """`verdict` is about all that one resource is there to let through, or to lead somewhere. `by` are AWS's ids of
    what does it: rules of the group, or the subnets' route tables or network ACLs. `beyond` is what the plan itself
    hands traffic to. `of` are the properties that it is about, where it isn't about the whole resource. `commands`
    are the smallest changes that open what is in the way first."""

    verdict: Verdict
    by: Sequence[str] = ()
    beyond: Collection[str] = ()
    of: Collection[str] = ()
    commands: Sequence[str] = ()

    @property
    def is_met(self) -> bool:
        """Proven, and not by something out of sight that the plan doesn't name."""
        return self.verdict.answer is Answer.YES and set(self.verdict.beyond) <= set(self.beyond)


class Asked:
    """A plan's resources by type, and the network that is asked about them. `places` is where the machines are, with
    their groups; `live_id` gives AWS's id of a logical id, any other id as it is; `ways` is the network without its
    ACLs: routes and tables are for ways, and what an ACL closes is the ACL's matter."""

    def __init__(
        self,
        resources: Iterable[Resource],
        live: Network,
        places: Collection[Place],
        live_id: Callable[[str], str],
    ) -> None:
        self._by_type: dict[str, list[Resource]] = {}
        for each in resources:
            self._by_type.setdefault(each.type, []).append(each)
        self.live: Final = live
        self.places: Final = places
        self.live_id: Final = live_id
        self.ways: Final = replace(live, network_acls={id: NetworkAcl(id, _ALL, _ALL) for id in live.network_acls})

    def of(self, type: str) -> Sequence[Resource]:
        """The plan's of a type."""
        return self._by_type.get(type, ())

    def id(self, value: Any) -> str:
        """AWS's id of what a property refers to."""
        return self.live_id(id_of(value))

    def associated(self, type: str, member: str, known: Properties) -> list[Subnet]:
        """The subnets that the plan puts behind the table or the ACL of a route or an entry."""
        wanted = self.id(known[member])
        every = (each.properties for each in self.of(type))
        return self.subnets([each["SubnetId"] for each in every if self.id(each[member]) == wanted])

    def subnets(self, values: Iterable[Any]) -> list[Subnet]:
        """Those of them that are there."""
        return [self.live.subnets[id] for id in map(self.id, values) if id in self.live.subnets]


def each_once(ids: Iterable[str]) -> tuple[str, ...]:
    """In the order in which they come."""
    return tuple(dict.fromkeys(ids))

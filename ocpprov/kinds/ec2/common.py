"""What the EC2 types share: how they are found, tagged and normalised."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ocpprov.engine.kind_facts import Property, UniqueKey
from ocpprov.engine.ownership import PLAN
from ocpprov.engine.resources import Live, State
from ocpprov.engine.values import Value
from ocpprov.kinds.contract import CreateRequest, Kind
from ocpprov.kinds.reads import Found, Pages, Read, read

if TYPE_CHECKING:
    from mypy_boto3_ec2.literals import ResourceTypeType
    from mypy_boto3_ec2.type_defs import TagSpecificationTypeDef

    from ocpprov.aws.clients import Clients

VALUES_PER_FILTER: Final = 200
"""EC2 takes at most this many values in one filter."""

TAG_KEY: Final = Property(
    "Key", "string", required=True, pattern=r"[\s\S]+", longest=128, documentation="A key of 1 to 128 characters."
)
TAG_VALUE: Final = Property(
    "Value", "string", required=True, longest=256, documentation="A value of at most 256 characters."
)
TAGS: Final = Property(
    "Tags",
    "list",
    items=Property(
        "Tag",
        "object",
        properties=(TAG_KEY, TAG_VALUE),
    ),
    documentation="Tags of this resource, beside those of the whole plan.",
)


class Ec2Kind(Kind):
    """An EC2 type: one tagging call serves all of them."""

    service = "ec2"

    def tag(self, clients: Clients, live_id: str, set_tags: Mapping[str, str], remove: Sequence[str]) -> None:
        if set_tags:
            clients.ec2.create_tags(Resources=[live_id], Tags=[{"Key": k, "Value": v} for k, v in set_tags.items()])
        if remove:
            clients.ec2.delete_tags(Resources=[live_id], Tags=[{"Key": key} for key in remove])


@dataclass(frozen=True)
class Listing:
    """How a type is listed: the operation, its filter for ids, how these begin, and its filter for the VPC that one
    lies in. `names_given`: existing ones that the plan names, or has rows in, are looked at, wherever they lie."""

    operation: str
    id_filter: str
    prefix: str
    vpc_filter: str = "vpc-id"
    names_given: bool = True

    def reads(self, found: Found) -> list[Read]:
        """The calls that find a type: what carries the plan's tag, where EC2 isn't asked for that of all types at once;
        what lies in the VPCs known so far; and by id what the plan names, and what carries its tag and lies elsewhere.
        """
        return [
            *self.by_tag(found),
            *describe_all(self.operation, self.vpc_filter, found.vpc_ids()),
            *self.by_id(found),
        ]

    def by_tag(self, found: Found) -> list[Read]:
        """What carries the plan's tag, where EC2 isn't asked for that of all types at once."""
        return [] if found.tagged is not None else [self.with_tag(found)]

    def with_tag(self, found: Found) -> Read:
        """What carries the plan's tag."""
        return describe(self.operation, f"tag:{PLAN}", [found.owner.plan])

    def by_id(self, found: Found) -> Iterator[Read]:
        """In reads of their own, so that the first is the same in each round."""
        named = self.ids_among(found.given | found.parents_elsewhere()) if self.names_given else []
        yield from self.of_ids(named)
        yield from self.of_ids(self.ids_among(found.sought - set(named)))

    def ids_among(self, ids: Iterable[str]) -> list[str]:
        """Those of the ids that are of this type, sorted."""
        return sorted(id for id in ids if id.startswith(self.prefix))

    def of_ids(self, ids: Sequence[str]) -> Iterator[Read]:
        """Just these. A filter finds nothing where an id parameter would be an error."""
        return describe_all(self.operation, self.id_filter, ids)


def describe_all(operation: str, filter_name: str, values: Sequence[str]) -> Iterator[Read]:
    """One read for each share of values that a filter takes; none for no values."""
    for start in range(0, len(values), VALUES_PER_FILTER):
        yield describe(operation, filter_name, values[start : start + VALUES_PER_FILTER])


def describe(operation: str, filter_name: str, values: Sequence[str]) -> Read:
    """A describe call with one filter. A filter finds nothing where an id parameter would be an error."""
    filters = [{"Name": filter_name, "Values": values}]
    # DescribeNatGateways alone calls its parameter Filter.
    name = "Filter" if operation == "describe_nat_gateways" else "Filters"
    return read("ec2", operation, **{name: filters})


def each_once(pages: Pages, operation: str, member: str, id_name: str) -> Iterator[Mapping[str, Any]]:
    """The items of all answers to one operation, each id once, as the last answer had it."""
    yield from {item[id_name]: item for item in pages.items("ec2", operation, member)}.values()


def tag_specifications(resource_type: ResourceTypeType, request: CreateRequest) -> list[TagSpecificationTypeDef]:
    """The request's tags for a create call; no specification when there are none, which EC2 refuses."""
    if not request.tags:
        return []
    return [{"ResourceType": resource_type, "Tags": [{"Key": k, "Value": v} for k, v in request.tags.items()]}]


def tags_of(item: Mapping[str, Any]) -> dict[str, str]:
    """An answer's tags as a mapping."""
    return {tag["Key"]: tag["Value"] for tag in item.get("Tags", ())}


def given(item: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """The named members for which AWS has a value."""
    return {name: item[name] for name in names if item.get(name) not in (None, "", [])}


def sorted_lists(item: Mapping[str, Any], *names: str) -> dict[str, Value]:
    """The named lists that the answer has, empty ones too, in one order. One that it lacks isn't an empty one."""
    return {name: sorted(item[name]) for name in names if item.get(name) is not None}


def state_of(word: str, states: Mapping[str, State]) -> State:
    """AWS's state in our vocabulary. A word that is new to us means waiting on, until the deadline."""
    return states.get(word.casefold(), State.PENDING)


def canonical_cidr(text: str) -> str:
    """A block as AWS stores it: host bits cleared, IPv6 in its short form."""
    return str(ipaddress.ip_network(text, strict=False))


def with_canonical_cidrs(properties: Mapping[str, Value], *names: str) -> dict[str, Value]:
    """The properties with the named blocks as AWS stores them. What is no block stays: naming it is the checker's."""
    blocks = {name: block for name in names if (block := network(properties.get(name)))}
    return {**properties, **{name: str(block) for name, block in blocks.items()}}


def network(value: Value) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    """The block that a property holds; None while it is not known or not a block."""
    if not isinstance(value, str):
        return None
    try:
        return ipaddress.ip_network(value, strict=False)
    except ValueError:
        return None


def known_key(properties: Mapping[str, Value], *names: str) -> UniqueKey | None:
    """The named values as a key; None where one is not known yet."""
    texts = tuple(value for name in names if isinstance(value := properties.get(name), str))
    return texts if len(texts) == len(names) else None


def ids_in(live: Live, *names: str) -> list[str]:
    """The ids that the named properties of a live resource hold, lists included."""
    return list(_ids([live.properties.get(name) for name in names]))


def _ids(values: Iterable[Value]) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, Sequence):
            yield from _ids(value)

"""What the EC2 types share: how they are found, tagged and normalised."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ocpprov.engine.kind_facts import Property, UniqueKey
from ocpprov.engine.ownership import PLAN
from ocpprov.engine.resources import Live, State
from ocpprov.engine.values import Value
from ocpprov.kinds.contract import CreateRequest, Found, Kind, Pages, Read, read

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


def reads(
    found: Found, operation: str, *, vpc_filter: str = "vpc-id", id_filter: str = "", prefix: str = ""
) -> list[Read]:
    """The describe calls that find a type: what carries the plan's tag, what lies in the VPCs known so far, and the
    existing ones that the plan names or has rows in (`id_filter` and the `prefix` of their ids; none without)."""
    named = found.given | found.parents_elsewhere()
    given = sorted(name for name in named if prefix and name.startswith(prefix))
    return [
        describe(operation, f"tag:{PLAN}", [found.owner.plan]),
        *describe_all(operation, vpc_filter, found.vpc_ids()),
        *describe_all(operation, id_filter, given),
    ]


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

"""What the load balancing types share: which of all listed ones concern us, their tags, and attributes by key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ocpprov.engine.kind_facts import Property
from ocpprov.engine.ownership import claimed_by
from ocpprov.engine.resources import Live
from ocpprov.engine.values import Value, text
from ocpprov.kinds.contract import Kind
from ocpprov.kinds.ec2.common import tags_of
from ocpprov.kinds.reads import Found, Pages, Read, read

if TYPE_CHECKING:
    from mypy_boto3_elbv2.type_defs import TagTypeDef

    from ocpprov.aws.clients import Clients

LOAD_BALANCER: Final = "AWS::ElasticLoadBalancingV2::LoadBalancer"
TARGET_GROUP: Final = "AWS::ElasticLoadBalancingV2::TargetGroup"
LISTENER: Final = "AWS::ElasticLoadBalancingV2::Listener"

MOST_ITEMS: Final = 400
"""What a page of a listing may have (API reference of DescribeLoadBalancers); how many it has where nobody asks, it
doesn't say."""
LIST_BALANCERS: Final = read("elbv2", "describe_load_balancers", PageSize=MOST_ITEMS)
LIST_GROUPS: Final = read("elbv2", "describe_target_groups", PageSize=MOST_ITEMS)

NAME_LIMIT: Final = 32
ARNS_PER_TAG_READ: Final = 20
"""DescribeTags takes at most this many, in both APIs."""

NAME_PATTERN: Final = r"(?!internal-)[A-Za-z0-9]([A-Za-z0-9-]{0,30}[A-Za-z0-9])?"
"""A name as AWS takes it: letters, digits and inner hyphens; `internal-` is kept for the DNS names of AWS."""

ATTRIBUTE: Final = Property(
    "Attribute",
    "object",
    properties=(
        Property(
            "Key",
            "string",
            required=True,
            pattern=r"[A-Za-z0-9._]+",
            longest=256,
            documentation="The attribute, as AWS names it.",
        ),
        Property("Value", "string", required=True, longest=1024, documentation="Its value, always as text."),
    ),
)


class ElbV2Kind(Kind):
    """A type that is known by its ARN: one tagging call serves all of them."""

    service = "elbv2"

    @property
    def bound_as(self) -> str:
        return without_reserved_prefix(self.type)

    def tag(self, clients: Clients, live_id: str, set_tags: Mapping[str, str], remove: Sequence[str]) -> None:
        if set_tags:
            clients.elbv2.add_tags(ResourceArns=[live_id], Tags=tag_list(set_tags))
        if remove:
            clients.elbv2.remove_tags(ResourceArns=[live_id], TagKeys=list(remove))


def without_reserved_prefix(type: str) -> str:
    """A type's name for a tag: load balancing takes no value that begins with `aws:` (its API reference, Tag), and
    whether `AWS:` is another word to it nobody has said."""
    return type.removeprefix("AWS::")


def tag_list(tags: Mapping[str, str]) -> list[TagTypeDef]:
    """Tags as the API takes them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def ids_worth_their_tags(found: Found, type: str, name_property: str = "Name") -> list[str]:
    """Ids of the listed ones that may be ours, by their VPC or their name. AWS lists them without tags and takes no
    filter, so this is what keeps other people's from costing calls."""
    vpcs = found.vpc_ids()
    return sorted(
        live.id
        for live in found.lives.get(type, ())
        if live.properties.get("VpcId") in vpcs or found.may_be_ours(str(live.properties.get(name_property, "")))
    )


def ids_worth_details(found: Found, type: str, name_property: str = "Name") -> list[str]:
    """Ids of those that are worth a call each: ours, in our VPCs, or with a name that the plan is known to give."""
    vpcs = found.vpc_ids()
    return sorted(
        live.id
        for live in found.lives.get(type, ())
        if claimed_by(live, found.owner)
        or live.properties.get("VpcId") in vpcs
        or (found.names is not None and found.may_be_ours(str(live.properties.get(name_property, ""))))
    )


def shares(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """The ids in as many parts as DescribeTags needs calls."""
    for start in range(0, len(ids), ARNS_PER_TAG_READ):
        yield ids[start : start + ARNS_PER_TAG_READ]


def tag_reads(arns: Sequence[str]) -> list[Read]:
    """The calls that bring the tags of these."""
    return [read("elbv2", "describe_tags", ResourceArns=share) for share in shares(arns)]


def tags_by_arn(pages: Pages) -> dict[str, dict[str, str]]:
    """Every tag read so far."""
    described = pages.items("elbv2", "describe_tags", "TagDescriptions")
    return {item["ResourceArn"]: tags_of(item) for item in described}


def attributes_by_arn(pages: Pages, operation: str, argument: str) -> dict[str, dict[str, str]]:
    """The attributes read so far, by the ARN that was asked for in `argument`."""
    documents = pages.documents("elbv2", operation)
    return {made.arguments()[argument]: _by_key(page["Attributes"]) for made, page in documents}


def with_attributes_by_key(properties: Mapping[str, Value], name: str) -> dict[str, Value]:
    """The properties with a list of `{Key, Value}` as a mapping: of an object, only the keys that the plan gives are
    compared, and AWS has many more. What isn't known yet stays as it is."""
    pairs = properties.get(name)
    if isinstance(pairs, str) or not isinstance(pairs, Sequence):
        return dict(properties)
    if not all(isinstance(pair, Mapping) and isinstance(pair.get("Key"), str) for pair in pairs):
        return dict(properties)
    return {**properties, name: _by_key(pairs)}


def attribute_list(properties: Mapping[str, Any], name: str) -> Any:
    """The same the other way round, as the API takes it; values in the spelling of AWS."""
    by_key: Mapping[str, Value] = with_attributes_by_key(properties, name).get(name, {})  # type: ignore[assignment]
    return [{"Key": key, "Value": text(value)} for key, value in by_key.items()]


def with_integers(properties: Mapping[str, Value], *names: str) -> dict[str, Value]:
    """The properties with the named numbers as numbers: a parameter gives them as text."""
    texts = {name: value for name in names if isinstance(value := properties.get(name), str)}
    return {**properties, **{name: int(value) for name, value in texts.items() if value.isdigit()}}


def full_name(arn: str) -> str:
    """What CloudFormation calls the full name: the ARN's end, a balancer's without `loadbalancer/`."""
    return arn.rpartition(":")[2].removeprefix("loadbalancer/")


def vpc_and(live: Live, *values: Value) -> list[str]:
    """The live resource's VPC and the ids among the values, lists included, each once."""
    flat: list[Value] = [live.properties.get("VpcId")]
    for value in values:
        flat.extend([value] if isinstance(value, str) or not isinstance(value, Sequence) else value)
    return list(dict.fromkeys(value for value in flat if isinstance(value, str)))


def _by_key(pairs: Any) -> dict[str, Any]:
    return {pair["Key"]: pair["Value"] for pair in pairs}

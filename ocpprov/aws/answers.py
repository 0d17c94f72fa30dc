"""Whether an answer of AWS can be believed: it has what every answer of its operation has, it is about what was asked,
and it comes from where it was asked. One that can't is an error, never a statement that there is nothing.

What is always sent is told by botocore's descriptions and AWS's protocols: EC2, the query services, Route 53 and S3
write an empty list as an empty element, which isn't the same as none. Only a flattened one, with an element for each
item, can't be sent empty; S3 then sends how many there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ocpprov.engine.printable import printable

if TYPE_CHECKING:
    from botocore.model import OperationModel

Page = Mapping[str, Any]

_TRUNCATED: Final = "IsTruncated"
_NEXT: Final = ("NextToken", "NextMarker", "NextRecordName", "NextContinuationToken", "NextKeyMarker", "Marker")
"""Where an answer says how to go on, if any of them; where it has one that begins with `Next`, `Marker` is the
question's own."""

_ALWAYS_SENT: Final[Mapping[str, Sequence[str]]] = {
    "ListObjectsV2": ("Name", "KeyCount", _TRUNCATED),
    "ListObjectVersions": ("Name", _TRUNCATED),
}
"""What S3 sends of listings whose items are flattened (API references: the elements of their responses)."""

_ALWAYS_IN_ITEMS: Final[Mapping[str, Sequence[str]]] = {
    "DescribeInstances": ("Instances",),
    "DescribeInternetGateways": ("Attachments",),
    "DescribeNetworkAcls": ("Associations", "Entries"),
    "DescribeRouteTables": ("Associations", "Routes"),
    "DescribeTags": ("Tags",),
    "DescribeSecurityGroups": ("IpPermissions", "IpPermissionsEgress"),
    "DescribeVpcEndpoints": ("Groups", "RouteTableIds", "SubnetIds"),
    "DescribeVpcs": ("CidrBlockAssociationSet",),
}
"""Lists that each item has, be they empty (API references: the examples of their responses). EC2's tags aren't among
them: it leaves those of an untagged thing out."""

_NEVER_EMPTY: Final[Mapping[str, str]] = {"ListResourceRecordSets": "ResourceRecordSets"}
"""Each zone has records of AWS's own at its apex."""

_ASKED_AS: Final[Mapping[tuple[str, str], tuple[str, str]]] = {
    ("GetHostedZone", "Id"): ("HostedZone", "Id"),
    ("GetPolicy", "PolicyArn"): ("Policy", "Arn"),
    ("ListObjectVersions", "Bucket"): ("", "Name"),
    ("ListObjectsV2", "Bucket"): ("", "Name"),
}
"""By operation and argument: where the answer repeats it under another name. `("", name)` is the answer itself."""

_OF_A_REGION: Final = re.compile(r"com\.amazonaws\.([a-z]+(-[a-z]+)+-[0-9]+)\.")
"""The name of a service's endpoint that is one region's."""

_GATEWAY: Final = "Gateway"
"""The type of an endpoint that leads to a service of its own region alone (VPC user guide, "Gateway endpoints": they
don't let traffic from one region to another)."""

_FILTERED_AS: Final[Mapping[str, tuple[str, str]]] = {"attachment.vpc-id": ("Attachments", "VpcId")}
"""By the filter: in which list of an item what it names stands."""


@dataclass(frozen=True)
class Origin:
    """Where a question is asked: the region of the client, and the account that the run is for; empty where nobody
    knows."""

    region: str = ""
    account: str = ""


def lacks(operation: OperationModel, arguments: Mapping[str, Any], page: Page) -> str:
    """What every answer has and this one lacks, in words; empty where it has all."""
    shape = operation.output_shape
    if shape is None:
        return ""
    for name in (*shape.required_members, *_ALWAYS_SENT.get(operation.name, ())):
        # Route 53 repeats a marker only to who sent it.
        if name not in page and (shape.members[name].type_name != "string" or name == "Name"):
            return name
    if operation.name.endswith("Attribute"):
        # It answers with the one that was asked for, and some are lists.
        asked = str(arguments.get("Attribute", ""))
        name = asked[:1].upper() + asked[1:]
        return name if name in shape.members and name not in page else ""
    # What is got is one thing, and a list is a part of it: a public zone has no VPCs.
    whole = _sent_empty(shape) if operation.name.startswith(("Describe", "List")) else _only_structures(shape)
    if operation.name.startswith(("Describe", "Get", "List")) and not any(name in page for name in whole):
        return " and ".join(whole)
    if (never_empty := _NEVER_EMPTY.get(operation.name)) and not page.get(never_empty):
        return never_empty
    for name in _ALWAYS_IN_ITEMS.get(operation.name, ()):
        if any(name in inside.members and name not in item for inside, item in _rows(shape, page)):
            return f"{name} of an item"
    return ""


def _sent_empty(shape: Any) -> list[str]:
    """The members of which there is at least one, though there be nothing in it: lists, or, where there is none,
    structures."""
    members: Mapping[str, Any] = shape.members
    lists = [name for name, member in members.items() if member.type_name == "list"]
    if lists:
        return [name for name in lists if not members[name].serialization.get("flattened")]
    return _only_structures(shape)


def _only_structures(shape: Any) -> list[str]:
    """The structures of an answer that has no list; none of another."""
    members: Mapping[str, Any] = shape.members
    types = {name: member.type_name for name, member in members.items()}
    return [] if "list" in types.values() else [name for name, type in types.items() if type == "structure"]


def goes_nowhere(operation: OperationModel, page: Page) -> str:
    """What is wrong with what an answer says of its next page, in words; empty where nothing is."""
    shape = operation.output_shape
    if shape is None or _TRUNCATED not in shape.members:
        return ""
    tokens = [name for name in _NEXT if name in shape.members]
    if len(tokens) > 1 and "Marker" in tokens:
        tokens.remove("Marker")
    goes_on = any(page.get(name) for name in tokens)
    if page.get(_TRUNCATED) and tokens and not goes_on:
        return f"it says that there is more, and has no {' or '.join(tokens)}"
    if goes_on and not page.get(_TRUNCATED):
        return f"it has a {' or '.join(tokens)}, and says that there is no more"
    count = page.get("KeyCount")
    if count is not None and count != len(page.get("Contents", ())) + len(page.get("CommonPrefixes", ())):
        return f"it says that it has {count} keys, and doesn't have so many"
    return ""


def is_beside_the_question(operation: OperationModel, arguments: Mapping[str, Any], page: Page, origin: Origin) -> str:
    """What of an answer isn't what was asked for, or comes from elsewhere, in words; empty where all is right."""
    shape = operation.output_shape
    if shape is None:
        return ""
    asked = _asked(arguments)
    # IAM's filter is a list of words.
    given = (each for name in ("Filters", "Filter") for each in arguments.get(name, ()))
    filters = [each for each in given if isinstance(each, Mapping)]
    is_tagged = any(each["Name"].startswith("tag:") for each in filters)
    for item_shape, item in _items(shape, page):
        if wrong := _unasked(item_shape, item, asked) or _unfiltered(item_shape, item, filters):
            return wrong
        if wrong := _from_elsewhere(item_shape, item, operation.service_model.service_name, origin, is_tagged):
            return wrong
    for (name, argument), (holder, member) in _ASKED_AS.items():
        if name == operation.name and argument in arguments:
            inside = page.get(holder, {}) if holder else page
            said = str(inside.get(member, "")).rpartition("/hostedzone/")[2]
            if said != arguments[argument]:
                return f"it is about {printable(said) or 'nothing'}, not about {arguments[argument]}"
    return ""


def leaves_out(operation: OperationModel, arguments: Mapping[str, Any], pages: Sequence[Page]) -> str:
    """Which of the things that were asked about by name the answer says nothing of, in words: AWS answers about all of
    them, or says of one that it isn't there. Empty where all are there."""
    shape = operation.output_shape
    if shape is None:
        return ""
    rows = [each for page in pages for each in _items(shape, page)]
    for argument, values in arguments.items():
        member = _one_of(argument)
        if not isinstance(values, list) or not member or not any(member in each.members for each in _shapes(shape)):
            continue
        missing = [value for value in values if value not in {item.get(member) for _, item in rows}]
        if missing:
            return f"it says nothing of {printable(str(missing[0]))}"
    return ""


def _shapes(shape: Any) -> Iterator[Any]:
    """Those of the items of an answer's lists, and of its structures."""
    for _, member in _structures(shape):
        yield member


def _structures(shape: Any) -> Iterator[tuple[str, Any]]:
    for name, member in shape.members.items():
        inside = member.member if member.type_name == "list" else member
        if inside.type_name == "structure":
            yield name, inside


def _items(shape: Any, page: Page) -> Iterator[tuple[Any, Mapping[str, Any]]]:
    """What an answer tells of, each with its description: the items of its lists, its structures, and itself."""
    yield shape, page
    yield from _rows(shape, page)


def _rows(shape: Any, page: Page) -> Iterator[tuple[Any, Mapping[str, Any]]]:
    """The items of an answer's lists, and its structures."""
    for name, inside in _structures(shape):
        found = page.get(name)
        for item in found if isinstance(found, list) else [found]:
            if isinstance(item, Mapping):
                yield inside, item


def _one_of(argument: str) -> str:
    """What an item calls one of the things that an argument names; empty for an argument that names none."""
    one = argument.removesuffix("s")
    # What Route 53 calls just an id has more before it in the answer.
    return one if one != "Id" and one.endswith(("Id", "Arn", "Name", "BucketRegion")) else ""


def _asked(arguments: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """By the name that an item has for it, what was asked about."""
    texts = {name: [value] if isinstance(value, str) else value for name, value in arguments.items()}
    return {
        member: frozenset(values)
        for name, values in texts.items()
        if (member := _one_of(name)) and isinstance(values, list) and all(isinstance(each, str) for each in values)
    }


def _unasked(shape: Any, item: Mapping[str, Any], asked: Mapping[str, frozenset[str]]) -> str:
    for member, values in asked.items():
        said = item.get(member)
        if member in shape.members and said is not None and said not in values:
            return f"it is about {member} {printable(str(said))}, which wasn't asked for"
    return ""


def _unfiltered(shape: Any, item: Mapping[str, Any], filters: Sequence[Mapping[str, Any]]) -> str:
    for each in filters:
        name, values = str(each["Name"]), each["Values"]
        if name.startswith("tag:") and "Tags" in shape.members:
            # One with other tags is a stranger's, and taken for that.
            if not item.get("Tags"):
                return f"it has {_name_of(item)}, which doesn't have the tag that was asked for"
            continue
        holder, member = _FILTERED_AS.get(name, ("", _camel(name)))
        if not name.endswith("-id") or (holder or member) not in shape.members:
            continue
        said = [row.get(member) for row in item.get(holder, ())] if holder else [item.get(member)]
        if not set(said) & set(values):
            shown = ", ".join(printable(str(value)) for value in said if value) or "none"
            return f"it has {_name_of(item)}, whose {name} is {shown}, which wasn't asked for"
    return ""


def _camel(filter_name: str) -> str:
    return "".join(word.capitalize() for word in filter_name.split("-"))


def _name_of(item: Mapping[str, Any]) -> str:
    """What an item is known by: the first of its ids."""
    ids = (str(value) for name, value in item.items() if name.endswith(("Id", "Arn")) and isinstance(value, str))
    return printable(next(ids, "something without an id"))


def _from_elsewhere(shape: Any, item: Mapping[str, Any], service: str, origin: Origin, is_tagged: bool) -> str:
    """EC2 shows what other accounts share with this one, but not its tags; what the others show is the account's."""
    for member in shape.members:
        said = item.get(member)
        if not isinstance(said, str) or not member.endswith(("Arn", "ARN")) or not said.startswith("arn:"):
            continue
        _, _, _, region, account, *_ = [*said.split(":"), "", "", ""]
        if region and origin.region and region != origin.region:
            return f"it has {printable(said)}, which isn't of region {origin.region}"
        if service != "ec2" and account.isdigit() and origin.account and account != origin.account:
            return f"it has {printable(said)}, which isn't of account {origin.account}"
    owner = str(item.get("OwnerId", ""))
    if service == "ec2" and is_tagged and owner and origin.account and owner != origin.account:
        return f"it has {_name_of(item)} of account {printable(owner)}, and not of {origin.account}"
    service_of = _OF_A_REGION.match(str(item.get("ServiceName", "")))
    elsewhere = "" if item.get("VpcEndpointType") == _GATEWAY else str(item.get("ServiceRegion", ""))
    if service_of and origin.region and (elsewhere or origin.region) == origin.region != service_of[1]:
        return f"it has {_name_of(item)} for {printable(service_of[0])}, which isn't of region {origin.region}"
    zone = str(item.get("AvailabilityZone", ""))
    if zone and origin.region and not zone.startswith(origin.region):
        return f"it has {_name_of(item)} in {printable(zone)}, which isn't in {origin.region}"
    return ""

"""AWS::EC2::SecurityGroup."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from ocpprov.engine.kind_facts import ListRule, Property, UniqueKey
from ocpprov.engine.resources import Created, Live, Resource
from ocpprov.engine.values import Ref, Value
from ocpprov.kinds.contract import CreateRequest, Permissions, Subject
from ocpprov.kinds.ec2.common import TAGS, Ec2Kind, Listing, each_once, given, ids_in, tag_specifications, tags_of
from ocpprov.kinds.ec2.rules import (
    EGRESS_RULE,
    GROUP_TEXT,
    GROUP_TEXT_IN_WORDS,
    GROUP_TEXT_LIMIT,
    INGRESS_RULE,
    rule_key,
    rule_label,
    rule_with_defaults,
)
from ocpprov.kinds.ec2.security_group_rule import default_egress_key
from ocpprov.kinds.inline_ids import free_id
from ocpprov.kinds.reads import Found, Pages, Read, read

if TYPE_CHECKING:
    from ocpprov.aws.clients import Clients

_LISTING: Final = Listing("describe_security_groups", "group-id", "sg-")
_EGRESS: Final = "AWS::EC2::SecurityGroupEgress"
# Property of the group, by the type that its items become.
INLINE: Final = {
    "SecurityGroupIngress": "AWS::EC2::SecurityGroupIngress",
    "SecurityGroupEgress": "AWS::EC2::SecurityGroupEgress",
}


class SecurityGroup(Ec2Kind):
    """A named set of rules. The rules written inside it are resources of their own, as in AWS."""

    type = "AWS::EC2::SecurityGroup"
    id_prefix = _LISTING.prefix
    subject = Subject.SECURITY_GROUPS
    properties = (
        Property(
            "GroupName",
            "string",
            create_only=True,
            # What begins with sg- is taken for an id.
            pattern=f"(?![Ss][Gg]-){GROUP_TEXT}+",
            longest=GROUP_TEXT_LIMIT,
            documentation=(
                f"Unique in the VPC whatever its case: {GROUP_TEXT_IN_WORDS}, but no sg- at its beginning. Generated "
                "when not given."
            ),
        ),
        Property(
            "GroupDescription",
            "string",
            required=True,
            create_only=True,
            pattern=f"{GROUP_TEXT}+",
            longest=GROUP_TEXT_LIMIT,
            documentation=f"What the group is for, at most 255 characters: {GROUP_TEXT_IN_WORDS}.",
        ),
        Property("VpcId", "string", required=True, create_only=True, documentation="The VPC that the group is in."),
        Property(
            "SecurityGroupIngress",
            "list",
            items=Property("Ingress", "object", properties=INGRESS_RULE),
            list_rule=ListRule.CONTAINS,
            documentation="Rules for traffic into the group.",
        ),
        Property(
            "SecurityGroupEgress",
            "list",
            items=Property("Egress", "object", properties=EGRESS_RULE),
            list_rule=ListRule.CONTAINS,
            documentation="Rules for traffic out of the group. With any, AWS's default rule goes.",
        ),
        TAGS,
    )
    attributes = ("GroupId", "VpcId")
    permissions = Permissions(
        read=("ec2:DescribeSecurityGroups",),
        create=("ec2:CreateSecurityGroup", "ec2:CreateTags"),
        update=("ec2:CreateTags", "ec2:DeleteTags"),
        delete=("ec2:DeleteSecurityGroup",),
    )
    bound_by = ("VpcId", "GroupName")
    name_property = "GroupName"
    name_limit = GROUP_TEXT_LIMIT

    def reads(self, found: Found) -> Sequence[Read]:
        return _LISTING.reads(found)

    def by_id(self, id: str) -> Read | None:
        return read("ec2", "describe_security_groups", GroupIds=[id])

    def parse(self, pages: Pages) -> Sequence[Live]:
        return [_live(group) for group in each_once(pages, "describe_security_groups", "SecurityGroups", "GroupId")]

    def create(self, clients: Clients, request: CreateRequest) -> Created:
        vpc_id = request.properties["VpcId"]
        answer = clients.ec2.create_security_group(
            GroupName=request.properties["GroupName"],
            Description=request.properties["GroupDescription"],
            VpcId=vpc_id,
            TagSpecifications=tag_specifications("security-group", request),
        )
        return Created(answer["GroupId"], {"GroupId": answer["GroupId"], "VpcId": vpc_id})

    def delete(self, clients: Clients, live: Live) -> None:
        clients.ec2.delete_security_group(GroupId=live.id)

    def generated(self, name: str) -> str:
        """Of a plan named `sg`, too, which would begin every name as ids begin."""
        return f"sg_{name[3:]}" if name.startswith("sg-") else name

    def unique(self, properties: Mapping[str, Value]) -> Sequence[UniqueKey]:
        name, vpc = properties.get("GroupName"), properties.get("VpcId")
        return [("group", vpc, name.lower())] if isinstance(name, str) and isinstance(vpc, str) else []

    def references(self, live: Live) -> Sequence[str]:
        return ids_in(live, "VpcId")

    def set_by_others(
        self, live: Live, wanted: Mapping[str, Value], rows: Mapping[str, Sequence[Live]], asked: Collection[str]
    ) -> Iterable[str]:
        """A plan that gives no rule for what goes out means AWS's own, which lets everything out. Of a group without
        any rule nobody knows whether its rules were read."""
        out = [rule_key("egress", each.properties) for each in rows.get(_EGRESS, ())]
        if rows and _EGRESS not in asked and default_egress_key(live.id) not in out:
            left = "and none is left that lets anything out" if not out else "others let some of it out"
            yield f"AWS's rule that lets everything out of {live.id} was taken away, {left}"

    def expand(self, resource: Resource) -> Sequence[Resource]:
        own = {name: value for name, value in resource.properties.items() if name not in INLINE}
        return [replace(resource, properties=own), *_inline_rules(resource)]


def _inline_rules(group: Resource) -> Iterator[Resource]:
    taken: set[str] = set()
    for property_name, rule_type in INLINE.items():
        rules = group.properties.get(property_name, ())
        for rule in rules if isinstance(rules, Sequence) else ():
            if isinstance(rule, Mapping):
                properties = rule_with_defaults({**rule, "GroupId": Ref(group.logical_id)})
                label = free_id(f"{group.logical_id}/{rule_label(rule_type, properties)}", taken)
                yield Resource(
                    logical_id=label,
                    type=rule_type,
                    properties=properties,
                    deletion_policy=group.deletion_policy,
                    position=group.position,
                    parent=group.logical_id,
                )


def _live(group: Mapping[str, Any]) -> Live:
    return Live(
        type=SecurityGroup.type,
        id=group["GroupId"],
        properties={
            **({"GroupDescription": group["Description"]} if group.get("Description") else {}),
            **given(group, "GroupName", "VpcId"),
        },
        attributes={"GroupId": group["GroupId"], **given(group, "VpcId")},
        tags=tags_of(group),
        service_owned=group.get("GroupName") == "default",
    )

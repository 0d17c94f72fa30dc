"""AWS::ElasticLoadBalancingV2::TargetGroup."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from ocpprov.engine.kind_facts import ListRule, Property, UniqueKey
from ocpprov.engine.resources import Created, Live, Resource
from ocpprov.engine.values import Ref, Value, text
from ocpprov.kinds.contract import CreateRequest, Permissions
from ocpprov.kinds.ec2.common import TAGS, given
from ocpprov.kinds.elbv2.common import (
    ATTRIBUTE,
    LIST_GROUPS,
    NAME_LIMIT,
    NAME_PATTERN,
    TARGET_GROUP,
    ElbV2Kind,
    attribute_list,
    attributes_by_arn,
    full_name,
    ids_worth_details,
    ids_worth_their_tags,
    tag_reads,
    tags_by_arn,
    vpc_and,
    with_attributes_by_key,
    with_integers,
)
from ocpprov.kinds.elbv2.target import TARGET, Target
from ocpprov.kinds.inline_ids import free_id, words
from ocpprov.kinds.reads import Found, Pages, Read, read

if TYPE_CHECKING:
    from ocpprov.aws.clients import Clients

HEALTH_CHECK: Final = (
    Property("HealthCheckEnabled", "boolean", documentation="Whether targets are checked; always, except for lambda."),
    Property(
        "HealthCheckProtocol",
        "string",
        allowed=("TCP", "HTTP", "HTTPS"),
        documentation="What the check speaks.",
    ),
    Property(
        "HealthCheckPath",
        "string",
        pattern=r"/[\s\S]*",
        longest=1024,
        documentation="What an HTTP check asks for, such as /readyz.",
    ),
    Property(
        "HealthCheckPort",
        "string",
        pattern="[0-9]+|traffic-port",
        documentation="The port that is checked; traffic-port: the one that gets the traffic.",
    ),
    Property(
        "HealthCheckIntervalSeconds", "integer", minimum=5, maximum=300, documentation="Seconds from check to check."
    ),
    Property(
        "HealthCheckTimeoutSeconds",
        "integer",
        minimum=2,
        maximum=120,
        documentation="Seconds until a check has failed.",
    ),
    Property(
        "HealthyThresholdCount", "integer", minimum=2, maximum=10, documentation="Successes that make a target healthy."
    ),
    Property(
        "UnhealthyThresholdCount", "integer", minimum=2, maximum=10, documentation="Failures that make it unhealthy."
    ),
    Property(
        "Matcher",
        "object",
        properties=(Property("HttpCode", "string", documentation="The codes that mean healthy: 200, 200-399."),),
        documentation="What counts as success of an HTTP check.",
    ),
)

# As CloudFormation's schema has it: name, protocol, port, VPC, target type and kind of addresses.
PROPERTIES: Final = (
    Property(
        "Name",
        "string",
        create_only=True,
        # Two hyphens in a row only load balancers may have.
        pattern=f"(?!.*--){NAME_PATTERN}",
        documentation="Unique in account and region, at most 32 characters. Generated when not given.",
    ),
    Property(
        "Protocol",
        "string",
        create_only=True,
        allowed=("TCP", "TLS", "UDP", "TCP_UDP", "HTTP", "HTTPS"),
        documentation="What the targets get.",
    ),
    Property(
        "Port",
        "integer",
        create_only=True,
        minimum=1,
        maximum=65535,
        documentation="The port of the targets that have none of their own.",
    ),
    Property("VpcId", "string", create_only=True, documentation="The VPC that the targets are in."),
    Property(
        "TargetType",
        "string",
        create_only=True,
        default="instance",
        allowed=("instance", "ip"),
        documentation="By what targets are named: instance ids or addresses.",
    ),
    Property(
        "IpAddressType", "string", create_only=True, allowed=("ipv4", "ipv6"), documentation="The targets' addresses."
    ),
    *HEALTH_CHECK,
    Property(
        "TargetGroupAttributes",
        "list",
        after_create=True,
        items=ATTRIBUTE,
        documentation="Settings such as deregistration_delay.timeout_seconds. Those not given are left alone.",
    ),
    Property(
        "Targets",
        "list",
        list_rule=ListRule.CONTAINS,
        items=Property("Target", "object", properties=TARGET),
        documentation="Who gets the traffic. What others register beside is left alone.",
    ),
    TAGS,
)
CHANGEABLE: Final = tuple(row.name for row in HEALTH_CHECK)
NUMBERS: Final = tuple(row.name for row in PROPERTIES if row.type == "integer")


class TargetGroup(ElbV2Kind):
    """Where a listener sends its traffic. The targets written inside it are resources of their own, as in AWS.

    All are listed, one page for 400; besides, twenty others whose name could be ours cost a call for their tags.
    """

    type = TARGET_GROUP
    tells = ("Protocol", "Port")
    properties = PROPERTIES
    attributes = ("TargetGroupArn", "TargetGroupFullName", "TargetGroupName")
    tags_may_follow = True
    permissions = Permissions(
        read=(
            "elasticloadbalancing:DescribeTargetGroups",
            "elasticloadbalancing:DescribeTargetGroupAttributes",
            "elasticloadbalancing:DescribeTags",
        ),
        create=(
            "elasticloadbalancing:CreateTargetGroup",
            "elasticloadbalancing:AddTags",
            "elasticloadbalancing:ModifyTargetGroupAttributes",
        ),
        update=(
            "elasticloadbalancing:ModifyTargetGroup",
            "elasticloadbalancing:ModifyTargetGroupAttributes",
            "elasticloadbalancing:AddTags",
            "elasticloadbalancing:RemoveTags",
        ),
        delete=("elasticloadbalancing:DeleteTargetGroup",),
    )
    bound_by = ("VpcId", "Name")
    name_property = "Name"
    name_limit = NAME_LIMIT

    def reads(self, found: Found) -> Sequence[Read]:
        return [
            LIST_GROUPS,
            *tag_reads(ids_worth_their_tags(found, self.type)),
            *(
                read("elbv2", "describe_target_group_attributes", TargetGroupArn=arn)
                for arn in ids_worth_details(found, self.type)
                if found.compares(self.type, "TargetGroupAttributes")
            ),
        ]

    def by_id(self, id: str) -> Read | None:
        return read("elbv2", "describe_target_groups", TargetGroupArns=[id])

    def parse(self, pages: Pages) -> Sequence[Live]:
        """Every group, other people's too: a name of theirs is one that we can't have."""
        tags = tags_by_arn(pages)
        attributes = attributes_by_arn(pages, "describe_target_group_attributes", "TargetGroupArn")
        listed = pages.items("elbv2", "describe_target_groups", "TargetGroups")
        by_arn = {item["TargetGroupArn"]: item for item in listed}
        return [_live(item, tags.get(arn, {}), attributes.get(arn)) for arn, item in by_arn.items()]

    def create(self, clients: Clients, request: CreateRequest) -> Created:
        wanted: Mapping[str, Any] = self.normalise(request.properties)
        answer = clients.elbv2.create_target_group(
            **given(wanted, "Name", "Protocol", "Port", "VpcId", "TargetType", "IpAddressType", *CHANGEABLE),
            **request.tag_argument(),
        )
        made = answer["TargetGroups"][0]
        return Created(made["TargetGroupArn"], _attributes(made))

    def update(self, clients: Clients, live: Live, desired: Mapping[str, Any], changed: Sequence[str]) -> None:
        wanted: Mapping[str, Any] = self.normalise(desired)
        edit = given(wanted, *(name for name in CHANGEABLE if name in changed))
        if edit:
            clients.elbv2.modify_target_group(TargetGroupArn=live.id, **edit)
        if "TargetGroupAttributes" in changed:
            attributes = attribute_list(wanted, "TargetGroupAttributes")
            clients.elbv2.modify_target_group_attributes(TargetGroupArn=live.id, Attributes=attributes)

    def delete(self, clients: Clients, live: Live) -> None:
        clients.elbv2.delete_target_group(TargetGroupArn=live.id)

    def normalise(self, properties: Mapping[str, Value]) -> Mapping[str, Value]:
        wanted = with_integers(with_attributes_by_key(properties, "TargetGroupAttributes"), *NUMBERS)
        port = wanted.get("HealthCheckPort")
        return {**wanted, "HealthCheckPort": text(port)} if isinstance(port, int) else wanted

    def unique(self, properties: Mapping[str, Value]) -> Sequence[UniqueKey]:
        name = properties.get("Name")
        return [("target group", name)] if isinstance(name, str) else []

    def references(self, live: Live) -> Sequence[str]:
        return vpc_and(live)

    def expand(self, resource: Resource) -> Sequence[Resource]:
        own = {name: value for name, value in resource.properties.items() if name != "Targets"}
        return [replace(resource, properties=own), *_targets(resource)]


def _targets(group: Resource) -> Iterator[Resource]:
    taken: set[str] = set()
    targets = group.properties.get("Targets", ())
    for target in targets if isinstance(targets, Sequence) else ():
        if isinstance(target, Mapping):
            port = target.get("Port", group.properties.get("Port"))
            label = f"{group.logical_id}/target {words(target.get('Id'))}:{words(port)}"
            yield Resource(
                logical_id=free_id(label, taken),
                type=Target.type,
                properties={**target, "Port": port, "TargetGroupArn": Ref(group.logical_id)},
                deletion_policy=group.deletion_policy,
                position=group.position,
                parent=group.logical_id,
            )


def _attributes(item: Mapping[str, Any]) -> dict[str, Value]:
    arn = item["TargetGroupArn"]
    return {
        "TargetGroupArn": arn,
        "TargetGroupFullName": full_name(arn),
        "TargetGroupName": item["TargetGroupName"],
    }


def _live(item: Mapping[str, Any], tags: Mapping[str, str], attributes: Mapping[str, str] | None) -> Live:
    return Live(
        type=TARGET_GROUP,
        id=item["TargetGroupArn"],
        properties={
            "Name": item["TargetGroupName"],
            **given(item, "Protocol", "Port", "VpcId", "TargetType", "IpAddressType", *CHANGEABLE),
            **({"TargetGroupAttributes": attributes} if attributes else {}),
        },
        attributes=_attributes(item),
        tags=tags,
        # A function lies in no network.
        unanswered=frozenset() if item.get("VpcId") or item.get("TargetType") == "lambda" else frozenset({"VpcId"}),
    )

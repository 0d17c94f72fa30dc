"""Ocpprov::ElasticLoadBalancingV2::Target: one target of a group, which CloudFormation only knows inside it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ocpprov.engine.kind_facts import Identity, Property, UniqueKey
from ocpprov.engine.resources import Created, Live
from ocpprov.engine.values import Value
from ocpprov.kinds.contract import CreateRequest, Kind, Permissions
from ocpprov.kinds.ec2.common import given
from ocpprov.kinds.elbv2.common import TARGET_GROUP, ids_worth_details, with_integers
from ocpprov.kinds.reads import Found, Pages, Read, read

if TYPE_CHECKING:
    from mypy_boto3_elbv2.type_defs import TargetDescriptionTypeDef

    from ocpprov.aws.clients import Clients

_FUNCTION: Final = ":lambda:"
"""In the ARN of a function, which is the only target without a port."""

TARGET: Final = (
    Property(
        "Id",
        "string",
        required=True,
        create_only=True,
        documentation="The address or the instance id, by the group's TargetType.",
    ),
    Property(
        "Port",
        "integer",
        create_only=True,
        minimum=1,
        maximum=65535,
        documentation="The port that gets the traffic; the group's when not given.",
    ),
    Property(
        "AvailabilityZone",
        "string",
        create_only=True,
        documentation="The zone of an address; `all` for one outside the VPC.",
    ),
)


class Target(Kind):
    """An address or an instance that gets a group's traffic. Others may register theirs beside ours."""

    type = "Ocpprov::ElasticLoadBalancingV2::Target"
    noun = "target"
    tells = ("Id", "Port")
    service = "elbv2"
    properties = (
        Property("TargetGroupArn", "string", required=True, create_only=True, documentation="The group that it is in."),
        *TARGET,
    )
    permissions = Permissions(
        read=("elasticloadbalancing:DescribeTargetHealth",),
        create=("elasticloadbalancing:RegisterTargets",),
        delete=("elasticloadbalancing:DeregisterTargets",),
    )
    identity = Identity.LEDGER
    tags_property = ""
    tag_limit = 0
    parent_property = "TargetGroupArn"
    goes_with_parent = True

    def reads(self, found: Found) -> Sequence[Read]:
        return [
            read("elbv2", "describe_target_health", TargetGroupArn=arn)
            for arn in ids_worth_details(found, TARGET_GROUP)
        ]

    def parse(self, pages: Pages) -> Sequence[Live]:
        """The registered ones. One that drains is gone: it only finishes what it has begun."""
        described = pages.with_read("elbv2", "describe_target_health", "TargetHealthDescriptions")
        lives = (
            _live(made.arguments()["TargetGroupArn"], item["Target"])
            for made, item in described
            if item.get("TargetHealth", {}).get("State") != "draining"
        )
        return list({live.id: live for live in lives}.values())

    def create(self, clients: Clients, request: CreateRequest) -> Created:
        return self.create_many(clients, [request])[0]

    def create_many(self, clients: Clients, requests: Sequence[CreateRequest]) -> Sequence[Created]:
        """All of one group in one call. To register one again changes nothing."""
        wanted = [request.properties for request in requests]
        clients.elbv2.register_targets(
            TargetGroupArn=wanted[0]["TargetGroupArn"], Targets=[_description(target) for target in wanted]
        )
        return [Created(_id(target)) for target in wanted]

    def delete(self, clients: Clients, live: Live) -> None:
        self.delete_many(clients, [live])

    def delete_many(self, clients: Clients, lives: Sequence[Live]) -> None:
        targets = [_description(live.properties) for live in lives]
        clients.elbv2.deregister_targets(TargetGroupArn=str(lives[0].properties["TargetGroupArn"]), Targets=targets)

    def normalise(self, properties: Mapping[str, Value]) -> Mapping[str, Value]:
        return with_integers(properties, "Port")

    def key(self, properties: Mapping[str, Value]) -> UniqueKey | None:
        group, id = properties.get("TargetGroupArn"), properties.get("Id")
        port = self.normalise(properties).get("Port")
        known = isinstance(group, str) and isinstance(id, str) and isinstance(port, int)
        return (str(group), str(id), str(port)) if known else None

    def references(self, live: Live) -> Sequence[str]:
        return [str(live.properties["TargetGroupArn"])]

    def ledger_entry(self, properties: Mapping[str, Value]) -> str | None:
        id, port = properties.get("Id"), properties.get("Port")
        return f"t {id}:{port}" if isinstance(id, str) and isinstance(port, int | str) else None

    def batch(self, properties: Mapping[str, Value]) -> Hashable | None:
        group = properties.get("TargetGroupArn")
        return ("targets", group) if isinstance(group, Hashable) and group else None


def _id(properties: Mapping[str, Any]) -> str:
    return f"{properties['TargetGroupArn']}|{properties['Id']}:{properties.get('Port', '')}"


def _description(properties: Mapping[str, Any]) -> TargetDescriptionTypeDef:
    known: Mapping[str, Any] = with_integers(given(properties, "Id", "Port", "AvailabilityZone"), "Port")
    return {"Id": known["Id"], **given(known, "Port", "AvailabilityZone")}  # type: ignore[typeddict-item]


def _live(group: str, target: Mapping[str, Any]) -> Live:
    properties = {"TargetGroupArn": group, "Id": target["Id"], **given(target, "Port", "AvailabilityZone")}
    if _FUNCTION not in properties["Id"]:
        properties["Port"] = target["Port"]
    return Live(type=Target.type, id=_id(properties), properties=properties)

"""Ocpprov::ElasticLoadBalancing::Instance: one instance of a classic balancer, which CloudFormation only knows inside
it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ocpprov.engine.kind_facts import Identity, Property, UniqueKey
from ocpprov.engine.resources import Created, Live
from ocpprov.engine.values import Value
from ocpprov.kinds.contract import CreateRequest, Kind, Permissions
from ocpprov.kinds.ec2.common import known_key
from ocpprov.kinds.reads import Found, Pages, Read, read

if TYPE_CHECKING:
    from mypy_boto3_elb.type_defs import InstanceTypeDef

    from ocpprov.aws.clients import Clients

CLASSIC: Final = "AWS::ElasticLoadBalancing::LoadBalancer"
INSTANCE: Final = "Ocpprov::ElasticLoadBalancing::Instance"


class Instance(Kind):
    """An instance that gets a classic balancer's traffic. Others may register theirs beside ours."""

    type = INSTANCE
    noun = "instance"
    tells = ("InstanceId",)
    service = "elb"
    properties = (
        Property(
            "LoadBalancerName", "string", required=True, create_only=True, documentation="The balancer that it is in."
        ),
        Property("InstanceId", "string", required=True, create_only=True, documentation="The instance."),
    )
    permissions = Permissions(
        read=("elasticloadbalancing:DescribeLoadBalancers",),
        create=("elasticloadbalancing:RegisterInstancesWithLoadBalancer",),
        delete=("elasticloadbalancing:DeregisterInstancesFromLoadBalancer",),
    )
    identity = Identity.LEDGER
    tags_property = ""
    tag_limit = 0
    parent_property = "LoadBalancerName"
    goes_with_parent = True

    def reads(self, found: Found) -> Sequence[Read]:
        return [read("elb", "describe_load_balancers")]

    def parse(self, pages: Pages) -> Sequence[Live]:
        return [
            _live(name, instance["InstanceId"])
            for name, item in described_balancers(pages).items()
            for instance in item.get("Instances", ())
        ]

    def create(self, clients: Clients, request: CreateRequest) -> Created:
        return self.create_many(clients, [request])[0]

    def create_many(self, clients: Clients, requests: Sequence[CreateRequest]) -> Sequence[Created]:
        """All of one balancer in one call. To register one again changes nothing."""
        wanted = [request.properties for request in requests]
        clients.elb.register_instances_with_load_balancer(
            LoadBalancerName=wanted[0]["LoadBalancerName"], Instances=_api_instances(wanted)
        )
        return [Created(_id(each["LoadBalancerName"], each["InstanceId"])) for each in wanted]

    def delete(self, clients: Clients, live: Live) -> None:
        self.delete_many(clients, [live])

    def delete_many(self, clients: Clients, lives: Sequence[Live]) -> None:
        clients.elb.deregister_instances_from_load_balancer(
            LoadBalancerName=str(lives[0].properties["LoadBalancerName"]),
            Instances=_api_instances([live.properties for live in lives]),
        )

    def key(self, properties: Mapping[str, Value]) -> UniqueKey | None:
        return known_key(properties, "LoadBalancerName", "InstanceId")

    def references(self, live: Live) -> Sequence[str]:
        return [str(live.properties["LoadBalancerName"]), str(live.properties["InstanceId"])]

    def ledger_entry(self, properties: Mapping[str, Value]) -> str | None:
        instance = properties.get("InstanceId")
        return f"i {instance}" if isinstance(instance, str) else None

    def batch(self, properties: Mapping[str, Value]) -> Hashable | None:
        balancer = properties.get("LoadBalancerName")
        return ("instances", balancer) if isinstance(balancer, Hashable) and balancer else None


def described_balancers(pages: Pages) -> dict[str, Mapping[str, Any]]:
    """The classic balancers listed so far, by name."""
    listed = pages.items("elb", "describe_load_balancers", "LoadBalancerDescriptions")
    return {item["LoadBalancerName"]: item for item in listed}


def _id(balancer: str, instance: str) -> str:
    return f"{balancer}|{instance}"


def _api_instances(wanted: Sequence[Mapping[str, Any]]) -> list[InstanceTypeDef]:
    return [{"InstanceId": each["InstanceId"]} for each in wanted]


def _live(balancer: str, instance: str) -> Live:
    return Live(
        type=INSTANCE,
        id=_id(balancer, instance),
        properties={"LoadBalancerName": balancer, "InstanceId": instance},
    )

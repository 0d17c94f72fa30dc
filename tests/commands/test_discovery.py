"""What is asked before the section can be expanded, on answers of AWS that say little or are about other people's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import pytest

from ocpprov.aws.reads import Answer, Reader
from ocpprov.commands.discovery import discover
from ocpprov.commands.discovery_reader import DiscoveryReader
from ocpprov.commands.exit_codes import Refused
from ocpprov.engine.resources import Owner
from ocpprov.kinds.contract import Read
from ocpprov.plan.model import OpenShift
from tests.openshift.plans import SECTION_3AZ, plan_of

SUBNET = {"SubnetId": "subnet-1", "VpcId": "vpc-1", "AvailabilityZone": "eu-west-1a", "CidrBlock": "10.0.0.0/24"}
EXISTING = replace(SECTION_3AZ, subnets=("subnet-1",), public_zone="none", apps_record="none")
ROUTER = replace(SECTION_3AZ, public_zone="none", apps_record="auto")
ARN = "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer"
OWNED = {"kubernetes.io/cluster/prod-x7k2p": "owned", "kubernetes.io/service-name": "openshift-ingress/router-default"}


@dataclass(frozen=True)
class Answers:
    """A reader with an answer for each operation; of the others there is nothing."""

    pages: Mapping[str, Mapping[str, Any]]

    def read(self, wanted: Sequence[Read]) -> dict[Read, Sequence[Mapping[str, Any]]]:
        return {one: [Answer(self.pages.get(one.operation, {}), one.operation, "r-1")] for one in wanted}


def facts(section: OpenShift, **pages: Mapping[str, Any]) -> Any:
    owner = Owner("prod", "eu-west-1", "123456789012", "run")
    return discover(plan_of(section), DiscoveryReader(cast("Reader", Answers(pages)), owner), frozenset())


def test_an_existing_subnet_without_ipv4_is_refused_by_name() -> None:
    native = {**SUBNET, "SubnetId": "subnet-6", "CidrBlock": ""}
    with pytest.raises(Refused, match=r"subnet-6: no IPv4 block, only IPv6; name subnets with IPv4"):
        facts(EXISTING, describe_subnets={"Subnets": [SUBNET, native]})


@pytest.mark.parametrize("member", ["SubnetId", "VpcId", "AvailabilityZone"])
def test_what_an_answer_lacks_is_refused_by_operation_and_member(member: str) -> None:
    subnet = {name: value for name, value in SUBNET.items() if name != member}
    with pytest.raises(Refused, match=f"describe_subnets: UnreadableAnswer: the answer lacks {member}.*request r-1"):
        facts(EXISTING, describe_subnets={"Subnets": [subnet]})


def test_a_gateway_balancer_of_others_has_no_name_and_is_passed_over() -> None:
    theirs = {"LoadBalancerArn": f"{ARN}/gwy/theirs/1", "Type": "gateway"}
    router = {"LoadBalancerArn": f"{ARN}/net/router/2", "DNSName": "router.invalid", "CanonicalHostedZoneId": "Z2"}
    tags = [{"Key": key, "Value": value} for key, value in OWNED.items()]
    found = facts(
        ROUTER,
        describe_load_balancers={"LoadBalancers": [theirs, router]},
        describe_tags={"TagDescriptions": [{"ResourceArn": router["LoadBalancerArn"], "Tags": tags}]},
    )
    assert (found.router.dns_name, found.router.hosted_zone_id) == ("router.invalid", "Z2")

"""What is asked before the section can be expanded, on answers of AWS that say little or are about other people's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, cast

import pytest

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError, AwsMessage
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
    """A reader with an answer, or an error, for each operation, or for it in one service (`elb describe_tags`); of the
    others there is nothing."""

    pages: Mapping[str, Mapping[str, Any] | AwsError]

    def read(self, wanted: Sequence[Read]) -> dict[Read, Sequence[Mapping[str, Any]]]:
        answers = self.attempt(wanted)
        return {one: answer for one, answer in answers.items() if not isinstance(answer, AwsError)}

    def attempt(self, wanted: Sequence[Read]) -> dict[Read, Sequence[Mapping[str, Any]] | AwsError]:
        return {one: self._answer(one) for one in wanted}

    def _answer(self, made: Read) -> Sequence[Mapping[str, Any]] | AwsError:
        page = self.pages.get(f"{made.service} {made.operation}", self.pages.get(made.operation, {}))
        return page if isinstance(page, AwsError) else [Answer(page, made.operation, "r-1")]


def facts(section: OpenShift, **pages: Mapping[str, Any] | AwsError) -> Any:
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


FOUND: Final[Mapping[str, Mapping[str, Any]]] = {
    "elbv2 describe_load_balancers": {
        "LoadBalancers": [{"LoadBalancerArn": "arn:router", "DNSName": "router.invalid", "CanonicalHostedZoneId": "Z2"}]
    },
    "elbv2 describe_tags": {
        "TagDescriptions": [
            {"ResourceArn": "arn:router", "Tags": [{"Key": key, "Value": value} for key, value in OWNED.items()]}
        ]
    },
}
CLOSED: Final = AwsError(ErrorClass.DENIED, AwsMessage("AccessDenied", "no", "r-1", "DescribeLoadBalancers"))
LACKING: Final = AwsError(ErrorClass.INVALID, AwsMessage("InvalidAction", "no", "r-1", "DescribeLoadBalancers"))


@pytest.mark.parametrize("error", [CLOSED, LACKING])
def test_classic_balancers_may_be_closed_where_the_router_has_another(error: AwsError) -> None:
    pages: dict[str, Mapping[str, Any] | AwsError] = {**FOUND, "elb describe_load_balancers": error}
    found = facts(ROUTER, **pages)
    assert found.router.dns_name == "router.invalid"


def test_where_the_routers_may_be_hidden_nobody_says_that_there_is_none() -> None:
    with pytest.raises(Refused, match="DescribeLoadBalancers: AccessDenied: no"):
        facts(ROUTER, **{"elb describe_load_balancers": CLOSED})
    assert facts(ROUTER, **{"elb describe_load_balancers": LACKING}).router is None

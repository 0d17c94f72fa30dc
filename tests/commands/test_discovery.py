"""What is asked before the section can be expanded, on answers of AWS that say little or are about other people's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, cast

import pytest

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError, AwsMessage
from ocpprov.aws.reads import Answer, Reader
from ocpprov.checks.unread import PERMISSION
from ocpprov.commands.discovery import discover
from ocpprov.commands.discovery_reader import DiscoveryReader
from ocpprov.commands.exit_codes import Refused
from ocpprov.engine.problem import Problem
from ocpprov.engine.resources import Owner
from ocpprov.kinds.reads import Read
from ocpprov.openshift.aws_facts import UNKNOWN_ZONE, Facts, placeholder_facts
from ocpprov.openshift.unread_facts import Fact
from ocpprov.plan.model import OpenShift
from tests.checks import answers as checked
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


DENIED: Final = AwsError(ErrorClass.DENIED, AwsMessage("AccessDenied", "no", "r-9", "Ask"))
OVER: Final = AwsError(ErrorClass.CREDENTIALS, AwsMessage("ExpiredToken", "over", "r-9", "Ask"))
NETWORK: Final = "describe_tags describe_vpcs"
"""Either tells which networks the plan has made."""
WHY: Final = Problem("", "Ask: AccessDenied: no (request r-9)", PERMISSION)


def tolerant(
    section: OpenShift, pages: Mapping[str, Mapping[str, Any] | AwsError], out_of_reach: Mapping[str, str] | None = None
) -> tuple[Facts, Mapping[Fact, Problem]]:
    owner = Owner("prod", "eu-west-1", "123456789012", "run")
    raising = cast("Reader", checked.Answers(pages))
    reader = DiscoveryReader(raising, owner, tolerant=True, out_of_reach=out_of_reach)
    return discover(plan_of(section), reader, frozenset()), reader.unread


@pytest.mark.parametrize(
    ("section", "operation", "fact", "name"),
    [
        (EXISTING, "describe_subnets", Fact.SUBNETS, "subnets"),
        (replace(EXISTING, subnets=(), vpc_id="vpc-1"), "describe_internet_gateways", Fact.PRESENT, "endpoints"),
        (replace(SECTION_3AZ, public_zone="auto"), "list_hosted_zones", Fact.PUBLIC_ZONE, "public_zone"),
        (ROUTER, "describe_load_balancers", Fact.ROUTER, "router"),
        (replace(ROUTER, apps_record="none", load_balancers="classic"), NETWORK, Fact.INSTANCES, "instances"),
    ],
)
def test_who_is_tolerant_goes_on_without_a_fact_and_has_why(
    section: OpenShift, operation: str, fact: Fact, name: str
) -> None:
    operations = operation.split()
    found, unread = tolerant(section, dict.fromkeys(operations, DENIED))
    assert unread == {fact: WHY}
    expected = placeholder_facts(plan_of(section)) if fact in (Fact.SUBNETS, Fact.PUBLIC_ZONE) else Facts()
    assert getattr(found, name) == getattr(expected, name)
    with pytest.raises(Refused, match="AccessDenied"):
        strict(section, **dict.fromkeys(operations, DENIED))
    with pytest.raises(Refused, match="ExpiredToken"):
        tolerant(section, dict.fromkeys(operations, OVER))


def strict(section: OpenShift, **pages: Mapping[str, Any] | AwsError) -> Facts:
    owner = Owner("prod", "eu-west-1", "123456789012", "run")
    return discover(plan_of(section), DiscoveryReader(cast("Reader", checked.Answers(pages)), owner), frozenset())


def test_a_service_out_of_reach_isnt_asked() -> None:
    why = {"route53": "nobody answers at route53.amazonaws.com"}
    found, unread = tolerant(replace(SECTION_3AZ, public_zone="auto"), {}, why)
    assert found.public_zone == UNKNOWN_ZONE
    (problem,) = unread.values()
    assert problem.detail == "ListHostedZones: Unreached: nobody answers at route53.amazonaws.com"
    assert "AWS_ENDPOINT_URL" in problem.remedy


def test_what_is_wrong_with_an_answer_is_no_matter_of_reading() -> None:
    with pytest.raises(Refused, match="there is no public zone of"):
        tolerant(replace(SECTION_3AZ, public_zone="auto"), {"list_hosted_zones": {"HostedZones": []}})

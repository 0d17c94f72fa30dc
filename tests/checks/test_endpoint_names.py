"""Private zones beside endpoints: what AWS would refuse, and what machines wouldn't find."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import pytest

from ocpprov.checks.endpoint_names import answered_names, hosts_of, names_taken
from ocpprov.checks.result import Status
from ocpprov.engine.resources import Live, Position, Resource
from ocpprov.engine.values import Value
from ocpprov.openshift.aws_facts import ExistingEndpoint
from ocpprov.openshift.private_zones import PrivateZone
from ocpprov.openshift.services import service_of
from tests.openshift.plans import SECTION_3AZ, plan_of

TYPE: Final = "AWS::EC2::VPCEndpoint"
EC2: Final = "ec2.eu-west-1.amazonaws.com"
NAMED: Final[Mapping[str, Value]] = {
    "VpcEndpointType": "Interface",
    "ServiceName": "com.amazonaws.eu-west-1.ec2",
    "PrivateDnsEnabled": True,
}
QUIET: Final[Mapping[str, Value]] = {**NAMED, "PrivateDnsEnabled": False}
HUB: Final = PrivateZone("Z1", EC2, "210987654321")
PLACE: Final = Position("plan.yaml", 7, 3)
PLAN: Final = plan_of(replace(SECTION_3AZ, endpoints=("ec2",), positions={"openshift.endpoints": PLACE}))


def taken(properties: Mapping[str, Value], *zones: PrivateZone, there: Mapping[str, Value] | None = None) -> list[str]:
    wanted = {"Ec2Endpoint": Resource("Ec2Endpoint", TYPE, properties)}
    current = {"Ec2Endpoint": Live(TYPE, "vpce-1", there)} if there else {}
    return [str(each) for each in names_taken(PLAN, zones, wanted, current)]


def test_an_endpoint_whose_name_a_zone_has_is_told_with_both_ways_out() -> None:
    assert taken(NAMED, PrivateZone("Z0", "amazonaws.com"), HUB) == [
        f"plan.yaml:7:3: the private zone Z1 ({EC2}) of account 210987654321 answers {EC2} in the VPC already, so AWS "
        "refuses an endpoint with private DNS; leave ec2 out of openshift.endpoints, or write {service: ec2, "
        "privateDnsEnabled: false} there"
    ]


def test_a_zone_without_the_record_is_in_the_way_too() -> None:
    [told] = taken(NAMED, replace(HUB, records=frozenset()))
    assert f"answers {EC2} in the VPC already (without an address), so AWS refuses" in told


@pytest.mark.parametrize(
    ("properties", "zones", "there"),
    [
        (QUIET, [HUB], None),
        ({**NAMED, "VpcEndpointType": "Gateway"}, [HUB], None),
        (NAMED, [PrivateZone("Z0", "amazonaws.com"), PrivateZone("Z1", f"x.{EC2}")], None),
        (NAMED, [HUB], NAMED),
    ],
    ids=["without private DNS", "a gateway", "zones above and below", "the endpoint has its names"],
)
def test_what_aws_takes_is_not_told(
    properties: Mapping[str, Value], zones: list[PrivateZone], there: Mapping[str, Value] | None
) -> None:
    assert taken(properties, *zones, there=there) == []


def test_one_that_is_to_get_private_dns_is_told() -> None:
    assert len(taken(NAMED, HUB, there=QUIET)) == 1


def test_an_endpoint_of_the_plans_resources_is_told_at_its_place() -> None:
    own = Resource("Mine", TYPE, NAMED, position=Position("plan.yaml", 20, 1))
    [told] = names_taken(replace(PLAN, resources={"Mine": own}), [HUB], {"Mine": own}, {})
    assert (told.where, told.remedy) == ("plan.yaml:20:1", "set PrivateDnsEnabled: false, or leave it out")


def test_each_zone_is_told_with_the_names_that_it_answers_or_hides() -> None:
    services = [service_of(word, "eu-west-1") for word in ("ec2", "sts", "s3", "s3-interface", "kms", "ssm", "logs")]
    records = frozenset({"kms.eu-west-1.amazonaws.com"})
    zones = [HUB, PrivateZone("Z2", "s3.eu-west-1.amazonaws.com", records=frozenset())]
    zones += [PrivateZone("Z3", "eu-west-1.amazonaws.com", records=records), PrivateZone("Z4", "amazonaws.com", "2")]
    found = list(answered_names(services, zones, {"logs.eu-west-1.amazonaws.com"}))
    above = "the private zone Z3 (eu-west-1.amazonaws.com)"
    assert [(each.status, each.detail) for each in found] == [
        (Status.PASS, f"{HUB} answers {EC2} in the VPC"),
        (
            Status.WARN,
            f"{above} serves the VPC and has no address for sts.eu-west-1.amazonaws.com, ssm.eu-west-1.amazonaws.com: "
            "machines don't find these services",
        ),
        (
            Status.WARN,
            "the private zone Z2 (s3.eu-west-1.amazonaws.com) serves the VPC and has no address for "
            "s3.eu-west-1.amazonaws.com: machines don't find these services",
        ),
        (Status.PASS, f"{above} answers kms.eu-west-1.amazonaws.com in the VPC"),
    ]
    assert found[1].remedy == (
        "add the records there (aliases to endpoints that serve them), or take the VPC from the zone"
    )


def test_what_another_accounts_zone_has_is_asked_of_it() -> None:
    [check] = answered_names([service_of("sts", "eu-west-1")], [PrivateZone("Z4", "amazonaws.com", "2109")], ())
    assert check.status is Status.WARN
    assert check.detail == (
        "the private zone Z4 (amazonaws.com) of account 2109 serves the VPC: whether it has addresses for "
        "sts.eu-west-1.amazonaws.com can't be seen from here"
    )
    assert check.remedy == "ask account 2109: without the records machines don't find these services"


def test_endpoints_with_private_dns_answer_their_services_names() -> None:
    wanted = [Resource("A", TYPE, NAMED), Resource("B", TYPE, {**QUIET, "ServiceName": "com.amazonaws.eu-west-1.sts"})]
    others = [ExistingEndpoint("vpce-9", "com.amazonaws.eu-west-1.kms", "Interface")]
    others.append(ExistingEndpoint("vpce-8", "com.amazonaws.eu-west-1.s3", "Gateway"))
    assert hosts_of(wanted, others, "eu-west-1") == {EC2, "kms.eu-west-1.amazonaws.com"}

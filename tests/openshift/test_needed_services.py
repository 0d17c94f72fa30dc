"""What leads a closed cluster's machines to the services without which it doesn't come up."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest

from ocpprov.openshift.aws_facts import Facts
from ocpprov.openshift.layout import Layout, layout_of
from ocpprov.openshift.needed_services import NeededService, answers, needed_services, not_given
from ocpprov.openshift.private_zones import PrivateZone
from ocpprov.plan.model import ServiceEndpoint
from ocpprov.reachability.endpoints import Endpoint
from tests.openshift.test_existing import EXISTING, NAMES, SECTION

REGION: Final = "eu-west-1"
S3, EC2, ELB = (f"com.amazonaws.{REGION}.{word}" for word in ("s3", "ec2", "elasticloadbalancing"))
GATEWAY: Final = Endpoint("vpce-s3", "Gateway")
INTERFACE: Final = Endpoint("vpce-ec2", "Interface", private_dns=True)
BALANCING: Final = Endpoint("vpce-elb", "Interface", private_dns=True)
WHOLE: Final = {"vpce-s3": (S3, GATEWAY), "vpce-ec2": (EC2, INTERFACE), "vpce-elb": (ELB, BALANCING)}


def layout(facts: Facts = EXISTING, egress: str = "none") -> Layout:
    section = replace(SECTION, publish="Internal", egress=egress, subnets=NAMES[2:], endpoints=())  # type: ignore[arg-type]
    return layout_of(section, REGION, facts)


def needed(endpoints: dict[str, tuple[str, Endpoint]], facts: Facts = EXISTING) -> list[NeededService]:
    return needed_services(layout(facts), endpoints, "vpc-1")


def test_nothing_is_lacking_where_endpoints_have_all_names() -> None:
    assert needed(WHOLE) == []
    assert answers(layout(), WHOLE) == WHOLE


def test_an_interface_for_s3_is_as_good_as_a_gateway() -> None:
    assert needed({**WHOLE, "vpce-s3": (S3, replace(INTERFACE, id="vpce-s3"))}) == []


def test_what_has_no_endpoint_is_named_with_what_makes_one() -> None:
    assert needed({}) == [
        NeededService(
            "s3",
            S3,
            lacking="vpc-1 has no endpoint of it",
            remedy="list s3 in openshift.endpoints, and the machines' tables in openshift.routeTables",
        ),
        NeededService("ec2", EC2, lacking="vpc-1 has no endpoint of it", remedy="list ec2 in openshift.endpoints"),
        NeededService(
            "elasticloadbalancing",
            ELB,
            lacking="vpc-1 has no endpoint of it",
            remedy="list elasticloadbalancing in openshift.endpoints",
        ),
    ]


def test_an_endpoint_without_private_dns_leads_nobody_there() -> None:
    nameless = {**WHOLE, "vpce-ec2": (EC2, replace(INTERFACE, private_dns=False))}
    [found] = needed(nameless)
    command = f"aws ec2 modify-vpc-endpoint --region {REGION} --vpc-endpoint-id vpce-ec2 --private-dns-enabled"
    assert (found.name, found.lacking, found.remedy) == (EC2, "vpce-ec2 has no private DNS", command)
    assert set(answers(layout(), nameless)) == {"vpce-s3", "vpce-elb"}


def test_in_another_accounts_network_its_owner_makes_it() -> None:
    [found] = needed({id: each for id, each in WHOLE.items() if id != "vpce-ec2"}, replace(EXISTING, network_owner="9"))
    assert found.remedy == f"account 9 has to make an endpoint of {EC2} with private DNS"


@pytest.mark.parametrize(
    ("zones", "zone", "unread"),
    [
        pytest.param([PrivateZone("Z1", f"ec2.{REGION}.amazonaws.com", "", frozenset())], "", "", id="without"),
        pytest.param(
            [PrivateZone("Z1", f"ec2.{REGION}.amazonaws.com", "", frozenset({f"ec2.{REGION}.amazonaws.com"}))],
            "Z1",
            "",
            id="with an address",
        ),
        pytest.param(
            [PrivateZone("Z1", "amazonaws.com", "123")],
            "",
            "the private zone Z1 (amazonaws.com) of account 123",
            id="of another account",
        ),
        pytest.param(None, "", "the VPC's private zones", id="unread"),
        pytest.param([PrivateZone("Z1", "corp.example.com", "123")], "", "", id="of another name"),
    ],
)
def test_a_private_zone_may_lead_there(zones: list[PrivateZone] | None, zone: str, unread: str) -> None:
    facts = replace(EXISTING, private_zones=zones)
    [found] = needed({id: each for id, each in WHOLE.items() if id != "vpce-ec2"}, facts)
    assert (found.word, found.zone, found.unread) == ("ec2", zone, unread)


def test_with_a_way_out_nothing_is_needed() -> None:
    assert needed_services(layout(egress="nat"), {}, "vpc-1") == []
    assert answers(layout(egress="nat"), WHOLE) == {}


def test_what_the_plan_has_an_address_for_is_no_matter_of_the_network() -> None:
    given = [ServiceEndpoint("ec2", "https://ec2.corp.example.net"), ServiceEndpoint("iam", "https://iam")]
    assert [each.word for each in not_given(needed({}), given)] == ["s3", "elasticloadbalancing"]

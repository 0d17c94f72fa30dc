"""What AWS has to offer, as values, and which ids a word means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError, AwsMessage
from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.init_offers import (
    Offers,
    SubnetOffer,
    VpcOffer,
    ask_for_offers,
    ask_for_subnets,
    ids_meant,
    usual_subnets,
    vpc_of,
)
from ocpprov.kinds.reads import read
from ocpprov.openshift.expand import ExistingSubnet
from tests.checks.answers import Answers
from tests.engine.planning import OWNER

DENIED = AwsError(ErrorClass.DENIED, AwsMessage("AccessDenied", "not you"))
PAGES: Mapping[str, Mapping[str, Any]] = {
    "describe_regions": {"Regions": [{"RegionName": "eu-west-2"}, {"RegionName": "eu-west-1"}]},
    "describe_availability_zones": {"AvailabilityZones": [{"ZoneName": "eu-west-1b"}, {"ZoneName": "eu-west-1a"}]},
    "describe_vpcs": {
        "Vpcs": [
            {"VpcId": "vpc-2", "CidrBlock": "10.1.0.0/16", "Tags": [{"Key": "Name", "Value": "corp"}]},
            {
                "VpcId": "vpc-1",
                "CidrBlock": "10.0.0.0/16",
                "CidrBlockAssociationSet": [
                    {"CidrBlock": "10.3.0.0/16", "CidrBlockState": {"State": "associated"}},
                    {"CidrBlock": "10.0.0.0/16", "CidrBlockState": {"State": "associated"}},
                    {"CidrBlock": "10.2.0.0/16", "CidrBlockState": {"State": "disassociated"}},
                ],
            },
        ]
    },
    "list_hosted_zones": {
        "HostedZones": [
            {"Name": "b.net.", "Config": {"PrivateZone": False}},
            {"Name": "a.net.", "Config": {"PrivateZone": True}},
            {"Name": "a.net."},
            {"Name": "b.net."},
        ]
    },
}


class Answering:
    """A reader with these pages, and an error for the operations that it refuses."""

    def __init__(self, *refused: str) -> None:
        self.refused = refused
        self.asked: list[Any] = []

    def attempt(self, wanted: list[Any]) -> dict[Any, Any]:
        self.asked = wanted
        return {each: DENIED if each.operation in self.refused else [PAGES[each.operation]] for each in wanted}


def test_what_aws_tells_is_offered() -> None:
    """Zones are those that machines can be in."""
    answering = Answering()
    found, said = ask_for_offers(Offers(region="eu-west-1"), answering)  # type: ignore[arg-type]
    assert said == []
    zones = {"Name": "zone-type", "Values": ["availability-zone"]}, {"Name": "state", "Values": ["available"]}
    assert read("ec2", "describe_availability_zones", Filters=[*zones]) in answering.asked
    assert found == Offers(
        region="eu-west-1",
        regions=["eu-west-1", "eu-west-2"],
        zones=["eu-west-1a", "eu-west-1b"],
        domains=["a.net", "b.net"],
        vpcs=[VpcOffer("vpc-1", "", ("10.0.0.0/16", "10.3.0.0/16")), VpcOffer("vpc-2", "corp", ("10.1.0.0/16",))],
    )


def test_what_it_does_not_tell_is_said_and_stays_unknown() -> None:
    found, said = ask_for_offers(Offers(), Answering("list_hosted_zones", "describe_vpcs"))  # type: ignore[arg-type]
    assert (found.domains, found.vpcs, found.zones) == (None, None, ["eu-west-1a", "eu-west-1b"])
    assert said == [
        "AWS doesn't tell the VPCs that are there: AccessDenied: not you",
        "AWS doesn't tell the public zones: AccessDenied: not you",
    ]


def table(id: str, subnet: str, *routes: Mapping[str, str]) -> Mapping[str, Any]:
    return {"RouteTableId": id, "VpcId": "vpc-1", "Routes": routes, "Associations": [{"SubnetId": subnet}]}


def test_subnets_are_told_with_where_they_lead() -> None:
    """What leads to one network only is no way out, nor is a route into the void."""
    everywhere = {"DestinationCidrBlock": "0.0.0.0/0"}
    rows = [("subnet-1", "b", "x"), ("subnet-2", "a", ""), ("subnet-3", "a", ""), ("subnet-4", "a", "")]
    subnets = [
        {"SubnetId": id, "VpcId": "vpc-1", "AvailabilityZone": zone, "CidrBlock": f"10.0.{number}.0/24",
         "Tags": [{"Key": "Name", "Value": name}]}
        for number, (id, zone, name) in enumerate(rows)
    ]  # fmt: skip
    tables = [
        table("rtb-1", "subnet-1", {**everywhere, "NatGatewayId": "nat-1", "State": "active"}),
        table("rtb-2", "subnet-2", {**everywhere, "NatGatewayId": "nat-2", "State": "blackhole"}),
        table("rtb-3", "subnet-3", {"DestinationCidrBlock": "10.9.0.0/16", "TransitGatewayId": "tgw-1"}),
        table("rtb-4", "subnet-4", {**everywhere, "GatewayId": "igw-1"}),
    ]
    answers = Answers({"describe_subnets": {"Subnets": subnets}, "describe_route_tables": {"RouteTables": tables}})

    def asked(reader: Any) -> Sequence[SubnetOffer]:
        return ask_for_subnets("vpc-1", reader, OWNER)

    found = asked(answers)
    assert [(each.subnet.id, each.side, each.name, each.way_out, each.subnet.route_table) for each in found] == [
        ("subnet-2", "private", "", False, "rtb-2"),
        ("subnet-3", "private", "", False, "rtb-3"),
        ("subnet-4", "public", "", True, "rtb-4"),
        ("subnet-1", "private", "x", True, "rtb-1"),
    ]
    assert vpc_of(["subnet-1"], answers, OWNER) == "vpc-1"  # type: ignore[arg-type]


def of(*rows: tuple[str, str]) -> list[SubnetOffer]:
    """Subnets by zone and side, named by both."""
    return [
        SubnetOffer(ExistingSubnet(f"{zone}-{side}-{n}", "vpc-1", zone, "10.0.0.0/24", side == "public"), "")
        for n, (zone, side) in enumerate(rows)
    ]


@pytest.mark.parametrize(
    ("rows", "publish", "usual"),
    [
        ([], "External", []),
        ([("a", "private"), ("a", "public"), ("b", "private")], "Internal", ["a-private-0", "b-private-2"]),
        ([("a", "private"), ("a", "public")], "External", ["a-private-0", "a-public-1"]),
        ([("a", "private"), ("b", "public")], "External", ["a-private-0"]),
        ([("a", "private"), ("a", "private")], "Internal", []),
        ([(zone, "private") for zone in "abcd"], "Internal", ["a-private-0", "b-private-1", "c-private-2"]),
    ],
)
def test_usual_subnets_are_one_a_zone_and_side(rows: list[tuple[str, str]], publish: str, usual: list[str]) -> None:
    assert usual_subnets(of(*rows), publish) == usual


NAMES = {"vpc-1": "corp", "vpc-2": "twin", "vpc-3": "twin", "vpc-4": ""}


def test_a_word_is_an_id_or_a_name_of_one() -> None:
    assert ids_meant("--vpc", ["vpc-99", "corp"], "vpc", NAMES, complete=False) == ["vpc-99", "vpc-1"]
    named = {"vpc-1": "vpc-2", "vpc-2": "", "vpc-3": "vpc-99"}
    assert ids_meant("--vpc", ["vpc-2", "vpc-99"], "vpc", named, complete=True) == ["vpc-2", "vpc-3"]


def test_an_id_that_aws_does_not_have_is_refused_where_it_has_told_all() -> None:
    with pytest.raises(Refused) as error:
        ids_meant("--vpc", ["vpc-99"], "vpc", {"vpc-1": "corp"}, complete=True)
    assert str(error.value) == "--vpc vpc-99: isn't there; there are vpc-1 corp"


@pytest.mark.parametrize(
    ("word", "names", "said"),
    [
        ("twin", NAMES, "--vpc twin: vpc-2, vpc-3 have this name; give the id"),
        (
            "corpse",
            NAMES,
            "--vpc corpse: nothing of this name is known (vpc-…); there are vpc-1 corp, vpc-2 twin, vpc-3 twin, vpc-4",
        ),
        (
            "corp",
            {},
            "--vpc corp: nothing of this name is known (vpc-…); where AWS can't be asked, or has none, give an id",
        ),
    ],
)
def test_a_word_that_means_none_or_several_is_refused(word: str, names: Mapping[str, str], said: str) -> None:
    with pytest.raises(Refused) as error:
        ids_meant("--vpc", [word], "vpc", names, complete=False)
    assert str(error.value) == said

"""Names of the cluster that are told to more than its own network."""

from __future__ import annotations

from typing import Any, Final

import pytest

from ocpprov.checks.exposure import Belongings, Exposure, Exposures
from ocpprov.checks.exposure_balancers import BALANCER
from ocpprov.checks.exposure_zones import RECORD, ZONE, exposed_zones
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.resources import Live, Position, Resource
from ocpprov.plan.model import OpenShift

SECTION: Final = OpenShift("prod", "example.com", public_zone="ZGIVEN")
WHOSE: Final = Belongings(
    "eu-west-1",
    "123456789012",
    "ocpprov apply",
    {
        (ZONE, "ZPUB"): "ExtDns",
        (ZONE, "ZINT"): "IntDns",
        (RECORD, "declared"): "Extra",
        (RECORD, "api"): "ExternalApiServerRecord/api.prod.example.com A",
    },
    {"Extra": Resource("Extra", RECORD, position=Position("prod.yaml", 9, 1))},
)
INTERNAL: Final = Live(
    BALANCER, "arn-int", {"Scheme": "internal"}, attributes={"DNSName": "Prod-int-1.elb.amazonaws.com"}
)
EXTERNAL: Final = Live(
    BALANCER, "arn-ext", {"Scheme": "internet-facing"}, attributes={"DNSName": "prod-ext-1.elb.amazonaws.com"}
)


def record(name: str = "api-int.prod.example.com", zone: str = "ZPUB", id: str = "x", **answer: Any) -> Live:
    return Live(RECORD, id, {"HostedZoneId": zone, "Name": name, "Type": "A", **answer})


def found(*records: Live, zones: tuple[Live, ...] = ()) -> Exposures:
    inventory = Inventory({RECORD: records, ZONE: zones, BALANCER: [INTERNAL, EXTERNAL]})
    return exposed_zones(inventory, SECTION, "vpc-1", WHOSE)


def test_an_inside_address_in_the_public_zone_is_told() -> None:
    assert found(record(ResourceRecords=["10.0.1.2"])).open == [
        Exposure(
            "ZPUB",
            "ExtDns",
            "api-int.prod.example.com A answered to everybody",
            "addresses inside the VPC to whoever asks",
            "",
            "not of this plan: x",
            "delete api-int.prod.example.com A in ZPUB",
        )
    ]


@pytest.mark.parametrize(
    "live",
    [
        record(AliasTarget={"DNSName": "prod-int-1.elb.amazonaws.com"}),
        record(AliasTarget={"DNSName": "dualstack.prod-int-1.elb.amazonaws.com"}),
        record(ResourceRecords=["PROD-int-1.elb.amazonaws.com."]),
        record(ResourceRecords=["192.0.2.1", "172.20.0.1"]),
        record("prod.example.com", ResourceRecords=["10.0.1.2"]),
        record(zone="ZGIVEN", ResourceRecords=["10.0.1.2"]),
    ],
)
def test_each_way_to_answer_with_what_is_inside_is_told(live: Live) -> None:
    assert len(found(live).open) == 1


@pytest.mark.parametrize(
    "live",
    [
        record(AliasTarget={"DNSName": "prod-ext-1.elb.amazonaws.com"}),
        record(ResourceRecords=["8.8.8.8"]),
        record(zone="ZINT", ResourceRecords=["10.0.1.2"]),
        record("www.example.com", ResourceRecords=["10.0.1.2"]),
        record("nonprod.example.com", ResourceRecords=["10.0.1.2"]),
        record(id="api", ResourceRecords=["10.0.1.2"]),
        record(),
    ],
)
def test_other_answers_and_other_names_arent(live: Live) -> None:
    assert found(live).open == []


def test_a_record_of_the_plans_own_is_told_with_its_line() -> None:
    (told,) = found(record(id="declared", ResourceRecords=["10.0.1.2"])).open
    assert (told.origin, told.remedy) == (
        "by the plan (prod.yaml:9:1)",
        "take it out of the plan (prod.yaml:9:1), and ocpprov apply",
    )


@pytest.mark.parametrize(
    ("vpcs", "told"),
    [
        (["vpc-1"], []),
        (["vpc-1", "vpc-9"], ["vpc-9 sees the names of prod.example.com (ZINT), too: not of this plan"]),
        (["vpc-9", "vpc-8"], ["vpc-8 and vpc-9 see the names of prod.example.com (ZINT), too: not of this plan"]),
    ],
)
def test_other_networks_that_see_the_private_zone_are_known(vpcs: list[str], told: list[str]) -> None:
    zone = Live(ZONE, "ZINT", {"Name": "prod.example.com", "VPCs": [{"VPCId": each} for each in vpcs]})
    other = Live(ZONE, "ZOTHER", {"Name": "x", "VPCs": [{"VPCId": "vpc-7"}]})
    assert found(zones=(zone, other)).known == told
    assert exposed_zones(Inventory({ZONE: [zone]}), SECTION, "", WHOSE).known == []

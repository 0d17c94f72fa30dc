"""Private zones that answer AWS's names: which one does, and what that means for the endpoints that a cluster lacks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import pytest

from ocpprov.openshift.cluster_access import services_called
from ocpprov.openshift.private_zones import PrivateZone, zone_for
from ocpprov.openshift.section_outputs import outputs
from ocpprov.plan.model import OpenShift
from tests.openshift.plans import FACTS, SECTION_3AZ, plan_of

EC2: Final = "ec2.eu-west-1.amazonaws.com"
HUB: Final = PrivateZone("Z1", EC2, "210987654321")
CLOSED: Final = replace(SECTION_3AZ, publish="Internal", egress="none", public_zone="none", endpoints=())


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        (HUB, True),
        (replace(HUB, records=frozenset({EC2})), True),
        (replace(HUB, records=frozenset({f"*.{EC2}"})), True),
        (replace(HUB, records=frozenset()), False),
        (replace(HUB, records=frozenset({f"x.{EC2}"})), False),
        (PrivateZone("Z1", "amazonaws.com", "210987654321"), None),
        (PrivateZone("Z1", "amazonaws.com", records=frozenset({EC2})), True),
        (PrivateZone("Z1", "amazonaws.com", records=frozenset({"*.amazonaws.com"})), True),
        (PrivateZone("Z1", "amazonaws.com", records=frozenset({"sts.eu-west-1.amazonaws.com"})), False),
    ],
    ids=["of others", "own", "wildcard", "empty", "below", "above, of others", "above", "above, wildcard", "others'"],
)
def test_whether_a_zone_answers(zone: PrivateZone, *, expected: bool | None) -> None:
    assert zone.holds(EC2)
    assert zone.answers(EC2) is expected


def test_a_name_is_looked_up_in_the_nearest_zone() -> None:
    above, beside = PrivateZone("Z2", "amazonaws.com"), PrivateZone("Z3", f"x{EC2}")
    assert zone_for(EC2, [above, HUB, beside]) is HUB
    assert zone_for(EC2, [above, beside]) is above
    assert zone_for(EC2, [beside]) is None


def test_a_zone_is_named_with_its_account() -> None:
    assert str(HUB) == f"the private zone Z1 ({EC2}) of account 210987654321"
    assert str(replace(HUB, owner="")) == f"the private zone Z1 ({EC2})"


def missing(section: OpenShift, *zones: PrivateZone) -> list[str]:
    found = {each.name: each for each in outputs(plan_of(section), replace(FACTS, private_zones=zones))}
    return [str(item["service"]) for item in found["EndpointsToAdd"].items if isinstance(item, Mapping)]


def test_a_service_that_a_zone_answers_lacks_no_endpoint() -> None:
    everything = ["ec2", "elasticloadbalancing", "s3", "sts", "iam", "route53", "com.amazonaws.us-east-1.tagging"]
    assert missing(CLOSED) == everything
    assert missing(CLOSED, HUB) == everything[1:]
    assert missing(CLOSED, replace(HUB, records=frozenset())) == everything[1:]
    assert missing(CLOSED, PrivateZone("Z9", "amazonaws.com")) == everything
    above = PrivateZone("Z9", "eu-west-1.amazonaws.com", records=frozenset({EC2, "s3.eu-west-1.amazonaws.com"}))
    assert missing(CLOSED, above) == ["elasticloadbalancing", "sts", *everything[4:]]


def test_what_a_cluster_calls_is_known_by_its_name_in_dns() -> None:
    hosts = [each.host for each in services_called(replace(CLOSED, endpoints=("kms", "ec2")), "eu-west-1")]
    assert hosts == [
        "kms.eu-west-1.amazonaws.com",
        EC2,
        "elasticloadbalancing.eu-west-1.amazonaws.com",
        "s3.eu-west-1.amazonaws.com",
        "sts.eu-west-1.amazonaws.com",
        "iam.amazonaws.com",
        "route53.amazonaws.com",
        "tagging.us-east-1.amazonaws.com",
    ]

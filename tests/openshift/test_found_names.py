"""In which zone a cluster's names are looked up, and what they lead to."""

from __future__ import annotations

from typing import Any

import pytest

from ocpprov.engine.resources import Live
from ocpprov.openshift.found_names import Lead, lead_of, private_zone, public_zone, target_in
from ocpprov.openshift.private_zones import PrivateZone
from ocpprov.openshift.vpc_survey import RECORD, ZONE
from tests.openshift.surveys import BASE, DOMAIN, lives, survey


def test_the_nearest_private_zone_answers() -> None:
    zones = [PrivateZone("ZBASE", BASE), PrivateZone("ZOWN", DOMAIN), PrivateZone("ZOTHER", f"a.{DOMAIN}")]
    assert private_zone(survey(private_zones=zones), DOMAIN) == zones[1]
    assert private_zone(survey(private_zones=zones[:1]), DOMAIN) == zones[0]
    assert private_zone(survey(private_zones=[]), DOMAIN) is None
    assert private_zone(survey(private_zones=None), DOMAIN) is None


def test_the_nearest_public_zone_is_the_worlds() -> None:
    zones = [
        Live(ZONE, "ZTOP", {"Name": "com"}),
        Live(ZONE, "ZBASE", {"Name": BASE}),
        Live(ZONE, "ZPRIVATE", {"Name": DOMAIN, "VPCs": [{}]}),
        Live(ZONE, "ZALIKE", {"Name": f"x{BASE}"}),
    ]
    assert public_zone(survey(lives=lives(zones=zones)), DOMAIN) == zones[1]
    assert public_zone(survey(lives=lives(zones=zones[2:])), DOMAIN) is None


def of(type: str = "A", **content: Any) -> Live:
    return Live(RECORD, "r", {"HostedZoneId": "Z", "Name": f"api.{DOMAIN}", "Type": type, **content})


@pytest.mark.parametrize(
    ("found", "lead"),
    [
        (of(AliasTarget={"DNSName": "a.elb"}), Lead("r", "a.elb")),
        (of("CNAME", ResourceRecords=["a.elb"]), Lead("r", "a.elb")),
        (of(ResourceRecords=["10.0.0.7"]), Lead("r", "", ["10.0.0.7"])),
        (of("TXT", ResourceRecords=["a.elb"]), None),
    ],
)
def test_a_record_leads_to_a_name_or_addresses(found: Live, lead: Lead | None) -> None:
    known = survey(lives=lives(records=[found]))
    assert lead_of(known, "Z", f"api.{DOMAIN}") == lead
    assert lead_of(known, "ZOTHER", f"api.{DOMAIN}") is None
    assert lead_of(known, "Z", f"api-int.{DOMAIN}") is None


def test_a_target_is_empty_where_there_is_no_record_or_no_zone() -> None:
    known = survey(lives=lives(records=[of(AliasTarget={"DNSName": "a.elb"})]))
    assert target_in(known, "Z", f"api.{DOMAIN}") == "a.elb"
    assert target_in(known, "Z", f"api-int.{DOMAIN}") == ""
    assert target_in(known, "", f"api.{DOMAIN}") == ""

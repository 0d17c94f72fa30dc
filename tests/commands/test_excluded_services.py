"""A run without some services: what it leaves out, what the rest is given in its place, and what is handed over."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ocpprov.commands.excluded_services import (
    excluded_from_destroy,
    hand_over,
    predicted_attributes,
    without_excluded,
)
from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.output_values import output_values
from ocpprov.commands.refresh import PlanResult
from ocpprov.engine.actions import Actions
from ocpprov.engine.events import EventKind
from ocpprov.engine.excluded_services import NOTHING, Excluded
from ocpprov.engine.graph import Graph
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.ownership import PLAN, RECORDS, encode_ledger
from ocpprov.engine.resources import Live, Owner, Resource
from ocpprov.engine.secret_texts import NO_SECRETS
from ocpprov.engine.values import GetAtt, Join, Ref
from ocpprov.kinds.reads import Found
from ocpprov.kinds.registry import KINDS
from ocpprov.openshift.aws_facts import UNKNOWN_ZONE
from ocpprov.plan.model import Output, Plan
from ocpprov.runs.folder import RunFolder
from tests.openshift.plans import SECTION_3AZ

OWNER = Owner("lab", "eu-west-1", "123456789012", "run")
ROLE = "AWS::IAM::Role"
PROFILE = "AWS::IAM::InstanceProfile"
VPC = "AWS::EC2::VPC"
IAM = frozenset({"iam"})
RESOURCES: Mapping[str, Resource] = {
    "Role": Resource("Role", ROLE, {"RoleName": "ops", "AssumeRolePolicyDocument": {}}),
    "Vpc": Resource("Vpc", VPC, {"CidrBlock": "10.0.0.0/16"}, depends_on=("Role",)),
}
PLAN_FILE = Plan("lab", "eu-west-1", resources=RESOURCES, file="lab.yaml")


def test_without_services_nothing_is_taken_out() -> None:
    assert without_excluded(PLAN_FILE, RESOURCES, frozenset(), OWNER) == (RESOURCES, NOTHING)


def test_what_lives_in_the_services_is_left_out_and_nothing_waits_for_it() -> None:
    kept, left_out = without_excluded(PLAN_FILE, RESOURCES, IAM, OWNER)
    assert kept == {"Vpc": replace(RESOURCES["Vpc"], depends_on=())}
    assert left_out.resources == {"Role": RESOURCES["Role"]}
    assert left_out.types == {type for type, kind in KINDS.items() if kind.service == "iam"}


def test_what_needs_more_of_it_than_its_name_tells_is_refused() -> None:
    zone = Resource("Zone", "AWS::Route53::HostedZone", {"Name": "example.com"})
    output = Resource("Tagged", VPC, {"CidrBlock": "10.0.0.0/16", "Tags": [{"Key": "z", "Value": Ref("Zone")}]})
    with pytest.raises(Refused) as refused:
        without_excluded(PLAN_FILE, {"Zone": zone, "Tagged": output}, frozenset({"route53"}), OWNER)
    assert str(refused.value) == (
        "lab.yaml: Tagged needs Zone, which is left out and can't be known before it is there: write it into the plan, "
        "or take Tagged out"
    )


def test_a_record_in_a_zone_that_could_not_be_asked_for_goes_by_the_zones_name() -> None:
    record = Resource("Api", "AWS::Route53::RecordSet", {"HostedZoneId": UNKNOWN_ZONE, "Name": "api", "Type": "A"})
    plan = replace(PLAN_FILE, openshift=SECTION_3AZ)
    _, left_out = without_excluded(plan, {"Api": record}, frozenset({"route53"}), OWNER)
    assert left_out.resources["Api"].properties == {"HostedZoneName": "example.com.", "Name": "api", "Type": "A"}
    known = replace(record, properties={**record.properties, "HostedZoneId": "Z1"})
    _, left_out = without_excluded(plan, {"Api": known}, frozenset({"route53"}), OWNER)
    assert left_out.resources["Api"] == known


def test_names_tell_what_references_are_going_to_give() -> None:
    arn = "arn:aws:iam::123456789012:role/ops"
    found = predicted_attributes(Excluded({"Role": RESOURCES["Role"]}), OWNER)
    assert (found[Ref("Role")], found[GetAtt("Role", "Arn")]) == ("ops", arn)
    assert predicted_attributes(Excluded({"Vpc": RESOURCES["Vpc"]}), OWNER) == {}


def test_outputs_have_what_exists_and_what_names_tell() -> None:
    actions = Actions(OWNER, Graph({}, {}), [], [], {})
    planned = PlanResult(Inventory(), actions, Found(OWNER), excluded=Excluded({"Role": RESOURCES["Role"]}))
    wanted = [
        Output("VpcId", Ref("Vpc")),
        Output("Block", GetAtt("Vpc", "CidrBlock")),
        Output("Role", Ref("Role")),
        Output("Missing", Ref("Nosuch")),
        Output("Name", Ref("Zone")),
    ]
    current = {
        "Vpc": Live(VPC, "vpc-1", {}, attributes={"CidrBlock": "10.0.0.0/16"}),
        "Zone": Live("AWS::Route53::HostedZone", "Z1", {}, ref="zone-ref"),
    }
    assert list(output_values(wanted, planned, current, NO_SECRETS).items()) == [
        ("VpcId", "vpc-1"),
        ("Block", "10.0.0.0/16"),
        ("Role", "ops"),
        ("Name", "zone-ref"),
    ]


def test_outputs_have_as_many_values_as_aws_says_and_none_that_it_does_not_say() -> None:
    actions = Actions(OWNER, Graph({}, {}), [], [], {})
    planned = PlanResult(Inventory(), actions, Found(OWNER))
    servers = GetAtt("Zone", "NameServers")
    wanted = [Output("Servers", Join(",", (servers,), of_list=True), "", [servers]), Output("Name", Ref("Zone"))]
    for said, listed in ({"NameServers": ["a", "b", "c"]}, ["a", "b", "c"]), ({}, None):
        current = {"Zone": Live("AWS::Route53::HostedZone", "Z1", {}, attributes=said)}
        known: dict[str, object] = {"Servers": listed} if listed else {}
        assert output_values(wanted, planned, current, NO_SECRETS) == {**known, "Name": "Z1"}
        text = output_values(wanted, planned, current, NO_SECRETS, joined=True)
        assert text.get("Servers") == ("a,b,c" if listed else None)


def handed(tmp_path: Path, resources: Mapping[str, Resource], services: frozenset[str] = IAM) -> tuple[Any, RunFolder]:
    folder = RunFolder(tmp_path / "lab")
    folder.create()
    types = frozenset(type for type, kind in KINDS.items() if kind.service in services)
    return hand_over(PLAN_FILE, Excluded(resources, types), services, {}, OWNER, folder, 7.0), folder


def test_nothing_is_handed_over_where_nothing_is_left_out(tmp_path: Path) -> None:
    found, folder = handed(tmp_path, {})
    assert (found.lines, found.template, found.policy, found.event) == ((), "", "", None)
    assert not folder.handover.exists()


def test_what_is_handed_over_is_said_written_and_an_event(tmp_path: Path) -> None:
    found, folder = handed(tmp_path, {"Role": RESOURCES["Role"]})
    assert list(found.lines) == [
        "left out, for somebody with access to make, only where no earlier apply or stack has made it:",
        f"  + Role  [{ROLE}]",
        f"the template for it is {folder.handover}, the policy {folder.handover_policy}:",
        "  aws cloudformation deploy --stack-name lab-iam --region eu-west-1 --template-file "
        f"{folder.handover} --capabilities CAPABILITY_NAMED_IAM",
        "then apply again without --without, from where they are reached: it knows them by their tags and names, a",
        "public zone, whose name proves nothing, by --allow with its id",
    ]
    assert folder.handover.read_text() == found.template
    assert folder.handover_policy.read_text() == f"{found.policy}\n"
    assert "iam:CreateRole" in {action for each in json.loads(found.policy)["Statement"] for action in each["Action"]}
    assert (found.event.kind, found.event.time) == (EventKind.HANDED_OVER, 7.0)
    assert found.event.detail == {
        "template": str(folder.handover),
        "policy": str(folder.handover_policy),
        "resources": ["Role"],
    }


def test_a_file_that_cannot_be_written_is_said_and_is_no_event(tmp_path: Path) -> None:
    (tmp_path / "lab" / "handover.yaml").mkdir(parents=True)
    found, folder = handed(tmp_path, {"Role": RESOURCES["Role"]})
    assert found.lines[-1] == (
        f"{folder.handover} can't be written (Is a directory): keep what is on stdout, or apply again with more room"
    )
    assert (found.event, bool(found.template)) == (None, True)
    assert folder.handover_policy.exists()


def test_what_needs_something_that_is_not_there_is_not_handed_over(tmp_path: Path) -> None:
    profile = Resource("Profile", PROFILE, {"Roles": [Ref("Elsewhere")]})
    found, _ = handed(tmp_path, {"Profile": profile})
    assert list(found.lines) == ["what is left out needs Elsewhere, which isn't there: apply again to have it written"]


ROUTE53 = frozenset({"route53"})
STAYS = (
    "left out: what this plan has in {} stays; run the same command without --without from where they are reached, or "
    "have the stack deleted that made it"
)
UNLISTED = (
    "  not deleted: records that somebody made from a handover in a zone found by its name (publicZone: auto); they "
    "aren't listed here unless an apply has reached Route 53 since"
)


def balancer(*entries: str) -> Live:
    tags = {PLAN: "lab", **encode_ledger(RECORDS, list(entries))}
    return Live("AWS::ElasticLoadBalancingV2::LoadBalancer", "arn", {}, tags=tags)


def test_a_whole_destroy_leaves_nothing() -> None:
    assert list(excluded_from_destroy([balancer("Z0123456789 rr a A")], frozenset())) == []


def test_a_destroy_without_iam_says_so_and_nothing_of_records() -> None:
    assert list(excluded_from_destroy([balancer("Z0123456789 rr a A")], IAM)) == [STAYS.format("iam")]


def test_a_destroy_without_route_53_names_each_record_once() -> None:
    lives = [balancer("Z0123456789 rr a.example.com A"), balancer("Z0123456789 rr a.example.com A", "no record")]
    first, record, command, last = excluded_from_destroy(lives, ROUTE53 | IAM)
    assert (first, last) == (STAYS.format("iam, route53"), UNLISTED)
    assert record == (
        "  not deleted: the record a.example.com A in Z0123456789, and what remembers it goes with the load balancer "
        "that it points at: delete it by hand, as `aws route53 list-resource-record-sets` shows it (RECORD):"
    )
    assert command == (
        "     aws route53 change-resource-record-sets --hosted-zone-id Z0123456789 --change-batch "
        """'{"Changes": [{"Action": "DELETE", "ResourceRecordSet": RECORD}]}'"""
    )


def test_a_zone_that_is_none_is_somebody_elses_tag() -> None:
    _, record, _ = excluded_from_destroy([balancer("my-zone rr a A")], ROUTE53)
    assert record == (
        "  not deleted: the record a A in my-zone, and what remembers it goes with the load balancer; that isn't the "
        "id of a zone, so ocpprov didn't write it: find out who did"
    )

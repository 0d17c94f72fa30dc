"""What of AWS a run has to do with: by its plan, by the note of the last apply, and by the journal; on values."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ocpprov.commands.options import Options
from ocpprov.commands.plan_note import scope_document, scope_remembered
from ocpprov.commands.plan_scope import ids_given, ids_in, scope_of, services_of
from ocpprov.commands.refresh import start_of
from ocpprov.commands.run_target import target_of
from ocpprov.commands.scope import Begun, Scope, with_journal
from ocpprov.engine.memory import Memory
from ocpprov.engine.ownership import revision
from ocpprov.engine.resources import Owner, Resource
from ocpprov.engine.secret_texts import SecretTexts
from ocpprov.engine.values import Ref, Value
from ocpprov.kinds.registry import KINDS
from ocpprov.openshift.aws_facts import Facts
from ocpprov.plan.model import OpenShift, Plan
from ocpprov.runs.folder import RunFolder
from ocpprov.runs.journal import Journal, Made, Record
from tests.openshift.plans import SECTION_3AZ

OWNER = Owner("lab", "eu-west-1", "123456789012", "run")
HERE = "123456789012/eu-west-1"
VPC = "AWS::EC2::VPC"
ROLE = "AWS::IAM::Role"
BUCKET = "AWS::S3::Bucket"
OBJECT = "Ocpprov::S3::Object"
PLAN = Plan(
    name="lab",
    region="eu-west-1",
    resources={
        "Vpc": Resource("Vpc", VPC, {"CidrBlock": "10.0.0.0/16"}),
        "Store": Resource("Store", BUCKET, {"BucketName": "lab-store"}),
        "File": Resource("File", OBJECT, {"Bucket": Ref("Store"), "Key": "a/b"}),
        "Subnet": Resource("Subnet", "AWS::EC2::Subnet", {"VpcId": "vpc-0abc", "CidrBlock": "10.0.0.0/24"}),
    },
)


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    found = RunFolder(tmp_path / "lab")
    found.create()
    return found


def test_a_plans_scope_is_what_its_resources_have_to_do_with(folder: RunFolder) -> None:
    scope = scope_of(PLAN, folder)
    assert scope.services == {"ec2", "s3", "sts"} == services_of(PLAN)
    assert scope.declared_names == frozenset({"lab-store"})
    assert scope.planned_objects == {("Store", "a/b")}
    assert scope.types == frozenset({VPC, BUCKET, OBJECT, "AWS::EC2::Subnet"})
    assert scope.memory == Memory(
        {"Vpc": VPC, "Store": BUCKET, "File": OBJECT, "Subnet": "AWS::EC2::Subnet"},
        frozenset({"vpc-0abc"}),
        names=frozenset({"lab-store"}),
    )
    assert (scope.journalled, scope.begun, scope.excluded, scope.excluded_services) == (
        frozenset(),
        (),
        *[frozenset()] * 2,
    )


def test_what_the_plan_does_not_give_is_read_by_whoever_judges_what_there_is(folder: RunFolder) -> None:
    versioned = Resource("Other", BUCKET, {"VersioningConfiguration": {"Status": "Enabled"}})
    scope = scope_of(replace(PLAN, resources={**PLAN.resources, "Other": versioned}), folder)
    start = start_of(PLAN, Facts(), scope, OWNER)
    assert [start.compares(BUCKET, name) for name in ("BucketName", "VersioningConfiguration")] == [True, True]
    assert not start.compares(BUCKET, "LifecycleConfiguration")
    assert not start.compares(ROLE, "RoleName")
    for whole in (scope.whole(), scope.tolerant(), with_journal(Scope(), folder)):
        assert start_of(PLAN, Facts(), whole, OWNER).compares(ROLE, "RoleName")


@pytest.mark.parametrize("verify", [True, False])
def test_an_apply_that_verifies_reads_what_verify_does(folder: RunFolder, verify: bool) -> None:
    options = Options(directory=folder.path.parent, verify=verify)
    assert (target_of(PLAN, options).scope.compared is None) is verify


def test_what_the_last_apply_had_is_looked_for_still(folder: RunFolder) -> None:
    before = Scope(
        frozenset({"ec2", "sts", "iam"}),
        frozenset({"old"}),
        types=frozenset({ROLE}),
        memory=Memory({"Role": ROLE}, frozenset({"vpc-9"})),
    )
    folder.write(folder.last_plan, scope_document(before))
    scope = scope_of(PLAN, folder)
    assert scope.services == {"ec2", "s3", "sts", "iam"}
    assert scope.declared_names == frozenset({"lab-store", "old"})
    assert scope.types == frozenset({VPC, BUCKET, OBJECT, "AWS::EC2::Subnet", ROLE})
    # The types are the plan's own now, the ids those of both.
    assert "Role" not in scope.memory.types
    assert scope.memory.given == {"vpc-0abc", "vpc-9"}


def test_a_note_is_read_as_it_was_written(folder: RunFolder) -> None:
    written = Scope(
        frozenset({"ec2", "sts", "iam"}),
        frozenset({"b", "a"}),
        types=frozenset({VPC}),
        memory=Memory({"Vpc": VPC}, frozenset({"vpc-1"}), is_known_here=True),
        unplaced="1/eu-west-1",
    )
    assert scope_document(written) == {
        "services": ["ec2", "iam", "sts"],
        "names": ["a", "b"],
        "types": [VPC],
        "resources": {"Vpc": VPC},
        "given": ["vpc-1"],
        "unplaced": "1/eu-west-1",
    }
    folder.write(folder.last_plan, scope_document(written))
    assert scope_remembered(folder) == written
    rows = {"rows": [["Table", "r 0.0.0.0/0"], "torn", ["Table"]]}
    folder.write(folder.last_plan, {**scope_document(written), **rows})
    memory = replace(written.memory, rows=frozenset({("Table", "r 0.0.0.0/0")}), knows_rows=True)
    assert scope_remembered(folder) == replace(written, memory=memory)
    # Of a row that hides a secret nobody can tell which it was.
    folder.write(folder.last_plan, {**scope_document(written), **rows, "hidesRows": True})
    assert scope_remembered(folder) == replace(written, memory=replace(memory, knows_rows=False))


@pytest.mark.parametrize("content", [None, [], {}, {"services": "ec2"}])
def test_what_is_no_note_is_none(folder: RunFolder, content: Any) -> None:
    if content is not None:
        folder.write(folder.last_plan, content)
    assert scope_remembered(folder) is None


def test_a_note_of_an_earlier_version_has_less_and_unknown_services_are_dropped(folder: RunFolder) -> None:
    folder.write(folder.last_plan, {"services": ["iam", "nosuch"], "names": None})
    assert scope_remembered(folder) == Scope(
        frozenset({"ec2", "sts", "iam"}), None, types=None, memory=Memory(is_known_here=True)
    )


def test_a_run_without_services_remembers_that_the_plan_has_them() -> None:
    scope = Scope(frozenset({"ec2", "sts", "iam"})).without(frozenset({"iam", "route53"}))
    assert scope.services == {"ec2", "sts"}
    assert scope.excluded == {"iam"}
    assert scope.excluded_services == {"iam", "route53"}
    assert scope_document(scope)["services"] == ["ec2", "iam", "sts"]
    assert {kind.service for kind in scope.kinds.values()} == {"ec2"}


BASES = {
    "AWS::EC2::RouteTable",
    "AWS::EC2::SecurityGroup",
    "AWS::EC2::SecurityGroupEgress",
    "AWS::EC2::SecurityGroupIngress",
    "AWS::EC2::Subnet",
    VPC,
}
EIP = "AWS::EC2::EIP"


def test_types_that_nobody_needs_to_look_for() -> None:
    assert Scope(types=frozenset({EIP})).needless == frozenset(KINDS) - {EIP} - BASES
    # What lies in no network is found by nothing of it.
    assert Scope(types=frozenset({ROLE, BUCKET})).needless == frozenset(KINDS) - {ROLE, BUCKET}
    assert ROLE not in Scope().needless
    assert "AWS::EC2::DHCPOptions" in Scope().needless


def test_what_the_journal_has_is_needed_though_the_plan_has_nothing_of_the_sort() -> None:
    peering, options, place = "AWS::EC2::VPCPeeringConnection", "AWS::EC2::DHCPOptions", "123456789012/eu-west-1"
    made = frozenset({Made(peering, "pcx-1", place)})
    begun = (Record("intent", 1.0, "run", "Options", options, where=place),)
    scope = Scope(types=frozenset({ROLE}), journalled=made, intents=begun)
    assert scope.needless == Scope(types=frozenset({ROLE, peering, options})).needless
    unknown = Scope(journalled=made, intents=begun)
    assert Scope().needless - unknown.needless == {peering, options}
    balancer = "AWS::ElasticLoadBalancing::LoadBalancer"
    assert Scope(journalled=frozenset({Made(balancer, "b", place)})).needless_services == frozenset()


def test_services_that_nobody_needs_to_reach() -> None:
    assert Scope().needless_services == {"elb"}
    services = frozenset({"ec2", "sts", "iam", "elb"})
    assert Scope(services, types=frozenset({ROLE})).needless_services == {"ec2", "elb"}
    assert Scope(services, types=frozenset({EIP})).needless_services == {"iam", "elb"}
    asked = Scope(services, types=frozenset({EIP}), asked_services=frozenset({"elb"}))
    assert asked.needless_services == {"iam"}


def test_a_plan_of_roles_alone_asks_nothing_of_a_network(folder: RunFolder) -> None:
    roles = replace(PLAN, resources={"Role": Resource("Role", ROLE, {})})
    assert scope_of(roles, folder).asked_services == frozenset()
    assert scope_of(replace(roles, openshift=SECTION_3AZ), folder).asked_services >= {"ec2", "sts"}


def test_a_service_out_of_reach_is_not_asked_and_is_remembered() -> None:
    scope = Scope(frozenset({"ec2", "sts", "elb"})).beyond({"elb": "refuses"})
    assert scope.services == {"ec2", "sts"}
    assert scope.unreached() == {name: "refuses" for name, kind in KINDS.items() if kind.service == "elb"}
    assert scope_document(scope)["services"] == ["ec2", "elb", "sts"]
    assert Scope().unreached() == {}


def test_the_journal_tells_what_was_made_and_what_was_begun(folder: RunFolder) -> None:
    journal = Journal(folder.journal, HERE)
    made = {"vpc-1": VPC, "subnet-1": "AWS::EC2::Subnet", "b": BUCKET, "b/k": OBJECT, "eipalloc-1": "AWS::EC2::EIP"}
    for id, type in made.items():
        journal.write(Record("created", 1.0, "run", id, type, id=id))
    zone = "AWS::Route53::HostedZone"
    journal.write(Record("intent", 2.0, "run", "Role", ROLE, "r1", "token", key="role lab-role"))
    journal.write(Record("intent", 2.0, "run", "Zone", zone, "r1", "token"))
    journal.close()
    scope = with_journal(Scope(), folder)
    # A subnet lies in a VPC, and is found by it.
    assert scope.ids_made(OWNER) == {"vpc-1", "b", "b/k", "eipalloc-1"}
    assert scope.memory_in(OWNER).made == {(type, id) for id, type in made.items()}
    # A zone has no tags at its creation anyhow, and is looked for by them.
    assert scope.begun == (Begun(ROLE, "Role", "r1", "role lab-role", HERE),)


@pytest.mark.parametrize(
    ("where", "note", "known"),
    [
        (HERE, {}, True),
        ("999999999999/eu-west-1", {}, False),
        ("123456789012/eu-west-2", {}, False),
        # Records of an earlier version count where its last note was about.
        ("", {}, False),
        ("", {"account": "123456789012", "region": "eu-west-1"}, True),
        ("", {"account": "999999999999", "region": "eu-west-1"}, False),
        ("", {"account": "123456789012", "region": "eu-west-2"}, False),
        ("", {"account": "", "region": "eu-west-1"}, False),
        # And a later note repeats that, whatever it is about itself.
        ("", {"account": "999999999999", "region": "eu-west-1", "unplaced": HERE}, True),
        ("", {"account": "123456789012", "region": "eu-west-1", "unplaced": ""}, False),
    ],
)
def test_what_was_made_in_another_account_or_region_is_not_ours(
    folder: RunFolder, where: str, note: dict[str, str], known: bool
) -> None:
    folder.write(folder.last_plan, {"services": ["ec2"], **note})
    journal = Journal(folder.journal)
    journal.write(Record("created", 1.0, "run", "Vpc", VPC, id="vpc-1", where=where))
    journal.close()
    remembered = scope_remembered(folder)
    assert remembered is not None
    for scope in (scope_of(PLAN, folder), with_journal(remembered, folder)):
        assert scope.memory_in(OWNER).made == (frozenset({(VPC, "vpc-1")}) if known else frozenset())
        assert scope.ids_made(OWNER) == (frozenset({"vpc-1"}) if known else frozenset())
        # What is written down next says the same.
        folder.write(folder.last_plan, {**note, "account": "999999999999", **scope_document(scope)})
        assert with_journal(scope_remembered(folder) or Scope(), folder).memory_in(OWNER).made == (
            scope.memory_in(OWNER).made
        )


@pytest.mark.parametrize(
    ("note", "known"),
    [
        ({}, True),
        ({"account": "123456789012", "region": "eu-west-1"}, True),
        ({"account": "999999999999", "region": "eu-west-1"}, False),
        ({"account": "123456789012", "region": "eu-west-2"}, False),
    ],
)
def test_what_the_folder_has_of_another_account_or_region_is_not_known_here(
    folder: RunFolder, note: dict[str, str], known: bool
) -> None:
    folder.write(folder.last_plan, {"services": ["ec2"], "rows": [["Table", "r 0.0.0.0/0"]], **note})
    journal = Journal(folder.journal)
    for number, where in enumerate((HERE, "999999999999/eu-west-1", "123456789012/eu-west-2")):
        journal.write(Record("intent", 1.0, f"run-{number}", "Vpc", VPC, "1-a", "token", where=where))
    journal.close()
    memory = scope_of(PLAN, folder).memory_in(OWNER)
    assert (memory.is_known_here, bool(memory.rows), memory.knows_rows) == (known, known, known)
    assert memory.begun == frozenset({(VPC, "Vpc", "run-0")})


def test_what_an_older_journal_does_not_say_the_plan_tells_if_it_is_the_same(folder: RunFolder) -> None:
    given = KINDS[BUCKET].normalise(PLAN.resources["Store"].properties)
    journal = Journal(folder.journal)
    journal.write(Record("intent", 1.0, "run", "Store", BUCKET, revision(KINDS[BUCKET], given), "token"))
    journal.write(Record("intent", 1.0, "run", "Other", BUCKET, "r1", "token"))
    journal.close()
    keys = {each.logical_id: each.key for each in scope_of(PLAN, folder).begun}
    assert keys == {"Store": "bucket lab-store", "Other": ""}
    changed = replace(PLAN, resources={"Store": Resource("Store", BUCKET, {"BucketName": "another"})})
    assert {each.logical_id: each.key for each in scope_of(changed, folder).begun}["Store"] == ""


@pytest.mark.parametrize(
    ("type", "key", "where", "known"),
    [
        (ROLE, "role x", HERE, "role x"),
        (ROLE, "role x", "123456789012/eu-west-2", ""),
        (ROLE, "role x", "999999999999/eu-west-1", ""),
        (ROLE, "role x", "", "role x"),
        ("AWS::EC2::VPCEndpoint", "", HERE, ""),
        ("AWS::ElasticLoadBalancingV2::TargetGroup", "target group x", "", ""),
    ],
)
def test_what_was_begun_is_known_in_its_own_account_and_region(type: str, key: str, where: str, known: str) -> None:
    assert Begun(type, "Name", "r1", key, where).key_for(OWNER) == known


def test_of_what_was_begun_without_a_key_the_generated_name_is_known() -> None:
    assert re.fullmatch(r"role lab-name-[0-9a-z]+", Begun(ROLE, "Name", "r1", "", HERE).key_for(OWNER))


@pytest.mark.parametrize(
    ("value", "ids"),
    [
        ("vpc-0a1b", ["vpc-0a1b"]),
        ("vpc-xyz", []),
        ("my vpc-0a1b", []),
        ("Z0123456789", ["Z0123456789"]),
        ("Z01234567", []),
        ("subnet-1 ", []),
        ({"A": ["sg-1", {"B": "rtb-2"}], "C": 3}, ["sg-1", "rtb-2"]),
        (("eipalloc-1", None, True), ["eipalloc-1"]),
    ],
)
def test_ids_that_stand_in_a_value(value: Value, ids: list[str]) -> None:
    assert list(ids_in(value)) == ids


def test_ids_that_the_section_names() -> None:
    section = OpenShift(
        "prod",
        "example.com",
        vpc_id="vpc-1",
        subnets=("subnet-1",),
        route_tables=("rtb-1",),
        elastic_ips=("eipalloc-1",),
        public_zone="auto",
        hosted_zone="Z0123456789",
    )
    assert ids_given(Plan("lab", "eu-west-1", openshift=section)) == {
        "vpc-1",
        "subnet-1",
        "rtb-1",
        "eipalloc-1",
        "Z0123456789",
    }


ZONE_ROLE = "arn:aws:iam::210987654321:role/zones"


def with_zone(zone: str, role: str) -> Plan:
    section = OpenShift(
        cluster_name="lab", base_domain="a.b", infra_id="lab-1", hosted_zone=zone, hosted_zone_role=role
    )
    return replace(PLAN, openshift=section)


def test_the_role_of_a_zone_is_remembered_and_one_of_before_too(folder: RunFolder) -> None:
    before = scope_of(with_zone("Z0BEFORE", ZONE_ROLE), folder)
    assert before.zone_roles == {"Z0BEFORE": ZONE_ROLE}
    folder.create()
    folder.write(folder.last_plan, scope_document(before))
    remembered = scope_remembered(folder)
    assert remembered is not None
    assert remembered.zone_roles == before.zone_roles
    assert scope_of(with_zone("Z0AFTER", f"{ZONE_ROLE}2"), folder).zone_roles == {
        "Z0BEFORE": ZONE_ROLE,
        "Z0AFTER": f"{ZONE_ROLE}2",
    }
    assert scope_of(with_zone("Z0BEFORE", f"{ZONE_ROLE}2"), folder).zone_roles == {"Z0BEFORE": f"{ZONE_ROLE}2"}
    assert scope_of(PLAN, folder).zone_roles == before.zone_roles


def test_a_role_that_is_secret_is_not_remembered(folder: RunFolder) -> None:
    scope = scope_of(with_zone("Z0BEFORE", ZONE_ROLE), folder)
    assert "zoneRoles" not in scope_document(scope, SecretTexts({"Role": [ZONE_ROLE]}))
    assert "zoneRoles" not in scope_document(Scope())

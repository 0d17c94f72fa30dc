"""What has drifted and fails nothing, as something else does the same; what is there and serves nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from ocpprov.checks.requirement_drift import (
    Defect,
    drift_faults,
    drift_notes,
    drift_of,
    met_otherwise,
    unmet,
    unproven,
)
from ocpprov.checks.unread import PERMISSION
from ocpprov.checks.verification import RowStatus, Seen, verified
from ocpprov.engine.actions import Action, Actions, Change, Verb
from ocpprov.engine.graph import Graph
from ocpprov.engine.problem import Problem
from ocpprov.engine.resources import Live, Owner, Resource
from ocpprov.reachability.explanation_codes import ExplanationCode
from ocpprov.reachability.purpose import Purpose
from ocpprov.reachability.spans import EVERYWHERE, Share, Span
from ocpprov.reachability.verdict import ARRIVES, Obstacle, Unread, Verdict

OWNER = Owner("prod", "eu-west-1", "123456789012", "run")
APPLY = "ocpprov apply prod.yaml"
ENTRY = "AWS::EC2::NetworkAclEntry"
SUBNET = "AWS::EC2::Subnet"
DENIED = Verdict(
    (
        Obstacle(
            ExplanationCode.SUBNET_ACL_RESTRICTION,
            "acl-1",
            "ingress",
            "tcp",
            Share(EVERYWHERE, Span(443, 443)),
            "10",
        ),
    )
)
MET = Purpose(ARRIVES, ("acl-1",))
GONE = Action("Entry", ENTRY, Verb.CREATE)


def actions_of(actions: Sequence[Action], resources: Mapping[str, Resource] | None = None) -> Actions:
    current = {each.resource: Live(each.type, each.id, {}) for each in actions if each.id}
    return Actions(OWNER, Graph(resources or {}, {}), actions, (), current)


def test_drift_is_what_a_run_would_do_about_a_rows_own_resources() -> None:
    kept = Action("Kept", ENTRY, Verb.KEEP, "acl-1|in|100")
    other = Action("Other", ENTRY, Verb.CREATE)
    actions = actions_of([GONE, kept, other])
    assert [each.resource for each in drift_of("NET-ACL", ["Entry", "Kept"], actions)] == ["Entry"]
    unread = {"Entry": Problem("", "DescribeNetworkAcls: denied", "ask")}
    assert drift_of("NET-ACL", ["Entry", "Kept"], actions, unread) == []


def test_what_something_else_does_is_a_note_and_no_fault() -> None:
    otherwise = met_otherwise([GONE], {"Entry": MET, "Another": MET})
    assert otherwise == {"Entry": MET}
    assert list(drift_faults([GONE], otherwise, APPLY)) == []
    assert list(drift_notes([GONE], otherwise, APPLY)) == [
        "Entry isn't there, and acl-1 serves in its place (ocpprov apply prod.yaml would bring it back)"
    ]


@pytest.mark.parametrize(
    "purposes",
    [
        {},
        {"Entry": Purpose(DENIED, ("acl-1",))},
        {"Entry": Purpose(Verdict(unread=(Unread("acl-1"),)))},
        {"Entry": Purpose(Verdict(beyond=("tgw-1",)))},
    ],
)
def test_what_is_not_proven_is_a_fault(purposes: Mapping[str, Purpose]) -> None:
    otherwise = met_otherwise([GONE], purposes)
    assert list(drift_faults([GONE], otherwise, APPLY)) == [Defect("Entry isn't there", APPLY)]
    assert list(drift_notes([GONE], otherwise, APPLY)) == []


def test_many_notes_are_cut_and_many_ids_are_counted() -> None:
    drift = [Action(f"Entry{index}", ENTRY, Verb.CREATE) for index in range(5)]
    purpose = Purpose(ARRIVES, ("sgr-1", "sgr-2", "sgr-3", "sgr-4"))
    notes = list(drift_notes(drift, {each.resource: purpose for each in drift}, APPLY))
    assert len(notes) == 4
    assert notes[0].startswith("Entry0 isn't there, and sgr-1, sgr-2, sgr-3 and 1 more serves in its place")
    assert notes[3] == "and 2 more for which something else serves"
    assert len(list(drift_notes(drift[:3], {each.resource: purpose for each in drift}, APPLY))) == 3


def test_what_is_in_the_way_is_told_once_with_all_that_it_stops() -> None:
    ids = ["One", "Two", "Three", "Four", "Fine"]
    purposes = {id: Purpose(DENIED, commands=["aws ec2 x"]) for id in ids} | {"Fine": MET}
    stops = (
        "acl-1's inbound entry 10 denies tcp 443 from 0.0.0.0/0 (SUBNET_ACL_RESTRICTION): "
        "stops what One, Two, Three and 1 more should let through"
    )
    by_hand = "an inbound entry in acl-1 with a number below 10 that allows tcp 443 from 0.0.0.0/0"
    assert list(unmet([*ids, "Without"], purposes, {})) == [Defect(stops, by_hand, ("aws ec2 x",))]
    assert list(unmet([*ids, "Without"], purposes, dict.fromkeys(DENIED.obstacles, APPLY))) == [Defect(stops, APPLY)]


def test_what_may_be_in_the_way_and_could_not_be_read_is_no_pass() -> None:
    unread = Purpose(Verdict(unread=(Unread("acl-1"),)))
    found = list(unproven(["Kept", "Fine", "Without"], {"Entry": unread, "Kept": unread, "Fine": MET}))
    assert found == [Defect("whether Kept serves isn't known: acl-1 couldn't be read", PERMISSION)]


GROUPS = Change("SecurityGroupIds", ["sg-1"], ["sg-2"])
POLICY = Change("PolicyDocument", "x", "y")


@pytest.mark.parametrize(("changes", "met"), [([GROUPS], True), ([GROUPS, POLICY], False), ([], False)])
def test_a_purpose_of_some_properties_says_nothing_of_others(changes: list[Change], met: bool) -> None:
    endpoint = Action("Entry", "AWS::EC2::VPCEndpoint", Verb.UPDATE, "vpce-1", changes)
    assert bool(met_otherwise([endpoint], {"Entry": Purpose(ARRIVES, ("sg-1",), of=("SecurityGroupIds",))})) is met


def test_a_purpose_of_some_properties_is_nothing_in_the_way() -> None:
    purposes = {"Entry": Purpose(DENIED, of=("SecurityGroupIds",))}
    assert list(unmet(["Entry"], purposes, {})) == []
    unread = {"Entry": Purpose(Verdict(unread=(Unread("sg-1"),)), of=("SecurityGroupIds",))}
    assert list(unproven(["Entry"], unread)) == []


ROLE = Change("Tags.kubernetes.io/role/elb", None, "")
ADDRESSES = Change("MapPublicIpOnLaunch", True, False)


@pytest.mark.parametrize(
    ("verb", "changes", "of_tags", "of_the_subnet"),
    [
        (Verb.UPDATE, [ROLE], [ROLE], None),
        (Verb.UPDATE, [ADDRESSES], None, [ADDRESSES]),
        (Verb.UPDATE, [ROLE, ADDRESSES], [ROLE], [ADDRESSES]),
        (Verb.CREATE, [], None, []),
    ],
)
def test_a_subnets_cluster_tags_are_a_requirement_of_their_own(
    verb: Verb, changes: list[Change], of_tags: list[Change] | None, of_the_subnet: list[Change] | None
) -> None:
    actions = actions_of([Action("PublicSubnet", SUBNET, verb, "", changes)])
    for row, wanted in (("TAG-CLUSTER", of_tags), ("NET-PUBLIC", of_the_subnet)):
        found = [list(each.changes) for each in drift_of(row, ["PublicSubnet"], actions)]
        assert found == ([] if wanted is None else [wanted])


def test_the_row_passes_with_what_serves_as_evidence_and_the_note_as_detail() -> None:
    id = "InboundHTTPPublicNetworkAclEntry"
    gone = Action(id, ENTRY, Verb.CREATE)
    actions = actions_of([gone], {id: Resource(id, ENTRY)})
    rows = {row.id: row for row in verified(Seen(actions, (), APPLY, purposes={id: MET}))}
    row = rows["NET-ACL"]
    assert (row.status, row.evidence, row.remedy) == (RowStatus.PASS, ["acl-1"], "")
    assert row.detail == f"{id} isn't there, and acl-1 serves in its place ({APPLY} would bring it back)"


def test_a_subnet_without_the_clusters_tag_is_no_matter_of_tags() -> None:
    def status(key: str) -> RowStatus:
        tags = {"Tags": [{"Key": key, "Value": "shared"}]}
        actions = actions_of([], {"PublicSubnet": Resource("PublicSubnet", SUBNET, tags)})
        return {row.id: row.status for row in verified(Seen(actions, (), APPLY))}["TAG-CLUSTER"]

    assert status("kubernetes.io/cluster/prod-x7k2p") is RowStatus.PASS
    assert status("kubernetes.io/role/elb") is RowStatus.NOT_APPLICABLE

"""Requirement rows judged on actions and flows, as values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from ocpprov.checks.verification import RowResult, RowStatus, Seen, verified
from ocpprov.engine.actions import Action, Actions, Change, Verb
from ocpprov.engine.graph import Graph
from ocpprov.engine.problem import Problem
from ocpprov.engine.resources import Live, Owner, Resource
from ocpprov.engine.values import Ref, Unknown
from ocpprov.openshift.matrix_row import NO_SUBNETS, MatrixRow
from ocpprov.openshift.needed_services import NeededService
from ocpprov.openshift.requirement_rows import ROWS
from ocpprov.openshift.subnet_pairs import SubnetPair
from ocpprov.openshift.unread_facts import Fact
from ocpprov.reachability.explanation_codes import ExplanationCode
from ocpprov.reachability.network import Subnet
from ocpprov.reachability.spans import Share, Span, addresses
from ocpprov.reachability.verdict import ARRIVES, Obstacle, Unread, Verdict

OWNER = Owner("prod", "eu-west-1", "123456789012", "run")
CLOSED = Obstacle(
    ExplanationCode.SG_HAS_NO_RULES, "sg-1", "egress", "tcp", Share(addresses("10.0.0.0/16"), Span(2379, 2380))
)


def flow(
    verdict: Verdict = ARRIVES, *, name: str = "etcd", row: str = "SG-MASTER-INGRESS", wanted: bool = True
) -> MatrixRow:
    return MatrixRow(name, row, "control plane", "control plane", "tcp", "2379-2380", verdict, wanted)


def judged(
    resources: Mapping[str, str],
    *,
    actions: Sequence[Action] = (),
    flows: Sequence[MatrixRow] = (),
    unread: str = "",
    left_out: Sequence[str] = (),
    unsaid: Mapping[str, Sequence[str]] | None = None,
    **more: Any,
) -> dict[str, RowResult]:
    """`resources` are logical ids with the ids that AWS has of them, empty where there are none; `more` are further
    members of Seen."""
    graph = Graph({id: Resource(id, "AWS::EC2::VPC") for id in resources}, {})
    current = {id: Live("AWS::EC2::VPC", live, {}) for id, live in resources.items() if live}
    made = Actions(OWNER, graph, actions, (), current)
    closed = {"SG-MASTER-INGRESS": Problem("", unread, "let it be read")} if unread else {}
    seen = Seen(made, flows, "ocpprov apply prod.yaml", closed, left_out, unsaid or {})
    seen = replace(seen, **more)
    return {row.id: row for row in verified(seen)}


def test_all_rows_are_told_in_their_order() -> None:
    found = judged({"VPC": "vpc-1"})
    assert list(found) == [row.id for row in ROWS]
    assert found.pop("NET-VPC") == RowResult("NET-VPC", RowStatus.PASS, ["vpc-1"])
    assert {row.status for row in found.values()} == {RowStatus.NOT_APPLICABLE}


@pytest.mark.parametrize(
    ("action", "detail"),
    [
        (Action("VPC", "AWS::EC2::VPC", Verb.CREATE), "VPC isn't there"),
        (
            Action("VPC", "AWS::EC2::VPC", Verb.UPDATE, "vpc-1", [Change("EnableDnsSupport", False, True)]),
            "VPC is otherwise: EnableDnsSupport is false, not true",
        ),
        (
            Action("VPC", "AWS::EC2::VPC", Verb.REPLACE, "vpc-1", [Change("CidrBlock", "10.0.0.0/16", "10.1.0.0/16")]),
            'VPC is otherwise: CidrBlock is "10.0.0.0/16", not "10.1.0.0/16"',
        ),
        (Action("VPC", "AWS::EC2::VPC", Verb.ADOPT, "vpc-1"), "VPC has lost its tags"),
    ],
)
def test_drift_fails_the_row_and_apply_mends_it(action: Action, detail: str) -> None:
    row = judged({"VPC": action.id}, actions=[action])["NET-VPC"]
    assert (row.status, row.detail, row.remedy) == (RowStatus.FAIL, detail, "ocpprov apply prod.yaml")
    assert row.evidence == ([action.id] if action.id else [])


@pytest.mark.parametrize("verb", [Verb.KEEP, Verb.DELETE, Verb.SWEEP, Verb.FORGET])
def test_what_is_kept_and_what_goes_fail_no_row(verb: Verb) -> None:
    row = judged({"VPC": "vpc-1"}, actions=[Action("VPC", "AWS::EC2::VPC", verb, "vpc-1")])["NET-VPC"]
    assert row.status is RowStatus.PASS


def test_one_obstacle_is_told_once_with_all_that_it_stops() -> None:
    stopped = Verdict((CLOSED,))
    names = ("etcd", "kubelet", "ssh", "ping")
    row = judged({}, flows=[flow(stopped, name=name) for name in names])["SG-MASTER-INGRESS"]
    between = "from control plane to control plane"
    assert row.detail == (
        "sg-1 has no outbound rules (SG_HAS_NO_RULES): stops "
        + ", ".join(f"{name} (tcp 2379-2380) {between}" for name in names[:3])
        + " and 1 more flows"
    )
    assert row.remedy == "an outbound rule in sg-1 for tcp 2379-2380 to 10.0.0.0/16"


def test_many_faults_are_cut() -> None:
    actions = [Action(f"PublicSubnet{index or ''}", "AWS::EC2::Subnet", Verb.CREATE) for index in (0, 2, 3, 4, 5)]
    row = judged({action.resource: "" for action in actions}, actions=actions)["NET-PUBLIC"]
    assert row.detail == ("PublicSubnet isn't there; PublicSubnet2 isn't there; PublicSubnet3 isn't there; and 2 more")
    assert row.remedy == "ocpprov apply prod.yaml"


def test_what_arrives_and_must_not_fails_the_row() -> None:
    row = judged({}, flows=[flow(row="LB-REACH", wanted=False)])["LB-REACH"]
    assert row.status is RowStatus.FAIL
    assert row.detail == "tcp 2379-2380 gets from control plane to control plane, and must not"
    assert row.remedy == "take away what lets tcp 2379-2380 in at control plane"


def test_flows_that_arrive_are_counted_as_far_as_they_are_seen() -> None:
    rule = {"MasterIngressEtcd": "sgr-1"}
    one = judged(rule, flows=[flow()])["SG-MASTER-INGRESS"]
    two = judged(rule, flows=[flow(), flow(Verdict(beyond=("tgw-1",)))])["SG-MASTER-INGRESS"]
    assert (one.status, one.detail) == (RowStatus.PASS, "1 flow as it should be")
    assert (two.status, two.detail) == (RowStatus.PASS, "2 flows as they should be, as far as tgw-1")


def test_what_groups_are_for_is_not_asked_before_the_plan_makes_them() -> None:
    """Its flows are judged by the rest of the network, which may stop them already."""
    arriving = judged({}, flows=[flow(), flow(row="NET-NAT")])
    assert (arriving["SG-MASTER-INGRESS"].status, arriving["NET-NAT"].status) == (
        RowStatus.NOT_APPLICABLE,
        RowStatus.PASS,
    )
    assert arriving["SG-MASTER-INGRESS"].detail == "the plan doesn't ask for it"
    assert judged({}, flows=[flow(Verdict((CLOSED,)))])["SG-MASTER-INGRESS"].status is RowStatus.FAIL


def test_what_is_not_known_is_no_pass() -> None:
    row = judged({}, flows=[flow(), flow(Verdict(unread=(Unread("acl-1"),)))])["SG-MASTER-INGRESS"]
    assert (row.status, row.detail) == (
        RowStatus.UNKNOWN,
        "etcd (tcp 2379-2380) from control plane to control plane: acl-1 couldn't be read",
    )
    assert "policy --for verify" in row.remedy


def test_what_the_answer_does_not_say_is_no_pass() -> None:
    row = judged({"VPC": "vpc-1"}, unsaid={"VPC": ["EnableDnsSupport"], "IntDns": ["VPCs"]})["NET-VPC"]
    assert (row.status, row.detail) == (RowStatus.UNKNOWN, "AWS's answer doesn't say EnableDnsSupport of VPC")
    assert row.remedy == "look it up in AWS's console"


def test_a_prefix_list_that_nobody_may_read_is_a_matter_of_permission() -> None:
    row = judged({}, flows=[flow(Verdict(unread=(Unread("pl-1"),)))])["SG-MASTER-INGRESS"]
    assert row.status is RowStatus.UNKNOWN
    assert row.remedy == "give the permission to read it: `ocpprov policy --for verify` has it"


def test_machines_without_subnets_are_no_matter_of_permissions() -> None:
    row = judged({}, flows=[flow(Verdict(unread=(NO_SUBNETS,)))])["SG-MASTER-INGRESS"]
    assert (row.status, row.remedy) == (RowStatus.UNKNOWN, "ocpprov apply prod.yaml")
    assert (
        row.detail == "etcd (tcp 2379-2380) from control plane to control plane: there are no subnets of the machines"
    )


def test_many_unknown_things_are_cut() -> None:
    unread = Verdict(unread=(Unread("acl-1"),))
    row = judged({}, flows=[flow(unread, name=name) for name in "abcd"])["SG-MASTER-INGRESS"]
    assert row.detail == (
        "a (tcp 2379-2380) from control plane to control plane, b (tcp 2379-2380) from control plane to control plane, "
        "c (tcp 2379-2380) from control plane to control plane and 1 more flows: acl-1 couldn't be read"
    )


def test_a_fault_is_certain_whatever_else_is_not_known() -> None:
    row = judged({}, flows=[flow(Verdict((CLOSED,))), flow(Verdict(unread=(Unread("acl-1"),)))])["SG-MASTER-INGRESS"]
    assert row.status is RowStatus.FAIL


def test_a_network_that_could_not_be_read_leaves_its_rows_open() -> None:
    found = judged({"VPC": "vpc-1", "MasterIngressEtcd": "sgr-1"}, unread="the network couldn't be read: denied")
    assert found["NET-VPC"].status is RowStatus.PASS
    row = found["SG-MASTER-INGRESS"]
    assert (row.status, row.evidence, row.detail) == (
        RowStatus.UNKNOWN,
        ["sgr-1"],
        "the network couldn't be read: denied",
    )


@pytest.mark.parametrize(
    ("fact", "resources", "unknown"),
    [
        (Fact.PUBLIC_ZONE, {"ExternalApiServerRecord": ""}, {"DNS-PUBLIC", "DNS-API"}),
        (Fact.PUBLIC_ZONE, {"VPC": "vpc-1"}, {"DNS-PUBLIC"}),
        (Fact.ROUTER, {"VPC": "vpc-1"}, {"DNS-APPS"}),
        (Fact.MACHINES, {"VPC": "vpc-1"}, {"LB-TARGETS"}),
        (Fact.IGNITION, {"VPC": "vpc-1"}, {"S3-IGNITION"}),
        (Fact.SUBNETS, {"Ec2Endpoint": "", "MasterIamRole": "role"}, {"NET-EC2"}),
        (Fact.ZONES, {"VPC": "vpc-1"}, set()),
    ],
)
def test_rows_that_rest_on_an_unread_fact_are_not_known(
    fact: Fact, resources: Mapping[str, str], unknown: set[str]
) -> None:
    missing = [Action(id, "X", Verb.CREATE) for id, live in resources.items() if not live]
    found = judged(resources, actions=missing, unread_facts={fact: Problem("", "denied", "ask")})
    assert {id for id, row in found.items() if row.status is RowStatus.UNKNOWN} == unknown
    assert not [id for id, row in found.items() if row.status is RowStatus.FAIL]
    told = {(row.detail, row.remedy) for row in found.values() if row.status is RowStatus.UNKNOWN}
    assert told <= {(f"{fact.value} can't be read: denied", "ask")}


def test_what_only_remembers_less_for_an_unread_fact_holds() -> None:
    change = Change("Tags.ocpprov:records", "Z1 rr api", "Z0 rr api")
    update = [Action("ExtApiElb", "X", Verb.UPDATE, "arn", [change])]
    facts = {Fact.PUBLIC_ZONE: Problem("", "denied", "ask")}
    assert judged({"ExtApiElb": "arn"}, actions=update)["LB-EXT"].status is RowStatus.FAIL
    assert judged({"ExtApiElb": "arn"}, actions=update, unread_facts=facts)["LB-EXT"].status is RowStatus.PASS


def test_what_is_not_read_is_told_once_with_all_that_it_leaves_open() -> None:
    why = Problem("", "GetRole: AccessDenied: no (request r-1)", "ask")
    ids = ["MasterIamRole", "MasterIamRole/policy a", "MasterInstanceProfile", "MasterIamRole/policy b"]
    gone = [Action(id, "AWS::IAM::Role", Verb.CREATE) for id in ids]
    row = judged(dict.fromkeys(ids, ""), actions=gone, unread_resources=dict.fromkeys(ids, why))["IAM-MASTER"]
    assert (row.status, row.remedy) == (RowStatus.UNKNOWN, "ask")
    assert row.detail == (
        "MasterIamRole, MasterIamRole/policy a, MasterInstanceProfile and 1 more can't be known: "
        "GetRole: AccessDenied: no (request r-1)"
    )


def test_what_the_run_does_without_is_asked_for_and_not_known() -> None:
    found = judged({"MasterIamRole": "role"}, left_out=["MasterInstanceProfile", "WorkerIamRole", "IntDns"])
    assert [(id, row.detail) for id, row in found.items() if row.status is RowStatus.UNKNOWN] == [
        ("DNS-PRIVATE", "left out by --without: IntDns"),
        ("IAM-MASTER", "left out by --without: MasterInstanceProfile"),
        ("IAM-WORKER", "left out by --without: WorkerIamRole"),
    ]
    assert found["IAM-WORKER"].remedy == "`ocpprov verify` without --without, by somebody who may read it"


def test_a_row_is_a_document() -> None:
    assert RowResult("NET-VPC", RowStatus.NOT_APPLICABLE, detail="x").document() == {
        "id": "NET-VPC",
        "status": "not-applicable",
        "evidence": [],
        "detail": "x",
        "remedy": "",
        "commands": [],
    }


def test_what_is_to_come_is_told_by_what_it_refers_to() -> None:
    change = Change("NatGatewayId", "nat-1", Unknown(Ref("NAT")))
    row = judged({"Route": "r"}, actions=[Action("Route", "AWS::EC2::Route", Verb.UPDATE, "r", [change])])["NET-NAT"]
    assert row.detail == 'Route is otherwise: NatGatewayId is "nat-1", not (of the new NAT)'


def test_long_values_are_cut() -> None:
    change = Change("PolicyDocument", "x" * 200, "y")
    row = judged({"VPC": "vpc-1"}, actions=[Action("VPC", "AWS::EC2::VPC", Verb.UPDATE, "vpc-1", [change])])["NET-VPC"]
    assert row.detail == f'VPC is otherwise: PolicyDocument is "{"x" * 96}..., not "y"'


def test_a_stopped_flow_has_commands_for_all_that_stops_it() -> None:
    answer = replace(CLOSED, direction="ingress", reply=True)
    told = {CLOSED: ["aws one", "aws two"], answer: ["aws three", "aws one"]}
    stopped = replace(flow(Verdict((CLOSED, answer))), commands=told)
    row = judged({"MasterIngressEtcd": "sgr-1"}, flows=[stopped])["SG-MASTER-INGRESS"]
    assert row.commands == ("aws one", "aws two", "aws three")
    assert row.document()["commands"] == ["aws one", "aws two", "aws three"]


def test_a_flow_that_is_stopped_in_one_zone_says_where() -> None:
    here, there = Subnet("subnet-a", Span(0, 3)), Subnet("subnet-b", Span(4, 7))
    pairs = [SubnetPair(here, there, Verdict((CLOSED,))), SubnetPair(there, here, ARRIVES)]
    row = judged({"sg-1": "sg-1"}, flows=[replace(flow(Verdict((CLOSED,))), pairs=pairs)])["SG-MASTER-INGRESS"]
    assert row.detail.endswith("to control plane, in 1 of 2 pairs of subnets: subnet-a to subnet-b")


def test_what_apply_mends_needs_no_other_command() -> None:
    create = Action("sg-1", "AWS::EC2::SecurityGroup", Verb.UPDATE, "sg-1")
    stopped = replace(flow(Verdict((CLOSED,))), commands={CLOSED: ["aws one"]})
    row = judged({"sg-1": "sg-1"}, actions=[create], flows=[stopped])["SG-MASTER-INGRESS"]
    assert (row.remedy, row.commands) == ("ocpprov apply prod.yaml", ())


LACKING = NeededService("ec2", "com.amazonaws.eu-west-1.ec2", lacking="vpc-1 has no endpoint of it", remedy="list ec2")


def endpoint_flow(verdict: Verdict = ARRIVES, **more: Any) -> MatrixRow:
    found = MatrixRow("ec2", "NET-EC2", "compute", "vpce-1", "tcp", "443", verdict, also="AIR-GAP")
    return replace(found, **more)


def test_air_gap_rests_on_the_flows_of_other_rows_with_their_endpoints_as_evidence() -> None:
    row = judged({}, flows=[endpoint_flow()])["AIR-GAP"]
    assert (row.status, row.evidence) == (RowStatus.PASS, ["vpce-1"])
    stopped = judged({}, flows=[endpoint_flow(Verdict((CLOSED,)))])
    assert {id for id, each in stopped.items() if each.status is RowStatus.FAIL} == {"NET-EC2", "AIR-GAP"}


def test_a_service_without_an_endpoint_is_told_with_what_makes_one() -> None:
    flow = endpoint_flow(Verdict((CLOSED,)), requirement="AIR-GAP", also="", target="internet", lacks=LACKING)
    row = judged({}, flows=[flow])["AIR-GAP"]
    assert (row.status, row.evidence, row.remedy) == (RowStatus.FAIL, [], "list ec2")
    assert row.detail.endswith("stops ec2 (tcp 443) from compute to internet, as vpc-1 has no endpoint of it")

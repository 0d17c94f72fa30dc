"""What AWS leaves out of an answer, or doesn't let us look at, changes nothing and is told."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ocpprov.sandbox.exchange import Answer, ConnectionDropped, Request, error
from ocpprov.sandbox.middleware.dry_run import DryRun
from tests.end_to_end.one_of_each import PLAN, RESOURCES
from tests.end_to_end.world import REGION
from tests.support.in_process import Bastion

CLOSED = {
    "DescribeTransitGatewayVpcAttachments": "AWS::EC2::TransitGatewayAttachment",
    "DescribeVpcPeeringConnections": "AWS::EC2::VPCPeeringConnection",
    "DescribeDhcpOptions": "AWS::EC2::DHCPOptions",
    "DescribeTags": "Ocpprov::EC2::SharedTags",
}
"""Operations that the plan has no use for, and the types that they are asked about. Where the last one answers, the
others aren't asked."""


@pytest.fixture(scope="module")
def applied(one_bastion: Bastion, tmp_path_factory: pytest.TempPathFactory) -> Bastion:
    """A plan that is there, in a VPC in which somebody has a subnet with IPv6 addresses only."""
    bastion = one_bastion
    bastion.moved_in(tmp_path_factory.mktemp("bastion"), REGION)
    (bastion.home / "plan.json").write_text(json.dumps(PLAN))
    assert bastion.apply(bastion.home / "plan.json").code == 0
    ec2 = bastion.client("ec2")
    [vpc] = ec2.describe_vpcs(Filters=[{"Name": "tag:ocpprov:resource", "Values": ["Vpc"]}])["Vpcs"]
    ec2.associate_vpc_cidr_block(VpcId=vpc["VpcId"], AmazonProvidedIpv6CidrBlock=True)
    [vpc] = ec2.describe_vpcs(VpcIds=[vpc["VpcId"]])["Vpcs"]
    block = vpc["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"].replace("/56", "/64")
    made = ec2.create_subnet(VpcId=vpc["VpcId"], Ipv6CidrBlock=block, Ipv6Native=True)["Subnet"]
    assert "CidrBlock" not in ec2.describe_subnets(SubnetIds=[made["SubnetId"]])["Subnets"][0]
    return bastion


@pytest.fixture
def plan(applied: Bastion) -> Path:
    return applied.home / "plan.json"


Edit = Callable[[Request, Answer], Answer]


@pytest.fixture
def answers(applied: Bastion, monkeypatch: pytest.MonkeyPatch) -> Callable[[Edit], None]:
    """Has every answer of AWS pass through a function."""
    usual = applied.pipeline.answer

    def through(edit: Edit) -> None:
        def answer(request: Request) -> Answer | ConnectionDropped:
            given = usual(request)
            return edit(request, given) if isinstance(given, Answer) else given

        monkeypatch.setattr(applied.pipeline, "answer", answer)

    return through


def without(operation: str, pattern: bytes, put: bytes = b"") -> Edit:
    """The answers to an operation without what a pattern matches."""

    def edit(request: Request, answer: Answer) -> Answer:
        if request.operation != operation:
            return answer
        body, found = re.subn(pattern, put, answer.body, flags=re.DOTALL)
        assert found
        return replace(answer, body=body)

    return edit


def closed(*operations: str, code: str = "UnauthorizedOperation", status: int = 403) -> Edit:
    """Operations of EC2 that are refused."""
    return lambda request, answer: (
        error(request, code, "not here", status)
        if request.service == "ec2" and request.operation in operations
        else answer
    )


def test_a_strangers_subnet_without_ipv4_ends_nothing(applied: Bastion, plan: Path) -> None:
    assert applied.plan(plan).code == 0
    assert applied.apply(plan).sent == []
    assert {check.status.value for check in applied.checks(plan) if check.id == "plan"} == {"pass"}


def test_gateways_without_addresses_in_an_answer_are_kept(
    applied: Bastion, plan: Path, answers: Callable[[Edit], None]
) -> None:
    answers(without("DescribeNatGateways", b"<natGatewayAddressSet>.*?</natGatewayAddressSet>"))
    assert applied.plan(plan).code == 0


@pytest.mark.parametrize(
    ("operation", "pattern"),
    [
        pytest.param("DescribeVpcs", b"<vpcSet>.*</vpcSet>", marks=pytest.mark.torture),
        ("DescribeRouteTables", b"<routeTableSet>.*</routeTableSet>"),
        pytest.param("ListHostedZones", b"<HostedZones>.*</HostedZones>", marks=pytest.mark.torture),
        pytest.param("DescribeSecurityGroups", b"<groupId>.*?</groupId>", marks=pytest.mark.torture),
        ("DescribeNatGateways", b"<state>.*?</state>"),
        pytest.param("ListRoles", b"<ListRolesResult>.*</ListRolesResult>", marks=pytest.mark.torture),
    ],
)
def test_an_answer_that_says_too_little_is_refused(
    applied: Bastion, plan: Path, answers: Callable[[Edit], None], operation: str, pattern: bytes
) -> None:
    answers(without(operation, pattern))
    ended = applied.apply(plan)
    assert (ended.code, ended.sent) == (2, [])
    assert f"{operation}: UnreadableAnswer: " in ended.said
    assert "Nothing was changed" in ended.said


def test_one_vanished_balancer_hides_no_other(applied: Bastion, plan: Path, answers: Callable[[Edit], None]) -> None:
    """Somebody's balancer is listed and gone when its tags are asked for, as in an account where others are at work."""
    (ours,) = applied.client("elbv2").describe_load_balancers()["LoadBalancers"]
    phantom = ours["LoadBalancerArn"].replace("prod-api", "k8s-gone").encode()

    def edit(request: Request, answer: Answer) -> Answer:
        if request.operation == "DescribeLoadBalancers":
            row = re.search(rb"<member>.*</member>", answer.body, re.DOTALL)
            assert row
            other = row[0].replace(ours["LoadBalancerArn"].encode(), phantom).replace(b"prod-api", b"k8s-gone")
            return replace(answer, body=answer.body.replace(row[0], row[0] + other))
        return answer

    answers(edit)
    ended = applied.plan(plan)
    assert ended.code == 0, ended.said
    asked = [call for call in applied.pipeline.calls() if call["operation"] == "DescribeTags"]
    assert {call["status"] for call in asked if phantom.decode() in call["parameters"].values()} == {400}


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("UnauthorizedOperation", 403),
        pytest.param("InvalidAction", 400, marks=pytest.mark.torture),
        pytest.param("UnsupportedOperation", 400, marks=pytest.mark.torture),
        pytest.param("OptInRequired", 401, marks=pytest.mark.torture),
    ],
)
def test_what_the_plan_has_no_use_for_may_be_closed(
    applied: Bastion, plan: Path, answers: Callable[[Edit], None], code: str, status: int
) -> None:
    answers(closed(*CLOSED, code=code, status=status))
    for ended in (applied.plan(plan), applied.apply(plan)):
        assert (ended.code, ended.sent) == (0, [])
        for operation, type in CLOSED.items():
            assert f"{type} wasn't looked at: " in ended.said
            assert f"{operation}: {code}: not here" in ended.said
    notes = [check for check in applied.checks(plan) if "wasn't looked at" in check.detail]
    else_ = "nothing, where the plan never had any; else: Give the user the permission for Describe"
    begins = else_ if code == "UnauthorizedOperation" else "nothing has to be done"
    assert len(notes) == 5
    assert all(check.remedy.startswith(begins) for check in notes)


def test_what_the_plan_has_must_be_looked_at(applied: Bastion, answers: Callable[[Edit], None]) -> None:
    more = {"Ways": {"Type": "AWS::EC2::DHCPOptions", "Properties": {"DomainName": "example.com"}}}
    plan = applied.home / "more.json"
    plan.write_text(json.dumps({**PLAN, "Resources": {**RESOURCES, **more}}))
    answers(closed("DescribeDhcpOptions"))
    ended = applied.apply(plan)
    assert (ended.code, ended.sent) == (2, [])
    assert "DescribeDhcpOptions: UnauthorizedOperation: not here" in ended.said


@pytest.mark.parametrize(
    "operation",
    [
        "DescribeSecurityGroupRules",
        *(pytest.param(other, marks=pytest.mark.torture) for other in ("DescribeVpcs", "DescribeNatGateways")),
    ],
)
def test_what_the_plan_stands_on_must_be_looked_at(
    applied: Bastion, plan: Path, answers: Callable[[Edit], None], operation: str
) -> None:
    answers(closed(operation))
    for ended in (applied.apply(plan), applied.destroy(plan)):
        assert (ended.code, ended.sent) == (2, [])


def test_machines_that_an_answer_does_not_tell_of_are_not_none(
    applied: Bastion, plan: Path, answers: Callable[[Edit], None]
) -> None:
    answers(without("DescribeInstances", b"<reservationSet ?/?>(.*</reservationSet>)?"))
    ended = applied.destroy(plan)
    assert (ended.code, ended.sent) == (2, [])
    assert "DescribeInstances: UnreadableAnswer: the answer lacks Reservations" in ended.said


def test_a_dry_run_that_is_carried_out_is_taken_back(
    applied: Bastion, plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """moto makes a VPC when it is asked whether it would."""
    vpcs = [each["VpcId"] for each in applied.client("ec2").describe_vpcs()["Vpcs"]]
    monkeypatch.setattr(DryRun, "before", lambda *_: None)
    [check] = [check for check in applied.checks(plan) if check.id == "dry-runs"]
    assert check.status.value == "warn"
    assert "ec2:CreateVpc was carried out, which AWS never does: vpc-" in check.detail
    assert check.detail.endswith(" was made, and taken back")
    assert [each["VpcId"] for each in applied.client("ec2").describe_vpcs()["Vpcs"]] == vpcs


def test_only_documented_filters_were_sent(
    applied: Bastion, plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Where nobody knows what the plan had.
    monkeypatch.setattr(applied, "home", tmp_path)
    assert applied.plan(plan).code == 0
    sent = {
        value
        for call in applied.pipeline.calls()
        if call["operation"] == "DescribeTransitGatewayVpcAttachments"
        for name, value in call["parameters"].items()
        if re.fullmatch(r"Filter\.\d+\.Name", name)
    }
    assert sent == {"vpc-id"}


def test_destroy_says_what_it_did_not_look_at_and_goes_on(
    applied: Bastion, plan: Path, answers: Callable[[Edit], None]
) -> None:
    answers(closed(*CLOSED))
    ended = applied.destroy(plan)
    # The stranger's subnet keeps the VPC, and is named.
    assert ended.code == 1
    assert "DeleteNatGateway" in ended.sent
    assert all(f"{type} wasn't looked at: " in ended.said for type in CLOSED.values())
    [left] = applied.client("ec2").describe_subnets(Filters=[{"Name": "ipv6-native", "Values": ["true"]}])["Subnets"]
    assert left["SubnetId"] in ended.said + ended.events

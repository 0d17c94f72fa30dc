"""`init` before AWS: what it offers, what a name means, which quotas there are; and on a terminal, what is asked."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from ocpprov.sandbox.admin import SandboxAdmin
from tests.end_to_end.local import LocalOperator
from tests.end_to_end.test_screen import until_shown
from tests.end_to_end.world import REGION, ROOT, Operator
from tests.support.screen import OnScreen

CLUSTER = ("--region", REGION, "--cluster-name", "lab", "--base-domain", "example.com")


def network(user: LocalOperator, name: str) -> dict[str, str]:
    """A VPC of this name with a private subnet in each of two zones and a public one; their ids by names."""
    ec2 = user.bastion.client("ec2")

    def named(kind: str, what: str) -> list[dict[str, object]]:
        return [{"ResourceType": kind, "Tags": [{"Key": "Name", "Value": what}]}]

    vpc = ec2.create_vpc(CidrBlock="10.8.0.0/16", TagSpecifications=named("vpc", name))["Vpc"]["VpcId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    [main] = ec2.describe_route_tables(
        Filters=[{"Name": "vpc-id", "Values": [vpc]}, {"Name": "association.main", "Values": ["true"]}]
    )["RouteTables"]
    found = {"vpc": vpc, "main": main["RouteTableId"]}
    for number, what in enumerate(("private-a", "private-b", "public-a")):
        found[what] = ec2.create_subnet(
            VpcId=vpc,
            CidrBlock=f"10.8.{number}.0/24",
            AvailabilityZone=f"{REGION}{what[-1]}",
            TagSpecifications=named("subnet", what),
        )["Subnet"]["SubnetId"]
    ec2.associate_route_table(RouteTableId=table, SubnetId=found["public-a"])
    return found


def test_a_network_by_its_name(user: LocalOperator) -> None:
    """No id is typed: the VPC's blocks, the private subnets and their table are found."""
    ids = network(user, "corp")
    user.good("init", "lab.yaml", *CLUSTER, "--publish", "Internal", "--vpc", "corp", "--sandbox")
    text = (user.folder / "lab.yaml").read_text()
    for line in (
        f"  vpcID: {ids['vpc']} ",
        f"  subnets: [{ids['private-a']}, {ids['private-b']}]\n",
        f"  routeTables: [{ids['main']}] ",
        "  machineNetwork: 10.8.0.0/16\n",
        "  egress: none ",
        "  endpoints: [s3, ec2, elasticloadbalancing, sts] ",
        "  appsRecord: auto ",
    ):
        assert line in text
    plan = user.good("plan", "lab.yaml", "--sandbox").out
    assert "create  VPC" not in plan
    assert "create  S3Endpoint" in plan
    interface = user.bastion.client("ec2").create_network_interface(SubnetId=ids["public-a"])["NetworkInterface"]
    user.bastion.client("ec2").create_route(
        RouteTableId=ids["main"],
        DestinationCidrBlock="0.0.0.0/0",
        NetworkInterfaceId=interface["NetworkInterfaceId"],
    )
    named = user.run("init", "b.yaml", *CLUSTER, "--vpc", "corp", "--subnets", "private-b,public-a", "--sandbox")
    assert named.code == 0, named.err
    text = (user.folder / "b.yaml").read_text()
    assert f"  subnets: [{ids['private-b']}, {ids['public-a']}]\n" in text
    assert "  endpoints: [s3] " in text
    assert "egress:" not in text
    wrong = user.run("init", "c.yaml", *CLUSTER, "--vpc", "corpse", "--sandbox")
    assert wrong.code == 2
    assert wrong.err.startswith("--vpc corpse: nothing of this name is known (vpc-…); there are vpc-")


def test_subnets_that_the_install_config_names_are_not_repeated_and_their_tables_are_found(user: LocalOperator) -> None:
    ids = network(user, "corp")
    (user.folder / "inst").mkdir()
    (user.folder / "inst" / "install-config.yaml").write_text(
        f"""\
apiVersion: v1
baseDomain: example.com
metadata: {{name: lab}}
networking: {{machineNetwork: [{{cidr: 10.8.0.0/16}}]}}
publish: Internal
platform: {{aws: {{region: {REGION}, subnets: [{ids["private-a"]}, {ids["private-b"]}]}}}}
"""
    )
    user.good("init", "lab.yaml", "--install-dir", "inst", "--sandbox")
    text = (user.folder / "lab.yaml").read_text()
    assert f"  routeTables: [{ids['main']}] " in text
    assert "subnet-" not in text
    assert "zones:" not in text
    assert "create  S3Endpoint" in user.good("plan", "lab.yaml", "--sandbox").out


def test_quotas_are_shown_beside_what_is_needed(user: LocalOperator) -> None:
    """Nothing in AWS is changed."""
    done = user.good("init", *CLUSTER, "--sandbox", "--json")
    quotas = {each["id"]: each for each in json.loads(done.out)["quotas"]}
    assert quotas["quota-addresses"]["detail"] == "Elastic IP addresses: 0 used, 3 needed, 1000 left of 1000"
    assert quotas["quota-nat-gateways"]["detail"].startswith(f"NAT gateways of a zone in {REGION}a: 0 used, 1 needed")
    assert quotas["quota-network-load-balancers"]["detail"].startswith("network load balancers: 0 used, 2 needed")
    assert "quota-subnets" not in quotas, "what a single thing may hold is told where it is too little"
    assert user.aws.changes() == []


def test_where_aws_cannot_be_asked_the_plan_is_written_all_the_same(user: LocalOperator) -> None:
    refused = {"fault": "error", "code": "UnauthorizedOperation", "status": 403, "times": 9}
    user.aws.faults([{"operation": "DescribeVpcs", **refused}])
    done = user.good("init", *CLUSTER, "--sandbox")
    assert "note: AWS doesn't tell the VPCs that are there: DescribeVpcs: UnauthorizedOperation" in done.err
    assert (
        "quotas:\n  unknown: VPCs: 1 needed; what is used can't be read: DescribeVpcs: UnauthorizedOperation"
        in done.out
    )
    assert (user.folder / "plan.yaml").exists()


def test_on_a_terminal_what_is_missing_is_asked(operator: Operator, admin: SandboxAdmin) -> None:
    environ = {**os.environ, "PYTHONPATH": str(ROOT), **operator.environ}
    words = ["init", "--sandbox", "--region", REGION, "--cluster-name", "lab", "--openshift-version", "4.20"]
    command = OnScreen(words, operator.folder, environ)
    for prompt, keys in (
        ("The domain it is in:", b"corp.net\n"),
        ("good [lab]:", b"\n"),
        ("number [External]:", b"3\n"),
        ("Error: 3 is none of External, Internal", b"2\n"),
        ("number, or a text [new]:", b"1\n"),
        ("The VPC's block [10.0.0.0/16]:", b"\n"),
        (f"Zones, of {REGION}a, {REGION}b, {REGION}c:", b"1\n"),
        ("number [nat]:", b"none\n"),
    ):
        until_shown(command, prompt)
        command.type(keys)
    assert command.ended(60) == 0, command.screen.rows()
    rows = command.screen.rows()
    assert any(row.startswith("   2  vpc-") and row.endswith("172.31.0.0/16") for row in rows), rows
    assert "next: ocpprov apply plan.yaml --sandbox" in rows
    text = Path(operator.folder / "plan.yaml").read_text()
    assert "  publish: Internal " in text
    assert "  endpoints: [s3, ec2, elasticloadbalancing, sts] " in text


@pytest.mark.torture
def test_ctrl_c_at_a_question_writes_nothing(operator: Operator, admin: SandboxAdmin) -> None:
    environ = {**os.environ, "PYTHONPATH": str(ROOT), **operator.environ}
    command = OnScreen(["init", "--offline"], operator.folder, environ)
    until_shown(command, "Region:")
    command.type(b"\x03")
    assert command.ended(60) == 130
    assert command.screen.rows()[-1] == "interrupted"
    assert not (operator.folder / "plan.yaml").exists()

"""Endpoints that others make in an existing VPC: a plan leaves them alone, keeps its own, and says what they don't
serve."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ocpprov.checks.result import Status
from tests.end_to_end.world import REGION
from tests.support.in_process import Bastion

S3 = f"com.amazonaws.{REGION}.s3"
EC2 = f"com.amazonaws.{REGION}.ec2"


@dataclass(frozen=True)
class Network:
    """A VPC of somebody's, with a private subnet and its route table."""

    bastion: Bastion
    ec2: Any
    vpc: str
    subnet: str
    table: str

    def plan(self, name: str, table: str, *endpoints: str) -> Path:
        section = {
            "version": "4.12",
            "clusterName": name,
            "baseDomain": "example.com",
            "publish": "Internal",
            "egress": "none",
            "vpcID": self.vpc,
            "subnets": [self.subnet],
            "routeTables": [table],
            "endpoints": list(endpoints),
            "bucket": "none",
        }
        file = self.bastion.home / f"{name}.json"
        file.write_text(json.dumps({"name": name, "region": REGION, "openshift": section}))
        return file

    def another_table(self) -> str:
        return str(self.ec2.create_route_table(VpcId=self.vpc)["RouteTable"]["RouteTableId"])

    def gateway(self, *tables: str) -> str:
        """Somebody's gateway to S3."""
        made = self.ec2.create_vpc_endpoint(
            VpcId=self.vpc, ServiceName=S3, VpcEndpointType="Gateway", RouteTableIds=list(tables)
        )
        return str(made["VpcEndpoint"]["VpcEndpointId"])

    def interface(self, *admitted: str, private_dns: bool = True) -> str:
        """Somebody's interface to EC2, with a group of its own."""
        number = len(self.ec2.describe_security_groups()["SecurityGroups"])
        group = self.ec2.create_security_group(GroupName=f"g{number}", Description="theirs", VpcId=self.vpc)["GroupId"]
        ranges = [{"CidrIp": block} for block in admitted]
        if ranges:
            rule = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": ranges}
            self.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])
        made = self.ec2.create_vpc_endpoint(
            VpcId=self.vpc,
            ServiceName=EC2,
            VpcEndpointType="Interface",
            SubnetIds=[self.subnet],
            SecurityGroupIds=[group],
            PrivateDnsEnabled=private_dns,
        )
        return str(made["VpcEndpoint"]["VpcEndpointId"])

    def routes(self) -> dict[str, list[str]]:
        """The route tables of each gateway that is there."""
        found = self.ec2.describe_vpc_endpoints(Filters=[{"Name": "vpc-id", "Values": [self.vpc]}])["VpcEndpoints"]
        there = [each for each in found if each["State"].lower() not in ("deleting", "deleted")]
        return {each["VpcEndpointId"]: each.get("RouteTableIds", []) for each in there}


@pytest.fixture
def network(one_bastion: Bastion, tmp_path: Path) -> Network:
    bastion = one_bastion
    bastion.moved_in(tmp_path, REGION)
    ec2 = bastion.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/20", AvailabilityZone=f"{REGION}a")["Subnet"]["SubnetId"]
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
    return Network(bastion, ec2, vpc, subnet, table)


def test_an_unchanged_plan_keeps_its_endpoints_whatever_others_make(network: Network) -> None:
    plan = network.plan("prod", network.table, "s3", "ec2")
    assert network.bastion.apply(plan).code == 0
    before = network.routes()
    network.gateway(network.another_table())
    # AWS lets no second interface have the service's own names.
    network.interface("10.0.0.0/16", private_dns=False)
    planned = network.bastion.plan(plan)
    assert (planned.code, "0 to delete" in planned.said) == (0, True), planned.said
    assert network.bastion.apply(plan).sent == []
    assert before.items() <= network.routes().items()


def test_two_plans_in_one_vpc_leave_each_others_endpoints(network: Network) -> None:
    first = network.plan("one", network.table, "s3")
    second = network.plan("two", network.another_table(), "s3")
    assert [network.bastion.apply(plan).code for plan in (first, second)] == [0, 0]
    assert len(network.routes()) == 2
    assert [network.bastion.apply(plan).sent for plan in (first, second)] == [[], []]


def test_a_gateway_is_made_beside_somebodys_that_is_on_other_tables(network: Network) -> None:
    theirs = network.gateway()
    assert network.bastion.apply(network.plan("prod", network.table, "s3")).code == 0
    found = network.routes()
    assert found.pop(theirs) == []
    assert list(found.values()) == [[network.table]]


@pytest.mark.parametrize(
    ("admitted", "wrong"),
    [
        ((), ["has no inbound rules (SG_HAS_NO_RULES)"]),
        (("10.0.0.0/21",), ["has no inbound rule for tcp 443 from 10.0.8.0/21 (ENI_SG_RULES_MISMATCH)"]),
        (("10.0.0.0/16",), []),
    ],
    ids=["nobody", "half of the machines", "all"],
)
def test_preflight_says_whom_somebodys_interface_does_not_admit(
    network: Network, admitted: tuple[str, ...], wrong: list[str]
) -> None:
    theirs = network.interface(*admitted)
    [group] = network.ec2.describe_vpc_endpoints(VpcEndpointIds=[theirs])["VpcEndpoints"][0]["Groups"]
    checks = network.bastion.checks(network.plan("prod", network.table, "ec2"))
    found = [check for check in checks if check.id == "endpoint-admits"]
    stops = f": stops {EC2} (tcp 443) from control plane to {theirs}, "
    said = [check.detail.partition(stops) for check in found]
    assert [(before, there) for before, there, _ in said] == [(f"{group['GroupId']} {why}", stops) for why in wrong]
    assert all(check.status is Status.FAIL for check in found)


def test_somebodys_gateway_is_left_alone_before_and_after_the_first_apply(network: Network) -> None:
    """On other tables than the machines' the plan makes its own beside it, and neither touches the other's."""
    before = network.gateway(network.another_table())
    plan = network.plan("prod", network.table, "s3")
    assert network.bastion.apply(plan).code == 0
    after = network.gateway(network.another_table())
    theirs = {id: tables for id, tables in network.routes().items() if id in (before, after)}
    assert network.bastion.apply(plan).sent == []
    assert len(network.routes()) == 3
    destroyed = network.bastion.destroy(plan)
    assert destroyed.code == 0, destroyed.said
    assert "others reach the service" not in destroyed.said
    assert network.routes() == theirs


def test_destroy_says_who_else_uses_an_endpoint_before_it_goes(network: Network) -> None:
    plan = network.plan("prod", network.table, "s3")
    assert network.bastion.apply(plan).code == 0
    another = network.ec2.create_subnet(VpcId=network.vpc, CidrBlock="10.0.16.0/20")["Subnet"]["SubnetId"]
    network.ec2.associate_route_table(RouteTableId=network.table, SubnetId=another)
    marks = [{"Key": "ocpprov:shared:two", "Value": "tag x"}]
    network.ec2.create_tags(Resources=[another], Tags=marks)
    destroyed = network.bastion.destroy(plan)
    assert destroyed.code == 0, destroyed.said
    lines = destroyed.said.splitlines()
    [told] = [line for line in lines if "others reach the service" in line]
    assert told.endswith(f"({S3}) goes, and others reach the service through it: plan two ({another})")

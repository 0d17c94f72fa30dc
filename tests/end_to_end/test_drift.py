"""What somebody changed by hand is shown and repaired; what others added stays; what we no longer want goes.

What is decided in each case is tested on values in `tests/engine`; here one representative of each goes the whole way.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.end_to_end.local import LocalOperator
from tests.end_to_end.world import ROOT
from tests.support.warm import Finished

TEXT = (ROOT / "plans" / "network-3az.yaml").read_text()
TAGGED = (
    "VPC",
    "PublicSubnet",
    "InternetGateway",
    "PrivateRouteTable2",
    "EIP2",
    "NAT3",
    "S3Endpoint",
    "MasterSecurityGroup",
)


class Cluster:
    """An applied plan, and the means to meddle with it."""

    def __init__(self, user: LocalOperator, text: str = TEXT) -> None:
        self.user = user
        self.ec2: Any = user.aws.client("ec2")
        self.route53: Any = user.aws.client("route53")
        self.write(text)
        user.good("apply", "plan.yaml", "--sandbox", "--yes")

    def write(self, text: str) -> None:
        (self.user.folder / "plan.yaml").write_text(text)

    def id(self, logical_id: str) -> str:
        tags = self.ec2.describe_tags(Filters=[{"Name": "key", "Values": ["ocpprov:resource"]}])["Tags"]
        return str([tag["ResourceId"] for tag in tags if tag["Value"] == logical_id][-1])

    def vpc_of(self, plan: str) -> str:
        vpcs = self.ec2.describe_vpcs(Filters=[{"Name": "tag:ocpprov:plan", "Values": [plan]}])["Vpcs"]
        return str(vpcs[0]["VpcId"])

    def zone(self) -> str:
        return str(self.route53.list_hosted_zones()["HostedZones"][0]["Id"])

    def plan(self) -> Finished:
        return self.user.run("plan", "plan.yaml", "--sandbox", "--detailed-exitcode", "--verbose")

    def apply(self, *allowed: str) -> Finished:
        options = [word for name in allowed for word in ("--allow", name)]
        return self.user.run("apply", "plan.yaml", "--sandbox", "--yes", *options)


@pytest.fixture
def cluster(user: LocalOperator) -> Cluster:
    return Cluster(user)


@pytest.mark.torture
@pytest.mark.parametrize(("even", "odd"), [("ocpprov:plan", "ocpprov:resource"), ("ocpprov:resource", "ocpprov:plan")])
def test_a_lost_ownership_tag_is_put_back(cluster: Cluster, even: str, odd: str) -> None:
    for number, logical_id in enumerate(TAGGED):
        key = odd if number % 2 else even
        cluster.ec2.delete_tags(Resources=[cluster.id(logical_id)], Tags=[{"Key": key}])
    shown = cluster.plan()
    assert shown.code == 2
    assert shown.out.count(f"Tags.{even}: nothing") == shown.out.count(f"Tags.{odd}: nothing") == len(TAGGED) / 2
    assert "8 to adopt" in shown.out
    assert cluster.apply().code == 0
    assert cluster.plan().code == 0


def test_what_others_added_stays_and_changes_no_exit_code(cluster: Cluster) -> None:
    table, group = cluster.id("PrivateRouteTable2"), cluster.id("WorkerSecurityGroup")
    cluster.ec2.create_tags(Resources=[cluster.id("VPC")], Tags=[{"Key": "theirs", "Value": "x"}])
    cluster.ec2.create_route(RouteTableId=table, DestinationCidrBlock="192.168.0.0/16", NatGatewayId=cluster.id("NAT2"))
    permission = {"IpProtocol": "tcp", "FromPort": 99, "ToPort": 99, "IpRanges": [{"CidrIp": "192.0.2.0/24"}]}
    cluster.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[permission])
    record = {"Name": "theirs.prod.example.com.", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}
    changes = [{"Action": "CREATE", "ResourceRecordSet": record}]
    cluster.route53.change_resource_record_sets(HostedZoneId=cluster.zone(), ChangeBatch={"Changes": changes})
    before = cluster.user.aws.everything()
    shown = cluster.plan()
    assert shown.code == 0
    assert shown.out.count("not ours, left alone") == 4
    assert cluster.apply().code == 0
    assert cluster.user.aws.everything() == before
    routes = cluster.ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
    assert "192.168.0.0/16" in [route.get("DestinationCidrBlock") for route in routes]


@pytest.mark.torture
def test_what_the_plan_no_longer_has_goes(cluster: Cluster) -> None:
    cluster.write(TEXT.replace("region: eu-west-1\n", "region: eu-west-1\nuserTags: {costCentre: '4711'}\n"))
    assert cluster.apply().code == 0
    cluster.write(
        TEXT.replace("etcdRecords: true", "etcdRecords: false").replace("egress: nat ", "egress: nat-single ")
    )
    refused = cluster.apply()
    assert refused.code == 2
    assert "--allow EIP2 --allow EIP3" in refused.err
    done = cluster.apply("EIP2", "EIP3")
    assert done.code == 0, done.err
    assert cluster.plan().code == 0
    tags = cluster.ec2.describe_tags(Filters=[{"Name": "key", "Values": ["costCentre"]}])["Tags"]
    # Deleted gateways stay listed for an hour, with their tags.
    assert [tag for tag in tags if tag["ResourceType"] != "nat-gateway"] == []
    names = [
        row["Name"]
        for row in cluster.route53.list_resource_record_sets(HostedZoneId=cluster.zone())["ResourceRecordSets"]
    ]
    assert not [name for name in names if "etcd" in name]


@pytest.mark.torture
def test_all_subnets_may_move_at_once_with_what_stands_in_them(cluster: Cluster) -> None:
    # Smaller blocks, each overlapping an old one: gateways and balancers have to go before the subnets can.
    subnets = [f"{kind}Subnet{number}" for kind in ("Public", "Private") for number in ("", "2", "3")]
    moved = TEXT.replace("[10.0.48.10, 10.0.64.10, 10.0.80.10]", "[10.0.24.10, 10.0.32.10, 10.0.40.10]")
    cluster.write(moved.replace("zones: 3 ", "subnetBits: 11\n  zones: 3 "))
    untouched = cluster.user.aws.everything()
    assert cluster.apply().code == 2
    assert cluster.user.aws.everything() == untouched
    done = cluster.apply(*subnets, "ExtApiElb", "IntApiElb")
    assert done.code == 0, done.err
    assert cluster.plan().code == 0
    assert {member: len(ids) for member, ids in cluster.user.aws.everything().items()} == {
        member: len(ids) for member, ids in untouched.items()
    }
    found = cluster.ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [cluster.id("VPC")]}])["Subnets"]
    assert {subnet["CidrBlock"].split("/")[1] for subnet in found} == {"21"}


@pytest.mark.torture
def test_a_whole_network_is_replaced_when_all_of_it_is_allowed(cluster: Cluster) -> None:
    before = cluster.user.aws.everything()
    cluster.write(TEXT.replace("10.0.", "10.4."))
    refused = cluster.apply()
    assert refused.code == 2, refused.err
    done = cluster.apply(*(part.split()[0] for part in refused.err.split("--allow ")[1:]))
    assert done.code == 0, done.err
    assert cluster.plan().code == 0
    after = cluster.user.aws.everything()
    assert {member: len(ids) for member, ids in after.items()} == {member: len(ids) for member, ids in before.items()}
    assert len(set(after["Vpcs"]) - set(before["Vpcs"])) == len(set(before["Vpcs"]) - set(after["Vpcs"])) == 1


@pytest.mark.torture
def test_neighbours_and_strangers_are_left_alone(cluster: Cluster) -> None:
    user = cluster.user
    twin = user.folder / "twin.yaml"
    twin.write_text(
        TEXT.replace("name: network-3az", "name: neighbour")
        .replace("clusterName: prod", "clusterName: two")
        .replace("infraID: prod-x7k2p", "infraID: two-b2c3d")
    )
    user.good("apply", "twin.yaml", "--sandbox", "--yes")
    other_cluster = user.folder / "other.yaml"
    other_cluster.write_text(TEXT.replace("clusterName: prod", "clusterName: other"))
    all_there = user.aws.everything()
    for command in ("apply", "destroy"):
        refused = user.run(command, "other.yaml", "--sandbox", "--yes")
        assert (refused.code, user.aws.everything()) == (2, all_there)
    subnet = cluster.ec2.create_subnet(VpcId=cluster.vpc_of("network-3az"), CidrBlock="10.0.240.0/24")
    subnet_id = subnet["Subnet"]["SubnetId"]
    blocked = user.run("destroy", "plan.yaml", "--sandbox", "--yes")
    assert blocked.code == 1
    assert subnet_id in blocked.err
    left = user.aws.everything()
    assert subnet_id in left["Subnets"]
    assert user.run("plan", "twin.yaml", "--sandbox", "--detailed-exitcode").code == 0


@pytest.mark.torture
def test_a_twin_in_another_region_is_left_alone(cluster: Cluster) -> None:
    user = cluster.user
    (user.folder / "twin.yaml").write_text(TEXT.replace("region: eu-west-1", "region: us-east-1"))
    arguments = ("twin.yaml", "--sandbox", "--dir", "elsewhere")
    user.good("apply", *arguments, "--yes")
    zones = {zone["Id"] for zone in cluster.route53.list_hosted_zones()["HostedZones"]}
    assert len(zones) == 2
    assert cluster.plan().code == 0
    user.good("destroy", "--name", "network-3az", "--region", "eu-west-1", "--sandbox", "--yes")
    assert len(cluster.route53.list_hosted_zones()["HostedZones"]) == 1
    assert user.good("plan", *arguments, "--detailed-exitcode").code == 0

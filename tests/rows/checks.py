"""One check for each row of the requirements, against live AWS (or moto) by plain boto3.

Each takes boto3 clients, the plan's name and what is expected of it, and fails by assertion. Nothing here uses ocpprov.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.rows.expected import CIDR_RULES, GROUP_DESCRIPTIONS, ROLE_TAGS, RULES, Expected, GroupName, Side
from tests.rows.live import Clients, Live, associated_subnets, default_route, one, tags

Check = Callable[[Clients, str, Expected], None]
GROUPS: Mapping[GroupName, str] = {"master": "MasterSecurityGroup", "worker": "WorkerSecurityGroup"}


def check_net_vpc(clients: Clients, plan_name: str, expected: Expected) -> None:
    vpc = Live(clients, plan_name).vpc()
    assert vpc["CidrBlock"] == expected.vpc_cidr
    support = clients.ec2.describe_vpc_attribute(VpcId=vpc["VpcId"], Attribute="enableDnsSupport")
    hostnames = clients.ec2.describe_vpc_attribute(VpcId=vpc["VpcId"], Attribute="enableDnsHostnames")
    assert support["EnableDnsSupport"]["Value"] is True
    assert hostnames["EnableDnsHostnames"]["Value"] is True


def check_net_public(clients: Clients, plan_name: str, expected: Expected) -> None:
    _check_subnets(Live(clients, plan_name), expected, "public")


def check_net_igw(clients: Clients, plan_name: str, expected: Expected) -> None:
    live = Live(clients, plan_name)
    gateway = live.internet_gateway()
    assert [row["VpcId"] for row in gateway["Attachments"]] == [live.vpc()["VpcId"]]
    table = live.route_table("PublicRouteTable")
    assert default_route(table)["GatewayId"] == gateway["InternetGatewayId"]
    assert associated_subnets(table) == {live.subnet(each)["SubnetId"] for each in expected.subnet_ids["public"]}


def check_net_nat(clients: Clients, plan_name: str, expected: Expected) -> None:
    live = Live(clients, plan_name)
    for nat_id, address_id, subnet_id in zip(
        expected.nats, expected.addresses, expected.subnet_ids["public"], strict=True
    ):
        nat, address = live.nat_gateway(nat_id), live.address(address_id)
        assert nat["State"] == "available"
        assert nat["SubnetId"] == live.subnet(subnet_id)["SubnetId"]
        assert [row["AllocationId"] for row in nat["NatGatewayAddresses"]] == [address["AllocationId"]]
        assert address["Domain"] == "vpc"


def check_net_private(clients: Clients, plan_name: str, expected: Expected) -> None:
    live = Live(clients, plan_name)
    _check_subnets(live, expected, "private")
    for subnet_id, table_id, nat_id in zip(
        expected.subnet_ids["private"], expected.private_tables, expected.nats, strict=True
    ):
        table = live.route_table(table_id)
        assert associated_subnets(table) == {live.subnet(subnet_id)["SubnetId"]}
        assert default_route(table)["NatGatewayId"] == live.nat_gateway(nat_id)["NatGatewayId"]


def check_net_s3(clients: Clients, plan_name: str, expected: Expected) -> None:
    live = Live(clients, plan_name)
    endpoint = live.endpoint("S3Endpoint")
    assert endpoint["VpcEndpointType"] == "Gateway"
    assert endpoint["ServiceName"] == f"com.amazonaws.{expected.region}.s3"
    assert endpoint["VpcId"] == live.vpc()["VpcId"]
    assert endpoint["State"].lower() == "available"
    tables = ("PublicRouteTable", *expected.private_tables)
    assert set(endpoint["RouteTableIds"]) == {live.route_table(table)["RouteTableId"] for table in tables}


def check_sg_master(clients: Clients, plan_name: str, expected: Expected) -> None:
    _check_group(Live(clients, plan_name), "MasterSecurityGroup")


def check_sg_worker(clients: Clients, plan_name: str, expected: Expected) -> None:
    _check_group(Live(clients, plan_name), "WorkerSecurityGroup")


def check_sg_bootstrap(clients: Clients, plan_name: str, expected: Expected) -> None:
    _check_group(Live(clients, plan_name), "BootstrapSecurityGroup")


def check_sg_master_ingress(clients: Clients, plan_name: str, expected: Expected) -> None:
    _check_rules_between(Live(clients, plan_name), "master")


def check_sg_worker_ingress(clients: Clients, plan_name: str, expected: Expected) -> None:
    _check_rules_between(Live(clients, plan_name), "worker")


def check_dns_private(clients: Clients, plan_name: str, expected: Expected) -> None:
    live = Live(clients, plan_name)
    zone_id, zone_tags = live.zone("IntDns")
    zone = clients.route53.get_hosted_zone(Id=zone_id)
    assert zone["HostedZone"]["Name"] == expected.zone_name
    assert zone["HostedZone"]["Config"]["PrivateZone"] is True
    vpc = one("VPC of the zone", zone["VPCs"])
    assert (vpc["VPCId"], vpc["VPCRegion"]) == (live.vpc()["VpcId"], expected.region)
    assert {key: zone_tags.get(key) for key in expected.zone_tags} == expected.zone_tags


def check_dns_etcd(clients: Clients, plan_name: str, expected: Expected) -> None:
    zone_id, _ = Live(clients, plan_name).zone("IntDns")
    pages = clients.route53.get_paginator("list_resource_record_sets").paginate(HostedZoneId=zone_id)
    records = {
        (record["Name"], record["Type"]): (record["TTL"], {row["Value"] for row in record["ResourceRecords"]})
        for page in pages
        for record in page["ResourceRecordSets"]
        if "etcd" in record["Name"]
    }
    assert records == expected.records


def check_tag_cluster(clients: Clients, plan_name: str, expected: Expected) -> None:
    live = Live(clients, plan_name)
    for side, subnets in expected.subnet_ids.items():
        role, value = ROLE_TAGS[side]
        for subnet_id in subnets:
            found = tags(live.subnet(subnet_id))
            assert found.get(expected.cluster_tag) == "shared", subnet_id
            assert found.get(role) == value, subnet_id
    assert "Name" not in tags(live.vpc())
    # `openshift-install destroy` takes away what carries `owned`, and loops over what it can't delete.
    cluster = clients.ec2.describe_tags(Filters=[{"Name": "key", "Values": [expected.cluster_tag]}])["Tags"]
    assert {tag["Value"] for tag in cluster} == {"shared"}
    assert {tag["ResourceType"] for tag in cluster} == {"subnet"}


CHECKS: Mapping[str, Check] = {
    "NET-VPC": check_net_vpc,
    "NET-PUBLIC": check_net_public,
    "NET-IGW": check_net_igw,
    "NET-NAT": check_net_nat,
    "NET-PRIVATE": check_net_private,
    "NET-S3": check_net_s3,
    "SG-MASTER": check_sg_master,
    "SG-WORKER": check_sg_worker,
    "SG-BOOTSTRAP": check_sg_bootstrap,
    "SG-MASTER-INGRESS": check_sg_master_ingress,
    "SG-WORKER-INGRESS": check_sg_worker_ingress,
    "DNS-PRIVATE": check_dns_private,
    "DNS-ETCD": check_dns_etcd,
    "TAG-CLUSTER": check_tag_cluster,
}


def _check_subnets(live: Live, expected: Expected, side: Side) -> None:
    """Exactly the expected subnets of one side: block, logical id, zone, and the plan's VPC."""
    ids, vpc_id = expected.subnet_ids[side], live.vpc()["VpcId"]
    wanted = {
        (cidr, ids[index], expected.zones[index], vpc_id)
        for cidr, (of_side, index) in expected.subnets.items()
        if of_side == side
    }
    found = {_subnet_row(subnet) for subnet in live.subnets()}
    assert {row for row in found if row[1].lower().startswith(side)} == wanted


def _subnet_row(subnet: Any) -> tuple[str, str, str, str]:
    return subnet["CidrBlock"], tags(subnet)["ocpprov:resource"], subnet["AvailabilityZone"], subnet["VpcId"]


def _check_group(live: Live, logical_id: str) -> None:
    """A group's description, place and rules from blocks of addresses."""
    group = live.group(logical_id)
    assert group["Description"] == GROUP_DESCRIPTIONS[logical_id]
    assert group["VpcId"] == live.vpc()["VpcId"]
    rules = {
        (rule.protocol, rule.first_port, rule.last_port, rule.cidr) for rule in live.ingress(logical_id) if rule.cidr
    }
    assert rules == CIDR_RULES[logical_id]


def _check_rules_between(live: Live, group: GroupName) -> None:
    """Exactly the table's rules from other groups into one."""
    names = {live.group(logical_id)["GroupId"]: name for name, logical_id in GROUPS.items()}
    found = sorted(
        (names.get(rule.group_id, rule.group_id), rule.protocol, rule.first_port, rule.last_port, rule.description)
        for rule in live.ingress(GROUPS[group])
        if rule.group_id
    )
    wanted = sorted(
        (source, protocol, first, last, description)
        for _, into, source, protocol, first, last, description in RULES
        if into == group
    )
    assert found == wanted

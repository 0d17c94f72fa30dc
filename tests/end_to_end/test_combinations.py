"""Combinations of the `openshift` section's switches, such that any two values of two switches meet in one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, Final

import pytest

from tests.end_to_end.local import LocalAws, LocalOperator
from tests.end_to_end.world import REGION
from tests.support.pairwise import pairs, pairwise

ADDRESSES: Final = ("10.0.48.10", "10.0.48.11", "10.0.48.12")
SWITCHES: Final[Mapping[str, Sequence[str]]] = {
    "network": ("own", "VPC given", "subnets given"),
    "publish": ("External", "Internal"),
    "publicZone": ("create", "auto", "none"),
    "hostedZone": ("create", "none"),
    "zones": ("1", "2", "3", "named"),
    "egress": ("nat", "nat-single", "none"),
    "elasticIPs": ("none", "given"),
    "networkAcl": ("vpc-default", "documented", "working"),
    "endpoints": ("default", "s3", "interfaces", "s3-interface"),
    "loadBalancers": ("network", "classic"),
    "recordType": ("auto", "alias", "cname"),
    "etcdRecords": ("no", "yes"),
    "appsRecord": ("none", "named"),
    "bootstrap": ("on", "off", "address and file"),
    "iam": ("scoped", "documented", "path and boundary", "profiles given"),
    "bucket": ("auto", "none", "only through the endpoint"),
    "transit": ("none", "transit gateway", "peering"),
    "dhcp": ("none", "options", "second network"),
    "version": ("4.12", "4.6", "4.1"),
    "infraID": ("given", "not yet"),
}
"""By switch its values. `infraID: not yet` is the first phase, which makes the network only."""

EXCLUDED: Final[Sequence[Mapping[str, Sequence[str]]]] = (
    {"publish": ("Internal",), "publicZone": ("create", "auto")},
    # What is somebody else's isn't changed.
    {"network": ("VPC given", "subnets given"), "dhcp": ("options", "second network")},
    {"network": ("subnets given",), "networkAcl": ("documented", "working")},
    {"network": ("subnets given",), "egress": ("nat", "nat-single")},
    {"network": ("subnets given",), "zones": ("1", "2", "named")},
    {"network": ("subnets given",), "elasticIPs": ("given",)},
    {"egress": ("none", "nat-single"), "elasticIPs": ("given",)},
    # Without public subnets there is nothing to put an ACL on.
    {"publish": ("Internal",), "egress": ("none",), "networkAcl": ("documented", "working")},
    {"recordType": ("auto", "alias"), "appsRecord": ("named",)},
    {"bucket": ("none",), "bootstrap": ("address and file",)},
    {"hostedZone": ("none",), "etcdRecords": ("yes",)},
    {"infraID": ("not yet",), "etcdRecords": ("yes",)},
)
"""What can't be together: rows that have a value of each list."""


def fits(row: Mapping[str, str]) -> bool:
    """Whether nothing in the row, which may be the beginning of one, excludes another thing in it."""
    return not any(all(row.get(switch) in values for switch, values in rule.items()) for rule in EXCLUDED)


ROWS: Final = pairwise(SWITCHES, fits)
SAMPLE: Final = 1


@dataclass
class Site:
    """What a row expects to be there already, made by hand."""

    aws: LocalAws
    section: dict[str, Any] = field(default_factory=dict)

    def client(self, service: str) -> Any:
        return self.aws.client(service)

    def network(self, row: Mapping[str, str]) -> None:
        """Somebody's VPC, and its subnets and tables where the row has them given."""
        ec2 = self.client("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        for name in ("EnableDnsSupport", "EnableDnsHostnames"):
            ec2.modify_vpc_attribute(VpcId=vpc, **{name: {"Value": True}})
        gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
        self.section["vpcID"] = vpc
        if row["network"] == "VPC given":
            return
        private = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
        public = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
        ec2.create_route(RouteTableId=public, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
        subnets = []
        for side, table in ((0, public), (3, private)):
            for number, zone in enumerate("abc"):
                block = f"10.0.{16 * (side + number)}.0/20"
                made = ec2.create_subnet(VpcId=vpc, CidrBlock=block, AvailabilityZone=f"{REGION}{zone}")
                ec2.associate_route_table(SubnetId=made["Subnet"]["SubnetId"], RouteTableId=table)
                if side or row["publish"] == "External":
                    subnets.append(made["Subnet"]["SubnetId"])
        self.section |= {"subnets": subnets, "routeTables": [private]}

    def zones(self, row: Mapping[str, str]) -> None:
        if row["publish"] == "External":
            self.section["publicZone"] = row["publicZone"]
        if row["publicZone"] == "auto":
            self.client("route53").create_hosted_zone(Name="example-corp.net", CallerReference="theirs")

    def addresses(self, row: Mapping[str, str]) -> None:
        if row["elasticIPs"] == "given":
            ec2, count = self.client("ec2"), {"1": 1, "2": 2, "named": 2}.get(row["zones"], 3)
            self.section["elasticIPs"] = [ec2.allocate_address(Domain="vpc")["AllocationId"] for _ in range(count)]

    def ways(self, row: Mapping[str, str]) -> None:
        ec2, cidrs = self.client("ec2"), ["172.16.0.0/12"]
        if row["transit"] == "transit gateway":
            made = ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
            self.section["transit"] = [{"transitGatewayID": made, "cidrs": cidrs}]
        if row["transit"] == "peering":
            ours = self.section.get("vpcID") or ec2.create_vpc(CidrBlock="192.168.0.0/24")["Vpc"]["VpcId"]
            theirs = ec2.create_vpc(CidrBlock="172.16.0.0/16")["Vpc"]["VpcId"]
            made = ec2.create_vpc_peering_connection(VpcId=ours, PeerVpcId=theirs)["VpcPeeringConnection"]
            peering = made["VpcPeeringConnectionId"]
            ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=peering)
            self.section["transit"] = [{"peeringConnectionID": peering, "cidrs": cidrs}]

    def permissions(self, row: Mapping[str, str]) -> None:
        iam = self.client("iam")
        if row["iam"] == "documented":
            self.section["iam"] = {"policies": "documented"}
        if row["iam"] == "path and boundary":
            allow = {"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}
            document = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
            made = iam.create_policy(PolicyName="edge", PolicyDocument=document)["Policy"]["Arn"]
            self.section["iam"] = {"path": "/clusters/", "permissionsBoundary": made}
        if row["iam"] == "profiles given":
            profiles = {}
            for role in ("master", "worker", "bootstrap"):
                iam.create_instance_profile(InstanceProfileName=f"their-{role}")
                profiles[role] = f"their-{role}"
            self.section["iam"] = {"instanceProfiles": profiles}


def section(row: Mapping[str, str], site: Site) -> dict[str, Any]:
    """The `openshift` section of a row."""
    plain = {"clusterName": "prod", "baseDomain": "example-corp.net", "controlPlane": {"addresses": list(ADDRESSES)}}
    same = ("publish", "hostedZone", "egress", "loadBalancers", "recordType", "networkAcl", "version")
    made: dict[str, Any] = plain | {name: row[name] for name in same}
    made["etcdRecords"] = row["etcdRecords"] == "yes"
    if row["network"] != "own":
        site.network(row)
    if row["network"] != "subnets given":
        zones: dict[str, Any] = {"named": [f"{REGION}b", f"{REGION}c"]}
        made["zones"] = zones.get(row["zones"]) or int(row["zones"])
    if row["infraID"] == "given":
        made["infraID"] = "prod-x7k2p"
    chosen: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
        "endpoints": {
            "s3": {"endpoints": ["s3"]},
            "interfaces": {"endpoints": ["s3", "ec2", "elasticloadbalancing", "sts"]},
            "s3-interface": {"endpoints": ["s3", "s3-interface"]},
        },
        "appsRecord": {"named": {"appsRecord": f"router-1.{REGION}.elb.amazonaws.com"}},
        "bootstrap": {
            "off": {"bootstrap": False},
            "address and file": {
                "bootstrap": {"address": "10.0.48.20", "from": "192.0.2.0/24", "ignition": "bootstrap.ign"}
            },
        },
        "bucket": {"none": {"bucket": "none"}, "only through the endpoint": {"bucket": {"onlyThroughEndpoint": True}}},
        "dhcp": {
            "options": {"dhcpOptions": {"domainNameServers": ["10.0.0.2"], "ntpServers": ["169.254.169.123"]}},
            "second network": {"secondaryNetworks": ["10.9.0.0/16"]},
        },
    }
    for switch, values in chosen.items():
        made |= values.get(row[switch], {})
    site.zones(row)
    site.addresses(row)
    site.ways(row)
    site.permissions(row)
    return made | site.section


def test_every_two_values_that_can_meet_do() -> None:
    met = {pair for row in ROWS for pair in pairs(row)}
    missing = [
        {one: first, other: second}
        for one, other in combinations(SWITCHES, 2)
        for first in SWITCHES[one]
        for second in SWITCHES[other]
        if frozenset(((one, first), (other, second))) not in met and fits({one: first, other: second})
    ]
    assert missing == []
    assert all(fits(row) for row in ROWS)


@pytest.mark.parametrize(
    "row",
    [pytest.param(row, id=str(n), marks=[] if n < SAMPLE else [pytest.mark.torture]) for n, row in enumerate(ROWS)],
)
def test_a_combination_is_made_found_again_and_taken_away(
    user: LocalOperator, aws: LocalAws, row: Mapping[str, str]
) -> None:
    site = Site(aws)
    (user.folder / "bootstrap.ign").write_text('{"ignition": {"version": "3.2.0"}}')
    plan = {"name": "combined", "region": REGION, "openshift": section(row, site)}
    (user.folder / "plan.yaml").write_text(json.dumps(plan))
    before = aws.everything()
    user.good("apply", "plan.yaml", "--yes")
    aws.clear_calls()
    user.good("apply", "plan.yaml", "--yes")
    assert aws.changes() == []
    user.good("destroy", "plan.yaml", "--yes")
    assert aws.everything() == before

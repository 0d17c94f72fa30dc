"""`DeletionPolicy: Retain` on a rule, a route, an association and records: they stay when the plan drops them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.end_to_end.local import LocalOperator
from tests.end_to_end.world import REGION
from tests.support.picture import picture

FILE = "plan.json"
ROWS = ("Out", "Uses", "Api", "Hub", "Rule")


def _of(type: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::{type}", "Properties": properties}


def _plan(zone: str, *, rows: bool = True) -> str:
    group, table, vpc = {"Ref": "Group"}, {"Ref": "Table"}, {"Ref": "Vpc"}
    record = {"Name": "api.corp.example", "Type": "A", "TTL": "60", "ResourceRecords": ["10.0.0.9"]}
    alias = {
        "DNSName": {"Fn::GetAtt": ["Balancer", "DNSName"]},
        "HostedZoneId": {"Fn::GetAtt": ["Balancer", "CanonicalHostedZoneID"]},
    }
    resources = {
        "Vpc": _of("EC2::VPC", CidrBlock="10.0.0.0/16"),
        "Net": _of("EC2::Subnet", VpcId=vpc, CidrBlock="10.0.0.0/24", AvailabilityZone=f"{REGION}a"),
        "Internet": _of("EC2::InternetGateway"),
        "Attached": _of("EC2::VPCGatewayAttachment", VpcId=vpc, InternetGatewayId={"Ref": "Internet"}),
        "Table": _of("EC2::RouteTable", VpcId=vpc),
        "Group": _of("EC2::SecurityGroup", VpcId=vpc, GroupDescription="machines"),
        "Balancer": _of(
            "ElasticLoadBalancingV2::LoadBalancer", Type="network", Scheme="internal", Subnets=[{"Ref": "Net"}]
        ),
        "Zone": _of("Route53::HostedZone", Name="corp.example", VPCs=[{"VPCId": vpc, "VPCRegion": REGION}]),
        "Out": {
            **_of("EC2::Route", RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId={"Ref": "Internet"}),
            "DependsOn": "Attached",
        },
        "Uses": _of("EC2::SubnetRouteTableAssociation", SubnetId={"Ref": "Net"}, RouteTableId=table),
        "Api": _of("Route53::RecordSet", HostedZoneId={"Ref": "Zone"}, **record),
        "Hub": _of("Route53::RecordSet", HostedZoneId=zone, Name="api.hub.example", Type="A", AliasTarget=alias),
        "Rule": _of(
            "EC2::SecurityGroupIngress", GroupId=group, IpProtocol="tcp", FromPort=22, ToPort=22, CidrIp="10.0.0.0/8"
        ),
        "Open": _of(
            "EC2::SecurityGroupIngress", GroupId=group, IpProtocol="tcp", FromPort=80, ToPort=80, CidrIp="10.0.0.0/8"
        ),
    }
    for name in ROWS:
        resources[name]["DeletionPolicy"] = "Retain"
    kept = {name: each for name, each in resources.items() if rows or name not in ROWS}
    return json.dumps({"name": "lab", "region": REGION, "Resources": kept})


@pytest.mark.torture
def test_what_has_no_tags_of_its_own_is_forgotten_and_stays(user: LocalOperator) -> None:
    made = user.aws.client("route53").create_hosted_zone(Name="hub.example", CallerReference="hub")["HostedZone"]["Id"]
    zone = made.rpartition("/")[2]
    (user.folder / FILE).write_text(_plan(zone))
    user.good("apply", FILE, "--yes")
    assert user.run("plan", FILE, "--detailed-exitcode").code == 0
    whole = picture(user.aws.client)
    # What they are in would take them along, or can't go: that is said before anything is done.
    refused = user.run("destroy", FILE, "--yes")
    assert refused.code == 2, refused.err
    assert refused.err.count("is to be kept") == len(ROWS) - 1
    assert picture(user.aws.client) == whole
    (user.folder / FILE).write_text(_plan(zone, rows=False))
    user.good("apply", FILE, "--yes")
    left = picture(user.aws.client)
    assert left.keys() == whole.keys()
    # A link between two of ours stays remembered.
    assert [type for (type, _), item in left.items() if "ocpprov:retained" in item] == ["Subnet"]
    assert user.run("plan", FILE, "--detailed-exitcode").code == 0

"""The plans of the stages, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from live.names import CLUSTER, SMALLEST, infra_id, plan_name

IGNITION = "bootstrap.ign"


@dataclass(frozen=True)
class Place:
    """Where: twelve digits, a region, one of its availability zones, and the run's name."""

    account: str
    region: str
    zone: str
    run: str


def smallest(place: Place) -> dict[str, Any]:
    """One of each thing that AWS takes its time for, or has its own mind about."""
    name = plan_name(place.run, SMALLEST)
    return {
        "name": name,
        "region": place.region,
        "accountID": place.account,
        "Resources": {**_network(place), **_endpoints(place), **_services(place, name)},
    }


def cluster(place: Place, domain: str = "") -> dict[str, Any]:
    """What the shipped plans live on: the `openshift` section, in one zone. With a domain of the operator's own, a
    public zone of it is made; without, none."""
    name = plan_name(place.run, CLUSTER)
    return {
        "name": name,
        "region": place.region,
        "accountID": place.account,
        "openshift": {
            "version": "4.12",
            "clusterName": "live",
            "baseDomain": domain or f"{place.run}.example-corp.net",
            "infraID": infra_id(place.run),
            "publish": "External",
            "publicZone": "create" if domain else "none",
            "machineNetwork": "10.0.0.0/16",
            "zones": [place.zone],
            "egress": "nat",
            "networkAcl": "working",
            "endpoints": ["s3"],
            "controlPlane": {"addresses": ["10.0.48.10", "10.0.48.11", "10.0.48.12"]},
            "bootstrap": {"address": "10.0.48.20", "ignition": IGNITION},
        },
    }


def _ref(name: str) -> dict[str, str]:
    return {"Ref": name}


def _of(type: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::{type}", "Properties": properties}


def _after(resource: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {**resource, "DependsOn": name}


def _network(place: Place) -> dict[str, Any]:
    vpc, zone = _ref("Vpc"), place.zone
    return {
        "Vpc": _of("EC2::VPC", CidrBlock="10.90.0.0/16", EnableDnsSupport=True, EnableDnsHostnames=True),
        "Public": _of("EC2::Subnet", VpcId=vpc, CidrBlock="10.90.0.0/24", AvailabilityZone=zone),
        "Private": _of("EC2::Subnet", VpcId=vpc, CidrBlock="10.90.1.0/24", AvailabilityZone=zone),
        "Internet": _of("EC2::InternetGateway"),
        "Attached": _of("EC2::VPCGatewayAttachment", VpcId=vpc, InternetGatewayId=_ref("Internet")),
        "Address": _after(_of("EC2::EIP", Domain="vpc"), "Attached"),
        "Nat": _after(
            _of("EC2::NatGateway", SubnetId=_ref("Public"), AllocationId={"Fn::GetAtt": ["Address", "AllocationId"]}),
            "Attached",
        ),
        "Table": _of("EC2::RouteTable", VpcId=vpc),
        "Route": _of(
            "EC2::Route", RouteTableId=_ref("Table"), DestinationCidrBlock="0.0.0.0/0", NatGatewayId=_ref("Nat")
        ),
        "Uses": _of("EC2::SubnetRouteTableAssociation", SubnetId=_ref("Private"), RouteTableId=_ref("Table")),
        "Group": _of("EC2::SecurityGroup", VpcId=vpc, GroupName=place.run, GroupDescription=place.run),
    }


def _endpoints(place: Place) -> dict[str, Any]:
    service = f"com.amazonaws.{place.region}"
    return {
        "Storage": _of(
            "EC2::VPCEndpoint", VpcId=_ref("Vpc"), ServiceName=f"{service}.s3", RouteTableIds=[_ref("Table")]
        ),
        "Machines": _of(
            "EC2::VPCEndpoint",
            VpcId=_ref("Vpc"),
            ServiceName=f"{service}.ec2",
            VpcEndpointType="Interface",
            PrivateDnsEnabled=True,
            SubnetIds=[_ref("Private")],
            SecurityGroupIds=[_ref("Group")],
        ),
    }


def _services(place: Place, name: str) -> dict[str, Any]:
    domain = f"{name}.example-corp.net"
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}],
    }
    return {
        "Zone": _of("Route53::HostedZone", Name=domain, VPCs=[{"VPCId": _ref("Vpc"), "VPCRegion": place.region}]),
        "Record": _of(
            "Route53::RecordSet",
            HostedZoneId=_ref("Zone"),
            Name=f"api.{domain}",
            Type="A",
            TTL="60",
            ResourceRecords=["10.90.1.10"],
        ),
        "Role": _of("IAM::Role", AssumeRolePolicyDocument=trust),
        "Profile": _of("IAM::InstanceProfile", Roles=[_ref("Role")]),
        "Balancer": _of(
            "ElasticLoadBalancingV2::LoadBalancer",
            Name=name,
            Type="network",
            Scheme="internal",
            Subnets=[_ref("Private")],
        ),
        "Targets": _of(
            "ElasticLoadBalancingV2::TargetGroup",
            Name=name,
            Protocol="TCP",
            Port=6443,
            TargetType="ip",
            VpcId=_ref("Vpc"),
        ),
        "Listener": _of(
            "ElasticLoadBalancingV2::Listener",
            LoadBalancerArn=_ref("Balancer"),
            Protocol="TCP",
            Port=6443,
            DefaultActions=[{"Type": "forward", "TargetGroupArn": _ref("Targets")}],
        ),
        "Bucket": _of("S3::Bucket"),
    }

"""Five clusters in one account: with everything, with the other forms of things, on somebody else's network with
everything off, on a network of its own that is closed, and one of which the infraID isn't known yet."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.end_to_end.world import REGION
from tests.rows.account import Made
from tests.support.warm import Finished

ADDRESSES: Final = ["10.0.48.10", "10.0.64.10", "10.0.80.10"]
IGNITION: Final = '{"ignition": {"version": "3.2.0"}, "passwd": "known to the cluster only"}'
EVERYTHING: Final[Mapping[str, Any]] = {
    "version": "4.12",
    "clusterName": "prod",
    "baseDomain": "example-corp.net",
    "infraID": "prod-x7k2p",
    "publish": "External",
    "publicZone": "create",
    "egress": "nat",
    "networkAcl": "working",
    "endpoints": ["s3", "ec2", "elasticloadbalancing"],
    "controlPlane": {"addresses": ADDRESSES},
    "bootstrap": {"address": "10.0.48.20", "ignition": "bootstrap.ign"},
    "etcdRecords": True,
}
OTHERWISE: Final[Mapping[str, Any]] = {
    "version": "4.12",
    "clusterName": "two",
    "baseDomain": "example-corp.org",
    "infraID": "two-b2c3d",
    "publish": "External",
    "publicZone": "create",
    "machineNetwork": "10.4.0.0/16",
    "zones": 2,
    "egress": "nat-single",
    "networkAcl": "documented",
    "loadBalancers": "classic",
    "controlPlane": {"addresses": ["10.4.48.10"]},
    "recordType": "cname",
    "appsRecord": f"router-1.{REGION}.elb.amazonaws.com",
    "bucket": {"onlyThroughEndpoint": True},
    "iam": {"policies": "documented", "path": "/clusters/", "permissionsBoundary": "BOUNDARY"},
    "dhcpOptions": {"domainName": "corp.example", "domainNameServers": ["10.4.0.2"], "ntpServers": ["169.254.169.123"]},
    "secondaryNetworks": ["10.9.0.0/16"],
    "transit": [{"transitGatewayID": "TRANSIT", "cidrs": ["172.16.0.0/12"]}],
}
OFF: Final[Mapping[str, Any]] = {
    "version": "4.12",
    "clusterName": "off",
    "baseDomain": "example.net",
    "infraID": "off-c3d4e",
    "publish": "Internal",
    "machineNetwork": "10.5.0.0/16",
    "egress": "none",
    "endpoints": [],
    "hostedZone": "none",
    "bootstrap": False,
    "bucket": "none",
    "iam": {"instanceProfiles": {"master": "theirs", "worker": "theirs"}},
}
CLOSED: Final[Mapping[str, Any]] = {
    "version": "4.12",
    "clusterName": "closed",
    "baseDomain": "example.info",
    "infraID": "closed-d4e5f",
    "publish": "Internal",
    "machineNetwork": "10.7.0.0/16",
    "zones": 1,
    "egress": "none",
    "endpoints": ["s3"],
    "bootstrap": False,
}
NOT_YET: Final[Mapping[str, Any]] = {
    "version": "4.12",
    "clusterName": "later",
    "baseDomain": "example.edu",
    "publish": "External",
    "publicZone": "create",
    "machineNetwork": "10.6.0.0/16",
    "zones": 1,
}


@dataclass(frozen=True)
class World:
    """The five clusters, and what `apply` and `outputs` said."""

    everything: Made
    otherwise: Made
    off: Made
    closed: Made
    not_yet: Made
    applied: Finished
    outputs: Mapping[str, Any]
    outputs_off: Mapping[str, Any]
    machine: str
    boundary: str


def prepared(client: Callable[[str], Any], folder: Path) -> dict[str, Mapping[str, Any]]:
    """The plans' sections, after what is somebody else's was made by hand."""
    ec2, iam = client("ec2"), client("iam")
    (folder / "bootstrap.ign").write_text(IGNITION)
    gateway = ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
    allow = {"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    boundary = iam.create_policy(PolicyName="edge", PolicyDocument=document)["Policy"]["Arn"]
    iam.create_instance_profile(InstanceProfileName="theirs")
    vpc = ec2.create_vpc(CidrBlock="10.5.0.0/16")["Vpc"]["VpcId"]
    made = ec2.create_subnet(VpcId=vpc, CidrBlock="10.5.0.0/20", AvailabilityZone=f"{REGION}a")
    otherwise = json.loads(json.dumps(OTHERWISE).replace("TRANSIT", gateway).replace("BOUNDARY", boundary))
    return {
        "everything": EVERYTHING,
        "otherwise": otherwise,
        "off": {**OFF, "vpcID": vpc, "subnets": [made["Subnet"]["SubnetId"]]},
        "closed": CLOSED,
        "not-yet": NOT_YET,
    }


def machine_at_the_address(client: Callable[[str], Any]) -> str:
    """A machine at the address that the classic balancers wait for."""
    ec2 = client("ec2")
    subnets = ec2.describe_subnets(Filters=[{"Name": "cidr-block", "Values": ["10.4.48.0/20"]}])["Subnets"]
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    made = ec2.run_instances(
        ImageId=image, MinCount=1, MaxCount=1, SubnetId=subnets[0]["SubnetId"], PrivateIpAddress="10.4.48.10"
    )
    return str(made["Instances"][0]["InstanceId"])

"""All openings beside a plan together, and what of it nobody could judge."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pytest

from ocpprov.checks.exposure import Exposures
from ocpprov.checks.exposure_of_plan import exposures_of_plan
from ocpprov.checks.verification import Seen
from ocpprov.engine.actions import Actions
from ocpprov.engine.graph import Graph
from ocpprov.engine.inventory import Inventory, Unseen
from ocpprov.engine.resources import Live, Owner, Resource
from ocpprov.plan.model import OpenShift
from tests.commands.test_discovery_reachability import members, without

SECTION: Final = OpenShift("prod", "example.com")
ACTIONS: Final = Actions(Owner("prod", "eu-west-1", "123456789012", "run"), Graph({}, {}), [], [], {})


def test_what_nobody_looked_at_isnt_closed() -> None:
    seen = Seen(ACTIONS, [], "ocpprov apply", left_out=["IntDns"], unread="the network couldn't be read: denied")
    unseen = [
        Unseen("AWS::IAM::Role can't be read: denied", "AWS::IAM::Role", may_be_there=True),
        Unseen("AWS::S3::Bucket: there is no such operation", "AWS::S3::Bucket"),
        Unseen("AWS::EC2::DHCPOptions can't be read: denied", "AWS::EC2::DHCPOptions", may_be_there=True),
    ]
    assert exposures_of_plan(seen, Inventory({}, unseen), SECTION) == Exposures(
        [],
        [],
        [
            "security groups and network ACLs: the network couldn't be read: denied",
            "left out by --without: IntDns",
            "AWS::IAM::Role can't be read: denied",
        ],
    )


def test_before_there_is_a_network_there_is_nothing_to_judge() -> None:
    found = exposures_of_plan(Seen(ACTIONS, [], "ocpprov apply"), Inventory(), SECTION)
    assert found.unread == ["security groups and network ACLs: there is no VPC yet"]


ARN: Final = "arn-ext"
STATEMENT: Final = {
    "Sid": "X",
    "Effect": "Allow",
    "Principal": {"AWS": ["999999999999"], "Service": ["lambda.amazonaws.com"]},
    "Action": ["s3:*"],
    "Resource": ["*"],
    "Condition": {"StringEquals": {"aws:PrincipalAccount": ["999999999999"]}, "Bool": {"aws:SecureTransport": "false"}},
}
POLICY: Final = {"Version": "2012-10-17", "Statement": [STATEMENT]}
RULE: Final = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIpv6": "::/0", "GroupId": "sg-1"}
ENTRY: Final = {
    "NetworkAclId": "acl-1",
    "RuleNumber": 50,
    "Egress": False,
    "Protocol": "6",
    "RuleAction": "allow",
    "Ipv6CidrBlock": "::/0",
    "PortRange": {"From": 1, "To": 2},
}
RECORD: Final = {
    "HostedZoneId": "Z1",
    "Name": "api-int.prod.example.com",
    "Type": "A",
    "ResourceRecords": ["10.0.0.1"],
    "AliasTarget": {"DNSName": "x"},
}
SEEN: Final[Mapping[str, tuple[str, str, Mapping[str, Any]]]] = {
    "Group": ("AWS::EC2::SecurityGroup", "sg-1", {}),
    "Rule": ("AWS::EC2::SecurityGroupIngress", "sgr-1", RULE),
    "Acl": ("AWS::EC2::NetworkAcl", "acl-1", {}),
    "Entry": ("AWS::EC2::NetworkAclEntry", "acl-1|in|50", ENTRY),
    "Table": ("AWS::EC2::RouteTable", "rtb-1", {}),
    "Way": (
        "AWS::EC2::Route",
        "rtb-1|::/0",
        {"RouteTableId": "rtb-1", "DestinationIpv6CidrBlock": "::/0", "GatewayId": "igw-1"},
    ),
    "ExtApiElb": ("AWS::ElasticLoadBalancingV2::LoadBalancer", ARN, {"Scheme": "internal"}),
    "Extra": (
        "AWS::ElasticLoadBalancingV2::Listener",
        "l-1",
        {"LoadBalancerArn": ARN, "Port": 80, "Protocol": "TCP"},
    ),
    "Classic": ("AWS::ElasticLoadBalancing::LoadBalancer", "c", {"Listeners": [{"LoadBalancerPort": "80"}]}),
    "InfraBucket": (
        "AWS::S3::Bucket",
        "b",
        {
            "PublicAccessBlockConfiguration": {"BlockPublicAcls": False},
            "OwnershipControls": {"Rules": [{"ObjectOwnership": "ObjectWriter"}]},
        },
    ),
    "InfraBucketPolicy": ("AWS::S3::BucketPolicy", "b", {"Bucket": "b", "PolicyDocument": POLICY}),
    "MasterIamRole": ("AWS::IAM::Role", "m", {"AssumeRolePolicyDocument": POLICY}),
    "Inline": ("Ocpprov::IAM::RolePolicy", "m|p", {"RoleName": "m", "PolicyName": "p", "PolicyDocument": POLICY}),
    "Attached": ("Ocpprov::IAM::RolePolicyAttachment", "m|a", {"RoleName": "m", "PolicyArn": "a"}),
    "S3Endpoint": ("AWS::EC2::VPCEndpoint", "vpce-1", {"ServiceName": "s3", "PolicyDocument": POLICY}),
    "ExtDns": ("AWS::Route53::HostedZone", "Z1", {"Name": "example.com"}),
    "IntDns": ("AWS::Route53::HostedZone", "Z2", {"Name": "x", "VPCs": [{"VPCId": "vpc-1", "VPCRegion": "r"}]}),
    "Name": ("AWS::Route53::RecordSet", "r", RECORD),
}
"""One of each that is judged, open in some way."""
STRANGERS: Final = ("Rule", "Entry", "Way", "Extra", "Inline", "Attached", "Name")


def judged(changed: str = "", properties: Mapping[str, Any] | None = None) -> Exposures:
    lives = {
        name: Live(type, id, (properties or {}) if name == changed else known)
        for name, (type, id, known) in SEEN.items()
    }
    own = {name: live for name, live in lives.items() if name not in STRANGERS}
    graph = Graph({name: Resource(name, live.type) for name, live in own.items()}, {})
    actions = Actions(Owner("prod", "eu-west-1", "123456789012", "run"), graph, [], [], own)
    by_type: dict[str, list[Live]] = {}
    for live in lives.values():
        by_type.setdefault(live.type, []).append(live)
    return exposures_of_plan(Seen(actions, [], "ocpprov apply"), Inventory(by_type), SECTION)


def test_one_of_each_is_told() -> None:
    assert {each.component for each in judged().open} == {"sg-1", "acl-1", "rtb-1", ARN, "c", "b", "m", "Z1"}


@pytest.mark.parametrize("name", SEEN)
def test_an_answer_that_lacks_a_member_ends_in_no_traceback(name: str) -> None:
    """Whatever is left of the openings then, they are told as before or not at all."""
    properties = SEEN[name][2]
    everything = len(judged().open)
    for path in members(properties):
        assert 0 < len(judged(name, without(properties, path)).open) <= everything + 1

"""Actions that AWS asks for beside an operation's own: each row of the table is asked for when it says, and never
otherwise; what is asked for beside is in the table. Sources and trust are the table's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pytest

from ocpprov.sandbox.exchange import Request
from ocpprov.sandbox.middleware.contract import Aws
from ocpprov.sandbox.permission_only_actions import TABLE
from ocpprov.sandbox.policy_evaluation import RequiredAction
from ocpprov.sandbox.required_actions import required_actions

VPC, FAR, NEAR = f"vpc-{'0' * 17}", f"vpce-{'1' * 17}", f"vpce-{'2' * 17}"
BALANCER = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/net/api/0123456789abcdef"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/1"


def encryption(key: str) -> Mapping[str, Any]:
    return {"Rule": {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}}}


class Account:
    """Where there is, or isn't yet, a first balancer and a first attachment."""

    def __init__(self, *, used: bool) -> None:
        self._used = {"1": 1} if used else {}

    def arn(self, request: Request, service: str, resource: str, *, regional: bool = True) -> str:
        return f"arn:aws:{service}:{'eu-west-1' if regional else ''}:123456789012:{resource}"

    def ec2(self, request: Request) -> Any:
        def endpoint(id: str, region: str) -> Any:
            return SimpleNamespace(id=id, vpc_id=VPC, service_region=region)

        return SimpleNamespace(
            tags={},
            route_tables={},
            network_acls={},
            vpcs={},
            vpc_pcxs={},
            vpc_end_points={FAR: endpoint(FAR, "us-east-1"), NEAR: endpoint(NEAR, "")},
            transit_gateway_attachments=self._used,
        )

    def elbv2(self, request: Request) -> Any:
        tagging = SimpleNamespace(get_tag_dict_for_resource=lambda arn: {})
        return SimpleNamespace(tagging_service=tagging, load_balancers=self._used)

    def elb(self, request: Request) -> Any:
        return SimpleNamespace(load_balancers={})

    def iam(self, request: Request) -> Any:
        return SimpleNamespace(roles={}, instance_profiles={})

    def s3(self, request: Request) -> Any:
        encrypted, plain = SimpleNamespace(encryption=encryption(KEY)), SimpleNamespace(encryption=encryption(""))
        return SimpleNamespace(buckets={"sealed": encrypted, "plain": plain, "bare": SimpleNamespace(encryption=None)})


@dataclass(frozen=True)
class Call:
    """A call and what it asks for beside its own action: action and resource."""

    operation: str
    parameters: Mapping[str, str]
    beside: Sequence[tuple[str, str]] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    used: bool = True


def asked(call: Call) -> list[RequiredAction]:
    service, _, operation = call.operation.partition(":")
    aws = cast(Aws, Account(used=call.used))
    request = Request(
        "POST", "/", "", call.headers, call.body, service, "eu-west-1", "key", operation, dict(call.parameters)
    )
    return [each for each in required_actions(request, aws) if each.action != call.operation]


EC2_TAGS = {"TagSpecification.1.Tag.1.Key": "a", "TagSpecification.1.Tag.1.Value": "b"}
TAGS = {"Tags.member.1.Key": "a", "Tags.member.1.Value": "b"}
ARN = "arn:aws:ec2:eu-west-1:123456789012:"
ROLES = "arn:aws:iam::123456789012:role/"
ZONES, NAMES, NEAR_NAMES = "arn:aws:route53:::hostedzone/*", "route53:AssociateVPCWithHostedZone", "PrivateDnsEnabled"
REGIONS, LINKED, SEEN = "vpce:AllowMultiRegion", "iam:CreateServiceLinkedRole", ("ec2:DescribeVpcs", "*")
BALANCING = "elasticloadbalancing"
IN_VPC = {"VPC/VPCId": "vpc-1", "VPC/VPCRegion": "eu-west-1"}
OBJECT = "arn:aws:s3:::plain/key"


def made(operation: str, type: str) -> Sequence[Call]:
    """Something of EC2, with tags and without."""
    return (
        Call(operation, EC2_TAGS, [("ec2:CreateTags", f"{ARN}{type}/*")]),
        Call(operation, {}),
    )


CALLS: Sequence[Call] = (
    *made("ec2:AllocateAddress", "elastic-ip"),
    *made("ec2:AuthorizeSecurityGroupEgress", "security-group-rule"),
    *made("ec2:AuthorizeSecurityGroupIngress", "security-group-rule"),
    *made("ec2:CreateDhcpOptions", "dhcp-options"),
    *made("ec2:CreateInternetGateway", "internet-gateway"),
    *made("ec2:CreateNatGateway", "natgateway"),
    *made("ec2:CreateNetworkAcl", "network-acl"),
    *made("ec2:CreateRouteTable", "route-table"),
    *made("ec2:CreateSecurityGroup", "security-group"),
    *made("ec2:CreateSubnet", "subnet"),
    *made("ec2:CreateTransitGatewayVpcAttachment", "transit-gateway-attachment"),
    *made("ec2:CreateVpc", "vpc"),
    *made("ec2:CreateVpcEndpoint", "vpc-endpoint"),
    *made("ec2:CreateVpcPeeringConnection", "vpc-peering-connection"),
    Call("ec2:CreateVpcEndpoint", {"VpcId": VPC, NEAR_NAMES: "true"}, [(NAMES, ZONES)]),
    Call("ec2:CreateVpcEndpoint", {"VpcId": VPC, "VpcEndpointType": "Interface"}, [(NAMES, ZONES)]),
    Call("ec2:CreateVpcEndpoint", {"VpcId": VPC, "VpcEndpointType": "Interface", NEAR_NAMES: "false"}),
    Call("ec2:CreateVpcEndpoint", {"VpcId": VPC, "ServiceRegion": "us-east-1"}, [(REGIONS, f"{ARN}vpc-endpoint/*")]),
    Call("ec2:CreateVpcEndpoint", {"VpcId": VPC, "ServiceRegion": "eu-west-1"}),
    Call("ec2:ModifyVpcEndpoint", {"VpcEndpointId": NEAR, NEAR_NAMES: "true"}, [(NAMES, ZONES)]),
    Call("ec2:ModifyVpcEndpoint", {"VpcEndpointId": NEAR}),
    Call("ec2:ModifyVpcEndpoint", {"VpcEndpointId": FAR}, [(REGIONS, f"{ARN}vpc-endpoint/{FAR}")]),
    Call(
        "ec2:CreateTransitGatewayVpcAttachment",
        {},
        [(LINKED, f"{ROLES}aws-service-role/transitgateway.amazonaws.com/AWSServiceRoleForVPCTransitGateway")],
        used=False,
    ),
    Call(
        f"{BALANCING}:CreateLoadBalancer",
        {"Name": "new", "Type": "network"},
        [(LINKED, f"{ROLES}aws-service-role/{BALANCING}.amazonaws.com/AWSServiceRoleForElasticLoadBalancing")],
        used=False,
    ),
    Call(f"{BALANCING}:CreateLoadBalancer", {"Name": "new", "Type": "network"}),
    *(
        Call(f"{BALANCING}:{operation}", {**TAGS, **named}, [(f"{BALANCING}:AddTags", arn)])
        for operation, named, arn in (
            (
                "CreateListener",
                {"LoadBalancerArn": BALANCER},
                f"{BALANCER.replace(':loadbalancer/', ':listener/')}/*",
            ),
            (
                "CreateLoadBalancer",
                {"Name": "new", "Type": "network"},
                f"arn:aws:{BALANCING}:eu-west-1:123456789012:loadbalancer/net/new/*",
            ),
            ("CreateTargetGroup", {"Name": "new"}, f"arn:aws:{BALANCING}:eu-west-1:123456789012:targetgroup/new/*"),
        )
    ),
    Call(f"{BALANCING}:CreateListener", {"LoadBalancerArn": BALANCER}),
    Call(f"{BALANCING}:CreateTargetGroup", {"Name": "new"}),
    Call(
        "iam:AddRoleToInstanceProfile", {"RoleName": "r", "InstanceProfileName": "p"}, [("iam:PassRole", f"{ROLES}r")]
    ),
    *(
        Call(f"iam:Create{type}", {f"{type}Name": "n", **tags}, [(f"iam:Tag{type}", arn)] if tags else [])
        for type, arn in (
            ("InstanceProfile", "arn:aws:iam::123456789012:instance-profile/n"),
            ("Policy", "arn:aws:iam::123456789012:policy/n"),
            ("Role", f"{ROLES}n"),
        )
        for tags in (TAGS, {})
    ),
    Call("route53:AssociateVPCWithHostedZone", {"HostedZoneId": "Z1", **IN_VPC}, [SEEN]),
    Call("route53:DisassociateVPCFromHostedZone", {"HostedZoneId": "Z1", **IN_VPC}, [SEEN]),
    Call("route53:CreateHostedZone", IN_VPC, [SEEN]),
    Call("route53:CreateHostedZone", {}),
    Call("route53:ListHostedZonesByVPC", {}, [SEEN]),
    Call("s3:CreateBucket", {"Bucket": "b"}, [("s3:TagResource", "arn:aws:s3:::b")], body=b"<Tags><Tag/></Tags>"),
    Call("s3:CreateBucket", {"Bucket": "b"}, body=b"<LocationConstraint/>"),
    Call("s3:PutObject", {"Bucket": "plain", "Key": "key"}),
    Call("s3:PutObject", {"Bucket": "bare", "Key": "key"}),
    Call("s3:PutObject", {"Bucket": "gone", "Key": "key"}),
    Call(
        "s3:PutObject",
        {"Bucket": "plain", "Key": "key"},
        [("s3:PutObjectTagging", OBJECT)],
        headers={"x-amz-tagging": "a=b"},
    ),
    Call("s3:PutObject", {"Bucket": "plain", "Key": "key"}, [("s3:GetObject", OBJECT)], headers={"If-Match": "e"}),
    Call("s3:PutObject", {"Bucket": "sealed", "Key": "key"}, [("kms:GenerateDataKey", KEY)]),
)


@pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{call.operation} {len(call.beside)}")
def test_what_a_call_asks_for_beside_its_own_action(call: Call) -> None:
    assert [(each.action, each.resource) for each in asked(call)] == list(call.beside)


def test_every_row_has_a_call_that_asks_for_it_and_nothing_else_is_asked_for() -> None:
    assert {(call.operation, action) for call in CALLS for action, _ in call.beside} == {
        (row.operation, row.action) for row in TABLE
    }
    # What isn't always asked for has a call without.
    without = {call.operation for call in CALLS if not call.beside}
    assert {row.operation for row in TABLE if row.when != "always"} <= without
    for row in TABLE:
        assert row.source
        assert row.when
        assert row.trust in ("documented", "source", "memory", "seen")
    assert len(TABLE) == len({(row.operation, row.action) for row in TABLE})


@pytest.mark.parametrize("parameters", [{"VpcId": VPC}, {"VpcEndpointId": NEAR}])
def test_the_names_of_an_endpoint_are_for_its_vpc(parameters: Mapping[str, str]) -> None:
    operation = "ec2:CreateVpcEndpoint" if "VpcId" in parameters else "ec2:ModifyVpcEndpoint"
    [names] = asked(Call(operation, {**parameters, NEAR_NAMES: "true"}))
    assert names.context == {"route53:VPCs": (f"VPCId={VPC},VPCRegion=eu-west-1",)}


def test_an_address_is_judged_by_its_pool_too() -> None:
    request = Request(
        "POST", "/", "", {}, b"", "ec2", "eu-west-1", "key", "AllocateAddress", {"PublicIpv4Pool": "ipv4pool-ec2-0a1b"}
    )
    found = [each.resource for each in required_actions(request, cast(Aws, Account(used=True)))]
    assert found == [f"{ARN}elastic-ip/*", f"{ARN}ipv4pool-ec2/ipv4pool-ec2-0a1b"]

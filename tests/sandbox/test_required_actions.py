"""What a call is judged by: service authorization reference."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from ocpprov.sandbox.exchange import Request
from ocpprov.sandbox.middleware.contract import Aws
from ocpprov.sandbox.required_actions import required_actions, simulated

ARN = "arn:aws:{}:eu-west-1:123456789012:{}"
VPC, SUBNET, TABLE, ACL, GROUP = (f"{prefix}-{'0' * 17}" for prefix in ("vpc", "subnet", "rtb", "acl", "sg"))
BALANCER = ARN.format("elasticloadbalancing", "loadbalancer/net/api/0123456789abcdef")


class OneOfEach:
    """An account with one of each, tagged `a: <type>`."""

    def arn(self, request: Request, service: str, resource: str, *, regional: bool = True) -> str:
        return ARN.format(service, resource) if regional else f"arn:aws:{service}::123456789012:{resource}"

    def ec2(self, request: Request) -> Any:
        return SimpleNamespace(
            tags={VPC: {"a": "vpc"}, SUBNET: {"a": "subnet"}, TABLE: {"a": "table"}},
            route_tables={
                TABLE: SimpleNamespace(
                    id=TABLE,
                    associations=[
                        {"RouteTableAssociationId": "rtbassoc-1", "SubnetId": SUBNET},
                        {"RouteTableAssociationId": "rtbassoc-2", "SubnetId": ""},
                    ],
                )
            },
            network_acls={
                ACL: SimpleNamespace(id=ACL, associations=[SimpleNamespace(id="aclassoc-1", subnet_id=SUBNET)])
            },
            vpcs={VPC: SimpleNamespace(id=VPC, cidr_block_association_set=[{"association_id": "vpc-cidr-assoc-1"}])},
            vpc_pcxs={},
            vpc_end_points={},
            transit_gateway_attachments={},
        )

    def elbv2(self, request: Request) -> Any:
        tagging = SimpleNamespace(get_tag_dict_for_resource=lambda arn: {"a": "balancer"} if arn == BALANCER else {})
        return SimpleNamespace(tagging_service=tagging, load_balancers={BALANCER: 1})

    def elb(self, request: Request) -> Any:
        return SimpleNamespace(load_balancers={"classic": SimpleNamespace(tags={"a": "classic"})})

    def iam(self, request: Request) -> Any:
        role = SimpleNamespace(
            name="master", path="/of/", permissions_boundary_arn="arn:bound", tags={"a": {"Key": "a", "Value": "role"}}
        )
        return SimpleNamespace(roles={"1": role}, instance_profiles={})


def judged(service: str, operation: str, *, body: str = "", **parameters: str) -> list[tuple[str, str, dict[str, Any]]]:
    """Action, resource and context of all that is required."""
    named = {name.replace("_", "."): value for name, value in parameters.items()}
    request = Request("POST", "/", "", {}, body.encode(), service, "eu-west-1", "key", operation, named)
    return [
        (each.action, each.resource, {key: value for key, value in each.context.items() if "Region" not in key})
        for each in required_actions(request, cast(Aws, OneOfEach()))
    ]


def ec2(action: str, resource: str, **context: Any) -> tuple[str, str, dict[str, Any]]:
    return (f"ec2:{action}", ARN.format("ec2", resource) if "/" in resource else resource, context)


def owned(word: str) -> dict[str, str]:
    return {"aws:ResourceTag/a": word}


@pytest.mark.parametrize(
    ("operation", "parameters", "resources"),
    [
        ("DescribeVpcs", {"VpcId_1": VPC}, ["*"]),
        ("ModifyVpcAttribute", {"VpcId": VPC}, [f"vpc/{VPC}"]),
        ("CreateRoute", {"RouteTableId": TABLE, "NatGatewayId": f"nat-{'0' * 17}"}, [f"route-table/{TABLE}"]),
        ("DisassociateRouteTable", {"AssociationId": "rtbassoc-1"}, [f"route-table/{TABLE}", f"subnet/{SUBNET}"]),
        ("DisassociateRouteTable", {"AssociationId": "rtbassoc-2"}, [f"route-table/{TABLE}"]),
        ("DisassociateRouteTable", {"AssociationId": "rtbassoc-3"}, ["*"]),
        (
            "ReplaceNetworkAclAssociation",
            {"AssociationId": "aclassoc-1", "NetworkAclId": ACL},
            [f"network-acl/{ACL}", f"subnet/{SUBNET}"],
        ),
        ("DisassociateVpcCidrBlock", {"AssociationId": "vpc-cidr-assoc-1"}, [f"vpc/{VPC}"]),
        ("AssociateDhcpOptions", {"DhcpOptionsId": "default", "VpcId": VPC}, ["dhcp-options/default", f"vpc/{VPC}"]),
        (
            "RevokeSecurityGroupIngress",
            {"GroupId": GROUP, "IpPermissions_1_Groups_1_GroupId": f"sg-{'1' * 17}"},
            [f"security-group/{GROUP}"],
        ),
    ],
)
def test_a_call_of_ec2_is_judged_by_what_it_touches(
    operation: str, parameters: dict[str, str], resources: list[str]
) -> None:
    found = [(action, resource) for action, resource, _ in judged("ec2", operation, **parameters)]
    assert found == [ec2(operation, each)[:2] for each in resources]


def test_what_is_made_is_judged_by_its_tags_and_what_it_is_made_in_by_its_own() -> None:
    tags = {"aws:RequestTag/ocpprov:plan": "lab", "aws:TagKeys": ("ocpprov:plan",)}
    asked = {"TagSpecification_1_Tag_1_Key": "ocpprov:plan", "TagSpecification_1_Tag_1_Value": "lab"}
    assert judged("ec2", "CreateSubnet", VpcId=VPC, **asked) == [
        ec2("CreateSubnet", "subnet/*", **tags),
        ec2("CreateTags", "subnet/*", **tags, **{"ec2:CreateAction": "CreateSubnet"}),
        ec2("CreateSubnet", f"vpc/{VPC}", **owned("vpc")),
    ]


def test_tagging_what_is_there_is_judged_by_old_and_new_tags() -> None:
    assert judged("ec2", "CreateTags", ResourceId_1=VPC, Tag_1_Key="b", Tag_1_Value="c") == [
        ec2("CreateTags", f"vpc/{VPC}", **owned("vpc"), **{"aws:RequestTag/b": "c", "aws:TagKeys": ("b",)})
    ]


def test_balancers_are_judged_by_their_tags_and_tagging_by_what_makes_them() -> None:
    tags = {"aws:RequestTag/b": "c", "aws:TagKeys": ("b",)}
    asked = {"Tags_member_1_Key": "b", "Tags_member_1_Value": "c"}
    listener = BALANCER.replace("loadbalancer/", "listener/") + "/*"
    assert judged("elasticloadbalancing", "CreateListener", LoadBalancerArn=BALANCER, **asked) == [
        (
            "elasticloadbalancing:AddTags",
            listener,
            {**tags, "elasticloadbalancing:CreateAction": "CreateListener"},
        ),
        ("elasticloadbalancing:CreateListener", BALANCER, {**owned("balancer"), **tags}),
    ]
    assert judged("elasticloadbalancing", "AddTags", ResourceArns_member_1=BALANCER, **asked) == [
        ("elasticloadbalancing:AddTags", BALANCER, {**owned("balancer"), **tags})
    ]
    classic = ARN.format("elasticloadbalancing", "loadbalancer/classic")
    assert judged("elasticloadbalancing", "AddTags", LoadBalancerNames_member_1="classic", **asked) == [
        ("elasticloadbalancing:AddTags", classic, {**owned("classic"), **tags})
    ]
    new = ARN.format("elasticloadbalancing", "loadbalancer/net/new/*")
    assert judged("elasticloadbalancing", "CreateLoadBalancer", Name="new", Type="network") == [
        ("elasticloadbalancing:CreateLoadBalancer", new, {})
    ]


def test_the_tagging_of_a_new_classic_balancer_says_nothing_of_what_makes_it() -> None:
    asked = {"Tags_member_1_Key": "b", "Tags_member_1_Value": "c"}
    [tagging, _] = judged("elasticloadbalancing", "CreateLoadBalancer", LoadBalancerName="new", **asked)
    assert tagging == (
        "elasticloadbalancing:AddTags",
        ARN.format("elasticloadbalancing", "loadbalancer/new"),
        {"aws:RequestTag/b": "c", "aws:TagKeys": ("b",)},
    )


ROLE = "arn:aws:iam::123456789012:role/of/master"


@pytest.mark.parametrize(
    ("operation", "parameters", "required"),
    [
        (
            "PutRolePolicy",
            {"RoleName": "master", "PolicyName": "p"},
            [("iam:PutRolePolicy", ROLE, {"iam:PermissionsBoundary": "arn:bound", **owned("role")})],
        ),
        (
            "PutRolePermissionsBoundary",
            {"RoleName": "master", "PermissionsBoundary": "arn:wide"},
            [("iam:PutRolePermissionsBoundary", ROLE, {"iam:PermissionsBoundary": "arn:wide", **owned("role")})],
        ),
        (
            "CreateRole",
            {"RoleName": "new", "Path": "/p/"},
            [("iam:CreateRole", "arn:aws:iam::123456789012:role/p/new", {})],
        ),
        (
            "AttachRolePolicy",
            {"RoleName": "master", "PolicyArn": "arn:p"},
            [
                (
                    "iam:AttachRolePolicy",
                    ROLE,
                    {"iam:PermissionsBoundary": "arn:bound", **owned("role"), "iam:PolicyARN": "arn:p"},
                )
            ],
        ),
        (
            "AddRoleToInstanceProfile",
            {"RoleName": "master", "InstanceProfileName": "m"},
            [
                ("iam:PassRole", ROLE, {"iam:PassedToService": "ec2.amazonaws.com"}),
                ("iam:AddRoleToInstanceProfile", "arn:aws:iam::123456789012:instance-profile/m", {}),
            ],
        ),
        ("DeletePolicy", {"PolicyArn": "arn:p"}, [("iam:DeletePolicy", "arn:p", {"iam:PolicyARN": "arn:p"})]),
    ],
)
def test_a_role_is_judged_by_its_path_and_its_boundary(
    operation: str, parameters: dict[str, str], required: list[tuple[str, str, dict[str, Any]]]
) -> None:
    assert judged("iam", operation, **parameters) == required


def test_records_are_judged_by_their_zone_and_their_names() -> None:
    body = """<ChangeResourceRecordSetsRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><ChangeBatch>
    <Changes><Change><Action>CREATE</Action><ResourceRecordSet><Name>*.Apps.Example.com.</Name><Type>A</Type>
    </ResourceRecordSet></Change><Change><Action>DELETE</Action><ResourceRecordSet><Name>b.example.com</Name>
    <Type>TXT</Type></ResourceRecordSet></Change></Changes></ChangeBatch></ChangeResourceRecordSetsRequest>"""
    [(action, resource, context)] = judged("route53", "ChangeResourceRecordSets", body=body, HostedZoneId="Z1")
    assert (action, resource) == ("route53:ChangeResourceRecordSets", "arn:aws:route53:::hostedzone/Z1")
    assert context == {
        "route53:ChangeResourceRecordSetsActions": ("CREATE", "DELETE"),
        "route53:ChangeResourceRecordSetsNormalizedRecordNames": (r"\052.apps.example.com", "b.example.com"),
        "route53:ChangeResourceRecordSetsRecordTypes": ("A", "TXT"),
    }


def test_a_zone_is_judged_by_its_vpcs() -> None:
    request = Request("POST", "/", "", {}, b"", "route53", "us-east-1", "key", "CreateHostedZone", {
        "VPC/VPCId": "vpc-1", "VPC/VPCRegion": "eu-west-1",
    })  # fmt: skip
    [made, seen] = required_actions(request, cast(Aws, OneOfEach()))
    assert (made.action, made.resource) == ("route53:CreateHostedZone", "*")
    assert made.context == {"route53:VPCs": ("VPCId=vpc-1,VPCRegion=eu-west-1",)}
    assert seen.action == "ec2:DescribeVpcs"


def test_many_objects_are_judged_one_by_one() -> None:
    body = "<Delete><Object><Key>a</Key></Object><Object><Key>b</Key></Object></Delete>"
    found = [(action, resource) for action, resource, _ in judged("s3", "DeleteObjects", body=body, Bucket="lab")]
    assert found == [
        (f"s3:{action}", f"arn:aws:s3:::lab/{key}")
        for action in ("DeleteObject", "DeleteObjectVersion")
        for key in "ab"
    ]


def test_a_question_may_have_several_values_of_a_key() -> None:
    entry = "ContextEntries.member.{}.ContextKey{}"
    parameters = {
        "ActionNames.member.1": "ec2:CreateTags",
        "ResourceArns.member.1": "arn:1",
        entry.format(1, "Name"): "one",
        entry.format(1, "Type"): "string",
        entry.format(1, "Values.member.1"): "1",
        entry.format(2, "Name"): "several",
        entry.format(2, "Type"): "stringList",
        entry.format(2, "Values.member.1"): "1",
        entry.format(2, "Values.member.2"): "2",
    }
    request = Request("POST", "/", "", {}, b"", "iam", "us-east-1", "key", "SimulatePrincipalPolicy", parameters)
    [asked] = simulated(request)
    assert (asked.action, asked.resource, asked.context) == (
        "ec2:CreateTags",
        "arn:1",
        {"one": "1", "several": ("1", "2")},
    )

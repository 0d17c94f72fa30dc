"""Names, descriptions and lengths that only AWS refused: each is an error at its place."""

from __future__ import annotations

from typing import Any, Final

import pytest

from ocpprov.engine.ownership import generated_name
from ocpprov.engine.resources import Owner
from ocpprov.kinds.registry import KINDS
from ocpprov.openshift.expand import logical_ids
from ocpprov.openshift.resource_rules import resource_problems
from ocpprov.plan.loading import Inputs, load
from ocpprov.plan.model import Plan
from ocpprov.plan.problems import PlanErrors
from ocpprov.plan.schema import schema
from tests.plan.marks import HEAD, Broken, marked

INPUTS: Final = Inputs(KINDS, openshift_ids=logical_ids, rules=resource_problems)
GROUP: Final = "AWS::EC2::SecurityGroup"
BUCKET: Final = "AWS::S3::Bucket"
TRUST: Final = "AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: []}"
SECTION: Final = (
    "name: {name}\nregion: eu-west-1\nopenshift: {{clusterName: prod, infraID: prod-x1y2z, baseDomain: corp.net, "
    "zones: 1, machineNetwork: [10.0.0.0/16], {more}}}\n"
)


def loaded(text: str) -> Plan:
    return load(text, "plan.yaml", INPUTS)


def one(type: str, properties: str, *fragments: str, head: str = HEAD) -> Broken:
    return marked(f"{head}Resources: {{X: {{Type: {type}, Properties: {{{properties}}}}}}}\n", *fragments)


def group(properties: str, *fragments: str) -> Broken:
    return one(GROUP, f"VpcId: vpc-1, {properties}", *fragments)


def named(name: str) -> str:
    return f"name: {name}\nregion: eu-west-1\n"


def section(more: str = "bucket: auto", name: str = "prod") -> str:
    return SECTION.format(name=name, more=more)


BROKEN: Final[tuple[Broken, ...]] = (
    *(
        group(f"GroupDescription: nodes, GroupName: §{text}", f"invalid value {said}")
        for text, said in (
            ('"it\'s"', '"it\'s"'),
            ("Köln", "'Köln'"),
            ("what?", "'what?'"),
            ("a<b", "'a<b'"),
            ("sg-prod", "'sg-prod'"),
            ("SG-prod", "'SG-prod'"),
            ("''", "''"),
        )
    ),
    *(
        group(f"GroupDescription: §{text}", f"invalid value {said}")
        for text, said in (
            ('"the \\"nodes\\""', "'the \"nodes\"'"),
            ("Größe", "'Größe'"),
            ("a > b", "'a > b'"),
            ("''", "''"),
        )
    ),
    group(f"GroupDescription: §{'x' * 256}", "256 characters are too many; at most 255"),
    *(
        group(
            f"GroupDescription: n, {where}: [{{IpProtocol: '-1', CidrIp: 10.0.0.0/16, Description: §{text}}}]", said
        )
        for where in ("SecurityGroupIngress", "SecurityGroupEgress")
        for text, said in (("who?", "invalid value 'who?'"), ("x" * 256, "256 characters are too many; at most 255"))
    ),
    *(
        one(
            f"AWS::EC2::SecurityGroup{direction}",
            "GroupId: sg-1, IpProtocol: '-1', CidrIp: 10.0.0.0/16, Description: §ümlaut",
            "invalid value 'ümlaut'",
        )
        for direction in ("Ingress", "Egress")
    ),
    *(
        one(BUCKET, f"BucketName: §{name}", f"invalid value '{name}'")
        for name in ("xn--a", "sthree-a", "amzn-s3-demo-a", "a-s3alias", "a--ol-s3", "a.mrap", "a--x-s3", "a--table-s3",
                     "prod-an", "10.0.0.1", "a..b", "A-b", "ab")
    ),
    *(
        marked(section(f"bucket: §{name}"), f"openshift.bucket: invalid value '{name}'")
        for name in ("a.mrap", "a--table-s3", "prod-an", "10.0.0.1")
    ),
    one("AWS::IAM::Role", f"{TRUST}, RoleName: §{'r' * 65}", "65 characters are too many; at most 64"),
    one("AWS::IAM::Role", f"{TRUST}, Description: §部署", "invalid value '部署'"),
    one("AWS::IAM::Role", f"{TRUST}, Description: §{'x' * 1001}", "1001 characters are too many; at most 1000"),
    one("AWS::IAM::Role", f"{TRUST}, Policies: [{{PolicyName: §a b, PolicyDocument: {{}}}}]", "invalid value 'a b'"),
    one("AWS::IAM::Role", f"{TRUST}, ManagedPolicyArns: [§arn:x]", "invalid value 'arn:x'"),
    one("AWS::IAM::Policy", f"PolicyName: §{'p' * 129}, PolicyDocument: {{}}, Roles: [a]", "at most 128"),
    one("AWS::IAM::Policy", "PolicyName: a, PolicyDocument: {}, Roles: [§a b]", "invalid value 'a b'"),
    one("AWS::IAM::InstanceProfile", f"InstanceProfileName: §{'p' * 129}, Roles: [a]", "at most 128"),
    one("AWS::IAM::ManagedPolicy", f"ManagedPolicyName: §{'p' * 129}, PolicyDocument: {{}}", "at most 128"),
    *(
        one("AWS::Route53::HostedZone", f"§Name: {name}", f"no public zone of {name.removesuffix('.')}: it is reserved")
        for name in ("corp", "net.", "a.example.org")
    ),
    one(
        "AWS::Route53::HostedZone",
        f"Name: corp.net, HostedZoneConfig: {{Comment: §{'x' * 257}}}",
        "257 characters are too many; at most 256",
    ),
    one("AWS::EC2::VPC", f"CidrBlock: 10.0.0.0/16, Tags: [{{Key: §{'k' * 129}, Value: b}}]", "at most 128"),
    one("AWS::EC2::VPC", f"CidrBlock: 10.0.0.0/16, Tags: [{{Key: k, Value: §{'v' * 257}}}]", "at most 256"),
    one("AWS::EC2::VPC", "CidrBlock: 10.0.0.0/16, Tags: [{Key: §'', Value: b}]", "invalid value ''"),
    one(
        "AWS::EC2::VPC",
        "CidrBlock: 10.0.0.0/16, §Tags: [{Key: a, Value: b}, {Key: A, Value: b}, {Key: a, Value: b}]",
        "a is given twice",
    ),
    *(
        marked(section().replace("prod-x1y2z", f"§{infra_id}"), f"openshift.infraID: {infra_id}: a target group's name")
        for infra_id in ("a--b", "abc-")
    ),
    one("AWS::ElasticLoadBalancingV2::TargetGroup", "Name: §a--b, Port: 1, VpcId: v", "invalid value 'a--b'"),
    marked(
        named("a--b") + "Resources:\n  §X: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, "
        "Properties: {Protocol: TCP, Port: 1, VpcId: v}}\n",
        "a--b-X-… would be its name",
    ),
    marked(HEAD + f"Resources:\n  §{'V' * 256}: {{Type: AWS::EC2::EIP}}\n", "a logical id has at most 255 characters"),
    # Names that would be generated.
    *(
        marked(named(name) + f"Resources:\n  §X: {{Type: {BUCKET}}}\n", f"{name}-x-… would be its name")
        for name in ("xn--prod", "sthree", "sthree-prod", "amzn-s3-demo", "amzn-s3-demo-a")
    ),
    *(
        marked(
            named(name) + "Resources:\n  §X:\n    Type: AWS::ElasticLoadBalancingV2::LoadBalancer\n"
            "    Properties: {Type: network, Subnets: [subnet-1]}\n",
            f"{name}-X-… would be its name, which AWS doesn't take; give it a Name, or the plan another name",
        )
        for name in ("internal", "internal-prod")
    ),
    marked(
        section("§bucket: auto", "sthree"),
        "openshift.bucket: sthree-infrabucket-… would be its name, which AWS doesn't take; give the bucket a name",
    ),
    # The bucket is made without a word on it, too.
    marked(section("publish: Internal, publicZone: none", "xn--a").replace("clusterName: ", "§clusterName: "),
           "openshift.bucket: xn--a-infrabucket-…"),
)  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), BROKEN)
def test_what_aws_would_refuse_is_an_error_at_its_place(text: str, expected: list[tuple[int, int, str]]) -> None:
    with pytest.raises(PlanErrors) as caught:
        loaded(text)
    found = [(error.position.line, error.position.column) for error in caught.value.errors]
    assert found == [(line, column) for line, column, _ in expected]
    for error, (_, _, fragment) in zip(caught.value.errors, expected, strict=True):
        assert fragment in str(error)


GROUP_CHARACTERS: Final = "aZ9 ._-:/()#,@[]+=&;{}!$*"


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}Resources: {{X: {{Type: {GROUP}, Properties: {{VpcId: v, GroupName: '{GROUP_CHARACTERS}', "
        f"GroupDescription: {'x' * 255}}}}}}}\n",
        f"{HEAD}Resources: {{X: {{Type: {GROUP}, Properties: {{VpcId: v, GroupName: asg-1, GroupDescription: n}}}}}}\n",
        f"{HEAD}Resources: {{X: {{Type: {BUCKET}, Properties: {{BucketName: 1.2.3}}}}}}\n",
        f"{HEAD}Resources: {{X: {{Type: {BUCKET}, Properties: {{BucketName: '20260101'}}}}}}\n",
        f"{HEAD}Resources: {{X: {{Type: AWS::Route53::HostedZone, Properties: {{Name: corp, "
        "VPCs: [{VPCId: vpc-1, VPCRegion: eu-west-1}]}}}\n",
        f"{HEAD}Resources: {{X: {{Type: AWS::IAM::Role, Properties: {{{TRUST}, RoleName: {'r' * 64}, "
        "Description: Köln}}}\n",
        # A name that is given is nobody's to generate.
        f"{named('sthree')}Resources: {{X: {{Type: {BUCKET}, Properties: {{BucketName: good}}}}}}\n",
        f"{named('sthreefold')}Resources: {{X: {{Type: {BUCKET}}}}}\n",
        section("bucket: good-name", "sthree"),
        section("bucket: none", "sthree"),
        section("bucket: auto", "internal"),
        f"{named('internal')}Resources: {{X: {{Type: {BUCKET}}}}}\n",
        f"{HEAD}Resources: {{{'V' * 255}: {{Type: AWS::EC2::EIP}}}}\n",
        f"{named('sg')}Resources: {{X: {{Type: {GROUP}, Properties: {{VpcId: v, GroupDescription: n}}}}}}\n",
    ],
)
def test_what_aws_takes_is_good(text: str) -> None:
    assert loaded(text).name


@pytest.mark.parametrize(
    ("plan", "name"),
    [
        ("sg", "sg_X-01234567"),
        ("sg-prod", "sg_prod-X-01234567"),
        ("sgs", "sgs-X-01234567"),
        ("a-sg-b", "a-sg-b-X-01234567"),
    ],
)
def test_a_group_of_a_plan_that_is_called_like_one(plan: str, name: str) -> None:
    assert generated_name(KINDS[GROUP], Owner(plan, "eu-west-1", "1", "r"), "X", "2-0123456789ab") == name


def test_the_schema_has_the_lengths() -> None:
    resources: Any = schema(KINDS)["properties"]["Resources"]["additionalProperties"]["oneOf"]
    [group] = [each["properties"] for each in resources if each["properties"]["Type"] == {"const": GROUP}]
    description = group["Properties"]["properties"]["GroupDescription"]
    assert [branch.get("maxLength") for branch in description["anyOf"]] == [255, None]

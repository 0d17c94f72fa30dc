"""Which actions the policy of a plan has, by what its resources want."""

from __future__ import annotations

from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any

import pytest

from ocpprov.checks.iam_policy import PolicyPurpose, PolicySubject, actions_of, needed_actions, policy, stack_policy
from ocpprov.checks.iam_policy_named import named_type
from ocpprov.checks.permissions import questions
from ocpprov.engine.ownership import generated_name, revision
from ocpprov.engine.resources import Owner, Resource
from ocpprov.engine.values import Ref, Select, Value
from ocpprov.kinds.registry import KINDS

ENDPOINT = "AWS::EC2::VPCEndpoint"


def subject(region: str, **properties: Value) -> PolicySubject:
    """A plan of one endpoint."""
    resources = {"Endpoint": Resource("Endpoint", ENDPOINT, {"VpcId": "vpc-1", **properties})}
    return PolicySubject("lab", region, "", resources, {ENDPOINT: KINDS[ENDPOINT]})


@pytest.mark.parametrize(
    ("region", "properties", "needed"),
    [
        ("eu-west-1", {}, False),
        ("eu-west-1", {"ServiceRegion": "us-east-1"}, True),
        ("us-east-1", {"ServiceRegion": "us-east-1"}, False),
        ("us-gov-east-1", {"ServiceRegion": "us-gov-west-1"}, True),
        ("eu-west-1", {"ServiceRegion": Ref("Region")}, True),
    ],
)
def test_an_endpoint_of_another_region_needs_an_action_more(
    region: str, properties: dict[str, Value], needed: bool
) -> None:
    plan = subject(region, **properties)
    has = {purpose: "vpce:AllowMultiRegion" in actions_of(policy(plan, purpose)) for purpose in PolicyPurpose}
    assert has == {
        PolicyPurpose.PLAN: False,
        PolicyPurpose.VERIFY: False,
        PolicyPurpose.APPLY: needed,
        PolicyPurpose.DESTROY: needed,
    }


def test_the_action_is_bound_to_the_region_and_asked_about() -> None:
    document = policy(subject("eu-west-1", ServiceRegion="us-east-1"), PolicyPurpose.APPLY)
    [statement] = [each for each in document["Statement"] if "vpce:AllowMultiRegion" in each["Action"]]
    assert statement["Condition"] == {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}
    asked = {action for question in questions(document, "123456789012") for action in question.actions}
    assert "vpce:AllowMultiRegion" in asked


@pytest.mark.parametrize(
    ("properties", "condition"),
    [
        ({"PrivateDnsEnabled": True, "VpcId": Ref("Vpc")}, None),
        ({"VpcId": Ref("Vpc")}, None),
        (
            {"PrivateDnsEnabled": True, "VpcId": "vpc-1"},
            {"ForAllValues:StringEquals": {"route53:VPCs": "VPCId=vpc-1,VPCRegion=eu-west-1"}},
        ),
    ],
)
def test_an_endpoint_with_the_services_names_needs_an_action_of_route_53(
    properties: dict[str, Value], condition: object
) -> None:
    interface: dict[str, Value] = {"VpcEndpointType": "Interface"}
    plan = subject("eu-west-1", **properties, **interface)
    names = "route53:AssociateVPCWithHostedZone"
    has = {purpose: names in actions_of(policy(plan, purpose)) for purpose in PolicyPurpose}
    assert has == {
        PolicyPurpose.PLAN: False,
        PolicyPurpose.VERIFY: False,
        PolicyPurpose.APPLY: True,
        PolicyPurpose.DESTROY: False,
    }
    [statement] = [each for each in policy(plan, PolicyPurpose.APPLY)["Statement"] if names in each["Action"]]
    assert statement["Resource"] == "arn:aws:route53:::hostedzone/*"
    assert statement.get("Condition") == condition
    for without in (subject("eu-west-1", PrivateDnsEnabled=False, **interface), subject("eu-west-1")):
        assert names not in actions_of(policy(without, PolicyPurpose.APPLY))


EC2 = "arn:aws:ec2:eu-west-1:*:"
PLAN_TAG = {"StringEquals": {"aws:ResourceTag/ocpprov:plan": "lab"}}


def of(*resources: Resource, purpose: PolicyPurpose = PolicyPurpose.APPLY, **more: Any) -> list[dict[str, Any]]:
    """The statements for a plan of these, without what only reads."""
    plan = {each.logical_id: each for each in resources}
    given = {"region": "eu-west-1", "account": "", **more}
    described = PolicySubject(name="lab", resources=plan, kinds=KINDS, **given)
    return [each for each in policy(described, purpose)["Statement"] if not each["Sid"].startswith(("Read", "MayBe"))]


def about(found: list[dict[str, Any]], action: str) -> list[tuple[Any, Any]]:
    """Resources and conditions under which an action is allowed."""
    return [(each["Resource"], each.get("Condition")) for each in found if action in each["Action"]]


def one(type: str, **properties: Value) -> Resource:
    return Resource("One", type, properties)


VPC = Resource("VPC", "AWS::EC2::VPC", {"CidrBlock": "10.0.0.0/16"})


@pytest.mark.parametrize("purpose", [PolicyPurpose.PLAN, PolicyPurpose.APPLY, PolicyPurpose.DESTROY])
def test_what_only_spares_calls_stands_by_itself_and_nobody_misses_it(purpose: PolicyPurpose) -> None:
    sparing = "iam:GetAccountAuthorizationDetails"
    document = policy(PolicySubject("lab", "eu-west-1", "", {}, KINDS), purpose)
    [statement] = [each for each in document["Statement"] if sparing in each["Action"]]
    assert (statement["Sid"], statement["Action"]) == ("MayBeLeftOut", [sparing])
    assert needed_actions(document) == [each for each in actions_of(document) if each != sparing]
    assert sparing not in actions_of(stack_policy(PolicySubject("lab", "eu-west-1", "", {}, KINDS), "lab"))
    assert sparing not in actions_of(policy(subject("eu-west-1"), purpose))
    assert sparing not in actions_of(policy(PolicySubject("lab", "eu-west-1", "", {}, KINDS), PolicyPurpose.VERIFY))


@pytest.mark.parametrize(
    ("resource", "action", "given"),
    [
        (one("AWS::EC2::Route", RouteTableId=f"rtb-{'1' * 17}"), "CreateRoute", f"route-table/rtb-{'1' * 17}"),
        (one("AWS::EC2::Subnet", VpcId=f"vpc-{'1' * 8}"), "CreateSubnet", f"vpc/vpc-{'1' * 8}"),
        (
            one("AWS::EC2::SecurityGroupIngress", GroupId=f"sg-{'1' * 17}", SourceSecurityGroupId=f"sg-{'2' * 17}"),
            "RevokeSecurityGroupIngress",
            f"security-group/sg-{'1' * 17}",
        ),
        (
            one("AWS::EC2::SubnetNetworkAclAssociation", SubnetId=f"subnet-{'1' * 17}", NetworkAclId=Ref("Acl")),
            "ReplaceNetworkAclAssociation",
            f"subnet/subnet-{'1' * 17}",
        ),
    ],
)
def test_what_is_given_by_id_is_touched_and_nothing_else(resource: Resource, action: str, given: str) -> None:
    found = about(of(resource), f"ec2:{action}")
    assert (f"{EC2}{given}", None) in found
    unbound = [row for row in found if row[1] is None and row[0] != f"{EC2}{given}"]
    assert unbound == ([(f"{EC2}network-acl/*", None)] if "Acl" in action else [])


def test_what_is_made_in_ours_needs_our_tag_on_both() -> None:
    found = about(of(VPC, one("AWS::EC2::Subnet", VpcId=Ref("VPC"))), "ec2:CreateSubnet")
    assert found == [
        (f"{EC2}*/*", PLAN_TAG),
        (f"{EC2}subnet/*", {"StringEquals": {"aws:RequestTag/ocpprov:plan": "lab"}}),
    ]


def test_an_id_that_is_put_together_at_run_time_may_be_any_of_its_type() -> None:
    found = about(of(one("AWS::EC2::Route", RouteTableId=Select(0, ("a", "b")))), "ec2:CreateRoute")
    assert found == [(f"{EC2}*/*", PLAN_TAG), (f"{EC2}route-table/*", None)]


def test_nothing_is_tagged_but_ours_what_is_being_made_and_shared_with_the_plans_keys() -> None:
    tags = ({"Key": "kubernetes.io/cluster/lab-x7k2p", "Value": "shared"},)
    shared = one("Ocpprov::EC2::SharedTags", ResourceId=f"subnet-{'1' * 17}", Tags=tags)
    keys = ["kubernetes.io/cluster/lab-x7k2p", "ocpprov:shared:lab"]
    condition = {"ForAllValues:StringEquals": {"aws:TagKeys": keys}, "Null": {"aws:TagKeys": "false"}}
    found = of(VPC, shared)
    assert about(found, "ec2:CreateTags") == [
        (f"{EC2}*/*", PLAN_TAG),
        (f"{EC2}subnet/subnet-{'1' * 17}", condition),
        (f"{EC2}*/*", {"StringEquals": {"ec2:CreateAction": "CreateVpc"}}),
    ]
    assert about(found, "ec2:DeleteTags")[1:] == [(f"{EC2}subnet/subnet-{'1' * 17}", condition)]


NLB = "AWS::ElasticLoadBalancingV2::LoadBalancer"
CLASSIC = "AWS::ElasticLoadBalancing::LoadBalancer"


def test_balancers_are_tagged_when_they_are_made_or_while_they_are_ours() -> None:
    region = "arn:aws:elasticloadbalancing:eu-west-1:*:"
    created = {"StringEquals": {"elasticloadbalancing:CreateAction": "CreateLoadBalancer"}}
    assert about(of(one(NLB)), "elasticloadbalancing:AddTags") == [
        (f"{region}*/*", PLAN_TAG),
        (f"{region}*/*", created),
    ]
    named = about(of(one(CLASSIC)), "elasticloadbalancing:AddTags")
    assert (f"{region}loadbalancer/lab-One-????????", None) in named


def test_isolated_partitions_may_take_no_tags_at_creation() -> None:
    found = about(of(one(NLB), region="us-iso-east-1"), "elasticloadbalancing:AddTags")
    assert ("arn:aws-iso:elasticloadbalancing:us-iso-east-1:*:loadbalancer/*/lab-One-????????/*", None) in found
    made = about(of(one(NLB), region="us-iso-east-1"), "elasticloadbalancing:CreateLoadBalancer")
    assert [condition for _, condition in made] == [{"StringEquals": {"aws:RequestTag/ocpprov:plan": "lab"}}, None]


@pytest.mark.parametrize(
    ("type", "service", "properties"),
    [
        ("AWS::IAM::Role", "iam", {"AssumeRolePolicyDocument": {}}),
        ("AWS::IAM::InstanceProfile", "iam", {"Roles": [Ref("Role")]}),
        ("AWS::S3::Bucket", "s3", {}),
    ],
)
@pytest.mark.parametrize("logical_id", ["One", "A" * 64])
def test_generated_names_are_covered_and_neighbours_are_not(
    type: str, service: str, properties: dict[str, Value], logical_id: str
) -> None:
    kind, owner = KINDS[type], Owner("lab", "eu-west-1", "123456789012", "run")
    [statement] = [
        each
        for each in of(Resource(logical_id, type, properties))
        if any(action.split(":")[1].startswith("Create") for action in each["Action"])
    ]
    name = generated_name(kind, owner, logical_id, revision(kind, properties))
    pattern = statement["Resource"].rpartition("/" if service == "iam" else ":")[2]
    assert len(pattern) <= kind.name_limit
    assert fnmatchcase(name, pattern)
    neighbour = generated_name(kind, replace(owner, plan="lab-eu"), logical_id, revision(kind, properties))
    assert not fnmatchcase(neighbour, pattern)


IAM = "arn:aws:iam::*:"
BOUND = "arn:aws:iam::123456789012:policy/bound"
ROLE = Resource("Role", "AWS::IAM::Role", {"RoleName": "master", "Path": "/p/", "AssumeRolePolicyDocument": {}})
BOUNDED = replace(ROLE, properties={**ROLE.properties, "PermissionsBoundary": BOUND})
INLINE = one("Ocpprov::IAM::RolePolicy", RoleName=Ref("Role"), PolicyName="p")
ATTACHED = one("Ocpprov::IAM::RolePolicyAttachment", RoleName=Ref("Role"), PolicyArn="arn:aws:iam::aws:policy/Read")


def test_a_boundary_binds_what_makes_a_role_stronger() -> None:
    bounded = {"ArnLike": {"iam:PermissionsBoundary": BOUND}}
    found = of(BOUNDED, INLINE)
    for action in ("CreateRole", "PutRolePolicy", "PutRolePermissionsBoundary", "UpdateAssumeRolePolicy"):
        assert about(found, f"iam:{action}") == [(f"{IAM}role/p/master", bounded)]
    for action in ("DeleteRole", "DeleteRolePolicy", "TagRole", "UpdateRole"):
        assert about(found, f"iam:{action}") == [(f"{IAM}role/p/master", None)]
    [(_, condition)] = about(of(BOUNDED, ATTACHED), "iam:AttachRolePolicy")
    assert condition == {"ArnLike": {"iam:PolicyARN": "arn:aws:iam::aws:policy/Read", "iam:PermissionsBoundary": BOUND}}


def test_a_boundary_that_the_plan_doesnt_give_is_left_to_who_gave_it() -> None:
    found = of(ROLE, INLINE)
    assert about(found, "iam:PutRolePolicy") == [(f"{IAM}role/p/master", None)]
    for statements in (found, of(BOUNDED)):
        assert about(statements, "iam:DeleteRolePermissionsBoundary") == []
    assert about(found, "iam:PutRolePermissionsBoundary") == []


def test_a_role_gets_the_plans_policies_alone() -> None:
    [(arn, condition)] = about(of(ROLE, ATTACHED), "iam:AttachRolePolicy")
    assert (arn, condition) == (
        f"{IAM}role/p/master",
        {"ArnLike": {"iam:PolicyARN": "arn:aws:iam::aws:policy/Read"}},
    )
    assert about(of(ROLE, ATTACHED), "iam:DetachRolePolicy") == [(f"{IAM}role/p/master", None)]


@pytest.mark.parametrize(
    ("region", "services"),
    [("eu-west-1", "ec2.amazonaws.com"), ("cn-north-1", ["ec2.amazonaws.com", "ec2.amazonaws.com.cn"])],
)
def test_roles_are_passed_to_machines_alone(region: str, services: str | list[str]) -> None:
    found = of(ROLE, one("AWS::IAM::InstanceProfile", Roles=[Ref("Role"), "theirs"]), region=region)
    arn = IAM.replace("aws", "aws-cn") if region.startswith("cn-") else IAM
    roles = [f"{arn}role/*/theirs", f"{arn}role/p/master", f"{arn}role/theirs"]
    assert about(found, "iam:PassRole") == [(roles, {"StringEquals": {"iam:PassedToService": services}})]


NAMES = "route53:ChangeResourceRecordSetsNormalizedRecordNames"
ZONE = Resource("Zone", "AWS::Route53::HostedZone", {"Name": "Lab.Example.com."})
ZONES = "arn:aws:route53:::hostedzone/"


@pytest.mark.parametrize(
    ("zone", "arn", "names"),
    [
        (Ref("Zone"), "*", ["*.lab.example.com", "lab.example.com"]),
        ("Z0123", "Z0123", r"\052.apps.lab.example.com"),
        ("Z0PLACEHOLDER", "*", r"\052.apps.lab.example.com"),
        (Select(0, ("a", "b")), "*", r"\052.apps.lab.example.com"),
    ],
)
def test_records_are_changed_by_zone_and_name(zone: Value, arn: str, names: str | list[str]) -> None:
    record = one("AWS::Route53::RecordSet", HostedZoneId=zone, Name="*.apps.lab.example.com", Type="A")
    found = about(of(ZONE, record), "route53:ChangeResourceRecordSets")
    assert found == [(f"{ZONES}{arn}", {"ForAllValues:StringLike": {NAMES: names}})]


def test_a_plan_without_a_zone_of_its_own_touches_none() -> None:
    record = one("AWS::Route53::RecordSet", HostedZoneId="Z0123", Name="api.lab.example.com", Type="A")
    allowed = {action for each in of(record) for action in each["Action"] if action.startswith("route53:")}
    assert allowed == {"route53:ChangeResourceRecordSets"}


@pytest.mark.parametrize(
    ("vpc", "condition"),
    [
        (
            f"vpc-{'1' * 17}",
            {"ForAllValues:StringEquals": {"route53:VPCs": f"VPCId=vpc-{'1' * 17},VPCRegion=eu-west-1"}},
        ),
        (Ref("VPC"), None),
    ],
)
def test_zones_are_joined_with_the_vpcs_that_the_plan_names(vpc: Value, condition: Any) -> None:
    zone = replace(ZONE, properties={**ZONE.properties, "VPCs": [{"VPCId": vpc, "VPCRegion": "eu-west-1"}]})
    found = of(VPC, zone)
    for action in ("CreateHostedZone", "AssociateVPCWithHostedZone", "DisassociateVPCFromHostedZone"):
        assert [row[1] for row in about(found, f"route53:{action}")] == [condition]
    assert about(found, "route53:DeleteHostedZone") == [(f"{ZONES}*", None)]


BUCKET = Resource("Bucket", "AWS::S3::Bucket", {})


def test_of_a_given_bucket_only_the_plans_object_is_touched() -> None:
    own = replace(one("Ocpprov::S3::Object", Bucket=Ref("Bucket"), Key="a.ign"), logical_id="Own")
    theirs = replace(one("Ocpprov::S3::Object", Bucket="theirs", Key="b.ign"), logical_id="Theirs")
    found = of(BUCKET, own, theirs)
    mine = "arn:aws:s3:::lab-bucket-????????"
    assert about(found, "s3:PutObject") == [([f"{mine}/a.ign", "arn:aws:s3:::theirs/b.ign"], None)]
    assert about(found, "s3:DeleteBucket") == [(mine, None)]


@pytest.mark.parametrize(
    ("action", "type"),
    [
        ("s3:GetBucketObjectLockConfiguration", "bucket"),
        ("s3:GetObjectRetention", "object"),
        ("s3:ListAllMyBuckets", ""),
        ("s3:ListBucketVersions", "bucket"),
        ("iam:AddRoleToInstanceProfile", "instance-profile"),
        ("iam:PutRolePolicy", "role"),
        ("iam:CreatePolicyVersion", "policy"),
        ("iam:ListRolePolicies", ""),
        ("ec2:CreateVpc", ""),
    ],
)
def test_what_an_action_of_iam_or_s3_is_about(action: str, type: str) -> None:
    assert named_type(action) == type


def test_the_lock_is_the_plans_own() -> None:
    found = of(BUCKET, lock="s3://locks/teams")
    assert about(found, "s3:PutObject") == [("arn:aws:s3:::locks/teams/*-eu-west-1-lab.lock", None)]
    known = of(BUCKET, lock="s3://locks", account="123456789012")
    assert about(known, "s3:PutObject") == [("arn:aws:s3:::locks/123456789012-eu-west-1-lab.lock", None)]


def test_what_the_plan_had_while_its_bootstrap_ran_is_taken_away_and_no_more() -> None:
    gone = Resource("Bootstrap", "AWS::IAM::Role", {"AssumeRolePolicyDocument": {}})
    found = of(ROLE, passing={"Bootstrap": gone})
    arns = [f"{IAM}role/lab-Bootstrap-????????", f"{IAM}role/p/master"]
    assert about(found, "iam:DeleteRole") == [(arns, None)]
    assert about(found, "iam:CreateRole") == [(f"{IAM}role/p/master", None)]


def test_nothing_that_is_changed_is_allowed_on_everything() -> None:
    """But what IAM knows no resource for, or what only reads."""
    every = [
        VPC, ROLE, INLINE, ATTACHED, ZONE, BUCKET, one(NLB), one("AWS::EC2::VPCEndpoint", ServiceRegion="us-east-1")
    ]  # fmt: skip
    wide = {action for each in of(*every) if each["Resource"] == "*" for action in each["Action"]}
    assert wide == {"iam:ListInstanceProfilesForRole", "route53:CreateHostedZone", "vpce:AllowMultiRegion"}


ZONES_ROLE = "arn:aws:iam::210987654321:role/zones"


def test_a_zone_of_another_account_is_written_as_its_role_and_not_otherwise() -> None:
    ours = one("AWS::Route53::RecordSet", HostedZoneId="Z0OURS", Name="a.example.com", Type="A")
    theirs = Resource("Theirs", ours.type, {**ours.properties, "HostedZoneId": "Z0THEIRS"})
    for purpose in PolicyPurpose:
        found = of(ours, theirs, purpose=purpose, zone_roles={"Z0THEIRS": ZONES_ROLE})
        assert about(found, "sts:AssumeRole") == [(ZONES_ROLE, None)]
        zones = [where for where, _ in about(found, "route53:ChangeResourceRecordSets")]
        assert zones == (
            [] if purpose in (PolicyPurpose.PLAN, PolicyPurpose.VERIFY) else ["arn:aws:route53:::hostedzone/Z0OURS"]
        )
    assert about(of(ours), "sts:AssumeRole") == []


def test_a_first_attachment_makes_the_transit_gateways_role() -> None:
    attachment = Resource("Transit", "AWS::EC2::TransitGatewayAttachment", {"VpcId": "vpc-1"})
    assert about(of(attachment), "iam:CreateServiceLinkedRole") == [
        (
            "arn:aws:iam::*:role/aws-service-role/transitgateway.amazonaws.com/*",
            {"StringEquals": {"iam:AWSServiceName": "transitgateway.amazonaws.com"}},
        )
    ]
    assert about(of(attachment, purpose=PolicyPurpose.DESTROY), "iam:CreateServiceLinkedRole") == []


@pytest.mark.parametrize(
    ("pool", "arn"),
    [("ipv4pool-ec2-0a1b", f"{EC2}ipv4pool-ec2/ipv4pool-ec2-0a1b"), (Ref("Pool"), f"{EC2}ipv4pool-ec2/*")],
)
def test_an_address_of_a_pool_is_taken_from_that(pool: Value, arn: str) -> None:
    address = Resource("Address", "AWS::EC2::EIP", {"PublicIpv4Pool": pool})
    assert about(of(address), "ec2:AllocateAddress") == [
        (f"{EC2}elastic-ip/*", {"StringEquals": {"aws:RequestTag/ocpprov:plan": "lab"}}),
        (arn, None),
    ]


@pytest.mark.parametrize(
    ("key", "arn"),
    [
        ("arn:aws:kms:eu-west-1:1:key/2", "arn:aws:kms:eu-west-1:1:key/2"),
        ("2", "arn:aws:kms:eu-west-1:*:key/2"),
        (Ref("Key"), "arn:aws:kms:eu-west-1:*:key/*"),
        (None, None),
    ],
)
def test_an_object_is_encrypted_with_its_buckets_key(key: Value, arn: str | None) -> None:
    default = {"SSEAlgorithm": "aws:kms", **({"KMSMasterKeyID": key} if key else {})}
    rules = [{"ServerSideEncryptionByDefault": default}]
    configuration: Value = {"ServerSideEncryptionConfiguration": rules}
    bucket = Resource("Bucket", "AWS::S3::Bucket", {"BucketEncryption": configuration})
    resource = Resource("Object", "Ocpprov::S3::Object", {"Bucket": Ref("Bucket"), "Key": "a.ign"})
    assert about(of(bucket, resource), "kms:GenerateDataKey") == ([(arn, None)] if arn else [])
    assert about(of(resource, bucket, purpose=PolicyPurpose.DESTROY), "kms:GenerateDataKey") == []


def test_verify_needs_a_part_of_what_plan_does_and_never_the_lock() -> None:
    plan = PolicySubject("lab", "eu-west-1", "", {}, KINDS, "s3://locks")
    verify, planned = (set(actions_of(policy(plan, purpose))) for purpose in (PolicyPurpose.VERIFY, PolicyPurpose.PLAN))
    assert verify - planned == set()
    assert {
        action for action in verify if not action.partition(":")[2].startswith(("Describe", "Get", "List"))
    } == set()
    assert planned - verify == {
        "ec2:DescribeAccountAttributes",
        "ec2:DescribeInstanceAttribute",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeVpcEndpointServiceConfigurations",
        "ec2:DescribeVpnGateways",
        "elasticloadbalancing:DescribeAccountLimits",
        "elasticloadbalancing:DescribeInstanceHealth",
        "elasticloadbalancing:DescribeRules",
        "iam:GetAccountAuthorizationDetails",
        "iam:GetAccountSummary",
        "iam:SimulatePrincipalPolicy",
        "route53:GetAccountLimit",
        "route53:GetDNSSEC",
        "s3:GetObject",
        "s3:ListBucket",
        "s3:PutObject",
        "servicequotas:GetServiceQuota",
    }

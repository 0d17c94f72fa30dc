"""What a caller must be allowed for one call: the actions, the resources, and what conditions may be about.

Service authorization reference: the actions of each operation, their resource types, and the tags of each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from ocpprov.sandbox.exchange import Request
from ocpprov.sandbox.middleware.contract import Aws
from ocpprov.sandbox.policy_evaluation import RequiredAction

_EC2_TYPES: Final[Mapping[str, str]] = {
    "acl": "network-acl",
    "dopt": "dhcp-options",
    "eipalloc": "elastic-ip",
    "eni": "network-interface",
    "igw": "internet-gateway",
    "nat": "natgateway",
    "pcx": "vpc-peering-connection",
    "rtb": "route-table",
    "sg": "security-group",
    "sgr": "security-group-rule",
    "subnet": "subnet",
    "tgw": "transit-gateway",
    "tgw-attach": "transit-gateway-attachment",
    "vpc": "vpc",
    "vpce": "vpc-endpoint",
}
_ID: Final = re.compile(r"([a-z]+(?:-attach)?)-[0-9a-f]{8,17}")
_MADE: Final[Mapping[str, str]] = {
    "AllocateAddress": "elastic-ip",
    "AuthorizeSecurityGroupEgress": "security-group-rule",
    "AuthorizeSecurityGroupIngress": "security-group-rule",
    "CreateDhcpOptions": "dhcp-options",
    "CreateInternetGateway": "internet-gateway",
    "CreateNatGateway": "natgateway",
    "CreateNetworkAcl": "network-acl",
    "CreateRouteTable": "route-table",
    "CreateSecurityGroup": "security-group",
    "CreateSubnet": "subnet",
    "CreateTransitGatewayVpcAttachment": "transit-gateway-attachment",
    "CreateVpc": "vpc",
    "CreateVpcEndpoint": "vpc-endpoint",
    "CreateVpcPeeringConnection": "vpc-peering-connection",
}
_TAG_KEY: Final = re.compile(r"((?:TagSpecifications?\.\d+\.)?(?:Tags?\.(?:member\.)?\d+))\.Key")
_BALANCERS_MADE: Final = ("CreateListener", "CreateLoadBalancer", "CreateTargetGroup")
_IAM_TAGS: Final[Mapping[str, str]] = {
    "CreateInstanceProfile": "TagInstanceProfile",
    "CreatePolicy": "TagPolicy",
    "CreateRole": "TagRole",
}
_IAM_NAMES: Final[Mapping[str, str]] = {
    "InstanceProfileName": "instance-profile",
    "PolicyName": "policy",
    "RoleName": "role",
}
_UNNAMED: Final = ("GetAccountSummary", "SimulatePrincipalPolicy")
# Actions of S3 that don't have the operation's name.
_S3_ACTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "DeleteObjects": ("DeleteObject", "DeleteObjectVersion"),
    "GetBucketEncryption": ("GetEncryptionConfiguration",),
    "GetBucketLifecycleConfiguration": ("GetLifecycleConfiguration",),
    "GetObjectLockConfiguration": ("GetBucketObjectLockConfiguration",),
    "GetPublicAccessBlock": ("GetBucketPublicAccessBlock",),
    "HeadBucket": ("ListBucket",),
    "HeadObject": ("GetObject",),
    "ListBuckets": ("ListAllMyBuckets",),
    "ListMultipartUploads": ("ListBucketMultipartUploads",),
    "ListObjectVersions": ("ListBucketVersions",),
    "ListObjects": ("ListBucket",),
    "ListObjectsV2": ("ListBucket",),
    "PutBucketEncryption": ("PutEncryptionConfiguration",),
    "PutBucketLifecycleConfiguration": ("PutLifecycleConfiguration",),
    "PutPublicAccessBlock": ("PutBucketPublicAccessBlock",),
}


def required_actions(request: Request, aws: Aws) -> Iterator[RequiredAction]:
    """Everything that the policy must allow for the call."""
    here = {"aws:RequestedRegion": request.region}
    match request.service:
        case "ec2":
            yield from _ec2(request, aws, here)
        case "elasticloadbalancing":
            yield from _balancing(request, aws, here)
        case "iam":
            yield from _iam(request, aws)
        case "s3":
            yield from _s3(request, _partition(aws, request))
        case "route53":
            yield RequiredAction(f"route53:{request.operation}")
            if request.operation == "CreateHostedZone" and request.get("VPC/VPCId"):
                yield RequiredAction("ec2:DescribeVpcs", "*", here)
        case "sts":
            if request.operation != "GetCallerIdentity":
                yield RequiredAction(f"sts:{request.operation}")
        case service:
            yield RequiredAction(f"{service}:{request.operation}", "*", here)


def _ec2(request: Request, aws: Aws, here: Mapping[str, str]) -> Iterator[RequiredAction]:
    action = f"ec2:{request.operation}"
    if not request.mutating and "DryRun" not in request.parameters:
        yield RequiredAction(action, "*", here)
        return
    tags = {f"aws:RequestTag/{key}": value for key, value in _tags(request).items()}
    made = _MADE.get(request.operation)
    if request.operation == "CreateVpcEndpoint" and request.get("ServiceRegion") not in ("", request.region):
        yield RequiredAction("vpce:AllowMultiRegion", aws.arn(request, "ec2", f"{made}/*"), here)
    if made and (made != "security-group-rule" or tags):
        yield RequiredAction(action, aws.arn(request, "ec2", f"{made}/*"), {**here, **tags})
        if tags:
            yield RequiredAction(
                "ec2:CreateTags",
                aws.arn(request, "ec2", f"{made}/*"),
                {**here, **tags, "ec2:CreateAction": request.operation},
            )
    ids = _ids(request)
    known = aws.ec2(request).tags
    for id in ids:
        owned = {f"aws:ResourceTag/{key}": value for key, value in dict(known.get(id, {})).items()}
        prefix = _ID.fullmatch(id)
        type = _EC2_TYPES.get(prefix[1], "") if prefix else ""
        if type:
            yield RequiredAction(
                action, aws.arn(request, "ec2", f"{type}/{id}"), {**here, **owned, **({} if made else tags)}
            )
    if not made and not ids:
        yield RequiredAction(action, "*", here)


def _ids(request: Request) -> list[str]:
    """Ids in the parameters of resources that the call is about."""
    values = (value for key, value in request.parameters.items() if not key.startswith(("Filter", "TagSpec", "Tag.")))
    return sorted({value for value in values if (found := _ID.fullmatch(value)) and found[1] in _EC2_TYPES})


def _tags(request: Request) -> dict[str, str]:
    found = {match[1]: value for key, value in request.parameters.items() if (match := _TAG_KEY.fullmatch(key))}
    return {value: request.get(f"{place}.Value") for place, value in found.items()}


def _balancing(request: Request, aws: Aws, here: Mapping[str, str]) -> Iterator[RequiredAction]:
    action = f"elasticloadbalancing:{request.operation}"
    if request.operation in _BALANCERS_MADE and _tags(request):
        yield RequiredAction("elasticloadbalancing:AddTags", "*", here)
    if request.operation == "CreateLoadBalancer" and not _balancers(request, aws):
        linked = "elasticloadbalancing.amazonaws.com"
        role = f"role/aws-service-role/{linked}/AWSServiceRoleForElasticLoadBalancing"
        arn = aws.arn(request, "iam", role, regional=False)
        yield RequiredAction("iam:CreateServiceLinkedRole", arn, {"iam:AWSServiceName": linked})
    yield RequiredAction(action, "*", {**here, **_tags_of_balancer(request, aws)})


def _balancers(request: Request, aws: Aws) -> bool:
    return bool(aws.elbv2(request).load_balancers or aws.elb(request).load_balancers)


def _tags_of_balancer(request: Request, aws: Aws) -> dict[str, str]:
    tags: dict[str, Any] = {}
    for name in ("ListenerArn", "LoadBalancerArn", "TargetGroupArn"):
        if arn := request.get(name):
            tags |= aws.elbv2(request).tagging_service.get_tag_dict_for_resource(arn)
    classic = aws.elb(request).load_balancers.get(request.get("LoadBalancerName"))
    if classic is not None:
        tags |= classic.tags
    return {f"aws:ResourceTag/{key}": str(value) for key, value in tags.items()}


def _iam(request: Request, aws: Aws) -> Iterator[RequiredAction]:
    """Names without their paths: a policy that names a path is matched by it only at the creation."""
    if request.operation in _UNNAMED or request.operation.startswith("List"):
        yield RequiredAction(f"iam:{request.operation}")
        return

    def arn(resource: str) -> str:
        return aws.arn(request, "iam", resource, regional=False)

    path = request.get("Path") or "/"
    names = [f"{type}{path}{request.get(name)}" for name, type in _IAM_NAMES.items() if request.get(name)]
    if request.operation in ("PutRolePolicy", "DeleteRolePolicy", "GetRolePolicy"):
        names = [f"role/{request.get('RoleName')}"]
    if request.operation in ("AddRoleToInstanceProfile", "RemoveRoleFromInstanceProfile"):
        names = [f"instance-profile/{request.get('InstanceProfileName')}"]
    if request.operation == "AddRoleToInstanceProfile":
        yield RequiredAction("iam:PassRole", arn(f"role/{request.get('RoleName')}"))
    if request.operation in _IAM_TAGS and _tags(request):
        yield RequiredAction(f"iam:{_IAM_TAGS[request.operation]}", arn(names[0]))
    policy = request.get("PolicyArn") if not request.operation.endswith("RolePolicy") else ""
    for resource in [policy] if policy else [arn(name) for name in names]:
        yield RequiredAction(f"iam:{request.operation}", resource)


def _s3(request: Request, partition: str) -> Iterator[RequiredAction]:
    bucket, key = request.get("Bucket"), request.get("Key")
    resource = f"arn:{partition}:s3:::{bucket}/{key}" if key else f"arn:{partition}:s3:::{bucket}" if bucket else "*"
    for action in _S3_ACTIONS.get(request.operation, (request.operation,)):
        about = f"arn:{partition}:s3:::{bucket}/*" if request.operation == "DeleteObjects" else resource
        yield RequiredAction(f"s3:{action}", about)
    if request.operation == "PutObject" and request.header("x-amz-tagging"):
        yield RequiredAction("s3:PutObjectTagging", resource)
    if request.operation == "CreateBucket" and b"Tag" in request.body:
        yield RequiredAction("s3:TagResource", resource)


def _partition(aws: Aws, request: Request) -> str:
    return aws.arn(request, "s3", "").split(":")[1]


def simulated(request: Request) -> Iterator[RequiredAction]:
    """What SimulatePrincipalPolicy is asked about, one action on one resource after another."""
    context: dict[str, str] = {}
    for index in range(1, 100):
        entry = f"ContextEntries.member.{index}"
        if name := request.get(f"{entry}.ContextKeyName"):
            context[name] = request.get(f"{entry}.ContextKeyValues.member.1")
    resources = request.values("ResourceArns.member") or ("*",)
    for action in request.values("ActionNames.member"):
        for resource in resources:
            yield RequiredAction(action, resource, context)

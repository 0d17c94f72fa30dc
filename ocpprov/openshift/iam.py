"""The machines' roles and instance profiles: templates 03_cluster_security.yaml and 04_cluster_bootstrap.yaml.

`scoped` is what the templates of the plan's release allow: everything of EC2 and load balancing until 4.4, a list of
single actions since 4.5. `documented` is the table of the documentation (section "Other infrastructure components").
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from ocpprov.engine.resources import Resource
from ocpprov.engine.values import GetAtt, Join, Ref, Value
from ocpprov.openshift.layout import Layout
from ocpprov.openshift.storage import BUCKET
from ocpprov.plan.model import OpenShift
from ocpprov.plan.releases import Release, in_force

Machine = Literal["master", "worker", "bootstrap"]
EVERYTHING: Final = "*"


MASTER_PROFILE: Final = "MasterInstanceProfile"
WORKER_PROFILE: Final = "WorkerInstanceProfile"


@dataclass(frozen=True)
class ActionsSince:
    """What a role may do, on everything: the actions of the release and of those after it, until the next row."""

    since: Release
    actions: Sequence[str]


@dataclass(frozen=True)
class Role:
    """One role and its profile, with its actions in both forms."""

    machine: Machine
    role_id: str
    profile_id: str
    scoped: Sequence[ActionsSince]
    documented: Sequence[str]


READ_OBJECTS: Final = "s3:GetObject"
_BROAD_MASTER: Final = ("ec2:*", "elasticloadbalancing:*", "iam:PassRole", READ_OBJECTS)
_BROAD_WORKER: Final = ("ec2:Describe*",)
_BOOTSTRAP: Final = ("ec2:Describe*", "ec2:AttachVolume", "ec2:DetachVolume")
_SCOPED_MASTER: Final = (
    "ec2:AttachVolume",
    "ec2:AuthorizeSecurityGroupIngress",
    "ec2:CreateSecurityGroup",
    "ec2:CreateTags",
    "ec2:CreateVolume",
    "ec2:DeleteSecurityGroup",
    "ec2:DeleteVolume",
    "ec2:Describe*",
    "ec2:DetachVolume",
    "ec2:ModifyInstanceAttribute",
    "ec2:ModifyVolume",
    "ec2:RevokeSecurityGroupIngress",
    "elasticloadbalancing:AddTags",
    "elasticloadbalancing:AttachLoadBalancerToSubnets",
    "elasticloadbalancing:ApplySecurityGroupsToLoadBalancer",
    "elasticloadbalancing:CreateListener",
    "elasticloadbalancing:CreateLoadBalancer",
    "elasticloadbalancing:CreateLoadBalancerPolicy",
    "elasticloadbalancing:CreateLoadBalancerListeners",
    "elasticloadbalancing:CreateTargetGroup",
    "elasticloadbalancing:ConfigureHealthCheck",
    "elasticloadbalancing:DeleteListener",
    "elasticloadbalancing:DeleteLoadBalancer",
    "elasticloadbalancing:DeleteLoadBalancerListeners",
    "elasticloadbalancing:DeleteTargetGroup",
    "elasticloadbalancing:DeregisterInstancesFromLoadBalancer",
    "elasticloadbalancing:DeregisterTargets",
    "elasticloadbalancing:Describe*",
    "elasticloadbalancing:DetachLoadBalancerFromSubnets",
    "elasticloadbalancing:ModifyListener",
    "elasticloadbalancing:ModifyLoadBalancerAttributes",
    "elasticloadbalancing:ModifyTargetGroup",
    "elasticloadbalancing:ModifyTargetGroupAttributes",
    "elasticloadbalancing:RegisterInstancesWithLoadBalancer",
    "elasticloadbalancing:RegisterTargets",
    "elasticloadbalancing:SetLoadBalancerPoliciesForBackendServer",
    "elasticloadbalancing:SetLoadBalancerPoliciesOfListener",
    "kms:DescribeKey",
)

ROLES = (
    Role(
        "master",
        "MasterIamRole",
        MASTER_PROFILE,
        (ActionsSince((4, 1), _BROAD_MASTER), ActionsSince((4, 5), _SCOPED_MASTER)),
        _BROAD_MASTER,
    ),
    Role(
        "worker",
        "WorkerIamRole",
        WORKER_PROFILE,
        (ActionsSince((4, 1), _BROAD_WORKER), ActionsSince((4, 5), ("ec2:DescribeInstances", "ec2:DescribeRegions"))),
        _BROAD_WORKER,
    ),
    Role(
        "bootstrap",
        "BootstrapIamRole",
        "BootstrapInstanceProfile",
        (ActionsSince((4, 1), (*_BOOTSTRAP, READ_OBJECTS)),),
        _BOOTSTRAP,
    ),
)


def iam(layout: Layout) -> Iterator[Resource]:
    """A role and a profile for each kind of machine whose profile the plan doesn't name."""
    for role in wanted_roles(layout.section):
        if not given_profile(layout.section, role.machine):
            yield _role(layout, role)
            yield _profile(layout.section, role)


def wanted_roles(section: OpenShift) -> Iterator[Role]:
    """The roles of the machines that there are."""
    yield from (role for role in ROLES if role.machine != "bootstrap" or section.bootstrap)


def given_profile(section: OpenShift, machine: Machine) -> str:
    """The name of the existing profile for this machine, empty where ocpprov makes one."""
    profiles = section.iam.instance_profiles
    return {"master": profiles.master, "worker": profiles.worker, "bootstrap": profiles.bootstrap}[machine]


def actions_of(section: OpenShift, role: Role) -> Sequence[str]:
    """What the role may do, in the plan's form and release."""
    return role.documented if section.iam.policies == "documented" else in_force(role.scoped, section.version).actions


def _role(layout: Layout, role: Role) -> Resource:
    section = layout.section
    properties: dict[str, Value] = {
        "Path": section.iam.path,
        "AssumeRolePolicyDocument": _trust(layout.partition.dns_suffix),
        "Policies": [
            {
                "PolicyName": f"{section.infra_id}-{role.machine}-policy",
                "PolicyDocument": {"Version": "2012-10-17", "Statement": _statements(section, role)},
            }
        ],
    }
    if section.iam.permissions_boundary:
        properties["PermissionsBoundary"] = section.iam.permissions_boundary
    return Resource(role.role_id, "AWS::IAM::Role", properties)


def _profile(section: OpenShift, role: Role) -> Resource:
    properties: dict[str, Value] = {"Path": section.iam.path, "Roles": [Ref(role.role_id)]}
    return Resource(role.profile_id, "AWS::IAM::InstanceProfile", properties)


def _trust(dns_suffix: str) -> Value:
    """EC2's principal has the partition's domain, as the installer writes it: ec2.amazonaws.com.cn in China."""
    statement: Value = {"Effect": "Allow", "Principal": {"Service": f"ec2.{dns_suffix}"}, "Action": "sts:AssumeRole"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def _statements(section: OpenShift, role: Role) -> list[Value]:
    """One statement for everything, but the bootstrap machine reads only the bucket that is made for it."""
    actions = list(actions_of(section, role))
    own_bucket = role.machine == "bootstrap" and READ_OBJECTS in actions and section.bucket.create
    if not own_bucket:
        return [_allow(actions, EVERYTHING)]
    objects = Join("", (GetAtt(BUCKET, "Arn"), "/*"))
    return [_allow([each for each in actions if each != READ_OBJECTS], EVERYTHING), _allow([READ_OBJECTS], objects)]


def _allow(actions: Sequence[str], resource: Value) -> Value:
    return {"Effect": "Allow", "Action": actions, "Resource": resource}

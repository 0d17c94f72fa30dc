"""What others than ocpprov must be allowed for a plan's cluster: whoever runs openshift-install, and the cluster's own
operators.

Resources are `*`, as the installer and the cloud credential operator have them: both ask IAM whether each action is
allowed on everything, and take no for an answer where a policy names resources.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import Any, Final

from ocpprov.checks.iam_policy_statements import Grant, statements
from ocpprov.openshift.installer_permissions import PermissionGroup, actions_of_group
from ocpprov.openshift.operator_permissions import INGRESS, requests_of
from ocpprov.plan.model import InstanceProfiles, OpenShift

MINT: Final = "MintCredentials"
"""Sid of what makes users of IAM for the operators, and so is as good as an administrator."""

_ALL: Final = frozenset("*")
_GRANTS: Final = (("Bool", "kms:GrantIsForAWSResource", ("true",)),)


class ClusterPurpose(Enum):
    """Who is to be allowed. `INSTALLER` runs openshift-install for machines that the plan prepares everything for:
    `create manifests`, `create ignition-configs`, `wait-for` and `destroy cluster`. `CREATE_CLUSTER` has it make
    balancers, roles and machines in the plan's network. `CLUSTER` are the operators."""

    INSTALLER = "installer"
    CREATE_CLUSTER = "create-cluster"
    CLUSTER = "cluster"


_LOOKS: Final[Mapping[str, tuple[str, ...]]] = {
    "ec2": ("Describe",),
    "iam": ("Get", "List"),
    "route53": ("Get", "List"),
}
"""What `create manifests` may look up of what an install-config names: subnets and their routes, zones with their
records, profiles. `create ignition-configs` and `wait-for` ask AWS for nothing."""

_TAKES_AWAY: Final = frozenset((
    "ec2:DeleteSecurityGroup",
    "ec2:DeleteSnapshot",
    "ec2:DeregisterImage",
    "ec2:RevokeSecurityGroupEgress",
    "ec2:RevokeSecurityGroupIngress",
    "ec2:TerminateInstances",
    "elasticloadbalancing:DeleteLoadBalancer",
    "elasticloadbalancing:DescribeListeners",
    "elasticloadbalancing:DescribeLoadBalancers",
    "route53:ChangeResourceRecordSets",
    "s3:ListBucket",
))  # fmt: skip
"""What `destroy cluster` uses of the installer's group for creating (pkg/destroy/aws)."""


def cluster_policy(
    section: OpenShift, purpose: ClusterPurpose, without: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """The policy's document; no action of the services `without` (their prefixes in IAM) is in it."""
    match purpose:
        case ClusterPurpose.INSTALLER:
            grants = _installer(section)
        case ClusterPurpose.CREATE_CLUSTER:
            grants = _create_cluster(section)
        case ClusterPurpose.CLUSTER:
            grants = _operators(section)
    kept = (grant for grant in grants if grant.action.partition(":")[0] not in without)
    return {"Version": "2012-10-17", "Statement": statements(kept)}


def groups_of(section: OpenShift) -> list[PermissionGroup]:
    """The groups that `create cluster` asks for in the plan's network, as its `RequiredPermissionGroups` has them."""
    group, given = PermissionGroup, section.iam.instance_profiles
    found = [group.CREATE_BASE, group.DELETE_BASE, group.DELETE_SHARED_NETWORKING, group.DELETE_IGNITION_OBJECTS]
    found += [group.VALIDATE_INSTANCE_TYPE]
    if not section.hosted_zone.startswith("Z"):
        found += [group.CREATE_HOSTED_ZONE, group.DELETE_HOSTED_ZONE]
    if not (given.master and given.worker):
        found += [group.CREATE_INSTANCE_ROLE, group.CREATE_INSTANCE_PROFILE]
    if given != InstanceProfiles(bootstrap=given.bootstrap):
        found += [group.DELETE_SHARED_INSTANCE_ROLE, group.DELETE_SHARED_INSTANCE_PROFILE]
    return found


def _installer(section: OpenShift) -> Iterator[Grant]:
    group = PermissionGroup
    base = actions_of_group(group.CREATE_BASE, section.version)
    looked_up = [action for action in base if _looks(action)]
    for each in (group.VALIDATE_INSTANCE_TYPE, group.DEFAULT_ZONES):
        looked_up += actions_of_group(each, section.version)
    yield from _granted("CreateManifests", looked_up)
    taken = [action for action in base if action in _TAKES_AWAY]
    # Subnets always have the cluster's tag as shared, and a zone that the plan makes has it as owned.
    of_zone = [group.DELETE_HOSTED_ZONE] if section.hosted_zone == "create" else []
    for each in (group.DELETE_BASE, group.DELETE_SHARED_NETWORKING, *of_zone):
        taken += actions_of_group(each, section.version)
    yield from _granted("DestroyCluster", taken)
    yield from _zone_role(section, "TakeZoneRole")
    yield from _mint(section)


def _looks(action: str) -> bool:
    service, _, name = action.partition(":")
    return name.startswith(_LOOKS.get(service, ()))


def _create_cluster(section: OpenShift) -> Iterator[Grant]:
    for group in groups_of(section):
        yield from _granted(_sid(group), actions_of_group(group, section.version))
    yield from _zone_role(section, "TakeZoneRole")
    yield from _mint(section)


def _zone_role(section: OpenShift, sid: str) -> Iterator[Grant]:
    """The role by which a zone of another account is written (the installer's group `permission-assume-role`)."""
    if section.hosted_zone_role:
        yield Grant(sid, "sts:AssumeRole", frozenset((section.hosted_zone_role,)))


def _mint(section: OpenShift) -> Iterator[Grant]:
    """In the other modes nobody makes users."""
    if section.credentials_mode in ("", "Mint"):
        yield from _granted(MINT, actions_of_group(PermissionGroup.MINT_CREDS, section.version))


def _sid(group: PermissionGroup) -> str:
    words = group.value.removeprefix("permission-").split("-")
    return "".join(word.capitalize() for word in words)


def _operators(section: OpenShift) -> Iterator[Grant]:
    for request in requests_of(section.version):
        yield from _granted(request.sid, request.actions)
        if request.name == INGRESS:
            yield from _zone_role(section, f"{request.sid}ZoneRole")
        yield from _granted(f"{request.sid}Keys", request.for_keys)
        for action in request.for_grants:
            yield Grant(f"{request.sid}Grants", action, _ALL, _GRANTS)


def _granted(sid: str, actions: Sequence[str]) -> Iterator[Grant]:
    for action in actions:
        yield Grant(sid, action, _ALL)

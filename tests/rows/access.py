"""Rows of the roles, of the bucket, and of what holds around all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

from tests.end_to_end.world import REGION
from tests.rows.account import Made, allowed
from tests.rows.clusters import IGNITION, World

SCOPED_MASTER: Final = [
    *(
        f"ec2:{name}"
        for name in (
            *("AttachVolume", "AuthorizeSecurityGroupIngress", "CreateSecurityGroup", "CreateTags", "CreateVolume"),
            *("DeleteSecurityGroup", "DeleteVolume", "Describe*", "DetachVolume", "ModifyInstanceAttribute"),
            *("ModifyVolume", "RevokeSecurityGroupIngress"),
        )
    ),
    *(
        f"elasticloadbalancing:{name}"
        for name in (
            *("AddTags", "ApplySecurityGroupsToLoadBalancer", "AttachLoadBalancerToSubnets", "ConfigureHealthCheck"),
            *("CreateListener", "CreateLoadBalancer", "CreateLoadBalancerListeners", "CreateLoadBalancerPolicy"),
            *("CreateTargetGroup", "DeleteListener", "DeleteLoadBalancer", "DeleteLoadBalancerListeners"),
            *("DeleteTargetGroup", "DeregisterInstancesFromLoadBalancer", "DeregisterTargets", "Describe*"),
            *("DetachLoadBalancerFromSubnets", "ModifyListener", "ModifyLoadBalancerAttributes", "ModifyTargetGroup"),
            *("ModifyTargetGroupAttributes", "RegisterInstancesWithLoadBalancer", "RegisterTargets"),
            *("SetLoadBalancerPoliciesForBackendServer", "SetLoadBalancerPoliciesOfListener"),
        )
    ),
    "kms:DescribeKey",
]


def _trusts_ec2(role: Mapping[str, Any]) -> bool:
    [statement] = role["AssumeRolePolicyDocument"]["Statement"]
    return (statement["Effect"], statement["Principal"], statement["Action"]) == (
        "Allow",
        {"Service": "ec2.amazonaws.com"},
        "sts:AssumeRole",
    )


def _machine_role(world: World, machine: str, scoped: Mapping[str, list[str]], documented: list[str]) -> None:
    name = machine.capitalize()
    for made, actions in ((world.everything, scoped), (world.otherwise, {"*": documented})):
        role = made.get("Role", f"{name}IamRole")
        assert _trusts_ec2(role)
        assert allowed(role) == {resource: sorted(each) for resource, each in actions.items()}
        assert made.get("InstanceProfile", f"{name}InstanceProfile")["Roles"] == [role["RoleName"]]
    role = world.otherwise.get("Role", f"{name}IamRole")
    assert (role["Path"], role["PermissionsBoundary"]["PermissionsBoundaryArn"]) == ("/clusters/", world.boundary)


def iam_master(world: World) -> None:
    documented = ["ec2:*", "elasticloadbalancing:*", "iam:PassRole", "s3:GetObject"]
    _machine_role(world, "master", {"*": SCOPED_MASTER}, documented)


def iam_worker(world: World) -> None:
    _machine_role(world, "worker", {"*": ["ec2:DescribeInstances", "ec2:DescribeRegions"]}, ["ec2:Describe*"])


def iam_bootstrap(world: World) -> None:
    documented = ["ec2:AttachVolume", "ec2:Describe*", "ec2:DetachVolume"]
    objects = f"arn:aws:s3:::{_bucket_name(world.everything)}/*"
    _machine_role(world, "bootstrap", {"*": documented, objects: ["s3:GetObject"]}, documented)


def _bucket_name(made: Made) -> str:
    return next(
        id
        for (type, id), item in made.snapshot.items()
        if type == "Bucket" and item["Tags"].get("ocpprov:plan") == made.plan
    )


def s3_bucket(world: World) -> None:
    for made in (world.everything, world.otherwise):
        bucket = made.get("Bucket", "InfraBucket")
        assert set(bucket["PublicAccessBlock"].values()) == {True}
        assert len(bucket["PublicAccessBlock"]) == 4
        assert bucket["Encryption"] == "AES256"
        first = bucket["Policy"]["Statement"][0]
        assert (first["Effect"], first["Principal"], first["Action"]) == ("Deny", "*", "s3:*")
        assert first["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    endpoint = world.otherwise.get("VPCEndpoint", "S3Endpoint")["VpcEndpointId"]
    second = world.otherwise.get("Bucket", "InfraBucket")["Policy"]["Statement"][1]
    assert second["Effect"] == "Deny"
    assert endpoint in json.dumps(second["Condition"]["StringNotEquals"]["aws:sourceVpce"])


def s3_ignition(world: World) -> None:
    bucket = world.everything.get("Bucket", "InfraBucket")
    assert [key for key, _ in bucket["Objects"]] == ["bootstrap.ign"]
    said = json.dumps(world.outputs)
    assert f"s3://{_bucket_name(world.everything)}/bootstrap.ign" in said
    assert hashlib.sha512(IGNITION.encode()).hexdigest() in said
    assert "known to the cluster only" not in said + world.applied.out + world.applied.err


def tag_cluster(world: World) -> None:
    for (type, id), item in world.everything.snapshot.items():
        clusters = {
            key: value for key, value in item.get("Tags", {}).items() if key.startswith("kubernetes.io/cluster/")
        }
        assert set(clusters.values()) <= ({"owned"} if type == "HostedZone" else {"shared"}), (type, id)
    for made, cluster in ((world.everything, "prod-x7k2p"), (world.otherwise, "two-b2c3d")):
        assert "Name" not in made.get("VPC", "VPC")["Tags"]
        for subnet in made.all("Subnet"):
            public = "Public" in subnet["Tags"]["ocpprov:resource"]
            assert subnet["Tags"][f"kubernetes.io/cluster/{cluster}"] == "shared"
            assert ("kubernetes.io/role/elb" if public else "kubernetes.io/role/internal-elb") in subnet["Tags"]


def air_gap(world: World) -> None:
    """Reaching nothing but endpoints is proved by test_edges, test_proxy and test_blocked_services."""
    hosts = [f"{service}.{REGION}.amazonaws.com" for service in ("s3", "ec2", "elasticloadbalancing")]
    assert world.outputs["NoProxy"].split(",") == hosts

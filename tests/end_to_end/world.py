"""The commands as a user runs them, and AWS as a stranger sees it: processes and plain boto3, nothing of ocpprov."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from tests.support.warm import Finished, shared

ROOT = Path(__file__).resolve().parents[2]
PLANS = sorted((ROOT / "plans").glob("*.yaml"))
CRASH = ROOT / "tests" / "fixtures" / "crash"
"""Small plans, one of each resource of a service: all of their calls can be tried."""
SMALL_INTERNAL = ROOT / "tests" / "fixtures" / "cluster" / "small-internal.yaml"
SMALL_PUBLIC = ROOT / "tests" / "fixtures" / "cluster" / "small-public.yaml"
REGION = "eu-west-1"

_INTERPRETER = {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
"""A process that is killed, or may write no more, leaves no half of a compiled module."""


@dataclass(frozen=True)
class Operator:
    """Somebody with a shell: a folder, and an environment in which AWS is at `url`."""

    url: str
    folder: Path
    environ: Mapping[str, str] = field(default_factory=dict)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """A command that goes on while the test does something else."""
        return subprocess.Popen(
            [sys.executable, "-m", "ocpprov", *arguments],
            cwd=self.folder,
            env={**self._environ(), **_INTERPRETER},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str) -> Finished:
        """A command to its end."""
        return shared().run(arguments, self.folder, self._environ(), timeout=240)

    def good(self, *arguments: str) -> Finished:
        """The same, for a command that has to succeed."""
        finished = self.run(*arguments)
        assert finished.code == 0, f"{arguments}: exit {finished.code}\n{finished.out}\n{finished.err}"
        return finished

    def _environ(self) -> dict[str, str]:
        endpoint = {"AWS_ENDPOINT_URL": self.url} if self.url else {}
        return {**os.environ, **endpoint, **self.environ}


def client(service: str, url: str, region: str = REGION) -> Any:
    """A plain client."""
    make: Any = boto3.client
    return make(
        service,
        region_name="us-east-1" if service in ("iam", "route53") else region,
        endpoint_url=url,
        config=Config(retries={"total_max_attempts": 1}),
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


@cache
def _asking(service: str, url: str, region: str) -> Any:
    return client(service, url, region)


_LISTS: Sequence[tuple[str, str, str, str]] = (
    ("ec2", "describe_vpcs", "Vpcs", "VpcId"),
    ("ec2", "describe_subnets", "Subnets", "SubnetId"),
    ("ec2", "describe_internet_gateways", "InternetGateways", "InternetGatewayId"),
    ("ec2", "describe_route_tables", "RouteTables", "RouteTableId"),
    ("ec2", "describe_addresses", "Addresses", "AllocationId"),
    ("ec2", "describe_nat_gateways", "NatGateways", "NatGatewayId"),
    ("ec2", "describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId"),
    ("ec2", "describe_security_groups", "SecurityGroups", "GroupId"),
    ("ec2", "describe_security_group_rules", "SecurityGroupRules", "SecurityGroupRuleId"),
    ("ec2", "describe_dhcp_options", "DhcpOptions", "DhcpOptionsId"),
    ("ec2", "describe_transit_gateway_vpc_attachments", "TransitGatewayVpcAttachments", "TransitGatewayAttachmentId"),
    ("elb", "describe_load_balancers", "LoadBalancerDescriptions", "LoadBalancerName"),
    ("elbv2", "describe_load_balancers", "LoadBalancers", "LoadBalancerArn"),
    ("elbv2", "describe_target_groups", "TargetGroups", "TargetGroupArn"),
    ("iam", "list_roles", "Roles", "RoleName"),
    ("iam", "list_instance_profiles", "InstanceProfiles", "InstanceProfileName"),
    ("route53", "list_hosted_zones", "HostedZones", "Id"),
    ("s3", "list_buckets", "Buckets", "Name"),
)


def everything(url: str, region: str = REGION) -> dict[str, list[str]]:
    """Ids of all that there is, see `all_ids`."""
    return all_ids(lambda service: _asking(service, url, region))


def all_ids(client: Callable[[str], Any]) -> dict[str, list[str]]:
    """Ids of all that there is, by type, without what is listed but gone. moto keeps the default ACLs of deleted VPCs,
    so only the others count. `client` gives a plain client for a service's name."""
    clients = {service: client(service) for service in {row[0] for row in _LISTS}}
    found: dict[str, list[str]] = {}
    for service, operation, member, name in _LISTS:
        api = clients[service]
        pages = api.get_paginator(operation).paginate() if api.can_paginate(operation) else [getattr(api, operation)()]
        items = [item for page in pages for item in page[member]]
        found[member] = sorted(item[name] for item in items if str(item.get("State", "")).lower() != "deleted")
    acls = clients["ec2"].describe_network_acls()["NetworkAcls"]
    found["NetworkAcls"] = sorted(acl["NetworkAclId"] for acl in acls if not acl["IsDefault"])
    return found


def counts(url: str) -> dict[str, int]:
    """How many of each type there are."""
    return {member: len(ids) for member, ids in everything(url).items()}

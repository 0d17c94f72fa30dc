"""The commands as a user runs them, and AWS as a stranger sees it: processes and plain boto3, nothing of ocpprov."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

ROOT = Path(__file__).resolve().parents[2]
PLANS = sorted((ROOT / "plans").glob("*.yaml"))
REGION = "eu-west-1"


@dataclass(frozen=True)
class Finished:
    """How a command ended."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Operator:
    """Somebody with a shell: a folder, and an environment in which AWS is at `url`."""

    url: str
    folder: Path
    environ: Mapping[str, str] = field(default_factory=dict)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        endpoint = {"AWS_ENDPOINT_URL": self.url} if self.url else {}
        return subprocess.Popen(
            [sys.executable, "-m", "ocpprov", *arguments],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), **endpoint, **self.environ},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str) -> Finished:
        process = self.start(*arguments)
        out, err = process.communicate(timeout=240)
        return Finished(process.returncode, out, err)

    def good(self, *arguments: str) -> Finished:
        """The same, for a command that has to succeed."""
        finished = self.run(*arguments)
        assert finished.code == 0, f"{arguments}: exit {finished.code}\n{finished.out}\n{finished.err}"
        return finished


def client(service: str, url: str) -> Any:
    """A plain client."""
    config = Config(retries={"total_max_attempts": 1})
    region = "us-east-1" if service == "route53" else REGION
    make: Any = boto3.client
    return make(
        service,
        region_name=region,
        endpoint_url=url,
        config=config,
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


_LISTS: Sequence[tuple[str, str, str]] = (
    ("describe_vpcs", "Vpcs", "VpcId"),
    ("describe_subnets", "Subnets", "SubnetId"),
    ("describe_internet_gateways", "InternetGateways", "InternetGatewayId"),
    ("describe_route_tables", "RouteTables", "RouteTableId"),
    ("describe_addresses", "Addresses", "AllocationId"),
    ("describe_nat_gateways", "NatGateways", "NatGatewayId"),
    ("describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId"),
    ("describe_security_groups", "SecurityGroups", "GroupId"),
    ("describe_security_group_rules", "SecurityGroupRules", "SecurityGroupRuleId"),
)


def everything(url: str) -> dict[str, list[str]]:
    """Ids of all that there is, by type, without what is listed but gone."""
    ec2, route53 = client("ec2", url), client("route53", url)
    found: dict[str, list[str]] = {}
    for operation, member, name in _LISTS:
        pages = ec2.get_paginator(operation).paginate() if ec2.can_paginate(operation) else [getattr(ec2, operation)()]
        items = [item for page in pages for item in page[member]]
        found[member] = sorted(item[name] for item in items if str(item.get("State", "")).lower() != "deleted")
    found["HostedZones"] = sorted(zone["Id"] for zone in route53.list_hosted_zones()["HostedZones"])
    return found


def counts(url: str) -> dict[str, int]:
    """How many of each type there are."""
    return {member: len(ids) for member, ids in everything(url).items()}

"""IAM and Route 53 through an endpoint in the VPC, for hosts that don't reach them otherwise.

Both have one service for all regions of a partition, in the region where their control plane is, which other regions
reach across (AWS's "cross-region enabled services" page; GovCloud and the secret regions aren't on it).
"""

from __future__ import annotations

import socket
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ocpprov.checks.endpoint_services import listing, offers
from ocpprov.engine.suggestion import command_line
from ocpprov.openshift.services import service_of

if TYPE_CHECKING:
    from mypy_boto3_ec2 import EC2Client

GLOBAL: Final = ("iam", "route53")


@dataclass(frozen=True)
class HostPlace:
    """Where in AWS this host is: empty where it isn't in the region, or nobody can tell."""

    vpc_id: str = ""
    subnet_id: str = ""


def offered(ec2: EC2Client, region: str, services: Collection[str]) -> frozenset[str]:
    """Which of the two services (boto3's names) AWS offers to endpoints in a region. Raises botocore's errors."""
    found: set[str] = set()
    for service in services:
        wanted = service_of(service, region)
        named = [{"Name": "service-name", "Values": [wanted.name]}]
        asked = {**listing(wanted.service_region).arguments(), "Filters": named}
        if offers(wanted, ec2.describe_vpc_endpoint_services(**asked)["ServiceDetails"]):
            found.add(service)
    return frozenset(found)


def place_of(ec2: EC2Client, first_host: str) -> HostPlace:
    """Where this host is, by its address on the way to `first_host`. Raises botocore's errors, and OSError."""
    address = _own_address(first_host)
    answer = ec2.describe_network_interfaces(Filters=[{"Name": "addresses.private-ip-address", "Values": [address]}])
    found: Sequence[Mapping[str, Any]] = answer["NetworkInterfaces"]
    # An address may be there in several VPCs.
    return HostPlace(found[0]["VpcId"], found[0]["SubnetId"]) if len(found) == 1 else HostPlace()


def _own_address(host: str) -> str:
    """Sends nothing: connecting a datagram socket only chooses the way."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
        way.connect((host, 443))
        address: str = way.getsockname()[0]
        return address


def remedy(service: str, region: str, place: HostPlace, listed: Sequence[str] | None) -> str:
    """How to reach a service that AWS offers. `listed` are the words of the plan's `openshift.endpoints`, None where
    the plan has no such section."""
    wanted = service_of(service, region)
    home = wanted.service_region
    where = "" if place.vpc_id else " with this host's VPC and a subnet of it"
    command = command_line(
        *("aws", "ec2", "create-vpc-endpoint", "--region", region, "--vpc-id", place.vpc_id or "VPC"),
        *("--vpc-endpoint-type", "Interface", "--service-name", wanted.name, "--service-region", home),
        *("--subnet-ids", place.subnet_id or "SUBNET", "--security-group-ids", "GROUP", "--private-dns-enabled"),
    )
    offer = f"AWS offers {wanted.name} of {home} to interface endpoints, for this host{where} (GROUP lets in tcp 443)"
    parts = [f"{offer}: `{command}`"]
    if listed is not None and service not in listed:
        words = ", ".join([*listed, service])
        parts.append(f"for the cluster, or where this host is in the plan's own VPC: openshift.endpoints: [{words}]")
    return "; ".join([*parts, without(service)])


def not_offered(service: str, region: str) -> str:
    """What is left where AWS has no endpoint service."""
    wanted = service_of(service, region)
    detail = f"AWS offers no {wanted.name} of {wanted.service_region} to interface endpoints in {region}"
    return f"{detail}; {without(service)}"


def without(service: str) -> str:
    """The way to do without."""
    return f"to go on without it: --without {service}"

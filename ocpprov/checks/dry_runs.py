"""What EC2 tells of calls that it is asked not to carry out (DryRun in its API reference)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from ocpprov.aws.error_codes import DRY_RUN_ALLOWED, ErrorClass
from ocpprov.aws.errors import classify, describe, is_aws_error

if TYPE_CHECKING:
    from mypy_boto3_ec2 import EC2Client

# The calls that need nothing which isn't there yet. Of the others EC2 would say what they lack.
_CALLS: Final[Mapping[str, tuple[str, Callable[..., Any]]]] = {
    "ec2:AllocateAddress": ("elastic-ip", lambda ec2, **tags: ec2.allocate_address(DryRun=True, Domain="vpc", **tags)),
    "ec2:CreateDhcpOptions": (
        "dhcp-options",
        lambda ec2, **tags: ec2.create_dhcp_options(
            DryRun=True,
            DhcpConfigurations=[{"Key": "domain-name-servers", "Values": ["AmazonProvidedDNS"]}],
            **tags,
        ),
    ),
    "ec2:CreateInternetGateway": (
        "internet-gateway",
        lambda ec2, **tags: ec2.create_internet_gateway(DryRun=True, **tags),
    ),
    "ec2:CreateVpc": ("vpc", lambda ec2, **tags: ec2.create_vpc(DryRun=True, CidrBlock="10.0.0.0/16", **tags)),
}


def dry_runs(ec2: EC2Client, actions: set[str], tags: Mapping[str, str]) -> Iterator[tuple[str, bool]]:
    """Of those actions that can be tried: whether they are allowed, together with the tags of what they make. Where EC2
    says neither yes nor no, nothing is said."""
    rows = [{"Key": key, "Value": value} for key, value in tags.items()]
    for action, (type, call) in _CALLS.items():
        if action not in actions:
            continue
        try:
            call(ec2, TagSpecifications=[{"ResourceType": type, "Tags": rows}])
        except Exception as error:
            if not is_aws_error(error):
                raise
            allowed = describe(error).code == DRY_RUN_ALLOWED
            if allowed or classify(error) is ErrorClass.DENIED:
                yield action, allowed

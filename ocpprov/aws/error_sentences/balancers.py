"""Of load balancers. Sources: the lists of errors of both generations of Elastic Load Balancing's API."""

from __future__ import annotations

import re
from typing import Final

from ocpprov.aws.balancer_attributes import PROTECTION
from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.error_sentences.networks import OTHER_ZONES, full_subnet
from ocpprov.aws.error_sentences.sentence import Said, Sentence
from ocpprov.engine.suggestion import command_line


def unprotect_balancer(arn: str) -> str:
    """The command that turns a load balancer's deletion protection off."""
    region = arn.split(":")[3] if arn.count(":") >= 5 else ""
    where = ("--region", region, "--load-balancer-arn", arn)
    return command_line(
        "aws", "elbv2", "modify-load-balancer-attributes", *where, "--attributes", f"Key={PROTECTION},Value=false"
    )


def _protected(said: Said) -> str:
    """With the command that turns the protection off, where the sentence has the balancer's ARN."""
    arn = _BALANCER.search(said.message)
    how = f" with `{unprotect_balancer(arn[0])}`" if arn else ""
    return (
        f"The load balancer is protected from deletion (its attribute {PROTECTION}), whatever the user's permissions. "
        f"If it may go, turn that off{how}, and run the same command again."
    )


_BALANCER: Final = re.compile(
    r"arn:aws[a-z-]*:elasticloadbalancing:(?P<region>[a-z0-9-]+):\d*:loadbalancer/[\w/-]+(?=['\s]|$)", re.ASCII
)

_NO_WAY_IN: Final = (
    "The VPC has no internet gateway, which a load balancer for the internet needs. Attach one, or write publish: "
    "Internal, and run the same command again."
)
SENTENCES: Final = (
    Sentence(
        "full-subnet",
        ("InvalidSubnet",),
        "Not enough IP space|InsufficientFreeAddresses",
        ErrorClass.INVALID,
        full_subnet,
    ),
    Sentence(
        "other-zones",
        ("InvalidConfigurationRequest", "ValidationError"),
        "cannot be associated with a load balancer|Load Balancers do not support Availability Zone",
        ErrorClass.INVALID,
        OTHER_ZONES,
    ),
    # One that was attached a moment ago isn't known everywhere.
    Sentence("no-way-in", ("InvalidSubnet",), "has no internet gateway", ErrorClass.NOT_VISIBLE, _NO_WAY_IN),
    # Fresh subnets and groups are reported with the codes of malformed ones.
    Sentence(
        "fresh",
        ("InvalidSecurityGroup", "InvalidSubnet"),
        "",
        ErrorClass.NOT_VISIBLE,
        operations="CreateLoadBalancer",
    ),
    # A target group's fresh VPC, which load balancing hasn't heard of yet.
    Sentence("fresh", ("ValidationError",), "is not found", ErrorClass.NOT_VISIBLE),
    # What isn't registered needs no taking out.
    Sentence("gone", ("InvalidTarget",), "", ErrorClass.NOT_VISIBLE, operations="DeregisterTargets"),
    Sentence(
        "gone",
        ("InvalidInstance",),
        "",
        ErrorClass.NOT_VISIBLE,
        operations="DeregisterInstancesFromLoadBalancer",
    ),
    Sentence("protected", ("OperationNotPermitted",), "deletion protection", ErrorClass.INVALID, _protected),
)

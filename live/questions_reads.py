"""Questions that make nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from live.clients import code
from live.lab import Lab
from live.questions import Question, Topic

_CODES: Final = "ocpprov/aws/error_codes.py"
_UNKNOWN: Final = "0123456789abcdef0"


def _unknown(operation: str, **arguments: Any) -> Callable[[Lab], str]:
    return lambda lab: code(lambda: getattr(lab.ec2, operation)(**arguments))


def _dry_run(lab: Lab) -> str:
    return code(lambda: lab.ec2.create_vpc(CidrBlock="10.96.0.0/16", DryRun=True))


def _attachments_by_tag(lab: Lab) -> str:
    wanted = [{"Name": "tag:Name", "Values": [lab.name]}]
    return code(lambda: lab.ec2.describe_transit_gateway_vpc_attachments(Filters=wanted))


def _attachments_by_vpc(lab: Lab) -> str:
    wanted = [{"Name": "vpc-id", "Values": [f"vpc-{_UNKNOWN}"]}]
    return code(lambda: lab.ec2.describe_transit_gateway_vpc_attachments(Filters=wanted))


READS: Final = Topic(
    "what isn't there",
    (
        Question("a dry run", "DryRunOperation 412", "ocpprov/sandbox/middleware/dry_run.py", _dry_run),
        Question(
            "attachments to transit gateways by a tag, a filter that isn't documented",
            "ok",
            "ocpprov/kinds/ec2/transit_gateway_attachment.py",
            _attachments_by_tag,
            "refused: every plan, apply and destroy reads with it, so attachments are looked for by their VPC instead",
        ),
        Question(
            "attachments to transit gateways by their VPC",
            "ok",
            "ocpprov/kinds/ec2/transit_gateway_attachment.py",
            _attachments_by_vpc,
            "refused: this region, partition or account has none, and the read is one that a plan can do without",
        ),
        Question(
            "a network that isn't there",
            "InvalidVpcID.NotFound 400",
            _CODES,
            _unknown("describe_vpcs", VpcIds=[f"vpc-{_UNKNOWN}"]),
        ),
        Question(
            "a NAT gateway that isn't there",
            "NatGatewayNotFound 400",
            _CODES,
            _unknown("describe_nat_gateways", NatGatewayIds=[f"nat-{_UNKNOWN}"]),
        ),
        Question(
            "deleting a NAT gateway that isn't there",
            "NatGatewayNotFound 400",
            _CODES,
            _unknown("delete_nat_gateway", NatGatewayId=f"nat-{_UNKNOWN}"),
        ),
        Question(
            "releasing an address that isn't there",
            "InvalidAllocationID.NotFound 400",
            _CODES,
            _unknown("release_address", AllocationId=f"eipalloc-{_UNKNOWN}"),
        ),
        Question(
            "deleting a group that isn't there",
            "InvalidGroup.NotFound 400",
            _CODES,
            _unknown("delete_security_group", GroupId=f"sg-{_UNKNOWN}"),
        ),
        Question(
            "an association that isn't there",
            "InvalidAssociationID.NotFound 400",
            _CODES,
            _unknown("disassociate_route_table", AssociationId=f"rtbassoc-{_UNKNOWN}"),
        ),
    ),
    "nothing",
)

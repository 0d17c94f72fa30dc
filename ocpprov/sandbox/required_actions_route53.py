"""What a caller must be allowed for a call of Route 53: its developer guide, conditions for fine-grained access."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from ocpprov.sandbox.exchange import Request
from ocpprov.sandbox.policy_evaluation import RequiredAction

_PLAIN: Final = re.compile(r"[a-z0-9_.-]")
_ON_VPCS: Final = ("AssociateVPCWithHostedZone", "CreateHostedZone", "DisassociateVPCFromHostedZone")
_CHANGE: Final = "ChangeBatch/Changes/Change"


def route53_actions(request: Request, partition: str, here: Mapping[str, str]) -> Iterator[RequiredAction]:
    """The call's action on its zone."""
    operation = request.operation
    tagged = request.get("ResourceId") if request.get("ResourceType") == "hostedzone" else ""
    zone = request.get("HostedZoneId") or tagged
    resource = f"arn:{partition}:route53:::hostedzone/{zone}" if zone else "*"
    vpc, region = (request.get(f"VPC/{name}") for name in ("VPCId", "VPCRegion"))
    context: dict[str, str | tuple[str, ...]] = {}
    if operation in _ON_VPCS and vpc:
        context["route53:VPCs"] = (f"VPCId={vpc},VPCRegion={region}",)
    if operation == "ChangeResourceRecordSets":
        names = request.elements(f"{_CHANGE}/ResourceRecordSet/Name")
        context |= {
            "route53:ChangeResourceRecordSetsActions": tuple(request.elements(f"{_CHANGE}/Action")),
            "route53:ChangeResourceRecordSetsNormalizedRecordNames": tuple(map(_normalised, names)),
            "route53:ChangeResourceRecordSetsRecordTypes": tuple(request.elements(f"{_CHANGE}/ResourceRecordSet/Type")),
        }
    yield RequiredAction(f"route53:{operation}", resource, context)
    if (operation in _ON_VPCS and vpc) or operation == "ListHostedZonesByVPC":
        yield RequiredAction("ec2:DescribeVpcs", "*", here)


def _normalised(name: str) -> str:
    """Small letters, no dot at the end, and three octal digits for what no host's name has."""
    return "".join(
        letter if _PLAIN.fullmatch(letter) else f"\\{ord(letter):03o}" for letter in name.rstrip(".").lower()
    )

"""A subnet without free addresses takes nothing more, and no load balancer while it has fewer than eight."""

from __future__ import annotations

from collections.abc import Iterator

from ocpprov.sandbox.exchange import Answer, Request, error
from ocpprov.sandbox.middleware.contract import Aws

_BALANCER_NEEDS = 8


class FreeAddresses:
    """Load balancing's sentence is as public issues quote it (aws-load-balancer-controller 1233), EC2's code is
    documented."""

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """The refusal, if there is one."""
        needed = _BALANCER_NEEDS if request.operation == "CreateLoadBalancer" else 1
        for subnet in _subnets(request):
            found = aws.ec2(request).subnets
            known = next((each[subnet] for each in found.values() if subnet in each), None)
            if known is None or known.available_ip_address_count >= needed:
                continue
            if needed == _BALANCER_NEEDS:
                rule = f"ELB requires at least {needed} free IP addresses in each subnet."
                return error(request, "InvalidSubnet", f"Not enough IP space available in {subnet}. {rule}")
            message = f"There are not enough free addresses in subnet '{subnet}' to satisfy the request."
            return error(request, "InsufficientFreeAddressesInSubnet", message)
        return None

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """Unchanged."""
        return answer


def _subnets(request: Request) -> Iterator[str]:
    """Those that the call puts an interface into."""
    match request.operation:
        case "CreateLoadBalancer":
            yield from (*request.values("Subnets.member"), *_mapped(request))
        case "CreateNatGateway":
            yield request.get("SubnetId")
        case "CreateVpcEndpoint":
            yield from request.values("SubnetId")
        case "ModifyVpcEndpoint":
            yield from request.values("AddSubnetId")


def _mapped(request: Request) -> Iterator[str]:
    for name, value in request.parameters.items():
        if name.startswith("SubnetMappings.member.") and name.endswith(".SubnetId"):
            yield value

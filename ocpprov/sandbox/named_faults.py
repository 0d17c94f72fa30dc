"""Bad days that have a name: what goes wrong on one, as a fault script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ocpprov.sandbox.faults import Fault, FaultKind, Script, Storm

_ALWAYS: Final = 1000


@dataclass(frozen=True)
class BadDay:
    """What happens on it, in a line, and the script that makes it happen. `throw` of a storm's dice is the seed's."""

    happens: str
    faults: tuple[Fault, ...] = ()
    throttled: float = 0.0
    lost_answers: float = 0.0
    lost_requests: float = 0.0
    done_but_failed: float = 0.0

    def script(self, seed: int) -> Script:
        """The same for the same seed."""
        shares = (self.throttled, self.lost_answers, self.lost_requests, self.done_but_failed)
        return Script(self.faults, Storm(seed, *shares) if any(shares) else None)


# Sentences: public reports of refused CreateLoadBalancer and AllocateAddress calls; the VPC user guide's table of
# reasons why a NAT gateway failed; EC2's list of error codes.
NAMED: Final[Mapping[str, BadDay]] = {
    "throttling": BadDay("a fifth of the calls is refused as too fast", throttled=0.2),
    "lost-answers": BadDay(
        "of two calls in a hundred the answer is lost, of two more it is an error although AWS has done what was asked",
        lost_answers=0.02,
        done_but_failed=0.02,
    ),
    "lost-requests": BadDay(
        "of three calls in a hundred the connection is cut before AWS hears of it", lost_requests=0.03
    ),
    "new-account": BadDay(
        "the account is new and may make no load balancers",
        (
            Fault(
                FaultKind.ERROR,
                operation="CreateLoadBalancer",
                times=_ALWAYS,
                code="OperationNotPermitted",
                message="This AWS account currently does not support creating load balancers. For more information, "
                "please contact AWS Support.",
                status=400,
            ),
        ),
    ),
    "no-nat-capacity": BadDay(
        "every NAT gateway fails after AWS has taken the request",
        (
            Fault(
                FaultKind.FAIL_LATER,
                operation="CreateNatGateway",
                times=_ALWAYS,
                code="InternalError",
                message="Network interface could not be created, please try again.",
            ),
        ),
    ),
    "nat-fails-once": BadDay(
        "the first NAT gateway fails after AWS has taken the request",
        (
            Fault(
                FaultKind.FAIL_LATER,
                operation="CreateNatGateway",
                code="InternalError",
                message="Network interface could not be created, please try again.",
            ),
        ),
    ),
    "no-addresses": BadDay(
        "the region has no Elastic IP address left for this account",
        (
            Fault(
                FaultKind.ERROR,
                operation="AllocateAddress",
                times=_ALWAYS,
                code="AddressLimitExceeded",
                message="The maximum number of addresses has been reached.",
                status=400,
            ),
        ),
    ),
}

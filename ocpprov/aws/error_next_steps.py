"""What to do about an error of AWS where no sentence of AWS's says more than its class (`error_causes.py`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ocpprov.aws.calls import is_mutating
from ocpprov.aws.error_codes import CLOCK_CODES, NOT_OFFERED, ErrorClass
from ocpprov.aws.error_sentences.account import CHECK_CLOCK, SET_CREDENTIALS

_NEXT_STEPS: Final[Mapping[ErrorClass, str]] = {
    ErrorClass.THROTTLED: (
        "AWS limits how often this account may ask. Wait a few minutes, or lower --concurrency, and run the same "
        "command again."
    ),
    ErrorClass.NOT_SENT: (
        "Check the way to the service (its AWS_ENDPOINT_URL variable, proxy, firewall), and run the same command again."
    ),
    ErrorClass.UNKNOWN_OUTCOME: (
        "AWS may have done it. Run the same command again: it looks first and makes nothing twice."
    ),
    ErrorClass.NOT_VISIBLE: (
        "What the request refers to isn't there. If somebody deleted it, run the same command again."
    ),
    ErrorClass.NOT_READY: (
        "The load balancer that a record points at isn't known to Route 53 in time. Look at its state in AWS, and "
        "run the same command again when it is active."
    ),
    ErrorClass.EXISTS: (
        "Something that isn't this plan's has the name or range. Change the plan, or remove the other one."
    ),
    ErrorClass.BUSY: "Something still uses it. Remove what uses it, and run the same command again.",
    ErrorClass.TOKEN_MISMATCH: "Run the same command again: it looks for what the first request made.",
    ErrorClass.QUOTA: (
        "A quota of the account is reached. Ask AWS for more (Service Quotas), or delete what isn't needed, and run"
        " the same command again."
    ),
    ErrorClass.CREDENTIALS: SET_CREDENTIALS,
    ErrorClass.INVALID: (
        "AWS doesn't accept the request. Correct the plan where the message points, and run it again."
    ),
}


_NO_SUCH_OPERATION: Final = (
    "Whoever answers at the service's address doesn't have this operation: the service isn't whole in this region, or "
    "the address (its AWS_ENDPOINT_URL variable, aws.serviceEndpoints) isn't the service's. Set the right one, or take "
    "what needs the operation out of the plan, and run the same command again."
)


def next_step_of(error_class: ErrorClass, operation: str, code: str) -> str:
    """The next step for the operator, in words, by the class of an error, the operation (`CreateVpc`) and the code."""
    if code in NOT_OFFERED and not is_mutating(operation):
        return _NO_SUCH_OPERATION
    step = _NEXT_STEPS[error_class]
    if error_class is ErrorClass.CREDENTIALS and code in CLOCK_CODES:
        return f"{step} {CHECK_CLOCK}"
    return step

"""With which code and sentence each service refuses what its model doesn't allow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ocpprov.sandbox.exchange import Answer, Request, error
from ocpprov.sandbox.request_checks.flaws import Flaw, FlawSort
from ocpprov.sandbox.request_checks.shapes import Operation
from ocpprov.sandbox.request_checks.values import Path

_QUERY_TEXT: Final = "1 validation error detected: Value {value} at '{path}' failed to satisfy constraint: {constraint}"
_EC2_CODES: Final = "EC2 API Reference, Error codes for the Amazon EC2 API"
_COMMON: Final = "the service's API Reference, Common Errors"
_S3_CODES: Final = "S3 API Reference, Error responses"
_ROUTE53_XML: Final = "github.com/aws/aws-sdk-js/issues/71"
_LENIENT: Final = "memory: AWS may ignore it, and then what was meant is lost"


@dataclass(frozen=True)
class Refusal:
    """One row: how a service refuses a sort of flaw. `{name}` is the last part of the path. `trust` is documented,
    source (somebody's log of it), memory or seen; it is for code and sentence."""

    service: str
    sort: FlawSort
    code: str
    message: str
    source: str
    trust: str


TABLE: Final = (
    Refusal(
        "ec2", FlawSort.MISSING, "MissingParameter", "The request must contain the parameter {name}",
        _EC2_CODES, "documented",
    ),
    Refusal(
        "ec2", FlawSort.UNKNOWN, "UnknownParameter", "The parameter {name} is not recognized",
        f"{_EC2_CODES}; github.com/aws/aws-sdk-js/issues/54", "source",
    ),
    Refusal(
        "ec2", FlawSort.INVALID, "InvalidParameterValue",
        "Value ({value}) for parameter {name} is invalid. {constraint}", _EC2_CODES, "documented",
    ),
    *(
        Refusal(service, sort, "ValidationError", text, source, trust)
        for service in ("iam", "elasticloadbalancing", "sts")
        for sort, text, source, trust in (
            (FlawSort.MISSING, _QUERY_TEXT, _COMMON, "documented"),
            (FlawSort.INVALID, _QUERY_TEXT, f"{_COMMON}; github.com/SWO-GS/auto-tag/issues/90", "source"),
            (FlawSort.UNKNOWN, "Unknown parameter '{path}'", _COMMON, _LENIENT),
        )
    ),
    Refusal(
        "route53", FlawSort.MISSING, "InvalidInput",
        "Invalid XML ; cvc-complex-type.2.4.b: The content is not complete. One of '{{{name}}}' is expected.",
        "github.com/chilts/nice-route53/issues/8", "source",
    ),
    Refusal(
        "route53", FlawSort.UNKNOWN, "InvalidInput",
        "Invalid XML ; cvc-complex-type.2.4.a: Invalid content was found starting with element '{name}'.",
        _ROUTE53_XML, "source",
    ),
    Refusal("route53", FlawSort.INVALID, "InvalidInput", _QUERY_TEXT, "Route 53 API Reference, InvalidInput", "memory"),
    *(
        Refusal("s3", sort, "InvalidArgument", "Invalid Argument: {path}. {constraint}", _S3_CODES, "documented")
        for sort in (FlawSort.MISSING, FlawSort.INVALID)
    ),
    Refusal("s3", FlawSort.UNKNOWN, "InvalidArgument", "Invalid Argument: {path}.", _S3_CODES, _LENIENT),
    *(
        Refusal(
            "servicequotas", sort, "ValidationException", _QUERY_TEXT,
            "Service Quotas API Reference, Common Errors", "memory",
        )
        for sort in FlawSort
    ),
    *(
        Refusal(
            "tagging", sort, "InvalidParameterException", _QUERY_TEXT,
            "Resource Groups Tagging API Reference, Errors of GetResources", "documented",
        )
        for sort in FlawSort
    ),
)  # fmt: skip

MALFORMED: Final = (
    "MalformedXML",
    "The XML you provided was not well-formed or did not validate against our published schema",
)
"""What S3 says of a body whatever is wrong in it (S3 API Reference, Error responses; documented)."""


def refusal_of(request: Request, operation: Operation, flaw: Flaw) -> Answer | None:
    """What the request's service answers; None for one that isn't in the table."""
    row = next((row for row in TABLE if (row.service, row.sort) == (request.service, flaw.sort)), None)
    if row is None:
        return None
    if request.service == "s3" and operation.input.payload and flaw.path[0] == operation.input.payload[0]:
        return error(request, *MALFORMED)
    value = "null" if flaw.sort is FlawSort.MISSING else f"'{flaw.value}'"
    shown = flaw.value if row.service == "ec2" else value
    path = ".".join(_in_words(flaw.path)) if row.service != "ec2" else ".".join(map(str, flaw.path))
    message = row.message.format(value=shown, path=path, name=flaw.path[-1], constraint=flaw.constraint)
    return error(request, row.code, message)


def _in_words(path: Path) -> Iterator[str]:
    """As the query services name a place: `tags.1.member.key`."""
    for part in path:
        yield f"{part}.member" if isinstance(part, int) else part[:1].lower() + part[1:]

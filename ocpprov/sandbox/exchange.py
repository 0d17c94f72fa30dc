"""What a client asks and what it is told: a request to AWS, understood, and an answer in AWS's shape."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, unquote, urlencode
from xml.sax.saxutils import escape

from ocpprov.sandbox import operations

_READING = re.compile(r"(AssumeRole|Decode|Describe|List|Get|Head|Simulate)")
_CREDENTIAL = re.compile(r"Credential=([^/,\s]+)/\d+/([^/]+)/([^/]+)/aws4_request")
_PRESIGNED = re.compile(r"Credential=([^/,\s]+)/\d+/([^/]+)/(s3)/aws4_request")
_UNSIGNED = ("", "us-east-1", "s3")
_BUCKETS_OWN_HOST = re.compile(r"(.+)\.s3[.-].+")
_READS: Mapping[str, str] = {"GET": "Get", "HEAD": "Head"}
_THROTTLED: Mapping[str, tuple[str, str, int]] = {
    "ec2": ("RequestLimitExceeded", "Request limit exceeded.", 503),
    "s3": ("SlowDown", "Please reduce your request rate.", 503),
}
_THROTTLED_ELSEWHERE = ("Throttling", "Rate exceeded", 400)


@dataclass(frozen=True)
class Request:
    """One call of a client.

    `region` is the one it was signed for. `operation` is AWS's name of the call; where a service's paths aren't known
    here it is method and path. `parameters` are flat and named as on the wire: `RouteTableId.1`, `HostedZoneId`,
    `VPC/VPCId`.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    service: str
    region: str
    access_key: str
    operation: str
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def mutating(self) -> bool:
        """Whether the call may change something. A dry run doesn't."""
        if self.parameters.get("DryRun", "").lower() == "true":
            return False
        return _READING.match(self.operation) is None

    @property
    def is_ocpprovs(self) -> bool:
        """Whether the caller says that it is ocpprov, which sends one call right after the other."""
        return "ocpprov" in self.header("User-Agent")

    def header(self, name: str) -> str:
        """One header, however the client wrote its name; an empty string when it wasn't sent."""
        return next((value for key, value in self.headers.items() if key.lower() == name.lower()), "")

    def get(self, name: str) -> str:
        """One parameter; an empty string when it wasn't given."""
        return self.parameters.get(name, "")

    def values(self, name: str) -> tuple[str, ...]:
        """The members of a list parameter of a form, in their order."""
        numbered = re.compile(re.escape(name) + r"\.(\d+)$")
        found = ((numbered.match(key), value) for key, value in self.parameters.items())
        return tuple(value for _, value in sorted((int(match[1]), value) for match, value in found if match))

    def with_form(self, parameters: Mapping[str, str]) -> Request:
        """The same call with other parameters in its form."""
        body = urlencode(parameters).encode()
        headers = {**self.headers, "Content-Length": str(len(body))}
        return replace(self, body=body, headers=headers, parameters=dict(parameters))

    def elements(self, path: str) -> list[str]:
        """The texts at a path such as `AddTags/Tag/Key` in an XML body, whatever its namespace."""
        steps = "/".join("{*}" + step for step in path.split("/"))
        return [element.text or "" for element in operations.parse_xml(self.body).findall(steps)]


@dataclass(frozen=True)
class Answer:
    """What goes back to the client."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def ok(self) -> bool:
        """Whether AWS did what was asked."""
        return self.status < 300


@dataclass(frozen=True)
class ConnectionDropped:
    """No whole answer: half of `answer`, or nothing, after `seconds` on the wall; then the connection is closed."""

    answer: Answer | None = None
    seconds: float = 0.0


def parse(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Request:
    """Understands a request as it came in; `target` is the path with its query, `headers` as the client wrote them.
    Where S3 is called by a bucket's own host name, the bucket is put into the path."""
    path, _, query = target.partition("?")
    lowered = {name.lower(): value for name, value in headers.items()}
    # A presigned URL carries its credential in the query, and is for an object: whoever follows a link changes nothing.
    scope = _CREDENTIAL.search(lowered.get("authorization", "")) or _PRESIGNED.search(unquote(query))
    access_key, region, service = scope.groups() if scope else _UNSIGNED
    if service == "s3" and (own := _BUCKETS_OWN_HOST.fullmatch(lowered.get("host", ""))):
        path = f"/{own[1]}{path if path != '/' else ''}"
    parameters = dict(parse_qsl(query, keep_blank_values=True))
    if lowered.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        parameters |= parse_qsl(body.decode(errors="replace"), keep_blank_values=True)
    named: operations.Named | None = None
    if "Action" in parameters:
        named = parameters.pop("Action"), {}
        # Who has only a token yet signs nothing.
        service = service if scope else "sts"
    elif "x-amz-target" in lowered:
        named = operations.of_json(lowered["x-amz-target"], body)
        # Of the services that let in whom they don't know, and speak JSON, none is here.
        service = service if scope else ""
    elif service == "route53":
        named = operations.of_route53(method, path, body)
    elif service == "s3":
        named = operations.of_s3(method, path, parameters)
    operation, more = named or (f"{_READS.get(method, method)} {path}", {})
    return Request(method, path, query, headers, body, service, region, access_key, operation, parameters | more)


def error(request: Request, code: str, message: str, status: int = 400) -> Answer:
    """An error in the shape of the request's service."""
    if request.header("X-Amz-Target"):
        body = json.dumps({"__type": code, "message": message}).encode()
        return Answer(status, body, (("Content-Type", "application/x-amz-json-1.1"),))
    text = f"<Code>{escape(code)}</Code><Message>{escape(message)}</Message>"
    number = "00000000-0000-4000-8000-000000000000"
    if request.service == "ec2":
        xml = f"<Response><Errors><Error>{text}</Error></Errors><RequestID>{number}</RequestID></Response>"
    elif request.service == "s3":
        xml = f"<Error>{text}<RequestId>{number}</RequestId></Error>"
    else:
        kind = "Sender" if status < 500 else "Receiver"
        xml = (
            f"<ErrorResponse{_namespace(request)}><Error><Type>{kind}</Type>{text}</Error>"
            f"<RequestId>{number}</RequestId></ErrorResponse>"
        )
    # Of S3 boto3 reads the request's id in the header only.
    headers = (("x-amz-request-id", number),) if request.service == "s3" else ()
    return Answer(status, xml.encode(), (("Content-Type", "text/xml"), *headers))


def throttled(request: Request) -> Answer:
    """The refusal of a call that came too early, with the service's own code and status (API references: EC2's error
    codes, S3's error responses, the common errors of the query services)."""
    return error(request, *_THROTTLED.get(request.service, _THROTTLED_ELSEWHERE))


def _namespace(request: Request) -> str:
    return ' xmlns="https://route53.amazonaws.com/doc/2013-04-01/"' if request.service == "route53" else ""

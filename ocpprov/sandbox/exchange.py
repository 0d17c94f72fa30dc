"""What a client asks and what it is told: a request to AWS, understood, and an answer in AWS's shape."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, urlencode
from xml.etree import ElementTree
from xml.sax.saxutils import escape

_READING = re.compile(r"(Describe|List|Get|Head)")
_CREDENTIAL = re.compile(r"Credential=([^/,\s]+)/\d+/([^/]+)/([^/]+)/aws4_request")
_UNSIGNED = ("", "us-east-1", "s3")

_ZONE = r"/[\d-]+/hostedzone/(?P<HostedZoneId>[^/]+)"
_ROUTE53: Sequence[tuple[str, str, str]] = (
    ("POST", r"/[\d-]+/hostedzone", "CreateHostedZone"),
    ("GET", r"/[\d-]+/hostedzone", "ListHostedZones"),
    ("GET", r"/[\d-]+/hostedzonesbyname", "ListHostedZonesByName"),
    ("GET", r"/[\d-]+/hostedzonesbyvpc", "ListHostedZonesByVPC"),
    ("GET", r"/[\d-]+/hostedzonecount", "GetHostedZoneCount"),
    ("GET", _ZONE, "GetHostedZone"),
    ("POST", _ZONE, "UpdateHostedZoneComment"),
    ("DELETE", _ZONE, "DeleteHostedZone"),
    ("POST", _ZONE + "/rrset", "ChangeResourceRecordSets"),
    ("GET", _ZONE + "/rrset", "ListResourceRecordSets"),
    ("POST", _ZONE + "/associatevpc", "AssociateVPCWithHostedZone"),
    ("POST", _ZONE + "/disassociatevpc", "DisassociateVPCFromHostedZone"),
    ("GET", r"/[\d-]+/tags/(?P<ResourceType>[^/]+)/(?P<ResourceId>[^/]+)", "ListTagsForResource"),
    ("POST", r"/[\d-]+/tags/(?P<ResourceType>[^/]+)/(?P<ResourceId>[^/]+)", "ChangeTagsForResource"),
    ("POST", r"/[\d-]+/tags/(?P<ResourceType>[^/]+)", "ListTagsForResources"),
    ("GET", r"/[\d-]+/change/(?P<Id>[^/]+)", "GetChange"),
)


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
        return [element.text or "" for element in _xml(self.body).findall(steps)]


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


def parse(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Request:
    """Understands a request as it came in; `target` is the path with its query, `headers` as the client wrote them."""
    path, _, query = target.partition("?")
    lowered = {name.lower(): value for name, value in headers.items()}
    scope = _CREDENTIAL.search(lowered.get("authorization", ""))
    access_key, region, service = scope.groups() if scope else _UNSIGNED
    parameters = dict(parse_qsl(query, keep_blank_values=True))
    operation = f"{_verb(method)} {path}"
    if lowered.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        parameters |= parse_qsl(body.decode(), keep_blank_values=True)
    if "Action" in parameters:
        operation = parameters.pop("Action")
    elif service == "route53":
        operation, of_path = _route53(method, path, operation)
        parameters |= of_path | _leaves(_xml(body))
    return Request(method, path, query, headers, body, service, region, access_key, operation, parameters)


def error(request: Request, code: str, message: str, status: int = 400) -> Answer:
    """An error in the shape of the request's service."""
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
    return Answer(status, xml.encode(), (("Content-Type", "text/xml"),))


def _verb(method: str) -> str:
    return {"GET": "Get", "HEAD": "Head"}.get(method, method)


def _namespace(request: Request) -> str:
    return ' xmlns="https://route53.amazonaws.com/doc/2013-04-01/"' if request.service == "route53" else ""


def _route53(method: str, path: str, unknown: str) -> tuple[str, dict[str, str]]:
    for wanted, pattern, operation in _ROUTE53:
        match = re.fullmatch(pattern + "/?", path) if method == wanted else None
        if match:
            return operation, match.groupdict()
    return unknown, {}


def _xml(body: bytes) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(body)  # noqa: S314 - only clients on this machine speak here
    except ElementTree.ParseError:
        return ElementTree.Element("Nothing")


def _leaves(root: ElementTree.Element) -> dict[str, str]:
    found: dict[str, str] = {}

    def walk(element: ElementTree.Element, path: str) -> None:
        name = element.tag.rpartition("}")[2]
        here = f"{path}/{name}" if path else name
        if len(element) == 0:
            earlier = sum(key == here or key.startswith(here + ".") for key in found)
            found[f"{here}.{earlier + 1}" if earlier else here] = element.text or ""
        for child in element:
            walk(child, here)

    for child in root:
        walk(child, "")
    return found

"""Endpoints of both kinds come and go with time; an interface endpoint holds its interfaces and groups until then."""

from __future__ import annotations

import re
from typing import Any

from ocpprov.sandbox.delays import Delays
from ocpprov.sandbox.exchange import Answer, Request
from ocpprov.sandbox.middleware.contract import Aws

_ENDPOINT = re.compile(rb"<vpcEndpointId>(vpce-\w+)<")
_STATE = re.compile(rb"(<state>)(\w)")
_NEVER = float("inf")
_DNS_OPTIONS = {
    "DnsOptions.DnsRecordIpType": "dnsRecordIpType",
    "DnsOptions.PrivateDnsOnlyForInboundResolverEndpoint": "privateDnsOnlyForInboundResolverEndpoint",
}
_SETTINGS = ("ServiceRegion", *_DNS_OPTIONS)


class Endpoints:
    """An endpoint is `pending`, `available`, `deleting`, then gone. It keeps what moto forgets: the region of its
    service, and how names are answered."""

    def __init__(self, delays: Delays) -> None:
        self._delays = delays
        self._available_at: dict[str, float] = {}
        self._deleted_at: dict[str, float] = {}
        self._held: dict[str, dict[str, Any]] = {}
        self._settings: dict[str, dict[str, str]] = {}

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """Lets everything pass, with the endpoints' states brought up to now."""
        if request.service != "ec2":
            return None
        backend = aws.ec2(request)
        self._settle(backend, aws.now())
        if request.operation == "DeleteVpcEndpoints":
            for endpoint in _named(request, backend):
                interfaces = {each: backend.enis[each] for each in endpoint.network_interface_ids or []}
                self._held.setdefault(endpoint.id, interfaces)
        return None

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """Starts the delays."""
        if not answer.ok or request.service != "ec2":
            return answer
        backend, now = aws.ec2(request), aws.now()
        if request.operation == "CreateVpcEndpoint":
            match = _ENDPOINT.search(answer.body)
            if match is not None:
                self._note(match[1].decode(), request)
                backend.vpc_end_points[match[1].decode()].service_region = request.get("ServiceRegion")
            return self._created(backend, answer, now)
        if request.operation == "ModifyVpcEndpoint":
            endpoint = backend.vpc_end_points[request.get("VpcEndpointId")]
            _hold_groups(backend, endpoint)
            self._note(endpoint.id, request)
            if names := request.get("PrivateDnsEnabled"):
                endpoint.private_dns_enabled = names
        if request.operation == "DescribeVpcEndpoints":
            body = _ENDPOINT.sub(self._described, answer.body)
            if aws.conditions.capitalised_states:
                body = _STATE.sub(lambda match: match[1] + match[2].upper(), body)
            return Answer(answer.status, body, answer.headers)
        if request.operation == "DeleteVpcEndpoints":
            for endpoint in _named(request, backend):
                self._delete(backend, endpoint, now)
        return answer

    def _note(self, endpoint_id: str, request: Request) -> None:
        given = {name: request.get(name) for name in _SETTINGS if request.get(name)}
        self._settings[endpoint_id] = {**self._settings.get(endpoint_id, {}), **given}

    def _described(self, match: re.Match[bytes]) -> bytes:
        """The endpoint's id in an answer, with what moto doesn't say before it."""
        settings = self._settings.get(match[1].decode(), {})
        region = settings.get("ServiceRegion", "")
        options = "".join(f"<{tag}>{settings[name]}</{tag}>" for name, tag in _DNS_OPTIONS.items() if name in settings)
        text = f"<serviceRegion>{region}</serviceRegion>" if region else ""
        text += f"<dnsOptions>{options}</dnsOptions>" if options else ""
        return text.encode() + match[0]

    def _created(self, backend: Any, answer: Answer, now: float) -> Answer:
        match = _ENDPOINT.search(answer.body)
        if match is None:
            return answer
        endpoint = backend.vpc_end_points[match[1].decode()]
        endpoint.vpc_endpoint_type = endpoint.vpc_endpoint_type or "Gateway"
        for interface in _interfaces(backend, endpoint):
            interface.interface_type = "vpc_endpoint"
            interface.description = f"VPC Endpoint Interface {endpoint.id}"
        _hold_groups(backend, endpoint)
        if self._delay(endpoint) <= 0:
            return answer
        endpoint.state = "pending"
        self._available_at[endpoint.id] = now + self._delay(endpoint)
        body = answer.body.replace(b"<state>available</state>", b"<state>pending</state>")
        return Answer(answer.status, body, answer.headers)

    def _delete(self, backend: Any, endpoint: Any, now: float) -> None:
        """moto has taken away the interfaces already; they stay as long as the endpoint."""
        endpoint.state = "deleting"
        backend.enis.update(self._held.get(endpoint.id, {}))
        self._deleted_at.setdefault(endpoint.id, now + self._delay(endpoint))
        self._settle(backend, now)

    def _settle(self, backend: Any, now: float) -> None:
        for endpoint in list(backend.vpc_end_points.values()):
            if endpoint.state == "pending" and self._available_at.get(endpoint.id, now) <= now:
                endpoint.state = "available"
            if self._deleted_at.get(endpoint.id, _NEVER) <= now:
                for interface in self._held.pop(endpoint.id, {}):
                    backend.enis.pop(interface, None)
                del backend.vpc_end_points[endpoint.id]
                backend.tags.pop(endpoint.id, None)

    def _delay(self, endpoint: Any) -> float:
        interface = endpoint.vpc_endpoint_type.lower() == "interface"
        return self._delays.interface_endpoint if interface else self._delays.gateway_endpoint


def _named(request: Request, backend: Any) -> list[Any]:
    ids = request.values("VpcEndpointId")
    return [backend.vpc_end_points[each] for each in ids if each in backend.vpc_end_points]


def _interfaces(backend: Any, endpoint: Any) -> list[Any]:
    return [backend.enis[each] for each in endpoint.network_interface_ids or [] if each in backend.enis]


def _hold_groups(backend: Any, endpoint: Any) -> None:
    for interface in _interfaces(backend, endpoint):
        interface._group_set = [backend.get_security_group_from_id(each) for each in endpoint.security_group_ids]

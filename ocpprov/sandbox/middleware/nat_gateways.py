"""NAT gateways take their time, and let go of what they hold once they are gone."""

from __future__ import annotations

import re
from html import escape
from typing import Any

from ocpprov.sandbox.delays import Delays
from ocpprov.sandbox.exchange import Answer, Request, error
from ocpprov.sandbox.middleware.contract import Aws
from ocpprov.sandbox.readiness import Readiness

# AWS shows a deleted NAT gateway for about an hour.
_SHOWN_AFTER_DELETION = 3600.0
_CREATED = re.compile(rb"<natGatewayId>(nat-\w+)<")
_FAILED = re.compile(
    rb"<natGatewayId>(nat-\w+)</natGatewayId>(?:(?!<natGatewayId>).)*?<state>failed</state>", re.DOTALL
)
_FILTER_NAME = re.compile(r"Filter\.(\d+)\.Name$")
_REST = rb"(?:(?!</?item>).)*"
_ROUTE = re.compile(rb"<item>%b<natGatewayId>(nat-\w+)</natGatewayId>%b</item>" % (_REST, _REST), re.DOTALL)


class NatGateways:
    """A gateway is `pending`, `available` (or `failed`, which lets go of all that it held), `deleting`, then shown as
    `deleted` for a while. `without_gateway` says how a public one fails where no internet gateway is attached."""

    def __init__(self, delays: Delays, without_gateway: Readiness) -> None:
        self._pending = delays.nat_gateway
        self._deleting = delays.nat_gateway_deletion
        self._available_at: dict[str, float] = {}
        self._deleted_at: dict[str, float] = {}
        self._failing: dict[str, tuple[str, str]] = {}
        self._without_gateway = without_gateway
        self._attaching = without_gateway.lasts(delays)
        self._attached_at: dict[str, float] = {}

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """Brings the gateways' states up to now, and answers what moto gets wrong."""
        if request.service != "ec2":
            return None
        backend = aws.ec2(request)
        self._settle(backend, aws.now())
        if request.operation == "CreateNatGateway":
            return _address_trouble(request, backend)
        if request.operation == "DeleteNatGateway":
            return _unknown(request, backend, (request.get("NatGatewayId"),))
        if request.operation == "DescribeNatGateways":
            return _unknown(request, backend, request.values("NatGatewayId")) or _by_tags(request, backend, aws)
        return None

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """Starts the delays; routes to what is gone lead nowhere."""
        if not answer.ok or request.service != "ec2":
            return answer
        backend = aws.ec2(request)
        if request.operation == "AttachInternetGateway":
            self._attached_at[request.get("VpcId")] = aws.now()
        if request.operation == "CreateNatGateway":
            return self._created(backend, answer, aws.now())
        if request.operation == "DeleteNatGateway":
            self._delete(backend, request.get("NatGatewayId"), aws.now())
        if request.operation == "DescribeRouteTables":
            return _with_blackholes(backend, answer)
        if request.operation == "DescribeNatGateways":
            return self._with_reasons(answer)
        return answer

    def fail(self, answer: Answer, reason: tuple[str, str]) -> None:
        """The gateway of the answer won't become available."""
        match = _CREATED.search(answer.body)
        if match is not None:
            self._failing[match[1].decode()] = reason

    def _with_reasons(self, answer: Answer) -> Answer:
        def explain(match: re.Match[bytes]) -> bytes:
            code, message = self._failing.get(match[1].decode(), ("", ""))
            reason = f"<failureCode>{escape(code)}</failureCode><failureMessage>{escape(message)}</failureMessage>"
            return match[0] + reason.encode() if code else match[0]

        return Answer(answer.status, _FAILED.sub(explain, answer.body), answer.headers)

    def _created(self, backend: Any, answer: Answer, now: float) -> Answer:
        match = _CREATED.search(answer.body)
        if match is None:
            return answer
        gateway = backend.nat_gateways[match[1].decode()]
        gateway._eni.interface_type = "nat_gateway"
        gateway._eni.description = f"Interface for NAT Gateway {gateway.id}"
        self._fail_without_gateway(backend, gateway, now)
        if self._pending <= 0 and gateway.id not in self._failing:
            return answer
        gateway.state = "pending"
        self._available_at[gateway.id] = now + self._pending
        body = answer.body.replace(b"<state>available</state>", b"<state>pending</state>")
        return Answer(answer.status, body, answer.headers)

    def _fail_without_gateway(self, backend: Any, gateway: Any, now: float) -> None:
        attached = any(
            each.vpc is not None and each.vpc.id == gateway.vpc_id for each in backend.internet_gateways.values()
        )
        ready = attached and now >= self._attached_at.get(gateway.vpc_id, now) + self._attaching
        if gateway.connectivity_type != "private" and not ready:
            row = self._without_gateway
            self._failing[gateway.id] = (row.code, row.sentence.format(vpc=gateway.vpc_id))

    def _delete(self, backend: Any, gateway_id: str, now: float) -> None:
        """moto has said `deleted` already, also of one that was deleted long ago."""
        self._available_at.pop(gateway_id, None)
        due = self._deleted_at.setdefault(gateway_id, now + self._deleting)
        if now < due:
            backend.nat_gateways[gateway_id].state = "deleting"
        self._settle(backend, now)

    def _settle(self, backend: Any, now: float) -> None:
        for gateway in list(backend.nat_gateways.values()):
            if gateway.state == "pending" and self._available_at.get(gateway.id, now) <= now:
                gateway.state = "failed" if gateway.id in self._failing else "available"
                if gateway.state == "failed":
                    _let_go(backend, gateway)
            deleted_at = self._deleted_at.get(gateway.id, float("inf"))
            if deleted_at <= now:
                gateway.state = "deleted"
                _let_go(backend, gateway)
            if deleted_at + _SHOWN_AFTER_DELETION <= now:
                del backend.nat_gateways[gateway.id]
                backend.tags.pop(gateway.id, None)


def is_live(gateway: Any) -> bool:
    """Whether a NAT gateway still holds its address and its subnet."""
    return gateway.state not in {"deleted", "failed"}


def _let_go(backend: Any, gateway: Any) -> None:
    interface = gateway._eni.id
    for address in backend.addresses:
        if address.eni is not None and address.eni.id == interface:
            backend.disassociate_address(association_id=address.association_id)
    backend.enis.pop(interface, None)


def _address_trouble(request: Request, backend: Any) -> Answer | None:
    """moto makes the interface before it looks at the address, and leaves it behind."""
    wanted = request.get("AllocationId")
    address = next((each for each in backend.addresses if each.allocation_id == wanted), None)
    if wanted and address is None:
        return error(request, "InvalidAllocationID.NotFound", f"The allocation ID '{wanted}' does not exist")
    if address is not None and address.association_id:
        return error(request, "Resource.AlreadyAssociated", f"Elastic IP address [{wanted}] is already associated")
    return None


def _unknown(request: Request, backend: Any, ids: tuple[str, ...]) -> Answer | None:
    for gateway_id in ids:
        if gateway_id not in backend.nat_gateways:
            return error(request, "NatGatewayNotFound", f"The Nat Gateway {gateway_id} was not found")
    return None


def _by_tags(request: Request, backend: Any, aws: Aws) -> Answer | None:
    """moto passes over filters by tag: it is given the ids that have these tags instead."""
    numbers = {m[1]: name for key, name in request.parameters.items() if (m := _FILTER_NAME.match(key))}
    by_tag = {number: name for number, name in numbers.items() if name.startswith("tag")}
    if not by_tag:
        return None
    matching = set(backend.nat_gateways)
    for number, name in by_tag.items():
        wanted = set(request.values(f"Filter.{number}.Value"))
        matching = {each for each in matching if _has_tag(backend.tags.get(each, {}), name, wanted)}
    kept = {
        key: value
        for key, value in request.parameters.items()
        if not any(key.startswith(f"Filter.{n}.") for n in by_tag)
    }
    # moto takes the filters by their numbers; any of those left out is free.
    number = next(iter(by_tag))
    instead = {f"Filter.{number}.Name": "nat-gateway-id"}
    instead |= {f"Filter.{number}.Value.{i}": each for i, each in enumerate(sorted(matching) or ["none"], 1)}
    return aws.execute(request.with_form({"Action": request.operation, **kept, **instead}))


def _has_tag(tags: dict[str, str], name: str, wanted: set[str]) -> bool:
    if name == "tag-key":
        return not wanted.isdisjoint(tags)
    if name == "tag-value":
        return not wanted.isdisjoint(tags.values())
    return tags.get(name.removeprefix("tag:")) in wanted


def _with_blackholes(backend: Any, answer: Answer) -> Answer:
    live = {gateway.id for gateway in backend.nat_gateways.values() if is_live(gateway)}

    def mark(route: re.Match[bytes]) -> bytes:
        if route[1].decode() in live:
            return route[0]
        return route[0].replace(b"<state>active</state>", b"<state>blackhole</state>")

    return Answer(answer.status, _ROUTE.sub(mark, answer.body), answer.headers)

"""Blocks, attachments to transit gateways and peering connections show a state while they come and go."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from ocpprov.sandbox.delays import NO_DELAYS, Delays
from ocpprov.sandbox.exchange import Answer, Request
from ocpprov.sandbox.middleware.contract import Aws

_BLOCK: Final = re.compile(rb"<associationId>(vpc-cidr-assoc-\w+)<")
_ATTACHMENT: Final = re.compile(rb"<transitGatewayAttachmentId>(tgw-attach-\w+)<")
_CONNECTION: Final = re.compile(rb"<vpcPeeringConnectionId>(pcx-\w+)<")
_NEVER: Final = float("inf")


class NetworkStates:
    """A block is `associating`, then `associated`. An attachment is `pendingAcceptance` as long as the gateway is among
    the `unaccepted` of the conditions, `pending`, then `available`, and `deleting` before it is gone. A peering
    connection is `initiating-request`, then `pending-acceptance`. moto has all of them at once, as has here who makes
    them by hand."""

    def __init__(self, delays: Delays) -> None:
        self._delays = delays
        self._due: dict[str, float] = {}
        self._gone_at: dict[str, float] = {}
        self._leaving: dict[str, Any] = {}

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """Lets everything pass, with all states brought up to now."""
        if request.service != "ec2":
            return None
        backend = aws.ec2(request)
        self._settle(backend, aws)
        if request.operation == "DeleteTransitGatewayVpcAttachment":
            id = request.get("TransitGatewayAttachmentId")
            if id in backend.transit_gateway_attachments:
                self._leaving = {id: backend.transit_gateway_attachments[id]}
        return None

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """Starts the delays."""
        if not answer.ok or request.service != "ec2":
            return answer
        backend = aws.ec2(request)
        delays = self._delays if request.is_ocpprovs else NO_DELAYS
        match request.operation:
            case "AssociateVpcCidrBlock":
                self._begin(_BLOCK, answer, aws.now() + delays.vpc_cidr_block)
            case "CreateTransitGatewayVpcAttachment":
                self._begin(_ATTACHMENT, answer, aws.now() + delays.transit_gateway_attachment)
            case "CreateVpcPeeringConnection":
                self._ask(backend, answer, aws.now() + delays.vpc_peering_connection)
            case "DeleteTransitGatewayVpcAttachment":
                self._leave(backend, aws.now())
            case _:
                return answer
        self._settle(backend, aws)
        return answer

    def _begin(self, made: re.Pattern[bytes], answer: Answer, due: float) -> None:
        found = made.search(answer.body)
        if found is not None:
            self._due.setdefault(found[1].decode(), due)

    def _ask(self, backend: Any, answer: Answer, due: float) -> None:
        """Of two that ask for the same, the second is answered with the first, which may be active already."""
        found = _CONNECTION.search(answer.body)
        if found is not None and found[1].decode() not in self._due:
            self._due[found[1].decode()] = due
            backend.vpc_pcxs[found[1].decode()]._status.initiating()

    def _leave(self, backend: Any, now: float) -> None:
        """moto has forgotten it already."""
        for id, attachment in self._leaving.items():
            attachment.state = "deleting"
            backend.transit_gateway_attachments[id] = attachment
            self._gone_at[id] = now + self._delays.transit_gateway_attachment_deletion

    def _settle(self, backend: Any, aws: Aws) -> None:
        now = aws.now()
        for id, block in _blocks(backend):
            if block["cidr_block_state"]["state"] in ("associating", "associated"):
                block["cidr_block_state"]["state"] = "associating" if self._due.get(id, now) > now else "associated"
        for id, attachment in list(backend.transit_gateway_attachments.items()):
            if self._gone_at.get(id, _NEVER) <= now:
                del backend.transit_gateway_attachments[id]
            elif id in self._due and attachment.state != "deleting":
                attachment.state = self._state_of(attachment, aws)
        for id, connection in backend.vpc_pcxs.items():
            if connection._status.code == "initiating-request" and self._due.get(id, now) <= now:
                connection._status.pending()

    def _state_of(self, attachment: Any, aws: Aws) -> str:
        """What its owner has to accept gets ready after that."""
        if attachment.transit_gateway_id in aws.conditions.unaccepted:
            self._due[attachment.id] = aws.now() + self._delays.transit_gateway_attachment
            return "pendingAcceptance"
        return "pending" if self._due[attachment.id] > aws.now() else "available"


def _blocks(backend: Any) -> Iterator[tuple[str, Any]]:
    for vpc in backend.vpcs.values():
        yield from vpc._cidr_block_association_set.items()

"""What carries the plan's tags and isn't shown to be the plan's: for readers and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ocpprov.engine.actions import Actions
from ocpprov.engine.claims import UnprovenClaim
from ocpprov.engine.printable import offered
from ocpprov.engine.suggestion import allow_option


def unproven_lines(actions: Actions, command: str) -> Iterator[str]:
    """Why it isn't shown, and how to say that it is the plan's."""
    for claim in actions.unproven:
        yield f"  not proven to be this plan's, left alone: {claim.logical_id or claim.live.id}: {claim}"
        if accepting := accepting_command(claim.live.id, command):
            yield f"    if it is: {accepting}"


def accepting_command(id: str, command: str) -> str:
    """The command that says of an id of AWS that it is this plan's; empty for what nobody should paste."""
    return f"{command} {allow_option(id)}" if offered(id) else ""


def unproven_documents(claims: Sequence[UnprovenClaim], command: str) -> list[dict[str, str]]:
    """The same for programs."""
    return [
        {
            "resource": claim.logical_id,
            "type": claim.live.type,
            "id": claim.live.id,
            "reason": claim.reason,
            "command": accepting_command(claim.live.id, command),
        }
        for claim in claims
    ]

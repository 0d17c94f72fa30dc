"""Checks, outputs, and the end of a run in words; a plan for programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ocpprov.checks.result import Check, Status
from ocpprov.engine.actions import Actions
from ocpprov.engine.claims import UnprovenClaim
from ocpprov.engine.printable import offered
from ocpprov.engine.suggestion import allow_option
from ocpprov.engine.values import to_json
from ocpprov.ui.wrapped import remedy_lines, wrapped


def unproven_lines(actions: Actions, command: str) -> Iterator[str]:
    """What carries the plan's tags and isn't shown to be the plan's: why, and how to say that it is."""
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


_ID: Final = 21
"""Columns for a check's id: in those that are left, three zones of a region have their place. Few ids are longer."""


def check_lines(checks: Sequence[Check]) -> Iterator[str]:
    """Each check in lines, its remedy beneath it where it isn't good, and how many there are of each."""
    width, beneath = min(max((len(check.id) for check in checks), default=0), _ID), " " * 9
    for check in checks:
        head = f"{check.status.value:<7}  {check.id:<{width}}  "
        yield from map(str, wrapped(check.detail, first=head, rest=f"{beneath}  "))
        if check.remedy:
            yield from map(str, remedy_lines(check.remedy, beneath))
    counts = Counter(check.status.value for check in checks)
    yield ", ".join(f"{counts[status.value]} {status.value}" for status in Status if counts[status.value])


def plan_document(actions: Actions, command: str) -> dict[str, object]:
    """The plan as one JSON document."""
    return {
        "plan": actions.owner.plan,
        "region": actions.owner.region,
        "actions": [
            {
                "resource": action.resource,
                "type": action.type,
                "action": action.verb.value,
                "id": action.id,
                "changes": [
                    {"property": change.property, "from": to_json(change.before), "to": to_json(change.after)}
                    for change in action.changes
                ],
                "reason": action.reason,
                **({"interrupts": True} if action.interrupts else {}),
            }
            for action in actions.actions
        ],
        "others": [{"resource": other.resource, "what": other.what} for other in actions.others],
        "unproven": unproven_documents(actions.unproven, command),
        "notes": list(actions.notes),
        "summary": actions.summary(),
    }


def table(rows: Mapping[str, object], lines: Mapping[str, str] | None = None) -> Iterator[str]:
    """Names and values in two columns. `lines` has what stands between the lines of a value, by its name."""
    width = max(map(len, rows), default=0)
    for name, value in rows.items():
        shown, end = shown_value(value), (lines or {}).get(name)
        for number, line in enumerate(shown.split(end) if end else [shown]):
            yield f"{'' if number else name:{width}}  {line}"


def shown_value(value: object) -> str:
    """A text as it is, all else as JSON."""
    return value if isinstance(value, str) else json.dumps(value)


@dataclass(frozen=True)
class Shortfall:
    """What an apply has left undone, by logical id: not there, there and not ready, there and not as planned, and
    still there although the plan no longer has it."""

    missing: Sequence[str]
    unready: Sequence[str] = ()
    drifted: Sequence[str] = ()
    undeleted: Sequence[str] = ()

    def __str__(self) -> str:
        rest = {"not ready": self.unready, "not yet as planned": self.drifted, "not gone yet": self.undeleted}
        return "; ".join([_some(self.missing), *(f"{what}: {_some(names)}" for what, names in rest.items() if names)])


def failure_lines(exists: int, wanted: int, shortfall: Shortfall, said: str, cause: str, command: str) -> Iterator[str]:
    """The five lines with which a failed run ends."""
    yield f"exists:   {exists} of the plan's {wanted} resources"
    yield f"missing:  {shortfall}"
    yield from _last_lines(said, cause, command)


def left_lines(left: Sequence[str], said: str, cause: str, command: str) -> Iterator[str]:
    """The same for a destroy: what isn't named is gone."""
    yield f"remains:  {_some(left)}"
    yield "deleted:  everything else of the plan"
    yield from _last_lines(said, cause, command)


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - 8} more" if len(names) > 8 else ""
    return f"{', '.join(names[:8]) or 'nothing'}{more}"


def _last_lines(said: str, cause: str, command: str) -> Iterator[str]:
    yield f"AWS said: {said}"
    yield f"cause:    {cause}"
    yield f"next:     {command}"

"""A plan for programs: its actions as JSON (`plan --json`, and the event `planned`)."""

from __future__ import annotations

from ocpprov.engine.actions import Actions
from ocpprov.engine.values import to_json
from ocpprov.ui.unproven_claims import unproven_documents


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

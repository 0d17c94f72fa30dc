"""Plans and what AWS has, as values: a few lines for each test of the planner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from ocpprov.engine.actions import Actions, Verb
from ocpprov.engine.claims import NOTHING_KNOWN, Memory
from ocpprov.engine.graph import build
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.ledgers import planned_ledgers
from ocpprov.engine.ownership import Remembered, desired_tags, revision, with_name
from ocpprov.engine.planner import plan
from ocpprov.engine.resources import Live, Owner, Resource
from ocpprov.engine.values import Ref
from ocpprov.kinds.registry import KINDS

OWNER: Final = Owner("lab", "eu-west-1", "123456789012", "20260101T000000Z.aaaaaaaa.1.aaaaaaaa")

NO_CHILDREN: Final = Remembered()

VPC: Final = "AWS::EC2::VPC"
SUBNET: Final = "AWS::EC2::Subnet"
GROUP: Final = "AWS::EC2::SecurityGroup"
ROLE: Final = "AWS::IAM::Role"


def wanted(**resources: tuple[str, Mapping[str, Any]]) -> dict[str, Resource]:
    """Resources of a plan: `Vpc=(type, properties)`."""
    return {name: Resource(name, type, properties) for name, (type, properties) in resources.items()}


def live(
    type: str,
    id: str,
    name: str = "",
    properties: Mapping[str, Any] | None = None,
    remembered: Remembered = NO_CHILDREN,
    **more: Any,
) -> Live:
    """What AWS has of the resource `name` of the plan; of somebody else's without a name."""
    kind = KINDS[type]
    given = kind.normalise(properties or {})
    if not name:
        return Live(type, id, given, **more)
    made = revision(kind, given)
    tags = desired_tags(OWNER, kind, Resource(name, type, properties or {}), made, remembered)
    return Live(type, id, with_name(kind, OWNER, name, given, made), tags=tags, **more)


def copied(of: Live, type: str, id: str, properties: Mapping[str, Any] | None = None, **more: Any) -> Live:
    """Somebody else's resource, onto which the tags of one of ours were copied."""
    return replace(live(type, id, "", properties, **more), tags=of.tags)


def inventory(*lives: Live) -> Inventory:
    found: dict[str, list[Live]] = {}
    for each in lives:
        found.setdefault(each.type, []).append(each)
    return Inventory(found)


def remembered(resources: Mapping[str, Resource], name: str) -> Remembered:
    """What the plan has the resource remember."""
    return planned_ledgers(build(resources, KINDS).resources, KINDS).get(name, Remembered())


def planned(resources: Mapping[str, Resource], lives: Sequence[Live], memory: Memory = NOTHING_KNOWN) -> Actions:
    """What there is to do; no resources: a destroy."""
    return plan(build(resources, KINDS), inventory(*lives), OWNER, KINDS, memory=memory)


def done(actions: Actions) -> dict[str, str]:
    """What is done to each live resource or, where there is none yet, to each logical id."""
    changed = [action for action in actions.actions if action.verb is not Verb.KEEP]
    return {action.id or action.resource: action.verb.value for action in changed}


def left_alone(actions: Actions) -> str:
    """What is reported as somebody else's, one in a line."""
    return "\n".join(f"{other.resource}: {other.what}" for other in actions.others)


def made_by_us(*places: tuple[str, str]) -> Memory:
    """What the journal remembers: that a run of this plan made these, by type and id."""
    return Memory(made=frozenset(places))


def ref(name: str) -> Ref:
    return Ref(name)

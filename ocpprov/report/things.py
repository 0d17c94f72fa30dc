"""Resources as pictures and reports have them: JSON data, whether a plan wants them or AWS has them, so that what a run
noted of them is read again as it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from ocpprov.engine.graph import Graph
from ocpprov.engine.resources import Live
from ocpprov.engine.secret_texts import SecretTexts
from ocpprov.kinds.contract import Kind

JsonObject = Mapping[str, Any]


@dataclass(frozen=True)
class Thing:
    """One resource. `properties` are JSON data in the plan's words; a reference is `{"Ref": id}` or
    `{"Fn::GetAtt": [id, attribute]}`, or AWS's id where AWS has said what there is. `needs` are the logical ids that it
    waits for; `id` is AWS's, empty while it isn't known."""

    name: str
    type: str
    properties: JsonObject = field(default_factory=dict)
    needs: Sequence[str] = ()
    id: str = ""

    def document(self) -> dict[str, Any]:
        """As a run keeps it."""
        return {
            "resource": self.name,
            "type": self.type,
            "id": self.id,
            "needs": list(self.needs),
            "properties": dict(self.properties),
        }


def thing_of(document: object) -> Thing | None:
    """Reads what `document` gave; None for anything else."""
    match document:
        case {"resource": str(name), "type": str(type), **rest}:
            properties, needs, id = rest.get("properties"), rest.get("needs"), rest.get("id")
            return Thing(
                name,
                type,
                properties if isinstance(properties, Mapping) else {},
                [each for each in needs if isinstance(each, str)] if isinstance(needs, list) else (),
                id if isinstance(id, str) else "",
            )
    return None


_LARGE: Final = ("PolicyDocument", "AssumeRolePolicyDocument", "Body")
"""What no picture has, and what may be long."""


def planned_things(graph: Graph, current: Mapping[str, Live], secrets: SecretTexts) -> list[Thing]:
    """What a plan wants, in the order in which each comes after what it needs, with AWS's ids of what is there. None of
    the `secrets` is in it."""
    return [
        Thing(
            secrets.masked(name),
            resource.type,
            _shown(resource.properties, secrets),
            sorted(map(secrets.masked, graph.needs[name])),
            secrets.masked(current[name].id) if name in current else "",
        )
        for name, resource in graph.resources.items()
    ]


def live_thing(name: str, live: Live, secrets: SecretTexts) -> Thing:
    """What AWS has under a logical id."""
    return Thing(secrets.masked(name), live.type, _shown(live.properties, secrets), (), secrets.masked(live.id))


def _shown(properties: Mapping[str, Any], secrets: SecretTexts) -> JsonObject:
    return {name: secrets.value(value) for name, value in properties.items() if name not in _LARGE}


@dataclass(frozen=True)
class Reference:
    """One thing names another in a property, whose path is such as `Subnets[0]`."""

    source: str
    target: str
    property: str


def references_of(thing: Thing) -> Iterator[Reference]:
    """What it names, in reading order, once for each property."""
    seen: set[tuple[str, str]] = set()
    for path, target in _named_in(thing.properties, ""):
        if (target, path) not in seen:
            seen.add((target, path))
            yield Reference(thing.name, target, path)


def _named_in(value: object, path: str) -> Iterator[tuple[str, str]]:
    match value:
        case {"Ref": str(name), **others} if not others:
            yield path, name
        case {"Fn::GetAtt": [str(name), *_], **others} if not others:
            yield path, name
        case Mapping():
            for key, inner in value.items():
                if key.startswith("Fn::"):
                    yield from ((path, name) for _, name in _named_in(inner, path))
                else:
                    yield from _named_in(inner, f"{path}.{key}" if path else str(key))
        case list() | tuple():
            for index, inner in enumerate(value):
                yield from _named_in(inner, f"{path}[{index}]")


def target_of(value: object) -> str:
    """What a value names first: a logical id, or AWS's id where it is one text; empty where there is neither."""
    if isinstance(value, str):
        return value
    return next((name for _, name in _named_in(value, "")), "")


def targets_of(value: object) -> list[str]:
    """The same for each item of a list."""
    return [target_of(each) for each in value] if isinstance(value, list | tuple) else []


@dataclass(frozen=True)
class FoldedThings:
    """Things of which some are counted with what they belong to: `parents` by the child's name."""

    things: Sequence[Thing]
    parents: Mapping[str, str]

    @property
    def heads(self) -> list[Thing]:
        """What stands for itself."""
        return [thing for thing in self.things if thing.name not in self.parents]

    def head(self, name: str) -> str:
        """What a thing is counted with: itself, where it is no child."""
        while name in self.parents:
            name = self.parents[name]
        return name


def fold(things: Sequence[Thing], kinds: Mapping[str, Kind]) -> FoldedThings:
    """Rules go with their group, routes with their table, targets with their group, ..."""
    by_id = {thing.id: thing.name for thing in things if thing.id}
    names = {thing.name for thing in things}
    parents: dict[str, str] = {}
    for thing in things:
        kind = kinds.get(thing.type)
        if kind is None or not kind.noun:
            continue
        target = target_of(thing.properties.get(kind.parent_property))
        parent = by_id.get(target, target)
        if parent in names and parent != thing.name:
            parents[thing.name] = parent
    return FoldedThings(things, parents)

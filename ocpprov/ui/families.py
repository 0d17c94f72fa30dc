"""What is counted with what it belongs to: rules with their group, routes with their table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ocpprov.engine.actions import Action, Actions
from ocpprov.engine.plurals import number_of
from ocpprov.engine.resources import Live
from ocpprov.engine.steps import DeleteStep
from ocpprov.engine.values import GetAtt, Ref, Value
from ocpprov.kinds.contract import Kind


@dataclass(frozen=True)
class Families:
    """Parents and children among the actions of a plan."""

    actions: Actions
    kinds: Mapping[str, Kind]

    def parent(self, action: Action) -> str | None:
        """The logical id of what one is counted with; None where it stands for itself."""
        kind = self.kinds.get(action.type)
        if kind is None or not kind.noun:
            return None
        value = self.properties(action).get(kind.parent_property)
        parent = self._named(value) or action.resource.partition("/")[0]
        return parent if parent != action.resource and parent in self._known else None

    @cached_property
    def children(self) -> Mapping[str, Sequence[Action]]:
        """Changes of what is counted with something else, by the logical id of that."""
        children: dict[str, list[Action]] = {}
        for action in self.actions.changes:
            if (parent := self.parent(action)) is not None:
                children.setdefault(parent, []).append(action)
        return children

    def properties(self, action: Action) -> Mapping[str, Value]:
        """As the plan has them; as AWS has them where it goes."""
        planned = self.actions.graph.resources.get(action.resource)
        live = self._going.get((action.type, action.id))
        return planned.properties if planned else live.properties if live else {}

    def counted(self, children: Iterable[Action]) -> Sequence[tuple[str, str]]:
        """Sign-less counts by verb: `("create", "25 rules")`."""
        counts = Counter((child.verb.value, self.kinds[child.type].noun) for child in children)
        return [(verb, number_of(count, noun)) for (verb, noun), count in counts.items()]

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(action.resource for action in self.actions.actions)

    @cached_property
    def _going(self) -> Mapping[tuple[str, str], Live]:
        gone = [step.live for step in self.actions.steps if isinstance(step, DeleteStep)]
        return {(live.type, live.id): live for live in gone}

    @cached_property
    def _owners(self) -> Mapping[str, str]:
        """Logical ids by AWS's id and reference, of what stays and of what goes."""
        going = [(step.logical_id, step.live) for step in self.actions.steps if isinstance(step, DeleteStep)]
        lives = [*going, *self.actions.current.items()]
        return {id: name for name, live in lives for id in (live.id, live.ref) if id}

    def _named(self, value: Value) -> str:
        match value:
            case Ref(logical_id=name) | GetAtt(logical_id=name):
                return name
            case str():
                return self._owners.get(value, "")
            case [first, *_]:
                return self._named(first)
        return ""

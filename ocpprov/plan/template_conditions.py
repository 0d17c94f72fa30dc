"""`Mappings` and `Conditions`: what a template looks up, and what it decides before anything is made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Final

from ocpprov.engine.values import Value, is_known, text
from ocpprov.plan.intrinsics.protocols import Evaluator
from ocpprov.plan.intrinsics.symbols import Failed, Mappings, NoValue
from ocpprov.plan.nodes import Node
from ocpprov.plan.problems import PlanError, likely

_MOST_CONDITIONS: Final = 10


def read_mappings(node: Node | None, errors: list[PlanError]) -> Mappings:
    """The `Mappings`: name, first key, second key, and a scalar or a list of scalars."""
    found: dict[str, dict[str, dict[str, Value]]] = {}
    for name, first in _members(node, "Mappings", errors):
        found[name] = {}
        for key, second in _members(first, f"Mappings.{name}", errors):
            path = f"Mappings.{name}.{key}"
            found[name][key] = dict(_entries(second, path, errors))
    return found


def _entries(node: Node, path: str, errors: list[PlanError]) -> Iterator[tuple[str, Value]]:
    for key, value in _members(node, path, errors):
        items = value.items()
        scalars = (value,) if items is None else items
        if any(item.value is None or item.mapping() is not None or item.items() is not None for item in scalars):
            message = f"expected a string, a number or a list of them, got {value.what()}"
            errors.append(PlanError(value.position, f"{path}.{key}", message))
        else:
            yield key, value.plain()  # type: ignore[misc]


def _members(node: Node | None, path: str, errors: list[PlanError]) -> Iterator[tuple[str, Node]]:
    if node is None:
        return
    mapping = node.mapping()
    if mapping is None:
        errors.append(PlanError(node.position, path, f"expected a mapping, got {node.what()}"))
        return
    yield from mapping.items()


def read_conditions(node: Node | None, evaluator: Evaluator) -> dict[str, bool | None]:
    """Each condition's value, None where it can't be told. Errors go to the evaluator."""
    nodes = dict(_members(node, "Conditions", evaluator.errors))
    needs = {name: sorted({used for used in _used(inner) if used in nodes}) for name, inner in nodes.items()}
    try:
        order = list(TopologicalSorter(needs).static_order())
    except CycleError as error:
        cycle = list(reversed(error.args[1]))
        place = node.keys[cycle[0]] if node else None
        if place is not None:
            message = f"dependency cycle of conditions: {' -> '.join(cycle)}"
            evaluator.errors.append(PlanError(place, f"Conditions.{cycle[0]}", message, "remove one of them"))
        return dict.fromkeys(nodes)
    decider = _Decider(evaluator, nodes)
    for name in order:
        decider.known[name] = decider.holds(nodes[name], f"Conditions.{name}")
    return decider.known


def _used(node: Node) -> Iterator[str]:
    """Names of the conditions inside a condition."""
    for key, inner in (node.mapping() or {}).items():
        if key == "Condition" and isinstance(inner.value, str):
            yield inner.value
        yield from _used(inner)
    for item in node.items() or ():
        yield from _used(item)


class _Decider:
    """Decides conditions in an order in which each comes after those it uses."""

    def __init__(self, evaluator: Evaluator, nodes: Mapping[str, Node]) -> None:
        self._evaluator = evaluator
        self._nodes = nodes
        self.known: dict[str, bool | None] = {}

    def holds(self, node: Node, path: str) -> bool | None:
        mapping = node.mapping() or {}
        name = next(iter(mapping), "") if len(mapping) == 1 else ""
        inner = mapping.get(name, node)
        match name:
            case "Condition":
                return self._named(inner, path)
            case "Fn::Equals":
                return self._equal(inner, path)
            case "Fn::And":
                return self._together(inner, path, name, all)
            case "Fn::Or":
                return self._together(inner, path, name, any)
            case "Fn::Not":
                return self._negated(inner, path)
        hint = "Fn::Equals, Fn::And, Fn::Or, Fn::Not or Condition"
        self._evaluator.report(node, path, f"{node.what()} is not a condition", hint)
        return None

    def _named(self, node: Node, path: str) -> bool | None:
        if not isinstance(node.value, str) or node.value not in self._nodes:
            shown = node.value if isinstance(node.value, str) else node.what()
            self._evaluator.report(node, path, f"there is no condition {shown}", likely(str(shown), self._nodes))
            return None
        return self.known.get(node.value)

    def _together(self, node: Node, path: str, name: str, judge: Callable[[Iterable[object]], bool]) -> bool | None:
        items = node.items() or ()
        if not 2 <= len(items) <= _MOST_CONDITIONS:
            self._evaluator.report(node, path, f"{name} takes a list of 2 to {_MOST_CONDITIONS} conditions")
            return None
        held = [self.holds(item, path) for item in items]
        return None if None in held else judge(held)

    def _negated(self, node: Node, path: str) -> bool | None:
        items = node.items() or ()
        if len(items) != 1:
            self._evaluator.report(node, path, "Fn::Not takes a list of one condition")
            return None
        held = self.holds(items[0], path)
        return None if held is None else not held

    def _equal(self, node: Node, path: str) -> bool | None:
        items = node.items() or ()
        if len(items) != 2:
            self._evaluator.report(node, path, "Fn::Equals takes two values")
            return None
        sides = [self._side(item, path) for item in items]
        return None if None in sides else sides[0] == sides[1]

    def _side(self, node: Node, path: str) -> object:
        """A value to compare, numbers as texts; None where it isn't known."""
        value = self._evaluator.evaluate(node, path)
        if isinstance(value, Failed):
            return None
        if isinstance(value, NoValue) or value is None:
            self._evaluator.report(node, path, "Fn::Equals has nothing to compare")
            return None
        if not is_known(value):
            self._evaluator.report(node, path, "a condition can't depend on a resource", "use a parameter")
            return None
        return [text(item) for item in value] if isinstance(value, list) else text(value)

"""The template grammar: functions evaluated as far as a plan alone allows; what depends on a resource stays."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ocpprov.engine.resources import Position
from ocpprov.engine.values import GetAtt, Join, Ref, Select, Value, texts_in
from ocpprov.plan.intrinsics.functions import FUNCTIONS, branches
from ocpprov.plan.intrinsics.symbols import FAILED, Evaluated, Failed, NoValue, SymbolTable
from ocpprov.plan.nodes import Node
from ocpprov.plan.problems import PlanError, likely


@dataclass(frozen=True)
class Reference:
    """A reference to a resource, and where it stands."""

    to: Ref | GetAtt
    position: Position
    path: str


def function_of(node: Node) -> str | None:
    """The name of the function that a node calls, or None for plain data."""
    mapping = node.mapping()
    if mapping is None or len(mapping) != 1:
        return None
    name = next(iter(mapping))
    return name if name == "Ref" or name.startswith("Fn::") else None


class TemplateEvaluator:
    """Evaluates nodes. Errors and references are collected in `errors` and `references`, and in `derived` the texts
    that functions made of parameters with NoEcho."""

    def __init__(self, symbols: SymbolTable, errors: list[PlanError], derived: set[str] | None = None) -> None:
        self.symbols = symbols
        self.errors = errors
        self.references: list[Reference] = []
        self.derived: set[str] = set() if derived is None else derived
        self._took_secret = False

    def unused(self) -> TemplateEvaluator:
        """The same for what a condition leaves out: it is checked, but its references are none of the plan's."""
        return TemplateEvaluator(replace(self.symbols, unused=True), self.errors, self.derived)

    def evaluate(self, node: Node, path: str) -> Evaluated:
        """The value of a node; Failed where it has none."""
        name = function_of(node)
        if name is not None:
            return self._call(name, node, path)
        mapping, items = node.mapping(), node.items()
        if mapping is not None:
            return self._mapping({key: self.evaluate(inner, f"{path}.{key}") for key, inner in mapping.items()})
        if items is not None:
            return self._list([self.evaluate(inner, f"{path}[{number}]") for number, inner in enumerate(items)])
        return node.value  # type: ignore[return-value]

    def select_branch(self, node: Node, path: str) -> Node | None:
        """The node itself, or the branch that an `Fn::If` takes; None where that can't be told."""
        while function_of(node) == "Fn::If":
            pair = branches(self, node, path)
            if pair is None:
                return None
            node, other = pair
            self.unused().evaluate(other, path)
        return node

    def report(self, node: Node, path: str, message: str, hint: str = "") -> Failed:
        """Note an error at the node."""
        self.errors.append(PlanError(node.position, path, message, hint))
        return FAILED

    def resolve_name(self, name: str, node: Node, path: str) -> Evaluated:
        """What `Ref` gives for a name."""
        symbols = self.symbols
        self._took_secret = self._took_secret or name in symbols.secret
        if name in symbols.names:
            return symbols.names[name]
        if name in symbols.missing:
            return FAILED if symbols.unused else self.report(node, path, symbols.missing[name])
        if name not in symbols.attributes:
            return self._unknown(name, node, path, f"there is no {name} to refer to")
        return self._reference(Ref(name), node, path)

    def resolve_attribute(self, name: str, attribute: str, node: Node, path: str) -> Evaluated:
        """What `Fn::GetAtt` gives."""
        if name not in self.symbols.attributes:
            return self._unknown(name, node, path, f"there is no resource {name}")
        known = self.symbols.attributes[name]
        if known is not None and attribute not in known:
            hint = likely(attribute, known) or (f"it has {', '.join(known)}" if known else "use Ref for its id")
            return self.report(node, path, f"{name} has no attribute {attribute}", hint)
        return self._reference(GetAtt(name, attribute), node, path)

    def _call(self, name: str, node: Node, path: str) -> Evaluated:
        function = FUNCTIONS.get(name)
        if function is None:
            hint = likely(name, FUNCTIONS) or f"this version knows {', '.join(FUNCTIONS)}"
            return self.report(node, path, f"{name} is not supported in this version", hint)
        before, self._took_secret = self._took_secret, False
        value = function(self, node, path)
        # What Fn::If gives was made by the functions of its branch, if any made it.
        if self._took_secret and name != "Fn::If" and isinstance(value, str | list):
            self.derived.update(texts_in(value))
        self._took_secret = self._took_secret or before
        return value

    def _mapping(self, values: dict[str, Evaluated]) -> Evaluated:
        kept: dict[str, Value] = {}
        for key, value in values.items():
            if isinstance(value, Failed):
                return FAILED
            if not isinstance(value, NoValue):
                kept[key] = value
        return kept

    def _list(self, values: list[Evaluated]) -> Evaluated:
        kept: list[Value] = []
        for value in values:
            if isinstance(value, Failed):
                return FAILED
            if not isinstance(value, NoValue):
                kept.append(value)
        return kept

    def _unknown(self, name: str, node: Node, path: str, message: str) -> Failed:
        if self.symbols.uncertain:
            return FAILED
        known = [*self.symbols.names, *self.symbols.missing, *self.symbols.attributes]
        hint = likely(name, known) or "name a resource, a parameter or a pseudo parameter"
        return self.report(node, path, message, hint)

    def _reference(self, to: Ref | GetAtt, node: Node, path: str) -> Evaluated:
        condition = self.symbols.absent.get(to.logical_id)
        if condition is not None and not self.symbols.unused:
            message = f"{to.logical_id} is not made, as its condition {condition} is false"
            return self.report(node, path, message, "choose with Fn::If, or give this resource the same condition")
        self.references.append(Reference(to, node.position, path))
        return to


def to_node(value: Value, position: Position) -> Node:
    """A value written back as a node, so that what a function gave is checked like what was written."""

    def call(name: str, argument: Value) -> Node:
        return Node({name: to_node(argument, position)}, position, {name: position})

    match value:
        case Ref(logical_id=logical_id):
            return call("Ref", logical_id)
        case GetAtt(logical_id=logical_id, attribute=attribute):
            return call("Fn::GetAtt", [logical_id, attribute])
        case Join(delimiter=delimiter, parts=parts, of_list=of_list):
            return call("Fn::Join", [delimiter, parts[0] if of_list else list(parts)])
        case Select(index=index, values=values):
            return call("Fn::Select", [index, values])
        case str() | int() | float() | None:
            return Node(value, position)
        case list() | tuple():
            return Node([to_node(item, position) for item in value], position)
        case dict():
            inner = {key: to_node(item, position) for key, item in value.items()}
            return Node(inner, position, dict.fromkeys(inner, position))
    raise TypeError(f"{value!r} can't be written in a plan")

"""The functions of the template grammar: evaluated as far as a plan alone allows; the rest are references."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from ocpprov.engine.resources import Position
from ocpprov.engine.values import GetAtt, Join, Ref, Select, Value, is_known, text
from ocpprov.plan.nodes import Node
from ocpprov.plan.problems import PlanError, likely

SUPPORTED: Final = ("Ref", "Fn::GetAtt", "Fn::Sub", "Fn::Join", "Fn::Select")
_PLACEHOLDER: Final = re.compile(r"\$\{(!?)([^}]*)\}")


@dataclass(frozen=True)
class NoValue:
    """`AWS::NoValue`: as if the property were not there."""


NO_VALUE: Final = NoValue()


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
    return name if name in ("Ref", "Condition") or name.startswith("Fn::") else None


class Evaluator:
    """Evaluates nodes. Errors and references are collected in `errors` and `references`."""

    def __init__(
        self,
        names: Mapping[str, Value | NoValue],
        attribute_names: Callable[[str], tuple[str, ...] | None],
        missing: Mapping[str, str],
    ) -> None:
        """`names` are parameters, pseudo parameters and `OpenShift.X`; `attribute_names` gives a resource's
        attributes, None for no such resource; `missing` says of known names why they have no value."""
        self._names = names
        self._attribute_names = attribute_names
        self._missing = missing
        self.errors: list[PlanError] = []
        self.references: list[Reference] = []

    def evaluate(self, node: Node, path: str) -> Value | NoValue:
        """The value of a node. What can't be evaluated is an error, and None."""
        name = function_of(node)
        if name is not None:
            return self._call(name, node, path)
        mapping, items = node.mapping(), node.items()
        if mapping is not None:
            pairs = ((key, self.evaluate(inner, f"{path}.{key}")) for key, inner in mapping.items())
            return {key: value for key, value in pairs if not isinstance(value, NoValue)}
        if items is not None:
            values = (self.evaluate(inner, f"{path}[{number}]") for number, inner in enumerate(items))
            return [value for value in values if not isinstance(value, NoValue)]
        return node.value  # type: ignore[return-value]

    def _call(self, name: str, node: Node, path: str) -> Value | NoValue:
        argument = (node.mapping() or {})[name]
        match name:
            case "Ref":
                return self._ref(argument, path)
            case "Fn::GetAtt":
                return self._get_att(argument, path)
            case "Fn::Sub":
                return self._sub(argument, path)
            case "Fn::Join":
                return self._join(argument, path)
            case "Fn::Select":
                return self._select(argument, path)
        hint = likely(name, SUPPORTED) or f"this version knows {', '.join(SUPPORTED)}"
        return self._wrong(node, path, f"{name} is not supported in this version", hint)

    def _wrong(self, node: Node, path: str, message: str, hint: str = "") -> Value | NoValue:
        self.errors.append(PlanError(node.position, path, message, hint))
        return None

    def _ref(self, node: Node, path: str) -> Value | NoValue:
        if not isinstance(node.value, str):
            return self._wrong(node, path, "Ref takes a name")
        return self._named(node.value, node, path)

    def _named(self, name: str, node: Node, path: str) -> Value | NoValue:
        if name in self._names:
            return self._names[name]
        if name in self._missing:
            return self._wrong(node, path, self._missing[name])
        if self._attribute_names(name) is None:
            return self._wrong(node, path, f"there is no {name} to refer to", self._hint(name))
        reference = Ref(name)
        self.references.append(Reference(reference, node.position, path))
        return reference

    def _hint(self, name: str) -> str:
        known = [*self._names, *self._missing, *(self._attribute_names("") or ())]
        return likely(name, known) or "name a resource, a parameter or a pseudo parameter"

    def _get_att(self, node: Node, path: str) -> Value | NoValue:
        items = node.items()
        parts = node.value.split(".", 1) if isinstance(node.value, str) else [item.value for item in items or ()]
        if len(parts) != 2 or not all(isinstance(part, str) and part for part in parts):
            return self._wrong(
                node, path, "Fn::GetAtt takes a resource and an attribute", "write [Resource, Attribute]"
            )
        return self._attribute(str(parts[0]), str(parts[1]), node, path)

    def _attribute(self, name: str, attribute: str, node: Node, path: str) -> Value | NoValue:
        attributes = self._attribute_names(name)
        if attributes is None:
            return self._wrong(node, path, f"there is no resource {name}", self._hint(name))
        if attribute not in attributes:
            hint = likely(attribute, attributes) or (
                f"it has {', '.join(attributes)}" if attributes else "use Ref for its id"
            )
            return self._wrong(node, path, f"{name} has no attribute {attribute}", hint)
        reference = GetAtt(name, attribute)
        self.references.append(Reference(reference, node.position, path))
        return reference

    def _sub(self, node: Node, path: str) -> Value | NoValue:
        items = node.items()
        template = node if items is None else (items[0] if len(items) == 2 else None)
        if template is None or not isinstance(template.value, str):
            return self._wrong(node, path, "Fn::Sub takes a text, or a list of a text and a mapping")
        own = (items[1].mapping() if items else None) or {}
        parts: list[Value] = []
        last, wrong = 0, len(self.errors)
        for match in _PLACEHOLDER.finditer(template.value):
            parts.append(template.value[last : match.start()])
            parts.append(self._placeholder(match, own, template, path))
            last = match.end()
        parts.append(template.value[last:])
        if len(self.errors) > wrong:
            return None
        return _joined("", [part for part in parts if part != ""])

    def _placeholder(self, match: re.Match[str], own: Mapping[str, Node], node: Node, path: str) -> Value:
        literal, name = match[1], match[2].strip()
        if literal:
            return f"${{{name}}}"
        value: Value | NoValue
        if name in own:
            value = self.evaluate(own[name], path)
        elif name in self._names or name in self._missing or "." not in name:
            value = self._named(name, node, path)
        else:
            head, _, tail = name.partition(".")
            value = self._attribute(head, tail, node, path)
        return "" if value is None or isinstance(value, NoValue) else value

    def _join(self, node: Node, path: str) -> Value | NoValue:
        items = node.items() or ()
        if len(items) != 2 or not isinstance(items[0].value, str):
            return self._wrong(node, path, "Fn::Join takes a delimiter and a list")
        values = self.evaluate(items[1], path)
        if isinstance(values, Ref | GetAtt):
            return Join(items[0].value, (values,))
        if not isinstance(values, list):
            return self._wrong(node, path, "Fn::Join takes a delimiter and a list")
        return _joined(items[0].value, values)

    def _select(self, node: Node, path: str) -> Value | NoValue:
        items = node.items() or ()
        index = self.evaluate(items[0], path) if len(items) == 2 else None
        number = int(index) if isinstance(index, int) or (isinstance(index, str) and index.isdigit()) else None
        if number is None or isinstance(index, bool) or len(items) != 2:
            return self._wrong(node, path, "Fn::Select takes a number and a list")
        values = self.evaluate(items[1], path)
        if isinstance(values, Ref | GetAtt):
            return Select(number, values)
        if not isinstance(values, list) or not 0 <= number < len(values):
            return self._wrong(node, path, f"Fn::Select: the list has no item {number}; items count from 0")
        chosen: Value = values[number]
        return chosen


def _joined(delimiter: str, parts: list[Value]) -> Value:
    if all(is_known(part) for part in parts):
        return delimiter.join(text(part) for part in parts)
    return Join(delimiter, tuple(parts))

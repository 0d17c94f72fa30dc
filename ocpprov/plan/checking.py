"""One checker for every table of properties: those of AWS types, and those of the plan's own sections."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from ocpprov.engine.kind_facts import Property
from ocpprov.engine.values import GetAtt, Join, Ref, Select, Value, text
from ocpprov.plan.intrinsics.evaluator import function_of, to_node
from ocpprov.plan.intrinsics.protocols import Evaluator
from ocpprov.plan.intrinsics.symbols import Evaluated, Failed, NoValue
from ocpprov.plan.nodes import Node
from ocpprov.plan.problems import PlanError, likely

_IN_WORDS: Final = {
    "string": "a string",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "list": "a list",
    "map": "a mapping",
    "object": "a mapping",
    "json": "a document",
}
_DOMAIN: Final = re.compile(r"(\*\.|_)?([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.)*[A-Za-z0-9-]{1,63}\.?")
_NEVER_TEXTS: Final = ("list", "map", "object", "boolean", "integer", "number")


class Checker:
    """Checks nodes against rows and gives their values. With an evaluator, functions are allowed; errors of both are
    in `errors`."""

    def __init__(self, evaluator: Evaluator | None = None) -> None:
        self._evaluator = evaluator
        self.errors: list[PlanError] = evaluator.errors if evaluator else []

    def members(
        self,
        node: Node,
        rows: Sequence[Property],
        path: str,
        unsupported: Mapping[str, str] | None = None,
        beside: Sequence[str] = (),
    ) -> dict[str, Any]:
        """The values of a mapping whose members the rows describe. `unsupported` are keys with the reason why not,
        `beside` keys that are known and that somebody else reads."""
        mapping = node.mapping()
        if mapping is None:
            self._wrong(node, path, f"expected a mapping, got {node.what()}")
            return {}
        known = {row.name: row for row in rows}
        values: dict[str, Any] = {}
        for key, inner in mapping.items():
            where = f"{path}.{key}" if path else key
            if key in known:
                value = self.value(inner, known[key], where)
                if not isinstance(value, NoValue):
                    values[key] = value
            elif unsupported and key in unsupported:
                self.errors.append(PlanError(node.keys[key], where, unsupported[key]))
            else:
                words = sorted({*known, *beside})
                hint = likely(key, words) or f"known keys: {', '.join(words)}"
                self.errors.append(PlanError(node.keys[key], where, f"unknown key {key}", hint))
        for row in rows:
            if row.required and row.name not in values:
                self._wrong(node, f"{path}.{row.name}" if path else row.name, "is missing", row.documentation)
        return values

    def value(self, node: Node, row: Property, path: str) -> Any:
        """The value of one node as its row wants it: NoValue for `AWS::NoValue`, None where it is wrong."""
        if self._evaluator is None or not function_of(node):
            return self._written(node, row, path)
        chosen = self._evaluator.select_branch(node, path)
        if chosen is None or not function_of(chosen):
            return None if chosen is None else self._written(chosen, row, path)
        given: Evaluated = self._evaluator.evaluate(chosen, path)
        match given:
            case Failed():
                return None
            case NoValue():
                return given
            case Ref() | GetAtt() | Join() | Select():
                return self._expression(given, node, row, path)
        return self._written(to_node(given, chosen.position), row, path)

    def _expression(self, value: Value, node: Node, row: Property, path: str) -> Any:
        """An attribute may be of any type; an id and a joined text are texts."""
        if isinstance(value, Ref | Join) and row.type in _NEVER_TEXTS:
            hint = "put it in brackets" if row.type == "list" else ""
            return self._wrong(node, path, f"expected {_IN_WORDS[row.type]}, got a single string", hint)
        return value

    def _written(self, node: Node, row: Property, path: str) -> Any:
        if row.type == "json":
            return self._document(node, path)
        if row.type == "object":
            return self.members(node, row.properties, path)
        if row.type == "map":
            return self._map(node, row, path)
        if row.type == "list":
            return self._list(node, row, path)
        if node.mapping() is not None or node.items() is not None or node.value is None:
            return self._wrong(node, path, f"expected {_IN_WORDS[row.type]}, got {node.what()}")
        return self._scalar(node.value, node, row, path)  # type: ignore[arg-type]

    def _document(self, node: Node, path: str) -> Any:
        value = self._evaluator.evaluate(node, path) if self._evaluator else node.plain()
        return None if isinstance(value, Failed) else value

    def _wrong(self, node: Node, path: str, message: str, hint: str = "") -> None:
        self.errors.append(PlanError(node.position, path, message, hint))

    def _map(self, node: Node, row: Property, path: str) -> Any:
        mapping = node.mapping()
        if mapping is None:
            return self._wrong(node, path, f"expected a mapping, got {node.what()}")
        item = row.items or Property("value", "string")
        return {key: self.value(inner, item, f"{path}.{key}") for key, inner in mapping.items()}

    def _list(self, node: Node, row: Property, path: str) -> Any:
        items = node.items()
        if items is None:
            return self._wrong(node, path, f"expected a list, got {node.what()}")
        item = row.items or Property("item", "string")
        values = [self.value(inner, item, f"{path}[{number}]") for number, inner in enumerate(items)]
        return [value for value in values if not isinstance(value, NoValue)]

    def _scalar(self, value: Value, node: Node, row: Property, path: str) -> Any:
        """CloudFormation's leniency: a number may be written as text and the other way round."""
        converted: Value = None
        match row.type, value:
            case "string", float():
                written = node.written or str(value)
                return self._wrong(node, path, f"{written} is read as a number", f'write it in quotes: "{written}"')
            case "string", str() | bool() | int():
                converted = text(value)
            case "integer", bool():
                converted = None
            case "integer", int():
                converted = value
            case "integer", str() if re.fullmatch(r"-?[0-9]{1,18}", value):
                converted = int(value)
            case "number", int() | float():
                converted = value
            case "boolean", bool():
                converted = value
            case "boolean", str() if value in ("true", "false"):
                converted = value == "true"
        if converted is None:
            return self._wrong(node, path, f"{value!r} is not {_IN_WORDS[row.type]}")
        problem = _problem(converted, row)
        if problem:
            return self._wrong(node, path, *problem)
        return converted


def _problem(value: Value, row: Property) -> tuple[str, str] | None:
    """What is wrong with a scalar of the right type, and a hint."""
    if row.allowed and value not in row.allowed:
        words = [text(item) for item in row.allowed]
        return f"{text(value)} is not one of {', '.join(words)}", likely(text(value), words)
    if row.pattern and not re.fullmatch(row.pattern, text(value)):
        # An address may have a password in it.
        shown = text(value).rpartition("@")[2] if row.pattern.startswith("http") else text(value)
        return f"invalid value {shown!r}", row.documentation
    if row.longest is not None and isinstance(value, str) and len(value) > row.longest:
        return f"{len(value)} characters are too many", f"at most {row.longest}"
    if isinstance(value, int | float) and not isinstance(value, bool):
        low, high = row.minimum, row.maximum
        if (low is not None and value < low) or (high is not None and value > high):
            return f"{value} is out of range", f"{low} to {high}"
    if row.format == "cidr":
        return cidr_problem(text(value))
    if row.format == "ipv4":
        return None if _address(text(value)) else (f"{text(value)!r} is not an IPv4 address", "write it as 10.0.0.5")
    if row.format == "domain" and not _DOMAIN.fullmatch(text(value)):
        return f"{text(value)!r} is not a domain name", "labels of letters, digits and hyphens, with dots between"
    return None


def cidr_problem(value: str) -> tuple[str, str] | None:
    """What is wrong with an IPv4 block."""
    try:
        network = ipaddress.ip_network(value, strict=False)
    except ValueError:
        return f"{value!r} is not a CIDR block", "write it as 10.0.0.0/16"
    if network.version != 4:
        return f"{value} is IPv6: IPv4 only is made here", "leave it out, or write a block such as 10.0.0.0/16"
    if "/" not in value:
        return f"{value!r} has no prefix length", f"write {value}/32 for one address"
    if str(network) != value:
        return f"{value} has host bits set", f"the block is {network}"
    return None


def block_size_problem(block: ipaddress.IPv4Network) -> tuple[str, str] | None:
    """What is wrong with the size of a block for a VPC or a subnet."""
    if 16 <= block.prefixlen <= 28:
        return None
    return f"{block} has a /{block.prefixlen}", "/16 to /28, as AWS allows"


def _address(value: str) -> bool:
    try:
        ipaddress.IPv4Address(value)
    except ValueError:
        return False
    return True

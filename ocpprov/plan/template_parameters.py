"""The `Parameters` of a template: their declarations, and the values from the command line or the defaults."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from ocpprov.engine.kind_facts import Property
from ocpprov.engine.resources import Position
from ocpprov.engine.values import Value, text
from ocpprov.plan.checking import Checker
from ocpprov.plan.nodes import Node
from ocpprov.plan.problems import PlanError, likely

_SCALAR: Final = Property("value", "json")
_ROWS: Final = (
    Property(
        "Type", "string", required=True,
        pattern=r"String|Number|CommaDelimitedList|(List<)?(Number|AWS::(EC2|Route53)::[A-Za-z0-9:]+)>?",
        documentation="String, Number, CommaDelimitedList, or a type such as AWS::EC2::VPC::Id",
    ),
    Property("Default", "json"),
    Property("Description", "string"),
    Property("AllowedPattern", "string"),
    Property("AllowedValues", "list", items=_SCALAR),
    Property("MinLength", "integer", minimum=0),
    Property("MaxLength", "integer", minimum=0),
    Property("MinValue", "number"),
    Property("MaxValue", "number"),
    Property("ConstraintDescription", "string"),
    Property("NoEcho", "boolean"),
)  # fmt: skip
_NUMBER: Final = re.compile(r"[-+]?[0-9]{1,18}(\.[0-9]{1,18})?")


def read_parameters(node: Node | None, given: Mapping[str, str], checker: Checker) -> dict[str, Value]:
    """The value of each declared parameter, None where it has none. Errors go to the checker."""
    if node is None:
        return {}
    mapping = node.mapping()
    if mapping is None:
        checker.errors.append(PlanError(node.position, "Parameters", f"expected a mapping, got {node.what()}"))
        return {}
    return {name: _value(name, inner, given, checker) for name, inner in mapping.items()}


def unknown_parameters(given: Mapping[str, str], declared: Mapping[str, Value], place: Position) -> Iterator[PlanError]:
    """An error for each parameter on the command line that the plan doesn't declare."""
    for name in given:
        if name not in declared:
            hint = likely(name, declared) or "the plan declares no such parameter"
            yield PlanError(place, "Parameters", f"--parameter {name}: unknown parameter", hint)


def _value(name: str, node: Node, given: Mapping[str, str], checker: Checker) -> Value:
    path = f"Parameters.{name}"
    row = checker.members(node, _ROWS, path)
    default = row.get("Default")
    members = node.mapping() or {}
    if isinstance(default, list | dict) or ("Default" in members and default is None):
        message = f"expected a string or a number, got {members['Default'].what()}"
        checker.errors.append(PlanError(members["Default"].position, f"{path}.Default", message))
        return None
    if name not in given and default is None:
        return None
    value = given.get(name, text(default))
    place = node if name in given else members.get("Default", node)
    shown = "the value" if row.get("NoEcho") else repr(value)
    is_list = "List" in str(row.get("Type"))
    parts = [part.strip() for part in value.split(",")] if is_list else [value]
    for part in parts:
        for message in _problems(part, row, checker, members, path):
            where = f"--parameter {name}: " if name in given else ""
            hint = row.get("ConstraintDescription") or ""
            checker.errors.append(PlanError(place.position, path, f"{where}{shown} {message}", hint))
    return list(parts) if is_list else value


def _problems(
    value: str, row: Mapping[str, Any], checker: Checker, members: Mapping[str, Node], path: str
) -> Iterator[str]:
    """What is wrong with one value, worded to follow it."""
    allowed = [text(item) for item in row.get("AllowedValues") or ()]
    if allowed and value not in allowed:
        yield f"is not one of {', '.join(allowed)}"
    if pattern := row.get("AllowedPattern"):
        try:
            if not re.fullmatch(pattern, value):
                yield f"does not fit {pattern}"
        except re.error as error:
            place = members["AllowedPattern"].position
            checker.errors.append(
                PlanError(place, f"{path}.AllowedPattern", f"is not a valid regular expression: {error.msg}")
            )
    shortest, longest = row.get("MinLength"), row.get("MaxLength")
    if (shortest is not None and len(value) < shortest) or (longest is not None and len(value) > longest):
        yield f"has {len(value)} characters; {_range(shortest, longest)} are allowed"
    if "Number" in str(row.get("Type")):
        least, most = row.get("MinValue"), row.get("MaxValue")
        if not _NUMBER.fullmatch(value):
            yield "is not a number"
        elif (least is not None and float(value) < least) or (most is not None and float(value) > most):
            yield f"is out of range; {_range(least, most)} is allowed"


def _range(least: float | None, most: float | None) -> str:
    if least is None:
        return f"at most {most}"
    return f"at least {least}" if most is None else f"{least} to {most}"

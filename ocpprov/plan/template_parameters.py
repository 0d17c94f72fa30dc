"""The `Parameters` of a template: their declarations, and the values from the command line or the defaults."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ocpprov.engine.kind_facts import Property
from ocpprov.engine.resources import Position
from ocpprov.engine.secret_texts import LEFT_OUT, MASK
from ocpprov.engine.values import Value, text
from ocpprov.plan.allowed_patterns import SECONDS, Fit, Invalid, Pair, Verdict, judged
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
    found = {name: _parameter(name, inner, given, checker) for name, inner in mapping.items()}
    pairs = [(one.pattern, part) for one in found.values() for part in one.parts if one.pattern]
    fits = judged(list(dict.fromkeys(pairs)))
    for one in found.values():
        _check(one, fits, checker)
    return {name: one.value for name, one in found.items()}


def secret_parameters(node: Node | None, values: Mapping[str, Value]) -> dict[str, Sequence[str]]:
    """The parameters with NoEcho, and the texts of each that mustn't be shown: its value, and the parts of a list."""
    declared = (node.mapping() or {}) if node else {}
    found: dict[str, Sequence[str]] = {}
    for name, inner in declared.items():
        if _is_secret((inner.mapping() or {}).get("NoEcho")):
            value = values.get(name)
            parts = [str(part) for part in value] if isinstance(value, list) else [str(value or "")]
            found[name] = [part for part in parts if part]
    return found


def _is_secret(node: Node | None) -> bool:
    """Whatever may mean so: a mistake in it is told of, too."""
    return node is not None and node.value not in (False, "false", "False")


def unknown_parameters(given: Mapping[str, str], declared: Mapping[str, Value], place: Position) -> Iterator[PlanError]:
    """An error for each parameter on the command line that the plan doesn't declare."""
    for name in given:
        if name not in declared:
            hint = likely(name, declared) or "the plan declares no such parameter"
            yield PlanError(place, "Parameters", f"--parameter {name}: unknown parameter", hint)


@dataclass(frozen=True)
class _Parameter:
    """A declaration and its value: None where it has none. `given`: it is from the command line."""

    path: str
    row: Mapping[str, Any]
    members: Mapping[str, Node]
    place: Position
    value: Value = None
    given: bool = False

    @property
    def parts(self) -> Sequence[str]:
        """What has to fit, each for itself."""
        if self.value is None:
            return ()
        return [str(part) for part in self.value] if isinstance(self.value, list) else [str(self.value)]

    @property
    def pattern(self) -> str:
        return str(self.row.get("AllowedPattern") or "")


def _parameter(name: str, node: Node, given: Mapping[str, str], checker: Checker) -> _Parameter:
    path = f"Parameters.{name}"
    row = checker.members(node, _ROWS, path)
    default = row.get("Default")
    members = node.mapping() or {}
    if isinstance(default, list | dict) or ("Default" in members and default is None):
        message = f"expected a string or a number, got {members['Default'].what()}"
        checker.errors.append(PlanError(members["Default"].position, f"{path}.Default", message))
        return _Parameter(path, row, members, node.position)
    if name not in given and default is None:
        return _Parameter(path, row, members, node.position)
    value = given.get(name, text(default))
    place = node if name in given else members.get("Default", node)
    is_list = "List" in str(row.get("Type"))
    parts: Value = [part.strip() for part in value.split(",")] if is_list else value
    return _Parameter(path, row, members, place.position, parts, name in given)


def _check(one: _Parameter, fits: Mapping[Pair, Verdict], checker: Checker) -> None:
    """Put down what is wrong with the value."""
    written = ",".join(one.parts) if isinstance(one.value, list) else str(one.value)
    shown = "the value" if one.row.get("NoEcho") else repr(written)
    where = f"--parameter {one.path.partition('.')[2]}: " if one.given else ""
    hint = one.row.get("ConstraintDescription") or ""
    if one.given and one.row.get("NoEcho") and written in (MASK, LEFT_OUT):
        message = f"{where}{written} only stands for the value where that isn't shown"
        checker.errors.append(PlanError(one.place, one.path, message, "give the value itself"))
    for part in one.parts:
        for message in (*_fitting(part, one, fits, checker), *_problems(part, one.row)):
            checker.errors.append(PlanError(one.place, one.path, f"{where}{shown} {message}", hint))


def _fitting(value: str, one: _Parameter, fits: Mapping[Pair, Verdict], checker: Checker) -> Iterator[str]:
    """What is wrong with a value by its pattern, worded to follow it; what is with the pattern goes to the checker."""
    if not one.pattern:
        return
    match fits[one.pattern, value]:
        case Fit.DIFFERS:
            yield f"does not fit {one.pattern}"
        case Fit.TOO_SLOW:
            message = f"takes longer than {SECONDS} s to hold against the value"
            hint = "write it without a repetition inside a repetition"
            place = one.members["AllowedPattern"].position
            checker.errors.append(PlanError(place, f"{one.path}.AllowedPattern", message, hint))
        case Invalid(reason=reason):
            message = f"is not a valid regular expression: {reason}"
            place = one.members["AllowedPattern"].position
            checker.errors.append(PlanError(place, f"{one.path}.AllowedPattern", message))


def _problems(value: str, row: Mapping[str, Any]) -> Iterator[str]:
    """What else is wrong with one value, worded to follow it."""
    allowed = [text(item) for item in row.get("AllowedValues") or ()]
    if allowed and value not in allowed:
        yield f"is not one of {', '.join(allowed)}"
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

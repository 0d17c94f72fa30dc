"""What a policy of IAM allows: as much of its grammar as the policies of the sandbox's users need."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Final

Context = Mapping[str, str | tuple[str, ...]]
"""Condition keys and their values; several where AWS documents the key as an array."""


@dataclass(frozen=True)
class RequiredAction:
    """One thing that a call must be allowed: an action on a resource, in the context of condition keys."""

    action: str
    resource: str = "*"
    context: Context = field(default_factory=dict)


def is_policy(document: Any) -> bool:
    """Whether it can be read here: statements that allow or deny actions on resources, under known conditions."""
    if not isinstance(document, Mapping) or not isinstance(document.get("Statement"), list):
        return not document and isinstance(document, Mapping)
    return all(
        isinstance(statement, Mapping)
        and statement.get("Effect") in ("Allow", "Deny")
        and {"Action", "Resource"} <= set(statement)
        and all(_plain(operator) in (*_OPERATORS, _NULL) for operator in statement.get("Condition", ()))
        for statement in document["Statement"]
    )


def allows(document: Mapping[str, Any], required: RequiredAction) -> bool:
    """Whether some statement allows it and none denies it."""
    effects = {statement["Effect"] for statement in document["Statement"] if _matches(statement, required)}
    return effects == {"Allow"}


def _matches(statement: Mapping[str, Any], required: RequiredAction) -> bool:
    return (
        any(_like(required.action.lower(), pattern.lower()) for pattern in _listed(statement["Action"]))
        and any(_covers(pattern, required.resource) for pattern in _listed(statement["Resource"]))
        and all(
            _holds(operator, required.context.get(key), _listed(values))
            for operator, wanted in statement.get("Condition", {}).items()
            for key, values in wanted.items()
        )
    )


def _holds(operator: str, value: str | tuple[str, ...] | None, wanted: Iterable[str]) -> bool:
    """A condition on one key (IAM's user guide, condition operators and set operators): a key that isn't in the request
    fits none, but one that ends in `IfExists`, and all of nothing are what anybody asks for."""
    name = _plain(operator)
    present = () if value is None else (value,) if isinstance(value, str) else value
    if name == _NULL:
        return str(not present).lower() in wanted
    if not present and (operator.endswith(_IF_EXISTS) or operator.startswith(_ALL)):
        return True
    fits = (any(_OPERATORS[name](each, pattern) for pattern in wanted) for each in present)
    return all(fits) if operator.startswith(_ALL) else any(fits)


def _plain(operator: str) -> str:
    return operator.removeprefix(_ALL).removeprefix(_ANY).removesuffix(_IF_EXISTS)


def _covers(pattern: str, resource: str) -> bool:
    """A call that is about no resource in particular needs all of them."""
    return pattern == "*" if resource == "*" else _like(resource, pattern)


def _like(value: str, pattern: str) -> bool:
    """`*` and `?` alone are special in IAM."""
    return fnmatchcase(value, pattern.replace("[", "[[]"))


def _arn_like(value: str, pattern: str) -> bool:
    """Each of the six parts of an ARN for itself."""
    parts, patterns = value.split(":", 5), pattern.split(":", 5)
    return len(parts) == len(patterns) and all(map(_like, parts, patterns))


def _listed(value: str | Sequence[str]) -> Sequence[str]:
    return [value] if isinstance(value, str) else value


_NULL: Final = "Null"
_ALL: Final = "ForAllValues:"
_ANY: Final = "ForAnyValue:"
_IF_EXISTS: Final = "IfExists"
_OPERATORS: Final[Mapping[str, Callable[[str, str], bool]]] = {
    "ArnEquals": _arn_like,
    "ArnLike": _arn_like,
    "StringEquals": lambda value, wanted: value == wanted,
    "StringLike": _like,
}

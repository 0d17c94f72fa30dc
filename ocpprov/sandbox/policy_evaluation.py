"""What a policy of IAM allows: as much of its grammar as the policies of the sandbox's users need."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Final


@dataclass(frozen=True)
class RequiredAction:
    """One thing that a call must be allowed: an action on a resource. `context` are condition keys and their values;
    a key that isn't there fits no condition."""

    action: str
    resource: str = "*"
    context: Mapping[str, str] = field(default_factory=dict)


_OPERATORS: Final[Mapping[str, Callable[[str, str], bool]]] = {
    "StringEquals": lambda value, wanted: value == wanted,
    "StringLike": fnmatchcase,
}


def is_policy(document: Any) -> bool:
    """Whether it can be read here: statements that allow or deny actions on resources, under known conditions."""
    if not isinstance(document, Mapping) or not isinstance(document.get("Statement"), list):
        return not document and isinstance(document, Mapping)
    return all(
        isinstance(statement, Mapping)
        and statement.get("Effect") in ("Allow", "Deny")
        and {"Action", "Resource"} <= set(statement)
        and set(statement.get("Condition", ())) <= set(_OPERATORS)
        for statement in document["Statement"]
    )


def allows(document: Mapping[str, Any], required: RequiredAction) -> bool:
    """Whether some statement allows it and none denies it."""
    effects = {statement["Effect"] for statement in document["Statement"] if _matches(statement, required)}
    return effects == {"Allow"}


def _matches(statement: Mapping[str, Any], required: RequiredAction) -> bool:
    return (
        any(fnmatchcase(required.action.lower(), pattern.lower()) for pattern in _listed(statement["Action"]))
        and any(_covers(pattern, required.resource) for pattern in _listed(statement["Resource"]))
        and all(
            any(
                key in required.context and _OPERATORS[operator](required.context[key], value)
                for value in _listed(values)
            )
            for operator, wanted in statement.get("Condition", {}).items()
            for key, values in wanted.items()
        )
    )


def _covers(pattern: str, resource: str) -> bool:
    """A call that is about no resource in particular needs all of them."""
    return pattern == "*" if resource == "*" else fnmatchcase(resource, pattern)


def _listed(value: str | Sequence[str]) -> Iterable[str]:
    return [value] if isinstance(value, str) else value

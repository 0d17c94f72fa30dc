"""Single permissions, and how they come together as the statements of a policy of IAM."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Statement = Mapping[str, Any]
Condition = tuple[tuple[str, str, tuple[str, ...]], ...]
"""Operator, key and values, each of which has to hold: `(("StringEquals", "aws:RequestedRegion", ("eu-west-1",)),)`."""


@dataclass(frozen=True)
class Grant:
    """One action on some resources (patterns of ARNs, or `*`), under a condition. Those of one `sid` that have the same
    resources become one statement."""

    sid: str
    action: str
    resources: frozenset[str]
    condition: Condition = ()


def equals(key: str, *values: str) -> Condition:
    """That a key has one of the values."""
    return (("StringEquals", key, values),)


def statements(grants: Iterable[Grant]) -> list[Statement]:
    """The statements, in the order in which their sids first come."""
    gathered: dict[tuple[str, Condition], dict[str, set[str]]] = {}
    for grant in grants:
        actions = gathered.setdefault((grant.sid, grant.condition), {})
        actions.setdefault(grant.action, set()).update(grant.resources)
    found: list[Statement] = []
    used: dict[str, int] = {}
    for (sid, condition), actions in gathered.items():
        alike: dict[tuple[str, ...], list[str]] = {}
        for action, resources in sorted(actions.items()):
            alike.setdefault(_least(resources), []).append(action)
        for resources_, together in alike.items():
            used[sid] = used.get(sid, 0) + 1
            number = str(used[sid]) if used[sid] > 1 else ""
            found.append(_statement(f"{sid}{number}", together, resources_, condition))
    return found


def _least(resources: set[str]) -> tuple[str, ...]:
    return ("*",) if "*" in resources else tuple(sorted(resources))


def _statement(sid: str, actions: Sequence[str], resources: Sequence[str], condition: Condition) -> Statement:
    found: dict[str, Any] = {"Sid": sid, "Effect": "Allow", "Action": list(actions), "Resource": _one_or_all(resources)}
    if condition:
        operators: dict[str, dict[str, Any]] = {}
        for operator, key, values in condition:
            operators.setdefault(operator, {})[key] = _one_or_all(values)
        found["Condition"] = operators
    return found


def _one_or_all(values: Sequence[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else list(values)

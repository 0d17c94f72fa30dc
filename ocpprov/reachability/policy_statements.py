"""Policies of IAM's language as values: what their statements say, as far as it is known before anything exists."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ocpprov.engine.values import Ref

Text = str | None
"""None: a value that only AWS knows."""


@dataclass(frozen=True)
class Condition:
    """One key under one operator; any of the values is enough. `key` is in lower case: case doesn't matter to IAM."""

    operator: str
    key: str
    values: Sequence[Text]


@dataclass(frozen=True)
class Elements:
    """Patterns of an element, or with `excepted` of its Not form: what it takes is all but those."""

    patterns: Sequence[Text]
    excepted: bool = False


@dataclass(frozen=True)
class Statement:
    """`name` is what a reader finds it by: its Sid, or its number from one. `principals` are those of AWS: accounts,
    roles, users; those of services are none of a cluster's."""

    name: str
    allow: bool
    principals: Elements
    actions: Elements
    resources: Elements
    conditions: Sequence[Condition] = ()


@dataclass(frozen=True)
class Policy:
    """Its statements in their order. A policy that denies by one of them denies whatever another one allows."""

    statements: Sequence[Statement] = ()


_ANYBODY: Final = Elements(("*",))
FULL_ACCESS: Final = Policy((Statement("statement 1", True, _ANYBODY, _ANYBODY, _ANYBODY),))
"""What AWS gives an endpoint without a policy of its own."""


def policy_of(document: Any) -> Policy:
    """From a document, as text or as data. Raises ValueError where it is none."""
    try:
        known = json.loads(document) if isinstance(document, str) else document
        listed = known["Statement"]
        statements = [listed] if isinstance(listed, Mapping) else listed
        return Policy(tuple(_statement(number, each) for number, each in enumerate(statements, start=1)))
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"this is no policy: {error!r}") from error


def _statement(number: int, known: Mapping[str, Any]) -> Statement:
    sid = known.get("Sid")
    name = f"statement {sid}" if isinstance(sid, str) and sid else f"statement {number}"
    if known["Effect"] not in ("Allow", "Deny"):
        raise ValueError(f"{name} has the effect {known['Effect']!r}")
    return Statement(
        name,
        known["Effect"] == "Allow",
        _elements(known, "Principal"),
        _elements(known, "Action"),
        _elements(known, "Resource"),
        tuple(_conditions(known.get("Condition") or {})),
    )


def _elements(known: Mapping[str, Any], name: str) -> Elements:
    excepted = name not in known
    found = known[f"Not{name}" if excepted else name]
    if isinstance(found, Mapping) and name == "Principal":
        found = found.get("AWS", ())
    return Elements(tuple(_texts(found)), excepted)


def _conditions(known: Mapping[str, Any]) -> Iterator[Condition]:
    for operator, keys in known.items():
        for key, values in keys.items():
            yield Condition(operator, key.lower(), tuple(_texts(values)))


def _texts(found: Any) -> Iterator[Text]:
    for each in found if isinstance(found, Sequence) and not isinstance(found, str) else (found,):
        match each:
            case bool():
                yield str(each).lower()
            case str() | int():
                yield str(each)
            case Ref(logical_id=id):
                yield id
            case _:
                yield None

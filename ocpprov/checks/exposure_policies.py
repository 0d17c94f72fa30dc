"""Statements of policies as an auditor reads them: whom they give what, and under which conditions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

EVERYBODY: Final = "everybody"
_MOST: Final = 4
"""Actions, or resources, that are told of one statement."""
_ACCOUNT: Final = re.compile(r"\d{12}")
_OWN_CALLERS: Final = ("aws:principalaccount", "aws:sourceaccount")
"""Keys that hold a statement to callers of the account that they name (IAM user guide, "AWS global condition context
keys")."""
_EQUALS: Final = ("StringEquals", "StringEqualsIgnoreCase", "StringLike")


Statement = Mapping[str, Any]


def statements(document: Any) -> list[Statement]:
    """Those of a policy in the one form that answers have here; none of what is no policy."""
    listed = document.get("Statement", ()) if isinstance(document, Mapping) else ()
    return [each for each in texts(listed) if isinstance(each, Mapping)]


def texts(value: Any) -> list[Any]:
    """The items of a list, or the only one."""
    if value is None:
        return []
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else [value]


def allows(statement: Statement) -> bool:
    """Whether it gives something."""
    return statement.get("Effect") == "Allow"


def name(statement: Statement, number: int) -> str:
    """What a reader finds it by: its Sid, or its number from one."""
    sid = statement.get("Sid")
    return f"statement {sid}" if isinstance(sid, str) and sid else f"statement {number}"


def strangers(statement: Statement, account: str, known: Sequence[str] = ()) -> list[str]:
    """Who of those to whom a statement gives something isn't of the account (empty: whoever it is), nor one of the
    known, in words. None where a condition holds it to the account itself."""
    if not allows(statement) or account in _held_to(statement):
        return []
    if "NotPrincipal" in statement:
        return [f"{EVERYBODY} but {_few(list(_principals(statement['NotPrincipal'])))}"]
    found = (each for each in _principals(statement.get("Principal")) if each not in known)
    others = (each for each in found if not account or _account_of(each) != account)
    return list(dict.fromkeys(EVERYBODY if each == "*" else each for each in others))


def _principals(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for who in value.values():
            yield from map(str, texts(who))
    else:
        yield from map(str, texts(value))


def _account_of(principal: str) -> str:
    """Of an ARN, or a number; empty of services, identity providers and everybody."""
    if _ACCOUNT.fullmatch(principal):
        return principal
    parts = principal.split(":")
    return parts[4] if len(parts) > 5 and parts[2] in ("iam", "sts") else ""


def _held_to(statement: Statement) -> frozenset[str]:
    """The accounts that a condition names; each of one list is enough, so that only a single one holds."""
    return frozenset(
        str(values[0])
        for operator, key, values in _conditions(statement)
        if operator in _EQUALS and key.lower() in _OWN_CALLERS and len(values) == 1
    )


def _conditions(statement: Statement) -> Iterator[tuple[str, str, Sequence[Any]]]:
    """Operator, key and values of each comparison."""
    operators = statement.get("Condition")
    for operator, keys in operators.items() if isinstance(operators, Mapping) else ():
        for key, values in keys.items() if isinstance(keys, Mapping) else ():
            yield operator, key, texts(values)


def may(statement: Statement) -> str:
    """What it gives: `s3:GetObject on arn:aws:s3:::bucket/*, where aws:SourceIp is …`."""
    actions = _element(statement, "Action", "every action")
    resources = _element(statement, "Resource", "everything") if _has(statement, "Resource") else ""
    return f"{actions}{f' on {resources}' if resources else ''}{conditions(statement)}"


def conditions(statement: Statement) -> str:
    """The keys that its conditions ask about, as the end of a sentence; empty without any."""
    keys = [key for _, key, _ in _conditions(statement)]
    return f", under conditions on {_few(list(dict.fromkeys(keys)))}" if keys else ""


def _has(statement: Statement, element: str) -> bool:
    return element in statement or f"Not{element}" in statement


def _element(statement: Statement, element: str, everything: str) -> str:
    if element in statement:
        listed = [str(each) for each in texts(statement[element])]
        return everything if "*" in listed else _few(listed)
    return f"{everything} but {_few([str(each) for each in texts(statement.get(f'Not{element}'))])}"


def _few(items: Sequence[str]) -> str:
    more = f" and {len(items) - _MOST} more" if len(items) > _MOST else ""
    return ", ".join(items[:_MOST]) + more

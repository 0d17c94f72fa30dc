"""Policies judged call by call on the document itself, by plain iteration: slow, and of no use where anything isn't
known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def fits(pattern: str, text: str) -> bool:
    if not pattern:
        return not text
    if pattern[0] == "*":
        return fits(pattern[1:], text) or (text != "" and fits(pattern, text[1:]))
    return text != "" and pattern[0] in ("?", text[0]) and fits(pattern[1:], text[1:])


def listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def is_about(statement: Mapping[str, Any], action: str, resource: str, context: Mapping[str, str]) -> bool:
    """Of a statement for everybody."""
    if "Action" in statement and not any(fits(each.lower(), action.lower()) for each in listed(statement["Action"])):
        return False
    if "NotAction" in statement and any(fits(each.lower(), action.lower()) for each in listed(statement["NotAction"])):
        return False
    if "Resource" in statement and not any(fits(each, resource) for each in listed(statement["Resource"])):
        return False
    if "NotResource" in statement and any(fits(each, resource) for each in listed(statement["NotResource"])):
        return False
    for operator, keys in statement.get("Condition", {}).items():
        for key, values in keys.items():
            if not is_met(operator, key.lower(), listed(values), context):
                return False
    return True


def is_met(operator: str, key: str, values: list[str], context: Mapping[str, str]) -> bool:
    if operator == "Null":
        return any(each == ("false" if key in context else "true") for each in values)
    optional = operator.endswith("IfExists")
    name = operator[: -len("IfExists")] if optional else operator
    negative = "Not" in name
    if key not in context:
        return optional or negative
    found = context[key]
    if name in ("StringEquals", "StringNotEquals"):
        hit = found in values
    elif name in ("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "Bool"):
        hit = found.lower() in [each.lower() for each in values]
    else:
        hit = any(fits(each, found) for each in values)
    return not hit if negative else hit


def lets_through(document: Mapping[str, Any], action: str, resource: str, context: Mapping[str, str]) -> bool:
    effects = [each["Effect"] for each in listed(document["Statement"]) if is_about(each, action, resource, context)]
    return "Allow" in effects and "Deny" not in effects

"""Policy documents in one form, so that those with the same meaning are equal.

AWS keeps a policy's meaning and not always its letters: one item in a list may come back without the list, numbers and
booleans in conditions as text, an account's root user as the account's number (IAM User Guide, "Grammar of the IAM JSON
policy language" and "AWS JSON policy elements: Principal").
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from ocpprov.engine.values import Value, text

_LISTS: Final = ("Action", "NotAction", "Resource", "NotResource")
_PRINCIPALS: Final = ("Principal", "NotPrincipal")
_ROOT: Final = re.compile(r"arn:[^:]+:iam::(\d{12}):root")


def document(value: Any) -> Value:
    """A policy from a plan or an answer, a document or its text, in the one form. Text that isn't JSON stays: AWS says
    what is wrong with it."""
    read: Value = _loaded(value) if isinstance(value, str) else value
    if not isinstance(read, Mapping) or "Statement" not in read:
        return read
    return {**read, "Statement": [_statement(each) for each in _items(read["Statement"])]}


def document_text(value: Any) -> str:
    """A policy as the API takes it."""
    return value if isinstance(value, str) else json.dumps(value)


def with_documents(properties: Mapping[str, Value], *names: str) -> Mapping[str, Value]:
    """The properties with their policies in the one form."""
    return {**properties, **{name: document(properties[name]) for name in names if name in properties}}


def _loaded(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _statement(statement: Value) -> Value:
    if not isinstance(statement, Mapping):
        return statement
    return {name: _element(name, value) for name, value in statement.items()}


def _element(name: str, value: Value) -> Value:
    if name in _LISTS:
        return _flat(value)
    if name in _PRINCIPALS and isinstance(value, Mapping):
        return {kind: _flat([_principal(each) for each in _items(who)]) for kind, who in value.items()}
    if name == "Condition" and isinstance(value, Mapping):
        return {operator: _comparison(keys) for operator, keys in value.items()}
    return value


def _comparison(keys: Value) -> Value:
    if not isinstance(keys, Mapping):
        return keys
    return {key: _flat([_condition_value(each) for each in _items(values)]) for key, values in keys.items()}


def _condition_value(value: Value) -> Value:
    return text(value) if isinstance(value, bool | int | float) else value


def _principal(value: Value) -> Value:
    root = _ROOT.fullmatch(value) if isinstance(value, str) else None
    return root[1] if root else value


def _flat(value: Value) -> Value:
    """A single item without its list; texts in order, as a policy's lists have none."""
    items = _items(value)
    if len(items) == 1:
        return items[0]
    return sorted(items, key=str) if all(isinstance(item, str) for item in items) else items


def _items(value: Value) -> list[Value]:
    """The items of a list, or the only one."""
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else [value]

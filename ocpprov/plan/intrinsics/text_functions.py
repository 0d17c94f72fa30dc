"""The intrinsic functions that put texts together and take them apart."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from typing import Final

from ocpprov.engine.values import GetAtt, Join, Ref, Select, Value
from ocpprov.plan.intrinsics.arguments import FROM_THE_PLAN, argument_of, arguments, is_text, join_values, type_name
from ocpprov.plan.intrinsics.protocols import Evaluator
from ocpprov.plan.intrinsics.symbols import FAILED, Evaluated, Failed
from ocpprov.plan.nodes import Node

_MOST_FAILED: Final = 20
"""Placeholders of one text that are told of when they are wrong."""
_PLACEHOLDER: Final = re.compile(r"\$\{(!?)([^}]*)\}")


def sub(evaluator: Evaluator, node: Node, path: str) -> Evaluated:
    """`Fn::Sub`: placeholders in a text, from the names or from its own mapping."""
    argument = argument_of(node)
    items = argument.items()
    template = argument if items is None else (items[0] if len(items) == 2 else None)
    own = items[1].mapping() if items and len(items) == 2 else {}
    if template is None or not isinstance(template.value, str) or own is None:
        return evaluator.report(argument, path, "Fn::Sub takes a string, or a list of a string and a mapping")
    parts: list[Value] = []
    last, failed = 0, 0
    for match in _placeholders(template.value):
        parts.append(template.value[last : match.start()])
        value = _placeholder(evaluator, match, own, template, path)
        if isinstance(value, Failed):
            failed += 1
            if failed == _MOST_FAILED:
                break
        else:
            parts.append(value)
        last = match.end()
    parts.append(template.value[last:])
    return FAILED if failed else join_values("", [part for part in parts if part != ""])


def _placeholders(text: str) -> Iterator[re.Match[str]]:
    """One after the other. Where nothing closes one there are no more: a pattern alone would look on from each."""
    end = 0
    while (start := text.find("${", end)) >= 0 and (end := text.find("}", start) + 1) > 0:
        if match := _PLACEHOLDER.match(text, start, end):
            yield match


def _placeholder(
    evaluator: Evaluator, match: re.Match[str], own: Mapping[str, Node], node: Node, path: str
) -> Value | Failed:
    literal, name = match[1], match[2].strip()
    if not name:
        return evaluator.report(
            node, path, f"{match[0]} is an empty placeholder", "write ${!Literal} for a literal ${Literal}"
        )
    if literal:
        return f"${{{name}}}"
    symbols = evaluator.symbols
    if name in own:
        value = evaluator.evaluate(own[name], path)
    elif name in symbols.names or name in symbols.missing or "." not in name:
        value = evaluator.resolve_name(name, node, path)
    else:
        head, _, tail = name.partition(".")
        value = evaluator.resolve_attribute(head, tail, node, path)
    if isinstance(value, Failed):
        return FAILED
    if not is_text(value):
        message = f"${{{name}}} is {type_name(value)}, which can't be part of a string"
        return evaluator.report(node, path, message, "use Fn::Join for a list" if isinstance(value, list) else "")
    return value  # type: ignore[return-value]


def join(evaluator: Evaluator, node: Node, path: str) -> Evaluated:
    """`Fn::Join`."""
    items = arguments(node, 2)
    if items is None or not isinstance(items[0].value, str):
        return evaluator.report(node, path, "Fn::Join takes a delimiter and a list")
    values = evaluator.evaluate(items[1], path)
    if isinstance(values, Failed):
        return FAILED
    if isinstance(values, GetAtt):
        return Join(items[0].value, (values,), of_list=True)
    if not isinstance(values, list):
        return evaluator.report(node, path, "Fn::Join takes a delimiter and a list")
    for number, value in enumerate(values):
        if not is_text(value):
            return evaluator.report(node, path, f"Fn::Join: item {number} is {type_name(value)}, not a string")
    return join_values(items[0].value, values)


def split(evaluator: Evaluator, node: Node, path: str) -> Evaluated:
    """`Fn::Split`, of a text that is known."""
    items = arguments(node, 2)
    if items is None or not isinstance(items[0].value, str) or not items[0].value:
        return evaluator.report(node, path, "Fn::Split takes a delimiter and a string")
    value = evaluator.evaluate(items[1], path)
    if isinstance(value, Failed):
        return FAILED
    if isinstance(value, Ref | GetAtt | Join | Select):
        return evaluator.report(node, path, "Fn::Split can't split this string", FROM_THE_PLAN)
    if not isinstance(value, str):
        return evaluator.report(node, path, f"Fn::Split takes a delimiter and a string, not {type_name(value)}")
    return value.split(items[0].value)


def encode(evaluator: Evaluator, node: Node, path: str) -> Evaluated:
    """`Fn::Base64`, of a text that is known."""
    value = evaluator.evaluate(argument_of(node), path)
    if isinstance(value, Failed):
        return FAILED
    if isinstance(value, Ref | GetAtt | Join | Select):
        return evaluator.report(node, path, "Fn::Base64 can't encode this string", FROM_THE_PLAN)
    if not isinstance(value, str):
        return evaluator.report(node, path, f"Fn::Base64 takes a string, not {type_name(value)}")
    return b64encode(value.encode()).decode("ascii")

"""What the functions of the template grammar share: their arguments, and words for what they get."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ocpprov.engine.values import GetAtt, Join, Ref, Select, Value, is_known, text
from ocpprov.plan.intrinsics.symbols import Evaluated, NoValue
from ocpprov.plan.nodes import Node

FROM_THE_PLAN: Final = "it must be known from the plan alone, not from a resource"


def argument_of(node: Node) -> Node:
    """What a function is called with."""
    (argument,) = (node.mapping() or {}).values()
    return argument


def arguments(node: Node, count: int) -> Sequence[Node] | None:
    """The arguments of a function that takes `count` of them; None where there are others."""
    items = argument_of(node).items()
    return items if items is not None and len(items) == count else None


def is_text(value: Evaluated) -> bool:
    """Whether a value can be a part of a text."""
    return isinstance(value, str | int | float | Ref | GetAtt | Join | Select)


def as_int(value: Evaluated) -> int | None:
    """A number that may be written as a text; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}", value) else None


def type_name(value: Evaluated) -> str:
    """What kind of value it is, in words."""
    match value:
        case None:
            return "nothing"
        case NoValue():
            return "AWS::NoValue"
        case list():
            return "a list"
        case dict():
            return "a mapping"
        case Ref() | GetAtt() | Join() | Select():
            return "a single string"
    return repr(value)


def join_values(delimiter: str, parts: list[Value]) -> Value:
    """The parts as one text, or a `Join` of them where one waits for a resource."""
    if all(is_known(part) for part in parts):
        return delimiter.join(text(part) for part in parts)
    return Join(delimiter, tuple(parts))

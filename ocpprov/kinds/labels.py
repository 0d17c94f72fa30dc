"""Logical ids for what a plan writes inside another resource: readable, and the same in every run. And what many of
them are called."""

from __future__ import annotations

from collections.abc import Sequence

from ocpprov.engine.values import GetAtt, Join, Ref, Select, Unknown, Value


def words(value: Value) -> str:
    """A value inside a label: a reference as the logical id that it names."""
    match value:
        case None:
            return ""
        case Ref(logical_id=name) | GetAtt(logical_id=name):
            return name
        case Join(delimiter=delimiter, parts=parts):
            return delimiter.join(words(part) for part in parts)
        case Select(index=index, values=values):
            return f"{words(values)}[{index}]"
        case Unknown(expression=expression):
            return words(expression)
        case str():
            return value
        case Sequence():
            return ",".join(words(item) for item in value)
        case _:
            return str(value)


def free_label(label: str, taken: set[str]) -> str:
    """The label, numbered when it is in `taken` already, and noted there."""
    number = 2
    free = label
    while free in taken:
        free = f"{label} ({number})"
        number += 1
    taken.add(free)
    return free


def number_of(count: int, noun: str) -> str:
    """`1 rule`, `25 rules`, `2 policies`, `3 NAT gateways`, `4 addresses`; `3 SharedTags` are several already."""
    if noun.endswith("y") and noun[-2:-1] not in "aeou":
        plural = f"{noun[:-1]}ies"
    elif noun.endswith("ss"):
        plural = f"{noun}es"
    else:
        plural = noun if noun.endswith("s") else f"{noun}s"
    return f"{count} {noun if count == 1 else plural}"

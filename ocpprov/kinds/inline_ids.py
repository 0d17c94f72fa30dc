"""Logical ids for what a plan writes inside another resource: readable, and the same in every run."""

from __future__ import annotations

from collections.abc import Sequence

from ocpprov.engine.values import GetAtt, Join, Ref, Select, Unknown, Value


def words(value: Value) -> str:
    """A value inside such an id: a reference as the logical id that it names."""
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


def free_id(id: str, taken: set[str]) -> str:
    """The id, numbered when it is in `taken` already, and noted there."""
    number = 2
    free = id
    while free in taken:
        free = f"{id} ({number})"
        number += 1
    taken.add(free)
    return free

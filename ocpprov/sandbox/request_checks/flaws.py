"""What is wrong with a request by its operation's model, which a client checks in part only: no client knows patterns,
words of an enumeration, or the most of anything."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from ocpprov.sandbox.request_checks.shapes import Shape
from ocpprov.sandbox.request_checks.values import Path, Said


class FlawSort(Enum):
    """How a service tells them apart."""

    MISSING = "missing"
    UNKNOWN = "unknown"
    INVALID = "invalid"


@dataclass(frozen=True)
class Flaw:
    """`value` is what stands there, as a text; `constraint` what the model asks of it, in the words that AWS has for
    that."""

    sort: FlawSort
    path: Path
    value: str = ""
    constraint: str = ""


_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,19}")
_NUMBER: Final = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_IS: Final[Mapping[str, Callable[[Any], bool]]] = {
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: type(value) is int or (isinstance(value, str) and bool(_WHOLE.fullmatch(value))),
    "float": lambda value: type(value) in (int, float) or (isinstance(value, str) and bool(_NUMBER.fullmatch(value))),
    "boolean": lambda value: isinstance(value, bool) or value in ("true", "false"),
    "structure": lambda value: isinstance(value, dict),
    "list": lambda value: isinstance(value, list),
}
_SAME: Final = {"long": "integer", "double": "float"}
# Of words that AWS documents and takes, though the model's enumeration lacks them: DescribeAccountAttributes' own list
# of attributes.
_ALSO_ALLOWED: Final = {"AccountAttributeName": ("max-elastic-ips", "vpc-max-elastic-ips")}
# Enumerations of regions, behind which AWS's newest and its isolated ones are.
_OPEN: Final = ("BucketLocationConstraint", "ResourceRecordSetRegion", "VPCRegion")
# Where a page begins, as whoever lists has said it: moto's words for it are longer than AWS's.
_TOKENS: Final = ("PageMarker",)


def flaws_in(said: Said, shape: Shape) -> Iterator[Flaw]:
    """Everything that is wrong, what the model doesn't know first."""
    for path in said.strays:
        yield Flaw(FlawSort.UNKNOWN, path)
    yield from _of(shape, said.values, ())


def _of(shape: Shape, value: Any, path: Path) -> Iterator[Flaw]:
    if not _IS.get(_SAME.get(shape.type, shape.type), _anything)(value):
        yield Flaw(FlawSort.INVALID, path, _text(value), f"Member must be of type {shape.type}")
    elif shape.type == "structure":
        yield from _of_structure(shape, value, path)
    elif shape.type == "list":
        yield from _out_of_range(shape, len(value), "[list]", "length", path)
        for number, item in enumerate(value, 1):
            yield from _of(shape.item, item, (*path, number))
    else:
        yield from _of_scalar(shape, value, path)


def _of_structure(shape: Shape, values: Mapping[str, Any], path: Path) -> Iterator[Flaw]:
    for name in shape.required:
        if name not in values:
            yield Flaw(FlawSort.MISSING, (*path, name), "null", "Member must not be null")
    for name, value in values.items():
        if value is not None:
            yield from _of(shape.all_members[name], value, (*path, name))


def _of_scalar(shape: Shape, value: Any, path: Path) -> Iterator[Flaw]:
    if shape.type == "string":
        words = (*shape.allowed, *_ALSO_ALLOWED.get(shape.name, ()))
        if shape.allowed and value not in words and shape.name not in _OPEN:
            listed = ", ".join(shape.allowed)
            yield Flaw(FlawSort.INVALID, path, value, f"Member must satisfy enum value set: [{listed}]")
        if shape.name not in _TOKENS:
            yield from _out_of_range(shape, len(value), value, "length", path)
        if shape.pattern and not shape.pattern.fullmatch(value):
            says = f"Member must satisfy regular expression pattern: {shape.pattern_text}"
            yield Flaw(FlawSort.INVALID, path, value, says)
    elif shape.type in ("integer", "long", "float", "double"):
        yield from _out_of_range(shape, float(value), str(value), "value", path)


def _out_of_range(shape: Shape, size: float, value: str, of: str, path: Path) -> Iterator[Flaw]:
    if shape.least is not None and size < shape.least:
        yield Flaw(FlawSort.INVALID, path, value, f"Member must have {of} greater than or equal to {shape.least}")
    if shape.most is not None and size > shape.most:
        yield Flaw(FlawSort.INVALID, path, value, f"Member must have {of} less than or equal to {shape.most}")


def _anything(_value: Any) -> bool:
    return True


def _text(value: Any) -> str:
    return value if isinstance(value, str) else str(type(value).__name__)

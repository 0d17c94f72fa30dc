"""Values as a plan writes them: plain data, and references to what other resources will turn out to be.

A value is a scalar, a sequence or a mapping of values, or one of the four intrinsic functions that can depend on a
resource (`Ref`, `GetAtt`, `Join`, `Select`). Every other function of the template grammar is evaluated before a value
gets here: `Fn::Sub` becomes a `Join`. Values are never changed in place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

Scalar: TypeAlias = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Ref:
    """What CloudFormation's `Ref` gives for a resource: its id (allocation id or public IP, group id, zone id, ...)."""

    logical_id: str


@dataclass(frozen=True, slots=True)
class GetAtt:
    """A named attribute of a resource, by CloudFormation's attribute names."""

    logical_id: str
    attribute: str


@dataclass(frozen=True, slots=True)
class Join:
    """The parts, put together with a delimiter between them. Where it is `of_list`, its one part is the list itself, of
    which nobody knows yet how many items it has."""

    delimiter: str
    parts: tuple[Value, ...]
    of_list: bool = False


@dataclass(frozen=True, slots=True)
class Select:
    """One item (from 0) of a list."""

    index: int
    values: Value


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that will only be known when this run has made or replaced what it refers to.

    It is different from every known value and from every other unknown one, so what depends on it counts as changed;
    but where it `is_unanswered`, what it refers to is there and stays, and AWS's answer doesn't say this of it: then
    nobody knows whether anything changed, and nothing counts as changed for that.
    """

    expression: Ref | GetAtt | Join | Select
    is_unanswered: bool = False

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)


Expression: TypeAlias = Ref | GetAtt | Join | Select
Value: TypeAlias = "Scalar | Sequence[Value] | Mapping[str, Value] | Expression | Unknown"
Lookup: TypeAlias = "Callable[[Ref | GetAtt], Value]"


def references(value: Value) -> Iterator[Ref | GetAtt]:
    """Every reference to a resource inside a value, in reading order, repeats included."""
    match value:
        case Ref() | GetAtt():
            yield value
        case Join(parts=inner):
            for part in inner:
                yield from references(part)
        case Select(values=inner_value):
            yield from references(inner_value)
        case Unknown(expression=expression):
            yield from references(expression)
        case Mapping():
            for item in value.values():
                yield from references(item)
        case str():
            return
        case Sequence():
            for item in value:
                yield from references(item)


def resolve(value: Value, lookup: Lookup) -> Value:
    """The value with every reference replaced by what `lookup` gives for it.

    Where `lookup` answers `Unknown`, the whole string or item that depends on it is `Unknown`; lists and mappings keep
    their shape and hold the unknown inside.
    """
    match value:
        case Ref() | GetAtt():
            return lookup(value)
        case Join(delimiter=delimiter, parts=parts):
            return _join(value, delimiter, [resolve(part, lookup) for part in parts])
        case Select(index=index, values=values):
            chosen = resolve(values, lookup)
            if isinstance(chosen, Unknown):
                return Unknown(value, chosen.is_unanswered)
            if isinstance(chosen, str) or not isinstance(chosen, Sequence):
                raise TypeError("Select works on a list")
            return chosen[index] if index < len(chosen) else Unknown(value, is_unanswered=True)
        case Mapping():
            return {key: resolve(item, lookup) for key, item in value.items()}
        case str():
            return value
        case Sequence():
            return [resolve(item, lookup) for item in value]
        case _:
            return value


def resolve_properties(properties: Mapping[str, Value], lookup: Lookup) -> dict[str, Value]:
    """The properties of a resource, each resolved."""
    return {name: resolve(value, lookup) for name, value in properties.items()}


def substitute(value: Value, known: Mapping[Ref | GetAtt, Value]) -> Value:
    """The value with the references that are `known` replaced, and what thereby comes to be known worked out; all other
    references stay as they are."""
    match value:
        case Ref() | GetAtt():
            return known.get(value, value)
        case Join(delimiter=delimiter, parts=parts, of_list=of_list):
            inner = [substitute(part, known) for part in parts]
            return _join(value, delimiter, inner) if is_known(inner) else Join(delimiter, tuple(inner), of_list)
        case Select(index=index, values=values):
            chosen = Select(index, substitute(values, known))
            return resolve(chosen, Unknown) if is_known(chosen.values) else chosen
        case Mapping():
            return {key: substitute(item, known) for key, item in value.items()}
        case str():
            return value
        case Sequence():
            return [substitute(item, known) for item in value]
        case _:
            return value


def _join(whole: Join, delimiter: str, parts: Sequence[Value]) -> Value:
    flat: list[Value] = []
    for part in parts:
        if isinstance(part, Sequence) and not isinstance(part, str):
            flat.extend(part)
        else:
            flat.append(part)
    unknown = [part for part in flat if isinstance(part, Unknown)]
    if unknown:
        return Unknown(whole, all(part.is_unanswered for part in unknown))
    return delimiter.join(text(part) for part in flat)


def text(value: Value) -> str:
    """A scalar as CloudFormation writes it into a string: `true` and `false` in lower case."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def texts_in(value: Value) -> Iterator[str]:
    """Every text inside a value, members of lists and objects included, repeats too."""
    match value:
        case str():
            yield value
        case Mapping():
            for item in value.values():
                yield from texts_in(item)
        case Sequence():
            for item in value:
                yield from texts_in(item)


def is_known(value: Value) -> bool:
    """Whether nothing in the value waits for another resource."""
    if isinstance(value, Unknown | Ref | GetAtt | Join | Select):
        return False
    if isinstance(value, Mapping):
        return all(is_known(item) for item in value.values())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return all(is_known(item) for item in value)
    return True


def is_to_come(value: Value) -> bool:
    """Whether something in the value will only be known when this run has made or replaced it."""
    if isinstance(value, Unknown):
        return not value.is_unanswered
    if isinstance(value, Mapping):
        return any(is_to_come(item) for item in value.values())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return any(is_to_come(item) for item in value)
    return not is_known(value)


def to_json(value: Value) -> object:
    """The value as JSON data, with what is unknown written as `{"Ref": id}` or `{"Fn::GetAtt": [id, attribute]}`."""
    match value:
        case Ref(logical_id=logical_id):
            return {"Ref": logical_id}
        case GetAtt(logical_id=logical_id, attribute=attribute):
            return {"Fn::GetAtt": [logical_id, attribute]}
        case Join(delimiter=delimiter, parts=parts, of_list=of_list):
            written = [to_json(part) for part in parts]
            return {"Fn::Join": [delimiter, written[0] if of_list else written]}
        case Select(index=index, values=values):
            return {"Fn::Select": [index, to_json(values)]}
        case Unknown(expression=expression):
            return to_json(expression)
        case Mapping():
            return {key: to_json(item) for key, item in value.items()}
        case str():
            return value
        case Sequence():
            return [to_json(item) for item in value]
        case _:
            return value

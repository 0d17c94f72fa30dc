"""What a service's model says of the input of an operation, as far as a request can be held against it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

EC2: Final = "ec2"
QUERY: Final = "query"
JSON: Final = "json"
REST_XML: Final = "rest-xml"
PROTOCOLS: Final = (EC2, QUERY, JSON, REST_XML)

_LISTED: Final = re.compile(r"<li>\s*<p>\s*<code>([^<]+)</code>")
# Java's classes that Python's `re` has no name for. Letters and numbers are Python's word characters but for `_`, and
# each pattern with these classes allows `_`.
_JAVA_CLASSES: Final[Mapping[str, str]] = {
    r"\p{L}": r"\w",
    r"\p{N}": r"\w",
    r"\p{Z}": r" \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000",
    r"\p{ASCII}": r"[\x00-\x7f]",
}


class Shape:
    """The form of a value: its type, limits, and what it consists of. Made from botocore's own, each part when it is
    first asked for."""

    def __init__(self, described: Any, protocol: str) -> None:
        self._described = described
        self._protocol = protocol
        self.type: str = described.type_name
        self.name: str = described.name
        self.required: Sequence[str] = described.metadata.get("required", ())
        self.allowed: Sequence[str] = described.metadata.get("enum", ())
        self.least: float | None = described.metadata.get("min")
        self.most: float | None = described.metadata.get("max")
        self.flattened: bool = bool(described.serialization.get("flattened")) or protocol == EC2

    @cached_property
    def pattern(self) -> re.Pattern[str] | None:
        """What the whole of a text has to be."""
        return compiled(self.pattern_text) if self.pattern_text else None

    @property
    def pattern_text(self) -> str:
        """The pattern as the model has it."""
        return str(self._described.metadata.get("pattern", ""))

    @cached_property
    def item(self) -> Shape:
        """Of a list, what its items are."""
        return Shape(self._described.member, self._protocol)

    @cached_property
    def item_name(self) -> str:
        """What an item of a list that isn't flat is called."""
        return str(self._described.member.serialization.get("name", "member"))

    @cached_property
    def members(self) -> Mapping[str, tuple[str, Shape]]:
        """Of a structure, the members that the body has: by the name on the wire, the model's name and the shape."""
        if self.type != "structure":
            return {}
        return {
            self._wire_name(name, member): (name, Shape(member, self._protocol))
            for name, member in self._described.members.items()
            if not member.serialization.get("location")
        }

    @cached_property
    def elsewhere(self) -> Mapping[tuple[str, str], tuple[str, Shape]]:
        """Of a structure, the members that address, query or headers have: by place and name there, the latter in
        lower case for headers."""
        found: dict[tuple[str, str], tuple[str, Shape]] = {}
        for name, member in self._described.members.items() if self.type == "structure" else ():
            if place := member.serialization.get("location"):
                there = member.serialization.get("name", name)
                found[place, there.lower() if place.startswith("header") else there] = (name, Shape(member, REST_XML))
        return found

    @cached_property
    def payload(self) -> tuple[str, Shape] | None:
        """Of a structure, the one member that is the whole body."""
        name = self._described.serialization.get("payload")
        return (name, Shape(self._described.members[name], self._protocol)) if name else None

    @cached_property
    def all_members(self) -> Mapping[str, Shape]:
        """Of a structure, every member by the model's name, wherever a request has it."""
        payload = (self.payload,) if self.payload else ()
        return dict((*self.members.values(), *self.elsewhere.values(), *payload))

    @cached_property
    def filters(self) -> frozenset[str] | None:
        """Of the input of an EC2 operation, the names that its documentation has for filters, `tag:` for all tags;
        None where it takes none, or its documentation doesn't list them."""
        members = self._described.members if self.type == "structure" else {}
        described = members.get("Filters") or members.get("Filter")
        text: str = described.documentation if described is not None else ""
        names = {name.split("&lt;")[0] for name in _LISTED.findall(text)}
        return frozenset("tag:" if name == "tag" else name for name in names) or None

    def _wire_name(self, name: str, member: Any) -> str:
        said = member.serialization
        if self._protocol == EC2:
            if "queryName" in said:
                return str(said["queryName"])
            there = str(said.get("name", name))
            return there[0].upper() + there[1:]
        if self._protocol == QUERY and said.get("flattened") and member.type_name == "list":
            return str(member.member.serialization.get("name", said.get("name", name)))
        return str(said.get("name", name))


def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern of a model as Java reads it: its `\\w` is of ASCII, where no class of Unicode is named."""
    translated = pattern
    for java, python in _JAVA_CLASSES.items():
        translated = translated.replace(java, python)
    return re.compile(translated, re.ASCII if translated == pattern else re.UNICODE)


@dataclass(frozen=True, eq=False)
class Operation:
    """An operation as its service's model has it. `address` is the template of path and query that REST services
    speak to."""

    name: str
    protocol: str
    address: str
    input: Shape


def operation_of(described: Any) -> Operation | None:
    """An operation from botocore's description; None where its service speaks what isn't read here."""
    metadata = described.service_model.metadata
    spoken = metadata.get("protocols") or [metadata.get("protocol")]
    protocol = next((each for each in PROTOCOLS if each in spoken), None)
    if protocol is None or described.input_shape is None:
        return None
    return Operation(described.name, protocol, described.http["requestUri"], Shape(described.input_shape, protocol))

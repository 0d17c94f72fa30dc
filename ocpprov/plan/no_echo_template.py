"""A template that is written down with parameters in place of values that mustn't be shown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, TypeAlias

from ocpprov.engine.secret_texts import SecretTexts, pattern_of

_DERIVED: Final = "NoEcho"
"""What the names of parameters begin with that stand for what functions made of others."""


Entries: TypeAlias = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Parametrised:
    """Entries of `Resources` and `Outputs` that refer to parameters, and these as `Parameters` declares them."""

    resources: Entries
    outputs: Entries
    parameters: Entries


def parametrised(resources: Entries, outputs: Entries, secrets: SecretTexts) -> Parametrised:
    """A template's entries (JSON data) with references to parameters in place of such texts in properties and
    outputs."""
    writer = _Writer(secrets, frozenset(resources))
    shown = [_changed(entries, key, writer) for entries, key in ((resources, "Properties"), (outputs, "Value"))]
    used = set(_names(shown))
    parameters = {name: one for name, one in writer.declarations.items() if name in used}
    return Parametrised(shown[0], shown[1], parameters)


def _changed(entries: Entries, key: str, writer: _Writer) -> dict[str, dict[str, Any]]:
    return {
        name: {member: writer.written(one) if member == key else one for member, one in entry.items()}
        for name, entry in entries.items()
    }


@dataclass(frozen=True)
class _Writer:
    secrets: SecretTexts
    taken: frozenset[str]

    @cached_property
    def declarations(self) -> dict[str, Any]:
        """Every parameter that there may be, by name."""
        lists = {name: len(values) > 1 for name, values in self.secrets.parameters.items()}
        types = {name: "CommaDelimitedList" if is_list else "String" for name, is_list in lists.items()}
        types |= dict.fromkeys(self._derived, "String")
        return {name: {"Type": type, "NoEcho": True} for name, type in types.items()}

    @cached_property
    def _derived(self) -> dict[str, str]:
        """What functions made, by the name of the parameter for it."""
        names = (f"{_DERIVED}{number}" for number in range(1, len(self.secrets.derived) + len(self.taken) + 2))
        free = (name for name in names if name not in self.taken and name not in self.secrets.parameters)
        return dict(zip(free, sorted(self.secrets.derived), strict=False))

    @cached_property
    def _references(self) -> dict[str, Any]:
        """What stands for each text."""
        found: dict[str, Any] = {value: {"Ref": name} for name, value in self._derived.items()}
        for name, values in self.secrets.parameters.items():
            for number, value in enumerate(values):
                found[value] = {"Fn::Select": [number, {"Ref": name}]} if len(values) > 1 else {"Ref": name}
        return found

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return pattern_of(self._references)

    def written(self, content: Any) -> Any:
        match content:
            case str():
                return self._text(content)
            case bool():
                return content
            case int() | float():
                return self._references.get(str(content), content)
            case {"Ref": _} | {"Fn::GetAtt": _}:
                return content
            case {"Fn::Join": [delimiter, parts]}:
                return {"Fn::Join": [delimiter, self.written(parts)]}
            case Mapping():
                return {key: self.written(one) for key, one in content.items()}
            case list() | tuple():
                return [self.written(one) for one in content]
        return content

    def _text(self, content: str) -> Any:
        if content in self._references:
            return self._references[content]
        parts: list[Any] = []
        end = 0
        for match in self._pattern.finditer(content):
            parts += [content[end : match.start()], self._references[match[0]]]
            end = match.end()
        parts = [part for part in (*parts, content[end:]) if part != ""]
        return {"Fn::Join": ["", parts]} if len(parts) > 1 else content


def _names(content: Any) -> Iterator[str]:
    """What is referred to."""
    if isinstance(content, Mapping):
        if isinstance(content.get("Ref"), str):
            yield content["Ref"]
        for one in content.values():
            yield from _names(one)
    elif isinstance(content, list):
        for one in content:
            yield from _names(one)

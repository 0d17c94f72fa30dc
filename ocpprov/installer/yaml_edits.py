"""Edits of a YAML text by path: what isn't edited stays as it was written, byte for byte, with comments and quotes.

ruamel's round trip writes a file anew: it moves comments and changes indentation, which then would be in every diff
that is shown. So ruamel says where things stand, the text is cut there, and ruamel reads the result, which has to say
what was wanted and nothing else.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from ocpprov.engine.resources import Position
from ocpprov.installer.yaml_splices import composed, put_splice, removal_splice
from ocpprov.plan.nodes import Node, parse
from ocpprov.plan.problems import PlanError, PlanErrors

Path: TypeAlias = tuple[str | int, ...]
"""Keys of mappings, and indices of lists."""


@dataclass(frozen=True)
class Put:
    """A value (plain data, as JSON has it) at a path, with the mappings on the way that aren't there. The index after a
    list's last one is a new item."""

    path: Path
    value: Any


@dataclass(frozen=True)
class Remove:
    """A key of a mapping that goes, with its value. Comments above it stay."""

    path: Path


Edit: TypeAlias = Put | Remove


def edited(text: str, edits: Sequence[Edit], name: str) -> str:
    """The text with the edits, one after the other; one that finds everything as it wants it changes nothing. Raises
    PlanErrors, with a place in the file `name`, where the text isn't YAML or is written so that it can't be edited."""
    before = parse(text, name)
    for edit in edits:
        _guard_kinds(before, edit)
        after = _after(before.plain(), edit)
        if after == before.plain():
            continue
        text = _spliced(text, edit)
        before = _checked(text, after, edit, before, name)
    return text


def unified_diff(before: str, after: str, name: str) -> list[str]:
    """The lines of a diff of two versions of a file, as `diff -u` has them, without ends of lines; none where they are
    equal."""
    if before == after:
        return []
    rows = difflib.unified_diff(before.splitlines(), after.splitlines(), name, name, lineterm="")
    return [row.rstrip() if row.startswith(("---", "+++")) else row for row in rows]


def _guard_kinds(node: Node, edit: Edit) -> None:
    """Raises PlanErrors where something is on the way to what is put that nothing can be put into."""
    for index, part in enumerate(edit.path if isinstance(edit, Put) else ()):
        inner = _inner(node, part)
        if inner is None and node.value is not None:
            path = ".".join(map(str, edit.path[:index]))
            wanted = "a mapping" if isinstance(part, str) else "a list"
            raise PlanErrors([PlanError(node.position, path, f"expected {wanted}, got {node.what()}")])
        if not inner or part not in inner:
            return
        node = inner[part]


def _inner(node: Node, part: str | int) -> Mapping[str | int, Node] | None:
    """What is in a node that has keys, or indices, as this one is; None for any other."""
    if isinstance(part, str):
        mapping = node.mapping()
        return None if mapping is None else dict(mapping.items())
    items = node.items()
    return None if items is None else dict(enumerate(items))


def _after(data: Any, edit: Edit) -> Any:
    """What the data is after an edit."""
    return _without(data, edit.path) if isinstance(edit, Remove) else _with(data, edit.path, edit.value)


def _with(data: Any, path: Path, value: Any) -> Any:
    if not path:
        return value
    head, rest = path[0], path[1:]
    if isinstance(head, int):
        items = list(data or [])
        inner = items[head] if head < len(items) else None
        return [*items[:head], _with(inner, rest, value), *items[head + 1 :]]
    return {**(data or {}), head: _with((data or {}).get(head), rest, value)}


def _without(data: Any, path: Path) -> Any:
    head, rest = path[0], path[1:]
    if isinstance(head, int):
        return [_without(each, rest) if index == head else each for index, each in enumerate(data)]
    if not isinstance(data, dict) or head not in data:
        return data
    if not rest:
        return {key: each for key, each in data.items() if key != head}
    return {**data, head: _without(data[head], rest)}


def _spliced(text: str, edit: Edit) -> str:
    tree = composed(text)
    if isinstance(edit, Put):
        splice = put_splice(text, tree, edit.path, edit.value)
    else:
        splice = removal_splice(text, tree, edit.path)
    return text if splice is None else text[: splice.start] + splice.text + text[splice.end :]


def _checked(text: str, wanted: Any, edit: Edit, before: Node, name: str) -> Node:
    """What the new text says, which is what is wanted and nothing else. Raises PlanErrors."""
    try:
        after = parse(text, name)
    except PlanErrors:
        after = None
    if after is None or after.plain() != wanted:
        place = _place(before, edit.path)
        path = ".".join(map(str, edit.path))
        message = "is written in a way that can't be edited here (an anchor, or a flow over several lines?)"
        raise PlanErrors([PlanError(place, path, message, "write it in lines of its own, or edit it by hand")])
    return after


def _place(node: Node, path: Path) -> Position:
    """Where the path is, or as much of it as there is."""
    for part in path:
        inner = _inner(node, part)
        if not inner or part not in inner:
            break
        node = inner[part]
    return node.position

"""Where an edit cuts a YAML text, and what it puts in: from ruamel's nodes, which know where they begin and end."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.nodes import CollectionNode, MappingNode, ScalarNode, SequenceNode
from ruamel.yaml.nodes import Node as YamlNode

from ocpprov.installer.yaml_comments import comments_in
from ocpprov.installer.yaml_fragments import STEP, block, inline, literal

Path: TypeAlias = Sequence[str | int]


@dataclass(frozen=True)
class Splice:
    """The characters from `start` to before `end` become `text`."""

    start: int
    end: int
    text: str


def composed(text: str) -> YamlNode:
    """ruamel's tree of a text that has been parsed before. What is empty is after its key's colon there, not where the
    next thing begins."""
    tree: YamlNode = YAML(typ="safe", pure=True).compose(text)
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, MappingNode):
            for key, value in node.value:
                if isinstance(value, ScalarNode) and value.start_mark.index == value.end_mark.index:
                    place = copy(key.end_mark)
                    place.index = text.find(":", key.end_mark.index) + 1
                    value.start_mark = value.end_mark = place
        if isinstance(node, CollectionNode):
            waiting.extend(each for pair in node.value for each in (pair if isinstance(pair, tuple) else (pair,)))
    return tree


def put_splice(text: str, tree: YamlNode, path: Path, value: Any) -> Splice | None:
    """What puts a value at a path; None where nothing can be put there."""
    above, node = None, tree
    for index, part in enumerate(path):
        inner = _child(node, part)
        if inner is None:
            return _added(text, tree, above, node, _nested(path[index:], value))
        above, node = node, inner
    return _replaced(text, tree, above, node, value)


def removal_splice(text: str, tree: YamlNode, path: Path) -> Splice | None:
    """What takes a key away, with its value and the rest of its line; None where it isn't there."""
    mapping = tree
    for part in path[:-1]:
        mapping = _child(mapping, part) or ScalarNode("", "")
    pairs = mapping.value if isinstance(mapping, MappingNode) else []
    at = next((index for index, (key, _) in enumerate(pairs) if key.value == path[-1]), None)
    if at is None:
        return None
    if len(pairs) == 1:
        return Splice(_after_key(text, mapping.start_mark.index), end_of(text, mapping), " {}")
    key, value = pairs[at]
    start = key.start_mark.index
    if _in_brackets(mapping) and at:
        return Splice(end_of(text, pairs[at - 1][1]), end_of(text, value), "")
    if _in_brackets(mapping) or _before(text, start).strip():
        # Something of the list or of the flow that it is in stands before it in its line.
        return Splice(start, pairs[at + 1][0].start_mark.index, "") if at + 1 < len(pairs) else None
    return Splice(start - len(_before(text, start)), _next_line(text, end_of(text, value)), "")


def _child(node: YamlNode, part: str | int) -> YamlNode | None:
    if isinstance(part, int):
        return node.value[part] if isinstance(node, SequenceNode) and part < len(node.value) else None
    pairs = node.value if isinstance(node, MappingNode) else []
    return next((value for key, value in pairs if key.value == part), None)


def _in_brackets(node: YamlNode) -> bool:
    return isinstance(node, CollectionNode) and bool(node.flow_style)


def _nested(path: Path, value: Any) -> Any:
    for part in reversed(path):
        value = [value] if isinstance(part, int) else {part: value}
    return value


def _added(text: str, tree: YamlNode, above: YamlNode | None, node: YamlNode, entry: Any) -> Splice | None:
    """A new key of a mapping, or a new last item of a list: `entry` is a collection that has it alone."""
    if isinstance(node, ScalarNode) or not node.value:
        return _replaced(text, tree, above, node, entry)
    end = end_of(text, node.value[-1][1] if isinstance(node, MappingNode) else node.value[-1])
    if _in_brackets(node):
        return Splice(end, end, f", {inline(entry, as_json=_is_json(text))[1:-1]}")
    at = _next_line(text, end)
    lines = block(entry, node.start_mark.column, _list_offset(tree), _newline(text))
    if isinstance(node, MappingNode) and _ends_open(text, node):
        key = node.value[-1][0].start_mark.index
        if not (before := _before(text, key)).strip():
            return Splice(key - len(before), key - len(before), lines)
    return Splice(at, at, lines if text[:at].endswith("\n") else f"{_newline(text)}{lines}")


def _replaced(text: str, tree: YamlNode, above: YamlNode | None, node: YamlNode, value: Any) -> Splice:
    """A value in place of another: below the key where it takes lines of its own, else beside it."""
    start, end = _after_key(text, node.start_mark.index), end_of(text, node)
    before, end = _before(text, start), max(start, end)
    column = len(before) - len(before.lstrip(" -"))
    in_lines = isinstance(node, CollectionNode) and not node.flow_style and bool(node.value)
    in_flow = any(isinstance(each, CollectionNode) and each.flow_style and each.value for each in (above, node))
    several = "\n" in value if isinstance(value, str) else isinstance(value, dict | list) and bool(value)
    if in_flow or not several:
        written = inline(value, as_json=_is_json(text))
        if in_lines:
            return _beside_the_key(text, above, node, written)
        return Splice(start, end, f"{_space(before)}{written}" if written else "")
    rest = "" if in_lines else text[end : _next_line(text, end)].rstrip()
    if isinstance(value, str):
        last = _newline(text) if end + len(rest) == len(text) else ""
        return Splice(start, end + len(rest), literal(value, rest, column + STEP, _newline(text)) + last)
    offset = _list_offset(tree)
    deeper = offset if isinstance(value, list) else STEP
    lines = block(value, column + deeper, offset, _newline(text)).rstrip()
    return Splice(start, end + len(rest), f"{rest}{_newline(text)}{lines}")


def _beside_the_key(text: str, above: YamlNode | None, node: YamlNode, written: str) -> Splice:
    """A short value for lines that go, whose comments stay: one behind the key, the others below."""
    pairs = above.value if isinstance(above, MappingNode) else []
    start = next((text.index(":", key.end_mark.index) + 1 for key, value in pairs if value is node), None)
    if start is None:
        return Splice(node.start_mark.index, end_of(text, node), written)
    last = end_of(text, node)
    end = last + len(text[last : _next_line(text, last)].rstrip())
    comments = comments_in(text, start, end, node)
    behind = "#" in text[start : _next_line(text, start)] or len(comments) == 1
    first = f"  {comments[0]}" if comments and behind else ""
    newline = f"{_newline(text)}{' ' * node.start_mark.column}"
    below = "".join(f"{newline}{each}" for each in comments[1 if first else 0 :])
    return Splice(start, end, f" {written}{first}{below}")


def _space(before: str) -> str:
    return "" if not before or before[-1] in " [{," else " "


def _after_key(text: str, start: int) -> int:
    """Where the text before a value ends: right after the colon of its key, if only space lies between."""
    key = len(text[:start].rstrip())
    return key if text[:key].endswith(":") else start


def end_of(text: str, node: YamlNode) -> int:
    """Where the last thing of a node ends; ruamel's own mark of a block is where the next thing begins."""
    while isinstance(node, CollectionNode) and node.value and not _in_brackets(node):
        node = node.value[-1][1] if isinstance(node, MappingNode) else node.value[-1]
    start, end = int(node.start_mark.index), int(node.end_mark.index)
    return start + len(text[start:end].rstrip())


def _ends_open(text: str, node: YamlNode) -> bool:
    """Whether a node ends in lines to which whatever came below them would add: those of a text that keeps its empty
    lines, or whose last line isn't ended."""
    while isinstance(node, CollectionNode) and node.value:
        node = node.value[-1][1] if isinstance(node, MappingNode) else node.value[-1]
    if not isinstance(node, ScalarNode) or node.style not in ("|", ">"):
        return False
    return (
        "+" in text[node.start_mark.index :].partition("\n")[0].partition("#")[0]
        or "\n" not in text[end_of(text, node) :]
    )


def _before(text: str, at: int) -> str:
    """What stands in a line before a place."""
    return text[text.rfind("\n", 0, at) + 1 : at]


def _next_line(text: str, at: int) -> int:
    """Where the line after a place begins, or the end of the text."""
    return text.find("\n", at) + 1 or len(text)


def _is_json(text: str) -> bool:
    """Whether the whole of it is in braces, as JSON is."""
    return text.lstrip().startswith("{")


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _list_offset(tree: YamlNode) -> int:
    """By how many columns the file indents a list below its key: of the first that it has, else not at all."""
    waiting = [tree]
    while waiting:
        node = waiting.pop(0)
        for key, value in node.value if isinstance(node, MappingNode) else ():
            if isinstance(value, SequenceNode) and value.value and not _in_brackets(value):
                return max(0, int(value.start_mark.column) - int(key.start_mark.column))
            waiting.append(value)
    return 0

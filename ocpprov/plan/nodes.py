"""A YAML file as a tree that knows where everything stands.

Only what plans need: mappings with text keys, lists, YAML 1.2's scalars, and CloudFormation's short tags, which become
their long forms. Anchors work; what is nested or repeated beyond reason is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode
from ruamel.yaml.nodes import Node as YamlNode

from ocpprov.engine.resources import Position
from ocpprov.plan.problems import PlanError, PlanErrors

MOST_BYTES: Final = 1024 * 1024
MOST_NODES: Final = 50_000
"""Values of a file, its keys included and what an alias repeats counted each time: with more it would take seconds to
read. The largest of our own plans has 3,000 when it is rendered."""
_DEEPEST: Final = 60
_TOO_MANY: Final = f"more than {MOST_NODES:,} values, which is too many for a plan"
_TOO_DEEP: Final = f"nested deeper than {_DEEPEST} levels"
_INTEGER: Final = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_NUMBER: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?")
_WORDS: Final[Mapping[str, bool | None]] = {
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
    "null": None, "Null": None, "NULL": None, "~": None, "": None,
}  # fmt: skip
_YAML: Final = "tag:yaml.org,2002:"
_TEXT: Final = f"{_YAML}str"
_TAGS: Final = {
    "", "!", *(f"{_YAML}{name}" for name in ("str", "int", "float", "bool", "null", "seq", "map", "timestamp", "merge"))
}  # fmt: skip
"""YAML's own tags that a plan may have; what is read as a timestamp or a merge stays a text."""

_NO_KEYS: Final[Mapping[str, Position]] = MappingProxyType({})

Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Node:
    """One value: a scalar, a list of nodes, or a mapping of nodes. `keys` are the places of a mapping's keys, `written`
    is a number as it stands in the file: 4.20 is another version than 4.2, and the same number."""

    value: Scalar | Sequence[Node] | Mapping[str, Node]
    position: Position
    keys: Mapping[str, Position] = field(default_factory=lambda: _NO_KEYS)
    written: str = field(default="", compare=False)

    def mapping(self) -> Mapping[str, Node] | None:
        return self.value if isinstance(self.value, Mapping) else None

    def items(self) -> Sequence[Node] | None:
        return self.value if isinstance(self.value, Sequence) and not isinstance(self.value, str) else None

    def plain(self) -> object:
        """The value without places, as JSON data."""
        if isinstance(self.value, Mapping):
            return {key: node.plain() for key, node in self.value.items()}
        items = self.items()
        return self.value if items is None else [node.plain() for node in items]

    def what(self) -> str:
        """What kind of value it is, in words."""
        if self.mapping() is not None:
            return "a mapping"
        if self.items() is not None:
            return "a list"
        return "nothing" if self.value is None else f"{self.value!r}"


def parse(text: str | bytes, file: str, *, if_empty: str = "") -> Node:
    """The tree of a file. Raises PlanErrors for whatever isn't such a file, and nothing else; `if_empty` is what to do
    about one in which there is nothing."""
    start = Position(file, 1, 1)
    if len(text) > MOST_BYTES:
        raise PlanErrors([PlanError(start, "", "the file is larger than 1 MiB", "a plan is a few pages")])
    try:
        decoded = text.decode("utf-8-sig") if isinstance(text, bytes) else text
        yaml = YAML(typ="safe", pure=True)
        yaml.Composer = _BoundedComposer
        tree = yaml.compose(decoded)
        if tree is None:
            raise PlanErrors([PlanError(start, "", "the file is empty", if_empty)])
        return _Builder(file).build(tree, 0)
    except UnicodeDecodeError as error:
        raise PlanErrors([PlanError(start, "", f"byte {error.start} is not UTF-8 text")]) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Position(file, mark.line + 1, mark.column + 1) if mark else start
        limit = error.problem in (_TOO_MANY, _TOO_DEEP)
        said = error.problem if limit else f"not YAML: {error.problem or error.context}"
        raise PlanErrors([PlanError(place, "", said)]) from None
    except (YAMLError, RecursionError, ValueError, AssertionError, IndexError, TypeError, AttributeError) as error:
        text_of = str(error).splitlines()
        raise PlanErrors(
            [PlanError(start, "", f"not YAML: {text_of[0] if text_of else 'it can not be read'}")]
        ) from None


class _BoundedComposer(Composer):
    """ruamel's composer, which gives up where the file gets too large, and not when it is read."""

    def __init__(self, loader: Any = None) -> None:
        super().__init__(loader)
        self.warn_double_anchors = False
        self._count = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        self._count += 1
        if self._count > MOST_NODES:
            raise MarkedYAMLError(problem=_TOO_MANY, problem_mark=self.parser.peek_event().start_mark)
        if self.depth > _DEEPEST:
            raise MarkedYAMLError(problem=_TOO_DEEP, problem_mark=self.parser.peek_event().start_mark)
        return super().compose_node(parent, index)


class _Builder:
    """Turns ruamel's nodes into ours, collecting what is wrong on the way; raises it all at the end."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._errors: list[PlanError] = []
        self._count = 0

    def build(self, tree: YamlNode, depth: int) -> Node:
        node = self._node(tree, depth)
        if self._errors:
            raise PlanErrors(self._errors)
        return node

    def _node(self, tree: YamlNode, depth: int) -> Node:
        place = Position(self._file, tree.start_mark.line + 1, tree.start_mark.column + 1)
        self._count += 1
        if self._count > MOST_NODES or depth > _DEEPEST:
            raise PlanErrors([PlanError(place, "", _TOO_DEEP if depth > _DEEPEST else _TOO_MANY)])
        tag = str(tree.tag or "")
        inner = self._untagged(tree, place, depth)
        if not tag.startswith("!") or tag == "!":
            if tag not in _TAGS:
                self._errors.append(PlanError(place, "", f"unknown tag {tag}"))
            return inner
        return self._function(tag[1:], inner, place)

    def _function(self, name: str, inner: Node, place: Position) -> Node:
        if name == "GetAtt" and isinstance(inner.value, str):
            head, _, tail = inner.value.partition(".")
            inner = Node([Node(head, place), Node(tail, place)], place)
        long_name = name if name in ("Ref", "Condition") else f"Fn::{name}"
        return Node({long_name: inner}, place, {long_name: place})

    def _untagged(self, tree: YamlNode, place: Position, depth: int) -> Node:
        if isinstance(tree, ScalarNode):
            value = _scalar(tree)
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            return Node(value, place, written=str(tree.value) if is_number else "")
        if isinstance(tree, SequenceNode):
            return Node([self._node(item, depth + 1) for item in tree.value], place)
        if isinstance(tree, MappingNode):
            return self._mapping(tree, place, depth)
        raise PlanErrors([PlanError(place, "", "not a value")])

    def _mapping(self, tree: MappingNode, place: Position, depth: int) -> Node:
        values: dict[str, Node] = {}
        keys: dict[str, Position] = {}
        for key_node, value_node in tree.value:
            where = Position(self._file, key_node.start_mark.line + 1, key_node.start_mark.column + 1)
            key = key_node.value if isinstance(key_node, ScalarNode) else None
            if not isinstance(key, str) or not key:
                self._errors.append(PlanError(where, "", "a key must be a string"))
                continue
            if key in values:
                first = keys[key].line
                self._errors.append(PlanError(where, key, f"given twice, first in line {first}", "remove one of them"))
                continue
            values[key] = self._node(value_node, depth + 1)
            keys[key] = where
        return Node(values, place, keys)


def _scalar(node: ScalarNode) -> Scalar:
    text = str(node.value)
    tag = str(node.tag or "")
    if node.style is not None or tag.startswith("!") or tag == _TEXT:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _NUMBER.fullmatch(text):
        return float(text)
    return text

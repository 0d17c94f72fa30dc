"""Comments in a part of a YAML text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ruamel.yaml.nodes import CollectionNode, ScalarNode
from ruamel.yaml.nodes import Node as YamlNode

_COMMENT: Final = re.compile(r"(?:^|(?<=\s))#.*?(?=\s*$)", re.MULTILINE)


def comments_in(text: str, start: int, end: int, tree: YamlNode) -> list[str]:
    """The comments from one place to another, each from its `#` on. A `#` in a value of the `tree` begins none."""
    part = list(text[start:end])
    for scalar in _scalars(tree):
        for at in range(max(start, scalar.start_mark.index), min(end, scalar.end_mark.index)):
            part[at - start] = part[at - start] if part[at - start] == "\n" else "x"
    return [found[0] for found in _COMMENT.finditer("".join(part))]


def _scalars(node: YamlNode) -> Iterator[ScalarNode]:
    if isinstance(node, ScalarNode):
        yield node
    for entry in node.value if isinstance(node, CollectionNode) else ():
        for each in entry if isinstance(entry, tuple) else (entry,):
            yield from _scalars(each)

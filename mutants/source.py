"""A source and the places in it, in bytes, as Python's syntax tree counts columns."""

from __future__ import annotations

import ast
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import cast

Span = tuple[int, int]
"""Offsets in bytes: the first, and the one after the last."""


@dataclass(frozen=True)
class Mutant:
    """One mistake that could be made: what is at `span` of a file, replaced by `text`.

    `file` is a path from the root of the repository; `before` and `after` are the lines that differ, each stripped.
    """

    file: str
    line: int
    rule: str
    span: Span
    text: str
    before: str
    after: str


@dataclass(frozen=True)
class Source:
    """The text of a file, for finding what is where."""

    data: bytes
    starts: tuple[int, ...]

    def span(self, node: ast.expr | ast.stmt | ast.keyword) -> Span:
        """Where a node is. Nodes inside an f-string have no true place before Python 3.12: never ask for theirs."""
        # What was parsed has an end.
        line, column = cast("int", node.end_lineno), cast("int", node.end_col_offset)
        return self.starts[node.lineno - 1] + node.col_offset, self.starts[line - 1] + column

    def text(self, node: ast.expr) -> str:
        start, end = self.span(node)
        return self.data[start:end].decode()

    def mutant(self, file: str, rule: str, span: Span, text: str) -> Mutant:
        """The same with the lines that it changes."""
        start, end = span
        first = self.data.rfind(b"\n", 0, start) + 1
        last = self.data.find(b"\n", end)
        last = len(self.data) if last < 0 else last
        after = self.data[first:start] + text.encode() + self.data[end:last]
        line = bisect_right(self.starts, start)
        return Mutant(file, line, rule, span, text, _stripped(self.data[first:last]), _stripped(after))


def read(text: str) -> Source:
    """A source to find things in."""
    data = text.encode()
    return Source(data, tuple(accumulate((len(line) for line in data.splitlines(keepends=True)), initial=0)))


def mutated(text: str, mutant: Mutant) -> str:
    """The source with the mistake in it."""
    data, (start, end) = text.encode(), mutant.span
    return (data[:start] + mutant.text.encode() + data[end:]).decode()


def is_a_change(text: str, mutant: Mutant) -> bool:
    """Whether the mistake leaves Python that means something else."""
    try:
        changed = ast.parse(mutated(text, mutant))
    except SyntaxError:
        return False
    return ast.dump(changed) != ast.dump(ast.parse(text))


def _stripped(lines: bytes) -> str:
    return "\n".join(line.strip() for line in lines.decode().splitlines())

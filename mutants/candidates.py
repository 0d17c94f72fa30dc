"""All mistakes that could be made in a source, and a draw from them."""

from __future__ import annotations

import ast
import random
from collections.abc import Iterator, Sequence

from mutants.rules import RULES
from mutants.source import Mutant, read

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def candidates(file: str, text: str) -> Iterator[Mutant]:
    """Every mutant of a source, in order. Some of them may be no Python (`is_a_change` tells).

    Left out is what no test is about: annotations, decorators, docstrings, f-strings, `__repr__`, the bodies of
    protocols, and what is for type checkers only.
    """
    source = read(text)
    for node, in_function in _nodes(ast.parse(text), in_function=False):
        for rule in RULES:
            if in_function or not rule.in_functions_only:
                yield from (source.mutant(file, rule.name, span, other) for span, other in rule.edits(node, source))


def shuffled(seed: int, mutants: Sequence[Mutant]) -> list[Mutant]:
    """In the order in which a seed draws them: the same for the same mutants."""
    order = list(mutants)
    random.Random(seed).shuffle(order)  # noqa: S311 a draw, not a secret
    return order


def _nodes(node: ast.AST, *, in_function: bool) -> Iterator[tuple[ast.AST, bool]]:
    if _is_left_out(node):
        return
    if not _is_for_types(node):
        yield node, in_function
    for child in _children(node):
        yield from _nodes(child, in_function=in_function or isinstance(node, _FUNCTIONS))


def _is_left_out(node: ast.AST) -> bool:
    match node:
        case ast.ClassDef(bases=bases):
            return any(ast.unparse(base).partition("[")[0] == "Protocol" for base in bases)
        case ast.FunctionDef(name="__repr__") | ast.JoinedStr():
            return True
        case _:
            return False


def _is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def _children(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield from (default for default in (*node.args.defaults, *node.args.kw_defaults) if default)
            yield from node.body
        case ast.ClassDef():
            yield from node.body
        case ast.AnnAssign():
            yield from (node.value,) if node.value else ()
        case ast.If() if _is_for_types(node):
            yield from node.orelse
        case _:
            yield from ast.iter_child_nodes(node)

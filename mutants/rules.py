"""The mistakes: for each kind of them, what could be changed at one node of a syntax tree."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from mutants.source import Source, Span

Edit = tuple[Span, str]


@dataclass(frozen=True)
class Rule:
    """One kind of mistake; `edits` yields none for a node that it isn't about."""

    name: str
    edits: Callable[[ast.AST, Source], Iterator[Edit]]
    in_functions_only: bool = False


_COMPARISONS: Final[Mapping[type[ast.cmpop], tuple[bytes, tuple[str, ...]]]] = {
    ast.Eq: (rb"==", ("!=",)),
    ast.NotEq: (rb"!=", ("==",)),
    ast.Lt: (rb"<", ("<=", ">=")),
    ast.LtE: (rb"<=", ("<", ">")),
    ast.Gt: (rb">", (">=", "<=")),
    ast.GtE: (rb">=", (">", "<")),
    ast.Is: (rb"\bis\b", ("is not",)),
    ast.IsNot: (rb"\bis\s+not\b", ("is",)),
    ast.In: (rb"\bin\b", ("not in",)),
    ast.NotIn: (rb"\bnot\s+in\b", ("in",)),
}
_BOOLEANS: Final[Mapping[type[ast.boolop], tuple[bytes, str]]] = {
    ast.And: (rb"\band\b", "or"),
    ast.Or: (rb"\bor\b", "and"),
}
# What a minus stands between, numbers or sets, can't be seen: it gets the other sign and the other operation.
_ARITHMETIC: Final[Mapping[type[ast.operator], tuple[bytes, tuple[str, ...]]]] = {
    ast.Add: (rb"\+", ("-",)),
    ast.Sub: (rb"-", ("+", "|")),
    ast.BitOr: (rb"\|", ("&",)),
    ast.BitAnd: (rb"&", ("|",)),
}
_OPPOSITES: Final[Mapping[str, str]] = {"min": "max", "max": "min", "any": "all", "all": "any"}
_NEVER_WITHOUT: Final = ("isinstance", "cast")
"""Functions that are nothing but a TypeError with an argument less."""


def _comparison(node: ast.AST, source: Source) -> Iterator[Edit]:
    if isinstance(node, ast.Compare):
        operands = [node.left, *node.comparators]
        for left, operator, right in zip(operands, node.ops, operands[1:], strict=False):
            pattern, others = _COMPARISONS[type(operator)]
            for other in others:
                yield from _replaced(pattern, other, _between(left, right, source), source)


def _boolean(node: ast.AST, source: Source) -> Iterator[Edit]:
    if isinstance(node, ast.BoolOp):
        pattern, other = _BOOLEANS[type(node.op)]
        for left, right in zip(node.values, node.values[1:], strict=False):
            yield from _replaced(pattern, other, _between(left, right, source), source)


def _dropped_not(node: ast.AST, source: Source) -> Iterator[Edit]:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield from _replaced(rb"not\s*", "", (source.span(node)[0], source.span(node.operand)[0]), source)


def _added_not(node: ast.AST, source: Source) -> Iterator[Edit]:
    """Comparisons, `and`, `or` and `not` have their own rules."""
    tests: list[ast.expr] = []
    if isinstance(node, ast.If | ast.While | ast.IfExp):
        tests = [node.test]
    elif isinstance(node, ast.comprehension):
        tests = node.ifs
    for test in tests:
        if isinstance(test, ast.Name | ast.Attribute | ast.Call | ast.Subscript):
            yield source.span(test), f"not {source.text(test)}"


def _constant(node: ast.AST, source: Source) -> Iterator[Edit]:
    match node:
        case ast.Constant(value=bool(value)):
            yield source.span(node), str(not value)
        case ast.Constant(value=int() | float() as number):
            yield source.span(node), str(number + 1)
        case ast.Compare(left=left, comparators=others):
            for operand in (left, *others):
                yield from _other_texts(operand, source)
        case ast.MatchValue(value=value):
            yield from _other_texts(value, source)


def _other_texts(operand: ast.expr, source: Source) -> Iterator[Edit]:
    match operand:
        case ast.Constant(value=str(value)):
            yield source.span(operand), repr(f"{value}?")
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
            for part in parts:
                yield from _other_texts(part, source)


def _removed(node: ast.AST, source: Source) -> Iterator[Edit]:
    """Without an assignment to a name, all that follows would be a NameError: that shows nothing."""
    match node:
        case ast.Expr(value=value):
            removable = not isinstance(value, ast.Constant)
        case ast.Assign(targets=[target]):
            removable = isinstance(target, ast.Attribute | ast.Subscript)
        case _:
            removable = isinstance(node, ast.AugAssign | ast.Raise | ast.Continue | ast.Break | ast.Delete)
    if removable and isinstance(node, ast.stmt):
        yield source.span(node), "pass"


def _result(node: ast.AST, source: Source) -> Iterator[Edit]:
    if isinstance(node, ast.Return | ast.Yield) and node.value and not _is_plain(node.value):
        yield source.span(node.value), "None"
    elif isinstance(node, ast.YieldFrom):
        yield source.span(node.value), "()"


def _is_plain(value: ast.expr) -> bool:
    """Whether it is None already, or the rule of constants changes it."""
    return isinstance(value, ast.Constant) and not isinstance(value.value, str)


def _argument(node: ast.AST, source: Source) -> Iterator[Edit]:
    """Each keyword, and the last of two or more without: of most functions, the first one can't be dropped."""
    if not isinstance(node, ast.Call) or (isinstance(node.func, ast.Name) and node.func.id in _NEVER_WITHOUT):
        return
    given: list[ast.expr | ast.keyword] = [*node.args, *node.keywords]
    spans = [source.span(each) for each in given]
    for number in range(max(1, len(node.args) - 1), len(spans)):
        yield (spans[number - 1][1], spans[number][1]), ""
    if spans and not node.args:
        yield (spans[0][0], spans[1][0] if len(spans) > 1 else spans[0][1]), ""


def _arithmetic(node: ast.AST, source: Source) -> Iterator[Edit]:
    match node:
        case ast.BinOp(left=left, op=operator, right=right):
            span = _between(left, right, source)
        case ast.AugAssign(target=left, op=operator, value=right):
            span = _between(left, right, source)
        case _:
            return
    pattern, others = _ARITHMETIC.get(type(operator), (b"", ()))
    for other in others:
        yield from _replaced(pattern, other, span, source)


def _opposite(node: ast.AST, source: Source) -> Iterator[Edit]:
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in _OPPOSITES:
        yield source.span(node), _OPPOSITES[node.id]


def _between(left: ast.expr, right: ast.expr, source: Source) -> Span:
    return source.span(left)[1], source.span(right)[0]


def _replaced(pattern: bytes, other: str, span: Span, source: Source) -> Iterator[Edit]:
    # Where a comment has the same word, there is one too many: it changes nothing, and isn't drawn.
    yield from ((found.span(), other) for found in re.compile(pattern).finditer(source.data, *span))


RULES: Final = (
    Rule("comparison", _comparison),
    Rule("and, or", _boolean),
    Rule("not dropped", _dropped_not),
    Rule("not added", _added_not),
    Rule("constant", _constant),
    Rule("statement removed", _removed, in_functions_only=True),
    Rule("result", _result),
    Rule("argument dropped", _argument),
    Rule("arithmetic, sets", _arithmetic),
    Rule("min, max, any, all", _opposite),
)

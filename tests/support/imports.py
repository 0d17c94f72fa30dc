"""What a module imports, read from its source: nothing is executed."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PACKAGE: Final = "ocpprov"


@dataclass(frozen=True)
class Import:
    """One imported name. `module` is absolute; `lazy` means not when the importing module is loaded (inside a
    function), `for_types` never at run time."""

    module: str
    line: int
    lazy: bool
    for_types: bool

    @property
    def library(self) -> str:
        """The top-level package: `boto3`."""
        return self.module.split(".")[0]


@dataclass(frozen=True)
class Module:
    """One source file of the package: its dotted name, its path from the root of the repository, and what it says."""

    name: str
    path: Path
    tree: ast.Module

    @property
    def room(self) -> str:
        """The folder below the package, or the module itself: `engine`, `cli`; empty for the package."""
        return room_of(self.name)

    def imports(self) -> Sequence[Import]:
        """Every import statement in the file, wherever it stands."""
        return _imports_of(self.tree)

    def nodes(self) -> Sequence[ast.AST]:
        """Everything in the file."""
        return _nodes_of(self.tree)


def room_of(module: str) -> str:
    """The room of a module's dotted name."""
    return module.split(".")[1] if "." in module else ""


@cache
def modules() -> Mapping[str, Module]:
    """All modules of the package by dotted name."""
    return {
        name: Module(name, path, ast.parse((ROOT / path).read_text(encoding="utf-8"), str(path)))
        for name, path in _sources().items()
    }


def loaded_with(start: Module) -> frozenset[str]:
    """Every module, ours or not, that importing one of ours loads, as far as our own sources say."""
    reached = {start.name}
    waiting = [start]
    while waiting:
        for made in waiting.pop().imports():
            if made.lazy or made.for_types or made.module in reached:
                continue
            reached.add(made.module)
            if made.module in modules():
                waiting.append(modules()[made.module])
    return frozenset(reached)


@cache
def reached_from(name: str) -> frozenset[str]:
    """Every module of ours that one of ours names in an import, or that such a one names, and so on: also in imports
    that are for types only or inside a function."""
    reached: set[str] = set()
    waiting = [name]
    while waiting:
        new = _named_in().get(waiting.pop(), frozenset()) - reached
        reached |= new
        waiting.extend(new)
    return frozenset(reached)


@cache
def _named_in() -> Mapping[str, frozenset[str]]:
    return {
        name: frozenset(made.module for made in module.imports() if made.module in modules())
        for name, module in modules().items()
    }


@cache
def _sources() -> Mapping[str, Path]:
    found = {}
    for file in sorted((ROOT / PACKAGE).rglob("*.py")):
        path = file.relative_to(ROOT)
        parts = path.with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def _imports_of(tree: ast.Module) -> Sequence[Import]:
    return tuple(_imports(tree, lazy=False, for_types=False))


@cache
def _nodes_of(tree: ast.Module) -> Sequence[ast.AST]:
    return tuple(ast.walk(tree))


def _imports(node: ast.AST, *, lazy: bool, for_types: bool) -> Iterator[Import]:
    match node:
        case ast.Import(names=names):
            for alias in names:
                yield Import(alias.name, node.lineno, lazy, for_types)
        case ast.ImportFrom(module=str(module), names=names, level=0):
            for alias in names:
                submodule = f"{module}.{alias.name}"
                yield Import(submodule if submodule in _sources() else module, node.lineno, lazy, for_types)
        case ast.If(test=ast.Name(id="TYPE_CHECKING"), body=body, orelse=orelse):
            yield from _all(body, lazy=lazy, for_types=True)
            yield from _all(orelse, lazy=lazy, for_types=for_types)
        case ast.FunctionDef(body=body) | ast.AsyncFunctionDef(body=body):
            yield from _all(body, lazy=True, for_types=for_types)
        case ast.expr():
            # Has no statements in it.
            return
        case _:
            yield from _all(list(ast.iter_child_nodes(node)), lazy=lazy, for_types=for_types)


def _all(nodes: list[ast.stmt] | list[ast.AST], *, lazy: bool, for_types: bool) -> Iterator[Import]:
    for node in nodes:
        yield from _imports(node, lazy=lazy, for_types=for_types)

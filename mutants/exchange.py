"""A mistake put into a module that is imported already: the code of its functions is exchanged."""

from __future__ import annotations

import gc
import inspect
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from types import CodeType, FunctionType

from mutants.source import Mutant, mutated

Place = tuple[str, int]
"""Of a function: its file as the interpreter names it, and its first line."""
Pair = tuple[CodeType, CodeType]
"""The code of a function, before and after."""


class OutOfReach(Exception):
    """The mistake changes what is done at import, or a function that nobody has: it takes a new process to see it."""


def functions_in(folder: str) -> Mapping[Place, Sequence[FunctionType]]:
    """All functions whose source lies below a folder; of one place there are several where they are made by another."""
    found: defaultdict[Place, list[FunctionType]] = defaultdict(list)
    for each in gc.get_objects():
        if isinstance(each, FunctionType) and each.__code__.co_filename.startswith(f"{folder}/"):
            found[place(each.__code__)].append(each)
    return found


def place(code: CodeType) -> Place:
    return code.co_filename, code.co_firstlineno


def changed_functions(file: str, text: str, mutant: Mutant) -> Sequence[Sequence[Pair]]:
    """For each function of a module that isn't inside another and that a mutant changes: itself, and those in it that
    are changed, the outer ones first. `file` is where the interpreter has the source from. Raises OutOfReach."""
    before, after = (compile(each, file, "exec", dont_inherit=True) for each in (text, mutated(text, mutant)))
    return list(_outermost(before, after))


def exchangeable(
    changes: Sequence[Sequence[Pair]], functions: Mapping[Place, Sequence[FunctionType]]
) -> Sequence[tuple[FunctionType, CodeType]]:
    """The functions that there are of those that change, each with its new code. Raises OutOfReach."""
    found = [
        [(each, new) for each in functions.get(place(old), ()) if each.__code__.co_name == old.co_name]
        for pairs in changes
        for old, new in pairs
    ]
    outermost = [sum(map(len, changes[:number])) for number in range(len(changes))]
    rows = list(chain.from_iterable(found))
    if not all(found[number] for number in outermost) or any(
        len(each.__code__.co_freevars) != len(new.co_freevars) for each, new in rows
    ):
        raise OutOfReach
    return rows


def exchange(held: Sequence[tuple[FunctionType, CodeType]]) -> None:
    """Make the mistake, in this process, for good."""
    for function, code in held:
        function.__code__ = code


def _outermost(before: CodeType, after: CodeType) -> Iterator[Sequence[Pair]]:
    if before.co_flags & inspect.CO_OPTIMIZED:
        if pairs := list(_changed(before, after)):
            yield pairs
        return
    if _own(before) != _own(after):
        raise OutOfReach
    yield from chain.from_iterable(_outermost(*pair) for pair in _nested(before, after))


def _changed(before: CodeType, after: CodeType) -> Iterator[Pair]:
    if _own(before) != _own(after) or len(_inner(before)) != len(_inner(after)):
        yield before, after
    else:
        inner = list(chain.from_iterable(_changed(*pair) for pair in _nested(before, after)))
        if inner:
            yield before, after
            yield from inner


def _nested(before: CodeType, after: CodeType) -> Iterator[Pair]:
    return zip(_inner(before), _inner(after), strict=True)


def _inner(code: CodeType) -> list[CodeType]:
    return [each for each in code.co_consts if isinstance(each, CodeType)]


def _own(code: CodeType) -> tuple[object, ...]:
    """What a code does by itself, wherever it stands. 1 and True are equal, so constants are compared as text."""
    constants = [repr(each) for each in code.co_consts if not isinstance(each, CodeType)]
    names = (code.co_names, code.co_varnames, code.co_cellvars, code.co_freevars)
    return code.co_code, constants, names, code.co_exceptiontable

"""The plan file of a command line without one: what was applied from this folder, by the notes of the run folders."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.options import Options
from ocpprov.engine.problem import Problem
from ocpprov.runs.folder import RunFolder


@dataclass(frozen=True)
class Applied:
    """A plan that was applied: its name, its file, and when, in seconds since 1970."""

    name: str
    file: Path
    time: float


def noted(options: Options) -> str:
    """The plan's file as it is noted: by its way from the folder of the runs, so that both may be moved together."""
    return os.path.relpath(options.plan or "", options.directory)


def with_last_applied(options: Options, say: Callable[[str], None]) -> Options:
    """The same with the file that was last applied, for a command that changes nothing. Raises Refused."""
    if options.plan is not None:
        return options
    found = _all_applied(options.directory)
    return _taken(options, max(found, key=lambda each: each.time, default=None), say)


def with_only_applied(options: Options, say: Callable[[str], None]) -> Options:
    """The same for one that changes something: where several plans were applied it wants to be told which. Raises
    Refused."""
    if options.plan is not None:
        return options
    found = _all_applied(options.directory)
    if len(found) > 1:
        names = ", ".join(f"{each.name} ({each.file})" for each in found)
        raise Refused(Problem("PLAN", f"several plans were applied from this folder: {names}", "name the file of one"))
    return _taken(options, found[0] if found else None, say)


def _taken(options: Options, applied: Applied | None, say: Callable[[str], None]) -> Options:
    if applied is None:
        raise Refused(Problem("PLAN", "no plan file is named, and none was applied from this folder", "name a file"))
    say(f"plan file: {applied.file} (last applied from this folder)")
    return replace(options, plan=applied.file)


def _all_applied(directory: Path) -> list[Applied]:
    return sorted(_each_applied(directory), key=lambda each: each.name)


def _each_applied(directory: Path) -> Iterator[Applied]:
    """What an earlier version applied has no file in its note. Raises Untrusted."""
    for path in (directory / ".ocpprov").glob("*/plan.json"):
        content = RunFolder(path.parent).read(path)
        if isinstance(content, Mapping) and isinstance(file := content.get("file"), str):
            time = content.get("applied")
            yield Applied(path.parent.name, directory / file, time if isinstance(time, int | float) else 0.0)

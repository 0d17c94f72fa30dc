"""Changes of the user's files: shown first as a diff without secrets, and written only after a yes."""

from __future__ import annotations

import errno
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.options import Options
from ocpprov.commands.terminal import Terminal
from ocpprov.engine.problem import Problem
from ocpprov.engine.resources import Position
from ocpprov.installer.masked_text import masked
from ocpprov.installer.yaml_edits import unified_diff
from ocpprov.plan.nodes import MOST_BYTES, parse
from ocpprov.plan.problems import PlanError, PlanErrors
from ocpprov.runs.input_files import read_input
from ocpprov.runs.private_files import remove_from, write_in_place, write_into
from ocpprov.ui.lines import Line, Tone

_ANYBODY_WRITES: Final = 0o222


@dataclass(frozen=True)
class FileChange:
    """What becomes of one file: its text before, None where there is none yet, and after, None where it goes. `linked`:
    it may be a link to the file."""

    path: Path
    before: str | None
    after: str | None
    linked: bool = True


def file_text(path: Path) -> str:
    """A file of YAML. Raises PlanErrors, with its place, for what can't be read or isn't UTF-8 text."""
    start = Position(str(path), 1, 1)
    try:
        content = read_input(path, MOST_BYTES + 1)
    except OSError as error:
        raise PlanErrors([PlanError(start, "", f"can't be read: {error.strerror}")]) from None
    if not content.strip():
        raise PlanErrors([PlanError(start, "", "the file is empty")])
    parse(content, str(path))
    return content.decode()


def changed(changes: Sequence[FileChange]) -> list[FileChange]:
    """Those that change anything."""
    return [each for each in changes if each.before != each.after]


def diff_lines(change: FileChange) -> Iterator[Line]:
    """The diff; of a file that goes, that it does."""
    if change.after is None:
        yield Line(f"remove  {change.path}", Tone.DANGER)
        return
    before, after = masked(change.before or "") if change.before else "", masked(change.after)
    for row in unified_diff(before, after, str(change.path)):
        yield Line(row, _tone(row))


def _tone(row: str) -> Tone:
    if row.startswith(("---", "+++")):
        return Tone.HEADING
    return {"+": Tone.GOOD, "-": Tone.DANGER, "@": Tone.ASIDE}.get(row[:1], Tone.PLAIN)


def write(changes: Sequence[FileChange]) -> None:
    """Do it, file by file, each whole or not at all. Raises Refused where one isn't any more as it was shown, or can't
    be written; what came before it is done then, and the same command goes on."""
    for change in changes:
        try:
            _guard_unchanged(change)
            _guard_writable(change)
            if change.after is None:
                remove_from(change.path.parent, change.path.name)
            elif change.before is None:
                write_into(change.path.parent, change.path.name, change.after)
            else:
                write_in_place(change.path, change.after, follow=change.linked)
        except OSError as error:
            detail = f"can't be written: {error.strerror}"
            raise Refused(Problem(str(change.path), detail, "make it writable, and run the same again")) from error


def _guard_unchanged(change: FileChange) -> None:
    try:
        now = change.path.read_bytes()
    except FileNotFoundError:
        now = None
    before = None if change.before is None else change.before.encode()
    if now != before:
        detail = "isn't any more what was shown: somebody changed it meanwhile, and it is left as it is"
        raise Refused(Problem(str(change.path), detail, "run the same again"))


def _guard_writable(change: FileChange) -> None:
    """A file is replaced whole, which needs no right to write into it: who took that away doesn't want it changed.
    Raises PermissionError."""
    if change.before is not None and not change.path.stat().st_mode & _ANYBODY_WRITES:
        raise PermissionError(errno.EACCES, "it is read-only", str(change.path))


def agreed(changes: Sequence[FileChange], options: Options, terminal: Terminal) -> None:
    """Show what is to be changed, and go on after a yes. Raises Refused, also where nobody can say it."""
    for change in changes:
        terminal.result(diff_lines(change))
    if not options.yes:
        terminal.confirm("Write this?", "yes")

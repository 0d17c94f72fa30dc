"""`report`: a page on one run, from what the run folder has of it. Asks nobody."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from ocpprov import __version__
from ocpprov.commands.exit_codes import ExitCode, Refused
from ocpprov.commands.load import load_plan
from ocpprov.commands.options import Options
from ocpprov.commands.terminal import Terminal
from ocpprov.engine.printable import printable
from ocpprov.engine.problem import Problem
from ocpprov.kinds.registry import KINDS
from ocpprov.plan.top_level import NAME_PATTERN
from ocpprov.report.history import History, RunHead, histories
from ocpprov.report.page import page
from ocpprov.report.page_sections import Checks
from ocpprov.report.verified import read_kept
from ocpprov.runs import journal
from ocpprov.runs.event_log import is_time, read_events, read_rows
from ocpprov.runs.folder import RunFolder, known_plans, run_folder
from ocpprov.runs.private_files import Untrusted, write_into


def report(options: Options, terminal: Terminal, run: str, output: Path | None) -> ExitCode:
    """The `report` command. `run` is how the run's id begins, empty for the last; `output` where the page goes, if not
    into the run folder."""
    name = _name(options, terminal)
    folder = run_folder(options.directory, name)
    history = _chosen(_histories(folder), run, name)
    head = history.head if history.head.plan else _named(history.head, name)
    verified = read_kept(folder.read(folder.verification))
    text = page(replace(history, head=head), KINDS, __version__, _checks(folder), verified)
    path = output or folder.report(history.head.run)
    try:
        if output:
            write_into(output.parent, output.name, text)
        else:
            folder.write_text(path, text)
    except OSError as error:
        raise Refused(Problem(str(path), f"can't be written: {error.strerror or error}", "")) from error
    terminal.result([str(path)])
    return ExitCode.DONE


def _named(head: RunHead, name: str) -> RunHead:
    return replace(head, plan=name)


def _name(options: Options, terminal: Terminal) -> str:
    """The plan's name. A lone word that is no file is one. Raises Refused, and PlanErrors."""
    word = str(options.plan or options.name)
    if not word:
        return _last_applied(options.directory)
    if re.fullmatch(NAME_PATTERN, word) and (options.plan is None or not options.plan.exists()):
        return word
    plan = load_plan(options)
    terminal.keep_of_plan(plan.secrets)
    return plan.name


def _last_applied(directory: Path) -> str:
    """The plan that was last applied from this folder, by the notes of the run folders. Raises Refused."""
    names = {name for name, _ in known_plans(directory) if re.fullmatch(NAME_PATTERN, name)}
    if not names:
        raise Refused(Problem("", "nothing was applied from this folder", "name the one with .ocpprov in it: --dir"))
    return max(sorted(names), key=lambda name: _applied(run_folder(directory, name)))


def _applied(folder: RunFolder) -> float:
    match folder.read(folder.last_plan):
        case {"applied": int(time) | float(time)}:
            return time
    return 0.0


def _histories(folder: RunFolder) -> Mapping[str, History]:
    """Raises Refused for a file that can't be read."""
    try:
        return histories(read_events(folder.events), journal.read(folder.journal), read_rows(folder.log))
    except Untrusted:
        raise
    except OSError as error:
        place = str(error.filename or folder.path)
        raise Refused(Problem(place, f"can't be read: {error.strerror or error}", "")) from error


def _chosen(found: Mapping[str, History], run: str, name: str) -> History:
    if not found:
        remedy = "runs are kept where apply was called: name that folder with --dir"
        raise Refused(Problem("", f"no run of plan {name} is known in this folder", remedy))
    meant = [each for id, each in found.items() if id.startswith(run)]
    if not meant or (run and len(meant) > 1):
        wrong = "several runs begin so" if meant else "no run begins so"
        raise Refused(Problem(f"--run {printable(run)}", wrong, f"write one of {_last(meant or found.values())}"))
    return meant[-1]


def _last(runs: Iterable[History]) -> str:
    ids = [each.head.run for each in runs]
    return f"{', '.join(ids[-5:])}{f', or of {len(ids) - 5} earlier ones' if len(ids) > 5 else ''}"


def _checks(folder: RunFolder) -> Checks | None:
    match folder.read(folder.preflight):
        case {"time": int(time) | float(time), "checks": list(rows)} if is_time(time):
            return Checks(time, [row for row in rows if isinstance(row, Mapping)])
    return None

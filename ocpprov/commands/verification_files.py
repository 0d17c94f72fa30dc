"""Where a verification goes beside the screen: the run folder, whose reports show it, and a file for programs."""

from __future__ import annotations

from pathlib import Path

from ocpprov.checks.verification_record import Verification, masked
from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.terminal import Terminal
from ocpprov.engine.problem import Problem
from ocpprov.report.junit import junit
from ocpprov.report.verified import kept
from ocpprov.runs.folder import RunFolder
from ocpprov.runs.private_files import write_into


def write_junit(path: Path, found: Verification, terminal: Terminal) -> None:
    """Write it whole as JUnit's XML, for its owner's eyes: ids and addresses stand in it. Raises Refused."""
    try:
        write_into(path.parent, path.name, junit(masked(found, terminal.secrets)))
    except OSError as error:
        said = f"can't be written: {error.strerror or error}"
        raise Refused(Problem(f"--junit {path}", said, "name another file")) from error


def keep(found: Verification, folder: RunFolder, terminal: Terminal) -> None:
    """For the reports of runs, which show it. That it can't be kept is said, and ends nothing."""
    try:
        folder.create()
        folder.write(folder.verification, terminal.secrets.document(kept(found)))
    except OSError as error:
        terminal.say(f"{folder.verification} can't be written ({error.strerror}); reports won't show these rows")

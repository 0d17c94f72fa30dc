"""Where a verification goes beside the screen: the run folder, whose reports show it, and files that were asked for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ocpprov import __version__
from ocpprov.checks.verification_record import Verification, masked
from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.terminal import Terminal
from ocpprov.engine.problem import Problem
from ocpprov.report.junit import junit
from ocpprov.report.page import verification_page
from ocpprov.report.verified import kept, read_kept
from ocpprov.runs.folder import RunFolder
from ocpprov.runs.private_files import write_into


@dataclass(frozen=True)
class VerificationFiles:
    """The files that were asked for: JUnit's XML, and a page."""

    junit: Path | None = None
    page: Path | None = None

    def write(self, found: Verification, terminal: Terminal) -> None:
        """Write them whole, for their owner's eyes: ids and addresses stand in them. Raises Refused."""
        told = masked(found, terminal.secrets)
        if self.junit:
            _write("--junit", self.junit, junit(told))
        if self.page and (shown := read_kept(_document(found, terminal))):
            _write("--html", self.page, verification_page(told.subject, shown, __version__))


def _document(found: Verification, terminal: Terminal) -> object:
    """All that a page shows of it, as it may be shown."""
    return terminal.secrets.document(kept(found))


NO_FILES: Final = VerificationFiles()


def _write(option: str, path: Path, text: str) -> None:
    try:
        write_into(path.parent, path.name, text)
    except OSError as error:
        said = f"can't be written: {error.strerror or error}"
        raise Refused(Problem(f"{option} {path}", said, "name another file")) from error


def keep(found: Verification, folder: RunFolder, terminal: Terminal) -> None:
    """For the reports of runs, which show it. That it can't be kept is said, and ends nothing."""
    try:
        folder.create()
        folder.write(folder.verification, _document(found, terminal))
    except OSError as error:
        terminal.say(f"{folder.verification} can't be written ({error.strerror}); reports won't show these rows")

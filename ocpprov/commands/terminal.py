"""The two streams of a command: results on stdout, everything else on stderr. Nothing leaves here with a character
in it that a terminal obeys, or with a value that isn't to be shown."""

from __future__ import annotations

import io
import os
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from typing import Any, Final, TextIO

import click
from rich.console import Console

from ocpprov.aws.retry import Retry
from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.interrupts import interruptible
from ocpprov.commands.no_echo import HidingView
from ocpprov.commands.options import Options
from ocpprov.engine.actions import Actions
from ocpprov.engine.cancel import Cancellation
from ocpprov.engine.events import Event, EventKind
from ocpprov.engine.printable import printable, printable_json
from ocpprov.engine.secret_texts import NO_SECRETS, SecretTexts, without_values
from ocpprov.ui.failures_only import FailuresOnly
from ocpprov.ui.fleet_progress import FleetProgress
from ocpprov.ui.fleet_view import FleetScreen
from ocpprov.ui.json_lines import JsonLines
from ocpprov.ui.lines import ColourChoice, Line, Tone, wants_colour
from ocpprov.ui.progress import Heading, PipeSafeView, Progress, View
from ocpprov.ui.run_progress import RunProgress
from ocpprov.ui.wait_view import WaitView

_CLICK: Final[Mapping[Tone, Mapping[str, Any]]] = {
    Tone.PLAIN: {},
    Tone.HEADING: {"bold": True},
    Tone.GOOD: {"fg": "green"},
    Tone.CHANGE: {"fg": "yellow"},
    Tone.DANGER: {"fg": "red"},
    Tone.ASIDE: {"dim": True},
}


class Terminal:
    """Where a command speaks. `command` is the command line as it was given, for messages that say what to run.

    On stderr there is one writer at a time: as soon as there is a live view, all lines go through it. A `quiet` one
    holds back what is said there, until it asks something or is told to tell all."""

    def __init__(self, command: str, colour: ColourChoice = "auto", *, quiet: bool = False) -> None:
        self._command = command
        self._names: frozenset[str] | None = None
        self._secrets = NO_SECRETS
        self._colour = colour
        self._quiet = quiet
        self._held: list[Line] = []
        self._write: Callable[[Line], None] = self._hold if quiet else self._on_stderr
        self._progress: Progress | None = None

    def keep(self, secrets: SecretTexts) -> None:
        """From now on these texts are shown nowhere."""
        self._secrets = secrets

    def keep_of_plan(self, secrets: SecretTexts) -> None:
        """The same for those of the plan, which tells all the parameters that aren't to be shown."""
        self._names = frozenset(secrets.parameters)
        self.keep(secrets)

    @property
    def secrets(self) -> SecretTexts:
        return self._secrets

    @property
    def command(self) -> str:
        """The command line, to be repeated. As long as nobody has read the plan, no parameter's value is in it."""
        return self._secrets.masked(without_values(self._command, self._names))

    def hiding(self, view: View) -> View:
        """The view, told nothing that isn't to be shown."""
        return HidingView(view, self._secrets)

    def refused(self, error: Refused) -> Refused:
        """The same, showing nothing that isn't to be shown."""
        return error.masked(self._secrets.masked)

    def result(self, lines: Iterable[str | Line]) -> None:
        for line in lines:
            _echo(self._safe(line), sys.stdout, self._colour)

    def result_json(self, document: object) -> None:
        click.echo(printable_json(self._secrets.document(document), indent=2))

    def documents(self, *texts: str) -> None:
        """Several documents on stdout, as one stream of YAML, of which JSON is a part. Both escape what a terminal
        obeys."""
        texts = tuple(map(self._secrets.masked, texts))
        click.echo("---\n".join(text if text.endswith("\n") else f"{text}\n" for text in texts), nl=False)

    def say(self, text: str | Line) -> None:
        """A line on stderr. A terminal that was closed must not end a run in the middle; rich leaves the process when a
        pipe is broken, and ValueError is a stream that was closed."""
        with suppress(OSError, ValueError, SystemExit):
            self._write(self._safe(text))

    def tell_all(self) -> None:
        """Say what was held back, and from now on everything: it is needed."""
        if self._quiet:
            held, self._held = self._held, []
            self._write = self._on_stderr
            self.say_lines(held)

    def _hold(self, line: Line) -> None:
        self._held.append(line)

    def _on_stderr(self, line: Line) -> None:
        _echo(line, sys.stderr, self._colour)

    def _safe(self, text: str | Line) -> Line:
        """The line without secrets, and without what a terminal obeys."""
        line = text if isinstance(text, Line) else Line(text)
        return replace(line, text=printable(self._secrets.masked(line.text)))

    def say_lines(self, lines: Iterable[str | Line]) -> None:
        for line in lines:
            self.say(line)

    def on_retry(self, retry: Retry) -> None:
        """A call is tried again: counted where a run is watched, told where nothing else is to be seen."""
        if self._progress is None or not self._progress.is_open:
            self.say(f"{retry.aws}; trying again in {retry.wait:.0f} s")
        else:
            detail = {"code": retry.aws.code, "reason": str(retry.aws), "seconds": retry.wait}
            self._progress.emit(Event(EventKind.RETRYING, time.time(), detail=detail))

    def view(self, run: RunProgress, heading: Heading, *, as_json: bool) -> View:
        """How a run is seen. `run` hears of all that happens where a person looks."""
        if as_json:
            return PipeSafeView(JsonLines(sys.stdout))
        if self._quiet:
            return FailuresOnly(self.say)
        coloured = wants_colour(self._colour, os.environ, is_terminal=sys.stderr.isatty())
        progress = Progress(Console(stderr=True, no_color=not coloured), run, heading, time.time)
        self._write = progress.say
        self._progress = progress
        return PipeSafeView(progress)

    def fleet(self, progress: FleetProgress, title: str, options: Options) -> FleetScreen:
        """How a fleet is seen. In a CI's log nothing is redrawn."""
        coloured = wants_colour(self._colour, os.environ, is_terminal=sys.stderr.isatty())
        stream = io.StringIO() if self._quiet else None
        console = Console(file=stream, stderr=stream is None, no_color=not coloured)
        heading = Heading(title, options.verbose, options.plain or bool(os.environ.get("CI")))
        screen = FleetScreen(console, progress, heading, time.time)
        if not self._quiet:
            self._write = screen.say
        return screen

    def waiting(self, heading: Heading, timeout: float) -> WaitView:
        """How what is waited for is seen, `timeout` seconds at most."""
        coloured = wants_colour(self._colour, os.environ, is_terminal=sys.stderr.isatty())
        stream = io.StringIO() if self._quiet else None
        console = Console(file=stream, stderr=stream is None, no_color=not coloured)
        view = WaitView(console, heading, timeout, self._secrets.masked)
        if not self._quiet:
            self._write = view.say
        return view

    def planned(self, actions: Actions) -> None:
        """What a run is about to do, before anybody is asked; here it has been said."""

    def interruptible(self, cancellation: Cancellation) -> AbstractContextManager[None]:
        """Meanwhile the signals of the process stop the run."""
        return interruptible(cancellation, self.say)

    def confirm(self, question: str, answer: str) -> None:
        """Ask, and go on only after just this answer. Raises Refused, at once where nobody can answer."""
        if not sys.stdin.isatty():
            raise Refused("nobody is there to ask: give --yes to do it without asking; nothing was changed")
        self.tell_all()
        click.echo(f"{printable(question)} (type {printable(answer)}) ", nl=False, err=True)
        try:
            given = sys.stdin.readline()
        except KeyboardInterrupt:
            # What is said next begins a line of its own.
            click.echo(err=True)
            raise
        if given.strip() != answer:
            raise Refused("not confirmed; nothing was changed")


def _echo(line: Line, stream: TextIO, choice: ColourChoice) -> None:
    """Click takes colours away where they aren't wanted, and knows Windows."""
    wanted = wants_colour(choice, os.environ, is_terminal=stream.isatty())
    click.echo(click.style(line.text, **_CLICK[line.tone]) if wanted else line.text, file=stream, color=wanted)

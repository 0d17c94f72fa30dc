"""The two streams of a command: results on stdout, everything else on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from contextlib import suppress

import click
from rich.console import Console

from ocpprov.aws.retry import Retry
from ocpprov.commands.outcome import Refused
from ocpprov.ui.progress import JsonLines, Progress, Unread, View


class Terminal:
    """Where a command speaks. `command` is the command line as it was given, for messages that say what to run."""

    def __init__(self, command: str) -> None:
        self.command = command

    def result(self, lines: Iterable[str]) -> None:
        for line in lines:
            click.echo(line)

    def result_json(self, document: object) -> None:
        click.echo(json.dumps(document, indent=2))

    def documents(self, *texts: str) -> None:
        """Several documents on stdout, as one stream of YAML, of which JSON is a part."""
        click.echo("---\n".join(text if text.endswith("\n") else f"{text}\n" for text in texts), nl=False)

    def say(self, text: str) -> None:
        """A line on stderr. A terminal that was closed must not end a run in the middle."""
        with suppress(OSError):
            click.echo(text, err=True)

    def say_lines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.say(line)

    def on_retry(self, retry: Retry) -> None:
        self.say(f"{retry.aws}; trying again in {retry.wait:.0f} s")

    def view(self, *, as_json: bool) -> View:
        """How the run is seen."""
        return Unread(JsonLines(sys.stdout) if as_json else Progress(Console(stderr=True)))

    def confirm(self, question: str, answer: str) -> None:
        """Ask, and go on only after just this answer. Raises Refused, at once where nobody can answer."""
        if not sys.stdin.isatty():
            raise Refused("nobody is there to ask: give --yes to do it without asking; nothing was changed")
        click.echo(f"{question} (type {answer}) ", nl=False, err=True)
        if sys.stdin.readline().strip() != answer:
            raise Refused("not confirmed; nothing was changed")

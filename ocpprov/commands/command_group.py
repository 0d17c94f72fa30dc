"""What all commands have in common, for click: paths, help, and errors of the command line itself."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import click

from ocpprov.commands.error_documents import INTERRUPTED, error_document, refusal_events
from ocpprov.commands.exit_codes import ExitCode
from ocpprov.commands.usage import USAGES
from ocpprov.engine.printable import printable, printable_json
from ocpprov.engine.problem import Problem
from ocpprov.engine.suggestion import command_line
from ocpprov.ui.json_lines import JsonLines


class PlanPath(click.Path):
    """What is written as a path (`./lab`) is none of the words that stand for something else, which `Path` would make
    of it."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        path: Any = super().convert(value, param, ctx)
        return Path.cwd() / path if os.sep in str(value) and os.sep not in str(path) else path


_WORDS: Final = f"{__name__}.words"
"""Where click keeps the words of the command line for us."""
_STREAMING: Final = ("apply", "destroy", "fleet")
"""Verbs whose `--json` gives events."""


class VerbCommand(click.Command):
    """A command whose help ends with examples and exit codes, and that takes no option without a value: `--vpc "$VPC"`
    of a shell that has no such variable isn't the same as no --vpc."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        given, _, _ = self.make_parser(ctx).parse_args(list(args))
        for param in self.params:
            if (
                not ctx.resilient_parsing
                and isinstance(param, click.Option)
                and "" in _texts(given.get(param.name or ""))
            ):
                raise click.BadParameter("it is empty; give it a value, or leave it out", ctx, param)
        return super().parse_args(ctx, args)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        usage = USAGES[_words_of(ctx)]
        if usage.examples:
            with formatter.section("Examples"):
                formatter.write_dl([(f"ocpprov {each.words}", each.does) for each in usage.examples], col_max=40)
        with formatter.section("Exit codes"):
            formatter.write_dl([(str(code), means) for code, means in sorted(usage.codes.items())])


def _texts(value: object) -> Sequence[object]:
    """What is given for an option, each time that it is."""
    return value if isinstance(value, list) else [value]


def _words_of(ctx: click.Context) -> str:
    """The words of a command after the program's."""
    words: list[str] = []
    above: click.Context | None = ctx
    while above is not None and above.parent is not None:
        words.insert(0, above.command.name or "")
        above = above.parent
    return " ".join(words)


class _Misused(click.UsageError):
    exit_code = int(ExitCode.FAILED)


class CommandGroup(click.Group):
    """An interrupt before a command has begun, while its modules are imported, ends like any other. What is wrong with
    the command line is an error like any other, too: for programs as well, and 1 where 2 means changes."""

    command_class = VerbCommand
    group_class = type

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.meta[_WORDS] = tuple(args)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        words: Sequence[str] = ctx.meta[_WORDS]
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            # A shell writes names of files here that somebody else has chosen.
            said = printable(error.format_message())
            remedy = command_line("ocpprov", *filter(None, [ctx.invoked_subcommand]), "--help")
            self._tell(ctx, Problem("command line", error.format_message(), f"see {remedy}"))
            if "--detailed-exitcode" in words:
                raise _Misused(said, error.ctx) from error
            if said != error.format_message():
                raise click.UsageError(said, error.ctx) from error
            raise
        except KeyboardInterrupt:
            click.echo("interrupted", err=True)
            self._tell(ctx, INTERRUPTED)
            ctx.exit(ExitCode.INTERRUPTED)

    def _tell(self, ctx: click.Context, problem: Problem) -> None:
        if "--json" in ctx.meta[_WORDS]:
            tell_errors([problem], 0.0 if ctx.invoked_subcommand in _STREAMING else None)


def tell_errors(problems: Sequence[Problem], seconds: float | None) -> None:
    """Errors for programs on stdout; `seconds` for a command whose results are events."""
    if seconds is None:
        click.echo(printable_json(error_document(problems), indent=2))
        return
    lines = JsonLines(sys.stdout)
    for event in refusal_events(problems, time.time(), seconds):
        lines.emit(event)

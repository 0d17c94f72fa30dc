"""How the process of a command ends: its exit code, errors in words and for programs, signals, streams nobody reads."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import NoReturn, TypeAlias

import click

from ocpprov.commands.error_documents import INTERRUPTED, problems_in
from ocpprov.commands.exit_codes import ExitCode, Refused
from ocpprov.engine.cancel import Interrupted
from ocpprov.engine.printable import printable
from ocpprov.engine.problem import Problem
from ocpprov.plan.problems import PlanErrors
from ocpprov.runs.private_files import Untrusted

Tell: TypeAlias = Callable[[Sequence[Problem]], None]
"""Writes errors for programs, where they are wanted."""


def run(command: Callable[[], ExitCode], tell: Tell, refused: ExitCode = ExitCode.REFUSED) -> NoReturn:
    """Run a command and end the process with its exit code, `refused` where it was refused. Bad input never gives a
    traceback, and a signal ends it at any moment."""
    try:
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, signal.default_int_handler)
        _end(_ended(command, tell, refused))
    except KeyboardInterrupt:
        # Another signal, while the word on the first was said.
        os._exit(ExitCode.INTERRUPTED)


def _ended(command: Callable[[], ExitCode], tell: Tell, refused: ExitCode) -> ExitCode:
    # Modules, plan and clients stay: looking for garbage among them takes a sixth of a short command's time.
    gc.disable()
    try:
        return command()
    except PlanErrors as error:
        for each in error.errors:
            click.echo(printable(str(each)), err=True)
        _told(problems_in(error), tell)
        return refused
    except Refused as error:
        for line in error.lines:
            click.echo(printable(line), err=True)
        _told(error.problems, tell)
        return refused
    except Untrusted as error:
        # Read before anything is sent; where a run writes it says so itself.
        click.echo(printable(f"{error.filename}: {error.strerror}"), err=True)
        _told(problems_in(error), tell)
        return refused
    except (KeyboardInterrupt, Interrupted):
        with suppress(OSError):
            click.echo("interrupted", err=True)
        _told([INTERRUPTED], tell)
        return ExitCode.INTERRUPTED
    finally:
        gc.enable()


def _told(problems: Sequence[Problem], tell: Tell) -> None:
    """Nobody may read it any more."""
    with suppress(OSError, ValueError):
        tell(problems)


def _end(code: ExitCode) -> NoReturn:
    """Leave, also when nobody reads what is written, and without waiting for calls that an interrupt has left behind:
    the interpreter would."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    if code is ExitCode.INTERRUPTED:
        os._exit(code)
    sys.exit(code)

"""How the process of a command ends: its exit code, errors in words and for programs, signals, streams nobody reads."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Final, NoReturn, TypeAlias

import click

from ocpprov.commands.error_documents import INTERRUPTED
from ocpprov.commands.exit_codes import ExitCode, Refused
from ocpprov.commands.held_signals import HeldSignals, handled_signals, leave, raise_interrupts
from ocpprov.commands.refusals import problems_in
from ocpprov.engine.cancel import Interrupted
from ocpprov.engine.printable import printable
from ocpprov.engine.problem import Problem
from ocpprov.engine.threads import ThreadsExhausted
from ocpprov.plan.problems import PlanErrors
from ocpprov.runs.private_files import Untrusted

Tell: TypeAlias = Callable[[Sequence[Problem]], None]
"""Writes errors for programs, where they are wanted."""


_MOMENT: Final = 0.01
"""Seconds on the wall until an interrupt that couldn't be raised comes again."""


def run(command: Callable[[], ExitCode], tell: Tell, refused: ExitCode = ExitCode.REFUSED) -> NoReturn:
    """Run a command and end the process with its exit code, `refused` where it was refused. Bad input never gives a
    traceback, and a signal ends it at any moment."""
    try:
        if held := raise_interrupts():
            sys.unraisablehook = _unraisable
        code = _ended(partial(_begun, command, held), tell, refused)
        if held or code is ExitCode.INTERRUPTED:
            leave(code)
        _end(code)
    except KeyboardInterrupt:
        # Another signal, while the word on the first was said.
        os._exit(ExitCode.INTERRUPTED)


def _unraisable(lost: sys.UnraisableHookArgs) -> None:
    """An interrupt in the middle of an import, or of what is done when an object goes, can't be raised: it would be
    told as a traceback, and be lost. It comes again when that is over, which another thread sees to."""
    if not issubclass(lost.exc_type, KeyboardInterrupt):
        sys.__unraisablehook__(lost)
        return
    for number in handled_signals()[:1]:
        again = threading.Timer(_MOMENT, signal.pthread_kill, (threading.main_thread().ident, number))
        again.daemon = True
        again.start()


def _begun(command: Callable[[], ExitCode], held: HeldSignals | None) -> ExitCode:
    if held and held.came:
        raise KeyboardInterrupt
    return command()


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
    except ThreadsExhausted as error:
        with suppress(OSError):
            click.echo(printable(str(error)), err=True)
        _told([Problem("", str(error))], tell)
        return ExitCode.FAILED
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
    """Leave, also when nobody reads what is written."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    sys.exit(code)

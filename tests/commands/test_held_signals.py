"""A signal before a command has begun is held until it begins; the second ends the process."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from ocpprov.commands import held_signals
from ocpprov.commands.exit_codes import ExitCode
from ocpprov.commands.held_signals import INTERRUPTS, HeldSignals, hold_signals, raise_interrupts
from ocpprov.commands.process_end import run


class Ended(BaseException):
    """The process."""


@pytest.fixture
def codes(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The codes with which the process was ended at once."""
    found = list[int]()

    def end(code: int) -> None:
        found.append(code)
        raise Ended

    monkeypatch.setattr("os._exit", end)
    before = {number: signal.getsignal(number) for number in INTERRUPTS}
    yield found
    monkeypatch.setattr("sys.unraisablehook", sys.__unraisablehook__)
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", INTERRUPTS)
def test_what_was_held_ends_the_command_before_it_begins(
    codes: list[int], number: signal.Signals, capsys: pytest.CaptureFixture[str]
) -> None:
    hold_signals()
    os.kill(os.getpid(), number)
    begun, told = list[str](), list[Any]()

    def command() -> ExitCode:
        begun.append("begun")
        return ExitCode.DONE

    with pytest.raises(Ended):
        run(command, told.append)
    assert (codes, begun, len(told)) == ([130], [], 1)
    assert capsys.readouterr().err == "interrupted\n"


@pytest.mark.parametrize("code", [ExitCode.DONE, ExitCode.REFUSED])
def test_a_process_of_ours_ends_at_once_with_its_code(codes: list[int], code: ExitCode) -> None:
    hold_signals()
    with pytest.raises(Ended):
        run(lambda: code, lambda problems: None)
    assert codes == [code]


def test_in_somebody_elses_process_nothing_was_held(codes: list[int]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(lambda: ExitCode.REFUSED, lambda problems: None)
    assert (ended.value.code, codes) == (2, [])


def test_once_the_command_has_begun_a_signal_is_raised(codes: list[int]) -> None:
    hold_signals()
    held = raise_interrupts()
    assert isinstance(held, HeldSignals)
    assert not held.came
    for number in INTERRUPTS:
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), number)


def test_the_second_of_those_that_are_held_ends_the_process(
    codes: list[int], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    hold_signals()
    os.kill(os.getpid(), signal.SIGTERM)
    with pytest.raises(Ended):
        os.kill(os.getpid(), signal.SIGINT)
    assert codes == [held_signals._INTERRUPTED] == [ExitCode.INTERRUPTED]
    assert capfd.readouterr().err == "interrupted\n"


def test_what_is_ignored_stays_ignored(codes: list[int]) -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    hold_signals()
    raise_interrupts()
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_interrupt_that_can_not_be_raised_comes_again(codes: list[int], capsys: pytest.CaptureFixture[str]) -> None:
    class Going:
        def __del__(self) -> None:
            os.kill(os.getpid(), signal.SIGINT)

    def command() -> ExitCode:
        one = Going()
        del one
        threading.Event().wait(5)
        return ExitCode.DONE

    hold_signals()
    with pytest.raises(Ended):
        run(command, lambda problems: None)
    assert codes == [130]
    assert capsys.readouterr().err == "interrupted\n"

"""How the process of a command ends."""

from __future__ import annotations

import signal
from typing import Any

import pytest

from ocpprov.commands.exit_codes import ExitCode
from ocpprov.commands.held_signals import INTERRUPTS
from ocpprov.commands.process_end import run
from ocpprov.engine.threads import ThreadsExhausted


def test_where_no_thread_can_begin_it_ends_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    told = list[Any]()

    def command() -> ExitCode:
        raise ThreadsExhausted

    before = {number: signal.getsignal(number) for number in INTERRUPTS}
    try:
        with pytest.raises(SystemExit) as ended:
            run(command, told.extend)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    said = str(ThreadsExhausted())
    assert (ended.value.code, capsys.readouterr().err, [each.detail for each in told]) == (1, f"{said}\n", [said])

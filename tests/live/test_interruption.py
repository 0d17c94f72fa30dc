"""Signals end what is under way and not the clean-up."""

from __future__ import annotations

import os
import signal

import pytest

from live.interruption import Abandoned, Interrupted, Interruption, interruptible

INT, TERM, HUP = signal.SIGINT, signal.SIGTERM, signal.SIGHUP


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def interruption(said: list[str]) -> Interruption:
    return Interruption(said.append)


@pytest.mark.parametrize("number", [INT, TERM, HUP])
def test_the_first_ends_what_is_under_way(interruption: Interruption, number: int) -> None:
    with interruptible(interruption):
        interruption.arm()
        with pytest.raises(Interrupted, match=signal.Signals(number).name):
            os.kill(os.getpid(), number)
    assert interruption.names == (signal.Signals(number).name,)


def test_one_before_there_is_anything_to_clean_up_counts_all_the_same(interruption: Interruption) -> None:
    with interruptible(interruption):
        os.kill(os.getpid(), TERM)
        with pytest.raises(Interrupted, match="SIGTERM"):
            interruption.arm()


def test_the_second_leaves_the_clean_up_alone_and_the_third_ends_it(
    interruption: Interruption, said: list[str]
) -> None:
    with interruptible(interruption):
        interruption.arm()
        with pytest.raises(Interrupted):
            os.kill(os.getpid(), INT)
        os.kill(os.getpid(), INT)
        assert said == ["SIGINT: the clean-up goes on; one more leaves everything as it is"]
        with pytest.raises(Abandoned):
            os.kill(os.getpid(), INT)


def test_the_first_one_in_a_clean_up_is_no_reason_to_end_it(interruption: Interruption, said: list[str]) -> None:
    with interruptible(interruption):
        interruption.arm()
        interruption.clean()
        os.kill(os.getpid(), TERM)
    assert (interruption.names, said) == (("SIGTERM",), [])


def test_a_terminal_that_is_gone_ends_no_clean_up_however_often_it_is_told(interruption: Interruption) -> None:
    with interruptible(interruption):
        interruption.arm()
        with pytest.raises(Interrupted):
            os.kill(os.getpid(), HUP)
        for _ in range(3):
            os.kill(os.getpid(), HUP)


def test_what_nohup_has_ignored_stays_ignored_and_handlers_come_back(interruption: Interruption) -> None:
    signal.signal(HUP, signal.SIG_IGN)
    before = signal.getsignal(INT)
    with interruptible(interruption):
        interruption.arm()
        os.kill(os.getpid(), HUP)
        assert signal.getsignal(INT) == interruption.on_signal
    assert (interruption.names, signal.getsignal(INT), signal.getsignal(HUP)) == ((), before, signal.SIG_IGN)

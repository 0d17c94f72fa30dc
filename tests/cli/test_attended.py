"""The command line that ends when nobody holds its stdin any more."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from ocpprov.cli.attended import at_end_of, interrupt


def test_the_end_comes_with_the_last_that_holds_the_other_end() -> None:
    reading, writing = os.pipe()
    ended = threading.Event()
    thread = threading.Thread(target=at_end_of, args=(reading, ended.set))
    thread.start()
    os.write(writing, b"words are read and mean nothing")
    assert not ended.wait(0.05)
    os.close(writing)
    assert ended.wait(10)
    thread.join()
    os.close(reading)


def test_it_is_interrupted_by_what_nobody_ignores(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "kill", lambda pid, number: sent.append((pid, number)))
    interrupt()
    assert sent == [(os.getpid(), signal.SIGTERM)]

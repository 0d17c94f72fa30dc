"""The first interrupt ends the beginning of things, the second one the waiting for them."""

from __future__ import annotations

import pytest

from ocpprov.engine.cancel import Cancellation, Interrupted


def test_two_interrupts_are_two_stages() -> None:
    wish = Cancellation()
    assert not wish.stopping()
    wish.check()
    wish.interrupt()
    assert wish.stopping()
    wish.check()
    wish.interrupt()
    assert wish.stopping()
    with pytest.raises(Interrupted):
        wish.check()
    assert wish.leave.is_set()


def test_no_handler_of_failures_takes_it_for_one() -> None:
    assert not issubclass(Interrupted, Exception)

"""However a rehearsal ends, the account is clean: by itself, or by the clean-up command where it was killed."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from live.__main__ import main
from live.endings import Ending, endings

INT, TERM, HUP, KILL = signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL


def test_each_way_comes_in_turn_at_moments_that_the_seed_decides() -> None:
    drawn = endings(30, 1, 500)
    assert [each.signals for each in drawn[:6]] == [(TERM,), (HUP,), (INT,), (INT, INT), (KILL,), (TERM, KILL)]
    assert drawn == endings(30, 1, 500) != endings(30, 2, 500)
    assert all(1 <= each.changes < 500 for each in drawn)
    assert len({each.changes for each in drawn}) > 20
    assert str(Ending((INT, KILL), 7)) == "SIGINT SIGKILL after 7 changes"


@pytest.mark.torture
def test_nothing_is_left_after_any_of_thirty(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Twenty minutes: thirty rehearsals in processes of their own, each ended at another moment."""
    assert main(["endings", "--number", "30", "--seed", "1", "--folder", str(tmp_path)]) == 0
    assert capfd.readouterr().out.splitlines()[-1] == "30 endings with seed 1: 0 left something"

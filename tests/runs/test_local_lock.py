"""The lock on this host: one at a time, whoever is kept out learns of whom, and it ends with its process."""

from __future__ import annotations

import os
import signal
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from ocpprov.runs.holder import Holder, parse
from ocpprov.runs.local_lock import Glimpse, Locked, PlanLock, glimpse, plan_lock, state_directory
from ocpprov.runs.private_files import Untrusted

FIRST = Holder("r1", "ann", "bastion", 17, 1000.0)
SECOND = Holder("r2", "bob", "bastion", 18, 1030.0)
PLACE = ("123456789012", "eu-west-1", "prod")


def file_in(directory: Path) -> Path:
    return directory / "123456789012-eu-west-1-prod.lock"


def test_whoever_comes_second_learns_who_since_when_and_how_far(tmp_path: Path) -> None:
    with plan_lock(tmp_path, *PLACE, FIRST) as held:
        held.note("ready Nat")
        with pytest.raises(Locked) as caught, plan_lock(tmp_path, *PLACE, SECOND):
            pass
    assert str(caught.value) == (
        "another ocpprov is at work on plan prod: ann on bastion, process 17, since 00:16:40 UTC (30 s), run r1, last: "
        "ready Nat; wait for it (--lock-timeout SECONDS), or end it, then try again"
    )


def test_a_shorter_note_leaves_nothing_of_the_longer_one(tmp_path: Path) -> None:
    with plan_lock(tmp_path, *PLACE, FIRST) as held:
        held.note("ready a resource with a long name")
        held.note("x")
        assert file_in(tmp_path).read_text() == Holder("r1", "ann", "bastion", 17, 1000.0, "x").text()


def test_a_note_is_cut_where_nobody_would_read_on(tmp_path: Path) -> None:
    with plan_lock(tmp_path, *PLACE, FIRST) as held:
        held.note("x" * 5000)
        assert file_in(tmp_path).stat().st_size == 4096
        with pytest.raises(Locked, match="its run is not known"), plan_lock(tmp_path, *PLACE, SECOND):
            pass


def test_a_full_disk_does_not_matter() -> None:
    PlanLock(-1, FIRST).note("ready Nat")


def test_it_is_free_again_afterwards_also_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="of the run"), plan_lock(tmp_path, *PLACE, FIRST):
        raise ValueError("of the run")
    with plan_lock(tmp_path, *PLACE, SECOND):
        assert parse(file_in(tmp_path).read_text()) == SECOND


@pytest.mark.parametrize("place", [("1", *PLACE[1:]), (PLACE[0], "eu-west-2", PLACE[2]), (*PLACE[:2], "lab")])
def test_other_accounts_regions_and_plans_are_others(tmp_path: Path, place: tuple[str, str, str]) -> None:
    with plan_lock(tmp_path, *PLACE, FIRST), plan_lock(tmp_path, *place, SECOND):
        assert len(list(tmp_path.iterdir())) == 2


def test_it_is_for_its_owners_eyes_only(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with plan_lock(tmp_path / "state", *PLACE, FIRST):
            modes = [stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "state", file_in(tmp_path / "state"))]
    finally:
        os.umask(before)
    assert modes == [0o700, 0o600]


def test_a_lock_in_a_folder_of_others_is_none(tmp_path: Path) -> None:
    """Who may write there could take it away under the run."""
    (tmp_path / "locks").mkdir()
    (tmp_path / "locks").chmod(0o777)
    with pytest.raises(Untrusted), plan_lock(tmp_path / "locks", *PLACE, FIRST):
        pass


def test_a_directory_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    with pytest.raises(OSError, match="state"), plan_lock(tmp_path / "state", *PLACE, FIRST):
        pass


def test_a_link_to_another_file_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("precious")
    file_in(tmp_path).symlink_to(tmp_path / "precious")
    with pytest.raises(OSError, match="symbolic links"), plan_lock(tmp_path, *PLACE, FIRST):
        pass
    assert (tmp_path / "precious").read_text() == "precious"


def _hold(directory: Path, pipe: Any) -> None:
    with plan_lock(directory, *PLACE, FIRST):
        pipe.send("held")
        pipe.recv()


@contextmanager
def other_process(directory: Path) -> Iterator[int]:
    """Another process that holds the lock until it is killed."""
    context = get_context("fork")
    ours, theirs = context.Pipe()
    process = context.Process(target=_hold, args=(directory, theirs))
    process.start()
    try:
        assert ours.poll(20)
        assert ours.recv() == "held"
        yield process.pid or 0
    finally:
        process.kill()
        process.join(10)


def test_another_process_is_kept_out_until_the_first_is_killed(tmp_path: Path) -> None:
    with other_process(tmp_path) as pid:
        with pytest.raises(Locked, match="process 17"), plan_lock(tmp_path, *PLACE, SECOND):
            pass
        os.kill(pid, signal.SIGKILL)
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
        with plan_lock(tmp_path, *PLACE, SECOND):
            assert parse(file_in(tmp_path).read_text()) == SECOND


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"XDG_STATE_HOME": "/var/state"}, "/var/state/ocpprov"),
        ({"XDG_STATE_HOME": "state"}, "/home/ann/.local/state/ocpprov"),
        ({"XDG_STATE_HOME": ""}, "/home/ann/.local/state/ocpprov"),
        ({}, "/home/ann/.local/state/ocpprov"),
    ],
)
def test_where_the_state_is_kept(environ: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ann")
    assert state_directory(environ) == Path(expected)


def untouched(directory: Path, seen: Glimpse | None) -> bool:
    with plan_lock(directory, *PLACE, SECOND, seen) as held:
        return held.untouched


def test_it_is_untouched_where_nobody_has_held_it_since_the_glimpse(tmp_path: Path) -> None:
    """As there is no file yet, and as the one before has released it."""
    assert untouched(tmp_path, glimpse(tmp_path, *PLACE[1:]))
    assert untouched(tmp_path, glimpse(tmp_path, *PLACE[1:]))


def test_without_a_glimpse_nobody_knows(tmp_path: Path) -> None:
    assert not untouched(tmp_path, None)


@pytest.mark.parametrize("before", [False, True], ids=["new", "known"])
def test_whoever_has_held_it_meanwhile_has_touched_it(tmp_path: Path, before: bool) -> None:
    if before:
        untouched(tmp_path, None)
    seen = glimpse(tmp_path, *PLACE[1:])
    with plan_lock(tmp_path, *PLACE, FIRST):
        pass
    assert not untouched(tmp_path, seen)


def test_who_holds_it_at_the_glimpse_touches_it(tmp_path: Path) -> None:
    with plan_lock(tmp_path, *PLACE, FIRST):
        seen = glimpse(tmp_path, *PLACE[1:])
    assert not untouched(tmp_path, seen)


def test_who_was_killed_may_have_lived_on(tmp_path: Path) -> None:
    """Its file says nothing of its end."""
    file_in(tmp_path).write_text(FIRST.text())
    file_in(tmp_path).chmod(0o600)
    assert not untouched(tmp_path, glimpse(tmp_path, *PLACE[1:]))


def test_the_locks_of_other_accounts_are_others(tmp_path: Path) -> None:
    with plan_lock(tmp_path, "1", *PLACE[1:], FIRST):
        seen = glimpse(tmp_path, *PLACE[1:])
    assert untouched(tmp_path, seen)
    assert [*seen] == ["1-eu-west-1-prod.lock"]


def test_a_lock_without_what_it_says_may_be_held(tmp_path: Path) -> None:
    """The disk was full."""
    file_in(tmp_path).touch(0o600)
    assert not untouched(tmp_path, glimpse(tmp_path, *PLACE[1:]))

"""Who of a fleet is at work when, whom it is asked for, and what an interrupt does, with runs that only wait."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from ocpprov.commands.connection import connect
from ocpprov.commands.exit_codes import ExitCode, Refused
from ocpprov.commands.fleet_here import FleetHere
from ocpprov.commands.fleet_values import FleetAct, FleetMember, FleetRequest, MemberEnd
from ocpprov.commands.options import Options
from ocpprov.engine.cancel import Cancellation, Interrupted
from ocpprov.runs.folder import RunFolder

NAMES = [f"p{number}" for number in range(7)]
MEMBERS = [FleetMember(Path(f"{name}.yaml"), name, "", "eu-west-1", RunFolder(Path(name))) for name in NAMES]


@dataclass
class Runs:
    """Members' runs that note what happens to them. `asks` want an answer before they go on; `stuck` ones never end;
    `meanwhile` is called in each."""

    asks: tuple[str, ...] = ()
    stuck: tuple[str, ...] = ()
    meanwhile: Callable[[str], None] = lambda name: None
    began: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    agreed: list[str] = field(default_factory=list)
    most: int = 0
    _at_work: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def _enter(self, name: str) -> None:
        with self._lock:
            self._at_work.add(name)
            self.most = max(self.most, len(self._at_work))

    def _leave(self, name: str) -> None:
        with self._lock:
            self._at_work.remove(name)

    def run_one(self, member: FleetMember, request: FleetRequest, hear: Any, confirmed: Any, *_: Any) -> MemberEnd:
        self.began.append(member.plan)
        self._enter(member.plan)
        try:
            self.meanwhile(member.plan)
            if member.plan in self.stuck:
                threading.Event().wait()
            if member.plan in self.asks:
                self._leave(member.plan)
                self.shown.append(member.plan)
                try:
                    confirmed()
                finally:
                    self._enter(member.plan)
                self.agreed.append(member.plan)
                self.meanwhile(member.plan)
        except Refused as error:
            return MemberEnd(member, ExitCode.REFUSED, problems=error.problems)
        except Interrupted:
            return MemberEnd(member, ExitCode.INTERRUPTED)
        finally:
            self._leave(member.plan)
        return MemberEnd(member, ExitCode.DONE)


def never_asked() -> None:
    raise AssertionError("nobody wants to know")


def ended(
    runs: Runs,
    at_once: int = 2,
    ask: Callable[[], None] = never_asked,
    cancellation: Cancellation | None = None,
) -> Iterator[MemberEnd]:
    request = FleetRequest(FleetAct.APPLY, Options(), at_once, cancellation or Cancellation())
    here = FleetHere(ask, connect, {}, run_one=runs.run_one, grace=0.3)
    return here.run(MEMBERS, request, lambda member, event: None)


def by_name(ends: Iterator[MemberEnd]) -> dict[str, MemberEnd]:
    all_ends = list(ends)
    found = {end.member.plan: end for end in all_ends}
    assert len(found) == len(all_ends)
    return found


def test_all_run_so_many_at_once_and_who_came_first_begins_first() -> None:
    together = threading.Barrier(2)

    def beside_another(name: str) -> None:
        if name != "p6":
            together.wait(5)

    runs = Runs(meanwhile=beside_another)
    found = by_name(ended(runs))
    assert {end.code for end in found.values()} == {ExitCode.DONE}
    assert found.keys() == set(NAMES)
    assert runs.most == 2
    assert runs.began == NAMES


def test_a_person_is_asked_once_when_all_have_shown_what_they_would_do() -> None:
    runs, asked = Runs(asks=("p0", "p2", "p5", "p6")), list[list[str]]()
    found = by_name(ended(runs, ask=lambda: asked.append(sorted(runs.shown))))
    assert asked == [["p0", "p2", "p5", "p6"]]
    assert sorted(runs.agreed) == ["p0", "p2", "p5", "p6"]
    assert {end.code for end in found.values()} == {ExitCode.DONE}
    assert runs.most <= 2


def test_who_has_shown_its_plan_holds_up_nobody() -> None:
    """Each waits for the answer, and the next begins in its place."""
    runs, asked = Runs(asks=tuple(NAMES)), list[int]()
    by_name(ended(runs, at_once=1, ask=lambda: asked.append(len(runs.shown))))
    assert asked == [len(NAMES)]
    assert runs.most == 1


def test_where_the_answer_is_no_nobody_goes_on_and_who_has_nothing_to_ask_has_ended_well() -> None:
    def no() -> None:
        raise Refused("not confirmed; nothing was changed")

    runs = Runs(asks=("p1", "p3"))
    found = by_name(ended(runs, ask=no))
    assert {name for name, end in found.items() if end.code is ExitCode.REFUSED} == {"p1", "p3"}
    assert [str(each) for each in found["p1"].problems] == ["not confirmed; nothing was changed"]
    assert runs.agreed == []


def test_a_ctrl_c_at_the_question_ends_all_that_ask_as_interrupted() -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    cancellation = Cancellation()
    found = by_name(ended(Runs(asks=("p1",)), ask=interrupted, cancellation=cancellation))
    assert found["p1"].code is ExitCode.INTERRUPTED
    assert found["p0"].code is ExitCode.DONE
    assert cancellation.stopping()


def test_after_one_ctrl_c_nobody_begins_and_those_at_work_end_by_themselves() -> None:
    cancellation = Cancellation()
    runs = Runs(meanwhile=lambda name: cancellation.interrupt() if name == "p0" else None)
    found = by_name(ended(runs, at_once=1, cancellation=cancellation))
    assert found["p0"].code is ExitCode.DONE
    assert runs.began == ["p0"]
    rest = [found[name] for name in NAMES[1:]]
    assert {(end.code, end.not_run) for end in rest} == {
        (ExitCode.INTERRUPTED, "it was interrupted before it began"),
    }


def test_after_one_ctrl_c_nobody_is_asked() -> None:
    cancellation = Cancellation()
    runs = Runs(asks=("p0",), meanwhile=lambda name: cancellation.interrupt() if name == "p0" else None)
    found = by_name(ended(runs, at_once=1, cancellation=cancellation))
    assert found["p0"].code is ExitCode.INTERRUPTED


def test_after_two_who_does_not_end_is_left_behind() -> None:
    cancellation = Cancellation()

    def leave(name: str) -> None:
        if name == "p1":
            cancellation.interrupt()
            cancellation.interrupt()

    found = by_name(ended(Runs(stuck=("p0",), meanwhile=leave), cancellation=cancellation))
    assert found["p0"].code is ExitCode.INTERRUPTED
    assert found["p1"].code is ExitCode.DONE
    assert found.keys() == set(NAMES)


@pytest.mark.parametrize("at_once", [1, 100])
def test_any_number_at_once_will_do(at_once: int) -> None:
    assert by_name(ended(Runs(), at_once=at_once)).keys() == set(NAMES)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (SystemExit(1), ExitCode.FAILED),
        (GeneratorExit(), ExitCode.FAILED),
        (KeyError("State"), ExitCode.FAILED),
        (Interrupted(), ExitCode.INTERRUPTED),
        (KeyboardInterrupt(), ExitCode.INTERRUPTED),
    ],
)
def test_whatever_the_thread_of_one_dies_of_the_others_go_on(error: BaseException, code: ExitCode) -> None:
    class Dying(Runs):
        def run_one(self, member: FleetMember, *rest: Any) -> MemberEnd:
            if member.plan == "p0":
                raise error
            return super().run_one(member, *rest)

    found = by_name(ended(Dying()))
    assert found["p0"].code is code
    assert [type(error).__name__ in str(each) for each in found["p0"].problems] == [True] * (code is ExitCode.FAILED)
    assert {end.code for name, end in found.items() if name != "p0"} == {ExitCode.DONE}


def test_who_comes_to_its_question_when_all_is_left_is_told_of_too() -> None:
    cancellation, left = Cancellation(), threading.Event()

    def at_work(name: str) -> None:
        if name == "p0":
            cancellation.interrupt()
            cancellation.interrupt()
            left.set()
        else:
            left.wait(5)
            # Looked at once in between, while nobody asks.
            threading.Event().wait(0.05)

    found = by_name(ended(Runs(asks=("p1",), meanwhile=at_work), cancellation=cancellation))
    assert found.keys() == set(NAMES)
    assert found["p1"].code is ExitCode.INTERRUPTED
    assert found["p1"].not_run == ""


def test_nobody_waits_for_an_answer_that_does_not_come() -> None:
    """The thread that asks has died, say."""
    cancellation = Cancellation()
    outcomes = list[MemberEnd]()

    class Noting(Runs):
        def run_one(self, member: FleetMember, *rest: Any) -> MemberEnd:
            outcomes.append(super().run_one(member, *rest))
            return outcomes[-1]

    def dies() -> None:
        raise SystemExit

    with pytest.raises(SystemExit):
        list(ended(Noting(asks=("p0",)), ask=dies, cancellation=cancellation))
    cancellation.interrupt()
    cancellation.interrupt()
    deadline = time.monotonic() + 5
    while len(outcomes) < len(NAMES):
        assert time.monotonic() < deadline
        threading.Event().wait(0.01)
    assert (outcomes[-1].member.plan, outcomes[-1].code) == ("p0", ExitCode.INTERRUPTED)

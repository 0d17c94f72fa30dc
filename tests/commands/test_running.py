"""Signals are heeded at any moment, and a run that is left says what it has done."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ocpprov.aws.clock import SystemClock
from ocpprov.commands import running
from ocpprov.commands.options import Options
from ocpprov.commands.running import interruptible, not_begun, run_rounds
from ocpprov.commands.survey import Survey
from ocpprov.engine.actions import Action, Actions, Verb, counted
from ocpprov.engine.cancel import Cancellation, Interrupted
from ocpprov.engine.graph import Graph
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.resources import Live, Owner, Resource
from ocpprov.engine.steps import CreateStep
from ocpprov.kinds.contract import Found
from ocpprov.reconcile.execute import Failure, Result
from ocpprov.runs.folder import RunFolder

OWNER = Owner("lab", "eu-west-1", "123456789012", "run")
VPC = "AWS::EC2::VPC"
UNUSED: Any = None


def until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_signal_is_heeded_while_the_main_thread_holds_what_a_line_needs() -> None:
    cancellation, screen, said = Cancellation(), threading.Lock(), list[str]()

    def say(text: str) -> None:
        with screen:
            said.append(text)

    with interruptible(cancellation, say):
        with screen:
            os.kill(os.getpid(), signal.SIGINT)
            until(cancellation.stopping)
            assert said == []
        until(lambda: bool(said))
        assert not cancellation.leave.is_set()
        os.kill(os.getpid(), signal.SIGTERM)
        until(cancellation.leave.is_set)
        os.kill(os.getpid(), signal.SIGINT)
    assert [text.partition(":")[0] for text in said] == ["stopping", "leaving", "leaving"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_signal_is_heeded_though_nothing_can_be_said() -> None:
    cancellation = Cancellation()

    def say(text: str) -> None:
        raise RuntimeError(text)

    with interruptible(cancellation, say):
        for _ in range(2):
            os.kill(os.getpid(), signal.SIGINT)
        until(cancellation.leave.is_set)


def surveyed(**verbs: Verb) -> Survey:
    """A look that finds this to do, by logical id."""
    actions = [Action(name, VPC, verb, f"id-{name}") for name, verb in verbs.items()]
    steps = [
        CreateStep(name=action.step_name, type=VPC, logical_id=action.resource, resource=Resource(action.resource, VPC))
        for action in actions
        if action.verb is not Verb.KEEP
    ]
    return Survey(Inventory(), Actions(OWNER, Graph({}, {}), actions, steps, {}), Found(OWNER))


class Rounds:
    """What each round comes to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path, *failing: str) -> None:
        self._failing = failing
        self._folder = folder
        self.rounds = 0
        monkeypatch.setattr(running, "_run", self._run)

    def _run(self, actions: Actions, *_: Any) -> Result:
        self.rounds += 1
        failures = [
            Failure(step.logical_id, VPC, OSError()) for step in actions.steps if step.logical_id in self._failing
        ]
        done = frozenset(step.name for step in actions.steps if step.logical_id not in self._failing)
        lives = {step.logical_id: Live(VPC, step.logical_id, {}) for step in actions.steps}
        return Result(failures, {}, [], lives, interrupted=False, done=done)

    def ended(self, first: Survey, look: Callable[[], Survey]) -> running.Ended:
        connection: Any = SimpleNamespace(owner=OWNER, clock=SystemClock())
        return run_rounds(first, look, connection, RunFolder(self._folder), Options(), UNUSED)


def test_what_a_run_did_is_counted_over_all_of_its_rounds(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    looks = iter([surveyed(A=Verb.KEEP, B=Verb.KEEP, C=Verb.REPLACE, D=Verb.SWEEP), surveyed(A=Verb.KEEP)])
    rounds = Rounds(monkeypatch, tmp_path)
    first = surveyed(A=Verb.CREATE, B=Verb.CREATE, C=Verb.UPDATE, K=Verb.KEEP)
    ended = rounds.ended(first, lambda: next(looks))
    assert rounds.rounds == 2
    assert counted(ended.done) == {"create": 2, "update": 1, "replace": 1, "delete": 0, "keep": 1, "sweep": 1}


def test_what_failed_is_not_counted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    rounds = Rounds(monkeypatch, tmp_path, "B")
    ended = rounds.ended(surveyed(A=Verb.DELETE, B=Verb.DELETE), surveyed)
    assert counted(ended.done)["delete"] == 1


def test_a_look_that_is_left_ends_the_run_as_interrupted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def look() -> Survey:
        raise Interrupted

    ended = Rounds(monkeypatch, tmp_path).ended(surveyed(A=Verb.CREATE), look)
    assert ended.result.interrupted
    assert not ended.result.ok
    assert set(ended.current) == {"A"}
    assert counted(ended.done)["create"] == 1


def test_a_run_that_has_not_begun_has_all_of_it_left() -> None:
    ended = not_begun(surveyed(A=Verb.DELETE, B=Verb.DELETE))
    assert ended.result.interrupted
    assert set(ended.result.skipped) == {"A", "B"}
    assert ended.done == ()


def test_a_second_signal_is_heeded_though_nobody_takes_what_is_written() -> None:
    cancellation, taken = Cancellation(), threading.Event()

    def say(text: str) -> None:
        taken.wait(5)

    with interruptible(cancellation, say):
        for _ in range(2):
            os.kill(os.getpid(), signal.SIGINT)
        until(cancellation.leave.is_set)
        taken.set()

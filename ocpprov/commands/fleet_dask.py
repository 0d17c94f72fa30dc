"""A fleet on workers on other hosts: each plan is sent to one that reaches its account and region. Dask decides when
and on which of them; here it is seen to that each plan is run once at most, and that each one's end is told."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Final, Protocol

from ocpprov import __version__
from ocpprov.commands.error_documents import INTERRUPTED, refusal_events
from ocpprov.commands.exit_codes import ExitCode, Refused
from ocpprov.commands.fleet_tally import Tally
from ocpprov.commands.fleet_task import (
    MemberTask,
    ReachedRegion,
    Word,
    WordKind,
    event_in,
    exit_code_in,
    problem_in,
    problems_in_end,
    seconds_in,
)
from ocpprov.commands.fleet_values import FleetAct, FleetMember, FleetRequest, Hear, MemberEnd
from ocpprov.engine.events import Event, EventKind
from ocpprov.engine.printable import printable
from ocpprov.engine.problem import Problem
from ocpprov.plan.nodes import MOST_BYTES
from ocpprov.runs.input_files import read_file

_LOOK_UP: Final = 1.0
"""Seconds on the wall after which it is looked up who is still there."""


class SchedulerGone(Exception):
    """The scheduler doesn't answer any more."""


@dataclass(frozen=True)
class WorkerSeen:
    """A worker that is there: its name, of which there is one for ever, and what it says that it reaches."""

    name: str
    reaches: frozenset[ReachedRegion]


class Cluster(Protocol):
    """The way to the workers. Each raises SchedulerGone."""

    def workers(self) -> Sequence[WorkerSeen]:
        """Those that are there now."""
        ...

    def send(self, task: MemberTask) -> None:
        """Have a worker run it that reaches what it wants, when one has room."""
        ...

    def withdraw(self, attempt: str) -> bool:
        """Take it back: whether it hadn't begun, and never will now."""
        ...

    def settled(self) -> frozenset[str]:
        """The attempts that nobody works on or will any more, however that came."""
        ...

    def stop(self, name: str) -> None:
        """End the runs whose tasks have this name for it, as by one Ctrl-C."""
        ...

    def words(self, seconds: float) -> Sequence[Word]:
        """What bastions have said since the last time; waited for so long, if nothing was."""
        ...


@dataclass
class _Sent:
    """A member that was sent: what it has told, who runs it as far as that was said, and how often that worker wasn't
    seen."""

    member: FleetMember
    task: MemberTask
    tally: Tally = field(default_factory=Tally)
    began: Word | None = None
    unseen: int = 0

    @property
    def host(self) -> str:
        """Where it runs; empty where nobody has said so."""
        return printable(self.began.host) if self.began else ""

    def is_with(self, workers: Sequence[WorkerSeen], settled: frozenset[str]) -> bool:
        """Whether somebody is at work on it, or may be some time."""
        if self.task.attempt in settled:
            return False
        if self.began:
            return any(worker.name == self.began.worker for worker in workers)
        return any(self.task.reach in worker.reaches for worker in workers)


class Open(Protocol):
    """Opens the way to the workers. Raises Refused where there is none."""

    def __call__(self) -> AbstractContextManager[Cluster]: ...


@dataclass(frozen=True)
class FleetOnDask:
    """Runs members on the workers of a cluster. Nobody is asked before: the request says yes already."""

    open: Open

    def run(self, members: Sequence[FleetMember], request: FleetRequest, hear: Hear) -> Iterator[MemberEnd]:
        """Each member's end, as soon as it has come. Raises Refused before anything is sent."""
        _guard(request)
        with self.open() as cluster:
            yield from _Course(cluster, request, hear).ends(members)


@dataclass(frozen=True)
class _Course:
    """One fleet on its way. `sent` are the members whose end hasn't come, by attempt."""

    cluster: Cluster
    request: FleetRequest
    hear: Hear
    sent: dict[str, _Sent] = field(default_factory=dict)

    def ends(self, members: Sequence[FleetMember]) -> Iterator[MemberEnd]:
        try:
            yield from self._send(members)
            yield from self._heard()
        except SchedulerGone:
            for each in self.sent.values():
                yield self._lost(each, "the scheduler doesn't answer any more")

    def _send(self, members: Sequence[FleetMember]) -> Iterator[MemberEnd]:
        workers = self.cluster.workers()
        fleet = secrets.token_hex(8)
        for number, member in enumerate(members):
            reach = reach_of(member, workers)
            if isinstance(reach, str):
                yield MemberEnd(member, ExitCode.REFUSED, not_run=reach)
            else:
                task = task_of(member, self.request, reach, f"{fleet}-{number}", f"{fleet}-stop")
                self.sent[task.attempt] = _Sent(member, task)
        for task in [each.task for each in self.sent.values()]:
            self.cluster.send(task)

    def _heard(self) -> Iterator[MemberEnd]:
        """Until nothing is left of what was sent."""
        stopped = False
        while self.sent:
            if self.request.cancellation.stopping() and not stopped:
                stopped = True
                yield from self._stop()
            if self.request.cancellation.leave.is_set():
                for each in self.sent.values():
                    yield MemberEnd(each.member, ExitCode.INTERRUPTED, host=each.host)
                return
            words = self.cluster.words(_LOOK_UP)
            for word in words:
                if word.attempt in self.sent:
                    yield from self._taken_in(self.sent[word.attempt], word)
            if not words:
                yield from self._gone()

    def _stop(self) -> Iterator[MemberEnd]:
        """What has begun ends as it does alone; the rest doesn't begin."""
        for each in [*self.sent.values()]:
            if each.began is None and self.cluster.withdraw(each.task.attempt):
                del self.sent[each.task.attempt]
                yield MemberEnd(each.member, ExitCode.INTERRUPTED, not_run="it was interrupted before it began")
        for name in {each.task.stop for each in self.sent.values()}:
            self.cluster.stop(name)

    def _gone(self) -> Iterator[MemberEnd]:
        """Those whose worker is lost. A worker's last words may come a moment after it has left."""
        workers, settled = self.cluster.workers(), self.cluster.settled()
        for each in [*self.sent.values()]:
            each.unseen = 0 if each.is_with(workers, settled) else each.unseen + 1
            if each.unseen < 2:
                continue
            del self.sent[each.task.attempt]
            if each.began is None and self.cluster.withdraw(each.task.attempt):
                not_run = f"no worker reaches {each.task.reach} any more"
                yield MemberEnd(each.member, ExitCode.REFUSED, not_run=not_run)
            else:
                yield self._lost(each, "its worker is gone")

    def _taken_in(self, each: _Sent, word: Word) -> Iterator[MemberEnd]:
        if word.kind is WordKind.EVENT:
            if event := event_in(word.detail):
                each.tally.add(event)
                self.hear(each.member, event)
            return
        if word.kind is WordKind.BEGAN:
            each.began = word
            detail = {"action": self.request.act.value, "host": each.host}
            self.hear(each.member, Event(EventKind.STARTED, time.time(), detail=detail))
            return
        del self.sent[word.attempt]
        if word.kind is WordKind.ENDED:
            each.tally.problems += problems_in_end(word.detail)
            yield self._end(each, exit_code_in(word.detail), seconds_in(word.detail))
        elif word.kind is WordKind.DECLINED:
            problem = problem_in(word.detail.get("problem"))
            yield MemberEnd(each.member, ExitCode.REFUSED, host=printable(word.host), not_run=str(problem))
        else:
            yield self._lost(each, "its worker is gone")

    def _lost(self, each: _Sent, why: str) -> MemberEnd:
        """Nobody knows how it ended, and nobody runs it again by himself."""
        where = f"in {printable(each.began.folder)} on {each.host}" if each.began else "on the bastion that had it"
        detail = f"lost: {why}. What it did is in its journal {where}"
        remedy = "when that worker is back, run the fleet again: the run goes on with the journal"
        each.tally.problems.append(Problem(each.member.plan, detail, remedy))
        return self._end(each, ExitCode.FAILED, 0.0)

    def _end(self, each: _Sent, code: ExitCode, seconds: float) -> MemberEnd:
        tally = each.tally
        if code is not ExitCode.DONE and not tally.finished:
            # Programs wait for a last event of each.
            for event in refusal_events(tally.problems or [INTERRUPTED], time.time(), seconds):
                self.hear(each.member, event)
        return MemberEnd(
            each.member, code, seconds, tally.changed, tally.calls, tally.problems, each.host, to_do=tally.to_do
        )


def _guard(request: FleetRequest) -> None:
    """Raises Refused where something is asked for that is a worker's own, or where somebody would have to be asked."""
    options = request.options
    own = {"--sandbox": options.sandbox, "--profile": options.profile, "--insecure-endpoint": options.insecure_endpoint}
    for option in (name for name, given in own.items() if given):
        detail = "each worker has its own, whoever sends it a plan"
        raise Refused(Problem(option, detail, f"give {option} to ocpprov fleet-worker, not with --scheduler"))
    if request.act is not FleetAct.PLAN and not options.yes:
        detail = "nobody can be asked on another host"
        raise Refused(Problem("--scheduler", detail, "look with --do plan, then give --yes"))


def reach_of(member: FleetMember, workers: Sequence[WorkerSeen]) -> ReachedRegion | str:
    """Where a plan goes; or, in words, why it can't be sent anywhere. A plan that says no account goes to the one that
    workers reach in its region, if that is one."""
    there = {reach for worker in workers for reach in worker.reaches if reach.region == member.region}
    if member.account:
        wanted = ReachedRegion(member.account, member.region)
        return wanted if wanted in there else f"no worker reaches {wanted}"
    if len(there) == 1:
        return there.pop()
    if not there:
        return f"no worker reaches {member.region}"
    accounts = ", ".join(sorted(reach.account for reach in there))
    return f"workers reach {member.region} in several accounts ({accounts}), and the plan doesn't say accountID"


def task_of(member: FleetMember, request: FleetRequest, reach: ReachedRegion, attempt: str, stop: str) -> MemberTask:
    """What is sent for a member: the text of its plan, and of the options what isn't about a host. Raises Refused."""
    try:
        text = read_file(member.path, MOST_BYTES).decode()
    except (OSError, ValueError) as error:
        raise Refused(Problem(str(member.path), f"can't be read any more: {error}", "run the same again")) from error
    arguments = [*_arguments(request)]
    return MemberTask(attempt, stop, member.plan, reach, request.act.value, text, arguments, __version__)


def _arguments(request: FleetRequest) -> Iterator[str]:
    if request.act is not FleetAct.PLAN:
        yield "--yes"
        if request.options.lock_timeout:
            yield from ("--lock-timeout", f"{request.options.lock_timeout:g}")

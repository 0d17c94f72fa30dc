"""A fleet on workers on other hosts: each plan is sent to one that reaches its account and region. Dask decides when
and on which of them; here it is seen to that each plan is run once at most, and that each one's end is told."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

from ocpprov import __version__
from ocpprov.commands.exit_codes import ExitCode, Refused
from ocpprov.commands.fleet_tally import Tally
from ocpprov.commands.fleet_task import (
    MemberTask,
    Reach,
    Word,
    WordKind,
    event_in,
    exit_code_in,
    problem_in,
    problems_in_end,
    seconds_in,
)
from ocpprov.commands.fleet_values import FleetAct, FleetMember, FleetRequest, Hear, MemberEnd
from ocpprov.commands.load import load_plan
from ocpprov.engine.printable import printable
from ocpprov.engine.problem import Problem

_LOOK_UP: Final = 1.0
"""Seconds on the wall after which it is looked up who is still there."""


class SchedulerGone(Exception):
    """The scheduler doesn't answer any more."""


@dataclass(frozen=True)
class WorkerSeen:
    """A worker that is there: its name, of which there is one for ever, and what it says that it reaches."""

    name: str
    reaches: frozenset[Reach]


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


@dataclass(frozen=True)
class FleetOnDask:
    """Runs members on the workers of a cluster. Nobody is asked before: the request says yes already."""

    cluster: Cluster

    def run(self, members: Sequence[FleetMember], request: FleetRequest, hear: Hear) -> Iterator[MemberEnd]:
        """Each member's end, as soon as it has come."""
        sent: dict[str, _Sent] = {}
        try:
            yield from self._send(members, request, sent)
            yield from self._heard(sent, request, hear)
        except SchedulerGone:
            for each in sent.values():
                yield _lost(each, "the scheduler doesn't answer any more")

    def _send(
        self, members: Sequence[FleetMember], request: FleetRequest, sent: dict[str, _Sent]
    ) -> Iterator[MemberEnd]:
        workers = self.cluster.workers()
        fleet = secrets.token_hex(8)
        for number, member in enumerate(members):
            reach = reach_of(member, workers)
            if isinstance(reach, str):
                yield MemberEnd(member, ExitCode.REFUSED, not_run=reach)
            else:
                task = task_of(member, request, reach, f"{fleet}-{number}", f"{fleet}-stop")
                sent[task.attempt] = _Sent(member, task)
        for task in [each.task for each in sent.values()]:
            self.cluster.send(task)

    def _heard(self, sent: dict[str, _Sent], request: FleetRequest, hear: Hear) -> Iterator[MemberEnd]:
        """Until nothing is left of `sent`."""
        stopped = False
        while sent:
            if request.cancellation.stopping() and not stopped:
                stopped = True
                yield from self._stop(sent)
            if request.cancellation.leave.is_set():
                for each in sent.values():
                    yield MemberEnd(each.member, ExitCode.INTERRUPTED, host=each.began.host if each.began else "")
                return
            words = self.cluster.words(_LOOK_UP)
            for word in words:
                if word.attempt in sent:
                    yield from _taken_in(sent[word.attempt], word, sent, hear)
            if not words:
                yield from self._gone(sent)

    def _stop(self, sent: dict[str, _Sent]) -> Iterator[MemberEnd]:
        """What has begun ends as it does alone; the rest doesn't begin."""
        for each in [*sent.values()]:
            if each.began is None and self.cluster.withdraw(each.task.attempt):
                del sent[each.task.attempt]
                yield MemberEnd(each.member, ExitCode.INTERRUPTED, not_run="it was interrupted before it began")
        for name in {each.task.stop for each in sent.values()}:
            self.cluster.stop(name)

    def _gone(self, sent: dict[str, _Sent]) -> Iterator[MemberEnd]:
        """Those whose worker is lost. A worker's last words may come a moment after it has left."""
        workers, settled = self.cluster.workers(), self.cluster.settled()
        for each in [*sent.values()]:
            reach = each.task.reach
            if each.task.attempt in settled:
                there = False
            elif each.began:
                there = any(worker.name == each.began.worker for worker in workers)
            else:
                there = any(reach in worker.reaches for worker in workers)
            each.unseen = 0 if there else each.unseen + 1
            if each.unseen < 2:
                continue
            if each.began is None and self.cluster.withdraw(each.task.attempt):
                yield MemberEnd(each.member, ExitCode.REFUSED, not_run=f"no worker reaches {reach} any more")
            else:
                yield _lost(each, "its worker is gone")
            del sent[each.task.attempt]


def reach_of(member: FleetMember, workers: Sequence[WorkerSeen]) -> Reach | str:
    """Where a plan goes; or, in words, why it can't be sent anywhere. A plan that says no account goes to the one that
    workers reach in its region, if that is one."""
    there = {reach for worker in workers for reach in worker.reaches if reach.region == member.region}
    if member.account:
        wanted = Reach(member.account, member.region)
        return wanted if wanted in there else f"no worker reaches {wanted}"
    if len(there) == 1:
        return there.pop()
    if not there:
        return f"no worker reaches {member.region}"
    accounts = ", ".join(sorted(reach.account for reach in there))
    return f"workers reach {member.region} in several accounts ({accounts}), and the plan doesn't say accountID"


def task_of(member: FleetMember, request: FleetRequest, reach: Reach, attempt: str, stop: str) -> MemberTask:
    """What is sent for a member: the text of its plan, and of the options what isn't about this host. Values of
    parameters with NoEcho aren't sent. Raises Refused."""
    options = replace(request.options, plan=member.path)
    try:
        text = member.path.read_text()
    except (OSError, ValueError) as error:
        raise Refused(Problem(str(member.path), f"can't be read any more: {error}")) from error
    plan = load_plan(options, text=text, destroying=request.act is FleetAct.DESTROY)
    secret = plan.secrets.parameters
    shown = {name: value for name, value in options.parameters.items() if name not in secret}
    return MemberTask(
        attempt,
        stop,
        member.plan,
        reach,
        request.act.value,
        text,
        [*_arguments(request), *(word for pair in shown.items() for word in ("--parameter", "=".join(pair)))],
        __version__,
    )


def _arguments(request: FleetRequest) -> Iterator[str]:
    options, act = request.options, request.act
    valued = {"--without": ",".join(sorted(options.without))}
    switches = {"--verify": options.verify and act is FleetAct.APPLY}
    if act is not FleetAct.DESTROY:
        valued |= {"--name": options.name, "--region": options.region}
    if act is not FleetAct.PLAN:
        valued |= {"--lock-timeout": f"{options.lock_timeout:g}" if options.lock_timeout else ""}
        switches |= {"--yes": True}
    for option, value in valued.items():
        if value:
            yield from (option, value)
    yield from (option for option, on in switches.items() if on)
    for each in sorted(options.allow):
        yield from ("--allow", each)


def _taken_in(each: _Sent, word: Word, sent: dict[str, _Sent], hear: Hear) -> Iterator[MemberEnd]:
    if word.kind is WordKind.EVENT:
        if event := event_in(word.detail):
            each.tally.add(event)
            hear(each.member, event)
        return
    if word.kind is WordKind.BEGAN:
        each.began = word
        return
    del sent[word.attempt]
    if word.kind is WordKind.ENDED:
        yield _end(each, word)
    elif word.kind is WordKind.DECLINED:
        problem = problem_in(word.detail.get("problem"))
        yield MemberEnd(each.member, ExitCode.REFUSED, host=printable(word.host), not_run=str(problem))
    else:
        yield _lost(each, "its worker is gone")


def _end(each: _Sent, word: Word) -> MemberEnd:
    problems = [*each.tally.problems, *problems_in_end(word.detail)]
    return MemberEnd(
        each.member,
        exit_code_in(word.detail),
        seconds_in(word.detail),
        each.tally.changed,
        each.tally.calls,
        problems,
        printable(word.host),
    )


def _lost(each: _Sent, why: str) -> MemberEnd:
    """Nobody knows how it ended, and nobody runs it again by himself."""
    host = printable(each.began.host) if each.began else ""
    where = f"in {printable(each.began.folder)} on {host}" if each.began else "on the bastion that had it"
    detail = f"lost: {why}. What it did is in its journal {where}"
    remedy = "when that worker is back, run the fleet again: the run goes on with the journal"
    problem = Problem(each.member.plan, detail, remedy)
    return MemberEnd(
        each.member,
        ExitCode.FAILED,
        changed=each.tally.changed,
        calls=each.tally.calls,
        problems=[*each.tally.problems, problem],
        host=host,
    )

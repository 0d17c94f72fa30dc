"""A fleet in this process: each plan's run in a thread of its own, so many at a time, first come first served."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from ocpprov.aws.timeouts import submit
from ocpprov.commands.connection import Connector
from ocpprov.commands.exit_codes import ExitCode, Refused
from ocpprov.commands.fleet_member import fault_of_ours, run_member
from ocpprov.commands.fleet_values import FleetMember, FleetRequest, Hear, MemberEnd
from ocpprov.engine.cancel import Interrupted
from ocpprov.engine.threads import SYSTEM_THREADS, Threads

_POLL: Final = 0.2
"""Seconds on the wall after which it is looked up whether anybody wants the fleet to stop."""


RunOne: TypeAlias = Callable[
    [FleetMember, FleetRequest, Hear, Callable[[], None], Connector, Mapping[str, str], Callable[[], float]], MemberEnd
]
"""Runs a member to its end; what it is given is `run_member`'s."""


@dataclass(frozen=True)
class _Run:
    """A member at work. `asked` is done once it wants to know whether it may go on, which `answer` tells it."""

    member: FleetMember
    asked: Future[None] = field(default_factory=Future)
    answer: Future[None] = field(default_factory=Future)


@dataclass
class _State:
    """Who waits for a place, who is at work, and who has shown its plan and waits for the answer."""

    waiting: deque[FleetMember]
    working: dict[Future[MemberEnd], _Run] = field(default_factory=dict)
    asking: deque[tuple[Future[MemberEnd], _Run]] = field(default_factory=deque)
    agreed: bool = False


@dataclass(frozen=True)
class FleetHere:
    """Runs members in this process. `ask` asks a person, once for all that want to know, and raises Refused where the
    answer is no. `environ` says where the locks of this host lie. `grace` is how many seconds on the wall members have
    to end in once they were told to leave: a request may hang for longer."""

    ask: Callable[[], None]
    connector: Connector
    environ: Mapping[str, str]
    threads: Threads = SYSTEM_THREADS
    monotonic: Callable[[], float] = time.monotonic
    run_one: RunOne = run_member
    grace: float = 5.0

    def run(self, members: Sequence[FleetMember], request: FleetRequest, hear: Hear) -> Iterator[MemberEnd]:
        """Each member's end, as soon as it has come."""
        state = _State(deque(members))
        while state.waiting or state.working or state.asking:
            if request.cancellation.stopping():
                yield from _not_begun(state)
            self._begin(state, request, hear)
            if state.working:
                yield from self._ended(state)
            else:
                self._answer(state, request)
            if request.cancellation.leave.is_set():
                yield from self._left(state)
                return

    def _begin(self, state: _State, request: FleetRequest, hear: Hear) -> None:
        """Those who have an answer before those who haven't begun."""
        while state.agreed and state.asking and len(state.working) < request.at_once:
            end, run = state.asking.popleft()
            state.working[end] = run
            run.answer.set_result(None)
        while state.waiting and len(state.working) < request.at_once:
            run = _Run(state.waiting.popleft())
            state.working[self._started(run, request, hear)] = run

    def _started(self, run: _Run, request: FleetRequest, hear: Hear) -> Future[MemberEnd]:
        def confirmed() -> None:
            run.asked.set_result(None)
            while not self.threads.wait([run.answer], _POLL):
                request.cancellation.check()
            run.answer.result()

        def work() -> MemberEnd:
            return self.run_one(run.member, request, hear, confirmed, self.connector, self.environ, self.monotonic)

        return submit(work, self.threads)

    def _ended(self, state: _State) -> Iterator[MemberEnd]:
        asked = [run.asked for run in state.working.values() if not run.answer.done()]
        self.threads.wait([*state.working, *asked], _POLL, first=True)
        for end, run in [*state.working.items()]:
            if end.done():
                del state.working[end]
                yield _told(end, run.member)
            elif run.asked.done() and not run.answer.done():
                del state.working[end]
                state.asking.append((end, run))

    def _answer(self, state: _State, request: FleetRequest) -> None:
        """All have shown what they would do: ask, and let them go on or end."""
        try:
            if request.cancellation.stopping():
                raise Interrupted
            self.ask()
            state.agreed = True
        except KeyboardInterrupt:
            request.cancellation.interrupt()
            _refuse(state, Interrupted())
        except (Refused, Interrupted) as error:
            _refuse(state, error)

    def _left(self, state: _State) -> Iterator[MemberEnd]:
        """Who doesn't end by itself is left behind, with its journal."""
        yield from _not_begun(state)
        deadline = time.monotonic() + self.grace
        # Who comes to its question now hears that nobody answers it any more.
        while _refuse(state, Interrupted()) and time.monotonic() < deadline:
            yield from self._ended(state)
        for run in state.working.values():
            yield MemberEnd(run.member, ExitCode.INTERRUPTED)


def _refuse(state: _State, error: BaseException) -> bool:
    """Let those that ask end by this; whether anybody is at work then."""
    while state.asking:
        end, run = state.asking.popleft()
        state.working[end] = run
        run.answer.set_exception(error)
    return bool(state.working)


def _told(end: Future[MemberEnd], member: FleetMember) -> MemberEnd:
    """A member's end, whatever its thread died of: the others go on."""
    error = end.exception()
    if error is None:
        return end.result()
    if isinstance(error, KeyboardInterrupt | Interrupted):
        return MemberEnd(member, ExitCode.INTERRUPTED)
    return MemberEnd(member, ExitCode.FAILED, problems=[fault_of_ours(error)])


def _not_begun(state: _State) -> Iterator[MemberEnd]:
    while state.waiting:
        yield MemberEnd(state.waiting.popleft(), ExitCode.INTERRUPTED, not_run="it was interrupted before it began")

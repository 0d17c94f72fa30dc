"""One plan of a fleet in this process: the run that it has alone, whose terminal is the fleet's."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from ocpprov.aws.calls import CallCounter
from ocpprov.aws.retry import Retry
from ocpprov.commands.apply import apply
from ocpprov.commands.call_log import CallLog
from ocpprov.commands.closing_words import same_plan
from ocpprov.commands.connection import Connection, Connector, OnRetry, RunTarget
from ocpprov.commands.destroy import destroy
from ocpprov.commands.error_documents import INTERRUPTED, refusal_events
from ocpprov.commands.exit_codes import ExitCode, Refused
from ocpprov.commands.fleet_tally import Tally
from ocpprov.commands.fleet_values import FleetAct, FleetMember, FleetRequest, Hear, MemberEnd
from ocpprov.commands.no_echo import without_secrets
from ocpprov.commands.options import Options
from ocpprov.commands.refusals import problems_in
from ocpprov.commands.show_plan import show_plan
from ocpprov.commands.terminal import Terminal
from ocpprov.engine.actions import Actions
from ocpprov.engine.cancel import Cancellation, Interrupted
from ocpprov.engine.events import Event, EventKind
from ocpprov.engine.problem import Problem
from ocpprov.engine.suggestion import command_line, file_word
from ocpprov.plan.problems import PlanErrors
from ocpprov.runs.private_files import Untrusted
from ocpprov.ui.lines import Line
from ocpprov.ui.plan_document import plan_document
from ocpprov.ui.progress import Heading, View
from ocpprov.ui.run_progress import RunProgress


class MemberTerminal(Terminal):
    """Where the run of a member speaks: everything becomes an event of the fleet's. `confirmed` returns once somebody
    has agreed to what the fleet does, and raises Refused where nobody does."""

    def __init__(
        self, command: str, hear: Callable[[Event], None], confirmed: Callable[[], None], cancellation: Cancellation
    ) -> None:
        super().__init__(command)
        self._hear = hear
        self._confirmed = confirmed
        self._cancellation = cancellation
        self._write = self._note

    def _note(self, line: Line) -> None:
        self._hear(Event(EventKind.NOTE, time.time(), detail={"reason": line.text}))

    def result(self, lines: Iterable[str | Line]) -> None:
        self.say_lines(lines)

    def result_json(self, document: object) -> None:
        shown: Any = self.secrets.document(document)
        self._hear(Event(EventKind.PLANNED, time.time(), detail=shown))

    def documents(self, *texts: str) -> None:
        """They are in the run folder, too."""

    def on_retry(self, retry: Retry) -> None:
        detail = {"code": retry.aws.code, "reason": str(retry.aws), "seconds": retry.wait}
        self._hear(Event(EventKind.RETRYING, time.time(), detail=detail))

    def view(self, run: RunProgress, heading: Heading, *, as_json: bool) -> View:
        return _Hearing(self._hear)

    def planned(self, actions: Actions) -> None:
        """Whoever watches hears of it before anybody is asked."""
        document = plan_document(without_secrets(actions, self.secrets), self.command)
        self.result_json(document)

    def confirm(self, question: str, answer: str) -> None:
        self._confirmed()

    @contextmanager
    def interruptible(self, cancellation: Cancellation) -> Iterator[None]:
        """The fleet hears the signals. What hasn't begun to change anything by then doesn't begin."""
        if self._cancellation.stopping():
            raise Interrupted
        yield


@dataclass(frozen=True)
class _Hearing:
    hear: Callable[[Event], None]

    def emit(self, event: Event) -> None:
        # Of the plan it has heard before.
        if event.kind is not EventKind.PLANNED:
            self.hear(event)

    def close(self) -> None:
        """Nothing of it is on the screen."""


def run_member(
    member: FleetMember,
    request: FleetRequest,
    hear: Hear,
    confirmed: Callable[[], None],
    connector: Connector,
    environ: Mapping[str, str],
    monotonic: Callable[[], float],
) -> MemberEnd:
    """The member's run, to its end, whatever happens to it. `environ` says where the locks of this host lie."""
    options = replace(request.options, plan=member.path, as_json=True)
    heard, began = Tally(), monotonic()

    def on_event(event: Event) -> None:
        heard.add(event)
        hear(member, event)

    on_event(Event(EventKind.STARTED, time.time(), detail={"action": request.act.value}))
    command = same_plan(request.act.value, options) or command_line(
        "ocpprov", request.act.value, file_word(member.path)
    )
    terminal = MemberTerminal(command, on_event, confirmed, request.cancellation)
    counters: list[CallCounter] = []
    code, problems = _ended(request.act, options, terminal, _counted(connector, counters), environ)
    if code is not ExitCode.DONE and not heard.finished:
        # Programs wait for a last event of each.
        for event in refusal_events(problems or [INTERRUPTED], time.time(), monotonic() - began):
            on_event(event)
    calls = sum(count for each in counters for count in each.snapshot().values())
    return MemberEnd(member, code, monotonic() - began, heard.changed, calls, heard.problems, to_do=heard.to_do)


def _counted(connector: Connector, counters: list[CallCounter]) -> Connector:
    @contextmanager
    def connect(
        target: RunTarget, options: Options, log: CallLog, warn: Callable[[str], None], on_retry: OnRetry
    ) -> Iterator[Connection]:
        with connector(target, options, log, warn, on_retry) as connection:
            counters.append(connection.counter)
            yield connection

    return connect


def _ended(
    act: FleetAct, options: Options, terminal: Terminal, connector: Connector, environ: Mapping[str, str]
) -> tuple[ExitCode, list[Problem]]:
    try:
        return _acted(act, options, terminal, connector, environ), []
    except Refused as error:
        return ExitCode.REFUSED, [*terminal.refused(error).problems]
    except (PlanErrors, Untrusted) as error:
        return ExitCode.REFUSED, [*problems_in(error)]
    except (KeyboardInterrupt, Interrupted):
        return ExitCode.INTERRUPTED, [INTERRUPTED]
    except BaseException as error:
        # Whatever is wrong with one run, the others go on.
        return ExitCode.FAILED, [fault_of_ours(error)]


def fault_of_ours(error: BaseException) -> Problem:
    """That a run ended by what nobody has foreseen."""
    detail = f"{type(error).__name__}: {error}"
    return Problem("", detail, "it is a fault of this program: run this plan alone to see where")


def _acted(
    act: FleetAct, options: Options, terminal: Terminal, connector: Connector, environ: Mapping[str, str]
) -> ExitCode:
    match act:
        case FleetAct.PLAN:
            return show_plan(options, terminal, connector)
        case FleetAct.APPLY:
            return apply(options, terminal, connector, environ)
        case FleetAct.DESTROY:
            return destroy(options, terminal, connector, environ)

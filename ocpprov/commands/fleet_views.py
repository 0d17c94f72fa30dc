"""How a fleet is told: to people, or to programs as JSON lines, of which each says whose it is."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace
from typing import Final, Protocol, TextIO

from ocpprov.commands.closing_words import same_plan
from ocpprov.commands.connection import sandbox_of
from ocpprov.commands.durations import durations_of
from ocpprov.commands.error_documents import INTERRUPTED, problem_document
from ocpprov.commands.exit_codes import ExitCode
from ocpprov.commands.fleet_values import FleetAct, FleetMember, FleetRequest, MemberEnd
from ocpprov.commands.terminal import Terminal
from ocpprov.engine.events import Event, EventKind
from ocpprov.runs.holder import span
from ocpprov.ui.fleet_progress import FleetProgress
from ocpprov.ui.fleet_table import EndRow, problem_lines, table_lines
from ocpprov.ui.json_lines import JsonLines
from ocpprov.ui.lines import Line, Tone

_WORDS: Final = {
    ExitCode.DONE: "done",
    ExitCode.FAILED: "failed",
    ExitCode.REFUSED: "refused",
    ExitCode.UNKNOWN: "unknown",
    ExitCode.INTERRUPTED: "interrupted",
}


class FleetView(Protocol):
    """How a fleet is seen. Everything but the end may come from any thread. Once it is closed nothing moves on the
    screen any more."""

    def hear(self, member: FleetMember, event: Event, /) -> None: ...
    def ended(self, end: MemberEnd) -> None: ...
    def say(self, line: str | Line) -> None: ...
    def count(self, calls: Callable[[], int]) -> None:
        """From now on `calls` tells how many calls all have made."""
        ...

    def paused(self) -> AbstractContextManager[None]:
        """Nothing is redrawn meanwhile."""
        ...

    def close(self) -> None: ...
    def conclude(self, ends: Sequence[MemberEnd], seconds: float) -> None:
        """Tell the end of all, which took so long."""
        ...


def fleet_view(members: Sequence[FleetMember], request: FleetRequest, terminal: Terminal) -> FleetView:
    """The view that is asked for."""
    if request.options.as_json:
        return JsonFleetView(sys.stdout, terminal)
    sandbox = None if request.elsewhere else sandbox_of(request.options)
    usual = durations_of(sandbox.scale if sandbox else 1.0)
    progress = FleetProgress({each.plan: each.region for each in members}, usual)
    return ScreenFleetView(progress, request, len(members), terminal)


class ScreenFleetView:
    """For people: on stderr what happens, on stdout the table at the end."""

    def __init__(self, progress: FleetProgress, request: FleetRequest, plans: int, terminal: Terminal) -> None:
        self._request = request
        self._terminal = terminal
        sandbox = ", SANDBOX" if request.options.sandbox else ""
        title = f"{request.act.value} {plans} plans{sandbox}"
        self._screen = terminal.fleet(progress, title, request.options)

    def hear(self, member: FleetMember, event: Event, /) -> None:
        self._screen.hear(member.plan, event)

    def ended(self, end: MemberEnd) -> None:
        word = _WORDS[end.code]
        self._screen.ended(end.member.plan, word, _end_line(end, self._request.act))

    def say(self, line: str | Line) -> None:
        self._terminal.say(line)

    def count(self, calls: Callable[[], int]) -> None:
        self._screen.count(calls)

    def paused(self) -> AbstractContextManager[None]:
        return self._screen.paused()

    def close(self) -> None:
        self._screen.close()

    def conclude(self, ends: Sequence[MemberEnd], seconds: float) -> None:
        rows = [_row(end, self._request) for end in ends]
        # The exit code says how it ended, whether anybody can read it any more or not.
        with suppress(OSError, ValueError):
            self._terminal.result(table_lines(rows))
        self._terminal.say_lines(problem_lines(rows, self._terminal.command))
        good = sum(row.is_good for row in rows)
        tone = Tone.GOOD if good == len(rows) else Tone.DANGER
        calls = sum(end.calls for end in ends)
        self._terminal.say(Line(f"{good} of {len(rows)} plans done in {span(seconds)}, {calls} calls", tone))


class JsonFleetView:
    """For programs: the events of all plans on stdout, each with its plan and region, and at the end one without,
    which is the fleet's. One lock keeps lines whole."""

    def __init__(self, stream: TextIO, terminal: Terminal) -> None:
        self._stream = stream
        self._terminal = terminal
        self._lock = threading.Lock()
        self._left = False

    def hear(self, member: FleetMember, event: Event, /) -> None:
        of_member = {**event.detail, "plan": member.plan, "region": member.region}
        self._emit(replace(event, detail=of_member))

    def ended(self, end: MemberEnd) -> None:
        """Its own last event has told it, unless it has none."""

    def say(self, line: str | Line) -> None:
        self._terminal.say(line)

    def count(self, calls: Callable[[], int]) -> None:
        """The last event of each plan tells them."""

    @contextmanager
    def paused(self) -> Iterator[None]:
        yield

    def close(self) -> None:
        """Nothing moves."""

    def conclude(self, ends: Sequence[MemberEnd], seconds: float) -> None:
        detail = {
            "ok": all(end.code is ExitCode.DONE for end in ends),
            "seconds": round(seconds, 1),
            "calls": sum(end.calls for end in ends),
            "plans": [_document(end) for end in ends],
        }
        self._emit(Event(EventKind.FINISHED, time.time(), detail=detail))

    def _emit(self, event: Event) -> None:
        with self._lock:
            if self._left:
                return
            try:
                # Each has a last event, after which a writer of lines writes no more.
                JsonLines(self._stream).emit(event)
            except (OSError, ValueError):
                # Nobody reads it any more; the runs go on.
                self._left = True


def _document(end: MemberEnd) -> dict[str, object]:
    return {
        "plan": end.member.plan,
        "region": end.member.region,
        "account": end.member.account,
        "file": str(end.member.path),
        "host": end.host,
        "ok": end.code is ExitCode.DONE,
        "exitCode": int(end.code),
        "seconds": round(end.seconds, 1),
        "changed": end.changed,
        "calls": end.calls,
        "notRun": end.not_run,
        "errors": [problem_document(each) for each in end.problems],
    }


def _row(end: MemberEnd, request: FleetRequest) -> EndRow:
    again = (
        ""
        if end.code is ExitCode.DONE or request.elsewhere
        else same_plan(request.act.value, replace(request.options, plan=end.member.path))
    )
    return EndRow(
        end.member.plan,
        end.member.region,
        _WORDS[end.code],
        end.seconds,
        end.changed,
        end.calls,
        end.host,
        end.not_run,
        [each for each in end.problems if each != INTERRUPTED],
        again,
        end.to_do if request.act is FleetAct.PLAN else None,
    )


def _end_line(end: MemberEnd, act: FleetAct) -> Line:
    word = _WORDS[end.code]
    if end.not_run:
        return Line(f"{end.member.plan}: {word}: {end.not_run}", Tone.CHANGE)
    changed = f"{end.changed} changed, " if act is not FleetAct.PLAN else ""
    text = f"{end.member.plan}: {word} in {span(end.seconds)} ({changed}{end.calls} calls)"
    if end.code is ExitCode.DONE:
        return Line(text, Tone.GOOD)
    why = f": {end.problems[0]}" if end.problems and end.code is not ExitCode.INTERRUPTED else ""
    return Line(f"{text}{why}", Tone.DANGER if end.code is ExitCode.FAILED else Tone.CHANGE)

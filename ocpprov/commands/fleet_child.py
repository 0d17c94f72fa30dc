"""A member's run on its bastion: the command line as a process of its own, in a session of its own.

Nothing but the end of its stdin ends it, by which it ends as after one Ctrl-C: so it does when whoever started it is
killed, too, and leaves a journal and no lock."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Final

from ocpprov.aws.timeouts import submit
from ocpprov.commands.error_documents import AGAIN, INTERRUPTED
from ocpprov.commands.exit_codes import ExitCode
from ocpprov.commands.fleet_task import end_document
from ocpprov.engine.problem import Problem

PROGRAM: Final = (sys.executable, "-P", "-m", "ocpprov.cli.attended")
"""-P: no module comes from the folder that it runs in."""
_LAST_WORDS: Final = 5.0
"""Seconds after the end of a process in which what it wrote is read."""


@dataclass(frozen=True)
class Child:
    """What is to be run: the words after `ocpprov`, in which folder, with which environment."""

    words: Sequence[str]
    folder: Path
    environ: Mapping[str, str]


@dataclass
class Children:
    """Those that run in this process's name. Once they are told to end no other begins. `look_up` are the seconds after
    which it is asked whether one is still wanted."""

    program: Sequence[str] = PROGRAM
    look_up: float = 2.0
    _running: dict[str, subprocess.Popen[str]] = field(default_factory=dict)
    _ending: bool = False
    _changed: threading.Condition = field(default_factory=threading.Condition)

    @property
    def ending(self) -> bool:
        """Whether no other begins."""
        return self._ending

    def ended(self, attempt: str, seconds: float) -> bool:
        """Whether it doesn't run any more, or ends within so many seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: attempt not in self._running, seconds)

    def end(self, attempt: str) -> None:
        """End one as by a Ctrl-C, where it runs."""
        with self._changed:
            if process := self._running.get(attempt):
                _close(process)

    def end_all(self) -> None:
        """End all, and let none begin."""
        with self._changed:
            self._ending = True
            for process in self._running.values():
                _close(process)

    def wait(self) -> None:
        """Until none runs any more."""
        with self._changed:
            self._changed.wait_for(lambda: not self._running)

    def run(
        self,
        attempt: str,
        child: Child,
        hear: Callable[[Mapping[str, Any]], None],
        unwanted: Callable[[], bool] = lambda: False,
    ) -> dict[str, Any]:
        """Run it to its end: `hear` is given each row of its events, from two threads. `unwanted` is asked now and then
        whether it is to end. How it ended, as data."""
        began = time.monotonic()
        try:
            with self._started(attempt, child) as process:
                submit(lambda: self._end_when(attempt, unwanted))
                code, problems = _followed(process, child.words[0], hear)
        except OSError as error:
            problem = Problem(self.program[0], f"can't be started: {error.strerror}", "look at that host")
            return end_document(ExitCode.FAILED, 0.0, [problem])
        if code == -signal.SIGTERM:
            # Before it could handle it, and so before it did anything.
            code, problems = ExitCode.INTERRUPTED, [INTERRUPTED]
        elif code < 0:
            problems = [Problem("", f"its process was ended by signal {-code}", AGAIN)]
        return end_document(code, time.monotonic() - began, problems)

    def _end_when(self, attempt: str, unwanted: Callable[[], bool]) -> None:
        while not self.ended(attempt, self.look_up):
            if unwanted():
                self.end(attempt)
                return

    @contextmanager
    def _started(self, attempt: str, child: Child) -> Iterator[subprocess.Popen[str]]:
        with self._changed:
            process = subprocess.Popen(  # noqa: S603 - our own command
                [*self.program, *child.words],
                cwd=child.folder,
                env=dict(child.environ),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )
            self._running[attempt] = process
            if self._ending:
                _close(process)
        try:
            yield process
        finally:
            _close(process)
            process.wait()
            with self._changed:
                del self._running[attempt]
                self._changed.notify_all()


def _close(process: subprocess.Popen[str]) -> None:
    if process.stdin:
        with suppress(OSError):
            process.stdin.close()


def _followed(
    process: subprocess.Popen[str], verb: str, hear: Callable[[Mapping[str, Any]], None]
) -> tuple[int, Sequence[Problem]]:
    """Its exit code, and what it said was wrong. What it has started and left behind may hold its streams open: after
    its own end nobody waits for the end of these for long."""
    said = submit(lambda: _note_all(process.stderr, hear))
    heard = submit(lambda: _heard(process.stdout, verb, hear))
    ended = submit(process.wait)
    first: list[Future[Any]] = [heard, ended]
    wait(first, return_when=FIRST_COMPLETED)
    if not ended.done():
        heard.result()
    code = ended.result()
    last: list[Future[Any]] = [said, heard]
    wait(last, _LAST_WORDS)
    return code, heard.result() if heard.done() else ()


def _note_all(stream: IO[str] | None, hear: Callable[[Mapping[str, Any]], None]) -> None:
    """What a run says in words, as events."""
    with stream or nullcontext(()) as lines:
        for line in lines:
            hear({"event": "note", "time": _now(), "reason": line.rstrip("\n")})


def _heard(stream: IO[str] | None, verb: str, hear: Callable[[Mapping[str, Any]], None]) -> Sequence[Problem]:
    """The events of a run, a line each; `plan` has one document, which may be an error's."""
    with stream or nullcontext(()) as lines:
        if verb != "plan":
            for line in lines:
                if (row := _json(line)) is not None:
                    hear(row)
            return ()
        document = _json("".join(lines)) or {}
    errors = document.get("errors")
    if isinstance(errors, list):
        return [Problem(each["place"], each["detail"], each["remedy"]) for each in errors]
    hear({"event": "planned", "time": _now(), **document})
    return ()


def _json(text: str) -> Mapping[str, Any] | None:
    """An object; None for anything else, such as the line in which a process was killed."""
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, Mapping) else None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")

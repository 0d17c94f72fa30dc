"""A process in a copy of the repository that has imported its rooms and collected their tests once, and tries each
mutant in a fork of itself: `python -m mutants.warm SEEN TESTS…`, in the copy's folder.

It answers on its standard output, a line of JSON for each: first what the tests are without a mutant (`Ready`), then a
verdict for each line of its input. SEEN is a file that remembers which test enters which functions: read where it is
there, else found and written.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import zip_longest
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import FrameType, FunctionType
from typing import IO, Any, Final, cast

import pytest

from mutants.exchange import OutOfReach, Place, changed_functions, exchange, exchangeable, functions_in, place
from mutants.source import Mutant
from mutants.trial import Verdict, limit_for

_FORK: Final = multiprocessing.get_context("fork")
_FAILED: Final = 3
"""Python's own is 1, whatever went wrong."""
_PASSED: Final = 0


@dataclass(frozen=True)
class Ready:
    """What the tests are without a mutant: whether all pass, and the CPU seconds that they take, being looked at."""

    passed: bool
    seconds: float


@dataclass(frozen=True)
class Seen:
    """What was seen of the tests: the CPU seconds that each takes, by its name, and which enter a function, by where
    the function is, written `file:line`; and which functions were entered before the first test, at import."""

    seconds: Mapping[str, float]
    entering: Mapping[str, Sequence[str]]
    at_import: Collection[str]


class Entered:
    """Which functions of ocpprov are entered, in all threads that begin meanwhile, too."""

    def __init__(self) -> None:
        self._folder = f"{Path.cwd()}/ocpprov/"
        self._places: set[Place] = set()

    def look(self) -> None:
        threading.settrace(self._called)
        sys.settrace(self._called)

    def leave(self) -> None:
        sys.settrace(None)
        threading.settrace(None)

    def taken(self) -> list[str]:
        """Those since it was asked the last time."""
        found, self._places = self._places, set()
        return sorted(map(_written, found))

    def _called(self, frame: FrameType, event: str, argument: object) -> None:
        del event, argument
        if frame.f_code.co_filename.startswith(self._folder):
            self._places.add(place(frame.f_code))


class Trials:
    """The part of pytest that runs the tests: none but those that are wanted, each time in a fork."""

    def __init__(self, seen: Path, entered: Entered, requests: IO[str], replies: IO[str]) -> None:
        """`entered` was asked to look on before anything was imported."""
        self._file = seen
        self._entered = entered
        self._requests = requests
        self._replies = replies
        self._failed = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._failed = self._failed or report.failed

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self._entered.leave()
        items = {item.nodeid: item for item in session.items}
        if session.testsfailed or not items:
            self._reply(asdict(Ready(passed=False, seconds=0.0)))
            return True
        if not self._file.exists():
            looking = _FORK.Process(target=self._look, args=(items,))
            looking.start()
            looking.join()
        seen = Seen(**json.loads(self._file.read_text())) if self._file.exists() else None
        self._reply(asdict(Ready(seen is not None, sum(seen.seconds.values()) if seen else 0.0)))
        if seen:
            functions = functions_in(str(Path.cwd()))
            for line in self._requests:
                request = json.loads(line)
                mutant = Mutant(**{**request["mutant"], "span": tuple(request["mutant"]["span"])})
                self._reply(self._verdict(mutant, request, items, seen, functions))
        return True

    def _verdict(
        self,
        mutant: Mutant,
        request: Mapping[str, Any],
        items: Mapping[str, pytest.Item],
        seen: Seen,
        functions: Mapping[Place, Sequence[FunctionType]],
    ) -> str:
        """A verdict in words, or nothing where it can't be told here."""
        try:
            changes = changed_functions(str(Path.cwd() / mutant.file), request["text"], mutant)
            held = exchangeable(changes, functions)
        except OutOfReach:
            return ""
        innermost = [pairs[-1][0] for pairs in changes]
        entering = {test for code in innermost for test in seen.entering.get(_written(place(code)), ())}
        may_survive = not any(_written(place(code)) in seen.at_import for pairs in changes for code, _ in pairs)
        wanted = [items[test] for test in sorted(entering, key=_order(mutant, seen.seconds)) if test in items]

        def tried() -> None:
            exchange(held)
            self._run(wanted)
            os._exit(_FAILED if self._failed else _PASSED)

        child = _FORK.Process(target=_in_a_group_of_its_own, args=(tried,))
        child.start()
        try:
            child.join(min(request["limit"], limit_for(sum(seen.seconds[item.nodeid] for item in wanted))))
            end = child.exitcode
        finally:
            _end(child)
        if end is None:
            return Verdict.TIMED_OUT.value
        if end == _FAILED:
            return Verdict.KILLED.value
        return Verdict.SURVIVED.value if end == _PASSED and may_survive else ""

    def _look(self, items: Mapping[str, pytest.Item]) -> None:
        """Run all tests and write down what each enters; nothing is written where one fails."""
        entering: defaultdict[str, list[str]] = defaultdict(list)
        seconds: dict[str, float] = {}
        at_import = self._entered.taken()
        for item, following in _with_next(list(items.values())):
            started = time.process_time()
            self._entered.look()
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            self._entered.leave()
            seconds[item.nodeid] = time.process_time() - started
            for each in self._entered.taken():
                entering[each].append(item.nodeid)
        if not self._failed:
            self._file.write_text(json.dumps(asdict(Seen(seconds, dict(entering), at_import))))

    def _run(self, items: Sequence[pytest.Item]) -> None:
        for item, following in _with_next(items):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self._failed:
                return

    def _reply(self, value: object) -> None:
        print(json.dumps(value), file=self._replies, flush=True)


def _order(mutant: Mutant, seconds: Mapping[str, float]) -> Callable[[str], tuple[bool, float, str]]:
    """Those in the file that is named after the module first, then the quickest."""
    named = f"test_{Path(mutant.file).stem}.py"
    return lambda test: (f"/{named}::" not in test, seconds.get(test, 0.0), test)


def _written(function: Place) -> str:
    """The same in every copy of the repository."""
    file, line = function
    return f"{Path(file).relative_to(Path.cwd())}:{line}"


def _with_next(items: Sequence[pytest.Item]) -> Iterator[tuple[pytest.Item, pytest.Item | None]]:
    return zip_longest(items, items[1:])


def _in_a_group_of_its_own(work: Callable[[], None]) -> None:
    os.setsid()
    work()


def _end(child: BaseProcess) -> None:
    """With all that it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(cast("int", child.pid), signal.SIGKILL)
    child.join()


def main() -> int:
    # Nothing that a test says may come between the answers.
    requests, replies = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    seen, *tests = sys.argv[1:]
    options = ("-q", "-s", "-p", "no:cacheprovider", "--hypothesis-seed=0")
    entered = Entered()
    if not Path(seen).exists():
        entered.look()
    return int(pytest.main([*options, *tests], plugins=[Trials(Path(seen), entered, requests, replies)]))


if __name__ == "__main__":
    sys.exit(main())

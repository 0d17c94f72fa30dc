"""What apply and destroy share: signals, and the run itself in its rounds."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from queue import SimpleQueue
from types import FrameType
from typing import Final

from ocpprov.aws.timeouts import submit
from ocpprov.commands.connection import Connection
from ocpprov.commands.locking import unwritable
from ocpprov.commands.options import Options
from ocpprov.commands.outcome import Refused
from ocpprov.commands.survey import Survey
from ocpprov.engine.actions import Action, Actions, Verb
from ocpprov.engine.cancel import Cancellation, Interrupted
from ocpprov.engine.resources import Live
from ocpprov.engine.steps import CreateStep, UpdateStep
from ocpprov.kinds.registry import KINDS
from ocpprov.reconcile.context import Context, Known
from ocpprov.reconcile.execute import Failure, Result, execute
from ocpprov.runs.folder import RunFolder
from ocpprov.runs.journal import Journal
from ocpprov.ui.progress import View

_ROUNDS = 3
"""A first round, one to make again what failed by itself or to sweep, and one to be sure. What fails by itself twice is
reported: a third time would hardly end otherwise."""

_SEEN_BY_THEN: Final = 60.0
"""Seconds after which AWS lists what was made, twice the longest time that a run looks for it."""

INTERRUPTS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Ctrl-C, a service manager, a terminal that was closed."""

_LAST_WORD: Final = 1.0
"""Seconds for what is being said of a signal; nobody reads on a terminal that is stuck."""

_SECOND_ROUND = (Verb.SWEEP, Verb.DELETE, Verb.CREATE, Verb.REPLACE)


@dataclass(frozen=True)
class Ended:
    """The last round of a run, and what is left to do after it; `done` is what all of its rounds did."""

    result: Result
    survey: Survey
    done: Sequence[Action] = ()

    @property
    def current(self) -> Mapping[str, Live]:
        """What exists by logical id: as a last look has it, where everything went well."""
        return {**self.result.current, **(self.survey.actions.current if self.result.ok else {})}


@contextmanager
def interruptible(cancellation: Cancellation, say: Callable[[str], None]) -> Iterator[None]:
    """The first interrupt stops starting, the second leaves. A signal that whoever started the process has it ignore,
    as nohup does with that of a closed terminal, stays ignored.

    A handler runs in the middle of whatever the main thread does, which may hold the lock that a line on the screen or
    the setting of an event takes. So it only puts down that there was a signal, and a thread does the rest.
    """
    signals: SimpleQueue[bool] = SimpleQueue()
    words: SimpleQueue[str] = SimpleQueue()

    def heed() -> None:
        while signals.get():
            first = not cancellation.stopping()
            cancellation.interrupt()
            words.put("stopping: what is in flight ends first; once more to leave at once" if first else "leaving")
        words.put("")

    def speak() -> None:
        # In a thread of its own: where nobody takes what is written, the next signal is heeded all the same.
        while text := words.get():
            with suppress(Exception):
                say(text)

    def on_signal(number: int, frame: FrameType | None) -> None:
        signals.put(True)

    heeding = [submit(heed), submit(speak)]
    heeded = [number for number in INTERRUPTS if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, on_signal) for number in heeded}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        signals.put(False)
        wait(heeding, _LAST_WORD)


def run_rounds(
    first: Survey, look: Callable[[], Survey], connection: Connection, folder: RunFolder, options: Options, view: View
) -> Ended:
    """Do what was planned; then look again, and go on with what only a second look shows: duplicates, and what failed
    at AWS by itself. Raises Refused when the journal can't be opened."""
    survey = first
    failed: set[str] = set()
    done: list[Action] = []
    try:
        journal = Journal(folder.journal)
    except OSError as error:
        raise Refused(unwritable(folder.journal, error)) from error
    try:
        for number in range(1, _ROUNDS + 1):
            result = _run(survey.actions, survey, connection, journal, options, view)
            done += [action for action in survey.actions.changes if action.step_name in result.done]
            made_something = any(isinstance(step, CreateStep | UpdateStep) for step in survey.actions.steps)
            unsettled = {failure.resource for failure in result.unsettled}
            if result.failures or result.interrupted or failed & unsettled or not made_something or number == _ROUNDS:
                break
            failed |= unsettled
            try:
                survey = look()
            except Refused as error:
                # Things were sent by now, so it isn't a refusal any more.
                result = replace(result, unsettled=[*result.unsettled, Failure("", "", error)])
                break
            except Interrupted:
                result = replace(result, interrupted=True)
                break
            if not any(action.verb in _SECOND_ROUND for action in survey.actions.changes):
                break
        if result.ok:
            journal.settle(connection.owner.run, connection.clock.now(), _SEEN_BY_THEN)
    finally:
        journal.close()
    kept = [action for action in first.actions.actions if action.verb is Verb.KEEP]
    return Ended(result, survey, [*done, *kept])


def not_begun(survey: Survey) -> Ended:
    """The end of a run that was asked to leave before its first round."""
    unknown = dict.fromkeys((step.logical_id for step in survey.actions.steps if step.logical_id), "")
    return Ended(Result([], unknown, [], survey.actions.current, interrupted=True), survey)


def _run(
    actions: Actions, survey: Survey, connection: Connection, journal: Journal, options: Options, view: View
) -> Result:
    context = Context(
        owner=connection.owner,
        kinds=KINDS,
        clients=connection.session.clients,
        reader=connection.reader,
        clock=connection.clock,
        journal=journal,
        events=view,
        known=Known(actions, survey.inventory, survey.start),
    )
    try:
        return execute(actions, context, connection.cancellation, options.concurrency)
    except Interrupted:
        unknown = dict.fromkeys((step.logical_id for step in actions.steps if step.logical_id), "")
        return Result([], unknown, [], context.known.by_logical_id(), interrupted=True)

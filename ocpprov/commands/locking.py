"""One run at a time on a plan: on this host by a file, for teams by an object in S3 too."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from ocpprov.aws.errors import AwsError
from ocpprov.aws.lock_object import LockObject
from ocpprov.commands.aws_problems import problem_of
from ocpprov.commands.call_log import CallLog
from ocpprov.commands.connection import Connection, RunTarget
from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.options import Options
from ocpprov.engine.events import Event
from ocpprov.runs.event_log import EventLog
from ocpprov.runs.folder import RunFolder, run_folder
from ocpprov.runs.holder import Holder, this_process
from ocpprov.runs.lease import Lease, LeaseEnd, boot_time, lease
from ocpprov.runs.local_lock import Glimpse, Locked, PlanLock, glimpse, plan_lock, state_directory
from ocpprov.ui.progress import View

_PAUSE = 0.5


@dataclass(frozen=True)
class LockedRun:
    """What a run may use while it holds the plan's lock."""

    folder: RunFolder
    connection: Connection
    locks: tuple[PlanLock | Lease, ...]
    events: EventLog

    def watched(self, view: View) -> View:
        """The view, from which the locks and the run folder learn how far the run is."""
        return _Noting(view, self.events, [lock.note for lock in self.locks])


@dataclass(frozen=True)
class _Noting:
    view: View
    events: EventLog
    notes: list[Callable[[str], None]]

    def emit(self, event: Event) -> None:
        self.view.emit(event)
        self.events.add(event)
        if event.resource:
            for note in self.notes:
                note(f"{event.kind.value} {event.resource}")

    def close(self) -> None:
        self.view.close()


def glimpsed(target: RunTarget, environ: Mapping[str, str]) -> Glimpse:
    """What this host's locks of a plan say before AWS is asked."""
    return glimpse(_locks_of(environ), target.region, target.name)


def _locks_of(environ: Mapping[str, str]) -> Path:
    return state_directory(environ) / "locks"


@contextmanager
def locked(
    connection: Connection,
    options: Options,
    environ: Mapping[str, str],
    log: CallLog,
    lock: str,
    seen: Glimpse | None = None,
) -> Iterator[LockedRun]:
    """Hold the plan's lock and open its folder; `lock` is the URL of the plan's lock in S3, or empty. What AWS has said
    until now counts only where nobody can have been at work on the plan meanwhile: `seen` are this host's locks from
    before it was asked.

    Raises Refused, before anything was changed.
    """
    owner = connection.owner
    folder = run_folder(options.directory, owner.plan)
    holder = this_process(owner.run, connection.clock.now())
    deadline = boot_time() + options.lock_timeout
    with ExitStack() as stack:
        # Only what happens before the run: an OSError of the run itself says nothing of what was sent.
        try:
            on_host = _file_lock(stack, connection, environ, holder, deadline, seen)
            held: list[PlanLock | Lease] = [on_host]
            folder.create()
            log.open(folder.log, owner.run)
            stack.callback(log.close)
        except Locked as error:
            raise Refused(str(error)) from error
        except OSError as error:
            raise Refused(unwritable(folder.path, error)) from error
        if lock:
            held.append(_lease(stack, connection, lock, holder, max(0.0, deadline - boot_time())))
            connection = replace(connection, alone=True)
        if lock or not on_host.untouched:
            connection.reader.forget_first_pages()
        events = EventLog(folder.events, owner.run, log.say)
        stack.callback(events.close)
        yield LockedRun(folder, connection, tuple(held), events)


def unwritable(path: Path, error: OSError) -> str:
    """A file of the run that can't be written, before anything was sent."""
    return f"{error.filename2 or error.filename or path}: {error.strerror or error}; nothing was sent"


def _file_lock(
    stack: ExitStack,
    connection: Connection,
    environ: Mapping[str, str],
    holder: Holder,
    deadline: float,
    seen: Glimpse | None,
) -> PlanLock:
    owner = connection.owner
    while True:
        try:
            return stack.enter_context(
                plan_lock(_locks_of(environ), owner.account, owner.region, owner.plan, holder, seen)
            )
        except Locked:
            if boot_time() >= deadline:
                raise
            connection.clock.sleep(_PAUSE)


def _ending(connection: Connection) -> LeaseEnd:
    """How the lease ends: whoever leaves in the middle may have changes under way."""
    if not connection.cancellation.leave.is_set():
        return LeaseEnd.RELEASE
    return LeaseEnd.RELEASE_AT_ONCE if connection.session.fence.shut() else LeaseEnd.ABANDON


def _lease(stack: ExitStack, connection: Connection, url: str, holder: Holder, timeout: float) -> Lease:
    owner = connection.owner
    bucket, _, prefix = url.removeprefix("s3://").partition("/")
    name = f"{owner.account}-{owner.region}-{owner.plan}.lock"
    key = f"{prefix.strip('/')}/{name}" if prefix.strip("/") else name
    # Signs of life go their own way: with short timeouts, and past the fence.
    kept = LockObject(connection.session.probes.s3, bucket, key, connection.clock)
    try:
        held = stack.enter_context(
            lease(
                kept,
                holder,
                connection.clock.sleep,
                timeout=timeout,
                ending=partial(_ending, connection),
            )
        )
    except Locked as error:
        raise Refused(str(error)) from error
    except AwsError as error:
        raise Refused(
            f"the plan's lock {kept}: {problem_of(error)} A lock needs a bucket that is there, and s3:GetObject and "
            "s3:PutObject on the object; nothing was changed"
        ) from error
    stack.enter_context(connection.session.fence.closed_by(held.check))
    return held

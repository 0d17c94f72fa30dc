"""Waiting, before something is deleted, for what this run deleted a moment ago: AWS may hold on by it for a while."""

from __future__ import annotations

import threading
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from concurrent.futures import Future
from typing import Any, Final

from ocpprov.aws.errors import AwsError, is_closed
from ocpprov.engine.resources import Live
from ocpprov.kinds.contract import Kind, Lingering
from ocpprov.kinds.reads import Pages
from ocpprov.reconcile.context import Context
from ocpprov.reconcile.interface_blockers import is_ours
from ocpprov.reconcile.interface_owners import OwnerSort, interface_of
from ocpprov.reconcile.prerequisites import PrerequisiteNotReady
from ocpprov.reconcile.wait import Goal, NotSettled, Waiter, Watch

_LOOK_UP: Final = 0.2
"""Seconds on the wall after which whoever waits looks up whether the run is to end."""


class LingeringDeletions:
    """What is left of deleted things is looked at once for all that wait for it, and then by the run's poller. Where
    somebody else's interface is there, too, nobody waits: AWS's refusal is what has it named. `stopping` tells whether
    nothing new is to be begun."""

    def __init__(self, context: Context, waiter: Waiter, stopping: Callable[[], bool] = lambda: False) -> None:
        self._context = context
        self._waiter = waiter
        self._stopping = stopping
        self._lock = threading.Lock()
        self._first: Future[Sequence[Mapping[str, Any]]] | None = None

    def wait_for(self, kind: Kind, lives: Sequence[Live]) -> None:
        """Returns when AWS could let them go, as far as that can be seen; what it refuses all the same is waited for by
        whoever sends it. Raises AwsError, PrerequisiteNotReady when the run is to stop, and `Interrupted`."""
        held = list(self._held(kind, lives))
        clock = self._context.clock
        until = max((since + lingering.seconds for _, since, lingering in held if lingering.seconds), default=0.0)
        clock.sleep(max(0.0, until - clock.monotonic()))
        shown = {lingering.shown_as(gone): (gone, since, lingering.shown_by) for gone, since, lingering in held}
        watched = {name: each for name, each in shown.items() if each[2]}
        if not watched:
            return
        try:
            there = self._interfaces()
        except AwsError as error:
            if not is_closed(error):
                raise
            return
        if not any(self._is_anothers(item, watched) for item in there if _in_one_of(lives, item)):
            self._until_gone({name: each for name, each in watched.items() if _is_listed(name, there)})

    def _held(self, kind: Kind, lives: Sequence[Live]) -> Iterator[tuple[Live, float, Lingering]]:
        """What this run deleted and may hold one of these yet, since when it is gone, and what lingers of it."""
        for gone, since in self._context.live_state.gone():
            of = self._context.kinds[gone.type]
            if (
                of.lingers
                and kind.type in of.lingers.types
                and any(_goes_after(kind, live, of, gone) for live in lives)
            ):
                yield gone, since, of.lingers

    def _is_anothers(self, item: Mapping[str, Any], lingering: Container[str]) -> bool:
        """Whether an interface neither lingers nor goes with something of ours."""
        interface = interface_of(item)
        ours = interface.owner in lingering or is_ours(interface, self._context)
        return not ours and interface.sort is not OwnerSort.UNSAID

    def _until_gone(self, watched: Mapping[str, tuple[Live, float, Kind | None]]) -> None:
        watches = [
            self._waiter.watch(by, gone.tags.get("Name", name), name, Goal.GONE, since)
            for name, (gone, since, by) in watched.items()
            if by
        ]
        # Lent until the last of them is gone, or isn't waited for any longer: then there is something to send.
        with self._context.slots.lent(self._context.clock):
            for watch in watches:
                self._await(watch)

    def _await(self, watch: Watch) -> None:
        while True:
            try:
                watch.result(_LOOK_UP)
            except TimeoutError:
                if self._stopping():
                    raise PrerequisiteNotReady(watch.logical_id, watch.kind.type, None) from None
            except NotSettled:
                return
            except AwsError as error:
                if not is_closed(error):
                    raise
                return
            else:
                return

    def _interfaces(self) -> Sequence[Mapping[str, Any]]:
        """The interfaces in the run's networks, as they were when first asked for."""
        with self._lock:
            mine = self._first is None
            first = self._first = self._first or Future()
        if mine:
            try:
                first.set_result(self._look())
            except BaseException as error:
                first.set_exception(error)
        while not self._context.threads.wait([first], _LOOK_UP):
            self._context.clock.sleep(0)
        return first.result()

    def _look(self) -> Sequence[Mapping[str, Any]]:
        context = self._context
        kinds = [kind.lingers.shown_by for kind in context.kinds.values() if kind.lingers and kind.lingers.shown_by]
        found = context.live_state.found()
        reads = list(dict.fromkeys(read for kind in kinds for read in kind.reads(found)))
        pages = Pages(context.reader.read(reads))
        return list(pages.items("ec2", "describe_network_interfaces", "NetworkInterfaces"))


def _goes_after(kind: Kind, live: Live, of: Kind, gone: Live) -> bool:
    """Whether what is gone referred to it, or had to go first for another reason."""
    if live.id in of.references(gone):
        return True
    return of.type in kind.delete_after and kind.network_of(live) == of.network_of(gone)


def _is_listed(name: str, interfaces: Sequence[Mapping[str, Any]]) -> bool:
    return any(interface_of(item).owner == name for item in interfaces)


def _in_one_of(lives: Sequence[Live], item: Mapping[str, Any]) -> bool:
    places = {item.get("SubnetId"), *(group.get("GroupId") for group in item.get("Groups", ()))}
    return any(live.id in places for live in lives)

"""`fleet`, and `apply` of several plans: many plans at once, each with its own journal, lock, result and failure."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from ocpprov.commands.exit_codes import ExitCode, Refused
from ocpprov.commands.fleet_here import FleetHere
from ocpprov.commands.fleet_plans import Fleet, fleet_of
from ocpprov.commands.fleet_sessions import FleetSessions
from ocpprov.commands.fleet_values import FleetAct, FleetMember, FleetRequest, FleetRunner, MemberEnd, worst
from ocpprov.commands.fleet_views import FleetView, fleet_view
from ocpprov.commands.interrupts import ending_at_once, interruptible
from ocpprov.commands.options import Options
from ocpprov.commands.terminal import Terminal
from ocpprov.engine.cancel import Cancellation
from ocpprov.engine.problem import Problem


class MakeRunner(Protocol):
    """Makes what runs the members, once they are known. Raises Refused."""

    def __call__(self, fleet: Fleet, request: FleetRequest, view: FleetView) -> FleetRunner: ...


def fleet(
    paths: Sequence[Path],
    act: FleetAct,
    options: Options,
    terminal: Terminal,
    at_once: int,
    make_runner: MakeRunner | None = None,
) -> ExitCode:
    """Do it with the plans in these files, in this process unless something else runs them. Raises Refused before
    anything is sent."""
    _guard_allowed(options)
    plans = fleet_of(paths, options, destroying=act is FleetAct.DESTROY)
    terminal.keep_of_plan(plans.secrets)
    request = FleetRequest(act, options, at_once, Cancellation(), elsewhere=make_runner is not None)
    view = fleet_view(plans.members, request, terminal)
    began = time.monotonic()
    try:
        make = make_runner or _in_this_process(terminal, os.environ)
        ends = run_fleet(plans.members, request, make(plans, request, view), view)
    finally:
        view.close()
    view.conclude(ends, time.monotonic() - began)
    return worst(ends)


def run_fleet(
    members: Sequence[FleetMember], request: FleetRequest, runner: FleetRunner, view: FleetView
) -> list[MemberEnd]:
    """Run the members, and tell of each. The ends are in the members' order."""
    ends: dict[FleetMember, MemberEnd] = {}
    with interruptible(request.cancellation, view.say):
        for end in runner.run(members, request, view.hear):
            ends[end.member] = end
            view.ended(end)
    return [ends[member] for member in members if member in ends]


def _in_this_process(terminal: Terminal, environ: Mapping[str, str]) -> MakeRunner:
    def make(fleet: Fleet, request: FleetRequest, view: FleetView) -> FleetRunner:
        sessions = FleetSessions(request.options, request.cancellation, view.say)
        view.count(sessions.calls)

        def ask() -> None:
            with ending_at_once(), view.paused():
                terminal.confirm(*_question(request.act, len(fleet.members)))

        return FleetHere(ask, sessions.connect, environ)

    return make


def _question(act: FleetAct, plans: int) -> tuple[str, str]:
    """What is asked, and the only answer that goes on."""
    if act is FleetAct.DESTROY:
        return f"Destroy what is listed above of {plans} plans?", f"destroy {plans}"
    return f"Apply what is listed above of {plans} plans?", "yes"


def _guard_allowed(options: Options) -> None:
    """A logical id is one of every plan. Raises Refused."""
    if options.allow:
        raise Refused(
            Problem(
                "--allow",
                "a logical id stands in many plans, and would be allowed in all of them",
                "give it with its plan alone, then run the others together",
            )
        )

"""`wait`: until the API, the control plane or the router serves, or the time is over. It only asks."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import Enum
from typing import Final, Protocol

from ocpprov.aws.from_here import FromHere
from ocpprov.aws.this_host import ThisHost
from ocpprov.checks.result import Check, failed
from ocpprov.checks.serving_wait import (
    LOOKS,
    SECONDS_BETWEEN,
    GoalState,
    ServingGoal,
    Standing,
    Streaks,
    concerned,
    standing,
)
from ocpprov.checks.target_health import api_target_groups
from ocpprov.commands.closing_words import heading_of
from ocpprov.commands.comparison import compared
from ocpprov.commands.connection import Connector, connect
from ocpprov.commands.exit_codes import ExitCode, Refused
from ocpprov.commands.last_applied import with_last_applied
from ocpprov.commands.options import Options
from ocpprov.commands.refresh import PlanResult
from ocpprov.commands.serving_look import Look, PlanWatch, Topic
from ocpprov.commands.serving_reach import Reach, reach_of
from ocpprov.commands.terminal import Terminal
from ocpprov.engine.cancel import Interrupted
from ocpprov.engine.problem import Problem
from ocpprov.engine.protocols import Clock
from ocpprov.engine.secret_texts import SecretTexts
from ocpprov.openshift.load_balancers import API_PORT
from ocpprov.plan.model import Plan
from ocpprov.runs.holder import span
from ocpprov.ui.lines import Line, Tone
from ocpprov.ui.wait_view import WaitView
from ocpprov.ui.wrapped import wrapped


class Milestone(Enum):
    """What is waited for."""

    API = "api"
    BOOTSTRAP = "bootstrap"
    INGRESS = "ingress"


_TOPICS: Final[Mapping[Milestone, Sequence[Topic]]] = {
    Milestone.API: (Topic.TARGETS, Topic.PORTS),
    Milestone.BOOTSTRAP: (Topic.TARGETS,),
    Milestone.INGRESS: (Topic.NAMES, Topic.ROUTER),
}
_ROUTER_CHECKS: Final = ("router", "name-apps")


class Looks(Protocol):
    """What can be looked at: a plan that was compared with AWS."""

    def look(self, topics: Sequence[Topic], /) -> Look: ...


@dataclass(frozen=True)
class LastLook:
    """The last look: the checks that were about the goal, how it stood, and how long it took until then."""

    checks: Sequence[Check]
    standing: Standing
    seconds: float


def wait(
    options: Options,
    terminal: Terminal,
    target: Milestone,
    timeout: float,
    connector: Connector = connect,
    sight: Callable[[], FromHere] = ThisHost,
) -> ExitCode:
    """The `wait` command: exit 0 as soon as it is there, 1 when `timeout` seconds are over, 3 when nothing is missing
    and something can't be found out from here."""
    options = with_last_applied(options, terminal.say)
    with compared(options, terminal, connector) as (plan, planned, connection):
        _guard_cluster(plan, target, planned)
        watch = PlanWatch(plan, planned, connection, sight())
        heading = heading_of(f"wait {target.value}", connection.owner, options, os.environ)
        with closing(terminal.waiting(heading, timeout)) as view:
            last = until_there(watch, target, timeout, connection.clock, view)
        missing = last.standing.verdict is GoalState.MISSING
        reach = reach_of(plan, planned, connection, options) if missing else None
    return _told(last, target, timeout, options, terminal, reach)


def _guard_cluster(plan: Plan, target: Milestone, planned: PlanResult) -> None:
    """What isn't there when a wait begins it wouldn't see come. Raises Refused."""
    if plan.openshift is None or not plan.openshift.infra_id:
        remedy = "create the manifests (openshift-install), so that the infraID is known, and apply"
        raise Refused(Problem(plan.file, "has no cluster yet that could be waited for", remedy))
    if target is not Milestone.INGRESS and not any(api_target_groups(planned.actions.current)):
        raise Refused(Problem(plan.file, "the API's load balancers aren't there yet", "apply the plan first"))


def until_there(watch: Looks, target: Milestone, timeout: float, clock: Clock, view: WaitView) -> LastLook:
    """Look, again and again, until it is there, the time is over, or it isn't going to be known. Raises
    KeyboardInterrupt or Interrupted at once when nobody wants to wait any longer."""
    began, streaks = clock.monotonic(), Streaks()
    try:
        while True:
            checks, now, streaks = _looked(watch, target, streaks)
            seconds = clock.monotonic() - began
            view.show([*now.missing, *now.unknown], seconds)
            if now.verdict is GoalState.THERE or streaks.given_up or seconds >= timeout:
                return LastLook(checks, now, seconds)
            clock.sleep(min(SECONDS_BETWEEN, timeout - seconds))
    except (KeyboardInterrupt, Interrupted):
        view.leave()
        raise


def _looked(watch: Looks, target: Milestone, streaks: Streaks) -> tuple[Sequence[Check], Standing, Streaks]:
    """What one look has found, and how it stands then. That AWS can't be read for a moment ends nothing."""
    try:
        look = watch.look(_TOPICS[target])
    except Refused as error:
        now = Standing(unknown=(str(error),))
        return (), now, Streaks(unknown=streaks.unknown).judged(now.verdict)
    goal, checks = goal_of(target, look), look.all_checks
    streaks = streaks.after(checks)
    now = standing(goal, checks, streaks)
    return list(concerned(goal, checks)), now, streaks.judged(now.verdict)


def goal_of(target: Milestone, look: Look) -> ServingGoal:
    """What has to be well, by the checks of a look."""
    match target:
        case Milestone.API:
            groups = {
                f"{group.name} ({API_PORT})": [check.id for check in group.all]
                for group in look.groups
                if API_PORT in group.ports
            }
            ports = [check.id for check in look.checks.get(Topic.PORTS, ()) if check.id.endswith(f"-{API_PORT}")]
            return ServingGoal(groups or _NO_BALANCER, helps=ports)
        case Milestone.BOOTSTRAP:
            own = [check.id for group in look.groups for check in group.control_plane]
            mixed = any(group.may_be_bootstrap for group in look.groups)
            return ServingGoal({} if own else _NO_BALANCER, own, lacking=(WHICH,) if mixed else ())
        case Milestone.INGRESS:
            there = {check.id for check in look.all_checks}
            return ServingGoal(all=[id for id in _ROUTER_CHECKS if id in there] or _ROUTER_CHECKS[:1])


WHICH: Final = failed(
    "control-plane",
    "which targets are the control plane's isn't known, as one may be the bootstrap machine",
    "name it in bootstrap.address, or those in controlPlane.addresses, or write auto, and apply",
)
_NO_BALANCER: Final[Mapping[str, Sequence[str]]] = {"the API's load balancers": ()}


def _told(
    last: LastLook, target: Milestone, timeout: float, options: Options, terminal: Terminal, reach: Reach | None
) -> ExitCode:
    code = _CODES[last.standing.verdict]
    if options.as_json:
        rows = [check.document() for check in last.checks]
        further = {"reach": reach.document()} if reach else {}
        terminal.result_json(
            {"ok": code is ExitCode.DONE, "seconds": round(last.seconds, 1), "checks": rows, **further}
        )
        return code
    match last.standing.verdict:
        case GoalState.THERE:
            terminal.result([Line(f"{target.value}: there after {span(last.seconds)}, in {LOOKS} looks in a row")])
        case GoalState.MISSING:
            terminal.result([Line(f"{target.value}: not there after {span(timeout)}; still missing:", Tone.DANGER)])
            terminal.result(_listed([*last.standing.missing, *last.standing.unknown], terminal.secrets))
            terminal.result(reach.lines(terminal.secrets) if reach else ())
        case GoalState.UNKNOWN:
            said = f"{target.value}: nothing is missing, and this can't be found out from here:"
            terminal.result([Line(said, Tone.CHANGE)])
            terminal.result(_listed(last.standing.unknown, terminal.secrets))
    return code


def _listed(texts: Sequence[str], secrets: SecretTexts) -> Iterator[Line]:
    for text in texts:
        yield from wrapped(secrets.masked(text), first="  ", rest="    ")


_CODES: Final[Mapping[GoalState, ExitCode]] = {
    GoalState.THERE: ExitCode.DONE,
    GoalState.MISSING: ExitCode.FAILED,
    GoalState.UNKNOWN: ExitCode.UNKNOWN,
}

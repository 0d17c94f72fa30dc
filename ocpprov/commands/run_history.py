"""What a run notes of what it sets out to do, for its report."""

from __future__ import annotations

from ocpprov import __version__
from ocpprov.commands.locking import LockedRun
from ocpprov.commands.options import Options
from ocpprov.commands.refresh import PlanResult
from ocpprov.commands.terminal import Terminal
from ocpprov.engine.actions import Actions
from ocpprov.engine.claims import named
from ocpprov.engine.secret_texts import SecretTexts
from ocpprov.engine.steps import DeleteStep, RetainStep
from ocpprov.kinds.registry import KINDS
from ocpprov.report.history import Other, RunHead
from ocpprov.report.things import Thing, live_thing, planned_things
from ocpprov.report.topology import pictured


def note_begin(held: LockedRun, planned: PlanResult, verb: str, options: Options, terminal: Terminal) -> None:
    """Note it in the run folder, without anything that isn't to be shown."""
    now = held.connection.clock.now()
    head = head_of(planned.actions, now, verb, terminal.command, terminal.secrets, sandbox=options.sandbox)
    held.events.begin(now, head.document())


def head_of(actions: Actions, now: float, verb: str, command: str, secrets: SecretTexts, *, sandbox: bool) -> RunHead:
    """What these actions set out to do."""
    masked = secrets.masked
    return RunHead(
        actions.owner.run,
        now,
        verb,
        actions.owner.plan,
        actions.owner.region,
        actions.owner.account,
        actions.owner.cluster,
        command,
        __version__,
        sandbox,
        [pictured(each, KINDS, planned=True) for each in planned_things(actions.graph, actions.current, secrets)],
        _going(actions, secrets),
        {masked(each.resource): each.verb.value for each in actions.actions},
        [Other(masked(each.resource), masked(each.what), each.is_left) for each in actions.others],
        {masked(step.name): sorted(map(masked, step.after)) for step in actions.steps},
    )


def _going(actions: Actions, secrets: SecretTexts) -> list[Thing]:
    going = [step for step in actions.steps if isinstance(step, DeleteStep | RetainStep)]
    things = [live_thing(step.logical_id or named(step.live), step.live, secrets) for step in going]
    return [pictured(each, KINDS, planned=False) for each in things]

"""`list`: the plans that an account has in a region."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

from ocpprov.aws.errors import AwsError
from ocpprov.aws.session import configured_region
from ocpprov.commands.aws_problems import problem_of
from ocpprov.commands.call_log import CallLog
from ocpprov.commands.connection import Connector, RunTarget, connect
from ocpprov.commands.exit_codes import ExitCode, Refused
from ocpprov.commands.options import Options
from ocpprov.commands.plans_found import SERVICES, FoundPlan, find_plans
from ocpprov.commands.scope import Scope
from ocpprov.commands.terminal import Terminal
from ocpprov.engine.plurals import number_of
from ocpprov.engine.printable import printable
from ocpprov.engine.problem import Problem
from ocpprov.engine.resources import Owner
from ocpprov.plan.top_level import REGION_PATTERN
from ocpprov.runs.folder import known_plans
from ocpprov.ui.lines import Line, Tone

_UNITS: Final = ((86_400, "d"), (3_600, "h"), (60, "min"))


def list_plans(options: Options, terminal: Terminal, connector: Connector = connect) -> ExitCode:
    """The `list` command."""
    target = RunTarget("", _region(options), scope=Scope(services=SERVICES), may_leave_out=False)
    with connector(target, options, CallLog(terminal.say), terminal.say, terminal.on_retry) as connection:
        try:
            plans, unseen = find_plans(connection.reader)
        except AwsError as error:
            raise Refused(problem_of(error)) from error
        now, owner = connection.clock.now(), connection.owner
    if options.as_json:
        documents = [_document(plan) for plan in plans]
        terminal.result_json({"account": owner.account, "region": owner.region, "plans": documents, "unseen": unseen})
    else:
        terminal.result(_lines(plans, owner, now))
        terminal.say_lines(unseen)
    return ExitCode.DONE


def _region(options: Options) -> str:
    """The one given, or configured for the AWS CLI, or of all plans applied from this folder. Raises Refused."""
    region = options.region
    if not region:
        here = {region for _, region in known_plans(options.directory)}
        region = _configured(options.profile) or (here.pop() if len(here) == 1 else "")
    if not region:
        raise Refused(Problem("--region", "no region is given, and none is configured", "give one such as eu-west-1"))
    if not re.fullmatch(REGION_PATTERN, region):
        place = f"--region {printable(region)}"
        raise Refused(Problem(place, "no region has such a name", "write one such as eu-west-1"))
    return region


def _configured(profile: str) -> str:
    try:
        return configured_region(profile)
    except AwsError as error:
        raise Refused(problem_of(error)) from error


def _document(plan: FoundPlan) -> dict[str, object]:
    return {
        "name": plan.name,
        "clusters": plan.clusters,
        "firstRun": _date(plan.first),
        "lastRun": _date(plan.last),
        "protected": plan.protected,
        "resources": plan.sizes,
        "billed": plan.billed,
    }


def _date(seconds: float | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat()


def _lines(plans: Sequence[FoundPlan], owner: Owner, now: float) -> Iterator[Line]:
    yield Line(f"account {owner.account}, region {owner.region}: {number_of(len(plans), 'plan')}", Tone.HEADING)
    for plan in plans:
        cluster = f", cluster {', '.join(plan.clusters)}" if plan.clusters else ""
        ages = [f"{_age(plan.first, now)} old", f"last run {_age(plan.last, now)} ago"] if plan.first else []
        size = number_of(sum(plan.sizes.values()), "tagged resource")
        protected = ["protected"] if plan.protected else []
        yield Line(f"{plan.name}{cluster}")
        yield Line(f"    {', '.join([*ages, size, *protected])}")
        if plan.billed:
            billed = ", ".join(number_of(count, noun) for noun, count in plan.billed.items())
            yield Line(f"    bills by the hour: {billed}", Tone.CHANGE)


def _age(then: float | None, now: float) -> str:
    """In the largest unit that there is one of."""
    seconds = max(0.0, now - (then or now))
    unit, word = next((each for each in _UNITS if seconds >= each[0]), (1, "s"))
    return f"{int(seconds // unit)} {word}"

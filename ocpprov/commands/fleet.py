"""`fleet`, and `apply` of several plans: many plans at once, each with its own journal, lock, result and failure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from ocpprov.commands.error_documents import problems_in
from ocpprov.commands.exit_codes import ExitCode, Refused
from ocpprov.commands.fleet_values import FleetMember, FleetRequest, FleetRunner, MemberEnd, worst
from ocpprov.commands.interrupts import interruptible
from ocpprov.commands.load import all_resources, load_plan
from ocpprov.commands.options import Options
from ocpprov.engine.events import Event
from ocpprov.engine.problem import Problem
from ocpprov.openshift.expand import placeholder_facts
from ocpprov.plan.model import Plan
from ocpprov.plan.problems import PlanErrors
from ocpprov.runs.folder import run_folder
from ocpprov.ui.lines import Line


class FleetView(Protocol):
    """How a fleet is seen. Everything may come from any thread."""

    def hear(self, member: FleetMember, event: Event) -> None: ...
    def ended(self, end: MemberEnd) -> None: ...
    def say(self, line: str | Line) -> None: ...
    def close(self, ends: Sequence[MemberEnd]) -> None: ...


def fleet(members: Sequence[FleetMember], request: FleetRequest, runner: FleetRunner, view: FleetView) -> ExitCode:
    """Run the members, tell of each, and close with all of them. The exit code is the worst."""
    ends: list[MemberEnd] = []
    with interruptible(request.cancellation, view.say):
        for end in runner.run(members, request, view.hear):
            ends.append(end)
            view.ended(end)
    view.close(ends)
    return worst(ends)


def plan_files(folder: Path) -> list[Path]:
    """The plan files of a folder, by name; what begins with a dot is none. Raises Refused where there is none."""
    try:
        found = sorted(
            each
            for each in folder.iterdir()
            if each.suffix in (".yaml", ".yml") and not each.name.startswith(".") and each.is_file()
        )
    except OSError as error:
        raise Refused(Problem(str(folder), error.strerror or str(error), "name a folder with plan files")) from error
    if not found:
        raise Refused(Problem(str(folder), "has no plan file (*.yaml, *.yml)", "name a folder with plan files"))
    return found


@dataclass(frozen=True)
class Loaded:
    """A member, and its plan as far as it is known without AWS."""

    member: FleetMember
    plan: Plan


def members_of(paths: Sequence[Path], options: Options, *, destroying: bool = False) -> list[Loaded]:
    """The members, all plans read and checked. Raises Refused with what is wrong with any of them: nothing is sent for
    the others either."""
    problems: list[Problem] = [*_same_files(paths)]
    found: list[Loaded] = []
    for path in dict.fromkeys(paths):
        own = replace(options, plan=path)
        try:
            plan = load_plan(own, destroying=destroying)
            if not destroying:
                all_resources(plan, placeholder_facts(plan))
        except (PlanErrors, Refused) as error:
            problems += problems_in(error)
            continue
        folder = run_folder(options.directory, plan.name)
        found.append(Loaded(FleetMember(path, plan.name, plan.account_id, plan.region, folder), plan))
    problems += _same_names([each.member for each in found])
    if problems:
        raise Refused(*problems)
    return found


def _same_files(paths: Sequence[Path]) -> Iterator[Problem]:
    for path, count in Counter(each.resolve() for each in paths).items():
        if count > 1:
            yield Problem(str(path), f"is given {count} times", "name each plan file once")


def _same_names(members: Sequence[FleetMember]) -> Iterator[Problem]:
    """Two plans of one name have one run folder, and in one account and region they would be one plan."""
    by_name: dict[str, list[FleetMember]] = {}
    for member in members:
        by_name.setdefault(member.plan, []).append(member)
    for name, same in by_name.items():
        if len({each.path.resolve() for each in same}) > 1:
            files = ", ".join(str(each.path) for each in same)
            yield Problem(
                files,
                f"have the same name ({name}), and so the same run folder",
                "give each plan a name of its own, or run them one after another, each with its own --dir",
            )

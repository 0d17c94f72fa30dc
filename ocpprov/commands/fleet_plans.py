"""The plans of a fleet: files read and checked before anything is sent for any of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.fleet_values import FleetMember
from ocpprov.commands.load import all_resources, load_plan
from ocpprov.commands.options import Options
from ocpprov.commands.refusals import problems_in
from ocpprov.engine.problem import Problem
from ocpprov.engine.secret_texts import SecretTexts
from ocpprov.openshift.expand import placeholder_facts
from ocpprov.plan.problems import PlanErrors
from ocpprov.runs.folder import run_folder


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
class Fleet:
    """The members, and the texts of any of their plans that aren't to be shown."""

    members: Sequence[FleetMember]
    secrets: SecretTexts


def fleet_of(paths: Sequence[Path], options: Options, *, destroying: bool = False) -> Fleet:
    """The plans in these files, all read and checked. Raises Refused with what is wrong with any of them: nothing is
    sent for the others either."""
    problems: list[Problem] = [*_same_files(paths)]
    found: list[FleetMember] = []
    secrets: list[SecretTexts] = []
    others: list[str] = []
    for path in dict.fromkeys(paths):
        own = replace(options, plan=path)
        try:
            plan = load_plan(own, destroying=destroying)
            if not destroying:
                all_resources(plan, placeholder_facts(plan))
        except (PlanErrors, Refused) as error:
            problems += problems_in(error)
            if isinstance(error, PlanErrors) and path.is_file() and _seems_no_plan(error):
                others.append(str(path))
            continue
        folder = run_folder(options.directory, plan.name)
        found.append(FleetMember(path, plan.name, plan.account_id, plan.region, folder))
        secrets.append(plan.secrets)
    problems += _same_names(found)
    if others:
        detail = "no plan, it seems; a fleet takes each *.yaml and *.yml of its folder for one"
        problems.append(Problem(", ".join(others), detail, "move what is none into another folder"))
    if problems:
        raise Refused(*problems)
    return Fleet(found, _together(secrets))


def _seems_no_plan(error: PlanErrors) -> bool:
    """Whether a file is wrong as a whole, or has neither name nor region."""
    places = {each.path for each in error.errors}
    return places == {""} or {"name", "region"} <= places


def _together(secrets: Sequence[SecretTexts]) -> SecretTexts:
    names = {name for each in secrets for name in each.parameters}
    values = {name: [value for each in secrets for value in each.parameters.get(name, ())] for name in names}
    return SecretTexts(values, frozenset(text for each in secrets for text in each.derived))


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

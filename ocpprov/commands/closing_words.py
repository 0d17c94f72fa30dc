"""What a run is called on the screen, and what its end tells a person."""

from __future__ import annotations

from collections.abc import Mapping

from ocpprov.commands.apply_loop import RunOutcome
from ocpprov.commands.options import Options
from ocpprov.commands.run_report import Run
from ocpprov.engine.actions import counted
from ocpprov.engine.resources import Owner
from ocpprov.engine.suggestion import command_line, file_word
from ocpprov.openshift.outputs import NEEDED_NEXT
from ocpprov.ui.closing import Closing
from ocpprov.ui.progress import Heading

_SOME = 6
"""So many outputs of a plan of which nobody knows which ones matter."""


def heading_of(verb: str, owner: Owner, options: Options, environ: Mapping[str, str]) -> Heading:
    """What the live view stands under. In a CI's log nothing is redrawn, though it may look like a terminal."""
    sandbox = ", SANDBOX" if options.sandbox else ""
    return Heading(
        f"{verb} {owner.plan}, {owner.account}, {owner.region}{sandbox}",
        options.verbose,
        options.plain or bool(environ.get("CI")),
    )


def closing_of(outcome: RunOutcome, run: Run, owner: Owner, outputs: Mapping[str, object], options: Options) -> Closing:
    """The end of a run that went well: `outputs` are all that there are, of which some are shown."""
    all_of_them = same_plan("outputs", options) if outputs else ""
    page = command_line("ocpprov", "report", owner.plan, *_folder(options))
    commands = [*([("all outputs", all_of_them)] if all_of_them else []), ("for the auditor", page)]
    return Closing(owner, counted(outcome.done), run.seconds(), run.calls(), matters(outputs), commands)


def matters(values: Mapping[str, object]) -> dict[str, object]:
    """The outputs that whoever goes on needs first; of a plan without an openshift section the first few."""
    known = {name: values[name] for name in NEEDED_NEXT if name in values}
    return known or dict([*values.items()][:_SOME])


def same_plan(verb: str, options: Options, *more: str) -> str:
    """The command that does something else with the same plan, with `more` words at its end; empty where it would take
    parameters, which may be secret."""
    if options.parameters or options.plan is None:
        return ""
    given = {"--name": options.name, "--region": options.region, "--profile": options.profile}
    words = [word for option, value in given.items() if value for word in (option, value)]
    flags = {"--sandbox": options.sandbox, "--insecure-endpoint": options.insecure_endpoint}
    switches = [name for name, on in flags.items() if on]
    return command_line("ocpprov", verb, file_word(options.plan), *words, *_folder(options), *switches, *more)


def apply_again(options: Options) -> str:
    """What brings back what is missing or has drifted."""
    return same_plan("apply", options) or "`ocpprov apply` with the plan's parameters"


def _folder(options: Options) -> list[str]:
    return [] if str(options.directory) == "." else ["--dir", str(options.directory)]

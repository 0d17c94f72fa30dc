"""`ocpprov fleet`, and what `apply` does with several plans."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, Unpack

import click
from click.core import ParameterSource

from ocpprov.cli.fleet_options import TLS_OPTIONS, GivenScheduler, guard_certificates, scheduler_in
from ocpprov.cli.options import AT_ONCE, AWS_OPTIONS, JSON, LOCK_TIMEOUT, PLAIN, VIEW_OPTIONS, YES, Given
from ocpprov.cli.running import options_of, run_command, speaking
from ocpprov.commands.command_group import VerbCommand
from ocpprov.commands.exit_codes import Refused
from ocpprov.engine.problem import Problem

if TYPE_CHECKING:
    from ocpprov.commands.exit_codes import ExitCode
    from ocpprov.commands.terminal import Terminal


def run_fleet(given: Given, paths: Callable[[], Sequence[Path]], act: str, at_once: int) -> NoReturn:
    """Do it with all of these plans, to the end of the process. `paths` may raise Refused."""
    from ocpprov.commands.fleet import fleet as command
    from ocpprov.commands.fleet_values import FleetAct

    run_command(
        given,
        lambda: speaking(given, lambda terminal: command(paths(), FleetAct(act), options_of(given), terminal, at_once)),
        streams=True,
    )


def run_on_workers(given: GivenScheduler, folder: Path, act: str, *, chosen: bool) -> NoReturn:
    """The same on the workers of a scheduler, of which each says how many it takes at once. `chosen`: somebody has
    said that here."""

    def work(terminal: Terminal) -> ExitCode:
        if chosen:
            detail = "with --scheduler each worker says how many plans it runs at once"
            raise Refused(Problem("--at-once", detail, "give --at-once to ocpprov fleet-worker"))
        scheduler = scheduler_in(given)
        from ocpprov.commands.dask_cluster import on_workers_of
        from ocpprov.commands.fleet import fleet as command
        from ocpprov.commands.fleet_plans import plan_files
        from ocpprov.commands.fleet_values import FleetAct

        make_runner = on_workers_of(scheduler)
        return command(plan_files(folder), FleetAct(act), options_of(given), terminal, 1, make_runner)

    run_command(given, lambda: speaking(given, work), streams=True)


@click.command(cls=VerbCommand)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--do",
    "act",
    type=click.Choice(["plan", "apply", "destroy"]),
    default="apply",
    show_default=True,
    help="What is done with each plan.",
)
@AT_ONCE
@click.option(
    "--scheduler", default="", metavar="URL", help="Run them on the workers of Dask's scheduler: tls://host:8786."
)
@TLS_OPTIONS
@AWS_OPTIONS
@JSON
@VIEW_OPTIONS
@PLAIN
@LOCK_TIMEOUT
@YES
def fleet(folder: Path, act: str, at_once: int, **given: Unpack[GivenScheduler]) -> None:
    """Apply all plans of a folder together.

    The plans are the files *.yaml and *.yml in DIR. Each runs as it does alone, with its own journal, lock, log and
    result; those in one account and region share what AWS lets it ask. All are checked before anything is sent, and
    what they would do is asked about once. One that fails stops no other.

    With --scheduler each plan goes to a worker (fleet-worker) that reaches its account and region, and runs there; then
    changes take --yes.
    """
    chosen = click.get_current_context().get_parameter_source("at_once") is not ParameterSource.DEFAULT
    if given.get("scheduler"):
        run_on_workers(given, folder, act, chosen=chosen)
    from ocpprov.commands.fleet_plans import plan_files

    def paths() -> Sequence[Path]:
        guard_certificates(given)
        return plan_files(folder)

    run_fleet(given, paths, act, at_once)

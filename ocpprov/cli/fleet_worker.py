"""`ocpprov fleet-worker`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

import click

from ocpprov.cli.fleet_options import TLS_OPTIONS, GivenScheduler, scheduler_in
from ocpprov.cli.options import AWS_OPTIONS
from ocpprov.cli.running import options_of, run_command, speaking
from ocpprov.commands.command_group import VerbCommand

if TYPE_CHECKING:
    from ocpprov.commands.exit_codes import ExitCode
    from ocpprov.commands.terminal import Terminal


@click.command("fleet-worker", cls=VerbCommand)
@click.option("--scheduler", required=True, metavar="URL", help="Dask's scheduler: tls://host:8786.")
@TLS_OPTIONS
@click.option("--region", "regions", required=True, multiple=True, help="A region that it reaches; repeatable.")
@click.option(
    "--account",
    "accounts",
    multiple=True,
    metavar="ID",
    help="An account that it reaches: that of its credentials, or one that plans reach by a role; repeatable.",
)
@click.option(
    "--at-once", default=4, show_default=True, type=click.IntRange(1, 64), help="How many plans it runs at once."
)
@AWS_OPTIONS
def fleet_worker(
    regions: tuple[str, ...], accounts: tuple[str, ...], at_once: int, **given: Unpack[GivenScheduler]
) -> None:
    """Run plans on this host for a fleet.

    It looks whether it reaches AWS in each region, and with whose credentials; then it takes the plans that `ocpprov
    fleet --scheduler` sends for these, until it is ended. Plans, journals, locks and logs stay here, in --dir. It needs
    the extra: pip install 'ocpprov[fleet]'.

    A run that is under way when this ends, however it ends, ends as after one Ctrl-C.
    """

    def work(terminal: Terminal) -> ExitCode:
        scheduler = scheduler_in(given)
        from ocpprov.commands.dask_worker import serve
        from ocpprov.commands.fleet_worker import WorkerRequest
        from ocpprov.commands.fleet_worker import fleet_worker as command

        request = WorkerRequest(scheduler, regions, accounts, at_once)
        return command(request, options_of(given), terminal, serve)

    run_command(given, lambda: speaking(given, work))

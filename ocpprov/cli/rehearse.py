"""`ocpprov rehearse`."""

from __future__ import annotations

from pathlib import Path
from typing import Unpack

import click

from ocpprov.cli.options import CONCURRENCY, JSON, PLAN, PLAN_OPTIONS, VIEW_OPTIONS, Given, without
from ocpprov.cli.running import options_of, run_command, speaking
from ocpprov.commands.command_group import VerbCommand


@click.command(cls=VerbCommand)
@PLAN
@PLAN_OPTIONS
@without("nothing is rehearsed of them")
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="NAME|FILE",
    help="What goes wrong: throttling, lost-answers, lost-requests, new-account, no-nat-capacity, nat-fails-once, "
    "no-addresses, or a file of the sandbox's faults; repeatable.",
)
@click.option(
    "--quota",
    "quotas",
    multiple=True,
    metavar="NAME=NUMBER",
    help="What your account may have, where that isn't AWS's default (CreateVpc=20); repeatable.",
)
@click.option(
    "--latency",
    default=80.0,
    type=click.FloatRange(0, 10_000),
    show_default=True,
    metavar="MILLISECONDS",
    help="What each call takes.",
)
@click.option("--seed", default=1, type=click.IntRange(min=0), show_default=True, help="What chance begins with.")
@click.option(
    "--scale",
    default=0.0,
    type=click.FloatRange(0, 10_000),
    metavar="NUMBER",
    help="Go by the wall, so many times faster than AWS (1: just as long). Without it time passes only in waiting.",
)
@click.option("--prices", type=click.Path(path_type=Path), help="A file with your prices by the hour.")
@CONCURRENCY
@VIEW_OPTIONS
@JSON
def rehearse(
    faults: tuple[str, ...],
    quotas: tuple[str, ...],
    latency: float,
    seed: int,
    scale: float,
    prices: Path | None,
    **given: Unpack[Given],
) -> None:
    """Rehearse a plan, without AWS: apply, apply again, destroy.

    It runs in the sandbox with AWS's own times, rates and a new account's quotas, in seconds, and says how long each
    would take, what it calls, which quotas it needs, what bills by the hour, and what all of that rests on. What the
    plan names and somebody else has made, a stand-in is there for.
    """
    from ocpprov.commands.rehearsal_request import RehearsalRequest
    from ocpprov.commands.rehearse import rehearse as command

    request = RehearsalRequest(latency, scale, seed, faults, quotas, prices)
    run_command(given, lambda: speaking(given, lambda terminal: command(options_of(given), terminal, request)))

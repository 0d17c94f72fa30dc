"""`ocpprov bootstrap`: the bootstrap machine's things."""

from __future__ import annotations

from typing import Unpack

import click

from ocpprov.cli.options import (
    AWS_OPTIONS,
    LOCK_TIMEOUT,
    OPTIONAL_PLAN,
    PLAIN,
    PLAN_OPTIONS,
    VIEW_OPTIONS,
    YES,
    Given,
    without,
)
from ocpprov.cli.running import options_of, run_command, speaking
from ocpprov.commands.command_group import CommandGroup


@click.group(cls=CommandGroup)
def bootstrap() -> None:
    """The bootstrap machine's things."""


@bootstrap.command("remove")
@OPTIONAL_PLAN
@click.option("--force", is_flag=True, help="Also while the control plane isn't healthy.")
@PLAN_OPTIONS
@without("what is there stays, and is named")
@AWS_OPTIONS
@VIEW_OPTIONS
@PLAIN
@LOCK_TIMEOUT
@YES
def remove(force: bool, **given: Unpack[Given]) -> None:
    """Take away what was for the bootstrap machine alone.

    Its targets, security group, role, instance profile and bootstrap.ign go, and nothing else, whatever the plan has to
    do besides; the plan file gets `bootstrap: false`. While the control plane's own targets aren't healthy behind the
    API's ports it is refused. The diff and what goes are shown first.

    Without PLAN it is the file that was applied from this folder, where that was one plan only.
    """
    from ocpprov.commands.bootstrap_remove import bootstrap_remove as command

    run_command(given, lambda: speaking(given, lambda terminal: command(options_of(given), terminal, force=force)))

"""`ocpprov sandbox`: AWS on this machine."""

from __future__ import annotations

import click

from ocpprov.cli.running import run_command
from ocpprov.commands.command_group import CommandGroup


@click.group(cls=CommandGroup)
def sandbox() -> None:
    """AWS on this machine."""


@sandbox.command("start")
@click.option("--scale", default=50.0, type=click.FloatRange(1, 10_000), help="Seconds of AWS in one of ours.")
@click.option("--host", "hosts", multiple=True, help="A name that it answers under besides localhost. Repeatable.")
def sandbox_start(scale: float, hosts: tuple[str, ...]) -> None:
    """Start the sandbox."""
    from ocpprov.commands.sandbox import start

    run_command({}, lambda: start(scale, hosts))


@sandbox.command("stop")
def sandbox_stop() -> None:
    """End the sandbox and forget what is in it."""
    from ocpprov.commands.sandbox import stop

    run_command({}, stop)


@sandbox.command("reset")
def sandbox_reset() -> None:
    """Empty the sandbox."""
    from ocpprov.commands.sandbox import reset

    run_command({}, reset)

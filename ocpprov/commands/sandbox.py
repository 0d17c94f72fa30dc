"""`sandbox`: AWS on this machine, started, stopped and emptied."""

from __future__ import annotations

import os

import click

from ocpprov.commands.exit_codes import ExitCode, Refused
from ocpprov.sandbox import control


def start(scale: float) -> ExitCode:
    """Start it, or say that it runs."""
    try:
        running = control.start(control.default_state_dir(os.environ), scale=scale)
    except (control.SandboxMissing, control.SandboxFailed) as error:
        raise Refused(str(error)) from error
    click.echo(f"the sandbox answers at {running.endpoint_url} (process {running.pid}, clock 1:{running.scale:g})")
    return ExitCode.DONE


def stop() -> ExitCode:
    """End it. What was made in it is gone."""
    stopped = control.stop(control.default_state_dir(os.environ))
    click.echo("the sandbox is stopped" if stopped else "no sandbox was running")
    return ExitCode.DONE


def reset() -> ExitCode:
    """Empty it."""
    if not control.reset(control.default_state_dir(os.environ)):
        raise Refused("no sandbox is running; start one with ocpprov sandbox start")
    click.echo("the sandbox is empty")
    return ExitCode.DONE

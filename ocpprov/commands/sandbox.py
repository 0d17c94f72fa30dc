"""`sandbox`: AWS on this machine, started, stopped and emptied."""

from __future__ import annotations

import os
from collections.abc import Sequence

import click

from ocpprov.commands.exit_codes import ExitCode, Refused
from ocpprov.engine.printable import printable
from ocpprov.sandbox import control
from ocpprov.sandbox.admission import is_host
from ocpprov.sandbox.server_process import SandboxFailed


def start(scale: float, hosts: Sequence[str] = ()) -> ExitCode:
    """Start it, or say that it runs. `hosts` are the names beside localhost under which it is to answer."""
    for host in hosts:
        if not is_host(host):
            raise Refused(f"--host takes a name such as .example.com, without port, not {host!r}")
    try:
        running = control.start(control.default_state_dir(os.environ), scale=scale, hosts=hosts)
    except (control.SandboxMissing, SandboxFailed) as error:
        raise Refused(str(error)) from error
    where = f"{running.endpoint_url} (process {running.pid}, clock 1:{running.scale:g})"
    click.echo(printable(f"the sandbox answers at {where}"))
    return ExitCode.DONE


def stop() -> ExitCode:
    """End it. What was made in it is gone."""
    try:
        stopped = control.stop(control.default_state_dir(os.environ))
    except SandboxFailed as error:
        raise Refused(str(error)) from error
    click.echo("the sandbox is stopped" if stopped else "no sandbox was running")
    return ExitCode.DONE


def reset() -> ExitCode:
    """Empty it."""
    try:
        emptied = control.reset(control.default_state_dir(os.environ))
    except SandboxFailed as error:
        raise Refused(str(error)) from error
    if not emptied:
        raise Refused("no sandbox is running; start one with ocpprov sandbox start")
    click.echo("the sandbox is empty")
    return ExitCode.DONE

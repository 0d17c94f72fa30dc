"""`completion`: what a shell needs to complete commands, options and files."""

from __future__ import annotations

from typing import Final

import click
from click.shell_completion import ShellComplete, get_completion_class

from ocpprov.commands.exit_codes import ExitCode, Refused
from ocpprov.engine.printable import printable

SHELLS: Final = ("bash", "zsh", "fish")


def completion(shell: str, command: click.Command) -> ExitCode:
    """The `completion` command: a script that asks the program itself whenever something is to be completed."""
    found = get_completion_class(shell)
    if found is None:
        raise Refused(f"{shell}: completion is made for {', '.join(SHELLS)}")
    made = found(command, {}, "ocpprov", "_OCPPROV_COMPLETE")
    # Bash's own way to it starts the bash that is on the way, to look how old it is.
    for line in ShellComplete.source(made).splitlines():
        click.echo(printable(line))
    return ExitCode.DONE

"""The command line. `main` is all of it."""

from __future__ import annotations

from typing import NoReturn

from ocpprov.commands.held_signals import hold_signals, leave


def main() -> NoReturn:
    """Run the command line, and end the process with its exit code. From its first moment to its last a signal ends it
    in a word, or not at all where it is done already."""
    hold_signals()
    from ocpprov.cli.verbs import main as program

    code: object = 0
    try:
        program()
    except SystemExit as ended:
        # Help, and what is wrong with the command line: a command that has begun ends the process itself.
        code = ended.code
    leave(code if isinstance(code, int) else 1)

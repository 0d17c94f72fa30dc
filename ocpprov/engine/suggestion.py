"""Commands that a message offers to be copied into a shell."""

from __future__ import annotations

import shlex
from pathlib import Path

from ocpprov.engine.printable import offered, printable


def command_line(*words: str) -> str:
    """The command of these words: each is one word to a shell, whatever is in it, and all are on one line. A character
    that isn't to be seen is shown as an escape, which the shell takes for what it reads."""
    return shlex.join([printable(word) for word in words])


def file_word(path: Path) -> str:
    """A path as a word of such a command, where no name of a file is taken for an option."""
    return f"./{path}" if str(path).startswith("-") else str(path)


def allow_option(id: str) -> str:
    """`--allow` with AWS's id of something, to be added to a command; `ID` for one that nobody should paste, as
    somebody else chose what is in it."""
    return command_line("--allow", id if offered(id) else "ID")

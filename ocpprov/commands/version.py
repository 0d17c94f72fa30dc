"""`version`: what a report of a fault needs to say of the program."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of
from typing import Final

from ocpprov import __version__
from ocpprov.commands.exit_codes import ExitCode
from ocpprov.commands.options import Options
from ocpprov.commands.terminal import Terminal
from ocpprov.engine.ownership import FORMAT

_LIBRARIES: Final = ("boto3", "botocore")


def version(options: Options, terminal: Terminal) -> ExitCode:
    """The `version` command."""
    if options.as_json:
        terminal.result_json(version_document())
    else:
        terminal.result(_lines())
    return ExitCode.DONE


def version_document() -> dict[str, object]:
    """The versions of the program, of Python and of the AWS SDK, and the format of the tags that it writes."""
    libraries = {name: _installed(name) for name in _LIBRARIES}
    return {"ocpprov": __version__, "python": platform.python_version(), **libraries, "tagFormat": FORMAT}


def _lines() -> Iterator[str]:
    words = {"python": "Python", "tagFormat": "tag format"}
    for name, value in version_document().items():
        yield f"{words.get(name, name):10}  {value}"


def _installed(name: str) -> str:
    """Without loading it. In the single file there may be nothing that says it."""
    try:
        return version_of(name)
    except PackageNotFoundError:
        return "unknown"

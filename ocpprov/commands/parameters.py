"""Parameters of a plan as the command line gives them: one by one, or in a file."""

from __future__ import annotations

import json
from pathlib import Path

from ocpprov.commands.exit_codes import Refused
from ocpprov.engine.printable import printable
from ocpprov.plan.nodes import MOST_BYTES
from ocpprov.runs.input_files import read_input


def parameter(text: str) -> tuple[str, str]:
    """Name and value of one `NAME=VALUE`. Raises Refused."""
    name, equals, value = text.partition("=")
    if not equals or not name:
        # Without what was given: it may be a value alone.
        raise Refused("--parameter: write NAME=VALUE")
    return name, value


def parameters_in(path: Path | None) -> dict[str, str]:
    """A parameter file in the AWS CLI's form: a list of `{ParameterKey, ParameterValue}`, or a plain mapping. Raises
    Refused."""
    if path is None:
        return {}
    place = f"--parameters {printable(str(path))}"
    try:
        content = read_input(path, MOST_BYTES + 1)
    except OSError as error:
        raise Refused(f"{place}: can't be read: {error.strerror}") from error
    if len(content) > MOST_BYTES:
        raise Refused(f"{place}: larger than 1 MiB")
    # What is wrong with it is told without a word of it: there may be secrets in it.
    try:
        found = json.loads(content)
    except json.JSONDecodeError as error:
        raise Refused(f"{place}:{error.lineno}:{error.colno}: not JSON: {error.msg}") from error
    except (ValueError, RecursionError) as error:
        raise Refused(f"{place}: not JSON, or nested too deeply") from error
    rows = found.items() if isinstance(found, dict) else map(_row, found if isinstance(found, list) else [None])
    given = dict(each for each in rows if each is not None and isinstance(each[1], str | int | float))
    if not isinstance(found, dict | list) or len(given) != len(found):
        raise Refused(
            f"{place}: write a list of {{ParameterKey, ParameterValue}}, each key once, or a mapping of names to values"
        )
    return {name: str(value) for name, value in given.items()}


def _row(row: object) -> tuple[str, object] | None:
    """Name and value in the AWS CLI's words; None for anything else."""
    key = row.get("ParameterKey") if isinstance(row, dict) else None
    return (key, row.get("ParameterValue")) if isinstance(row, dict) and isinstance(key, str) else None

"""Outputs as a file that a POSIX shell sources."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ocpprov.engine.printable import printable
from ocpprov.installer.output_words import same_named, snake_case

PREFIX: Final = "OCPPROV_"
"""So that no output can be one of the variables that a shell or AWS's tools live on (NO_PROXY, PATH)."""


@dataclass(frozen=True)
class EnvironmentFile:
    """Lines, and what is left out of them: a sentence each."""

    lines: Sequence[str]
    left_out: Sequence[str] = ()


def environment_file(values: Mapping[str, str]) -> EnvironmentFile:
    """A line for each output: `export OCPPROV_VPC_ID=…`, quoted. A value that doesn't stand on a line is left out."""
    twice = same_named(values)
    lines, left_out = [], []
    for name, value in values.items():
        variable = PREFIX + snake_case(name).upper()
        if name in twice:
            left_out.append(f"{name}: {variable} is {twice[name]}")
        elif printable(value) != value:
            left_out.append(f"{name}: it has more than one line, or characters that can't be seen")
        else:
            lines.append(f"export {variable}={shlex.quote(value)}")
    return EnvironmentFile(lines, left_out)

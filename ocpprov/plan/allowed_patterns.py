"""`AllowedPattern` of a template, held against values. Python's regular expressions may take years for a few letters,
and can't be stopped: so they are tried in a process of their own, which can."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

SECONDS: Final = 4
"""For all patterns of a plan together."""

_CHILD: Final = """
import json, re, resource, sys
resource.setrlimit(resource.RLIMIT_CPU, (%d, %d))
for pattern, value in json.load(sys.stdin):
    try:
        said = re.fullmatch(pattern, value) is not None
    except re.error as error:
        said = error.msg
    except Exception:
        said = "too large"
    print(json.dumps(said), flush=True)
"""


class Fit(Enum):
    """How a value stands to a pattern. `TOO_SLOW`: nobody can tell within `SECONDS`."""

    FITS = auto()
    DIFFERS = auto()
    TOO_SLOW = auto()


@dataclass(frozen=True)
class Invalid:
    """A pattern that is none, and why."""

    reason: str


Verdict = Fit | Invalid
Pair = tuple[str, str]
"""A pattern, and a value that has to fit it as a whole."""


def judged(pairs: Sequence[Pair]) -> Mapping[Pair, Verdict]:
    """Every pair's verdict, within `SECONDS`."""
    if not pairs:
        return {}
    answers = [_verdict(line) for line in _asked(json.dumps(pairs)).splitlines()]
    return dict(zip(pairs, [*answers, *[Fit.TOO_SLOW] * (len(pairs) - len(answers))], strict=True))


def _asked(pairs: str) -> str:
    """What the process said until its end, its own or ours."""
    command = [sys.executable, "-I", "-S", "-c", _CHILD % (SECONDS - 1, SECONDS)]
    try:
        done = subprocess.run(  # noqa: S603 - it runs Python on our own text; pattern and value are its input
            command, input=pairs.encode(), capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        return (error.stdout or b"").decode()
    return done.stdout.decode()


def _verdict(line: str) -> Verdict:
    said = json.loads(line)
    if isinstance(said, str):
        return Invalid(said)
    return Fit.FITS if said else Fit.DIFFERS

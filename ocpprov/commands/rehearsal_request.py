"""What a rehearsal is asked for: how AWS is to be, and what goes wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ocpprov.commands.exit_codes import Refused
from ocpprov.engine.problem import Problem
from ocpprov.runs.input_files import read_input
from ocpprov.sandbox.default_quotas import default_quotas
from ocpprov.sandbox.delays import Delays
from ocpprov.sandbox.faults import Script, Storm, parse_script
from ocpprov.sandbox.named_faults import NAMED

_MOST_BYTES: Final = 1 << 20


@dataclass(frozen=True)
class AwsAsRehearsed:
    """What AWS is to be like. `scale` is how much faster than AWS it goes by the wall; 0 is a simulated time, which
    passes only while everybody waits. `latency` is what each call takes."""

    latency: float = 0.08
    quotas: Mapping[str, int] = field(default_factory=dict)
    delays: Delays = field(default_factory=Delays)
    faults: Script = field(default_factory=Script)
    throttling: bool = True
    seed: int = 1
    scale: float = 0.0


@dataclass(frozen=True)
class RehearsalRequest:
    """`latency` is in milliseconds, `scale` how much faster than AWS by the wall (0: in simulated time), `faults` are
    names of bad days or files of fault scripts, `quotas` are `NAME=NUMBER` each."""

    latency: float = 80.0
    scale: float = 0.0
    seed: int = 1
    faults: Sequence[str] = ()
    quotas: Sequence[str] = ()
    prices: Path | None = None

    def aws(self) -> AwsAsRehearsed:
        """How AWS is to be. Raises Refused for what can't be read."""
        return AwsAsRehearsed(
            latency=self.latency / 1000,
            quotas={**default_quotas(), **quotas_given(self.quotas)},
            faults=faults_given(self.faults, self.seed),
            seed=self.seed,
            scale=self.scale,
        )


def quotas_given(texts: Sequence[str]) -> Mapping[str, int]:
    """`CreateVpc=10` and the like. Raises Refused."""
    found: dict[str, int] = {}
    for text in texts:
        name, _, number = text.partition("=")
        if name not in default_quotas():
            remedy = f"the names are {', '.join(default_quotas())}"
            raise Refused(Problem(f"--quota {text}", f"no quota is known as {name}", remedy))
        if not number.isdecimal() or len(number) > 9:
            raise Refused(Problem(f"--quota {text}", "a quota is a number", f"such as {name}=10"))
        found[name] = int(number)
    return found


def faults_given(texts: Sequence[str], seed: int) -> Script:
    """All that is named or written in these files, as one script; of storms the last. Raises Refused."""
    faults = Script()
    for text in texts:
        more = NAMED[text].script(seed) if text in NAMED else _script_in(text)
        faults = Script((*faults.faults, *more.faults), _sum(faults.storm, more.storm))
    return faults


def _sum(one: Storm | None, other: Storm | None) -> Storm | None:
    if one is None or other is None:
        return one or other
    return Storm(
        one.seed,
        one.throttled + other.throttled,
        one.lost_answers + other.lost_answers,
        one.lost_requests + other.lost_requests,
        one.done_but_failed + other.done_but_failed,
    )


def _script_in(file: str) -> Script:
    try:
        return parse_script(json.loads(read_input(Path(file), _MOST_BYTES)))
    except FileNotFoundError:
        remedy = f"name a file of docs/sandbox.md's fault scripts, or one of {', '.join(NAMED)}"
        raise Refused(Problem(f"--fault {file}", "is neither a file nor a bad day that is known", remedy)) from None
    except OSError as error:
        raise Refused(Problem(f"--fault {file}", f"can't be read: {error.strerror}", "name another file")) from None
    except (ValueError, RecursionError) as error:
        remedy = 'such as {"faults": [{"operation": "CreateVpc", "nth": 1, "fault": "lose-answer"}]}'
        raise Refused(Problem(f"--fault {file}", f"no fault script: {error}", remedy)) from None

"""Trials in forks of a process that has collected the tests already (`mutants/warm.py`): what they kill is killed."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Final, Self, cast

from mutants.source import Mutant
from mutants.trial import Broken, Copy, Verdict

_TO_END: Final = 5.0
"""Seconds."""


class Forked:
    """The process in one copy of the repository. Closed, it is gone."""

    def __init__(self, copy: Copy, seen: Path) -> None:
        """`seen` is shared by all copies: the first one finds out which tests enter which functions. Raises Broken
        where the tests fail without any mutant."""
        command = [copy.python, "-m", "mutants.warm", str(seen), *copy.tests]
        self._process = subprocess.Popen(
            command,
            cwd=copy.folder,
            env=copy.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        ready = self._answer()
        if not isinstance(ready, dict) or not ready["passed"]:
            self.close()
            raise Broken(f"without any mutant, {' and '.join(copy.tests)} fail")
        self.seconds: float = ready["seconds"]
        """CPU seconds that the tests take without a mutant."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """An idle one ends by itself; one that is interrupted ends its fork first."""
        self._stdin().close()
        for number in (signal.SIGINT, signal.SIGKILL):
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_TO_END)
                break
            self._process.send_signal(number)
        self._process.wait()
        cast("IO[str]", self._process.stdout).close()

    def tried(self, mutant: Mutant, text: str, limit: float) -> Verdict | None:
        """What became of a mutant of a source; None where it isn't killed, which a new process has to confirm: what was
        done at import was done without it."""
        print(json.dumps({"mutant": asdict(mutant), "text": text, "limit": limit}), file=self._stdin(), flush=True)
        answer = self._answer()
        return Verdict(answer) if answer else None

    def _answer(self) -> object:
        line = cast("IO[str]", self._process.stdout).readline()
        return json.loads(line) if line else None

    def _stdin(self) -> IO[str]:
        return cast("IO[str]", self._process.stdin)


@dataclass(frozen=True)
class Place:
    """Where mutants are tried: quickly, and once more from the start where that doesn't kill them."""

    copy: Copy
    forked: Forked

    def verdict(self, mutant: Mutant, limit: float) -> Verdict:
        """`limit` in seconds, for each run of tests."""
        return self.copy.verdict(mutant, limit, self.forked.tried)

"""One mutant at a time, in a copy of the repository, before its rooms' tests."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from mutants.source import Mutant, is_a_change, mutated

_NO_TEST_RAN: Final = 5
"""pytest's exit code."""
_LEFT_OUT: Final = shutil.ignore_patterns(".*", "build", "dist", "__pycache__", "*.egg-info")
_IMPORT_LIMIT: Final = 60.0
"""Seconds."""
_SHORTEST_LIMIT: Final = 30.0
_PATIENCE: Final = 5
"""How many times longer than without a mutant tests may take."""


class Verdict(Enum):
    """What became of a mutant."""

    KILLED = "killed"
    TIMED_OUT = "killed by time"
    SURVIVED = "survived"
    NO_MUTANT = "no mutant"
    """It is no Python, or can't be imported: everybody would notice."""


Quickly = Callable[[Mutant, str, float], Verdict | None]
"""A trial of a mutant of a source, for so many seconds, after which it may still not be known what becomes of it."""


class Broken(Exception):
    """The tests fail, or take too long, without any mutant: nothing can be told."""


@dataclass(frozen=True)
class Copy:
    """A copy of the repository, for one mutant at a time. The original is never touched."""

    folder: Path
    tests: Sequence[str]
    """Of the rooms whose mutants are tried."""
    python: str = sys.executable

    @classmethod
    def of(cls, root: Path, folder: Path, tests: Sequence[str]) -> Copy:
        return cls(Path(shutil.copytree(root, folder, ignore=_LEFT_OUT)), tests)

    def verdict(self, mutant: Mutant, limit: float, quickly: Quickly | None = None) -> Verdict:
        """Try a mutant: the tests that are named after its module first, then all, those of its room before others.
        `limit` is in seconds, for each of the two. What `quickly` finds to be killed is; what it doesn't is tried."""
        file = self.folder / mutant.file
        text = file.read_text()
        if not is_a_change(text, mutant):
            return Verdict.NO_MUTANT
        self._write(file, mutated(text, mutant))
        try:
            if not self._imports(mutant.file):
                return Verdict.NO_MUTANT
            found = quickly(mutant, text, limit) if quickly else None
            return found or self._tried(mutant, limit)
        finally:
            self._write(file, text)

    def passes(self, tests: Sequence[str], limit: float) -> bool:
        """Whether tests pass that are there. Raises TimeoutExpired."""
        options = ("-x", "-q", "-p", "no:cacheprovider", "--hypothesis-seed=0")
        return self._run("-m", "pytest", *options, *tests, limit=limit) in (0, _NO_TEST_RAN)

    def environment(self) -> dict[str, str]:
        """For what is run in the copy."""
        return {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTEST_ADDOPTS")}

    def _tried(self, mutant: Mutant, limit: float) -> Verdict:
        named, nearest_first = suites_of(mutant.file, self.tests)
        try:
            survived = all(
                self.passes(tests, limit) for tests in ([named], nearest_first) if (self.folder / tests[0]).exists()
            )
        except subprocess.TimeoutExpired:
            return Verdict.TIMED_OUT
        return Verdict.SURVIVED if survived else Verdict.KILLED

    def _imports(self, file: str) -> bool:
        module = file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        # Were it the original that is imported, every mutant would survive.
        check = f"import sys, {module} as module; sys.exit(not module.__file__.startswith({str(self.folder)!r}))"
        try:
            return self._run("-c", check, limit=_IMPORT_LIMIT) == 0
        except subprocess.TimeoutExpired:
            return False

    def _run(self, *arguments: str, limit: float) -> int:
        """Run this Python in the copy, and end all that it started. Returns its exit code. Raises TimeoutExpired."""
        process = subprocess.Popen(
            [self.python, *arguments],
            cwd=self.folder,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            return process.wait(limit)
        finally:
            _end(process)

    def _write(self, file: Path, text: str) -> None:
        """Python takes compiled code for current that is of the same second and length: it has to go."""
        for compiled in (file.parent / "__pycache__").glob(f"{file.stem}.*.pyc"):
            compiled.unlink()
        file.write_text(text)


def suites_of(file: str, tests: Sequence[str]) -> tuple[str, list[str]]:
    """The test file that would be named after a module, and all tests, those of its room first."""
    path = Path(file)
    room = f"tests/{path.parts[1]}"
    return f"{room}/test_{path.stem}.py", sorted(tests, key=lambda each: each != room)


def limit_for(seconds: float) -> float:
    """Seconds on the wall that tests may take with a mutant which take so many CPU seconds without one."""
    return max(_SHORTEST_LIMIT, _PATIENCE * seconds)


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait()

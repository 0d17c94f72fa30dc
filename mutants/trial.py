"""One mutant at a time, in a copy of the repository, before its rooms' tests."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from mutants.source import Mutant, is_a_change, mutated

TESTS: Final = ("tests/engine", "tests/reconcile")
_NO_TEST_RAN: Final = 5
"""pytest's exit code."""
_LEFT_OUT: Final = shutil.ignore_patterns(".*", "build", "dist", "__pycache__", "*.egg-info")
_IMPORT_LIMIT: Final = 60.0
"""Seconds."""


class Verdict(Enum):
    """What became of a mutant."""

    KILLED = "killed"
    TIMED_OUT = "killed by time"
    SURVIVED = "survived"
    NO_MUTANT = "no mutant"
    """It is no Python, or can't be imported: everybody would notice."""


class Broken(Exception):
    """The tests fail, or take too long, without any mutant: nothing can be told."""


@dataclass(frozen=True)
class Copy:
    """A copy of the repository, for one mutant at a time. The original is never touched."""

    folder: Path
    python: str = sys.executable

    @classmethod
    def of(cls, root: Path, folder: Path) -> Copy:
        return cls(Path(shutil.copytree(root, folder, ignore=_LEFT_OUT)))

    def verdict(self, mutant: Mutant, limit: float) -> Verdict:
        """Try a mutant: the tests that are named after its module first, then all, those of its room before others.
        `limit` is in seconds, for each of the two."""
        file = self.folder / mutant.file
        text = file.read_text()
        if not is_a_change(text, mutant):
            return Verdict.NO_MUTANT
        self._write(file, mutated(text, mutant))
        try:
            return self._tried(mutant, limit)
        finally:
            self._write(file, text)

    def passes(self, tests: Sequence[str], limit: float) -> bool:
        """Whether tests pass that are there. Raises TimeoutExpired."""
        options = ("-x", "-q", "-p", "no:cacheprovider", "--hypothesis-seed=0")
        return self._run("-m", "pytest", *options, *tests, limit=limit) in (0, _NO_TEST_RAN)

    def _tried(self, mutant: Mutant, limit: float) -> Verdict:
        if not self._imports(mutant.file):
            return Verdict.NO_MUTANT
        named, nearest_first = suites_of(mutant.file)
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
        environ = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTEST_ADDOPTS")}
        process = subprocess.Popen(
            [self.python, *arguments],
            cwd=self.folder,
            env=environ,
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


def suites_of(file: str) -> tuple[str, list[str]]:
    """The test file that would be named after a module, and all tests, those of its room first."""
    path = Path(file)
    room = f"tests/{path.parent.name}"
    return f"{room}/test_{path.stem}.py", sorted(TESTS, key=lambda each: each != room)


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait()

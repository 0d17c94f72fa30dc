"""Rehearsals that are ended at random moments, and whether anything is left after each."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import boto3

from live.cleanliness import left_of
from live.clients import clients_of
from live.command_line import Wanted
from live.inventory import look
from live.proofs import judge
from live.rehearsal import rehearsing
from live.stages import Stage
from ocpprov.sandbox.admin import SandboxAdmin

_ROOT: Final = Path(__file__).parents[1]
_LONGEST: Final = 600.0


@dataclass(frozen=True)
class Ending:
    """Signals, one after the other, after so many calls that change something. With SIGKILL the clean-up is a command
    of its own."""

    signals: Sequence[signal.Signals]
    changes: int

    def __str__(self) -> str:
        return f"{' '.join(each.name for each in self.signals)} after {self.changes} changes"


_WAYS: Final = (
    (signal.SIGTERM,),
    (signal.SIGHUP,),
    (signal.SIGINT,),
    (signal.SIGINT, signal.SIGINT),
    (signal.SIGKILL,),
    (signal.SIGTERM, signal.SIGKILL),
)


def endings(number: int, seed: int, changes: int) -> Sequence[Ending]:
    """Each way in turn, at moments that the seed decides."""
    dice = random.Random(seed)  # noqa: S311 - nobody has to guess it
    return [Ending(_WAYS[each % len(_WAYS)], dice.randrange(1, changes)) for each in range(number)]


def rehearse_endings(wanted: Wanted) -> int:
    """0 where the account was clean after each of them."""
    wanted.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    # What is caught here begins anew in a child, where nohup's ignoring would be inherited.
    signal.signal(signal.SIGHUP, lambda number, frame: None)
    session = boto3.Session(region_name="eu-west-1")
    bad = 0
    with rehearsing(wanted.folder) as running:
        admin = running.admin()
        client = clients_of(session)
        before = frozenset(thing.id for thing in look(client).things)
        options = [f"--stage={stage.value}" for stage in Stage if stage in wanted.stages]
        options += [f"--topic={topic}" for topic in sorted(wanted.topics)]
        changes = _whole(admin, wanted.folder, options)
        print(f"a whole one sends {changes} changes", flush=True)
        for index, ending in enumerate(endings(wanted.number, wanted.seed, changes), 1):
            code = end_once(ending, admin, wanted.folder, options)
            left = left_of(judge(look(client).things), before)
            bad += bool(left)
            print(f"{index}: {ending}: exit {code}, {len(left)} left", flush=True)
            for each in left:
                print(f"  {each}")
    print(f"{wanted.number} endings with seed {wanted.seed}: {bad} left something")
    return 1 if bad else 0


def _whole(admin: SandboxAdmin, folder: Path, options: Sequence[str]) -> int:
    """How many changes a rehearsal sends that nobody ends."""
    admin.faults([])
    _started("rehearse", folder, options).wait(_LONGEST)
    return _changed(admin)


def end_once(ending: Ending, admin: SandboxAdmin, folder: Path, options: Sequence[str]) -> int:
    """Rehearse, end it, and clean up where it couldn't itself. The exit code of what was last."""
    admin.faults([])
    process = _started("rehearse", folder, options)
    for number in ending.signals:
        _until(lambda: process.poll() is not None or _changed(admin) >= ending.changes)
        process.send_signal(number)
        time.sleep(0.2)
    code = process.wait(_LONGEST)
    if signal.SIGKILL in ending.signals:
        return _started("rehearse-clean", folder, ["--keep"]).wait(_LONGEST)
    return code


def _started(verb: str, folder: Path, options: Sequence[str]) -> subprocess.Popen[bytes]:
    """In the sandbox of the folder, which runs."""
    command = [sys.executable, "-m", "live", verb, "--folder", str(folder), *options]
    return subprocess.Popen(command, cwd=_ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def _changed(admin: SandboxAdmin) -> int:
    return int(admin.status()["mutating_calls"])


def _until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _LONGEST
    while not happened() and time.monotonic() < deadline:
        time.sleep(0.02)

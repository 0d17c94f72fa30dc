"""A signal that comes while a command is still loaded, or has hardly begun, ends it in a word as a later one does."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from ocpprov.sandbox.admin import SandboxAdmin
from tests.end_to_end.endings import HEADS, HEADS_OF_DESTROY
from tests.end_to_end.world import CRASH, ROOT, SMALL_PUBLIC, Operator

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux says what a process catches")

NETWORK: Final = str(CRASH / "small-network.yaml")
WORDS: Final[dict[str, Sequence[str]]] = {
    "plan": ("plan", NETWORK, "--sandbox"),
    "apply": ("apply", NETWORK, "--sandbox", "--yes"),
    "saved": ("apply", "saved.plan", "--sandbox", "--yes"),
    "destroy": ("destroy", NETWORK, "--sandbox", "--yes"),
    "preflight": ("preflight", NETWORK, "--sandbox"),
    "verify": ("verify", str(SMALL_PUBLIC), "--sandbox"),
    "status": ("status", str(SMALL_PUBLIC), "--sandbox"),
    "wait": ("wait", str(SMALL_PUBLIC), "api", "--sandbox"),
    "fleet": ("fleet", "plans", "--sandbox", "--yes"),
    "init": ("init", "new.yaml", "--sandbox"),
    "report": ("report", NETWORK),
    "list": ("list", "--sandbox", "--region", "eu-west-1"),
    "bootstrap": ("bootstrap", "remove", str(SMALL_PUBLIC), "--sandbox", "--yes"),
    "validate": ("validate", NETWORK),
}
SIGNALS: Final[dict[str, Sequence[signal.Signals]]] = {
    "once": (signal.SIGINT,),
    "twice": (signal.SIGINT, signal.SIGINT),
    "terminated": (signal.SIGTERM,),
    "hung-up": (signal.SIGHUP,),
    "mixed": (signal.SIGTERM, signal.SIGINT),
}


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


def begun(operator: Operator, words: Sequence[str]) -> subprocess.Popen[str]:
    """The process of a command, at the first moment at which a signal is its own: before, it is Python's."""

    def heeding() -> None:
        # Whoever started the tests may have had them ignore these.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)

    process = subprocess.Popen(
        [sys.executable, "-m", "ocpprov", *words],
        cwd=operator.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **operator.environ},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=heeding,  # noqa: PLW1509 - nothing else runs in this process
    )
    deadline = time.monotonic() + 20
    while not caught(process.pid) & 1 << signal.SIGHUP - 1:
        assert time.monotonic() < deadline
        time.sleep(0.002)
    return process


def caught(pid: int) -> int:
    """The signals that a process catches, a bit each."""
    status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return int(status["SigCgt"], 16)


def ended(process: subprocess.Popen[str], signals: Sequence[signal.Signals], pauses: Sequence[float]) -> Ended:
    for number, pause in zip(signals, pauses, strict=False):
        time.sleep(pause)
        # To all of its group, as a terminal does.
        if process.poll() is None:
            os.killpg(process.pid, number)
    try:
        out, err = process.communicate(timeout=30)
    finally:
        process.kill()
    return Ended(process.returncode, out, err)


def ends_in_a_word(end: Ended) -> None:
    assert "Traceback" not in end.err
    assert "Aborted!" not in end.err
    assert end.code == 130, end.err
    last = end.err.splitlines()[-5:]
    heads = tuple(line.partition(":")[0] + ":" for line in last)
    if "in-flight" in end.err:
        assert heads in (HEADS, HEADS_OF_DESTROY)
    else:
        assert last[-1] == "interrupted"


def test_the_first_signal_of_all_ends_a_command_in_a_word_and_for_programs(
    operator: Operator, admin: SandboxAdmin
) -> None:
    admin.clear_calls()
    end = ended(begun(operator, [*WORDS["apply"], "--json"]), [signal.SIGTERM], [0])
    ends_in_a_word(end)
    error, last = map(json.loads, end.out.splitlines())
    assert (error["error"]["detail"], last["event"], last["ok"]) == ("interrupted", "finished", False)
    assert admin.calls() == []


def test_the_second_signal_of_all_waits_for_nothing(operator: Operator) -> None:
    process = begun(operator, WORDS["plan"])
    ends_in_a_word(ended(process, SIGNALS["twice"], [0, 0.02]))


@pytest.mark.torture
@pytest.mark.parametrize("signals", SIGNALS)
@pytest.mark.parametrize("command", WORDS)
def test_at_any_moment(operator: Operator, command: str, signals: str) -> None:
    (operator.folder / "plans").mkdir()
    (operator.folder / "plans" / "lab.yaml").write_text(Path(NETWORK).read_text())
    if command in ("destroy", "report"):
        operator.good("apply", NETWORK, "--sandbox", "--yes")
    if command == "saved":
        operator.good("plan", NETWORK, "--sandbox", "--out", "saved.plan")
    moments = random.Random(f"{command} {signals}")
    for longest in (0.1, 0.4, 1.0):
        process = begun(operator, WORDS[command])
        end = ended(process, SIGNALS[signals], [moments.uniform(0, longest), moments.uniform(0, 0.3)])
        if end.code == 130 and command != "fleet":
            ends_in_a_word(end)
        assert "Traceback" not in end.err
        # It may have been done, or refused, by then.
        assert end.code in (0, 2, 130), end.err

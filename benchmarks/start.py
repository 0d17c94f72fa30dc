"""What it costs to begin: CPU and wall of whole processes beside `import boto3`, and the memory of an apply. To run it:
`.venv/bin/python -m benchmarks.start`.

AWS is the sandbox with a plan applied, behind a front that gives each answer after LATENCY. An answer that it has given
is remembered: the sandbox's own time, which AWS's hundred machines don't take, is in none of the figures.
"""

from __future__ import annotations

import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from rich.console import Console
from rich.table import Table

from tests.end_to_end.world import ROOT, everything
from tests.support.serving import plain_moto

PLAN: Final = ROOT / "plans" / "public-3az.yaml"
LATENCY: Final = 0.08
"""Seconds from a request's arrival to its answer."""
RUNS: Final = 5
WANTED: Final = 6 * LATENCY + 0.5
"""Seconds in which `plan` is to end: six calls' time, and half a second for all else."""
PLAIN: Final = "python -c pass"
BOTO3: Final = "import boto3"
_HOP_BY_HOP: Final = frozenset({"connection", "content-length", "transfer-encoding", "date", "server"})
_NOBODY: Final = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_EC2_METADATA_DISABLED": "true"}


@dataclass(frozen=True)
class Spent:
    """By one process: seconds of CPU, its children's not among them, seconds by the wall, and megabytes at most."""

    cpu: float
    wall: float
    memory: float


@dataclass(frozen=True)
class Costs:
    """Of a process that was run several times."""

    name: str
    runs: Sequence[Spent]

    @property
    def cpu(self) -> float:
        """The least: what else the machine did is in all others."""
        return min(run.cpu for run in self.runs)

    @property
    def usual_cpu(self) -> float:
        return statistics.median(run.cpu for run in self.runs)

    @property
    def wall(self) -> float:
        return min(run.wall for run in self.runs)

    @property
    def usual_wall(self) -> float:
        return statistics.median(run.wall for run in self.runs)

    @property
    def memory(self) -> float:
        return max(run.memory for run in self.runs)


def main() -> None:
    """Print the table."""
    table = Table(title=f"Whole processes, least and median of {RUNS} runs; each call of AWS takes {LATENCY} s")
    table.add_column("process")
    for heading in ("CPU s", "median", "x boto3", "wall s", "median", "MB"):
        table.add_column(heading, justify="right")
    rows = measured()
    boto3 = next(row for row in rows if row.name == BOTO3)
    for row in rows:
        seconds = (f"{row.wall:.2f}", f"{row.usual_wall:.2f}", f"{row.memory:.0f}")
        table.add_row(row.name, f"{row.cpu:.3f}", f"{row.usual_cpu:.3f}", f"{row.cpu / boto3.cpu:.1f}", *seconds)
    Console().print(table)
    Console().print(f"plan is to end within {WANTED:.2f} s: six calls' time and half a second")


def figures() -> Mapping[str, float]:
    """Each by its name."""
    rows = {row.name: row for row in measured()}
    found: dict[str, float] = {}
    for name, row in rows.items():
        found |= {f"{name}, CPU s": row.cpu, f"{name}, x import boto3": row.cpu / rows[BOTO3].cpu}
    plan, applied = rows["ocpprov plan"], rows["ocpprov apply"]
    return {**found, "ocpprov plan, wall s": plan.wall, "ocpprov apply, MB at most": applied.memory}


def measured(runs: int = RUNS) -> list[Costs]:
    """Each process, in turn with the others: whatever the machine does beside meets all of them."""
    with tempfile.TemporaryDirectory() as folder, plain_moto() as url, _front(url) as front:
        environ = {**os.environ, **_NOBODY, "AWS_ENDPOINT_URL": front.url, "XDG_STATE_HOME": f"{folder}/state"}
        place = Path(folder)
        # moto loads a service when it is first asked, which takes longer than commands wait on a slow machine.
        everything(url)
        # Nothing is remembered while something is made.
        apply = _spent(_ocpprov("apply", str(PLAN), "--yes"), environ, place)
        front.remember()
        commands = {
            PLAIN: [sys.executable, "-c", "pass"],
            BOTO3: [sys.executable, "-c", "import boto3"],
            "ocpprov --help": _ocpprov("--help"),
            "ocpprov validate": _ocpprov("validate", str(PLAN)),
            "ocpprov plan": _ocpprov("plan", str(PLAN), "--detailed-exitcode"),
        }
        for command in commands.values():
            # Compiled, in the page cache, and remembered.
            _spent(command, environ, place)
        found = [[_spent(command, environ, place) for command in commands.values()] for _ in range(runs)]
    rows = [Costs(name, each) for name, each in zip(commands, zip(*found, strict=True), strict=True)]
    return [*rows, Costs("ocpprov apply", [apply])]


def _ocpprov(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "ocpprov", *arguments]


_LAUNCHER: Final = """
import json, os, subprocess, sys, time
began = time.monotonic()
quiet = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
_, status, used = os.wait4(subprocess.Popen(sys.argv[1:], **quiet).pid, 0)
seconds = time.monotonic() - began
print(json.dumps([os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, seconds, used.ru_maxrss]))
"""
"""A process begins as a copy of whoever starts it, and that one's memory counts as its own: this one has little."""


def _spent(command: Sequence[str], environ: Mapping[str, str], folder: Path) -> Spent:
    launcher = [sys.executable, "-c", _LAUNCHER, *command]
    done = subprocess.run(launcher, env=dict(environ), cwd=folder, capture_output=True, text=True, check=True)
    code, cpu, wall, memory = json.loads(done.stdout)
    if code:
        raise RuntimeError(f"{command} ended with {code}")
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return Spent(cpu, wall, memory / unit)


Answer = tuple[int, Sequence[tuple[str, str]], bytes]
Question = tuple[str, str, str, bytes]


@dataclass
class _Front:
    """What stands before the sandbox at `target`."""

    target: str
    url: str = ""
    answers: dict[Question, Answer] | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def remember(self) -> None:
        """From now on nothing changes, and each call takes its time."""
        self.answers = {}

    def answer(self, question: Question, headers: Mapping[str, str]) -> Answer:
        if self.answers is None:
            return self._asked(question, headers)
        until = time.monotonic() + LATENCY
        if question not in self.answers:
            self.answers[question] = self._asked(question, headers)
        time.sleep(max(0.0, until - time.monotonic()))
        return self.answers[question]

    def _asked(self, question: Question, headers: Mapping[str, str]) -> Answer:
        _, method, path, body = question
        with self.lock:
            connection = http.client.HTTPConnection(self.target, timeout=60)
            try:
                connection.request(method, path, body, dict(headers))
                response = connection.getresponse()
                kept = [row for row in response.getheaders() if row[0].lower() not in _HOP_BY_HOP]
                return response.status, kept, response.read()
            finally:
                connection.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """A process that has ended leaves connections behind."""


@contextmanager
def _front(url: str) -> Iterator[_Front]:
    front = _Front(urlsplit(url).netloc)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def log_message(self, format: str, *args: object) -> None:
            """Nobody reads it."""

        def forward(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            # Which service it is for stands in the signature's scope; what else is there changes with each request.
            scope = self.headers.get("Authorization", "").partition(", ")[0]
            kept = {name: value for name, value in self.headers.items() if name.lower() not in {*_HOP_BY_HOP, "host"}}
            status, headers, content = front.answer((scope, self.command, self.path, body), kept)
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = forward

    server = _Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    front.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield front
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


if __name__ == "__main__":
    main()

"""ocpprov beside other tools that make the same, in real time: `.venv/bin/python -m benchmarks.peers_beside`.

The same sandbox for all, empty at the start of each: 80 ms a call, and AWS's times a tenth as long (`SCALE`), of which
only what a tool waits for is felt: a NAT gateway takes 10 seconds, a balancer 15. The tools' own waits look every 15
seconds by the wall, whatever the scale. What they have made is counted and has to be the same. The sandbox forgives
them what AWS doesn't: that something isn't usable in its first seconds is held against ocpprov only.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from benchmarks.lives import DELAYS, LATENCY, ROOT, in_a_row
from benchmarks.peers_made import PEERS, Peer, command_of, environ_of, lines_of
from benchmarks.sandboxes import sandbox
from benchmarks.templates import template_of
from ocpprov.sandbox.record import Running
from tests.end_to_end.world import counts

PLAN: Final = ROOT / "plans" / "public-3az.yaml"
REGION: Final = "eu-west-1"
ZONES: Final = ("eu-west-1a", "eu-west-1b", "eu-west-1c")
BUCKET: Final = "public-3az-infrabucket-peer"
SCALE: Final = 10.0


@dataclass(frozen=True)
class Run:
    """What one tool took: seconds by the wall, calls, how many of them one after another, how many were refused, and
    the lines that its user writes."""

    name: str
    seconds: float
    calls: int
    in_a_row: int
    refused: int
    lines: int
    made: Mapping[str, int]


def documents(folder: Path) -> None:
    """The policies of the plan, as files: trust, one for each role, and the bucket's."""
    resources = template_of(PLAN)["Resources"]
    arn = f"arn:aws:s3:::{BUCKET}"

    def written(name: str, document: Any) -> None:
        (folder / f"{name}.json").write_text(json.dumps(with_arn(document, arn)))

    for name in ("Master", "Worker", "Bootstrap"):
        role = resources[f"{name}IamRole"]["Properties"]
        written("trust", role["AssumeRolePolicyDocument"])
        written(name.lower(), role["Policies"][0]["PolicyDocument"])
    written("bucket", resources["InfraBucketPolicy"]["Properties"]["PolicyDocument"])


def with_arn(value: Any, arn: str) -> Any:
    """With the bucket's name in place of what asks for it: `Fn::GetAtt`, alone or joined with what follows it."""
    if isinstance(value, dict):
        if "Fn::GetAtt" in value:
            return arn
        if "Fn::Join" in value:
            return "".join(with_arn(part, arn) for part in value["Fn::Join"][1])
        return {key: with_arn(inner, arn) for key, inner in value.items()}
    return [with_arn(inner, arn) for inner in value] if isinstance(value, list) else value


def run(name: str, command: Sequence[str], environ: Mapping[str, str], aws: Running, lines: int) -> Run:
    """One of them, in an empty AWS. Raises RuntimeError where it fails."""
    admin = aws.admin()
    admin.reset()
    admin.conditions(latency=LATENCY * aws.scale)
    began = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env=environ)
    seconds = time.monotonic() - began
    if done.returncode:
        raise RuntimeError(f"{name} failed: {done.stdout[-3000:]}{done.stderr[-3000:]}")
    calls = admin.calls()
    row = in_a_row((call["time"] - LATENCY, call["time"]) for call in calls)
    refused = sum(call["status"] is None or call["status"] >= 400 for call in calls)
    admin.conditions()
    return Run(name, seconds, len(calls), row, refused, lines, counts(aws.endpoint_url))


def measured(peers: Sequence[Peer] = PEERS) -> Iterator[Run]:
    """Each peer, then ocpprov as it is and with one worker. Raises RuntimeError where they haven't made the same."""
    with tempfile.TemporaryDirectory() as folder, sandbox(DELAYS, Path(folder), SCALE, strict=False) as aws:
        home = Path(folder)
        documents(home)
        found = []
        for peer in peers:
            command = command_of(peer, REGION, ZONES, BUCKET, home)
            environ = environ_of(peer, aws.endpoint_url, REGION, home, os.environ)
            found.append(run(peer.name, command, environ, aws, peer.lines()))
            yield found[-1]
        environ = {**os.environ, "XDG_STATE_HOME": folder}
        for name, options in (("ocpprov", ()), ("ocpprov, one worker", ("--concurrency", "1"))):
            place = tempfile.mkdtemp(dir=folder)
            command = [
                sys.executable,
                "-m",
                "ocpprov",
                "apply",
                str(PLAN),
                "--sandbox",
                "--yes",
                "--dir",
                place,
                *options,
            ]
            found.append(run(name, command, environ, aws, lines_of(PLAN)))
            yield found[-1]
        for each in found:
            if each.made != found[-1].made:
                raise RuntimeError(f"{each.name} made something else: {each.made}, and not {found[-1].made}")


def figures() -> Mapping[str, float]:
    """Each by its name."""
    found: dict[str, float] = {}
    for each in measured():
        found |= {
            f"{each.name}: first apply, s": each.seconds,
            f"{each.name}: first apply, calls": each.calls,
            f"{each.name}: first apply, calls one after another": each.in_a_row,
            f"{each.name}: lines": each.lines,
        }
    return found


def main() -> None:
    """Print the table, and the versions."""
    table = Table(title=f"What plans/{PLAN.name} makes: 80 ms a call, AWS's own times divided by {SCALE:.0f}")
    table.add_column("tool")
    for heading in ("seconds", "calls", "one after another", "refused", "lines"):
        table.add_column(heading, justify="right")
    for each in measured():
        figures = (each.calls, each.in_a_row, each.refused, each.lines)
        table.add_row(each.name, f"{each.seconds:.1f}", *map(str, figures))
    Console().print(table)
    for peer in PEERS:
        versions = ", ".join(f"{name} {version}" for name, version in peer.versions().items())
        sys.stdout.write(f"{peer.name}: {versions}\n")


if __name__ == "__main__":
    main()

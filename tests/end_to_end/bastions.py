"""A place with several bastions, each in a network of its own from which it reaches one region of AWS alone, and a
centre that reaches the bastions and no AWS.

AWS is a sandbox for each region, under AWS's own names and over TLS, at the other end of a cable to its bastion.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from tests.end_to_end.world import ROOT
from tests.support.certificates import Authority
from tests.support.namespaces import Namespace, cable, networks

SANDBOX_PORT: Final = 4566
SERVICES: Final = ("ec2", "elasticloadbalancing", "sts")


@dataclass(frozen=True)
class Bastion:
    """One bastion: its region and the AWS there, and the address that it has for the centre."""

    region: str
    here: Namespace
    aws: Namespace
    centre: str
    folder: Path
    environ: Mapping[str, str]

    def of_aws(self, expression: str) -> Any:
        """What an expression gives that is evaluated at AWS's end, with plain boto3 and `ec2`, a client of it."""
        made = f"client('ec2', 'http://127.0.0.1:{SANDBOX_PORT}', {self.region!r})"
        look = f"import json; from tests.end_to_end.world import client; ec2 = {made}; print(json.dumps({expression}))"
        return json.loads(self.aws.run(sys.executable, "-c", look, folder=ROOT))

    def runs(self) -> list[int]:
        """The processes of runs on plans of this bastion."""
        return [pid for pid, words in _processes() if "ocpprov.cli.attended" in words and str(self.folder) in words]


@dataclass(frozen=True)
class Place:
    """The whole place. `tls` are the options with which the fleet's scheduler is spoken to, `dask` those with which
    it is started."""

    centre: Namespace
    bastions: Sequence[Bastion]
    folder: Path
    tls: Sequence[str]
    dask: Sequence[str]
    stack: ExitStack

    def start(self, where: Namespace, name: str, *words: str | Path, **environ: str) -> subprocess.Popen[bytes]:
        """Start a program of Python's there, whose words go into the file `name`; it ends with the place."""
        log = self.stack.enter_context((self.folder / name).open("ab"))
        command = where.command(sys.executable, *words, folder=self.folder)
        environ = {**os.environ, "PYTHONPATH": str(ROOT), **environ}
        process = subprocess.Popen(command, env=environ, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
        self.stack.callback(_end, process)
        return process

    def said(self, name: str) -> str:
        """What went into that file."""
        return (self.folder / name).read_text()

    def scheduler(self) -> None:
        """Start Dask's scheduler in the centre."""
        words = ("-m", "dask", "scheduler", "--protocol", "tls", "--port", "8786", "--dashboard-address")
        self.start(self.centre, "scheduler.log", *words, "127.0.0.1:8787", *self.dask)
        until(lambda: "Scheduler at" in self.said("scheduler.log"), "no scheduler")

    def worker(self, bastion: Bastion, folder: str = "") -> subprocess.Popen[bytes]:
        """Start a worker on that bastion, with that folder in its own, which is there when this returns."""
        name = f"{bastion.region}{folder}.log"
        before = self.said(name).count("at work for") if (self.folder / name).exists() else 0
        where = ("--scheduler", f"tls://{bastion.centre}:8786", "--region", bastion.region)
        words = ("-m", "ocpprov", "fleet-worker", *where, "--dir", str(bastion.folder / folder), "--at-once", "2")
        process = self.start(bastion.here, name, *words, *self.tls, **bastion.environ)
        until(lambda: self.said(name).count("at work for") > before, f"no worker: {name}")
        return process

    def with_other_certificates(self) -> Place:
        """The same for somebody whose certificates another authority has signed."""
        return replace(self, tls=_options_of(Authority(self.folder / "other", "another authority"))[0])


@contextmanager
def bastions_of(folder: Path, regions: Sequence[str], scale: float) -> Iterator[Place]:
    """Build the place. AWS's time goes `scale` times faster. Raises Impossible."""
    stack = ExitStack()
    tls, dask = _options_of(Authority(folder / "fleet", "fleet's authority"))
    with networks(folder / "networks") as make, stack:
        centre = make("centre")
        bastions: list[Bastion] = []
        place = Place(centre, bastions, folder, tls, dask, stack)
        for number, region in enumerate(regions, 1):
            bastions.append(_bastion(place, make, number, region, scale))
        yield place


def _options_of(authority: Authority) -> tuple[Sequence[str], Sequence[str]]:
    """Our options of its certificates, and Dask's."""
    authority.server_file.chmod(0o600)
    own = ("--tls-cert", str(authority.server_file), "--tls-key", str(authority.server_file))
    return ("--tls-ca", str(authority.ca_file), *own), ("--tls-ca-file", str(authority.ca_file), *own)


def _bastion(place: Place, make: Callable[..., Namespace], number: int, region: str, scale: float) -> Bastion:
    address = f"10.91.{number}.1"
    names = [f"{service}.{region}.amazonaws.com" for service in SERVICES]
    authority = Authority(place.folder / f"aws-{number}", hosts=names)
    aws, here = make(f"aws{number}"), make(f"bastion{number}", name_server=address)
    cable(here, f"10.91.{number}.2", aws, address)
    cable(here, f"10.90.{number}.2", place.centre, f"10.90.{number}.1")
    port_file = place.folder / f"port-{number}"
    hosts = [f"--host={name}" for name in names]
    box = ("--port", str(SANDBOX_PORT), "--port-file", str(port_file), "--scale", f"{scale:g}", *hosts)
    place.start(aws, f"aws-{number}.log", "-P", "-m", "ocpprov.sandbox.server", *box)
    asked = str(place.folder / f"names-{number}")
    known = [f"{name}={address}" for name in names]
    place.start(aws, f"aws-{number}.log", "-m", "tests.support.names", address, asked, *known)
    relay = ("-m", "tests.support.relay", str(authority.server_file), str(SANDBOX_PORT), f"{address}:443")
    place.start(aws, f"relay-{number}.log", *relay)
    until(lambda: port_file.exists() and "serving" in place.said(f"relay-{number}.log"), f"no AWS in {region}")
    home = place.folder / region
    home.mkdir(mode=0o700)
    environ = {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_CA_BUNDLE": str(authority.ca_file),
        "AWS_SECRET_ACCESS_KEY": "test",
        "HOME": str(home),
        "XDG_STATE_HOME": str(home / "state"),
    }
    return Bastion(region, here, aws, f"10.90.{number}.1", home / "fleet", environ)


def until(there: Callable[[], bool], otherwise: str, seconds: float = 120.0) -> None:
    """Wait until something is so. Raises AssertionError after so many seconds."""
    deadline = time.monotonic() + seconds
    while not there():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.05)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(10)


def _processes() -> Iterator[tuple[int, str]]:
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError):
                words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                yield int(folder.name), words

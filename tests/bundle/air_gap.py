"""A place without internet: a bastion, and AWS at the other end of a cable, each in a network of its own.

AWS is the sandbox, under AWS's own names and over TLS with a CA that only this place knows. Its name server knows the
endpoints and nothing else. What leaves the bastion is counted, whoever sends it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.end_to_end.world import REGION, ROOT
from tests.support.certificates import Authority
from tests.support.namespaces import Namespace, cable, networks
from tests.support.warm import Finished

AWS, BASTION, NOBODY = "10.80.0.1", "10.80.0.2", "10.80.0.77"
"""AWS's and the bastion's addresses on the cable between them, and one that nobody has."""

HOSTS = (
    f"ec2.{REGION}.amazonaws.com",
    f"elasticloadbalancing.{REGION}.amazonaws.com",
    "iam.amazonaws.com",
    "route53.amazonaws.com",
    f"s3.{REGION}.amazonaws.com",
    f"*.s3.{REGION}.amazonaws.com",
    f"sts.{REGION}.amazonaws.com",
)
"""AWS's names of the services that the restricted plan uses, and those of its bucket."""

QUOTAS = f"servicequotas.{REGION}.amazonaws.com"
"""Asked by preflight, and the one service that it can do without."""

_SANDBOX_PORT = 4566
_CERTIFIED = ("*.amazonaws.com", f"*.{REGION}.amazonaws.com", f"*.s3.{REGION}.amazonaws.com")


@dataclass(frozen=True)
class Site:
    """The running place. `environ` is all that the bastion's shell has; `between` is the network on the way to AWS, the
    bastion's own if there is none."""

    aws: Namespace
    bastion: Namespace
    folder: Path
    environ: Mapping[str, str]
    between: Namespace

    def operate(self, *command: str | Path) -> Finished:
        """Run something on the bastion, in its operator's folder."""
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        process = self.bastion.start(*command, folder=home, environ=self.environ)
        out, err = process.communicate(timeout=240)
        return Finished(process.returncode, out, err)

    def good(self, *command: str | Path) -> Finished:
        """The same, for what has to succeed."""
        finished = self.operate(*command)
        assert finished.code == 0, f"{command}: exit {finished.code}\n{finished.out}\n{finished.err}"
        return finished

    def calls(self) -> list[dict[str, Any]]:
        """What AWS was asked, as the sandbox notes it."""
        log = self.folder / "calls.jsonl"
        return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []

    def names_asked(self) -> set[str]:
        """Every name that anybody asked the name server for."""
        return {line.split()[1] for line in (self.folder / "names").read_text().splitlines()}

    def everything(self) -> dict[str, list[str]]:
        """Ids of all that there is, as a stranger sees it at AWS's end."""
        url = f"http://127.0.0.1:{_SANDBOX_PORT}"
        look = f"import json; from tests.end_to_end.world import everything; print(json.dumps(everything({url!r})))"
        found: dict[str, list[str]] = json.loads(self.aws.run(sys.executable, "-c", look, folder=ROOT))
        return found


@dataclass
class Counted:
    """What left the bastion: packets by where they went, and how many weren't seen."""

    packets: dict[str, int] = field(default_factory=dict)
    lost: int = 0

    def elsewhere(self, *allowed: str) -> dict[str, int]:
        """Those that went anywhere but to `allowed`: `tcp 10.80.0.1:443`, `arp 10.80.0.1`."""
        return {where: count for where, count in self.packets.items() if where not in allowed}


@contextmanager
def air_gap(folder: Path, names: Sequence[str] = HOSTS, ports: Sequence[int] = (443,), via: str = "") -> Iterator[Site]:
    """Build the place. The name server knows `names`, AWS listens on `ports`. With `via`, an address, there is a third
    network between bastion and AWS that forwards nothing: whoever serves there is all that the bastion reaches."""
    authority = Authority(folder / "ca", hosts=(*_CERTIFIED, *(name for name in names if "amazonaws" not in name)))
    with networks(folder / "networks") as make, ExitStack() as stack:
        aws, bastion = make("aws"), make("bastion", name_server=via or AWS)
        between = make("between", name_server=AWS) if via else bastion
        if via:
            cable(bastion, "10.81.0.2", between, via)
        cable(between, BASTION, aws, AWS)
        port_file = folder / "port"
        sandbox: tuple[str | Path, ...] = (
            "--port",
            str(_SANDBOX_PORT),
            "--port-file",
            port_file,
            "--scale",
            "300",
            *_under(names),
        )
        server = _serving(aws, "ocpprov.sandbox.server", *sandbox, "--log", folder / "calls.jsonl", says="")
        stack.enter_context(server)
        known = [f"{name}={AWS}" for name in names]
        stack.enter_context(_serving(aws, "tests.support.names", AWS, folder / "names", *known))
        places = [f"{AWS}:{port}" for port in ports]
        relay = _serving(aws, "tests.support.relay", authority.server_file, str(_SANDBOX_PORT), *places)
        stack.enter_context(relay)
        while not port_file.exists():
            time.sleep(0.1)
        environ = {
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_CA_BUNDLE": str(authority.ca_file),
            "AWS_SECRET_ACCESS_KEY": "test",
            "HOME": str(folder / "home"),
            "LANG": "C.UTF-8",
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        }
        yield Site(aws, bastion, folder, environ, between)


def _under(names: Sequence[str]) -> tuple[str, ...]:
    """The options with which the sandbox answers under these names."""
    return tuple(f"--host={name.removeprefix('*')}" for name in names)


@contextmanager
def counting(site: Site) -> Iterator[Counted]:
    """Count what leaves the bastion meanwhile; the figures are there at the end."""
    file = site.folder / "packets.json"
    counted = Counted()
    with _serving(site.bastion, "tests.support.capture", file, says="counting\n"):
        yield counted
    found = json.loads(file.read_text())
    counted.packets, counted.lost = found["packets"], found["lost"]


@contextmanager
def _serving(
    namespace: Namespace, module: str, *arguments: str | Path, says: str = "serving\n"
) -> Iterator[subprocess.Popen[str]]:
    """A module of ours as a process, which `says` so when it is ready."""
    process = namespace.start(sys.executable, "-m", module, *arguments, folder=ROOT, environ=os.environ)
    assert process.stdout
    try:
        if says and process.stdout.readline() != says:
            raise AssertionError(process.communicate()[1])
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=10)

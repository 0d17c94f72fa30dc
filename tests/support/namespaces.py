"""Networks of a test's own: namespaces of the kernel, joined by cables. They end with the process that made them.

with networks(folder) as make:
    bastion, cloud = make("bastion", name_server="10.80.0.1"), make("cloud")
    cable(bastion, "10.80.0.2", cloud, "10.80.0.1")
    bastion.run("ip", "route")
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

PREFIX = 24
"""How long the networks of cables are."""


class Impossible(Exception):
    """Namespaces can't be made here; the text says why."""


@dataclass(frozen=True)
class Namespace:
    """A network with nothing in it but a loopback, and files in /etc that say whom to ask for names. `pid` is the
    process that keeps it alive."""

    name: str
    pid: int

    def command(self, *arguments: str | Path, folder: Path | None = None) -> list[str]:
        """The command line that runs something in there, in `folder`."""
        inside = ["sh", "-c", 'cd -- "$0" && exec "$@"', str(folder or "/"), *map(str, arguments)]
        return ["nsenter", "--target", str(self.pid), *_SAME_USER, "--net", "--mount", *inside]

    def start(
        self, *arguments: str | Path, folder: Path | None = None, environ: Mapping[str, str] | None = None
    ) -> subprocess.Popen[str]:
        """Start something in there, with just this environment if one is given."""
        return subprocess.Popen(
            self.command(*arguments, folder=folder),
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str | Path, folder: Path | None = None, environ: Mapping[str, str] | None = None) -> str:
        """Run something that has to succeed in there; what it says on stdout."""
        process = self.start(*arguments, folder=folder, environ=environ)
        out, err = process.communicate(timeout=240)
        assert process.returncode == 0, f"{arguments}: exit {process.returncode}\n{out}\n{err}"
        return out


class Maker(Protocol):
    """Makes a namespace whose processes ask `name_server` (an address) for names, and nobody if there is none."""

    def __call__(self, name: str, name_server: str = "") -> Namespace: ...


@contextmanager
def networks(folder: Path) -> Iterator[Maker]:
    """Gives a maker of namespaces, which keeps files in `folder`. Raises Impossible."""
    if missing := [program for program in ("ip", "nsenter", "unshare") if not shutil.which(program)]:
        raise Impossible(f"{' and '.join(missing)} not installed (Debian: iproute2, util-linux)")
    with ExitStack() as stack:
        made: list[Namespace] = []

        def make(name: str, name_server: str = "") -> Namespace:
            files = folder / name
            files.mkdir(parents=True)
            (files / "resolv.conf").write_text(f"nameserver {name_server or '127.0.0.1'}\noptions timeout:2\n")
            # Name services that are reached through sockets of files would lead out of the namespace.
            (files / "nsswitch.conf").write_text("passwd: files\ngroup: files\nhosts: files dns\n")
            process = stack.enter_context(_keeper(files, made[0].pid if made else 0))
            made.append(Namespace(name, process.pid))
            made[-1].run("ip", "link", "set", "lo", "up")
            return made[-1]

        yield make


def cable(one: Namespace, address: str, other: Namespace, peer: str) -> None:
    """Join two namespaces. `address` and `peer` (IPv4) are what each is called on this cable. Raises Impossible."""
    ends = f"to-{other.name}", f"to-{one.name}"
    made = one.start("ip", "link", "add", ends[0], "type", "veth", "peer", "name", ends[1], "netns", str(other.pid))
    _, trouble = made.communicate(timeout=60)
    if made.returncode:
        raise Impossible(f"ip link add ... type veth: {trouble.strip()}")
    for namespace, end, own in ((one, ends[0], address), (other, ends[1], peer)):
        # Without IPv6 the kernel has nothing to say of its own accord.
        namespace.start("ip", "link", "set", end, "addrgenmode", "none").communicate()
        namespace.run("ip", "address", "add", f"{own}/{PREFIX}", "dev", end)
        namespace.run("ip", "link", "set", end, "up")


_SAME_USER: Sequence[str] = () if os.geteuid() == 0 else ("--user", "--preserve-credentials")

_KEEP = """
mount --bind "$0/resolv.conf" /etc/resolv.conf && mount --bind "$0/nsswitch.conf" /etc/nsswitch.conf || exit
echo made
exec cat
"""


@contextmanager
def _keeper(folder: Path, beside: int) -> Iterator[subprocess.Popen[str]]:
    """A process in a namespace of its own, which ends when its stdin does: with this process, however that ends. Who
    isn't root is root in a user namespace, which all share: the first one makes it."""
    user: Sequence[str] = () if not _SAME_USER or beside else ("--user", "--map-root-user")
    enter = ("nsenter", "--target", str(beside), *_SAME_USER) if _SAME_USER and beside else ()
    process = subprocess.Popen(
        [*enter, "unshare", *user, "--net", "--mount", "sh", "-c", _KEEP, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    assert process.stderr
    try:
        if process.stdout.readline() != "made\n":
            raise Impossible(process.stderr.read().strip())
        yield process
    finally:
        process.stdin.close()
        process.wait(10)
        process.stdout.close()
        process.stderr.close()

"""A proxy that lets nobody through without a password: tinyproxy where it is installed, else one of the tests' own.

with authenticating_proxy(folder) as proxy:
    subprocess.run([...], env={"HTTPS_PROXY": proxy.url})
    assert proxy.connected() == {"ec2.eu-west-1.amazonaws.com:443"}
"""

from __future__ import annotations

import base64
import re
import select
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.support.namespaces import Namespace

USER = "bastion"
PASSWORD = "correct-horse.battery"


@dataclass(frozen=True)
class Proxy:
    """A running proxy. `log` has a line with `CONNECT host:port` for each tunnel that was asked for."""

    program: str
    address: str
    log: Path

    @property
    def url(self) -> str:
        """As HTTPS_PROXY has it, with user and password."""
        return f"http://{USER}:{PASSWORD}@{self.address}"

    @property
    def url_without_password(self) -> str:
        return f"http://{self.address}"

    def connected(self) -> set[str]:
        """`host:port` of every tunnel that was asked for."""
        return set(re.findall(r"CONNECT (\S+:\d+)", self.log.read_text()))


def programs() -> list[str]:
    """What the tests can go through on this machine, the real one first."""
    return [*(["tinyproxy"] if shutil.which("tinyproxy") else []), "built-in"]


@contextmanager
def authenticating_proxy(folder: Path, program: str = "") -> Iterator[Proxy]:
    """Start one, tinyproxy if there is one and no other is asked for."""
    folder.mkdir()
    name = program or programs()[0]
    with _tinyproxy(folder) if name == "tinyproxy" else _built_in(folder) as proxy:
        yield proxy


@contextmanager
def _tinyproxy(folder: Path) -> Iterator[Proxy]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    proxy = Proxy("tinyproxy", f"127.0.0.1:{port}", folder / "tinyproxy.log")
    process = subprocess.Popen(_tinyproxy_command(folder, proxy), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield proxy
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def tinyproxy_inside(namespace: Namespace, address: str, folder: Path) -> Iterator[Proxy]:
    """Debian's tinyproxy in a network of the test's own, at an address (without port) that it has there."""
    folder.mkdir()
    proxy = Proxy("tinyproxy", f"{address}:3128", folder / "tinyproxy.log")
    process = namespace.start(*_tinyproxy_command(folder, proxy))
    connect = f"import socket; socket.create_connection(({address!r}, 3128), 1)"
    try:
        for _ in range(200):
            if namespace.start(sys.executable, "-c", connect).wait(30) == 0:
                break
            assert process.poll() is None, process.communicate()
        yield proxy
    finally:
        process.terminate()
        process.communicate(timeout=10)


def _tinyproxy_command(folder: Path, proxy: Proxy) -> list[str]:
    address, _, port = proxy.address.rpartition(":")
    settings = [
        f"Port {port}",
        f"Listen {address}",
        "Timeout 60",
        "MaxClients 200",
        f'LogFile "{proxy.log}"',
        "LogLevel Connect",
        f"BasicAuth {USER} {PASSWORD}",
    ]
    (folder / "tinyproxy.conf").write_text("\n".join(settings) + "\n")
    return ["tinyproxy", "-d", "-c", str(folder / "tinyproxy.conf")]


def _wait_for(port: int) -> None:
    for _ in range(200):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise TimeoutError(f"no proxy listens on {port}")


@contextmanager
def _built_in(folder: Path) -> Iterator[Proxy]:
    log = folder / "proxy.log"
    log.touch()
    handler = type("Tunnels", (_Tunnels,), {"log": log})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield Proxy("built-in", f"127.0.0.1:{server.server_port}", log)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Tunnels(BaseHTTPRequestHandler):
    """Tunnels for whoever knows the password, and 407 for everybody else."""

    protocol_version = "HTTP/1.1"
    log: Path
    _wanted = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()

    def do_CONNECT(self) -> None:
        with self.log.open("a") as log:
            log.write(f"CONNECT {self.path}\n")
        if self.headers.get("Proxy-Authorization") != self._wanted:
            self.send_response(407)
            self.send_header("Proxy-Authenticate", 'Basic realm="tests"')
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        host, _, port = self.path.rpartition(":")
        with socket.create_connection((host, int(port)), 10) as target:
            self.send_response(200)
            self.end_headers()
            _relay(self.connection, target)
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Keep the tests' output clean."""


def _relay(one: socket.socket, other: socket.socket) -> None:
    """Carry bytes both ways until either side is done."""
    across = {one: other, other: one}
    while True:
        readable, _, _ = select.select(list(across), [], [], 60)
        if not readable:
            return
        for side in readable:
            with suppress(OSError):
                content = side.recv(65536)
                if content:
                    across[side].sendall(content)
                    continue
            return

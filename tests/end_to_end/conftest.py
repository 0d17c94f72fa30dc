"""A bare moto server for a module, and a sandbox for a module; both emptied before each test."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from ocpprov.sandbox import control
from ocpprov.sandbox.client import SandboxControl
from tests.end_to_end.world import Operator


@pytest.fixture(scope="module")
def moto_url() -> Iterator[str]:
    """A moto server as somebody would start it by hand."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(url)
        yield url
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(url: str) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(f"{url}/moto-api/", timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(url)


@pytest.fixture
def bare(moto_url: str, tmp_path: Path) -> Operator:
    """An operator before an empty moto server."""
    urllib.request.urlopen(urllib.request.Request(f"{moto_url}/moto-api/reset", method="POST"), timeout=30).close()
    return Operator(moto_url, tmp_path, {"XDG_STATE_HOME": str(tmp_path / "state")})


@pytest.fixture(scope="module")
def state_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state directory of the sandbox's user."""
    return tmp_path_factory.mktemp("state")


@pytest.fixture(scope="module")
def running(state_home: Path) -> Iterator[control.Running]:
    """A sandbox whose clock is so fast that its delays hardly count."""
    try:
        yield control.start(state_home / "ocpprov" / "sandbox", scale=300)
    finally:
        control.stop(state_home / "ocpprov" / "sandbox")


@pytest.fixture
def levers(running: control.Running) -> SandboxControl:
    """The levers of the empty sandbox."""
    found = SandboxControl(running.endpoint_url)
    found.reset()
    return found


@pytest.fixture
def operator(running: control.Running, levers: SandboxControl, state_home: Path, tmp_path: Path) -> Operator:
    """An operator before the empty sandbox, for commands with `--sandbox`."""
    return Operator(running.endpoint_url, tmp_path, {"XDG_STATE_HOME": str(state_home)})

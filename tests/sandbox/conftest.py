"""One sandbox for each module of tests, emptied before each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ocpprov.sandbox import control
from ocpprov.sandbox.client import SandboxControl
from tests.sandbox.world import World


@pytest.fixture(scope="module")
def delays() -> bool:
    """Whether AWS takes its time; a module that wants delays overrides this."""
    return False


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory, delays: bool) -> Iterator[control.Running]:
    """A running sandbox."""
    state: Path = tmp_path_factory.mktemp("sandbox")
    yield control.start(state, scale=50, delays=delays)
    control.stop(state)


@pytest.fixture
def levers(sandbox: control.Running) -> SandboxControl:
    """The levers of the sandbox, which is empty."""
    found = SandboxControl(sandbox.endpoint_url)
    found.reset()
    return found


@pytest.fixture
def world(sandbox: control.Running, levers: SandboxControl) -> World:
    """Clients of the empty sandbox."""
    return World(sandbox.endpoint_url)

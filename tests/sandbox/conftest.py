"""One sandbox for each module of tests, emptied before each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ocpprov.sandbox import testing
from ocpprov.sandbox.client import SandboxControl
from ocpprov.sandbox.control import Running
from tests.sandbox.world import World


@pytest.fixture(scope="module")
def delays() -> bool:
    """Whether AWS takes its time; a module that wants delays overrides this."""
    return False


@pytest.fixture(scope="module")
def sandbox(delays: bool) -> Iterator[Running]:
    """A running sandbox."""
    with testing.sandbox(delays=delays) as running:
        yield running


@pytest.fixture
def levers(sandbox: Running) -> SandboxControl:
    """The levers of the sandbox, which is empty."""
    found = SandboxControl(sandbox.endpoint_url)
    found.reset()
    return found


@pytest.fixture
def world(sandbox: Running, levers: SandboxControl) -> World:
    """Clients of the empty sandbox."""
    return World(sandbox.endpoint_url)

"""One sandbox for all tests of it in which nothing takes time, emptied before each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ocpprov.sandbox.admin import SandboxAdmin
from ocpprov.sandbox.clocks import ScaledClock
from ocpprov.sandbox.delays import NO_DELAYS
from tests.sandbox.world import InThisProcess, World, in_this_process


@pytest.fixture(scope="session")
def sandbox() -> Iterator[InThisProcess]:
    """A running sandbox."""
    with in_this_process(ScaledClock(50), NO_DELAYS) as running:
        yield running


@pytest.fixture
def admin(sandbox: InThisProcess) -> SandboxAdmin:
    """The admin API of the sandbox, which is empty."""
    found = sandbox.admin()
    found.reset()
    return found


@pytest.fixture
def world(sandbox: InThisProcess, admin: SandboxAdmin) -> World:
    """Clients of the empty sandbox, without sockets."""
    return World(sandbox.endpoint_url, sandbox.pipeline)

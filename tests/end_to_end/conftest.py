"""A bare moto server and a sandbox for all tests of a worker, in threads of it. Each test has them empty."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from ocpprov.sandbox.admin import SandboxAdmin
from ocpprov.sandbox.clocks import ScaledClock
from ocpprov.sandbox.cloud import MotoCloud
from ocpprov.sandbox.delays import Delays
from ocpprov.sandbox.middleware import all_middleware
from ocpprov.sandbox.pipeline import Pipeline
from ocpprov.sandbox.private_files import write_private
from ocpprov.sandbox.processes import find_process
from ocpprov.sandbox.record import Running
from tests.end_to_end.crashing import Calm, Case, begun
from tests.end_to_end.local import LocalAws, LocalOperator
from tests.end_to_end.world import REGION, Operator, everything
from tests.support.in_process import Bastion
from tests.support.serving import SECRET, plain_moto, served


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """These files first: they take longest, and a file that begins last would leave the other workers without work."""
    items.sort(key=lambda item: not item.nodeid.startswith("tests/end_to_end/"))


@pytest.fixture(scope="session")
def moto_url() -> Iterator[str]:
    with plain_moto() as url:
        # moto loads a service when it is first asked, which takes longer than commands wait on a slow machine.
        everything(url)
        yield url


@pytest.fixture
def bare(moto_url: str, tmp_path: Path) -> Operator:
    """An operator before an empty moto server."""
    SandboxAdmin(moto_url, SECRET).reset()
    return Operator(moto_url, tmp_path, {"XDG_STATE_HOME": str(tmp_path / "state")})


@pytest.fixture(scope="session")
def state_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state directory of the sandbox's user."""
    return tmp_path_factory.mktemp("state")


@pytest.fixture(scope="session")
def running(state_home: Path) -> Iterator[Running]:
    """A sandbox whose clock is so fast that its delays hardly count, with the record by which commands find it."""
    scale, record = 300, state_home / "ocpprov" / "sandbox" / "sandbox.json"
    record.parent.mkdir(mode=0o700, parents=True)
    here = find_process(os.getpid())
    assert here is not None
    clock = ScaledClock(scale)
    pipeline = Pipeline(MotoCloud(clock.now), partial(all_middleware, Delays()))
    with served(pipeline, clock, {"pid": os.getpid()}) as url:
        found = Running(url, here.pid, here.started, scale, SECRET)
        write_private(record, found.to_json())
        yield found


@pytest.fixture
def admin(running: Running) -> SandboxAdmin:
    """The admin API of the empty sandbox."""
    found = running.admin()
    found.reset()
    return found


@pytest.fixture
def operator(running: Running, admin: SandboxAdmin, state_home: Path, tmp_path: Path) -> Operator:
    """An operator before the empty sandbox, for commands with `--sandbox`."""
    return Operator(running.endpoint_url, tmp_path, {"XDG_STATE_HOME": str(state_home)})


@pytest.fixture(scope="session")
def one_bastion(tmp_path_factory: pytest.TempPathFactory) -> Bastion:
    """For all tests of a worker: its clients take half a second to make."""
    return Bastion(tmp_path_factory.mktemp("bastion"), REGION)


@pytest.fixture
def bastion(one_bastion: Bastion, tmp_path: Path, plan: Path) -> Bastion:
    """An operator in this process before an empty AWS, in the region of the test's `plan`."""
    one_bastion.moved_in(tmp_path, "us-gov-west-1" if plan.stem == "govcloud" else REGION)
    return one_bastion


@pytest.fixture(scope="session")
def calm() -> dict[str, Calm]:
    """What a calm run of a plan comes to, by its name."""
    return {}


@pytest.fixture
def case(one_bastion: Bastion, calm: dict[str, Calm], tmp_path: Path, plan: str) -> Case:
    """The test's `plan` by its name, before any run of it."""
    home = tmp_path / "bastion"
    home.mkdir()
    return begun(one_bastion, plan, home, calm)


@pytest.fixture
def user(one_bastion: Bastion, tmp_path: Path) -> LocalOperator:
    """Somebody at the command line in this process, before an empty AWS."""
    one_bastion.moved_in(tmp_path, REGION)
    return LocalOperator(one_bastion)


@pytest.fixture
def aws(user: LocalOperator) -> LocalAws:
    """The AWS of `user`."""
    return user.aws

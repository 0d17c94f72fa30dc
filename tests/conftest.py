"""What holds for all tests: nobody's account can be reached, and a slow machine is no failure."""

from __future__ import annotations

import gc
import importlib
import os
import signal
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from _pytest.terminal import TerminalReporter
from hypothesis import settings

from tests.support.models import one_loader

_FOREIGN = ("AWS_", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY", "REQUESTS_CA_BUNDLE", "SSL_CERT")

settings.register_profile("ocpprov", deadline=None)
settings.load_profile("ocpprov")


_HERE = Path(__file__).parent


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """Nothing of what is collected is garbage: looking for it takes a fifth of the time."""
    gc.disable()
    if session.config.args_source is pytest.Config.ArgsSource.TESTPATHS:
        _begin_at_other_end()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def _begin_at_other_end() -> None:
    """Each worker of xdist reads all files. In a clean clone it takes longer to rewrite their assertions than to read
    them, and what one has rewritten the others find: so every other worker begins with the last file.
    """
    if int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 2 == 0:
        return
    for file in sorted(_HERE.rglob("test_*.py"), reverse=True):
        # Whatever is wrong with it is said when it is collected.
        with suppress(Exception, pytest.skip.Exception):
            importlib.import_module(".".join(file.relative_to(_HERE.parent).with_suffix("").parts))


@pytest.fixture(scope="session", autouse=True)
def nobodys_account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """An environment without the developer's own AWS settings and with credentials that are worth nothing."""
    empty = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.upper().startswith(_FOREIGN):
                patch.delenv(name)
        patch.setenv("AWS_CONFIG_FILE", str(empty / "config"))
        patch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(empty / "credentials"))
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        patch.setenv("AWS_ACCESS_KEY_ID", "test")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        patch.setenv("XDG_STATE_HOME", str(empty / "state"))
        yield


@pytest.fixture(scope="session", autouse=True)
def models_read_once() -> Iterator[None]:
    """By all sessions together."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("botocore.session.create_loader", one_loader())
        yield


@pytest.fixture(scope="session", autouse=True)
def little_looking_for_garbage() -> Iterator[None]:
    """moto and botocore are some million objects that stay: looking through them is a tenth of the time."""
    before = gc.get_threshold()
    gc.set_threshold(50_000, 20, 100)
    yield
    gc.set_threshold(*before)


@pytest.fixture(autouse=True)
def signals_as_they_were() -> Iterator[None]:
    """A command that runs in this process takes signals for itself."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.getsignal(number) for number in numbers}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """The figures that tests have left with `record_property`, added up."""
    figures: Counter[str] = Counter()
    for report in [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]:
        for name, value in report.user_properties if report.when == "call" else ():
            if isinstance(value, int):
                figures[name] += value
    for name, value in sorted(figures.items()):
        terminalreporter.write_line(f"{name}: {value}")

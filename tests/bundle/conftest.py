"""The bundle, made once for all tests of it."""

from __future__ import annotations

import fcntl
import subprocess
import tarfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from ocpprov import __version__


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Mark what needs the archive, whose making takes minutes, so that the default run leaves it out."""
    for item in items:
        if isinstance(item, pytest.Function) and "archive" in item.fixturenames:
            item.add_marker(pytest.mark.bundle)


@pytest.fixture(scope="session")
def archive() -> Path:
    """What `make bundle` makes, made anew if it isn't what the sources are."""
    root = Path(__file__).parents[2]
    (root / "build").mkdir(exist_ok=True)
    # Another worker may be about the same.
    with (root / "build" / ".bundling").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        command = ["make", "--no-print-directory", "bundle"]
        made = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=600, check=False)
    assert made.returncode == 0, made.stdout + made.stderr
    return root / "build" / f"ocpprov-{__version__}.tar.gz"


@pytest.fixture(scope="session")
def bundle(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same unpacked: the folder with install.sh. Tests leave it as it is."""
    folder = tmp_path_factory.mktemp("bundle")
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    [unpacked] = folder.iterdir()
    return unpacked

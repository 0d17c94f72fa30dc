"""Which schedulers are spoken to, and with which certificates."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import pytest

from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.fleet_scheduler import Scheduler, scheduler_at


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """The authority's, the certificate and its key."""
    paths = [tmp_path / name for name in ("ca.pem", "cert.pem", "key.pem")]
    for path in paths:
        path.write_text("PEM")
        path.chmod(0o600)
    return paths


@pytest.mark.parametrize(
    ("url", "meant"),
    [
        ("tls://centre:9000", "tls://centre:9000"),
        ("tls://centre", "tls://centre:8786"),
        ("tls://[fd00::1]/", "tls://[fd00::1]:8786"),
    ],
)
def test_a_scheduler_over_tls_is_taken(url: str, meant: str, files: list[Path]) -> None:
    assert scheduler_at(url, *files) == Scheduler(meant, *files)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("tcp://centre:8786", "is in clear: whoever is on the way could run commands on every bastion"),
        ("https://centre:8786", "is no address of a scheduler"),
        ("centre:8786", "is no address of a scheduler"),
        ("tls://", "is no address of a scheduler"),
        ("tls://centre:8786/path", "is no address of a scheduler"),
        ("tls://centre:port", "is no address: "),
    ],
)
def test_any_other_is_refused(url: str, why: str, files: list[Path]) -> None:
    with pytest.raises(Refused) as refused:
        scheduler_at(url, *files)
    [problem] = refused.value.problems
    assert problem.where == f"--scheduler {url}"
    assert problem.detail.startswith(why)
    assert "tls://" in problem.remedy


def test_without_certificates_nothing_is_spoken(files: list[Path]) -> None:
    with pytest.raises(Refused, match=r"; not given: --tls-ca, --tls-key; give"):
        scheduler_at("tls://centre", None, files[1], None)


def test_a_file_that_cannot_be_read_is_named(files: list[Path]) -> None:
    files[1].unlink()
    with pytest.raises(Refused, match=rf"^--tls-cert {files[1]}: can't be read: No such file"):
        scheduler_at("tls://centre", *files)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_a_key_that_others_may_read_is_refused(mode: int, files: list[Path]) -> None:
    files[2].chmod(mode)
    with pytest.raises(Refused, match=rf"others may read or write it, .*; chmod 600 {files[2]}$"):
        scheduler_at("tls://centre", *files)


def test_others_may_read_certificates(files: list[Path]) -> None:
    files[0].chmod(0o644)
    files[1].chmod(0o644)
    assert scheduler_at("tls://centre", *files).cert == files[1]


def test_no_password_is_repeated(files: list[Path]) -> None:
    with pytest.raises(Refused) as refused:
        scheduler_at("tls://me:s3cret@centre:8786", *files)
    assert str(refused.value).startswith("--scheduler tls://centre:8786: is no address of a scheduler; ")


@pytest.mark.parametrize("number", [0, 1, 2])
def test_nobody_waits_for_a_pipe(number: int, files: list[Path]) -> None:
    files[number].unlink()
    os.mkfifo(files[number], 0o600)
    with pytest.raises(Refused, match="can't be read: not a regular file; name the file in PEM"):
        scheduler_at("tls://centre", *files)


def test_the_command_that_helps_is_one_whatever_the_file_is_called(files: list[Path], tmp_path: Path) -> None:
    key = tmp_path / "k; touch PWNED"
    key.write_text("PEM")
    key.chmod(0o644)
    with pytest.raises(Refused) as refused:
        scheduler_at("tls://centre", files[0], files[1], key)
    [problem] = refused.value.problems
    assert shlex.split(problem.remedy) == ["chmod", "600", str(key)]

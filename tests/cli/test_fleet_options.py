"""Options of a fleet that mean nothing together are refused, and not passed over."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from ocpprov.cli.verbs import main


def refused(*arguments: str) -> str:
    ended = CliRunner().invoke(main, ["fleet", *arguments])
    assert ended.exit_code == 2
    return ended.stderr


def test_how_many_at_once_is_each_workers(tmp_path: Path) -> None:
    said = refused(str(tmp_path), "--scheduler", "tls://centre:8786", "--at-once", "16")
    assert said == (
        "--at-once: with --scheduler each worker says how many plans it runs at once; "
        "give --at-once to ocpprov fleet-worker\n"
    )
    assert "--at-once" not in refused(str(tmp_path), "--scheduler", "tls://centre:8786")


@pytest.mark.parametrize("option", ["--tls-ca", "--tls-cert", "--tls-key"])
def test_certificates_without_a_scheduler_run_nothing_here(option: str, tmp_path: Path) -> None:
    said = refused(str(tmp_path), option, "own.pem")
    assert said == (
        f"{option}: is for a scheduler, and --scheduler isn't given: the plans would run on this host; "
        "give --scheduler tls://host:8786, or leave it out\n"
    )

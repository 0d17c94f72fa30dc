"""What a command loads: help and validation don't pay for boto3 (a fifth of a second and more) or moto (seconds)."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

PLANS: Final = sorted((Path(__file__).parents[1] / "plans").glob("*.yaml"))


def loaded(*arguments: str) -> set[str]:
    """The top-level packages that a successful run of ocpprov imports."""
    command = [sys.executable, "-X", "importtime", "-m", "ocpprov", *arguments]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 0, run.stderr[-2000:]
    return set(re.findall(r"^import time:\s+\d+ \|\s+\d+ \|\s+(\w+)", run.stderr, re.MULTILINE))


def test_help_loads_neither_boto3_nor_moto() -> None:
    packages = loaded("--help")
    assert "ocpprov" in packages
    assert packages & {"boto3", "botocore", "moto", "flask", "werkzeug"} == set()


@pytest.mark.parametrize("plan", PLANS, ids=[plan.name for plan in PLANS])
def test_validate_loads_neither_boto3_nor_moto(plan: Path) -> None:
    packages = loaded("validate", str(plan))
    assert "ocpprov" in packages
    assert packages & {"boto3", "botocore", "moto", "flask", "werkzeug"} == set()

"""What a command loads: help and validation don't pay for boto3 (a fifth of a second and more) or moto (seconds)."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

PLANS: Final = sorted((Path(__file__).parents[1] / "plans").glob("*.yaml"))
AWS: Final = {"boto3", "botocore", "moto", "flask", "werkzeug"}
MOST: Final = {"help": 37, "validate": 197}
"""Modules of ocpprov that these load. More of them is more to wait for: whoever raises a number says why in the commit,
and where it has become less, lowers it."""


TALKS_TO_AWS: Final = ("aws.errors", "aws.error_causes", "aws.error_sentences", "aws.calls", "aws.clients")
OF_OTHER_COMMANDS: Final = ("reachability.network", "reachability.zones", "openshift.outputs", "plan.schema")


def loaded(*arguments: str) -> set[str]:
    """The modules that a successful run of Python imports."""
    command = [sys.executable, "-X", "importtime", *arguments]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 0, run.stderr[-2000:]
    return set(re.findall(r"^import time:\s+\d+ \|\s+\d+ \|\s+([\w.]+)", run.stderr, re.MULTILINE))


def packages(modules: set[str]) -> set[str]:
    """The top-level ones."""
    return {module.partition(".")[0] for module in modules}


def own(modules: set[str]) -> set[str]:
    return {module for module in modules if module.startswith("ocpprov")}


def test_help_loads_what_says_it() -> None:
    modules = loaded("-m", "ocpprov", "--help")
    assert 0 < len(own(modules)) <= MOST["help"]
    assert packages(modules) & {*AWS, "rich", "ruamel", "tenacity"} == set()
    assert {
        name for name in ("plan.problems", "engine.resources", "commands.options") if f"ocpprov.{name}" in modules
    } == set()


@pytest.mark.parametrize("plan", PLANS, ids=[plan.name for plan in PLANS])
def test_validate_loads_neither_boto3_nor_moto(plan: Path) -> None:
    modules = loaded("-m", "ocpprov", "validate", str(plan))
    assert 0 < len(own(modules)) <= MOST["validate"]
    assert packages(modules) & {*AWS, "rich", "ssl", "random"} == set()
    assert {name for name in (*TALKS_TO_AWS, *OF_OTHER_COMMANDS) if f"ocpprov.{name}" in modules} == set()


def test_what_plan_shows_is_loaded_while_aws_is_asked() -> None:
    modules = loaded("-c", "import ocpprov.commands.early_connection")
    assert "botocore" in packages(modules)
    assert packages(modules) & {"moto", "flask", "werkzeug", "rich"} == set()
    late = ("commands.refresh", "commands.terminal", "engine.planner", "checks", "report", "reconcile.execute")
    assert {name for name in late if f"ocpprov.{name}" in modules} == set()

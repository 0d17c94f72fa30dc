"""`version`: what a report of a fault needs."""

from __future__ import annotations

import json
import platform
from importlib.metadata import version

from click.testing import CliRunner

from ocpprov import __version__
from ocpprov.cli.verbs import main
from ocpprov.engine.ownership import FORMAT


def test_it_tells_the_program_python_the_sdk_and_the_tag_format() -> None:
    result = CliRunner().invoke(main, ["version", "--json"])
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {
        "ocpprov": __version__,
        "python": platform.python_version(),
        "boto3": version("boto3"),
        "botocore": version("botocore"),
        "tagFormat": FORMAT,
    }


def test_people_get_it_in_lines() -> None:
    lines = CliRunner().invoke(main, ["version"]).stdout.splitlines()
    assert lines[0] == f"ocpprov     {__version__}"
    assert lines[1] == f"Python      {platform.python_version()}"
    assert lines[-1] == f"tag format  {FORMAT}"

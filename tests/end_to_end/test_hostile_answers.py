"""AWS's answers with hostile text at the end of all texts that somebody can choose, over all commands that read them.

Nothing of it moves a cursor or begins a line, no page or file of JUnit's is broken by it, and what a message offers to
be pasted does only what it says. `test_hostile_text.py` has a real terminal for a few of them.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest
from botocore.client import BaseClient

from tests.end_to_end.installer_site import CONFIG, METADATA
from tests.end_to_end.local import LocalOperator
from tests.end_to_end.test_canaries_of_a_cluster import PLAN
from tests.end_to_end.world import REGION

HOSTILE: Final = (
    "'\"A\n7 to create\u202e\x9b3J\u2028\x1b[2J\x1bc`touch PWNED`$(touch PWNED);touch PWNED #<script>alert(1)</script>"
    "]]>&--><img src=x onerror=alert(1)>\x00\\033c|{{7*7}}"
)
OBEYED: Final = re.compile("\x1b|\x9b|\u202e|\u2028|\x00|\x7f|\x85|^7 to create", re.MULTILINE)
IN_PAGES: Final = re.compile("<script>alert|<img src=x|\x1b|\x9b|\u202e|\x00")
MEMBERS: Final[Mapping[str, str]] = {
    "tags": r"Value|Key",
    "descriptions": r".*(Description|Comment|Message|Reason).*",
    "names": r".*(Name|Alias)|Path",
    "ids": r".*(Id|Arn|Owner|Account).*",
    "all": r".*",
}
"""Of which members the text is."""
LINES: Final = (
    "preflight prod.yaml",
    "preflight prod.yaml --json",
    "plan prod.yaml -v",
    "plan prod.yaml --json",
    "outputs prod.yaml",
    "outputs prod.yaml --format env",
    "outputs prod.yaml --format tfvars",
    "outputs prod.yaml --format install-config",
    "outputs prod.yaml --format machine-sets --ami ami-12345678 --replicas 1",
    f"list --region {REGION}",
    f"list --region {REGION} --json",
    "verify prod.yaml --junit v.xml --html v.html",
    "verify prod.yaml --json",
    f"verify --vpc VPC --cluster prod.example.com --region {REGION} --junit v.xml --html v.html",
    "status prod.yaml",
    "wait api prod.yaml --timeout 1s",
    "install-config prod.yaml --file inst/install-config.yaml",
    "bootstrap remove prod.yaml --yes",
    "destroy prod.yaml --cluster-leftovers list --yes",
    f"init new.yaml --region {REGION} --cluster-name x --base-domain example.com --openshift-version 4.14 --vpc VPC "
    "--publish Internal --endpoints s3",
    "apply prod.yaml --yes -v",
    "destroy prod.yaml",
    "destroy prod.yaml --yes --without route53",
    "destroy prod.yaml --yes",
    "report prod --output page.html",
)
_COMMAND: Final = re.compile(
    r"(?:aws [a-z0-9-]+ [a-z-]+|ocpprov (?:apply|destroy|report|outputs|verify|list)|openshift-install [a-z]+|chmod)"
    r"(?: [^\n`]*)?"
)


def hostile(answer: Any, members: str, name: str = "") -> Any:
    """The answer with it at the end of all texts in members of such names."""
    if isinstance(answer, dict):
        return {key: one if key == "ResponseMetadata" else hostile(one, members, key) for key, one in answer.items()}
    if isinstance(answer, list):
        return [hostile(one, members, name) for one in answer]
    chosen = isinstance(answer, str) and re.fullmatch(members, name) and answer not in ("available", "active")
    return answer + HOSTILE if chosen else answer


@pytest.fixture
def site(user: LocalOperator) -> LocalOperator:
    """A plan that was applied, and programs that do nothing."""
    (user.folder / "inst").mkdir()
    (user.folder / "inst" / "install-config.yaml").write_text(CONFIG)
    (user.folder / "inst" / "metadata.json").write_text(json.dumps(METADATA))
    (user.folder / "inst" / "bootstrap.ign").write_text(json.dumps({"ignition": {"version": "3.2.0"}}))
    (user.folder / "prod.yaml").write_text(json.dumps({**PLAN, "Parameters": {"Secret": OPEN}}))
    user.good("apply", "prod.yaml", "--yes")
    (user.folder / "bin").mkdir()
    for name in ("aws", "ocpprov", "openshift-install", "chmod"):
        program = user.folder / "bin" / name
        program.write_text("#!/bin/sh\n:\n")
        program.chmod(0o700)
    return user


OPEN: Final = {"Type": "String", "Default": "abc"}


def pasted(said: str, user: LocalOperator) -> Iterator[str]:
    """The commands with hostile text in them that did anything else than to start a program."""
    folder = user.folder / "empty"
    folder.mkdir(exist_ok=True)
    environ = {**os.environ, "PATH": f"{user.folder / 'bin'}:{os.environ['PATH']}"}
    for command in {each for each in _COMMAND.findall(said) if "PWNED" in each}:
        subprocess.run(["sh", "-c", command], cwd=folder, env=environ, check=False, capture_output=True)
        if any(folder.iterdir()):
            yield command
            (folder / "PWNED").unlink()


def written(user: LocalOperator) -> Iterator[str]:
    """What is wrong with the files that a command has written."""
    for path in [*user.folder.glob("*.xml"), *user.folder.glob("*.html")]:
        text = path.read_text()
        if path.suffix == ".xml":
            ET.fromstring(text)
        elif found := IN_PAGES.search(text):
            yield f"{path.name}: {text[max(0, found.start() - 200) : found.end()]!r}"
        path.unlink()


def sourced(text: str, folder: Path) -> list[str]:
    """The names of what is in a folder where a shell has read this file."""
    folder.mkdir()
    subprocess.run(["sh"], input=text.encode(), cwd=folder, check=True, capture_output=True)
    return [path.name for path in folder.iterdir()]


def run(user: LocalOperator, line: str) -> list[str]:
    """What is wrong with what a command says and writes."""
    done = user.run(*line.split())
    found = [f"{line}: {each}" for each in (*pasted(done.out + done.err, user), *written(user))]
    for stream in (done.out, done.err):
        found += [f"{line}: {stream[max(0, one.start() - 200) : one.end()]!r}" for one in OBEYED.finditer(stream)]
    if "--format env" in line and done.code == 0:
        found += sourced(done.out, user.folder / "sourced")
    return found


@pytest.mark.torture
@pytest.mark.parametrize("members", MEMBERS)
def test_no_answer_of_aws_leaves_a_command_as_anything_but_text(
    members: str,
    site: LocalOperator,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
) -> None:
    (vpc,) = [each for each in site.aws.client("ec2").describe_vpcs()["Vpcs"] if not each["IsDefault"]]
    call: Callable[..., Any] = getattr(BaseClient, "_make_api_call")  # noqa: B009 - the stubs don't know it

    def answered(client: BaseClient, operation: str, arguments: Any) -> Any:
        return hostile(call(client, operation, arguments), MEMBERS[members])

    monkeypatch.setattr(BaseClient, "_make_api_call", answered)
    wrong = [each for line in LINES for each in run(site, line.replace("VPC", vpc["VpcId"]))]
    assert wrong == []
    record_property(f"hostile answers: commands over hostile {members}", len(LINES))

"""The reference in docs/reference/ is what the code says today, and it says all of it."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from functools import cache
from typing import Final

import click
import pytest

import ocpprov
from documents.__main__ import FOLDER, pages
from documents.commands import commands
from documents.json_documents import DOCUMENTS, EVENTS, STATUSES
from documents.outputs import FORMATS, OUTPUTS
from documents.plan_messages import messages
from documents.tags import TAGS
from ocpprov.checks.result import Status
from ocpprov.commands.exit_codes import ExitCode
from ocpprov.commands.output_request import OUTPUT_FORMATS
from ocpprov.commands.usage import USAGES
from ocpprov.engine import ownership
from ocpprov.engine.events import EventKind
from ocpprov.openshift.cluster_access import TRUST_BUNDLE
from ocpprov.openshift.ignition_outputs import FETCH
from tests.test_documents import DOCUMENTS as PAPERS
from tests.test_documents import ROOT, blocks

all_pages = cache(pages)
"""By name; made when a test asks: it takes a second."""
SOURCES: Final = ROOT / "ocpprov" / "openshift"


@pytest.mark.parametrize(
    "name",
    [
        "plan-keys.md",
        "install-config-keys.md",
        "plan-messages.md",
        "commands.md",
        "outputs.md",
        "json.md",
        "tags.md",
        "readiness.md",
        "flows.md",
    ],
)
def test_it_is_up_to_date(name: str) -> None:
    assert (FOLDER / name).read_text() == all_pages()[name], "run: make docs"


def test_every_command_option_and_exit_code_is_there() -> None:
    page = all_pages()["commands.md"]
    for words, command in commands():
        assert f"## ocpprov {' '.join(words)}\n" in page
        assert [each for each in USAGES[" ".join(words)].examples if f"`ocpprov {each.words}`" not in page] == []
        options = [option for option in command.params if isinstance(option, click.Option)]
        assert [option.name for option in options if f"`{option.opts[0]}`" not in page] == []
    assert [code for code in ExitCode if f"| {code.value} |" not in page] == []


def output_names() -> Iterator[str]:
    """The first argument of whatever makes outputs, where it is written there."""
    for name in ("outputs.py", "ignition_outputs.py", "cluster_access.py", "proposed_addresses.py"):
        for node in ast.walk(ast.parse((SOURCES / name).read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
                first = node.args[0]
                if node.func.id in ("Output", "OutputRow", "_list") and isinstance(first, ast.Constant):
                    yield str(first.value)


def test_every_output_is_there() -> None:
    profiles = {f"{machine}InstanceProfile" for machine in ("Master", "Worker", "Bootstrap")}
    assert set(OUTPUTS) == {*output_names(), *profiles, FETCH, TRUST_BUNDLE, f"{TRUST_BUNDLE}Policy"}


def test_every_format_of_outputs_is_there() -> None:
    assert tuple(FORMATS) == OUTPUT_FORMATS
    assert [each for each in FORMATS if f"| `{each}` |" not in all_pages()["outputs.md"]] == []


def test_every_tag_is_there() -> None:
    keys = {value for value in vars(ownership).values() if isinstance(value, str) and value.startswith("ocpprov:")}
    assert {key.removesuffix("<plan>") for key in TAGS} == keys - {ownership.PREFIX}


def test_every_event_and_status_is_there() -> None:
    assert (set(EVENTS), set(STATUSES)) == (set(EventKind), set(Status))


def test_every_command_with_a_document_is_there() -> None:
    printing = {
        " ".join(words) for words, command in commands() if any(each.name == "as_json" for each in command.params)
    }
    assert printing == {*DOCUMENTS, "outputs", "apply", "destroy", "fleet"}


def test_versions_are_those_that_there_were() -> None:
    released = set(
        re.findall(r"^## (\d+\.\d+\.\d+) - \d{4}-\d\d-\d\d$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    )
    since = set(re.findall(r"\| (\d+\.\d+\.\d+) \|", all_pages()["plan-keys.md"]))
    assert ocpprov.__version__ in released
    assert since <= released


def test_every_key_of_an_install_config_has_what_becomes_of_it() -> None:
    rows = re.findall(r"^\| `([^`]+)` \| (.*) \|$", all_pages()["install-config-keys.md"], re.MULTILINE)
    assert len(rows) == len({key for key, _ in rows}) > 100
    assert [key for key, text in rows if not text] == []
    found = dict(rows)
    assert found["platform.aws.publicIpv4Pool"] == "`openshift.publicIpv4Pool`"
    assert found["networking.machineNetwork.cidr"] == "`openshift.machineNetwork`"
    assert found["pullSecret"] == "no effect here"
    assert found["controlPlane.platform.aws.zones"].startswith("`openshift.zones`")
    assert found["bootstrapInPlace"].startswith("not honoured: ")


def test_a_message_about_a_plan_has_its_place_with_what_it_puts_in_left_open() -> None:
    found = set(messages())
    assert ("routeTables", "an existing table is in an existing VPC", "name the VPC in vpcID") in found
    assert ("…", "unknown key …", "…") in found
    anchors = re.findall(r'<a id="([^"]+)">', all_pages()["plan-messages.md"])
    assert len(anchors) == len(set(anchors)) == len(found)


def shown_commands() -> Iterator[list[str]]:
    """The words of every command of ours in a block of a document."""
    for document in PAPERS:
        name = str(document.relative_to(ROOT))
        for language in ("sh", "console", "text"):
            for line in "".join(blocks(name, language)).splitlines():
                if line.removeprefix("$ ").startswith("ocpprov ") and "[OPTIONS]" not in line:
                    yield shlex.split(line.removeprefix("$ "), comments=True)[1:]


def test_commands_and_options_that_documents_show_are_there() -> None:
    known = dict(commands())
    shown = list(shown_commands())
    assert len(shown) > 25
    wrong = []
    for words in shown:
        command = known.get(tuple(words[:1])) or known.get(tuple(words[:2]))
        options = {name for each in command.params for name in each.opts} if command else set()
        if not command or {word for word in words if word.startswith("--")} - options:
            wrong.append(words)
    assert wrong == []

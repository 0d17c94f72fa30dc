"""Each message has its place in docs/troubleshooting.md: refusals by their words, checks, errors and causes by an
anchor."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

import pytest

from ocpprov.aws import error_causes
from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.error_sentences.policies import POLICIES
from ocpprov.commands.exit_codes import ExitCode
from tests.test_documents import ROOT

PAGE: Final = (ROOT / "docs" / "troubleshooting.md").read_text()
ANCHORS: Final = frozenset(re.findall(r'<a id="([^"]+)"></a>', PAGE))
CHECKS: Final = ("passed", "failed", "warned", "unknown", "check_of")


def calls(*names: str, outside: tuple[str, ...] = ()) -> Iterator[tuple[str, ast.Call]]:
    """Where the product calls one of these with arguments, by file and line; not in the rooms `outside`."""
    for file in sorted((ROOT / "ocpprov").rglob("*.py")):
        text = file.read_text()
        if file.parent.name in outside or not any(f"{name}(" in text for name in names):
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names and node.args:
                yield f"{file.name}:{node.lineno}", node


def texts(node: ast.expr) -> Iterator[str]:
    """The fixed parts of a message; of a Problem, those of its detail."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=values):
            yield from (part for value in values for part in texts(value))
        case ast.Call(func=ast.Name(id="Problem"), args=[_, detail, *_]):
            yield from texts(detail)


def refusals() -> Iterator[tuple[str, str]]:
    """Where something is refused, and the longest fixed part of what is said."""
    for where, call in calls("Refused"):
        longest = max(texts(call.args[0]), key=len, default="").strip()
        if len(longest) > 1:
            yield where, longest


def problems() -> Iterator[tuple[str, str]]:
    """The same of problems; those of a plan have a page of their own, docs/reference/plan-messages.md."""
    for where, call in calls("Problem", outside=("plan", "openshift")):
        longest = max(texts(call), key=len, default="").strip()
        if len(longest) > 1:
            yield where, longest


def conflicts() -> Iterator[tuple[str, str]]:
    """What stands in the way of a plan, and what doesn't get ready: where it is said, and its longest fixed part."""
    tree = ast.parse((ROOT / "ocpprov" / "engine" / "conflicts.py").read_text())
    said = [node.value for node in ast.walk(tree) if isinstance(node, ast.Yield | ast.Return) and node.value]
    said += [call.args[0] for _, call in calls("NotSettled")]
    for node in said:
        longest = max(texts(node), key=len, default="").strip()
        if len(longest) > 1:
            yield f"line {node.lineno}: {longest[:20]}", longest


def checks() -> Iterator[str]:
    """The ids of checks; of one that ends in a name, what stands before it."""
    for _, call in calls(*CHECKS):
        if first := next(texts(call.args[0]), ""):
            yield first.rstrip("-")


def test_every_refusal_has_its_words_there() -> None:
    found = {**dict(refusals()), **dict(problems())}
    assert len(found) > 40
    missing = {where: words for where, words in found.items() if words not in PAGE}
    assert missing == {}, "write what they mean into docs/troubleshooting.md"


def test_every_conflict_has_its_words_there() -> None:
    found = dict(conflicts())
    assert len(found) >= 8
    missing = {where: words for where, words in found.items() if words not in PAGE}
    assert missing == {}, "write what they mean into docs/troubleshooting.md"


def test_every_check_has_its_anchor() -> None:
    found = set(checks())
    assert len(found) > 30
    assert {f"check-{id}" for id in found} - ANCHORS == set()
    assert {f"check-{id}" for id in ("permissions", "endpoint", "quota", "deletion-protection")} - ANCHORS == set()


@pytest.mark.parametrize("error_class", ErrorClass)
def test_every_class_of_error_has_its_anchor(error_class: ErrorClass) -> None:
    assert f"aws-{error_class.value.replace(' ', '-')}" in ANCHORS


def test_every_cause_has_its_anchor_and_no_other() -> None:
    sentences = {each.cause for each in error_causes.SENTENCES if each.next_step}
    others = {name.replace(" ", "-") for name in POLICIES} | {"lost-tag", "trust", "without-roles", "unknown-refusal"}
    anchors = {anchor.removeprefix("cause-") for anchor in ANCHORS if anchor.startswith("cause-")}
    assert len(sentences) > 30
    assert anchors == sentences | others


def test_every_exit_code_has_its_anchor() -> None:
    assert {f"exit-{code.value}" for code in ExitCode} <= ANCHORS

"""What a run ends with that was to verify what it made."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn

import pytest

from ocpprov.checks.exposure import Exposures
from ocpprov.checks.verification import RowResult, RowStatus
from ocpprov.checks.verification_record import Verification
from ocpprov.commands import apply_verification
from ocpprov.commands.apply import apply
from ocpprov.commands.apply_verification import ClosingVerification, closing_verification
from ocpprov.commands.exit_codes import ExitCode, Refused
from ocpprov.commands.options import Options
from ocpprov.commands.terminal import Terminal
from ocpprov.engine.cancel import Interrupted
from ocpprov.engine.problem import Problem
from ocpprov.engine.secret_texts import NO_SECRETS, SecretTexts
from ocpprov.ui.lines import Line, Tone

PLAIN = "name: lab\nregion: eu-west-1\nResources:\n  Net: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}\n"
AGAIN = "ocpprov verify prod.yaml"
UNREADABLE = Problem("ec2", "said no", "ask later")


def of(*statuses: RowStatus) -> ClosingVerification:
    rows = [RowResult("NET-VPC", status) for status in statuses]
    return ClosingVerification(Verification("prod", 0.0, 1.0, rows), AGAIN)


@pytest.mark.parametrize(
    ("ended", "code"),
    [
        (of(RowStatus.PASS, RowStatus.NOT_APPLICABLE), ExitCode.DONE),
        (of(RowStatus.PASS, RowStatus.UNKNOWN), ExitCode.UNKNOWN),
        (of(RowStatus.UNKNOWN, RowStatus.FAIL), ExitCode.FAILED),
        (ClosingVerification(None, AGAIN, [UNREADABLE]), ExitCode.UNKNOWN),
        (ClosingVerification(None, AGAIN), ExitCode.INTERRUPTED),
    ],
    ids=["pass", "unknown", "fail", "unreadable", "interrupted"],
)
def test_how_the_run_ends(ended: ClosingVerification, code: ExitCode) -> None:
    assert ended.code is code
    assert ended.document()["ok"] is (code is ExitCode.DONE)


def test_what_was_found_is_told_as_verify_tells_it() -> None:
    ended = of(RowStatus.PASS)
    assert [str(line) for line in ended.lines(NO_SECRETS)] == [
        "  pass            NET-VPC            a VPC with DNS support and DNS host names",
        "as it should be: 1 requirements",
    ]
    assert [row["id"] for row in ended.document()["requirements"]] == ["NET-VPC"]
    assert "exposures" not in ended.document()
    assert ended.found
    open_too = replace(ended, found=replace(ended.found, exposures=Exposures()))
    assert [str(line) for line in open_too.lines(NO_SECRETS)][-1] == "nothing is open that no requirement needs"
    assert open_too.document()["exposures"] == []


def test_what_is_not_to_be_shown_is_taken_out_before_lines_are_made() -> None:
    row = RowResult("NET-VPC", RowStatus.FAIL, detail=f"{'closed ' * 5}two words of it")
    ended = ClosingVerification(Verification("prod", 0.0, 1.0, [row]), AGAIN)
    lines = [line.text for line in ended.lines(SecretTexts({"Word": ["two words of it"]}))]
    assert lines[0].endswith("closed ****")
    assert "two" not in " ".join(lines)


def test_that_nothing_was_found_is_told_with_what_to_do() -> None:
    ended = ClosingVerification(None, AGAIN, [UNREADABLE])
    assert list(ended.lines(NO_SECRETS)) == [
        Line("everything was applied, and it wasn't verified: ec2: said no; ask later", Tone.DANGER),
        Line("next:     ocpprov verify prod.yaml"),
    ]
    document = ended.document()
    assert (document["requirements"], document["error"]["detail"]) == ([], "said no")
    assert next(ClosingVerification(None, AGAIN).lines(NO_SECRETS)).text.endswith("it wasn't verified: interrupted")


def test_a_plan_that_has_no_requirements_is_refused_before_aws_is_asked(tmp_path: Path) -> None:
    plan = tmp_path / "plain.yaml"
    plan.write_text(PLAIN)

    def never(*_: object, **__: object) -> NoReturn:
        pytest.fail("AWS was asked")

    with pytest.raises(Refused, match="has no openshift section, so no requirement is known of it"):
        apply(Options(plan=plan, directory=tmp_path, verify=True), Terminal("ocpprov apply"), never, {})


class Looked:
    """In place of the look at AWS: what comes of it, and by what it was judged."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, result: Verification | BaseException) -> None:
        self.result = result
        self.planned: list[object] = []
        monkeypatch.setattr(apply_verification, "verification_of", self)

    def __call__(self, plan: object, planned: object, *_: object) -> Verification:
        self.planned.append(planned)
        if isinstance(self.result, BaseException):
            raise self.result
        return self.result

    def ended(self, *, changes: bool = False, stopping: bool = False) -> ClosingVerification:
        """`again` is what another look would plan by."""
        actions = SimpleNamespace(changes=["one"] if changes else [])
        outcome: Any = SimpleNamespace(planned=SimpleNamespace(actions=actions))
        connection: Any = SimpleNamespace(cancellation=SimpleNamespace(stopping=lambda: stopping))
        nothing: Any = None
        another: Any = "another look"
        options = Options(plan=Path("prod.yaml"))
        return closing_verification(nothing, outcome, lambda: another, connection, options)


def test_it_goes_by_the_closing_look_and_by_another_one_where_there_was_none(monkeypatch: pytest.MonkeyPatch) -> None:
    found = Verification("prod", 0.0, 1.0, [RowResult("NET-VPC", RowStatus.PASS)])
    looked = Looked(monkeypatch, found)
    assert looked.ended() == ClosingVerification(found, AGAIN)
    assert looked.planned != ["another look"]
    looked.ended(changes=True)
    assert looked.planned[1:] == ["another look"]


def test_what_keeps_it_from_being_found_out_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    found = Verification("prod", 0.0, 1.0, [RowResult("NET-VPC", RowStatus.PASS)])
    assert Looked(monkeypatch, Refused(UNREADABLE)).ended() == ClosingVerification(None, AGAIN, [UNREADABLE])
    assert Looked(monkeypatch, Interrupted()).ended() == ClosingVerification(None, AGAIN)
    assert Looked(monkeypatch, found).ended(stopping=True) == ClosingVerification(None, AGAIN)

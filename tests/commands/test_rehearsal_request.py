"""What a rehearsal is asked for on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.rehearsal_request import RehearsalRequest, faults_given, quotas_given
from ocpprov.sandbox.default_quotas import default_quotas
from ocpprov.sandbox.faults import Fault, FaultKind, Script, Storm
from ocpprov.sandbox.named_faults import NAMED


def test_what_isnt_said_is_aws_on_a_good_day_in_a_new_account() -> None:
    aws = RehearsalRequest().aws()
    assert (aws.latency, aws.scale, aws.seed, aws.throttling, aws.faults) == (0.08, 0.0, 1, True, Script())
    assert aws.quotas == default_quotas()


def test_a_quota_takes_the_place_of_the_default() -> None:
    aws = RehearsalRequest(quotas=("CreateVpc=20", "AttachRolePolicy=0"), latency=250).aws()
    assert aws.quotas == {**default_quotas(), "CreateVpc": 20, "AttachRolePolicy": 0}
    assert aws.latency == 0.25


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("CreateVPC=20", "--quota CreateVPC=20: no quota is known as CreateVPC; the names are CreateVpc, "),
        ("20", "--quota 20: no quota is known as 20; "),
        ("CreateVpc", "--quota CreateVpc: a quota is a number; such as CreateVpc=10"),
        ("CreateVpc=-1", "--quota CreateVpc=-1: a quota is a number; such as CreateVpc=10"),
        ("CreateVpc=1e9", "--quota CreateVpc=1e9: a quota is a number; such as CreateVpc=10"),
        ("CreateVpc=1234567890", "--quota CreateVpc=1234567890: a quota is a number; such as CreateVpc=10"),
    ],
)
def test_a_quota_that_is_none_is_refused(text: str, said: str) -> None:
    with pytest.raises(Refused) as refused:
        quotas_given([text])
    assert str(refused.value).startswith(said)


def test_bad_days_and_files_add_up(tmp_path: Path) -> None:
    file = tmp_path / "faults.json"
    file.write_text('{"faults": [{"call": 3, "fault": "lose-answer"}], "storm": {"seed": 9, "throttled": 0.1}}')
    script = faults_given(["throttling", str(file), "nat-fails-once"], 5)
    assert script.faults == (Fault(FaultKind.LOSE_ANSWER, call=3), *NAMED["nat-fails-once"].faults)
    storm = script.storm
    assert storm is not None
    assert (storm.seed, round(storm.throttled, 3), storm.lost_answers) == (5, 0.3, 0.0)
    assert faults_given([], 5) == Script()
    assert faults_given(["lost-requests"], 5) == Script((), Storm(5, lost_requests=0.03))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            None,
            "is neither a file nor a bad day that is known; name a file of docs/sandbox.md's fault scripts, or one of",
        ),
        ("{", "no fault script: Expecting property name"),
        ("[]", "no fault script: expected an object with a list 'faults'"),
        ('{"faults": [{"call": 1, "fault": "sulk"}]}', "no fault script: 'sulk' is not a valid FaultKind"),
        ("[" * 20000, "no fault script: "),
    ],
)
def test_a_script_that_is_none_is_refused(tmp_path: Path, content: str | None, said: str) -> None:
    file = tmp_path / "faults.json"
    if content is not None:
        file.write_text(content)
    with pytest.raises(Refused) as refused:
        faults_given([str(file)], 1)
    assert str(refused.value).startswith(f"--fault {file}: {said}")

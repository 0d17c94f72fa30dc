"""What AWS answered, as files for programs and for the eye."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from live.__main__ import main
from live.answers import Answer, Asked, answer_to, not_asked, to_json, to_table, write_private
from live.lab import Lab
from live.questions import Measured, Question
from ocpprov.sandbox.seen_facts import SeenFact, facts_in, merged, parse_facts
from ocpprov.sandbox.seen_facts import to_json as facts_to_json

ON_AWS = Asked("aws", "eu-west-1", "2026-12-01", "0.1.0", rehearsed=False)


def never(lab: Lab) -> str:
    raise AssertionError


def question(name: str = "A dry run, of a VPC", believed: str = "", means: str = "") -> Question:
    return Question(name, believed, "ocpprov/a.py", never, means)


@pytest.mark.parametrize(
    ("believed", "said", "seen", "seconds", "differs"),
    [
        ("ok", "ok", "ok", None, False),
        ("ok", "DryRunOperation 412", "DryRunOperation 412", None, True),
        ("", "anything", "anything", None, False),
        ("ok, 0 s", Measured("ok", 0.0), "ok, 0 s", 0.0, False),
        ("ok, 0 s", Measured("InvalidSubnet.Range 400", 12.4), "InvalidSubnet.Range 400, 12 s", 12.4, True),
        ("", Measured("", 2.0), "ok, 2 s", 2.0, False),
        ("", Measured("X 400", None), "X 400, longer than was waited", None, False),
        ("", Measured("", None), "longer than was waited", None, False),
    ],
)
def test_an_answer_stands_beside_what_was_believed(
    believed: str, said: str | Measured, seen: str, seconds: float | None, differs: bool
) -> None:
    answer = answer_to(question(believed=believed), said)
    assert (answer.id, answer.seen, answer.seconds, answer.differs) == ("a-dry-run-of-a-vpc", seen, seconds, differs)


def test_the_table_has_what_differs_in_bold_with_what_it_means() -> None:
    answers = [
        answer_to(question("one", "ok", "never shown"), "ok"),
        answer_to(question("two", "ok", "mend | this"), "no"),
        not_asked(question("three", "ok", "never shown"), "ValueError:\n broken"),
    ]
    assert to_table(answers, ["something is left"]).splitlines()[2:] == [
        "| one | ok | ok | ocpprov/a.py |  |",
        "| two | ok | **no** | ocpprov/a.py | mend \\| this |",
        "| three | ok | couldn't be asked: ValueError: broken | ocpprov/a.py |  |",
        "",
        "- something is left",
    ]


ANSWERS = (
    answer_to(question("b"), Measured("X 400", 12.5)),
    not_asked(question("c"), "broken"),
    answer_to(question("a"), "ok"),
)
FACTS = (
    SeenFact("a", "ok", None, "AWS, aws eu-west-1, 2026-12-01"),
    SeenFact("b", "X 400", 12.5, "AWS, aws eu-west-1, 2026-12-01"),
)


def test_what_was_asked_of_aws_becomes_facts_and_comes_back_from_their_file() -> None:
    facts = facts_in(to_json(ON_AWS, ANSWERS))
    assert facts == FACTS
    assert {fact.trust for fact in facts} == {"seen"}
    assert parse_facts(facts_to_json(facts)) == facts


def test_a_newer_fact_takes_the_place_of_the_older_one() -> None:
    newer = SeenFact("a", "no", None, "AWS, aws us-east-1, 2027-01-01")
    assert merged(FACTS, [newer]) == (newer, FACTS[1])


GOOD = json.loads(to_json(ON_AWS, ANSWERS))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"format": 2}, "answers of format 2; this version reads 1"),
        ({"rehearsed": True}, "the sandbox's own"),
        ({"rehearsed": None}, "the sandbox's own"),
        ({"region": ""}, "'region' is a text"),
        ({"answers": {}}, "a list of objects"),
        ({"answers": ["a"]}, "a list of objects"),
        ({"answers": [{"id": 1, "says": "ok", "asked": True}]}, "'id' is a text"),
        ({"answers": [{"id": "a", "says": "ok", "asked": True, "seconds": -1}]}, "'seconds' is a number"),
        ({"answers": [{"id": "a", "says": "ok", "asked": True, "seconds": True}]}, "'seconds' is a number"),
    ],
)
def test_what_is_no_answer_of_aws_is_refused(change: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        facts_in(json.dumps({**GOOD, **change}))


@pytest.mark.parametrize("text", ["", "[", "[]", '"a"', "[" * 100_000])
def test_what_is_no_file_of_answers_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="answers are"):
        facts_in(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [("{", "JSON"), ("{}", "list"), ("[1]", "list"), ('[{"id": "a", "says": "ok", "trust": "memory"}]', "trust")],
)
def test_what_is_no_file_of_facts_is_refused(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse_facts(text)


def test_files_are_for_their_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "answers.json"
    path.parent.mkdir()
    path.write_text("readable by all, until now")
    path.chmod(0o644)
    write_private(path, "text")
    assert (path.read_text(), stat.S_IMODE(path.stat().st_mode)) == ("text", 0o600)


def test_taking_in_merges_and_refuses_a_rehearsals(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    facts, answers = tmp_path / "seen.json", tmp_path / "answers.json"
    monkeypatch.setattr("live.__main__.FILE", facts)
    answers.write_text(json.dumps({**GOOD, "rehearsed": True}))
    assert main(["take-in", str(answers)]) == 2
    assert not facts.exists()
    assert "the sandbox's own: only what AWS said is a fact; nothing was taken in" in capsys.readouterr().err
    answers.write_text(json.dumps(GOOD))
    assert main(["take-in", str(answers)]) == 0
    assert parse_facts(facts.read_text()) == FACTS
    assert capsys.readouterr().out == f"{facts}: 2 facts from {answers}\n"


def test_an_answer_has_all_that_its_question_says() -> None:
    [row] = json.loads(to_json(ON_AWS, [answer_to(question("a", "ok", "mend it"), "no")]))["answers"]
    assert Answer(**row) == Answer("a", "a", "ok", "no", None, "ocpprov/a.py", "mend it", asked=True)

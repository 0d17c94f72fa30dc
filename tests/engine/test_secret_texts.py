"""Texts that mustn't be shown: in which spellings they are taken out, and where not."""

from __future__ import annotations

import html
import json
from urllib.parse import quote

import pytest

from ocpprov.engine.ownership import encode_ledger
from ocpprov.engine.secret_texts import NO_SECRETS, SecretTexts, pattern_of, without_values
from ocpprov.engine.values import GetAtt, Join, Ref, Unknown, Value

LONG = 'CANARY "ä" <it\'s>\\ 100%'
SECRETS = SecretTexts({"Secret": [LONG]})


@pytest.mark.parametrize(
    "spelt",
    [
        LONG,
        LONG.lower(),
        json.dumps(LONG),
        json.dumps(LONG, ensure_ascii=False),
        json.dumps(json.dumps(LONG)),
        repr(LONG),
        html.escape(LONG),
        quote(LONG),
        quote(LONG, safe=""),
        encode_ledger("tag", [LONG])["tag"],
    ],
)
def test_it_is_taken_out_in_every_spelling(spelt: str) -> None:
    shown = SECRETS.masked(f"value {spelt} of a tag")
    assert "****" in shown
    assert "canary" not in shown.lower()
    assert shown.startswith("value ")
    assert shown.endswith(" of a tag")


def test_each_line_of_it_is_taken_out_for_itself() -> None:
    secrets = SecretTexts({"Key": ["-----BEGIN-----\nMIIEpAIBAAKCAQEA\nab\n"]})
    assert secrets.masked("MIIEpAIBAAKCAQEA, then ab") == "****, then ab"


@pytest.mark.parametrize(
    ("secret", "shown"),
    [
        ("longenough", "see-****-see xx****yy"),
        ("seven77", "see-****-see xxseven77yy"),
        ("four", "see-****-see xxfouryy"),
        ("abc", "see-abc-see xxabcyy"),
    ],
)
def test_a_short_one_is_taken_out_where_it_stands_alone(secret: str, shown: str) -> None:
    assert SecretTexts({"P": [secret]}).masked(f"see-{secret}-see xx{secret}yy") == shown
    assert SecretTexts({"P": [secret]}).masked(secret.upper()) == "****"


def test_capitals_make_no_difference() -> None:
    assert SecretTexts({"P": ["AbC"]}).masked("aBc") == "****"
    assert SecretTexts({"P": ["AbCdEfGh"]}).masked("x-aBcDeFgH-y") == "x-****-y"


def test_the_longest_goes_first() -> None:
    secrets = SecretTexts({"P": ["longenough"]}, frozenset({"longenough-and-more"}))
    assert secrets.masked("longenough-and-more longenough") == "**** ****"


def test_without_any_nothing_is_taken_out() -> None:
    assert NO_SECRETS.masked("all of it") == "all of it"
    assert SecretTexts({"P": [""], "Q": []}).masked("all of it") == "all of it"
    assert SecretTexts({"P": ["abc"]}).masked("all of it") == "all of it"


def test_a_document_keeps_its_shape_and_its_numbers() -> None:
    secrets = SecretTexts({"P": ["CANARYCANARY", "8080"]})
    document = {"a CANARYCANARY": ["x-CANARYCANARY", 8080, None, True, ("8080",)], "b": {"c": "d"}}
    assert secrets.document(document) == {"a ****": ["x-****", 8080, None, True, ["****"]], "b": {"c": "d"}}
    assert secrets.document("CANARYCANARY", "NoEcho") == "NoEcho"
    assert secrets.document("x CANARYCANARY", "NoEcho") == "x NoEcho"


def test_of_a_value_numbers_and_references_are_looked_at_too() -> None:
    secrets = SecretTexts({"P": ["CANARYCANARY", "8080", "true"]})
    reference = GetAtt("Vpc", "Id")
    value: Value = {"Port": 8080, "On": True, "Off": False, "Name": Join("-", ("CANARYCANARY", Ref("Vpc")))}
    assert secrets.value(value) == {
        "Port": "****",
        "On": "****",
        "Off": False,
        "Name": {"Fn::Join": ["-", ["****", {"Ref": "Vpc"}]]},
    }
    assert secrets.value([Unknown(reference), 80]) == [{"Fn::GetAtt": ["Vpc", "Id"]}, 80]


def test_whether_there_is_one_in_a_text() -> None:
    secrets = SecretTexts({"P": ["CANARYCANARY"]})
    assert secrets.hides("role/CANARYCANARY")
    assert not secrets.hides("role/other")


def test_a_pattern_finds_the_text_as_it_is_written() -> None:
    found = pattern_of(["CANARYCANARY", "abc"])
    assert [match[0] for match in found.finditer("CANARYCANARY canarycanary abc")] == ["CANARYCANARY"]


@pytest.mark.parametrize(
    ("command", "names", "shown"),
    [
        ("ocpprov plan p --parameter A=1 --parameter B=2", {"A"}, "ocpprov plan p --parameter A=… --parameter B=2"),
        ("ocpprov plan p --parameter=A=1=2 --json", {"A"}, "ocpprov plan p --parameter=A=… --json"),
        ("ocpprov plan p --parameter 'A=it is' --dir 'a b'", {"A"}, "ocpprov plan p --parameter A=… --dir 'a b'"),
        (
            "ocpprov plan p --parameter 'A B=1' --parameter C=2",
            None,
            "ocpprov plan p --parameter 'A B'=… --parameter C=…",
        ),
        ("ocpprov plan p --parameter A=1 --parameters f", set(), "ocpprov plan p --parameter A=1 --parameters f"),
        ("ocpprov plan p --name A=1", {"A"}, "ocpprov plan p --name A=1"),
    ],
)
def test_a_command_is_repeated_without_their_values(command: str, names: set[str] | None, shown: str) -> None:
    assert without_values(command, names) == shown

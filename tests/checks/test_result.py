"""The result of a check, as it may be shown."""

from __future__ import annotations

from ocpprov.checks.result import Check, Status
from ocpprov.engine.secret_texts import SecretTexts


def test_what_is_not_to_be_shown_is_taken_out_of_its_sentences() -> None:
    check = Check("zones", Status.FAIL, "of two words", "give two words", "vpc-1")
    assert check.masked(SecretTexts({"Word": ["two words"]})) == Check(
        "zones", Status.FAIL, "of ****", "give ****", "vpc-1"
    )

"""What checks look like, line by line."""

from __future__ import annotations

from ocpprov.checks.result import failed, passed, unknown, warned
from ocpprov.ui.check_lines import check_lines


def test_checks_stand_in_columns_with_their_remedies_beneath() -> None:
    checks = [
        passed("zones", "three"),
        failed("quota-vpcs", "5 used", "raise it"),
        warned("plan", "odd", "look"),
        unknown("aws", "silent", "wait"),
        passed("clock", "right"),
    ]
    assert list(check_lines(checks)) == [
        "pass     zones       three",
        "fail     quota-vpcs  5 used",
        "         -> raise it",
        "warn     plan        odd",
        "         -> look",
        "unknown  aws         silent",
        "         -> wait",
        "pass     clock       right",
        "2 pass, 1 warn, 1 fail, 1 unknown",
    ]
    assert list(check_lines([])) == [""]


def test_a_check_is_within_eighty_columns_whatever_its_id() -> None:
    zones = "eu-west-1 has eu-west-1a, eu-west-1b, eu-west-1c"
    checks = [passed("zones", zones), failed("endpoint-of-a-very-long-name", f"{zones} yes", f"{zones} and {zones}")]
    assert list(check_lines(checks)) == [
        f"pass     zones                  {zones}",
        "fail     endpoint-of-a-very-long-name  eu-west-1 has eu-west-1a, eu-west-1b,",
        "           eu-west-1c yes",
        f"         -> {zones} and eu-west-1 has",
        "           eu-west-1a, eu-west-1b, eu-west-1c",
        "1 pass, 1 fail",
    ]

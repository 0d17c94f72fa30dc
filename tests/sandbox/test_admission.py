"""Whom the sandbox answers, on values."""

from __future__ import annotations

import pytest

from ocpprov.sandbox.admission import Admission, bearer, is_host, new_secret

ADMISSION = Admission("s3cret", (".amazonaws.com", "sandbox.example.com"))
NO_PAGES = "the sandbox isn't for pages in a browser"
NO_PROXY = "the sandbox is no proxy"


def refusal(*headers: tuple[str, str], target: str = "/", admission: Admission = ADMISSION) -> str:
    return admission.refusal(target, headers)


def not_as(said: str) -> str:
    return (
        "the sandbox answers as 127.0.0.1 and localhost, and under the names of its option --host, not as "
        f"{said} (header Host)"
    )


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.0.0.1:4566",
        "127.9.9.9:80",
        "localhost",
        "LocalHost:4566",
        "[::1]",
        "[::1]:4566",
        "sandbox.example.com:8443",
        "Sandbox.Example.Com",
        "amazonaws.com",
        "ec2.eu-west-1.amazonaws.com",
        "bucket.with.dots.s3.eu-west-1.amazonaws.com:443",
    ],
)
def test_it_answers_as_loopback_and_under_the_names_it_was_given(host: str) -> None:
    assert refusal(("hOsT", host)) == ""


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:4566",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "evil.example.localhost",
        "a.sandbox.example.com",
        "evilamazonaws.com",
        "amazonaws.com.evil.example",
        "10.0.0.1",
        "0.0.0.0:4566",
        "2130706433",
        "127.1",
        "[::]",
        "[::1",
        "::1",
        "localhost:4566:1",
        "localhost:port",
        "user@localhost",
        "localhost evil.example",
        "",
    ],
)
def test_it_answers_under_no_other_name(host: str) -> None:
    assert refusal(("Host", host)) == not_as(repr(host))


def test_without_names_it_answers_as_loopback_only() -> None:
    alone = Admission("s3cret")
    assert refusal(("Host", "localhost"), admission=alone) == ""
    assert refusal(("Host", "ec2.eu-west-1.amazonaws.com"), admission=alone) == not_as("'ec2.eu-west-1.amazonaws.com'")


def test_a_request_has_one_host() -> None:
    assert refusal() == not_as("nothing")
    assert refusal(("Host", "localhost"), ("host", "evil.example")) == not_as("'localhost', 'evil.example'")
    assert refusal(("Host", "localhost"), ("Host", "localhost")) == not_as("'localhost', 'localhost'")


@pytest.mark.parametrize(
    "header",
    [
        ("Origin", "http://evil.example"),
        ("origin", "null"),
        ("ORIGIN", "http://127.0.0.1:4566"),
        ("Origin", ""),
        ("Sec-Fetch-Site", "cross-site"),
        ("sec-fetch-site", "none"),
    ],
)
def test_no_page_in_a_browser_is_answered(header: tuple[str, str]) -> None:
    assert refusal(("Host", "localhost"), header) == NO_PAGES


@pytest.mark.parametrize("header", [("User-Agent", "Origin"), ("X-Origin", "x"), ("Sec-Fetch-Mode", "cors")])
def test_other_headers_say_nothing_of_a_browser(header: tuple[str, str]) -> None:
    assert refusal(("Host", "localhost"), header) == ""


@pytest.mark.parametrize("target", ["http://127.0.0.1:4566/moto-api/reset", "evil", "*", ""])
def test_a_target_is_a_path(target: str) -> None:
    assert refusal(("Host", "localhost"), target=target) == NO_PROXY


@pytest.mark.parametrize(
    ("authorization", "opens"),
    [
        ("Bearer s3cret", True),
        ("", False),
        ("Bearer ", False),
        ("Bearer s3cre", False),
        ("Bearer s3cret ", False),
        ("Bearer S3cret", False),
        ("bearer s3cret", False),
        ("s3cret", False),
        ("Basic s3cret", False),
        ("Bearer s3crét", False),
    ],
)
def test_the_secret_opens_and_nothing_else(authorization: str, opens: bool) -> None:
    assert ADMISSION.opens(authorization) is opens


def test_secrets_are_long_and_never_the_same() -> None:
    first, second = new_secret(), new_secret()
    assert first != second
    assert min(len(first), len(second)) >= 43
    assert Admission(first).opens(bearer(first))
    assert not Admission(first).opens(bearer(second))


def test_what_is_printed_of_it_has_no_secret() -> None:
    assert repr(ADMISSION) == "Admission(hosts=('.amazonaws.com', 'sandbox.example.com'))"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (".amazonaws.com", True),
        ("localhost", True),
        ("a_b-c.example.com", True),
        ("", False),
        (".", False),
        ("*", False),
        ("*.example.com", False),
        ("..example.com", False),
        ("example.com.", False),
        ("example.com:80", False),
        ("http://example.com", False),
        ("example.com\n", False),
    ],
)
def test_which_names_can_be_given(text: str, expected: bool) -> None:
    assert is_host(text) is expected

"""Mistakes in the environment, each with what to write instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocpprov.aws.environment import WrongSetting, wrong_settings
from ocpprov.engine.problem import Problem
from tests.support.certificates import Authority

KEYS = {"AWS_ACCESS_KEY_ID": "AKIA"}


def messages(environ: dict[str, str]) -> list[str]:
    return [str(setting.problem) for setting in wrong_settings(environ)]


@pytest.mark.parametrize(
    ("entry", "advice"),
    [
        ("*.example.com", "write .example.com"),
        ("10.0.0.0/16", "single addresses"),
        ("fd00::/8", "single addresses"),
        ("https://example.com", "write the host's name alone"),
    ],
)
@pytest.mark.parametrize("variable", ["NO_PROXY", "no_proxy"])
def test_entries_that_python_ignores(variable: str, entry: str, advice: str) -> None:
    (message,) = messages({**KEYS, variable: f"localhost, {entry},.svc"})
    assert entry in message
    assert advice in message


def test_entries_that_python_understands() -> None:
    assert messages({**KEYS, "NO_PROXY": ".example.com,169.254.169.254,host.example.com:443,*,,"}) == []


def test_the_variable_in_lower_case_is_the_one_that_counts() -> None:
    assert messages({**KEYS, "no_proxy": "localhost", "NO_PROXY": "*.example.com"}) == []


def test_a_good_ca_file_with_comments_is_no_problem(tmp_path: Path) -> None:
    ca_file = Authority(tmp_path).ca_file
    ca_file.write_text("# Unsere Zertifizierungsstelle für alles\n" + ca_file.read_text(), encoding="utf-8")
    assert wrong_settings({**KEYS, "AWS_CA_BUNDLE": str(ca_file)}) == []


@pytest.mark.parametrize("content", ["", "not a certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_a_ca_file_without_certificates(tmp_path: Path, content: str) -> None:
    path = tmp_path / "ca.pem"
    path.write_text(content)
    remedy = "give a readable file of PEM certificates"
    problem = Problem("AWS_CA_BUNDLE", f"{path} holds no certificate", remedy)
    assert wrong_settings({**KEYS, "AWS_CA_BUNDLE": str(path)}) == [WrongSetting(problem, fatal=True)]


def test_a_ca_file_that_cannot_be_read(tmp_path: Path) -> None:
    (missing,) = wrong_settings({**KEYS, "REQUESTS_CA_BUNDLE": str(tmp_path / "missing.pem")})
    (folder,) = wrong_settings({**KEYS, "AWS_CA_BUNDLE": str(tmp_path)})
    assert missing.problem.detail == f"{tmp_path / 'missing.pem'} can't be read (No such file or directory)"
    assert folder.problem.detail == f"{tmp_path} can't be read (Is a directory)"
    assert [missing.problem.where, folder.problem.where] == ["REQUESTS_CA_BUNDLE", "AWS_CA_BUNDLE"]
    assert missing.fatal
    assert folder.fatal


def test_the_plans_ca_file_is_the_one_that_counts(tmp_path: Path) -> None:
    good = str(Authority(tmp_path).ca_file)
    assert wrong_settings({**KEYS, "AWS_CA_BUNDLE": "/missing"}, ca_bundle=good) == []
    (setting,) = wrong_settings({**KEYS, "AWS_CA_BUNDLE": good}, ca_bundle="/missing")
    assert str(setting.problem).startswith("aws.caBundle: /missing can't be read")


def test_a_proxy_variable_that_boto3_ignores() -> None:
    ignored = WrongSetting(Problem("ALL_PROXY", "boto3 ignores it", "set HTTPS_PROXY"))
    assert wrong_settings({**KEYS, "ALL_PROXY": "http://proxy:3128"}) == [ignored]
    assert wrong_settings({**KEYS, "ALL_PROXY": "http://proxy:3128"}, proxy="http://other:3128") == []
    assert wrong_settings({**KEYS, "all_proxy": "http://proxy:3128", "HTTPS_PROXY": "http://proxy:3128"}) == []

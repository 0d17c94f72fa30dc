"""What is hidden of an install-config.yaml, and what isn't."""

from __future__ import annotations

import pytest

from ocpprov.installer.masked_text import masked


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pullSecret: '{\"auths\": 1}'\na: 1\n", "pullSecret: ***\na: 1\n"),
        ("pullSecret: |\n  one\n  two\na: 1\n", "pullSecret: ***\n***\n***\na: 1\n"),
        ("pullSecret: one\n  two\na: 1\n", "pullSecret: ***\n***\na: 1\n"),
        ('{"sshKey": "ssh-rsa AAAA", "a": 1}\n', '{"sshKey": ***, "a": 1}\n'),
        ("sshKey: ssh-ed25519 AAAAC3NzaC1 me@host  # mine\n", "sshKey: ***\n"),
        ("# pullSecret: one two\na: 1\n", "# pullSecret: ***\na: 1\n"),
        ("x: {pullSecret: one}\n", "x: {pullSecret: ***}\n"),
        ("# x: {pullSecret: one, a: 1}\na: 1\n", "# x: {pullSecret: ***\na: 1\n"),
        ("x: {pullSecret: {a: one}, b: [{password: two}]}\n", "x: {pullSecret: ***, b: [{password: ***}]}\n"),
        ("x:\n- pullSecret: one\n    two\n  a: 1\n", "x:\n- pullSecret: ***\n***\n  a: 1\n"),
        ("x: &x {sshKey: one}\ny: *x\n", "x: &x {sshKey: ***}\ny: *x\n"),
        ("x: &x {sshKey: first}\npullSecret: *x\na: 1\n", "x: ***\npullSecret: ***\na: 1\n"),
        ("sshKey: &x\n  first\na: 1\npassword: *x\n", "sshKey: ***\n***\na: 1\npassword: ***\n"),
        (r'# "{\"a\": {\"auth\": \"b25l\"}}"' + "\na: 1\n", r'# "{\"a\": {\"auth\": \"***\"}}"' + "\na: 1\n"),
        ('p: "http://user:it\'s@proxy"\n', 'p: "http://***@proxy"\n'),
        ("p: http://user:it's@proxy  # old\n", "p: http://***@proxy  # old\n"),
        ("p: 'http://user:it''s@proxy'\n", "p: 'http://***@proxy'\n"),
        ('p: "http://user:one\n  two@proxy"\n', 'p: "http://***\n***@proxy"\n'),
        ("p: {a: 'http://u:p@x', b: 1, c: 'http://v:q@y'}\n", "p: {a: 'http://***@x', b: 1, c: 'http://***@y'}\n"),
        ("http://user:it's@proxy: 1\n", "http://***@proxy: 1\n"),
        ("# {'auths': {'q': {'auth': 'b25l'}}}\na: 1\n", "# {'auths': {'q': {'auth': '***'}}}\na: 1\n"),
        ("keys: [ssh-rsa AAAAB3NzaC1yc2E me@host]\n", "keys: [ssh-rsa *** me@host]\n"),
        ("p: http://user:p@ss@proxy:3128/x\nq: http://proxy:1\n", "p: http://***@proxy:3128/x\nq: http://proxy:1\n"),
        ("p: 'http://token@proxy'\n", "p: 'http://***@proxy'\n"),
        (
            "a: |\n  -----BEGIN RSA PRIVATE KEY-----\n  abc\n  def\n  -----END RSA PRIVATE KEY-----\n",
            "a: |\n  -----BEGIN RSA PRIVATE KEY-----\n***\n***\n  -----END RSA PRIVATE KEY-----\n",
        ),
        ("a: |\n  -----BEGIN CERTIFICATE-----\n  abc\n", "a: |\n  -----BEGIN CERTIFICATE-----\n  abc\n"),
    ],
)
def test_masked(text: str, expected: str) -> None:
    assert masked(text) == expected


def test_the_lines_stay_as_many() -> None:
    text = "a: 1\npullSecret: |-\n  one\n\n  two\nb: 2\n"
    assert masked(text) == "a: 1\npullSecret: ***\n***\n\n***\nb: 2\n"

"""Protocols, and what a rule of ICMP takes."""

from __future__ import annotations

import pytest

from ocpprov.reachability.ip_protocols import takes_whole_type


@pytest.mark.parametrize(
    ("protocol", "type", "code", "whole"),
    [
        ("icmp", 8, -1, True),
        ("icmp", 8, None, True),
        ("icmp", 8, 0, True),
        ("icmp", 0, 0, True),
        ("icmp", 8, 1, False),
        ("icmp", 3, 0, False),
        ("icmp", 3, -1, True),
        ("tcp", 22, 22, True),
    ],
)
def test_an_echo_has_no_other_code_than_0(protocol: str, type: int, code: int | None, whole: bool) -> None:
    assert takes_whole_type(protocol, type, code) is whole

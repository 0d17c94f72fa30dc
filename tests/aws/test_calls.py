"""What is known of calls beside what they say."""

from __future__ import annotations

import threading

import pytest

from ocpprov.aws.calls import CallSubject, is_mutating


def test_what_the_calls_of_a_thread_are_for() -> None:
    subject = CallSubject()
    seen: list[tuple[str, ...]] = []
    with subject.about(["A", "B"]):
        with subject.about(["C"]):
            seen.append(subject.names)
        seen.append(subject.names)
        other = threading.Thread(target=lambda: seen.append(subject.names))
        other.start()
        other.join()
    assert [*seen, subject.names] == [("C",), ("A", "B"), (), ()]


def test_how_urgent_the_calls_of_a_thread_are() -> None:
    subject = CallSubject()
    seen: list[float] = []
    with subject.about(["A"], 90.0):
        with subject.about(["C"]):
            seen.append(subject.urgency)
        seen.append(subject.urgency)
        other = threading.Thread(target=lambda: seen.append(subject.urgency))
        other.start()
        other.join()
    assert [*seen, subject.urgency] == [0, 90, 0, 0]


@pytest.mark.parametrize(
    ("operation", "changes"),
    [
        ("CreateVpc", True),
        ("UpdateAssumeRolePolicy", True),
        ("AssumeRole", False),
        ("AssumeRoleWithSAML", False),
        ("AssumeRoleWithWebIdentity", False),
        ("CreateToken", False),
        ("DecodeAuthorizationMessage", False),
        ("DescribeVpcs", False),
        ("GetRoleCredentials", False),
        ("SimulatePrincipalPolicy", False),
    ],
)
def test_coming_by_credentials_changes_nothing(operation: str, changes: bool) -> None:
    assert is_mutating(operation) is changes

"""What patterns take of each other, against all short texts."""

from __future__ import annotations

from itertools import product

import pytest

from ocpprov.reachability.patterns import takes
from ocpprov.reachability.verdict import Answer

TEXTS = ["".join(letters) for length in range(5) for letters in product("ab", repeat=length)]


def is_taken(pattern: str, text: str) -> bool:
    if not pattern:
        return not text
    if pattern[0] == "*":
        return is_taken(pattern[1:], text) or (bool(text) and is_taken(pattern, text[1:]))
    return bool(text) and pattern[0] in ("?", text[0]) and is_taken(pattern[1:], text[1:])


def test_every_short_pattern_says_what_it_takes_of_every_other() -> None:
    patterns = ["".join(letters) for length in range(3) for letters in product("ab*?", repeat=length)]
    taken = {pattern: {text for text in TEXTS if is_taken(pattern, text)} for pattern in patterns}
    for pattern, wanted in product(patterns, repeat=2):
        found = takes(pattern, wanted)
        if taken[pattern].isdisjoint(taken[wanted]):
            assert found is Answer.NO, (pattern, wanted)
        elif not taken[wanted] <= taken[pattern]:
            assert found is Answer.UNKNOWN, (pattern, wanted)
        else:
            assert found is not Answer.NO, (pattern, wanted)


@pytest.mark.parametrize(
    ("pattern", "wanted", "answer"),
    [
        ("ec2:Describe*", "ec2:DescribeInstances", "yes"),
        ("ec2:Describe*", "ec2:describeInstances", "no"),
        ("ec2:*", "ec2:Describe*", "yes"),
        ("ec2:Describe*", "ec2:*", "unknown"),
        ("s3:*", "ec2:*", "no"),
        ("arn:aws:s3:::a.b/*", "arn:aws:s3:::aXb/*", "no"),
        ("arn:aws:s3:::prod-*/*", "arn:aws:s3:::prod-registry-*/*", "yes"),
        ("arn:aws:s3:::prod-?/*", "arn:aws:s3:::prod-*/*", "unknown"),
        ("*", "a\nb", "yes"),
        ("a*b", "a\nb", "yes"),
    ],
)
def test_patterns_of_policies(pattern: str, wanted: str, answer: str) -> None:
    assert takes(pattern, wanted) == answer

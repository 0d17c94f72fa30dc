"""How many of something, in words."""

from __future__ import annotations


def number_of(count: int, noun: str) -> str:
    """`1 rule`, `25 rules`, `2 policies`, `3 NAT gateways`, `4 addresses`; `3 SharedTags` are several already."""
    if noun.endswith("y") and noun[-2:-1] not in "aeou":
        plural = f"{noun[:-1]}ies"
    elif noun.endswith("ss"):
        plural = f"{noun}es"
    else:
        plural = noun if noun.endswith("s") else f"{noun}s"
    return f"{count} {noun if count == 1 else plural}"

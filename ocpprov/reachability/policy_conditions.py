"""Whether a condition of a policy holds for a call, where what it asks about is known.

Source: IAM user guide, "IAM JSON policy elements: Condition operators".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ocpprov.reachability.patterns import takes
from ocpprov.reachability.policy_statements import Condition, Text
from ocpprov.reachability.three_valued import any_of, negated
from ocpprov.reachability.verdict import Answer

_IF_EXISTS: Final = "IfExists"
_ABSENT: Final = frozenset({"aws:sourceip", "aws:sourceaccount", "aws:sourcearn"})
"""Keys that no call of a machine through an endpoint has: the address is in aws:VpcSourceIp there, and the other two
are of calls that AWS's services make for somebody."""
_CONTRARY: Final = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
    "NotIpAddress": "IpAddress",
}


def holds(condition: Condition, context: Mapping[str, str]) -> Answer:
    """`context` has the values of the keys that are known, in lower case. Without its key an operator holds only where
    it is negated, or says so."""
    operator, optional = condition.operator.removesuffix(_IF_EXISTS), condition.operator.endswith(_IF_EXISTS)
    absent, value = condition.key in _ABSENT, context.get(condition.key)
    if operator == "Null" and (absent or value is not None):
        return any_of(_same(each, "true" if absent else "false", ignore_case=True) for each in condition.values)
    if absent:
        return Answer.YES if optional or operator in _CONTRARY else Answer.NO
    if value is None:
        return Answer.UNKNOWN
    if positive := _CONTRARY.get(operator):
        return negated(any_of(_matches(positive, each, value) for each in condition.values))
    return any_of(_matches(operator, each, value) for each in condition.values)


def _matches(operator: str, wanted: Text, value: str) -> Answer:
    match operator:
        case "StringEquals":
            return _same(wanted, value)
        case "StringEqualsIgnoreCase" | "Bool":
            return _same(wanted, value, ignore_case=True)
        case "StringLike" | "ArnEquals" | "ArnLike":
            return Answer.UNKNOWN if wanted is None or "${" in wanted else takes(wanted, value)
    return Answer.UNKNOWN


def _same(wanted: Text, value: str, *, ignore_case: bool = False) -> Answer:
    if wanted is None or "${" in wanted:
        return Answer.UNKNOWN
    same = wanted.lower() == value.lower() if ignore_case else wanted == value
    return Answer.YES if same else Answer.NO

"""AWS on a bad day, as data: what is off unless somebody asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from ocpprov.sandbox.policy_evaluation import is_policy


@dataclass(frozen=True)
class Conditions:
    """How AWS behaves today. Seconds are of AWS's time; nought, like False or an empty table, is as good as never.

    `latency`: how long each call takes. `unseen_by_id`, `unseen_by_tag`: how long what is new isn't found by those who
    name it, or who look for a tag; `flapping`: in that time it is seen every other time. `page_size`: the most that a
    page holds; the first page of a search may then be empty. `throttling`: whether calls are counted against AWS's
    token buckets. `quotas`: how many there may be of what an operation makes (`{"CreateVpc": 5}`).
    `credentials_last`: how long an access key is good for after its first use; `credentials_changes`: how many changes
    it makes until then; `ended_keys`: those that are refused. `tokens`: operations that honour a client token besides
    those that are known to. `capitalised_states`: whether endpoints are `Available`, as the API's
    model has it, rather than `available`, as they are seen on the wire. `policy`: a policy of IAM that
    says all that callers may do; with none they may do everything. `untagged`: operations that refuse tags at creation,
    as some partitions have them. `shared`: ids of VPCs that belong to another account, which shares their subnets.
    `guard_duty`: whether GuardDuty puts an endpoint and a group of its own into each VPC in which machines run.
    `unaccepted`: ids of transit gateways whose owner accepts no attachment until they are taken out here.
    """

    latency: float = 0.0
    unseen_by_id: float = 0.0
    unseen_by_tag: float = 0.0
    flapping: bool = False
    page_size: int = 0
    throttling: bool = False
    quotas: Mapping[str, int] = field(default_factory=dict)
    credentials_last: float = 0.0
    credentials_changes: int = 0
    ended_keys: frozenset[str] = frozenset()
    tokens: frozenset[str] = frozenset()
    capitalised_states: bool = False
    policy: Mapping[str, Any] = field(default_factory=dict)
    untagged: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()
    guard_duty: bool = False
    unaccepted: frozenset[str] = frozenset()


def parse_conditions(document: Any) -> Conditions:
    """Reads `{"page_size": 5, "quotas": {"CreateVpc": 5}, "tokens": ["CreateNetworkInterface"]}`; what isn't named is
    off. ValueError says what is wrong with it."""
    if not isinstance(document, Mapping):
        raise ValueError(f"expected an object with conditions: {document}")
    unknown = set(document) - {each.name for each in fields(Conditions)}
    if unknown:
        raise ValueError(f"unknown conditions: {', '.join(sorted(map(str, unknown)))}")
    given = dict(document)
    for name, value in document.items():
        if not (is_policy(value) if name == "policy" else _fits(getattr(Conditions(), name), value)):
            raise ValueError(f"a condition of the wrong type, '{name}': {value}")
    for name in ("tokens", "untagged", "ended_keys", "shared", "unaccepted"):
        if name in given:
            given[name] = frozenset(given[name])
    return Conditions(**given)


def _fits(default: object, value: Any) -> bool:
    match default:
        case bool():
            return isinstance(value, bool)
        case float() | int():
            whole = isinstance(default, int)
            return type(value) in ((int,) if whole else (int, float)) and value >= 0
        case Mapping():
            return isinstance(value, Mapping) and all(type(each) is int for each in value.values())
        case _:
            return isinstance(value, list) and all(isinstance(each, str) for each in value)

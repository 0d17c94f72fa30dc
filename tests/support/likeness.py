"""Whether two accounts hold the same, although AWS gave everything another id."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from tests.support.snapshot import Snapshot

_OWN_IDS: Final = re.compile(r"\b(rtbassoc|eni|eipassoc|aclassoc|vpc-cidr-assoc|sgr|pl)-[0-9a-f]+")
"""Ids of what is part of something else, and is nowhere referred to; and of AWS's prefix lists, which the sandbox names
anew after each reset."""
_BY_CHANCE: Final = frozenset(
    {
        "CallerReference",
        "DnsEntries",
        "InstanceProfileId",
        "PolicyId",
        "PrivateIp",
        "PrivateIpAddress",
        "PublicIp",
        "RoleId",
    }
)
_GENERATED: Final = re.compile(r"-[0-9a-f]{8}(?=\")")
"""The end of a generated name, which depends on ids."""
_REVISION: Final = re.compile(r'("ocpprov:revision": "\d+)-[0-9a-f]+"')
"""A digest of properties with ids in them: of two accounts only its version is the same. One account's pictures have it
whole."""

_BOUND: Final = re.compile(r'("ocpprov:bound": "[^" ]+) [0-9a-f]{32}"')
"""Where something is, said by a digest of an id: a long one has no room in the tag."""


def likeness(snapshot: Snapshot) -> Counter[str]:
    """A line of text for each resource, in which names stand for ids; how often there is just this one."""
    names = _names(snapshot)
    pattern = re.compile("|".join(sorted(map(re.escape, names), key=len, reverse=True)) or "$^")

    def named(text: str) -> str:
        known = pattern.sub(lambda match: names[match[0]], _BOUND.sub(r'\1"', _REVISION.sub(r'\1"', text)))
        return _GENERATED.sub("", _OWN_IDS.sub(r"\1", known))

    return Counter(
        f"{type} {named(id)} {json.dumps(_sorted(json.loads(named(json.dumps(item, default=str)))), sort_keys=True)}"
        for (type, id), item in snapshot.items()
    )


def unlike(one: Counter[str], other: Counter[str]) -> Sequence[str]:
    """What `one` has more (+) and less (-) than `other`, of what is there in both only what differs."""
    more, less = sorted((one - other).elements()), sorted((other - one).elements())
    lines = []
    for mine in more:
        head, _, properties = mine.partition(" {")
        theirs = next((line for line in less if line.startswith(head + " {")), None)
        if theirs is None:
            lines.append(f"+ {mine}")
            continue
        less.remove(theirs)
        here, there = json.loads("{" + properties), json.loads(theirs.removeprefix(head))
        names = sorted(name for name in {*here, *there} if here.get(name) != there.get(name))
        lines += [f"{head} {name}: {here.get(name)}, not {there.get(name)}" for name in names]
    return [*lines, *(f"- {line}" for line in less)]


def _names(snapshot: Snapshot) -> dict[str, str]:
    """By id: the type and the plan's name of it; of AWS's own, the network in which it lies."""
    names = {
        id: f"<{type} {item['Tags']['ocpprov:resource']}>"
        for (type, id), item in snapshot.items()
        if "ocpprov:resource" in item.get("Tags", {})
    }
    networks = {id: name for id, name in names.items() if id.startswith("vpc-")}
    for (type, id), item in snapshot.items():
        if id not in names and item.get("VpcId") in networks:
            names[id] = f"<{type} of {networks[item['VpcId']]}>"
    return names


def _sorted(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _sorted(item) for name, item in value.items() if name not in _BY_CHANCE}
    if isinstance(value, list):
        return sorted(map(_sorted, value), key=lambda item: json.dumps(item, sort_keys=True))
    return value

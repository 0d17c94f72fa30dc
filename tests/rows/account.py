"""What one plan has in an account, from a picture of all of it that plain boto3 has taken."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.support.snapshot import Snapshot


@dataclass(frozen=True)
class Made:
    """The resources of one plan, by type and logical id. `domain` is the cluster's."""

    snapshot: Snapshot
    plan: str
    domain: str

    def get(self, type: str, logical_id: str) -> Mapping[str, Any]:
        """The one resource of that id; anything else fails the test."""
        found = [item for item in self.all(type) if item["Tags"]["ocpprov:resource"] == logical_id]
        assert len(found) == 1, f"{type} {logical_id} of {self.plan}: {len(found)} of them"
        return found[0]

    def all(self, type: str) -> list[Mapping[str, Any]]:
        """All resources of a type that carry the plan's tag."""
        return [
            item
            for (of_type, _), item in self.snapshot.items()
            if of_type == type and item.get("Tags", {}).get("ocpprov:plan") == self.plan
        ]

    def ids(self, type: str) -> list[str]:
        """The logical ids of all resources of a type."""
        return sorted(item["Tags"]["ocpprov:resource"] for item in self.all(type))

    def record(self, side: str, name: str, type: str) -> Mapping[str, Any]:
        """A record of the cluster's domain in the public or the private zone; its name as Route 53 spells it."""
        return self.snapshot["RecordSet", f"{side} {name}.{self.domain}. {type}"]

    def records(self, side: str = "") -> list[str]:
        """`side name type` of all records below the cluster's domain."""
        zones = ("NS", "SOA")
        names = [id for type, id in self.snapshot if type == "RecordSet" and f"{self.domain}. " in id]
        return sorted(id for id in names if id.startswith(side) and id.split()[2] not in zones)


def attributes(item: Mapping[str, Any]) -> dict[str, str]:
    """A balancer's or target group's attributes by key."""
    return {row["Key"]: row["Value"] for row in item["Attributes"]}


def allowed(role: Mapping[str, Any]) -> dict[str, list[str]]:
    """By resource the actions that a role's own policies allow."""
    found: dict[str, list[str]] = {}
    for document in role["Policies"].values():
        for statement in document["Statement"]:
            assert statement["Effect"] == "Allow"
            actions: str | Sequence[str] = statement["Action"]
            found.setdefault(json.dumps(statement["Resource"]).strip('"'), []).extend(
                [actions] if isinstance(actions, str) else actions
            )
    return {resource: sorted(actions) for resource, actions in found.items()}


def ingress(group: Mapping[str, Any]) -> set[tuple[str, int, int, str]]:
    """Protocol, first and last port, block of every rule from addresses."""
    return {
        (rule["IpProtocol"], rule.get("FromPort", -1), rule.get("ToPort", -1), block["CidrIp"])
        for rule in group["IpPermissions"]
        for block in rule["IpRanges"]
    }

"""Roles of the machines that may do more, or be taken by more, than the documentation has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ocpprov.aws.partitions import partition_of
from ocpprov.checks.exposure import OTHERWISE, Belongings, Exposure, Exposures
from ocpprov.checks.exposure_policies import Statement, allows, may, name, statements, strangers, texts
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.resources import Live
from ocpprov.openshift.iam import READ_OBJECTS, ROLES, Role, actions_of
from ocpprov.openshift.storage import BUCKET as BUCKET_ID
from ocpprov.plan.model import OpenShift
from ocpprov.reachability.patterns import takes
from ocpprov.reachability.verdict import Answer

ROLE: Final = "AWS::IAM::Role"
POLICY: Final = "Ocpprov::IAM::RolePolicy"
ATTACHED: Final = "Ocpprov::IAM::RolePolicyAttachment"
_BUCKET: Final = "AWS::S3::Bucket"
_WHO: Final = {
    "master": "whatever runs on the control plane",
    "worker": "whatever runs on compute machines",
    "bootstrap": "whatever runs on the bootstrap machine",
}
_EC2: Final = "ec2.amazonaws.com"
_TRUST: Final = "AssumeRolePolicyDocument"


@dataclass(frozen=True)
class Permission:
    """Actions on resources, both as patterns."""

    action: str
    resource: str


def exposed_roles(inventory: Inventory, section: OpenShift, whose: Belongings) -> Exposures:
    """Of each role of the plan: its policies' statements, what is attached to it, and who may take it."""
    found: list[Exposure] = []
    for live in inventory.of(ROLE):
        if logical_id := whose.logical_id(ROLE, live.id):
            documented = next((role for role in ROLES if role.role_id == logical_id), None)
            needed = list(_needed(section, documented, whose)) if documented else []
            who = _WHO[documented.machine] if documented else f"whoever takes {live.id}"
            found += _Role(live, logical_id, who, needed, documented is not None, whose).exposures(inventory)
    return Exposures(found)


def _needed(section: OpenShift, role: Role, whose: Belongings) -> Iterator[Permission]:
    """What the documentation has of the role; objects of the plan's own bucket alone, where it makes one."""
    buckets = [id for (type, id), logical_id in whose.logical_ids.items() if (type, logical_id) == (_BUCKET, BUCKET_ID)]
    own = role.machine == "bootstrap" and section.bucket.create
    for action in actions_of(section, role):
        if action == READ_OBJECTS and own:
            yield from (Permission(action, f"arn:*:s3:::{bucket}/*") for bucket in buckets)
        else:
            yield Permission(action, "*")


@dataclass(frozen=True)
class _Role:
    """One role. `who` has its credentials; `documented`: the documentation says what it may do."""

    live: Live
    logical_id: str
    who: str
    needed: Sequence[Permission]
    documented: bool
    whose: Belongings

    def exposures(self, inventory: Inventory) -> Iterator[Exposure]:
        for live in inventory.of(POLICY):
            if live.properties.get("RoleName") == self.live.id:
                yield from self._statements(live)
        for live in inventory.of(ATTACHED):
            if live.properties.get("RoleName") == self.live.id:
                yield self._attached(live)
        yield from self._trusted()

    def _statements(self, policy: Live) -> Iterator[Exposure]:
        of_plan = bool(self.whose.logical_id(POLICY, policy.id))
        title = str(policy.properties.get("PolicyName", policy.id))
        for number, statement in enumerate(statements(policy.properties.get("PolicyDocument")), start=1):
            beyond = self._beyond(statement)
            if beyond is None or (of_plan and not self.documented and not _has_wildcards(statement)):
                continue
            words = ("--role-name", self.live.id, "--policy-name", title)
            drifted = self.whose.is_required(POLICY, policy.id)
            yield Exposure(
                self.live.id,
                self.logical_id,
                f"{may(beyond)} ({name(statement, number)} of {title})",
                f"{_services(beyond)} of the account to {self.who}",
                self._part_needed(statement),
                OTHERWISE if drifted else self.whose.origin(POLICY, policy.id),
                self.whose.apply
                if drifted
                else self.whose.remedy(POLICY, policy.id, "iam", "delete-role-policy", *words),
            )

    def _beyond(self, statement: Statement) -> Statement | None:
        """The statement without the actions that the documentation has; None where that is all of it."""
        if not allows(statement):
            return None
        if "Action" not in statement:
            return statement
        resources = [str(each) for each in texts(statement.get("Resource", "*"))]
        left = [str(each) for each in texts(statement["Action"]) if not self._is_needed(str(each), resources)]
        return {**statement, "Action": left} if left else None

    def _is_needed(self, action: str, resources: Sequence[str]) -> bool:
        return all(
            any(_takes(each.action, action) and takes(each.resource, resource) is Answer.YES for each in self.needed)
            for resource in resources
        )

    def _part_needed(self, statement: Statement) -> str:
        """Of actions that are wider than what the documentation has, that part."""
        wide = [str(each) for each in texts(statement.get("Action"))]
        part = [each.action for each in self.needed if any(_takes(pattern, each.action) for pattern in wide)]
        few = ", ".join(part[:4]) + (f" and {len(part) - 4} more" if len(part) > 4 else "")
        return few if self._beyond(statement) else ""

    def _attached(self, live: Live) -> Exposure:
        arn = str(live.properties.get("PolicyArn", ""))
        words = ("--role-name", self.live.id, "--policy-arn", arn)
        return Exposure(
            self.live.id,
            self.logical_id,
            f"all that {arn} allows",
            f"the account, as far as that policy goes, to {self.who}",
            "",
            self.whose.origin(ATTACHED, live.id),
            self.whose.remedy(ATTACHED, live.id, "iam", "detach-role-policy", *words),
        )

    def _trusted(self) -> Iterator[Exposure]:
        """Who may take the role beside EC2."""
        if self.documented:
            yield from trusted_beside_ec2(self.live, self.whose)
            return
        for statement in statements(self.live.properties.get(_TRUST)):
            if whom := strangers(statement, self.whose.account, _services_trusted(statement)):
                origin, remedy = self.whose.origin(ROLE, self.live.id), self.whose.remedy(ROLE, self.live.id)
                yield _taken(self.live, statement, whom, self.logical_id, origin, remedy)


def trusted_beside_ec2(role: Live, whose: Belongings) -> Iterator[Exposure]:
    """Who may take a machine's role, which is for EC2 alone: by its usual name, or by that of the partition."""
    ec2 = (_EC2, f"ec2.{partition_of(whose.region).dns_suffix}")
    for statement in statements(role.properties.get(_TRUST)):
        if whom := strangers(statement, "", ec2):
            logical_id = whose.logical_id(ROLE, role.id)
            words = f"have the trust policy of {role.id} name EC2 alone"
            origin, remedy = (OTHERWISE, whose.apply) if logical_id else (whose.origin(ROLE, role.id), words)
            yield _taken(role, statement, whom, logical_id, origin, remedy)


def _taken(role: Live, statement: Statement, whom: Sequence[str], resource: str, origin: str, remedy: str) -> Exposure:
    told = ", ".join(whom)
    return Exposure(
        role.id, resource, f"{may(statement)} to {told}", f"what the role may do to {told}", "", origin, remedy
    )


def _services_trusted(statement: Statement) -> list[str]:
    principal: Any = statement.get("Principal")
    return [str(each) for each in texts(principal.get("Service"))] if isinstance(principal, dict) else []


def _takes(pattern: str, action: str) -> bool:
    return takes(pattern.lower(), action.lower()) is Answer.YES


def _has_wildcards(statement: Statement) -> bool:
    """Whether it gives all of a service, or more, on everything."""
    actions = [str(each) for each in texts(statement.get("Action"))]
    wide = "NotAction" in statement or any(each == "*" or each.endswith(":*") for each in actions)
    return wide and "*" in texts(statement.get("Resource"))


def _services(statement: Statement) -> str:
    if "Action" not in statement:
        return "all"
    names = dict.fromkeys(str(each).partition(":")[0] for each in texts(statement["Action"]))
    return "all" if "*" in names else ", ".join(names)

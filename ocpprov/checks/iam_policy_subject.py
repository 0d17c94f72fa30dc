"""What a policy is about: whose plan, which resources, and what a run may do to each of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from enum import Enum

from ocpprov.aws.partitions import Partition, partition_of
from ocpprov.engine.ownership import generated_name
from ocpprov.engine.resources import Owner, Resource
from ocpprov.engine.values import GetAtt, Ref, Value
from ocpprov.kinds.contract import Kind


class PolicyPurpose(Enum):
    """What the policy is for. `PLAN` and `VERIFY` read only: the one for plan, outputs, preflight and verify, the other
    for verify alone."""

    PLAN = "plan"
    VERIFY = "verify"
    APPLY = "apply"
    DESTROY = "destroy"


@dataclass(frozen=True)
class PolicySubject:
    """What the policy is about. `resources` are the plan's by logical id, `kinds` everything that is looked at,
    `account` is empty where the plan names none, `lock` is the lock's URL in S3, or empty. `passing` are resources that
    the plan had while its bootstrap ran, and that an apply takes away. `zone_roles` are the roles (ARNs) to act as
    on hosted zones of other accounts, by the zones' ids."""

    name: str
    region: str
    account: str
    resources: Mapping[str, Resource]
    kinds: Mapping[str, Kind]
    lock: str = ""
    passing: Mapping[str, Resource] = field(default_factory=dict)
    zone_roles: Mapping[str, str] = field(default_factory=dict)

    @property
    def partition(self) -> Partition:
        return partition_of(self.region)

    @property
    def services(self) -> set[str]:
        """Of everything that is looked at."""
        return {kind.service for kind in self.kinds.values()}

    @property
    def all_resources(self) -> Mapping[str, Resource]:
        """Those of now and those of then."""
        return {**self.passing, **self.resources}

    def arn(self, service: str, resource: str) -> str:
        """The ARN of something in the plan's account and, if the service has regions, region."""
        region = "" if service in ("iam", "route53") else self.region
        account = "" if service == "route53" else self.account or "*"
        return f"arn:{self.partition.id}:{service}:{region}:{account}:{resource}"

    def kind_of(self, resource: Resource) -> Kind:
        return self.kinds[resource.type]

    def referred(self, value: Value) -> Resource | None:
        """The plan's resource that a value refers to, if it does."""
        return self.all_resources.get(value.logical_id) if isinstance(value, Ref | GetAtt) else None

    def name_of(self, resource: Resource) -> str:
        """The name that a resource has, as a pattern: what is generated ends in eight digits that aren't known before;
        of a name that is put together at run time nothing is."""
        kind = self.kind_of(resource)
        given = resource.properties.get(kind.name_property or "")
        if isinstance(given, str):
            return given
        if given is not None:
            return "*"
        owner = Owner(self.name, self.region, self.account, run="")
        return f"{generated_name(kind, owner, resource.logical_id, _REVISION)[: -len(_DIGITS)]}{_DIGITS}"


_DIGITS = "????????"
_REVISION = "1-000000000000"


def changes(subject: PolicySubject, purpose: PolicyPurpose) -> Iterator[tuple[Resource, Set[str]]]:
    """Each resource with the actions that a run may need on it, beside what only reads. What goes needs its children
    taken out, and its tags kept right while they go."""
    if purpose in (PolicyPurpose.PLAN, PolicyPurpose.VERIFY):
        return
    reads = {action for kind in subject.kinds.values() for action in kind.permissions.read}
    for resource in subject.all_resources.values():
        kind = subject.kind_of(resource)
        allowed = kind.permissions
        found = {*allowed.delete, *filter(_tags_something, allowed.update)}
        if resource.logical_id in subject.resources:
            beside = kind.permissions_beside(resource.properties, subject.region)
            found.update(beside.delete)
            if purpose is PolicyPurpose.APPLY:
                found |= {*allowed.create, *allowed.update, *beside.create, *beside.update}
        yield resource, found - reads


def values_of(resource: Resource, property: str) -> list[Value]:
    """What a property has, one or a list of them."""
    value = resource.properties.get(property)
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def _tags_something(action: str) -> bool:
    name = action.partition(":")[2]
    return name.startswith(("Tag", "Untag")) or name in (
        "AddTags",
        "ChangeTagsForResource",
        "CreateTags",
        "DeleteTags",
        "PutBucketTagging",
        "RemoveTags",
    )

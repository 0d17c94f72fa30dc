"""The names that a template may use beside its resources: pseudo parameters, parameters, and what the section says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from ocpprov.aws.partitions import partition_of
from ocpprov.engine.values import Value
from ocpprov.plan.intrinsics.symbols import NO_VALUE, NoValue
from ocpprov.plan.model import OpenShift

_OPENSHIFT: Final = ("InfraID", "ClusterName", "BaseDomain", "ClusterDomain", "VpcCidr")
_OF_STACKS: Final = ("AWS::StackId", "AWS::NotificationARNs")


@dataclass(frozen=True)
class Symbols:
    """Names with their values, and the known names that have none, with the reason; `secret` are those with NoEcho."""

    values: Mapping[str, Value | NoValue] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    secret: frozenset[str] = frozenset()

    def __or__(self, other: Symbols) -> Symbols:
        return Symbols({**self.values, **other.values}, {**self.missing, **other.missing}, self.secret | other.secret)


def pseudo_parameters(plan: str, region: str, account: str) -> Symbols:
    """CloudFormation's pseudo parameters; the stack's name is the plan's."""
    values: dict[str, Value | NoValue] = {"AWS::NoValue": NO_VALUE, "AWS::StackName": plan, "AWS::Region": region}
    missing = {name: f"{name} has no meaning without CloudFormation" for name in _OF_STACKS}
    if region:
        partition = partition_of(region)
        values |= {"AWS::Partition": partition.id, "AWS::URLSuffix": partition.dns_suffix}
    if account:
        values["AWS::AccountId"] = account
    else:
        missing["AWS::AccountId"] = "AWS::AccountId is only known when the plan gives accountID"
    return Symbols(values, missing)


def openshift_symbols(section: OpenShift | None, *, given: bool) -> Symbols:
    """`OpenShift.X`. `given` tells a section that could not be read from none at all: the first has its own errors."""
    if section is None:
        reason = "the plan has no openshift section"
        return Symbols({}, {} if given else {f"OpenShift.{name}": reason for name in _OPENSHIFT})
    values: dict[str, Value | NoValue] = {
        "OpenShift.ClusterName": section.cluster_name,
        "OpenShift.BaseDomain": section.base_domain,
        "OpenShift.ClusterDomain": section.cluster_domain,
        "OpenShift.VpcCidr": str(section.machine_network),
    }
    if section.infra_id:
        return Symbols({**values, "OpenShift.InfraID": section.infra_id})
    return Symbols(values, {"OpenShift.InfraID": "the openshift section has no infraID yet"})


def parameter_symbols(parameters: Mapping[str, Value], secret: frozenset[str]) -> Symbols:
    """Parameters by name; those without a value say how to give one."""
    missing = {
        name: f"parameter {name} has no value; give --parameter {name}=…"
        for name, value in parameters.items()
        if value is None
    }
    return Symbols({name: value for name, value in parameters.items() if value is not None}, missing, secret)

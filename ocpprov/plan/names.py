"""What a template may refer to beside resources: parameters, pseudo parameters, and the openshift section's names."""

from __future__ import annotations

from collections.abc import Mapping

from ocpprov.aws.partitions import partition_of
from ocpprov.engine.properties import Property
from ocpprov.engine.values import Value
from ocpprov.plan.checking import Checker
from ocpprov.plan.grammar import NO_VALUE, NoValue
from ocpprov.plan.model import OpenShift
from ocpprov.plan.nodes import Node
from ocpprov.plan.problems import PlanError

_PARAMETER = (
    Property("Type", "string", required=True, allowed=("String", "Number", "CommaDelimitedList")),
    Property("Default", "string"),
    Property("Description", "string"),
    Property("AllowedPattern", "string"),
    Property("NoEcho", "boolean"),
)


def names_of(
    parameters: Node | None,
    given: Mapping[str, str],
    plan: str,
    region: str,
    account: str,
    section: OpenShift | None,
) -> tuple[dict[str, Value | NoValue], dict[str, str], list[PlanError]]:
    """The names with their values, the known names without one and why, and what is wrong with the parameters."""
    names: dict[str, Value | NoValue] = {"AWS::NoValue": NO_VALUE, "AWS::StackName": plan, "AWS::Region": region}
    missing: dict[str, str] = {}
    if region:
        partition = partition_of(region)
        names |= {"AWS::Partition": partition.id, "AWS::URLSuffix": partition.dns_suffix}
    if account:
        names["AWS::AccountId"] = account
    else:
        missing["AWS::AccountId"] = "AWS::AccountId is only known when the plan gives accountID"
    missing["AWS::StackId"] = "AWS::StackId has no meaning without CloudFormation"
    if section is not None:
        names |= {
            "OpenShift.ClusterName": section.cluster_name,
            "OpenShift.BaseDomain": section.base_domain,
            "OpenShift.ClusterDomain": section.cluster_domain,
            "OpenShift.VpcCidr": str(section.machine_network),
        }
        if section.infra_id:
            names["OpenShift.InfraID"] = section.infra_id
        else:
            missing["OpenShift.InfraID"] = "the openshift section has no infraID yet"
    checker = Checker()
    for name, value in _parameters(parameters, given, checker).items():
        if value is None:
            missing[name] = f"parameter {name} has no value; give --parameter {name}=…"
        else:
            names[name] = value
    return names, missing, checker.errors


def _parameters(node: Node | None, given: Mapping[str, str], checker: Checker) -> dict[str, Value]:
    mapping = node.mapping() if node else {}
    if mapping is None:
        if node is not None:
            checker.errors.append(PlanError(node.position, "Parameters", f"a mapping is needed, not {node.what()}"))
        return {}
    values: dict[str, Value] = {}
    for name, inner in mapping.items():
        row = checker.members(inner, _PARAMETER, f"Parameters.{name}")
        text = given.get(name, row.get("Default"))
        if row.get("Type") == "CommaDelimitedList" and text is not None:
            values[name] = [part.strip() for part in text.split(",")]
        else:
            values[name] = text
    return values

"""A plan written in the second layer only: what CloudFormation's words can say, as YAML that loads to the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

from ruamel.yaml import YAML

from ocpprov.engine.resources import Resource
from ocpprov.engine.values import to_json
from ocpprov.plan.model import Output, Plan


def render(plan: Plan, resources: Mapping[str, Resource], outputs: Sequence[Output]) -> str:
    """The YAML. Loading it gives the same resources, outputs and owner."""
    document: dict[str, Any] = {"name": plan.name, "region": plan.region}
    if plan.account_id:
        document["accountID"] = plan.account_id
    if plan.user_tags:
        document["userTags"] = dict(plan.user_tags)
    if plan.cluster:
        document["Metadata"] = {"Ocpprov": {"Cluster": plan.cluster}}
    document["Resources"] = {name: _resource(resource) for name, resource in resources.items()}
    if outputs:
        document["Outputs"] = {output.name: _output(output) for output in outputs}
    stream = StringIO()
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    yaml.width = 4096
    yaml.dump(document, stream)
    return stream.getvalue()


def _resource(resource: Resource) -> dict[str, Any]:
    written: dict[str, Any] = {"Type": resource.type}
    if resource.depends_on:
        written["DependsOn"] = list(resource.depends_on)
    if resource.deletion_policy != "Delete":
        written["DeletionPolicy"] = resource.deletion_policy
    if resource.properties:
        written["Properties"] = {name: to_json(value) for name, value in resource.properties.items()}
    return written


def _output(output: Output) -> dict[str, Any]:
    described = {"Description": output.description} if output.description else {}
    return {**described, "Value": to_json(output.value)}

"""A plan written in the second layer only: what CloudFormation's words can say, as YAML that loads to the same."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.representer import SafeRepresenter

from ocpprov.aws.masking import without_password
from ocpprov.engine.resources import Resource
from ocpprov.engine.values import to_json
from ocpprov.plan.model import AwsSettings, Output, Plan
from ocpprov.plan.no_echo_template import parametrised
from ocpprov.plan.template import INTERNAL

_ELSEWHERE: Final = re.compile(
    r"y|n|yes|no|on|off|[-+]?0b[01_]+|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?|[-+]?(\.?[0-9])[0-9_.]*|=|<<",
    re.IGNORECASE,
)
"""Texts that are none in YAML 1.1 when they stand without quotes."""


def render(plan: Plan, resources: Mapping[str, Resource], outputs: Sequence[Output]) -> str:
    """What is `rendered`, as YAML, without secrets."""
    return plan.secrets.masked(yaml_text(rendered(plan, resources, outputs)))


def rendered(plan: Plan, resources: Mapping[str, Resource], outputs: Sequence[Output]) -> dict[str, Any]:
    """The plan as JSON data. Loading it gives the same resources, outputs, owner and ways to AWS, with the same values
    for the parameters with NoEcho, which are declared in it, and with the passwords of URLs, which aren't in it.

    Resources of types that CloudFormation doesn't know stand under `Metadata.Ocpprov.Resources`.
    """
    document: dict[str, Any] = {"name": plan.name, "region": plan.region}
    if plan.account_id:
        document["accountID"] = plan.account_id
    if plan.id:
        document["id"] = plan.id
    if plan.exclusive:
        document["exclusive"] = sorted(plan.exclusive)
    if plan.lock:
        document["lock"] = plan.lock
    if plan.protect:
        document["protect"] = True
    if plan.user_tags:
        document["userTags"] = dict(plan.user_tags)
    if aws := _aws(plan.aws):
        document["aws"] = aws
    hidden = parametrised(
        {name: written(one) for name, one in resources.items()},
        {output.name: written_output(output) for output in outputs},
        plan.secrets,
    )
    if hidden.parameters:
        document["Parameters"] = dict(hidden.parameters)
    internal = {name: hidden.resources[name] for name, one in resources.items() if one.type.startswith(INTERNAL)}
    if kept := _kept(plan.cluster, internal):
        document["Metadata"] = {"Ocpprov": kept}
    document["Resources"] = {name: entry for name, entry in hidden.resources.items() if name not in internal}
    if outputs:
        document["Outputs"] = hidden.outputs
    return document


def yaml_text(document: Mapping[str, Any]) -> str:
    """A document as YAML, keys in their order, no line broken. What isn't ASCII is escaped,
    as it may be shown on a terminal. Readers of YAML 1.1, as CloudFormation and the AWS CLI are, find the same in it.
    """
    stream = StringIO()
    yaml = YAML(typ="safe", pure=True)
    yaml.Representer = _Quoting
    yaml.default_flow_style = False
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    yaml.width = 4096
    yaml.allow_unicode = False
    yaml.dump(document, stream)
    return stream.getvalue()


class _Quoting(SafeRepresenter):
    """Quotes texts that YAML 1.1 takes for something else (`yes`, `12:30`): 1.2, which is written, doesn't."""

    def represent_str(self, data: str) -> Any:
        return self.represent_scalar("tag:yaml.org,2002:str", data, style="'" if _ELSEWHERE.fullmatch(data) else None)


_Quoting.add_representer(str, _Quoting.represent_str)


def _aws(settings: AwsSettings) -> dict[str, Any]:
    endpoints = [{"name": one.name, "url": without_password(one.url)} for one in settings.service_endpoints]
    given = {
        "serviceEndpoints": endpoints,
        "proxy": without_password(settings.proxy),
        "caBundle": settings.ca_bundle,
        "assumeRole": settings.assume_role,
    }
    return {key: value for key, value in given.items() if value}


def _kept(cluster: str, internal: Mapping[str, Any]) -> dict[str, Any]:
    """What only ocpprov understands."""
    kept: dict[str, Any] = {"Cluster": cluster} if cluster else {}
    if internal:
        kept["Resources"] = dict(internal)
    return kept


def written(resource: Resource) -> dict[str, Any]:
    """A resource as it stands in a template."""
    entry: dict[str, Any] = {"Type": resource.type}
    if resource.depends_on:
        entry["DependsOn"] = list(resource.depends_on)
    if resource.deletion_policy != "Delete":
        entry["DeletionPolicy"] = resource.deletion_policy
    if resource.properties:
        entry["Properties"] = {name: to_json(value) for name, value in resource.properties.items()}
    return entry


def written_output(output: Output) -> dict[str, Any]:
    """An output as it stands in a template."""
    described = {"Description": output.description} if output.description else {}
    return {**described, "Value": to_json(output.value)}

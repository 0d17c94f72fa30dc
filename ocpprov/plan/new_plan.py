"""A plan that is yet to be written: what it says, and its text, a few lines with comments."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

_HEAD: Final = (
    "# yaml-language-server: $schema=plan.schema.json",
    "# The AWS infrastructure of an OpenShift cluster. What a key means: ocpprov explain KEY",
)
_PLAIN: Final = re.compile(r"\.{0,2}/[A-Za-z0-9/_.-]*|[A-Za-z][A-Za-z0-9/_.-]*|([0-9]{1,3}\.){3}[0-9]{1,3}/[0-9]{1,2}")
"""What needs no quotes in YAML, but for its words."""
_WORDS: Final = frozenset(("true", "false", "yes", "no", "on", "off", "y", "n", "null"))
_WIDTH: Final = 29
"""The column of the comments."""


@dataclass(frozen=True)
class NewPlan:
    """What a new plan says. What is empty isn't written: then the install-config says it, or it has its default.

    `install_dir` and `install_config` are paths as the plan writes them: relative to its own folder, or absolute.
    `zones` are names, or a single number. `machine_networks` are CIDR blocks. `vpc_id`, `subnets` and `route_tables`
    are ids of a network that is there already."""

    name: str = ""
    id: str = ""
    region: str = ""
    install_dir: str = ""
    install_config: str = ""
    version: str = ""
    cluster_name: str = ""
    base_domain: str = ""
    publish: str = ""
    public_zone: str = ""
    vpc_id: str = ""
    subnets: Sequence[str] = ()
    route_tables: Sequence[str] = ()
    machine_networks: Sequence[str] = ()
    zones: Sequence[str] = ()
    egress: str = ""
    endpoints: Sequence[str] = ()
    apps_record: str = ""


@dataclass(frozen=True)
class _Row:
    """A line: its key, its value in YAML, and a comment."""

    key: str
    value: str
    comment: str = ""

    def line(self, indent: str) -> str:
        text = f"{indent}{self.key}: {self.value}"
        return f"{text:{_WIDTH}}{'' if len(text) < _WIDTH else '   '}# {self.comment}" if self.comment else text


def text_of(plan: NewPlan) -> str:
    """The plan as a file has it."""
    top = [row.line("") for row in _top(plan) if row.value]
    section = [row.line("  ") for row in _section(plan) if row.value]
    return "\n".join([*_HEAD, "", *top, "", "openshift:", *section, ""])


def _top(plan: NewPlan) -> Iterator[_Row]:
    yield _Row("name", _scalar(plan.name), "whose the resources are: keep it")
    yield _Row("region", _scalar(plan.region))
    yield _Row("id", _scalar(plan.id), "tells this plan from another of its name: keep it, too")


def _section(plan: NewPlan) -> Iterator[_Row]:
    yield _Row("installDir", _scalar(plan.install_dir), "of openshift-install: what its files say isn't repeated")
    yield _Row("installConfig", _scalar(plan.install_config), "what it says isn't repeated here")
    yield _Row("version", _quoted(plan.version) if plan.version else "")
    yield _Row("clusterName", _scalar(plan.cluster_name))
    yield _Row("baseDomain", _scalar(plan.base_domain))
    yield _Row("publish", _scalar(plan.publish), "Internal: no way to the API from outside; or External")
    yield _Row("publicZone", _scalar(plan.public_zone), "create, none, auto (found by its name), or a zone's id")
    yield _Row("vpcID", _scalar(plan.vpc_id), "a VPC that is there already, and stays")
    yield _Row("subnets", _list(plan.subnets))
    yield _Row("routeTables", _list(plan.route_tables), "those that get the S3 endpoint's route")
    yield _Row("machineNetwork", _machine_network(plan.machine_networks))
    yield _Row("zones", _zones(plan.zones), "how many, or their names")
    yield _Row("egress", _scalar(plan.egress), "nat: a NAT gateway in each zone, billed by the hour; nat-single; none")
    yield _Row("endpoints", _list(plan.endpoints), "services reached inside AWS")
    yield _Row("appsRecord", _scalar(plan.apps_record), "*.apps, as the cluster can't write it")
    yield _Row("controlPlane", "{addresses: auto}", "the cluster's machines, found as they come")
    yield _Row("bootstrap", "{address: auto}", "false when the cluster is up")


def _machine_network(blocks: Sequence[str]) -> str:
    return _list(blocks) if len(blocks) > 1 else "".join(map(_scalar, blocks))


def _zones(zones: Sequence[str]) -> str:
    return zones[0] if len(zones) == 1 and re.fullmatch(r"[1-9][0-9]?", zones[0]) else _list(zones)


def _list(items: Sequence[str]) -> str:
    return f"[{', '.join(map(_scalar, items))}]" if items else ""


def _scalar(text: str) -> str:
    """A text, quoted where YAML would read something else; empty without one."""
    if not text or (_PLAIN.fullmatch(text) and text.casefold() not in _WORDS):
        return text
    return _quoted(text)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)

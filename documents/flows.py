"""The page of the flows of a cluster that are judged, from the port matrices of plans that between them have all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from ipaddress import IPv4Network
from pathlib import Path
from typing import Final

from documents.markdown import table
from ocpprov.engine.graph import build
from ocpprov.kinds.registry import KINDS
from ocpprov.openshift.expand import expand, logical_ids, placeholder_facts
from ocpprov.openshift.layout import layout_of
from ocpprov.openshift.machine_flows import FLOWS
from ocpprov.openshift.matrix_row import MatrixRow
from ocpprov.openshift.port_matrix import port_matrix
from ocpprov.openshift.requirement_rows import ROWS
from ocpprov.openshift.resource_rules import resource_problems
from ocpprov.openshift.terrain_building import planned_terrain
from ocpprov.plan.loading import Inputs, load_file
from ocpprov.plan.model import ClusterProxy, DhcpOptions, HostPort, OpenShift, Transit
from ocpprov.plan.releases import NEWEST, in_words

_PLANS: Final = Path(__file__).resolve().parents[1] / "plans"
_OPEN: Final = "public-3az.yaml"
_CLOSED: Final = "restricted-3az.yaml"
_DOMAIN: Final = "example.com"
_ORDER: Final = {row.id: number for number, row in enumerate(ROWS)}


def page() -> str:
    """The page, as Markdown."""
    return f"""# Flows of a cluster

What `validate --reachability`, `preflight` and [`verify`](../how-to/verify.md) follow through security groups, network ACLs, routes, gateways, endpoints and
balancers, both ways: in a plan for the internet and in one without egress that has all of this. Each belongs to a requirement and counts from a release on. The addresses of servers
are examples.

Sources: the tables of ports for all machines, to the control plane and between its machines in the installation documentation ("Network connectivity requirements"), the groups of templates 03_cluster_security.yaml
and 04_cluster_bootstrap.yaml, the balancers of 02_cluster_infra.yaml; the bootstrap machine's etcd, image registries, name and time servers are known from what the machines do.

{table(("requirement", "flow", "traffic", "from", "to", "since"), _rows())}"""


def _rows() -> Iterator[Sequence[str]]:
    found: dict[tuple[str, ...], list[str]] = {}
    for row in sorted(_every(), key=lambda row: _ORDER[row.requirement]):
        aside = "" if row.wanted else " (must not arrive)"
        key = (row.requirement, f"{row.name}{aside}", row.traffic, row.target, _since(row))
        sources = found.setdefault(key, [])
        if row.source not in sources:
            sources.append(row.source)
    for (requirement, name, traffic, target, since), sources in found.items():
        yield requirement, name, traffic, ", ".join(sources), target, since


def _since(row: MatrixRow) -> str:
    """Of a flow between machines; the others are of every release."""
    releases = [
        flow.since
        for flow in FLOWS
        if (flow.name, flow.row, flow.protocol) == (row.name, row.requirement, row.protocol)
        if row.source in flow.senders and row.target in flow.receivers
    ]
    return in_words(min(releases)) if releases else in_words((4, 1))


def _every() -> Iterator[MatrixRow]:
    yield from _matrix(_OPEN, _asked_by_all)
    yield from _matrix(_CLOSED, _with_servers)


def _asked_by_all(section: OpenShift) -> OpenShift:
    return replace(section, base_domain=_DOMAIN, bootstrap_from=IPv4Network("0.0.0.0/0"))


def _with_servers(section: OpenShift) -> OpenShift:
    return replace(
        section,
        base_domain=_DOMAIN,
        dhcp_options=DhcpOptions("", ("10.20.0.53",), ("10.20.0.123",)),
        transit=[Transit([IPv4Network("10.20.0.0/16")], transit_gateway_id="tgw-0a1b2c3d")],
        proxy=ClusterProxy(None, HostPort("10.20.0.9", 3128), ("10.20.0.0/16",)),
        mirrors=(HostPort("10.20.0.10", 5000),),
    )


def _matrix(name: str, changed: Callable[[OpenShift], OpenShift]) -> Sequence[MatrixRow]:
    plan = load_file(_PLANS / name, Inputs(KINDS, base=_PLANS, openshift_ids=logical_ids, rules=resource_problems))
    if plan.openshift is None:
        raise ValueError(f"{name} has no openshift section")
    section = replace(changed(plan.openshift), version=in_words(NEWEST))
    plan = replace(plan, openshift=section)
    facts = placeholder_facts(plan)
    resources = build({**expand(plan, facts), **plan.resources}, KINDS).resources
    return port_matrix(planned_terrain(layout_of(section, plan.region, facts), resources.values()))

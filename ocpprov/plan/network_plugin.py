"""The cluster's own network inside its machines, as an install-config.yaml says it: what it takes of the addresses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Final

from ocpprov.plan.checking import cidr_problem
from ocpprov.plan.install_config_keys import is_empty, node_at
from ocpprov.plan.model import OpenShift
from ocpprov.plan.nodes import Node
from ocpprov.plan.problems import PlanError

_OVN: Final = "ovnkubernetes"
_JOIN: Final = ("networking", "ovnKubernetesConfig", "ipv4", "internalJoinSubnet")


@dataclass(frozen=True)
class NetworkPlugin:
    """`is_ovn`: OVN-Kubernetes, the default. `join` is its join subnet where that was moved."""

    is_ovn: bool = True
    join: Node | None = None


def plugin_of(config: Node) -> NetworkPlugin:
    """What the file says of it."""
    said = [node_at(config, "networking", key) for key in ("networkType", "type")]
    words = [each.value.lower() for each in said if each is not None and isinstance(each.value, str) and each.value]
    join = node_at(config, *_JOIN)
    return NetworkPlugin(_OVN in words or not words, None if join is None or is_empty(join) else join)


def join_problems(plugin: NetworkPlugin, section: OpenShift) -> Iterator[PlanError]:
    """A join subnet that is none, or lies in another network of the cluster: openshift-install refuses both
    (pkg/types/validation)."""
    if plugin.join is None:
        return
    path = "openshift.installConfig"
    text = plugin.join.value if isinstance(plugin.join.value, str) else plugin.join.what()
    wrong = cidr_problem(text)
    if wrong is not None:
        yield PlanError(plugin.join.position, path, f"internalJoinSubnet: {wrong[0]}", wrong[1])
        return
    for other in (*section.networks, *section.cluster_network, *section.service_network):
        if other.overlaps(IPv4Network(text)):
            yield PlanError(
                plugin.join.position, path, f"internalJoinSubnet: {text} overlaps {other}", "choose another block"
            )

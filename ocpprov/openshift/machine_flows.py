"""The traffic that a cluster lives on between its machines: who talks to whom, and since which release.

What the machines ask of each other is the table "Ports used for all-machine to all-machine communications" and its
neighbours of the installation documentation ("Network connectivity requirements"), and what the security groups of
template 03_cluster_security.yaml admit. The bootstrap machine has the control plane's group beside its own (template
04_cluster_bootstrap.yaml), as etcd's first member runs on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ocpprov.plan.releases import Release


class Party(StrEnum):
    """Who talks."""

    CONTROL_PLANE = "control plane"
    COMPUTE = "compute"
    BOOTSTRAP = "bootstrap"
    MACHINE_NETWORK = "machine network"
    BOOTSTRAP_CLIENTS = "clients of the bootstrap machine"
    INTERNET = "internet"


NODES: Final = (Party.CONTROL_PLANE, Party.COMPUTE)
MACHINES: Final = (Party.CONTROL_PLANE, Party.COMPUTE, Party.BOOTSTRAP)


@dataclass(frozen=True)
class Flow:
    """`ports` are first and last (both 0 for a protocol without any). `answered`: a request that needs its answer, and
    not one half of a pair of flows. `row` is the requirement that it proves."""

    name: str
    row: str
    protocol: str
    ports: tuple[int, int]
    senders: Sequence[Party]
    receivers: Sequence[Party]
    since: Release = (4, 1)
    answered: bool = True


_MASTER: Final = "SG-MASTER-INGRESS"
_WORKER: Final = "SG-WORKER-INGRESS"
_MASTERS, _COMPUTE, _BOOTSTRAP = (Party.CONTROL_PLANE,), (Party.COMPUTE,), (Party.BOOTSTRAP,)


def _to_both(
    name: str, protocol: str, ports: tuple[int, int], since: Release = (4, 1), answered: bool = True
) -> Sequence[Flow]:
    """From all nodes to the control plane, and to the compute machines: two requirements."""
    return (
        Flow(name, _MASTER, protocol, ports, NODES, _MASTERS, since, answered),
        Flow(name, _WORKER, protocol, ports, NODES, _COMPUTE, since, answered),
    )


FLOWS: Final[Sequence[Flow]] = (
    Flow("etcd", _MASTER, "tcp", (2379, 2380), _MASTERS, _MASTERS),
    *_to_both("VXLAN", "udp", (4789, 4789), answered=False),
    *_to_both("Geneve", "udp", (6081, 6081), (4, 2), answered=False),
    *_to_both("IPsec IKE", "udp", (500, 500), (4, 7), answered=False),
    *_to_both("IPsec NAT-T", "udp", (4500, 4500), (4, 7), answered=False),
    *_to_both("IPsec ESP", "50", (0, 0), (4, 7), answered=False),
    *_to_both("host level services", "tcp", (9000, 9999)),
    *_to_both("host level services", "udp", (9000, 9999), (4, 3), answered=False),
    *_to_both("node ports", "tcp", (30000, 32767)),
    *_to_both("node ports", "udp", (30000, 32767), (4, 3), answered=False),
    Flow("kubelet, scheduler, controllers", _MASTER, "tcp", (10250, 10259), NODES, _MASTERS),
    Flow("kubelet", _WORKER, "tcp", (10250, 10250), NODES, _COMPUTE),
    Flow("ping", "SG-MASTER", "icmp", (8, 8), (Party.MACHINE_NETWORK,), _MASTERS),
    Flow("ssh", "SG-MASTER", "tcp", (22, 22), (Party.MACHINE_NETWORK,), _MASTERS),
    # Pods and machines ask it of each member of the API's service, too, and not only by the balancers.
    Flow("Kubernetes API", "SG-MASTER", "tcp", (6443, 6443), NODES, _MASTERS),
    Flow("ping", "SG-WORKER", "icmp", (8, 8), (Party.MACHINE_NETWORK,), _COMPUTE),
    Flow("ssh", "SG-WORKER", "tcp", (22, 22), (Party.MACHINE_NETWORK,), _COMPUTE),
    Flow("etcd", _MASTER, "tcp", (2379, 2380), _BOOTSTRAP, _MASTERS, (4, 4)),
    Flow("etcd", _MASTER, "tcp", (2379, 2380), _MASTERS, _BOOTSTRAP, (4, 4)),
    Flow("ssh", "SG-BOOTSTRAP", "tcp", (22, 22), (Party.BOOTSTRAP_CLIENTS,), _BOOTSTRAP),
    Flow("journal", "SG-BOOTSTRAP", "tcp", (19531, 19531), (Party.BOOTSTRAP_CLIENTS,), _BOOTSTRAP),
)


GROUP_ROWS: Final = frozenset(flow.row for flow in FLOWS)
"""The requirements of security groups: before a plan makes those, none of them is asked for."""


def flows(release: Release) -> Sequence[Flow]:
    """Those of a release."""
    return [flow for flow in FLOWS if flow.since <= release]

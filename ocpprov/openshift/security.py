"""The security groups of template 03_cluster_security.yaml and the bootstrap group of 04_cluster_bootstrap.yaml.

The rules between the groups are a table: the logical ids, ports and descriptions of the template (release-4.12), and
the release whose template first had each rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Final, Literal

from ocpprov.engine.resources import Resource
from ocpprov.engine.values import GetAtt, Value
from ocpprov.openshift.layout import Layout
from ocpprov.plan.releases import Release, release_of

MASTER: Final = "MasterSecurityGroup"
WORKER: Final = "WorkerSecurityGroup"
BOOTSTRAP: Final = "BootstrapSecurityGroup"

# In group rules AWS takes ESP only by its protocol number.
ESP: Final = "50"
ALL: Final = -1

Group = Literal["MasterSecurityGroup", "WorkerSecurityGroup"]


@dataclass(frozen=True)
class IngressRule:
    """Traffic into `group` from `source`. `since` is the first OpenShift release whose template admits it: three rules
    were called WorkerIngressWorker… until 4.2 or 4.3, and have the later name here in every release, so that a plan
    that moves to another release replaces none of them."""

    logical_id: str
    group: Group
    source: Group
    protocol: str
    from_port: int
    to_port: int
    description: str
    since: Release


@dataclass(frozen=True)
class CidrRule:
    """Traffic into a group from a block of addresses that the plan names."""

    protocol: str
    from_port: int
    to_port: int


MASTER_CIDR_RULES = (
    # All of ICMP, as the installer has it; the template's 0/0 is the echo reply alone.
    CidrRule("icmp", ALL, ALL),
    CidrRule("tcp", 22, 22),
    CidrRule("tcp", 6443, 6443),
    CidrRule("tcp", 22623, 22623),
)
WORKER_CIDR_RULES = (
    CidrRule("icmp", ALL, ALL),
    CidrRule("tcp", 22, 22),
)
BOOTSTRAP_CIDR_RULES = (
    CidrRule("tcp", 22, 22),
    # The journal gateway, which `openshift-install gather bootstrap` and people read when a bootstrap fails.
    CidrRule("tcp", 19531, 19531),
)

_INTERNAL = "Internal cluster communication"
_KUBE = "Kubernetes kubelet, scheduler and controller manager"
_INTERNAL_KUBE = "Internal Kubernetes communication"
_SERVICES = "Kubernetes ingress services"

# fmt: off
INGRESS_RULES = (
    IngressRule("MasterIngressEtcd", MASTER, MASTER, "tcp", 2379, 2380, "etcd", (4, 1)),
    IngressRule("MasterIngressVxlan", MASTER, MASTER, "udp", 4789, 4789, "Vxlan packets", (4, 1)),
    IngressRule("MasterIngressWorkerVxlan", MASTER, WORKER, "udp", 4789, 4789, "Vxlan packets", (4, 1)),
    IngressRule("MasterIngressGeneve", MASTER, MASTER, "udp", 6081, 6081, "Geneve packets", (4, 2)),
    IngressRule("MasterIngressWorkerGeneve", MASTER, WORKER, "udp", 6081, 6081, "Geneve packets", (4, 2)),
    IngressRule("MasterIngressIpsecIke", MASTER, MASTER, "udp", 500, 500, "IPsec IKE packets", (4, 7)),
    IngressRule("MasterIngressIpsecNat", MASTER, MASTER, "udp", 4500, 4500, "IPsec NAT-T packets", (4, 7)),
    IngressRule("MasterIngressIpsecEsp", MASTER, MASTER, ESP, ALL, ALL, "IPsec ESP packets", (4, 7)),
    IngressRule("MasterIngressWorkerIpsecIke", MASTER, WORKER, "udp", 500, 500, "IPsec IKE packets", (4, 7)),
    IngressRule("MasterIngressWorkerIpsecNat", MASTER, WORKER, "udp", 4500, 4500, "IPsec NAT-T packets", (4, 7)),
    IngressRule("MasterIngressWorkerIpsecEsp", MASTER, WORKER, ESP, ALL, ALL, "IPsec ESP packets", (4, 7)),
    IngressRule("MasterIngressInternal", MASTER, MASTER, "tcp", 9000, 9999, _INTERNAL, (4, 1)),
    IngressRule("MasterIngressWorkerInternal", MASTER, WORKER, "tcp", 9000, 9999, _INTERNAL, (4, 1)),
    IngressRule("MasterIngressInternalUDP", MASTER, MASTER, "udp", 9000, 9999, _INTERNAL, (4, 3)),
    IngressRule("MasterIngressWorkerInternalUDP", MASTER, WORKER, "udp", 9000, 9999, _INTERNAL, (4, 3)),
    IngressRule("MasterIngressKube", MASTER, MASTER, "tcp", 10250, 10259, _KUBE, (4, 1)),
    IngressRule("MasterIngressWorkerKube", MASTER, WORKER, "tcp", 10250, 10259, _KUBE, (4, 1)),
    IngressRule("MasterIngressIngressServices", MASTER, MASTER, "tcp", 30000, 32767, _SERVICES, (4, 1)),
    IngressRule("MasterIngressWorkerIngressServices", MASTER, WORKER, "tcp", 30000, 32767, _SERVICES, (4, 1)),
    IngressRule("MasterIngressIngressServicesUDP", MASTER, MASTER, "udp", 30000, 32767, _SERVICES, (4, 3)),
    IngressRule("MasterIngressWorkerIngressServicesUDP", MASTER, WORKER, "udp", 30000, 32767, _SERVICES, (4, 3)),
    IngressRule("WorkerIngressVxlan", WORKER, WORKER, "udp", 4789, 4789, "Vxlan packets", (4, 1)),
    IngressRule("WorkerIngressMasterVxlan", WORKER, MASTER, "udp", 4789, 4789, "Vxlan packets", (4, 1)),
    IngressRule("WorkerIngressGeneve", WORKER, WORKER, "udp", 6081, 6081, "Geneve packets", (4, 2)),
    IngressRule("WorkerIngressMasterGeneve", WORKER, MASTER, "udp", 6081, 6081, "Geneve packets", (4, 2)),
    IngressRule("WorkerIngressIpsecIke", WORKER, WORKER, "udp", 500, 500, "IPsec IKE packets", (4, 7)),
    IngressRule("WorkerIngressIpsecNat", WORKER, WORKER, "udp", 4500, 4500, "IPsec NAT-T packets", (4, 7)),
    IngressRule("WorkerIngressIpsecEsp", WORKER, WORKER, ESP, ALL, ALL, "IPsec ESP packets", (4, 7)),
    IngressRule("WorkerIngressMasterIpsecIke", WORKER, MASTER, "udp", 500, 500, "IPsec IKE packets", (4, 7)),
    IngressRule("WorkerIngressMasterIpsecNat", WORKER, MASTER, "udp", 4500, 4500, "IPsec NAT-T packets", (4, 7)),
    IngressRule("WorkerIngressMasterIpsecEsp", WORKER, MASTER, ESP, ALL, ALL, "IPsec ESP packets", (4, 7)),
    IngressRule("WorkerIngressInternal", WORKER, WORKER, "tcp", 9000, 9999, _INTERNAL, (4, 1)),
    IngressRule("WorkerIngressMasterInternal", WORKER, MASTER, "tcp", 9000, 9999, _INTERNAL, (4, 1)),
    IngressRule("WorkerIngressInternalUDP", WORKER, WORKER, "udp", 9000, 9999, _INTERNAL, (4, 3)),
    IngressRule("WorkerIngressMasterInternalUDP", WORKER, MASTER, "udp", 9000, 9999, _INTERNAL, (4, 3)),
    IngressRule("WorkerIngressKube", WORKER, WORKER, "tcp", 10250, 10250, "Kubernetes secure kubelet port", (4, 1)),
    # Its source is the control plane, whatever the name says.
    IngressRule("WorkerIngressWorkerKube", WORKER, MASTER, "tcp", 10250, 10250, _INTERNAL_KUBE, (4, 1)),
    IngressRule("WorkerIngressIngressServices", WORKER, WORKER, "tcp", 30000, 32767, _SERVICES, (4, 1)),
    IngressRule("WorkerIngressMasterIngressServices", WORKER, MASTER, "tcp", 30000, 32767, _SERVICES, (4, 1)),
    IngressRule("WorkerIngressIngressServicesUDP", WORKER, WORKER, "udp", 30000, 32767, _SERVICES, (4, 3)),
    IngressRule("WorkerIngressMasterIngressServicesUDP", WORKER, MASTER, "udp", 30000, 32767, _SERVICES, (4, 3)),
)
# fmt: on


def security(layout: Layout) -> Iterator[Resource]:
    """The groups and the rules between them."""
    section = layout.section
    inside = layout.machine_networks
    yield _group(layout, MASTER, "Cluster Master Security Group", MASTER_CIDR_RULES, inside)
    yield _group(layout, WORKER, "Cluster Worker Security Group", WORKER_CIDR_RULES, inside)
    if section.bootstrap:
        clients = (section.bootstrap_from,) if section.bootstrap_from else inside
        yield _group(layout, BOOTSTRAP, "Cluster Bootstrap Security Group", BOOTSTRAP_CIDR_RULES, clients)
    release = release_of(section.version)
    for rule in INGRESS_RULES:
        if rule.since <= release:
            yield _ingress(rule)


def _group(
    layout: Layout, logical_id: str, description: str, rules: Sequence[CidrRule], sources: Sequence[IPv4Network]
) -> Resource:
    # No tags: the cluster's cloud provider refuses a machine with more than one tagged group.
    ingress: list[Value] = [
        {"IpProtocol": rule.protocol, "FromPort": rule.from_port, "ToPort": rule.to_port, "CidrIp": str(source)}
        for source in sources
        for rule in rules
    ]
    return Resource(
        logical_id,
        "AWS::EC2::SecurityGroup",
        {"GroupDescription": description, "VpcId": layout.vpc, "SecurityGroupIngress": ingress},
    )


def _ingress(rule: IngressRule) -> Resource:
    return Resource(
        rule.logical_id,
        "AWS::EC2::SecurityGroupIngress",
        {
            "GroupId": GetAtt(rule.group, "GroupId"),
            "SourceSecurityGroupId": GetAtt(rule.source, "GroupId"),
            "IpProtocol": rule.protocol,
            "FromPort": rule.from_port,
            "ToPort": rule.to_port,
            "Description": rule.description,
        },
    )

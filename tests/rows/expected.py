"""What must exist on AWS for the shipped plans, written down from the documents, never computed from ocpprov.

Sources: section "Other infrastructure components" of the OpenShift 4.12 documentation for user-provisioned AWS, and
Red Hat's templates 01_vpc.yaml, 02_cluster_infra.yaml, 03_cluster_security.yaml and 04_cluster_bootstrap.yaml
(openshift/installer, release-4.12); for the etcd records 05_cluster_master_nodes.yaml of release-4.2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Side = Literal["public", "private"]
GroupName = Literal["master", "worker"]
RuleRow = tuple[str, GroupName, GroupName, str, int, int, str]

# CIDR -> side and zone index. The template's !Cidr [10.0.0.0/16, 6, 12]: blocks 0 to 2 public, 3 to 5 private.
NET_SUBNETS: Mapping[str, tuple[Side, int]] = {
    "10.0.0.0/20": ("public", 0),
    "10.0.16.0/20": ("public", 1),
    "10.0.32.0/20": ("public", 2),
    "10.0.48.0/20": ("private", 0),
    "10.0.64.0/20": ("private", 1),
    "10.0.80.0/20": ("private", 2),
}
NET_SUBNETS_SINGLE_ZONE: Mapping[str, tuple[Side, int]] = {
    "10.0.0.0/20": ("public", 0),
    "10.0.48.0/20": ("private", 0),
}

KUBE = "Kubernetes kubelet, scheduler and controller manager"

# Name, group, source, protocol, first port, last port, description. -1 stands for every port.
# fmt: off
RULES: Sequence[RuleRow] = (
    ("MasterIngressEtcd", "master", "master", "tcp", 2379, 2380, "etcd"),
    ("MasterIngressVxlan", "master", "master", "udp", 4789, 4789, "Vxlan packets"),
    ("MasterIngressWorkerVxlan", "master", "worker", "udp", 4789, 4789, "Vxlan packets"),
    ("MasterIngressGeneve", "master", "master", "udp", 6081, 6081, "Geneve packets"),
    ("MasterIngressWorkerGeneve", "master", "worker", "udp", 6081, 6081, "Geneve packets"),
    ("MasterIngressIpsecIke", "master", "master", "udp", 500, 500, "IPsec IKE packets"),
    ("MasterIngressIpsecNat", "master", "master", "udp", 4500, 4500, "IPsec NAT-T packets"),
    ("MasterIngressIpsecEsp", "master", "master", "50", -1, -1, "IPsec ESP packets"),
    ("MasterIngressWorkerIpsecIke", "master", "worker", "udp", 500, 500, "IPsec IKE packets"),
    ("MasterIngressWorkerIpsecNat", "master", "worker", "udp", 4500, 4500, "IPsec NAT-T packets"),
    ("MasterIngressWorkerIpsecEsp", "master", "worker", "50", -1, -1, "IPsec ESP packets"),
    ("MasterIngressInternal", "master", "master", "tcp", 9000, 9999, "Internal cluster communication"),
    ("MasterIngressWorkerInternal", "master", "worker", "tcp", 9000, 9999, "Internal cluster communication"),
    ("MasterIngressInternalUDP", "master", "master", "udp", 9000, 9999, "Internal cluster communication"),
    ("MasterIngressWorkerInternalUDP", "master", "worker", "udp", 9000, 9999, "Internal cluster communication"),
    ("MasterIngressKube", "master", "master", "tcp", 10250, 10259, KUBE),
    ("MasterIngressWorkerKube", "master", "worker", "tcp", 10250, 10259, KUBE),
    ("MasterIngressIngressServices", "master", "master", "tcp", 30000, 32767, "Kubernetes ingress services"),
    ("MasterIngressWorkerIngressServices", "master", "worker", "tcp", 30000, 32767, "Kubernetes ingress services"),
    ("MasterIngressIngressServicesUDP", "master", "master", "udp", 30000, 32767, "Kubernetes ingress services"),
    ("MasterIngressWorkerIngressServicesUDP", "master", "worker", "udp", 30000, 32767, "Kubernetes ingress services"),
    ("WorkerIngressVxlan", "worker", "worker", "udp", 4789, 4789, "Vxlan packets"),
    ("WorkerIngressMasterVxlan", "worker", "master", "udp", 4789, 4789, "Vxlan packets"),
    ("WorkerIngressGeneve", "worker", "worker", "udp", 6081, 6081, "Geneve packets"),
    ("WorkerIngressMasterGeneve", "worker", "master", "udp", 6081, 6081, "Geneve packets"),
    ("WorkerIngressIpsecIke", "worker", "worker", "udp", 500, 500, "IPsec IKE packets"),
    ("WorkerIngressIpsecNat", "worker", "worker", "udp", 4500, 4500, "IPsec NAT-T packets"),
    ("WorkerIngressIpsecEsp", "worker", "worker", "50", -1, -1, "IPsec ESP packets"),
    ("WorkerIngressMasterIpsecIke", "worker", "master", "udp", 500, 500, "IPsec IKE packets"),
    ("WorkerIngressMasterIpsecNat", "worker", "master", "udp", 4500, 4500, "IPsec NAT-T packets"),
    ("WorkerIngressMasterIpsecEsp", "worker", "master", "50", -1, -1, "IPsec ESP packets"),
    ("WorkerIngressInternal", "worker", "worker", "tcp", 9000, 9999, "Internal cluster communication"),
    ("WorkerIngressMasterInternal", "worker", "master", "tcp", 9000, 9999, "Internal cluster communication"),
    ("WorkerIngressInternalUDP", "worker", "worker", "udp", 9000, 9999, "Internal cluster communication"),
    ("WorkerIngressMasterInternalUDP", "worker", "master", "udp", 9000, 9999, "Internal cluster communication"),
    ("WorkerIngressKube", "worker", "worker", "tcp", 10250, 10250, "Kubernetes secure kubelet port"),
    ("WorkerIngressWorkerKube", "worker", "master", "tcp", 10250, 10250, "Internal Kubernetes communication"),
    ("WorkerIngressIngressServices", "worker", "worker", "tcp", 30000, 32767, "Kubernetes ingress services"),
    ("WorkerIngressMasterIngressServices", "worker", "master", "tcp", 30000, 32767, "Kubernetes ingress services"),
    ("WorkerIngressIngressServicesUDP", "worker", "worker", "udp", 30000, 32767, "Kubernetes ingress services"),
    ("WorkerIngressMasterIngressServicesUDP", "worker", "master", "udp", 30000, 32767, "Kubernetes ingress services"),
)
# fmt: on

# Rules whose name was not yet in the templates of the release before.
RULES_NEW_IN_4_2 = {
    "MasterIngressGeneve",
    "MasterIngressWorkerGeneve",
    "WorkerIngressGeneve",
    "WorkerIngressMasterGeneve",
}
RULES_NEW_IN_4_3 = {
    "MasterIngressInternalUDP",
    "MasterIngressWorkerInternalUDP",
    "MasterIngressIngressServicesUDP",
    "MasterIngressWorkerIngressServicesUDP",
    "WorkerIngressInternalUDP",
    "WorkerIngressMasterInternalUDP",
    "WorkerIngressIngressServicesUDP",
    "WorkerIngressMasterIngressServicesUDP",
}
RULES_NEW_IN_4_7 = {
    "MasterIngressIpsecIke",
    "MasterIngressIpsecNat",
    "MasterIngressIpsecEsp",
    "MasterIngressWorkerIpsecIke",
    "MasterIngressWorkerIpsecNat",
    "MasterIngressWorkerIpsecEsp",
    "WorkerIngressIpsecIke",
    "WorkerIngressIpsecNat",
    "WorkerIngressIpsecEsp",
    "WorkerIngressMasterIpsecIke",
    "WorkerIngressMasterIpsecNat",
    "WorkerIngressMasterIpsecEsp",
}

# Protocol, first port, last port, from the machine network. ICMP is all of it, as the installer has it.
CIDR_RULES: Mapping[str, set[tuple[str, int, int, str]]] = {
    "MasterSecurityGroup": {
        ("icmp", -1, -1, "10.0.0.0/16"),
        ("tcp", 22, 22, "10.0.0.0/16"),
        ("tcp", 6443, 6443, "10.0.0.0/16"),
        ("tcp", 22623, 22623, "10.0.0.0/16"),
    },
    "WorkerSecurityGroup": {
        ("icmp", -1, -1, "10.0.0.0/16"),
        ("tcp", 22, 22, "10.0.0.0/16"),
    },
    "BootstrapSecurityGroup": {
        ("tcp", 22, 22, "10.0.0.0/16"),
        ("tcp", 19531, 19531, "10.0.0.0/16"),
    },
}
GROUP_DESCRIPTIONS: Mapping[str, str] = {
    "MasterSecurityGroup": "Cluster Master Security Group",
    "WorkerSecurityGroup": "Cluster Worker Security Group",
    "BootstrapSecurityGroup": "Cluster Bootstrap Security Group",
}

ROLE_TAGS: Mapping[Side, tuple[str, str]] = {
    "public": ("kubernetes.io/role/elb", ""),
    "private": ("kubernetes.io/role/internal-elb", ""),
}

ZONE_TAGS: Mapping[str, str] = {"Name": "prod-x7k2p-int", "kubernetes.io/cluster/prod-x7k2p": "owned"}
ZONE_TAGS_SINGLE_ZONE: Mapping[str, str] = {"Name": "lab-m4t8q-int", "kubernetes.io/cluster/lab-m4t8q": "owned"}

# Name as Route 53 lists it, and type -> time to live in seconds, and values.
RECORDS: Mapping[tuple[str, str], tuple[int, set[str]]] = {
    ("_etcd-server-ssl._tcp.prod.example.com.", "SRV"): (
        60,
        {
            "0 10 2380 etcd-0.prod.example.com",
            "0 10 2380 etcd-1.prod.example.com",
            "0 10 2380 etcd-2.prod.example.com",
        },
    ),
    ("etcd-0.prod.example.com.", "A"): (60, {"10.0.48.10"}),
    ("etcd-1.prod.example.com.", "A"): (60, {"10.0.64.10"}),
    ("etcd-2.prod.example.com.", "A"): (60, {"10.0.80.10"}),
}


@dataclass(frozen=True)
class Expected:
    """What one plan must have built. `zones` by index; logical ids in zone order."""

    cluster_tag: str
    zone_name: str
    zones: Sequence[str]
    subnets: Mapping[str, tuple[Side, int]]
    subnet_ids: Mapping[Side, Sequence[str]]
    private_tables: Sequence[str]
    nats: Sequence[str]
    addresses: Sequence[str]
    zone_tags: Mapping[str, str]
    records: Mapping[tuple[str, str], tuple[int, set[str]]] = field(default_factory=dict)
    region: str = "eu-west-1"
    vpc_cidr: str = "10.0.0.0/16"


NETWORK_3AZ = Expected(
    cluster_tag="kubernetes.io/cluster/prod-x7k2p",
    zone_name="prod.example.com.",
    zones=("eu-west-1a", "eu-west-1b", "eu-west-1c"),
    subnets=NET_SUBNETS,
    subnet_ids={
        "public": ("PublicSubnet", "PublicSubnet2", "PublicSubnet3"),
        "private": ("PrivateSubnet", "PrivateSubnet2", "PrivateSubnet3"),
    },
    private_tables=("PrivateRouteTable", "PrivateRouteTable2", "PrivateRouteTable3"),
    nats=("NAT", "NAT2", "NAT3"),
    addresses=("EIP", "EIP2", "EIP3"),
    zone_tags=ZONE_TAGS,
    records=RECORDS,
)

NETWORK_SINGLE_ZONE = Expected(
    cluster_tag="kubernetes.io/cluster/lab-m4t8q",
    zone_name="lab.example.com.",
    zones=("eu-west-1a",),
    subnets=NET_SUBNETS_SINGLE_ZONE,
    subnet_ids={"public": ("PublicSubnet",), "private": ("PrivateSubnet",)},
    private_tables=("PrivateRouteTable",),
    nats=("NAT",),
    addresses=("EIP",),
    zone_tags=ZONE_TAGS_SINGLE_ZONE,
)

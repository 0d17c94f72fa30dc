"""The private zone of template 02_cluster_infra.yaml, and the etcd records that 05_cluster_master_nodes.yaml had."""

from __future__ import annotations

from collections.abc import Iterator

from ocpprov.engine.resources import Resource
from ocpprov.engine.values import Ref, Value
from ocpprov.plan.model import OpenShift

PRIVATE_ZONE = "IntDns"
ETCD_TTL = "60"


def dns(section: OpenShift, region: str) -> Iterator[Resource]:
    """The private zone, and in it the etcd records where the plan asks for them."""
    if section.hosted_zone == "none":
        return
    yield _private_zone(section, region)
    if section.etcd_records and section.control_plane_addresses:
        yield from _etcd_records(section)


def _private_zone(section: OpenShift, region: str) -> Resource:
    """The cluster finds its zone by exactly these two tags (installer, pkg/asset/manifests/dns.go)."""
    return Resource(
        PRIVATE_ZONE,
        "AWS::Route53::HostedZone",
        {
            "Name": section.cluster_domain,
            "HostedZoneConfig": {"Comment": "Managed by ocpprov"},
            "HostedZoneTags": [
                {"Key": "Name", "Value": f"{section.infra_id}-int"},
                {"Key": f"kubernetes.io/cluster/{section.infra_id}", "Value": "owned"},
            ],
            "VPCs": [{"VPCId": Ref("VPC"), "VPCRegion": region}],
        },
    )


def _etcd_records(section: OpenShift) -> Iterator[Resource]:
    domain = section.cluster_domain
    members = [f"etcd-{index}.{domain}" for index in range(len(section.control_plane_addresses))]
    services = [f"0 10 2380 {member}" for member in members]
    yield _record("EtcdSrvRecords", f"_etcd-server-ssl._tcp.{domain}", "SRV", services)
    for index, (member, address) in enumerate(zip(members, section.control_plane_addresses, strict=True)):
        yield _record(f"Etcd{index}Record", member, "A", [address])


def _record(logical_id: str, name: str, record_type: str, values: list[str]) -> Resource:
    properties: dict[str, Value] = {
        "HostedZoneId": Ref(PRIVATE_ZONE),
        "Name": name,
        "Type": record_type,
        "TTL": ETCD_TTL,
        "ResourceRecords": values,
    }
    return Resource(logical_id, "AWS::Route53::RecordSet", properties)

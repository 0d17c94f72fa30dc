"""The etcd records of template 05_cluster_master_nodes.yaml until release 4.10; OpenShift needs none since 4.4."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ocpprov.engine.resources import Resource
from ocpprov.engine.values import Value
from ocpprov.plan.model import OpenShift

TTL: Final = "60"


def etcd_records(section: OpenShift, zone: Value) -> Iterator[Resource]:
    """The records in the zone with this id, where the plan asks for them."""
    members = etcd_members(section)
    if members:
        yield _record("EtcdSrvRecords", zone, _service_name(section), "SRV", _services(section))
    for index, (member, address) in enumerate(members.items()):
        yield _record(f"Etcd{index}Record", zone, member, "A", [address])


def etcd_lines(section: OpenShift) -> list[str]:
    """The same as lines for people who keep another DNS."""
    members = etcd_members(section)
    return [
        *(f"{member} A {address}" for member, address in members.items()),
        *(f"{_service_name(section)} SRV {service}" for service in _services(section)),
    ]


def etcd_members(section: OpenShift) -> dict[str, str]:
    """etcd's names with their addresses, where the plan asks for them."""
    if not section.etcd_records:
        return {}
    addresses = enumerate(section.control_plane_addresses)
    return {f"etcd-{index}.{section.cluster_domain}": address for index, address in addresses}


def _service_name(section: OpenShift) -> str:
    return f"_etcd-server-ssl._tcp.{section.cluster_domain}"


def _services(section: OpenShift) -> list[str]:
    return [f"0 10 2380 {member}" for member in etcd_members(section)]


def _record(logical_id: str, zone: Value, name: str, record_type: str, values: list[str]) -> Resource:
    properties: dict[str, Value] = {
        "HostedZoneId": zone,
        "Name": name,
        "Type": record_type,
        "TTL": TTL,
        "ResourceRecords": values,
    }
    return Resource(logical_id, "AWS::Route53::RecordSet", properties)

"""The etcd records of template 05_cluster_master_nodes.yaml until release 4.10; OpenShift needs none since 4.4."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ocpprov.engine.resources import Resource
from ocpprov.engine.values import Value
from ocpprov.openshift.layout import Layout

TTL: Final = "60"


def etcd_records(layout: Layout, zone: Value) -> Iterator[Resource]:
    """The records in the zone with this id, where the plan asks for them."""
    members = etcd_members(layout)
    if members:
        yield _record("EtcdSrvRecords", zone, _service_name(layout), "SRV", _services(layout))
    for number, address in members.items():
        yield _record(f"Etcd{number}Record", zone, _member(layout, number), "A", [address])


def etcd_lines(layout: Layout) -> list[str]:
    """The same as lines for people who keep another DNS."""
    return [
        *(f"{_member(layout, number)} A {address}" for number, address in etcd_members(layout).items()),
        *(f"{_service_name(layout)} SRV {service}" for service in _services(layout)),
    ]


def etcd_members(layout: Layout) -> dict[int, str]:
    """The addresses of etcd's members by number, where the plan asks for them: as the plan counts, or as the names of
    the machines that were found do."""
    section = layout.section
    if not section.etcd_records:
        return {}
    if section.control_plane_auto:
        return {number: machine.address for number, machine in layout.facts.machines.control_plane.items()}
    return dict(enumerate(section.control_plane_addresses))


def _member(layout: Layout, number: int) -> str:
    return f"etcd-{number}.{layout.section.cluster_domain}"


def _service_name(layout: Layout) -> str:
    return f"_etcd-server-ssl._tcp.{layout.section.cluster_domain}"


def _services(layout: Layout) -> list[str]:
    return [f"0 10 2380 {_member(layout, number)}" for number in etcd_members(layout)]


def _record(logical_id: str, zone: Value, name: str, record_type: str, values: list[str]) -> Resource:
    properties: dict[str, Value] = {
        "HostedZoneId": zone,
        "Name": name,
        "Type": record_type,
        "TTL": TTL,
        "ResourceRecords": values,
    }
    return Resource(logical_id, "AWS::Route53::RecordSet", properties)

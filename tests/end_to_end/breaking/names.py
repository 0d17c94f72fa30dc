"""Hosted zones and records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.end_to_end.breaking.cases import Breakage, Make, call
from tests.end_to_end.breaking.requirements import row_of
from tests.end_to_end.breaking.site import Site, Thing

Record = Mapping[str, Any]


def breakages(site: Site) -> Iterator[Breakage]:
    """Of each record and each zone."""
    for thing in site.of("AWS::Route53::RecordSet"):
        yield from _of_record(site, thing)
    for thing in site.of("AWS::Route53::HostedZone"):
        yield from _of_zone(site, thing)


def _of_record(site: Site, thing: Thing) -> Iterator[Breakage]:
    zone, name, type, *_ = thing.id.split("|")
    record = record_of(site, zone, name, type)
    named, row = (thing.logical_id, thing.id), row_of(thing.logical_id)
    yield Breakage(f"delete {thing.logical_id}", row, named, change(zone, "DELETE", record))
    others: dict[str, Record] = {"for a machine": {"TTL": 60, "ResourceRecords": [{"Value": "192.0.2.7"}]}}
    if "AliasTarget" in record:
        elsewhere = {**record["AliasTarget"], "DNSName": "theirs-0123456789abcdef.elb.eu-west-1.amazonaws.com."}
        others["for another balancer"] = {"AliasTarget": elsewhere}
    if record["Type"] == "SRV":
        others = {"for another port": {"TTL": 60, "ResourceRecords": [{"Value": "0 10 2379 etcd-0.prod.example.com."}]}}
    for what, members in others.items():
        wanted = {"Name": record["Name"], "Type": record["Type"], **members}
        yield Breakage(f"{thing.logical_id} {what}", row, named, change(zone, "UPSERT", wanted))


def record_of(site: Site, zone: str, name: str, type: str) -> Record:
    records = site.client("route53").list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    wanted = name.replace("*", "\\052").rstrip(".")
    found: Record = next(
        each for each in records if each["Type"] == type and each["Name"].rstrip(".") in (wanted, name.rstrip("."))
    )
    return found


def change(zone: str, action: str, record: Record) -> Make:
    """One change of one record."""
    changes = {"Changes": [{"Action": action, "ResourceRecordSet": record}]}
    return call("route53", "change_resource_record_sets", HostedZoneId=zone, ChangeBatch=changes)


def _of_zone(site: Site, thing: Thing) -> Iterator[Breakage]:
    named, row = (thing.logical_id, thing.id), row_of(thing.logical_id)
    yield Breakage(f"delete {thing.logical_id}", row, named, _deleted(thing.id))
    tags = site.client("route53").list_tags_for_resource(ResourceType="hostedzone", ResourceId=thing.id)
    for key in (tag["Key"] for tag in tags["ResourceTagSet"]["Tags"] if not tag["Key"].startswith("ocpprov:")):
        lost = call(
            "route53",
            "change_tags_for_resource",
            ResourceType="hostedzone",
            ResourceId=thing.id,
            RemoveTagKeys=[key],
        )
        yield Breakage(f"{thing.logical_id} without {key}", row, named, lost)
    if thing.logical_id == "IntDns":
        yield Breakage("the private zone for another VPC", row, named, _for_another_vpc(thing.id))


def _deleted(zone: str) -> Make:
    """With all that is in it, as Route 53 wants it."""

    def deleted(site: Site) -> None:
        route53 = site.client("route53")
        records = route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
        for record in (each for each in records if each["Type"] not in ("NS", "SOA")):
            change(zone, "DELETE", record)(site)
        route53.delete_hosted_zone(Id=zone)

    return deleted


def _for_another_vpc(zone: str) -> Make:
    """A zone's last VPC can't be taken away, so another comes first."""

    def moved(site: Site) -> None:
        other = site.ec2.create_vpc(CidrBlock="10.77.0.0/16")["Vpc"]["VpcId"]
        route53, region = site.client("route53"), site.ec2.meta.region_name
        route53.associate_vpc_with_hosted_zone(HostedZoneId=zone, VPC={"VPCRegion": region, "VPCId": other})
        route53.disassociate_vpc_from_hosted_zone(HostedZoneId=zone, VPC={"VPCRegion": region, "VPCId": site.vpc})

    return moved

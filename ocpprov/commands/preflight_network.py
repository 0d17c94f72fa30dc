"""What `preflight` asks about an existing network."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network
from typing import Any

from ocpprov.checks.existing_network import ExistingNetwork, ExistingZone
from ocpprov.commands.facts import Asker, existing_subnets
from ocpprov.kinds.contract import read
from ocpprov.plan.model import OpenShift


def live_network(section: OpenShift, ask: Asker) -> ExistingNetwork:
    """The network that the plan names, as it is. Raises Refused when AWS can't be read."""
    subnets = existing_subnets(section.subnets, ask) if section.subnets else {}
    vpc_id = section.vpc_id or next((subnet.vpc_id for subnet in subnets.values()), "")
    found = ask.described("describe_vpcs", "Vpcs", {"vpc-id": [vpc_id]}) if vpc_id else []
    if not found:
        return ExistingNetwork(vpc_id or "(of the subnets)", exists=False)
    everyone = ask.described("describe_subnets", "Subnets", {"vpc-id": [vpc_id]})
    tags = {each["SubnetId"]: _tags(each.get("Tags", ())) for each in everyone}
    marked = {id for id, own in tags.items() if any(key.startswith("kubernetes.io/cluster/") for key in own)}
    return ExistingNetwork(
        vpc_id=vpc_id,
        blocks=[IPv4Network(each["CidrBlock"]) for each in found[0].get("CidrBlockAssociationSet", ())],
        dns_support=_attribute(vpc_id, "enableDnsSupport", ask),
        dns_hostnames=_attribute(vpc_id, "enableDnsHostnames", ask),
        vpc_tags=_tags(found[0].get("Tags", ())),
        subnets=subnets,
        subnet_tags=tags,
        others=sorted(set(tags) - marked - set(section.subnets)) if section.subnets else (),
        zone=_zone(section, ask) if section.hosted_zone not in ("create", "none") else None,
    )


def _attribute(vpc_id: str, name: str, ask: Asker) -> bool:
    pages = ask.pages(read("ec2", "describe_vpc_attribute", VpcId=vpc_id, Attribute=name))
    member = name[0].upper() + name[1:]
    return any(page.get(member, {}).get("Value") for _, page in pages.documents("ec2", "describe_vpc_attribute"))


def _zone(section: OpenShift, ask: Asker) -> ExistingZone | None:
    wanted = section.hosted_zone
    pages = ask.pages(read("route53", "get_hosted_zone", Id=wanted))
    document = next((page for _, page in pages.documents("route53", "get_hosted_zone")), None)
    if document is None or not document["HostedZone"]["Config"].get("PrivateZone"):
        return None
    rows = ask.pages(read("route53", "list_resource_record_sets", HostedZoneId=wanted))
    names = [
        row["Name"].rstrip(".") for row in rows.items("route53", "list_resource_record_sets", "ResourceRecordSets")
    ]
    vpcs = frozenset(each["VPCId"] for each in document.get("VPCs", ()))
    return ExistingZone(wanted, document["HostedZone"]["Name"].rstrip("."), vpcs, names)


def _tags(tags: Sequence[Any]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in tags}

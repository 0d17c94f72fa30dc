"""What `preflight` asks about an existing network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Network
from typing import Any

from ocpprov.checks.dhcp_options import DhcpTold
from ocpprov.checks.existing_hosted_zones import ExistingZone
from ocpprov.checks.existing_network import ExistingNetwork
from ocpprov.commands.discovery_network import existing_subnets, other_account, others_endpoints
from ocpprov.commands.discovery_reader import DiscoveryReader
from ocpprov.engine.ownership import PLAN
from ocpprov.kinds.reads import read, read_if_allowed
from ocpprov.openshift.aws_facts import ExistingEndpoint, ExistingSubnet
from ocpprov.openshift.cluster_access import CALLED
from ocpprov.openshift.naming import PRIVATE_SUBNET, Zone
from ocpprov.openshift.services import S3_GATEWAY, service_of
from ocpprov.plan.model import OpenShift
from ocpprov.plan.openshift_blocks import subnet_blocks
from ocpprov.reachability.from_answers import Answers, network_of
from ocpprov.reachability.network import Network
from ocpprov.reachability.spans import Span, addresses


def live_network(section: OpenShift, edge_zones: Mapping[str, str], reader: DiscoveryReader) -> ExistingNetwork:
    """The network that the plan names, as it is; `edge_zones` are the types of the zones that aren't availability
    zones. Raises Refused when AWS can't be read."""
    subnets = existing_subnets(section.subnets, reader) if section.subnets else {}
    vpc_id = section.vpc_id or next((subnet.vpc_id for subnet in subnets.values()), "")
    found = reader.described("describe_vpcs", "Vpcs", {"vpc-id": [vpc_id]}) if vpc_id else []
    if not found:
        return ExistingNetwork(vpc_id or "(of the subnets)", exists=False)
    everyone = reader.described("describe_subnets", "Subnets", {"vpc-id": [vpc_id]})
    tags = {each["SubnetId"]: _tags(each.get("Tags", ())) for each in everyone}
    planned = _planned(section)
    marked = {id for id, own in tags.items() if any(key.startswith("kubernetes.io/cluster/") for key in own)}
    return ExistingNetwork(
        vpc_id=vpc_id,
        blocks=_blocks(found[0]),
        dns_support=_attribute(vpc_id, "enableDnsSupport", reader),
        dns_hostnames=_attribute(vpc_id, "enableDnsHostnames", reader),
        vpc_tags=_tags(found[0].get("Tags", ())),
        subnets=subnets,
        subnet_tags=tags,
        others=sorted(set(tags) - marked - set(section.subnets)) if section.subnets else (),
        zone=named_zone(section.hosted_zone, reader) if section.hosted_zone.startswith("Z") else None,
        twins=_twins(section, vpc_id, reader) if section.hosted_zone == "create" and section.infra_id else (),
        dhcp=_dhcp(found[0].get("DhcpOptionsId", ""), reader),
        endpoints=_endpoints(section, vpc_id, subnets, reader),
        plan=reader.owner.plan,
        region=reader.owner.region,
        owner=other_account(found[0], reader.owner.account),
        edge_zones=edge_zones,
        paths=_paths(found[0], [*everyone, *planned], reader),
        s3_blocks=_s3_blocks(section, reader),
        planned={each["SubnetId"]: each["AvailabilityZone"] for each in planned},
    )


def _planned(section: OpenShift) -> list[Mapping[str, Any]]:
    """The machines' subnets that the plan makes in the VPC, as AWS would list them: with the VPC's default ACL. A zone
    that only AWS knows is empty."""
    if section.subnets:
        return []
    zones = [""] * section.zones if isinstance(section.zones, int) else section.zones
    blocks = subnet_blocks(section).private
    return [
        {"SubnetId": Zone(index, zone).named(PRIVATE_SUBNET), "CidrBlock": str(block), "AvailabilityZone": zone}
        for index, (zone, block) in enumerate(zip(zones, blocks, strict=False))
    ]


def _paths(vpc: Mapping[str, Any], subnets: Sequence[Mapping[str, Any]], reader: DiscoveryReader) -> Network:
    """The VPC's subnets with their ACLs, which some may not read."""
    made = read_if_allowed("ec2", "describe_network_acls", Filters=[{"Name": "vpc-id", "Values": [vpc["VpcId"]]}])
    acls = list(reader.pages(made).items("ec2", "describe_network_acls", "NetworkAcls"))
    return network_of(Answers(vpc, subnets=subnets, network_acls=acls))


def _s3_blocks(section: OpenShift, reader: DiscoveryReader) -> list[Span]:
    """The public addresses at which S3 is reached through its gateway; none where nobody needs them or may look."""
    if section.egress != "none" or S3_GATEWAY not in section.endpoints:
        return []
    name = service_of(S3_GATEWAY, reader.owner.region).name
    made = read_if_allowed("ec2", "describe_prefix_lists", Filters=[{"Name": "prefix-list-name", "Values": [name]}])
    rows = reader.pages(made).items("ec2", "describe_prefix_lists", "PrefixLists")
    return [addresses(block) for row in rows if row.get("PrefixListName") == name for block in row.get("Cidrs", ())]


def _blocks(vpc: Mapping[str, Any]) -> list[IPv4Network]:
    """The VPC's, its primary one first."""
    blocks = [each["CidrBlock"] for each in vpc.get("CidrBlockAssociationSet", ())]
    return [IPv4Network(block) for block in sorted(blocks, key=lambda block: block != vpc["CidrBlock"])]


def _endpoints(
    section: OpenShift, vpc_id: str, subnets: Mapping[str, ExistingSubnet], reader: DiscoveryReader
) -> list[ExistingEndpoint]:
    """Those of the services that the plan lists or a cluster calls anyhow."""
    called = {service_of(word, reader.owner.region).name for word in (*section.endpoints, *CALLED)}
    return [each for each in others_endpoints(vpc_id, subnets, reader) if each.service in called]


def _attribute(vpc_id: str, name: str, reader: DiscoveryReader) -> bool:
    pages = reader.pages(read("ec2", "describe_vpc_attribute", VpcId=vpc_id, Attribute=name))
    member = name[0].upper() + name[1:]
    return any(page.get(member, {}).get("Value") for _, page in pages.documents("ec2", "describe_vpc_attribute"))


def named_zone(id: str, reader: DiscoveryReader) -> ExistingZone | None:
    """A zone that the plan names, None where there is none. Raises Refused when AWS can't be read."""
    pages = reader.pages(read("route53", "get_hosted_zone", Id=id))
    document = next((page for _, page in pages.documents("route53", "get_hosted_zone")), None)
    if document is None:
        return None
    rows = reader.pages(read("route53", "list_resource_record_sets", HostedZoneId=id))
    names = [_plain(row["Name"]) for row in rows.items("route53", "list_resource_record_sets", "ResourceRecordSets")]
    vpcs = frozenset(each["VPCId"] for each in document.get("VPCs", ()))
    return ExistingZone(id, _plain(document["HostedZone"]["Name"]), vpcs, names)


def _plain(name: str) -> str:
    """Route 53 writes a * in octal."""
    return name.rstrip(".").replace("\\052", "*")


def _twins(section: OpenShift, vpc_id: str, reader: DiscoveryReader) -> list[str]:
    """Private zones of the cluster's name that serve the VPC and aren't this plan's."""
    made = read_if_allowed("route53", "list_hosted_zones_by_vpc", VPCId=vpc_id, VPCRegion=reader.owner.region)
    found = [
        zone["HostedZoneId"]
        for zone in reader.pages(made).items("route53", "list_hosted_zones_by_vpc", "HostedZoneSummaries")
        if _plain(zone["Name"]) == section.cluster_domain
    ]
    if not found:
        return []
    tagged = reader.pages(read("route53", "list_tags_for_resources", ResourceType="hostedzone", ResourceIds=found))
    sets = list(tagged.items("route53", "list_tags_for_resources", "ResourceTagSets"))
    ours = {each["ResourceId"] for each in sets if _tags(each["Tags"]).get(PLAN) == reader.owner.plan}
    return sorted(set(found) - ours)


def _dhcp(options: str, reader: DiscoveryReader) -> DhcpTold:
    """What machines are told by the VPC's DHCP options; AWS's own where there are none to be seen."""
    found = reader.described("describe_dhcp_options", "DhcpOptions", {"dhcp-options-id": [options]})
    if not found or "DhcpConfigurations" not in found[0]:
        return DhcpTold()
    rows: dict[str, list[str]] = {}
    for row in found[0]["DhcpConfigurations"]:
        rows[row["Key"]] = [value["Value"] for value in row.get("Values", ())]
    return DhcpTold(rows.get("domain-name", ()), rows.get("domain-name-servers", ()))


def _tags(tags: Sequence[Any]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in tags}

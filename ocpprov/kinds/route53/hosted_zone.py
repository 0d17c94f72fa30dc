"""AWS::Route53::HostedZone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ocpprov.engine.kind_facts import ListRule, Property, UniqueKey
from ocpprov.engine.ownership import PLAN, REGION, RESOURCE
from ocpprov.engine.resources import Created, Live
from ocpprov.engine.values import Value
from ocpprov.kinds.contract import CreateRequest, Kind, Permissions
from ocpprov.kinds.ec2.common import TAG_KEY, TAG_VALUE
from ocpprov.kinds.reads import Found, Pages, Read, read
from ocpprov.kinds.route53.common import (
    ZONE,
    bare_id,
    caller_reference,
    canonical_name,
    claim_of,
    tags_of,
    with_canonical_names,
    zone_ids,
)

if TYPE_CHECKING:
    from mypy_boto3_route53.type_defs import VPCTypeDef

    from ocpprov.aws.clients import Clients

ZONES_PER_TAG_READ: Final = 10


class HostedZone(Kind):
    """A DNS zone: private to its VPCs, or public without any.

    Zones take no tags when they are made: until they have them, the caller reference says whose they are.
    """

    type = ZONE
    tells = ("Name",)
    service = "route53"
    properties = (
        Property(
            "Name",
            "string",
            required=True,
            create_only=True,
            format="domain",
            documentation="The domain, with or without the dot at its end.",
        ),
        Property(
            "HostedZoneConfig",
            "object",
            properties=(Property("Comment", "string", longest=256, documentation="What the zone is for."),),
            documentation="The zone's comment.",
        ),
        Property(
            "VPCs",
            "list",
            after_create=True,
            list_rule=ListRule.CONTAINS,
            items=Property(
                "VPC",
                "object",
                properties=(
                    Property("VPCId", "string", required=True, documentation="The VPC's id."),
                    Property("VPCRegion", "string", required=True, longest=64, documentation="The VPC's region."),
                ),
            ),
            documentation="The VPCs that see a private zone; others may add theirs. Without any: public, for good.",
        ),
        Property(
            "HostedZoneTags",
            "list",
            items=Property(
                "Tag",
                "object",
                properties=(TAG_KEY, TAG_VALUE),
            ),
            documentation="Tags of this zone, beside those of the whole plan; ten together.",
        ),
    )
    attributes = ("Id", "NameServers")
    permissions = Permissions(
        read=("route53:ListHostedZones", "route53:GetHostedZone", "route53:ListTagsForResources"),
        create=(
            "route53:CreateHostedZone",
            "route53:ChangeTagsForResource",
            "route53:AssociateVPCWithHostedZone",
            "ec2:DescribeVpcs",
        ),
        update=(
            "route53:UpdateHostedZoneComment",
            "route53:AssociateVPCWithHostedZone",
            "route53:DisassociateVPCFromHostedZone",
            "route53:ChangeTagsForResource",
            "ec2:DescribeVpcs",
        ),
        delete=("route53:DeleteHostedZone",),
    )
    tags_property = "HostedZoneTags"
    tag_limit = 10
    tags_at_create = False
    listed_by = "Name"
    protected = True
    typical_seconds = 5

    def reads(self, found: Found) -> Sequence[Read]:
        """A list of all; then what is ours, or has an id or a name that the plan gives. While nobody knows the plan's
        names, the tags of all: where CloudFormation made a zone of ours, nothing else says so. Of another account's
        zone the tags mean nothing here, and whoever may change its records mayn't read them."""
        listed = found.lives.get(ZONE, ())
        named = {live.id for live in listed if found.names is not None and live.properties["Name"] in found.names}
        zones = sorted({*zone_ids(found), *named})
        tagged = zones if found.names is not None else sorted({*zones, *(live.id for live in listed)})
        tagged = [zone for zone in tagged if zone not in found.zones_of_others]
        shares = (tagged[at : at + ZONES_PER_TAG_READ] for at in range(0, len(tagged), ZONES_PER_TAG_READ))
        return [
            read("route53", "list_hosted_zones"),
            *(read("route53", "get_hosted_zone", Id=zone) for zone in zones),
            *(
                read("route53", "list_tags_for_resources", ResourceType="hostedzone", ResourceIds=share)
                for share in shares
            ),
        ]

    def by_id(self, id: str) -> Read | None:
        return read("route53", "get_hosted_zone", Id=id)

    def parse(self, pages: Pages) -> Sequence[Live]:
        """All that are listed, those with their VPCs that were read one by one."""
        details = {bare_id(page["HostedZone"]["Id"]): page for _, page in pages.documents("route53", "get_hosted_zone")}
        for zone_id, page in details.items():
            if page["HostedZone"].get("Config", {}).get("PrivateZone") and not page.get("VPCs"):
                raise ValueError(f"private zone {zone_id} without a VPC")
        listed = {bare_id(zone["Id"]): zone for zone in pages.items("route53", "list_hosted_zones", "HostedZones")}
        known = {**{zone_id: {"HostedZone": zone} for zone_id, zone in listed.items()}, **details}
        tag_sets = pages.items("route53", "list_tags_for_resources", "ResourceTagSets")
        tags = {tag_set["ResourceId"]: tags_of(tag_set["Tags"]) for tag_set in tag_sets}
        return [_live(zone, tags.get(zone_id, {})) for zone_id, zone in known.items()]

    def create(self, clients: Clients, request: CreateRequest) -> Created:
        owner = {PLAN: request.owner.plan, REGION: request.owner.region, RESOURCE: request.logical_id}
        vpcs: Sequence[VPCTypeDef] = request.properties.get("VPCs", ())
        comment = _comment(request.properties)
        first_vpc: dict[str, Any] = {"VPC": vpcs[0]} if vpcs else {}
        answer = clients.route53.create_hosted_zone(
            Name=request.properties["Name"],
            CallerReference=caller_reference(owner, request.token),
            HostedZoneConfig={"Comment": comment, "PrivateZone": bool(vpcs)},
            **first_vpc,
        )
        zone_id = bare_id(answer["HostedZone"]["Id"])
        servers = answer.get("DelegationSet", {}).get("NameServers", [])
        return Created(zone_id, {"Id": zone_id, "NameServers": servers})

    def as_created(self, properties: Mapping[str, Value]) -> Mapping[str, Value]:
        """The first VPC comes with the create."""
        vpcs = properties.get("VPCs")
        first = {"VPCs": vpcs[:1]} if isinstance(vpcs, Sequence) and not isinstance(vpcs, str) else {}
        return {**super().as_created(properties), **first}

    def delete(self, clients: Clients, live: Live) -> None:
        clients.route53.delete_hosted_zone(Id=live.id)

    def update(self, clients: Clients, live: Live, desired: Mapping[str, Any], changed: Sequence[str]) -> None:
        if "HostedZoneConfig" in changed:
            clients.route53.update_hosted_zone_comment(Id=live.id, Comment=_comment(desired))
        if "VPCs" in changed:
            _set_vpcs(clients, live.id, desired["VPCs"])

    def tag(self, clients: Clients, live_id: str, set_tags: Mapping[str, str], remove: Sequence[str]) -> None:
        added: dict[str, Any] = {"AddTags": [{"Key": key, "Value": value} for key, value in set_tags.items()]}
        removed: dict[str, Any] = {"RemoveTagKeys": list(remove)}
        clients.route53.change_tags_for_resource(
            ResourceType="hostedzone",
            ResourceId=live_id,
            **(added if set_tags else {}),
            **(removed if remove else {}),
        )

    def normalise(self, properties: Mapping[str, Value]) -> Mapping[str, Value]:
        return with_canonical_names(properties, "Name")

    def unique(self, properties: Mapping[str, Value]) -> Sequence[UniqueKey]:
        name, vpcs = properties.get("Name"), properties.get("VPCs")
        if not isinstance(name, str):
            return []
        # Public zones of one name may stand side by side, so only private ones can be in each other's way.
        ids = [vpc.get("VPCId") for vpc in vpcs if isinstance(vpc, Mapping)] if isinstance(vpcs, Sequence) else []
        return [("zone", canonical_name(name), vpc_id) for vpc_id in ids if isinstance(vpc_id, str)]

    def member(self, name: str, item: Value) -> str | None:
        vpc = item.get("VPCId") if isinstance(item, Mapping) else None
        return vpc if isinstance(vpc, str) else None

    def references(self, live: Live) -> Sequence[str]:
        vpcs = live.properties.get("VPCs", ())
        return [str(vpc["VPCId"]) for vpc in vpcs if isinstance(vpc, Mapping)] if isinstance(vpcs, Sequence) else []


def _comment(properties: Mapping[str, Any]) -> str:
    return str(properties.get("HostedZoneConfig", {}).get("Comment", ""))


def _set_vpcs(clients: Clients, zone_id: str, wanted: Sequence[VPCTypeDef]) -> None:
    # What is associated is asked again: the first VPC came with the create, and a repeated association is an error.
    present = clients.route53.get_hosted_zone(Id=zone_id).get("VPCs", [])
    wanted_ids = [vpc.get("VPCId") for vpc in wanted]
    present_ids = [vpc.get("VPCId") for vpc in present]
    for vpc in wanted:
        if vpc.get("VPCId") not in present_ids:
            clients.route53.associate_vpc_with_hosted_zone(HostedZoneId=zone_id, VPC=vpc)
    for vpc in present:
        # Last, because Route 53 refuses to take a zone's only VPC away.
        if vpc.get("VPCId") not in wanted_ids:
            clients.route53.disassociate_vpc_from_hosted_zone(HostedZoneId=zone_id, VPC=vpc)


def _claim(zone: Mapping[str, Any]) -> dict[str, str]:
    return claim_of(zone.get("CallerReference", ""))


def _live(answer: Mapping[str, Any], tags: Mapping[str, str]) -> Live:
    zone = answer["HostedZone"]
    zone_id = bare_id(zone["Id"])
    properties: dict[str, Value] = {"Name": canonical_name(zone["Name"])}
    if "Config" in zone:
        # A zone without a comment has no such member.
        properties["HostedZoneConfig"] = {"Comment": zone["Config"].get("Comment", "")}
    vpcs = sorted(answer.get("VPCs", ()), key=lambda vpc: str(vpc["VPCId"]))
    if vpcs:
        properties["VPCs"] = [{"VPCId": vpc["VPCId"], "VPCRegion": vpc["VPCRegion"]} for vpc in vpcs]
    servers = answer.get("DelegationSet", {}).get("NameServers")
    return Live(
        type=ZONE,
        id=zone_id,
        properties=properties,
        attributes={"Id": zone_id, **({"NameServers": servers} if servers else {})},
        tags=tags,
        claim=_claim(zone),
    )

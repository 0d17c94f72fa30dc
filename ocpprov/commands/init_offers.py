"""What AWS has that a new plan can name: regions, zones, domains and networks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from ocpprov.aws.errors import AwsError
from ocpprov.aws.reads import Reader
from ocpprov.commands.discovery_network import existing_subnets
from ocpprov.commands.discovery_reader import DiscoveryReader
from ocpprov.commands.exit_codes import Refused
from ocpprov.engine.printable import printable
from ocpprov.engine.problem import Problem
from ocpprov.engine.resources import Owner
from ocpprov.kinds.reads import Pages, Read, read
from ocpprov.openshift.expand import ExistingSubnet

_REGIONS: Final = read("ec2", "describe_regions")
_ZONES: Final = read(
    "ec2",
    "describe_availability_zones",
    Filters=[{"Name": "zone-type", "Values": ["availability-zone"]}, {"Name": "state", "Values": ["available"]}],
)
_VPCS: Final = read("ec2", "describe_vpcs")
_DOMAINS: Final = read("route53", "list_hosted_zones")
_WORDS: Final[Mapping[Read, str]] = {
    _REGIONS: "its regions",
    _ZONES: "the region's zones",
    _VPCS: "the VPCs that are there",
    _DOMAINS: "the public zones",
}


@dataclass(frozen=True)
class VpcOffer:
    """A VPC: its id, its `Name` tag, and its IPv4 blocks, the primary one first."""

    id: str
    name: str
    blocks: Sequence[str]


@dataclass(frozen=True)
class SubnetOffer:
    """A subnet of the chosen VPC, and its `Name` tag. `way_out`: its routes lead to everywhere, by whatever."""

    subnet: ExistingSubnet
    name: str
    way_out: bool = False

    @property
    def side(self) -> str:
        return "public" if self.subnet.public else "private"


@dataclass(frozen=True)
class Offers:
    """What AWS has said. A part that it wasn't asked for, or didn't tell, is None; `subnets` are those of the VPC that
    was chosen. `region` is the one that is configured for the AWS CLI."""

    region: str = ""
    regions: Sequence[str] | None = None
    zones: Sequence[str] | None = None
    domains: Sequence[str] | None = None
    vpcs: Sequence[VpcOffer] | None = None
    subnets: Sequence[SubnetOffer] | None = None

    def vpc(self, id: str) -> VpcOffer | None:
        """The VPC of an id, as far as it is known."""
        return next((each for each in self.vpcs or () if each.id == id), None)


def ask_for_offers(offers: Offers, reader: Reader) -> tuple[Offers, Sequence[str]]:
    """The offers with what a region and its account have, and a sentence for each part that can't be asked for."""
    answers = reader.attempt([_REGIONS, _ZONES, _VPCS, _DOMAINS])
    refused = [
        f"AWS doesn't tell {_WORDS[asked]}: {answer}"
        for asked, answer in answers.items()
        if isinstance(answer, AwsError)
    ]
    return with_answers(offers, answers), refused


def with_answers(offers: Offers, answers: Mapping[Read, Sequence[Mapping[str, Any]] | AwsError]) -> Offers:
    """The offers with these answers. Pure."""
    told = {asked: answer for asked, answer in answers.items() if not isinstance(answer, AwsError)}
    pages = Pages(told)
    if _REGIONS in told:
        offers = replace(offers, regions=sorted(each["RegionName"] for each in _items(pages, _REGIONS, "Regions")))
    if _ZONES in told:
        names = sorted(each["ZoneName"] for each in _items(pages, _ZONES, "AvailabilityZones"))
        offers = replace(offers, zones=names)
    if _DOMAINS in told:
        public = (
            each["Name"].rstrip(".")
            for each in _items(pages, _DOMAINS, "HostedZones")
            if not each.get("Config", {}).get("PrivateZone")
        )
        offers = replace(offers, domains=sorted(set(public)))
    if _VPCS in told:
        vpcs = [_vpc(each) for each in _items(pages, _VPCS, "Vpcs")]
        offers = replace(offers, vpcs=sorted(vpcs, key=lambda each: (each.name, each.id)))
    return offers


def ask_for_subnets(vpc_id: str, reader: Reader, owner: Owner) -> Sequence[SubnetOffer]:
    """The subnets of a VPC that have IPv4 addresses, by zone. Raises Refused when AWS can't be read."""
    asking = DiscoveryReader(reader, owner)
    found = asking.described("describe_subnets", "Subnets", {"vpc-id": [vpc_id]})
    names = {each["SubnetId"]: name_of(each) for each in found if each.get("CidrBlock")}
    subnets = existing_subnets(sorted(names), asking).values() if names else ()
    tables = asking.described("describe_route_tables", "RouteTables", {"vpc-id": [vpc_id]})
    ways_out = {table["RouteTableId"] for table in tables if any(map(_leads_everywhere, table.get("Routes", ())))}
    return sorted(
        (SubnetOffer(each, names[each.id], each.route_table in ways_out) for each in subnets),
        key=lambda each: (each.subnet.zone, each.side, each.subnet.cidr),
    )


def _leads_everywhere(route: Mapping[str, Any]) -> bool:
    return route.get("DestinationCidrBlock") == "0.0.0.0/0" and route.get("State", "active") == "active"


def vpc_of(subnets: Sequence[str], reader: Reader, owner: Owner) -> str:
    """The id of the VPC that subnets are in; empty where they aren't there, or in several. Raises Refused."""
    found = DiscoveryReader(reader, owner).described("describe_subnets", "Subnets", {"subnet-id": list(subnets)})
    vpcs = {str(each["VpcId"]) for each in found}
    return vpcs.pop() if len(vpcs) == 1 else ""


def usual_subnets(subnets: Sequence[SubnetOffer], publish: str) -> Sequence[str]:
    """The ids of one private subnet in each zone, in at most three, and of a public one beside each where the API is
    published; empty where some zone has several, so that nobody can tell which are meant."""
    sides = ("private", "public") if publish != "Internal" else ("private",)
    zones = sorted({each.subnet.zone for each in subnets if each.side == "private"})
    chosen = [each for each in subnets if each.side in sides and each.subnet.zone in zones[:3]]
    places = [(each.subnet.zone, each.side) for each in chosen]
    return [each.subnet.id for each in chosen] if len(places) == len(set(places)) else []


def name_of(item: Mapping[str, Any]) -> str:
    """The value of the tag `Name`."""
    return next((str(tag["Value"]) for tag in item.get("Tags", ()) if tag["Key"] == "Name"), "")


def _vpc(vpc: Mapping[str, Any]) -> VpcOffer:
    associated = [
        each["CidrBlock"]
        for each in vpc.get("CidrBlockAssociationSet", ())
        if each.get("CidrBlockState", {}).get("State") == "associated" and each["CidrBlock"] != vpc["CidrBlock"]
    ]
    return VpcOffer(vpc["VpcId"], name_of(vpc), (vpc["CidrBlock"], *sorted(associated)))


def _items(pages: Pages, asked: Read, member: str) -> Iterator[Mapping[str, Any]]:
    return pages.items(asked.service, asked.operation, member)


def ids_meant(
    option: str, words: Sequence[str], prefix: str, names: Mapping[str, str], *, complete: bool
) -> Sequence[str]:
    """The ids that an option's words mean: ids (`vpc-…`) as they are, others by `names`, which has the `Name` tag of
    each id that is known; `complete` where there are no others. Raises Refused where one means none, or several."""
    return [_id_meant(option, word, prefix, names, complete=complete) for word in words]


def _id_meant(option: str, word: str, prefix: str, names: Mapping[str, str], *, complete: bool) -> str:
    is_id = re.fullmatch(rf"{prefix}-[0-9a-f]+", word) is not None
    if word in names or (is_id and not complete):
        return word
    found = sorted(id for id, name in names.items() if name == word)
    if len(found) == 1:
        return found[0]
    if found:
        raise Refused(Problem(f"{option} {word}", f"{', '.join(found)} have this name", "give the id"))
    known = ", ".join(sorted(f"{id} {printable(name)}".strip() for id, name in names.items()))
    remedy = f"there are {known}" if known else "where AWS can't be asked, or has none, give an id"
    detail = "isn't there" if is_id else f"nothing of this name is known ({prefix}-…)"
    raise Refused(Problem(f"{option} {word}", detail, remedy))

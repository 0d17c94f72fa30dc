"""What must be asked of AWS before the openshift section can be expanded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from ipaddress import IPv4Network
from typing import Any, Final

from ocpprov.aws.errors import AwsError
from ocpprov.commands.connection import Connection, explain
from ocpprov.commands.outcome import Refused
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.ownership import PLAN, RESOURCE, claimed_by, identity_tags
from ocpprov.kinds.contract import Pages, Read, read, read_if_allowed
from ocpprov.openshift.aws_facts import ROUTER_SERVICE, UNKNOWN_ZONE
from ocpprov.openshift.endpoints import HTTPS
from ocpprov.openshift.expand import Balancer, ExistingEndpoint, ExistingSubnet, Facts, RouterNeeded, facts_needed
from ocpprov.openshift.naming import subnet_ids
from ocpprov.openshift.services import listed_as, service_of
from ocpprov.openshift.storage import IGNITION
from ocpprov.plan.model import Plan
from ocpprov.plan.openshift_blocks import MAX_ZONES

_TAGS_AT_ONCE: Final = 20
"""Elastic Load Balancing tells the tags of at most so many load balancers in one call."""


class Asker:
    """Asks AWS for facts, several questions at a time. Its methods raise Refused when AWS can't be read."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def plan(self) -> str:
        """The name of the plan that asks."""
        return self._connection.owner.plan

    @property
    def region(self) -> str:
        return self._connection.owner.region

    def pages(self, *reads: Read) -> Pages:
        """The answers."""
        try:
            return Pages(self._connection.reader.read(list(reads)))
        except AwsError as error:
            raise Refused(explain(error)) from error

    def described(self, operation: str, member: str, filters: Mapping[str, Sequence[str]]) -> list[Mapping[str, Any]]:
        """The items of one EC2 call, with filters by AWS's names."""
        named = [{"Name": name, "Values": values} for name, values in filters.items()]
        return list(self.pages(read("ec2", operation, Filters=named)).items("ec2", operation, member))


def facts_before_reading(plan: Plan, connection: Connection) -> Facts:
    """Everything but the zones of our own subnets, for which `with_zones` needs the inventory. Raises Refused when AWS
    can't be read, or answers what can't be used."""
    try:
        return _asked(plan, connection)
    except AwsError as error:
        raise Refused(explain(error)) from error


def _asked(plan: Plan, connection: Connection) -> Facts:
    needed, ask = facts_needed(plan), Asker(connection)
    facts = Facts()
    if needed.subnets:
        facts = replace(facts, subnets=existing_subnets(needed.subnets, ask))
    vpc_id = needed.vpc_id or next((subnet.vpc_id for subnet in facts.subnets.values()), "")
    if needed.existing_vpc and vpc_id:
        facts = _present_in(vpc_id, facts, ask)
    if needed.public_zone:
        asked = "route53" not in connection.scope.left_out
        zone = _public_zone(needed.public_zone, plan, ask) if asked else UNKNOWN_ZONE
        facts = replace(facts, public_zone=zone)
    if needed.router:
        facts = replace(facts, router=_router(needed.router, ask))
    if needed.instances:
        facts = replace(facts, instances=_instances(needed.instances, vpc_id, plan, ask))
    if needed.services:
        facts = replace(facts, service_names=_service_names(needed.services, ask))
    return facts


def with_zones(plan: Plan, facts: Facts, inventory: Inventory, connection: Connection) -> Facts:
    """The facts with the zone of each index: as our subnets have it, and the region's zones by name for the rest."""
    needed = facts_needed(plan).zones
    if not needed:
        return facts
    zones: dict[int, str] = {}
    for live in inventory.of("AWS::EC2::Subnet"):
        for index in range(MAX_ZONES):
            if claimed_by(live, connection.owner) and identity_tags(live).get(RESOURCE) in subnet_ids(index):
                zones.setdefault(index, str(live.properties["AvailabilityZone"]))
    if any(index not in zones for index in range(needed)):
        free = [zone for zone in _zone_names(connection) if zone not in zones.values()]
        for index in range(needed):
            if index not in zones:
                if not free:
                    raise Refused(f"{plan.file}: {plan.region} has fewer zones than openshift.zones asks for")
                zones[index] = free.pop(0)
    return replace(facts, zones=zones)


def with_ignition(facts: Facts, inventory: Inventory, connection: Connection) -> Facts:
    """The facts with whether bootstrap.ign of an earlier apply lies in the plan's bucket."""
    uploaded = any(
        claimed_by(live, connection.owner) and identity_tags(live).get(RESOURCE) == IGNITION
        for live in inventory.of("Ocpprov::S3::Object")
    )
    return replace(facts, ignition=uploaded)


def given_ids(facts: Facts) -> frozenset[str]:
    """Ids of existing things that were found by name."""
    return frozenset({facts.public_zone, facts.internet_gateway} - {"", UNKNOWN_ZONE})


def _zone_names(connection: Connection) -> list[str]:
    filters = {"zone-type": ["availability-zone"], "state": ["available"]}
    found = Asker(connection).described("describe_availability_zones", "AvailabilityZones", filters)

    try:
        return sorted(zone["ZoneName"] for zone in found)
    except AwsError as error:
        raise Refused(explain(error)) from error


def existing_subnets(ids: Sequence[str], ask: Asker) -> dict[str, ExistingSubnet]:
    """Those of the ids that exist. A filter finds nothing where an id parameter would be an error. Raises Refused for
    one without IPv4 addresses, which the cluster's machines need."""
    found = ask.described("describe_subnets", "Subnets", {"subnet-id": list(ids)})
    without = sorted(subnet["SubnetId"] for subnet in found if not subnet.get("CidrBlock"))
    if without:
        raise Refused(f"{', '.join(without)}: no IPv4 block, only IPv6; name subnets with IPv4 in openshift.subnets")
    vpcs = sorted({subnet["VpcId"] for subnet in found})
    tables = ask.described("describe_route_tables", "RouteTables", {"vpc-id": vpcs}) if vpcs else []
    return {subnet["SubnetId"]: _subnet(subnet, _table_of(subnet, tables)) for subnet in found}


def _subnet(subnet: Mapping[str, Any], table: Mapping[str, Any]) -> ExistingSubnet:
    return ExistingSubnet(
        subnet["SubnetId"],
        subnet["VpcId"],
        subnet["AvailabilityZone"],
        subnet["CidrBlock"],
        _is_public(table),
        routed=bool(table),
        route_table=table.get("RouteTableId", ""),
    )


def _table_of(subnet: Mapping[str, Any], tables: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The table that a subnet is associated with, else the main one of its VPC."""
    in_vpc = [table for table in tables if table["VpcId"] == subnet["VpcId"]]
    for table in in_vpc:
        if any(each.get("SubnetId") == subnet["SubnetId"] for each in table.get("Associations", ())):
            return table
    main = (table for table in in_vpc if any(each.get("Main") for each in table.get("Associations", ())))
    return next(main, {})


def _is_public(table: Mapping[str, Any]) -> bool:
    """By an internet gateway, or a carrier gateway in a zone of a telephone network."""
    ways = ((route.get("GatewayId") or route.get("CarrierGatewayId") or "") for route in table.get("Routes", ()))
    return any(str(way).startswith(("igw-", "cagw-")) for way in ways)


def _present_in(vpc_id: str, facts: Facts, ask: Asker) -> Facts:
    """The facts with the internet gateway and the endpoints of a VPC, ours told from those that this plan didn't
    make."""
    gateways = ask.described("describe_internet_gateways", "InternetGateways", {"attachment.vpc-id": [vpc_id]})
    gateway = next((each["InternetGatewayId"] for each in gateways if not _ours(each, ask)), "")
    found = _endpoints_in(vpc_id, ask)
    ours = {_logical_id(each): tuple(each.get("RouteTableIds", ())) for each in found if _ours(each, ask)}
    return replace(facts, internet_gateway=gateway, endpoints=_others_among(found, ask), own_endpoints=ours)


def others_endpoints(vpc_id: str, ask: Asker) -> list[ExistingEndpoint]:
    """The endpoints of a VPC that this plan didn't make and that serve its machines. Raises Refused when AWS can't be
    read."""
    return _others_among(_endpoints_in(vpc_id, ask), ask)


def _endpoints_in(vpc_id: str, ask: Asker) -> list[Mapping[str, Any]]:
    found = ask.described("describe_vpc_endpoints", "VpcEndpoints", {"vpc-id": [vpc_id]})
    return [each for each in found if each["State"].casefold() in ("available", "pending")]


def _others_among(found: Sequence[Mapping[str, Any]], ask: Asker) -> list[ExistingEndpoint]:
    others = [each for each in found if not _ours(each, ask) and _serves(each)]
    groups = _groups_by_id([group["GroupId"] for each in others for group in each.get("Groups", ())], ask)
    return [_existing_endpoint(each, groups) for each in others]


def _ours(item: Mapping[str, Any], ask: Asker) -> bool:
    return any((tag["Key"], tag["Value"]) == (PLAN, ask.plan) for tag in item.get("Tags", ()))


def _logical_id(item: Mapping[str, Any]) -> str:
    return next((str(tag["Value"]) for tag in item.get("Tags", ()) if tag["Key"] == RESOURCE), "")


def _serves(endpoint: Mapping[str, Any]) -> bool:
    """Whether it answers under the service's usual name."""
    return endpoint["VpcEndpointType"] == "Gateway" or bool(endpoint.get("PrivateDnsEnabled"))


def _groups_by_id(ids: Sequence[str], ask: Asker) -> dict[str, Mapping[str, Any]]:
    """Security groups: those that exist, and that may be read."""
    if not ids:
        return {}
    filters = [{"Name": "group-id", "Values": sorted(set(ids))}]
    pages = ask.pages(read_if_allowed("ec2", "describe_security_groups", Filters=filters))
    return {each["GroupId"]: each for each in pages.items("ec2", "describe_security_groups", "SecurityGroups")}


def _existing_endpoint(endpoint: Mapping[str, Any], groups: Mapping[str, Mapping[str, Any]]) -> ExistingEndpoint:
    id, service = endpoint["VpcEndpointId"], endpoint["ServiceName"]
    if endpoint["VpcEndpointType"] != "Interface":
        return ExistingEndpoint(id, service, "Gateway", route_tables=tuple(endpoint.get("RouteTableIds", ())))
    own = [group["GroupId"] for group in endpoint.get("Groups", ())]
    rules = [rule for each in own for rule in groups.get(each, {}).get("IpPermissions", ()) if _is_https(rule)]
    named = any(rule.get("UserIdGroupPairs") or rule.get("PrefixListIds") for rule in rules)
    return ExistingEndpoint(
        id,
        service,
        "Interface",
        groups=own,
        admitted=[IPv4Network(each["CidrIp"]) for rule in rules for each in rule.get("IpRanges", ())],
        admits_more=named or not own or any(each not in groups for each in own),
    )


def _is_https(rule: Mapping[str, Any]) -> bool:
    """Whether a rule is about 443; -1 is every protocol, and then there are no ports."""
    if rule["IpProtocol"] == "-1":
        return True
    return rule["IpProtocol"] in ("tcp", "6") and rule.get("FromPort", 0) <= HTTPS <= rule.get("ToPort", 65535)


def _service_names(words: Sequence[str], ask: Asker) -> dict[str, str]:
    """AWS's names of the services that the words mean, by the names that we would write, where they differ."""
    pages = ask.pages(read("ec2", "describe_vpc_endpoint_services"))
    listed = {each["ServiceName"] for each in pages.items("ec2", "describe_vpc_endpoint_services", "ServiceDetails")}
    services = [service_of(word, ask.region) for word in words]
    names = {each.name: listed_as(each, ask.region, listed) for each in services if not each.service_region}
    return {ours: theirs for ours, theirs in names.items() if ours != theirs}


def _public_zone(domain: str, plan: Plan, ask: Asker) -> str:
    """The public zone of a domain. Raises Refused where there is none, or more than one."""
    pages = ask.pages(read("route53", "list_hosted_zones"))
    found = [
        zone["Id"].rpartition("/")[2]
        for zone in pages.items("route53", "list_hosted_zones", "HostedZones")
        if zone["Name"].rstrip(".") == domain and not zone.get("Config", {}).get("PrivateZone")
    ]
    if len(found) == 1:
        return str(found[0])
    place = plan.positions.get("openshift.publicZone") or plan.positions.get("openshift") or plan.file
    if found:
        raise Refused(
            f"{place}: there are several public zones of {domain}: {', '.join(sorted(found))}; name one of them as "
            "openshift.publicZone"
        )
    raise Refused(
        f"{place}: there is no public zone of {domain} in this account; set openshift.publicZone to create, to the id "
        "of a zone, or to none (the outputs then list the records to make elsewhere)"
    )


def _router(needed: RouterNeeded, ask: Asker) -> Balancer | None:
    """The load balancer of the cluster's router. Asks for the tags of every load balancer where only tags tell it."""
    pages = ask.pages(read("elbv2", "describe_load_balancers"), read("elb", "describe_load_balancers"))
    balancers = {
        each["LoadBalancerArn"]: Balancer(each["DNSName"], each.get("CanonicalHostedZoneId", ""))
        for each in pages.items("elbv2", "describe_load_balancers", "LoadBalancers")
        # Somebody's gateway balancer has no name.
        if each.get("DNSName")
    }
    classic = {
        each["LoadBalancerName"]: Balancer(each["DNSName"], each.get("CanonicalHostedZoneNameID", ""))
        for each in pages.items("elb", "describe_load_balancers", "LoadBalancerDescriptions")
    }
    if needed.dns_name:
        named = (each for each in (*balancers.values(), *classic.values()) if each.dns_name == needed.dns_name)
        return next(named, Balancer(needed.dns_name))
    wanted = {
        f"kubernetes.io/cluster/{needed.infra_id}": "owned",
        "kubernetes.io/service-name": ROUTER_SERVICE,
    }
    reads = [
        *(read("elbv2", "describe_tags", ResourceArns=part) for part in _parts(sorted(balancers))),
        *(read("elb", "describe_tags", LoadBalancerNames=part) for part in _parts(sorted(classic))),
    ]
    tagged = ask.pages(*reads)
    for item in (
        *tagged.items("elbv2", "describe_tags", "TagDescriptions"),
        *tagged.items("elb", "describe_tags", "TagDescriptions"),
    ):
        tags = {tag["Key"]: tag.get("Value", "") for tag in item["Tags"]}
        if wanted.items() <= tags.items():
            return balancers.get(item.get("ResourceArn", "")) or classic.get(item.get("LoadBalancerName", ""))
    return None


def _parts(names: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(names), _TAGS_AT_ONCE):
        yield names[start : start + _TAGS_AT_ONCE]


def _instances(addresses: Sequence[str], vpc_id: str, plan: Plan, ask: Asker) -> dict[str, str]:
    """Ids of the machines with these private addresses, in the existing VPC or in the one that the plan made."""
    vpcs = [vpc_id] if vpc_id else _made_vpcs(plan, ask)
    if not vpcs:
        return {}
    filters = {"private-ip-address": list(addresses), "vpc-id": vpcs}
    reservations = ask.described("describe_instances", "Reservations", filters)
    return {
        instance["PrivateIpAddress"]: instance["InstanceId"]
        for reservation in reservations
        for instance in reservation["Instances"]
        if instance["State"]["Name"] in ("pending", "running", "stopping", "stopped")
    }


def _made_vpcs(plan: Plan, ask: Asker) -> list[str]:
    return [vpc["VpcId"] for vpc in ask.described("describe_vpcs", "Vpcs", {f"tag:{PLAN}": [plan.name]})]

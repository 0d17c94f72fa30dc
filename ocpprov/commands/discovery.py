"""What must be asked of AWS before the openshift section can be expanded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from ocpprov.aws.errors import AwsError
from ocpprov.aws.reads import unreadable
from ocpprov.commands.aws_problems import problem_of
from ocpprov.commands.discovery_network import existing_subnets, owner_of, present_in
from ocpprov.commands.discovery_reader import DiscoveryReader, made_vpcs
from ocpprov.commands.discovery_router import find_router
from ocpprov.commands.exit_codes import Refused
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.ownership import RESOURCE, claimed_by, identity_tags
from ocpprov.engine.problem import Problem
from ocpprov.engine.resources import Live, Owner
from ocpprov.kinds.reads import Read, read
from ocpprov.openshift.aws_facts import UNKNOWN_ZONE
from ocpprov.openshift.expand import Facts, GivenBalancer, RouterNeeded, facts_needed, placeholder_facts
from ocpprov.openshift.naming import subnet_ids
from ocpprov.openshift.services import listed_as, service_of
from ocpprov.openshift.shared_network import shared_network_problems
from ocpprov.openshift.storage import IGNITION
from ocpprov.openshift.unread_facts import Fact
from ocpprov.plan.model import Plan
from ocpprov.plan.openshift_blocks import MAX_ZONES


def discover(plan: Plan, reader: DiscoveryReader, without: frozenset[str]) -> Facts:
    """Everything but the zones of our own subnets, for which `with_zones` needs the inventory. The services `without`
    aren't asked. Raises Refused when AWS can't be read, or answers what can't be used, and for what a plan asks for in
    the network of another account."""
    try:
        facts = _asked(plan, reader, without)
    except AwsError as error:
        raise Refused(problem_of(error)) from error
    if problems := owners_alone(plan, facts):
        raise Refused(*problems)
    return facts


def owners_alone(plan: Plan, facts: Facts) -> list[Problem]:
    """What the plan asks for in another account's network and only that one can make, each with its line. What isn't
    written follows from the network that is given."""
    section = plan.openshift
    if section is None:
        return []
    places, given = section.positions, "subnets" if section.subnets else "vpcID"
    return [
        replace(
            problem,
            where=str(places.get(f"openshift.{problem.where}") or places.get(f"openshift.{given}") or plan.file),
            detail=f"openshift.{problem.where}: {problem.detail}",
        )
        for problem in shared_network_problems(section, plan.region, facts)
    ]


def _asked(plan: Plan, reader: DiscoveryReader, without: frozenset[str]) -> Facts:
    needed, facts = facts_needed(plan), Facts()
    otherwise = placeholder_facts(plan)
    if needed.subnets:
        subnets = partial(existing_subnets, needed.subnets, reader)
        facts = replace(facts, subnets=reader.fact(Fact.SUBNETS, subnets, otherwise.subnets))
    vpc_id = needed.vpc_id or next((subnet.vpc_id for subnet in facts.subnets.values()), "")
    if needed.existing_vpc and vpc_id:
        facts = reader.fact(Fact.PRESENT, partial(_present, vpc_id, facts, reader), facts)
    if needed.public_zone:
        zone = partial(_public_zone, needed.public_zone, plan, reader)
        known = UNKNOWN_ZONE if "route53" in without else reader.fact(Fact.PUBLIC_ZONE, zone, UNKNOWN_ZONE)
        facts = replace(facts, public_zone=known)
    if needed.router:
        facts = replace(facts, router=reader.fact(Fact.ROUTER, partial(_router, needed.router, reader), None))
    if needed.instances:
        instances = partial(_instances, needed.instances, vpc_id, reader)
        facts = replace(facts, instances=reader.fact(Fact.INSTANCES, instances, {}))
    if needed.services:
        names = partial(_service_names, needed.services, reader)
        facts = replace(facts, service_names=reader.fact(Fact.SERVICE_NAMES, names, {}))
    return facts


def _present(vpc_id: str, facts: Facts, reader: DiscoveryReader) -> Facts:
    """The facts with whose the existing VPC is, and what is in it."""
    shared = next((subnet.owner for subnet in facts.subnets.values()), None)
    facts = replace(facts, network_owner=owner_of(vpc_id, reader) if shared is None else shared)
    return present_in(vpc_id, facts, reader)


def with_zones(plan: Plan, facts: Facts, inventory: Inventory, reader: DiscoveryReader) -> Facts:
    """The facts with the zone of each index: as our subnets have it, and the region's zones by name for the rest."""
    needed = facts_needed(plan).zones
    if not needed:
        return facts
    zones: dict[int, str] = {}
    for live in inventory.of("AWS::EC2::Subnet"):
        for index in range(MAX_ZONES):
            if claimed_by(live, reader.owner) and identity_tags(live).get(RESOURCE) in subnet_ids(index):
                zones.setdefault(index, _zone_of(live))
    if any(index not in zones for index in range(needed)):
        names = reader.fact(Fact.ZONES, partial(_zone_names, reader), list(placeholder_facts(plan).zones.values()))
        free = [zone for zone in names if zone not in zones.values()]
        for index in range(needed):
            if index not in zones:
                if not free:
                    raise Refused(f"{plan.file}: {plan.region} has fewer zones than openshift.zones asks for")
                zones[index] = free.pop(0)
    return replace(facts, zones=zones)


def with_ignition(facts: Facts, inventory: Inventory, owner: Owner) -> Facts:
    """The facts with whether bootstrap.ign of an earlier apply lies in the plan's bucket."""
    uploaded = any(
        claimed_by(live, owner) and identity_tags(live).get(RESOURCE) == IGNITION
        for live in inventory.of("Ocpprov::S3::Object")
    )
    return replace(facts, ignition=uploaded)


def given_ids(facts: Facts) -> frozenset[str]:
    """Ids of existing things that the plan means without naming them: found by name, or what named subnets lie in."""
    networks = {subnet.vpc_id for subnet in facts.subnets.values()}
    return frozenset({facts.public_zone, facts.internet_gateway, *networks} - {"", UNKNOWN_ZONE})


def _zone_of(subnet: Live) -> str:
    """The zone of a subnet of ours. Without it nobody knows where the rest belongs."""
    zone = subnet.properties.get("AvailabilityZone")
    if not isinstance(zone, str):
        error = unreadable("DescribeSubnets", f"the answer lacks AvailabilityZone where SubnetId is {subnet.id}")
        raise Refused(problem_of(error)) from error
    return zone


def _zone_names(reader: DiscoveryReader) -> list[str]:
    pages = reader.pages(zone_names_read())
    try:
        found = pages.items("ec2", "describe_availability_zones", "AvailabilityZones")
        return sorted(zone["ZoneName"] for zone in found)
    except AwsError as error:
        raise Refused(problem_of(error)) from error


def zone_names_read() -> Read:
    """The call for the zones of the region that are in use."""
    filters = {"zone-type": ["availability-zone"], "state": ["available"]}
    named = [{"Name": name, "Values": values} for name, values in filters.items()]
    return read("ec2", "describe_availability_zones", Filters=named)


def _service_names(words: Sequence[str], reader: DiscoveryReader) -> dict[str, str]:
    """AWS's names of the services that the words mean, by the names that we would write, where they differ."""
    pages = reader.pages(read("ec2", "describe_vpc_endpoint_services"))
    listed = {each["ServiceName"] for each in pages.items("ec2", "describe_vpc_endpoint_services", "ServiceDetails")}
    services = [service_of(word, reader.owner.region) for word in words]
    names = {each.name: listed_as(each, reader.owner.region, listed) for each in services if not each.service_region}
    return {ours: theirs for ours, theirs in names.items() if ours != theirs}


def public_zones(reader: DiscoveryReader) -> dict[str, str]:
    """The names of the account's public zones, without the last dot, by id. Raises Refused when AWS can't be read."""
    pages = reader.pages(read("route53", "list_hosted_zones"))
    return {
        zone["Id"].rpartition("/")[2]: zone["Name"].rstrip(".")
        for zone in pages.items("route53", "list_hosted_zones", "HostedZones")
        if not zone.get("Config", {}).get("PrivateZone")
    }


def _public_zone(domain: str, plan: Plan, reader: DiscoveryReader) -> str:
    """The public zone of a domain. Raises Refused where there is none, or more than one."""
    found = [id for id, name in public_zones(reader).items() if name == domain]
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


def _router(needed: RouterNeeded, reader: DiscoveryReader) -> GivenBalancer | None:
    """The load balancer of the cluster's router. One that the plan names may be outside of this account."""
    found = find_router(needed, reader)
    if found:
        return found.balancer
    return GivenBalancer(needed.dns_name) if needed.dns_name else None


def _instances(addresses: Sequence[str], vpc_id: str, reader: DiscoveryReader) -> dict[str, str]:
    """Ids of the machines with these private addresses, in the existing VPC or in the one that the plan made."""
    vpcs = [vpc_id] if vpc_id else made_vpcs(reader)
    if not vpcs:
        return {}
    filters = {"private-ip-address": list(addresses), "vpc-id": vpcs}
    reservations = reader.described("describe_instances", "Reservations", filters)
    return {
        instance["PrivateIpAddress"]: instance["InstanceId"]
        for reservation in reservations
        for instance in reservation["Instances"]
        if instance["State"]["Name"] in ("pending", "running", "stopping", "stopped")
    }

"""VPC endpoints: S3's gateway as in template 01_vpc.yaml, and interfaces to the services that the plan lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from ipaddress import IPv4Network
from typing import Final

from ocpprov.engine.resources import Resource
from ocpprov.engine.values import GetAtt, Ref, Value
from ocpprov.openshift.aws_facts import ExistingEndpoint, ExistingSubnet, machine_subnets
from ocpprov.openshift.layout import Layout
from ocpprov.openshift.services import S3_GATEWAY, S3_INTERFACE, EndpointService, service_of
from ocpprov.plan.model import EndpointSettings, OpenShift
from ocpprov.plan.openshift_blocks import subnet_blocks

GROUP: Final = "EndpointSecurityGroup"
_HTTPS_PORT: Final = 443


def endpoints(layout: Layout) -> Iterator[Resource]:
    """The endpoints that the VPC doesn't have already, and the group of the interfaces."""
    gateways, interfaces = made_services(layout)
    for service in gateways:
        yield _gateway(layout, service)
    if interfaces:
        yield _group(layout)
    for service in interfaces:
        yield _interface(layout, service)


def services(layout: Layout) -> list[EndpointService]:
    """What the plan lists, each service once, whoever makes its endpoint."""
    listed = (service_meant(layout, word) for word in layout.section.endpoints)
    return list({each.logical_id: each for each in listed}.values())


def service_meant(layout: Layout, word: str) -> EndpointService:
    """What a word of the plan means, by the name that AWS has for it."""
    known = service_of(word, layout.region)
    return replace(known, name=layout.facts.service_names.get(known.name, known.name))


def settings_of(layout: Layout, service: EndpointService) -> EndpointSettings:
    """How the plan wants the endpoint of a service."""
    given = layout.section.endpoint_settings
    found = (each for word, each in given.items() if service_meant(layout, word).logical_id == service.logical_id)
    return next(found, EndpointSettings())


def has_own_name(layout: Layout, service: EndpointService) -> bool:
    """Whether the plan wants the service's own name answered by the endpoint."""
    return settings_of(layout, service).private_dns_enabled


def made_services(layout: Layout) -> tuple[list[EndpointService], list[EndpointService]]:
    """What gets an endpoint of ours: gateways and interfaces.

    Two gateways to one service do no harm in a VPC as long as their route tables differ; a second interface with
    private DNS is refused by AWS, and one without does no harm. One that we have already is ours to keep, whatever
    others make beside it. In a VPC of another account none is made.
    """
    if layout.facts.network_owner:
        return [], []
    listed, ours = services(layout), layout.facts.own_endpoints
    gateways = [each for each in listed if each.type == "Gateway"]
    interfaces = [each for each in listed if each.type == "Interface"]
    return (
        [
            each
            for each in gateways
            if gateway_tables(layout, each) or (each.logical_id in ours and layout.private_tables)
        ],
        [
            each
            for each in interfaces
            if each.logical_id in ours
            or not has_own_name(layout, each)
            or not layout.existing_endpoints(each.name, each.type)
        ],
    )


def unreached(layout: Layout) -> list[EndpointService]:
    """What the plan lists and neither an endpoint of ours nor somebody else's leads to."""
    made = {each.logical_id for group in made_services(layout) for each in group if has_own_name(layout, each)}
    listed = [service for service in services(layout) if service.logical_id not in made]
    return [service for service in listed if not served_by_others(layout, service)]


def why_unreached(layout: Layout, service: EndpointService) -> str:
    """What keeps the machines from a service that the plan lists, and what helps."""
    others = layout.existing_endpoints(service.name, service.type)
    there = " and ".join(each.id for each in others)
    if not others and layout.facts.network_owner:
        return f"no endpoint of {service.name} is to be seen: account {layout.facts.network_owner} owns the VPC"
    if not has_own_name(layout, service):
        told = "a private hosted zone with an alias to the endpoint, or serviceEndpoints in install-config.yaml"
        return f"{service.logical_id} has no private DNS: the cluster finds {service.name} only by {told}"
    beside = f"{there} isn't on all of the machines' route tables, and " if others else ""
    return f"nothing leads to {service.name}: {beside}its gateway needs openshift.routeTables"


def has_others(layout: Layout, service: EndpointService) -> bool:
    """Whether somebody else's endpoint has the service's own name in the VPC."""
    return has_own_name(layout, service) and bool(layout.existing_endpoints(service.name, service.type))


def across_zones(layout: Layout) -> Iterator[str]:
    """Which of the services that the plan lists are reached through other people's interfaces in other zones only: that
    way bills by the byte, and is cut where those zones are."""
    made = {each.logical_id for each in made_services(layout)[1] if has_own_name(layout, each)}
    for service in (each for each in services(layout) if each.type == "Interface" and each.logical_id not in made):
        for each in layout.existing_endpoints(service.name, service.type):
            if far := ", ".join(each.not_in(layout.machine_zones)):
                yield f"machines in {far} reach {service.name} across zones: {each.id} has no subnet there"


def served_by_others(layout: Layout, service: EndpointService) -> bool:
    """Whether the machines reach a service through endpoints that aren't ours: those in the VPC, and those of another
    network whose addresses a private zone has."""
    others = layout.existing_endpoints(service.name, service.type)
    if service.type == "Gateway":
        tables = layout.machine_tables
        return bool(tables) and set(tables) <= {table for each in others for table in each.route_tables}
    return layout.is_answered(service.host) or any(not _shut_out(layout, each) for each in others)


def machine_blocks(section: OpenShift, subnets: Mapping[str, ExistingSubnet]) -> list[IPv4Network]:
    """Where the machines are: their subnets among those that the plan names, or the private ones that it makes."""
    if section.subnets:
        return [IPv4Network(subnet.cidr) for subnet in machine_subnets(section, subnets)]
    zones = section.zones if isinstance(section.zones, int) else len(section.zones)
    return list(subnet_blocks(section).private[:zones])


def _shut_out(layout: Layout, endpoint: ExistingEndpoint) -> list[IPv4Network]:
    return endpoint.shut_out(machine_blocks(layout.section, layout.facts.subnets))


def s3_endpoint_ids(layout: Layout) -> list[Value]:
    """Every endpoint through which the machines reach S3: ours, and other people's that serve them."""
    gateways, interfaces = made_services(layout)
    made = {service.logical_id: service for service in (*gateways, *interfaces)}
    ids: list[Value] = []
    for each in (service_meant(layout, word) for word in (S3_GATEWAY, S3_INTERFACE)):
        if each.logical_id in made:
            ids.append(Ref(each.logical_id))
        others = layout.existing_endpoints(each.name, each.type)
        tables = {*layout.machine_tables, *(table.id for table in layout.private_tables)}
        ids.extend(sorted(one.id for one in others if one.type == "Interface" or tables & set(one.route_tables)))
    return ids


def gateway_tables(layout: Layout, service: EndpointService) -> list[Value]:
    """The tables that get a route to a gateway: all of ours; existing ones unless somebody's gateway is on them, as a
    table takes one route to a service. A table that our gateway is on stays its own."""
    tables: list[Value] = [Ref("PublicRouteTable")] if layout.zones and layout.public_subnets else []
    others = layout.existing_endpoints(service.name, service.type)
    own = layout.facts.own_endpoints.get(service.logical_id, ())
    taken = {table for each in others for table in each.route_tables} - set(own)
    tables.extend(table.id for table in layout.private_tables if table.id not in taken)
    return tables


def _gateway(layout: Layout, service: EndpointService) -> Resource:
    allow_all: Value = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}],
    }
    properties: dict[str, Value] = {
        "VpcId": layout.vpc,
        "VpcEndpointType": "Gateway",
        "ServiceName": service.name,
        "RouteTableIds": gateway_tables(layout, service),
        "PolicyDocument": allow_all,
    }
    return Resource(service.logical_id, "AWS::EC2::VPCEndpoint", properties)


def _interface(layout: Layout, service: EndpointService) -> Resource:
    properties: dict[str, Value] = {
        "VpcId": layout.vpc,
        "VpcEndpointType": "Interface",
        "ServiceName": service.name,
        "SubnetIds": _subnets(layout, service),
        "SecurityGroupIds": [GetAtt(GROUP, "GroupId")],
        "PrivateDnsEnabled": has_own_name(layout, service),
    }
    if service.service_region:
        properties["ServiceRegion"] = service.service_region
    if service.logical_id != service_of(S3_INTERFACE, layout.region).logical_id or not has_own_name(layout, service):
        return Resource(service.logical_id, "AWS::EC2::VPCEndpoint", properties)
    return _s3_interface(layout, service, properties)


def _subnets(layout: Layout, service: EndpointService) -> list[Value]:
    """The private subnets, those of its zones where the plan names any. Raises ValueError for a zone without one."""
    wanted = settings_of(layout, service).zones
    if wanted is None:
        return list(layout.private_subnets)
    by_zone = dict(zip(layout.machine_zones, layout.private_subnets, strict=True))
    if missing := [zone for zone in wanted if zone not in by_zone]:
        where = f"openshift.endpoints: the endpoint of {service.name} can't be in {', '.join(missing)}"
        raise ValueError(f"{where}: the cluster has private subnets in {', '.join(by_zone)}; name those in its zones")
    return [subnet for zone, subnet in by_zone.items() if zone in wanted]


def _s3_interface(layout: Layout, service: EndpointService, properties: dict[str, Value]) -> Resource:
    """S3's private DNS answers only on-premises resolvers unless told otherwise, and needs a gateway beside it then."""
    gateway = service_meant(layout, S3_GATEWAY)
    made = gateway.logical_id in {each.logical_id for each in made_services(layout)[0]}
    beside = made or served_by_others(layout, gateway)
    resolvers = "OnlyInboundResolver" if beside else "AllResolvers"
    options: Value = {"PrivateDnsOnlyForInboundResolverEndpoint": resolvers}
    return Resource(
        service.logical_id,
        "AWS::EC2::VPCEndpoint",
        {**properties, "DnsOptions": options},
        depends_on=(gateway.logical_id,) if made else (),
    )


def _group(layout: Layout) -> Resource:
    sources: Sequence[str] = [str(network) for network in layout.machine_networks]
    return Resource(
        GROUP,
        "AWS::EC2::SecurityGroup",
        {
            "GroupDescription": "VPC endpoints",
            "VpcId": layout.vpc,
            "SecurityGroupIngress": [
                {"IpProtocol": "tcp", "FromPort": _HTTPS_PORT, "ToPort": _HTTPS_PORT, "CidrIp": source}
                for source in sources
            ],
        },
    )

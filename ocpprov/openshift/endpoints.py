"""VPC endpoints: S3's gateway as in template 01_vpc.yaml, and interfaces to the services that the plan lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from ocpprov.engine.resources import Resource
from ocpprov.engine.values import GetAtt, Ref, Value
from ocpprov.openshift.layout import Layout
from ocpprov.openshift.services import S3_GATEWAY, S3_INTERFACE, EndpointService, service_of

GROUP: Final = "EndpointSecurityGroup"
HTTPS: Final = 443


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


def made_services(layout: Layout) -> tuple[list[EndpointService], list[EndpointService]]:
    """What gets an endpoint of ours: gateways and interfaces.

    Two gateways to one service do no harm in a VPC as long as their route tables differ; a second interface with
    private DNS is refused by AWS.
    """
    listed = services(layout)
    gateways = [each for each in listed if each.type == "Gateway" and gateway_tables(layout, each)]
    interfaces = [each for each in listed if each.type == "Interface"]
    return gateways, [each for each in interfaces if not layout.existing_endpoint(each.name, each.type)]


def unreached(layout: Layout) -> list[EndpointService]:
    """What the plan lists and neither an endpoint of ours nor somebody else's leads to."""
    made = {service.logical_id for group in made_services(layout) for service in group}
    listed = [service for service in services(layout) if service.logical_id not in made]
    return [service for service in listed if not layout.existing_endpoint(service.name, service.type)]


def s3_endpoint_ids(layout: Layout) -> list[Value]:
    """Every endpoint through which S3 is reached from this VPC."""
    gateways, interfaces = made_services(layout)
    made = {service.logical_id: service for service in (*gateways, *interfaces)}
    ids: list[Value] = []
    for each in (service_meant(layout, word) for word in (S3_GATEWAY, S3_INTERFACE)):
        other = layout.existing_endpoint(each.name, each.type)
        if each.logical_id in made:
            ids.append(Ref(each.logical_id))
        if other:
            ids.append(other.id)
    return ids


def gateway_tables(layout: Layout, service: EndpointService) -> list[Value]:
    """The tables that get a route to a gateway: all of ours; existing ones unless somebody's gateway serves them."""
    tables: list[Value] = [Ref("PublicRouteTable")] if layout.zones and layout.public_subnets else []
    served = layout.existing_endpoint(service.name, service.type) is not None
    tables.extend(table.id for table in layout.private_tables if isinstance(table.id, Ref) or not served)
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
        "SubnetIds": list(layout.private_subnets),
        "SecurityGroupIds": [GetAtt(GROUP, "GroupId")],
        "PrivateDnsEnabled": True,
    }
    if service.service_region:
        properties["ServiceRegion"] = service.service_region
    if service.logical_id != service_of(S3_INTERFACE, layout.region).logical_id:
        return Resource(service.logical_id, "AWS::EC2::VPCEndpoint", properties)
    return _s3_interface(layout, service, properties)


def _s3_interface(layout: Layout, service: EndpointService, properties: dict[str, Value]) -> Resource:
    """S3's private DNS answers only on-premises resolvers unless told otherwise, and needs a gateway beside it then."""
    gateway = service_meant(layout, S3_GATEWAY)
    made = gateway.logical_id in {each.logical_id for each in made_services(layout)[0]}
    beside = made or layout.existing_endpoint(gateway.name, gateway.type) is not None
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
                {"IpProtocol": "tcp", "FromPort": HTTPS, "ToPort": HTTPS, "CidrIp": source} for source in sources
            ],
        },
    )

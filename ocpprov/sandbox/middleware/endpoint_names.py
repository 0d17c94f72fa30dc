"""A VPC answers a name once: by a private zone, or by one endpoint with private DNS."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ocpprov.sandbox.exchange import Answer, Request, error
from ocpprov.sandbox.middleware.contract import Aws

_ZONE_REQUESTS = ("CreateHostedZone", "AssociateVPCWithHostedZone")


class EndpointNames:
    """Code and sentence of EC2 as public issues quote them (terraform-provider-aws 17535), Route 53's as for two zones
    (terraform-provider-aws 37783)."""

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """The refusal, if there is one."""
        if request.service == "route53" and request.operation in _ZONE_REQUESTS:
            return _zone_refused(request, aws)
        if request.service != "ec2":
            return None
        backend, wanted = aws.ec2(request), request.get("PrivateDnsEnabled").lower()
        if request.operation == "CreateVpcEndpoint" and request.get("VpcEndpointType").lower() == "interface":
            # Where nothing is said, the names are answered.
            vpc, service, own, wanted = request.get("VpcId"), request.get("ServiceName"), "", wanted or "true"
        elif request.operation == "ModifyVpcEndpoint" and request.get("VpcEndpointId") in backend.vpc_end_points:
            endpoint = backend.vpc_end_points[request.get("VpcEndpointId")]
            vpc, service, own = endpoint.vpc_id, endpoint.service_name, endpoint.id
        else:
            return None
        if wanted != "true":
            return None
        others = [each for each in _with_names(backend, vpc) if each.service_name == service and each.id != own]
        zones = [zone for zone in _zones(aws.route53(request), vpc) if zone.name.rstrip(".") == _host(service)]
        if not others and not zones:
            return None
        message = (
            "private-dns-enabled cannot be set because there is already a conflicting DNS domain for "
            f"{_host(service)} in the VPC {vpc}"
        )
        return error(request, "InvalidParameter", message)

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """Unchanged."""
        return answer


def _zone_refused(request: Request, aws: Aws) -> Answer | None:
    vpc, name = request.get("VPC/VPCId"), request.get("Name")
    if not vpc:
        return None
    if request.operation == "AssociateVPCWithHostedZone":
        zone = aws.route53(request).zones.get(request.get("HostedZoneId"))
        name = zone.name if zone else ""
    backend = aws.ec2(replace(request, region=request.get("VPC/VPCRegion")))
    if not any(_host(each.service_name) == name.rstrip(".") for each in _with_names(backend, vpc)):
        return None
    message = (
        f"The VPC {vpc} in region {request.get('VPC/VPCRegion')} has already been associated with the hosted zone of "
        "an endpoint with the same domain name."
    )
    return error(request, "ConflictingDomainExists", message)


def _with_names(backend: Any, vpc: str) -> Iterator[Any]:
    for each in backend.vpc_end_points.values():
        named = str(each.private_dns_enabled).lower() == "true"
        if each.vpc_id == vpc and named and (each.vpc_endpoint_type or "").lower() == "interface":
            yield each


def _zones(backend: Any, vpc: str) -> Iterator[Any]:
    for zone in backend.zones.values():
        if any(each.get("vpc_id") == vpc for each in zone.vpcs):
            yield zone


def _host(service: str) -> str:
    """The name that private DNS answers for: the service's, turned round."""
    return ".".join(reversed(service.split(".")))

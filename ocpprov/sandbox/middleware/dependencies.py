"""AWS doesn't delete, detach or release what something else still needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ocpprov.sandbox.exchange import Answer, Request, error
from ocpprov.sandbox.middleware.contract import Aws
from ocpprov.sandbox.middleware.nat_gateways import is_live

_Check = Callable[[Request, Any], Answer | None]


class Dependencies:
    """Refuses in AWS's words; what passes goes on to moto."""

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """The refusal, if there is one."""
        check = _CHECKS.get(request.operation) if request.service == "ec2" else None
        return check(request, aws.ec2(request)) if check else None

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """Unchanged."""
        return answer


def _delete_subnet(request: Request, backend: Any) -> Answer | None:
    subnet = request.get("SubnetId")
    gateways = (gateway for gateway in _live_gateways(backend) if gateway.subnet_id == subnet)
    interfaces = (interface for interface in backend.enis.values() if interface.subnet.id == subnet)
    if any(gateways) or any(interfaces):
        return _violation(request, f"The subnet '{subnet}' has dependencies and cannot be deleted.")
    return None


def _delete_security_group(request: Request, backend: Any) -> Answer | None:
    group_id = request.get("GroupId")
    for group in _groups(backend):
        if group.id == group_id and group.name == "default":
            message = f'the specified group: "{group_id}" name: "default" cannot be deleted by a user'
            return error(request, "CannotDelete", message)
        if group.id == group_id and _holders(backend, group_id):
            return _violation(request, f"resource {group_id} has a dependent object")
        rules = (*group.ingress_rules, *group.egress_rules)
        if group.id != group_id and any(group_id in _mentioned(rule) for rule in rules):
            return _violation(request, f"resource {group_id} has a dependent object")
    return None


def _release_address(request: Request, backend: Any) -> Answer | None:
    allocation = request.get("AllocationId")
    address = next((each for each in backend.addresses if each.allocation_id == allocation), None)
    if address is None or not address.association_id:
        return None
    if any(address.eni is gateway._eni for gateway in _live_gateways(backend)):
        return error(request, "AuthFailure", "You do not have permission to access the specified resource.")
    return error(request, "InvalidIPAddress.InUse", f"Address {address.public_ip} is in use.")


def _detach_internet_gateway(request: Request, backend: Any) -> Answer | None:
    vpc = request.get("VpcId")
    public = (gateway for gateway in _live_gateways(backend) if gateway.connectivity_type != "private")
    if any(gateway.vpc_id == vpc for gateway in public):
        message = f"Network {vpc} has some mapped public address(es). Please unmap those before detaching the gateway."
        return _violation(request, message)
    return None


def _delete_route_table(request: Request, backend: Any) -> Answer | None:
    table = backend.route_tables.get(request.get("RouteTableId"))
    if table is not None and table.main_association_id:
        return _violation(request, f"The routeTable '{table.id}' has dependencies and cannot be deleted.")
    return None


def _delete_vpc(request: Request, backend: Any) -> Answer | None:
    vpc = request.get("VpcId")
    attached = any(each.vpc is not None and each.vpc.id == vpc for each in backend.internet_gateways.values())
    endpoints = any(each.vpc_id == vpc for each in backend.vpc_end_points.values())
    own_groups = any(each.vpc_id == vpc and each.name != "default" for each in _groups(backend))
    own_acls = any(each.vpc_id == vpc and each.default is not True for each in backend.network_acls.values())
    if attached or endpoints or own_groups or own_acls:
        return _violation(request, f"The vpc '{vpc}' has dependencies and cannot be deleted.")
    return None


def _associate_route_table(request: Request, backend: Any) -> Answer | None:
    wanted, subnet = request.get("RouteTableId"), request.get("SubnetId")
    for table in backend.route_tables.values():
        if subnet and table.id != wanted and subnet in table._associations.values():
            message = f"the specified association for route table {wanted} conflicts with an existing association"
            return error(request, "Resource.AlreadyAssociated", message)
    return None


_CHECKS: Mapping[str, _Check] = {
    "AssociateRouteTable": _associate_route_table,
    "DeleteRouteTable": _delete_route_table,
    "DeleteSecurityGroup": _delete_security_group,
    "DeleteSubnet": _delete_subnet,
    "DeleteVpc": _delete_vpc,
    "DetachInternetGateway": _detach_internet_gateway,
    "ReleaseAddress": _release_address,
}


def _violation(request: Request, message: str) -> Answer:
    return error(request, "DependencyViolation", message)


def _live_gateways(backend: Any) -> Iterator[Any]:
    return (gateway for gateway in backend.nat_gateways.values() if is_live(gateway))


def _groups(backend: Any) -> Iterator[Any]:
    return (group for of_vpc in backend.groups.values() for group in of_vpc.values())


def _holders(backend: Any, group_id: str) -> list[Any]:
    """The interfaces that are in the group."""
    return [each for each in backend.enis.values() if any(group.id == group_id for group in each.group_set)]


def _mentioned(rule: Any) -> set[str]:
    """The groups a rule names; moto keeps one or a list of them, by the kind of rule."""
    sources = rule.source_group if isinstance(rule.source_group, list) else [rule.source_group or {}]
    return {source.get("GroupId", "") for source in sources}

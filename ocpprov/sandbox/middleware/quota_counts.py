"""How much there is of what a quota limits, and how much a request adds to it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, Final, TypeAlias

from ocpprov.sandbox.exchange import Request
from ocpprov.sandbox.middleware.contract import Aws

Count: TypeAlias = Callable[[Request, Aws], int]

_V4: Final = re.compile(r"IpPermissions\.\d+\.(IpRanges\.\d+\.CidrIp|Groups\.\d+\.GroupId)$")
_V6: Final = re.compile(r"IpPermissions\.\d+\.(Ipv6Ranges\.\d+\.CidrIpv6|Groups\.\d+\.GroupId)$")
_LISTS: Final = re.compile(r"IpPermissions\.\d+\.PrefixListIds\.\d+\.PrefixListId$")
_LAST_ENTRY: Final = 32767
_SPACE: Final = re.compile(r"\s")


def in_region(things: Callable[[Request, Aws], Iterable[Any]]) -> Count:
    """All of them."""
    return lambda request, aws: sum(1 for _ in things(request, aws))


def in_network(things: Callable[[Request, Aws], Iterable[Any]]) -> Count:
    """Those in the VPC of the new one."""
    return lambda request, aws: sum(each.vpc_id == request.get("VpcId") for each in things(request, aws))


def one(request: Request, aws: Aws) -> int:
    """What most requests make."""
    return 1


def groups(request: Request, aws: Aws) -> Iterable[Any]:
    return [each for own in aws.ec2(request).groups.values() for each in own.values()]


def subnets(request: Request, aws: Aws) -> Iterable[Any]:
    return [subnet for zone in aws.ec2(request).subnets.values() for subnet in zone.values()]


def gateways(request: Request, aws: Aws) -> int:
    """NAT gateways in the zone of the new one."""
    zones = {subnet.id: subnet.availability_zone for subnet in subnets(request, aws)}
    wanted = zones.get(request.get("SubnetId"))
    return sum(
        each.state not in ("deleted", "failed") and (wanted is None or zones.get(each.subnet_id) == wanted)
        for each in aws.ec2(request).nat_gateways.values()
    )


def endpoints(request: Request, aws: Aws, type: str) -> list[Any]:
    """Those of a type that aren't on their way out."""
    return [
        each
        for each in aws.ec2(request).vpc_end_points.values()
        if (each.vpc_endpoint_type or "Gateway") == type and each.state.lower() not in ("deleting", "deleted")
    ]


def is_interface(request: Request) -> bool:
    return request.get("VpcEndpointType") == "Interface"


def rules(request: Request, aws: Aws, direction: str) -> int:
    """The rules of a group in one direction, as far as they are in the way of the new ones: each family of addresses
    has a quota of its own, and what names a group or a prefix list counts for both."""
    group = next((each for each in groups(request, aws) if each.id == request.get("GroupId")), None)
    there = (group.ingress_rules if direction == "in" else group.egress_rules) if group else ()
    v4, v6 = (sum(other not in rule.ip_range for rule in there) for other in ("CidrIpv6", "CidrIp"))
    adds_v4, adds_v6 = _adds_v4(request), _adds_v6(request)
    return max(v4 + adds_v4 if adds_v4 else 0, v6 + adds_v6 if adds_v6 else 0) - new_rules(request, aws)


def new_rules(request: Request, aws: Aws) -> int:
    """How many rules a call brings: each address, group or prefix list is one."""
    return max(_adds_v4(request), _adds_v6(request))


def _adds_v4(request: Request) -> int:
    return sum(bool(_V4.match(key) or _LISTS.match(key)) for key in request.parameters)


def _adds_v6(request: Request) -> int:
    return sum(bool(_V6.match(key) or _LISTS.match(key)) for key in request.parameters)


def entries(request: Request, aws: Aws) -> int:
    """The entries of an ACL in the direction of the new one, AWS's own last one included."""
    found = aws.ec2(request).network_acls.get(request.get("NetworkAclId"))
    wanted = request.get("Egress").lower()
    there = found.network_acl_entries if found else ()
    # moto gives it to default ACLs only.
    return len({int(each.rule_number) for each in there if str(each.egress).lower() == wanted} | {_LAST_ENTRY})


def routes(request: Request, aws: Aws) -> int:
    """The routes of a table that somebody has made."""
    found = aws.ec2(request).route_tables.get(request.get("RouteTableId"))
    return sum(not each.local for each in found.routes) if found else 0


def blocks(request: Request, aws: Aws) -> int:
    """The blocks of a VPC that are there or on their way."""
    found = aws.ec2(request).vpcs.get(request.get("VpcId"))
    there = found.cidr_block_association_set if found else ()
    return sum(each["cidr_block_state"]["state"] in ("associated", "associating") for each in there)


def attachments(request: Request, aws: Aws) -> int:
    """Those of the VPC of the new one."""
    return sum(
        getattr(each, "vpc_id", "") == request.get("VpcId") and each.state not in ("deleted", "deleting", "failed")
        for each in aws.ec2(request).transit_gateway_attachments.values()
    )


def peerings(request: Request, aws: Aws) -> int:
    """Those of the VPC that asks for one."""
    return sum(
        request.get("VpcId") in (each.vpc.id, each.peer_vpc.id)
        and each._status.code in ("active", "pending-acceptance")
        for each in aws.ec2(request).vpc_pcxs.values()
    )


def listeners(request: Request, aws: Aws) -> int:
    """Those of a load balancer."""
    found = aws.elbv2(request).load_balancers.get(request.get("LoadBalancerArn"))
    return len(found.listeners) if found else 0


def targets(request: Request, aws: Aws) -> int:
    """Those of a target group."""
    found = aws.elbv2(request).target_groups.get(request.get("TargetGroupArn"))
    return len(found.targets) if found else 0


def new_targets(request: Request, aws: Aws) -> int:
    return sum(bool(re.fullmatch(r"Targets\.member\.\d+\.Id", key)) for key in request.parameters)


def records(request: Request, aws: Aws) -> int:
    """Those of a zone, AWS's own included."""
    found = aws.route53(request).zones.get(request.get("HostedZoneId"))
    return len(found.rrsets) if found else 0


def new_records(request: Request, aws: Aws) -> int:
    """What a change adds: an UPSERT may change what is there."""
    actions = request.elements("ChangeBatch/Changes/Change/Action")
    return actions.count("CREATE") - actions.count("DELETE")


def zone_networks(request: Request, aws: Aws) -> int:
    """The VPCs of a private zone."""
    found = aws.route53(request).zones.get(request.get("HostedZoneId"))
    return len(found.vpcs) if found else 0


def attached_policies(request: Request, aws: Aws) -> int:
    """The managed policies of a role, without the one that is attached again."""
    found = _role(request, aws)
    return len({*found.managed_policies} - {request.get("PolicyArn")}) if found else 0


def inline_characters(request: Request, aws: Aws) -> int:
    """The characters of a role's inline policies, without spaces, and without the one that is written anew."""
    found = _role(request, aws)
    kept = found.policies.items() if found else ()
    return sum(_characters(document) for name, document in kept if name != request.get("PolicyName"))


def document_characters(request: Request, aws: Aws) -> int:
    """The characters of a policy, without spaces."""
    return _characters(request.get("PolicyDocument"))


def trust_characters(request: Request, aws: Aws) -> int:
    return _characters(request.get("AssumeRolePolicyDocument"))


def nothing(request: Request, aws: Aws) -> int:
    """What is limited is what the request brings."""
    return 0


def interface_groups(request: Request, aws: Aws) -> int:
    return len(request.values("SecurityGroupId"))


def _role(request: Request, aws: Aws) -> Any:
    roles = aws.iam(request).roles.values()
    return next((each for each in roles if each.name == request.get("RoleName")), None)


def _characters(document: object) -> int:
    return len(_SPACE.sub("", str(document)))

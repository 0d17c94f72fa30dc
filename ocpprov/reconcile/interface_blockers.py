"""Network interfaces that keep a subnet, a group or a VPC: ours and going, or a stranger's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from ocpprov.aws.errors import AwsError
from ocpprov.engine.resources import Live
from ocpprov.kinds.reads import Pages, Read, read
from ocpprov.reconcile.blocker import Blocker
from ocpprov.reconcile.context import Context
from ocpprov.reconcile.interface_owners import Interface, OwnerSort, interface_of

_FILTERS: Final[Mapping[str, str]] = {
    "AWS::EC2::EIP": "association.allocation-id",
    "AWS::EC2::Subnet": "subnet-id",
    "AWS::EC2::SecurityGroup": "group-id",
    "AWS::EC2::VPC": "vpc-id",
    "AWS::EC2::VPCGatewayAttachment": "vpc-id",
}
_GOING: Final = frozenset({"deleting", "deleted", "failed"})
_GUARD_DUTY: Final = ".guardduty-data"
_MANAGED_GROUP: Final = "GuardDutyManagedSecurityGroup-"


def interface_blockers(live: Live, context: Context) -> Iterator[Blocker]:
    """Interfaces of others that keep what is to be deleted, and those that a service is about to take away; none of
    those that go with what we delete. Raises AwsError."""
    filter_name = _FILTERS.get(live.type)
    if filter_name is None:
        return
    vpc = live.id if live.type == "AWS::EC2::VPC" else str(live.properties.get("VpcId", ""))
    within = vpc if filter_name == "vpc-id" else live.id
    # An address lies in no VPC.
    in_vpc = {"Filter": [{"Name": "vpc-id", "Values": [vpc]}]} if vpc else {}
    interfaces_there = read("ec2", "describe_network_interfaces", Filters=[{"Name": filter_name, "Values": [within]}])
    pages = Pages(context.reader.read([interfaces_there, read("ec2", "describe_nat_gateways", **in_vpc)]))
    gateways = {each["NatGatewayId"]: each for each in pages.items("ec2", "describe_nat_gateways", "NatGateways")}
    interfaces = [
        _with_gateway(interface_of(item), gateways)
        for item in pages.items("ec2", "describe_network_interfaces", "NetworkInterfaces")
    ]
    if live.type == "AWS::EC2::VPCGatewayAttachment":
        # Only public addresses keep a gateway.
        interfaces = [each for each in interfaces if each.public]
    theirs = [each for each in interfaces if not is_ours(each, context)]
    standing = _Standing(theirs, gateways, context)
    for each in theirs:
        if blocker := _blocker(each, standing):
            yield blocker


def step_about(live: Live) -> str:
    """What to do about an endpoint or a group that GuardDuty made in a VPC; empty where it didn't."""
    service, name = live.properties.get("ServiceName"), live.properties.get("GroupName")
    made = str(service or "").endswith(_GUARD_DUTY) or str(name or "").startswith(_MANAGED_GROUP)
    return _unguard(str(live.properties.get("VpcId", ""))) if made else ""


def _unguard(vpc: str) -> str:
    return (
        f"delete GuardDuty's endpoint, and when it is gone the group {_MANAGED_GROUP}{vpc}: GuardDuty makes them again "
        "only while machines run in the VPC and its automated agent is on"
    )


def _with_gateway(interface: Interface, gateways: Mapping[str, Mapping[str, Any]]) -> Interface:
    """A NAT gateway says which interfaces are its own."""
    for id, gateway in gateways.items():
        addresses = gateway.get("NatGatewayAddresses", ())
        if any(address.get("NetworkInterfaceId") == interface.id for address in addresses):
            return replace(interface, sort=OwnerSort.NAT_GATEWAY, owner=id)
    return interface


def is_ours(interface: Interface, context: Context) -> bool:
    """Whether it is of something that is, or was, this plan's: it goes with that."""
    match interface.sort:
        case OwnerSort.LOAD_BALANCER:
            classic = context.live_state.ours_ever("AWS::ElasticLoadBalancing::LoadBalancer")
            others = context.live_state.ours_ever("AWS::ElasticLoadBalancingV2::LoadBalancer")
            names = [*(live.id for live in classic), *(live.id.partition(":loadbalancer/")[2] for live in others)]
            return interface.owner in names
        case OwnerSort.ENDPOINT:
            return _is_one_of(interface, context, "AWS::EC2::VPCEndpoint")
        case OwnerSort.NAT_GATEWAY:
            return _is_one_of(interface, context, "AWS::EC2::NatGateway")
        case OwnerSort.ATTACHMENT:
            return _is_one_of(interface, context, "AWS::EC2::TransitGatewayAttachment")
    return False


def _is_one_of(interface: Interface, context: Context, type: str) -> bool:
    return interface.owner in {live.id for live in context.live_state.ours_ever(type)}


class _Standing:
    """Which owners of interfaces are there. What isn't any more, or is being deleted, lets go by itself, whoever
    deleted it. What nobody may look at counts as being there."""

    def __init__(
        self, interfaces: Sequence[Interface], gateways: Mapping[str, Mapping[str, Any]], context: Context
    ) -> None:
        self._gateways = gateways
        wanted = {each: _look(each) for each in interfaces}
        looks = [look for look in dict.fromkeys(wanted.values()) if look]
        answers: Mapping[Read, Any] = context.reader.attempt(looks) if looks else {}
        self._found = {each: answers[look] for each, look in wanted.items() if look}

    def of(self, interface: Interface) -> Mapping[str, Any] | None:
        """The owner, as AWS lists it; nothing where it is gone or going, an empty one where AWS didn't tell."""
        if interface.sort is OwnerSort.NAT_GATEWAY:
            gateway = self._gateways.get(interface.owner)
            return None if gateway is None or _is_going(gateway) else gateway
        found = self._found[interface]
        if isinstance(found, AwsError):
            return {}
        items = (item for page in found for items in page.values() if isinstance(items, list) for item in items)
        return next((item for item in items if _is(item, interface) and not _is_going(item)), None)


def _look(interface: Interface) -> Read | None:
    """What tells whether the owner is there."""
    match interface.sort:
        case OwnerSort.ENDPOINT:
            return read("ec2", "describe_vpc_endpoints", VpcEndpointIds=[interface.owner])
        case OwnerSort.ATTACHMENT:
            named = [{"Name": "transit-gateway-attachment-id", "Values": [interface.owner]}]
            return read("ec2", "describe_transit_gateway_vpc_attachments", Filters=named)
        case OwnerSort.LOAD_BALANCER if "/" in interface.owner:
            return read("elbv2", "describe_load_balancers", Names=[interface.owner.split("/")[1]])
        case OwnerSort.LOAD_BALANCER:
            return read("elb", "describe_load_balancers", LoadBalancerNames=[interface.owner])
    return None


def _is(item: Mapping[str, Any], interface: Interface) -> bool:
    """Whether a listed thing is the owner: a balancer of the same name may have been made anew."""
    arn = item.get("LoadBalancerArn")
    return arn is None or str(arn).endswith(f":loadbalancer/{interface.owner}")


def _is_going(item: Mapping[str, Any]) -> bool:
    state = item.get("State")
    return isinstance(state, str) and state.lower() in _GOING


def _blocker(interface: Interface, standing: _Standing) -> Blocker | None:
    """Who holds on by it; nobody where it goes with what is gone, or nothing says whose it is."""
    at = f"network interface {interface.id}"
    described = f"{at}: {interface.description}" if interface.description else at
    match interface.sort:
        case OwnerSort.UNSAID:
            return None
        case OwnerSort.SERVICE if interface.service:
            return Blocker(f"{interface.service.what} ({described})", interface.service.step, going=interface.lingers)
        case OwnerSort.SERVICE:
            by = f" of {interface.requester}" if interface.requester else ""
            return Blocker(
                f"a service of AWS ({described}{by})", "delete what the interface belongs to in that service"
            )
        case OwnerSort.INSTANCE:
            return Blocker(f"instance {interface.owner} ({described})")
        case OwnerSort.NOBODY:
            text = f" ({interface.description})" if interface.description else ""
            return Blocker(f"{at}{text}")
    owner = standing.of(interface)
    if owner is None:
        return None
    what = f"{interface.sort.value} {interface.owner} ({at})"
    if str(owner.get("ServiceName", "")).endswith(_GUARD_DUTY):
        return Blocker(f"GuardDuty's {what}", _unguard(str(owner.get("VpcId", ""))))
    # AWS refuses to delete what a service looks after.
    return Blocker(
        what, "delete what it belongs to in the service that made it" if owner.get("RequesterManaged") else ""
    )

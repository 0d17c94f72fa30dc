"""Who holds on to something that AWS refuses to delete: ours, AWS's own and about to go, or a stranger's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ocpprov.engine.resources import Live
from ocpprov.engine.suggestion import allow_option
from ocpprov.kinds.contract import Kind, Pages, Read, read
from ocpprov.reconcile.context import Context
from ocpprov.reconcile.in_use_by import in_use_by
from ocpprov.reconcile.observe import observe_kind

_INTERFACE_FILTERS: Final[Mapping[str, str]] = {
    "AWS::EC2::Subnet": "subnet-id",
    "AWS::EC2::SecurityGroup": "group-id",
    "AWS::EC2::VPC": "vpc-id",
}
_OWNERS: Final = ("ELB ", "VPC Endpoint Interface ")
"""How the descriptions begin that name whose an interface is."""
_IN_A_VPC: Final = (
    "AWS::EC2::Subnet",
    "AWS::EC2::SecurityGroup",
    "AWS::EC2::RouteTable",
    "AWS::EC2::NetworkAcl",
    "AWS::EC2::VPCEndpoint",
)


class Blocked(Exception):
    """A deletion that waiting won't help: somebody else's things are in the way."""

    def __init__(self, live: Live, held_by: Sequence[str]) -> None:
        super().__init__(
            f"{live.type} {live.id} can't be deleted: {'; '.join(held_by)} {'is' if len(held_by) == 1 else 'are'} "
            "not of this plan; remove it by hand or with its own tool, then run the same command again"
        )
        self.live = live
        self.held_by = held_by


@dataclass(frozen=True)
class _Interface:
    id: str
    description: str
    managed: bool
    owner: str


def dependents_of_others(live: Live, context: Context) -> list[str]:
    """What of other people's holds the resource, each in words; empty when only ours or AWS's own is left, which goes
    away by itself. Raises AwsError."""
    found = [*_foreign_interfaces(live, context), *in_use_by(live, context)]
    if live.type == "AWS::EC2::VPC":
        found += [what for type in _IN_A_VPC for what in _foreign_in_vpc(context.kinds[type], live, context)]
    if live.type == "AWS::EC2::SecurityGroup":
        found += _foreign_rules(live, context)
    if live.type == "AWS::Route53::HostedZone":
        found += _foreign_records(live, context)
    return found


def _foreign_interfaces(live: Live, context: Context) -> Iterator[str]:
    filter_name = _INTERFACE_FILTERS.get(live.type)
    if filter_name is None:
        return
    wanted = read("ec2", "describe_network_interfaces", Filters=[{"Name": filter_name, "Values": [live.id]}])
    gateways = read("ec2", "describe_nat_gateways", Filter=[{"Name": "vpc-id", "Values": [_vpc_of(live)]}])
    pages = Pages(context.reader.read([wanted, gateways]))
    owned = set(_gateway_interfaces(pages))
    ours = set(_names_on_interfaces(context))
    for interface in map(_interface, pages.items("ec2", "describe_network_interfaces", "NetworkInterfaces")):
        if interface.owner and interface.owner not in ours:
            yield f"{interface.owner} (network interface {interface.id})"
        elif not interface.managed and interface.id not in owned:
            text = f" ({interface.description})" if interface.description else ""
            yield f"network interface {interface.id}{text}"


def _vpc_of(live: Live) -> str:
    return live.id if live.type == "AWS::EC2::VPC" else str(live.properties.get("VpcId", ""))


def _interface(item: Mapping[str, Any]) -> _Interface:
    managed = bool(item.get("RequesterManaged")) or item.get("InterfaceType") in (
        "nat_gateway",
        "network_load_balancer",
        "vpc_endpoint",
        "gateway_load_balancer",
    )
    description = item.get("Description", "")
    owner = description if description.startswith(_OWNERS) else ""
    return _Interface(item["NetworkInterfaceId"], description, managed, owner)


def _names_on_interfaces(context: Context) -> Iterator[str]:
    """How our balancers and endpoints, deleted ones included, call themselves on their interfaces."""
    for live in context.live_state.ours_ever("AWS::EC2::VPCEndpoint"):
        yield f"VPC Endpoint Interface {live.id}"
    for live in context.live_state.ours_ever("AWS::ElasticLoadBalancing::LoadBalancer"):
        yield f"ELB {live.id}"
    for live in context.live_state.ours_ever("AWS::ElasticLoadBalancingV2::LoadBalancer"):
        yield f"ELB {live.id.partition(':loadbalancer/')[2]}"


def _gateway_interfaces(pages: Pages) -> Iterator[str]:
    """Interfaces of NAT gateways, deleted but still listed ones included: they belong to what names them."""
    for gateway in pages.items("ec2", "describe_nat_gateways", "NatGateways"):
        for address in gateway.get("NatGatewayAddresses", ()):
            if address.get("NetworkInterfaceId"):
                yield address["NetworkInterfaceId"]


def _foreign_in_vpc(kind: Kind, vpc: Live, context: Context) -> Iterator[str]:
    for live in observe_kind(kind, context.live_state.found(), context.reader):
        if live.properties.get("VpcId") == vpc.id and not live.service_owned and not context.live_state.is_ours(live):
            yield f"{live.type} {live.id}{_claim_of(live, context)}"


def _claim_of(live: Live, context: Context) -> str:
    """What else may be done about what carries this plan's tags and isn't proven to be its own."""
    return f" (or, if it is this plan's, add {allow_option(live.id)})" if context.live_state.is_claimed(live) else ""


def _foreign_rules(group: Live, context: Context) -> Iterator[str]:
    wanted: Read = read(
        "ec2", "describe_security_groups", Filters=[{"Name": "ip-permission.group-id", "Values": [group.id]}]
    )
    pages = Pages(context.reader.read([wanted]))
    for item in pages.items("ec2", "describe_security_groups", "SecurityGroups"):
        tags = {tag["Key"]: tag["Value"] for tag in item.get("Tags", ())}
        other = Live(group.type, item["GroupId"], {}, tags=tags)
        if other.id != group.id and not context.live_state.is_ours(other):
            yield f"a rule of security group {other.id}"


def _foreign_records(zone: Live, context: Context) -> Iterator[str]:
    kind = context.kinds["AWS::Route53::RecordSet"]
    for live in observe_kind(kind, context.live_state.found(), context.reader):
        if live.properties.get("HostedZoneId") == zone.id and not live.service_owned:
            yield f"record {live.properties.get('Name')} {live.properties.get('Type')}"

"""What no table can say about the second layer: resources that don't fit each other, or the openshift section."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network
from typing import Final

from ocpprov.engine.resources import Resource
from ocpprov.engine.values import Ref, Value
from ocpprov.plan.domains import is_refused
from ocpprov.plan.model import OpenShift
from ocpprov.plan.problems import PlanError
from ocpprov.plan.sections import IN_TAGS, in_words, strange_in_tags
from ocpprov.plan.template import Template

MACHINE_CONFIG_PORT: Final = 22623
"""Where machines fetch their configuration, secrets included: never for anybody outside."""

_VPC: Final = "AWS::EC2::VPC"
_BALANCER: Final = "AWS::ElasticLoadBalancingV2::LoadBalancer"
_CLASSIC: Final = "AWS::ElasticLoadBalancing::LoadBalancer"
_EXTERNAL_BALANCERS: Final = ("ExtApiElb", "ExtApiClassicElb")
_PRIVATE_ZONE: Final = "IntDns"
_PUBLIC_ZONE: Final = "ExtDns"


@dataclass(frozen=True)
class Surroundings:
    """A template together with what the openshift section makes: `made` are the section's ids with their types.
    `user_tags` are the plan's, which go on everything."""

    template: Template
    section: OpenShift | None = None
    made: Mapping[str, str] = field(default_factory=dict)
    user_tags: Mapping[str, str] = field(default_factory=dict)

    def networks_of(self, vpc: Value) -> Sequence[IPv4Network]:
        """Every block of a VPC of this plan; empty where they aren't known."""
        if not isinstance(vpc, Ref):
            return ()
        if self.section and self.made.get(vpc.logical_id) == _VPC:
            return self.section.networks
        own = self.template.resources.get(vpc.logical_id)
        if own is None or _block(own) is None:
            return ()
        added = (one for one in self._of_type("AWS::EC2::VPCCidrBlock") if one.properties.get("VpcId") == vpc)
        blocks = [_block(one) for one in (own, *added)]
        return () if None in blocks else [block for block in blocks if block is not None]

    def faces_the_internet(self, balancer: Value) -> bool:
        """Whether a balancer, by its reference, is known to be there for everybody."""
        if not isinstance(balancer, Ref):
            return False
        if balancer.logical_id in self.made:
            return balancer.logical_id in _EXTERNAL_BALANCERS
        own = self.template.resources.get(balancer.logical_id)
        return own is not None and own.type in (_BALANCER, _CLASSIC) and _is_external(own)

    def domain_of(self, zone: Value) -> str:
        """The domain of a zone of this plan, without the last dot; empty where it isn't known."""
        if not isinstance(zone, Ref):
            return ""
        if self.section and zone.logical_id in self.made:
            known = {_PRIVATE_ZONE: self.section.cluster_domain, _PUBLIC_ZONE: self.section.base_domain}
            return known.get(zone.logical_id, "")
        own = self.template.resources.get(zone.logical_id)
        return _domain(own.properties.get("Name")) if own else ""

    def problems(self) -> Iterator[PlanError]:
        """Everything that is wrong, each at the property's place."""
        for resource in self.template.resources.values():
            yield from self._tags(resource)
            match resource.type:
                case "AWS::EC2::Subnet":
                    yield from self._subnet(resource)
                case "AWS::ElasticLoadBalancingV2::Listener":
                    yield from self._listener(resource)
                case "AWS::ElasticLoadBalancing::LoadBalancer":
                    yield from self._classic(resource)
                case "AWS::ElasticLoadBalancingV2::TargetGroup":
                    yield from self._targets(resource)
                case "AWS::Route53::HostedZone":
                    yield from self._zone(resource)
                case "AWS::Route53::RecordSet":
                    yield from self._record(resource, "Name", resource.properties, {})
                case "AWS::Route53::RecordSetGroup":
                    for row in _mappings(resource.properties.get("RecordSets")):
                        yield from self._record(resource, "RecordSets", row, resource.properties)

    def _of_type(self, type: str) -> list[Resource]:
        return [one for one in self.template.resources.values() if one.type == type]

    def _wrong(self, resource: Resource, key: str, message: str, hint: str = "") -> PlanError:
        path = f"{self.template.paths[resource.logical_id]}.Properties.{key}"
        return PlanError(self.template.positions[path], path, message, hint)

    def _tags(self, resource: Resource) -> Iterator[PlanError]:
        """Tags as the resource's own service takes them: EC2 any character, the others few, and IAM knows no case."""
        for name in ("Tags", "HostedZoneTags"):
            rows = _mappings(resource.properties.get(name))
            keys = [key for row in rows if isinstance(key := row.get("Key"), str)]
            for key in keys:
                if key.casefold().startswith("aws:"):
                    yield self._wrong(resource, name, f"{key} can't be a tag", "aws: is AWS's own, in capitals too")
            if not resource.type.startswith("AWS::EC2::"):
                texts = [text for row in rows for text in row.values() if isinstance(text, str)]
                if strange := strange_in_tags("".join(texts)):
                    yield self._wrong(resource, name, f"{in_words(strange)} can't be in a tag here", IN_TAGS)
            if resource.type.startswith("AWS::IAM::"):
                yield from self._same_to_iam(resource, name, keys)

    def _same_to_iam(self, resource: Resource, name: str, keys: Sequence[str]) -> Iterator[PlanError]:
        first = {key.casefold(): key for key in ("Name", *self.user_tags)}
        for key in keys:
            other = first.setdefault(key.casefold(), key)
            if other != key:
                message = f"{key} and {other} are one tag to IAM, which doesn't know case"
                yield self._wrong(resource, name, message, f"write {other}")

    def _subnet(self, subnet: Resource) -> Iterator[PlanError]:
        vpc, block = subnet.properties.get("VpcId"), _block(subnet)
        if not isinstance(vpc, Ref) or block is None:
            return
        networks = self.networks_of(vpc)
        if networks and not any(block.subnet_of(network) for network in networks):
            shown = " and ".join(map(str, networks))
            yield self._wrong(subnet, "CidrBlock", f"{block} is outside {vpc.logical_id}'s {shown}")
        for other in self._of_type(subnet.type):
            if other.logical_id == subnet.logical_id:
                return
            other_block = _block(other)
            if other.properties.get("VpcId") == vpc and other_block is not None and block.overlaps(other_block):
                yield self._wrong(subnet, "CidrBlock", f"{block} overlaps {other.logical_id}'s {other_block}")

    def _listener(self, listener: Resource) -> Iterator[PlanError]:
        balancer = listener.properties.get("LoadBalancerArn")
        if listener.properties.get("Port") == MACHINE_CONFIG_PORT and self.faces_the_internet(balancer):
            name = balancer.logical_id if isinstance(balancer, Ref) else ""
            yield self._machine_configs(listener, "Port", name)

    def _classic(self, balancer: Resource) -> Iterator[PlanError]:
        ports = [str(row.get("LoadBalancerPort")) for row in _mappings(balancer.properties.get("Listeners"))]
        if str(MACHINE_CONFIG_PORT) in ports and _is_external(balancer):
            yield self._machine_configs(balancer, "Listeners", balancer.logical_id)

    def _machine_configs(self, resource: Resource, key: str, balancer: str) -> PlanError:
        message = f"{MACHINE_CONFIG_PORT} on {balancer} would give machine configurations to the internet"
        return self._wrong(resource, key, message, "put it on the internal load balancer")

    def _targets(self, group: Resource) -> Iterator[PlanError]:
        networks = self.networks_of(group.properties.get("VpcId"))
        if not networks or group.properties.get("TargetType") != "ip":
            return
        for target in _mappings(group.properties.get("Targets")):
            address = _address(target.get("Id"))
            # AWS takes addresses outside the VPC, but only when they are said to be in all zones.
            outside = address is not None and not any(address in network for network in networks)
            if outside and target.get("AvailabilityZone") != "all":
                shown = " and ".join(map(str, networks))
                hint = "an address in it, or AvailabilityZone: all for one beyond"
                yield self._wrong(group, "Targets", f"{address} is outside the VPC's {shown}", hint)

    def _zone(self, zone: Resource) -> Iterator[PlanError]:
        name = _domain(zone.properties.get("Name"))
        if is_refused(name) and not zone.properties.get("VPCs"):
            message = f"Route 53 makes no public zone of {name}: it is reserved"
            yield self._wrong(zone, "Name", message, "a domain of your own, or VPCs that make it a private zone")

    def _record(
        self, resource: Resource, key: str, row: Mapping[str, Value], group: Mapping[str, Value]
    ) -> Iterator[PlanError]:
        name = _domain(row.get("Name"))
        zone = row.get("HostedZoneId", group.get("HostedZoneId"))
        zone_name = _domain(row.get("HostedZoneName", group.get("HostedZoneName")))
        domain = self.domain_of(zone) or zone_name
        if name and domain and name != domain and not name.endswith(f".{domain}"):
            yield self._wrong(resource, key, f"{name} is not in the zone of {domain}", f"such as www.{domain}")


def _mappings(value: Value) -> list[Mapping[str, Value]]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        return []
    return [item for item in value if isinstance(item, Mapping)]


def _is_external(balancer: Resource) -> bool:
    """Balancers face the internet unless they say otherwise."""
    return balancer.properties.get("Scheme", "internet-facing") == "internet-facing"


def _domain(value: Value) -> str:
    return value.removesuffix(".").lower() if isinstance(value, str) else ""


def _block(resource: Resource) -> IPv4Network | None:
    value = resource.properties.get("CidrBlock")
    try:
        return IPv4Network(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _address(value: Value) -> IPv4Address | None:
    try:
        return IPv4Address(value) if isinstance(value, str) else None
    except ValueError:
        return None

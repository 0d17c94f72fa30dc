"""What AWS has of a VPC with a whole cluster in it, as values: two zones, NAT gateways, balancers, names and roles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from ocpprov.engine.resources import Live
from ocpprov.openshift.private_zones import PrivateZone
from ocpprov.openshift.role_policies import RolePolicies
from ocpprov.openshift.vpc_survey import (
    BALANCER,
    LISTENER,
    PROFILE,
    RECORD,
    ROLE,
    TARGET,
    TARGET_GROUP,
    VPC,
    ZONE,
    NamedGroup,
    SurveyedSubnet,
    VpcSurvey,
)
from ocpprov.reachability.network import (
    ALL_PROTOCOLS,
    AclEntry,
    GroupRule,
    NatGateway,
    Network,
    NetworkAcl,
    Route,
    RouteTable,
    SecurityGroup,
    Subnet,
    Via,
)
from ocpprov.reachability.spans import ALL_PORTS, Span, addresses

NAME: Final = "prod"
BASE: Final = "example.com"
DOMAIN: Final = f"{NAME}.{BASE}"
INFRA: Final = "prod-x7k2p"
CLUSTER: Final = f"kubernetes.io/cluster/{INFRA}"
EVERYWHERE: Final = addresses("0.0.0.0/0")
BLOCK: Final = addresses("10.0.0.0/16")
PRIVATE: Final = ("subnet-private-a", "subnet-private-b")
PUBLIC: Final = ("subnet-public-a", "subnet-public-b")
_BLOCKS: Final = {
    "subnet-private-a": "10.0.16.0/20",
    "subnet-private-b": "10.0.32.0/20",
    "subnet-public-a": "10.0.0.0/24",
    "subnet-public-b": "10.0.1.0/24",
}
_ROLE: Final = {"private": "kubernetes.io/role/internal-elb", "public": "kubernetes.io/role/elb"}
INTERNAL: Final = f"arn:lb/{INFRA}-int"
EXTERNAL: Final = f"arn:lb/{INFRA}-ext"
_TRUST: Final[dict[str, Any]] = {
    "Statement": [{"Effect": "Allow", "Principal": {"Service": ["ec2.amazonaws.com"]}, "Action": ["sts:AssumeRole"]}]
}
BROAD: Final = RolePolicies(
    [{"Statement": {"Effect": "Allow", "Action": ["ec2:*", "elasticloadbalancing:*"], "Resource": "*"}}]
)
"""As the documentation's table has it."""


def survey(**changes: Any) -> VpcSurvey:
    """Everything is there. `changes` are members of the survey in the place of its own."""
    return replace(
        VpcSurvey(
            vpc=Live(VPC, "vpc-1", {"CidrBlock": "10.0.0.0/16", "EnableDnsSupport": True, "EnableDnsHostnames": True}),
            network=network(),
            region="eu-west-1",
            account="123456789012",
            subnets={id: surveyed(id) for id in (*PRIVATE, *PUBLIC)},
            groups=named_groups(default="default", master=f"{INFRA}-master-sg", worker=f"{INFRA}-worker-sg"),
            lives=lives(),
            all_balancers=frozenset({"int.elb.eu-west-1.amazonaws.com", "ext.elb.eu-west-1.amazonaws.com"}),
            role_policies={f"{INFRA}-{machine}-role": BROAD for machine in ("master", "worker", "bootstrap")},
            private_zones=[PrivateZone("ZPRIVATE", DOMAIN, records=frozenset({f"api.{DOMAIN}", f"api-int.{DOMAIN}"}))],
        ),
        **changes,
    )


def surveyed(id: str, **changes: Any) -> SurveyedSubnet:
    """One of the four subnets, tagged for the cluster and by its side."""
    _, side, letter = id.split("-")
    zone = f"eu-west-1{letter}"
    tags = {CLUSTER: "shared", _ROLE[side]: ""}
    return replace(SurveyedSubnet(id, zone, tags, free=4000, zone_type="availability-zone"), **changes)


def untagged(**changes: Any) -> dict[str, SurveyedSubnet]:
    """All subnets without any tag; `changes` for all."""
    return {id: surveyed(id, **{"tags": {}, **changes}) for id in (*PRIVATE, *PUBLIC)}


def named_groups(**names: str) -> dict[str, NamedGroup]:
    """By the last part of their ids."""
    return {f"sg-{id}": NamedGroup(f"sg-{id}", name) for id, name in names.items()}


def network(**changes: Any) -> Network:
    """Its tables lead each private subnet to its zone's NAT gateway, the public ones to the internet."""
    local = Route("local", Via.LOCAL, BLOCK)
    out = Route("igw-1", Via.INTERNET_GATEWAY, EVERYWHERE)
    tables = {"rtb-public": RouteTable("rtb-public", (local, out))}
    for letter in "ab":
        way = Route(f"nat-{letter}", Via.NAT_GATEWAY, EVERYWHERE)
        tables[f"rtb-private-{letter}"] = RouteTable(f"rtb-private-{letter}", (local, way))
    everything = AclEntry(100, True, ALL_PROTOCOLS, EVERYWHERE)
    rule = GroupRule("sgr-all", ALL_PROTOCOLS, ALL_PORTS, EVERYWHERE)
    wide = {id: SecurityGroup(id, (rule,), (rule,)) for id in ("sg-default", "sg-master", "sg-worker")}
    return replace(
        Network(
            "vpc-1",
            (BLOCK,),
            {id: Subnet(id, addresses(_BLOCKS[id]), surveyed(id).zone, _table(id), "acl-1") for id in _BLOCKS},
            wide,
            {"acl-1": NetworkAcl("acl-1", (everything,), (everything,))},
            tables,
            {f"nat-{letter}": NatGateway(f"nat-{letter}", f"subnet-public-{letter}") for letter in "ab"},
        ),
        **changes,
    )


def _table(subnet: str) -> str:
    return "rtb-public" if "public" in subnet else subnet.replace("subnet", "rtb")


def with_route(table: str, *routes: Route) -> Network:
    """The network with other routes beside the local one in a table."""
    found = network()
    changed = RouteTable(table, (Route("local", Via.LOCAL, BLOCK), *routes))
    return replace(found, route_tables={**found.route_tables, table: changed})


def lives(**changes: Sequence[Live]) -> Mapping[str, Sequence[Live]]:
    """By type; `changes` by the names below."""
    named = {
        "balancers": [balancer("int", "internal", PRIVATE), balancer("ext", "internet-facing", PUBLIC)],
        "listeners": [listener("int", 6443, "aint"), listener("int", 22623, "sint"), listener("ext", 6443, "aext")],
        "groups": [group("aint", 6443), group("aext", 6443), group("sint", 22623, HealthCheckPath="/healthz")],
        "targets": [],
        "zones": [Live(ZONE, "ZPUBLIC", {"Name": BASE}), Live(ZONE, "ZPRIVATE", {"Name": DOMAIN, "VPCs": [{}]})],
        "records": [
            record("ZPUBLIC", "api", "ext.elb.eu-west-1.amazonaws.com"),
            record("ZPRIVATE", "api", "int.elb.eu-west-1.amazonaws.com"),
            record("ZPRIVATE", "api-int", "int.elb.eu-west-1.amazonaws.com"),
        ],
        "roles": [role("master"), role("worker")],
        "profiles": [profile("master"), profile("worker")],
        **changes,
    }
    return {type: named[name] for name, type in _TYPES.items()}


_TYPES: Final = {
    "balancers": BALANCER,
    "listeners": LISTENER,
    "groups": TARGET_GROUP,
    "targets": TARGET,
    "zones": ZONE,
    "records": RECORD,
    "roles": ROLE,
    "profiles": PROFILE,
}


def balancer(end: str, scheme: str, subnets: Sequence[str], **changes: Any) -> Live:
    """A network balancer; its ARN and its DNS name have the end of its name."""
    properties = {
        "Name": f"{INFRA}-{end}",
        "Type": "network",
        "Scheme": scheme,
        "Subnets": list(subnets),
        "LoadBalancerAttributes": {"load_balancing.cross_zone.enabled": "true"},
        **changes,
    }
    attributes = {"DNSName": f"{end}.elb.eu-west-1.amazonaws.com", "CanonicalHostedZoneID": "ZELB"}
    return Live(BALANCER, f"arn:lb/{INFRA}-{end}", properties, attributes)


def listener(end: str, port: int, group: str) -> Live:
    """Of the balancer whose name has this end."""
    actions: Any = [{"Type": "forward", "TargetGroupArn": f"arn:tg/{group}"}]
    properties = {"LoadBalancerArn": f"arn:lb/{INFRA}-{end}", "Port": port, "DefaultActions": actions}
    return Live(LISTENER, f"arn:listener/{end}/{port}", properties)


def group(name: str, port: int, **changes: Any) -> Live:
    """A target group with health checks as documented."""
    properties = {
        "Name": name,
        "Port": port,
        "Protocol": "TCP",
        "TargetType": "ip",
        "HealthCheckProtocol": "HTTPS",
        "HealthCheckPath": "/readyz",
        "HealthCheckPort": "traffic-port",
        **changes,
    }
    return Live(TARGET_GROUP, f"arn:tg/{name}", properties)


def target(name: str, address: str) -> Live:
    """A registered target of a group."""
    return Live(TARGET, f"{name}|{address}", {"TargetGroupArn": f"arn:tg/{name}", "Id": address})


def record(zone: str, host: str, leads_to: str) -> Live:
    """An alias of the cluster's."""
    properties: dict[str, Any] = {
        "HostedZoneId": zone,
        "Name": f"{host}.{DOMAIN}",
        "Type": "A",
        "AliasTarget": {"DNSName": leads_to, "HostedZoneId": "ZELB"},
    }
    return Live(RECORD, f"{zone} {host}", properties)


def role(machine: str, **changes: Any) -> Live:
    """Trusted by EC2."""
    return Live(ROLE, f"{INFRA}-{machine}-role", {"AssumeRolePolicyDocument": _TRUST, **changes})


def profile(machine: str, *roles: str, name: str = "") -> Live:
    """With the machine's role, or with these."""
    own = name or f"{INFRA}-{machine}-profile"
    return Live(PROFILE, f"arn:profile/{own}", {"Roles": list(roles or [f"{INFRA}-{machine}-role"])}, ref=own)


def span(block: str) -> Span:
    return addresses(block)

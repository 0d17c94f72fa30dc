"""What stands, in a rehearsal, for what a plan names and somebody else has made: networks, zones, addresses, a lock's
bucket. It is made before time begins to count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from itertools import cycle
from math import ceil, log2
from typing import Any, Final

from ocpprov.aws.clients import Clients
from ocpprov.aws.errors import describe, is_aws_error
from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.plan_scope import ids_given
from ocpprov.engine.plurals import number_of
from ocpprov.engine.problem import Problem
from ocpprov.openshift.aws_facts import facts_needed
from ocpprov.plan.model import OpenShift, Plan
from ocpprov.plan.openshift_subnet_roles import public_roles

_IN_VPC: Final = ("vpc", "subnet", "rtb", "sg", "igw", "acl", "pcx")
_ALONE: Final = ("eipalloc", "dopt", "tgw")
_SMALLEST: Final = 28
"""The longest prefix of a subnet."""
_SOMEWHERE: Final = IPv4Network("10.0.0.0/16")
_ELSEWHERE: Final = IPv4Network("192.168.248.0/24")


@dataclass
class StandIns:
    """`replaced` are the plan's ids, with those of what stands for them; `said` is what there is, in sentences."""

    replaced: dict[str, str] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)


def make_stand_ins(plan: Plan, clients: Clients) -> StandIns:
    """Make them. Raises Refused for ids of what nothing can stand for, and for what AWS wouldn't have."""
    ids = ids_by_prefix(plan)
    peered = () if "vpc" in ids or "subnet" in ids else ("pcx",)
    known = {*_IN_VPC, *_ALONE, "Z"} - {*peered}
    if strange := sorted(id for prefix, named in ids.items() if prefix not in known for id in named):
        remedy = "rehearse the plan without them"
        raise Refused(Problem(plan.file, f"{', '.join(strange)}: a rehearsal has nothing to stand for that", remedy))
    try:
        return _made(plan, ids, clients)
    except Exception as error:
        if not is_aws_error(error) and not isinstance(error, ValueError):
            raise
        said = error if isinstance(error, ValueError) else describe(error)
        detail = f"what it names as existing can't be as it says: {said}"
        raise Refused(Problem(plan.file, detail, "correct the blocks, zones and ids of what is there")) from error


def _made(plan: Plan, ids: Mapping[str, Sequence[str]], clients: Clients) -> StandIns:
    made = StandIns()
    needed = facts_needed(plan)
    if needed.existing_vpc or any(prefix in ids for prefix in _IN_VPC):
        _network(plan, ids, clients, made)
    _alone(ids, clients, made)
    _zones(plan, ids, clients, made)
    if plan.lock:
        _bucket(plan, clients, made)
    return made


def ids_by_prefix(plan: Plan) -> Mapping[str, Sequence[str]]:
    """The ids of existing things that stand in a plan, by what they begin with; `Z` for hosted zones."""
    found: dict[str, list[str]] = {}
    section = plan.openshift
    given = section.subnets if section else ()
    ways = section.transit if section else ()
    through = {id for way in ways for id in (way.transit_gateway_id, way.peering_connection_id) if id}
    # The plan's order of subnets is that of their sides and zones.
    for id in [*given, *sorted((ids_given(plan) | through) - set(given))]:
        found.setdefault(id.partition("-")[0] if "-" in id else "Z", []).append(id)
    return found


def sides(section: OpenShift | None, subnets: Sequence[str]) -> Mapping[str, bool]:
    """Which of the subnets are public: by their roles; else, where the cluster is published, the second half."""
    if section is None or section.publish == "Internal":
        return dict.fromkeys(subnets, False)
    if section.subnet_roles:
        public = set(public_roles(section))
        return {id: bool(public & section.subnet_roles.get(id, frozenset())) for id in subnets}
    return {id: number >= ceil(len(subnets) / 2) for number, id in enumerate(subnets)}


def carved(block: IPv4Network, number: int) -> list[IPv4Network]:
    """So many equal blocks, as large as can be. Raises ValueError where there is no room for them."""
    prefix = block.prefixlen + ceil(log2(max(number, 1)))
    if prefix > _SMALLEST:
        raise ValueError(f"{block} has no room for {number_of(number, 'subnet')}")
    return list(block.subnets(new_prefix=prefix))[:number]


def _network(plan: Plan, ids: Mapping[str, Sequence[str]], clients: Clients, made: StandIns) -> None:
    """One VPC for each that is named, all else in the first."""
    ec2, section = clients.ec2, plan.openshift
    blocks = list(section.machine_networks) if section else [_block_of(plan)]
    networks = ids.get("vpc") or ["(of the subnets)"]
    vpc = ""
    for number, given in enumerate(networks):
        block = blocks[0] if number == 0 else IPv4Network(f"10.{200 + number}.0.0/16")
        own = ec2.create_vpc(CidrBlock=str(block))["Vpc"]["VpcId"]
        ec2.modify_vpc_attribute(VpcId=own, EnableDnsSupport={"Value": True})
        ec2.modify_vpc_attribute(VpcId=own, EnableDnsHostnames={"Value": True})
        vpc = vpc or own
        if given.startswith("vpc-"):
            made.replaced[given] = own
    for block in blocks[1:]:
        ec2.associate_vpc_cidr_block(VpcId=vpc, CidrBlock=str(block))
    public = sides(section, ids.get("subnet", ()))
    _subnets(plan, vpc, blocks[0], public, clients, made)
    _gateway_and_tables(vpc, ids, public, clients, made, way_out=_takes_way_out_for_granted(plan))
    for given in ids.get("sg", ()):
        group = ec2.create_security_group(GroupName=f"stands-for-{given}", Description="stands for another", VpcId=vpc)
        made.replaced[given] = group["GroupId"]
    for given in ids.get("acl", ()):
        made.replaced[given] = ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
    for given in ids.get("pcx", ()):
        made.replaced[given] = _peering(vpc, clients)
    made.said.append(_network_said(networks, blocks, public))


def _peering(vpc: str, clients: Clients) -> str:
    """One with a network of somebody's, who has accepted it."""
    other = clients.ec2.create_vpc(CidrBlock=str(_ELSEWHERE))["Vpc"]["VpcId"]
    peering = clients.ec2.create_vpc_peering_connection(VpcId=vpc, PeerVpcId=other)["VpcPeeringConnection"]
    clients.ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=peering["VpcPeeringConnectionId"])
    return peering["VpcPeeringConnectionId"]


def _network_said(networks: Sequence[str], blocks: Sequence[IPv4Network], public: Mapping[str, bool]) -> str:
    counts = {"private subnet": sum(not each for each in public.values()), "public one": sum(public.values())}
    subnets = " and ".join(number_of(count, what) for what, count in counts.items() if count)
    holds = f", {subnets} in different zones," if subnets else ""
    return (
        f"{', '.join(networks)} has {', '.join(map(str, blocks))}{holds} and nothing else in it: no endpoints, no ACLs "
        "and no rules of others"
    )


def _block_of(plan: Plan) -> IPv4Network:
    """A block that holds those of the plan's new subnets."""
    texts = [each.properties.get("CidrBlock") for each in plan.resources.values() if each.type == "AWS::EC2::Subnet"]
    found = [IPv4Network(text, strict=False) for text in texts if isinstance(text, str)]
    return found[0].supernet(new_prefix=min(16, found[0].prefixlen)) if found else _SOMEWHERE


def _subnets(
    plan: Plan, vpc: str, block: IPv4Network, public: Mapping[str, bool], clients: Clients, made: StandIns
) -> None:
    section, ec2 = plan.openshift, clients.ec2
    named = list(section.zones) if section and not isinstance(section.zones, int) else []
    zones = named or sorted(
        each["ZoneName"] for each in ec2.describe_availability_zones()["AvailabilityZones"] if "ZoneName" in each
    )
    turns = {side: cycle(zones) for side in (False, True)}
    for (given, side), own in zip(public.items(), carved(block, len(public)), strict=True):
        answer = ec2.create_subnet(VpcId=vpc, CidrBlock=str(own), AvailabilityZone=next(turns[side]))
        made.replaced[given] = answer["Subnet"]["SubnetId"]


def _gateway_and_tables(
    vpc: str,
    ids: Mapping[str, Sequence[str]],
    public: Mapping[str, bool],
    clients: Clients,
    made: StandIns,
    *,
    way_out: bool,
) -> None:
    """An internet gateway where one is named, a subnet is public or the plan takes one for granted, and tables: those
    that are named for the private subnets, in turn, and one for the public ones."""
    ec2 = clients.ec2
    gateways = ids.get("igw", ())
    if gateways or way_out or any(public.values()):
        gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
        made.replaced |= dict.fromkeys(gateways[:1], gateway)
        if any(public.values()):
            table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
            ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
            for given in (id for id, side in public.items() if side):
                ec2.associate_route_table(RouteTableId=table, SubnetId=made.replaced[given])
    tables = {given: ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"] for given in ids.get("rtb", ())}
    made.replaced |= tables
    if tables:
        for given, table in zip((id for id, side in public.items() if not side), cycle(tables.values()), strict=False):
            ec2.associate_route_table(RouteTableId=table, SubnetId=made.replaced[given])


def _takes_way_out_for_granted(plan: Plan) -> bool:
    """Whether the plan's own resources need an internet gateway, and attach none."""
    resources = plan.resources.values()
    public = any(
        each.type == "AWS::EC2::NatGateway" and each.properties.get("ConnectivityType") != "private"
        for each in resources
    ) or any(each.type.endswith("::LoadBalancer") and each.properties.get("Scheme") != "internal" for each in resources)
    return public and not any(each.type == "AWS::EC2::VPCGatewayAttachment" for each in resources)


def _alone(ids: Mapping[str, Sequence[str]], clients: Clients, made: StandIns) -> None:
    ec2 = clients.ec2
    for given in ids.get("eipalloc", ()):
        made.replaced[given] = ec2.allocate_address(Domain="vpc")["AllocationId"]
    for given in ids.get("dopt", ()):
        options = ec2.create_dhcp_options(
            DhcpConfigurations=[{"Key": "domain-name-servers", "Values": ["AmazonProvidedDNS"]}]
        )
        made.replaced[given] = options["DhcpOptions"]["DhcpOptionsId"]
    for given in ids.get("tgw", ()):
        made.replaced[given] = ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
    if named := [id for prefix in _ALONE for id in ids.get(prefix, ())]:
        made.said.append(f"{', '.join(named)}: there, and used by nobody else")


def _zones(plan: Plan, ids: Mapping[str, Sequence[str]], clients: Clients, made: StandIns) -> None:
    """Hosted zones that are named by id, and the public one that is found by its domain."""
    section = plan.openshift
    for number, given in enumerate(ids.get("Z", ())):
        private = section is not None and given == section.hosted_zone
        name = _domain_of(plan, given)
        network = _network_of_zone(made, clients) if private else ""
        made.replaced[given] = _zone(name, f"rehearsal-{number}", network, plan, clients)
        made.said.append(f"{given}: a {'private' if network else 'public'} zone of {name}, with nothing in it")
    if domain := facts_needed(plan).public_zone:
        _zone(domain, "rehearsal-public", "", plan, clients)
        made.said.append(f"a public zone of {domain} is in the account")


def _network_of_zone(made: StandIns, clients: Clients) -> str:
    """A private zone is in a VPC always: the one that the plan names, else the region's own."""
    named = next((own for id, own in made.replaced.items() if id.startswith("vpc-")), "")
    if named:
        return named
    own = clients.ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]
    return own[0]["VpcId"]


def _zone(name: str, reference: str, network: str, plan: Plan, clients: Clients) -> str:
    # The stubs know each region by its literal name only.
    route53: Any = clients.route53
    vpc = {"VPCRegion": plan.region, "VPCId": network}
    inside = {"HostedZoneConfig": {"PrivateZone": True}, "VPC": vpc} if network else {}
    answer = route53.create_hosted_zone(Name=name, CallerReference=reference, **inside)
    return str(answer["HostedZone"]["Id"]).rpartition("/")[2]


def _domain_of(plan: Plan, zone: str) -> str:
    """The domain of a zone that is named by id: the cluster's, or the one of its first record."""
    section = plan.openshift
    if section and zone == section.hosted_zone:
        return section.cluster_domain
    if section and zone == section.public_zone:
        return section.base_domain
    names = (
        str(each.properties.get("Name", ""))
        for each in plan.resources.values()
        if each.properties.get("HostedZoneId") == zone
    )
    return next((name.partition(".")[2] for name in names if "." in name), "rehearsed.test")


def _bucket(plan: Plan, clients: Clients, made: StandIns) -> None:
    """The bucket of the lock in S3."""
    name = plan.lock.removeprefix("s3://").partition("/")[0]
    # The stubs know each region by its literal name only.
    s3: Any = clients.s3
    elsewhere = {} if plan.region == "us-east-1" else {"LocationConstraint": plan.region}
    s3.create_bucket(Bucket=name, **({"CreateBucketConfiguration": elsewhere} if elsewhere else {}))
    made.said.append(f"the lock's bucket {name}: there, and nobody holds the lock")

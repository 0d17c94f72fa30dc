"""A network made by hand with plain boto3, as somebody's network team makes it, and the ways in which it is wrong: each
one that a user of some installer has complained of, with the words that name its cause."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

REGION: Final = "eu-west-1"
ZONES: Final = (f"{REGION}a", f"{REGION}b")
BLOCK: Final = "10.0.0.0/16"
DOMAIN: Final = "prod.example-corp.net"
_PUBLIC: Final = ("10.0.0.0/24", "10.0.1.0/24")
_PRIVATE: Final = ("10.0.16.0/20", "10.0.32.0/20")
_OPEN: Final = "0.0.0.0/0"
_CALLED: Final = ("ec2", "elasticloadbalancing", "sts")


@dataclass(frozen=True)
class HandMade:
    """A VPC by its ids. `private` and `tables` go zone by zone, `nats` too; a closed one has neither public subnets nor
    a way out, and endpoints of all services that a cluster calls there. `section` is what a plan says of it."""

    ec2: Any
    route53: Any
    vpc: str
    private: Sequence[str]
    tables: Sequence[str]
    endpoints: Mapping[str, str]
    group: str
    public: Sequence[str] = ()
    public_table: str = ""
    nats: Sequence[str] = ()
    section: Mapping[str, Any] = field(default_factory=dict)

    @property
    def main_table(self) -> str:
        return str(self._of_vpc("describe_route_tables", "RouteTables", ("association.main", "true"))["RouteTableId"])

    @property
    def default_acl(self) -> str:
        return str(self._of_vpc("describe_network_acls", "NetworkAcls", ("default", "true"))["NetworkAclId"])

    def _of_vpc(self, operation: str, member: str, *more: tuple[str, str]) -> Mapping[str, Any]:
        filters = [{"Name": name, "Values": [value]} for name, value in (("vpc-id", self.vpc), *more)]
        [found] = getattr(self.ec2, operation)(Filters=filters)[member]
        return dict(found)

    def association(self, table: str) -> str:
        """That of a table with its subnet."""
        [found] = self.ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"]
        return str(found["Associations"][0]["RouteTableAssociationId"])

    def saying(self, **section: Any) -> HandMade:
        """With these keys of the plan otherwise."""
        return replace(self, section={**self.section, **section})


def section_of(network: HandMade) -> dict[str, Any]:
    """The `openshift` section of a plan that names the network."""
    return {
        "version": "4.12",
        "clusterName": "prod",
        "baseDomain": "example-corp.net",
        "infraID": "prod-x7k2p",
        "machineNetwork": BLOCK,
        "vpcID": network.vpc,
        "subnets": [*network.public, *network.private],
        "hostedZone": "none",
        "appsRecord": "none",
        **network.section,
    }


def right_network(ec2: Any, route53: Any, *, closed: bool = False, without: str = "") -> HandMade:
    """One that suits a cluster in two zones: a public one with a NAT gateway in each zone, or a closed one. `without`:
    the service that has no endpoint, whereby it isn't quite right."""
    vpc = _vpc(ec2)
    private = [_subnet(ec2, vpc, block, zone) for block, zone in zip(_PRIVATE, ZONES, strict=True)]
    tables = [_table(ec2, vpc, subnet) for subnet in private]
    group = _group(ec2, vpc, "endpoints", BLOCK)
    endpoints = {"s3": _gateway(ec2, vpc, tables)}
    if closed:
        for word in (each for each in _CALLED if each != without):
            endpoints[word] = _interface(ec2, vpc, word, private, group)
        given = {"publish": "Internal", "egress": "none", "endpoints": ["s3", *_CALLED]}
        return HandMade(ec2, route53, vpc, private, tables, endpoints, group, section=given)
    public, table = _public_side(ec2, vpc)
    nats = [_nat(ec2, subnet) for subnet in public]
    for own, nat in zip(tables, nats, strict=True):
        ec2.create_route(RouteTableId=own, DestinationCidrBlock=_OPEN, NatGatewayId=nat)
    given = {"publish": "External", "egress": "nat", "publicZone": "none", "endpoints": ["s3"]}
    return HandMade(ec2, route53, vpc, private, tables, endpoints, group, public, table, nats, given)


def _vpc(ec2: Any) -> str:
    vpc = str(ec2.create_vpc(CidrBlock=BLOCK)["Vpc"]["VpcId"])
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    return vpc


def _subnet(ec2: Any, vpc: str, block: str, zone: str) -> str:
    return str(ec2.create_subnet(VpcId=vpc, CidrBlock=block, AvailabilityZone=zone)["Subnet"]["SubnetId"])


def _table(ec2: Any, vpc: str, *subnets: str) -> str:
    table = str(ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"])
    for subnet in subnets:
        ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
    return table


def _public_side(ec2: Any, vpc: str) -> tuple[list[str], str]:
    public = [_subnet(ec2, vpc, block, zone) for block, zone in zip(_PUBLIC, ZONES, strict=True)]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    table = _table(ec2, vpc, *public)
    ec2.create_route(RouteTableId=table, DestinationCidrBlock=_OPEN, GatewayId=gateway)
    return public, table


def _nat(ec2: Any, subnet: str) -> str:
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    return str(ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)["NatGateway"]["NatGatewayId"])


def _group(ec2: Any, vpc: str, name: str, *admitted: str) -> str:
    group = str(ec2.create_security_group(GroupName=name, Description="endpoints", VpcId=vpc)["GroupId"])
    for block in admitted:
        rule = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": block}]}
        ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])
    return group


def _gateway(ec2: Any, vpc: str, tables: Sequence[str]) -> str:
    made = ec2.create_vpc_endpoint(
        VpcId=vpc, ServiceName=f"com.amazonaws.{REGION}.s3", VpcEndpointType="Gateway", RouteTableIds=list(tables)
    )
    return str(made["VpcEndpoint"]["VpcEndpointId"])


def _interface(ec2: Any, vpc: str, word: str, subnets: Sequence[str], group: str, *, private_dns: bool = True) -> str:
    made = ec2.create_vpc_endpoint(
        VpcId=vpc,
        ServiceName=f"com.amazonaws.{REGION}.{word}",
        VpcEndpointType="Interface",
        SubnetIds=list(subnets),
        SecurityGroupIds=[group],
        PrivateDnsEnabled=private_dns,
    )
    return str(made["VpcEndpoint"]["VpcEndpointId"])


def _dhcp(network: HandMade, **options: Sequence[str]) -> None:
    """Underscores stand for the dashes of the options' names."""
    rows = [{"Key": key.replace("_", "-"), "Values": list(values)} for key, values in options.items()]
    made = network.ec2.create_dhcp_options(DhcpConfigurations=rows)["DhcpOptions"]["DhcpOptionsId"]
    network.ec2.associate_dhcp_options(DhcpOptionsId=made, VpcId=network.vpc)


def _own_acl(network: HandMade, subnet: str, *entries: Mapping[str, Any]) -> str:
    """A new ACL of a subnet's own: it denies what these entries don't allow."""
    acl = str(network.ec2.create_network_acl(VpcId=network.vpc)["NetworkAcl"]["NetworkAclId"])
    for number, entry in enumerate(entries, 1):
        given = {"RuleNumber": 100 * number, "RuleAction": "allow", "CidrBlock": _OPEN, **entry}
        network.ec2.create_network_acl_entry(NetworkAclId=acl, **given)
    filters = [{"Name": "association.subnet-id", "Values": [subnet]}]
    [old] = network.ec2.describe_network_acls(Filters=filters)["NetworkAcls"]
    [link] = [each for each in old["Associations"] if each["SubnetId"] == subnet]
    network.ec2.replace_network_acl_association(AssociationId=link["NetworkAclAssociationId"], NetworkAclId=acl)
    return acl


@dataclass(frozen=True)
class Spoilt:
    """The network with what is wrong in it. `words` all stand in the one sentence that names the cause: the id of what
    is broken, and what is the matter with it."""

    network: HandMade
    words: Sequence[str]


def main_table_without_a_way(network: HandMade) -> Spoilt:
    """Nobody associated the second private subnet, so the VPC's main table holds, which has the local route alone."""
    network.ec2.disassociate_route_table(AssociationId=network.association(network.tables[1]))
    return Spoilt(network, [network.main_table, "no route to"])


def nat_deleted(network: HandMade) -> Spoilt:
    network.ec2.delete_nat_gateway(NatGatewayId=network.nats[0])
    return Spoilt(network, [network.tables[0], network.nats[0], "leads nowhere"])


def nat_in_a_private_subnet(network: HandMade) -> Spoilt:
    """Its subnet's default route leads back to it."""
    nat = _nat(network.ec2, network.private[0])
    network.ec2.replace_route(RouteTableId=network.tables[0], DestinationCidrBlock=_OPEN, NatGatewayId=nat)
    return Spoilt(network, [network.tables[0], nat, "leads nowhere"])


def public_subnets_without_the_internet(network: HandMade) -> Spoilt:
    network.ec2.delete_route(RouteTableId=network.public_table, DestinationCidrBlock=_OPEN)
    return Spoilt(network, [network.public_table, "no route to an internet gateway"])


def closed_acl(network: HandMade) -> Spoilt:
    """A new ACL denies all."""
    acl = _own_acl(network, network.private[0])
    return Spoilt(network, [acl, network.private[0], "no entry that allows"])


def acl_without_ephemeral_ports(network: HandMade) -> Spoilt:
    """Whoever wrote it thought of groups, which let answers through."""
    acl = _own_acl(
        network,
        network.private[0],
        {"Protocol": "-1", "CidrBlock": BLOCK, "Egress": False},
        {"Protocol": "6", "PortRange": {"From": 443, "To": 443}, "Egress": False},
        {"Protocol": "-1", "Egress": True},
    )
    return Spoilt(network, [acl, network.private[0], "answers", "32768"])


def name_servers_out_of_reach(network: HandMade) -> Spoilt:
    _dhcp(network, domain_name_servers=["192.168.53.53"])
    return Spoilt(network, ["192.168.53.53", "name server"])


def domain_in_capitals(network: HandMade) -> Spoilt:
    _dhcp(network, domain_name=["Corp.example.com."], domain_name_servers=["AmazonProvidedDNS"])
    return Spoilt(network, [network.vpc, "Corp.example.com.", "dot at its end"])


def no_dns(network: HandMade) -> Spoilt:
    network.ec2.modify_vpc_attribute(VpcId=network.vpc, EnableDnsSupport={"Value": False})
    return Spoilt(network, [network.vpc, "enableDnsSupport off"])


def no_dns_host_names(network: HandMade) -> Spoilt:
    network.ec2.modify_vpc_attribute(VpcId=network.vpc, EnableDnsHostnames={"Value": False})
    return Spoilt(network, [network.vpc, "enableDnsHostnames off"])


def few_addresses(network: HandMade) -> Spoilt:
    """Of a /28's eleven addresses seven are left: a load balancer needs eight."""
    small = _subnet(network.ec2, network.vpc, "10.0.2.0/28", ZONES[0])
    network.ec2.associate_route_table(RouteTableId=network.public_table, SubnetId=small)
    for _ in range(4):
        network.ec2.create_network_interface(SubnetId=small)
    return Spoilt(replace(network, public=[small, network.public[1]]), [small, "free addresses"])


def owned_by_another_cluster(network: HandMade) -> Spoilt:
    tags = [{"Key": "kubernetes.io/cluster/old-abcde", "Value": "owned"}]
    network.ec2.create_tags(Resources=[network.private[0]], Tags=tags)
    return Spoilt(network, [network.private[0], "kubernetes.io/cluster/old-abcde: owned"])


def zone_of_another_vpc(network: HandMade) -> Spoilt:
    other = _vpc(network.ec2)
    zone = _zone(network, DOMAIN, other)
    return Spoilt(network.saying(hostedZone=zone), [zone, network.vpc])


def outside_the_machine_network(network: HandMade) -> Spoilt:
    """A second block of the VPC, which the plan's machineNetwork doesn't have."""
    network.ec2.associate_vpc_cidr_block(VpcId=network.vpc, CidrBlock="100.70.0.0/16")
    far = _subnet(network.ec2, network.vpc, "100.70.0.0/20", ZONES[0])
    network.ec2.associate_route_table(RouteTableId=network.tables[0], SubnetId=far)
    return Spoilt(replace(network, private=[far, network.private[1]]), [far, "outside the machine network"])


def s3_on_other_tables(network: HandMade) -> Spoilt:
    """The endpoint is there, and the machines' tables have no route to it. The plan doesn't say which tables to add."""
    endpoint, table = network.endpoints["s3"], network.tables[1]
    network.ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, RemoveRouteTableIds=[table])
    return Spoilt(network, [endpoint, table, "no route to"])


def closed_group_of_an_endpoint(network: HandMade) -> Spoilt:
    rule = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": BLOCK}]}
    network.ec2.revoke_security_group_ingress(GroupId=network.group, IpPermissions=[rule])
    return Spoilt(network, [network.endpoints["ec2"], network.group, "443"])


def zone_without_an_address(network: HandMade) -> Spoilt:
    """A central zone of the service's name, in place of an endpoint, and nobody has put an address into it."""
    zone = _zone(network, f"ec2.{REGION}.amazonaws.com", network.vpc)
    return Spoilt(network, [zone, f"ec2.{REGION}.amazonaws.com"])


def policy_that_denies_all(network: HandMade) -> Spoilt:
    statement = {"Sid": "Perimeter", "Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    network.ec2.modify_vpc_endpoint(VpcEndpointId=network.endpoints["ec2"], PolicyDocument=document)
    return Spoilt(network, [network.endpoints["ec2"], "Perimeter"])


def private_dns_off(network: HandMade) -> Spoilt:
    """The endpoint has names of its own only, and the plan leaves endpoints to the network."""
    endpoint = _interface(network.ec2, network.vpc, "ec2", network.private, network.group, private_dns=False)
    left = [word for word in network.section["endpoints"] if word != "ec2"]
    return Spoilt(network.saying(endpoints=left), [endpoint, "private DNS"])


def endpoint_in_one_zone(network: HandMade) -> Spoilt:
    endpoint = network.endpoints["ec2"]
    network.ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, RemoveSubnetIds=[network.private[1]])
    return Spoilt(network, [endpoint, ZONES[1]])


def service_without_an_endpoint(network: HandMade) -> Spoilt:
    """The plan leaves endpoints to the network, and the network team has forgotten one."""
    left = [word for word in network.section["endpoints"] if word != "elasticloadbalancing"]
    return Spoilt(network.saying(endpoints=left), [f"com.amazonaws.{REGION}.elasticloadbalancing", network.vpc])


def _zone(network: HandMade, name: str, vpc: str) -> str:
    answer = network.route53.create_hosted_zone(
        Name=name,
        CallerReference=name,
        VPC={"VPCRegion": REGION, "VPCId": vpc},
        HostedZoneConfig={"PrivateZone": True},
    )
    return str(answer["HostedZone"]["Id"].rpartition("/")[2])


@dataclass(frozen=True)
class WrongNetwork:
    """`source`: where somebody complains of it. `certain`: no cluster comes up in it, or apply fails; the others are
    warned of. `closed`: in a network without a way out; `without`: as in `right_network`."""

    spoil: Callable[[HandMade], Spoilt]
    source: str
    certain: bool = True
    closed: bool = False
    without: str = ""

    def made(self, ec2: Any, route53: Any) -> Spoilt:
        """A network that is wrong in this way."""
        return self.spoil(right_network(ec2, route53, closed=self.closed, without=self.without))


WRONG_NETWORKS: Final[Mapping[str, WrongNetwork]] = {
    "a machines' subnet on the main table, without a way out": WrongNetwork(
        main_table_without_a_way, "https://github.com/terraform-aws-modules/terraform-aws-vpc/issues/206"
    ),
    "a NAT gateway that was deleted": WrongNetwork(
        nat_deleted, "https://github.com/kubernetes-sigs/cluster-api-provider-aws/issues/1413"
    ),
    "a NAT gateway in a private subnet": WrongNetwork(
        nat_in_a_private_subnet, "https://github.com/HHS/simpler-grants-gov/pull/1062"
    ),
    "public subnets without a route to the internet": WrongNetwork(
        public_subnets_without_the_internet, "https://github.com/remind101/empire/issues/535"
    ),
    "an ACL that denies all": WrongNetwork(closed_acl, "https://github.com/openshift/openshift-docs/issues/22798"),
    "an ACL without ephemeral ports": WrongNetwork(
        acl_without_ephemeral_ports, "https://github.com/coreos/coreos-kubernetes/issues/744", certain=False
    ),
    "name servers that nobody reaches": WrongNetwork(
        name_servers_out_of_reach, "https://github.com/heptio/aws-quickstart/issues/118"
    ),
    "a domain in capitals, with a dot": WrongNetwork(
        domain_in_capitals, "https://github.com/openshift/machine-config-operator/pull/4729", certain=False
    ),
    "DNS support off": WrongNetwork(no_dns, "https://github.com/gardener/gardener-extension-provider-aws/pull/161"),
    "DNS host names off": WrongNetwork(no_dns_host_names, "https://github.com/kubernetes/kops/issues/2135"),
    "a subnet with few addresses left": WrongNetwork(
        few_addresses, "https://github.com/kubernetes-sigs/aws-load-balancer-controller/pull/1233"
    ),
    "a subnet that another cluster owns": WrongNetwork(
        owned_by_another_cluster, "https://github.com/openshift/installer/pull/6038"
    ),
    "a private zone of another VPC": WrongNetwork(
        zone_of_another_vpc, "https://github.com/openshift/installer/pull/4887"
    ),
    "a subnet outside the machine network": WrongNetwork(
        outside_the_machine_network, "https://github.com/openshift/installer/pull/3424"
    ),
    "an S3 endpoint on other tables": WrongNetwork(
        s3_on_other_tables, "https://github.com/eksctl-io/eksctl/issues/2510", closed=True
    ),
    "an endpoint whose group admits nobody": WrongNetwork(
        closed_group_of_an_endpoint, "https://github.com/eksctl-io/eksctl/issues/4377", closed=True
    ),
    "a central zone without an address": WrongNetwork(
        zone_without_an_address,
        "https://github.com/hashicorp/terraform-provider-aws/issues/17535",
        closed=True,
        without="ec2",
    ),
    "an endpoint whose policy denies all": WrongNetwork(
        policy_that_denies_all, "https://github.com/terraform-aws-modules/terraform-aws-vpc/pull/1197", closed=True
    ),
    "an endpoint without private DNS": WrongNetwork(
        private_dns_off,
        "https://github.com/CloudSnorkel/cdk-github-runners/pull/327",
        certain=False,
        closed=True,
        without="ec2",
    ),
    "an endpoint that isn't in all zones": WrongNetwork(
        endpoint_in_one_zone,
        "https://github.com/terraform-aws-modules/terraform-aws-vpc/issues/785",
        certain=False,
        closed=True,
    ),
    "a service without an endpoint": WrongNetwork(
        service_without_an_endpoint,
        "https://github.com/openshift/installer/pull/2485",
        certain=False,
        closed=True,
        without="elasticloadbalancing",
    ),
}

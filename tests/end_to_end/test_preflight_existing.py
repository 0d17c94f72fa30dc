"""An existing network made by hand in one wrong way after another: preflight names each, with the remedy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final

import pytest

from tests.end_to_end.local import LocalAws, LocalOperator
from tests.end_to_end.preflighting import Checks, preflight, said

ZONES = ("eu-west-1a", "eu-west-1b")


@dataclass(frozen=True)
class Network:
    """A network that suits an Internal cluster in two zones, and the plan that names it."""

    ec2: Any
    route53: Any
    vpc: str
    private: list[str]
    section: dict[str, Any] = field(default_factory=dict)

    def subnet(self, block: str, zone: str, vpc: str = "") -> str:
        answer = self.ec2.create_subnet(VpcId=vpc or self.vpc, CidrBlock=block, AvailabilityZone=zone)
        id: str = answer["Subnet"]["SubnetId"]
        self.ec2.create_tags(Resources=[id], Tags=[{"Key": "kubernetes.io/cluster/unmanaged", "Value": "true"}])
        return id

    def public(self, block: str, zone: str) -> str:
        """A subnet whose table leads to an internet gateway."""
        subnet = self.subnet(block, zone)
        gateway = self.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        self.ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=self.vpc)
        table = self.ec2.create_route_table(VpcId=self.vpc)["RouteTable"]["RouteTableId"]
        self.ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
        self.ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
        return subnet

    def with_subnets(self, *subnets: str, **section: Any) -> Network:
        return replace(self, section={**self.section, "subnets": [*self.private, *subnets], **section})

    def another_vpc(self) -> str:
        return str(self.ec2.create_vpc(CidrBlock="10.8.0.0/16")["Vpc"]["VpcId"])


@pytest.fixture
def network(aws: LocalAws) -> Network:
    ec2 = aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    made = Network(ec2, aws.client("route53"), vpc, [])
    made.private.extend(made.subnet(f"10.0.{index}.0/24", zone) for index, zone in enumerate(ZONES))
    return made.with_subnets()


def nowhere(network: Network) -> Network:
    return replace(network, section={**network.section, "vpcID": "vpc-0123456789abcdef0", "subnets": []})


def subnet_nowhere(network: Network) -> Network:
    return network.with_subnets("subnet-0123456789abcdef0")


def two_vpcs(network: Network) -> Network:
    other = network.another_vpc()
    return network.with_subnets(network.subnet("10.8.0.0/24", "eu-west-1c", other))


def no_support(network: Network) -> Network:
    network.ec2.modify_vpc_attribute(VpcId=network.vpc, EnableDnsSupport={"Value": False})
    return network


def no_hostnames(network: Network) -> Network:
    network.ec2.modify_vpc_attribute(VpcId=network.vpc, EnableDnsHostnames={"Value": False})
    return network


def somebodys(network: Network) -> Network:
    network.ec2.create_tags(
        Resources=[network.vpc], Tags=[{"Key": "kubernetes.io/cluster/old-abcde", "Value": "owned"}]
    )
    return network


def elsewhere(network: Network) -> Network:
    return network.with_subnets(machineNetwork="10.1.0.0/16")


def outside(network: Network) -> Network:
    network.ec2.associate_vpc_cidr_block(VpcId=network.vpc, CidrBlock="10.9.0.0/16")
    return network.with_subnets(network.subnet("10.9.0.0/24", "eu-west-1c"))


def only_public(network: Network) -> Network:
    return replace(network, section={**network.section, "subnets": [network.public("10.0.9.0/24", ZONES[0])]})


def two_in_a_zone(network: Network) -> Network:
    return network.with_subnets(network.subnet("10.0.9.0/24", ZONES[0]))


def zone_without_public(network: Network) -> Network:
    return network.with_subnets(network.public("10.0.9.0/24", ZONES[0]), publish="External", publicZone="none")


def public_beside_internal(network: Network) -> Network:
    return network.with_subnets(network.public("10.0.9.0/24", ZONES[0]))


def full_of_tags(network: Network) -> Network:
    tags = [{"Key": f"tag{number}", "Value": ""} for number in range(49)]
    network.ec2.create_tags(Resources=[network.private[0]], Tags=tags)
    return network


def no_room_for_both_tags(network: Network) -> Network:
    """There is room for the cluster's tag, and none for ours beside it."""
    tags = [{"Key": f"tag{number}", "Value": ""} for number in range(48)]
    network.ec2.create_tags(Resources=[network.private[0]], Tags=tags)
    return network


def half_outside(network: Network) -> Network:
    return replace(
        network,
        section={
            **network.section,
            "subnets": [network.subnet("10.0.32.0/20", ZONES[0])],
            "machineNetwork": "10.0.32.0/21",
        },
    )


def named(network: Network) -> Network:
    network.ec2.create_tags(Resources=[network.vpc], Tags=[{"Key": "Name", "Value": "corporate"}])
    return network


def openshifts(network: Network) -> Network:
    network.ec2.create_tags(Resources=[network.vpc], Tags=[{"Key": "openshift.io/cluster", "Value": "old"}])
    return network


def other_name_servers(network: Network) -> Network:
    servers = [{"Key": "domain-name-servers", "Values": ["10.0.0.53"]}]
    made = network.ec2.create_dhcp_options(DhcpConfigurations=servers)["DhcpOptions"]["DhcpOptionsId"]
    network.ec2.associate_dhcp_options(DhcpOptionsId=made, VpcId=network.vpc)
    return network


def domain_with_a_dot(network: Network) -> Network:
    options = [
        {"Key": "domain-name", "Values": ["Corp.example.com."]},
        {"Key": "domain-name-servers", "Values": ["AmazonProvidedDNS"]},
    ]
    made = network.ec2.create_dhcp_options(DhcpConfigurations=options)["DhcpOptions"]["DhcpOptionsId"]
    network.ec2.associate_dhcp_options(DhcpOptionsId=made, VpcId=network.vpc)
    return network


def zone(network: Network, name: str, vpc: str = "", records: tuple[str, ...] = ()) -> str:
    """A private zone, at first of another VPC where one is given."""
    serves = {"VPCRegion": "eu-west-1", "VPCId": vpc or network.vpc}
    answer = network.route53.create_hosted_zone(
        Name=name, CallerReference=name, VPC=serves, HostedZoneConfig={"PrivateZone": True}
    )
    id: str = answer["HostedZone"]["Id"].rpartition("/")[2]
    sets = [{"Name": each, "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "10.0.0.9"}]} for each in records]
    changes = [{"Action": "CREATE", "ResourceRecordSet": each} for each in sets]
    if changes:
        network.route53.change_resource_record_sets(HostedZoneId=id, ChangeBatch={"Changes": changes})
    return id


def zone_of_another_vpc(network: Network) -> Network:
    return network.with_subnets(hostedZone=zone(network, "prod.example-corp.net", network.another_vpc()))


def zone_of_another_name(network: Network) -> Network:
    return network.with_subnets(hostedZone=zone(network, "test.example-corp.net"))


def zone_in_use(network: Network) -> Network:
    return network.with_subnets(
        hostedZone=zone(network, "example-corp.net", records=("console.prod.example-corp.net",))
    )


def zone_with_somebodys_api(network: Network) -> Network:
    return network.with_subnets(hostedZone=zone(network, "example-corp.net", records=("api.prod.example-corp.net",)))


def zone_that_is_public(network: Network) -> Network:
    made = network.route53.create_hosted_zone(Name="prod.example-corp.net", CallerReference="public")
    return network.with_subnets(hostedZone=made["HostedZone"]["Id"].rpartition("/")[2])


def twin_zone(network: Network) -> Network:
    zone(network, "prod.example-corp.net")
    return network


def external(network: Network, public_zone: str) -> Network:
    public = [network.public(f"10.0.{9 + number}.0/24", zone) for number, zone in enumerate(ZONES)]
    return network.with_subnets(*public, publish="External", publicZone=public_zone)


def no_public_zone(network: Network) -> Network:
    return external(network, "auto")


def public_zone_nowhere(network: Network) -> Network:
    return external(network, "Z0123456789ABCDEFGHIJ")


def private_zone_as_public(network: Network) -> Network:
    return external(network, zone(network, "example-corp.net"))


def public_zone_of_another_name(network: Network) -> Network:
    made = network.route53.create_hosted_zone(Name="example-corp.org", CallerReference="other")
    return external(network, made["HostedZone"]["Id"].rpartition("/")[2])


def central_zone(network: Network) -> Network:
    zone(network, "ec2.eu-west-1.amazonaws.com", records=("ec2.eu-west-1.amazonaws.com",))
    return network.with_subnets(endpoints=["ec2"])


def closed_acl(network: Network) -> Network:
    """A new ACL lets everything out, and nothing in."""
    acl = network.ec2.create_network_acl(VpcId=network.vpc)["NetworkAcl"]["NetworkAclId"]
    network.ec2.create_network_acl_entry(
        NetworkAclId=acl, RuleNumber=100, Protocol="-1", RuleAction="allow", Egress=True, CidrBlock="0.0.0.0/0"
    )
    filters = [{"Name": "vpc-id", "Values": [network.vpc]}]
    for found in network.ec2.describe_network_acls(Filters=filters)["NetworkAcls"]:
        for each in found["Associations"]:
            if each["SubnetId"] == network.private[0]:
                network.ec2.replace_network_acl_association(
                    AssociationId=each["NetworkAclAssociationId"], NetworkAclId=acl
                )
    return network


def full_subnet(network: Network) -> Network:
    """Of eleven addresses seven are left."""
    small = network.subnet("10.0.9.0/28", ZONES[0])
    for _ in range(4):
        network.ec2.create_network_interface(SubnetId=small)
    return replace(network, section={**network.section, "subnets": [small, network.private[1]]})


def untagged_neighbour(network: Network) -> Network:
    subnet = network.subnet("10.0.9.0/24", ZONES[0])
    network.ec2.delete_tags(Resources=[subnet], Tags=[{"Key": "kubernetes.io/cluster/unmanaged"}])
    return network


def zone_nowhere(network: Network) -> Network:
    return network.with_subnets(hostedZone="Z0123456789ABCDEFGHIJ")


WRONG: dict[str, tuple[Callable[[Network], Network], str, str]] = {
    "no such VPC": (nowhere, "fail", "vpc-exists"),
    "no such subnet": (subnet_nowhere, "fail", "subnet-exists"),
    "subnets of two VPCs": (two_vpcs, "fail", "subnets-one-vpc"),
    "DNS support off": (no_support, "fail", "vpc-dns"),
    "DNS host names off": (no_hostnames, "fail", "vpc-dns"),
    "a VPC that a cluster owns": (somebodys, "fail", "vpc-owned"),
    "a machine network that isn't the VPC's": (elsewhere, "fail", "vpc-contains-machine-network"),
    "a subnet outside the machine network": (outside, "fail", "subnet-in-machine-network"),
    "no private subnet": (only_public, "fail", "subnets-private"),
    "two private subnets in a zone": (two_in_a_zone, "fail", "subnets-one-per-zone"),
    "a zone without a public subnet": (zone_without_public, "fail", "subnets-public"),
    "a subnet full of tags": (full_of_tags, "fail", "subnet-tags"),
    "a subnet with room for one tag": (no_room_for_both_tags, "fail", "subnet-tags"),
    "a subnet half outside the machine network": (half_outside, "warn", "subnet-in-machine-network"),
    "a VPC with a name": (named, "warn", "vpc-tags"),
    "a VPC with a tag of OpenShift's": (openshifts, "warn", "vpc-tags"),
    "name servers that aren't AWS's": (other_name_servers, "warn", "vpc-name-servers"),
    "a domain with a dot at its end": (domain_with_a_dot, "warn", "vpc-domain-name"),
    "a hosted zone of another VPC": (zone_of_another_vpc, "fail", "hosted-zone-vpc"),
    "a hosted zone of another name": (zone_of_another_name, "fail", "hosted-zone-name"),
    "a hosted zone with records of the cluster's domain": (zone_in_use, "fail", "hosted-zone-records"),
    "a hosted zone with somebody's record of the API": (zone_with_somebodys_api, "fail", "plan"),
    "a hosted zone that is public": (zone_that_is_public, "fail", "hosted-zone-exists"),
    "a private zone of the cluster's name": (twin_zone, "fail", "hosted-zone-twin"),
    "an ACL that admits nothing": (closed_acl, "fail", "subnet-acl"),
    "a subnet without room for a load balancer": (full_subnet, "fail", "subnet-addresses"),
    "a private zone of a service's name": (central_zone, "fail", "endpoint-names"),
    "no public zone": (no_public_zone, "fail", "plan"),
    "no such public zone": (public_zone_nowhere, "fail", "public-zone"),
    "a private zone for a public one": (private_zone_as_public, "fail", "public-zone"),
    "a public zone of another name": (public_zone_of_another_name, "fail", "public-zone"),
    "no such hosted zone": (zone_nowhere, "fail", "hosted-zone-exists"),
    "public subnets for an Internal cluster": (public_beside_internal, "warn", "subnets-public"),
    "a neighbour that no cluster may use and none says so": (untagged_neighbour, "warn", "vpc-other-subnets"),
}


SECTION: Final = {
    "version": "4.12",
    "clusterName": "prod",
    "baseDomain": "example-corp.net",
    "infraID": "prod-x7k2p",
    "publish": "Internal",
    "egress": "none",
    "endpoints": [],
}


ELSEWHERE: Final = {
    "serviceEndpoints": [
        {"name": name, "url": f"https://{name}.corp.example.net"} for name in ("s3", "ec2", "elasticloadbalancing")
    ]
}
"""Where the closed cluster reaches AWS: the network has no endpoints."""


def asked(user: LocalOperator, network: Network) -> Checks:
    """What isn't good."""
    section = {**SECTION, **network.section}
    checks = preflight(user, {"name": "prod", "region": "eu-west-1", "aws": ELSEWHERE, "openshift": section})
    return [check for check in checks if check["status"] != "pass"]


def test_a_network_that_suits_passes(user: LocalOperator, network: Network) -> None:
    assert asked(user, network) == []


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.torture] if number % 2 else []) for number, name in enumerate(WRONG)]
)
def test_a_network_that_does_not_suit_is_named_with_its_remedy(
    user: LocalOperator, aws: LocalAws, network: Network, name: str
) -> None:
    spoil, status, id = WRONG[name]
    wrong = spoil(network)
    before = aws.everything()
    found = asked(user, wrong)
    assert [check["status"] for check in found if check["id"] == id] == [status], found
    assert aws.everything() == before


@pytest.mark.torture
def test_records_of_the_plans_own_do_not_stand_in_its_way(user: LocalOperator, network: Network) -> None:
    given = network.with_subnets(hostedZone=zone(network, "example-corp.net"))
    assert asked(user, given) == []
    user.good("apply", "plan.yaml", "--yes")
    assert asked(user, given) == []


@pytest.mark.torture
def test_a_subnet_that_an_endpoint_is_put_into_later_has_to_have_room(user: LocalOperator, network: Network) -> None:
    def short(*endpoints: object) -> list[tuple[str, str]]:
        found = asked(user, network.with_subnets(endpoints=list(endpoints), hostedZone="none"))
        return [(check["status"], check["detail"]) for check in found if check["id"] == "subnet-addresses"]

    def leave(addresses: int) -> None:
        [subnet] = network.ec2.describe_subnets(SubnetIds=[network.private[1]])["Subnets"]
        for _ in range(subnet["AvailableIpAddressCount"] - addresses):
            network.ec2.create_network_interface(SubnetId=network.private[1])

    in_one = {"service": "ec2", "zones": [ZONES[0]]}
    assert short(in_one) == []
    user.good("apply", "plan.yaml", "--yes")
    leave(1)
    assert short("ec2") == []
    leave(0)
    [(status, detail)] = short("ec2")
    assert (status, detail) == (
        "fail",
        f"{network.private[1]} has 0 free addresses, and 1 are needed: 1 other interface",
    )
    assert short(in_one) == []


@pytest.mark.torture
def test_the_acl_of_a_vpc_is_that_of_the_subnets_to_come(user: LocalOperator, network: Network) -> None:
    own = replace(
        network, section={**network.section, "subnets": [], "vpcID": network.vpc, "zones": 2, "subnetBits": 8}
    )
    blocks = {"private": ["10.0.20.0/24", "10.0.21.0/24"]}
    given = replace(own, section={**own.section, "subnetCIDRs": blocks})
    assert [check for check in asked(user, given) if check["id"] == "subnet-acl"] == []
    filters = [{"Name": "vpc-id", "Values": [network.vpc]}, {"Name": "default", "Values": ["true"]}]
    [acl] = network.ec2.describe_network_acls(Filters=filters)["NetworkAcls"]
    network.ec2.delete_network_acl_entry(NetworkAclId=acl["NetworkAclId"], RuleNumber=100, Egress=False)
    [check] = [check for check in asked(user, given) if check["id"] == "subnet-acl"]
    assert f"{acl['NetworkAclId']} of PrivateSubnet, PrivateSubnet2 has no entry that allows" in check["detail"]


def test_addresses_that_install_config_does_not_take(user: LocalOperator, network: Network) -> None:
    url = "http://ec2.example.net"
    given = {
        "name": "prod",
        "region": "eu-west-1",
        "aws": {"serviceEndpoints": [{"name": "ec2", "url": url}]},
        "openshift": {**SECTION, **network.section},
    }
    found = said(preflight(user, given), "service-endpoints")
    [(status, detail)] = found
    assert status == "warn"
    assert "isn't https" in detail

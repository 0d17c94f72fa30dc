"""Tags and name servers of a network that somebody else made."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Network
from typing import Any, Final

import pytest

from ocpprov.checks.dhcp_options import DhcpTold
from ocpprov.checks.existing_network import ExistingNetwork, existing_network
from ocpprov.checks.result import Check, Status
from ocpprov.openshift.aws_facts import ExistingEndpoint, ExistingSubnet
from ocpprov.plan.model import EndpointSettings, OpenShift
from ocpprov.reachability.network import AclEntry, Network, NetworkAcl, Subnet
from ocpprov.reachability.spans import Span, addresses

VPC = "vpc-0123456789abcdef0"
SUBNET = ExistingSubnet("subnet-1", VPC, "eu-west-1a", "10.0.0.0/24", public=False)
SECTION = OpenShift(
    cluster_name="prod",
    base_domain="example.com",
    infra_id="prod-x7k2p",
    publish="Internal",
    vpc_id=VPC,
    subnets=(SUBNET.id,),
    hosted_zone="none",
)
NETWORK = ExistingNetwork(
    VPC,
    blocks=[IPv4Network("10.0.0.0/16"), IPv4Network("10.8.0.0/16")],
    subnets={SUBNET.id: SUBNET},
    subnet_tags={SUBNET.id: {}},
    plan="prod",
)


def wrong(network: ExistingNetwork) -> list[Check]:
    return [check for check in existing_network(SECTION, network) if check.status is not Status.PASS]


def tagged(*keys: str) -> ExistingNetwork:
    return replace(NETWORK, subnet_tags={SUBNET.id: dict.fromkeys(keys, "")})


def test_tags_of_aws_take_no_room() -> None:
    own = [f"tag{number}" for number in range(48)]
    assert wrong(tagged(*own, "aws:cloudformation:stack-name", "aws:cloudformation:stack-id")) == []


def test_tags_that_find_no_room_are_named() -> None:
    [check] = wrong(tagged(*(f"tag{number}" for number in range(49))))
    assert check.id == "subnet-tags"
    assert check.detail == (
        "subnet-1 has 49 tags of 50, and kubernetes.io/cluster/prod-x7k2p, ocpprov:shared:prod are to be added"
    )
    assert check.remedy == "remove 1 of them"


@pytest.mark.parametrize("infra_id", ["other-7h2k4", "prod-x7k2p"])
def test_a_subnet_that_a_cluster_owns_goes_with_it(infra_id: str) -> None:
    key = f"kubernetes.io/cluster/{infra_id}"
    [check] = wrong(replace(NETWORK, subnet_tags={SUBNET.id: {key: "owned"}}))
    assert (check.id, check.status) == ("subnet-owned", Status.FAIL)
    assert check.detail == f"subnet-1 has the tag {key}: owned, so destroying that cluster deletes it"
    assert check.remedy == "use subnets that no cluster owns, or change the tag to shared"
    for fine in ({key: "shared"}, {"kubernetes.io/role/elb": "owned"}):
        assert wrong(replace(NETWORK, subnet_tags={SUBNET.id: fine})) == []


@pytest.mark.parametrize("kind", ["local-zone", "wavelength-zone"])
def test_a_subnet_in_an_edge_zone_isnt_for_the_cluster(kind: str) -> None:
    [check] = wrong(replace(NETWORK, edge_zones={SUBNET.zone: kind, "eu-west-1z": "outpost"}))
    assert (check.id, check.status, check.remedy) == (
        "subnet-zone-type",
        Status.FAIL,
        "name subnets in availability zones",
    )
    assert check.detail.startswith(f"subnet-1 is in eu-west-1a, a {kind}: neither the control plane")
    assert wrong(replace(NETWORK, edge_zones={"eu-west-1b": kind})) == []


@pytest.mark.parametrize("server", ["AmazonProvidedDNS", "169.254.169.253", "10.0.0.2"])
def test_the_resolver_of_aws_is_known_by_its_addresses(server: str) -> None:
    assert wrong(replace(NETWORK, dhcp=DhcpTold(name_servers=[server]))) == []


@pytest.mark.parametrize("server", ["10.0.0.53", "10.8.0.2"], ids=["somebody's", "in the VPC's second block"])
def test_another_name_server_is_named(server: str) -> None:
    assert [check.id for check in wrong(replace(NETWORK, dhcp=DhcpTold(name_servers=[server])))] == ["vpc-name-servers"]


def of_several_blocks(*machine: str, subnet: str = "10.8.0.0/24") -> list[Check]:
    first, *more = (IPv4Network(block) for block in machine)
    section = replace(SECTION, machine_network=first, more_machine_networks=tuple(more))
    network = replace(NETWORK, subnets={SUBNET.id: replace(SUBNET, cidr=subnet)})
    return [check for check in existing_network(section, network) if check.status is not Status.PASS]


def test_a_subnet_may_lie_in_any_machine_network() -> None:
    assert of_several_blocks("10.0.0.0/16", "10.8.0.0/16") == []
    [check] = of_several_blocks("10.0.0.0/16", "10.8.16.0/20")
    assert (check.id, check.status) == ("subnet-in-machine-network", Status.FAIL)
    assert "outside the machine network 10.0.0.0/16 and 10.8.16.0/20" in check.detail


def test_a_subnet_that_ends_outside_of_each_machine_network_is_named() -> None:
    [check] = of_several_blocks("10.0.0.0/16", "10.8.0.0/25")
    assert (check.id, check.status) == ("subnet-in-machine-network", Status.WARN)


def test_each_machine_network_has_to_be_the_vpcs() -> None:
    checks = of_several_blocks("10.0.0.0/16", "10.8.0.0/16", "10.9.0.0/16")
    assert [(check.id, check.detail) for check in checks] == [
        ("vpc-contains-machine-network", f"{VPC} has 10.0.0.0/16, 10.8.0.0/16, not 10.9.0.0/16")
    ]


def test_an_endpoint_that_stands_in_other_zones_than_the_machines_is_a_warning() -> None:
    other = ExistingEndpoint("vpce-1", "com.amazonaws.eu-west-1.ec2", "Interface", zones=frozenset({"eu-west-1c"}))
    [check] = wrong(replace(NETWORK, endpoints=[other]))
    assert (check.id, check.status) == ("endpoint-zones", Status.WARN)
    assert (
        check.detail
        == f"vpce-1 (com.amazonaws.eu-west-1.ec2) isn't in {SUBNET.zone}: machines there reach it across zones"
    )
    assert wrong(replace(NETWORK, endpoints=[replace(other, zones=frozenset({SUBNET.zone, "eu-west-1c"}))])) == []


def with_acl(*entries: AclEntry, **more: Any) -> list[Check]:
    """What is said of the network with these entries out and in, and with a second subnet."""
    other = replace(SUBNET, id="subnet-2", zone="eu-west-1b", cidr="10.0.1.0/24")
    blocks = {"subnet-1": "10.0.0.0/24", "subnet-2": "10.0.1.0/24", "subnet-e": "10.0.9.0/24"}
    seen = {id: Subnet(id, addresses(block), network_acl="acl-1") for id, block in blocks.items()}
    paths = Network(VPC, subnets=seen, network_acls={"acl-1": NetworkAcl("acl-1", entries, entries)})
    section = replace(SECTION, subnets=(SUBNET.id, other.id), **more.pop("section", {}))
    network = replace(NETWORK, subnets={SUBNET.id: SUBNET, other.id: other}, paths=paths, region="eu-west-1", **more)
    found = existing_network(section, replace(network, subnet_tags={SUBNET.id: {}, other.id: {}}))
    return [check for check in found if check.id == "subnet-acl"]


ALL: Final = AclEntry(100, True, "-1", addresses("0.0.0.0/0"))
INSIDE: Final = replace(ALL, peers=addresses("10.0.0.0/16"))
NO_443: Final = AclEntry(5, False, "tcp", addresses("0.0.0.0/0"), Span(443, 443))
S3: Final = {"endpoints": ("s3",), "egress": "none"}


@pytest.mark.parametrize(
    ("entries", "more", "expected"),
    [
        ([ALL], {"section": {"egress": "none", "endpoints": ("ec2",)}}, []),
        ([], {"section": {"egress": "none", "endpoints": ()}}, [Status.FAIL] * 2),
        ([NO_443, ALL], {"section": {"egress": "none", "endpoints": ()}}, []),
        ([NO_443, ALL], {"section": {"egress": "none", "endpoints": ("ec2",)}}, [Status.FAIL] * 2),
        ([NO_443, ALL], {"section": {"egress": "nat", "endpoints": ()}}, [Status.WARN]),
        ([INSIDE], {"section": S3}, [Status.WARN] * 2),
        ([INSIDE], {"section": S3, "s3_blocks": [addresses("3.5.64.0/21")]}, [Status.FAIL] * 2),
        (
            [INSIDE],
            {"section": {"egress": "none", "endpoints": ()}, "dhcp": DhcpTold(name_servers=["192.168.0.53"])},
            [Status.FAIL] * 2,
        ),
        (
            [INSIDE],
            {"section": {"egress": "none", "endpoints": ()}, "dhcp": DhcpTold(name_servers=["10.0.0.2", "fd00::2"])},
            [],
        ),
    ],
    ids=["open", "shut", "no endpoint", "endpoints", "a way out", "s3 unread", "s3", "name servers", "AWS's"],
)
def test_acls_are_asked_what_the_cluster_needs_of_them(
    entries: list[AclEntry], more: dict[str, Any], expected: list[Status]
) -> None:
    assert [check.status for check in with_acl(*entries, **more)] == expected


def test_the_way_to_endpoints_counts_in_their_zones_only() -> None:
    section = {"egress": "none", "endpoints": ("ec2", "s3-interface")}
    in_b = EndpointSettings(zones=("eu-west-1b",))
    both = {**section, "endpoint_settings": {"ec2": in_b, "s3-interface": in_b}}
    out, into = with_acl(NO_443, ALL, section=both)
    assert "acl-1 of subnet-1 denies by entry 5 what has to go out: tcp 443 to 10.0.1.0/24 (" in out.detail
    assert "acl-1 of subnet-2 denies by entry 5 what has to come in: tcp 443 from 10.0.0.0/24 (" in into.detail
    one = {**section, "endpoint_settings": {"ec2": in_b}}
    assert "acl-1 of subnet-1, subnet-2 denies" in with_acl(NO_443, ALL, section=one)[0].detail


def test_subnets_that_the_plan_makes_have_the_vpcs_own_acl() -> None:
    section = replace(SECTION, subnets=(), egress="none", endpoints=())
    seen = {
        f"PrivateSubnet{n}": Subnet(f"PrivateSubnet{n}", addresses(f"10.0.{n}.0/24"), network_acl="a") for n in "12"
    }
    for entries, expected in (((ALL,), []), ((), [Status.FAIL] * 2)):
        paths = Network(VPC, subnets=seen, network_acls={"a": NetworkAcl("a", entries, entries)})
        network = replace(NETWORK, subnets={}, paths=paths, planned=dict.fromkeys(seen, ""))
        found = [check.status for check in existing_network(section, network) if check.id == "subnet-acl"]
        assert found == expected


def test_the_way_to_other_peoples_endpoints_counts() -> None:
    theirs = ExistingEndpoint("vpce-1", "com.amazonaws.eu-west-1.ec2", "Interface", subnets=("subnet-e",))
    section = {"egress": "none", "endpoints": ()}
    out, into = with_acl(NO_443, ALL, section=section, endpoints=[theirs])
    assert "acl-1 of subnet-1, subnet-2 denies by entry 5 what has to go out: tcp 443 to 10.0.9.0/24" in out.detail
    assert "acl-1 of subnet-e denies by entry 5 what has to come in: tcp 443 from 10.0.0.0/24, 10.0.1.0" in into.detail


@pytest.mark.parametrize(
    ("address", "kept"), [("10.0.0.3", True), ("10.0.0.255", True), ("10.0.0.4", False), ("10.0.9.0", False)]
)
def test_an_address_that_aws_keeps_is_no_machines(address: str, *, kept: bool) -> None:
    section = replace(SECTION, control_plane_addresses=("10.0.0.10", address))
    found = [check for check in existing_network(section, NETWORK) if check.status is not Status.PASS]
    assert [check.id for check in found] == ["machine-address"] * kept
    reserved = f"openshift.controlPlane.addresses[1]: AWS reserves {address}"
    assert all(check.detail.startswith(reserved) for check in found)

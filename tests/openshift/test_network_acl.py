"""The public subnets' network ACL, against the documentation's table: in 80, 443, 22, 1024-65535; out 0-65535."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Network
from typing import Any

import pytest

from ocpprov.engine.values import Ref
from ocpprov.openshift.expand import expand
from ocpprov.plan.model import OpenShift
from tests.openshift.plans import FACTS, SECTION_3AZ, plan_of

# Number, egress, protocol, first and last port, block.
Row = tuple[int, bool, int, int | None, int | None, str]
TABLE: dict[str, Row] = {
    "InboundHTTPPublicNetworkAclEntry": (100, False, 6, 80, 80, "0.0.0.0/0"),
    "InboundHTTPSPublicNetworkAclEntry": (101, False, 6, 443, 443, "0.0.0.0/0"),
    "InboundSSHPublicNetworkAclEntry": (102, False, 6, 22, 22, "0.0.0.0/0"),
    "InboundEphemeralPublicNetworkAclEntry": (103, False, 6, 1024, 65535, "0.0.0.0/0"),
    "OutboundPublicNetworkAclEntry": (100, True, 6, 0, 65535, "0.0.0.0/0"),
}
BESIDE: dict[str, Row] = {
    "InboundUDPPublicNetworkAclEntry": (104, False, 17, 1024, 65535, "0.0.0.0/0"),
    "InboundICMPPublicNetworkAclEntry": (105, False, 1, None, None, "0.0.0.0/0"),
    "OutboundUDPPublicNetworkAclEntry": (101, True, 17, 0, 65535, "0.0.0.0/0"),
    "OutboundICMPPublicNetworkAclEntry": (102, True, 1, None, None, "0.0.0.0/0"),
    "InboundVpcPublicNetworkAclEntry": (90, False, -1, None, None, "10.0.0.0/16"),
    "OutboundVpcPublicNetworkAclEntry": (90, True, -1, None, None, "10.0.0.0/16"),
}
SECOND: dict[str, Row] = {
    "InboundVpcPublicNetworkAclEntry2": (91, False, -1, None, None, "100.64.0.0/16"),
    "OutboundVpcPublicNetworkAclEntry2": (91, True, -1, None, None, "100.64.0.0/16"),
}


def row(entry: Any) -> Row:
    ports = entry.get("PortRange", {})
    number, egress, protocol = entry["RuleNumber"], entry["Egress"], entry["Protocol"]
    return number, egress, protocol, ports.get("From"), ports.get("To"), entry["CidrBlock"]


def entries(section: OpenShift) -> dict[str, Row]:
    made = expand(plan_of(section), FACTS).values()
    found = {each.logical_id: each.properties for each in made if each.type == "AWS::EC2::NetworkAclEntry"}
    assert all(each["NetworkAclId"] == Ref("PublicNetworkAcl") for each in found.values())
    assert all(each["RuleAction"] == "allow" for each in found.values())
    return {logical_id: row(each) for logical_id, each in found.items()}


def types(section: OpenShift) -> set[str]:
    return {each.type for each in expand(plan_of(section), FACTS).values()}


def test_the_documented_form_is_exactly_the_table() -> None:
    assert entries(replace(SECTION_3AZ, network_acl="documented")) == TABLE


def test_the_working_form_has_what_traffic_needs_beside_it() -> None:
    assert entries(replace(SECTION_3AZ, network_acl="working")) == {**TABLE, **BESIDE}


def test_secondary_networks_are_inside_the_vpc_too() -> None:
    section = replace(SECTION_3AZ, network_acl="working", secondary_networks=(IPv4Network("100.64.0.0/16"),))
    assert entries(section) == {**TABLE, **BESIDE, **SECOND}


def test_icmp_means_all_of_it() -> None:
    resources = expand(plan_of(replace(SECTION_3AZ, network_acl="working")), FACTS)
    assert resources["InboundICMPPublicNetworkAclEntry"].properties["Icmp"] == {"Type": -1, "Code": -1}


def test_it_is_on_the_public_subnets_only() -> None:
    resources = expand(plan_of(replace(SECTION_3AZ, network_acl="documented")), FACTS)
    assert resources["PublicNetworkAcl"].properties == {"VpcId": Ref("VPC")}
    associations = {
        logical_id: each.properties
        for logical_id, each in resources.items()
        if each.type == "AWS::EC2::SubnetNetworkAclAssociation"
    }
    acl = Ref("PublicNetworkAcl")
    assert associations == {
        "PublicSubnetNetworkAclAssociation": {"SubnetId": Ref("PublicSubnet"), "NetworkAclId": acl},
        "PublicSubnetNetworkAclAssociation2": {"SubnetId": Ref("PublicSubnet2"), "NetworkAclId": acl},
        "PublicSubnetNetworkAclAssociation3": {"SubnetId": Ref("PublicSubnet3"), "NetworkAclId": acl},
    }


@pytest.mark.parametrize(
    "section",
    [SECTION_3AZ, replace(SECTION_3AZ, network_acl="working", publish="Internal", egress="none")],
    ids=["vpc-default", "no-public-subnets"],
)
def test_no_acl(section: OpenShift) -> None:
    assert not {kind for kind in types(section) if "NetworkAcl" in kind}

"""Roles of existing subnets: each balancer and the machines are where the roles say, if the subnets are so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import pytest

from ocpprov.openshift.expand import ExistingSubnet, Facts, expand, logical_ids
from ocpprov.openshift.section_outputs import outputs
from ocpprov.plan.model import OpenShift, OwnRoles
from ocpprov.plan.openshift_subnet_roles import own_role_notes
from tests.openshift.plans import plan_of

NODE, BOOTSTRAP, INGRESS = "ClusterNode", "BootstrapNode", "IngressControllerLB"
INTERNAL, EXTERNAL, EDGE = "ControlPlaneInternalLB", "ControlPlaneExternalLB", "EdgeNode"
KNOWN: Final = {
    "subnet-0e": ExistingSubnet("subnet-0e", "vpc-1", "eu-west-1b", "10.0.16.0/24", public=True, route_table="rtb-1"),
    "subnet-0f": ExistingSubnet("subnet-0f", "vpc-1", "eu-west-1a", "10.0.0.0/24", public=True, route_table="rtb-1"),
    "subnet-0a": ExistingSubnet("subnet-0a", "vpc-1", "eu-west-1b", "10.0.64.0/20", public=False, route_table="rtb-2"),
    "subnet-0b": ExistingSubnet("subnet-0b", "vpc-1", "eu-west-1b", "10.0.80.0/28", public=False, route_table="rtb-3"),
    "subnet-0c": ExistingSubnet("subnet-0c", "vpc-1", "eu-west-1-x-1a", "10.0.96.0/20", public=False),
}
ROLES: Final[Mapping[str, frozenset[str]]] = {
    "subnet-0e": frozenset((EXTERNAL,)),
    "subnet-0f": frozenset((INGRESS, BOOTSTRAP)),
    "subnet-0a": frozenset((NODE,)),
    "subnet-0b": frozenset((INTERNAL,)),
    "subnet-0c": frozenset((EDGE,)),
}
SECTION: Final = OpenShift(
    cluster_name="prod",
    base_domain="example.com",
    infra_id="prod-x7k2p",
    public_zone="none",
    subnets=tuple(KNOWN),
    subnet_roles=ROLES,
    endpoints=("s3", "ec2"),
)


def made(section: OpenShift, subnets: Mapping[str, ExistingSubnet] = KNOWN) -> Mapping[str, Any]:
    found = expand(plan_of(section), Facts(subnets=subnets))
    return {name: each.properties for name, each in found.items()}


@pytest.mark.parametrize("balancers", ["network", "classic"])
def test_each_balancer_is_in_the_subnets_of_its_role(balancers: Any) -> None:
    found = made(replace(SECTION, load_balancers=balancers))
    key = {name: properties["Subnets"] for name, properties in found.items() if "Subnets" in properties}
    assert sorted(key.values()) == [["subnet-0b"], ["subnet-0e"]]
    assert found["Ec2Endpoint"]["SubnetIds"] == ["subnet-0a"]
    assert sum(name.startswith("SubnetTags") for name in found) == len(KNOWN)


def test_the_machines_subnets_are_those_of_their_role() -> None:
    said = {each.name: each.value for each in outputs(plan_of(SECTION), Facts(subnets=KNOWN))}
    assert said["PrivateSubnetIds"] == "subnet-0a"
    assert said["PublicSubnetIds"] == "subnet-0f,subnet-0e"


@pytest.mark.parametrize(
    ("subnet", "role", "told"),
    [
        ("subnet-0a", EXTERNAL, "subnet-0a has the role ControlPlaneExternalLB, and is private: it has no route"),
        ("subnet-0a", INGRESS, "subnet-0a has the role IngressControllerLB, and is private"),
        ("subnet-0b", BOOTSTRAP, "subnet-0b has the role BootstrapNode, and is private"),
        ("subnet-0e", NODE, "subnet-0e has the role ClusterNode, and is public: it has a route to an internet gateway"),
        ("subnet-0f", INTERNAL, "subnet-0f has the role ControlPlaneInternalLB, and is public"),
    ],
)
def test_a_role_that_a_subnet_can_not_have_is_named(subnet: str, role: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        made(replace(SECTION, subnet_roles={**ROLES, subnet: frozenset((role,))}))


def test_two_subnets_of_a_role_in_a_zone_are_one_too_many() -> None:
    with pytest.raises(ValueError, match="more than one ClusterNode subnet in eu-west-1b: one in each zone is wanted"):
        made(replace(SECTION, subnet_roles={**ROLES, "subnet-0b": frozenset((NODE, INTERNAL))}))


def test_a_private_cluster_has_no_public_roles() -> None:
    inside = {name: ROLES[name] for name in ("subnet-0b", "subnet-0a")}
    inside["subnet-0a"] |= {INGRESS, BOOTSTRAP}
    section = replace(SECTION, publish="Internal", subnets=tuple(inside), subnet_roles=inside)
    assert made(section)["IntApiElb"]["Subnets"] == ["subnet-0b"]
    with pytest.raises(ValueError, match="subnet-0a has the role BootstrapNode, and is public"):
        made(section, {**KNOWN, "subnet-0a": replace(KNOWN["subnet-0a"], public=True)})


def test_before_aws_is_asked_the_roles_tell_which_subnets_are_public() -> None:
    assert set(logical_ids(SECTION)) >= {"ExtApiElb", "IntApiElb"}


@pytest.mark.parametrize(
    ("publish", "roles", "public", "told"),
    [
        ("External", {EXTERNAL, INGRESS}, True, ""),
        ("External", {NODE, INTERNAL}, False, ""),
        ("External", {NODE, EXTERNAL}, True, "public: its role ClusterNode is"),
        ("External", {EXTERNAL, INGRESS}, False, "private: its role ControlPlaneExternalLB, IngressControllerLB is"),
        ("Internal", {INGRESS, NODE}, False, ""),
        ("Internal", {INGRESS}, True, "public: its role IngressControllerLB is"),
    ],
)
def test_roles_of_the_plans_own_subnets_are_held_against_what_they_are(
    publish: Any, roles: set[str], *, public: bool, told: str
) -> None:
    section = OpenShift("prod", "example.com", publish=publish)
    own = {"subnet-1": OwnRoles("config.yaml:9:5", frozenset(roles))}
    notes = list(own_role_notes(section, own, {"subnet-1": public}))
    said = f"config.yaml:9:5: subnet-1 is this plan's own and {told} not honoured"
    assert notes == ([said] if told else [])
    assert list(own_role_notes(section, own, {})) == []

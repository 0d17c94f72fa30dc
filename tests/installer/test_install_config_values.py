"""What a plan says for an install-config.yaml, by release and by what is published."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Network
from typing import Any, Final

import pytest

from ocpprov.installer.install_config_values import (
    FORMS,
    ConfigSubnet,
    InstallConfigValues,
    install_config_values,
)
from ocpprov.plan.model import AwsSettings, Iam, InstanceProfiles, Plan, ServiceEndpoint
from tests.openshift.plans import SECTION_3AZ, plan_of

SUBNETS: Final = {"PublicSubnetIds": ["subnet-a1", "subnet-b1"], "PrivateSubnetIds": ["subnet-a2", "subnet-b2"]}


def values(version: str = "4.12", publish: Any = "External", **outputs: object) -> InstallConfigValues:
    plan = plan_of(replace(SECTION_3AZ, version=version, publish=publish))
    return install_config_values(plan, {**SUBNETS, **outputs})


@pytest.mark.parametrize(
    ("version", "path", "roles"),
    [
        ("4.1", "platform.aws.subnets", False),
        ("4.12.9", "platform.aws.subnets", False),
        ("4.18.6", "platform.aws.subnets", False),
        ("4.19", "platform.aws.vpc.subnets", True),
        ("4.22.1", "platform.aws.vpc.subnets", True),
        ("4.30", "platform.aws.vpc.subnets", True),
    ],
)
def test_subnets_stand_where_the_release_has_them(version: str, path: str, roles: bool) -> None:
    found = values(version)
    assert ".".join(found.form.path) == path
    assert [bool(each.roles) for each in found.subnets] == [roles] * 4


def test_a_published_cluster_has_both_sides_private_ones_first() -> None:
    assert [each.id for each in values().subnets] == ["subnet-a2", "subnet-b2", "subnet-a1", "subnet-b1"]
    inside = ("ClusterNode", "ControlPlaneInternalLB")
    outside = ("ControlPlaneExternalLB", "BootstrapNode", "IngressControllerLB")
    assert values("4.19").subnets == (
        ConfigSubnet("subnet-a2", inside),
        ConfigSubnet("subnet-b2", inside),
        ConfigSubnet("subnet-a1", outside),
        ConfigSubnet("subnet-b1", outside),
    )


def test_one_that_is_not_has_the_private_ones_for_everything() -> None:
    assert [each.id for each in values(publish="Internal").subnets] == ["subnet-a2", "subnet-b2"]
    roles = ("ClusterNode", "ControlPlaneInternalLB", "BootstrapNode", "IngressControllerLB")
    assert values("4.20", "Internal").subnets == (ConfigSubnet("subnet-a2", roles), ConfigSubnet("subnet-b2", roles))
    assert (values().publish, values(publish="Internal").publish) == ("External", "Internal")


def test_what_the_outputs_say_and_nothing_else() -> None:
    assert install_config_values(plan_of(SECTION_3AZ), {}) == InstallConfigValues(
        FORMS[0], "External", machine_networks=(IPv4Network("10.0.0.0/16"),)
    )
    endpoints = [{"name": "ec2", "url": "https://ec2.corp"}]
    zone = {"PrivateHostedZoneId": "Z1", "PrivateHostedZoneRole": "arn"}
    found = values(**zone, ServiceEndpoints=endpoints, NoProxy="ec2.corp,s3.corp")
    assert (found.hosted_zone, found.hosted_zone_role) == ("Z1", "arn")
    assert found.service_endpoints == (ServiceEndpoint("ec2", "https://ec2.corp"),)
    assert found.no_proxy == ("ec2.corp", "s3.corp")
    assert found.compute_replicas == 0


def test_a_plans_own_outputs_of_these_names_are_nobodys_business() -> None:
    found = values(ServiceEndpoints=[{"a": 1}, "x"], EndpointsToAdd=[{"iam": ""}], PrivateSubnetIds=[1], NoProxy=2)
    assert (found.service_endpoints, found.credentials_mode, found.no_proxy) == ((), "", ())
    assert [each.id for each in found.subnets] == ["subnet-a1", "subnet-b1"]


def test_certificates_come_with_when_they_are_trusted() -> None:
    plan, outputs = plan_of(SECTION_3AZ), {"AdditionalTrustBundle": "/ca.pem", "AdditionalTrustBundlePolicy": "Always"}
    found = install_config_values(plan, outputs, "-----BEGIN CERTIFICATE-----\n")
    assert (found.trust_bundle, found.trust_bundle_policy) == ("-----BEGIN CERTIFICATE-----\n", "Always")
    assert install_config_values(plan, outputs).trust_bundle_policy == ""


def test_credentials_are_made_by_hand_where_nothing_leads_to_iam() -> None:
    lacking = [{"service": "route53", "remedy": ""}, {"service": "iam", "remedy": ""}]
    assert values(EndpointsToAdd=lacking).credentials_mode == "Manual"
    assert values(EndpointsToAdd=lacking[:1]).credentials_mode == ""
    behind = replace(plan_of(SECTION_3AZ), aws=AwsSettings(proxy="http://proxy.corp:3128"))
    found = install_config_values(behind, {"EndpointsToAdd": lacking})
    assert (found.behind_proxy, found.credentials_mode) == (True, "")


@pytest.mark.parametrize(
    ("profiles", "mode"),
    [
        (InstanceProfiles("m", "w"), "Manual"),
        (InstanceProfiles("m"), ""),
        (InstanceProfiles("", "w", "b"), ""),
        (InstanceProfiles(bootstrap="b"), ""),
    ],
)
def test_whoever_gives_the_profiles_makes_the_credentials(profiles: InstanceProfiles, mode: str) -> None:
    plan = plan_of(replace(SECTION_3AZ, iam=Iam(instance_profiles=profiles)))
    assert install_config_values(plan, {}).credentials_mode == mode


@pytest.mark.parametrize("mode", ["Mint", "Passthrough", "Manual"])
def test_what_the_plan_says_of_credentials_holds(mode: Any) -> None:
    plan = plan_of(replace(SECTION_3AZ, credentials_mode=mode))
    assert install_config_values(plan, {"EndpointsToAdd": [{"service": "iam", "remedy": ""}]}).credentials_mode == mode


def test_roles_that_the_plan_says_stay() -> None:
    roles = {"subnet-b": frozenset(("IngressControllerLB", "BootstrapNode")), "subnet-a": frozenset(("ClusterNode",))}
    section = replace(SECTION_3AZ, subnets=("subnet-b", "subnet-a"), subnet_roles=roles)
    assert install_config_values(plan_of(replace(section, version="4.19")), SUBNETS).subnets == (
        ConfigSubnet("subnet-b", ("BootstrapNode", "IngressControllerLB")),
        ConfigSubnet("subnet-a", ("ClusterNode",)),
    )
    assert install_config_values(plan_of(replace(section, version="4.18")), SUBNETS).subnets == (
        ConfigSubnet("subnet-b"),
        ConfigSubnet("subnet-a"),
    )


def test_a_plan_without_a_cluster_has_none() -> None:
    with pytest.raises(ValueError, match="plan bare has no openshift section"):
        install_config_values(Plan(name="bare", region="eu-west-1"), {})

"""Parameters of the templates for machines: their names, and what each of them takes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from ipaddress import IPv4Network
from typing import Final

import pytest

from ocpprov.installer.machine_templates import TEMPLATES, Template
from ocpprov.installer.template_parameters import template_parameters
from ocpprov.plan.model import OpenShift
from tests.installer.outputs import ARN, OUTPUTS
from tests.openshift.plans import SECTION_3AZ

INFRASTRUCTURE: Final = r"[a-zA-Z][a-zA-Z0-9\-]{0,26}"
OCTET: Final = r"([0-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5])"
CIDR: Final = rf"({OCTET}\.){{3}}{OCTET}(\/([0-9]|1[0-9]|2[0-9]|3[0-2]))"
IMAGE, SUBNET, GROUP, VPC = (rf"{kind}-[0-9a-f]+" for kind in ("ami", "subnet", "sg", "vpc"))
YES_NO: Final = "yes|no"
ANY: Final = ".+"
BALANCING: Final = {
    "AutoRegisterELB": YES_NO,
    "RegisterNlbIpTargetsLambdaArn": ANY,
    "ExternalApiTargetGroupArn": ANY,
    "InternalApiTargetGroupArn": ANY,
    "InternalServiceTargetGroupArn": ANY,
}

# openshift/installer, upi/aws/cloudformation, release-4.12: AllowedPattern, or what CloudFormation takes for the type.
PARAMETERS: Final[Mapping[Template, Mapping[str, str]]] = {
    "04": {
        "InfrastructureName": INFRASTRUCTURE,
        "RhcosAmi": IMAGE,
        "AllowedBootstrapSshCidr": CIDR,
        "PublicSubnet": SUBNET,
        "MasterSecurityGroupId": GROUP,
        "VpcId": VPC,
        "BootstrapIgnitionLocation": ANY,
        **BALANCING,
        "BootstrapInstanceType": ANY,
    },
    "05": {
        "InfrastructureName": INFRASTRUCTURE,
        "RhcosAmi": IMAGE,
        "AutoRegisterDNS": ANY,
        "PrivateHostedZoneId": ANY,
        "PrivateHostedZoneName": ANY,
        "Master0Subnet": SUBNET,
        "Master1Subnet": SUBNET,
        "Master2Subnet": SUBNET,
        "MasterSecurityGroupId": GROUP,
        "IgnitionLocation": ANY,
        "CertificateAuthorities": ANY,
        "MasterInstanceProfileName": ANY,
        "MasterInstanceType": ANY,
        **BALANCING,
    },
    "06": {
        "InfrastructureName": INFRASTRUCTURE,
        "RhcosAmi": IMAGE,
        "Subnet": SUBNET,
        "WorkerSecurityGroupId": GROUP,
        "IgnitionLocation": ANY,
        "CertificateAuthorities": ANY,
        "WorkerInstanceProfileName": ANY,
        "WorkerInstanceType": ANY,
    },
}
UNUSED_SINCE_4_11: Final = {"AutoRegisterDNS", "PrivateHostedZoneId", "PrivateHostedZoneName"}
WITH_DEFAULT: Final = {"BootstrapInstanceType", "MasterInstanceType", "WorkerInstanceType", *UNUSED_SINCE_4_11}
BALANCED: Final = {
    "AutoRegisterELB": "no",
    "RegisterNlbIpTargetsLambdaArn": "unused",
    "ExternalApiTargetGroupArn": ARN.format("aext"),
    "InternalApiTargetGroupArn": ARN.format("aint"),
    "InternalServiceTargetGroupArn": ARN.format("sint"),
}


WITH_FILE: Final = replace(SECTION_3AZ, bootstrap_ignition="bootstrap.ign")


def given(template: Template, section: OpenShift = WITH_FILE, **changed: object) -> dict[str, str]:
    found = template_parameters(template, section, {**OUTPUTS, **changed})
    assert found.lacking == []
    return dict(found.values)


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize(
    "section",
    [
        SECTION_3AZ,
        replace(SECTION_3AZ, publish="Internal"),
        replace(SECTION_3AZ, load_balancers="classic"),
        replace(SECTION_3AZ, infra_id="a23456789012345678901-abcde", bootstrap_from=IPv4Network("203.0.113.7/32")),
    ],
    ids=["published", "internal", "classic", "the longest name"],
)
def test_names_and_values_are_what_the_template_takes(template: Template, section: OpenShift) -> None:
    found = given(template, section)
    taken = PARAMETERS[template]
    assert [key for key in found if key not in taken] == []
    assert [key for key, value in found.items() if not re.fullmatch(taken[key], value)] == []


@pytest.mark.parametrize("section", [SECTION_3AZ, WITH_FILE, replace(WITH_FILE, bootstrap=False)])
@pytest.mark.parametrize("template", TEMPLATES)
def test_what_is_left_has_a_default_or_is_named_to_be_given(template: Template, section: OpenShift) -> None:
    found = template_parameters(template, section, OUTPUTS)
    named = {line.partition(" ")[0] for line in found.to_give}
    assert {*PARAMETERS[template]} - {*found.values} - WITH_DEFAULT == named
    assert not named & {*found.values}


@pytest.mark.parametrize("template", TEMPLATES)
def test_an_image_that_is_known_is_not_asked_for(template: Template) -> None:
    without = template_parameters(template, WITH_FILE, OUTPUTS)
    found = template_parameters(template, WITH_FILE, OUTPUTS, "ami-0123456789abcdef0")
    assert found.values == {**without.values, "RhcosAmi": "ami-0123456789abcdef0"}
    assert re.fullmatch(PARAMETERS[template]["RhcosAmi"], found.values["RhcosAmi"])
    assert found.to_give == without.to_give[1:]
    assert without.to_give[0].startswith("RhcosAmi (")


def test_the_bootstrap_machine() -> None:
    assert given("04") == {
        "InfrastructureName": "prod-x7k2p",
        "PublicSubnet": "subnet-0a",
        "AllowedBootstrapSshCidr": "10.0.0.0/16",
        "MasterSecurityGroupId": "sg-0a",
        "VpcId": "vpc-0123456789abcdef0",
        "BootstrapIgnitionLocation": "s3://prod-x7k2p-infra/bootstrap.ign",
        **BALANCED,
    }
    admitted = given("04", replace(SECTION_3AZ, bootstrap_from=IPv4Network("203.0.113.0/24")))
    assert admitted["AllowedBootstrapSshCidr"] == "203.0.113.0/24"


def test_without_a_published_api_the_bootstrap_machine_is_inside() -> None:
    found = given("04", replace(SECTION_3AZ, publish="Internal"), ExternalApiTargetGroupArn=None)
    assert (found["PublicSubnet"], found["ExternalApiTargetGroupArn"]) == ("subnet-1a", "unused")
    assert found["InternalApiTargetGroupArn"] == ARN.format("aint")


def test_classic_balancers_have_no_target_groups() -> None:
    groups = dict.fromkeys(("ExternalApiTargetGroupArn", "InternalApiTargetGroupArn", "InternalServiceTargetGroupArn"))
    found = given("05", replace(SECTION_3AZ, load_balancers="classic"), **groups)
    assert {found[name] for name in groups} == {"unused"}


def test_the_control_plane() -> None:
    assert given("05") == {
        "InfrastructureName": "prod-x7k2p",
        "Master0Subnet": "subnet-1a",
        "Master1Subnet": "subnet-1b",
        "Master2Subnet": "subnet-1c",
        "MasterSecurityGroupId": "sg-0a",
        "IgnitionLocation": "https://api-int.prod.example.com:22623/config/master",
        "MasterInstanceProfileName": "prod-MasterInstanceProfile-1ab",
        **BALANCED,
    }


@pytest.mark.parametrize(
    ("subnets", "masters"),
    [(["subnet-1a"], ["subnet-1a"] * 3), (["subnet-1a", "subnet-1b"], ["subnet-1a", "subnet-1b", "subnet-1a"])],
)
def test_fewer_zones_than_machines_begin_anew(subnets: list[str], masters: list[str]) -> None:
    found = given("05", PrivateSubnetIds=subnets)
    assert [found[f"Master{number}Subnet"] for number in range(3)] == masters


def test_a_compute_machine() -> None:
    assert given("06") == {
        "InfrastructureName": "prod-x7k2p",
        "Subnet": "subnet-1a",
        "WorkerSecurityGroupId": "sg-0b",
        "IgnitionLocation": "https://api-int.prod.example.com:22623/config/worker",
        "WorkerInstanceProfileName": "prod-WorkerInstanceProfile-2cd",
    }


def test_the_document_is_the_aws_clis() -> None:
    document = template_parameters("06", SECTION_3AZ, OUTPUTS).document()
    assert document[0] == {"ParameterKey": "InfrastructureName", "ParameterValue": "prod-x7k2p"}
    assert {frozenset(each) for each in document} == {frozenset(("ParameterKey", "ParameterValue"))}


def test_what_is_not_there_yet_is_named_once() -> None:
    early = template_parameters("05", replace(SECTION_3AZ, infra_id=""), {"VpcId": "vpc-1"})
    assert early.lacking == [
        "infraID",
        "PrivateSubnetIds",
        "MasterSecurityGroupId",
        "MasterIgnitionLocation",
        "MasterInstanceProfile",
        "ExternalApiTargetGroupArn",
        "InternalApiTargetGroupArn",
        "InternalServiceTargetGroupArn",
    ]
    assert template_parameters("04", SECTION_3AZ, {**OUTPUTS, "PublicSubnetIds": []}).lacking == ["PublicSubnetIds"]

"""Interface endpoints, their group, and service names by partition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from ipaddress import IPv4Network
from typing import Final

import pytest

from ocpprov.engine.values import GetAtt, Join, Ref
from ocpprov.openshift.expand import ExistingEndpoint, ExistingSubnet, Facts, expand, facts_needed, notes
from ocpprov.openshift.section_outputs import outputs
from ocpprov.openshift.services import listed_as, service_of
from ocpprov.plan.model import AwsSettings, EndpointSettings, OpenShift, ServiceEndpoint
from tests.openshift.plans import FACTS, SECTION_3AZ, plan_of

BARE = OpenShift(cluster_name="prod", base_domain="example.com")
RESTRICTED = replace(BARE, publish="Internal", egress="none", endpoints=("s3", "ec2", "elasticloadbalancing"))


def test_ec2_and_load_balancing_are_in_each_private_subnet_with_private_dns() -> None:
    resources = expand(plan_of(RESTRICTED), FACTS)
    for logical_id, service in [
        ("Ec2Endpoint", "com.amazonaws.eu-west-1.ec2"),
        ("ElasticloadbalancingEndpoint", "com.amazonaws.eu-west-1.elasticloadbalancing"),
    ]:
        assert resources[logical_id].properties == {
            "VpcId": Ref("VPC"),
            "VpcEndpointType": "Interface",
            "ServiceName": service,
            "SubnetIds": [Ref("PrivateSubnet"), Ref("PrivateSubnet2"), Ref("PrivateSubnet3")],
            "SecurityGroupIds": [GetAtt("EndpointSecurityGroup", "GroupId")],
            "PrivateDnsEnabled": True,
        }


def test_the_group_admits_443_from_the_vpc() -> None:
    section = replace(RESTRICTED, secondary_networks=(IPv4Network("100.64.0.0/16"),))
    assert expand(plan_of(section), FACTS)["EndpointSecurityGroup"].properties == {
        "GroupDescription": "VPC endpoints",
        "VpcId": Ref("VPC"),
        "SecurityGroupIngress": [
            {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "10.0.0.0/16"},
            {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "100.64.0.0/16"},
        ],
    }


def test_without_interfaces_there_is_no_group() -> None:
    resources = expand(plan_of(BARE), FACTS)
    assert not {"EndpointSecurityGroup", "Ec2Endpoint", "ElasticloadbalancingEndpoint"} & resources.keys()


@pytest.mark.parametrize(
    ("word", "region", "logical_id", "service", "service_region"),
    [
        ("sts", "eu-west-1", "StsEndpoint", "com.amazonaws.eu-west-1.sts", None),
        ("ecr.api", "eu-west-1", "EcrApiEndpoint", "com.amazonaws.eu-west-1.ecr.api", None),
        ("com.amazonaws.eu-west-1.kms", "eu-west-1", "KmsEndpoint", "com.amazonaws.eu-west-1.kms", None),
        ("com.amazonaws.us-east-1.kms", "eu-west-1", "KmsEndpoint", "com.amazonaws.us-east-1.kms", "us-east-1"),
        ("com.amazonaws.iam", "eu-west-1", "IamEndpoint", "com.amazonaws.iam", "us-east-1"),
        ("com.amazonaws.route53", "eu-west-1", "Route53Endpoint", "com.amazonaws.route53", "us-east-1"),
        ("iam", "us-east-1", "IamEndpoint", "com.amazonaws.iam", "us-east-1"),
        ("com.amazonaws.iam", "us-gov-east-1", "IamEndpoint", "com.amazonaws.iam", "us-gov-west-1"),
        ("com.amazonaws.route53", "cn-north-1", "Route53Endpoint", "com.amazonaws.route53", "cn-northwest-1"),
        ("ec2", "cn-north-1", "Ec2Endpoint", "cn.com.amazonaws.cn-north-1.ec2", None),
        ("logs", "cn-north-1", "LogsEndpoint", "com.amazonaws.cn-north-1.logs", None),
        ("ec2", "us-gov-west-1", "Ec2Endpoint", "com.amazonaws.us-gov-west-1.ec2", None),
        (
            "com.amazonaws.vpce.eu-west-1.vpce-svc-0123abcd",
            "eu-west-1",
            "ComAmazonawsVpceEuWest1VpceSvc0123abcdEndpoint",
            "com.amazonaws.vpce.eu-west-1.vpce-svc-0123abcd",
            None,
        ),
    ],
)  # fmt: skip
def test_words_and_whole_names(
    word: str, region: str, logical_id: str, service: str, service_region: str | None
) -> None:
    made = expand(plan_of(replace(RESTRICTED, endpoints=(word,)), region), FACTS)[logical_id].properties
    assert made["ServiceName"] == service
    assert made.get("ServiceRegion") == service_region


def test_a_service_named_twice_is_made_once() -> None:
    section = replace(RESTRICTED, endpoints=("ec2", "com.amazonaws.eu-west-1.ec2"))
    made = [each for each in expand(plan_of(section), FACTS).values() if each.type == "AWS::EC2::VPCEndpoint"]
    assert [each.logical_id for each in made] == ["Ec2Endpoint"]


@pytest.mark.parametrize(
    ("words", "resolvers", "after"),
    [(("s3-interface",), "AllResolvers", ()), (("s3-interface", "s3"), "OnlyInboundResolver", ("S3Endpoint",))],
)
def test_s3_as_an_interface(words: tuple[str, ...], resolvers: str, after: tuple[str, ...]) -> None:
    made = expand(plan_of(replace(RESTRICTED, endpoints=words)), FACTS)["S3InterfaceEndpoint"]
    assert made.properties["ServiceName"] == "com.amazonaws.eu-west-1.s3"
    assert made.properties["PrivateDnsEnabled"] is True
    assert made.properties["DnsOptions"] == {"PrivateDnsOnlyForInboundResolverEndpoint": resolvers}
    assert made.depends_on == after


def test_an_endpoint_is_in_the_zones_that_the_plan_names() -> None:
    settings = {"ec2": EndpointSettings(zones=("eu-west-1c", "eu-west-1a")), "sts": EndpointSettings()}
    section = replace(RESTRICTED, endpoints=("ec2", "sts"), endpoint_settings=settings)
    made = expand(plan_of(section), FACTS)
    assert made["Ec2Endpoint"].properties["SubnetIds"] == [Ref("PrivateSubnet"), Ref("PrivateSubnet3")]
    assert made["StsEndpoint"].properties["SubnetIds"] == [Ref(f"PrivateSubnet{each}") for each in ("", 2, 3)]
    assert made["Ec2Endpoint"].properties["PrivateDnsEnabled"] is True
    assert not any("Ec2" in note or "zones" in note for note in notes(plan_of(section), FACTS))


def test_a_zone_without_a_private_subnet_takes_no_endpoint() -> None:
    settings = {"ec2": EndpointSettings(zones=("eu-west-1a", "eu-west-1f"))}
    plan = plan_of(replace(RESTRICTED, endpoints=("ec2",), endpoint_settings=settings))
    with pytest.raises(ValueError, match=r"com\.amazonaws\.eu-west-1\.ec2 can't be in eu-west-1f: .* eu-west-1c; name"):
        expand(plan, FACTS)


def test_an_endpoint_in_some_zones_of_existing_subnets_is_in_their_subnets() -> None:
    subnets = {
        f"subnet-{each}": ExistingSubnet(f"subnet-{each}", "vpc-1", f"eu-west-1{each}", f"10.0.{n}.0/24", public=False)
        for n, each in enumerate("cab")
    }
    section = replace(
        RESTRICTED,
        subnets=tuple(subnets),
        endpoints=("ec2",),
        endpoint_settings={"ec2": EndpointSettings(zones=("eu-west-1b", "eu-west-1c"))},
    )
    made = expand(plan_of(section), Facts(subnets=subnets))
    assert made["Ec2Endpoint"].properties["SubnetIds"] == ["subnet-b", "subnet-c"]


QUIET: Final = replace(
    RESTRICTED,
    endpoints=("s3-interface", "ec2"),
    endpoint_settings={word: EndpointSettings(private_dns_enabled=False) for word in ("s3-interface", "ec2")},
)
"""Both of its endpoints have no private DNS."""


def test_without_private_dns_an_endpoint_is_made_and_serves_nobody_by_the_services_own_name() -> None:
    made, found = expand(plan_of(QUIET), FACTS), {each.name: each for each in outputs(plan_of(QUIET), FACTS)}
    assert made["Ec2Endpoint"].properties["PrivateDnsEnabled"] is False
    assert made["S3InterfaceEndpoint"].properties["PrivateDnsEnabled"] is False
    assert "DnsOptions" not in made["S3InterfaceEndpoint"].properties
    assert "NoProxy" not in found
    missing = [item["service"] for item in found["EndpointsToAdd"].items if isinstance(item, Mapping)]
    assert missing[:3] == ["ec2", "elasticloadbalancing", "s3"]
    assert [note for note in notes(plan_of(QUIET), FACTS) if "Ec2Endpoint" in note] == [
        "Ec2Endpoint has no private DNS: the cluster finds com.amazonaws.eu-west-1.ec2 only by a private hosted zone "
        "with an alias to the endpoint, or serviceEndpoints in install-config.yaml"
    ]


def test_a_service_whose_address_the_plan_gives_the_cluster_needs_no_private_dns() -> None:
    url = "https://vpce-1.ec2.eu-west-1.vpce.amazonaws.com"
    plan = replace(plan_of(QUIET), aws=AwsSettings(service_endpoints=(ServiceEndpoint("ec2", url),)))
    assert [note.split()[0] for note in notes(plan, FACTS) if "no private DNS" in note] == ["S3InterfaceEndpoint"]


def test_without_private_dns_an_endpoint_is_made_beside_somebody_elses() -> None:
    facts = replace(FACTS, endpoints=[ExistingEndpoint("vpce-9", "com.amazonaws.eu-west-1.ec2", "Interface")])
    plan = plan_of(replace(QUIET, vpc_id="vpc-1"))
    assert "Ec2Endpoint" in expand(plan, facts)
    found = {each.name: str(each.value) for each in outputs(plan, facts)}
    assert found["NoProxy"] == "ec2.eu-west-1.amazonaws.com"
    assert "ec2:" not in found["EndpointsToAdd"]


def test_endpoints_that_an_existing_vpc_has_are_used_and_not_made() -> None:
    other = ExistingEndpoint("vpce-9", "com.amazonaws.eu-west-1.ec2", "Interface")
    plan = plan_of(replace(RESTRICTED, vpc_id="vpc-1"))
    facts = replace(FACTS, endpoints=[other])
    resources = expand(plan, facts)
    assert "Ec2Endpoint" not in resources
    assert resources["ElasticloadbalancingEndpoint"].properties["VpcId"] == "vpc-1"
    found = {output.name: output.value for output in outputs(plan, facts)}
    assert found["InterfaceEndpointIds"] == Join(",", (Ref("ElasticloadbalancingEndpoint"),))


@pytest.mark.parametrize(
    ("region", "words", "hosts"),
    [
        (
            "eu-west-1",
            ("s3", "ec2", "elasticloadbalancing"),
            "s3.eu-west-1.amazonaws.com,ec2.eu-west-1.amazonaws.com,elasticloadbalancing.eu-west-1.amazonaws.com",
        ),
        ("eu-west-1", ("ecr.api", "iam"), "api.ecr.eu-west-1.amazonaws.com,iam.amazonaws.com"),
        ("us-gov-west-1", ("com.amazonaws.route53",), "route53.us-gov.amazonaws.com"),
        ("cn-north-1", ("ec2", "iam"), "ec2.cn-north-1.amazonaws.com.cn,iam.cn-north-1.amazonaws.com.cn"),
        ("eu-west-1", ("s3", "s3-interface"), "s3.eu-west-1.amazonaws.com"),
    ],
)
def test_no_proxy_names_what_the_endpoints_answer_for(region: str, words: tuple[str, ...], hosts: str) -> None:
    found = {each.name: each.value for each in outputs(plan_of(replace(RESTRICTED, endpoints=words), region))}
    assert found["NoProxy"] == hosts


def test_without_endpoints_nothing_is_left_out_of_the_proxy() -> None:
    assert "NoProxy" not in {each.name for each in outputs(plan_of(replace(SECTION_3AZ, endpoints=())))}


ISOLATED = "us-iso-east-1"


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ((), "com.amazonaws.us-iso-east-1.ec2"),
        (("com.amazonaws.us-iso-east-1.ec2", "gov.example.us-iso-east-1.ec2"), "com.amazonaws.us-iso-east-1.ec2"),
        (("gov.example.us-iso-east-1.ec2", "gov.example.us-iso-east-1.ec2messages"), "gov.example.us-iso-east-1.ec2"),
        (("gov.one.us-iso-east-1.ec2", "gov.two.us-iso-east-1.ec2"), "com.amazonaws.us-iso-east-1.ec2"),
    ],
    ids=["nothing is listed", "ours is listed", "one ends alike", "several end alike"],
)
def test_a_service_has_the_name_that_aws_lists(names: tuple[str, ...], expected: str) -> None:
    assert listed_as(service_of("ec2", ISOLATED), ISOLATED, names) == expected


def test_names_are_asked_for_only_where_they_can_not_be_known() -> None:
    asked = {
        region: facts_needed(replace(plan_of(RESTRICTED), region=region)).services
        for region in ("eu-west-1", "us-gov-east-1", "cn-north-1", ISOLATED)
    }
    assert asked == {
        "eu-west-1": (),
        "us-gov-east-1": (),
        "cn-north-1": RESTRICTED.endpoints,
        ISOLATED: RESTRICTED.endpoints,
    }


def test_the_endpoint_is_made_for_the_name_that_aws_lists() -> None:
    names = {"com.amazonaws.us-iso-east-1.ec2": "gov.example.us-iso-east-1.ec2"}
    plan = replace(plan_of(RESTRICTED), region=ISOLATED)
    made = expand(plan, replace(FACTS, service_names=names))
    assert made["Ec2Endpoint"].properties["ServiceName"] == "gov.example.us-iso-east-1.ec2"
    assert made["S3Endpoint"].properties["ServiceName"] == "com.amazonaws.us-iso-east-1.s3"

"""The API's load balancers as classic ones."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ocpprov.engine.values import GetAtt, Ref
from ocpprov.openshift.expand import expand, facts_needed, notes
from tests.openshift.plans import FACTS, SECTION_3AZ, plan_of

CLASSIC = replace(SECTION_3AZ, load_balancers="classic", bootstrap_address="10.0.0.20")
INSTANCES = {"10.0.48.10": "i-1", "10.0.64.10": "i-2", "10.0.0.20": "i-9"}
KNOWN = replace(FACTS, instances=INSTANCES)
IDS = {"ExtApiClassicElb", "IntApiClassicElb", "ExtApiElbSecurityGroup", "IntApiElbSecurityGroup"}


def listener(port: str) -> dict[str, str]:
    return {"LoadBalancerPort": port, "InstancePort": port, "Protocol": "TCP", "InstanceProtocol": "TCP"}


def test_the_internal_balancer_has_both_ports_and_the_machines_there_are() -> None:
    assert expand(plan_of(CLASSIC), KNOWN)["IntApiClassicElb"].properties == {
        "LoadBalancerName": "prod-x7k2p-int",
        "Scheme": "internal",
        "Subnets": [Ref("PrivateSubnet"), Ref("PrivateSubnet2"), Ref("PrivateSubnet3")],
        "SecurityGroups": [GetAtt("IntApiElbSecurityGroup", "GroupId")],
        "CrossZone": True,
        "ConnectionDrainingPolicy": {"Enabled": True, "Timeout": 60},
        "HealthCheck": {
            "Target": "HTTPS:6443/readyz",
            "Interval": "10",
            "Timeout": "5",
            "HealthyThreshold": "2",
            "UnhealthyThreshold": "2",
        },
        "Listeners": [listener("6443"), listener("22623")],
        "Instances": ["i-1", "i-2", "i-9"],
    }


def test_the_external_balancer_has_6443_alone() -> None:
    external = expand(plan_of(CLASSIC), KNOWN)["ExtApiClassicElb"].properties
    assert external["LoadBalancerName"] == "prod-x7k2p-ext"
    assert external["Scheme"] == "internet-facing"
    assert external["Subnets"] == [Ref("PublicSubnet"), Ref("PublicSubnet2"), Ref("PublicSubnet3")]
    assert external["Listeners"] == [listener("6443")]


@pytest.mark.parametrize(
    ("group", "rules"),
    [
        ("ExtApiElbSecurityGroup", [(6443, "0.0.0.0/0")]),
        ("IntApiElbSecurityGroup", [(6443, "10.0.0.0/16"), (22623, "10.0.0.0/16")]),
    ],
)
def test_each_balancer_has_a_group_of_its_own(group: str, rules: list[tuple[int, str]]) -> None:
    assert expand(plan_of(CLASSIC), KNOWN)[group].properties["SecurityGroupIngress"] == [
        {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "CidrIp": source} for port, source in rules
    ]


def test_nothing_external_with_publish_internal() -> None:
    resources = expand(plan_of(replace(CLASSIC, publish="Internal")), KNOWN)
    assert IDS & resources.keys() == {"IntApiClassicElb", "IntApiElbSecurityGroup"}


def test_it_is_one_kind_or_the_other() -> None:
    network = {"AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::ElasticLoadBalancingV2::TargetGroup"}
    assert not network & {each.type for each in expand(plan_of(CLASSIC), KNOWN).values()}
    assert not IDS & expand(plan_of(SECTION_3AZ), FACTS).keys()


def test_the_instances_of_the_addresses_are_asked_for_and_missing_ones_said() -> None:
    plan = plan_of(CLASSIC)
    assert facts_needed(plan).instances == ("10.0.48.10", "10.0.64.10", "10.0.80.10", "10.0.0.20")
    assert facts_needed(plan_of(SECTION_3AZ)).instances == ()
    assert notes(plan, KNOWN) == ["no instance has the address 10.0.80.10 yet"]


def test_records_point_at_the_classic_balancers() -> None:
    group = expand(plan_of(replace(CLASSIC, public_zone="Z1")), KNOWN)["ExternalApiServerRecord"]
    assert group.properties["RecordSets"] == [
        {
            "Name": "api.prod.example.com",
            "Type": "A",
            "AliasTarget": {
                "DNSName": GetAtt("ExtApiClassicElb", "DNSName"),
                "HostedZoneId": GetAtt("ExtApiClassicElb", "CanonicalHostedZoneNameID"),
            },
        }
    ]


def test_releases_before_4_5_are_asked_over_tcp() -> None:
    check = expand(plan_of(replace(CLASSIC, version="4.4")), KNOWN)["IntApiClassicElb"].properties["HealthCheck"]
    assert isinstance(check, dict)
    assert check["Target"] == "TCP:6443"

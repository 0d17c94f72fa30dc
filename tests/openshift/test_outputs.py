"""Outputs under the names that Red Hat's templates and the documentation use, and the ids to refer to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ocpprov.engine.values import GetAtt, Join, Ref, Value, resolve, to_json
from ocpprov.openshift.aws_facts import UNKNOWN_ZONE, ExistingSubnet
from ocpprov.openshift.expand import Facts, expand, logical_ids
from ocpprov.openshift.section_outputs import outputs
from ocpprov.plan.model import AwsSettings, Bucket, Iam, InstanceProfiles, OpenShift, Plan, ServiceEndpoint
from tests.openshift.plans import FACTS, SECTION_3AZ, SECTION_SINGLE_ZONE, plan_of


def values(section: OpenShift) -> dict[str, Value]:
    return {output.name: output.value for output in outputs(plan_of(section))}


def by_hand(name: str, balancer: str) -> Join:
    return Join(" ", (name, "CNAME", GetAtt(balancer, "DNSName")))


def test_the_outputs_of_three_zones() -> None:
    assert values(SECTION_3AZ) == {
        "VpcId": Ref("VPC"),
        "PublicSubnetIds": Join(",", (Ref("PublicSubnet"), Ref("PublicSubnet2"), Ref("PublicSubnet3"))),
        "PrivateSubnetIds": Join(",", (Ref("PrivateSubnet"), Ref("PrivateSubnet2"), Ref("PrivateSubnet3"))),
        "Subnets": Join(
            "; ",
            (
                Join(" ", (Ref("PublicSubnet"), "eu-west-1a", "10.0.0.0/20", "public")),
                Join(" ", (Ref("PublicSubnet2"), "eu-west-1b", "10.0.16.0/20", "public")),
                Join(" ", (Ref("PublicSubnet3"), "eu-west-1c", "10.0.32.0/20", "public")),
                Join(" ", (Ref("PrivateSubnet"), "eu-west-1a", "10.0.48.0/20", "private")),
                Join(" ", (Ref("PrivateSubnet2"), "eu-west-1b", "10.0.64.0/20", "private")),
                Join(" ", (Ref("PrivateSubnet3"), "eu-west-1c", "10.0.80.0/20", "private")),
            ),
        ),
        "PublicRouteTableId": Ref("PublicRouteTable"),
        "PrivateRouteTableIds": Join(
            ",", (Ref("PrivateRouteTable"), Ref("PrivateRouteTable2"), Ref("PrivateRouteTable3"))
        ),
        "NatGatewayIds": Join(",", (Ref("NAT"), Ref("NAT2"), Ref("NAT3"))),
        "NatPublicAddresses": Join(",", (Ref("EIP"), Ref("EIP2"), Ref("EIP3"))),
        "S3EndpointId": Ref("S3Endpoint"),
        "MasterSecurityGroupId": GetAtt("MasterSecurityGroup", "GroupId"),
        "WorkerSecurityGroupId": GetAtt("WorkerSecurityGroup", "GroupId"),
        "BootstrapSecurityGroupId": GetAtt("BootstrapSecurityGroup", "GroupId"),
        "PrivateHostedZoneId": Ref("IntDns"),
        "NoProxy": "s3.eu-west-1.amazonaws.com",
        "InfraBucketName": Ref("InfraBucket"),
        "ExternalApiLoadBalancerName": GetAtt("ExtApiElb", "LoadBalancerFullName"),
        "InternalApiLoadBalancerName": GetAtt("IntApiElb", "LoadBalancerFullName"),
        "ExternalApiLoadBalancerDnsName": GetAtt("ExtApiElb", "DNSName"),
        "InternalApiLoadBalancerDnsName": GetAtt("IntApiElb", "DNSName"),
        "ExternalApiTargetGroupArn": Ref("ExternalApiTargetGroup"),
        "InternalApiTargetGroupArn": Ref("InternalApiTargetGroup"),
        "InternalServiceTargetGroupArn": Ref("InternalServiceTargetGroup"),
        "ApiServerDnsName": "api-int.prod.example.com",
        "ExternalApiServerDnsName": "api.prod.example.com",
        "MasterIgnitionLocation": "https://api-int.prod.example.com:22623/config/master",
        "WorkerIgnitionLocation": "https://api-int.prod.example.com:22623/config/worker",
        "PublicRecordsByHand": Join("; ", (by_hand("api.prod.example.com", "ExtApiElb"),)),
        "MasterInstanceProfile": Ref("MasterInstanceProfile"),
        "WorkerInstanceProfile": Ref("WorkerInstanceProfile"),
        "BootstrapInstanceProfile": Ref("BootstrapInstanceProfile"),
    }


def test_a_single_zone_still_gives_lists() -> None:
    assert values(SECTION_SINGLE_ZONE)["PublicSubnetIds"] == Join(",", (Ref("PublicSubnet"),))


def test_what_has_several_values_has_them_one_by_one_too() -> None:
    found = {output.name: output.items for output in outputs(plan_of(SECTION_3AZ))}
    by_line = {output.name for output in outputs(plan_of(SECTION_3AZ)) if output.by_line}
    assert by_line == {"Subnets", "PublicRecordsByHand"}
    assert found["PrivateSubnetIds"] == (Ref("PrivateSubnet"), Ref("PrivateSubnet2"), Ref("PrivateSubnet3"))
    assert found["VpcId"] == ()


def test_each_subnet_has_its_zone_and_block() -> None:
    found = {output.name: output for output in outputs(plan_of(SECTION_SINGLE_ZONE))}["Subnets"]
    assert found.items == (
        {"id": Ref("PublicSubnet"), "zone": "eu-west-1a", "cidr": "10.0.0.0/20", "public": True},
        {"id": Ref("PrivateSubnet"), "zone": "eu-west-1a", "cidr": "10.0.48.0/20", "public": False},
    )
    assert found.by_line
    there = {
        "subnet-0b": ExistingSubnet("subnet-0b", "vpc-1", "eu-west-1b", "10.0.9.0/24", public=False),
        "subnet-0a": ExistingSubnet("subnet-0a", "vpc-1", "eu-west-1b", "10.0.8.0/24", public=True),
    }
    named = plan_of(replace(SECTION_SINGLE_ZONE, subnets=tuple(there)))
    existing = {output.name: output for output in outputs(named, Facts(subnets=there))}["Subnets"]
    assert existing.items == (
        {"id": "subnet-0a", "zone": "eu-west-1b", "cidr": "10.0.8.0/24", "public": True},
        {"id": "subnet-0b", "zone": "eu-west-1b", "cidr": "10.0.9.0/24", "public": False},
    )


def test_a_given_private_zone_is_known_before_the_infra_id() -> None:
    early = replace(SECTION_3AZ, infra_id="")
    assert values(replace(early, hosted_zone="Z0GIVEN"))["PrivateHostedZoneId"] == "Z0GIVEN"
    assert "PrivateHostedZoneId" not in values(early)
    assert "PrivateHostedZoneId" not in values(replace(early, hosted_zone="none"))


def test_what_is_not_made_has_no_output() -> None:
    section = replace(SECTION_3AZ, infra_id="", publish="Internal", egress="none")
    assert values(section).keys() == {
        "VpcId",
        "PrivateSubnetIds",
        "Subnets",
        "PrivateRouteTableIds",
        "S3EndpointId",
        "InfraBucketName",
        "NoProxy",
        "EndpointsToAdd",
    }
    assert outputs(Plan(name="bare", region="eu-west-1")) == ()


def test_a_public_zone_that_nobody_could_ask_for_has_no_output() -> None:
    plan = plan_of(replace(SECTION_3AZ, public_zone="auto"))
    assert "PublicHostedZoneId" in {each.name for each in outputs(plan, replace(FACTS, public_zone="Z0123456789"))}
    unknown = outputs(plan, replace(FACTS, public_zone=UNKNOWN_ZONE))
    assert not {"PublicHostedZoneId", "PublicRecordsByHand"} & {each.name for each in unknown}


def test_every_output_says_what_it_is() -> None:
    assert all(output.description for output in outputs(plan_of(SECTION_3AZ)))


def test_logical_ids_are_those_that_are_made() -> None:
    made = expand(plan_of(SECTION_3AZ), FACTS)
    assert logical_ids(SECTION_3AZ) == {logical_id: resource.type for logical_id, resource in made.items()}
    assert logical_ids(SECTION_3AZ)["NAT3"] == "AWS::EC2::NatGateway"


def test_records_to_make_by_hand_where_there_is_no_zone() -> None:
    found = values(replace(SECTION_3AZ, hosted_zone="none", apps_record="router.example.net", record_type="cname"))
    assert found["PublicRecordsByHand"] == Join(
        "; ",
        (
            by_hand("api.prod.example.com", "ExtApiElb"),
            Join(" ", ("*.apps.prod.example.com", "CNAME", "router.example.net")),
        ),
    )
    assert found["PrivateRecordsByHand"] == Join(
        "; ",
        (
            by_hand("api.prod.example.com", "IntApiElb"),
            by_hand("api-int.prod.example.com", "IntApiElb"),
            Join(" ", ("*.apps.prod.example.com", "CNAME", "router.example.net")),
            "etcd-0.prod.example.com A 10.0.48.10",
            "etcd-1.prod.example.com A 10.0.64.10",
            "etcd-2.prod.example.com A 10.0.80.10",
            "_etcd-server-ssl._tcp.prod.example.com SRV 0 10 2380 etcd-0.prod.example.com",
            "_etcd-server-ssl._tcp.prod.example.com SRV 0 10 2380 etcd-1.prod.example.com",
            "_etcd-server-ssl._tcp.prod.example.com SRV 0 10 2380 etcd-2.prod.example.com",
        ),
    )
    assert "PrivateHostedZoneId" not in found


def test_nothing_is_left_to_make_by_hand_with_both_zones() -> None:
    found = values(replace(SECTION_3AZ, public_zone="Z0PUBLIC"))
    assert not {"PublicRecordsByHand", "PrivateRecordsByHand"} & found.keys()
    assert found["PublicHostedZoneId"] == "Z0PUBLIC"


def test_a_public_zone_of_ours_needs_a_delegation() -> None:
    found = values(replace(SECTION_3AZ, public_zone="create"))
    assert found["PublicHostedZoneId"] == Ref("ExtDns")
    servers = GetAtt("ExtDns", "NameServers")
    assert found["PublicHostedZoneNameServers"] == Join(",", (servers,), of_list=True)


@pytest.mark.parametrize("servers", [[], ["ns-1.example"], ["ns-1.example", "ns-2.example", "ns-3.example"]])
def test_a_public_zone_may_have_any_number_of_name_servers(servers: list[str]) -> None:
    listed = outputs(plan_of(replace(SECTION_3AZ, public_zone="create")))
    [output] = [each for each in listed if each.name == "PublicHostedZoneNameServers"]
    assert resolve(output.value, lambda _: servers) == ",".join(servers)
    assert [resolve(item, lambda _: servers) for item in output.items] == [servers]
    assert to_json(output.value) == {"Fn::Join": [",", {"Fn::GetAtt": ["ExtDns", "NameServers"]}]}


def test_where_the_bootstrap_machine_gets_its_configuration() -> None:
    section = replace(SECTION_3AZ, bootstrap_ignition="bootstrap.ign")
    assert values(section)["BootstrapIgnitionLocation"] == Join("", ("s3://", Ref("InfraBucket"), "/bootstrap.ign"))
    assert values(section)["BootstrapIgnitionSha512"] == GetAtt("BootstrapIgnition", "Sha512")
    assert "BootstrapIgnitionFetch" not in values(section)
    for absent in (SECTION_3AZ, replace(section, bootstrap=False), replace(section, bucket=Bucket(create=False))):
        assert not {"BootstrapIgnitionLocation", "BootstrapIgnitionSha512"} & values(absent).keys()


def test_with_the_documented_role_only_a_presigned_url_fetches_it() -> None:
    section = replace(SECTION_3AZ, bootstrap_ignition="bootstrap.ign", iam=Iam(policies="documented"))
    assert values(section)["BootstrapIgnitionFetch"] == "presigned-url"
    own = replace(section, iam=Iam(policies="documented", instance_profiles=InstanceProfiles(bootstrap="corp")))
    assert "BootstrapIgnitionFetch" not in values(own)


@pytest.mark.parametrize(
    ("egress", "endpoints", "proxy", "needed"),
    [
        ("none", ("ec2",), "http://proxy.corp:3128", True),
        ("none", ("ec2", "s3"), "http://proxy.corp:3128", False),
        ("none", ("ec2", "s3-interface"), "http://proxy.corp:3128", False),
        ("nat", ("ec2",), "http://proxy.corp:3128", False),
        ("none", ("ec2",), "", False),
    ],
)
def test_where_a_proxy_alone_leads_to_s3_a_presigned_url_fetches_it(
    egress: Any, endpoints: tuple[str, ...], proxy: str, needed: bool
) -> None:
    section = replace(
        SECTION_3AZ, publish="Internal", egress=egress, endpoints=endpoints, bootstrap_ignition="bootstrap.ign"
    )
    found = outputs(replace(plan_of(section), aws=AwsSettings(proxy=proxy)))
    reasons = [each.description for each in found if each.name == "BootstrapIgnitionFetch"]
    assert [each.partition(",")[0] for each in reasons] == (["S3 is reached through the proxy"] if needed else [])


def test_at_an_address_of_ones_own_only_a_presigned_url_fetches_it() -> None:
    plan = plan_of(replace(SECTION_3AZ, bootstrap_ignition="bootstrap.ign"))
    for service, expected in (("s3", ["presigned-url"]), ("ec2", [])):
        elsewhere = replace(plan, aws=AwsSettings([ServiceEndpoint(service, "https://aws.corp")]))
        found = [each for each in outputs(elsewhere) if each.name == "BootstrapIgnitionFetch"]
        assert [each.value for each in found] == expected
        command = "`ocpprov outputs PLAN --format ignition-pointer --presign 1h`"
        assert all(each.description.startswith("S3 has an address of the plan's own, so") for each in found)
        assert all(command in each.description for each in found)


def test_existing_profiles_are_named_as_they_are() -> None:
    section = replace(SECTION_3AZ, iam=Iam(instance_profiles=InstanceProfiles(master="corp-master")))
    assert values(section)["MasterInstanceProfile"] == "corp-master"
    assert values(section)["WorkerInstanceProfile"] == Ref("WorkerInstanceProfile")


def test_classic_balancers_have_the_same_outputs_but_no_target_groups() -> None:
    found = values(replace(SECTION_3AZ, load_balancers="classic"))
    assert found["InternalApiLoadBalancerName"] == Ref("IntApiClassicElb")
    assert found["InternalApiLoadBalancerDnsName"] == GetAtt("IntApiClassicElb", "DNSName")
    assert "InternalApiTargetGroupArn" not in found


def test_the_role_of_another_accounts_zone_is_an_output() -> None:
    role = "arn:aws:iam::210987654321:role/zones"
    section = replace(SECTION_SINGLE_ZONE, hosted_zone="Z0ABC")
    assert "PrivateHostedZoneRole" not in values(section)
    found = values(replace(section, hosted_zone_role=role))
    assert (found["PrivateHostedZoneId"], found["PrivateHostedZoneRole"]) == ("Z0ABC", role)

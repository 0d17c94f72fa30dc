"""What AWS has of a VPC without a plan, as far as it may be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

import pytest

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError, AwsMessage
from ocpprov.aws.reads import Answer, Reader
from ocpprov.commands.discovery_reachability import Unreadable
from ocpprov.commands.discovery_vpc import NoSuchVpc, survey_vpc
from ocpprov.kinds.reads import Read
from ocpprov.openshift.machines import Instance
from ocpprov.openshift.private_zones import PrivateZone
from ocpprov.openshift.vpc_survey import (
    AVAILABILITY_ZONE,
    BALANCER,
    BUCKET,
    CLASSIC,
    DHCP_OPTIONS,
    ENDPOINT,
    INSTANCE,
    LISTENER,
    PROFILE,
    RECORD,
    ROLE,
    SECURITY_GROUP,
    TARGET,
    TARGET_GROUP,
    VPC,
    ZONE,
    NamedGroup,
    SurveyedSubnet,
    VpcSurvey,
)

ACCOUNT: Final = "123456789012"
DENIED: Final = AwsError(ErrorClass.DENIED, AwsMessage("AccessDenied", "no", "r-1", "DescribeX"))
BALANCERS: Final = [
    {
        "LoadBalancerArn": f"arn:{name}",
        "LoadBalancerName": name,
        "DNSName": f"{name}.elb",
        "Type": "network",
        "Scheme": "internal",
        "VpcId": vpc,
        "State": {"Code": "active"},
        "AvailabilityZones": [{"ZoneName": "eu-west-1a", "SubnetId": "subnet-1"}],
    }
    for name, vpc in (("ours", "vpc-1"), ("theirs", "vpc-2"))
]
ANSWERS: Final[Mapping[str, Any]] = {
    "ec2 describe_vpcs": {
        "Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16", "State": "available", "DhcpOptionsId": "dopt-1"}]
    },
    "ec2 describe_subnets": {
        "Subnets": [
            {
                "SubnetId": "subnet-1",
                "VpcId": "vpc-1",
                "CidrBlock": "10.0.0.0/24",
                "AvailabilityZone": "eu-west-1-xyz-1a",
                "AvailableIpAddressCount": 7,
                "OwnerId": "999999999999",
                "MapPublicIpOnLaunch": True,
                "Tags": [{"Key": "a", "Value": "b"}],
            }
        ]
    },
    "ec2 describe_security_groups": {"SecurityGroups": [{"GroupId": "sg-1", "GroupName": "masters", "VpcId": "vpc-1"}]},
    "ec2 describe_instances": {
        "Reservations": [
            {
                "Instances": [
                    {"InstanceId": "i-1", "PrivateIpAddress": "10.0.0.9", "State": {"Name": "running"}},
                    {"InstanceId": "i-2", "State": {"Name": "terminated"}},
                ]
            }
        ]
    },
    "ec2 describe_availability_zones": {
        "AvailabilityZones": [{"ZoneName": "eu-west-1-xyz-1a", "ZoneType": "local-zone"}]
    },
    "ec2 describe_dhcp_options": {"DhcpOptions": [{"DhcpOptionsId": "dopt-1", "DhcpConfigurations": []}]},
    "elbv2 describe_load_balancers": {"LoadBalancers": BALANCERS},
    "elbv2 describe_target_groups": {
        "TargetGroups": [{"TargetGroupArn": "arn:tg", "TargetGroupName": "tg", "VpcId": "vpc-1", "Port": 6443}]
    },
    "elbv2 describe_listeners": {"Listeners": [{"ListenerArn": "arn:l", "Port": 6443, "DefaultActions": []}]},
    "elbv2 describe_tags": {"TagDescriptions": [{"ResourceArn": "arn:ours", "Tags": [{"Key": "c", "Value": "d"}]}]},
    "elbv2 describe_load_balancer_attributes": {"Attributes": [{"Key": "e", "Value": "f"}]},
    "elbv2 describe_target_group_attributes": {"Attributes": []},
    "elbv2 describe_target_health": {"TargetHealthDescriptions": [{"Target": {"Id": "10.0.0.9", "Port": 6443}}]},
    "elb describe_load_balancers": {"LoadBalancerDescriptions": [{"LoadBalancerName": "old", "DNSName": "old.elb"}]},
    "route53 list_hosted_zones": {
        "HostedZones": [
            {"Id": f"/hostedzone/{id}", "Name": name} for id, name in (("Z1", "example.com."), ("Z2", "com2."))
        ]
    },
    "route53 list_hosted_zones_by_vpc": {
        "HostedZoneSummaries": [
            {"HostedZoneId": "Z3", "Name": "Prod.example.com.", "Owner": {"OwningAccount": ACCOUNT}},
            {"HostedZoneId": "Z4", "Name": "theirs.example.", "Owner": {"OwningAccount": "999999999999"}},
            {"HostedZoneId": "Z5", "Name": "amazonaws.com.", "Owner": {"OwningService": "vpce.amazonaws.com"}},
        ]
    },
    "route53 get_hosted_zone": {"HostedZone": {"Id": "/hostedzone/Z1", "Name": "example.com."}},
    "route53 list_resource_record_sets": {
        "ResourceRecordSets": [
            {"Name": "\\052.Apps.example.com.", "Type": "A", "AliasTarget": {"DNSName": "x.elb."}},
            {"Name": "text.example.com.", "Type": "TXT", "TTL": 60, "ResourceRecords": [{"Value": "x"}]},
        ]
    },
    "iam list_roles": {"Roles": [{"RoleName": "r", "Arn": "arn:r", "RoleId": "A1"}]},
    "iam list_instance_profiles": {"InstanceProfiles": [{"InstanceProfileName": "p", "Arn": "arn:p", "Roles": []}]},
    "s3 list_buckets": {"Buckets": [{"Name": "b"}]},
}


class Answering:
    """A reader of an AWS that has this; `closed` are the operations that it denies."""

    def __init__(self, closed: Sequence[str] = (), changes: Mapping[str, Any] | None = None) -> None:
        self.closed = closed
        self.answers = {**ANSWERS, **(changes or {})}
        self.asked: list[str] = []

    def attempt(self, wanted: Sequence[Read]) -> dict[Read, Any]:
        return {one: self._answer(f"{one.service} {one.operation}", one) for one in wanted}

    def _answer(self, operation: str, one: Read) -> Any:
        self.asked.append(" ".join([operation, *map(str, one.arguments().values())]))
        return DENIED if operation in self.closed else [self.answers.get(operation, {})]


def survey(answering: Answering, **out_of_reach: str) -> VpcSurvey:
    reader = cast("Reader", answering)
    return survey_vpc("vpc-1", "eu-west-1", "prod.example.com", ACCOUNT, reader, out_of_reach)


def test_a_vpc_whose_attribute_is_not_told_is_unreadable() -> None:
    """As a whole: without it the VPC can't be made sense of."""
    lacking = {
        "ec2 describe_vpc_attribute": Answer({"VpcId": "vpc-1", "EnableDnsSupport": {}}, "DescribeVpcAttribute", "r-1")
    }
    with pytest.raises(Unreadable, match="the answer lacks Value"):
        survey(Answering(changes=lacking))


def test_everything_is_found_in_its_place() -> None:
    found = survey(Answering())
    assert found.unread == {}
    assert (found.vpc.id, found.region, found.account) == ("vpc-1", "eu-west-1", ACCOUNT)
    assert found.subnets == {
        "subnet-1": SurveyedSubnet(
            "subnet-1", "eu-west-1-xyz-1a", {"a": "b"}, 7, "999999999999", "local-zone", public_addresses=True
        )
    }
    assert found.groups == {"sg-1": NamedGroup("sg-1", "masters")}
    assert found.instances == [Instance("i-1", "10.0.0.9")]
    assert found.all_balancers == {"ours.elb", "theirs.elb", "old.elb"}
    assert {type: [live.id for live in lives] for type, lives in found.lives.items() if lives} == {
        DHCP_OPTIONS: ["dopt-1"],
        BALANCER: ["arn:ours"],
        LISTENER: ["arn:l"],
        TARGET_GROUP: ["arn:tg"],
        TARGET: ["arn:tg|10.0.0.9:6443"],
        ZONE: ["Z1", "Z2"],
        RECORD: [each.id for each in found.of(RECORD)],
        ROLE: ["r"],
        PROFILE: ["arn:p"],
        BUCKET: ["b"],
    }
    assert found.of(BALANCER)[0].tags == {"c": "d"}
    assert found.of(BALANCER)[0].properties["LoadBalancerAttributes"] == {"e": "f"}
    assert found.private_zones == [
        PrivateZone("Z3", "prod.example.com", "", frozenset({"*.apps.example.com"})),
        PrivateZone("Z4", "theirs.example", "999999999999", None),
    ]


def test_details_are_asked_of_what_is_in_the_vpc_and_of_zones_above_the_cluster() -> None:
    answering = Answering()
    survey(answering)
    assert [each for each in answering.asked if each.startswith("elbv2 describe_listeners")] == [
        "elbv2 describe_listeners arn:ours"
    ]
    looked_into = [each for each in answering.asked if "record" in each or "get_hosted" in each]
    assert sorted(looked_into) == [
        "route53 get_hosted_zone Z1",
        "route53 list_resource_record_sets Z1",
        "route53 list_resource_record_sets Z3",
    ]
    assert len(answering.asked) == len(set(answering.asked)) + len(["describe_vpcs", "subnets", "security groups"])


CLOSED: Final = {
    "ec2 describe_vpc_attribute": VPC,
    "ec2 describe_security_groups": SECURITY_GROUP,
    "ec2 describe_vpc_endpoints": ENDPOINT,
    "ec2 describe_instances": INSTANCE,
    "ec2 describe_availability_zones": AVAILABILITY_ZONE,
    "ec2 describe_dhcp_options": DHCP_OPTIONS,
    "elbv2 describe_load_balancers": BALANCER,
    "elbv2 describe_load_balancer_attributes": BALANCER,
    "elbv2 describe_tags": BALANCER,
    "elbv2 describe_target_groups": TARGET_GROUP,
    "elbv2 describe_target_group_attributes": TARGET_GROUP,
    "elbv2 describe_listeners": LISTENER,
    "elbv2 describe_target_health": TARGET,
    "elb describe_load_balancers": CLASSIC,
    "route53 list_hosted_zones": ZONE,
    "route53 list_hosted_zones_by_vpc": ZONE,
    "route53 get_hosted_zone": ZONE,
    "route53 list_resource_record_sets": RECORD,
    "iam list_roles": ROLE,
    "iam list_instance_profiles": PROFILE,
    "s3 list_buckets": BUCKET,
}


@pytest.mark.parametrize("operation", CLOSED)
def test_what_is_denied_is_named_by_what_it_is_about(operation: str) -> None:
    found = survey(Answering([operation]))
    assert {type: "AccessDenied" in said for type, said in found.unread.items()} == {CLOSED[operation]: True}
    assert (found.private_zones is None) is (operation == "route53 list_hosted_zones_by_vpc")


def test_an_answer_that_nobody_understands_is_as_good_as_none() -> None:
    found = survey(Answering(changes={"iam list_roles": {"Roles": [{"Path": "/"}]}}))
    assert list(found.unread) == [ROLE]
    assert list(found.of(ROLE)) == []


def test_a_service_that_nobody_reaches_is_not_asked() -> None:
    answering = Answering()
    found = survey(answering, iam="iam doesn't answer", s3="s3 doesn't answer")
    assert found.unread == {ROLE: "iam doesn't answer", PROFILE: "iam doesn't answer", BUCKET: "s3 doesn't answer"}
    assert not [each for each in answering.asked if each.startswith(("iam", "s3"))]


def test_a_vpc_that_is_not_there_is_said() -> None:
    with pytest.raises(NoSuchVpc):
        survey(Answering(changes={"ec2 describe_vpcs": {"Vpcs": []}}))

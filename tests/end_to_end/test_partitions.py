"""A plan in a region of every partition: made, found unchanged, destroyed; and creations that take no tags there."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from ocpprov.sandbox.conditions import Conditions
from ocpprov.sandbox.faults import Fault, FaultKind, Script
from tests.end_to_end.world import SMALL_INTERNAL
from tests.support.in_process import Bastion

REGIONS = {
    "eu-west-1": "aws",
    "cn-north-1": "aws-cn",
    "us-gov-east-1": "aws-us-gov",
    "us-iso-east-1": "aws-iso",
    "us-isob-east-1": "aws-iso-b",
    "eu-isoe-west-1": "aws-iso-e",
    "us-isof-south-1": "aws-iso-f",
    "eusc-de-east-1": "aws-eusc",
}
SIGNED = {
    "eu-west-1": ("us-east-1", "us-east-1"),
    "cn-north-1": ("cn-north-1", "cn-northwest-1"),
    "us-gov-east-1": ("us-gov-west-1", "us-gov-west-1"),
}
"""Where requests to IAM and Route 53 are signed for; elsewhere it is the region itself."""

SAMPLE = ("cn-north-1", "us-isof-south-1")
"""`make torture` takes them all; GovCloud has a plan of its own."""

UNTAGGED = frozenset(
    {
        "CreateInstanceProfile",
        "CreateListener",
        "CreateLoadBalancer",
        "CreateRole",
        "CreateTargetGroup",
        "CreateVpcEndpoint",
    }
)


def plan_in(region: str, folder: Path) -> Path:
    """The small internal plan, in another region."""
    file = folder / "plan.yaml"
    file.write_text(SMALL_INTERNAL.read_text().replace("eu-west-1", region))
    return file


def bastion_in(bastion: Bastion, region: str, folder: Path) -> Bastion:
    bastion.moved_in(folder, region)
    return bastion


@pytest.mark.parametrize(
    "region", [pytest.param(region, marks=[] if region in SAMPLE else [pytest.mark.torture]) for region in REGIONS]
)
def test_a_region_of_every_partition(one_bastion: Bastion, region: str, tmp_path: Path) -> None:
    bastion, plan = bastion_in(one_bastion, region, tmp_path), plan_in(region, tmp_path)
    applied = bastion.apply(plan)
    assert applied.code == 0, applied.said
    signed = {call["service"]: call["region"] for call in bastion.pipeline.calls()}
    assert (signed["iam"], signed["route53"]) == SIGNED.get(region, (region, region))
    assert {signed[service] for service in ("ec2", "elasticloadbalancing", "s3")} == {region}
    roles = bastion.client("iam").list_roles()["Roles"]
    assert {role["Arn"].split(":")[1] for role in roles} == {REGIONS[region]}
    [bootstrap] = [role["RoleName"] for role in roles if "Bootstrap" in role["RoleName"]]
    [name] = bastion.client("iam").list_role_policies(RoleName=bootstrap)["PolicyNames"]
    document = bastion.client("iam").get_role_policy(RoleName=bootstrap, PolicyName=name)["PolicyDocument"]
    assert {part.split(":")[0] for part in json.dumps(document).split("arn:")[1:]} == {REGIONS[region]}
    again, destroyed = bastion.apply(plan), bastion.destroy(plan)
    assert (again.code, again.sent) == (0, []), again.said
    assert destroyed.code == 0, destroyed.said


def tags_of_all(bastion: Bastion) -> Counter[str]:
    """Of how many resources of each of these types the plan's tag is there."""
    elbv2, iam, ec2 = (bastion.client(service) for service in ("elbv2", "iam", "ec2"))
    balancers = [each["LoadBalancerArn"] for each in elbv2.describe_load_balancers()["LoadBalancers"]]
    groups = [each["TargetGroupArn"] for each in elbv2.describe_target_groups()["TargetGroups"]]
    listeners = [
        each["ListenerArn"] for arn in balancers for each in elbv2.describe_listeners(LoadBalancerArn=arn)["Listeners"]
    ]
    sets: dict[str, list[Any]] = {
        kind: [row["Tags"] for row in elbv2.describe_tags(ResourceArns=arns)["TagDescriptions"]]
        for kind, arns in {"balancers": balancers, "groups": groups, "listeners": listeners}.items()
    }
    sets["roles"] = [
        iam.get_role(RoleName=role["RoleName"])["Role"].get("Tags", []) for role in iam.list_roles()["Roles"]
    ]
    profiles = iam.list_instance_profiles()["InstanceProfiles"]
    sets["profiles"] = [
        iam.get_instance_profile(InstanceProfileName=each["InstanceProfileName"])["InstanceProfile"]["Tags"]
        for each in profiles
    ]
    sets["endpoints"] = [each["Tags"] for each in ec2.describe_vpc_endpoints()["VpcEndpoints"]]
    has = {"Key": "ocpprov:plan", "Value": "small-internal"}
    assert all(has in tags for each in sets.values() for tags in each)
    return Counter({kind: len(each) for kind, each in sets.items()})


def test_where_creations_take_no_tags_the_tags_follow(one_bastion: Bastion, tmp_path: Path) -> None:
    bastion, plan = bastion_in(one_bastion, "us-iso-east-1", tmp_path), plan_in("us-iso-east-1", tmp_path)
    bastion.pipeline.set_conditions(Conditions(untagged=UNTAGGED))
    applied = bastion.apply(plan)
    assert applied.code == 0, applied.said
    counts = tags_of_all(bastion)
    assert min(counts.values()) > 0
    again, destroyed = bastion.apply(plan), bastion.destroy(plan)
    assert (again.code, again.sent, destroyed.code) == (0, [], 0), again.said + destroyed.said


@pytest.mark.parametrize(
    "operation",
    [
        pytest.param(operation, marks=[] if operation == "CreateVpcEndpoint" else [pytest.mark.torture])
        for operation in sorted(UNTAGGED)
    ],
)
def test_a_lost_answer_of_an_untagged_creation_makes_nothing_twice(
    one_bastion: Bastion, operation: str, tmp_path: Path
) -> None:
    bastion, plan = bastion_in(one_bastion, "us-iso-east-1", tmp_path), plan_in("us-iso-east-1", tmp_path)
    bastion.pipeline.set_conditions(Conditions(untagged=UNTAGGED))
    # The first call of an operation is refused for its tags, the second is the one without.
    bastion.pipeline.set_faults(Script((Fault(FaultKind.LOSE_ANSWER, operation=operation, nth=2),)))
    applied = bastion.apply(plan)
    assert applied.code == 0, applied.said
    lost = tags_of_all(bastion)
    assert bastion_in(one_bastion, "us-iso-east-1", tmp_path / "calm").apply(plan).code == 0
    assert lost == tags_of_all(bastion)


def test_a_denied_creation_is_not_sent_again_without_tags(one_bastion: Bastion, tmp_path: Path) -> None:
    bastion, plan = bastion_in(one_bastion, "us-iso-east-1", tmp_path), plan_in("us-iso-east-1", tmp_path)
    fault = Fault(FaultKind.ERROR, operation="CreateTargetGroup", code="AccessDenied", status=403, times=20)
    bastion.pipeline.set_faults(Script((fault,)))
    applied = bastion.apply(plan)
    assert applied.code == 1
    creates = [call for call in bastion.pipeline.calls() if call["operation"] == "CreateTargetGroup"]
    assert creates
    assert all(any(re.match(r"Tags\.", name) for name in call["parameters"]) for call in creates)


def test_elsewhere_nothing_is_made_without_tags(one_bastion: Bastion, tmp_path: Path) -> None:
    bastion, plan = bastion_in(one_bastion, "eu-west-1", tmp_path), SMALL_INTERNAL
    bastion.pipeline.set_conditions(Conditions(untagged=frozenset({"CreateVpcEndpoint"})))
    applied = bastion.apply(plan)
    assert applied.code == 1
    assert "does not take tags" in applied.said
    assert bastion.client("ec2").describe_vpc_endpoints()["VpcEndpoints"] == []


SERVICES = ("s3", "ec2")
LISTED = (
    '<DescribeVpcEndpointServicesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>1</requestId>'
    "<serviceDetailSet>{}</serviceDetailSet></DescribeVpcEndpointServicesResponse>"
).format(
    "".join(
        f"<item><serviceName>gov.example.us-iso-east-1.{service}</serviceName><serviceType><item><serviceType>"
        f"{'Gateway' if service == 's3' else 'Interface'}</serviceType></item></serviceType></item>"
        for service in SERVICES
    )
)


def test_endpoint_services_have_the_names_that_aws_lists_there(one_bastion: Bastion, tmp_path: Path) -> None:
    bastion, plan = bastion_in(one_bastion, "us-iso-east-1", tmp_path), plan_in("us-iso-east-1", tmp_path)
    answer = Fault(FaultKind.ANSWER, operation="DescribeVpcEndpointServices", nth=1, times=50, body=LISTED)
    bastion.pipeline.set_faults(Script((answer,)))
    checks = {check.id: check for check in bastion.checks(plan)}
    assert checks["endpoint-Ec2Endpoint"].detail == "gov.example.us-iso-east-1.ec2 is offered"
    applied, again = bastion.apply(plan), bastion.apply(plan)
    assert (applied.code, again.code, again.sent) == (0, 0, []), applied.said + again.said
    made = {each["ServiceName"] for each in bastion.client("ec2").describe_vpc_endpoints()["VpcEndpoints"]}
    assert made == {f"gov.example.us-iso-east-1.{service}" for service in SERVICES}

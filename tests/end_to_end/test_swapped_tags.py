"""Tags that somebody copies or exchanges among a plan's own things, or takes off them, through the commands and by
pictures of the account."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from typing import Any, Final

import pytest

from tests.end_to_end.local import LocalOperator
from tests.end_to_end.world import REGION
from tests.support.picture import changed, picture

FILE: Final = "plan.json"


def _group(vpc: Any) -> dict[str, Any]:
    return {"Type": "AWS::EC2::SecurityGroup", "Properties": {"VpcId": vpc, "GroupDescription": "machines"}}


def _endpoint(service: str) -> dict[str, Any]:
    name = f"com.amazonaws.{REGION}.{service}"
    properties = {"VpcId": {"Ref": "Vpc"}, "ServiceName": name, "VpcEndpointType": "Gateway"}
    return {"Type": "AWS::EC2::VPCEndpoint", "Properties": properties}


NETWORK: Final[Mapping[str, Any]] = {
    "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
    "One": _group({"Ref": "Vpc"}),
    "Two": _group({"Ref": "Vpc"}),
    "Storage": _endpoint("s3"),
    "Tables": _endpoint("dynamodb"),
}


def _applied(user: LocalOperator, resources: Mapping[str, Any] = NETWORK) -> dict[str, str]:
    """The ids of what it makes, by logical id."""
    (user.folder / FILE).write_text(json.dumps({"name": "prod", "region": REGION, "Resources": resources}))
    user.good("apply", FILE, "--yes")
    rows = user.aws.client("ec2").describe_tags(Filters=[{"Name": "key", "Values": ["ocpprov:resource"]}])["Tags"]
    return {row["Value"]: row["ResourceId"] for row in rows}


def _tags(user: LocalOperator, id: str) -> list[dict[str, str]]:
    rows = user.aws.client("ec2").describe_tags(Filters=[{"Name": "resource-id", "Values": [id]}])["Tags"]
    return [{"Key": row["Key"], "Value": row["Value"]} for row in rows]


def _copy(user: LocalOperator, *pairs: tuple[str, str]) -> None:
    """From one to the other, all as they were before."""
    copies = [(_tags(user, source), target) for source, target in pairs]
    for tags, target in copies:
        user.aws.client("ec2").create_tags(Resources=[target], Tags=tags)


COPIES: Final = {
    "a network's onto all in it": [("Vpc", "One"), ("Vpc", "Two"), ("Vpc", "Storage"), ("Vpc", "Tables")],
    "one group's onto the other": [("One", "Two")],
    "exchanged": [("Storage", "Tables"), ("Tables", "Storage"), ("One", "Two"), ("Two", "One")],
}


@pytest.mark.torture
@pytest.mark.parametrize("copies", COPIES.values(), ids=COPIES)
def test_what_the_journal_knows_gets_its_tags_back(user: LocalOperator, copies: list[tuple[str, str]]) -> None:
    made = _applied(user)
    before = picture(user.aws.client)
    _copy(user, *((made[source], made[target]) for source, target in copies))
    shown = user.run("plan", FILE, "--detailed-exitcode")
    assert shown.code == 2
    assert "ocpprov's own tags on" in shown.out or "its tags were those of another" in shown.out
    assert ", 0 to delete, " in shown.out
    assert "to replace" not in shown.out
    user.good("apply", FILE, "--yes")
    assert changed(before, picture(user.aws.client)) == {}
    user.good("destroy", FILE, "--yes")


@pytest.mark.torture
@pytest.mark.parametrize("copies", COPIES.values(), ids=COPIES)
def test_without_a_journal_nothing_goes(user: LocalOperator, copies: list[tuple[str, str]]) -> None:
    """Allowed by its id each is found by what it is; a destroy that knows nothing leaves what has another one's."""
    made = _applied(user)
    before = picture(user.aws.client)
    _copy(user, *((made[source], made[target]) for source, target in copies))
    copied = picture(user.aws.client)
    shutil.rmtree(user.folder / ".ocpprov")
    refused = user.run("apply", FILE, "--yes")
    targets = [made[target] for _, target in copies]
    assert set(copied) <= set(picture(user.aws.client)), refused.err
    allowed = [word for id in targets for word in ("--allow", id)]
    ended = user.run("apply", FILE, "--yes", *allowed)
    assert (ended.code, set(before) <= set(picture(user.aws.client))) == (0, True), ended.err


def test_what_lost_its_tag_in_a_network_of_others_goes_with_the_rest(user: LocalOperator) -> None:
    """The journal knows it; what has no tag at all is named."""
    ec2 = user.aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    made = _applied(user, {"One": _group(vpc), "Two": _group(vpc), "Three": _group(vpc)})
    ec2.delete_tags(Resources=[made["One"], made["Two"]], Tags=[{"Key": "ocpprov:plan"}])
    ec2.delete_tags(Resources=[made["Three"]], Tags=[{"Key": row["Key"]} for row in _tags(user, made["Three"])])
    ended = user.run("destroy", FILE, "--yes")
    left = {row["GroupId"] for row in ec2.describe_security_groups()["SecurityGroups"]}
    assert left & set(made.values()) == {made["Three"]}, ended.err
    assert made["Three"] in ended.out + ended.err
    assert f"--allow {made['Three']}" in ended.out + ended.err


@pytest.mark.torture
@pytest.mark.parametrize("knows", [True, False], ids=["with its folder", "by its name alone"])
def test_a_row_in_a_zone_of_others_that_leads_elsewhere_by_now_stays_and_is_named(
    user: LocalOperator, knows: bool
) -> None:
    ec2, route53 = user.aws.client("ec2"), user.aws.client("route53")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    zone = route53.create_hosted_zone(Name="corp.example", CallerReference="theirs")["HostedZone"]["Id"].split("/")[-1]
    balancer = {"Type": "network", "Scheme": "internal", "Subnets": [subnet]}
    row = {"HostedZoneId": zone, "Name": "api.corp.example.", "Type": "CNAME", "TTL": "60"}
    value = {"Fn::GetAtt": ["Balancer", "DNSName"]}
    _applied(
        user,
        {
            "Balancer": {"Type": "AWS::ElasticLoadBalancingV2::LoadBalancer", "Properties": balancer},
            "Api": {"Type": "AWS::Route53::RecordSet", "Properties": {**row, "ResourceRecords": [value]}},
        },
    )
    theirs = {"Name": "api.corp.example.", "Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": "b.corp.example"}]}
    change = {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": theirs}]}
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=change)
    if not knows:
        shutil.rmtree(user.folder / ".ocpprov")
    ended = user.run("destroy", *([FILE] if knows else ["--name", "prod", "--region", REGION]), "--yes")
    rows = route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    assert theirs in rows
    assert ended.code == 0, ended.err
    assert "api.corp.example" in ended.out + ended.err

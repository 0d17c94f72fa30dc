"""Rules of security groups on the sandbox: made together or not at all, named in the answer, described. All of it is in
EC2's API reference, of AuthorizeSecurityGroupIngress and UpdateSecurityGroupRuleDescriptionsIngress."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ocpprov.aws.clock import SystemClock
from ocpprov.aws.reads import Reader
from ocpprov.engine.resources import Owner
from ocpprov.kinds.contract import CreateRequest
from ocpprov.kinds.reads import Found
from ocpprov.kinds.registry import KINDS
from ocpprov.reconcile.observe import observe_kind
from ocpprov.sandbox.admin import SandboxAdmin
from tests.sandbox.world import World, refused

BLOCK = {"CidrIp": "10.0.0.0/16", "Description": "the network"}


def permission(port: int, **side: Any) -> dict[str, Any]:
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **side}


@pytest.fixture
def group(world: World) -> str:
    return world.group(world.vpc(), "one")


def rules(world: World, group: str, *, egress: bool = False) -> list[dict[str, Any]]:
    found = world.ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])
    return [rule for rule in found["SecurityGroupRules"] if rule["IsEgress"] is egress]


def test_the_answer_has_every_rule_with_what_it_was_given(world: World, group: str) -> None:
    permissions = [
        permission(22, IpRanges=[BLOCK]),
        permission(443, Ipv6Ranges=[{"CidrIpv6": "2001:db8::/32"}]),
        permission(6443, UserIdGroupPairs=[{"GroupId": group, "Description": "each other"}]),
        permission(80, PrefixListIds=[{"PrefixListId": "pl-1"}, {"PrefixListId": "pl-2", "Description": "S3"}]),
        {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": group}]},
        {"IpProtocol": "50", "UserIdGroupPairs": [{"GroupId": group}]},
    ]
    tags = [{"ResourceType": "security-group-rule", "Tags": [{"Key": "plan", "Value": "prod"}]}]
    made = world.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=permissions, TagSpecifications=tags)[
        "SecurityGroupRules"
    ]
    assert [(rule["IpProtocol"], rule["FromPort"], rule.get("Description")) for rule in made] == [
        ("tcp", 22, "the network"),
        ("tcp", 443, None),
        ("tcp", 6443, "each other"),
        ("tcp", 80, None),
        ("tcp", 80, "S3"),
        ("-1", -1, None),
        ("50", -1, None),
    ]
    assert [rule["Tags"] for rule in made] == [[{"Key": "plan", "Value": "prod"}]] * 7
    assert made == rules(world, group)
    assert len({rule["SecurityGroupRuleId"] for rule in made}) == 7


def test_one_rule_that_is_there_already_keeps_all_out(world: World, group: str) -> None:
    world.ec2.authorize_security_group_egress(GroupId=group, IpPermissions=[permission(22, IpRanges=[BLOCK])])
    before = rules(world, group, egress=True)
    again = [permission(443, IpRanges=[BLOCK]), permission(22, IpRanges=[BLOCK])]
    with refused("InvalidPermission.Duplicate"):
        world.ec2.authorize_security_group_egress(GroupId=group, IpPermissions=again)
    assert rules(world, group, egress=True) == before


@pytest.mark.parametrize(
    "side",
    [{"IpRanges": [BLOCK]}, {"PrefixListIds": [{"PrefixListId": "pl-1", "Description": "S3"}]}, {}],
    ids=["block", "prefix list", "group"],
)
def test_a_description_is_changed_and_taken_away_by_the_rules_id(
    world: World, group: str, side: Mapping[str, Any]
) -> None:
    peer = side or {"UserIdGroupPairs": [{"GroupId": group, "Description": "each other"}]}
    permissions = [permission(22, **peer), permission(23, **peer)]
    ids = [
        rule["SecurityGroupRuleId"]
        for rule in world.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=permissions)[
            "SecurityGroupRules"
        ]
    ]
    described: list[dict[str, str]] = [{"SecurityGroupRuleId": ids[0], "Description": "new"}]
    answer = world.ec2.update_security_group_rule_descriptions_ingress(
        GroupId=group, SecurityGroupRuleDescriptions=[*described, {"SecurityGroupRuleId": ids[1]}]
    )
    assert answer["Return"] is True
    assert [rule.get("Description") for rule in rules(world, group)] == ["new", None]


def test_the_group_says_the_same_of_rules_between_groups(world: World, group: str) -> None:
    pair = {"UserIdGroupPairs": [{"GroupId": group, "Description": "each other"}]}
    (made,) = world.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[permission(22, **pair)])[
        "SecurityGroupRules"
    ]
    described = [{"SecurityGroupRuleId": made["SecurityGroupRuleId"], "Description": "new"}]
    world.ec2.update_security_group_rule_descriptions_ingress(GroupId=group, SecurityGroupRuleDescriptions=described)
    (found,) = world.ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"]
    assert found["IpPermissions"][0]["UserIdGroupPairs"][0]["Description"] == "new"


def test_a_rule_of_the_other_direction_or_of_no_group_is_not_found(world: World, group: str) -> None:
    (leaving,) = rules(world, group, egress=True)
    wanted = [{"SecurityGroupRuleId": leaving["SecurityGroupRuleId"], "Description": "new"}]
    with refused("InvalidSecurityGroupRuleId.NotFound"):
        world.ec2.update_security_group_rule_descriptions_ingress(GroupId=group, SecurityGroupRuleDescriptions=wanted)
    with refused("InvalidGroup.NotFound"):
        world.ec2.update_security_group_rule_descriptions_egress(
            GroupId="sg-00000000000000000", SecurityGroupRuleDescriptions=wanted
        )
    assert rules(world, group, egress=True) == [leaving]


def test_making_looking_at_and_describing_rules_cost_one_call_each(world: World, admin: SandboxAdmin) -> None:
    group = world.group(world.vpc(), "one")
    kind = KINDS["AWS::EC2::SecurityGroupIngress"]
    owner = Owner(plan="prod", region="eu-central-1", account="123456789012", run="r1")
    shapes: list[dict[str, Any]] = [
        {"GroupId": group, "IpProtocol": "tcp", "FromPort": port, "ToPort": port, "CidrIp": "10.0.0.0/16"}
        for port in (22, 443)
    ]
    requests = [CreateRequest(f"Rule{place}", shape, {"k": "v"}, "t", owner) for place, shape in enumerate(shapes)]
    reader = Reader({"ec2": world.ec2}, SystemClock(), lambda _: None)
    clients: Any = world
    admin.clear_calls()
    kind.create_many(clients, requests)
    lives = observe_kind(kind, Found(owner, given=frozenset({group})), reader)
    kind.update(clients, lives[0], {**lives[0].properties, "Description": "new"}, ["Description"])
    assert [call["operation"] for call in admin.calls()] == [
        "AuthorizeSecurityGroupIngress",
        "DescribeSecurityGroupRules",
        "DescribeSecurityGroupRules",
        "UpdateSecurityGroupRuleDescriptionsIngress",
    ]
    again = observe_kind(kind, Found(owner, given=frozenset({group})), reader)
    assert [live.properties.get("Description") for live in again] == ["new", None]


OF_ESP: dict[str, Any] = {"IpProtocol": "50", "IpRanges": [BLOCK]}


@pytest.mark.parametrize("ports", [{}, {"FromPort": -1, "ToPort": -1}, {"FromPort": 0, "ToPort": 65535}])
def test_a_rule_for_a_protocol_without_ports_is_for_all_of_them(
    world: World, group: str, ports: Mapping[str, int]
) -> None:
    """Documented, of AuthorizeSecurityGroupIngress; that ModifySecurityGroupRules is the same isn't."""
    made = world.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[{**OF_ESP, **ports}])
    [rule] = made["SecurityGroupRules"]
    assert (rule["IpProtocol"], rule["FromPort"], rule["ToPort"]) == ("50", -1, -1)
    changed = {"IpProtocol": "51", **ports, "CidrIpv4": "10.0.0.0/17"}
    world.ec2.modify_security_group_rules(
        GroupId=group,
        SecurityGroupRules=[{"SecurityGroupRuleId": rule["SecurityGroupRuleId"], "SecurityGroupRule": changed}],
    )
    [rule] = rules(world, group)
    assert (rule["IpProtocol"], rule["FromPort"], rule["ToPort"]) == ("51", -1, -1)
    gone = {"IpProtocol": "51", **ports, "IpRanges": [{"CidrIp": "10.0.0.0/17"}]}
    world.ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=[gone])
    assert rules(world, group) == []


@pytest.mark.parametrize(
    ("protocol", "ports", "said"),
    [
        ("50", {"FromPort": -1, "ToPort": -1}, "When protocol is 50, you cannot specify from-port."),
        ("50", {"ToPort": -1}, "When protocol is 50, you cannot specify to-port."),
        ("-1", {"FromPort": -1, "ToPort": -1}, "When protocol is ALL, you cannot specify from-port."),
        ("50", {}, ""),
        ("-1", {}, ""),
        ("icmp", {"FromPort": -1, "ToPort": -1}, ""),
        ("58", {"FromPort": -1, "ToPort": -1}, ""),
        ("tcp", {"FromPort": 22, "ToPort": 22}, ""),
    ],
)
def test_a_rule_is_described_by_what_it_is_for_without_ports_that_it_has_not(
    world: World, group: str, protocol: str, ports: Mapping[str, int], said: str
) -> None:
    """hashicorp/terraform-provider-aws#14756 and #1920 have the sentences of the first port: source."""
    wanted = {"IpProtocol": protocol, "IpRanges": [BLOCK], **({} if said else ports)}
    world.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[wanted])
    described = {**wanted, **ports, "IpRanges": [{**BLOCK, "Description": "other"}]}
    describe = partial(
        world.ec2.update_security_group_rule_descriptions_ingress, GroupId=group, IpPermissions=[described]
    )
    if said:
        with pytest.raises(ClientError) as caught:
            describe()
        assert caught.value.response["Error"] == {"Code": "InvalidParameterValue", "Message": said}
    else:
        describe()
    assert [rule["Description"] for rule in rules(world, group)] == ["the network" if said else "other"]


def test_a_rule_without_a_port_that_its_protocol_has_is_refused(world: World, group: str) -> None:
    with refused("InvalidParameterValue"):
        world.ec2.authorize_security_group_ingress(
            GroupId=group, IpPermissions=[{"IpProtocol": "6", "IpRanges": [BLOCK]}]
        )

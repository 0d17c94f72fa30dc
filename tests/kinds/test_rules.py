"""Rules of security groups: written inside a group, in batches, and beside AWS's default."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from ocpprov.engine.resources import Resource
from ocpprov.engine.values import GetAtt, Ref, Value
from ocpprov.kinds.contract import CreateRequest, Kind
from ocpprov.kinds.ec2.rules import ip_permission, properties_of, protocol_name, rule_key
from ocpprov.kinds.registry import KINDS
from tests.kinds.cases import group, vpc
from tests.kinds.world import OWNER, World

GROUP = KINDS["AWS::EC2::SecurityGroup"]
INGRESS = KINDS["AWS::EC2::SecurityGroupIngress"]
EGRESS = KINDS["AWS::EC2::SecurityGroupEgress"]

Rule = Mapping[str, Value]


def test_rules_inside_a_group_become_resources() -> None:
    resource = Resource(
        "Masters",
        "AWS::EC2::SecurityGroup",
        {
            "GroupDescription": "Masters",
            "SecurityGroupIngress": [
                {"IpProtocol": 6, "FromPort": 22, "ToPort": "22", "CidrIp": "10.0.0.0/16"},
                {"IpProtocol": "udp", "FromPort": 9000, "ToPort": 9999, "SourceSecurityGroupId": Ref("Workers")},
                {"IpProtocol": "50", "SourceSecurityGroupId": GetAtt("Workers", "GroupId")},
                {"IpProtocol": "50", "SourceSecurityGroupId": Ref("Workers")},
            ],
            "SecurityGroupEgress": [{"IpProtocol": -1, "FromPort": -1, "ToPort": -1, "CidrIp": "0.0.0.0/0"}],
        },
    )
    own, *rules = GROUP.expand(resource)
    assert own.properties == {"GroupDescription": "Masters"}
    assert [rule.logical_id for rule in rules] == [
        "Masters/ingress tcp 22 10.0.0.0/16",
        "Masters/ingress udp 9000-9999 Workers",
        "Masters/ingress 50 Workers",
        "Masters/ingress 50 Workers (2)",
        "Masters/egress -1 0.0.0.0/0",
    ]
    assert {rule.parent for rule in rules} == {"Masters"}
    assert rules[0].properties == {
        "GroupId": Ref("Masters"),
        "IpProtocol": "tcp",
        "FromPort": 22,
        "ToPort": 22,
        "CidrIp": "10.0.0.0/16",
    }
    assert rules[2].properties["FromPort"] == -1
    assert rules[4].properties == {"GroupId": Ref("Masters"), "IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}
    assert [rule.type for rule in rules] == [INGRESS.type] * 4 + [EGRESS.type]


@pytest.mark.parametrize(
    ("given", "name"), [("TCP", "tcp"), (6, "tcp"), ("17", "udp"), (1, "icmp"), ("all", "-1"), (-1, "-1"), (50, "50")]
)
def test_protocols_have_one_name(given: str | int, name: str) -> None:
    assert protocol_name(given) == name


def test_a_key_waits_for_what_it_is_made_of() -> None:
    rule: Rule = {"GroupId": "sg-1", "IpProtocol": "tcp", "FromPort": 1, "ToPort": 2}
    assert rule_key("ingress", {**rule, "SourceSecurityGroupId": "sg-2"}) == ("sg-1", "ingress", "tcp", 1, 2, "sg-2")
    assert rule_key("ingress", {**rule, "SourceSecurityGroupId": Ref("Other")}) is None
    assert rule_key("ingress", {**rule, "GroupId": Ref("Group"), "CidrIp": "10.0.0.0/8"}) is None
    assert rule_key("ingress", rule) is None


PERMISSIONS: Sequence[tuple[Rule, Mapping[str, Any]]] = (
    ({"IpProtocol": "50"}, {"IpProtocol": "50"}),
    ({"IpProtocol": 50, "FromPort": -1, "ToPort": -1}, {"IpProtocol": "50"}),
    ({"IpProtocol": "51", "FromPort": 0, "ToPort": 65535}, {"IpProtocol": "51"}),
    ({"IpProtocol": "-1", "FromPort": 0, "ToPort": 0}, {"IpProtocol": "-1"}),
    ({"IpProtocol": "icmp"}, {"IpProtocol": "icmp", "FromPort": -1, "ToPort": -1}),
    ({"IpProtocol": 1, "FromPort": 8, "ToPort": 0}, {"IpProtocol": "icmp", "FromPort": 8, "ToPort": 0}),
    ({"IpProtocol": "58"}, {"IpProtocol": "icmpv6", "FromPort": -1, "ToPort": -1}),
    ({"IpProtocol": "6", "FromPort": 1, "ToPort": 2}, {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 2}),
    ({"IpProtocol": "udp", "FromPort": 1, "ToPort": 2}, {"IpProtocol": "udp", "FromPort": 1, "ToPort": 2}),
)


@pytest.mark.parametrize(("rule", "sent"), PERMISSIONS)
def test_ports_are_sent_where_the_protocol_has_some(rule: Rule, sent: Mapping[str, Any]) -> None:
    block = {"CidrIp": "10.0.0.0/8"}
    assert ip_permission({**rule, **block}) == {**sent, "IpRanges": [block]}


@pytest.mark.parametrize("given", [{}, {"FromPort": -1, "ToPort": -1}, {"FromPort": 0, "ToPort": 65535}])
@pytest.mark.parametrize("answered", [{}, {"FromPort": -1, "ToPort": -1}, {"FromPort": 0, "ToPort": 65535}])
def test_ports_of_a_protocol_without_any_are_the_same_however_they_are_written(given: Rule, answered: Rule) -> None:
    rule: Rule = {"GroupId": "sg-1", "IpProtocol": "50", "CidrIp": "10.0.0.0/8"}
    live = {"GroupId": "sg-1", "IsEgress": False, "IpProtocol": "50", "CidrIpv4": "10.0.0.0/8", **answered}
    found = properties_of(live)
    assert found == INGRESS.normalise({**rule, **given})
    assert (found["FromPort"], found["ToPort"]) == (-1, -1)
    assert INGRESS.key(found) == INGRESS.key({**rule, **given}) == ("sg-1", "ingress", "50", -1, -1, "10.0.0.0/8")


def test_a_group_gets_all_its_rules_in_one_call(world: World) -> None:
    vpc_id = vpc(world)
    group_id, other = group(world, vpc_id), group(world, vpc_id, "workers")
    rules: list[Rule] = [
        {"GroupId": group_id, "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "10.0.0.0/16"},
        {"GroupId": group_id, "IpProtocol": "50", "SourceSecurityGroupId": other, "Description": "ESP"},
        {"GroupId": group_id, "IpProtocol": "tcp", "FromPort": 6443, "ToPort": 6443, "SourceSecurityGroupId": group_id},
    ]
    made = INGRESS.create_many(world.clients, [world.request(INGRESS.type, rule) for rule in rules])
    lives = {live.id: live for live in world.lives(INGRESS.type)}
    assert [INGRESS.key(lives[rule.id].properties) for rule in made] == [INGRESS.key(rule) for rule in rules]
    assert lives[made[1].id].properties["Description"] == "ESP"
    assert INGRESS.references(lives[made[1].id]) == [group_id, other]

    INGRESS.delete_many(world.clients, [lives[rule.id] for rule in made[:2]])
    assert [live.id for live in world.lives(INGRESS.type)] == [made[2].id]


@pytest.mark.parametrize(("kind", "peer"), [(INGRESS, "SourceSecurityGroupId"), (EGRESS, "DestinationSecurityGroupId")])
@pytest.mark.parametrize("wanted", [{"Description": ""}, {}], ids=["empty", "not given"])
def test_a_description_can_be_taken_away(world: World, kind: Kind, peer: str, wanted: Rule) -> None:
    group_id = group(world, vpc(world))
    rule: dict[str, Any] = {"GroupId": group_id, "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, peer: group_id}
    id = world.make(kind.type, **rule, Description="ssh")
    live = world.find(kind.type, id)
    assert live is not None
    assert live.properties["Description"] == "ssh"
    kind.update(world.clients, live, {**rule, **wanted}, ["Description"])
    live = world.find(kind.type, id)
    assert live is not None
    assert "Description" not in live.properties


def test_an_answer_without_one_of_the_rules_is_no_success() -> None:
    rule: Rule = {"GroupId": "sg-1", "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "10.0.0.0/16"}
    told = {"SecurityGroupRuleId": "sgr-1", "GroupId": "sg-1", "IsEgress": False, "CidrIpv4": "10.0.0.0/16"}
    ports = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22}
    ec2 = SimpleNamespace(authorize_security_group_ingress=lambda **_: {"SecurityGroupRules": [{**told, **ports}]})
    clients: Any = SimpleNamespace(ec2=ec2)
    requests = [
        CreateRequest("Ssh", rule, {}, "token", OWNER),
        CreateRequest("Web", {**rule, "FromPort": 443, "ToPort": 443}, {}, "token", OWNER),
    ]
    assert [made.id for made in INGRESS.create_many(clients, requests[:1])] == ["sgr-1"]
    with pytest.raises(LookupError, match=r"^sg-1: EC2 accepted these rules but doesn't name them: Web$"):
        INGRESS.create_many(clients, requests)


def test_the_default_rule_is_awss_and_gives_way_to_planned_ones(world: World) -> None:
    group_id = group(world, vpc(world))
    default = next(live for live in world.lives(EGRESS.type) if live.properties["GroupId"] == group_id)
    assert default.service_owned
    planned: Rule = {"GroupId": group_id, "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "0.0.0.0/0"}
    assert list(EGRESS.supersedes(planned)) == [EGRESS.key(default.properties)]
    assert list(EGRESS.supersedes({"GroupId": group_id, "IpProtocol": "-1", "CidrIp": "0.0.0.0/0"})) == []

"""Questions about security groups."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from live.clients import code
from live.lab import Lab
from live.questions import Question, Topic

_CODES: Final = "ocpprov/aws/error_codes.py"
_CREATE: Final = "ocpprov/reconcile/create.py"


def twice(lab: Lab, call: Callable[[], Any]) -> str:
    """What AWS says to the same call again."""
    lab.made(call)
    return code(call)


def _rule(port: int) -> dict[str, Any]:
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}


def _same_group(lab: Lab) -> str:
    _ = lab.group
    return code(lambda: lab.new_group(lab.name))


def _same_rule(lab: Lab) -> str:
    return twice(lab, lambda: lab.ec2.authorize_security_group_ingress(GroupId=lab.group, IpPermissions=[_rule(6443)]))


def _one_of_two_rules(lab: Lab) -> str:
    """After a batch of which one is there already: is the other one made?"""
    group = lab.new_group(f"{lab.name}-batch")
    lab.made(lambda: lab.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[_rule(1)]))
    said = code(lambda: lab.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[_rule(1), _rule(2)]))
    found = lab.made(lambda: lab.ec2.describe_security_groups(GroupIds=[group]))
    rules = found["SecurityGroups"][0]["IpPermissions"]
    return f"{said}, {len(rules)} rule"


def _groups_in_a_circle(lab: Lab) -> str:
    one, other = lab.new_group(f"{lab.name}-one"), lab.new_group(f"{lab.name}-other")

    def name(group: str, named: str) -> Any:
        rule = {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": named}]}
        return lab.made(lambda: lab.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule]))

    name(one, other)
    name(other, one)
    return code(lambda: lab.ec2.delete_security_group(GroupId=one))


def _ports_of_protocol_50(lab: Lab) -> str:
    """IPsec has no ports; -1 stands for all of them elsewhere."""
    group = lab.new_group(f"{lab.name}-esp")
    rule = {
        "IpProtocol": "50",
        "FromPort": -1,
        "ToPort": -1,
        "IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "one"}],
    }
    described = {**rule, "IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "other"}]}
    made: list[str] = []

    def authorize() -> None:
        # A new group isn't seen everywhere at once, which isn't what is asked.
        answer = lab.made(lambda: lab.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule]))
        made.extend(each["SecurityGroupRuleId"] for each in answer["SecurityGroupRules"])

    said = [f"authorize {code(authorize)}"]
    update = code(
        lambda: lab.ec2.update_security_group_rule_descriptions_ingress(GroupId=group, IpPermissions=[described])
    )
    said.append(f"describe {update}")
    for id in made[:1]:
        wanted = {"IpProtocol": "50", "FromPort": -1, "ToPort": -1, "CidrIpv4": "10.0.0.0/9"}
        changes = [{"SecurityGroupRuleId": id, "SecurityGroupRule": wanted}]
        modify = code(
            lambda changes=changes: lab.ec2.modify_security_group_rules(GroupId=group, SecurityGroupRules=changes)  # type: ignore[misc]
        )
        said.append(f"modify {modify}")
    return ", ".join(said)


GROUPS: Final = Topic(
    "security groups",
    (
        Question("a second group with the same name", "InvalidGroup.Duplicate 400", _CREATE, _same_group),
        Question("the same rule twice", "InvalidPermission.Duplicate 400", _CREATE, _same_rule),
        Question(
            "a batch of rules of which one is there",
            "InvalidPermission.Duplicate 400, 1 rule",
            "ocpprov/kinds/ec2/security_group_rule.py",
            _one_of_two_rules,
        ),
        Question(
            "a rule of protocol 50 with the ports -1: made, described, modified",
            "authorize ok, describe InvalidParameterValue 400, modify ok",
            "ocpprov/kinds/ec2/rules.py",
            _ports_of_protocol_50,
            "where one of the three refuses, rules of protocols without ports go without FromPort and ToPort in it",
        ),
        Question("deleting a group that another one names", "DependencyViolation 400", _CODES, _groups_in_a_circle),
    ),
    "1 network (nothing is billed)",
)

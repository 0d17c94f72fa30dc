"""Rules of security groups: all or none of a call, each with its description, and protocols that have no ports."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from ocpprov.sandbox.exchange import Answer, Request, error
from ocpprov.sandbox.middleware.contract import Aws

_OPERATION: Final = re.compile(r"(Authorize|Revoke|Update)SecurityGroup(?:RuleDescriptions)?(In|E)gress$")
_PROTOCOL: Final = re.compile(r"((?:IpPermissions\.\d+\.)?)IpProtocol$")
_PREFIX_LIST: Final = re.compile(r"IpPermissions\.(\d+)\.PrefixListIds\.(\d+)\.PrefixListId$")
_RULE_IDS: Final = re.compile(r"SecurityGroupRuleDescription\.(\d+)\.SecurityGroupRuleId$")
_RULES: Final = re.compile(rb"<securityGroupRuleSet>.*</securityGroupRuleSet>", re.DOTALL)
_WITH_PORTS: Final = frozenset({"tcp", "6", "udp", "17"})
_DONE: Final = '<{0}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><return>true</return></{0}Response>'


class SecurityGroupRules:
    """Authorize makes all rules of the call or none, and answers with all of them; a rule has its description whatever
    its other side is; descriptions can be changed by the ids of rules; a rule such as ESP's (protocol 50) that names no
    ports is for all of them, -1 (EC2's API reference of these operations). moto does none of it.
    """

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """moto's answer, with what it has done put right."""
        found = _OPERATION.match(request.operation) if request.service == "ec2" else None
        if found is None:
            return None
        if found[1] == "Update" and any(map(_RULE_IDS.match, request.parameters)):
            return _describe(request, aws, egress=found[2] == "E")
        added: dict[str, str] = {}
        for key, protocol in request.parameters.items():
            match = _PROTOCOL.match(key)
            if match is None or protocol == "-1" or f"{match[1]}FromPort" in request.parameters:
                continue
            if protocol.lower() in _WITH_PORTS:
                message = "Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange."
                return error(request, "InvalidParameterValue", message)
            added |= {f"{match[1]}FromPort": "-1", f"{match[1]}ToPort": "-1"}
        whole = request.with_form({"Action": request.operation, **request.parameters, **added})
        return _authorize(whole, aws) if found[1] == "Authorize" else aws.execute(whole)

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """Unchanged."""
        return answer


def _authorize(request: Request, aws: Aws) -> Answer:
    group = _group(request, aws)
    if group is None:
        return aws.execute(request)
    before = {rule.id for rule in _rules(group)}
    answer = aws.execute(request)
    made = [rule for rule in _rules(group) if rule.id not in before]
    if not answer.ok:
        group.ingress_rules = [rule for rule in group.ingress_rules if rule.id in before]
        group.egress_rules = [rule for rule in group.egress_rules if rule.id in before]
        for rule in made:
            aws.ec2(request).tags.pop(rule.id, None)
        return answer
    for rule in made:
        if "Description" in rule.source_group:
            _set_description(rule, rule.source_group["Description"])
    _describe_prefix_lists(request, [rule for rule in made if rule.prefix_list_id])
    return Answer(answer.status, _RULES.sub(lambda _: _listed(request, aws, made), answer.body), answer.headers)


def _describe_prefix_lists(request: Request, rules: Sequence[Any]) -> None:
    """moto forgets these descriptions; the rules are in the request's order."""
    places = sorted((int(match[1]), int(match[2])) for match in map(_PREFIX_LIST.match, request.parameters) if match)
    for rule, (permission, item) in zip(rules, places, strict=True):
        description = request.get(f"IpPermissions.{permission}.PrefixListIds.{item}.Description")
        if description:
            _set_description(rule, description)


def _set_description(rule: Any, description: str) -> None:
    """moto tells a rule's description from the first place, whatever its other side is, and a group's from the second
    where another group is the other side."""
    rule.ip_range["Description"] = description
    if rule.source_group:
        rule.source_group["Description"] = description


def _listed(request: Request, aws: Aws, rules: Sequence[Any]) -> bytes:
    """The rules as DescribeSecurityGroupRules has them."""
    ids = {f"SecurityGroupRuleId.{number}": rule.id for number, rule in enumerate(rules, start=1)}
    form = {"Action": "DescribeSecurityGroupRules", "Version": request.get("Version"), **ids}
    found = _RULES.search(aws.execute(request.with_form(form)).body)
    return found[0] if found else b""


def _describe(request: Request, aws: Aws, *, egress: bool) -> Answer:
    """Rules that are named by their ids get another description, or none where none is given."""
    group = _group(request, aws)
    if group is None:
        id = request.get("GroupId")
        return error(request, "InvalidGroup.NotFound", f"The security group '{id}' does not exist")
    rules = {rule.id: rule for rule in _rules(group) if rule.is_egress is egress}
    numbers = [match[1] for match in map(_RULE_IDS.match, request.parameters) if match]
    wanted = {
        request.get(f"SecurityGroupRuleDescription.{number}.SecurityGroupRuleId"): request.get(
            f"SecurityGroupRuleDescription.{number}.Description"
        )
        for number in numbers
    }
    for id in wanted:
        if id not in rules:
            message = f"The security group rule ID '{id}' does not exist"
            return error(request, "InvalidSecurityGroupRuleId.NotFound", message)
    for id, description in wanted.items():
        rule = rules[id]
        for place in (rule.ip_range, rule.source_group):
            place.pop("Description", None)
        if description:
            _set_description(rule, description)
    return Answer(200, _DONE.format(request.operation).encode(), (("Content-Type", "text/xml"),))


def _group(request: Request, aws: Aws) -> Any:
    return aws.ec2(request).get_security_group_by_name_or_id(request.get("GroupId") or request.get("GroupName"))


def _rules(group: Any) -> Iterator[Any]:
    yield from group.ingress_rules
    yield from group.egress_rules

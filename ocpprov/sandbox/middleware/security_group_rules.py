"""Rules of security groups: all or none of a call, each with its description, and protocols that have no ports."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from ocpprov.sandbox.exchange import Answer, Request, error
from ocpprov.sandbox.middleware.contract import Aws

_OPERATION: Final = re.compile(
    r"(Authorize|Revoke|Update)SecurityGroup(?:RuleDescriptions)?(In|E)gress$|ModifySecurityGroupRules$"
)
_PROTOCOL: Final = re.compile(r"((?:IpPermissions\.\d+\.|SecurityGroupRule\.\d+\.SecurityGroupRule\.)?)IpProtocol$")
_PREFIX_LIST: Final = re.compile(r"IpPermissions\.(\d+)\.PrefixListIds\.(\d+)\.PrefixListId$")
_RULE_IDS: Final = re.compile(r"SecurityGroupRuleDescription\.(\d+)\.SecurityGroupRuleId$")
_RULES: Final = re.compile(rb"<securityGroupRuleSet>.*</securityGroupRuleSet>", re.DOTALL)
_WITH_PORTS: Final = frozenset({"tcp", "6", "udp", "17"})
_OF_ICMP: Final = frozenset({"icmp", "1", "icmpv6", "58"})
_ALL: Final = "-1"
_DONE: Final = '<{0}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><return>true</return></{0}Response>'


class SecurityGroupRules:
    """Authorize makes all rules of the call or none, and answers with all of them; a rule has its description whatever
    its other side is; descriptions can be changed by the ids of rules; a rule for ESP (protocol 50) or any other
    protocol without ports is for all of them, -1, whatever it names (EC2's API reference of these operations:
    documented). Who describes such a rule, or one for all protocols, by what it is for must name no ports
    (hashicorp/terraform-provider-aws#14756 and #1920: source, for the first port; that the last is refused in the
    same words: memory). That ModifySecurityGroupRules is as lenient as Authorize nobody has told. moto does none of it.
    """

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """moto's answer, with what it has done put right."""
        found = _OPERATION.match(request.operation) if request.service == "ec2" else None
        if found is None:
            return None
        if found[1] == "Update" and any(map(_RULE_IDS.match, request.parameters)):
            return _describe(request, aws, egress=found[2] == "E")
        refusals = (_ports_trouble(request, place, protocol) for place, protocol in _protocols(request))
        if refusal := next(filter(None, refusals), None):
            return refusal
        ports = _all_ports(request)
        whole = request.with_form({"Action": request.operation, **request.parameters, **ports})
        return _authorize(whole, aws) if found[1] == "Authorize" else aws.execute(whole)

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """Unchanged."""
        return answer


def _protocols(request: Request) -> Iterator[tuple[str, str]]:
    """The protocol of each rule that a request speaks of, and where it does."""
    for key, protocol in request.parameters.items():
        if match := _PROTOCOL.match(key):
            yield match[1], protocol.lower()


def _ports_trouble(request: Request, place: str, protocol: str) -> Answer | None:
    """The refusal of a rule without a port that its protocol has, or described by one that it hasn't."""
    if protocol in _WITH_PORTS and f"{place}FromPort" not in request.parameters:
        message = "Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange."
        return error(request, "InvalidParameterValue", message)
    named = next((name for name in ("FromPort", "ToPort") if f"{place}{name}" in request.parameters), "")
    describes = request.operation.startswith("Update")
    if not describes or not named or protocol in (*_WITH_PORTS, *_OF_ICMP):
        return None
    which, of = ("from-port" if named == "FromPort" else "to-port"), ("ALL" if protocol == _ALL else protocol)
    return error(request, "InvalidParameterValue", f"When protocol is {of}, you cannot specify {which}.")


def _all_ports(request: Request) -> dict[str, str]:
    """The ports of rules without any, as moto wants them: ICMP's where none are given, and those of ESP and its like in
    place of what is."""
    ports: dict[str, str] = {}
    for place, protocol in _protocols(request):
        first, last = f"{place}FromPort", f"{place}ToPort"
        modifies = request.operation.startswith("Modify")
        if protocol in _OF_ICMP or (protocol == _ALL and modifies):
            ports |= {first: request.get(first) or "-1", last: request.get(last) or "-1"}
        elif protocol not in (*_WITH_PORTS, _ALL):
            ports |= {first: "-1", last: "-1"}
    return ports


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

"""Security groups: each rule taken away, narrowed to fewer addresses and fewer ports, and given to another group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.end_to_end.breaking.cases import Breakage
from tests.end_to_end.breaking.requirements import row_of
from tests.end_to_end.breaking.site import Site, Thing

_INGRESS = "AWS::EC2::SecurityGroupIngress"
Rule = Mapping[str, Any]


def breakages(site: Site) -> Iterator[Breakage]:
    """Of each rule, and of what the machines' groups let out."""
    things = {thing.id: thing for thing in site.of(_INGRESS)}
    rules = site.ec2.describe_security_group_rules(SecurityGroupRuleIds=list(things))["SecurityGroupRules"]
    for rule in rules:
        yield from _of_rule(things[rule["SecurityGroupRuleId"]], rule)
    for group, row in (("MasterSecurityGroup", "SG-MASTER-INGRESS"), ("WorkerSecurityGroup", "SG-WORKER-INGRESS")):
        yield from _of_what_goes_out(site.id(group), group, row)


def _of_rule(thing: Thing, rule: Rule) -> Iterator[Breakage]:
    group, row = rule["GroupId"], row_of(thing.logical_id)
    named = (thing.logical_id, thing.id)
    yield Breakage(f"revoke {thing.logical_id}", row, named, lambda site: revoked(site, rule))
    yield Breakage(f"narrow {thing.logical_id}", row, named, lambda site: changed(site, rule, **_narrow(rule)))
    if block := rule.get("CidrIpv4"):
        half = block.replace("/16", "/18")
        yield Breakage(
            f"fewer addresses for {thing.logical_id}", row, named, lambda site: changed(site, rule, CidrIpv4=half)
        )
    yield Breakage(
        f"{thing.logical_id} for another group",
        row,
        named,
        lambda site: redirected(site, rule, new_group(site, group)),
    )


def _narrow(rule: Rule) -> dict[str, Any]:
    """Fewer ports; where there is one or none, another."""
    first, last = rule.get("FromPort", -1), rule.get("ToPort", -1)
    if rule["IpProtocol"] == "icmp":
        return {"FromPort": 0, "ToPort": 0}
    if not rule["IpProtocol"].isalpha():
        return {"IpProtocol": "51"}
    return {"ToPort": last - 1} if last > first else {"FromPort": first + 1, "ToPort": last + 1}


def _of_what_goes_out(group: str, name: str, row: str) -> Iterator[Breakage]:
    yield Breakage(f"nothing leaves {name}", row, (group,), lambda site: revoked(site, _out(site, group)))
    yield Breakage(
        f"{name} leaves to fewer addresses",
        row,
        (group,),
        lambda site: changed(site, _out(site, group), CidrIpv4="10.0.0.0/18"),
    )
    yield Breakage(
        f"{name} lets TCP out alone",
        row,
        (group,),
        lambda site: changed(site, _out(site, group), IpProtocol="tcp", FromPort=0, ToPort=65535),
    )


def _out(site: Site, group: str) -> Rule:
    filters = [{"Name": "group-id", "Values": [group]}]
    rules = site.ec2.describe_security_group_rules(Filters=filters)["SecurityGroupRules"]
    found: Rule = next(rule for rule in rules if rule["IsEgress"])
    return found


def revoked(site: Site, rule: Rule) -> None:
    take = site.ec2.revoke_security_group_egress if rule["IsEgress"] else site.ec2.revoke_security_group_ingress
    take(GroupId=rule["GroupId"], SecurityGroupRuleIds=[rule["SecurityGroupRuleId"]])


def redirected(site: Site, rule: Rule, group: str) -> None:
    """The same for the members of another group, as a rule of its own: moto doesn't change whom a rule is about."""
    revoked(site, rule)
    ports = {name: rule[name] for name in ("FromPort", "ToPort") if name in rule}
    permission = {"IpProtocol": rule["IpProtocol"], **ports, "UserIdGroupPairs": [{"GroupId": group}]}
    site.ec2.authorize_security_group_ingress(GroupId=rule["GroupId"], IpPermissions=[permission])


def changed(site: Site, rule: Rule, **members: Any) -> None:
    """The rule with other members; None takes one out."""
    said = {
        "IpProtocol": rule["IpProtocol"],
        "FromPort": rule.get("FromPort", -1),
        "ToPort": rule.get("ToPort", -1),
        "CidrIpv4": rule.get("CidrIpv4"),
        "ReferencedGroupId": rule.get("ReferencedGroupInfo", {}).get("GroupId"),
        "Description": rule.get("Description", ""),
        **members,
    }
    wanted = {
        "SecurityGroupRuleId": rule["SecurityGroupRuleId"],
        "SecurityGroupRule": {name: value for name, value in said.items() if value is not None},
    }
    site.ec2.modify_security_group_rules(GroupId=rule["GroupId"], SecurityGroupRules=[wanted])


def new_group(site: Site, beside: str) -> str:
    """Somebody else's, in the same VPC."""
    vpc = site.ec2.describe_security_groups(GroupIds=[beside])["SecurityGroups"][0]["VpcId"]
    made = site.ec2.create_security_group(GroupName="theirs", Description="theirs", VpcId=vpc)
    return str(made["GroupId"])

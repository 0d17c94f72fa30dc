"""Questions about a network and what lies in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from live.clients import code
from live.lab import Lab
from live.questions import Question, Topic

_CODES: Final = "ocpprov/aws/error_codes.py"
_CREATE: Final = "ocpprov/reconcile/create.py"


def _twice(lab: Lab, call: Callable[[], Any]) -> str:
    """What AWS says to the same call again."""
    lab.made(call)
    return code(call)


def _rule(port: int) -> dict[str, Any]:
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}


def _same_block(lab: Lab) -> str:
    _ = lab.subnet
    return code(lambda: lab.new_subnet("10.99.0.0/24"))


def _same_group(lab: Lab) -> str:
    _ = lab.group
    return code(lambda: lab.new_group(lab.name))


def _same_rule(lab: Lab) -> str:
    return _twice(lab, lambda: lab.ec2.authorize_security_group_ingress(GroupId=lab.group, IpPermissions=[_rule(6443)]))


def _one_of_two_rules(lab: Lab) -> str:
    """After a batch of which one is there already: is the other one made?"""
    group = lab.new_group(f"{lab.name}-batch")
    lab.made(lambda: lab.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[_rule(1)]))
    said = code(lambda: lab.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[_rule(1), _rule(2)]))
    found = lab.made(lambda: lab.ec2.describe_security_groups(GroupIds=[group]))
    rules = found["SecurityGroups"][0]["IpPermissions"]
    return f"{said}, {len(rules)} rule"


def _attached_twice(lab: Lab) -> str:
    return code(lambda: lab.ec2.attach_internet_gateway(InternetGatewayId=lab.gateway, VpcId=lab.vpc))


def _attached_gateway(lab: Lab) -> str:
    return code(lambda: lab.ec2.delete_internet_gateway(InternetGatewayId=lab.gateway))


def _same_route(lab: Lab) -> str:
    return _twice(
        lab,
        lambda: lab.ec2.create_route(RouteTableId=lab.table, DestinationCidrBlock="0.0.0.0/0", GatewayId=lab.gateway),
    )


def _associate(lab: Lab, table: str) -> str:
    return str(lab.ec2.associate_route_table(RouteTableId=table, SubnetId=lab.subnet)["AssociationId"])


def _associated_again(lab: Lab) -> str:
    first = _associate(lab, lab.table)
    answers: list[str] = []
    said = code(lambda: answers.append(_associate(lab, lab.table)))
    return "the same" if answers == [first] else said


def _associated_elsewhere(lab: Lab) -> str:
    return code(lambda: _associate(lab, lab.new_table()))


def _table_token(lab: Lab) -> str:
    first = lab.new_table(ClientToken=f"{lab.name}-table")
    return "the same" if lab.new_table(ClientToken=f"{lab.name}-table") == first else "another one"


def _token_for_something_else(lab: Lab) -> str:
    lab.new_table(ClientToken=f"{lab.name}-other")
    tags = lab.tags("route-table", {"other": "other"})
    return code(
        lambda: lab.ec2.create_route_table(VpcId=lab.vpc, ClientToken=f"{lab.name}-other", TagSpecifications=tags)
    )


def _acl_token(lab: Lab) -> str:
    def make() -> str:
        made = lab.ec2.create_network_acl(
            VpcId=lab.vpc, ClientToken=f"{lab.name}-acl", TagSpecifications=lab.tags("network-acl")
        )
        return str(made["NetworkAcl"]["NetworkAclId"])

    return "the same" if make() == make() else "another one"


def _endpoint(lab: Lab) -> str:
    made = lab.ec2.create_vpc_endpoint(
        VpcId=lab.vpc,
        ServiceName=f"com.amazonaws.{lab.region}.s3",
        RouteTableIds=[lab.table],
        TagSpecifications=lab.tags("vpc-endpoint"),
    )
    return str(made["VpcEndpoint"]["VpcEndpointId"])


def _endpoint_state(lab: Lab) -> str:
    endpoint = _endpoint(lab)
    seen: list[str] = []

    def ready() -> bool:
        found = lab.made(lambda: lab.ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint]))
        seen.append(found["VpcEndpoints"][0]["State"])
        return bool(seen[-1].lower() != "pending")

    lab.until(ready)
    return seen[-1]


def _second_endpoint(lab: Lab) -> str:
    return code(lambda: _endpoint(lab))


def _network_in_use(lab: Lab) -> str:
    _ = lab.subnet
    return code(lambda: lab.ec2.delete_vpc(VpcId=lab.vpc))


def _main_table(lab: Lab) -> str:
    def main() -> list[dict[str, Any]]:
        return lab.listed("describe_route_tables", "RouteTables", vpc_id=lab.vpc, **{"association.main": "true"})

    lab.until(lambda: bool(main()))
    [table] = main()
    return code(lambda: lab.ec2.delete_route_table(RouteTableId=table["RouteTableId"]))


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
        answer = lab.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])
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


def _tags(count: int, key: str = "key") -> Callable[[Lab], str]:
    def ask(lab: Lab) -> str:
        tags = [{"Key": f"{key}{number}", "Value": ""} for number in range(count)]
        said = code(lambda: lab.ec2.create_tags(Resources=[lab.vpc], Tags=tags))
        code(lambda: lab.ec2.delete_tags(Resources=[lab.vpc], Tags=tags))
        return said

    return ask


NETWORK: Final = Topic(
    "a network",
    (
        Question("a second subnet with the same block", "InvalidSubnet.Conflict 400", _CREATE, _same_block),
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
        Question("a gateway attached twice", "Resource.AlreadyAssociated 400", _CREATE, _attached_twice),
        Question("deleting a gateway that is attached", "DependencyViolation 400", _CODES, _attached_gateway),
        Question("the same route twice", "RouteAlreadyExists 400", _CREATE, _same_route),
        Question("the same association twice", "the same", _CREATE, _associated_again),
        Question("another table for the same subnet", "Resource.AlreadyAssociated 400", _CREATE, _associated_elsewhere),
        Question("CreateRouteTable with the same token", "the same", "ocpprov/kinds/ec2/route_table.py", _table_token),
        Question("a token with other parameters", "IdempotentParameterMismatch 400", _CODES, _token_for_something_else),
        Question("CreateNetworkAcl with the same token", "the same", "ocpprov/kinds/ec2/network_acl.py", _acl_token),
        Question(
            "the state of an endpoint, as it is spelled",
            "available",
            "ocpprov/kinds/ec2/vpc_endpoint.py",
            _endpoint_state,
        ),
        Question("a second gateway endpoint for one table", "RouteAlreadyExists 400", _CREATE, _second_endpoint),
        Question("deleting a network with a subnet", "DependencyViolation 400", _CODES, _network_in_use),
        Question("deleting a main route table", "DependencyViolation 400", _CODES, _main_table),
        Question("deleting a group that another one names", "DependencyViolation 400", _CODES, _groups_in_a_circle),
        Question("51 tags on one thing", "TagLimitExceeded 400", "ocpprov/engine/tag_limits.py", _tags(51)),
        Question(
            "a tag of AWS's own prefix", "InvalidParameterValue 400", "ocpprov/plan/top_level.py", _tags(1, "aws:")
        ),
    ),
    "1 network, 1 gateway endpoint (nothing is billed)",
)

"""Questions to EC2."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

from live.lab import Lab, code
from live.questions import Question

_CODES: Final = "ocpprov/aws/error_codes.py"
_CREATE: Final = "ocpprov/reconcile/create.py"
_UNKNOWN: Final = "0123456789abcdef0"


def _twice(call: Callable[[], Any]) -> str:
    call()
    return code(call)


def _rule(port: int) -> dict[str, Any]:
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}


def _same_block(lab: Lab) -> str:
    _ = lab.subnet
    return code(lambda: lab.ec2.create_subnet(VpcId=lab.vpc, CidrBlock="10.99.0.0/24"))


def _same_group(lab: Lab) -> str:
    _ = lab.group
    return code(lambda: lab.ec2.create_security_group(VpcId=lab.vpc, GroupName=lab.name, Description="again"))


def _same_rule(lab: Lab) -> str:
    return _twice(lambda: lab.ec2.authorize_security_group_ingress(GroupId=lab.group, IpPermissions=[_rule(6443)]))


def _one_of_two_rules(lab: Lab) -> str:
    """After a batch of which one is there already: is the other one made?"""
    group = lab.new_group(f"{lab.name}-batch")
    lab.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[_rule(1)])
    said = code(lambda: lab.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[_rule(1), _rule(2)]))
    rules = lab.ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]["IpPermissions"]
    return f"{said}, {len(rules)} rule"


def _attached_twice(lab: Lab) -> str:
    return code(lambda: lab.ec2.attach_internet_gateway(InternetGatewayId=lab.gateway, VpcId=lab.vpc))


def _attached_gateway(lab: Lab) -> str:
    return code(lambda: lab.ec2.delete_internet_gateway(InternetGatewayId=lab.gateway))


def _same_route(lab: Lab) -> str:
    return _twice(
        lambda: lab.ec2.create_route(RouteTableId=lab.table, DestinationCidrBlock="0.0.0.0/0", GatewayId=lab.gateway)
    )


def _associated(lab: Lab) -> str:
    made = lab.ec2.associate_route_table(RouteTableId=lab.table, SubnetId=lab.subnet)["AssociationId"]
    lab.later("association", lambda: lab.ec2.disassociate_route_table(AssociationId=made))
    return str(made)


def _associated_again(lab: Lab) -> str:
    first = _associated(lab)
    answers: list[str] = []
    said = code(
        lambda: answers.append(
            lab.ec2.associate_route_table(RouteTableId=lab.table, SubnetId=lab.subnet)["AssociationId"]
        )
    )
    return "the same" if answers == [first] else said


def _associated_elsewhere(lab: Lab) -> str:
    return code(lambda: lab.ec2.associate_route_table(RouteTableId=lab.new_table(), SubnetId=lab.subnet))


def _table_token(lab: Lab) -> str:
    first = lab.new_table(ClientToken=f"{lab.name}-table")
    return "the same" if lab.new_table(ClientToken=f"{lab.name}-table") == first else "another one"


def _token_for_something_else(lab: Lab) -> str:
    lab.new_table(ClientToken=f"{lab.name}-other")
    tags = [{"ResourceType": "route-table", "Tags": [{"Key": "other", "Value": "other"}]}]
    return code(
        lambda: lab.ec2.create_route_table(VpcId=lab.vpc, ClientToken=f"{lab.name}-other", TagSpecifications=tags)
    )


def _acl_token(lab: Lab) -> str:
    def make() -> str:
        made = lab.ec2.create_network_acl(VpcId=lab.vpc, ClientToken=f"{lab.name}-acl")
        acl = str(made["NetworkAcl"]["NetworkAclId"])
        lab.later("ACL " + acl, lambda: lab.ec2.delete_network_acl(NetworkAclId=acl))
        return acl

    return "the same" if make() == make() else "another one"


def _endpoint(lab: Lab) -> str:
    made = lab.ec2.create_vpc_endpoint(
        VpcId=lab.vpc,
        ServiceName=f"com.amazonaws.{lab.session.region_name}.s3",
        RouteTableIds=[lab.table],
        TagSpecifications=lab.tags("vpc-endpoint"),
    )
    endpoint = str(made["VpcEndpoint"]["VpcEndpointId"])
    lab.later("endpoint " + endpoint, lambda: lab.ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint]))
    return endpoint


def _endpoint_state(lab: Lab) -> str:
    endpoint = _endpoint(lab)
    seen: list[str] = []

    def ready() -> bool:
        seen.append(lab.ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint])["VpcEndpoints"][0]["State"])
        return bool(seen[-1].lower() != "pending")

    lab.until(ready)
    return seen[-1]


def _second_endpoint(lab: Lab) -> str:
    return code(lambda: _endpoint(lab))


def _network_in_use(lab: Lab) -> str:
    _ = lab.subnet
    return code(lambda: lab.ec2.delete_vpc(VpcId=lab.vpc))


def _main_table(lab: Lab) -> str:
    wanted = [{"Name": "vpc-id", "Values": [lab.vpc]}, {"Name": "association.main", "Values": ["true"]}]
    [main] = lab.ec2.describe_route_tables(Filters=wanted)["RouteTables"]
    return code(lambda: lab.ec2.delete_route_table(RouteTableId=main["RouteTableId"]))


def _groups_in_a_circle(lab: Lab) -> str:
    one, other = lab.new_group(f"{lab.name}-one"), lab.new_group(f"{lab.name}-other")
    pairs = ((one, other), (other, one))
    for group, named in pairs:
        rule = {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": named}]}
        lab.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])
    said = code(lambda: lab.ec2.delete_security_group(GroupId=one))
    for group, named in pairs:
        rule = {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": named}]}
        code(lambda group=group, rule=rule: lab.ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=[rule]))  # type: ignore[misc]
    return said


def _nat_without_gateway(lab: Lab) -> str:
    """Asked on a network without an internet gateway."""
    vpc = lab.new_vpc()
    subnet = lab.ec2.create_subnet(VpcId=vpc, CidrBlock="10.99.1.0/24")["Subnet"]["SubnetId"]
    lab.later("subnet " + subnet, lambda: lab.ec2.delete_subnet(SubnetId=subnet))
    made = lab.ec2.create_nat_gateway(
        SubnetId=subnet, AllocationId=lab.address, TagSpecifications=lab.tags("natgateway")
    )
    gateway = made["NatGateway"]["NatGatewayId"]
    lab.later("NAT gateway " + gateway, lambda: lab.ec2.delete_nat_gateway(NatGatewayId=gateway))
    seen: list[str] = []

    def settled() -> bool:
        found = lab.ec2.describe_nat_gateways(NatGatewayIds=[gateway])["NatGateways"][0]
        seen.append(f"{found['State']} {found.get('FailureCode', '')}".strip())
        return str(found["State"]) != "pending"

    lab.until(settled)
    return seen[-1]


def _unseen_by_id(lab: Lab) -> str:
    made = lab.ec2.create_vpc(CidrBlock="10.98.0.0/16", TagSpecifications=lab.tags("vpc"))["Vpc"]["VpcId"]
    lab.later("network " + made, lambda: lab.ec2.delete_vpc(VpcId=made))
    return lab.seconds_until(lambda: code(lambda: lab.ec2.describe_vpcs(VpcIds=[made])) == "ok")


def _unseen_by_tag(lab: Lab) -> str:
    tags = [{"ResourceType": "vpc", "Tags": [{"Key": "ocpprov-live-lag", "Value": lab.name}]}]
    made = lab.ec2.create_vpc(CidrBlock="10.97.0.0/16", TagSpecifications=tags)["Vpc"]["VpcId"]
    lab.later("network " + made, lambda: lab.ec2.delete_vpc(VpcId=made))
    wanted = [{"Name": "tag:ocpprov-live-lag", "Values": [lab.name]}]
    return lab.seconds_until(lambda: bool(lab.ec2.describe_vpcs(Filters=wanted)["Vpcs"]))


def _tags(count: int, key: str = "key") -> Callable[[Lab], str]:
    def ask(lab: Lab) -> str:
        tags = [{"Key": f"{key}{number}", "Value": ""} for number in range(count)]
        said = code(lambda: lab.ec2.create_tags(Resources=[lab.vpc], Tags=tags))
        code(lambda: lab.ec2.delete_tags(Resources=[lab.vpc], Tags=tags))
        return said

    return ask


def _dry_run(lab: Lab) -> str:
    return code(lambda: lab.ec2.create_vpc(CidrBlock="10.96.0.0/16", DryRun=True))


def _unknown(operation: str, **arguments: Any) -> Callable[[Lab], str]:
    return lambda lab: code(lambda: getattr(lab.ec2, operation)(**arguments))


def _policy_principal(lab: Lab) -> str:
    document = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::000000000000:role/none"}, "Action": "sts:AssumeRole"}
        ],
    }
    return code(
        lambda: lab.client("iam").create_role(
            RoleName=f"{lab.name}-nobody", AssumeRolePolicyDocument=json.dumps(document)
        )
    )


QUESTIONS: Final = (
    Question("a second subnet with the same block", "InvalidSubnet.Conflict 400", _CREATE, _same_block),
    Question("a second group with the same name", "InvalidGroup.Duplicate 400", _CREATE, _same_group),
    Question("the same rule twice", "InvalidPermission.Duplicate 400", _CREATE, _same_rule),
    Question(
        "a batch of rules of which one is there",
        "InvalidPermission.Duplicate 400, 1 rule",
        "ocpprov/kinds/ec2/security_group_rule.py",
        _one_of_two_rules,
    ),
    Question("a gateway attached twice", "Resource.AlreadyAssociated 400", _CREATE, _attached_twice),
    Question("deleting a gateway that is attached", "DependencyViolation 400", _CODES, _attached_gateway),
    Question("the same route twice", "RouteAlreadyExists 400", _CREATE, _same_route),
    Question("the same association twice", "the same", _CREATE, _associated_again),
    Question("another table for the same subnet", "Resource.AlreadyAssociated 400", _CREATE, _associated_elsewhere),
    Question("CreateRouteTable with the same token", "the same", "ocpprov/kinds/ec2/route_table.py", _table_token),
    Question(
        "a token with other parameters",
        "IdempotentParameterMismatch 400",
        _CODES,
        _token_for_something_else,
    ),
    Question("CreateNetworkAcl with the same token", "the same", "ocpprov/kinds/ec2/network_acl.py", _acl_token),
    Question(
        "the state of an endpoint, as it is spelled", "available", "ocpprov/kinds/ec2/vpc_endpoint.py", _endpoint_state
    ),
    Question("a second gateway endpoint for one table", "RouteAlreadyExists 400", _CREATE, _second_endpoint),
    Question("deleting a network with a subnet", "DependencyViolation 400", _CODES, _network_in_use),
    Question("deleting a main route table", "DependencyViolation 400", _CODES, _main_table),
    Question("deleting a group that another one names", "DependencyViolation 400", _CODES, _groups_in_a_circle),
    Question(
        "a NAT gateway without an internet gateway",
        "failed Gateway.NotAttached",
        "ocpprov/kinds/ec2/nat_gateway.py",
        _nat_without_gateway,
    ),
    Question("how long a new network isn't seen by its id", "", "ocpprov/reconcile/unknown_outcome.py", _unseen_by_id),
    Question(
        "how long a new network isn't seen by its tag", "", "ocpprov/reconcile/unknown_outcome.py", _unseen_by_tag
    ),
    Question("51 tags on one thing", "TagLimitExceeded 400", "ocpprov/engine/tag_limits.py", _tags(51)),
    Question("a tag of AWS's own prefix", "InvalidParameterValue 400", "ocpprov/plan/top_level.py", _tags(1, "aws:")),
    Question("a dry run", "DryRunOperation 412", "ocpprov/sandbox/middleware/dry_run.py", _dry_run),
    Question(
        "a network that isn't there",
        "InvalidVpcID.NotFound 400",
        _CODES,
        _unknown("describe_vpcs", VpcIds=[f"vpc-{_UNKNOWN}"]),
    ),
    Question(
        "a NAT gateway that isn't there",
        "NatGatewayNotFound 400",
        _CODES,
        _unknown("describe_nat_gateways", NatGatewayIds=[f"nat-{_UNKNOWN}"]),
    ),
    Question(
        "deleting a NAT gateway that isn't there",
        "NatGatewayNotFound 400",
        _CODES,
        _unknown("delete_nat_gateway", NatGatewayId=f"nat-{_UNKNOWN}"),
    ),
    Question(
        "releasing an address that isn't there",
        "InvalidAllocationID.NotFound 400",
        _CODES,
        _unknown("release_address", AllocationId=f"eipalloc-{_UNKNOWN}"),
    ),
    Question(
        "deleting a group that isn't there",
        "InvalidGroup.NotFound 400",
        _CODES,
        _unknown("delete_security_group", GroupId=f"sg-{_UNKNOWN}"),
    ),
    Question(
        "an association that isn't there",
        "InvalidAssociationID.NotFound 400",
        _CODES,
        _unknown("disassociate_route_table", AssociationId=f"rtbassoc-{_UNKNOWN}"),
    ),
    Question(
        "a trust policy with a principal that isn't there", "MalformedPolicyDocument 400", _CODES, _policy_principal
    ),
)

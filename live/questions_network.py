"""Questions about a network and what lies in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from live.clients import code
from live.lab import Lab
from live.questions import Question, Topic
from live.questions_groups import twice

_CODES: Final = "ocpprov/aws/error_codes.py"
_CREATE: Final = "ocpprov/reconcile/create.py"


def _same_block(lab: Lab) -> str:
    _ = lab.subnet
    return code(lambda: lab.new_subnet("10.99.0.0/24"))


def _attached_twice(lab: Lab) -> str:
    return code(lambda: lab.ec2.attach_internet_gateway(InternetGatewayId=lab.gateway, VpcId=lab.vpc))


def _attached_gateway(lab: Lab) -> str:
    return code(lambda: lab.ec2.delete_internet_gateway(InternetGatewayId=lab.gateway))


def _same_route(lab: Lab) -> str:
    return twice(
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
        Question("51 tags on one thing", "TagLimitExceeded 400", "ocpprov/engine/tag_limits.py", _tags(51)),
        Question(
            "a tag of AWS's own prefix", "InvalidParameterValue 400", "ocpprov/plan/top_level.py", _tags(1, "aws:")
        ),
    ),
    "1 network, 1 gateway endpoint (nothing is billed)",
)

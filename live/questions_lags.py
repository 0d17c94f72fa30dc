"""Questions about how soon AWS shows and lets use what it has made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from live.clients import code
from live.lab import Lab
from live.questions import Measured, Question, Topic

_UNKNOWN_OUTCOME: Final = "ocpprov/reconcile/unknown_outcome.py"
_CODES: Final = "ocpprov/aws/error_codes.py"
_WATCHED: Final = 60.0
"""Seconds for which a filter is watched."""


def accepted_after(lab: Lab, call: Callable[[], Any]) -> Measured:
    """What AWS says at first, and after how many seconds it takes the call."""
    first = code(call)
    if first == "ok":
        return Measured("ok", 0.0)
    return Measured(first, lab.took(lambda: code(call) == "ok"))


def _unseen_by_id(lab: Lab) -> Measured:
    made = lab.unseen_vpc("10.99.0.0/16", {})
    return Measured("", lab.took(lambda: code(lambda: lab.ec2.describe_vpcs(VpcIds=[made])) == "ok"))


def _unseen_by_tag(lab: Lab) -> Measured:
    lab.unseen_vpc("10.99.0.0/16", {"lag": lab.run})
    return Measured("", lab.took(lambda: bool(lab.listed("describe_vpcs", "Vpcs", **{"tag:lag": lab.run}))))


def _flapping(lab: Lab) -> str:
    """How often a filter has not shown what it had shown before."""
    made = lab.new_subnet("10.99.0.0/24")
    filters = {"vpc-id": {"vpc_id": lab.vpc}, "tag": {"tag:Name": lab.name}}
    seen = dict.fromkeys(filters, False)
    lost = dict.fromkeys(filters, 0)
    end = lab.clock.monotonic() + _WATCHED
    while lab.clock.monotonic() < end:
        for name, wanted in filters.items():
            found = [each["SubnetId"] for each in lab.listed("describe_subnets", "Subnets", **wanted)]
            lost[name] += seen[name] and made not in found
            seen[name] = seen[name] or made in found
        lab.clock.sleep(1.0)
    return ", ".join(f"{name}: lost {count} times" for name, count in lost.items())


def _subnet_in_a_new_block(lab: Lab) -> Measured:
    lab.ec2.associate_vpc_cidr_block(VpcId=lab.vpc, CidrBlock="100.64.0.0/16")
    return accepted_after(lab, lambda: lab.new_subnet("100.64.0.0/24"))


def _route_to_a_new_gateway(lab: Lab) -> Measured:
    table = lab.table
    return accepted_after(
        lab,
        lambda: lab.ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=lab.gateway),
    )


def _private_names_at_once(lab: Lab) -> Measured:
    """A new VPC has EnableDnsSupport and not EnableDnsHostnames."""
    subnet, group = lab.subnet, lab.group
    lab.ec2.modify_vpc_attribute(VpcId=lab.vpc, EnableDnsHostnames={"Value": True})

    def make() -> None:
        lab.ec2.create_vpc_endpoint(
            VpcId=lab.vpc,
            ServiceName=f"com.amazonaws.{lab.region}.ec2",
            VpcEndpointType="Interface",
            PrivateDnsEnabled=True,
            SubnetIds=[subnet],
            SecurityGroupIds=[group],
            TagSpecifications=lab.tags("vpc-endpoint"),
        )

    return accepted_after(lab, make)


def _interface_of_an_endpoint(lab: Lab) -> Measured:
    """How long after DeleteVpcEndpoints the group of its interfaces can't be deleted."""

    def available() -> list[str]:
        found = lab.listed("describe_vpc_endpoints", "VpcEndpoints", vpc_id=lab.vpc)
        return [each["VpcEndpointId"] for each in found if each["State"].lower() == "available"]

    if not lab.until(lambda: bool(available())):
        raise LookupError("no endpoint is available")
    ids = available()
    lab.ec2.delete_vpc_endpoints(VpcEndpointIds=ids)
    said = code(lambda: lab.ec2.delete_security_group(GroupId=lab.group))
    gone = lab.took(lambda: code(lambda: lab.ec2.delete_security_group(GroupId=lab.group)) != said)
    return Measured(said, 0.0 if said == "ok" else gone)


def _peering_twice(lab: Lab) -> str:
    other = lab.new_vpc("10.98.0.0/16")

    def make() -> str:
        made = lab.ec2.create_vpc_peering_connection(
            VpcId=lab.vpc, PeerVpcId=other, TagSpecifications=lab.tags("vpc-peering-connection")
        )
        return str(made["VpcPeeringConnection"]["VpcPeeringConnectionId"])

    first = make()
    answers: list[str] = []
    said = code(lambda: answers.append(make()))
    if not answers:
        return said
    return "the same" if answers == [first] else "another one"


_NOT_VISIBLE: Final = "a code that isn't read as 'not visible yet' ends apply: it gets a row, and the sandbox a delay"

BY_ID: Final = Topic(
    "how soon a network is seen by its id",
    (Question("how long a new network isn't seen by its id", "", _UNKNOWN_OUTCOME, _unseen_by_id),),
    "1 network",
)
BY_TAG: Final = Topic(
    "how soon a network is seen by its tag",
    (
        Question("how long a new network isn't seen by its tag", "", _UNKNOWN_OUTCOME, _unseen_by_tag),
        Question(
            "whether a filter shows a new subnet, and then not",
            "vpc-id: lost 0 times, tag: lost 0 times",
            _UNKNOWN_OUTCOME,
            _flapping,
            "lost once or more: one look that finds nothing doesn't prove that a lost create didn't happen",
        ),
    ),
    "2 networks",
)
BLOCKS: Final = Topic(
    "a second block of a network",
    (
        Question(
            "a subnet in a block that was just associated",
            "ok, 0 s",
            _CODES,
            _subnet_in_a_new_block,
            "a code and seconds: the kind of VPCCidrBlock is waited for until it is associated; " + _NOT_VISIBLE,
        ),
    ),
    "1 network",
)
ROUTES: Final = Topic(
    "a gateway that was just attached",
    (
        Question(
            "a route to a gateway that was just attached", "ok, 0 s", _CODES, _route_to_a_new_gateway, _NOT_VISIBLE
        ),
    ),
    "1 network",
)
ENDPOINTS: Final = Topic(
    "an interface endpoint",
    (
        Question(
            "private names right after ModifyVpcAttribute", "ok, 0 s", _CODES, _private_names_at_once, _NOT_VISIBLE
        ),
        Question(
            "how long a deleted endpoint's interface keeps its group",
            "",
            "ocpprov/sandbox/delays.py",
            _interface_of_an_endpoint,
            "more than the deadline of a group's deletion: destroy gives up too early",
        ),
    ),
    "1 network, 1 interface endpoint in one zone",
)
PEERING: Final = Topic(
    "a peering",
    (
        Question(
            "CreateVpcPeeringConnection twice",
            "the same",
            "ocpprov/kinds/ec2/vpc_peering_connection.py",
            _peering_twice,
            "another one: a create whose answer was lost makes a second one, so the first has to be looked for",
        ),
    ),
    "2 networks",
)

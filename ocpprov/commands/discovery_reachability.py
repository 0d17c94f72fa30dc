"""What AWS has of a VPC as far as traffic in it goes, in as few calls as there are lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from ocpprov.aws.errors import AwsError
from ocpprov.aws.reads import Reader
from ocpprov.kinds.contract import Read, read
from ocpprov.reachability.from_answers import Answers, network_of
from ocpprov.reachability.network import Network

_LISTS: Final = {
    "describe_vpcs": "Vpcs",
    "describe_subnets": "Subnets",
    "describe_route_tables": "RouteTables",
    "describe_network_acls": "NetworkAcls",
    "describe_security_groups": "SecurityGroups",
    "describe_nat_gateways": "NatGateways",
}
_NAT_FILTER: Final = "describe_nat_gateways"
"""Its parameter is called Filter, those of all others Filters."""


class Unreadable(Exception):
    """A part of the network can't be read: which, and what AWS said."""


def read_network(vpc_id: str, reader: Reader) -> Network:
    """The VPC's network, with the prefix lists that its routes and rules name. Raises Unreadable."""
    first = {operation: _of_vpc(operation, vpc_id) for operation in _LISTS}
    found = _answered(first, reader)
    groups = [group["GroupId"] for group in found["describe_security_groups"]]
    second = {f"rules {index}": ask for index, ask in enumerate(_rules_of(groups))}
    second["lists"] = read("ec2", "describe_prefix_lists")
    more = _answered(second, reader)
    vpcs = found["describe_vpcs"]
    if not vpcs:
        raise Unreadable(f"there is no VPC {vpc_id}")
    return network_of(
        Answers(
            vpcs[0],
            found["describe_subnets"],
            found["describe_route_tables"],
            found["describe_network_acls"],
            found["describe_security_groups"],
            [rule for name, rules in more.items() if name != "lists" for rule in rules],
            [gateway for gateway in found["describe_nat_gateways"] if gateway["State"] != "deleted"],
            {each["PrefixListId"]: each.get("Cidrs", ()) for each in more["lists"]},
        )
    )


def _of_vpc(operation: str, vpc_id: str) -> Read:
    filters = [{"Name": "vpc-id", "Values": [vpc_id]}]
    return read("ec2", operation, **{"Filter" if operation == _NAT_FILTER else "Filters": filters})


_MOST_VALUES: Final = 200
"""Of one filter (EC2 API Reference, "Filters")."""


def _rules_of(groups: Sequence[str]) -> Iterator[Read]:
    for start in range(0, len(groups), _MOST_VALUES):
        values = groups[start : start + _MOST_VALUES]
        yield read("ec2", "describe_security_group_rules", Filters=[{"Name": "group-id", "Values": values}])


def _answered(asks: Mapping[str, Read], reader: Reader) -> dict[str, list[Mapping[str, Any]]]:
    """The items of each list. Raises Unreadable."""
    answers = reader.attempt(list(asks.values()))
    found: dict[str, list[Mapping[str, Any]]] = {}
    for name, ask in asks.items():
        answer = answers[ask]
        if isinstance(answer, AwsError):
            raise Unreadable(str(answer))
        member = _LISTS.get(ask.operation) or _MORE_LISTS[ask.operation]
        found[name] = [item for page in answer for item in page.get(member, ())]
    return found


_MORE_LISTS: Final = {"describe_security_group_rules": "SecurityGroupRules", "describe_prefix_lists": "PrefixLists"}

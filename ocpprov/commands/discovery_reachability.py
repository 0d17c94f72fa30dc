"""What AWS has of a VPC as far as traffic in it goes, in as few calls as there are lists."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final

from ocpprov.aws.errors import AwsError
from ocpprov.aws.reads import Reader, told
from ocpprov.checks.unread import why_closed
from ocpprov.commands.not_understood import NOT_UNDERSTOOD
from ocpprov.engine.problem import Problem
from ocpprov.kinds.reads import Read, read
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
    """The VPC or its subnets can't be read, or an answer can't be understood: what AWS said, and what helps."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.problem = problem


@contextmanager
def understood(what: str) -> Iterator[None]:
    """That what a judgement can't make sense of is Unreadable. `what` names that, in words."""
    try:
        yield
    except AwsError as error:
        raise Unreadable(why_closed(error)) from error
    except NOT_UNDERSTOOD as error:
        raise Unreadable(Problem("", f"{what} can't be understood ({told(error)})", _AGAIN)) from error


Items = Sequence[Mapping[str, Any]]


def read_network(vpc_id: str, reader: Reader) -> Network:
    """The VPC's network, with the prefix lists of AWS's services and those that routes and rules name. What can't be
    read of it is left out, so that nobody takes it for known. Raises Unreadable."""
    first = {operation: _of_vpc(operation, vpc_id) for operation in _LISTS}
    first["describe_prefix_lists"] = read("ec2", "describe_prefix_lists")
    found = _answered(first, reader)
    try:
        return _network(vpc_id, found, reader)
    except (AwsError, *NOT_UNDERSTOOD) as error:
        # An answer may lack what AWS's model doesn't promise: then nobody knows the network.
        why = error if isinstance(error, AwsError) else told(error)
        raise Unreadable(Problem("", f"an answer of AWS about {vpc_id} can't be understood: {why}", _AGAIN)) from error


def _network(vpc_id: str, found: Mapping[str, Items | AwsError], reader: Reader) -> Network:
    vpcs, subnets = _needed(found["describe_vpcs"]), _needed(found["describe_subnets"])
    if not vpcs:
        raise Unreadable(Problem("", f"there is no VPC {vpc_id}", _AGAIN))
    groups, rules = _groups(found["describe_security_groups"], reader)
    found = {**found, _RULES: rules}
    tables = _known(found["describe_route_tables"])
    lists = {each["PrefixListId"]: each.get("Cidrs", ()) for each in _known(found["describe_prefix_lists"])}
    own = _own_lists(_named_lists(tables, _known(rules)) - set(lists), reader)
    network = network_of(
        Answers(
            vpcs[0],
            subnets,
            tables,
            _known(found["describe_network_acls"]),
            groups,
            _known(rules),
            [each for each in _known(found["describe_nat_gateways"]) if each["State"] != "deleted"],
            {**lists, **{id: blocks for id, blocks in own.items() if not isinstance(blocks, AwsError)}},
        )
    )
    return replace(network, closed={**_closed(own), **_closed({_NAMES[each]: found[each] for each in found})})


def _closed(answers: Mapping[str, object]) -> dict[str, Problem]:
    """Why some of it can't be read, by the same names; a name may stand for several, with a comma."""
    errors = {name: answer for name, answer in answers.items() if isinstance(answer, AwsError)}
    return {each: why_closed(error) for names, error in errors.items() for each in names.split(",")}


def _of_vpc(operation: str, vpc_id: str) -> Read:
    filters = [{"Name": "vpc-id", "Values": [vpc_id]}]
    return read("ec2", operation, **{"Filter" if operation == _NAT_FILTER else "Filters": filters})


_MOST_VALUES: Final = 200
"""Of one filter (EC2 API Reference, "Filters")."""


def _groups(groups: Items | AwsError, reader: Reader) -> tuple[Items, Items | AwsError]:
    """The groups and their rules: a group whose rules can't be read isn't known."""
    if isinstance(groups, AwsError):
        return (), groups
    ids = sorted(group["GroupId"] for group in groups)
    parts = [ids[start : start + _MOST_VALUES] for start in range(0, len(ids), _MOST_VALUES)]
    asks = {
        str(index): read("ec2", _RULES, Filters=[{"Name": "group-id", "Values": part}])
        for index, part in enumerate(parts)
    }
    answers = list(_answered(asks, reader).values())
    if errors := [answer for answer in answers if isinstance(answer, AwsError)]:
        return (), errors[0]
    return groups, [rule for answer in answers for rule in _known(answer)]


def _named_lists(tables: Items, rules: Items) -> set[str]:
    """The prefix lists of routes and rules."""
    routes = (route for table in tables for route in table.get("Routes", ()))
    ids = {*(route.get("DestinationPrefixListId") for route in routes), *(rule.get("PrefixListId") for rule in rules)}
    return {id for id in ids if id}


def _own_lists(ids: Collection[str], reader: Reader) -> dict[str, list[str] | AwsError]:
    """The blocks of prefix lists that aren't AWS's, or why they may not be read: their owners' may keep them closed."""
    answers = _answered({id: read("ec2", _ENTRIES, PrefixListId=id) for id in sorted(ids)}, reader)
    return {
        id: answer if isinstance(answer, AwsError) else [entry["Cidr"] for entry in answer]
        for id, answer in answers.items()
    }


def _needed(items: Items | AwsError) -> Items:
    if isinstance(items, AwsError):
        raise Unreadable(why_closed(items))
    return items


def _known(items: Items | AwsError) -> Items:
    return () if isinstance(items, AwsError) else items


def _answered(asks: Mapping[str, Read], reader: Reader) -> dict[str, Items | AwsError]:
    """The items of each list, or why AWS doesn't tell."""
    answers = reader.attempt(list(asks.values()))
    return {name: _items(ask.operation, answers[ask]) for name, ask in asks.items()}


def _items(operation: str, answer: Sequence[Mapping[str, Any]] | AwsError) -> Items | AwsError:
    if isinstance(answer, AwsError):
        return answer
    return [item for page in answer for item in page.get(_MEMBERS[operation], ())]


_AGAIN: Final = "run the same command again"
_RULES: Final = "describe_security_group_rules"
_ENTRIES: Final = "get_managed_prefix_list_entries"
_MEMBERS: Final = {
    **_LISTS,
    _RULES: "SecurityGroupRules",
    _ENTRIES: "Entries",
    "describe_prefix_lists": "PrefixLists",
}
_NAMES: Final = {
    "describe_vpcs": "vpc-",
    "describe_subnets": "subnet",
    "describe_route_tables": "rtb-,route table of",
    "describe_network_acls": "acl-,network ACL of",
    "describe_security_groups": "sg-,security groups of",
    _RULES: "sg-,security groups of",
    "describe_nat_gateways": "nat-",
    "describe_prefix_lists": "pl-,prefix list of",
}
"""How what is missing is called where a list can't be read."""

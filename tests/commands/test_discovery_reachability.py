"""A VPC's network, read with what may be read of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, cast

import pytest

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError, AwsMessage
from ocpprov.aws.reads import Answer, Reader
from ocpprov.checks.unread import PERMISSION
from ocpprov.commands.discovery_reachability import Unreadable, read_network, understood
from ocpprov.engine.problem import Problem
from ocpprov.kinds.reads import Read
from ocpprov.reachability.network import Network
from ocpprov.reachability.spans import addresses
from ocpprov.reachability.verdict import Unread, Verdict, explained
from tests.reachability.test_from_answers import ACLS, GATEWAYS, RULES, SUBNETS, TABLES, VPC

DENIED: Final = AwsError(ErrorClass.DENIED, AwsMessage("UnauthorizedOperation", "no", "r-1", "DescribeX"))
Lists = dict[str, Any]
LISTS: Final[Mapping[str, tuple[str, Sequence[Any]]]] = {
    "describe_vpcs": ("Vpcs", [VPC]),
    "describe_subnets": ("Subnets", SUBNETS),
    "describe_route_tables": ("RouteTables", TABLES),
    "describe_network_acls": ("NetworkAcls", ACLS),
    "describe_security_groups": ("SecurityGroups", [{"GroupId": "sg-1"}, {"GroupId": "sg-2"}]),
    "describe_security_group_rules": ("SecurityGroupRules", RULES),
    "describe_nat_gateways": ("NatGateways", [*GATEWAYS, {"NatGatewayId": "nat-9", "State": "deleted"}]),
    "describe_prefix_lists": ("PrefixLists", [{"PrefixListId": "pl-0", "Cidrs": ["52.218.0.0/17"]}]),
    "get_managed_prefix_list_entries": ("Entries", [{"Cidr": "192.168.0.0/16"}, {"Cidr": "2001:db8::/32"}]),
}


class Answering:
    """A reader of an AWS that has one network; `closed` are the lists that it doesn't give."""

    def __init__(self, closed: Sequence[str] = (), change: Callable[[str, Any], Any] = lambda _, items: items) -> None:
        self.closed = closed
        self.change = change
        self.asked: list[str] = []

    def attempt(self, wanted: Sequence[Read]) -> dict[Read, Any]:
        return {one: self._answer(one.operation) for one in wanted}

    def _answer(self, operation: str) -> Any:
        self.asked.append(operation)
        member, items = LISTS[operation]
        return (
            DENIED if operation in self.closed else [Answer({member: self.change(operation, items)}, operation, "r-2")]
        )


def network(answering: Answering) -> Network:
    return read_network("vpc-1", cast("Reader", answering))


def test_each_list_is_read_once() -> None:
    answering = Answering()
    found = network(answering)
    assert sorted(answering.asked) == sorted(LISTS)
    assert (found.vpc_id, set(found.security_groups), set(found.nat_gateways)) == (
        "vpc-1",
        {"sg-1", "sg-2"},
        {"nat-1", "nat-2", "nat-3"},
    )
    assert found.prefix_lists == {
        "pl-0": (addresses("52.218.0.0/17"),),
        "pl-1": (addresses("192.168.0.0/16"),),
    }


@pytest.mark.parametrize("operation", ["describe_vpcs", "describe_subnets"])
def test_without_vpc_or_subnets_nothing_is_known(operation: str) -> None:
    with pytest.raises(Unreadable, match="UnauthorizedOperation"):
        network(Answering([operation]))


def test_a_vpc_that_is_not_there_is_said() -> None:
    with pytest.raises(Unreadable, match="there is no VPC vpc-1"):
        network(Answering(change=lambda operation, items: [] if operation == "describe_vpcs" else items))


@pytest.mark.parametrize(
    ("operation", "left"),
    [
        ("describe_route_tables", "route_tables"),
        ("describe_network_acls", "network_acls"),
        ("describe_security_groups", "security_groups"),
        ("describe_security_group_rules", "security_groups"),
        ("describe_nat_gateways", "nat_gateways"),
    ],
)
def test_what_may_not_be_read_is_left_out_so_that_nobody_takes_it_for_known(operation: str, left: str) -> None:
    found, whole = network(Answering([operation])), network(Answering())
    names = ("route_tables", "network_acls", "security_groups", "nat_gateways", "prefix_lists")
    assert {name for name in names if not getattr(found, name)} == {left}
    assert {name for name in names if not getattr(whole, name)} == set()


@pytest.mark.parametrize(
    ("closed", "known"), [("describe_prefix_lists", {"pl-1"}), ("get_managed_prefix_list_entries", {"pl-0"})]
)
def test_prefix_lists_of_aws_and_of_others_are_closed_on_their_own(closed: str, known: set[str]) -> None:
    assert set(network(Answering([closed])).prefix_lists) == known


def members(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where there are members, in all depths."""
    if isinstance(value, Mapping):
        return [here for key, each in value.items() for here in ((*path, key), *members(each, (*path, key)))]
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [here for index, each in enumerate(value) for here in members(each, (*path, index))]
    return []


def without(value: Any, path: tuple[Any, ...]) -> Any:
    """The same without one member."""
    first, rest = path[0], path[1:]
    if isinstance(value, Mapping):
        return {
            key: without(each, rest) if key == first else each for key, each in value.items() if rest or key != first
        }
    return [without(each, rest) if index == first else each for index, each in enumerate(value)]


def told(answering: Answering) -> str:
    """Why the network isn't known; empty where it is."""
    try:
        network(answering)
    except Unreadable as error:
        return str(error)
    return ""


@pytest.mark.parametrize("operation", LISTS)
def test_an_answer_that_lacks_a_member_ends_in_no_traceback(operation: str) -> None:
    paths = members(LISTS[operation][1])
    assert paths

    def thinned(path: tuple[Any, ...]) -> Callable[[str, Any], Any]:
        return lambda name, items: without(items, path) if name == operation else items

    said = [told(Answering(change=thinned(path))) for path in paths]
    assert all(text == "" or "can't be understood" in text for text in said), said


@pytest.mark.parametrize(
    ("operation", "missing"),
    [
        ("describe_route_tables", "route table of subnet-1"),
        ("describe_network_acls", "network ACL of subnet-1"),
        ("describe_security_groups", "sg-1"),
        ("describe_security_group_rules", "sg-1"),
        ("describe_nat_gateways", "nat-1"),
        ("describe_prefix_lists", "pl-0"),
    ],
)
def test_why_something_is_missing_is_known_by_how_it_is_called(operation: str, missing: str) -> None:
    found = network(Answering([operation]))
    verdict = explained(Verdict(unread=(Unread(missing), Unread("vpce-1"))), found.closed)
    why = Problem("", "DescribeX: UnauthorizedOperation: no (request r-1)", PERMISSION)
    assert verdict.unread == (Unread(missing, why=why), Unread("vpce-1"))


def test_of_a_list_that_its_owner_keeps_closed_it_is_known_by_its_id() -> None:
    found = network(Answering(["get_managed_prefix_list_entries"]))
    assert len(found.closed) > 0
    assert all(name.startswith("pl-") for name in found.closed)


def test_where_everything_may_be_read_nothing_is_closed() -> None:
    found = network(Answering())
    assert found.closed == {}
    undecided = Verdict(unread=(Unread("acl-1", "a condition"),))
    assert explained(undecided, {"acl-": Problem("", "denied")}) == undecided


def test_what_cannot_be_read_at_all_says_why_and_what_helps() -> None:
    with pytest.raises(Unreadable) as caught:
        network(Answering(["describe_subnets"]))
    assert caught.value.problem == Problem("", "DescribeX: UnauthorizedOperation: no (request r-1)", PERMISSION)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (KeyError("DNSName"), "a network can't be understood (KeyError: 'DNSName')"),
        (AttributeError(), "a network can't be understood (AttributeError)"),
        (IndexError(), "a network can't be understood (IndexError)"),
        (DENIED, "DescribeX: UnauthorizedOperation: no (request r-1)"),
    ],
)
def test_what_ends_a_judgement_leaves_something_unreadable(error: Exception, said: str) -> None:
    with pytest.raises(Unreadable) as caught, understood("a network"):
        raise error
    assert str(caught.value) == said


def test_what_is_wrong_here_is_no_answer_of_aws() -> None:
    with pytest.raises(AssertionError), understood("a network"):
        raise AssertionError

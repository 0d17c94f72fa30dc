"""Which subnets are a cluster's, and which are public."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ocpprov.openshift.found_subnets import FoundSubnets, found_subnets
from ocpprov.openshift.vpc_survey import VpcSurvey
from ocpprov.reachability.network import NatGateway, Route, Via
from tests.openshift.surveys import EVERYWHERE, INFRA, PRIVATE, PUBLIC, network, survey, surveyed, untagged, with_route


def found(known: VpcSurvey, internal: Any = (), external: Any = ()) -> FoundSubnets:
    return found_subnets(known, [INFRA], internal, external)


def test_tags_say_which_are_the_clusters_and_their_side() -> None:
    assert found(survey()) == FoundSubnets([*PUBLIC], [*PRIVATE], [])


def test_a_subnet_without_the_tag_is_the_clusters_where_its_balancer_stands_in_it() -> None:
    subnets = {**survey().subnets, "subnet-private-b": surveyed("subnet-private-b", tags={})}
    known = survey(subnets=subnets)
    assert found(known).private == ["subnet-private-a"]
    assert found(known, internal=PRIVATE).private == [*PRIVATE]


def test_without_any_tag_all_are_but_those_of_others_and_what_is_to_be_left_alone() -> None:
    tags = {"kubernetes.io/cluster/other-abcde": "shared"}
    left = {"kubernetes.io/cluster/unmanaged": "true"}
    subnets = {
        **untagged(),
        "subnet-private-b": surveyed("subnet-private-b", tags=tags),
        "subnet-public-b": surveyed("subnet-public-b", tags=left),
    }
    assert found(survey(subnets=subnets)) == FoundSubnets(["subnet-public-a"], ["subnet-private-a"], [])


def test_one_in_an_edge_zone_is_neither() -> None:
    subnets = {**survey().subnets, "subnet-private-b": surveyed("subnet-private-b", zone_type="local-zone")}
    assert found(survey(subnets=subnets)) == FoundSubnets([*PUBLIC], ["subnet-private-a"], ["subnet-private-b"])


def test_routes_tell_the_side_where_nothing_else_does() -> None:
    bare = network(nat_gateways={})
    assert found(survey(subnets=untagged(), network=bare)) == FoundSubnets([*PUBLIC], [*PRIVATE], [])


ELSEWHERE = Route("igw-1", Via.INTERNET_GATEWAY, EVERYWHERE)


@pytest.mark.parametrize(
    ("known", "internal", "external", "is_public"),
    [
        pytest.param({}, (), (), False, id="tag"),
        pytest.param({"subnets": untagged()}, (), (), True, id="route"),
        pytest.param({"subnets": untagged()}, PRIVATE, (), False, id="internal balancer"),
        pytest.param({"subnets": untagged()}, PRIVATE, PRIVATE, True, id="both balancers"),
    ],
)
def test_what_a_subnet_was_meant_for_comes_before_its_routes(
    known: dict[str, Any], internal: Any, external: Any, is_public: bool
) -> None:
    spoilt = survey(network=with_route("rtb-private-a", ELSEWHERE), **known)
    assert ("subnet-private-a" in found(spoilt, internal, external).public) is is_public


def test_a_nat_gateway_tells_a_public_subnet_that_lost_its_route_and_none_that_leads_back_to_it() -> None:
    spoilt = survey(subnets=untagged(), network=with_route("rtb-public"))
    assert found(spoilt).public == [*PUBLIC]
    inside = network()
    moved = {**inside.nat_gateways, "nat-a": NatGateway("nat-a", "subnet-private-a")}
    assert found(survey(subnets=untagged(), network=network(nat_gateways=moved))).private == [*PRIVATE]


def test_a_subnet_that_gives_public_addresses_is_public() -> None:
    bare = replace(with_route("rtb-public"), nat_gateways={})
    subnets = {**untagged(), "subnet-public-a": surveyed("subnet-public-a", tags={}, public_addresses=True)}
    assert found(survey(subnets=subnets, network=bare)).public == ["subnet-public-a"]


def test_machines_are_in_the_public_ones_where_there_are_no_others() -> None:
    assert FoundSubnets(["a"], [], []).machines == ["a"]
    assert FoundSubnets(["a"], ["b"], []).machines == ["b"]
    assert FoundSubnets(["a"], ["b"], ["c"]).all == ["a", "b"]

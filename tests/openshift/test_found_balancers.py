"""Which balancers are a cluster's API."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ocpprov.engine.resources import Live
from ocpprov.openshift.found_balancers import (
    external_balancer,
    internal_balancer,
    listener_ports,
    same_host,
    subnets_of,
)
from ocpprov.openshift.vpc_survey import VpcSurvey
from tests.openshift.surveys import EXTERNAL, INFRA, INTERNAL, PRIVATE, balancer, listener, lives, survey

OTHERS = {"kubernetes.io/cluster/other-abcde": "owned"}


def known(*more: Live, listeners: Any = ()) -> VpcSurvey:
    """The cluster's own balancers have names that tell nothing; `more` are beside them."""
    own = [
        replace(balancer("int", "internal", PRIVATE, Name="a"), tags={}),
        replace(balancer("ext", "internet-facing", PRIVATE, Name="b"), tags={}),
    ]
    return survey(lives={**lives(), **lives(balancers=[*own, *more], listeners=[*lives_listeners(), *listeners])})


def lives_listeners() -> list[Live]:
    return [listener("int", 6443, "aint"), listener("int", 22623, "sint"), listener("ext", 6443, "aext")]


def test_listeners_tell_the_api() -> None:
    assert internal_balancer(known(), [], "").ids == [INTERNAL]
    assert external_balancer(known(), [], "").ids == [EXTERNAL]


def test_two_of_the_same_sort_are_told_apart_by_the_record_and_else_not() -> None:
    second = balancer("two", "internal", PRIVATE, Name="c")
    both = known(second, listeners=[listener("two", 6443, "x"), listener("two", 22623, "y")])
    assert internal_balancer(both, [], "").ids == [INTERNAL, f"arn:lb/{INFRA}-two"]
    assert internal_balancer(both, [], "two.elb.eu-west-1.amazonaws.com").ids == [f"arn:lb/{INFRA}-two"]
    assert internal_balancer(both, [], "dualstack.INT.elb.eu-west-1.amazonaws.com.").ids == [INTERNAL]


def test_a_record_that_leads_astray_does_not_make_a_stranger_the_api() -> None:
    astray = known(balancer("two", "internal", PRIVATE, Name="c"))
    assert internal_balancer(astray, [], "two.elb.eu-west-1.amazonaws.com").ids == [INTERNAL, f"arn:lb/{INFRA}-two"]
    named = survey(lives=lives(balancers=[*lives()["AWS::ElasticLoadBalancingV2::LoadBalancer"], astray_one()]))
    assert internal_balancer(named, [INFRA], "two.elb.eu-west-1.amazonaws.com").ids == [INTERNAL]


def astray_one() -> Live:
    return balancer("two", "internal", PRIVATE, Name="c")


@pytest.mark.parametrize(
    "stranger",
    [
        pytest.param(replace(balancer("two", "internal", PRIVATE), tags=OTHERS), id="another cluster's"),
        pytest.param(
            replace(balancer("two", "internal", PRIVATE), tags={"kubernetes.io/service-name": "a/b"}), id="a service's"
        ),
        pytest.param(balancer("two", "internal", PRIVATE, Type="application"), id="of HTTP"),
        pytest.param(balancer("two", "internet-facing", PRIVATE), id="internet-facing"),
    ],
)
def test_these_are_not_the_clusters_internal_balancer(stranger: Live) -> None:
    beside = known(stranger, listeners=[listener("two", 6443, "x"), listener("two", 22623, "y")])
    assert internal_balancer(beside, [], "two.elb.eu-west-1.amazonaws.com").ids == [INTERNAL]


def test_the_clusters_own_tag_tips_the_scales() -> None:
    tagged = replace(balancer("two", "internal", PRIVATE, Name="c"), tags={f"kubernetes.io/cluster/{INFRA}": "owned"})
    both = known(tagged, listeners=[listener("two", 6443, "x"), listener("two", 22623, "y")])
    assert internal_balancer(both, [INFRA], "").ids == [f"arn:lb/{INFRA}-two"]


def test_one_that_nothing_speaks_for_is_none() -> None:
    bare = survey(lives=lives(balancers=[balancer("int", "internal", PRIVATE, Name="a")], listeners=[]))
    assert internal_balancer(bare, [], "").ids == []


def test_ports_and_subnets_are_those_of_the_balancer() -> None:
    assert listener_ports(survey(), INTERNAL) == {6443, 22623}
    assert subnets_of(survey(), [INTERNAL]) == [*PRIVATE]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("a.elb.eu-west-1.amazonaws.com", "a.elb.eu-west-1.amazonaws.com", True),
        ("DualStack.a.elb.eu-west-1.amazonaws.com.", "A.elb.eu-west-1.amazonaws.com", True),
        ("a.elb.eu-west-1.amazonaws.com", "b.elb.eu-west-1.amazonaws.com", False),
        ("a.elb.eu-west-1.amazonaws.com", None, False),
    ],
)
def test_a_balancers_names(one: str, other: object, same: bool) -> None:
    assert same_host(one, other) is same

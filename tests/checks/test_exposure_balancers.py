"""Listeners that no requirement needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pytest

from ocpprov.checks.exposure import Belongings, Exposure, Exposures
from ocpprov.checks.exposure_balancers import BALANCER, CLASSIC, LISTENER, exposed_balancers
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.resources import Live, Position, Resource, State

EXTERNAL: Final = Live(BALANCER, "arn-ext", {"Scheme": "internet-facing"})
INTERNAL: Final = Live(BALANCER, "arn-int", {"Scheme": "internal"})
WHOSE: Final = Belongings(
    "eu-west-1",
    "123456789012",
    "ocpprov apply",
    {
        (BALANCER, "arn-ext"): "ExtApiElb",
        (BALANCER, "arn-int"): "IntApiElb",
        (LISTENER, "arn-1"): "ExternalApiListener",
        (LISTENER, "arn-2"): "Extra",
        (CLASSIC, "prod-ext"): "ExtApiClassicElb",
    },
    {
        "Extra": Resource("Extra", LISTENER, position=Position("prod.yaml", 7, 1)),
        "ExtApiClassicElb": Resource("ExtApiClassicElb", CLASSIC, {"Listeners": [{"LoadBalancerPort": "6443"}]}),
    },
)


def listener(id: str, balancer: str = "arn-ext", port: int = 22623, state: State = State.READY) -> Live:
    return Live(LISTENER, id, {"LoadBalancerArn": balancer, "Port": port, "Protocol": "TCP"}, state=state)


def found(*listeners: Live) -> Sequence[Exposure]:
    return exposed_balancers(Inventory({BALANCER: [EXTERNAL, INTERNAL], LISTENER: listeners}), WHOSE).open


def test_a_strangers_listener_is_told_with_what_it_hands_out() -> None:
    assert found(listener("arn-9")) == [
        Exposure(
            "arn-ext",
            "ExtApiElb",
            "a listener on tcp 22623",
            "machine configurations, which have the cluster's secrets, to the internet",
            "",
            "not of this plan: arn-9",
            "aws elbv2 delete-listener --region eu-west-1 --listener-arn arn-9",
        )
    ]


@pytest.mark.parametrize(
    "live",
    [
        listener("arn-1", port=6443),
        listener("arn-9", balancer="arn-others"),
        listener("arn-9", state=State.DELETING),
    ],
)
def test_what_a_requirement_needs_and_what_is_on_other_balancers_isnt_told(live: Live) -> None:
    assert found(live) == []


def test_a_listener_of_the_plans_own_is_told_with_its_line() -> None:
    (told,) = found(listener("arn-2", "arn-int", 8080))
    assert (told.exposed, told.origin) == (
        "what its targets serve there, to everybody who gets to the internal balancer",
        "by the plan (prod.yaml:7:1)",
    )


def test_listeners_of_a_classic_balancer_are_members_of_its_list() -> None:
    ports: list[Any] = [{"LoadBalancerPort": port} for port in ("6443", "22623", "80")]
    live = Live(CLASSIC, "prod-ext", {"Scheme": "internet-facing", "Listeners": ports})
    other = Live(CLASSIC, "others", {"Listeners": ports})
    told = exposed_balancers(Inventory({CLASSIC: [live, other]}), WHOSE)
    assert [(each.component, each.allows, each.origin) for each in told.open] == [
        ("prod-ext", "a listener on tcp 80", "not of this plan: prod-ext:80"),
        ("prod-ext", "a listener on tcp 22623", "not of this plan: prod-ext:22623"),
    ]
    assert told.open[0].remedy == (
        "aws elb delete-load-balancer-listeners --region eu-west-1 --load-balancer-name prod-ext "
        "--load-balancer-ports 80"
    )
    assert exposed_balancers(Inventory({}), WHOSE) == Exposures([])

"""preflight of a plan in a network that somebody made by hand: it names what is wrong in it, and touches nothing."""

from __future__ import annotations

from typing import Final

import pytest

from tests.end_to_end.local import LocalAws, LocalOperator
from tests.end_to_end.preflighting import Checks, preflight
from tests.end_to_end.wrong_networks import REGION, WRONG_NETWORKS, HandMade, right_network, section_of


def checked(user: LocalOperator, network: HandMade) -> Checks:
    return preflight(user, {"name": "prod", "region": REGION, "openshift": section_of(network)})


@pytest.mark.parametrize("closed", [False, True], ids=["open", "closed"])
@pytest.mark.torture
def test_nothing_is_wrong_in_a_right_network(user: LocalOperator, aws: LocalAws, closed: bool) -> None:
    network = right_network(aws.client("ec2"), aws.client("route53"), closed=closed)
    aws.advance(READY)
    assert [check for check in checked(user, network) if check["status"] != "pass"] == []


READY: Final = 600
"""Seconds until NAT gateways and endpoints are available, and what was deleted is gone."""

UNSEEN: Final = (
    "public subnets without a route to the internet",
    "name servers that nobody reaches",
    "an endpoint without private DNS",
    "a service without an endpoint",
)
"""Of which preflight doesn't name the cause yet."""


def marks(name: str) -> list[pytest.MarkDecorator]:
    unseen = [pytest.mark.xfail(strict=True, reason="not judged yet")] if name in UNSEEN else []
    return [pytest.mark.torture, *unseen]


@pytest.mark.parametrize("name", [pytest.param(name, marks=marks(name)) for name in WRONG_NETWORKS])
def test_what_is_wrong_is_named(user: LocalOperator, aws: LocalAws, name: str) -> None:
    wrong = WRONG_NETWORKS[name]
    spoilt = wrong.made(aws.client("ec2"), aws.client("route53"))
    aws.advance(READY)
    before = aws.everything()
    found = checked(user, spoilt.network)
    told = [check["status"] for check in found if all(word in check["detail"] for word in spoilt.words)]
    bad = [check for check in found if check["status"] != "pass"]
    assert ("fail" if wrong.certain else "warn") in told, (spoilt.words, bad)
    assert aws.everything() == before

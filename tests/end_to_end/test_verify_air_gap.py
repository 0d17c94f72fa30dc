"""AIR-GAP of a closed cluster in a network that somebody made by hand: what proves it, and what is missing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.end_to_end.local import LocalAws, LocalOperator
from tests.end_to_end.preflighting import written
from tests.end_to_end.wrong_networks import REGION, WRONG_NETWORKS, HandMade, right_network, section_of

READY = 600


def verified(user: LocalOperator, network: HandMade) -> Mapping[str, Any]:
    """The row, of the applied plan."""
    user.aws.advance(READY)
    file = written(user.folder, {"name": "prod", "region": REGION, "openshift": section_of(network)})
    user.good("apply", str(file), "--yes")
    user.aws.advance(READY)
    ended = user.run("verify", str(file), "--json")
    [row] = [each for each in json.loads(ended.out)["requirements"] if each["id"] == "AIR-GAP"]
    assert ended.code == (0 if row["status"] == "pass" else 1)
    return dict(row)


@pytest.mark.torture
def test_endpoints_of_others_prove_it(user: LocalOperator, aws: LocalAws) -> None:
    network = right_network(aws.client("ec2"), aws.client("route53"), closed=True)
    row = verified(user, network.saying(endpoints=[]))
    assert row["status"] == "pass"
    assert row["evidence"] == sorted(network.endpoints[word] for word in ("s3", "ec2", "elasticloadbalancing"))


@pytest.mark.torture
def test_a_way_out_of_the_networks_own_proves_it(user: LocalOperator, aws: LocalAws) -> None:
    network = right_network(aws.client("ec2"), aws.client("route53"))
    assert verified(user, network.saying(egress="none", endpoints=["s3"]))["status"] == "pass"


@pytest.mark.torture
@pytest.mark.parametrize("name", ["a service without an endpoint", "an endpoint without private DNS"])
def test_what_is_missing_is_named_with_its_remedy(user: LocalOperator, aws: LocalAws, name: str) -> None:
    spoilt = WRONG_NETWORKS[name].made(aws.client("ec2"), aws.client("route53"))
    row = verified(user, spoilt.network)
    assert row["status"] == "fail"
    assert all(word in row["detail"] for word in spoilt.words), row
    assert row["remedy"].startswith(("list elasticloadbalancing in openshift.endpoints", "aws ec2 modify-vpc-endpoint"))

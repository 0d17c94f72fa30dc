"""Ids that a parameter with NoEcho gives are known by their digests."""

from __future__ import annotations

from ocpprov.commands.given_digests import digest, recognised
from ocpprov.engine.memory import Memory
from tests.engine.planning import SUBNET, VPC, inventory, live


def test_what_aws_shows_is_recognised_and_nothing_else() -> None:
    there = inventory(live(VPC, "vpc-1", "", {}), live(SUBNET, "subnet-1", "", {}))
    memory = Memory(given=frozenset({"vpc-0"}))
    digests = frozenset({digest("vpc-1"), digest("vpc-9")})
    assert recognised(memory, digests, there).given == {"vpc-0", "vpc-1"}
    assert recognised(memory, frozenset(), there) is memory


def test_a_digest_is_the_same_for_ever() -> None:
    """Run folders have them."""
    assert digest("vpc-1") == "83a89bf1faf8d908c9f8fe4b5419250256e3de9ec1da49da07d8940afdc361fc"

"""An Elastic IP tells of which pool it is, as AWS's do."""

from __future__ import annotations

from tests.sandbox.world import World


def test_an_address_is_of_the_pool_that_was_asked_for_or_of_amazons(world: World) -> None:
    pools = {
        world.ec2.allocate_address(Domain="vpc", **asked)["AllocationId"]: pool
        for asked, pool in (({"PublicIpv4Pool": "ipv4pool-ec2-0a"}, "ipv4pool-ec2-0a"), ({}, "amazon"))
    }
    found = {each["AllocationId"]: each["PublicIpv4Pool"] for each in world.ec2.describe_addresses()["Addresses"]}
    assert found == pools

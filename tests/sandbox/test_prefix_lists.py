"""The lists of gateway services say which addresses they have, as AWS's do."""

from __future__ import annotations

from tests.sandbox.world import World


def test_the_lists_of_gateway_services_have_addresses(world: World) -> None:
    found = {each["PrefixListName"]: each.get("Cidrs") for each in world.ec2.describe_prefix_lists()["PrefixLists"]}
    with_addresses = {name.rpartition(".")[2]: blocks for name, blocks in found.items() if blocks}
    assert with_addresses == {"s3": ["198.51.100.0/25"], "dynamodb": ["198.51.100.128/25"]}

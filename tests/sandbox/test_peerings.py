"""Peering connections are found by filters, as AWS finds them."""

from __future__ import annotations

from tests.sandbox.world import World


def test_filters_let_through_what_fits_all_of_them(world: World) -> None:
    ours, theirs, third = (world.ec2.create_vpc(CidrBlock=f"10.{n}.0.0/16")["Vpc"]["VpcId"] for n in (1, 2, 3))

    def peering(peer: str, name: str) -> str:
        made = world.ec2.create_vpc_peering_connection(VpcId=ours, PeerVpcId=peer)
        id: str = made["VpcPeeringConnection"]["VpcPeeringConnectionId"]
        world.ec2.create_tags(Resources=[id], Tags=[{"Key": "name", "Value": name}])
        return id

    first, second = peering(theirs, "a"), peering(third, "b")

    def found(**filters: str) -> list[str]:
        wanted = [{"Name": name, "Values": [value]} for name, value in filters.items()]
        answer = world.ec2.describe_vpc_peering_connections(Filters=wanted)
        return [each["VpcPeeringConnectionId"] for each in answer["VpcPeeringConnections"]]

    assert found() == [first, second]
    assert found(**{"tag:name": "a"}) == [first]
    assert found(**{"requester-vpc-info.vpc-id": ours}) == [first, second]
    assert found(**{"accepter-vpc-info.vpc-id": third}) == [second]
    assert found(**{"accepter-vpc-info.vpc-id": third, "tag:name": "a"}) == []
    assert found(**{"tag:other": "a"}) == []

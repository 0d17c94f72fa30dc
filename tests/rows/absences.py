"""What is absent where its switch is off."""

from __future__ import annotations

from collections.abc import Callable

from tests.rows.account import ingress
from tests.rows.clusters import World
from tests.rows.network import ANYWHERE, DOCUMENTED_ACL, entries


def none_of(made: str, type: str, *logical_ids: str) -> Callable[[World], None]:
    """A check that a cluster has nothing of a type, or nothing with these ids."""

    def check(world: World) -> None:
        found = getattr(world, made).ids(type)
        assert set(found).isdisjoint(logical_ids) if logical_ids else found == []

    return check


def no_records(world: World) -> None:
    assert world.off.records() == []
    assert world.not_yet.records() == []


def no_public_records(world: World) -> None:
    assert world.off.records("public") == []


def no_targets(world: World) -> None:
    groups = world.off.all("TargetGroup")
    assert {item["TargetGroupName"] for item in groups} == {"off-c3d4e-aint", "off-c3d4e-sint"}
    assert [item["Targets"] for item in groups] == [[], []]


def no_cluster_tag(world: World) -> None:
    tags = [key for item in world.not_yet.all("Subnet") for key in item["Tags"]]
    assert len(tags) > 0
    assert [key for key in tags if key.startswith("kubernetes.io/cluster/")] == []


def no_route_out(world: World) -> None:
    """`egress: none` on a network of the plan's own: nothing leads out, and nothing is there that could."""
    made = world.closed
    assert made.ids("VPC") == ["VPC"]
    assert made.all("NatGateway") == made.all("EIP") == []
    for table in made.all("RouteTable"):
        assert [row for row in table["Routes"] if row.get("DestinationCidrBlock") == ANYWHERE] == []


def no_public_subnet(world: World) -> None:
    assert world.closed.ids("Subnet") == ["PrivateSubnet"]


def inside_only(world: World) -> None:
    """Nobody outside the VPC reaches the API of an internal cluster, nor its machine configurations."""
    admitted = ingress(world.closed.get("SecurityGroup", "MasterSecurityGroup"))
    assert {block for _, _, _, block in admitted} == {"10.7.0.0/16"}
    assert [item["Scheme"] for item in world.closed.all("LoadBalancer")] == ["internal"]


def no_bucket_or_open_to_all_ways(world: World) -> None:
    """No bucket where none is wanted; only TLS is asked for where it needn't be read through the endpoint alone."""
    assert world.off.all("Bucket") == []
    assert len(world.everything.get("Bucket", "InfraBucket")["Policy"]["Statement"]) == 1


def one_network(world: World) -> None:
    vpc = world.everything.get("VPC", "VPC")
    options = {item["DhcpOptionsId"] for item in world.everything.all("DHCPOptions")}
    assert vpc["DhcpOptionsId"] not in options
    assert [row["CidrBlock"] for row in vpc["CidrBlockAssociationSet"]] == ["10.0.0.0/16"]


def no_apps(world: World) -> None:
    assert [name for name in world.everything.records() if "apps" in name] == []


def no_etcd(world: World) -> None:
    assert [name for name in world.otherwise.records() if "etcd" in name] == []


def only_documented(world: World) -> None:
    """The ACL is absent where the VPC's own is used, and has nothing more than the table where that is asked for."""
    assert world.not_yet.all("NetworkAcl") == []
    assert entries(world.otherwise) == DOCUMENTED_ACL


def no_endpoints(world: World) -> None:
    assert "NoProxy" not in world.outputs_off


def no_ignition(world: World) -> None:
    assert world.otherwise.get("Bucket", "InfraBucket")["Objects"] == []

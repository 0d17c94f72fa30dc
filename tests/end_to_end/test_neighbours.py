"""Neighbours in one network: two plans with a cluster each, a hub that somebody associated with the zone, a gateway to
S3 of others. Each plan goes in turn, and by pictures of the account nothing else does."""

from __future__ import annotations

import json

import pytest

from tests.end_to_end.local import LocalOperator
from tests.end_to_end.plants import owned
from tests.end_to_end.world import REGION
from tests.support.picture import Picture, changed, picture

S3 = f"com.amazonaws.{REGION}.s3"


def _seen(user: LocalOperator) -> Picture:
    return picture(user.aws.client)


def _network(user: LocalOperator) -> tuple[str, list[tuple[str, str]]]:
    """A VPC of others, and two subnets in it with a route table each."""
    ec2 = user.aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    rows = []
    for number in range(2):
        made = ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{16 * number}.0/20", AvailabilityZone=f"{REGION}a")
        subnet = made["Subnet"]["SubnetId"]
        table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
        ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
        rows.append((subnet, table))
    return vpc, rows


def _plan(user: LocalOperator, name: str, vpc: str, subnet: str, table: str) -> str:
    section = {
        "version": "4.12",
        "clusterName": name,
        "baseDomain": "example-corp.net",
        "infraID": f"{name}-x7k2p",
        "publish": "Internal",
        "egress": "none",
        "vpcID": vpc,
        "subnets": [subnet],
        "routeTables": [table],
        "endpoints": ["s3"],
    }
    (user.folder / f"{name}.json").write_text(json.dumps({"name": name, "region": REGION, "openshift": section}))
    return f"{name}.json"


@pytest.mark.torture
@pytest.mark.parametrize("first", ["one", "two"])
@pytest.mark.parametrize("shared", [False, True], ids=["a subnet each", "the same subnet"])
@pytest.mark.parametrize("knows", [True, False], ids=["with its folder", "by its name alone"])
def test_two_plans_and_clusters_in_one_network_go_in_turn(
    user: LocalOperator, first: str, shared: bool, knows: bool
) -> None:
    vpc, rows = _network(user)
    empty = _seen(user)
    subnets = {"one": rows[0], "two": rows[0] if shared else rows[1]}
    plans = {name: _plan(user, name, vpc, *place) for name, place in subnets.items()}
    alone: dict[str, Picture] = {}
    for name, plan in plans.items():
        before = _seen(user)
        user.good("apply", plan, "--yes")
        alone[name] = before
    both = _seen(user)
    for plan in plans.values():
        user.good("apply", plan, "--yes")
    assert changed(both, _seen(user)) == {}
    last = "two" if first == "one" else "one"
    made = {id for id, tags in _by_id(both).items() if tags.get("ocpprov:plan") == last}
    _destroyed(user, first, plans[first], knows=knows)
    after = _seen(user)
    assert {place for place in changed(both, after) if place[1] in made} == set()
    again = user.good("apply", plans[last], "--yes")
    assert changed(after, _seen(user)) == {}, again.err
    _destroyed(user, last, plans[last], knows=knows)
    assert changed(empty, _seen(user)) == {}
    assert _seen(user).keys() - empty.keys() == set()


def _by_id(seen: Picture) -> dict[str, dict[str, str]]:
    found = {}
    for (_, id), item in seen.items():
        said = json.loads(item)
        if isinstance(said, dict) and said.get("Tags"):
            found[id] = {row["Key"]: row["Value"] for row in said["Tags"]}
    return found


def _destroyed(user: LocalOperator, name: str, plan: str, *, knows: bool) -> None:
    if knows:
        user.good("destroy", plan, "--yes")
    else:
        for folder in user.folder.glob(f".ocpprov/{name}*"):
            folder.rename(user.folder / f"gone-{name}")
        user.good("destroy", "--name", name, "--region", REGION, "--yes")


@pytest.mark.torture
def test_a_hub_that_somebody_associated_survives_applies_and_is_told_before_destroy(user: LocalOperator) -> None:
    vpc, rows = _network(user)
    empty = _seen(user)
    plan = _plan(user, "one", vpc, *rows[0])
    user.good("apply", plan, "--yes")
    hub = user.aws.client("ec2").create_vpc(CidrBlock="10.200.0.0/16")["Vpc"]["VpcId"]
    zone = owned(_seen(user))[0]["IntDns"]
    user.aws.client("route53").associate_vpc_with_hosted_zone(
        HostedZoneId=zone, VPC={"VPCRegion": REGION, "VPCId": hub}
    )
    before = _seen(user)
    assert ("HostedZoneVPC", f"{zone} {hub}") in before
    again = user.good("apply", plan, "--yes")
    assert hub in again.err
    assert changed(before, _seen(user)) == {}
    destroyed = user.run("destroy", plan, "--yes")
    told = [line for line in destroyed.err.splitlines() if hub in line]
    assert told, destroyed.err
    assert destroyed.err.index(hub) < destroyed.err.index("deleted")
    assert changed(empty, _seen(user)) == {}
    assert user.aws.client("ec2").describe_vpcs(VpcIds=[hub])["Vpcs"][0]["VpcId"] == hub


@pytest.mark.torture
@pytest.mark.parametrize(
    ("on_ours", "when"),
    [(False, "before the first apply"), (False, "after it"), (True, "before the first apply")],
    ids=["beside ours, before", "beside ours, after", "on the machines' table"],
)
def test_a_gateway_of_others_stays_as_it_is(user: LocalOperator, on_ours: bool, when: str) -> None:
    vpc, rows = _network(user)
    plan = _plan(user, "one", vpc, *rows[0])
    ec2 = user.aws.client("ec2")

    def made() -> None:
        table = rows[0][1] if on_ours else rows[1][1]
        ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=S3, VpcEndpointType="Gateway", RouteTableIds=[table])
        user.aws.advance(60)

    before_all = _seen(user)
    if when == "before the first apply":
        made()
    user.good("apply", plan, "--yes")
    ours = set(owned(_seen(user))[0].values())
    # AWS allows one gateway on a table: on the machines' it is used, and none made.
    assert any(id.startswith("vpce-") for id in ours) is not (on_ours and when == "before the first apply")
    if when == "after it":
        made()
    theirs = {
        place: item
        for place, item in _seen(user).items()
        if place in before_all or (place[0] == "VPCEndpoint" and place[1] not in ours)
    }
    held = _seen(user)
    user.good("apply", plan, "--yes")
    assert changed(held, _seen(user)) == {}
    user.good("destroy", plan, "--yes")
    assert {place: how for place, how in changed(theirs, _seen(user)).items() if place[0] == "VPCEndpoint"} == {}
    assert not ours & {id for _, id in _seen(user)}

"""Fifty-three things of others in an account, with parts of a plan's tags or forged hints: none of them is touched."""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import pytest

from tests.end_to_end.local import LocalOperator
from tests.end_to_end.plants import DOMAIN, ELSEWHERE, IN_OURS, IN_THE_WAY, PLAN, PLANTS, Scene, scene_of
from tests.support.picture import Picture, Place, changed, picture

FILE = "lab.yaml"


@dataclass(frozen=True)
class Garden:
    """A living plan, and all that was planted beside it."""

    user: LocalOperator
    scene: Scene
    planted: Mapping[str, Place]
    ours: frozenset[Place]
    before: Picture

    def theirs(self) -> Picture:
        return {place: item for place, item in self.picture().items() if place not in self.ours}

    def picture(self) -> Picture:
        aws = self.user.aws
        elsewhere = aws.new_client("ec2", ELSEWHERE).describe_vpcs()["Vpcs"]
        return {
            **picture(aws.client),
            **{("VPC elsewhere", vpc["VpcId"]): json.dumps(vpc["Tags"]) for vpc in elsewhere if vpc.get("Tags")},
        }


def planted_by(user: LocalOperator) -> Garden:
    """The plan is applied and everything planted."""
    aws = user.aws
    zone = aws.client("route53").create_hosted_zone(Name=DOMAIN, CallerReference="corp")["HostedZone"]["Id"]
    (user.folder / "bootstrap.ign").write_text('{"ignition": {"version": "3.2.0"}}')
    (user.folder / FILE).write_text(PLAN.format(zone=zone.rpartition("/")[2]))
    empty = picture(aws.client)
    user.good("apply", FILE, "--yes")
    applied = picture(aws.client)
    ours = frozenset(applied.keys() - empty.keys())
    scene = scene_of(aws, applied)
    planted = {name: plant(scene) for name, plant in PLANTS.items()}
    aws.advance(600)
    garden = Garden(user, scene, planted, ours, {})
    return Garden(user, scene, planted, ours, garden.theirs())


@dataclass(frozen=True)
class Way:
    """How a plan is destroyed: arguments after `destroy`, and whether the run folder is still there."""

    arguments: tuple[str, ...]
    knows: bool = True


BY_NAME = ("--name", "lab", "--region", "eu-west-1")
WAYS = {
    "by its file": Way((FILE,)),
    "by its name": Way(BY_NAME),
    "by its name, without its folder": Way(BY_NAME, knows=False),
    "by its file, without its folder": Way((FILE,), knows=False),
}


def _fallen(garden: Garden, after: Picture) -> set[str]:
    """Names of the plants that are gone or another."""
    names = {place: name for name, place in garden.planted.items()}
    theirs = {place: item for place, item in after.items() if place not in garden.ours}
    return {names.get(place, str(place)) for place in changed(garden.before, theirs)}


def _left(garden: Garden, after: Picture) -> set[str]:
    """Types of what is left of the plan, but for what AWS itself puts into every VPC and zone."""
    return {type for type, _ in garden.ours & after.keys()} & {
        *("VPC", "Subnet", "NatGateway", "EIP", "InternetGateway", "VPCEndpoint", "LoadBalancer", "Listener"),
        *("TargetGroup", "Target", "Role", "InstanceProfile", "HostedZone", "Bucket", "Object", "VPCPeeringConnection"),
    }


def _cleared(garden: Garden) -> None:
    """Somebody takes away what keeps the plan's VPC, and its zone where that is still there."""
    aws = garden.user.aws
    aws.client("ec2").delete_security_group(GroupId=garden.planted["group in our VPC"][1])
    place = garden.planted["record in our zone"]
    if place in garden.picture():
        zone, name, type = place[1].split(" ")
        record = {"Name": name, "Type": type, "TTL": 60, "ResourceRecords": [{"Value": "10.90.0.9"}]}
        batch = {"Changes": [{"Action": "DELETE", "ResourceRecordSet": record}]}
        aws.client("route53").change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)


def _destroyed(garden: Garden, way: Way, *, believed: Collection[str] = ()) -> None:
    """A destroy leaves what is of others, and says what it leaves for that."""
    ended = garden.user.run("destroy", *way.arguments, "--yes")
    assert ended.code == 1, ended.err
    after = garden.picture()
    assert _fallen(garden, after) == {*IN_OURS, *believed}
    for name in (*IN_OURS, *IN_THE_WAY):
        assert name in believed or _is_told(garden.planted[name], ended.out + ended.err), name
    assert _left(garden, after) == {"VPC"} | (set() if believed else {"HostedZone"})


def _is_told(place: Place, said: str) -> bool:
    """Whether a line says that what lies in something of the plan's isn't its own, before or after."""
    words = place[1].rstrip(".").replace(". ", " ").split(" ")
    lines = [line for line in said.splitlines() if "not of this plan" in line or "not proven to be this plan's" in line]
    return any(all(word in line for word in words[:2]) for line in lines)


def test_others_keep_all_of_theirs(user: LocalOperator) -> None:
    """Takes seconds, as the whole of a cluster is made, and each of its things has company."""
    garden = planted_by(user)
    assert len(garden.planted) == 53
    assert set(garden.planted.values()) <= garden.before.keys()
    _destroyed(garden, WAYS["by its file"])


@pytest.mark.torture
@pytest.mark.parametrize("applied", [True, False], ids=["applied again", "only made"])
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_others_keep_all_of_theirs_whatever_is_known(user: LocalOperator, way: Way, applied: bool) -> None:
    garden = planted_by(user)
    if applied:
        again = user.good("apply", FILE, "--yes")
        assert _fallen(garden, garden.picture()) == set()
        assert _is_told(garden.planted["record in our zone"], again.err)
    if not way.knows:
        shutil.rmtree(user.folder / ".ocpprov")
    # Where nobody knows what the plan had, the ledger of its own zone is believed; an apply has corrected that.
    _destroyed(garden, way, believed=() if way.knows or applied else {"record in our zone"})
    _cleared(garden)
    cleared = garden.theirs()
    rest = user.good("destroy", *way.arguments, "--yes")
    assert _left(garden, garden.picture()) == set(), rest.err
    assert changed(cleared, garden.theirs()) == {}

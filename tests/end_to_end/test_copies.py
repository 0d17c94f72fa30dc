"""A copy of whatever tags of a plan, on a foreign thing of whatever type, wherever it lies: no command touches it.

What `tests/engine/test_foreign_copies.py` shows of the planner's values, through the commands and by pictures of the
account. A case plants a type with each tag set at once, in a network of others and in the plan's.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import pytest

from ocpprov.engine.claims import Claims
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.kind_facts import Identity, KindFacts
from ocpprov.engine.memory import Memory
from ocpprov.engine.ownership import PLAN as PLAN_TAG
from ocpprov.engine.resources import Owner
from ocpprov.kinds.registry import KINDS
from tests.end_to_end.copies import (
    MAKERS,
    Network,
    Spot,
    network_of_others,
    rare,
    tag_sets,
    with_balancer,
    with_gateway,
    written,
)
from tests.end_to_end.local import LocalOperator
from tests.end_to_end.plants import Tags, owned
from tests.end_to_end.world import REGION
from tests.support.picture import Picture, Place, changed, picture

FILE = "plan.json"
BY_NAME = ("--name", "prod", "--region", REGION)
IN_NO_NETWORK = {
    *("AWS::EC2::VPC", "AWS::EC2::EIP", "AWS::EC2::InternetGateway", "AWS::EC2::DHCPOptions"),
    *("AWS::IAM::Role", "AWS::IAM::InstanceProfile", "AWS::IAM::ManagedPolicy", "AWS::S3::Bucket"),
    "Ocpprov::S3::Object",
}
SEEN_INSIDE = {
    *("AWS::EC2::TransitGatewayAttachment", "AWS::ElasticLoadBalancingV2::Listener", "Ocpprov::S3::Object"),
}
"""What is only looked for in what is the plan's: elsewhere nobody sees it."""
NETWORK = ("Vpc", "Attached", "ToInternet")
"""What a plan in an existing network doesn't have."""


@dataclass(frozen=True)
class Life:
    """A plan that was applied, with what it made and the network that it is in."""

    user: LocalOperator
    ours: frozenset[Place]
    tags: Mapping[str, Tags]
    network: Network
    others: Network
    inside: Network
    """The plan's own network, load balancer and bucket."""

    def seen(self) -> Picture:
        return picture(self.user.aws.client)

    def theirs(self) -> Picture:
        return {place: item for place, item in self.seen().items() if place not in self.ours}

    def plant(self, type: str, *places: Network, first: int = 0) -> list[Place]:
        """One for each tag set in each place."""
        client, make = self.user.aws.client, MAKERS[type]
        return [
            make(Spot(client, place, first + number, tags))
            for place in places
            for number, tags in enumerate(self.tags.values())
        ]

    def places(self, type: str) -> list[Network]:
        return [self.others] if type in IN_NO_NETWORK else [self.others, self.network]


def living(user: LocalOperator, *, given: bool) -> Life:
    aws = user.aws
    extra = rare(aws)
    existing = aws.client("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"] if given else ""
    if given:
        with_gateway(aws.client, existing)
        for name in ("EnableDnsSupport", "EnableDnsHostnames"):
            aws.client("ec2").modify_vpc_attribute(VpcId=existing, **{name: {"Value": True}})
    (user.folder / "bootstrap.ign").write_text('{"ignition": {"version": "3.2.0"}}')
    (user.folder / FILE).write_text(json.dumps(written(extra, NETWORK if given else (), existing)))
    empty = picture(aws.client)
    user.good("apply", FILE, "--yes")
    made = picture(aws.client)
    ids = owned(made)[0]
    network = Network(existing or ids["Vpc"], ids["Public"])
    return Life(
        user,
        frozenset(made.keys() - empty.keys()),
        tag_sets(made),
        with_balancer(aws.client, network),
        network_of_others(aws.client),
        replace(network, balancer=ids["Balancer"], targets=ids["Targets"], bucket=ids["Bucket"]),
    )


def _counted(planted: Collection[Place], life: Life, places: int) -> None:
    assert len(set(planted)) == len(life.tags) * places


def test_every_type_that_takes_tags_is_planted() -> None:
    tagged = {type for type, kind in KINDS.items() if kind.identity is Identity.TAGS}
    assert set(MAKERS) == tagged | {"AWS::EC2::SecurityGroupIngress"}
    assert set(MAKERS) >= IN_NO_NETWORK


@pytest.mark.torture
@pytest.mark.parametrize("given", [False, True], ids=["its own network", "a given network"])
@pytest.mark.parametrize("type", MAKERS)
def test_no_copy_of_a_living_plans_tags_is_touched(user: LocalOperator, type: str, given: bool) -> None:
    """By an apply from its folder, and by a destroy that knows nothing but the name."""
    life = living(user, given=given)
    places = life.places(type)
    planted = life.plant(type, *places)
    _counted(planted, life, len(places))
    user.aws.advance(600)
    whole = life.seen()
    assert set(planted) <= whole.keys()
    before = life.theirs()
    assert user.run("plan", FILE, "--detailed-exitcode").code == 0
    user.good("apply", FILE, "--yes")
    assert changed(whole, life.seen()) == {}
    shutil.rmtree(user.folder / ".ocpprov")
    ended = user.run("destroy", *BY_NAME, "--yes")
    assert ended.code in (0, 1), ended.err
    assert changed(before, life.theirs()) == {}
    left = life.ours & life.seen().keys()
    assert not left or ended.code == 1


@pytest.mark.torture
@pytest.mark.parametrize("type", sorted(SEEN_INSIDE))
def test_nor_is_one_inside_what_the_plan_made(user: LocalOperator, type: str) -> None:
    """A destroy takes a listener of others with its load balancer, as AWS does, and is kept by the rest."""
    life = living(user, given=False)
    planted = life.plant(type, life.inside)
    _counted(planted, life, 1)
    user.aws.advance(600)
    whole = life.seen()
    user.good("apply", FILE, "--yes")
    assert changed(whole, life.seen()) == {}
    ended = user.run("destroy", FILE, "--yes")
    assert ended.code == 1, ended.err
    gone = changed({place: whole[place] for place in planted}, life.seen())
    if type == "AWS::ElasticLoadBalancingV2::Listener":
        assert gone.keys() == set(planted)
        assert all(id in ended.err for _, id in planted)
    else:
        assert gone == {}


@pytest.mark.torture
@pytest.mark.parametrize("type", MAKERS)
def test_nor_when_the_plan_was_destroyed_and_is_made_again(user: LocalOperator, type: str) -> None:
    first = living(user, given=False)
    _taken_away(first)
    user.good("destroy", FILE, "--yes")
    shutil.rmtree(user.folder / ".ocpprov")
    planted = first.plant(type, first.others)
    _counted(planted, first, 1)
    user.aws.advance(600)
    before = picture(user.aws.client)
    for verb, *options in (("destroy", *BY_NAME), ("apply", FILE)):
        ended = user.run(verb, *options, "--yes")
        assert changed(before, picture(user.aws.client)) == {}
    assert ended.code == 0, ended.err
    if type in IN_NO_NETWORK:
        return
    made = picture(user.aws.client)
    now = owned({place: item for place, item in made.items() if place not in before})[0]
    first.plant(type, with_balancer(user.aws.client, Network(now["Vpc"], now["Public"])), first=50)
    user.aws.advance(600)
    theirs = {place: item for place, item in picture(user.aws.client).items() if place not in made}
    user.good("apply", FILE, "--yes")
    assert changed(theirs, picture(user.aws.client)) == {}
    user.run("destroy", FILE, "--yes")
    assert changed({**before, **theirs}, picture(user.aws.client)) == {}


def _taken_away(life: Life) -> None:
    """The load balancer of others in the plan's network."""
    elbv2 = life.user.aws.client("elbv2")
    elbv2.delete_load_balancer(LoadBalancerArn=life.network.balancer)
    elbv2.delete_target_group(TargetGroupArn=life.network.targets)
    life.user.aws.advance(600)


def _believing_all(inventory: Inventory, owner: Owner, kinds: Mapping[str, KindFacts], memory: Memory) -> Claims:
    return Claims(frozenset((live.type, live.id) for live in inventory if live.tags.get(PLAN_TAG) == owner.plan))


@pytest.mark.torture
@pytest.mark.parametrize("type", MAKERS)
def test_without_the_proof_all_of_them_would_go(
    user: LocalOperator, type: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So what is above is the proof's doing, for each type."""
    life = living(user, given=False)
    _taken_away(life)
    planted = life.plant(type, life.inside if type in SEEN_INSIDE else life.others)
    user.aws.advance(600)
    before = life.theirs()
    monkeypatch.setattr("ocpprov.engine.planner.judge_claims", _believing_all)
    shutil.rmtree(user.folder / ".ocpprov")
    ended = user.run("destroy", *BY_NAME, "--yes")
    gone = changed(before, life.theirs()).keys() & set(planted)
    assert gone == set(planted), f"{len(gone)} of {len(planted)}: {ended.err}"

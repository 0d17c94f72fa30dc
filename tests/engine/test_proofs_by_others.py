"""What is no proof by its own tag: zones, profiles, objects, rules, and what a version without `ocpprov:bound` made."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import pytest

from ocpprov.engine.abbreviated_ids import abbreviated
from ocpprov.engine.ownership import BOUND, PLAN, REGION, RESOURCE, REVISION, RUN
from ocpprov.engine.resources import Live, State
from tests.engine.one_of_each import graph_of, there
from tests.engine.planning import (
    GROUP,
    OWNER,
    ROLE,
    SUBNET,
    VPC,
    changes_of,
    copied,
    done,
    left_alone,
    live,
    made_by_us,
    of_format_1,
    planned,
    ref,
    retagged,
    tagging,
    untagged,
    wanted,
)
from tests.engine.planning import made as made_
from tests.engine.test_proofs import (
    ADDRESS,
    ATTACHED,
    BLOCK,
    GATEWAY,
    LACKING,
    NAT,
    NET,
    OPTIONS,
    OUR_GROUP,
    OUR_NET,
    OUR_ROLE,
    OUR_VPC,
    OURS,
    PLANNED,
    PROVEN,
    TABLE,
    TEXT,
    TRUST,
    judge,
    known,
    verdict,
)

BALANCER: Final = "AWS::ElasticLoadBalancingV2::LoadBalancer"
ZONE: Final = "AWS::Route53::HostedZone"
PROFILE: Final = "AWS::IAM::InstanceProfile"
BUCKET: Final = "AWS::S3::Bucket"
OBJECT: Final = "Ocpprov::S3::Object"
RULE: Final = "AWS::EC2::SecurityGroupIngress"
SHARED: Final = "Ocpprov::EC2::SharedTags"
USED: Final = "AWS::EC2::VPCDHCPOptionsAssociation"
SSH: Final = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "10.0.0.0/8"}


def _zone(*vpcs: str, **more: Any) -> Live:
    private = {"VPCs": [{"VPCId": vpc, "VPCRegion": "eu-west-1"} for vpc in vpcs]} if vpcs else {}
    return live(ZONE, "Z1", "Zone", {"Name": "x.corp.", **private}, **more)


def test_a_zone_is_proven_by_the_reference_with_which_it_was_made() -> None:
    zone = _zone()
    assert verdict(zone) == verdict(untagged(zone, *zone.tags)) == PROVEN
    # Beside one that has its tags, one that has none is what a lost answer left, or one that was given up.
    said = "another Zone is finished, and this one carries no id of its own"
    assert verdict(replace(untagged(zone, *zone.tags), id="Z2"), [zone]) == said
    assert verdict(replace(zone, id="Z2"), [zone]) == PROVEN
    copy = _zone(claim={})
    assert verdict(copy) == LACKING
    assert done(planned({}, [copy])) == {}


def test_a_zone_whose_reference_abbreviates_its_logical_id_is_the_plans() -> None:
    name = "PrivateHostedZoneOfTheCluster" * 3
    properties = {"Name": "x.corp"}
    facts = {PLAN: OWNER.plan, REGION: OWNER.region, RESOURCE: abbreviated(name)}
    whole = live(ZONE, "Z1", name, properties, claim=facts)
    bare = untagged(whole, *whole.tags)
    assert verdict(whole) == verdict(bare) == PROVEN
    plan = wanted(**{name: (ZONE, properties)})
    assert done(planned(plan, [whole])) == {}
    assert planned(plan, [bare]).current[name].id == "Z1"
    assert done(planned(plan, [bare])) == {"Z1": "adopt"}
    # Also where the plan doesn't have it any more; of another logical id it says nothing.
    assert done(planned({}, [whole])) == done(planned({}, [bare])) == {"Z1": "delete"}
    other = replace(whole, claim={**facts, RESOURCE: abbreviated(f"{name}2")})
    assert verdict(other) == "it was made for something else"


def test_without_its_tags_it_is_proven_only_for_a_network_of_ours() -> None:
    """Whoever makes a zone writes what he likes into its reference."""
    zone = untagged(_zone("vpc-0a"), *_zone().tags)
    assert verdict(zone, [OUR_VPC]) == PROVEN
    assert verdict(zone, [], known(given={"vpc-0a"})) == PROVEN
    hub = untagged(_zone("vpc-0f", "vpc-0a"), *_zone().tags)
    assert verdict(hub, [OUR_VPC]) == PROVEN
    elsewhere = untagged(_zone("vpc-0e", "vpc-0f"), *_zone().tags)
    said = "it is for vpc-0e and vpc-0f, which is neither this plan's nor named by it"
    assert verdict(elsewhere, [OUR_VPC]) == said
    # Nor does it show whose that network is.
    copied = replace(OUR_VPC, id="vpc-0e", tags={PLAN: "lab", RESOURCE: "Vpc"})
    assert verdict(elsewhere, [copied]) == said
    assert done(planned({}, [elsewhere, copied])) == {}


def test_a_zone_that_was_handed_over_is_proven_by_its_name_in_our_network() -> None:
    """CloudFormation made it: there is no reference of ours."""
    named = known(names={"x.corp"})
    unclear = LACKING
    assert verdict(_zone("vpc-0a", claim={}), [OUR_VPC], named) == PROVEN
    assert verdict(_zone("vpc-0f", "vpc-0a", claim={}), [OUR_VPC], named) == PROVEN
    assert verdict(_zone("vpc-0e", claim={}), [OUR_VPC], known(names={"x.corp"}, given={"vpc-0e"})) == PROVEN
    assert verdict(_zone("vpc-0a", claim={}), [OUR_VPC], known(names={"y.corp"})) == unclear
    assert verdict(_zone("vpc-0a", claim={}), [replace(OUR_VPC, id="vpc-0b")], named) == unclear
    assert verdict(_zone("vpc-0f", claim={}), [OUR_VPC], named) == unclear
    # A public one lies nowhere: it is for the user to say.
    assert verdict(_zone(claim={}), [OUR_VPC], named) == unclear
    assert verdict(_zone(claim={}), [OUR_VPC], known(names={"x.corp"}, allowed={"Z1"})) == PROVEN
    nameless = untagged(_zone("vpc-0a", claim={}), RESOURCE)
    assert verdict(nameless, [OUR_VPC], named) == f"{LACKING}: {RESOURCE} missing"
    # Of another type, the name of one of ours is nothing.
    assert (
        verdict(_zone("vpc-0a", claim={}), [OUR_VPC], known(names={"x.corp"}, types={"Zone": VPC})) == f"Zone is {VPC}"
    )


SPOKEN_FOR: Final = {PLAN: OWNER.plan, REGION: OWNER.region, RESOURCE: "Profile"}


def _profile(*roles: str, claim: Any = SPOKEN_FOR) -> Live:
    return Live(PROFILE, "arn:p", {"InstanceProfileName": "p", "Roles": list(roles)}, claim=claim)


def test_a_profile_is_proven_by_a_proven_role_that_speaks_for_it() -> None:
    lacks = f"{LACKING}: {PLAN} and {RESOURCE} and {REVISION} and {BOUND} missing"
    assert verdict(_profile("machines"), [OUR_ROLE]) == PROVEN
    assert verdict(_profile("machines"), [replace(OUR_ROLE, id="theirs")]) == lacks
    assert verdict(_profile("machines"), [retagged(OUR_ROLE, **{BOUND: f"{ROLE} other"})]) == lacks
    assert verdict(_profile("machines", "theirs"), [OUR_ROLE]) == lacks
    assert verdict(_profile(), [OUR_ROLE]) == lacks
    # Its own tags alone are no more than any others without their proof.
    tagged = replace(_profile("machines", claim={}), tags=SPOKEN_FOR)
    assert verdict(tagged, [OUR_ROLE]) == f"{LACKING}: {REVISION} and {BOUND} missing"


def test_an_object_is_proven_by_our_bucket() -> None:
    bucket = live(BUCKET, "ours", "Bucket", {"BucketName": "ours"})
    place = {"Bucket": "ours", "Key": "a.ign"}
    by_hand = Live(OBJECT, "ours/a.ign", place, claim={PLAN: OWNER.plan})
    assert verdict(by_hand, [bucket]) == PROVEN
    assert verdict(by_hand, [replace(bucket, id="other")]) != PROVEN
    assert verdict(by_hand, [retagged(bucket, **{BOUND: f"{BUCKET} other"})]) != PROVEN
    # One that only says it is the plan's is so while no other says that it is the same.
    older = untagged(live(OBJECT, "ours/a.ign", "File", place), BOUND, REVISION)
    other = replace(older, id="ours/b.ign", properties={"Bucket": "ours", "Key": "b.ign"})
    assert verdict(older, [bucket]) == PROVEN
    zone = live(ZONE, "Z1", "File", {"Name": "x.corp."})
    assert verdict(older, [bucket, zone]) == f"{LACKING}: {BOUND} missing"
    assert verdict(older, [bucket, other]) == f"{LACKING}: {BOUND} missing"
    assert verdict(untagged(older, RESOURCE), [bucket]) == f"{LACKING}: {RESOURCE} and {BOUND} missing"


def _rule(group: str, bound: str = "", **tags: str) -> Live:
    said = {PLAN: OWNER.plan, **({BOUND: bound} if bound else {}), **tags}
    return replace(live(RULE, "sgr-1", "", {"GroupId": group, **SSH}), tags=said)


def test_a_rule_is_proven_by_its_tag_or_by_a_group_that_is_ours_or_given() -> None:
    outside = "it is in sg-0f, which is neither this plan's nor named by it"
    # One without the tag is ours if the journal has it, or a run made it that made more before there was the tag.
    lacks = f"{BOUND} is missing, and nothing shows that it is what they say"
    assert verdict(_rule("sg-0a"), OURS) == verdict(_rule("sg-0f"), OURS, known(given={"sg-0f"})) == lacks
    older = [of_format_1(each) for each in OURS]
    assert verdict(_rule("sg-0a", **{RUN: OWNER.run}), older) == PROVEN
    assert verdict(_rule("sg-0a", **{RUN: OWNER.run}), OURS) == verdict(_rule("sg-0a"), older) == lacks
    assert verdict(_rule("sg-0f"), OURS) == verdict(_rule("sg-0f")) == outside
    assert verdict(_rule("sg-0f", **{RUN: OWNER.run}), older, known(given={"sg-0f"})) == PROVEN
    assert verdict(_rule("sg-0f"), OURS, known(made={(RULE, "sgr-1")})) == PROVEN
    assert verdict(_rule("sg-0f"), OURS, known(made={(RULE, "sgr-2")})) == outside
    assert verdict(_rule("sg-0f", **{PLAN: "other"}), OURS) == ""
    copy = copied(OUR_GROUP, GROUP, "sg-0f", {"VpcId": "vpc-0f", **TEXT})
    assert verdict(_rule("sg-0f"), [*OURS, copy]) == outside
    # The tag goes before the place.
    made = live(RULE, "sgr-1", "Rule", {"GroupId": "sg-0f", **SSH}).tags[BOUND]
    assert verdict(_rule("sg-0f", made), OURS) == PROVEN
    assert verdict(_rule("sg-0a", made), OURS) == f"{BOUND} speaks of another: {made}"
    assert done(planned({}, [_rule("sg-0f", made)])) == {"sgr-1": "delete"}
    assert done(planned(PLANNED, [*OURS, _rule("sg-0a", made)])) == {}
    assert f"sgr-1 carries this plan's tags, but {BOUND} speaks" in left_alone(
        planned({}, [*OURS, _rule("sg-0a", made)])
    )
    assert done(planned(PLANNED, [*OURS, _rule("sg-0a")])) == {}
    assert done(planned(PLANNED, [*OURS, _rule("sg-0a")], made_by_us((RULE, "sgr-1")))) == {"sgr-1": "delete"}


def test_a_mark_on_a_subnet_is_of_that_subnet() -> None:
    def mark(of: str) -> Live:
        said = {PLAN: OWNER.plan, RUN: "", **({BOUND: f"{SHARED} {of}"} if of else {})}
        return replace(live(SHARED, "subnet-0e", "", {"ResourceId": "subnet-0e", "Tags": []}), tags=said)

    assert verdict(mark("subnet-0e")) == PROVEN
    assert verdict(mark("subnet-0b")) == f"{BOUND} speaks of another: {SHARED} subnet-0b"
    # What an earlier version wrote names none.
    assert verdict(mark("")) == "it is in subnet-0e, which is neither this plan's nor named by it"
    assert verdict(mark(""), memory=known(given={"subnet-0e"})) == PROVEN
    assert (done(planned({}, [mark("subnet-0b")])), done(planned({}, [mark("subnet-0e")]))) == (
        {},
        {"subnet-0e": "delete"},
    )


def test_all_that_an_earlier_version_made_is_proven_but_for_what_nothing_tells() -> None:
    """Here options that no network uses."""
    older = [of_format_1(each) for each in there()]
    assert {id: claim.reason for (_, id), claim in judge(older).unproven.items()} == {"id-of-Names": NOTHING}
    used = _link(USED, VpcId="id-of-Vpc", DhcpOptionsId="id-of-Names")
    assert judge([*older, used]).unproven == {}
    # All of them, with the plan or without it; apply gives each what it lacks.
    tagged = {each.id for each in there() if BOUND in each.tags}
    actions = planned(graph_of().resources, [*older, used])
    # The link between two of ours is one that the plan doesn't have.
    assert done(actions) == {**dict.fromkeys(tagged, "update"), used.id: "delete"}
    assert actions.problems == []
    assert tagged <= set(done(planned({}, [*older, used])))


def test_what_it_made_gets_the_tag_and_the_new_revision_once() -> None:
    older = [of_format_1(each) for each in OURS]
    actions = planned(PLANNED, older)
    assert done(actions) == {"vpc-0a": "update", "subnet-0a": "update", "sg-0a": "update"}
    for each in OURS:
        name = each.tags[RESOURCE]
        assert tagging(actions, made_(name)) == ({key: each.tags[key] for key in (BOUND, REVISION)}, [])
        assert set(changes_of(actions, name)) == {f"Tags.{BOUND}", f"Tags.{REVISION}"}
    assert done(planned({}, older)) == {"vpc-0a": "delete", "subnet-0a": "delete", "sg-0a": "delete"}


OLD_NET: Final = of_format_1(OUR_NET)
OLD_GROUP: Final = of_format_1(OUR_GROUP)
OTHER_MADE: Final = "its properties are not those that they were made for"


@pytest.mark.parametrize("old", [OLD_NET, OLD_GROUP], ids=lambda live: live.type)
def test_a_revision_of_its_place_proves_an_older_one_and_refutes_its_copy(old: Live) -> None:
    assert verdict(old) == PROVEN
    elsewhere = replace(old, properties={**old.properties, "VpcId": "vpc-0f", "GroupName": "theirs"})
    for beside in ((), OURS):
        assert verdict(replace(elsewhere, id="theirs"), beside) == OTHER_MADE
    assert verdict(elsewhere, memory=known(made={(old.type, old.id)})) == PROVEN
    # While AWS is still at work on it, its answer may lack some of what was hashed.
    assert verdict(replace(elsewhere, state=State.PENDING)) == f"{LACKING}: {BOUND} missing"
    # Without a revision nothing is refuted, and nothing proven.
    assert verdict(untagged(old, REVISION)) == f"{LACKING}: {REVISION} and {BOUND} missing"
    assert verdict(untagged(old, RESOURCE)) == f"{LACKING}: {RESOURCE} and {BOUND} missing"
    types = known(types={old.tags[RESOURCE]: VPC})
    assert verdict(old, memory=types) == f"{old.tags[RESOURCE]} is {VPC}"


def test_a_generated_name_proves_an_older_one() -> None:
    properties: dict[str, Any] = {"AssumeRolePolicyDocument": {"Statement": []}}
    old = of_format_1(live(ROLE, "r", "Role", properties))
    assert verdict(old) == PROVEN
    renamed = replace(old, properties={**old.properties, "RoleName": "theirs"})
    assert verdict(renamed) == f"{LACKING}: {BOUND} missing"
    assert verdict(replace(old, tags={**old.tags, RESOURCE: "Other"})) == f"{LACKING}: {BOUND} missing"
    assert verdict(untagged(old, REVISION)) == f"{LACKING}: {REVISION} and {BOUND} missing"
    # A name that the plan gave is in the revision.
    given = of_format_1(OUR_ROLE)
    assert verdict(given) == PROVEN
    assert verdict(replace(given, properties={**TRUST, "RoleName": "theirs"})) == OTHER_MADE


OLD_VPC: Final = of_format_1(OUR_VPC)
OLD_GATE: Final = of_format_1(live(GATEWAY, "igw-0a", "Gate"))
OLD_ADDRESS: Final = of_format_1(live(ADDRESS, "eipalloc-0a", "Address", {"Domain": "vpc"}))
OLD_OPTIONS: Final = of_format_1(live(OPTIONS, "dopt-0a", "Names", {"DomainName": "x.corp"}))
NOTHING: Final = f"{LACKING}: {BOUND} missing"


def _link(type: str, **properties: str) -> Live:
    return live(type, "|".join(properties.values()), "", properties)


def _nat(**more: Any) -> Live:
    return live(NAT, "nat-0a", "Nat", {"SubnetId": "subnet-0a", "AllocationId": "eipalloc-0a"}, **more)


def test_an_older_network_is_proven_by_what_lies_in_it() -> None:
    assert verdict(OLD_VPC) == NOTHING
    assert verdict(OLD_VPC, [OUR_NET]) == verdict(OLD_VPC, [OLD_GROUP]) == PROVEN
    assert verdict(OLD_VPC, [live(SUBNET, "subnet-0a", "", {"VpcId": "vpc-0a", **NET})]) == NOTHING
    named = live(SUBNET, "subnet-0a", "Net", {"VpcId": "vpc-0a", **NET}, given=["vpc-0a"])
    assert verdict(OLD_VPC, [named]) == NOTHING
    assert (
        verdict(OLD_VPC, [copied(OUR_NET, SUBNET, "subnet-0f", {"VpcId": "vpc-0a", "CidrBlock": "10.50.9.0/24"})])
        == NOTHING
    )
    assert verdict(untagged(OLD_VPC, RESOURCE), [OUR_NET]) == f"{LACKING}: {RESOURCE} and {BOUND} missing"
    # One with its own tag needs none of this, and what is in a copy proves nothing of it.
    assert verdict(replace(OUR_VPC, id="vpc-0f"), [replace(OUR_NET, properties={**NET, "VpcId": "vpc-0f"})]) != PROVEN


def test_an_older_address_is_proven_by_what_of_ours_uses_it() -> None:
    assert verdict(OLD_ADDRESS) == NOTHING
    assert verdict(OLD_ADDRESS, [_nat()]) == PROVEN
    assert verdict(OLD_ADDRESS, [_nat(given=["eipalloc-0a"])]) == NOTHING
    assert verdict(OLD_ADDRESS, [replace(_nat(), tags={})]) == NOTHING
    mapped = {"Name": "b", "SubnetMappings": [{"SubnetId": "subnet-0a", "AllocationId": "eipalloc-0a"}]}
    assert verdict(OLD_ADDRESS, [live(BALANCER, "arn:b", "Balancer", mapped)]) == PROVEN
    assert verdict(OLD_ADDRESS, [live(BALANCER, "arn:b", "", mapped)]) == NOTHING


def test_an_older_gateway_is_proven_by_the_network_that_it_is_attached_to() -> None:
    attached = _link(ATTACHED, InternetGatewayId="igw-0a", VpcId="vpc-0a")
    assert verdict(OLD_GATE) == verdict(OLD_GATE, [attached]) == verdict(OLD_GATE, [OUR_VPC]) == NOTHING
    assert verdict(OLD_GATE, [OUR_VPC, attached]) == PROVEN
    elsewhere = _link(ATTACHED, InternetGatewayId="igw-0a", VpcId="vpc-0f")
    assert verdict(OLD_GATE, [OUR_VPC, elsewhere]) == NOTHING
    assert verdict(OLD_GATE, [copied(OUR_VPC, VPC, "vpc-0f", BLOCK), elsewhere]) == NOTHING
    # It takes a proven network: one that is proven by what lies in it does.
    assert verdict(OLD_GATE, [OLD_VPC, OUR_NET, attached]) == PROVEN
    assert verdict(OLD_GATE, [OLD_VPC, attached]) == NOTHING


def test_older_options_are_proven_by_their_revision_and_a_network_that_uses_them() -> None:
    used = _link(USED, VpcId="vpc-0a", DhcpOptionsId="dopt-0a")
    assert verdict(OLD_OPTIONS) == verdict(OLD_OPTIONS, [used]) == NOTHING
    assert verdict(OLD_OPTIONS, [OUR_VPC, used]) == PROVEN
    others = replace(OLD_OPTIONS, properties={"DomainName": "theirs.corp"})
    assert verdict(others, [OUR_VPC, used]) == NOTHING
    assert verdict(untagged(OLD_OPTIONS, REVISION), [OUR_VPC, used]) == f"{LACKING}: {REVISION} and {BOUND} missing"


def test_what_is_shown_shows_others_in_turn() -> None:
    lives = [OLD_GATE, _link(ATTACHED, InternetGatewayId="igw-0a", VpcId="vpc-0a"), OLD_VPC, OLD_NET]
    assert {id for _, id in judge(lives).proven} == {"igw-0a", "vpc-0a", "subnet-0a"}
    assert judge(lives).unproven == {}


def test_a_table_is_told_by_its_place_and_by_nothing_that_uses_it() -> None:
    """Its revision is of its network."""
    table = of_format_1(live(TABLE, "rtb-0a", "Table", {"VpcId": "vpc-0a"}))
    used = _link("AWS::EC2::SubnetRouteTableAssociation", SubnetId="subnet-0a", RouteTableId="rtb-0a")
    assert verdict(table) == PROVEN
    elsewhere = replace(table, properties={"VpcId": "vpc-0f"})
    assert verdict(elsewhere, [*OURS, used]) == OTHER_MADE


ACL: Final = "AWS::EC2::NetworkAcl"
ENDPOINT: Final = "AWS::EC2::VPCEndpoint"
TABLE_USED: Final = "AWS::EC2::SubnetRouteTableAssociation"
ACL_USED: Final = "AWS::EC2::SubnetNetworkAclAssociation"
IN_USE: Final = "another Thing is in use, and nothing of this plan uses this one"


def _on(subnet: str, thing: Live) -> Live:
    """The thing's place on a subnet: a link, or in its own list."""
    if thing.type == ENDPOINT:
        return replace(thing, properties={**thing.properties, "SubnetIds": [subnet]})
    if thing.type == ACL:
        return _link(ACL_USED, SubnetId=subnet, NetworkAclId=thing.id)
    return _link(TABLE_USED, SubnetId=subnet, RouteTableId=thing.id)


def _there(subnet: str, thing: Live) -> list[Live]:
    """The thing on a subnet, whichever way."""
    on = _on(subnet, thing)
    return [on] if on.id == thing.id else [thing, on]


@pytest.mark.parametrize("type", [TABLE, ACL, ENDPOINT])
def test_of_older_ones_in_our_network_the_one_that_ours_are_on_is_ours(type: str) -> None:
    """Any number of the type fits the same revision: a copy of the tags is told by nothing else."""
    thing = of_format_1(live(type, "thing-a", "Thing", {"VpcId": "vpc-0a"}))
    copy = replace(thing, id="thing-f")
    theirs = live(SUBNET, "subnet-0f", "", {"VpcId": "vpc-0a", **NET})
    ours = _there("subnet-0a", thing)
    for beside in ([copy], _there("subnet-0f", copy)):
        assert verdict(beside[0], [*OURS, theirs, *ours, *beside[1:]]) == IN_USE
        assert verdict(ours[0], [*OURS, theirs, *ours[1:], *beside]) == PROVEN
        gone = done(planned({}, [*OURS, theirs, *ours, *beside]))
        assert (gone["thing-a"], "thing-f" in gone) == ("delete", False)
    # Of those that a crash left nobody uses any.
    assert verdict(thing, [*OURS, copy]) == verdict(copy, [*OURS, thing]) == PROVEN
    # One of another name or of another type is no rival.
    assert verdict(retagged(copy, **{RESOURCE: "Other"}), [*OURS, *ours]) == PROVEN
    group = live(GROUP, "sg-0b", "Thing", {"VpcId": "vpc-0a", "GroupDescription": "things"})
    assert verdict(copy, [OUR_VPC, group]) == PROVEN
    # A network in which it is all that there is.
    assert verdict(OLD_VPC, [thing]) == PROVEN


@pytest.mark.parametrize("type", [TABLE, ACL])
def test_an_older_one_that_others_alone_use_is_for_the_user_to_say(type: str) -> None:
    thing = of_format_1(live(type, "thing-a", "Thing", {"VpcId": "vpc-0a"}))
    assert verdict(thing, [*OURS, *_there("subnet-0f", thing)[1:]]) == NOTHING
    assert verdict(thing, [*OURS, *_there("subnet-0a", thing)[1:], *_there("subnet-0f", thing)[1:]]) == PROVEN


def test_an_older_table_is_ours_where_an_endpoint_of_ours_is_on_it() -> None:
    table = of_format_1(live(TABLE, "rtb-0a", "Thing", {"VpcId": "vpc-0a"}))
    endpoint = live(ENDPOINT, "vpce-0a", "S3", {"VpcId": "vpc-0a", "RouteTableIds": ["rtb-0a"]})
    copy = replace(table, id="rtb-0f")
    assert verdict(copy, [OUR_VPC, table, endpoint]) == IN_USE
    assert verdict(table, [OUR_VPC, copy, endpoint]) == PROVEN


def test_an_older_table_is_ours_where_an_older_endpoint_of_ours_is_on_it_and_the_other_way() -> None:
    table = of_format_1(live(TABLE, "rtb-0a", "Thing", {"VpcId": "vpc-0a"}))
    endpoint = of_format_1(live(ENDPOINT, "vpce-0a", "S3", {"VpcId": "vpc-0a"}))
    endpoint = replace(endpoint, properties={**endpoint.properties, "RouteTableIds": ["rtb-0a"]})
    used = _link(TABLE_USED, SubnetId="subnet-0a", RouteTableId="rtb-0a")
    for lives in ([table, endpoint], [endpoint, table]):
        copies = [replace(each, id=f"{each.id}f", properties={"VpcId": "vpc-0a"}) for each in lives]
        judged = judge([*OURS, *lives, used, *copies])
        assert {id for _, id in judged.proven} == {"vpc-0a", "subnet-0a", "sg-0a", "rtb-0a", "vpce-0a"}
        assert {id for _, id in judged.refuted} == {"rtb-0af", "vpce-0af"}


def test_in_an_apply_a_unique_key_or_a_reference_in_our_place_is_enough() -> None:
    """Where the plan is there to tell: an untold one that has what it wants once."""
    bare = untagged(OUR_NET, BOUND, REVISION)
    actions = planned(PLANNED, [OUR_VPC, OUR_GROUP, bare])
    assert (done(actions), actions.unproven, actions.problems) == ({"subnet-0a": "update"}, [], [])
    assert (SUBNET, "subnet-0a") in actions.proven
    assert done(planned({}, [OUR_VPC, OUR_GROUP, bare])) == {"vpc-0a": "delete", "sg-0a": "delete"}
    # Not in a network of others, nor one with another block.
    elsewhere = replace(bare, properties={**NET, "VpcId": "vpc-0f"})
    assert done(planned(PLANNED, [OUR_VPC, OUR_GROUP, elsewhere])) == {"Net": "create"}
    other = replace(bare, properties={**OUR_NET.properties, "CidrBlock": "10.50.2.0/24"})
    assert done(planned(PLANNED, [OUR_VPC, OUR_GROUP, other])) == {"Net": "create"}
    named = wanted(Net=(SUBNET, {"VpcId": "vpc-0f", **NET}))
    assert done(planned(named, [elsewhere], known(given={"vpc-0f"}))) == {"subnet-0a": "update"}
    assert done(planned(named, [elsewhere])) == {"Net": "create"}
    nat = {"SubnetId": ref("Net"), "AllocationId": ref("Address")}
    plan = {**PLANNED, **wanted(Address=(ADDRESS, {"Domain": "vpc"}), Nat=(NAT, nat))}
    lives = [
        *OURS,
        OLD_ADDRESS,
        live(NAT, "nat-0a", "Nat", {"SubnetId": "subnet-0a", "AllocationId": "eipalloc-0a"}, given=["eipalloc-0a"]),
    ]
    assert done(planned(plan, lives))["eipalloc-0a"] == "update"

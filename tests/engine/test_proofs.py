"""Claim and proof: of what carries this plan's tags, only what is shown to be this plan's counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import pytest

from ocpprov.engine.claims import Claims, UnprovenClaim, named
from ocpprov.engine.kind_facts import Identity
from ocpprov.engine.memory import NOTHING_KNOWN, Memory
from ocpprov.engine.ownership import BOUND, PLAN, REGION, RESOURCE, REVISION, RUN, LedgerEntries
from ocpprov.engine.proofs import judge_claims, places_given
from ocpprov.engine.resources import Live, Owner, State
from ocpprov.kinds.registry import KINDS
from tests.engine.one_of_each import graph_of, there
from tests.engine.planning import (
    GROUP,
    OWNER,
    ROLE,
    SUBNET,
    VPC,
    copied,
    current,
    done,
    inventory,
    left_alone,
    live,
    made_by_us,
    planned,
    ref,
    retagged,
    twin,
    unfinished,
    untagged,
    wanted,
)

TABLE: Final = "AWS::EC2::RouteTable"
ROUTE: Final = "AWS::EC2::Route"
ADDRESS: Final = "AWS::EC2::EIP"
GATEWAY: Final = "AWS::EC2::InternetGateway"
ATTACHED: Final = "AWS::EC2::VPCGatewayAttachment"
NAT: Final = "AWS::EC2::NatGateway"
OBJECT: Final = "Ocpprov::S3::Object"
OPTIONS: Final = "AWS::EC2::DHCPOptions"
BLOCK: Final = {"CidrBlock": "10.50.0.0/16"}
NET: Final = {"CidrBlock": "10.50.1.0/24", "AvailabilityZone": "eu-west-1a"}
TEXT: Final = {"GroupDescription": "nodes"}
TRUST: Final[dict[str, Any]] = {"RoleName": "machines", "AssumeRolePolicyDocument": {"Statement": []}}
PLANNED: Final = wanted(
    Vpc=(VPC, BLOCK),
    Net=(SUBNET, {"VpcId": ref("Vpc"), **NET}),
    Group=(GROUP, {"VpcId": ref("Vpc"), **TEXT}),
)
OUR_VPC: Final = live(VPC, "vpc-0a", "Vpc", BLOCK)
OUR_NET: Final = live(SUBNET, "subnet-0a", "Net", {"VpcId": "vpc-0a", **NET})
OUR_GROUP: Final = live(GROUP, "sg-0a", "Group", {"VpcId": "vpc-0a", **TEXT})
OURS: Final = (OUR_VPC, OUR_NET, OUR_GROUP)
OUR_GATE: Final = live(GATEWAY, "igw-0a", "Gate")
OUR_ROLE: Final = live(ROLE, "machines", "Role", TRUST)

PROVEN: Final = "proven"


def judge(lives: Sequence[Live], memory: Memory = NOTHING_KNOWN, owner: Owner = OWNER) -> Claims:
    return judge_claims(inventory(*lives), owner, KINDS, memory)


def verdict(live: Live, beside: Sequence[Live] = (), memory: Memory = NOTHING_KNOWN) -> str:
    """Of one of several: that it is proven, or why not; empty where it is no claim."""
    claims, place = judge([live, *beside], memory), (live.type, live.id)
    assert (place in claims.proven) + (place in claims.refuted) + (place in claims.unclear) <= 1
    return PROVEN if place in claims.proven else getattr(claims.unproven.get(place), "reason", "")


def known(**parts: Any) -> Memory:
    frozen: dict[str, Any] = {n: frozenset(value) if isinstance(value, set) else value for n, value in parts.items()}
    return Memory(**frozen)


def test_what_is_the_plans_is_kept_and_destroyed() -> None:
    assert done(planned(PLANNED, OURS)) == {}
    assert done(planned({}, OURS)) == {"vpc-0a": "delete", "subnet-0a": "delete", "sg-0a": "delete"}


def test_of_every_type_what_was_made_is_proven_with_nothing_known_but_its_tags() -> None:
    counted = (Identity.TAGS, Identity.SHARED_TAGS)
    ours = (live for live in there() if not live.service_owned)
    made = {(live.type, live.id) for live in ours if KINDS[live.type].identity in counted}
    claims = judge_claims(there(), OWNER, KINDS, NOTHING_KNOWN)
    assert claims == Claims(frozenset(made), {}, {})
    assert len({type for type, _ in made}) == 23
    assert planned(graph_of().resources, list(there())).proven == made


def test_another_plans_tags_are_no_claim_of_ours() -> None:
    others = Owner("other", OWNER.region, OWNER.account, OWNER.run)
    assert judge(OURS, owner=others) == Claims()
    elsewhere = Owner(OWNER.plan, "us-east-1", OWNER.account, OWNER.run)
    assert judge([OUR_ROLE], owner=elsewhere) == Claims()
    assert judge([OUR_ROLE]) == Claims(frozenset({(ROLE, "machines")}))


@pytest.mark.parametrize("changed", [{"state": State.GONE}, {"service_owned": True}])
def test_what_is_gone_or_awss_own_is_no_claim(changed: dict[str, Any]) -> None:
    assert verdict(replace(OUR_VPC, **changed)) == ""
    assert verdict(replace(OUR_VPC, **changed), memory=known(allowed={"vpc-0a"})) == ""


@pytest.mark.parametrize("state", [State.PENDING, State.BROKEN, State.DELETING])
def test_whatever_state_it_is_in(state: State) -> None:
    assert verdict(replace(OUR_VPC, state=state)) == PROVEN


def test_a_copy_is_told_by_what_the_tag_says() -> None:
    theirs = copied(OUR_GROUP, GROUP, "sg-0f", {"VpcId": "vpc-0f", "GroupName": "theirs", **TEXT})
    name = OUR_GROUP.properties["GroupName"]
    said = f"ocpprov:bound speaks of another: AWS::EC2::SecurityGroup vpc-0a {name}"
    assert verdict(theirs, OURS) == verdict(theirs) == said
    claims = judge([*OURS, theirs])
    assert (set(claims.refuted), claims.unclear) == ({(GROUP, "sg-0f")}, {})
    assert str(claims.refuted[GROUP, "sg-0f"]) == f"AWS::EC2::SecurityGroup sg-0f carries this plan's tags, but {said}"
    assert (claims.refuted[GROUP, "sg-0f"].logical_id, claims.refuted[GROUP, "sg-0f"].place) == (
        "Group",
        (GROUP, "sg-0f"),
    )
    for actions in (planned(PLANNED, [*OURS, theirs]), planned({}, [*OURS, theirs])):
        assert "sg-0f" not in done(actions)
        assert left_alone(actions) == f"Group: AWS::EC2::SecurityGroup sg-0f carries this plan's tags, but {said}"
        assert [claim.place for claim in actions.unproven] == [(GROUP, "sg-0f")]
        assert actions.proven == {(each.type, each.id) for each in OURS}


def test_a_claim_says_its_logical_id_where_it_has_one() -> None:
    assert (named(OUR_VPC), named(untagged(OUR_VPC, RESOURCE))) == ("Vpc", "")
    zone = live("AWS::Route53::HostedZone", "Z1", "Zone", {"Name": "x.corp."})
    assert named(untagged(zone, RESOURCE)) == "Zone"
    assert UnprovenClaim(untagged(OUR_VPC, RESOURCE), "so").logical_id == ""


LACKING: Final = "nothing shows that it is what they say"


@pytest.mark.parametrize(
    ("lacks", "said"),
    [
        ((BOUND,), f"{LACKING}: {BOUND} missing"),
        ((BOUND, PLAN), f"{LACKING}: {PLAN} and {BOUND} missing"),
        ((BOUND, RESOURCE), f"{LACKING}: {RESOURCE} and {BOUND} missing"),
        ((BOUND, PLAN, RESOURCE, REVISION), f"{LACKING}: {PLAN} and {RESOURCE} and {REVISION} and {BOUND} missing"),
        ((BOUND, PLAN, RESOURCE, RUN), ""),
        ((PLAN, RESOURCE, RUN), ""),
        ((PLAN, RESOURCE), PROVEN),
        ((PLAN, RESOURCE, REVISION), PROVEN),
        ((PLAN, RUN), PROVEN),
        ((RESOURCE, RUN, REVISION), PROVEN),
    ],
)
def test_tags_that_were_lost(lacks: tuple[str, ...], said: str) -> None:
    """Less than what a creation leaves is a claim while plan, logical id or run is left; what proves it is the same."""
    claims = judge([untagged(OUR_GATE, *lacks)])
    found = claims.unproven.get((GATEWAY, "igw-0a"))
    assert (PROVEN if claims.proven else found.reason if found else "") == said
    assert claims.refuted == {}


def test_what_lost_its_tags_and_is_no_copy_is_ours_again() -> None:
    plan = {**PLANNED, **wanted(Gate=(GATEWAY, {}))}
    lost = untagged(OUR_GATE, PLAN, RESOURCE)
    assert done(planned(plan, [*OURS, lost])) == {"igw-0a": "adopt"}
    # A copy that lost the same isn't, nor what has no proof at all.
    assert done(planned(plan, [*OURS, replace(lost, id="igw-0f")])) == {"Gate": "create"}
    assert done(planned(plan, [*OURS, untagged(lost, BOUND)])) == {"Gate": "create"}


@pytest.mark.parametrize(
    "type", [VPC, ADDRESS, GATEWAY, OPTIONS, TABLE, "AWS::EC2::NetworkAcl", "AWS::EC2::VPCEndpoint"]
)
def test_what_a_crash_left_without_its_own_id_is_found_without_a_journal(type: str) -> None:
    place = {"VpcId": "vpc-0a"} if "VpcId" in KINDS[type].bound_by else {}
    cut_off = unfinished(live(type, "thing-1", "Thing", place))
    assert verdict(cut_off, [OUR_VPC]) == PROVEN
    assert done(planned({}, [OUR_VPC, cut_off])) == {"vpc-0a": "delete", "thing-1": "delete"}
    two = [cut_off, unfinished(cut_off, "thing-2")]
    assert done(planned({}, [OUR_VPC, *two])) == {"vpc-0a": "delete", "thing-1": "delete", "thing-2": "delete"}
    finished = twin(cut_off, "thing-3")
    said = "another Thing is finished, and this one carries no id of its own"
    assert [verdict(each, [OUR_VPC, finished]) for each in two] == [said, said]
    # One that is finished under another name, or of another type, is no rival.
    for other in (retagged(finished, **{RESOURCE: "Other"}), live(ROLE, "thing-3", "Thing", TRUST)):
        assert verdict(cut_off, [OUR_VPC, other]) == PROVEN


def _route(table: str, block: str, to: str = "igw-9") -> Live:
    row = {"RouteTableId": table, "DestinationCidrBlock": block, "GatewayId": to}
    return live(ROUTE, f"{table}|{block}", "", row)


def _attached(vpc: str) -> Live:
    return live(ATTACHED, f"igw-0a|{vpc}", "", {"InternetGatewayId": "igw-0a", "VpcId": vpc})


CUT_OFF_VPC: Final = unfinished(OUR_VPC)
CUT_OFF_GATE: Final = unfinished(OUR_GATE)
OUR_TABLE: Final = live(TABLE, "rtb-0a", "Table", {"VpcId": "vpc-0a"}, LedgerEntries(frozenset({"r 0.0.0.0/0"})))
CUT_OFF_TABLE: Final = unfinished(OUR_TABLE)
TO_GATE: Final = _route("rtb-0a", "0.0.0.0/0", to="igw-0a")
CUT_OFF_ADDRESS: Final = unfinished(live(ADDRESS, "eipalloc-0a", "Address", {"Domain": "vpc"}))
THEIR_NAT: Final = live(NAT, "nat-0f", "", {"SubnetId": "subnet-0f", "AllocationId": "eipalloc-0a"})


@pytest.mark.parametrize(
    ("cut_off", "user"),
    [
        pytest.param(CUT_OFF_VPC, live(SUBNET, "subnet-0f", "", {"VpcId": "vpc-0a", **NET}), id="what lies in it"),
        pytest.param(
            CUT_OFF_VPC,
            copied(OUR_NET, SUBNET, "subnet-0f", {**NET, "CidrBlock": "10.50.9.0/24", "VpcId": "vpc-0a"}),
            id="a copy in it",
        ),
        pytest.param(CUT_OFF_ADDRESS, THEIR_NAT, id="what uses it"),
        pytest.param(CUT_OFF_TABLE, _route("rtb-0a", "10.0.0.0/8"), id="a row"),
        pytest.param(CUT_OFF_GATE, _attached("vpc-0f"), id="a link"),
        pytest.param(CUT_OFF_GATE, _route("rtb-0f", "0.0.0.0/0", to="igw-0a"), id="a row in their table"),
    ],
)
def test_what_others_use_or_are_in_is_not_unfinished(cut_off: Live, user: Live) -> None:
    beside = [] if cut_off is CUT_OFF_VPC else [OUR_VPC]
    assert verdict(cut_off, beside) == PROVEN
    said = f"it carries no id of its own, and {user.type} {user.id} of others uses it"
    assert verdict(cut_off, [*beside, user]) == said
    assert cut_off.id not in done(planned({}, [*beside, cut_off, user]))
    assert done(planned({}, [*beside, cut_off, user], made_by_us((cut_off.type, cut_off.id))))[cut_off.id] == "delete"
    # What is gone or AWS's own is no user.
    for nobodys in (replace(user, state=State.GONE), replace(user, service_owned=True)):
        assert verdict(cut_off, [*beside, nobodys]) == PROVEN
    # Nor does it matter to what is finished.
    assert verdict(twin(cut_off, cut_off.id), [*beside, user]) == PROVEN


@pytest.mark.parametrize(
    ("cut_off", "users"),
    [
        pytest.param(CUT_OFF_VPC, [OUR_NET, OUR_GROUP], id="what lies in it"),
        pytest.param(CUT_OFF_TABLE, [OUR_VPC, _route("rtb-0a", "0.0.0.0/0")], id="a row that it remembers"),
        pytest.param(CUT_OFF_GATE, [OUR_VPC, _attached("vpc-0a")], id="a link to ours"),
        pytest.param(CUT_OFF_GATE, [CUT_OFF_VPC, _attached("vpc-0a")], id="a link to what is unfinished itself"),
        pytest.param(CUT_OFF_GATE, [OUR_VPC, OUR_TABLE, TO_GATE], id="a row that our table remembers"),
        pytest.param(CUT_OFF_GATE, [OUR_VPC, CUT_OFF_TABLE, TO_GATE], id="and one that is unfinished"),
        pytest.param(
            CUT_OFF_ADDRESS, [live(NAT, "nat-0f", "", {"SubnetId": "s", "AllocationId": "eipalloc-0f"})], id="another's"
        ),
    ],
)
def test_what_is_ours_may_use_it(cut_off: Live, users: Sequence[Live]) -> None:
    assert verdict(cut_off, users) == PROVEN


def test_a_row_counts_only_as_far_as_its_table_is_ours_and_remembers_it() -> None:
    copy = replace(OUR_TABLE, id="rtb-0f")
    for table, row in (
        (OUR_TABLE, _route("rtb-0a", "10.0.0.0/8", to="igw-0a")),
        (copy, _route("rtb-0f", "0.0.0.0/0", to="igw-0a")),
        (OUR_TABLE, _route("rtb-0e", "0.0.0.0/0", to="igw-0a")),
    ):
        said = f"it carries no id of its own, and {ROUTE} {row.id} of others uses it"
        assert verdict(CUT_OFF_GATE, [OUR_VPC, table, row]) == said


def test_a_link_to_a_network_that_the_plan_names_is_ours() -> None:
    assert verdict(CUT_OFF_GATE, [_attached("vpc-0f")], known(given={"vpc-0f"})) == PROVEN


def test_a_zone_without_any_tag_that_others_use_may_have_been_given_up() -> None:
    """Its reference stays for ever. What kept one of its tags has only lost the others."""
    zone = live("AWS::Route53::HostedZone", "Z1", "Zone", {"Name": "x.corp.", "VPCs": []})
    bare = untagged(zone, *zone.tags)
    record = live("AWS::Route53::RecordSet", "Z1|api", "", {"HostedZoneId": "Z1", "Name": "api.x.corp.", "Type": "A"})
    said = "it carries no id of its own, and AWS::Route53::RecordSet Z1|api of others uses it"
    assert (verdict(bare), verdict(bare, [record])) == (PROVEN, said)
    for key in (PLAN, RESOURCE, REGION):
        assert verdict(replace(zone, tags={key: zone.tags[key]}), [record]) == PROVEN
    assert verdict(replace(zone, tags={"Name": "theirs"}), [record]) == said


def test_an_open_intent_of_the_journal_proves_what_is_unfinished() -> None:
    intent = known(begun={(VPC, "Vpc", OWNER.run)})
    theirs = live(SUBNET, "subnet-0f", "", {"VpcId": "vpc-0a", **NET})
    assert verdict(CUT_OFF_VPC, [theirs], intent) == PROVEN
    assert verdict(CUT_OFF_VPC, [twin(OUR_VPC, "vpc-00")], intent) == PROVEN
    others = [(SUBNET, "Vpc", OWNER.run), (VPC, "Other", OWNER.run), (VPC, "Vpc", "another")]
    for other in others:
        assert verdict(CUT_OFF_VPC, [theirs], known(begun={other})) != PROVEN
    # A copy of what is finished carries an id, whatever the journal was about to do.
    assert verdict(replace(OUR_VPC, id="vpc-0f"), (), intent) == "ocpprov:bound speaks of another: AWS::EC2::VPC vpc-0a"


def test_the_journal_proves_an_id_that_aws_gives_once() -> None:
    changed = retagged(OUR_GROUP, **{BOUND: "AWS::EC2::SecurityGroup vpc-0f theirs"})
    assert verdict(changed, memory=known(made={(GROUP, "sg-0a")})) == PROVEN
    for other in ((SUBNET, "sg-0a"), (GROUP, "sg-0b")):
        assert verdict(changed, memory=known(made={other})) == "ocpprov:bound speaks of another: " + changed.tags[BOUND]
    assert verdict(untagged(OUR_GATE, BOUND), memory=known(made={(GATEWAY, "igw-0a")})) == PROVEN


@pytest.mark.parametrize(
    ("type", "name"),
    [
        (ROLE, "RoleName"),
        ("AWS::IAM::InstanceProfile", "InstanceProfileName"),
        ("AWS::IAM::ManagedPolicy", "ManagedPolicyName"),
        ("AWS::S3::Bucket", "BucketName"),
        ("AWS::ElasticLoadBalancing::LoadBalancer", "LoadBalancerName"),
    ],
)
def test_but_not_an_id_that_is_a_name(type: str, name: str) -> None:
    """Somebody may have deleted ours and made another since."""
    theirs = retagged(live(type, "machines", "One", {name: "machines"}), **{BOUND: f"{type} prod"})
    for memory in (NOTHING_KNOWN, known(made={(type, "machines")})):
        assert verdict(theirs, memory=memory) == f"ocpprov:bound speaks of another: {type} prod"
    place = {"Bucket": "prod", "Key": "a.ign"}
    theirs = retagged(live(OBJECT, "prod/a.ign", "File", place), **{BOUND: f"{OBJECT} prod/b.ign"})
    assert verdict(theirs, memory=known(made={(OBJECT, "prod/a.ign")})) != PROVEN


def test_what_the_user_says_is_ours_is_ours() -> None:
    allowed = known(allowed={"igw-0f"})
    copy, bare = replace(OUR_GATE, id="igw-0f"), live(GATEWAY, "igw-0f")
    assert verdict(copy, [OUR_GATE]) == "ocpprov:bound speaks of another: AWS::EC2::InternetGateway igw-0a"
    assert verdict(copy, [OUR_GATE], allowed) == verdict(bare, [OUR_GATE], allowed) == PROVEN
    assert verdict(copy, [OUR_GATE], known(allowed={"igw-0f"}, given={"igw-0f"})) == PROVEN
    assert (verdict(bare), verdict(bare, memory=known(allowed={"igw-00"}))) == ("", "")
    # What has its tags goes, and what has none only takes a place that the plan has.
    assert done(planned({}, [OUR_GATE, copy], allowed)) == {"igw-0a": "delete", "igw-0f": "delete"}
    assert done(planned({}, [OUR_GATE, bare], allowed)) == {"igw-0a": "delete"}


def test_an_untagged_one_takes_the_place_of_which_aws_allows_one() -> None:
    theirs = live(SUBNET, "subnet-0f", "", {"VpcId": "vpc-0a", **NET})
    lives = [OUR_VPC, OUR_GROUP, theirs]
    assert len(planned(PLANNED, lives).problems) == 1
    actions = planned(PLANNED, lives, known(allowed={"subnet-0f"}))
    assert (done(actions), current(actions)["Net"], actions.problems) == ({"subnet-0f": "adopt"}, "subnet-0f", [])
    assert actions.proven == {(each.type, each.id) for each in lives}
    assert done(planned({}, lives, known(allowed={"subnet-0f"}))) == {"vpc-0a": "delete", "sg-0a": "delete"}


def test_what_the_plan_names_as_existing_was_there_before() -> None:
    said = "the plan names it as existing"
    given = known(given={"vpc-0a"})
    assert verdict(OUR_VPC, memory=given) == said
    assert verdict(OUR_VPC, memory=known(given={"vpc-0a"}, types={"Vpc": SUBNET})) == said
    # Unless the plan makes it: what it made once and only names now is given, whatever the journal has.
    assert verdict(OUR_VPC, memory=known(given={"vpc-0a"}, types={"Vpc": VPC})) == PROVEN
    assert verdict(OUR_VPC, memory=known(given={"vpc-0a"}, made={(VPC, "vpc-0a")})) == said
    role = wanted(Role=(ROLE, TRUST))
    # An apply takes the plan's tags off it, a destroy leaves it as it is.
    assert done(planned(role, [OUR_VPC], given)) == {"Role": "create", "vpc-0a": "forget"}
    assert done(planned({}, [OUR_VPC], given)) == {}
    made = known(given={"vpc-0a"}, made={(VPC, "vpc-0a")})
    assert done(planned(role, [OUR_VPC], made)) == {"Role": "create", "vpc-0a": "forget"}


def test_of_two_with_the_same_tags_the_one_that_the_plan_names_was_there_before() -> None:
    ours = live(ADDRESS, "eipalloc-0z", "Address", {"Domain": "vpc"})
    plan = {**PLANNED, **wanted(Address=(ADDRESS, {"Domain": "vpc"}))}
    memory = known(types={name: resource.type for name, resource in plan.items()}, given={"eipalloc-0a"})
    for theirs in (replace(ours, id="eipalloc-0a"), unfinished(ours, "eipalloc-0a")):
        assert done(planned(plan, [*OURS, theirs, ours], memory)) == {"eipalloc-0a": "forget"}
        destroyed = planned({}, [*OURS, theirs, ours], memory)
        assert "eipalloc-0z" in done(destroyed)
        assert "eipalloc-0a" not in done(destroyed)
        assert verdict(theirs, [*OURS, ours], memory) == "the plan names it as existing"
    # Alone, or with its own id, it is one that the plan made and names besides.
    assert verdict(unfinished(ours, "eipalloc-0a"), OURS, memory) == PROVEN
    assert verdict(twin(ours, "eipalloc-0a"), [*OURS, ours], memory) == PROVEN


def test_a_resource_of_the_plan_may_be_named_by_its_id_elsewhere_in_it() -> None:
    other = live(GROUP, "sg-0b", "Other", {"VpcId": "vpc-0a", "GroupDescription": "other"}, given=["vpc-0a"])
    both = {**PLANNED, **wanted(Other=(GROUP, {"VpcId": "vpc-0a", "GroupDescription": "other"}))}
    actions = planned(both, [*OURS, other], known(given={"vpc-0a"}))
    assert set(done(actions).values()) <= {"update"}
    assert actions.unproven == []


def test_a_network_that_was_named_is_remembered_by_what_lies_in_it() -> None:
    """A destroy without the plan: what the resources say of the place is enough, and the place is left."""
    net = live(SUBNET, "subnet-0a", "Net", {"VpcId": "vpc-0e", **NET}, given=["vpc-0e"])
    claim = live(VPC, "vpc-0e", "Vpc", BLOCK)
    assert places_given(inventory(net), KINDS, OWNER) == {"vpc-0e"}
    assert places_given(inventory(net, claim), KINDS, OWNER) == frozenset()
    assert places_given(inventory(net, unfinished(claim)), KINDS, OWNER) == {"vpc-0e"}
    assert places_given(inventory(replace(net, id="subnet-0f")), KINDS, OWNER) == {"vpc-0e"}
    elsewhere = replace(net, properties={**net.properties, "VpcId": "vpc-0f"})
    others = replace(net, tags={**net.tags, PLAN: "other"})
    assert places_given(inventory(elsewhere, others, OUR_NET), KINDS, OWNER) == frozenset()
    assert done(planned({}, [net, unfinished(claim)])) == {"subnet-0a": "delete"}
    assert done(planned({}, [net])) == {"subnet-0a": "delete"}


def test_what_the_plan_leaves_behind_when_its_network_is_another_is_still_its_own() -> None:
    moved = wanted(Group=(GROUP, {"VpcId": "vpc-0b", **TEXT}))
    old = live(GROUP, "sg-0a", "Group", {"VpcId": "vpc-0a", **TEXT}, given=["vpc-0a"])
    assert done(planned(moved, [old], known(given={"vpc-0b"}))) == {"sg-0a": "replace"}


def test_a_type_that_changed_under_a_logical_id_goes_where_it_is_proven() -> None:
    old = live(TABLE, "rtb-0a", "Thing", {"VpcId": "vpc-0a"})
    both = {**PLANNED, **wanted(Thing=(GROUP, {"VpcId": ref("Vpc"), "GroupDescription": "t"}))}
    assert done(planned(both, [*OURS, old])) == {"Thing": "create", "rtb-0a": "delete"}
    assert done(planned(both, [*OURS, replace(old, id="rtb-0f")])) == {"Thing": "create"}


def test_a_copy_never_takes_the_place_of_a_tag_that_was_lost() -> None:
    theirs = untagged(copied(OUR_NET, SUBNET, "subnet-0f", {**NET, "VpcId": "vpc-0f"}), PLAN)
    assert theirs.tags[RESOURCE] == "Net"
    assert done(planned(PLANNED, [OUR_VPC, OUR_GROUP, theirs])) == {"Net": "create"}
    nowhere = untagged(OUR_NET, BOUND, PLAN, REVISION)
    assert done(planned(PLANNED, [OUR_VPC, OUR_GROUP, nowhere])) == {"subnet-0a": "adopt"}
    assert done(planned(PLANNED, [OUR_VPC, OUR_GROUP, untagged(nowhere, RESOURCE, RUN)])) == {"Net": "create"}


@pytest.mark.parametrize("type", sorted(type for type, kind in KINDS.items() if kind.identity is Identity.TAGS))
def test_tags_copied_onto_another_type_are_no_proof(type: str) -> None:
    for source in (OUR_VPC, OUR_NET, OUR_ROLE, unfinished(OUR_VPC)):
        theirs = copied(
            source,
            type,
            "theirs-1",
            {"VpcId": "vpc-0a", "Bucket": "b", "Key": "k", "DefaultActions": [], "LoadBalancerArn": "a"},
        )
        if type != source.type:
            assert verdict(theirs, [*OURS, OUR_ROLE]) not in ("", PROVEN)
            assert "theirs-1" not in done(planned({}, [*OURS, OUR_ROLE, theirs]))


def test_the_region_of_a_zones_reference_counts() -> None:
    zone = live("AWS::Route53::HostedZone", "Z1", "Zone", {"Name": "x.corp."})
    for key, value in ((PLAN, "other"), (REGION, "us-east-1"), (RESOURCE, "Other")):
        elsewhere = replace(zone, claim={**zone.claim, key: value})
        assert verdict(elsewhere) == "it was made for something else"

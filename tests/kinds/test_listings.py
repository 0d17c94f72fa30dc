"""By what EC2's types are looked for: the calls as values, by what is known when they are put together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

import pytest

from ocpprov.engine.ownership import PLAN
from ocpprov.engine.resources import Live
from ocpprov.kinds.ec2.tag_index import sought_after, tagged_ids, tags_read
from ocpprov.kinds.reads import Found, Pages, Read
from ocpprov.kinds.registry import KINDS
from tests.kinds.world import OWNER

BY_TAG: Final = f"tag:{PLAN}"
IN_A_VPC: Final = {
    "AWS::EC2::Subnet": "subnet",
    "AWS::EC2::RouteTable": "rtb",
    "AWS::EC2::NetworkAcl": "acl",
    "AWS::EC2::SecurityGroup": "sg",
    "AWS::EC2::NatGateway": "nat",
    "AWS::EC2::VPCEndpoint": "vpce",
    "AWS::EC2::InternetGateway": "igw",
    "AWS::EC2::VPCPeeringConnection": "pcx",
    "AWS::EC2::TransitGatewayAttachment": "tgw-attach",
}
"""Types that are listed by network, each with the prefix of its ids."""
SETTLE: Final = ("NatGateway", "VPCEndpoint", "VPCPeeringConnection", "TransitGatewayAttachment")
PEERING: Final = "AWS::EC2::VPCPeeringConnection"
ATTACHMENT: Final = "AWS::EC2::TransitGatewayAttachment"


def conditions(reads: Iterable[Read]) -> list[tuple[str, list[str]]]:
    """The one filter of each call; of one without, that."""
    found = []
    for made in reads:
        arguments = made.arguments()
        [each] = arguments.get("Filters") or arguments.get("Filter") or [{"Name": "", "Values": []}]
        found.append((each["Name"], each["Values"]))
    return found


def asked(type: str, found: Found) -> list[tuple[str, list[str]]]:
    return conditions(KINDS[type].reads(found))


def known(**members: Any) -> Found:
    """What is known of a plan with a VPC, the tags of which EC2 tells for all types at once."""
    return Found(OWNER, given=frozenset({"vpc-1"}), names=frozenset(), tagged=frozenset(), **members)


@pytest.mark.parametrize("type", IN_A_VPC)
def test_what_lies_in_a_network_is_listed_once_by_it(type: str) -> None:
    [(name, values)] = asked(type, known())
    assert (name.endswith("vpc-id"), values) == (True, ["vpc-1"])


@pytest.mark.parametrize("type", [type for type in IN_A_VPC if type != ATTACHMENT])
def test_where_nobody_tells_of_all_types_each_is_asked_for_the_tag(type: str) -> None:
    tag, network = asked(type, replace(known(), tagged=None))
    assert (tag, network[1]) == ((BY_TAG, [OWNER.plan]), ["vpc-1"])


@pytest.mark.parametrize(("type", "prefix"), IN_A_VPC.items())
def test_what_no_network_has_brought_is_asked_for_by_its_id(type: str, prefix: str) -> None:
    found = known(sought=frozenset({f"{prefix}-2", f"{prefix}-1", "other-1"}))
    name, values = asked(type, found)[-1]
    assert (name.endswith("-id"), name.endswith("vpc-id"), values) == (True, False, [f"{prefix}-1", f"{prefix}-2"])


def test_what_the_plan_names_is_asked_for_by_a_call_that_stays_the_same() -> None:
    found = replace(known(), given=frozenset({"subnet-1"}))
    assert asked("AWS::EC2::Subnet", found) == [("subnet-id", ["subnet-1"])]
    more = replace(found, sought=frozenset({"subnet-1", "subnet-2"}))
    assert asked("AWS::EC2::Subnet", more) == [("subnet-id", ["subnet-1"]), ("subnet-id", ["subnet-2"])]


@pytest.mark.parametrize("type", [PEERING, ATTACHMENT])
def test_what_the_plan_never_had_is_not_looked_for_in_its_network(type: str) -> None:
    sought = frozenset({f"{IN_A_VPC[type]}-1"})
    never = known(types=frozenset({"AWS::EC2::VPC"}), knows_types=True)
    assert asked(type, never) == []
    assert [values for _, values in asked(type, replace(never, sought=sought))] == [sorted(sought)]
    for may_be in (
        replace(never, knows_types=False),
        replace(never, types=frozenset({type})),
        replace(never, types=None),
    ):
        assert [values for _, values in asked(type, may_be)] == [["vpc-1"]]


def test_attachments_are_all_listed_where_nobody_knows_the_plan_nor_its_tags() -> None:
    assert asked(ATTACHMENT, replace(known(), names=None, tagged=None)) == [("", [])]
    assert asked(ATTACHMENT, replace(known(), names=None)) == [("vpc-id", ["vpc-1"])]


@pytest.mark.parametrize("type", SETTLE)
def test_who_waits_asks_once_for_all_that_are_known(type: str) -> None:
    kind = KINDS[f"AWS::EC2::{type}"]
    lives = [Live(kind.type, id, {"VpcId": "vpc-1"}, tags={PLAN: OWNER.plan}) for id in ("b-2", "a-1")]
    [(name, values)] = conditions(kind.state_reads(Found(OWNER, {kind.type: lives})))
    assert (name.endswith("-id"), name.endswith("vpc-id"), values) == (True, False, ["a-1", "b-2"])


def test_a_vpc_is_asked_for_by_the_tag_while_none_is_known() -> None:
    nothing = Found(OWNER, tagged=frozenset())
    assert asked("AWS::EC2::VPC", nothing) == [(BY_TAG, [OWNER.plan])]
    reads = KINDS["AWS::EC2::VPC"].reads(replace(nothing, tagged=frozenset({"vpc-2", "subnet-1"})))
    assert conditions(reads[:1]) == [("vpc-id", ["vpc-2"])]
    assert [made.arguments() for made in reads[1:]] == [
        {"VpcId": "vpc-2", "Attribute": "enableDnsSupport"},
        {"VpcId": "vpc-2", "Attribute": "enableDnsHostnames"},
    ]
    assert conditions(KINDS["AWS::EC2::VPC"].reads(replace(known(), tagged=None))[:2]) == [
        (BY_TAG, [OWNER.plan]),
        ("vpc-id", ["vpc-1"]),
    ]


def test_addresses_are_asked_for_by_the_ids_that_are_known_else_by_the_tag() -> None:
    type, tag = "AWS::EC2::EIP", (BY_TAG, [OWNER.plan])
    planned = known(types=frozenset({type}))
    assert asked(type, planned) == [tag]
    assert asked(type, replace(planned, types=frozenset())) == []
    journal = replace(planned, given=frozenset({"eipalloc-1"}), tagged=frozenset({"eipalloc-2", "vpc-1"}))
    assert asked(type, journal) == [("allocation-id", ["eipalloc-1", "eipalloc-2"])]
    gateways = [Live("AWS::EC2::NatGateway", "nat-1", {"AllocationId": id}) for id in ("eipalloc-1", "eipalloc-9")]
    used = replace(journal, lives={"AWS::EC2::NatGateway": gateways})
    assert asked(type, used) == [*asked(type, journal), ("allocation-id", ["eipalloc-9"])]
    assert asked(type, replace(journal, tagged=None)) == [tag, ("allocation-id", ["eipalloc-1"])]


def test_options_are_asked_for_by_the_tag_where_the_plan_is_to_have_any() -> None:
    type = "AWS::EC2::DHCPOptions"
    link = Live("AWS::EC2::VPCDHCPOptionsAssociation", "vpc-1", {"DhcpOptionsId": "dopt-9"})
    without = known(types=frozenset(), lives={link.type: [link]})
    assert asked(type, without) == [("dhcp-options-id", ["dopt-9"])]
    tagged = replace(without, tagged=frozenset({"dopt-1", "dopt-9"}))
    assert asked(type, tagged) == [("dhcp-options-id", ["dopt-1", "dopt-9"])]
    assert asked(type, replace(without, types=frozenset({type})))[0] == (BY_TAG, [OWNER.plan])


def test_rules_are_asked_for_by_their_groups_each_once() -> None:
    groups = [Live("AWS::EC2::SecurityGroup", id, {}) for id in ("sg-1", "sg-2")]
    found = known(lives={"AWS::EC2::SecurityGroup": groups}, sought=frozenset({"sgr-1"}))
    type = "AWS::EC2::SecurityGroupIngress"
    assert asked(type, found) == [("group-id", ["sg-1", "sg-2"]), ("security-group-rule-id", ["sgr-1"])]
    named = replace(found, given=frozenset({"sg-2"}), sought=frozenset())
    assert asked(type, named) == [("group-id", ["sg-2"]), ("group-id", ["sg-1"])]


def test_marks_come_with_the_tags() -> None:
    assert asked("Ocpprov::EC2::SharedTags", known()) == []
    assert asked("Ocpprov::EC2::SharedTags", replace(known(), tagged=None)) == [("key", ["ocpprov:shared:prod"])]


def rows(*tags: tuple[str, str, str]) -> Pages:
    items: list[Mapping[str, str]] = [{"ResourceId": id, "Key": key, "Value": value} for id, key, value in tags]
    return Pages({tags_read("prod"): [{"Tags": items}]})


def test_what_carries_the_tag_is_told_from_marks_and_from_what_nobody_asked_for() -> None:
    told = rows(
        ("vpc-1", PLAN, "prod"),
        ("vpc-2", PLAN, "of other + plans"),
        ("subnet-1", "ocpprov:shared:prod", "cluster x + of subnet-1"),
        ("sg-1", PLAN, "prod"),
    )
    assert tagged_ids(told, "prod") == {"vpc-1", "sg-1"}
    assert tags_read("prod").arguments()["Filters"] == [
        {"Name": "key", "Values": [PLAN, "ocpprov:shared:prod"]},
        {"Name": "value", "Values": ["prod", "* + *"]},
    ]


SUBNET: Final = Live("AWS::EC2::Subnet", "subnet-1", {"VpcId": "vpc-1"}, tags={PLAN: OWNER.plan})
GROUP: Final = Live("AWS::EC2::SecurityGroup", "sg-1", {"VpcId": "vpc-1"}, tags={PLAN: OWNER.plan})
TOLD: Final = replace(known(), tagged=frozenset({"vpc-1", "subnet-1", "subnet-2", "sgr-1"}))


def test_what_was_listed_is_not_sought() -> None:
    after = replace(TOLD, lives={SUBNET.type: [SUBNET]})
    assert sought_after(known(), after) == {"vpc-1", "subnet-2", "sgr-1"}
    assert sought_after(known(), replace(after, sought=frozenset({"subnet-1"}))) >= {"subnet-1", "subnet-2"}


def test_what_was_listed_with_the_tag_and_does_not_carry_it_is_sought() -> None:
    """Where the answer about the tag has anything: an empty one may lag behind all lists."""
    mark = Live("Ocpprov::EC2::SharedTags", "subnet-9", {}, tags={PLAN: OWNER.plan})
    role = Live("AWS::IAM::Role", "nat-role", {}, tags={PLAN: OWNER.plan})
    lives = {each.type: [each] for each in (SUBNET, GROUP, mark, role)}
    assert sought_after(known(), replace(TOLD, lives=lives)) == {"vpc-1", "subnet-2", "sg-1"}
    assert sought_after(known(), replace(TOLD, tagged=frozenset(), lives=lives)) == frozenset()


def test_nothing_is_sought_while_there_are_networks_to_list() -> None:
    elsewhere = replace(SUBNET, id="subnet-3", properties={"VpcId": "vpc-3"})
    after = replace(TOLD, lives={SUBNET.type: [SUBNET, elsewhere]})
    assert sought_after(known(), after) == frozenset()
    assert sought_after(known(), replace(after, tagged=None)) == frozenset()


def test_no_rule_is_sought_while_there_are_groups_to_ask_for() -> None:
    after = replace(TOLD, tagged=(TOLD.tagged or frozenset()) | {GROUP.id}, lives={GROUP.type: [GROUP]})
    assert sought_after(known(), after) == {"vpc-1", "subnet-1", "subnet-2"}
    assert "sgr-1" in sought_after(after, after)


def test_how_a_vpc_answers_names_is_not_asked_where_all_of_it_is_to_go() -> None:
    def asked(**compared: Any) -> list[str]:
        found = Found(OWNER, given=frozenset({"vpc-1"}), **compared)
        return [each.operation for each in KINDS["AWS::EC2::VPC"].reads(found) if "attribute" in each.operation]

    assert len(asked()) == len(asked(compared={"AWS::S3::Bucket": frozenset({"BucketName"})})) == 2
    assert asked(compared={}) == []

"""A look at EC2: what carries the plan's tag comes in one answer, then each type is listed once, by its network."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, cast

import pytest

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError, AwsMessage
from ocpprov.aws.reads import Answer, Reader
from ocpprov.engine.ownership import PLAN, SHARED
from ocpprov.engine.resources import Owner
from ocpprov.kinds.ec2.tag_index import tagged_ids, tags_read
from ocpprov.kinds.reads import Found, Pages, Read
from ocpprov.kinds.registry import KINDS
from ocpprov.reconcile.observe import observe, reads_at_start

PLAN_NAME: Final = "prod"
START: Final = Found(Owner(PLAN_NAME, "eu-west-1", "123456789012", "run"), names=frozenset())
LISTED: Final[Mapping[str, tuple[str, str, Mapping[str, Any]]]] = {
    "describe_vpcs": ("Vpcs", "VpcId", {"CidrBlock": "10.0.0.0/16", "State": "available", "DhcpOptionsId": "default"}),
    "describe_subnets": ("Subnets", "SubnetId", {"CidrBlock": "10.0.0.0/24", "State": "available"}),
    "describe_internet_gateways": ("InternetGateways", "InternetGatewayId", {}),
    "describe_security_groups": ("SecurityGroups", "GroupId", {"GroupName": "one", "Description": "one"}),
    "describe_security_group_rules": (
        "SecurityGroupRules",
        "SecurityGroupRuleId",
        {"IsEgress": False, "IpProtocol": "-1", "CidrIpv4": "10.0.0.0/8"},
    ),
}
"""By operation: where its answers have things, the name of their ids, and what else each has."""
TYPES: Final = ("VPC", "Subnet", "InternetGateway", "SecurityGroup", "SecurityGroupIngress")
OF: Final = {name: KINDS[f"AWS::EC2::{name}"] for name in TYPES}
KINDS_ASKED: Final = {kind.type: kind for kind in (*OF.values(), KINDS["Ocpprov::EC2::SharedTags"])}
INDEX: Final = tags_read(PLAN_NAME)


def denied(operation: str = "DescribeTags") -> AwsError:
    return AwsError(ErrorClass.DENIED, AwsMessage("UnauthorizedOperation", "no", "r-1", operation))


@dataclass
class Ec2:
    """Things by their ids, each with its network or group; those `tagged` are the plan's. `hidden` are in no list but
    by id. Lists have those `bare` without tags, those `stripped` whoever asks for them, and those `swapped` with the
    tags of another one beside them. `index` is the answer about the plan's tag where it isn't made of these, `errors`
    are those to some reads, by operation."""

    things: dict[str, str]
    tagged: set[str]
    hidden: set[str] = field(default_factory=set)
    bare: set[str] = field(default_factory=set)
    stripped: set[str] = field(default_factory=set)
    swapped: Mapping[str, str] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)
    index: Sequence[Answer] = ()
    errors: dict[str, AwsError] = field(default_factory=dict)
    rounds: list[list[str]] = field(default_factory=list)

    def attempt(self, wanted: Sequence[Read]) -> dict[Read, Any]:
        self.rounds.append([_told(one) for one in wanted])
        own = {INDEX: self.index}
        return {one: self.errors.get(one.operation) or own.get(one) or [self._page(one)] for one in wanted}

    def _page(self, one: Read) -> Mapping[str, Any]:
        if one.operation == "describe_tags":
            own = [{"ResourceId": id, "Key": PLAN, "Value": PLAN_NAME} for id in sorted(self.tagged)]
            marks = [{"ResourceId": id, "Key": SHARED + PLAN_NAME, "Value": value} for id, value in self.marks.items()]
            return {"Tags": [*own, *marks]}
        if one.operation not in LISTED:
            return {}
        member, id_name, rest = LISTED[one.operation]
        [condition] = one.arguments()["Filters"]
        without = {id for id in self.bare if id not in condition["Values"]} | self.stripped
        items = [self._item(id, id_name, rest, without) for id in self._matching(one)]
        by_id = {item[id_name]: item for item in items}
        # Whatever is listed beside the other one has its tags.
        other = {id: by_id[of]["Tags"] for id, of in self.swapped.items() if id in by_id and of in by_id}
        return {member: [{**item, "Tags": other.get(item[id_name], item["Tags"])} for item in items]}

    def _matching(self, one: Read) -> Iterator[str]:
        [condition] = one.arguments()["Filters"]
        for id, place in self.things.items():
            if not id.startswith(PREFIXES[one.operation]):
                continue
            by_id = id in condition["Values"]
            by_place = place in condition["Values"] or (condition["Name"].startswith("tag:") and id in self.tagged)
            if by_id or (by_place and id not in self.hidden):
                yield id

    def _item(self, id: str, id_name: str, rest: Mapping[str, Any], without: set[str]) -> Mapping[str, Any]:
        place = self.things[id]
        tags = [{"Key": PLAN, "Value": PLAN_NAME}] if id in self.tagged - without else []
        inside = {"GroupId": place} if place.startswith("sg-") else {"VpcId": place} if place else {}
        attached = {"Attachments": [{"VpcId": place, "State": "available"}]} if id.startswith("igw-") and place else {}
        return {**rest, **inside, **attached, id_name: id, "Tags": tags}


PREFIXES: Final = {
    "describe_vpcs": "vpc-",
    "describe_subnets": "subnet-",
    "describe_internet_gateways": "igw-",
    "describe_security_groups": "sg-",
    "describe_security_group_rules": "sgr-",
}


def _told(one: Read) -> str:
    """A call in words: what it lists, and by what."""
    arguments = one.arguments()
    values = [value for each in arguments.get("Filters", ()) for value in each["Values"]]
    if one.operation == "describe_tags":
        return "tags" if one == INDEX else f"tags of {' '.join(values)}"
    if one.operation == "describe_vpc_attribute":
        return f"{arguments['Attribute']} of {arguments['VpcId']}"
    return f"{one.operation.removeprefix('describe_')} {' '.join(values)}"


def look(ec2: Ec2, found: Found = START, **options: Any) -> set[str]:
    """The ids that are found."""
    return {live.id for live in observe(KINDS_ASKED, found, cast("Reader", ec2), **options)}


JOURNAL: Final = replace(START, given=frozenset({"vpc-1"}))
WHOLE: Final = {
    "vpc-1": "",
    "subnet-1": "vpc-1",
    "subnet-of-others": "vpc-1",
    "igw-1": "vpc-1",
    "sg-1": "vpc-1",
    "sgr-1": "sg-1",
}
OURS: Final = {"vpc-1", "subnet-1", "igw-1", "sg-1", "sgr-1"}


def test_where_the_journal_knows_the_network_two_rounds_bring_all() -> None:
    ec2 = Ec2(WHOLE, OURS)
    assert look(ec2, JOURNAL) == set(WHOLE)
    assert [sorted(round) for round in ec2.rounds] == [
        [
            "enableDnsHostnames of vpc-1",
            "enableDnsSupport of vpc-1",
            "internet_gateways vpc-1",
            "security_groups vpc-1",
            "subnets vpc-1",
            "tags",
            "vpcs vpc-1",
        ],
        ["security_group_rules sg-1"],
    ]


def test_where_nobody_knows_the_network_the_tag_tells_it() -> None:
    ec2 = Ec2(WHOLE, OURS)
    assert look(ec2) == set(WHOLE)
    assert ec2.rounds[0] == ["tags", "vpcs prod"]
    assert "subnets vpc-1" in ec2.rounds[1]
    assert ec2.rounds[2] == ["security_group_rules sg-1"]


def test_what_was_never_made_is_asked_for_by_its_anchors_only() -> None:
    ec2 = Ec2({}, set())
    assert look(ec2) == set()
    assert ec2.rounds == [["tags", "vpcs prod"]]


def test_what_no_list_brings_is_asked_for_by_id_and_its_network_is_listed_too() -> None:
    things = {**WHOLE, "igw-2": "", "subnet-2": "vpc-9", "subnet-near": "vpc-9", "vpc-9": ""}
    ec2 = Ec2(things, {*OURS, "igw-2", "subnet-2"})
    assert look(ec2, JOURNAL) == set(things)
    assert {"internet_gateways igw-2", "subnets subnet-2"} <= set(ec2.rounds[1])
    assert "subnets vpc-1 vpc-9" in ec2.rounds[2]
    # Once.
    assert sum(told == "subnets subnet-2" for round in ec2.rounds for told in round) == 1


def test_what_a_list_lacks_is_asked_for_by_id() -> None:
    ec2 = Ec2(WHOLE, OURS, hidden={"subnet-1", "sgr-1"})
    assert look(ec2, JOURNAL) == set(WHOLE)
    assert "subnets subnet-1" in ec2.rounds[1]
    assert ec2.rounds[2] == ["security_group_rules sgr-1"]


def test_where_the_index_lacks_all_the_network_tells() -> None:
    ec2 = Ec2(WHOLE, set())
    assert look(ec2, JOURNAL) == set(WHOLE)
    assert len(ec2.rounds) == 2


def test_where_the_index_is_closed_each_type_is_asked_for_the_tag() -> None:
    ec2 = Ec2({**WHOLE, "igw-2": ""}, {*OURS, "igw-2"}, errors={"describe_tags": denied()})
    assert look(ec2, needless={"Ocpprov::EC2::SharedTags"}) == {*WHOLE, "igw-2"}
    assert "internet_gateways prod" in ec2.rounds[1]
    assert "tags" in ec2.rounds[0]
    assert not any("tags" in round for round in ec2.rounds[1:])


def test_an_index_that_fails_otherwise_ends_the_look() -> None:
    broken = AwsError(ErrorClass.UNKNOWN_OUTCOME, AwsMessage("InternalError", "no", "r-1", "DescribeTags"))
    with pytest.raises(AwsError, match="InternalError"):
        look(Ec2(WHOLE, OURS, errors={"describe_tags": broken}), JOURNAL)
    inventory = observe(
        KINDS_ASKED, JOURNAL, cast("Reader", Ec2(WHOLE, OURS, errors={"describe_tags": broken})), tolerant=True
    )
    assert {live.id for live in inventory} == set(WHOLE)
    assert [each.type for each in inventory.unseen] == ["Ocpprov::EC2::SharedTags"]


def test_marks_are_found_by_the_same_answer() -> None:
    ec2 = Ec2({}, set(), marks={"subnet-9": "cluster c + of subnet-9 + tag kubernetes.io/role/elb"})
    assert look(ec2) == {"subnet-9"}
    assert ec2.rounds == [["tags", "vpcs prod"], ["tags of subnet-9"]]


def test_what_is_answered_already_is_not_asked_and_tells_what_else_is() -> None:
    ec2 = Ec2(WHOLE, OURS)
    known = ec2.attempt([one for one in reads_at_start(KINDS_ASKED, JOURNAL) if one.operation != "describe_subnets"])
    ec2.rounds.clear()
    assert look(ec2, JOURNAL, known=known) == set(WHOLE)
    assert [sorted(round) for round in ec2.rounds] == [["security_group_rules sg-1", "subnets vpc-1"]]


def test_kinds_of_other_services_ask_for_no_tags_of_ec2() -> None:
    roles = {"AWS::IAM::Role": KINDS["AWS::IAM::Role"]}
    assert [one.service for one in reads_at_start(roles, START)] == ["iam"]
    assert INDEX in reads_at_start(KINDS_ASKED, START)


@pytest.mark.parametrize("id", ["subnet-1", "igw-1", "sg-1", "sgr-1"])
def test_what_a_list_has_without_its_tag_is_asked_for_by_id(id: str) -> None:
    lives = observe(KINDS_ASKED, JOURNAL, cast("Reader", Ec2(WHOLE, OURS, bare={id})))
    assert [live.tags for live in lives if live.id == id] == [{PLAN: PLAN_NAME}]


def test_what_a_list_shows_with_the_tag_and_the_index_lacks_is_asked_for_by_id() -> None:
    """The tags of another one, or an index that lags."""
    ec2 = Ec2(WHOLE, OURS, index=[index_of(OURS - {"sg-1"})])
    assert look(ec2, JOURNAL) == set(WHOLE)
    assert sorted(told for round in ec2.rounds for told in round if told.endswith(" sg-1")) == [
        "security_group_rules sg-1",
        "security_groups sg-1",
    ]
    wrong = Ec2(WHOLE, OURS, index=[index_of(OURS)], swapped={"subnet-of-others": "subnet-1"})
    lives = observe(KINDS_ASKED, JOURNAL, cast("Reader", wrong))
    assert {live.id: live.tags for live in lives.of("AWS::EC2::Subnet")} == {
        "subnet-1": {PLAN: PLAN_NAME},
        "subnet-of-others": {},
    }


def index_of(ids: Collection[str]) -> Answer:
    return Answer(
        {"Tags": [{"Key": PLAN, "Value": PLAN_NAME, "ResourceId": id} for id in sorted(ids)]}, "DescribeTags", "r-1"
    )


def test_what_the_index_says_is_kept_whatever_the_lists_say() -> None:
    lives = observe(KINDS_ASKED, JOURNAL, cast("Reader", Ec2(WHOLE, OURS, stripped={"subnet-1"})))
    assert lives.tagged == OURS
    assert [live.tags for live in lives if live.id == "subnet-1"] == [{}]
    closed = Ec2(WHOLE, OURS, errors={"describe_tags": denied()})
    marks = {"Ocpprov::EC2::SharedTags"}
    assert observe(KINDS_ASKED, JOURNAL, cast("Reader", closed), needless=marks).tagged == frozenset()


def test_a_mark_on_ours_does_not_stand_for_its_tag() -> None:
    marks = {"subnet-1": "cluster c + of subnet-1 + tag kubernetes.io/role/elb"}
    lives = observe(KINDS_ASKED, JOURNAL, cast("Reader", Ec2(WHOLE, OURS, bare={"subnet-1"}, marks=marks)))
    assert [live.tags for live in lives.of("AWS::EC2::Subnet") if live.id == "subnet-1"] == [{PLAN: PLAN_NAME}]


def test_tags_whose_values_are_missing_are_not_other_values() -> None:
    row = Answer({"Tags": [{"Key": PLAN, "ResourceId": "vpc-1"}]}, "DescribeTags", "r-1")
    with pytest.raises(AwsError, match=r"DescribeTags.*lacks Value"):
        tagged_ids(Pages({INDEX: [row]}), PLAN_NAME)


def test_where_the_index_cannot_be_read_each_type_is_asked_for_the_tag_if_that_is_tolerated() -> None:
    row = {"Key": PLAN, "ResourceId": "vpc-1"}
    ec2 = Ec2({**WHOLE, "igw-2": ""}, {*OURS, "igw-2"}, index=[Answer({"Tags": [row]}, "DescribeTags", "r-1")])
    with pytest.raises(AwsError, match="lacks Value"):
        look(ec2)
    assert look(ec2, tolerant=True) == {*WHOLE, "igw-2"}

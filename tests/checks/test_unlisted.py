"""What the journal knows and AWS doesn't list."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError, AwsMessage
from ocpprov.aws.reads import Answer, Reader
from ocpprov.checks.unlisted import Unlisted, unlisted
from ocpprov.engine.inventory import Inventory, Unseen
from ocpprov.engine.ownership import PLAN, REGION, RESOURCE
from ocpprov.engine.resources import Live, Owner, State
from ocpprov.kinds.reads import Read
from ocpprov.kinds.registry import KINDS

OWNER = Owner("lab", "eu-west-1", "123456789012", "run")
TAGS = {PLAN: "lab", REGION: "eu-west-1", RESOURCE: "Thing"}
ROWS = [{"Key": key, "Value": value} for key, value in TAGS.items()]
VPC, NAT, GROUP, ROLE = "AWS::EC2::VPC", "AWS::EC2::NatGateway", "AWS::EC2::SecurityGroup", "AWS::IAM::Role"
DENIED = AwsError(ErrorClass.DENIED, AwsMessage("AccessDenied", "no", "r-1", "DescribeVpcs"))

PagesOrError = Sequence[Mapping[str, Any]] | AwsError


@dataclass
class Answers:
    """A reader with an answer for each operation; what isn't there has no pages."""

    answers: Mapping[str, PagesOrError] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def attempt(self, wanted: Sequence[Read]) -> dict[Read, PagesOrError]:
        self.asked += [(one.operation, one.arguments()) for one in wanted]
        return {one: self.answers.get(one.operation, []) for one in wanted}


def live(type: str, id: str, **more: Any) -> Live:
    return Live(type, id, more, tags=TAGS)


def look(
    made: Sequence[tuple[str, str]],
    answers: Answers,
    *listed: Live,
    needless: Sequence[str] = (),
    tagged: Collection[str] = (),
    unseen: Sequence[Unseen] = (),
) -> Unlisted:
    by_type: dict[str, list[Live]] = {}
    for each in listed:
        by_type.setdefault(each.type, []).append(each)
    inventory = Inventory(by_type, unseen, frozenset(tagged))
    return unlisted(inventory, made, KINDS, needless, OWNER, cast("Reader", answers))


def vpcs(id: str, tags: Sequence[Mapping[str, str]] = ROWS) -> Answers:
    item = {"VpcId": id, "CidrBlock": "10.0.0.0/16", "State": "available", "Tags": tags}
    return Answers({"describe_vpcs": [{"Vpcs": [item]}]})


def test_what_is_listed_is_not_asked_for() -> None:
    asked = Answers()
    assert look([(VPC, "vpc-1"), ("AWS::EC2::Route", "rtb-1|0.0.0.0/0")], asked, live(VPC, "vpc-1")) == Unlisted()
    assert asked.asked == []


def test_without_a_journal_nothing_is_asked() -> None:
    asked = Answers()
    assert look([], asked) == Unlisted()
    assert asked.asked == []


def test_what_is_not_kept_whole_is_not_asked_for() -> None:
    asked = Answers()
    assert look([(ROLE, "lab-****")], asked) == Unlisted()
    assert asked.asked == []


def test_one_of_each_type_is_asked_for_and_the_others_where_that_is_gone() -> None:
    asked = Answers()
    made = [(VPC, "vpc-1"), (GROUP, "sg-2"), (GROUP, "sg-1"), (ROLE, "lab-Role"), (GROUP, "sg-0")]
    found = look(made, asked, live(VPC, "vpc-1"), live(GROUP, "sg-0", VpcId="vpc-1"))
    assert sorted(asked.asked, key=str) == [
        ("describe_security_groups", {"GroupIds": ["sg-1"]}),
        ("describe_security_groups", {"GroupIds": ["sg-2"]}),
        ("get_role", {"RoleName": "lab-Role"}),
    ]
    assert found == Unlisted(frozenset({(GROUP, "sg-1"), (GROUP, "sg-2"), (ROLE, "lab-Role")}))


def test_that_one_is_gone_says_nothing_of_the_others() -> None:
    """Somebody took one away, and a list that lags lacks another one."""
    made = [(NAT, "nat-1"), (NAT, "nat-2")]
    gone = {"NatGatewayId": "nat-1", "State": "deleted", "Tags": ROWS}
    there = {"NatGatewayId": "nat-2", "State": "available", "Tags": ROWS}
    found = look(made, Answers({"describe_nat_gateways": [{"NatGateways": [gone, there]}]}))
    assert found.gone == frozenset({(NAT, "nat-1")})
    [problem] = found.problems
    assert "asked for nat-2 by its id it says that this one is there" in problem.detail


def test_of_lists_that_are_wrong_one_thing_is_asked_for() -> None:
    asked = vpcs("vpc-2")
    assert len(look([(VPC, "vpc-2"), (VPC, "vpc-3")], asked).problems) == 1
    assert len(asked.asked) == 1


def test_what_is_there_after_all_is_a_list_that_is_wrong() -> None:
    found = look([(VPC, "vpc-1"), (VPC, "vpc-2")], vpcs("vpc-2"), live(VPC, "vpc-1"))
    (problem,) = found.problems
    assert problem.detail == (
        "the journal knows 2 AWS::EC2::VPC in account 123456789012, region eu-west-1, and AWS lists 1 of them; asked "
        "for vpc-2 by its id it says that this one is there"
    )
    assert problem.remedy.startswith("nothing was changed: run the same command again later")
    assert found.gone == frozenset()


def test_what_carries_the_tag_by_another_answer_and_no_list_has_is_asked_for_too() -> None:
    """Nobody knows it, as right after a crash whose folder is lost."""
    asked = vpcs("vpc-2")
    found = look([], asked, live(VPC, "vpc-1"), tagged=["vpc-1", "vpc-2", "i-1"])
    assert [each.detail for each in found.problems] == [
        "AWS says by DescribeTags that AWS::EC2::VPC vpc-2 in account 123456789012, region eu-west-1 carries the tag "
        "ocpprov:plan, and doesn't list it; asked for vpc-2 by its id it says that this one is there"
    ]
    assert asked.asked == [("describe_vpcs", {"VpcIds": ["vpc-2"]})]
    # Of what has been deleted AWS may tell the tags for a while, and the journal has nothing to learn of it.
    assert look([], Answers(), tagged=["vpc-2"]) == Unlisted()
    assert look([(VPC, "vpc-2")], Answers(), tagged=["vpc-2"]) == Unlisted(frozenset({(VPC, "vpc-2")}))


def test_what_was_not_looked_at_is_not_missed() -> None:
    asked = vpcs("vpc-2")
    assert look([(VPC, "vpc-2")], asked, tagged=["vpc-2"], unseen=[Unseen("no", VPC)]) == Unlisted()
    assert asked.asked == []


RULES = [f"AWS::EC2::SecurityGroup{way}" for way in ("Ingress", "Egress")]


@pytest.mark.parametrize("type", RULES)
def test_a_rule_of_either_direction_is_listed(type: str) -> None:
    asked = Answers()
    assert look([], asked, live(type, "sgr-1", GroupId="sg-1"), tagged=["sgr-1"]) == Unlisted()
    assert asked.asked == []


def test_an_answer_that_is_about_something_else_is_not_that_it_is_gone() -> None:
    """Such as a rule for what goes out, which the journal has as one for what comes in."""
    rule = {"SecurityGroupRuleId": "sgr-1", "GroupId": "sg-1", "IsEgress": True, "IpProtocol": "-1", "Tags": ROWS}
    asked = Answers({"describe_security_group_rules": [{"SecurityGroupRules": [{**rule, "CidrIpv4": "10.0.0.0/8"}]}]})
    found = look([(RULES[0], "sgr-1")], asked, live(RULES[1], "sgr-1", GroupId="sg-1"))
    [problem] = found.problems
    assert problem.detail.endswith(f"asked for sgr-1 by its id its answer isn't about one of {RULES[0]}")
    assert found.gone == frozenset()


def test_what_the_plan_made_is_not_awss_own() -> None:
    acl = {"NetworkAclId": "acl-1", "VpcId": "vpc-1", "IsDefault": True, "Entries": [], "Associations": []}
    made, default = (
        "AWS::EC2::NetworkAcl",
        Answers({"describe_network_acls": [{"NetworkAcls": [{**acl, "Tags": ROWS}]}]}),
    )
    its_own = Live(made, "acl-1", {"VpcId": "vpc-1"}, tags=TAGS, service_owned=True)
    assert look([(made, "acl-1")], default, live(VPC, "vpc-1"), its_own).types == {made}
    # Whoever may tag puts tags on AWS's own, too.
    assert look([], default, live(VPC, "vpc-1"), its_own, tagged=["acl-1"]) == Unlisted()


@pytest.mark.parametrize("is_egress", [False, True])
def test_a_rule_that_no_list_has_is_asked_for_once_whatever_its_direction(is_egress: bool) -> None:
    rule = {
        "SecurityGroupRuleId": "sgr-1",
        "GroupId": "sg-1",
        "IsEgress": is_egress,
        "IpProtocol": "-1",
        "CidrIpv4": "10.0.0.0/8",
        "Tags": ROWS,
    }
    asked = Answers({"describe_security_group_rules": [{"SecurityGroupRules": [rule]}]})
    found = look([], asked, tagged=["sgr-1"])
    assert found.types == {RULES[is_egress]}
    assert len(asked.asked) == 1


@pytest.mark.parametrize(
    ("type", "id"), [(VPC, "vpc-1"), (GROUP, "sg-1"), (NAT, "nat-1"), (RULES[0], "sgr-1"), (RULES[1], "sgr-1")]
)
def test_what_has_its_tag_in_one_answer_and_not_in_a_list_is_not_taken_for_anybodys(type: str, id: str) -> None:
    bare = Live(type, id, {}, tags={PLAN: "another"})
    found = look([], Answers(), bare, tagged=[id])
    assert found.types == {type}
    [problem] = found.problems
    assert problem.detail == (
        f"AWS says by DescribeTags that {type} {id} carries the tag ocpprov:plan, and lists it without"
    )
    assert look([], Answers(), bare) == Unlisted()
    assert look([], Answers(), live(type, id), tagged=[id]).problems == ()


def test_a_mark_on_what_is_not_ours_is_no_tag_of_the_plan() -> None:
    mark = Live("Ocpprov::EC2::SharedTags", "subnet-1", {}, tags={PLAN: "lab"})
    assert look([], Answers(), mark, tagged=[]) == Unlisted()


def test_what_has_lost_its_tags_is_rightly_missed() -> None:
    """Each of its type is asked for then."""
    found = look([(VPC, "vpc-2")], vpcs("vpc-2", ()))
    assert (found.problems, found.gone, [live.id for live in found.untagged]) == ((), frozenset(), ["vpc-2"])
    asked = vpcs("vpc-2", ())
    look([(VPC, "vpc-2"), (VPC, "vpc-3")], asked)
    assert [question for _, question in asked.asked] == [{"VpcIds": ["vpc-2"]}, {"VpcIds": ["vpc-3"]}]


def test_a_service_that_lists_all_needs_no_tags() -> None:
    role = {"RoleName": "lab-Role", "Path": "/", "Arn": "arn:aws:iam::123456789012:role/lab-Role", "RoleId": "AROA"}
    answers = Answers({"get_role": [{"Role": {**role, "AssumeRolePolicyDocument": {}}}]})
    (problem,) = look([(ROLE, "lab-Role")], answers).problems
    assert "AWS lists none of them; asked for lab-Role by its id it says that this one is there" in problem.detail


@pytest.mark.parametrize("state", ["deleting", "deleted"])
def test_what_ends_is_gone(state: str) -> None:
    gateway = {"NatGatewayId": "nat-1", "State": state, "Tags": ROWS}
    found = look([(NAT, "nat-1")], Answers({"describe_nat_gateways": [{"NatGateways": [gateway]}]}))
    assert found == Unlisted(frozenset({(NAT, "nat-1")}))


def test_no_answer_is_no_answer() -> None:
    (problem,) = look([(VPC, "vpc-1")], Answers({"describe_vpcs": DENIED})).problems
    assert problem.detail.endswith("asked for vpc-1 by its id it says: DescribeVpcs: AccessDenied: no (request r-1)")


def test_what_the_plan_has_no_use_for_may_be_closed() -> None:
    assert look([(VPC, "vpc-1")], Answers({"describe_vpcs": DENIED}), needless=[VPC]) == Unlisted()


def test_what_lies_in_no_vpc_is_a_list_that_is_wrong() -> None:
    found = look([], Answers(), live(GROUP, "sg-1", VpcId="vpc-9"), live(GROUP, "sg-2", VpcId="vpc-9"))
    (problem,) = found.problems
    assert problem.detail == f"AWS says that {GROUP} sg-1 lies in vpc-9, and lists no such VPC"
    assert look([], Answers(), Live(GROUP, "sg-1", {"VpcId": "vpc-9"}, state=State.READY)) == Unlisted()


BALANCER, TARGETS, LISTENER = (
    f"AWS::ElasticLoadBalancingV2::{each}" for each in ("LoadBalancer", "TargetGroup", "Listener")
)


@pytest.mark.parametrize(
    ("group", "said"), [("vpc-1", ""), ("vpc-2", "joins vpc-1 and vpc-2, which it can't"), ("", "")]
)
def test_a_listener_joins_no_two_vpcs(group: str, said: str) -> None:
    listener = live(LISTENER, "l", LoadBalancerArn="b", DefaultActions=[{"Type": "forward", "TargetGroupArn": "t"}])
    there = (live(BALANCER, "b", VpcId="vpc-1"), live(TARGETS, "t", **({"VpcId": group} if group else {})))
    problems = look([], Answers(), *there, listener).problems
    assert [problem.detail for problem in problems] == ([f"AWS says that {LISTENER} l {said}"] if said else [])


NOT_ASKED = {
    "AWS::EC2::NetworkAclEntry",
    "AWS::EC2::Route",
    "AWS::EC2::SubnetNetworkAclAssociation",
    "AWS::EC2::SubnetRouteTableAssociation",
    "AWS::EC2::VPCCidrBlock",
    "AWS::EC2::VPCDHCPOptionsAssociation",
    "AWS::EC2::VPCGatewayAttachment",
    "AWS::IAM::Policy",
    "AWS::Route53::RecordSet",
    "AWS::Route53::RecordSetGroup",
    "AWS::S3::BucketPolicy",
    "Ocpprov::EC2::SharedTags",
    "Ocpprov::ElasticLoadBalancing::Instance",
    "Ocpprov::ElasticLoadBalancingV2::Target",
    "Ocpprov::IAM::RolePolicyAttachment",
}
"""What AWS has no call about alone: it stands in what is told of its parent."""


def test_every_type_with_an_id_of_its_own_can_be_asked_for() -> None:
    assert {type for type, kind in KINDS.items() if kind.by_id("a/b|c") is None} == NOT_ASKED


def test_parts_are_asked_for_by_their_parts() -> None:
    policy = KINDS["Ocpprov::IAM::RolePolicy"].by_id("lab-Role|one")
    assert policy
    assert policy.arguments() == {"RoleName": "lab-Role", "PolicyName": "one"}
    thing = KINDS["Ocpprov::S3::Object"].by_id("bucket/dir/bootstrap.ign")
    assert thing
    assert thing.arguments() == {"Bucket": "bucket", "Key": "dir/bootstrap.ign"}
    profile = KINDS["AWS::IAM::InstanceProfile"].by_id("arn:aws:iam::1:instance-profile/path/name")
    assert profile
    assert profile.arguments() == {"InstanceProfileName": "name"}


def test_one_that_cannot_be_read_is_a_problem_that_says_so() -> None:
    """AWS answers about it, and not as it always does."""
    answer = Answer({"Vpcs": [{"VpcId": "vpc-1", "State": "available"}]}, "DescribeVpcs", "r-1")
    [problem] = look([(VPC, "vpc-1")], Answers({"describe_vpcs": [answer]})).problems
    assert "asked for vpc-1 by its id it says: DescribeVpcs: UnreadableAnswer: the answer lacks CidrBlock" in str(
        problem
    )

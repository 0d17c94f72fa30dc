"""Endpoints' policies: AWS's own examples, what can be decided and what can't, and chance against a slow reference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocpprov.reachability.endpoint_policies import Gate, ServiceCall, decided, through_policy
from ocpprov.reachability.policy_statements import FULL_ACCESS, policy_of
from ocpprov.reachability.spans import addresses
from ocpprov.reachability.verdict import ARRIVES, Answer
from ocpprov.reachability.words import opening, stopped_by
from tests.reachability.policy_reference import lets_through

ACCOUNT, OTHER = "123456789012", "210987654321"
GATE = Gate("vpce-1", "vpc-1", account=ACCOUNT)
MASTER = f"arn:aws:iam::{ACCOUNT}:role/prod-master"
HERE = addresses("10.0.0.0/20")
READ = ServiceCall("s3:GetObject", "arn:aws:s3:::prod/bootstrap.ign", caller=MASTER, owner=ACCOUNT)


def statement(effect: str = "Allow", **given: Any) -> dict[str, Any]:
    found = {"Effect": effect, "Principal": "*", "Action": "*", "Resource": "*", **given}
    return {name: value for name, value in found.items() if value is not None}


def answer(*statements: Mapping[str, Any], call: ServiceCall = READ, gate: Gate = GATE) -> list[str]:
    decision = decided(policy_of({"Statement": list(statements)}), call, gate)
    return [each for each in (str(decision.answer), decision.statement, decision.why) if each]


def test_what_aws_gives_by_itself_lets_everything_through() -> None:
    default = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}
    assert policy_of(default) == FULL_ACCESS
    assert decided(FULL_ACCESS, READ, GATE).answer is Answer.YES


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        # Examples of the PrivateLink guide, "Gateway endpoints for Amazon S3", "Endpoint policies"
        ([statement(Sid="a", Action=["s3:GetObject"], Resource=["arn:aws:s3:::prod/*"])], ["yes", "statement a"]),
        ([statement(Action=["s3:ListBucket"], Resource=["arn:aws:s3:::prod"])], ["no"]),
        ([statement(Condition={"ArnEquals": {"aws:PrincipalArn": MASTER}})], ["yes", "statement 1"]),
        ([statement(Condition={"ArnEquals": {"aws:PrincipalArn": f"{MASTER}x"}})], ["no"]),
        ([statement(Condition={"StringEquals": {"aws:ResourceAccount": ACCOUNT}})], ["yes", "statement 1"]),
        ([statement(Condition={"StringEquals": {"aws:ResourceAccount": [OTHER]}})], ["no"]),
        (
            [statement(), statement("Deny", Sid="Own", Condition={"StringNotEquals": {"aws:sourceVpc": "vpc-2"}})],
            ["no", "statement Own"],
        ),
        # Denials
        ([statement("Deny")], ["no", "statement 1"]),
        ([statement("Deny"), statement()], ["no", "statement 1"]),
        ([], ["no"]),
        ([statement(), statement("Deny", Action="s3:Put*")], ["yes", "statement 1"]),
        ([statement(), statement("Deny", Action=None, NotAction=["s3:Get*"])], ["yes", "statement 1"]),
        ([statement(), statement("Deny", Action=None, NotAction=["s3:Put*"])], ["no", "statement 2"]),
        ([statement(Resource=None, NotResource="arn:aws:s3:::prod/*")], ["no"]),
        ([statement(Resource=None, NotResource="arn:aws:s3:::test/*")], ["yes", "statement 1"]),
        # Case matters in resources, not in actions
        ([statement(Action="S3:getobject")], ["yes", "statement 1"]),
        ([statement(Resource="arn:aws:s3:::PROD/*")], ["no"]),
        # Principals
        ([statement(Principal={"AWS": "*"})], ["yes", "statement 1"]),
        ([statement(Principal={"AWS": ACCOUNT})], ["yes", "statement 1"]),
        ([statement(Principal={"AWS": [f"arn:aws:iam::{ACCOUNT}:root"]})], ["yes", "statement 1"]),
        ([statement(Principal={"AWS": [OTHER, f"arn:aws:iam::{OTHER}:role/x"]})], ["no"]),
        ([statement(Principal={"AWS": MASTER})], ["yes", "statement 1"]),
        ([statement(Principal={"AWS": f"{MASTER}2"})], ["unknown", "statement 1", "its principals"]),
        ([statement(Principal={"AWS": "AROAEXAMPLE"})], ["unknown", "statement 1", "its principals"]),
        ([statement(Principal={"Service": "ec2.amazonaws.com"})], ["no"]),
        ([statement(Principal=None, NotPrincipal={"AWS": OTHER})], ["yes", "statement 1"]),
        ([statement(), statement("Deny", Principal=None, NotPrincipal={"AWS": ACCOUNT})], ["yes", "statement 1"]),
        # Conditions
        (
            [statement(Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}})],
            ["unknown", "statement 1", "its condition StringEquals aws:principalorgid"],
        ),
        (
            [statement(), statement("Deny", Condition={"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}})],
            ["unknown", "statement 2", "its condition StringNotEquals aws:principalorgid"],
        ),
        ([statement(Condition={"StringEquals": {"aws:SourceVpce": ["vpce-1", "vpce-2"]}})], ["yes", "statement 1"]),
        ([statement(Condition={"StringEquals": {"aws:SourceVpce": "vpce-2"}})], ["no"]),
        ([statement(Condition={"StringNotEquals": {"aws:SourceVpce": ["vpce-1", "vpce-2"]}})], ["no"]),
        ([statement(Condition={"Bool": {"aws:SecureTransport": "true"}})], ["yes", "statement 1"]),
        ([statement(Condition={"Bool": {"aws:SecureTransport": True}})], ["yes", "statement 1"]),
        ([statement(Condition={"Bool": {"aws:ViaAWSService": "true"}})], ["no"]),
        ([statement(Condition={"IpAddress": {"aws:SourceIp": "10.0.0.0/16"}})], ["no"]),
        (
            [statement(), statement("Deny", Condition={"NotIpAddress": {"aws:SourceIp": "1.2.3.4"}})],
            ["no", "statement 2"],
        ),
        ([statement(Condition={"IpAddressIfExists": {"aws:SourceIp": "10.0.0.0/16"}})], ["yes", "statement 1"]),
        (
            [statement(Condition={"IpAddress": {"aws:VpcSourceIp": "10.0.0.0/16"}})],
            ["unknown", "statement 1", "its condition IpAddress aws:vpcsourceip"],
        ),
        ([statement(Condition={"Null": {"aws:SourceVpc": "false"}})], ["yes", "statement 1"]),
        ([statement(Condition={"Null": {"aws:SourceVpc": "true"}})], ["no"]),
        ([statement(Condition={"Null": {"aws:SourceVpc": "False"}})], ["yes", "statement 1"]),
        ([statement(Condition={"Null": {"aws:SourceIp": "true"}})], ["yes", "statement 1"]),
        (
            [statement(Condition={"Null": {"aws:PrincipalOrgID": "false"}})],
            ["unknown", "statement 1", "its condition Null aws:principalorgid"],
        ),
        (
            [statement(Condition={"StringLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/*"}})],
            ["yes", "statement 1"],
        ),
        (
            [statement(Condition={"ForAnyValue:StringEquals": {"aws:SourceVpc": "vpc-1"}})],
            ["unknown", "statement 1", "its condition ForAnyValue:StringEquals aws:sourcevpc"],
        ),
        (
            [statement(Condition={"StringEquals": {"aws:SourceVpc": "${aws:PrincipalTag/vpc}"}})],
            ["unknown", "statement 1", "its condition StringEquals aws:sourcevpc"],
        ),
        ([statement(Resource="arn:aws:s3:::${aws:PrincipalAccount}/*")], ["unknown", "statement 1", "its resources"]),
        # What is known for sure decides, whatever isn't
        ([statement(Action="s3:Put*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}})], ["no"]),
        ([statement(Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}}), statement()], ["yes", "statement 2"]),
    ],
)  # fmt: skip
def test_a_call_is_let_through_or_not(statements: Sequence[Mapping[str, Any]], expected: list[str]) -> None:
    assert answer(*statements) == expected


def test_an_account_that_a_gateway_admits_is_its_root_user_alone() -> None:
    gateway = replace(GATE, gateway=True)
    assert answer(statement(Principal={"AWS": ACCOUNT}), gate=gateway) == ["no"]
    assert answer(statement(Principal={"AWS": MASTER}), gate=gateway) == ["yes", "statement 1"]


def test_an_account_that_is_not_known_decides_nothing() -> None:
    nobody = replace(GATE, account="")
    assert answer(statement(Principal={"AWS": ACCOUNT}), gate=nobody) == ["unknown", "statement 1", "its principals"]


def test_many_calls_at_once_are_let_through_where_all_are() -> None:
    objects = ServiceCall("s3:GetObject", "arn:aws:s3:::prod-registry-*/*")
    assert answer(statement(Resource="arn:aws:s3:::prod-*"), call=objects) == ["yes", "statement 1"]
    assert answer(statement(Resource="arn:aws:s3:::prod-registry-1/*"), call=objects)[0] == "unknown"
    assert answer(statement(Resource="arn:aws:s3:::test-*"), call=objects) == ["no"]


@pytest.mark.parametrize(
    "document",
    [
        "{",
        "[]",
        {},
        {"Statement": ["x"]},
        {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]},
        {"Statement": [statement(Effect="allow")]},
        {"Statement": [statement(Condition={"Bool": "x"})]},
    ],
)
def test_what_is_no_policy_is_said_to_be_none(document: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        policy_of(document)


def test_a_policy_may_be_text_and_its_statement_alone() -> None:
    assert (
        policy_of('{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}') == FULL_ACCESS
    )


CALLS = [ServiceCall("ec2:DescribeInstances"), ServiceCall("ec2:RunInstances"), ServiceCall("ec2:CreateTags")]


def test_each_statement_in_the_way_is_told_once_with_how_much_it_stops() -> None:
    policy = policy_of({"Statement": [statement(), statement("Deny", Sid="No", Action=["ec2:Run*", "ec2:Create*"])]})
    (obstacle,) = through_policy(policy, CALLS, GATE, HERE).obstacles
    assert stopped_by(obstacle) == (
        "vpce-1's policy denies ec2:RunInstances and 1 more by statement No (endpoint-policy)"
    )
    assert opening(obstacle) == "an exception for ec2:RunInstances and 1 more in statement No of vpce-1's policy"


def test_what_no_statement_allows_is_told_as_that() -> None:
    policy = policy_of({"Statement": [statement(Action="ec2:D*")]})
    (obstacle,) = through_policy(policy, CALLS[:2], GATE, HERE).obstacles
    assert stopped_by(obstacle) == "vpce-1's policy doesn't allow ec2:RunInstances (endpoint-policy)"
    assert opening(obstacle) == "a statement in vpce-1's policy that allows ec2:RunInstances"


def test_what_cannot_be_decided_is_told_with_its_reason() -> None:
    policy = policy_of({"Statement": [statement(Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}})]})
    verdict = through_policy(policy, CALLS, GATE, HERE)
    assert verdict.answer is Answer.UNKNOWN
    assert list(map(str, verdict.unread)) == [
        "vpce-1: whether statement 1 of its policy is about ec2:DescribeInstances and 2 more: "
        "its condition StringEquals aws:principalorgid"
    ]


def test_a_refusal_of_what_may_never_be_asked_is_no_failure() -> None:
    policy = policy_of({"Statement": [statement(Action="ec2:D*")]})
    verdict = through_policy(policy, [replace(CALLS[1], certain=False)], GATE, HERE)
    assert list(map(str, verdict.unread)) == [
        "vpce-1: whether ec2:RunInstances is needed, which its policy doesn't allow"
    ]
    assert verdict.obstacles == ()


def test_of_what_is_asked_in_part_some_is_enough() -> None:
    some = policy_of({"Statement": [statement(Action="ec2:Run*")]})
    assert through_policy(some, [ServiceCall("ec2:*", part=True)], GATE, HERE) == ARRIVES
    assert through_policy(some, [ServiceCall("ec2:*")], GATE, HERE).answer is Answer.UNKNOWN
    assert through_policy(some, [ServiceCall("sts:*", part=True)], GATE, HERE).answer is Answer.NO


def test_a_policy_that_could_not_be_read_leaves_it_open_where_anything_is_asked() -> None:
    assert list(map(str, through_policy(None, CALLS, GATE, HERE).unread)) == ["policy of vpce-1"]
    assert through_policy(None, [], GATE, HERE) == ARRIVES


ACTIONS = ("s3:GetObject", "S3:getobject", "s3:Get*", "s3:*", "s3:Put*", "*", "ec2:*", "s3:GetObjec?")
RESOURCES = ("*", "arn:aws:s3:::a/*", "arn:aws:s3:::a", "arn:aws:s3:::?/x", "arn:aws:s3:::b/*")
KNOWN = {"aws:sourcevpc": ("vpc-1", "vpc-2", "vpc-*"), "aws:principalaccount": (ACCOUNT, OTHER)}
OPEN = {"aws:principalorgid": ("o-1", "o-2"), "aws:sourceip": ("10.0.0.1",)}
OPERATORS = ("StringEquals", "StringNotEquals", "StringLike", "StringNotLikeIfExists", "StringEqualsIfExists")


@st.composite
def statements(draw: st.DrawFn) -> dict[str, Any]:
    found: dict[str, Any] = {"Effect": draw(st.sampled_from(("Allow", "Allow", "Deny"))), "Principal": "*"}
    for name, patterns in (("Action", ACTIONS), ("Resource", RESOURCES)):
        key = draw(st.sampled_from((name, name, name, f"Not{name}")))
        found[key] = draw(st.lists(st.sampled_from(patterns), min_size=1, max_size=2))
    if draw(st.integers(0, 2)) == 0:
        key, values = draw(st.sampled_from([*KNOWN.items(), *OPEN.items()]))
        if draw(st.integers(0, 4)) == 0:
            found["Condition"] = {"Null": {key: draw(st.sampled_from(("true", "false")))}}
        else:
            given_values = draw(st.lists(st.sampled_from(values), min_size=1, max_size=2))
            found["Condition"] = {draw(st.sampled_from(OPERATORS)): {key.title(): given_values}}
    return found


WANTED = st.sampled_from(("arn:aws:s3:::a/x", "arn:aws:s3:::a", "arn:aws:s3:::?/x", "arn:aws:s3:::a/*"))
CONCRETE = ("arn:aws:s3:::a/x", "arn:aws:s3:::b/x", "arn:aws:s3:::a/y", "arn:aws:s3:::a")
ASKED = {
    "arn:aws:s3:::?/x": CONCRETE[:2],
    "arn:aws:s3:::a/*": (CONCRETE[0], CONCRETE[2]),
}


@settings(max_examples=50)
@given(st.lists(statements(), max_size=3), WANTED)
def test_whatever_is_not_known_may_be_anything(listed: list[dict[str, Any]], wanted: str) -> None:
    """A decision holds for each value that what isn't known can have, and there is one where all is known."""
    document = {"Statement": listed}
    found = decided(policy_of(document), ServiceCall("s3:GetObject", wanted), GATE).answer
    context = {"aws:sourcevpc": "vpc-1", "aws:principalaccount": ACCOUNT}
    open_key = any("Aws:Principalorgid" in str(each) or "aws:principalorgid" in str(each) for each in listed)
    outcomes = {
        lets_through(document, "s3:GetObject", resource, {**context, **organisation})
        for resource, organisation in product(
            ASKED.get(wanted, (wanted,)), ({}, {"aws:principalorgid": "o-1"}, {"aws:principalorgid": "o-3"})
        )
    }
    if found is not Answer.UNKNOWN:
        assert outcomes == {found is Answer.YES}
    elif not open_key:
        assert wanted in ASKED

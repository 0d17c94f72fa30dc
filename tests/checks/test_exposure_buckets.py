"""Buckets that somebody gets into."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import pytest

from ocpprov.checks.exposure import Belongings, Exposure, Exposures
from ocpprov.checks.exposure_buckets import BUCKET, POLICY, exposed_buckets
from ocpprov.engine.inventory import Inventory, Unseen
from ocpprov.engine.resources import Live, Position, Resource
from ocpprov.engine.values import Ref

APPLY: Final = "ocpprov apply prod.yaml"
CLOSED: Final = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}
TLS: Final[dict[str, Any]] = {
    "Sid": "TlsOnly",
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"],
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}
OPEN: Final[dict[str, Any]] = {
    "Sid": "Open",
    "Effect": "Allow",
    "Principal": "*",
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::b/*",
}
WHOSE: Final = Belongings(
    "eu-west-1",
    "123456789012",
    APPLY,
    {(BUCKET, "b"): "InfraBucket", (POLICY, "b"): "InfraBucketPolicy"},
    {
        "InfraBucket": Resource("InfraBucket", BUCKET, {"PublicAccessBlockConfiguration": CLOSED}),
        "InfraBucketPolicy": Resource(
            "InfraBucketPolicy", POLICY, {"Bucket": Ref("InfraBucket"), "PolicyDocument": {"Statement": [TLS]}}
        ),
    },
)
OWN: Final = Belongings(
    "eu-west-1",
    "123456789012",
    APPLY,
    {(BUCKET, "b"): "Audit", (POLICY, "b"): "AuditPolicy"},
    {
        "Audit": Resource("Audit", BUCKET, position=Position("prod.yaml", 9, 3)),
        "AuditPolicy": Resource(
            "AuditPolicy",
            POLICY,
            {"Bucket": Ref("Audit"), "PolicyDocument": {"Statement": [OPEN]}},
            position=Position("prod.yaml", 12, 3),
        ),
    },
)
SECRETS: Final = "bootstrap.ign with the cluster's secrets"


def judged(*statements: dict[str, Any], whose: Belongings = WHOSE, **properties: Any) -> Exposures:
    bucket = Live(BUCKET, "b", {"PublicAccessBlockConfiguration": CLOSED, **properties})
    policy = Live(POLICY, "b", {"Bucket": "b", "PolicyDocument": {"Statement": list(statements)}})
    others = Live(BUCKET, "somebody-elses", {})
    return exposed_buckets(Inventory({BUCKET: [bucket, others], POLICY: [policy]}), whose)


def test_a_bucket_as_the_plan_has_it_is_closed() -> None:
    assert judged(TLS) == Exposures([], (), [])


def test_public_access_that_is_no_longer_blocked_is_told_with_what_is_in_the_bucket() -> None:
    off = {**CLOSED, "BlockPublicPolicy": False, "RestrictPublicBuckets": "false"}
    assert judged(TLS, PublicAccessBlockConfiguration=off).open == [
        Exposure(
            "b",
            "InfraBucket",
            "public access, as BlockPublicPolicy, RestrictPublicBuckets are off",
            f"{SECRETS} to everybody whom a policy or an ACL lets in",
            "",
            "otherwise than the plan has it",
            APPLY,
        )
    ]
    (one,) = judged(TLS, PublicAccessBlockConfiguration={**CLOSED, "BlockPublicAcls": False}).open
    assert one.allows == "public access, as BlockPublicAcls is off"


def test_what_the_plan_leaves_to_aws_is_closed_with_a_command() -> None:
    (told, *_) = judged(TLS, whose=OWN, PublicAccessBlockConfiguration=None).open
    assert (told.origin, told.exposed) == (
        "by the plan (prod.yaml:9:3)",
        "its objects to everybody whom a policy or an ACL lets in",
    )
    assert told.remedy == (
        "aws s3api put-public-access-block --region eu-west-1 --bucket b --public-access-block-configuration "
        "BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true"
    )


def test_what_the_plan_itself_leaves_open_no_apply_closes() -> None:
    half = {**CLOSED, "BlockPublicAcls": False}
    audit = replace(OWN.resources["Audit"], properties={"PublicAccessBlockConfiguration": half})
    whose = replace(OWN, resources={**OWN.resources, "Audit": audit})
    unblocked, in_clear = judged(whose=whose, PublicAccessBlockConfiguration=half).open
    assert (unblocked.origin, unblocked.remedy) == (
        "by the plan (prod.yaml:9:3)",
        f"have Audit of the plan block them, and {APPLY}",
    )
    # Its policy in the plan says nothing of TLS.
    assert (in_clear.origin, in_clear.remedy) == (
        "by the plan (prod.yaml:9:3)",
        f"a policy of Audit in the plan that denies what comes without TLS, and {APPLY}",
    )
    more = {**half, "IgnorePublicAcls": False}
    (drifted, *_) = judged(whose=whose, PublicAccessBlockConfiguration=more).open
    assert drifted.origin == "by the plan (prod.yaml:9:3)"
    only = {**CLOSED, "IgnorePublicAcls": False}
    (drifted, *_) = judged(whose=whose, PublicAccessBlockConfiguration=only).open
    assert (drifted.origin, drifted.remedy) == ("otherwise than the plan has it", APPLY)


def test_what_the_answer_doesnt_say_isnt_judged() -> None:
    bucket = Live(BUCKET, "b", {}, unanswered=frozenset({"PublicAccessBlockConfiguration"}))
    policy = Live(POLICY, "b", {"PolicyDocument": {"Statement": [TLS]}})
    found = exposed_buckets(Inventory({BUCKET: [bucket], POLICY: [policy]}), WHOSE)
    assert (found.open, found.unread[0]) == ([], "b: AWS's answer doesn't say what its public access block has")


@pytest.mark.parametrize(
    ("ownership", "ignored", "told"),
    [
        ("BucketOwnerEnforced", False, []),
        ("ObjectWriter", True, ["b: its ACLs may be in force, and verify doesn't read them"]),
        ("", True, []),
        ("", False, ["b: its ACLs may be in force, and verify doesn't read them"]),
    ],
)
def test_acls_that_may_be_in_force_arent_judged(ownership: str, ignored: bool, told: Sequence[str]) -> None:
    controls = {"Rules": [{"ObjectOwnership": ownership}]} if ownership else None
    block = {**CLOSED, "IgnorePublicAcls": ignored}
    assert judged(TLS, OwnershipControls=controls, PublicAccessBlockConfiguration=block).unread == told


def test_a_statement_for_everybody_is_told_and_whether_it_is_held_back() -> None:
    (held,) = judged(TLS, OPEN).open
    assert held == Exposure(
        "b",
        "InfraBucket",
        "s3:GetObject on arn:aws:s3:::b/* to everybody",
        f"{SECRETS} to nobody outside the account now, as RestrictPublicBuckets is on",
        "",
        "not of this plan: statement Open",
        "take statement Open out of the policy of b",
    )
    some = {**OPEN, "Principal": {"AWS": "999999999999"}}
    assert judged(TLS, some).open[0].exposed == f"{SECRETS} to 999999999999"
    under = {**OPEN, "Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}}
    assert judged(TLS, under).open[0].exposed == f"{SECRETS} to everybody"
    off = {**CLOSED, "RestrictPublicBuckets": False}
    assert judged(TLS, OPEN, PublicAccessBlockConfiguration=off).open[1].exposed == f"{SECRETS} to everybody"


def test_a_statement_of_the_plans_own_is_told_with_its_line() -> None:
    (told,) = judged(TLS, OPEN, whose=OWN).open
    assert (told.origin, told.remedy) == (
        "by the plan (prod.yaml:12:3)",
        f"take it out of the plan (prod.yaml:12:3), and {APPLY}",
    )


@pytest.mark.parametrize(
    ("statement", "mine"),
    [
        ({**OPEN, "Action": ["S3:getObject"]}, True),
        ({**OPEN, "Sid": "Other"}, False),
        ({**OPEN, "Action": "s3:*"}, False),
    ],
)
def test_a_statement_is_the_plans_by_its_sid_and_actions(statement: dict[str, Any], mine: bool) -> None:
    (told,) = judged(TLS, statement, whose=OWN).open
    assert told.origin.startswith("by the plan") is mine


def test_a_policy_of_another_bucket_asks_for_nothing_here() -> None:
    other = Resource("P", POLICY, {"Bucket": Ref("AuditLogs"), "PolicyDocument": {"Statement": [TLS]}})
    whose = replace(OWN, resources={"Audit": OWN.resources["Audit"], "P": other})
    bucket = Live(BUCKET, "b", {"PublicAccessBlockConfiguration": CLOSED})
    (told,) = exposed_buckets(Inventory({BUCKET: [bucket]}), whose).open
    assert told.origin == "by the plan (prod.yaml:9:3)"
    as_text = json.dumps({"Statement": [TLS]})
    mine = replace(other, properties={"Bucket": "b", "PolicyDocument": as_text})
    named = replace(whose, resources={**whose.resources, "P": mine})
    (told,) = exposed_buckets(Inventory({BUCKET: [bucket]}), named).open
    assert told.origin == "otherwise than the plan has it"


@pytest.mark.parametrize(
    "statement",
    [
        {**TLS, "Effect": "Allow"},
        {**TLS, "Principal": {"AWS": "999999999999"}},
        {**TLS, "Action": "s3:PutObject"},
        {**TLS, "Resource": "arn:aws:s3:::b"},
        {**TLS, "Condition": {"Bool": {"aws:SecureTransport": "true"}}},
        {**TLS, "Condition": {**TLS["Condition"], "StringEquals": {"aws:PrincipalAccount": "999999999999"}}},
        {**TLS, "Condition": {"StringEquals": {"aws:SecureTransport": "false"}}},
    ],
)
def test_only_a_statement_that_keeps_everybody_from_all_objects_asks_for_tls(statement: dict[str, Any]) -> None:
    told = [each for each in judged(statement).open if each.allows == "requests without TLS"]
    assert [(each.exposed, each.origin, each.remedy) for each in told] == [
        (f"{SECRETS} to whoever reads along", "otherwise than the plan has it", APPLY)
    ]


@pytest.mark.parametrize(
    "statement",
    [
        {**TLS, "Principal": {"AWS": "*"}},
        {**TLS, "Action": "*"},
        {**TLS, "Resource": "*"},
        {**TLS, "Condition": {"Bool": {"AWS:secureTransport": ["false"]}}},
    ],
)
def test_tls_may_be_asked_for_in_other_words(statement: dict[str, Any]) -> None:
    assert judged(statement).open == []


def test_a_bucket_without_a_policy_answers_in_clear() -> None:
    bucket = Live(BUCKET, "b", {"PublicAccessBlockConfiguration": CLOSED})
    none = replace(OWN, resources={"Audit": OWN.resources["Audit"]})
    (told,) = exposed_buckets(Inventory({BUCKET: [bucket]}), none).open
    assert (told.allows, told.origin, told.remedy) == (
        "requests without TLS",
        "by the plan (prod.yaml:9:3)",
        f"a policy of Audit in the plan that denies what comes without TLS, and {APPLY}",
    )


@pytest.mark.parametrize(
    ("type", "about", "told"),
    [
        (BUCKET, "b", ["requests without TLS"]),
        (
            POLICY,
            "b",
            ["public access, as BlockPublicAcls, IgnorePublicAcls, BlockPublicPolicy, RestrictPublicBuckets are off"],
        ),
        (POLICY, "other", None),
    ],
)
def test_what_nobody_could_look_at_isnt_said_to_be_open(type: str, about: str, told: Sequence[str] | None) -> None:
    unseen = Unseen("x", type, may_be_there=True, about=frozenset({about}))
    found = exposed_buckets(Inventory({BUCKET: [Live(BUCKET, "b", {})]}, [unseen]), WHOSE)
    assert [each.allows for each in found.open] == told or (told is None and len(found.open) == 2)

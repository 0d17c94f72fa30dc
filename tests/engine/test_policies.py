"""A bucket's policy, in which statements of the plan stand beside those of others, and policies of roles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import pytest

from ocpprov.engine.resources import Live, Resource
from ocpprov.engine.shared_lists import member_entries
from ocpprov.kinds.registry import KINDS
from tests.engine.examples import BUCKET, POLICY
from tests.engine.planning import (
    ROLE,
    comes_first,
    done,
    forgotten,
    ledger_afterwards,
    live,
    made,
    made_by_us,
    planned,
    ref,
    remembered,
    sends,
    wanted,
)

BUCKET_LAB: Final = (BUCKET, {"BucketName": "lab"})
REFERRED_TO: Final = ref("Bucket")


def _policy(*sids: str, bucket: Any = REFERRED_TO) -> tuple[str, Mapping[str, Any]]:
    return POLICY, {"Bucket": bucket, "PolicyDocument": _document(*sids)}


def _document(*sids: str) -> Mapping[str, Any]:
    deny = {"Effect": "Deny", "Action": "s3:*", "Principal": "*", "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [{"Sid": sid, **deny} for sid in sids]}


def _bucket_with_policy(plan: Mapping[str, Resource], *sids: str) -> list[Live]:
    """The bucket as a run of the plan leaves it, with a policy of these statements."""
    return [
        live(BUCKET, "lab", "Bucket", BUCKET_LAB[1], remembered(plan, "Bucket")),
        live(POLICY, "lab", "", {"Bucket": "lab", "PolicyDocument": _document(*sids)}),
    ]


def test_a_policy_that_only_others_wrote_stays_though_the_journal_has_the_bucket() -> None:
    lives = _bucket_with_policy(wanted(Bucket=BUCKET_LAB), "Audit")
    for memory in (made_by_us((BUCKET, "lab")), made_by_us((BUCKET, "lab"), (POLICY, "lab"))):
        assert done(planned(wanted(Bucket=BUCKET_LAB), lives, memory)) == {}


def test_of_a_policy_that_has_statements_of_others_ours_are_not_forgotten() -> None:
    before = wanted(Bucket=BUCKET_LAB, Policy=_policy("Tls"))
    actions = planned(wanted(Bucket=BUCKET_LAB), _bucket_with_policy(before, "Tls", "Audit"))
    assert sends(actions) == []
    later = planned(wanted(Bucket=BUCKET_LAB), _bucket_with_policy(before, "Tls"))
    assert done(later) == {"lab": "delete"}


def test_what_is_gone_of_such_a_policy_is_forgotten() -> None:
    before = wanted(Bucket=BUCKET_LAB, Policy=_policy("Tls", "Public"))
    actions = planned(wanted(Bucket=BUCKET_LAB), _bucket_with_policy(before, "Tls", "Audit"))
    assert ledger_afterwards(actions, "Bucket") == {"statement Tls"}


@pytest.mark.parametrize("bucket", [REFERRED_TO, "lab"], ids=["referred-to", "by-its-name"])
def test_a_statement_is_forgotten_after_it_is_gone(bucket: Any) -> None:
    before = wanted(Bucket=BUCKET_LAB, Policy=_policy("Tls", "Public", bucket=bucket))
    after = wanted(Bucket=BUCKET_LAB, Policy=_policy("Tls", bucket=bucket))
    actions = planned(after, _bucket_with_policy(before, "Tls", "Public"))
    assert done(actions) == {"lab": "update"}
    [change] = [change for action in actions.actions for change in action.changes]
    assert member_entries(KINDS[POLICY], {"PolicyDocument": change.after}) == {"statement Tls"}
    assert comes_first(actions, made("Policy"), forgotten("Bucket"))
    assert ledger_afterwards(actions, "Bucket") == remembered(after, "Bucket").links == {"statement Tls"}


def test_the_order_of_statements_is_no_difference() -> None:
    plan = wanted(Bucket=BUCKET_LAB, Policy=_policy("Tls", "Public"))
    assert done(planned(plan, _bucket_with_policy(plan, "Audit", "Public", "Tls"))) == {}
    assert done(planned(plan, _bucket_with_policy(plan, "Audit", "Public"))) == {"lab": "update"}
    assert done(planned(plan, _bucket_with_policy(plan, "Tls", "Tls", "Public"))) == {"lab": "update"}


def test_a_policy_of_a_role_by_its_name_goes_with_the_plan() -> None:
    allow = {"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
    policy = ("AWS::IAM::Policy", {"PolicyName": "theirs", "PolicyDocument": allow, "Roles": ["machines"]})
    trust: Mapping[str, Any] = {"AssumeRolePolicyDocument": {"Statement": []}}
    role = (ROLE, {"RoleName": "machines", **trust})
    attached = {"RoleName": "machines", "PolicyName": "theirs", "PolicyDocument": allow}
    before = wanted(Role=role, Policy=policy)
    lives = [
        live(ROLE, "machines", "Role", role[1], remembered(before, "Role")),
        live("Ocpprov::IAM::RolePolicy", "machines|theirs", "", attached),
    ]
    assert done(planned(before, lives)) == {}
    assert done(planned(wanted(Role=role), lives)) == {"machines|theirs": "delete"}


def test_what_another_bucket_remembers_says_nothing_of_this_one() -> None:
    """A statement of others, of the same name as one that the plan has on another bucket."""
    other = {"BucketName": "other"}
    on_other = wanted(Bucket=(BUCKET, other), Policy=_policy("Audit"))
    plan = wanted(Bucket=BUCKET_LAB, Policy=_policy("Tls"), Other=(BUCKET, other))
    lives = [
        *_bucket_with_policy(plan, "Tls", "Audit"),
        live(BUCKET, "other", "Other", other, remembered(on_other, "Bucket")),
    ]
    assert "lab" not in done(planned(plan, lives))


def test_neither_the_order_of_statements_nor_that_of_their_keys_is_a_difference() -> None:
    """AWS gives a policy back in its own order."""
    plan = wanted(Bucket=BUCKET_LAB, Policy=_policy("A", "B"))
    bucket, policy = _bucket_with_policy(plan, "A", "B")
    one, other = _document("A", "B")["Statement"]
    backwards = dict(reversed(other.items()))
    for statements in ([other, one], [backwards, one], [one, backwards]):
        document = {"Version": "2012-10-17", "Statement": statements}
        assert (
            done(planned(plan, [bucket, replace(policy, properties={"Bucket": "lab", "PolicyDocument": document})]))
            == {}
        )

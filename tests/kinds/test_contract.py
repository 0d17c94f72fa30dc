"""What every registered kind has to state."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from ocpprov.engine.kind_facts import Identity, KindFacts, Property
from ocpprov.kinds.contract import Kind
from ocpprov.kinds.reads import Found, Pages
from ocpprov.kinds.registry import KINDS
from tests.kinds.all_cases import CASES
from tests.kinds.world import OWNER

ACTION = re.compile(r"(ec2|elasticloadbalancing|iam|route53|s3):[A-Z][A-Za-z0-9]+")
TAKEN_APART = {"AWS::Route53::RecordSetGroup", "AWS::IAM::Policy"}
READ_BY_PARENT = {
    "AWS::Route53::RecordSet",
    "AWS::ElasticLoadBalancingV2::Listener",
    "Ocpprov::ElasticLoadBalancingV2::Target",
    "AWS::EC2::VPCCidrBlock",
    "AWS::S3::BucketPolicy",
    "Ocpprov::S3::Object",
    "Ocpprov::IAM::RolePolicy",
    "Ocpprov::IAM::RolePolicyAttachment",
}

every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))


def all_properties(rows: Iterator[Property]) -> Iterator[Property]:
    for row in rows:
        yield row
        yield from all_properties(iter(row.properties))
        if row.items:
            yield from all_properties(iter([row.items]))


@every_kind
def test_it_has_a_file_of_its_own_that_is_called_like_its_type(kind: Kind) -> None:
    """In the folder of the service that boto3 asks."""
    owner, _, word = kind.type.split("::")
    *_, folder, file = type(kind).__module__.split(".")
    assert (owner in ("AWS", "Ocpprov"), folder, file.replace("_", "")) == (True, kind.service, word.lower())


@every_kind
def test_it_has_facts_for_planning(kind: KindFacts) -> None:
    assert (kind.tag_limit > 0) is (kind.identity in (Identity.TAGS, Identity.SHARED_TAGS))
    assert bool(kind.parent_property) is (kind.identity is not Identity.TAGS)


@every_kind
def test_it_is_documented(kind: Kind) -> None:
    assert kind.__doc__
    assert [row.name for row in kind.properties if not row.documentation] == []


@every_kind
def test_it_names_its_permissions(kind: Kind) -> None:
    permissions = kind.permissions
    assert all((permissions.read, permissions.create, permissions.delete))
    names = [*permissions.read, *permissions.create, *permissions.update, *permissions.delete]
    assert [name for name in names if not ACTION.fullmatch(name)] == []
    mutable = [row for row in kind.properties if not row.create_only]
    assert bool(mutable) is bool(permissions.update)


@every_kind
def test_its_own_properties_are_named_by_its_facts(kind: Kind) -> None:
    names = {row.name for row in kind.properties}
    assert {name for name in (kind.tags_property, kind.name_property, kind.parent_property) if name} <= names


@every_kind
def test_a_first_round_needs_no_ids(kind: Kind) -> None:
    reads = kind.reads(Found(OWNER))
    assert bool(reads) is (kind.type not in TAKEN_APART | READ_BY_PARENT)
    assert len(set(reads)) == len(reads)
    assert list(kind.parse(Pages())) == []


@every_kind
def test_nothing_is_known_of_a_plan_that_is_not_resolved(kind: Kind) -> None:
    assert kind.key({}) is None
    assert list(kind.unique({})) == []
    assert kind.batch({}) is None
    assert kind.ledger_entry({}) is None
    assert list(kind.supersedes({})) == []


@every_kind
def test_its_life_is_tested(kind: Kind) -> None:
    assert kind.type in {case.type for case in CASES} | TAKEN_APART

"""Whatever others add to a list of a plan's, or link with its things, an apply leaves it: the picture of the account is
the same afterwards, also when the plan changes something beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pytest

from tests.end_to_end.additions import ADDITIONS, PARTS, SAID_BY_NOBODY, Company, plan
from tests.end_to_end.local import LocalOperator
from tests.end_to_end.plants import owned
from tests.support.picture import Picture, changed, picture

FILE: Final = "plan.json"
GROUPS: Final = 8
"""So many parts the table is tried in."""


def _seen(user: LocalOperator) -> Picture:
    return picture(user.aws.client)


def _company(user: LocalOperator) -> tuple[Company, dict[str, Any]]:
    """An account in which the plan is applied, and the plan."""
    (user.folder / "bootstrap.ign").write_text('{"ignition": {"version": "3.2.0"}}')
    document = plan(user.aws)
    (user.folder / FILE).write_text(json.dumps(document))
    user.good("apply", FILE, "--yes")
    return Company(user.aws, owned(_seen(user))[0]), document


@pytest.mark.torture
@pytest.mark.parametrize("part", range(GROUPS))
def test_each_addition_is_told_survives_an_apply_and_leaves_nothing_to_do(user: LocalOperator, part: int) -> None:
    company, _ = _company(user)
    told: set[str] = set()
    for name, add in list(ADDITIONS.items())[part::GROUPS]:
        add(company)
        user.aws.advance(600)
        before = _seen(user)
        again = user.good("apply", FILE, "--yes", "--verbose")
        after = _seen(user)
        assert (changed(before, after), after.keys() - before.keys()) == ({}, set()), name
        said = {line for line in again.err.splitlines() if "not ours" in line}
        assert (name in SAID_BY_NOBODY) is not bool(said - told), f"{name}: {again.err}"
        told |= said
        assert user.run("plan", FILE, "--detailed-exitcode").code == 0, name


def _with(document: Mapping[str, Any], name: str, **properties: Any) -> dict[str, Any]:
    resources = {**document["Resources"]}
    resources[name] = {**resources[name], "Properties": {**resources[name]["Properties"], **properties}}
    return {**document, "Resources": resources}


def _changes() -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Of the plan's own, beside what others have put there."""
    more = [{"Key": "team", "Value": "ours"}]
    statement = {"Effect": "Deny", "Principal": "*", "Action": "s3:Put*", "Resource": "*"}
    yield "Storage", {"PolicyDocument": {"Version": "2012-10-17", "Statement": []}}
    for name in ("Group", "Vpc", "Pages", "Mapped", "Transit", "Classic"):
        yield name, {"Tags": more}
    yield "Zone", {"HostedZoneConfig": {"Comment": "ours"}}
    yield "Role", {"Policies": [], "ManagedPolicyArns": []}
    yield "Record", {"TTL": "300"}
    yield "Pages", {"SecurityGroups": [{"Ref": "Group"}, {"Ref": "Other"}]}
    yield "Balancer", {"Subnets": [{"Ref": "Private"}, {"Ref": "Public"}]}
    yield "Transit", {"SubnetIds": [{"Ref": "Private"}, {"Ref": "Public"}]}
    yield "Classic", {"Subnets": [{"Ref": "Private"}, {"Ref": "Public"}]}
    yield "Kept", {"LifecycleConfiguration": {"Rules": [{"Id": "other", "Status": "Enabled", "ExpirationInDays": 3}]}}
    yield "BucketPolicy", {"PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]}}


@pytest.mark.torture
def test_all_of_it_survives_what_the_plan_changes_and_is_told_before_a_destroy(user: LocalOperator) -> None:
    empty = _seen(user)
    company, document = _company(user)
    applied = _seen(user)
    for add in ADDITIONS.values():
        add(company)
    user.aws.advance(600)
    before = _seen(user)
    theirs = {place: before[place] for place in before.keys() - applied.keys()}
    assert len(theirs) >= len(ADDITIONS) // 2
    for name, properties in _changes():
        (user.folder / FILE).write_text(json.dumps(_with(document, name, **properties)))
        user.good("apply", FILE, "--yes")
        assert changed(theirs, _seen(user)) == {}, name
        (user.folder / FILE).write_text(json.dumps(document))
        user.good("apply", FILE, "--yes")
        assert changed(theirs, _seen(user)) == {}, name
    # A policy and a comment that a plan no longer gives aren't compared; all else is as it was.
    assert {id for _, id in changed(before, _seen(user))} <= {company.ids["Storage"], company.ids["Zone"]}
    assert user.run("plan", FILE, "--detailed-exitcode").code == 0
    destroyed = user.run("destroy", FILE, "--yes", "--verbose")
    left = _seen(user)
    assert destroyed.err.index("not of this plan") < destroyed.err.index("deleted")
    gone = changed(theirs, left)
    assert {place: how for place, how in gone.items() if place[0] not in PARTS} == {}, destroyed.err
    assert changed(empty, left) == {}

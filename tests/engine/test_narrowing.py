"""Some deletions of a plan, and nothing else of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import pytest

from ocpprov.engine.actions import Action, Actions, Verb
from ocpprov.engine.graph import Graph
from ocpprov.engine.narrowing import only_deletions
from ocpprov.engine.resources import Live, Owner, Resource
from ocpprov.engine.steps import Barrier, CreateStep, DeleteStep, Step, TagEdit, TagStep, delete_name
from tests.engine.examples import RULE
from tests.engine.planning import OWNER

GROUP: Final = "AWS::EC2::SecurityGroup"


def delete(type: str, id: str, *after: str) -> DeleteStep:
    return DeleteStep(
        name=delete_name(type, id), type=type, logical_id=id, live=Live(type, id, {}), after=frozenset(after)
    )


def ledger(parent: str, entries: str, staying: str) -> TagStep:
    """The step by which a parent forgets what the whole plan doesn't have any more."""
    edit = TagEdit({"ocpprov:children": staying}) if staying else TagEdit(remove=["ocpprov:children"])
    return TagStep(
        name=f"ledger {parent}",
        type=GROUP,
        logical_id=parent,
        live=Live(GROUP, f"id-{parent}", {}, tags={"ocpprov:children": entries, "Name": "x"}),
        tags=edit,
        after=frozenset({"delete AWS::EC2::SecurityGroupIngress a", "build it"}),
    )


def actions(steps: Sequence[Step]) -> Actions:
    found = [Action(step.logical_id, step.type, Verb.DELETE, step.logical_id) for step in steps if step.type == RULE]
    rest = [Action("new", GROUP, Verb.CREATE), Action("kept", GROUP, Verb.KEEP), Action("swept", RULE, Verb.SWEEP, "a")]
    return Actions(Owner(OWNER.plan, OWNER.region, OWNER.account, OWNER.run), Graph({}, {}), [*found, *rest], steps, {})


RULES: Final = [
    delete(RULE, "a"),
    delete(RULE, "b", "delete AWS::EC2::SecurityGroupIngress a", "build new"),
    delete(RULE, "c", "all of rules"),
    Barrier(name="all of rules", after=frozenset({delete_name(RULE, "a"), delete_name(RULE, "b")})),
    CreateStep(name="build new", type=GROUP, logical_id="new", resource=Resource("new", GROUP, {})),
]


def test_the_deletions_keep_their_order_through_what_is_left_out() -> None:
    narrowed = only_deletions(actions(RULES), {(RULE, "a"), (RULE, "c")}, {})
    assert [(step.name, sorted(step.after)) for step in narrowed.steps] == [
        (delete_name(RULE, "a"), []),
        (delete_name(RULE, "c"), [delete_name(RULE, "a")]),
    ]
    assert [(each.resource, each.verb) for each in narrowed.actions] == [
        ("a", Verb.DELETE),
        ("c", Verb.DELETE),
        ("kept", Verb.KEEP),
    ]


def test_nothing_chosen_is_nothing_to_do() -> None:
    narrowed = only_deletions(actions(RULES), {(GROUP, "a")}, {})
    assert (narrowed.steps, narrowed.changes) == ([], [])


@pytest.mark.parametrize(
    ("rows", "every_row", "expected"),
    [
        ({"P": {"r 1"}}, set(), {"ocpprov:children": "r 2 + r 3"}),
        ({"P": {"r 1", "r 2"}}, set(), {"ocpprov:children": "r 3"}),
        ({}, {"P"}, {"ocpprov:children": "r 3"}),
        ({"P": {"r 3"}}, set(), None),
        ({"P": {"r 9"}}, set(), None),
        ({"Q": {"r 1"}}, set(), None),
        ({}, {"Q"}, None),
    ],
)
def test_a_parent_forgets_just_the_rows_that_go(
    rows: dict[str, set[str]], every_row: set[str], expected: dict[str, str] | None
) -> None:
    """The whole plan would forget 1 and 2."""
    planned = actions([*RULES, ledger("P", "r 1 + r 2 + r 3", "r 3")])
    narrowed = only_deletions(planned, {(RULE, "a")}, rows, every_row=every_row)
    found = [step for step in narrowed.steps if isinstance(step, TagStep)]
    assert [(dict(step.tags.put), list(step.tags.remove)) for step in found] == ([(expected, [])] if expected else [])
    assert [sorted(step.after) for step in found] == ([[delete_name(RULE, "a")]] if expected else [])


def test_a_ledger_without_rows_goes() -> None:
    planned = actions([*RULES, ledger("P", "r 1", "")])
    (step,) = only_deletions(planned, set(), {"P": {"r 1"}}).steps
    assert isinstance(step, TagStep)
    assert (dict(step.tags.put), list(step.tags.remove)) == ({}, ["ocpprov:children"])


def test_what_would_go_along_with_what_is_left_out_is_sent() -> None:
    group, rule = delete(GROUP, "g"), delete(RULE, "a")
    along = replace(rule, along=group.name)
    alone = only_deletions(actions([group, along]), {(RULE, "a")}, {})
    both = only_deletions(actions([group, along]), {(RULE, "a"), (GROUP, "g")}, {})
    assert (list(alone.steps), list(both.steps)) == ([rule], [group, along])

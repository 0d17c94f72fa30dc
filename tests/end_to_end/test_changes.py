"""One thing of the plan is changed at a time: `plan` says it, `apply` does it, and nothing else moves.

Which changes follow from which is tested on values for each type and property in `tests/engine`; here one that is made
in place and one that isn't go the whole way, and `make torture` has all of them.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

import pytest

from tests.end_to_end.changes import CHAINS, Chain, Change
from tests.end_to_end.local import LocalAws, LocalOperator
from tests.support.snapshot import Difference, difference, snapshot


def edited(plan: Mapping[str, Any], edit: Mapping[str, Any]) -> dict[str, Any]:
    """The plan with each path set to its value, or without it."""
    copied: dict[str, Any] = copy.deepcopy(dict(plan))
    for path, value in edit.items():
        *way, last = path.split(".")
        at = copied
        for name in way:
            at = at.setdefault(name, {})
        if value is None:
            at.pop(last, None)
        else:
            at[last] = value
    return copied


def alternatives(pattern: str) -> list[str]:
    """The patterns that braces stand for, as a shell would have them: `NAT{,2}` is NAT and NAT2."""
    head, brace, rest = pattern.partition("{")
    if not brace:
        return [pattern]
    inside, _, tail = rest.partition("}")
    return [f"{head}{choice}{end}" for choice in inside.split(",") for end in alternatives(tail)]


def unexpected(found: Difference, change: Change) -> list[str]:
    """Differences that nothing told of, and what was told and didn't come."""
    wrong = []
    for word, names, patterns in (
        ("came", found.came, change.came),
        ("went", found.went, change.went),
        ("changed", found.changed, change.changed),
    ):
        wanted = [each for pattern in patterns for each in alternatives(pattern)]
        wrong += [f"{word}: {name}" for name in names if not any(fnmatchcase(name, each) for each in wanted)]
        wrong += [f"not {word}: {each}" for each in wanted if not any(fnmatchcase(name, each) for name in names)]
    return wrong


@pytest.mark.parametrize(
    "chain",
    [pytest.param(chain, id=name, marks=pytest.mark.torture) for name, chain in CHAINS.items()],
)
def test_a_change_of_the_plan_is_said_and_done_and_nothing_else(
    user: LocalOperator, aws: LocalAws, chain: Chain
) -> None:
    file = user.folder / "plan.yaml"
    empty = aws.everything()
    plan = edited(chain.base, chain.first)
    file.write_text(json.dumps(plan))
    user.good("apply", "plan.yaml", "--sandbox", "--yes")
    before = snapshot(aws.client)
    for name, change in chain.changes.items():
        plan = edited(plan, change.edit)
        file.write_text(json.dumps(plan))
        shown = user.run("plan", "plan.yaml", "--sandbox", "--detailed-exitcode", "--verbose")
        assert shown.code == 2, f"{name}\n{shown.err}"
        assert [text for text in change.says if text not in shown.out] == [], f"{name}\n{shown.out}"
        if change.allow:
            assert user.run("apply", "plan.yaml", "--sandbox", "--yes").code == 2, name
        allow = [word for logical_id in change.allow for word in ("--allow", logical_id)]
        user.good("apply", "plan.yaml", "--sandbox", "--yes", *allow)
        after = snapshot(aws.client)
        assert unexpected(difference(before, after), change) == [], name
        before = after
        aws.clear_calls()
        user.good("apply", "plan.yaml", "--sandbox", "--yes")
        assert aws.changes() == [], name
    user.good("destroy", "plan.yaml", "--sandbox", "--yes")
    assert aws.everything() == empty

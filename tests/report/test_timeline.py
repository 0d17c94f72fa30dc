"""When each step ran, and what the run's length comes from."""

from __future__ import annotations

from ocpprov.report.timeline import StepSpan, longest_chain, spans
from tests.report.runs import AFTER, BEGAN, EVENTS, event, started

LAST = BEGAN + 91


def told(found: list[StepSpan]) -> list[tuple[str, str, str, float, float, float]]:
    return [
        (each.step, each.id, each.outcome, each.start - BEGAN, each.done - BEGAN, each.end - BEGAN) for each in found
    ]


def test_steps_by_their_beginning() -> None:
    assert told(spans(EVENTS, LAST)) == [
        ("build Net", "vpc-1", "created", 0, 1, 1),
        ("build Door", "igw-1", "created", 1, 2, 2),
        ("build Outside", "subnet-1", "created", 1, 3, 3),
        ("build Nat", "nat-1", "created", 3, 4, 90),
        ("build InRoute", "", "failed", 4, 5, 5),
    ]


def test_what_was_sent_again_goes_on() -> None:
    again = [started(0, "A", "T"), started(5, "A", "T"), event("exists", 6, "A", "T", "a-1")]
    assert told(spans(again, LAST)) == [("build A", "a-1", "created", 0, 6, 6)]


def test_what_never_ended_goes_on_to_the_last_that_is_known() -> None:
    assert told(spans([started(2, "A", "T")], LAST)) == [("build A", "", "", 2, 91, 91)]


def test_what_never_got_ready_goes_on_to_the_last_that_is_known() -> None:
    said = [started(0, "A", "T"), event("exists", 1, "A", "T", "a-1"), event("waiting", 2, "A", "T", "a-1")]
    assert told(spans(said, LAST)) == [("build A", "a-1", "created, not ready", 0, 1, 91)]
    broken = [*said, event("failed", 5, "A", "T", "a-1")]
    assert told(spans(broken, LAST)) == [("build A", "a-1", "failed", 0, 5, 5)]


def test_what_is_awaited_until_it_is_gone_is_not_ready_for_that() -> None:
    said = [
        event("started", 0, "A", "T", "a-1", action="delete"),
        event("waiting", 1, "A", "T", "a-1", reason="until gone"),
        event("deleted", 2, "A", "T", "a-1"),
        event("ready", 3, "A", "T", "a-1"),
    ]
    assert told(spans(said, LAST)) == [("delete T a-1", "a-1", "deleted", 0, 2, 2)]


def test_a_predecessor_that_is_awaited_is_not_its_successor() -> None:
    said = [started(0, "A", "T"), event("exists", 1, "A", "T", "a-2"), event("waiting", 2, "A", "T", "a-1")]
    assert told(spans(said, LAST)) == [("build A", "a-2", "created", 0, 1, 1)]


def test_a_replacement_has_a_step_for_either() -> None:
    replaced = [
        event("started", 0, "A", "T", "a-1", action="delete"),
        event("deleted", 1, "A", "T", "a-1"),
        started(1, "A", "T"),
        event("exists", 2, "A", "T", "a-2"),
    ]
    assert told(spans(replaced, LAST)) == [
        ("delete T a-1", "a-1", "deleted", 0, 1, 1),
        ("build A", "a-2", "created", 1, 2, 2),
    ]


def test_what_is_only_changed_found_or_let_go() -> None:
    said = [
        event("started", 0, "A", "T", "a-1", action="update"),
        event("updated", 1, "A", "T", "a-1"),
        event("adopted", 2, "B", "T", "b-1"),
        event("forgotten", 3, "C", "T", "c-1"),
        event("retrying", 4, "", "T"),
        event("skipped", 5, "D"),
    ]
    assert told(spans(said, LAST)) == [
        ("build A", "a-1", "updated", 0, 1, 1),
        ("build B", "b-1", "found", 2, 2, 2),
        ("delete T c-1", "c-1", "forgotten", 3, 3, 3),
    ]


def test_the_longest_chain_goes_back_from_what_ended_last() -> None:
    chain = longest_chain(spans(EVENTS, LAST), AFTER)
    assert [each.resource for each in chain] == ["Net", "Outside", "Nat"]


def test_what_never_ended_is_in_no_chain() -> None:
    found = spans([*EVENTS, started(6, "Late", "T")], LAST)
    assert [each.resource for each in longest_chain(found, {**AFTER, "build Late": ["build InRoute"]})][-1] == "Nat"


def test_nothing_has_no_chain_and_a_circle_ends() -> None:
    assert longest_chain([], AFTER) == []
    one = spans([started(0, "A", "T"), event("exists", 1, "A", "T", "a")], LAST)
    assert longest_chain(one, {"build A": ["x"], "x": ["y"], "y": ["x", "build A"]}) == one

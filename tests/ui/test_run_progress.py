"""How far a run is and how long the rest takes, by what has happened."""

from __future__ import annotations

import pytest

from ocpprov.engine.events import Event, EventKind
from ocpprov.engine.resources import Live
from ocpprov.engine.steps import Barrier, DeleteStep, Step, build_name, delete_name
from ocpprov.ui.run_progress import Durations, RunProgress

VPC = "AWS::EC2::VPC"
NAT = "AWS::EC2::NatGateway"
SLOW = Durations({VPC: 1.0, NAT: 90.0}, frozenset({NAT}))


def build(name: str, type: str = VPC, *after: str) -> Step:
    return Step(name=build_name(name), type=type, logical_id=name, after=frozenset(map(build_name, after)))


def event(kind: EventKind, resource: str, time: float, type: str = VPC, **detail: object) -> Event:
    return Event(kind, time, resource, type, f"id-{resource}", detail)


CHAIN = [build("A"), build("N", NAT, "A"), build("B", VPC, "N")]


@pytest.mark.parametrize("kind", [EventKind.EXISTS, EventKind.UPDATED, EventKind.ADOPTED])
def test_what_is_made_counts(kind: EventKind) -> None:
    run = RunProgress(SLOW, CHAIN)
    assert (run.done, run.total) == (0, 3)
    run.hear(event(EventKind.STARTED, "A", 0.0, action="create"))
    assert (run.done, [each.doing for each in run.flights]) == (0, ["create"])
    run.hear(event(kind, "A", 1.0))
    assert (run.done, run.flights) == (1, [])
    run.hear(event(kind, "elsewhere", 1.0))
    assert run.done == 1


@pytest.mark.parametrize("kind", [EventKind.DELETED, EventKind.FORGOTTEN])
def test_what_is_taken_counts_by_its_id(kind: EventKind) -> None:
    live = Live(VPC, "id-A", {})
    step = DeleteStep(name=delete_name(VPC, "id-A"), type=VPC, logical_id="A", live=live)
    run = RunProgress(SLOW, [step])
    run.hear(Event(kind, 1.0, "A", VPC, "id-other"))
    assert run.done == 0
    run.hear(Event(kind, 1.0, "A", VPC, "id-A"))
    assert (run.done, run.remaining(1.0)) == (1, 0.0)


@pytest.mark.parametrize("kind", [EventKind.FAILED, EventKind.SKIPPED])
def test_what_failed_is_neither_done_nor_waited_for(kind: EventKind) -> None:
    run = RunProgress(SLOW, [build("A")])
    run.hear(event(EventKind.STARTED, "A", 0.0))
    run.hear(event(kind, "A", 1.0))
    assert (run.done, run.total, run.flights, run.remaining(1.0)) == (0, 1, [], 0.0)


def test_the_rest_is_the_longest_chain_less_what_has_gone() -> None:
    run = RunProgress(SLOW, CHAIN)
    assert run.remaining(0.0) == 92.0
    run.hear(event(EventKind.EXISTS, "A", 1.0))
    run.hear(event(EventKind.STARTED, "N", 1.0, NAT, action="create"))
    assert run.remaining(1.0) == 91.0
    assert run.remaining(31.0) == 61.0


def test_what_takes_longer_than_usual_takes_a_quarter_more() -> None:
    run = RunProgress(SLOW, [build("N", NAT)])
    run.hear(event(EventKind.STARTED, "N", 0.0, NAT))
    assert run.remaining(89.0) == 1.0
    assert run.remaining(100.0) == 25.0


def test_what_goes_on_after_the_answer_is_in_flight_until_ready_from_its_beginning() -> None:
    run = RunProgress(SLOW, [build("N", NAT)])
    run.hear(event(EventKind.STARTED, "N", 5.0, NAT, action="create"))
    run.hear(event(EventKind.EXISTS, "N", 6.0, NAT))
    [flight] = run.flights
    assert (flight.resource, flight.doing, flight.since, flight.usual) == ("N", "until ready", 5.0, 90.0)
    assert (run.done, run.remaining(15.0)) == (1, 80.0)
    run.hear(event(EventKind.WAITING, "N", 20.0, NAT, reason="until ready"))
    assert [each.since for each in run.flights] == [5.0]
    run.hear(event(EventKind.READY, "N", 45.0, NAT))
    assert (run.flights, run.remaining(45.0)) == ([], 0.0)


def test_how_long_something_took_is_learned_where_it_is_said() -> None:
    run = RunProgress(SLOW, [build("N", NAT)])
    for name, detail in (("N", {"seconds": 30.0}), ("O", {}), ("P", {"seconds": 50})):
        run.hear(event(EventKind.WAITING, name, 0.0, NAT))
        run.hear(event(EventKind.READY, name, 99.0, NAT, **detail))
    assert run.learned() == {NAT: 40.0}


def test_flights_are_told_longest_first() -> None:
    run = RunProgress(SLOW, [])
    run.hear(event(EventKind.WAITING, "later", 2.0, reason="until gone"))
    run.hear(event(EventKind.WAITING, "first", 1.0, reason="until gone"))
    assert [each.resource for each in run.flights] == ["first", "later"]


def test_retries_are_counted_by_code() -> None:
    run = RunProgress(SLOW)
    run.hear(event(EventKind.RETRYING, "A", 0.0, code="Throttling", reason="throttled"))
    run.hear(event(EventKind.RETRYING, "A", 0.0, reason="not ready"))
    run.hear(event(EventKind.RETRYING, "A", 0.0, code="Throttling"))
    assert run.retries == {"Throttling": 2, "not ready": 1}


def test_a_second_round_adds_its_steps_and_barriers_count_nothing() -> None:
    run = RunProgress(SLOW, [build("A"), Barrier(name="all", after=frozenset({build_name("A")}))])
    assert run.total == 1
    run.hear(event(EventKind.EXISTS, "A", 1.0))
    run.plan([build("B")])
    assert (run.done, run.total, run.remaining(1.0)) == (1, 2, 1.0)


def test_what_was_learned_counts_more_than_what_kinds_say_and_the_sandbox_is_quicker() -> None:
    assert Durations({NAT: 90.0}, learned={NAT: 70.0}).of(NAT) == 70.0
    assert Durations({NAT: 90.0}, scale=300.0).of(NAT) == pytest.approx(0.3)
    assert Durations({NAT: 90.0}, learned={NAT: 60.0}, scale=300.0).of(NAT) == pytest.approx(0.2)
    assert Durations({}).of(VPC) == 1.0

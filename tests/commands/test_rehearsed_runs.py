"""What a rehearsal hears of a run."""

from __future__ import annotations

from ocpprov.commands.exit_codes import ExitCode
from ocpprov.commands.rehearsed_runs import Act, Performance, Wait, slowest
from ocpprov.engine.events import Event, EventKind

NAT = "AWS::EC2::NatGateway"


def event(kind: EventKind, time: float, resource: str, type: str = NAT) -> Event:
    return Event(kind, time, resource, type)


def test_a_step_lasts_from_its_begin_and_what_is_waited_for_from_then_on() -> None:
    events = [
        event(EventKind.STARTED, 10, "N"),
        event(EventKind.EXISTS, 11, "N"),
        event(EventKind.STARTED, 10, "R"),
        event(EventKind.STARTED, 15, "R"),
        event(EventKind.UPDATED, 40, "R"),
        event(EventKind.WAITING, 50, "N"),
        event(EventKind.READY, 75, "N"),
        event(EventKind.DELETED, 80, "unheard of"),
        event(EventKind.STARTED, 80, "D"),
        event(EventKind.DELETED, 82, "D"),
    ]
    assert slowest(events) == [Wait("R", NAT, 30), Wait("N", NAT, 25), Wait("D", NAT, 2)]


def test_the_five_slowest_are_told_equal_ones_by_name() -> None:
    names = "gfedcba"
    events = [event(EventKind.STARTED, 0, name) for name in names] + [
        event(EventKind.EXISTS, 5, name) for name in names
    ]
    assert [wait.resource for wait in slowest(events)] == ["a", "b", "c", "d", "e"]


def performance(act: Act, code: ExitCode = ExitCode.DONE, changed: int = 0) -> Performance:
    calls = {"ec2:CreateVpc": 1, "iam:GetRole": 5, "ec2:DescribeVpcs": 2, "elb:Describe": 3}
    return Performance(act, code, 1.0, calls, 1, 0, 0, changed)


def test_a_second_apply_is_good_only_where_it_had_nothing_to_do() -> None:
    assert performance(Act.APPLY, changed=3).ok
    assert performance(Act.DESTROY, changed=3).ok
    assert performance(Act.AGAIN).ok
    assert not performance(Act.AGAIN, changed=1).ok
    assert not performance(Act.AGAIN, ExitCode.FAILED).ok
    assert not performance(Act.APPLY, ExitCode.REFUSED).ok


def test_calls_count_by_service_most_first() -> None:
    assert list(performance(Act.APPLY).by_service.items()) == [("iam", 5), ("ec2", 3), ("elb", 3)]

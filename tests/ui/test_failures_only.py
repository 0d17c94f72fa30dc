"""A run that is to be quiet says what failed, and nothing else."""

from __future__ import annotations

from ocpprov.engine.events import Event, EventKind
from ocpprov.ui.failures_only import FailuresOnly
from ocpprov.ui.lines import Line, Tone


def test_only_failures_are_said_each_by_what_it_is_about() -> None:
    said: list[Line] = []
    view = FailuresOnly(said.append)
    for kind in EventKind:
        view.emit(Event(kind, 1.0, "Vpc", "AWS::EC2::VPC", "vpc-1", {"reason": "no room"}))
    view.emit(Event(EventKind.FAILED, 1.0, "", "AWS::EC2::VPC"))
    view.emit(Event(EventKind.FAILED, 1.0, "Vpc", detail={"reason": None}))
    view.close()
    assert [line.text for line in said] == ["failed    Vpc  no room", "failed    AWS::EC2::VPC", "failed    Vpc"]
    assert {line.tone for line in said} == {Tone.DANGER}

"""The benchmark of the engine still does what it measures: what it takes for granted is asserted in it. And figures
are kept, and compared with those before."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import history
from benchmarks.__main__ import ALL
from benchmarks.peers_beside import with_arn
from benchmarks.peers_made import lines_of
from benchmarks.rehearsal import PLANS, TOLERANCE, compared, whole
from benchmarks.scale import SHAPES, cost
from benchmarks.ways import level_by_level
from ocpprov.engine.steps import Step


@pytest.mark.parametrize("shape", SHAPES)
def test_each_shape_is_planned_made_kept_replaced_and_destroyed(shape: str) -> None:
    assert min(vars(cost(shape, 40)).values()) > 0


def test_figures_are_kept_with_the_commit_the_date_and_the_machine(tmp_path: Path) -> None:
    file = tmp_path / "history.jsonl"
    assert history.entries(file) == []
    first, second = history.new_entry({"a | b, s": 1.23456789}), history.new_entry({"a | c": 2.0})
    history.add(first, file)
    history.add(second, file)
    assert history.entries(file) == [first, second]
    assert first.figures == {"a | b, s": 1.2346}
    assert first.machine.cores > 0
    assert set(first.machine.libraries) == {"boto3", "moto", "rich"}
    assert history.last_values([first, second, history.new_entry({"a | c": 3.0})]) == {"a | b, s": 1.2346, "a | c": 3.0}


def test_a_machine_is_told_by_its_processor(tmp_path: Path) -> None:
    told = tmp_path / "cpuinfo"
    told.write_text("processor\t: 0\nmodel name\t: A CPU @ 2 GHz\nmodel name\t: Another\n")
    assert history.this_machine(told).cpu == "A CPU @ 2 GHz"
    assert history.this_machine(tmp_path / "none").cpu


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [(2.0, None, ""), (2.0, 2.0, ""), (3.0, 2.0, "+50.0%"), (1.0, 2.0, "-50.0%"), (1.0, 0.0, "from 0")],
)
def test_a_change_is_told_in_per_cent(now: float, before: float | None, said: str) -> None:
    assert history.change(now, before) == said


@pytest.mark.parametrize(("value", "said"), [(1234.5, "1,234"), (7.0, "7"), (7.25, "7.25"), (0.12345, "0.123")])
def test_a_figure_has_three_digits(value: float, said: str) -> None:
    assert history.written(value) == said


def test_the_table_has_the_value_before(capsys: pytest.CaptureFixture[str]) -> None:
    history.show({"a | b, s": 3.0, "a | c": 1.0}, {"a | b, s": 2.0}, {"a": "simulated"})
    shown = [line.strip("│ ") for line in capsys.readouterr().out.splitlines()]
    assert [line.split() for line in shown if line.startswith("b, s")] == [
        ["b,", "s", "│", "3", "│", "2", "│", "+50.0%"]
    ]
    assert sum("a: simulated time" in line for line in shown) == 1


def test_the_history_can_be_read() -> None:
    known = {each.name for each in ALL}
    names = {name.partition(history.SEPARATOR)[0] for entry in history.entries() for name in entry.figures}
    assert names <= known


def test_lines_of_a_script_are_those_that_say_something(tmp_path: Path) -> None:
    script = tmp_path / "script.sh"
    script.write_text("#!/bin/bash\n\n# says what\nset -e\n    aws ec2 create-vpc  # really\n")
    assert lines_of(script) == 2


def test_a_policy_has_the_name_of_the_bucket_in_place_of_its_reference() -> None:
    policy = {"Resource": [{"Fn::GetAtt": ["B", "Arn"]}, {"Fn::Join": ["", [{"Fn::GetAtt": ["B", "Arn"]}, "/*"]]}]}
    assert with_arn(policy, "arn:b") == {"Resource": ["arn:b", "arn:b/*"]}


def test_level_by_level_each_step_waits_for_all_of_the_level_before() -> None:
    def step(name: str, *after: str) -> Step:
        return Step(name=name, type="T", logical_id=name, after=frozenset(after))

    steps = {each.name: each for each in level_by_level([step("c", "b"), step("a"), step("b", "a"), step("d")])}
    first, second, third = (f"all of level {number}" for number in range(3))
    assert steps[first].after == {"a", "d"}
    assert steps[second].after == {"b"}
    assert steps[third].after == {"c"}
    assert {name: steps[name].after for name in "abcd"} == {
        "a": frozenset(),
        "b": {"a", first},
        "c": {"b", second},
        "d": frozenset(),
    }


@pytest.mark.torture
@pytest.mark.parametrize("shape", SHAPES)
def test_ten_times_as_many_take_about_ten_times_as_long(shape: str) -> None:
    """In CPU seconds of one process. Something quadratic takes a hundred times as long, of which other work hides some:
    it was 27 times when it was seen last."""
    small, large = vars(cost(shape, 1_000)), vars(cost(shape, 10_000))
    ratios = {name: large[name] / small[name] for name in ("planning", "again", "replacing", "destroying")}
    assert max(ratios.values()) < 20, ratios


@pytest.mark.torture
@pytest.mark.parametrize("plan", PLANS)
def test_a_rehearsal_is_as_long_as_a_run_that_takes_as_long_as_aws(plan: str) -> None:
    """Five minutes each, by the wall: the sandbox at scale 1, with the same delays, rates, quotas and latency."""
    rows = compared(plan)
    assert [row.rehearsed for row in rows] == [row.again for row in rows]
    assert abs(whole(rows).error) <= TOLERANCE, rows

"""A line and an AWS that fail now and then, from the very first call on: before a service counts as unreachable or an
account as unknown it is asked again, so that a command never ends with 2, and an apply comes to its end in two runs.

One call in a hundred is lost, half of them on the way back, and one in a hundred is answered with an error 5xx, half of
them although it was done. It is the whole command line (`LocalOperator`), as its first calls are those of `connect`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from ocpprov.sandbox.faults import Script, Storm
from tests.end_to_end.local import LocalOperator
from tests.end_to_end.world import CRASH, REGION, ROOT
from tests.support.networks import with_a_network

PLANS: Final = ("public-3az", "restricted-3az", "network-single-zone", "existing-vpc")
SEEDS: Final = 40
MOST_RUNS: Final = 2


def runs(user: LocalOperator, seed: int, *command: str) -> int:
    """How many runs a command takes in a storm until it ends well."""
    for run in range(1, MOST_RUNS + 1):
        storm = Storm(seed * 10 + run, lost_answers=0.005, lost_requests=0.005, done_but_failed=0.005, failed=0.005)
        user.bastion.pipeline.set_faults(Script(storm=storm))
        ended = user.run(*command, "--yes")
        user.bastion.pipeline.set_faults(Script())
        if ended.code == 0:
            return run
        assert ended.code == 1, f"seed {seed}, run {run}: exit {ended.code}\n{ended.err}"
    raise AssertionError(f"seed {seed}: {' '.join(command)} isn't at its end after {MOST_RUNS} runs\n{ended.err}")


def weathered(user: LocalOperator, home: Path, shipped: Path, seed: int, took: Counter[str]) -> None:
    """Apply and destroy a plan in a storm; a calm AWS judges both."""
    home.mkdir()
    user.bastion.moved_in(home, REGION)
    plan = str(with_a_network(shipped, user.aws.client("ec2"), home))
    before = user.aws.everything()
    took[f"apply in {runs(user, seed, 'apply', plan)}"] += 1
    assert user.run("plan", plan, "--detailed-exitcode").code == 0
    took[f"destroy in {runs(user, seed, 'destroy', plan)}"] += 1
    assert user.aws.everything() == before


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.torture)])
def test_a_storm_from_the_first_call(user: LocalOperator, tmp_path: Path, seed: int) -> None:
    """Of a small plan."""
    weathered(user, tmp_path / "home", CRASH / "small-network.yaml", seed, Counter())


@pytest.mark.torture
@pytest.mark.parametrize("name", PLANS)
@pytest.mark.parametrize("first", range(0, SEEDS, 10))
def test_forty_storms_from_the_first_call(
    user: LocalOperator, tmp_path: Path, name: str, first: int, record_property: Callable[[str, object], None]
) -> None:
    took: Counter[str] = Counter()
    for seed in range(first, first + 10):
        weathered(user, tmp_path / str(seed), ROOT / "plans" / f"{name}.yaml", seed, took)
    for what, count in sorted(took.items()):
        record_property(what, count)

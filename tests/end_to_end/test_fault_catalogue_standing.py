"""What AWS and the machine may do to what stands already, and to its destroy, row by row of the fault catalogue."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Final

import pytest

from ocpprov.sandbox.faults import Fault, FaultKind, Script
from tests.end_to_end.cataloguing import World, calm
from tests.end_to_end.troubles import GONE, HELD
from tests.support.forking import forked
from tests.support.in_process import Bastion


def a_destroy_waits_until_it_is_let_go(world: World) -> None:
    """All of them in one run: rows 51 to 60. And row 47, an endpoint that is said not to be deleted, in a success with
    errors inside, is deleted again."""
    body = (
        "<DeleteVpcEndpointsResponse><requestId>1</requestId><unsuccessful><item><error>"
        "<code>DependencyViolation</code><message>in use</message></error><resourceId>vpce-1</resourceId></item>"
        "</unsuccessful></DeleteVpcEndpointsResponse>"
    )
    inside = Fault(FaultKind.ANSWER, operation="DeleteVpcEndpoints", body=body, times=2)
    world.bastion.pipeline.set_faults(Script((inside, *(fault for trouble in HELD for fault in trouble.faults))))
    destroyed = world.bastion.destroy(world.plan)
    struck = Counter(call["operation"] for call in world.bastion.pipeline.calls() if call["fault"])
    held = {trouble.operation: trouble.faults[0].times for trouble in HELD}
    assert struck == Counter({**held, "DeleteVpcEndpoints": 2})
    assert len(world.sent("DeleteVpcEndpoints")) == 4
    world.is_gone(destroyed)


def what_a_destroy_is_told_to_be_gone_is_gone(world: World, done: bool) -> None:
    """Row 49: gone already is as good as deleted. Row 50: but AWS may say so of what it only doesn't see yet."""
    kind = FaultKind.ERROR_AFTER if done else FaultKind.ERROR
    faults = (
        Fault(kind, operation=operation, code=code, status=404 if code.startswith("NoSuch") else 400)
        for operation, code in GONE.items()
    )
    world.bastion.pipeline.set_faults(Script(tuple(faults)))
    destroyed = world.bastion.destroy(world.plan)
    assert {call["operation"] for call in world.bastion.pipeline.calls() if call["fault"]} == set(GONE)
    world.is_gone(destroyed)


def what_was_deleted_by_hand_is_made_again_without_waiting_for_it(world: World) -> None:
    """Row 70: the journal knows ids that AWS doesn't any more."""
    home = world.bastion.home / ".ocpprov"
    kept = world.bastion.home / "kept"
    shutil.copytree(home, kept)
    world.is_gone(world.bastion.destroy(world.plan))
    shutil.rmtree(home)
    kept.rename(home)
    start = world.bastion.clock.seconds
    applied = world.bastion.apply(world.plan)
    assert world.bastion.clock.seconds - start < world.seconds + 60
    world.is_whole(applied)
    world.is_gone(world.bastion.destroy(world.plan))


def a_gateway_that_is_listed_but_deleted_is_made_again(world: World) -> None:
    """Row 72."""
    ec2 = world.bastion.client("ec2")
    [gateway] = ec2.describe_nat_gateways()["NatGateways"]
    ec2.delete_nat_gateway(NatGatewayId=gateway["NatGatewayId"])
    world.bastion.clock.sleep(300)
    assert world.bastion.apply(world.plan).code == 0
    states = sorted(each["State"] for each in ec2.describe_nat_gateways()["NatGateways"])
    assert states == ["available", "deleted"]
    world.is_gone(world.bastion.destroy(world.plan))


def a_journal_that_ends_in_the_middle_of_a_line_is_read_as_far_as_it_goes(world: World) -> None:
    """Row 12."""
    journal = world.bastion.home / ".ocpprov" / "prod" / "journal.jsonl"
    journal.write_bytes(journal.read_bytes()[:-25])
    world.is_whole(world.bastion.apply(world.plan))
    world.is_gone(world.bastion.destroy(world.plan))
    assert all(json.loads(line) for line in journal.read_text().splitlines()[-20:])


ROWS: Final[Mapping[str, Callable[[World], None]]] = {
    "12": a_journal_that_ends_in_the_middle_of_a_line_is_read_as_far_as_it_goes,
    "49": partial(what_a_destroy_is_told_to_be_gone_is_gone, done=True),
    "50": partial(what_a_destroy_is_told_to_be_gone_is_gone, done=False),
    "47 and 51 to 60": a_destroy_waits_until_it_is_let_go,
    "70": what_was_deleted_by_hand_is_made_again_without_waiting_for_it,
    "72": a_gateway_that_is_listed_but_deleted_is_made_again,
}


@pytest.fixture(scope="module")
def standing(one_bastion: Bastion, tmp_path_factory: pytest.TempPathFactory) -> World:
    """What no row changes but in a copy."""
    world = calm(one_bastion, tmp_path_factory.mktemp("bastion"))
    assert world.bastion.apply(world.plan).code == 0
    return world


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_a_row(standing: World, row: Callable[[World], None], tmp_path: Path) -> None:
    def in_the_copy() -> None:
        shutil.copytree(standing.bastion.home, tmp_path / "home")
        standing.bastion.moved_to(tmp_path / "home")
        row(standing)

    forked(in_the_copy)

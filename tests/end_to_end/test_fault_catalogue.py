"""What AWS, the network and the machine may do to a run, row by row: the run gets over it, or stops in the right way.

AWS is the sandbox, in the same process; the account is judged by plain reads.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from ocpprov.sandbox.conditions import Conditions
from ocpprov.sandbox.delays import Delays
from ocpprov.sandbox.faults import Fault, FaultKind, Script
from tests.end_to_end.cataloguing import READY_AT_ONCE, World, calm
from tests.end_to_end.troubles import ELSEWHERE, GOT_OVER, HELD, LATER, PERMANENT, Permanent, Trouble, refused
from tests.end_to_end.world import CRASH, REGION
from tests.support.in_process import Bastion
from tests.support.likeness import unlike


@pytest.fixture(scope="module")
def calm_run(one_bastion: Bastion, tmp_path_factory: pytest.TempPathFactory) -> World:
    return calm(one_bastion, tmp_path_factory.mktemp("bastion"))


@pytest.fixture
def world(calm_run: World, tmp_path: Path) -> World:
    calm_run.bastion.moved_in(tmp_path, REGION, delays=READY_AT_ONCE)
    return replace(calm_run, empty=calm_run.held())


def _gatherings() -> list[list[Trouble]]:
    """As few groups as there can be with each operation struck once. Conditions hold for a whole run: at most one of a
    group has any, the first. Those under which what is new isn't seen by its id are a matter of `test_storm`."""
    groups = [[trouble] for trouble in GOT_OVER if trouble.conditions != Conditions()]
    groups = [group for group in groups if not group[0].conditions.unseen_by_id]
    for trouble in GOT_OVER:
        if trouble.conditions != Conditions():
            continue
        group = next((each for each in groups if trouble.operation not in {other.operation for other in each}), None)
        if group is None:
            groups.append([trouble])
        else:
            group.append(trouble)
    return groups


@pytest.mark.parametrize(
    "troubles",
    [
        *(pytest.param(group, id=f"together {number}") for number, group in enumerate(_gatherings())),
        *(pytest.param([trouble], id=str(trouble), marks=pytest.mark.torture) for trouble in GOT_OVER),
    ],
)
def test_an_apply_gets_over_it(world: World, troubles: list[Trouble]) -> None:
    """One at a time in `make torture`; here as many as don't meet in one operation."""
    world.meets(*troubles)
    applied = world.bastion.apply(world.plan)
    calls = world.bastion.pipeline.calls()
    world.is_whole(applied)
    for trouble in troubles:
        of_this = [call for call in calls if call["operation"] == trouble.operation]
        assert len(of_this) <= trouble.sends, trouble
        assert len([call for call in of_this if call["fault"]]) >= len(trouble.faults), trouble


def test_what_is_repeated_keeps_its_token(world: World) -> None:
    """Rows 6, 18 and 23: AWS takes the second for the first, whatever became of that."""
    repeated = (
        ("CreateNatGateway", "InvalidSubnetID.NotFound", "ClientToken"),
        ("CreateVpcEndpoint", "InvalidRouteTableId.NotFound", "ClientToken"),
        ("CreateHostedZone", "InvalidVPCId", "CallerReference"),
    )
    world.meets(*(refused(0, operation, code, times=1) for operation, code, _ in repeated))
    assert world.bastion.apply(world.plan).code == 0
    for operation, _, token in repeated:
        tokens = [parameters[token] for parameters in world.sent(operation)]
        assert tokens[0] in tokens[1:]


OFTEN: Final = ((25,), (65,))
"""Rows with an error in every run of the tests: of what fails later, and of the network, which everything needs. What
the others come to is in tests/aws, too; `make torture` takes them all."""


def _first_of_its_row(error: Permanent) -> bool:
    return error is next(other for other in PERMANENT if other.rows == error.rows)


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(
            error,
            id=str(error),
            marks=[] if error.rows in OFTEN and _first_of_its_row(error) else [pytest.mark.torture],
        )
        for error in PERMANENT
    ],
)
def test_what_no_repetition_helps_fails_at_once_and_the_next_apply_goes_on(world: World, error: Permanent) -> None:
    fault = Fault(
        error.kind, operation=error.operation, code=error.code, message=error.message, status=error.status, times=99
    )
    world.bastion.pipeline.set_faults(Script((fault,)))
    applied = world.bastion.apply(world.plan)
    assert applied.code == 1, applied.said
    assert len(world.sent(error.operation)) == error.sends
    assert error.code in applied.said or error.kind is LATER
    assert error.said in applied.said
    assert (error.shown or error.message) in applied.said
    world.calm()
    others = [line for line in unlike(world.held(), world.empty) if line.startswith("+ ")]
    # What needs the network fails with it; all others are there.
    assert len(others) >= (5 if error.operation == "CreateVpc" else 15)
    world.is_whole(world.bastion.apply(world.plan))


def test_a_run_whose_credentials_end_stops_cleanly_and_goes_on_with_new_ones(world: World) -> None:
    """Row 61."""
    world.bastion.pipeline.set_conditions(Conditions(credentials_last=world.seconds / 2))
    applied = world.bastion.apply(world.plan)
    assert applied.code == 1, applied.said
    assert "Expired" in applied.said
    world.calm()
    assert unlike(world.held(), world.empty) != []
    world.bastion.log_in_again()
    world.is_whole(world.bastion.apply(world.plan))
    world.is_gone(world.bastion.destroy(world.plan))


def test_a_wrong_clock_is_named_before_anything_is_changed(world: World) -> None:
    """Row 62."""
    message = "AWS was not able to validate the provided access credentials"
    fault = Fault(FaultKind.ERROR, operation="DescribeVpcs", code="AuthFailure", message=message, status=401, times=99)
    world.bastion.pipeline.set_faults(Script((fault,)))
    applied = world.bastion.apply(world.plan)
    assert (applied.code, applied.sent) == (2, [])
    assert "clock" in applied.said


@pytest.mark.torture
def test_what_never_becomes_ready_is_named_in_time_and_waited_for_again(world: World) -> None:
    """Row 27."""
    slow = world.bastion
    slow.moved_in(slow.home, REGION, delays=Delays(nat_gateway=1e6))
    start, empty = slow.clock.seconds, world.held()
    stuck = slow.apply(world.plan)
    assert stuck.code == 1
    [gateway] = slow.client("ec2").describe_nat_gateways()["NatGateways"]
    assert f"Nat ({gateway['NatGatewayId']}) isn't ready in time" in stuck.said
    assert "exists:   32 of the plan's 34 resources\nmissing:  ToNat; not ready: Nat" in stuck.said
    assert slow.clock.seconds - start < 1200
    slow.clock.sleep(1e6)
    applied = slow.apply(world.plan)
    assert (applied.code, applied.sent) == (0, ["CreateRoute"]), applied.said
    assert unlike(world.held(), empty + world.made) == []
    replace(world, empty=empty).is_gone(slow.destroy(world.plan))


def test_nobody_waits_for_a_change_of_records(world: World) -> None:
    """Row 77: a change that stays pending, or whose id is lost, keeps nobody waiting, because nobody asks for it: a
    record counts as there when it is listed."""
    plan = CRASH / "small-zone.yaml"
    for command in (world.bastion.apply, world.bastion.destroy):
        assert command(plan).code == 0
        assert world.sent("ChangeResourceRecordSets") != []
        assert world.sent("GetChange") == []


def test_every_row_of_the_catalogue_has_a_test() -> None:
    tables = {row for table in (GOT_OVER, PERMANENT, HELD) for entry in table for row in entry.rows}
    assert tables | set(ELSEWHERE) == set(range(1, 78))
    for test in ELSEWHERE.values():
        file, _, name = test.partition("::")
        assert f"def {name}(" in (Path(__file__).parent / file).read_text(), test

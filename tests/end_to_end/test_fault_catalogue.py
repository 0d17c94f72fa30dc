"""What AWS, the network and the machine may do to a run, row by row: the run gets over it, or stops in the right way.

AWS is the sandbox, in the same process; the account is judged by plain reads.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from ocpprov.sandbox.conditions import Conditions
from ocpprov.sandbox.delays import Delays
from ocpprov.sandbox.faults import Fault, FaultKind, Script
from tests.end_to_end.one_of_each import PLAN
from tests.end_to_end.troubles import ELSEWHERE, GONE, GOT_OVER, HELD, LATER, PERMANENT, Permanent, Trouble, refused
from tests.end_to_end.world import REGION
from tests.support.forking import forked
from tests.support.in_process import Bastion, Ended
from tests.support.likeness import likeness, unlike
from tests.support.snapshot import snapshot

Account = Counter[str]


@dataclass(frozen=True)
class World:
    """Somebody with the plan of one of each, before an account without it; `made` is what a calm run makes, in
    `seconds` of AWS's time."""

    bastion: Bastion
    plan: Path
    empty: Account
    made: Account
    seconds: float

    def held(self) -> Account:
        return likeness(snapshot(self.bastion.client))

    def sent(self, operation: str) -> list[dict[str, Any]]:
        """The parameters of each call of an operation since the last command began."""
        return [call["parameters"] for call in self.bastion.pipeline.calls() if call["operation"] == operation]

    def is_whole(self, applied: Ended) -> None:
        """The apply ended well, there is what a calm one makes, and one more has nothing to do."""
        self.calm()
        assert applied.code == 0, applied.said
        assert unlike(self.held(), self.empty + self.made) == []
        again = self.bastion.apply(self.plan)
        assert (again.code, again.sent) == (0, []), again.said

    def is_gone(self, destroyed: Ended) -> None:
        """The destroy ended well, and left nothing."""
        self.calm()
        assert destroyed.code == 0, destroyed.said
        assert unlike(self.held(), self.empty) == []

    def meets(self, *troubles: Trouble) -> None:
        """From now on; the conditions are the first one's."""
        self.bastion.pipeline.set_conditions(troubles[0].conditions)
        self.bastion.pipeline.set_faults(Script(tuple(fault for trouble in troubles for fault in trouble.faults)))

    def calm(self) -> None:
        """AWS behaves from now on."""
        self.bastion.pipeline.set_faults(Script())
        self.bastion.pipeline.set_conditions(Conditions())


@pytest.fixture(scope="module")
def calm_run(one_bastion: Bastion, tmp_path_factory: pytest.TempPathFactory) -> World:
    home = tmp_path_factory.mktemp("bastion")
    plan = home / "plan.json"
    plan.write_text(json.dumps(PLAN))
    bastion = one_bastion
    bastion.moved_in(home, REGION)

    def clean() -> tuple[Account, float]:
        start = bastion.clock.seconds
        applied = bastion.apply(plan)
        assert applied.code == 0, applied.said
        return likeness(snapshot(bastion.client)) - empty, bastion.clock.seconds - start

    empty = likeness(snapshot(bastion.client))
    made, seconds = forked(clean)
    return World(bastion, plan, empty, made, seconds)


@pytest.fixture
def world(calm_run: World, tmp_path: Path) -> World:
    calm_run.bastion.moved_in(tmp_path, REGION)
    return replace(calm_run, empty=calm_run.held())


def _gatherings() -> list[list[Trouble]]:
    """As few groups as there can be with each operation struck once; conditions hold for a whole run."""
    alone = [[trouble] for trouble in GOT_OVER if trouble.conditions != Conditions()]
    groups: defaultdict[int, list[Trouble]] = defaultdict(list)
    struck: Counter[str] = Counter()
    for trouble in GOT_OVER:
        if trouble.conditions == Conditions():
            groups[struck[trouble.operation]].append(trouble)
            struck[trouble.operation] += 1
    return [*alone, *groups.values()]


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
    for operation, code, token in (
        ("CreateNatGateway", "InvalidSubnetID.NotFound", "ClientToken"),
        ("CreateVpcEndpoint", "InvalidRouteTableId.NotFound", "ClientToken"),
        ("CreateHostedZone", "InvalidVPCId", "CallerReference"),
    ):
        world.meets(refused(0, operation, code, times=1))
        assert world.bastion.apply(world.plan).code == 0
        tokens = [parameters[token] for parameters in world.sent(operation)]
        assert tokens[0] in tokens[1:]
        world.is_gone(world.bastion.destroy(world.plan))


def _first_of_its_row(error: Permanent) -> bool:
    return error is next(other for other in PERMANENT if other.rows == error.rows)


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(error, id=str(error), marks=[] if _first_of_its_row(error) else [pytest.mark.torture])
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


def test_a_destroy_waits_until_it_is_let_go(world: World) -> None:
    """All of them in one run: rows 51 to 60."""
    assert world.bastion.apply(world.plan).code == 0
    world.bastion.pipeline.set_faults(Script(tuple(fault for trouble in HELD for fault in trouble.faults)))
    destroyed = world.bastion.destroy(world.plan)
    struck = Counter(call["operation"] for call in world.bastion.pipeline.calls() if call["fault"])
    assert struck == Counter({trouble.operation: trouble.faults[0].times for trouble in HELD})
    world.is_gone(destroyed)


@pytest.mark.parametrize("done", [True, False], ids=["49", "50"])
def test_what_a_destroy_is_told_to_be_gone_is_gone(world: World, done: bool) -> None:
    """Row 49: gone already is as good as deleted. Row 50: but AWS may say so of what it only doesn't see yet."""
    assert world.bastion.apply(world.plan).code == 0
    kind = FaultKind.ERROR_AFTER if done else FaultKind.ERROR
    faults = (
        Fault(kind, operation=operation, code=code, status=404 if code.startswith("NoSuch") else 400)
        for operation, code in GONE.items()
    )
    world.bastion.pipeline.set_faults(Script(tuple(faults)))
    destroyed = world.bastion.destroy(world.plan)
    assert {call["operation"] for call in world.bastion.pipeline.calls() if call["fault"]} == set(GONE)
    world.is_gone(destroyed)


def test_an_endpoint_that_is_said_not_to_be_deleted_is_deleted_again(world: World) -> None:
    """Row 47: a success with errors inside."""
    assert world.bastion.apply(world.plan).code == 0
    body = (
        "<DeleteVpcEndpointsResponse><requestId>1</requestId><unsuccessful><item><error>"
        "<code>DependencyViolation</code><message>in use</message></error><resourceId>vpce-1</resourceId></item>"
        "</unsuccessful></DeleteVpcEndpointsResponse>"
    )
    fault = Fault(FaultKind.ANSWER, operation="DeleteVpcEndpoints", body=body, times=2)
    world.bastion.pipeline.set_faults(Script((fault,)))
    destroyed = world.bastion.destroy(world.plan)
    assert len(world.sent("DeleteVpcEndpoints")) == 4
    world.is_gone(destroyed)


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


def test_what_was_deleted_by_hand_is_made_again_without_waiting_for_it(world: World) -> None:
    """Row 70: the journal knows ids that AWS doesn't any more."""
    assert world.bastion.apply(world.plan).code == 0
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


def test_a_gateway_that_is_listed_but_deleted_is_made_again(world: World) -> None:
    """Row 72."""
    assert world.bastion.apply(world.plan).code == 0
    ec2 = world.bastion.client("ec2")
    [gateway] = ec2.describe_nat_gateways()["NatGateways"]
    ec2.delete_nat_gateway(NatGatewayId=gateway["NatGatewayId"])
    world.bastion.clock.sleep(300)
    assert world.bastion.apply(world.plan).code == 0
    states = sorted(each["State"] for each in ec2.describe_nat_gateways()["NatGateways"])
    assert states == ["available", "deleted"]
    world.is_gone(world.bastion.destroy(world.plan))


def test_what_never_becomes_ready_is_named_in_time_and_waited_for_again(world: World) -> None:
    """Row 27."""
    slow = world.bastion
    slow.moved_in(slow.home, REGION, delays=Delays(nat_gateway=1e6))
    start, empty = slow.clock.seconds, world.held()
    stuck = slow.apply(world.plan)
    assert stuck.code == 1
    [gateway] = slow.client("ec2").describe_nat_gateways()["NatGateways"]
    assert f"Nat ({gateway['NatGatewayId']}) isn't ready in time" in stuck.said
    assert "exists:   33 of the plan's 34 resources" in stuck.said
    assert slow.clock.seconds - start < 1200
    slow.clock.sleep(1e6)
    applied = slow.apply(world.plan)
    assert (applied.code, applied.sent) == (0, []), applied.said
    assert unlike(world.held(), empty + world.made) == []
    replace(world, empty=empty).is_gone(slow.destroy(world.plan))


def test_a_journal_that_ends_in_the_middle_of_a_line_is_read_as_far_as_it_goes(world: World) -> None:
    """Row 12."""
    assert world.bastion.apply(world.plan).code == 0
    journal = world.bastion.home / ".ocpprov" / "prod" / "journal.jsonl"
    journal.write_bytes(journal.read_bytes()[:-25])
    world.is_whole(world.bastion.apply(world.plan))
    world.is_gone(world.bastion.destroy(world.plan))
    assert all(json.loads(line) for line in journal.read_text().splitlines()[-20:])


def test_nobody_waits_for_a_change_of_records(world: World) -> None:
    """Row 77: a change that stays pending, or whose id is lost, keeps nobody waiting, because nobody asks for it: a
    record counts as there when it is listed."""
    applied = world.bastion.apply(world.plan)
    assert applied.code == 0
    assert world.sent("GetChange") == []
    assert world.bastion.destroy(world.plan).code == 0
    assert world.sent("GetChange") == []


def test_every_row_of_the_catalogue_has_a_test() -> None:
    tables = {row for table in (GOT_OVER, PERMANENT, HELD) for entry in table for row in entry.rows}
    assert tables | set(ELSEWHERE) == set(range(1, 78))
    for test in ELSEWHERE.values():
        file, _, name = test.partition("::")
        assert f"def {name}(" in (Path(__file__).parent / file).read_text(), test

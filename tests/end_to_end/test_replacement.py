"""What can't be changed in place: which call goes before which, and a run that is killed in the middle of it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ocpprov.sandbox.admin import SandboxAdmin
from tests.end_to_end.world import Operator, everything

PLAN = """\
name: moving
region: eu-west-1
openshift:
  clusterName: moving
  baseDomain: example.com
  zones: ZONES
  egress: EGRESS
  bucket: none
  subnetCIDRs: {public: [PUBLIC], private: [PRIVATE]}
"""
PUBLIC = ("10.0.0.0/20", "10.0.16.0/20", "10.0.32.0/20")
PRIVATE = ("10.0.48.0/20", "10.0.64.0/20", "10.0.80.0/20")


def text(zones: int, egress: str = "nat", public: tuple[str, ...] = PUBLIC, private: tuple[str, ...] = PRIVATE) -> str:
    """A plan of the network alone."""
    values = {"ZONES": zones, "EGRESS": egress, "PUBLIC": public[:zones], "PRIVATE": private[:zones]}
    filled = PLAN
    for name, value in values.items():
        filled = filled.replace(name, ", ".join(value) if isinstance(value, tuple) else str(value))
    return filled


@dataclass(frozen=True)
class Move:
    """A change of plan. `order`: pairs of calls of which the first has to come first. `interrupts`: the plan has to
    say so."""

    before: str
    after: str
    allowed: tuple[str, ...]
    order: tuple[tuple[str, str], ...]
    interrupts: bool = False


FREE = ("10.0.96.0/20",)
OVERLAPPING = ("10.0.48.0/21",)
MOVES = {
    "a private subnet to a free block": Move(
        text(1),
        text(1, private=FREE),
        ("PrivateSubnet",),
        (("CreateSubnet", "AssociateRouteTable"), ("AssociateRouteTable", "DeleteSubnet")),
    ),
    "a private subnet to an overlapping block": Move(
        text(1),
        text(1, private=OVERLAPPING),
        ("PrivateSubnet",),
        (("DeleteSubnet", "CreateSubnet"), ("CreateSubnet", "AssociateRouteTable")),
        interrupts=True,
    ),
    "a public subnet with its gateway to a free block": Move(
        text(1),
        text(1, public=FREE),
        ("PublicSubnet",),
        (
            ("CreateSubnet", "CreateNatGateway"),
            ("DeleteNatGateway", "CreateNatGateway"),
            ("DeleteNatGateway", "DeleteSubnet"),
            ("CreateNatGateway", "ReplaceRoute"),
        ),
        interrupts=True,
    ),
    "one subnet of three to a free block": Move(
        text(3),
        text(3, private=(PRIVATE[0], *FREE, PRIVATE[2])),
        ("PrivateSubnet2",),
        (("CreateSubnet", "AssociateRouteTable"), ("AssociateRouteTable", "DeleteSubnet")),
    ),
    "egress taken away": Move(
        text(2),
        text(2, egress="none"),
        ("EIP", "EIP2"),
        (("DeleteNatGateway", "ReleaseAddress"),),
    ),
    "egress given": Move(
        text(2, egress="none"),
        text(2),
        (),
        (("AllocateAddress", "CreateNatGateway"), ("CreateNatGateway", "CreateRoute")),
    ),
    "a zone more": Move(
        text(2),
        text(3),
        (),
        (("CreateSubnet", "CreateNatGateway"), ("CreateNatGateway", "CreateRoute")),
    ),
    "a zone less": Move(
        text(3),
        text(2),
        ("PublicSubnet3", "PrivateSubnet3", "EIP3"),
        # The private subnet waits for nothing.
        (("DeleteNatGateway", "ReleaseAddress"),),
    ),
}
moves = pytest.mark.parametrize("move", MOVES.values(), ids=MOVES)

REPRESENTATIVE = "a public subnet with its gateway to a free block"
"""In it there is all: what goes first, what comes first, and who moves between. The orders of the others are tested on
values in `tests/engine`."""
ordered_moves = pytest.mark.parametrize(
    "move",
    [
        pytest.param(move, id=name, marks=[] if name == REPRESENTATIVE else [pytest.mark.torture])
        for name, move in MOVES.items()
    ],
)


def _start(operator: Operator, move: Move) -> None:
    plan = operator.folder / "plan.yaml"
    plan.write_text(move.before)
    operator.good("apply", "plan.yaml", "--sandbox", "--yes")
    plan.write_text(move.after)


def _allow(move: Move) -> list[str]:
    return [word for name in move.allowed for word in ("--allow", name)]


def _mutating(admin: SandboxAdmin) -> list[dict[str, Any]]:
    return [call for call in admin.calls() if call["mutating"]]


def _fresh(operator: Operator, move: Move) -> dict[str, int]:
    """Counts of what the plan makes where there was nothing before."""
    elsewhere = Operator(operator.url, operator.folder / "fresh", operator.environ)
    elsewhere.folder.mkdir()
    (elsewhere.folder / "fresh.yaml").write_text(move.after.replace("name: moving", "name: fresh"))
    before = everything(operator.url)
    elsewhere.good("apply", "fresh.yaml", "--sandbox", "--yes")
    made = everything(operator.url)
    elsewhere.good("destroy", "fresh.yaml", "--sandbox", "--yes")
    return {member: len(set(ids) - set(before[member])) for member, ids in made.items()}


@pytest.mark.torture
@ordered_moves
def test_the_calls_come_in_an_order_that_aws_and_the_cluster_bear(
    operator: Operator, admin: SandboxAdmin, move: Move
) -> None:
    empty = everything(operator.url)
    _start(operator, move)
    if move.allowed:
        refused = operator.run("apply", "plan.yaml", "--sandbox", "--yes")
        assert refused.code == 2
        assert all(f"--allow {name}" in refused.err for name in move.allowed)
    admin.clear_calls()
    applied = operator.good("apply", "plan.yaml", "--sandbox", "--yes", *_allow(move))
    assert ("INTERRUPTS" in applied.err) is move.interrupts
    operations = [call["operation"] for call in _mutating(admin)]
    for first, then in move.order:
        assert operations.index(first) < operations.index(then), (first, then, operations)
    operator.good("plan", "plan.yaml", "--sandbox", "--detailed-exitcode")
    ours = {member: len(set(ids) - set(empty[member])) for member, ids in everything(operator.url).items()}
    assert ours == _fresh(operator, move)
    operator.good("destroy", "plan.yaml", "--sandbox", "--yes")
    assert everything(operator.url) == empty


def _killed_in_the_middle(operator: Operator, admin: SandboxAdmin, move: Move, part: float, fault: str) -> None:
    """The change is killed after about this part of its calls; the next run, without the folder, finishes it."""
    _start(operator, move)
    admin.clear_calls()
    operator.good("apply", "plan.yaml", "--sandbox", "--yes", *_allow(move))
    calls = len(_mutating(admin))
    operator.good("destroy", "plan.yaml", "--sandbox", "--yes")
    admin.reset()
    empty = everything(operator.url)
    _start(operator, move)
    point = min(calls, 1 + int(part * calls))
    admin.faults([{"call": point, "fault": fault}])
    process = operator.start("apply", "plan.yaml", "--sandbox", "--yes", *_allow(move))
    admin.register(process.pid)
    process.communicate(timeout=120)
    assert process.returncode == -9
    admin.faults([])
    shutil.rmtree(Path(operator.folder) / ".ocpprov")
    operator.good("apply", "plan.yaml", "--sandbox", "--yes", *_allow(move))
    operator.good("plan", "plan.yaml", "--sandbox", "--detailed-exitcode")
    ours = {member: len(set(ids) - set(empty[member])) for member, ids in everything(operator.url).items()}
    assert ours == _fresh(operator, move)
    operator.good("destroy", "plan.yaml", "--sandbox", "--yes")
    assert everything(operator.url) == empty


@pytest.mark.parametrize(("name", "part"), [(REPRESENTATIVE, 0.5)])
def test_a_replacement_that_was_killed_is_finished(
    operator: Operator, admin: SandboxAdmin, name: str, part: float
) -> None:
    _killed_in_the_middle(operator, admin, MOVES[name], part, "kill-after")


@pytest.mark.torture
@pytest.mark.parametrize("part", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("fault", ["kill-before", "kill-after"])
@moves
def test_every_replacement_is_finished_wherever_it_was_killed(
    operator: Operator, admin: SandboxAdmin, move: Move, part: float, fault: str
) -> None:
    _killed_in_the_middle(operator, admin, move, part, fault)

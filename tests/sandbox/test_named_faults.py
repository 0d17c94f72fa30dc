"""Bad days with a name."""

from __future__ import annotations

from ocpprov.aws.error_causes import error_class_of
from ocpprov.aws.error_codes import ErrorClass
from ocpprov.cli.verbs import main
from ocpprov.sandbox.faults import FaultKind, Script, Storm
from ocpprov.sandbox.named_faults import NAMED
from tests.end_to_end.world import ROOT


def test_each_is_in_the_help_and_in_the_how_to() -> None:
    told = next(each for each in main.commands["rehearse"].params if each.name == "faults")
    how_to = (ROOT / "docs" / "how-to" / "rehearse.md").read_text()
    assert [name for name in NAMED if f"`{name}`" not in how_to or name not in str(vars(told)["help"])] == []
    assert all(day.happens for day in NAMED.values())


def test_a_storm_has_the_seed_and_the_others_have_none() -> None:
    assert NAMED["throttling"].script(7) == Script((), Storm(7, throttled=0.2))
    assert NAMED["lost-answers"].script(7) == Script((), Storm(7, lost_answers=0.02, done_but_failed=0.02))
    assert NAMED["lost-requests"].script(3) == Script((), Storm(3, lost_requests=0.03))
    assert NAMED["new-account"].script(7).storm is None


def test_what_strikes_is_what_aws_refuses() -> None:
    strikes = {
        name: [(each.operation, each.kind, each.times > 1) for each in day.faults] for name, day in NAMED.items()
    }
    assert {name: found for name, found in strikes.items() if found} == {
        "new-account": [("CreateLoadBalancer", FaultKind.ERROR, True)],
        "no-nat-capacity": [("CreateNatGateway", FaultKind.FAIL_LATER, True)],
        "nat-fails-once": [("CreateNatGateway", FaultKind.FAIL_LATER, False)],
        "no-addresses": [("AllocateAddress", FaultKind.ERROR, True)],
    }
    [address] = NAMED["no-addresses"].faults
    assert error_class_of("AllocateAddress", address.code, address.message, address.status) is ErrorClass.QUOTA

"""Somebody with the plan of one of each, for what the fault catalogue says of their runs."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from ocpprov.sandbox.conditions import Conditions
from ocpprov.sandbox.faults import Script
from tests.end_to_end.one_of_each import PLAN
from tests.end_to_end.troubles import Trouble
from tests.end_to_end.world import REGION
from tests.support.forking import forked
from tests.support.in_process import QUICK, Bastion, Ended
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


READY_AT_ONCE: Final = replace(QUICK, readiness=0.0)
"""How often each request is sent is counted against the faults here; what isn't ready at once has tests of its own."""


def calm(bastion: Bastion, home: Path) -> World:
    """Before any run; what a calm one makes was found out in a copy."""
    plan = home / "plan.json"
    plan.write_text(json.dumps(PLAN))
    bastion.moved_in(home, REGION, delays=READY_AT_ONCE)

    def clean() -> tuple[Account, float]:
        start = bastion.clock.seconds
        applied = bastion.apply(plan)
        assert applied.code == 0, applied.said
        return likeness(snapshot(bastion.client)) - empty, bastion.clock.seconds - start

    empty = likeness(snapshot(bastion.client))
    made, seconds = forked(clean)
    shutil.rmtree(home / ".ocpprov")
    return World(bastion, plan, empty, made, seconds)

"""What everything of a run is called, so that it can't be taken for anybody else's: `ocpprov-live-3fa9c1…`."""

from __future__ import annotations

import re
import secrets
from typing import Final

TAG: Final = "ocpprov-live"
"""On everything that the questions make; its value is the run."""
BOUND: Final = "ocpprov-live:bound"
"""On what AWS allows in any number: its own id, which a copy of the tags doesn't fit."""
SMALLEST: Final = "plan"
CLUSTER: Final = "cluster"
_INFRA: Final = "c"
_LAB: Final = "lab"
_PLANS: Final = {SMALLEST: SMALLEST, CLUSTER: CLUSTER, _INFRA: CLUSTER}
_RUN: Final = re.compile(r"(ocpprov-live-[0-9a-f]{6})(-([a-z]+))?(?![0-9A-Za-z])")


def new_run() -> str:
    """A run's name, of which there is no other."""
    return f"{TAG}-{secrets.token_hex(3)}"


def run_in(name: str) -> str:
    """The run that a name begins with, empty when it's anybody else's."""
    found = _RUN.match(name)
    return found[1] if found else ""


def plan_in(name: str) -> str:
    """The plan of a run that a name begins with, empty when it's no such name."""
    found = _RUN.match(name)
    return plan_name(found[1], _PLANS[found[3]]) if found and found[3] in _PLANS else ""


def scratch_name(run: str) -> str:
    """What the names of the questions' things begin with, where a name is the only mark."""
    return f"{run}-{_LAB}"


def is_scratch(name: str) -> bool:
    """Whether something of this name was made for the questions."""
    found = _RUN.match(name)
    return bool(found and found[3] == _LAB)


def infra_id(run: str) -> str:
    """The cluster's, which has room for 27 characters and mustn't be its plan's name."""
    return f"{run}-{_INFRA}"


def plan_name(run: str, stage: str) -> str:
    """A stage's plan."""
    return f"{run}-{stage}"

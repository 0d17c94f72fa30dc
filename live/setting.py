"""Where a run goes on, and what it asks of whoever started it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from live.clients import Clients, Clock
from live.product import Product
from live.questions import Topic
from live.stages import Stage, stated

BEFORE: Final = "before.json"


@dataclass(frozen=True)
class Setting:
    """Where a run goes on. `confirmed` asks whoever started it; `again` is the command that takes everything away."""

    account: str
    region: str
    partition: str
    domain: str
    folder: Path
    client: Clients
    clock: Clock
    product: Product
    say: Callable[[str], None]
    confirmed: Callable[[Stage], bool]
    topics: Sequence[Topic]
    again: str
    rehearsed: bool = False


def known_before(setting: Setting) -> Collection[str] | None:
    """What the last run that didn't clean up found when it began, in the same account and region; None without one."""
    try:
        document = json.loads((setting.folder / BEFORE).read_text())
    except (OSError, ValueError):
        return None
    match document:
        case {"account": setting.account, "region": setting.region, "ids": list(ids)}:
            return frozenset(map(str, ids))
    return None


def ask_on_terminal(account: str, say: Callable[[str], None], answered: bool) -> Callable[[Stage], bool]:
    """States a stage, and has the account's number typed, unless `answered` says that it was."""

    def confirmed(stage: Stage) -> bool:
        say("")
        for line in stated(stage):
            say(line)
        if answered:
            return True
        say(f"Type the number of account {account} to go on:")
        return sys.stdin.readline().strip() == account

    return confirmed

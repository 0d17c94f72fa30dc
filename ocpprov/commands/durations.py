"""How long AWS takes: what kinds say, and what earlier runs of the plan have seen in the account and region."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

from ocpprov.commands.connection import Connection
from ocpprov.engine.resources import Owner
from ocpprov.kinds.registry import KINDS
from ocpprov.runs.folder import RunFolder
from ocpprov.runs.journal import account_region
from ocpprov.ui.run_progress import Durations


def durations(connection: Connection, folder: RunFolder) -> Durations:
    """The usual durations of a run."""
    return replace(durations_of(connection.scale), learned=learned_durations(connection.owner, folder))


def durations_of(scale: float) -> Durations:
    """What kinds say; AWS's clock is `scale` times as fast as ours."""
    typical = {name: kind.typical_seconds for name, kind in KINDS.items()}
    return Durations(typical, frozenset(name for name, kind in KINDS.items() if kind.settles), scale=scale)


def remember_durations(seen: Mapping[str, float], connection: Connection, folder: RunFolder) -> None:
    """Keep what a run has seen, by type, each the mean of what was known and what was seen. It is a help: a file that
    can't be written is no harm."""
    if not seen:
        return
    before = learned_durations(connection.owner, folder)
    mean = {type: round((seconds + before.get(type, seconds)) / 2, 3) for type, seconds in seen.items()}
    with suppress(OSError):
        folder.write(folder.durations, {**_all(folder), _place(connection.owner): {**before, **mean}})


def learned_durations(owner: Owner, folder: RunFolder) -> Mapping[str, float]:
    """Seconds until ready, AWS's, that earlier runs have seen in the account and region, by type."""
    content = _all(folder).get(_place(owner))
    known = content.items() if isinstance(content, dict) else ()
    return {str(type): float(each) for type, each in known if isinstance(each, int | float) and each > 0}


def _place(owner: Owner) -> str:
    return account_region(owner.account, owner.region)


def _all(folder: RunFolder) -> Mapping[str, object]:
    content = folder.read(folder.durations)
    return content if isinstance(content, dict) else {}

"""Whether the credentials last as long as the run will."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from ocpprov.aws.errors import AwsError
from ocpprov.aws.lifetime import Lifetime
from ocpprov.checks.result import Check, passed, unknown, warned
from ocpprov.commands.connection import Connection
from ocpprov.engine.actions import Actions
from ocpprov.engine.critical_path import expected_seconds

_OTHERS = "set new ones first, or run the same command again with new ones when it stops"


def ends_too_soon(actions: Actions, connection: Connection, concurrency: int) -> Iterator[str]:
    """A line about credentials that are known to end before these actions are done; else nothing."""
    if not actions.changes:
        return
    try:
        lifetime = connection.session.credentials.lifetime()
    except AwsError:
        # The first request says it, with all that belongs to it.
        return
    seconds, now = expected_seconds(actions.steps, concurrency), connection.clock.now()
    if lifetime.ends_within(now, seconds):
        yield f"{_too_soon(lifetime, now, seconds)}; {_OTHERS}"


def credentials_check(lifetime: Lifetime, now: float, seconds: float) -> Check:
    """The line of preflight. `now` is in seconds since the epoch, `seconds` what the run takes, about."""
    if lifetime.lasting:
        return passed("credentials", f"those of {lifetime.source} have no end")
    if lifetime.renewed:
        until = f"end at {_clock(lifetime.ends)} and are" if lifetime.ends is not None else "are"
        return passed("credentials", f"those of {lifetime.source} {until} renewed")
    if lifetime.ends is None:
        detail = f"those of {lifetime.source} are temporary, and nobody says when they end"
        return unknown("credentials", detail, "if they end during the run, it stops and the next one goes on")
    if lifetime.ends_within(now, seconds):
        return warned("credentials", _too_soon(lifetime, now, seconds), _OTHERS)
    detail = f"those of {lifetime.source} end at {_clock(lifetime.ends)}, in {_minutes(lifetime.ends - now)}"
    return passed("credentials", f"{detail}, and can't be renewed; the run takes about {_minutes(seconds)}")


def _too_soon(lifetime: Lifetime, now: float, seconds: float) -> str:
    left = _minutes(max(0.0, (lifetime.ends or now) - now))
    return (
        f"the credentials of {lifetime.source} end in {left} and can't be renewed, and the run takes about "
        f"{_minutes(seconds)}"
    )


def _minutes(seconds: float) -> str:
    """Rounded up, so that a run takes no time at all only where it has nothing to do."""
    minutes = int(-(-seconds // 60))
    return "1 minute" if minutes == 1 else f"{minutes} minutes"


def _clock(ends: float) -> str:
    return f"{datetime.fromtimestamp(ends, UTC):%H:%M} UTC"

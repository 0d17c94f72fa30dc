"""Whether the credentials last as long as the run will."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from ocpprov.aws.credential_expiry import CredentialExpiry
from ocpprov.aws.errors import AwsError
from ocpprov.checks.result import Check, passed, unknown, warned
from ocpprov.commands.connection import Connection
from ocpprov.engine.actions import Actions
from ocpprov.engine.critical_path import expected_seconds

_OTHERS = "set new ones first, or run the same command again with new ones when it stops"


def expiry_warnings(actions: Actions, connection: Connection, concurrency: int) -> Iterator[str]:
    """A line about credentials that are known to end before these actions are done; else nothing."""
    if not actions.changes:
        return
    try:
        expiry = connection.session.credentials.expiry()
    except AwsError:
        # The first request says it, with all that belongs to it.
        return
    seconds, now = expected_seconds(actions.steps, concurrency), connection.clock.now()
    if expiry.expires_within(now, seconds):
        yield f"{_too_soon(expiry, now, seconds)}; {_OTHERS}"


def credentials_check(expiry: CredentialExpiry, now: float, seconds: float) -> Check:
    """The line of preflight. `now` is in seconds since the epoch, `seconds` what the run takes, about."""
    if expiry.long_term:
        return passed("credentials", f"those of {expiry.source} have no end")
    if expiry.refreshable:
        until = f"end at {_clock(expiry.expires_at)} and are" if expiry.expires_at is not None else "are"
        return passed("credentials", f"those of {expiry.source} {until} renewed")
    if expiry.expires_at is None:
        detail = f"those of {expiry.source} are temporary, and nobody says when they end"
        return unknown("credentials", detail, "if they end during the run, it stops and the next one goes on")
    if expiry.expires_within(now, seconds):
        return warned("credentials", _too_soon(expiry, now, seconds), _OTHERS)
    detail = f"those of {expiry.source} end at {_clock(expiry.expires_at)}, in {_minutes(expiry.expires_at - now)}"
    return passed("credentials", f"{detail}, and can't be renewed; the run takes about {_minutes(seconds)}")


def _too_soon(expiry: CredentialExpiry, now: float, seconds: float) -> str:
    left = _minutes(max(0.0, (expiry.expires_at or now) - now))
    return (
        f"the credentials of {expiry.source} end in {left} and can't be renewed, and the run takes about "
        f"{_minutes(seconds)}"
    )


def _minutes(seconds: float) -> str:
    """Rounded up, so that a run takes no time at all only where it has nothing to do."""
    minutes = int(-(-seconds // 60))
    return "1 minute" if minutes == 1 else f"{minutes} minutes"


def _clock(ends: float) -> str:
    return f"{datetime.fromtimestamp(ends, UTC):%H:%M} UTC"

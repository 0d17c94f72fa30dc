"""`outputs --presign`: a URL with which the bootstrap machine fetches bootstrap.ign without any right of its own. It is
shown once and kept nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from ocpprov.aws.credential_expiry import CredentialExpiry
from ocpprov.aws.errors import AwsError
from ocpprov.commands.aws_problems import problem_of
from ocpprov.commands.connection import Connection
from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.terminal import Terminal
from ocpprov.engine.problem import Problem
from ocpprov.installer.ignition_pointer import location_parts
from ocpprov.openshift.ignition_outputs import before_upload
from ocpprov.plan.model import OpenShift


def presigned_location(
    section: OpenShift | None, outputs: Mapping[str, object], connection: Connection, seconds: int, terminal: Terminal
) -> str:
    """The URL of what BootstrapIgnitionLocation is about, and on stderr how long it is good. Raises Refused where
    nothing is there, or nobody can sign."""
    # It loads boto3, which most that `outputs` refuses does without.
    from ocpprov.aws.presigned_urls import presigned_url  # noqa: PLC0415

    location = outputs.get("BootstrapIgnitionLocation")
    if not isinstance(location, str) or not location.startswith("s3://"):
        remedy = f"{before_upload(section)}apply the plan" if section else "name a plan with an openshift section"
        raise Refused(Problem("--presign", "bootstrap.ign isn't in a bucket of the plan's", remedy))
    try:
        signed = presigned_url(connection.session, *location_parts(location), seconds)
    except AwsError as error:
        raise Refused(problem_of(error)) from error
    terminal.say(f"{how_long(signed.signed_with, connection.clock.now(), seconds)}; it is kept nowhere")
    return signed.url


def how_long(expiry: CredentialExpiry, now: float, seconds: int) -> str:
    """How long a URL is good that is signed with such credentials at `now` (seconds since the epoch)."""
    whoever = f"whoever has the URL reads bootstrap.ign, if the credentials of {expiry.source} may (s3:GetObject)"
    end = now + seconds
    if expiry.expires_at is not None and expiry.expires_at < end:
        return f"{whoever}, until these credentials end at {_clock(expiry.expires_at)}: before {_clock(end)}"
    if expiry.expires_at is None and not expiry.long_term:
        return f"{whoever}, until {_clock(end)}, or these credentials end before: nobody says when"
    return f"{whoever}, until {_clock(end)}"


def _clock(moment: float) -> str:
    return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%d %H:%M} UTC"

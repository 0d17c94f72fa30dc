"""Where credentials come from, in words, and whether they last: from the AWS CLI's settings, without asking anybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

SESSION_NAME: Final = "ocpprov"

ENVIRONMENT: Final = "env"
FILES: Final = ("shared-credentials-file", "config-file")
PROCESS: Final = "custom-process"
ROLE: Final = "assume-role"
SIGNED_IN: Final = ("sso", "login")
"""Those of somebody who has signed in with a browser."""

_SOURCES: Final[Mapping[str, str]] = {
    ENVIRONMENT: "the environment (AWS_ACCESS_KEY_ID)",
    "shared-credentials-file": "the shared credentials file",
    "config-file": "the AWS CLI's config file",
    PROCESS: "credential_process",
    ROLE: "the profile's role_arn",
    "assume-role-with-web-identity": "the web identity token",
    "container-role": "the container's credentials address",
    "iam-role": "the instance metadata service",
    "sso": "IAM Identity Center",
    "login": "aws login",
}
"""By botocore's names of its providers."""

_WITHOUT_PROFILE: Final = (ENVIRONMENT, "container-role", "iam-role")


@dataclass(frozen=True)
class Lifetime:
    """How long credentials serve. `source`: where they come from, in words. `ends`: seconds since the epoch at which
    those in hand end, None where nobody says. `renewed`: others follow them. `lasting`: they have no end."""

    source: str
    ends: float | None = None
    renewed: bool = False
    lasting: bool = False

    def ends_within(self, now: float, seconds: float) -> bool:
        """Whether they are known to end before so many seconds have passed."""
        return not (self.renewed or self.lasting) and self.ends is not None and self.ends < now + seconds


def source_named(method: str, profile: str) -> str:
    """A provider of botocore in words, with the profile where it belongs to one."""
    name = _SOURCES.get(method, method)
    return name if method in _WITHOUT_PROFILE or not profile else f"{name} (profile {profile})"


def seconds_of(moment: object) -> float | None:
    """Seconds since the epoch, of a time in ISO 8601 (UTC where it names no zone) or a datetime; None for else."""
    try:
        parsed = moment if isinstance(moment, datetime) else datetime.fromisoformat(str(moment))
    except ValueError:
        return None
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp()


def in_environment(environ: Mapping[str, str]) -> Lifetime:
    """Of keys in variables: what AWS_CREDENTIAL_EXPIRATION says; those without a session token have no end."""
    temporary = environ.get("AWS_SESSION_TOKEN") or environ.get("AWS_SECURITY_TOKEN")
    ends = seconds_of(environ.get("AWS_CREDENTIAL_EXPIRATION", ""))
    return Lifetime(source_named(ENVIRONMENT, ""), ends, lasting=not temporary and ends is None)


def role_on(source: str, below: Lifetime, ends: float | None) -> Lifetime:
    """Of a role that is taken with other credentials: renewed as long as they serve, and then good to its own end."""
    if below.renewed or below.lasting:
        return Lifetime(source, ends, renewed=True)
    known = [end for end in (ends, below.ends) if end is not None]
    return Lifetime(f"{source}, taken with {below.source}", max(known, default=None))


def asks_for_a_code(profiles: Mapping[str, Any], profile: str) -> bool:
    """Whether a role of the profile's chain wants the code of an MFA device, which only a person has."""
    return any("mfa_serial" in each and "role_arn" in each for each in _chain(profiles, profile))


def of_profile_role(
    profiles: Mapping[str, Any], profile: str, environ: Mapping[str, str], ends: float | None
) -> Lifetime:
    """Of a profile with `role_arn`: its keys end at `ends`, and what they are taken with decides on the next ones."""
    source = source_named(ROLE, profile)
    if asks_for_a_code(profiles, profile):
        return Lifetime(f"{source} with mfa_serial", ends)
    last = _chain(profiles, profile)[-1]
    return role_on(source, _foundation(last, environ), ends)


def _foundation(profile: Mapping[str, Any], environ: Mapping[str, str]) -> Lifetime:
    """Of the credentials that a chain of roles stands on."""
    if str(profile.get("credential_source", "")).lower() == "environment":
        return in_environment(environ)
    if "aws_access_key_id" in profile:
        return Lifetime(source_named(FILES[0], ""), lasting="aws_session_token" not in profile)
    return Lifetime("", renewed=True)


def _chain(profiles: Mapping[str, Any], profile: str) -> list[Mapping[str, Any]]:
    """The profile, and those that its role is taken with, one after another."""
    names, name = [profile], profile
    while (name := profiles.get(name, {}).get("source_profile", "")) and name not in names:
        names.append(name)
    return [profiles.get(each, {}) for each in names]

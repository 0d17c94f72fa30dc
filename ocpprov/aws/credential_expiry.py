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
class CredentialExpiry:
    """How long credentials serve. `source`: where they come from, in words. `expires_at`: when those in hand end, in
    seconds since the epoch, None where nobody says. `refreshable`: others follow them. `long_term`: they have no
    end."""

    source: str
    expires_at: float | None = None
    refreshable: bool = False
    long_term: bool = False

    def expires_within(self, now: float, seconds: float) -> bool:
        """Whether they are known to end before so many seconds have passed."""
        if self.refreshable or self.long_term or self.expires_at is None:
            return False
        return self.expires_at < now + seconds


def source_named(method: str, profile: str) -> str:
    """A provider of botocore in words, with the profile where it belongs to one."""
    name = _SOURCES.get(method, method)
    return name if method in _WITHOUT_PROFILE or not profile else f"{name} (profile {profile})"


def epoch_seconds(moment: object) -> float | None:
    """Seconds since the epoch, of a time in ISO 8601 (UTC where it names no zone) or a datetime; None for else."""
    try:
        parsed = moment if isinstance(moment, datetime) else datetime.fromisoformat(str(moment))
    except ValueError:
        return None
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp()


def expiry_in_environment(environ: Mapping[str, str]) -> CredentialExpiry:
    """Of keys in variables: what AWS_CREDENTIAL_EXPIRATION says; those without a session token have no end."""
    temporary = environ.get("AWS_SESSION_TOKEN") or environ.get("AWS_SECURITY_TOKEN")
    expires_at = epoch_seconds(environ.get("AWS_CREDENTIAL_EXPIRATION", ""))
    long_term = not temporary and expires_at is None
    return CredentialExpiry(source_named(ENVIRONMENT, ""), expires_at, long_term=long_term)


def expiry_of_role(source: str, base: CredentialExpiry, expires_at: float | None) -> CredentialExpiry:
    """Of a role that is taken with other credentials: renewed as long as they serve, and then good to its own end."""
    if base.refreshable or base.long_term:
        return CredentialExpiry(source, expires_at, refreshable=True)
    known = [end for end in (expires_at, base.expires_at) if end is not None]
    return CredentialExpiry(f"{source}, taken with {base.source}", max(known, default=None))


def needs_mfa_code(profiles: Mapping[str, Any], profile: str) -> bool:
    """Whether a role of the profile's chain wants the code of an MFA device, which only a person has."""
    return any("mfa_serial" in each and "role_arn" in each for each in _chain(profiles, profile))


def expiry_of_profile_role(
    profiles: Mapping[str, Any], profile: str, environ: Mapping[str, str], expires_at: float | None
) -> CredentialExpiry:
    """Of a profile with `role_arn`: its keys end at `expires_at`, and what they are taken with decides on the next
    ones."""
    source = source_named(ROLE, profile)
    if needs_mfa_code(profiles, profile):
        return CredentialExpiry(f"{source} with mfa_serial", expires_at)
    last = _chain(profiles, profile)[-1]
    return expiry_of_role(source, _expiry_of_base(last, environ), expires_at)


def _expiry_of_base(profile: Mapping[str, Any], environ: Mapping[str, str]) -> CredentialExpiry:
    """Of the credentials that a chain of roles stands on."""
    if str(profile.get("credential_source", "")).lower() == "environment":
        return expiry_in_environment(environ)
    if "aws_access_key_id" in profile:
        return CredentialExpiry(source_named(FILES[0], ""), long_term="aws_session_token" not in profile)
    return CredentialExpiry("", refreshable=True)


def _chain(profiles: Mapping[str, Any], profile: str) -> list[Mapping[str, Any]]:
    """The profile, and those that its role is taken with, one after another."""
    names, name = [profile], profile
    while (name := profiles.get(name, {}).get("source_profile", "")) and name not in names:
        names.append(name)
    return [profiles.get(each, {}) for each in names]

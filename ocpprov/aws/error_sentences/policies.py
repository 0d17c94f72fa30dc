"""Refusals: whether a permission is missing, or which policy stands against it.

IAM's sentences name the policy that refuses (its user guide, "Troubleshoot access denied error messages"); an older
form names the action only, EC2's shortest not even that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ocpprov.aws.error_sentences.sentence import Said
from ocpprov.engine.suggestion import command_line


def permission_for(what: str) -> str:
    """What helps where a permission is missing: an action, or the operation where AWS doesn't say more."""
    return (
        f"Give the user the permission for {what or 'this operation'} (docs/permissions.md lists all that are needed), "
        "and run the same command again."
    )


@dataclass(frozen=True)
class Refusal:
    """Who refuses: a policy by the name that AWS's sentences have for it (a key of `POLICIES`), empty where a
    permission is missing; whether it `denies`, rather than doesn't allow."""

    policy: str = ""
    denies: bool = False


def refusal_of(message: str) -> Refusal:
    """Who refuses, by what AWS says."""
    if explicit := _EXPLICIT.search(message):
        name = (explicit["policy"] or "").lower()
        return Refusal(name if name in POLICIES else SOME_POLICY, denies=True)
    implicit = _IMPLICIT.search(message)
    name = implicit["policy"].lower() if implicit else ""
    return Refusal(name) if name in POLICIES and name != _OWN_POLICY else Refusal()


def refused_by(refusal: Refusal, what: str) -> str:
    """What it means that a policy refuses `what` (actions), and the next step; sentences without their full stop."""
    policy = POLICIES[refusal.policy]
    verb = "denies" if refusal.denies else "doesn't allow"
    return f"{policy.cause.format(denies=f'{verb} {what}')}. {policy.step}"


def cause_of_refusal(said: Said) -> str:
    """What stands behind a refusal, and what helps."""
    action, refusal = _action(said), refusal_of(said.message)
    what = action or said.operation
    if refusal.policy:
        step = f"{refused_by(refusal, what or 'this operation')}, and run the same command again."
    elif what.removeprefix("sts:").startswith("AssumeRole"):
        step = _TRUST
    else:
        step = f"{permission_for(what)}{_about_lost_tags(action) if action else f' {_UNTOLD}'}"
    return f"{step}{_about_roles(action, said.operation)}"


def decoding(encoded: str) -> str:
    """How a reason that AWS has encoded is read."""
    # What begins with a dash would be taken for an option.
    option = "--encoded-message"
    words = (f"{option}={encoded}",) if encoded.startswith("-") else (option, encoded)
    command = command_line("aws", "sts", "decode-authorization-message", *words)
    return f"AWS encoded its reason: `{command}` shows it to whoever is allowed sts:DecodeAuthorizationMessage."


def _action(said: Said) -> str:
    """The action that isn't allowed, where AWS says it."""
    named = _ALLOWS.search(said.message) or _PERFORM.search(said.message)
    return named[1] if named else ""


def _about_lost_tags(action: str) -> str:
    """What else it may be where the permission depends on the tags of what is there."""
    return _LOST_TAG if _OF_TAGGED.fullmatch(action) else ""


def _about_roles(action: str, operation: str) -> str:
    """What can be done in the plan, where it is about roles."""
    by_name = ":" not in action and _OF_ROLES.fullmatch(operation)
    return _WITHOUT_ROLES if by_name or (action.startswith("iam:") and action not in _OF_NO_ROLES) else ""


@dataclass(frozen=True)
class RefusingPolicy:
    """A policy that refuses: what that means, with a place for the verb and the action, and the next step."""

    cause: str
    step: str


_NO_PERMISSION_HELPS: Final = "so no permission of the user helps"
_STRONGER: Final = "which is stronger than any permission"
_OWN_POLICY: Final = "identity-based policy"
SOME_POLICY: Final = "some policy"
"""One that AWS doesn't name."""
ORGANISATIONS_POLICY: Final = "service control policy"
BOUNDARY: Final = "permissions boundary"
_OF_THE_RESOURCE: Final = RefusingPolicy(
    "The policy of the resource itself (of a bucket, a key, or whom a role trusts) {denies}",
    "Have its owner change that",
)
_ORGANISATION: Final = "Ask the organisation's administrators to allow it here"
POLICIES: Final[Mapping[str, RefusingPolicy]] = {
    _OWN_POLICY: RefusingPolicy(f"A policy of the user or role itself {{denies}}, {_STRONGER}", "Have that changed"),
    SOME_POLICY: RefusingPolicy(
        f"Some policy explicitly {{denies}}, {_STRONGER}",
        "Ask the administrators of the account and of the organisation which one, and to allow it",
    ),
    ORGANISATIONS_POLICY: RefusingPolicy(
        f"A service control policy of the organisation {{denies}}, {_NO_PERMISSION_HELPS}", _ORGANISATION
    ),
    "resource control policy": RefusingPolicy(
        f"A resource control policy of the organisation {{denies}}, {_NO_PERMISSION_HELPS}", _ORGANISATION
    ),
    BOUNDARY: RefusingPolicy(
        f"The permissions boundary of the user or role {{denies}}, {_NO_PERMISSION_HELPS}",
        "Have whoever set the boundary allow it",
    ),
    "session policy": RefusingPolicy(
        f"The policy of the session, set by whoever issued the credentials, {{denies}}, {_NO_PERMISSION_HELPS}",
        "Have it allowed there, or use credentials without such a policy",
    ),
    "vpc endpoint policy": RefusingPolicy(
        f"The policy of the VPC endpoint that the request goes through {{denies}}, {_NO_PERMISSION_HELPS}",
        "Have the endpoint's owner allow it, or reach the service another way",
    ),
    "resource-based policy": _OF_THE_RESOURCE,
    "role trust policy": _OF_THE_RESOURCE,
}
"""By the name that AWS's sentences have for them."""

_UNTOLD: Final = (
    "If the user has it, a policy of the organisation or a permissions boundary refuses: ask who made those."
)
_LOST_TAG: Final = (
    " The policy that `ocpprov policy` prints allows it on what carries the plan's tag ocpprov:plan: if that tag was "
    "lost, an administrator has to put it back first."
)
_TRUST: Final = (
    "Have the role trust whoever runs this, and allow them sts:AssumeRole on it: AWS says the same where either is "
    "missing, and where the role is. Then run the same command again."
)
_WITHOUT_ROLES: Final = (
    " Where roles may be made only in some way, or by somebody else: iam.permissionsBoundary in the plan sets the "
    "boundary, iam.instanceProfiles names existing profiles, --without iam leaves all of it to others."
)

_PERFORM: Final = re.compile(r"[Nn]ot authorized to perform:? ([a-z0-9-]+:\w+)")
_ALLOWS: Final = re.compile(r"(?:policy|boundary) allows the ([a-z0-9-]+:\w+) action")
_KINDS: Final = r"(?P<policy>[A-Za-z][A-Za-z -]*? policy|permissions boundary)"
_EXPLICIT: Final = re.compile(rf"explicit deny(?: in (?:an? |the )?{_KINDS})?", re.IGNORECASE)
_IMPLICIT: Final = re.compile(rf"because no {_KINDS} allows", re.IGNORECASE)
_OF_ROLES: Final = re.compile(
    r"(?!Assume)(?:[A-Z][a-z]+(?:To|From)?)+(?:Role|InstanceProfile|RolePolicy|PermissionsBoundary)|CreatePolicy"
)
_OF_TAGGED: Final = re.compile(r"(?:ec2|elasticloadbalancing):(?!Describe|Allocate|Run|Create(?!Tags$))\w+")
_OF_NO_ROLES: Final = ("iam:CreateServiceLinkedRole", "iam:SimulatePrincipalPolicy", "iam:GetAccountSummary")

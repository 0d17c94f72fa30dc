"""What stands behind an error of AWS where its sentence says more than its code, and what helps against it.

A code alone doesn't tell whether a permission is missing or no permission helps: IAM's sentences name the policy that
refuses (its user guide, "Troubleshoot access denied error messages"), those of other services a setting.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ocpprov.aws.error_codes import FULL_SUBNET, NOT_PERMITTED, NOT_SIGNED_UP, TAG_POLICY, UNVERIFIED, ErrorClass
from ocpprov.engine.suggestion import command_line

PROTECTION: Final = "deletion_protection.enabled"
"""The attribute of a load balancer that keeps it from being deleted."""


@dataclass(frozen=True)
class Said:
    """What AWS said, as far as it tells the cause. `encoded`: the reason of a refusal, which only AWS can read."""

    operation: str
    code: str
    message: str
    encoded: str = ""


def remedy_of(error_class: ErrorClass, said: Said) -> str:
    """The cause and the next step, in sentences; empty where its class alone says it all."""
    found = _of_sentence(error_class, said)
    if not found and error_class is ErrorClass.DENIED:
        found = _of_refusal(said)
    if said.encoded:
        found = f"{found or permission_for(said.operation)} {_decoding(said.encoded)}"
    return found


def unprotect_balancer(arn: str) -> str:
    """The command that turns a load balancer's deletion protection off."""
    region = arn.split(":")[3] if arn.count(":") >= 5 else ""
    where = ("--region", region, "--load-balancer-arn", arn)
    return command_line(
        "aws", "elbv2", "modify-load-balancer-attributes", *where, "--attributes", f"Key={PROTECTION},Value=false"
    )


def permission_for(what: str) -> str:
    """What helps where a permission is missing: an action, or the operation where AWS doesn't say more."""
    return (
        f"Give the user the permission for {what or 'this operation'} (docs/permissions.md lists all that are needed), "
        "and run the same command again."
    )


def split_encoded(message: str) -> tuple[str, str]:
    """A message of EC2 without the encoded reason, of which nobody who reads it learns anything, and that reason;
    empty where there is none."""
    found = _ENCODED.search(message)
    if found is None:
        return message, ""
    return f"{message[: found.start(1)]}(below){message[found.end(1) :]}", found[1]


def _of_sentence(error_class: ErrorClass, said: Said) -> str:
    if said.code in TAG_POLICY or _TAG_POLICY.search(said.message):
        return _TAGS
    if said.code in FULL_SUBNET and error_class is ErrorClass.INVALID and _FULL.search(f"{said.code} {said.message}"):
        return _full_subnet(said.message)
    if error_class is ErrorClass.EXISTS and "conflicting DNS domain" in said.message:
        return _NAME_IS_ANSWERED
    if said.code == NOT_PERMITTED:
        return _not_permitted(said)
    if error_class is ErrorClass.DENIED and _OF_BUCKETS.fullmatch(said.message) and said.operation not in _OF_NO_BUCKET:
        return f"{permission_for(said.operation)} {_OTHER_OWNER}"
    return _BY_CODE.get(said.code, "")


def _not_permitted(said: Said) -> str:
    if "does not support creating load balancers" in said.message:
        return _NEW_ACCOUNT
    if "deletion protection" in said.message:
        return _protected(said.message)
    if "requester-managed" in said.message:
        return _REQUESTER_MANAGED
    if said.operation == "DisassociateVpcCidrBlock":
        return _PRIMARY_BLOCK
    return _NOT_PERMITTED


def _protected(message: str) -> str:
    """With the command that turns the protection off, where the sentence has the balancer's ARN."""
    arn = _BALANCER.search(message)
    how = f" with `{unprotect_balancer(arn[0])}`" if arn else ""
    return (
        f"The load balancer is protected from deletion (its attribute {PROTECTION}), whatever the user's permissions. "
        f"If it may go, turn that off{how}, and run the same command again."
    )


def _full_subnet(message: str) -> str:
    subnet = _SUBNET.search(message)
    return (
        f"The subnet {subnet[0] if subnet else 'that it goes into'} has too few free addresses: a load balancer needs "
        "8 in each of its subnets, an endpoint, a NAT gateway or an attachment one. Remove what isn't needed there, or "
        "give the plan a larger subnet, and run the same command again."
    )


def _of_refusal(said: Said) -> str:
    named = _ALLOWS.search(said.message) or _PERFORM.search(said.message)
    action = named[1] if named else said.operation or "this operation"
    explicit, implicit = _EXPLICIT.search(said.message), _IMPLICIT.search(said.message)
    if explicit:
        policy, verb = _POLICIES.get((explicit["policy"] or "").lower(), _SOME_POLICY), "denies"
    elif implicit and (found := _POLICIES.get(implicit["policy"].lower())) and found is not _OWN_POLICY:
        policy, verb = found, "doesn't allow"
    else:
        return f"{permission_for(action)}{_about_lost_tags(action)}" if named else ""
    cause = policy.cause.format(denies=f"{verb} {action}")
    return f"{cause}. {policy.step}, and run the same command again.{_about_roles(action, said.operation)}"


def _about_lost_tags(action: str) -> str:
    """What else it may be where the permission depends on the tags of what is there."""
    return _LOST_TAG if _OF_TAGGED.fullmatch(action) else ""


def _about_roles(action: str, operation: str) -> str:
    """What can be done in the plan, where it is about roles."""
    by_name = ":" not in action and _OF_ROLES.fullmatch(operation)
    return _WITHOUT_ROLES if by_name or (action.startswith("iam:") and action not in _OF_NO_ROLES) else ""


def _decoding(encoded: str) -> str:
    # What begins with a dash would be taken for an option.
    option = "--encoded-message"
    words = (f"{option}={encoded}",) if encoded.startswith("-") else (option, encoded)
    command = command_line("aws", "sts", "decode-authorization-message", *words)
    return f"AWS encoded its reason: `{command}` shows it to whoever is allowed sts:DecodeAuthorizationMessage."


@dataclass(frozen=True)
class _Policy:
    """A policy that refuses: what that means, with a place for the verb and the action, and the next step."""

    cause: str
    step: str


_NO_PERMISSION_HELPS: Final = "so no permission of the user helps"
_STRONGER: Final = "which is stronger than any permission"
_OWN_POLICY: Final = _Policy(f"A policy of the user or role itself {{denies}}, {_STRONGER}", "Have that changed")
_SOME_POLICY: Final = _Policy(
    f"Some policy explicitly {{denies}}, {_STRONGER}",
    "Ask the administrators of the account and of the organisation which one, and to allow it",
)
_ORGANISATION: Final = "Ask the organisation's administrators to allow it here"
_POLICIES: Final[Mapping[str, _Policy]] = {
    "identity-based policy": _OWN_POLICY,
    "service control policy": _Policy(
        f"A service control policy of the organisation {{denies}}, {_NO_PERMISSION_HELPS}", _ORGANISATION
    ),
    "resource control policy": _Policy(
        f"A resource control policy of the organisation {{denies}}, {_NO_PERMISSION_HELPS}", _ORGANISATION
    ),
    "permissions boundary": _Policy(
        f"The permissions boundary of the user or role {{denies}}, {_NO_PERMISSION_HELPS}",
        "Have whoever set the boundary allow it",
    ),
    "session policy": _Policy(
        f"The policy of the session, set by whoever issued the credentials, {{denies}}, {_NO_PERMISSION_HELPS}",
        "Have it allowed there, or use credentials without such a policy",
    ),
    "vpc endpoint policy": _Policy(
        f"The policy of the VPC endpoint that the request goes through {{denies}}, {_NO_PERMISSION_HELPS}",
        "Have the endpoint's owner allow it, or reach the service another way",
    ),
    "resource-based policy": _Policy(
        "The policy of the resource itself (of a bucket, or whom a role trusts) {denies}", "Have its owner change that"
    ),
}
"""By the name that AWS's sentences have for them."""

_LOST_TAG: Final = (
    " The policy that `ocpprov policy` prints allows it on what carries the plan's tag ocpprov:plan: if that tag was "
    "lost, an administrator has to put it back first."
)
_WITHOUT_ROLES: Final = (
    " Where roles may be made only in some way, or by somebody else: iam.permissionsBoundary in the plan sets the "
    "boundary, iam.instanceProfiles names existing profiles, --without iam leaves all of it to others."
)
_TAGS: Final = (
    "A tag policy of the organisation refuses a tag. Write userTags with the keys, in the same capitals, and the "
    "values that it asks for, and run the same command again."
)
_NAME_IS_ANSWERED: Final = (
    "The service's own name is answered in the VPC already: by a private hosted zone that is associated with it, as "
    "with endpoints in a central VPC, or by another endpoint with private DNS. If that one serves the cluster, leave "
    "this endpoint out of the plan; else take the zone from the VPC, or remove that endpoint, and run the same command "
    "again."
)
_NEW_ACCOUNT: Final = (
    "AWS doesn't let this account make load balancers, as is usual with new accounts, and neither a permission nor the "
    "plan changes that. Open a case with AWS Support that asks for it, and run the same command again when it is done."
)
_REQUESTER_MANAGED: Final = (
    "Another service of AWS made it and looks after it, so only that one can take it away. Delete what it belongs to "
    "there, and run the same command again."
)
_PRIMARY_BLOCK: Final = (
    "The first block of a VPC goes only with the VPC. Leave it in the plan, and run the same command again."
)
_NOT_PERMITTED: Final = (
    "AWS doesn't do this in this account or with this resource, whatever the user's permissions. Change what its "
    "sentence names; where it names nothing, ask AWS Support with the request id. Then run the same command again."
)
_OTHER_OWNER: Final = (
    "S3 says the same of a bucket that changed hands: each request says that it has to be this account's. Where it "
    "isn't any more, nothing was put there; choose another name for it."
)
_BY_CODE: Final[Mapping[str, str]] = {
    NOT_SIGNED_UP: "The account isn't signed up for this service or this region, which no permission changes. Have "
    "the account's administrators finish the sign-up or enable the region, and run the same command again.",
    UNVERIFIED: "AWS is still checking what this account may have in the region, mostly for minutes, at most for some "
    "hours. Wait for its mail, and run the same command again; if it takes longer, ask AWS Support.",
}

_OF_BUCKETS: Final = re.compile(r"Access Denied\.?")
"""S3's words, and nobody else's, where it doesn't say which policy it was."""
_OF_NO_BUCKET: Final = ("ListBuckets", "CreateBucket")

_ENCODED: Final = re.compile(r"Encoded authorization failure message: ([A-Za-z0-9_-]+)(?![^\s.,)])")
_PERFORM: Final = re.compile(r"not authorized to perform: ([a-z0-9-]+:\w+)")
_ALLOWS: Final = re.compile(r"(?:policy|boundary) allows the ([a-z0-9-]+:\w+) action")
_KINDS: Final = r"(?P<policy>[A-Za-z][A-Za-z -]*? policy|permissions boundary)"
_EXPLICIT: Final = re.compile(rf"explicit deny(?: in (?:an? |the )?{_KINDS})?", re.IGNORECASE)
_IMPLICIT: Final = re.compile(rf"because no {_KINDS} allows", re.IGNORECASE)
_OF_ROLES: Final = re.compile(
    r"(?:[A-Z][a-z]+(?:To|From)?)+(?:Role|InstanceProfile|RolePolicy|PermissionsBoundary)|CreatePolicy"
)
_OF_TAGGED: Final = re.compile(r"(?:ec2|elasticloadbalancing):(?!Describe|Allocate|Run|Create(?!Tags$))\w+")
_OF_NO_ROLES: Final = ("iam:CreateServiceLinkedRole", "iam:SimulatePrincipalPolicy", "iam:GetAccountSummary")
_BALANCER: Final = re.compile(
    r"arn:aws[a-z-]*:elasticloadbalancing:(?P<region>[a-z0-9-]+):\d*:loadbalancer/[\w/-]+(?=['\s]|$)", re.ASCII
)
_SUBNET: Final = re.compile(r"subnet-[0-9a-f]+")
_TAG_POLICY: Final = re.compile(r"\btag policy\b", re.IGNORECASE)
_FULL: Final = re.compile(r"Not enough IP space|InsufficientFreeAddresses")

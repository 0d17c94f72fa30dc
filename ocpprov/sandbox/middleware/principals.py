"""Policies name roles and users that there are.

IAM and S3 look up each `AWS` principal of a trust policy or a bucket's when it is written, and refuse the policy with
these sentences (IAM User Guide, AWS JSON policy elements: Principal, documented; the sentences from many public logs of
CreateRole and PutBucketPolicy: source). What another account has nobody knows here; no account is 000000000000.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from ocpprov.sandbox.exchange import Answer, Request, error
from ocpprov.sandbox.middleware.contract import Aws

_ARN: Final = re.compile(r"arn:[a-z-]+:(?:iam|sts)::(\d{12}):(root|(?:role|user|assumed-role)/.+)")
_ACCOUNT: Final = re.compile(r"\d{12}")
_UNIQUE: Final = re.compile(r"(?:AIDA|AROA)[A-Z0-9]{12,}")
_NOBODY: Final = "000000000000"
_DOCUMENTS: Final[Mapping[str, str]] = {
    "CreateRole": "AssumeRolePolicyDocument",
    "UpdateAssumeRolePolicy": "PolicyDocument",
}


class Principals:
    """Refuses policies with principals that aren't there."""

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """The refusal, if there is one."""
        if request.service == "iam" and request.operation in _DOCUMENTS:
            return self._refusal(request, aws, request.get(_DOCUMENTS[request.operation]))
        if request.service == "s3" and request.operation == "PutBucketPolicy":
            return self._refusal(request, aws, request.body.decode(errors="replace"))
        return None

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """Unchanged."""
        return answer

    def _refusal(self, request: Request, aws: Aws, document: str) -> Answer | None:
        unknown = next((each for each in _principals(document) if not _is_there(each, request, aws)), None)
        if unknown is None:
            return None
        if request.service == "s3":
            return error(request, "MalformedPolicy", "Invalid principal in policy")
        return error(request, "MalformedPolicyDocument", f'Invalid principal in policy: "AWS":"{unknown}"')


def _principals(document: str) -> Iterator[str]:
    """The `AWS` principals of all statements; none of what can't be read, which is refused elsewhere."""
    try:
        policy: Any = json.loads(document)
    except ValueError:
        return
    statements = policy.get("Statement", ()) if isinstance(policy, Mapping) else ()
    for statement in [statements] if isinstance(statements, Mapping) else statements:
        for member in ("Principal", "NotPrincipal"):
            principal = statement.get(member) if isinstance(statement, Mapping) else None
            named = principal.get("AWS", ()) if isinstance(principal, Mapping) else ()
            yield from [named] if isinstance(named, str) else map(str, named)


def _is_there(principal: str, request: Request, aws: Aws) -> bool:
    if principal == "*" or _UNIQUE.fullmatch(principal):
        return True
    if _ACCOUNT.fullmatch(principal):
        return principal != _NOBODY
    found = _ARN.fullmatch(principal)
    if found is None or found[1] == _NOBODY:
        return False
    sort, _, name = found[2].partition("/")
    if sort not in ("role", "user") or found[1] != aws.arn(request, "iam", "", regional=False).split(":")[4]:
        return True
    backend = aws.iam(request)
    there = backend.roles if sort == "role" else backend.users
    return any(each.name == name.rpartition("/")[2] for each in there.values())

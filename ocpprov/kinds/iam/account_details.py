"""Roles, their policies and the account's managed policies in one call, in place of one or more for each.

GetAccountAuthorizationDetails answers with what GetRole, ListRolePolicies, GetRolePolicy, ListAttachedRolePolicies,
ListPolicies and GetPolicyVersion say of each (its API reference). It says nothing of a role's description and longest
session, which ListRoles does, and nothing of the tags of policies and profiles. Why and when it is asked:
docs/adr/0027-roles-are-told-at-once.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from ocpprov.kinds.iam.common import LIST_POLICIES, LIST_ROLES, MOST_ITEMS, name_in
from ocpprov.kinds.reads import Bulk, Found, Pages, Read, read_if_allowed

DETAILS: Final = read_if_allowed(
    "iam", "get_account_authorization_details", Filter=["Role", "LocalManagedPolicy"], MaxItems=MOST_ITEMS
)
_SMALL_ACCOUNT: Final = 100
"""Roles of an account that is small: what AWS gives in one page where nobody asks for more."""
_PAYS_FROM: Final = 4
"""Calls in place of which it is made; the one that it costs is among them, and whoever lacks the permission pays it."""
_OF_AWS: Final = ":iam::aws:"
"""In the ARN of a policy that AWS manages, which isn't among an account's own."""
_OF_A_ROLE: Final = ("get_role", "list_role_policies", "list_attached_role_policies", "get_role_policy")
_WHOLE: Final = ("Tags", "RolePolicyList", "AttachedManagedPolicies", "AssumeRolePolicyDocument")
"""What each role's details have, be it empty. A role of which one is missing is asked for by its name."""


class AccountDetails(Bulk):
    """The details of a small account. Other people's roles and policies in them are looked at by nobody: they answer
    only what would have been asked anyway."""

    def later(self, wanted: Sequence[Read], answers: Pages, found: Found) -> Sequence[Read]:
        """In the first round the account's policies wait for whether the second asks for the details, which have them;
        not where nobody knows the plan's names: then the way to a policy's document is a round longer."""
        waits = LIST_ROLES not in answers.answers and LIST_ROLES in wanted and found.names is not None
        return [one for one in wanted if waits and one == LIST_POLICIES]

    def instead(self, wanted: Sequence[Read], answers: Pages) -> Mapping[Read, Sequence[Read]]:
        if DETAILS in answers.answers or LIST_ROLES not in answers.answers:
            return {}
        spared = [one for one in wanted if _is_told(one)]
        roles = sum(1 for _ in answers.items("iam", LIST_ROLES.operation, "Roles"))
        return {DETAILS: spared} if roles <= _SMALL_ACCOUNT and len(spared) >= _PAYS_FROM else {}

    def told(self, wanted: Sequence[Read], answers: Pages) -> Mapping[Read, Sequence[Mapping[str, Any]]]:
        if not answers.answers.get(DETAILS):
            return {}
        account = _Account(answers)
        return {one: [page] for one in wanted if _is_told(one) and (page := account.page(one)) is not None}


def _is_told(one: Read) -> bool:
    """Whether the details may have the answer."""
    if one.service != "iam":
        return False
    return one.operation in (*_OF_A_ROLE, "get_policy_version") or one == LIST_POLICIES


class _Account:
    """What the details have, in the shapes of the answers about each thing."""

    def __init__(self, answers: Pages) -> None:
        self._has_policies = any("Policies" in page for page in answers.answers[DETAILS])
        self._policies = list(answers.items("iam", DETAILS.operation, "Policies"))
        self._roles = dict(_roles(answers))

    def page(self, one: Read) -> Mapping[str, Any] | None:
        """The answer to this read; None where the details don't have all of it."""
        arguments = one.arguments()
        if one == LIST_POLICIES:
            return self._listed_policies()
        if one.operation == "get_policy_version":
            return self._version(arguments["PolicyArn"], arguments["VersionId"])
        role = self._roles.get(arguments["RoleName"])
        return None if role is None else _of_role(role, one, arguments.get("PolicyName"))

    def _listed_policies(self) -> Mapping[str, Any] | None:
        named = all("Arn" in each and "DefaultVersionId" in each for each in self._policies)
        if not self._has_policies or not named or not self._attached() <= {each["Arn"] for each in self._policies}:
            return None
        return {"Policies": [{**each, "PolicyName": name_in(each["Arn"])} for each in self._policies]}

    def _attached(self) -> set[str]:
        """The account's own policies that roles have: one that isn't listed shows that the list isn't whole."""
        arns = (each.get("PolicyArn", "") for role in self._roles.values() for each in role["AttachedManagedPolicies"])
        return {arn for arn in arns if _OF_AWS not in arn}

    def _version(self, arn: str, version: str) -> Mapping[str, Any] | None:
        for policy in self._policies:
            for each in policy.get("PolicyVersionList", ()) if policy.get("Arn") == arn else ():
                if each.get("VersionId") == version and "Document" in each:
                    return {"PolicyVersion": each}
        return None


def _roles(answers: Pages) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The roles whose details are whole and that are listed, too, by name."""
    listed = {each.get("RoleName"): each for each in answers.items("iam", LIST_ROLES.operation, "Roles")}
    for each in answers.items("iam", DETAILS.operation, "RoleDetailList"):
        name = each.get("RoleName")
        if isinstance(name, str) and name in listed and all(member in each for member in _WHOLE):
            yield name, {**listed[name], **each}


def _of_role(role: Mapping[str, Any], one: Read, policy: Any) -> Mapping[str, Any] | None:
    if one.operation == "get_role":
        return {"Role": role}
    if one.operation == "list_attached_role_policies":
        attached = role["AttachedManagedPolicies"]
        return {"AttachedPolicies": attached} if all("PolicyArn" in each for each in attached) else None
    inline = role["RolePolicyList"]
    if not all("PolicyName" in each and "PolicyDocument" in each for each in inline):
        return None
    if one.operation == "list_role_policies":
        return {"PolicyNames": [each["PolicyName"] for each in inline]}
    return next(({"RoleName": role["RoleName"], **each} for each in inline if each["PolicyName"] == policy), None)

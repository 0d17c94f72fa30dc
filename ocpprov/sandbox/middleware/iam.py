"""Roles, profiles and policies: names that are taken, policies that are in use, boundaries that aren't there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ocpprov.sandbox.exchange import Answer, Request, error
from ocpprov.sandbox.middleware.contract import Aws

_Check = Callable[[Request, Any], Answer | None]


class Iam:
    """Refuses in AWS's words; what passes goes on to moto, which knows the other conflicts itself."""

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """The refusal, if there is one."""
        check = _CHECKS.get(request.operation) if request.service == "iam" else None
        return check(request, aws.iam(request)) if check else None

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """Unchanged."""
        return answer


def _create_role(request: Request, backend: Any) -> Answer | None:
    name = request.get("RoleName")
    if _taken(name, (role.name for role in backend.roles.values())):
        return _exists(request, f"Role with name {name} already exists.")
    boundary = request.get("PermissionsBoundary")
    if boundary and boundary not in backend.managed_policies:
        message = f"Scope ARN: {boundary} does not exist or is not attachable."
        return error(request, "NoSuchEntity", message, 404)
    return None


def _create_instance_profile(request: Request, backend: Any) -> Answer | None:
    name = request.get("InstanceProfileName")
    if _taken(name, (profile.name for profile in backend.instance_profiles.values())):
        return _exists(request, f"Instance Profile {name} already exists.")
    return None


def _remove_role_from_instance_profile(request: Request, backend: Any) -> Answer | None:
    name, role = request.get("InstanceProfileName"), request.get("RoleName")
    profile = next((each for each in backend.instance_profiles.values() if each.name == name), None)
    if profile is not None and role not in (each.name for each in profile.roles):
        return error(request, "NoSuchEntity", f"Role {role} is not in instance profile {name}.", 404)
    return None


def _create_policy(request: Request, backend: Any) -> Answer | None:
    name = request.get("PolicyName")
    own = (policy.name for policy in backend.managed_policies.values() if ":iam::aws:" not in policy.arn)
    if _taken(name, own):
        return _exists(request, f"A policy called {name} already exists. Duplicate names are not allowed.")
    return None


def _delete_policy(request: Request, backend: Any) -> Answer | None:
    policy = backend.managed_policies.get(request.get("PolicyArn"))
    if policy is None:
        return None
    if policy.attachment_count:
        return error(request, "DeleteConflict", "Cannot delete a policy attached to entities.", 409)
    if len(policy.versions) > 1:
        message = (
            "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. "
            "The default version is deleted with the policy."
        )
        return error(request, "DeleteConflict", message, 409)
    return None


def _taken(name: str, names: Iterable[str]) -> bool:
    """Names differ in more than the case of letters (CreateRole)."""
    return name.casefold() in {each.casefold() for each in names}


def _exists(request: Request, message: str) -> Answer:
    return error(request, "EntityAlreadyExists", message, 409)


_CHECKS: Mapping[str, _Check] = {
    "CreateInstanceProfile": _create_instance_profile,
    "RemoveRoleFromInstanceProfile": _remove_role_from_instance_profile,
    "CreatePolicy": _create_policy,
    "CreateRole": _create_role,
    "DeletePolicy": _delete_policy,
}

"""What a caller must be allowed for a call of IAM.

Service authorization reference; `iam:PermissionsBoundary` is the boundary in the request where there is one, else that
of the role (IAM's user guide, permissions boundaries). That adding a role to an instance profile passes it to
`ec2.amazonaws.com` in every partition is how it is used; nothing says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ocpprov.sandbox.exchange import Request
from ocpprov.sandbox.middleware.contract import Aws
from ocpprov.sandbox.policy_evaluation import RequiredAction
from ocpprov.sandbox.required_actions_ec2 import resource_tags, tag_context

_TAGS: Final[Mapping[str, str]] = {
    "CreateInstanceProfile": "TagInstanceProfile",
    "CreatePolicy": "TagPolicy",
    "CreateRole": "TagRole",
}
_UNNAMED: Final = ("GetAccountAuthorizationDetails", "GetAccountSummary", "SimulatePrincipalPolicy")
_MACHINES: Final = "ec2.amazonaws.com"


def iam_actions(request: Request, aws: Aws) -> Iterator[RequiredAction]:
    """The call's action, the tagging of what it makes, and the passing of a role."""
    if request.operation in _UNNAMED or request.operation.startswith("List"):
        yield RequiredAction(f"iam:{request.operation}")
        return
    backend = aws.iam(request)
    role = _by_name(backend.roles, request.get("RoleName"))
    resource = _resource(request, aws)
    context: dict[str, str | tuple[str, ...]] = {**tag_context(request)}
    if resource.partition(":role/")[2]:
        boundary = request.get("PermissionsBoundary") or (role.permissions_boundary_arn if role else "")
        context |= {"iam:PermissionsBoundary": boundary} if boundary else {}
        context |= resource_tags(_tags_of(role))
    if policy := request.get("PolicyArn"):
        context["iam:PolicyARN"] = policy
    if request.operation == "AddRoleToInstanceProfile":
        passed = {"iam:PassedToService": _MACHINES}
        yield RequiredAction("iam:PassRole", _arn(request, aws, "role", request.get("RoleName")), passed)
    if request.operation in _TAGS and tag_context(request):
        yield RequiredAction(f"iam:{_TAGS[request.operation]}", resource, context)
    yield RequiredAction(f"iam:{request.operation}", resource, context)


def _resource(request: Request, aws: Aws) -> str:
    """The ARN of what the call is about."""
    if name := request.get("InstanceProfileName"):
        return _arn(request, aws, "instance-profile", name)
    if name := request.get("RoleName"):
        return _arn(request, aws, "role", name)
    if name := request.get("PolicyName"):
        return _arn(request, aws, "policy", name)
    return request.get("PolicyArn") or "*"


def _arn(request: Request, aws: Aws, type: str, name: str) -> str:
    """With the path of the one that there is, or that is asked for."""
    backend = aws.iam(request)
    present = _by_name(backend.roles if type == "role" else backend.instance_profiles, name)
    path = request.get("Path") or (present.path if present and type != "policy" else "") or "/"
    return aws.arn(request, "iam", f"{type}{path}{name}", regional=False)


def _by_name(items: Mapping[str, Any], name: str) -> Any:
    return next((each for each in items.values() if name and each.name == name), None)


def _tags_of(role: Any) -> Mapping[str, Any]:
    if role is None or not role.tags:
        return {}
    return {tag["Key"]: tag["Value"] for tag in (role.tags.values() if isinstance(role.tags, dict) else role.tags)}

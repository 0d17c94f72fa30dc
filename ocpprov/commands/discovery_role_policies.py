"""What AWS has of the policies of a few roles: their own ones, those that are attached, and their boundaries."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ocpprov.aws.errors import AwsError
from ocpprov.aws.reads import Reader
from ocpprov.kinds.policy_documents import document
from ocpprov.kinds.reads import Pages, Read, read
from ocpprov.openshift.role_policies import RolePolicies


def role_policies(roles: Collection[str], reader: Reader) -> dict[str, RolePolicies | str]:
    """By role; what AWS said where one of its policies can't be read."""
    return {role: _of_role(role, reader) for role in sorted(roles)}


def _of_role(role: str, reader: Reader) -> RolePolicies | str:
    listed = [
        read("iam", "get_role", RoleName=role),
        read("iam", "list_role_policies", RoleName=role),
        read("iam", "list_attached_role_policies", RoleName=role),
    ]
    try:
        lists = _answered(listed, reader)
        boundaries = [page["Role"].get("PermissionsBoundary", {}) for _, page in lists.documents("iam", "get_role")]
        boundary = next((each["PermissionsBoundaryArn"] for each in boundaries if each), "")
        named = [name for _, page in lists.documents("iam", "list_role_policies") for name in page["PolicyNames"]]
        items = lists.items("iam", "list_attached_role_policies", "AttachedPolicies")
        attached = [item["PolicyArn"] for item in items]
        own = _answered([read("iam", "get_role_policy", RoleName=role, PolicyName=name) for name in named], reader)
        managed = _managed({*attached, *([boundary] if boundary else [])}, reader)
        inline = [document(page["PolicyDocument"]) for _, page in own.documents("iam", "get_role_policy")]
    except AwsError as error:
        return str(error)
    return RolePolicies((*inline, *(managed[arn] for arn in attached)), managed.get(boundary), named)


def _managed(arns: Collection[str], reader: Reader) -> Mapping[str, Any]:
    """The documents that are in force, by ARN. Raises AwsError."""
    policies = _answered([read("iam", "get_policy", PolicyArn=arn) for arn in sorted(arns)], reader)
    versions = {
        page["Policy"]["Arn"]: page["Policy"]["DefaultVersionId"] for _, page in policies.documents("iam", "get_policy")
    }
    asked = [read("iam", "get_policy_version", PolicyArn=arn, VersionId=version) for arn, version in versions.items()]
    found = _answered(asked, reader)
    return {
        made.arguments()["PolicyArn"]: document(page["PolicyVersion"]["Document"])
        for made, page in found.documents("iam", "get_policy_version")
    }


def _answered(wanted: Sequence[Read], reader: Reader) -> Pages:
    """Raises AwsError for the first read that failed."""
    answers = reader.attempt(wanted)
    for answer in answers.values():
        if isinstance(answer, AwsError):
            raise answer
    return Pages({one: answer for one, answer in answers.items() if not isinstance(answer, AwsError)})

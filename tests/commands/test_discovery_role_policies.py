"""What is read of the policies of roles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError, AwsMessage
from ocpprov.aws.reads import Reader
from ocpprov.commands.discovery_role_policies import role_policies
from ocpprov.kinds.reads import Read
from ocpprov.openshift.role_policies import RolePolicies

DENIED: Final = AwsError(ErrorClass.DENIED, AwsMessage("AccessDenied", "no", "r-1", "DescribeX"))


def policy(action: str) -> dict[str, Any]:
    return {"Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]}


ANSWERS: Final[Mapping[str, Any]] = {
    "get_role": {"Role": {"PermissionsBoundary": {"PermissionsBoundaryArn": "arn:limit"}}},
    "list_role_policies": {"PolicyNames": ["own"]},
    "list_attached_role_policies": {"AttachedPolicies": [{"PolicyName": "a", "PolicyArn": "arn:attached"}]},
    "get_role_policy own": {"PolicyName": "own", "PolicyDocument": policy("ec2:Describe*")},
    "get_policy arn:attached": {"Policy": {"Arn": "arn:attached", "DefaultVersionId": "v2"}},
    "get_policy arn:limit": {"Policy": {"Arn": "arn:limit", "DefaultVersionId": "v1"}},
    "get_policy_version arn:attached": {"PolicyVersion": {"Document": policy("s3:*")}},
    "get_policy_version arn:limit": {"PolicyVersion": {"Document": policy("*")}},
}


class Answering:
    """A reader of an IAM that has one role; `closed` is what it denies."""

    def __init__(self, closed: str = "") -> None:
        self.closed = closed

    def attempt(self, wanted: Sequence[Read]) -> dict[Read, Any]:
        return {one: self._answer(one) for one in wanted}

    def _answer(self, one: Read) -> Any:
        asked = one.arguments()
        subject = asked.get("PolicyName") or asked.get("PolicyArn") or ""
        return DENIED if one.operation == self.closed else [ANSWERS[f"{one.operation} {subject}".strip()]]


def test_a_roles_own_policies_come_first_and_with_their_names() -> None:
    found = role_policies(["machines"], cast("Reader", Answering()))
    assert found == {"machines": RolePolicies((policy("ec2:Describe*"), policy("s3:*")), policy("*"), ["own"])}


def test_what_is_denied_leaves_what_aws_said() -> None:
    assert role_policies(["machines"], cast("Reader", Answering("get_policy"))) == {"machines": str(DENIED)}

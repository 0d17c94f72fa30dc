"""Questions about roles."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from live.clients import code
from live.lab import Lab
from live.questions import Measured, Question, Topic

_CODES: Final = "ocpprov/aws/error_codes.py"


def _document(*statements: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def _trust(principal: Mapping[str, str]) -> str:
    return _document({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})


def _allow(actions: Sequence[str]) -> str:
    return _document({"Effect": "Allow", "Action": list(actions), "Resource": "*"})


def _create(lab: Lab, name: str, principal: Mapping[str, str]) -> str:
    lab.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=_trust(principal), Tags=lab.pairs())
    return name


def _of_machines(lab: Lab) -> Mapping[str, str]:
    china = lab.region.startswith("cn-")
    return {"Service": "ec2.amazonaws.com.cn" if china else "ec2.amazonaws.com"}


def _role(lab: Lab) -> str:
    """Made once: whether it is seen yet is another question."""
    with suppress(lab.client("iam").exceptions.EntityAlreadyExistsException):
        _create(lab, lab.name, _of_machines(lab))
    return lab.name


def _role_twice(lab: Lab) -> str:
    _role(lab)
    return code(lambda: _create(lab, lab.name, _of_machines(lab)))


def _unseen(lab: Lab) -> Measured:
    name = _create(lab, f"{lab.name}-lag", _of_machines(lab))
    return Measured("", lab.took(lambda: code(lambda: lab.client("iam").get_role(RoleName=name)) == "ok"))


def _put_policy(lab: Lab, role: str, actions: Sequence[str]) -> None:
    document = _allow(actions)
    lab.made(lambda: lab.client("iam").put_role_policy(RoleName=role, PolicyName="one", PolicyDocument=document))


def _with_policy(lab: Lab) -> str:
    iam, name = lab.client("iam"), _role(lab)
    _put_policy(lab, name, ["s3:GetObject"])
    said = code(lambda: iam.delete_role(RoleName=name))
    iam.delete_role_policy(RoleName=name, PolicyName="one")
    return said


def _in_profile_twice(lab: Lab) -> str:
    iam, name = lab.client("iam"), _role(lab)
    iam.create_instance_profile(InstanceProfileName=name, Tags=lab.pairs())

    def add() -> Any:
        return iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=name)

    lab.until(lambda: code(add) == "ok")
    return code(add)


def _unknown_principal(lab: Lab) -> str:
    return code(lambda: _create(lab, f"{lab.name}-nobody", {"AWS": "arn:aws:iam::000000000000:role/none"}))


def _multi_region(lab: Lab) -> str:
    """Asked by a role that may do all that an endpoint takes but this: in a dry run, to a service of another region."""
    identity = lab.client("sts").get_caller_identity()
    partition = identity["Arn"].split(":")[1]
    if partition != "aws":
        raise LookupError(
            f"the partition {partition} has no endpoints to services of other regions that are known here"
        )
    name = _create(lab, f"{lab.name}-region", {"AWS": f"arn:{partition}:iam::{identity['Account']}:root"})
    _put_policy(lab, name, ["ec2:*", "route53:*"])
    role = f"arn:{partition}:iam::{identity['Account']}:role/{name}"
    vpc = lab.vpc
    keys: dict[str, str] = {}

    def assumed() -> None:
        answer = lab.client("sts").assume_role(RoleArn=role, RoleSessionName="ocpprov-live")["Credentials"]
        keys.update(
            aws_access_key_id=answer["AccessKeyId"],
            aws_secret_access_key=answer["SecretAccessKey"],
            aws_session_token=answer["SessionToken"],
        )

    def endpoint(service: str, **where: str) -> str:
        wanted = {"VpcId": vpc, "ServiceName": service, "VpcEndpointType": "Interface", "DryRun": True, **where}
        return code(lambda: lab.with_keys(lab.ec2, keys).create_vpc_endpoint(**wanted))

    if not lab.until(lambda: code(assumed) == "ok"):
        raise LookupError(f"the role can't be assumed: {code(assumed)}")
    # The role's policy has arrived when it may make an endpoint of this region.
    here = f"com.amazonaws.{lab.region}.ec2"
    if not lab.until(lambda: endpoint(here).startswith("DryRunOperation")):
        raise LookupError(f"the role's policy didn't arrive: {endpoint(here)}")
    if lab.region == "us-east-1":
        return endpoint("com.amazonaws.us-west-2.s3", ServiceRegion="us-west-2")
    return endpoint("com.amazonaws.iam", ServiceRegion="us-east-1")


ROLES: Final = Topic(
    "roles",
    (
        Question("CreateRole twice", "EntityAlreadyExists 409", "ocpprov/reconcile/create.py", _role_twice),
        Question("how long a new role isn't seen", "", "ocpprov/reconcile/unknown_outcome.py", _unseen),
        Question("deleting a role with a policy", "DeleteConflict 409", _CODES, _with_policy),
        Question("a role in a profile twice", "LimitExceeded 409", _CODES, _in_profile_twice),
        Question(
            "a trust policy with a principal that isn't there",
            "MalformedPolicyDocument 400",
            _CODES,
            _unknown_principal,
        ),
        Question(
            "an endpoint to a service of another region, without vpce:AllowMultiRegion",
            "UnauthorizedOperation 403",
            "ocpprov/kinds/ec2/vpc_endpoint.py",
            _multi_region,
            "DryRunOperation: the permission isn't asked for, and policy and preflight needn't name it",
        ),
    ),
    "1 network, 4 roles, 1 instance profile (nothing is billed)",
)

"""Whether a role's policies let a cluster's machines do what they have to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from ocpprov.openshift.iam import READ_OBJECTS, ROLES, Machine
from ocpprov.plan.releases import in_force
from ocpprov.reachability.endpoint_policies import Gate, ServiceCall, decided
from ocpprov.reachability.policy_statements import Policy, policy_of
from ocpprov.reachability.three_valued import all_of
from ocpprov.reachability.verdict import Answer

_OF_KEYS: Final = "kms:"
"""Which a cluster without encrypted volumes never asks for."""


@dataclass(frozen=True)
class RolePolicies:
    """Documents of IAM's policies, a role's own and those that are attached. What the `boundary` doesn't allow, too, it
    may not; None where there is none. `names` are those of its own."""

    documents: Sequence[Any] = ()
    boundary: Any = None
    names: Sequence[str] = ()


def not_allowed(machine: Machine, version: str, policies: RolePolicies) -> Mapping[str, Answer]:
    """The actions of the templates' role that these don't allow for sure: NO or UNKNOWN, where conditions or resources
    decide. Objects of a bucket may be read by a presigned URL as well. Raises ValueError where a document is none."""
    role = next(each for each in ROLES if each.machine == machine)
    wanted = [each for each in in_force(role.scoped, version).actions if each != READ_OBJECTS]
    allowing = Policy(tuple(each for known in policies.documents for each in _policy(known).statements))
    both = [allowing, *([_policy(policies.boundary)] if policies.boundary is not None else [])]
    found = {action: all_of(_answer(policy, action) for policy in both) for action in wanted if _counts(action)}
    return {action: answer for action, answer in found.items() if answer is not Answer.YES}


def held_back(machine: Machine, version: str, policies: RolePolicies) -> Mapping[str, Answer]:
    """Those of these actions that no policy more would allow: another one denies them, or the boundary lacks them."""
    return not_allowed(machine, version, replace(policies, documents=[*policies.documents, _EVERYTHING]))


_EVERYTHING: Final = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def _counts(action: str) -> bool:
    return not action.startswith(_OF_KEYS)


def _answer(policy: Policy, action: str) -> Answer:
    """Of all that a pattern takes, some is enough."""
    answer = decided(policy, ServiceCall(action), Gate("", "")).answer
    return Answer.YES if answer is Answer.UNKNOWN and "*" in action else answer


def _policy(document: Any) -> Policy:
    """A role's policy is about the role, and names nobody."""
    known = document if isinstance(document, Mapping) else {}
    statements = known.get("Statement", ())
    listed = [statements] if isinstance(statements, Mapping) else statements
    return policy_of({"Statement": [{**each, "Principal": "*"} for each in listed]})

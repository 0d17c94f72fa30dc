"""Callers that may not do everything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from ocpprov.sandbox.exchange import Answer, Request, error
from ocpprov.sandbox.middleware.contract import Aws
from ocpprov.sandbox.policy_evaluation import allows
from ocpprov.sandbox.required_actions import required_actions, simulated
from ocpprov.sandbox.role_policy import role_policy


class Permissions:
    """Refuses what the policy of the conditions doesn't allow, and tells what it would refuse
    (SimulatePrincipalPolicy), whoever the caller is. Without such a policy, whoever has taken a role may do what that
    role's policies allow, and everybody else everything."""

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """The refusal, with what is missing; EC2 has a code of its own for it."""
        policy = aws.conditions.policy or _of_role(request, aws)
        required = required_actions(request, aws) if policy else ()
        missing = next((each for each in required if not allows(policy, each)), None)
        if missing:
            message = f"not authorized to perform: {missing.action} on resource: {missing.resource}"
            if request.service == "ec2":
                return error(request, "UnauthorizedOperation", f"You are {message}", 403)
            code = "AccessDeniedException" if request.header("X-Amz-Target") else "AccessDenied"
            return error(request, code, f"User is {message}", 403)
        if request.operation == "SimulatePrincipalPolicy":
            return _simulate(request, aws)
        return None

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """Unchanged."""
        return answer


def _of_role(request: Request, aws: Aws) -> Mapping[str, Any]:
    role = aws.acting_role(request)
    return role_policy(role) if role is not None else {}


def _simulate(request: Request, aws: Aws) -> Answer:
    policy = aws.conditions.policy
    results = "".join(
        f"<member><EvalActionName>{escape(each.action)}</EvalActionName>"
        f"<EvalResourceName>{escape(each.resource)}</EvalResourceName>"
        f"<EvalDecision>{'allowed' if not policy or allows(policy, each) else 'implicitDeny'}</EvalDecision></member>"
        for each in simulated(request)
    )
    text = (
        "<SimulatePrincipalPolicyResponse><SimulatePrincipalPolicyResult><IsTruncated>false</IsTruncated>"
        f"<EvaluationResults>{results}</EvaluationResults></SimulatePrincipalPolicyResult>"
        "</SimulatePrincipalPolicyResponse>"
    )
    return Answer(200, text.encode(), (("Content-Type", "text/xml"),))

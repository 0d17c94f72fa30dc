"""Callers that may not do everything."""

from __future__ import annotations

from xml.sax.saxutils import escape

from ocpprov.sandbox.asks import asks, simulated
from ocpprov.sandbox.exchange import Answer, Request, error
from ocpprov.sandbox.manners.manner import Aws
from ocpprov.sandbox.policies import allows


class Permissions:
    """Refuses what the policy of the conditions doesn't allow, and tells what it would refuse
    (SimulatePrincipalPolicy), whoever the caller is."""

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """The refusal, with what is missing; EC2 has a code of its own for it."""
        policy = aws.conditions.policy
        missing = next((ask for ask in asks(request, aws) if not allows(policy, ask)), None) if policy else None
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


def _simulate(request: Request, aws: Aws) -> Answer:
    policy = aws.conditions.policy
    results = "".join(
        f"<member><EvalActionName>{escape(ask.action)}</EvalActionName>"
        f"<EvalResourceName>{escape(ask.resource)}</EvalResourceName>"
        f"<EvalDecision>{'allowed' if not policy or allows(policy, ask) else 'implicitDeny'}</EvalDecision></member>"
        for ask in simulated(request)
    )
    text = (
        "<SimulatePrincipalPolicyResponse><SimulatePrincipalPolicyResult><IsTruncated>false</IsTruncated>"
        f"<EvaluationResults>{results}</EvaluationResults></SimulatePrincipalPolicyResult>"
        "</SimulatePrincipalPolicyResponse>"
    )
    return Answer(200, text.encode(), (("Content-Type", "text/xml"),))

"""Targets fare as a script has it, in both APIs of load balancing; without one moto has them healthy at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import Final

from ocpprov.sandbox.exchange import Answer, Request
from ocpprov.sandbox.middleware.contract import Aws

_MEMBER: Final = re.compile(r"<member>.*?</member>", re.DOTALL)
_TARGET: Final = re.compile(r"<Target>.*?<Id>([^<]+)</Id>.*?</Target>", re.DOTALL)
_PORT: Final = re.compile(r"<Port>(\d+)</Port>")
_HEALTH: Final = re.compile(r"<TargetHealth>.*?</TargetHealth>", re.DOTALL)
_INSTANCE: Final = re.compile(r"<InstanceId>([^<]+)</InstanceId>")
_SAID: Final[Mapping[str, tuple[str, str]]] = {
    "initial": ("Elb.InitialHealthChecking", "Initial health checks in progress"),
    "unhealthy": ("Target.FailedHealthChecks", "Health checks failed"),
    "unused": ("Target.NotInUse", "Target group is not configured to receive traffic from the load balancer"),
    "draining": ("Target.DeregistrationInProgress", "Target deregistration is in progress"),
    "unavailable": ("Target.HealthCheckDisabled", "Health checks are disabled for this target group"),
}
"""Reason and description (API reference of TargetHealth)."""


class TargetHealth:
    """The state of each target that has a course."""

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """Lets everything pass."""
        return None

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """Puts the states into the answer."""
        if not answer.ok or not aws.target_states.courses:
            return answer
        match request.operation:
            case "DescribeTargetHealth":
                change = _target
            case "DescribeInstanceHealth":
                change = _instance
            case _:
                return answer
        body = _MEMBER.sub(lambda member: change(member[0], aws), answer.body.decode())
        headers = tuple(header for header in answer.headers if header[0].lower() != "content-length")
        return Answer(answer.status, body.encode(), headers)


def _target(member: str, aws: Aws) -> str:
    target = _TARGET.search(member)
    port = _PORT.search(target[0]) if target else None
    state = aws.target_states.of(target[1], port[1] if port else "", aws.now()) if target else ""
    if not state:
        return member
    reason, description = map(escape, _SAID.get(state, ("", "")))
    why = f"<Reason>{reason}</Reason><Description>{description}</Description>" if reason else ""
    return _HEALTH.sub(f"<TargetHealth><State>{state}</State>{why}</TargetHealth>", member)


def _instance(member: str, aws: Aws) -> str:
    """A classic balancer knows two states, and has no port of its own for each."""
    instance = _INSTANCE.search(member)
    state = aws.target_states.of(instance[1], "", aws.now()) if instance else ""
    if not instance or not state:
        return member
    well = state == "healthy"
    reason, description = ("N/A", "N/A") if well else ("Instance", "Instance has failed its health checks")
    return (
        f"<member><InstanceId>{instance[1]}</InstanceId><State>{'InService' if well else 'OutOfService'}</State>"
        f"<ReasonCode>{reason}</ReasonCode><Description>{description}</Description></member>"
    )

"""Target groups know by which balancers they are used."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ocpprov.sandbox.exchange import Answer, Request
from ocpprov.sandbox.middleware.contract import Aws

_VERSION = "2015-12-01"


class TargetGroups:
    """`LoadBalancerArns` has each balancer once, and none whose listeners are gone (API reference of TargetGroup).

    moto adds one with each listener, and takes it away with the whole balancer only.
    """

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """Corrects the groups before anybody looks at them, or deletes one."""
        if request.operation in ("DescribeTargetGroups", "DeleteTargetGroup") and request.get("Version") == _VERSION:
            backend = aws.elbv2(request)
            uses = set(_uses(backend))
            for group in backend.target_groups.values():
                arns = dict.fromkeys(group.load_balancer_arns)
                group.load_balancer_arns[:] = [arn for arn in arns if (arn, group.arn) in uses]
        return None

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """Unchanged."""
        return answer


def _uses(backend: Any) -> Iterator[tuple[str, str]]:
    """Pairs of a balancer's and a group's ARN."""
    for balancer in backend.load_balancers.values():
        for listener in balancer.listeners.values():
            rules = [rule.actions for rule in listener.rules.values()]
            for action in (action for actions in [listener.default_actions, *rules] for action in actions):
                forwards = action.data.get("ForwardConfig", {}).get("TargetGroups", [])
                groups = [action.data.get("TargetGroupArn"), *(row.get("TargetGroupArn") for row in forwards)]
                yield from ((balancer.arn, group) for group in groups if group)

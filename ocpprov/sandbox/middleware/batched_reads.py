"""Questions about several things at once: one that isn't there fails all of it, where moto answers about the others.

| question | trust | source |
|---|---|---|
| DescribeTags of classic balancers | seen by others | cloud-custodian/cloud-custodian#247; moto does it, too |
| DescribeTags, DescribeLoadBalancers, DescribeListeners of the second API | described | API reference, Errors |
| ListTagsForResources of Route 53 | described | API reference, Errors |

That none of the others is answered about is how the first was seen, and taken to be so of the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from ocpprov.sandbox.exchange import Answer, Request, error
from ocpprov.sandbox.middleware.contract import Aws

_NAMED_IN: Final = {
    "DescribeTags": "ResourceArns.member",
    "DescribeLoadBalancers": "LoadBalancerArns.member",
    "DescribeListeners": "ListenerArns.member",
}
_BALANCER: Final = ("LoadBalancerNotFound", "One or more load balancers not found")
_GROUP: Final = ("TargetGroupNotFound", "One or more target groups not found")
_LISTENER: Final = ("ListenerNotFound", "One or more listeners not found")


class BatchedReads:
    """Refuses the whole of a question, where one thing that it names is gone."""

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """The refusal, which names none, or one."""
        if request.operation == "ListTagsForResources" and request.service == "route53":
            zones = aws.route53(request).zones
            gone = [id for id in request.elements("ResourceIds/ResourceId") if id not in zones]
            return error(request, "NoSuchHostedZone", f"No hosted zone found with ID: {gone[0]}", 404) if gone else None
        named_in = _NAMED_IN.get(request.operation)
        if named_in is None:
            return None
        missing = next(_missing(request.values(named_in), aws.elbv2(request)), None)
        return error(request, *missing) if missing else None

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """Unchanged."""
        return answer


def _missing(arns: tuple[str, ...], backend: Any) -> Iterator[tuple[str, str]]:
    """What is said of each that isn't there."""
    listeners = {arn for balancer in backend.load_balancers.values() for arn in balancer.listeners}
    for arn in arns:
        if ":loadbalancer/" in arn and arn not in backend.load_balancers:
            yield _BALANCER
        elif ":targetgroup/" in arn and arn not in backend.target_groups:
            yield _GROUP
        elif ":listener/" in arn and arn not in listeners:
            yield _LISTENER

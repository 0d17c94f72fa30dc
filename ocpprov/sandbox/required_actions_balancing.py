"""What a caller must be allowed for a call of either API of load balancing.

Service authorization reference, and the user guide ("permissions to tag resources during creation"), which has
`elasticloadbalancing:CreateAction` for the second API; for classic balancers nothing says so, so it isn't there. What
conditions on `aws:ResourceTag` mean for a listener that is being made isn't said either: the balancer's tags are taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ocpprov.sandbox.exchange import Request
from ocpprov.sandbox.middleware.contract import Aws
from ocpprov.sandbox.policy_evaluation import RequiredAction
from ocpprov.sandbox.required_actions_ec2 import linked_role, resource_tags, tag_context

_SERVICE: Final = "elasticloadbalancing"
_LINKED: Final = "elasticloadbalancing.amazonaws.com"
_WORDS: Final = {"application": "app", "gateway": "gwy", "network": "net"}
_ARNS: Final = ("ListenerArn", "TargetGroupArn", "LoadBalancerArn")
_MEMBERS: Final = ("ResourceArns.member", "LoadBalancerNames.member")


def balancing_actions(request: Request, aws: Aws, here: Mapping[str, str]) -> Iterator[RequiredAction]:
    """The call's action, the tagging of what it makes, and with an account's first balancer the role for all."""
    action = f"{_SERVICE}:{request.operation}"
    if not request.mutating:
        yield RequiredAction(action, "*", here)
        return
    tags = tag_context(request)
    if request.operation == "CreateLoadBalancer" and not _balancers(request, aws):
        yield linked_role(request, aws, _LINKED, "AWSServiceRoleForElasticLoadBalancing")
    new = _new(request, aws)
    if new and tags:
        by = {} if request.get("LoadBalancerName") else {f"{_SERVICE}:CreateAction": request.operation}
        yield RequiredAction(f"{_SERVICE}:AddTags", new, {**here, **tags, **by})
    present = _present(request, aws)
    if new and not present:
        yield RequiredAction(action, new, {**here, **tags})
    for arn, owned in present.items():
        yield RequiredAction(action, arn, {**here, **resource_tags(owned), **tags})
    if not new and not present:
        yield RequiredAction(action, "*", here)


def _new(request: Request, aws: Aws) -> str:
    """The ARN of what the call makes, as far as it is known before; empty where it makes nothing that has one."""
    match request.operation:
        case "CreateLoadBalancer" if request.get("LoadBalancerName"):
            return aws.arn(request, _SERVICE, f"loadbalancer/{request.get('LoadBalancerName')}")
        case "CreateLoadBalancer":
            type = _WORDS[request.get("Type") or "application"]
            return aws.arn(request, _SERVICE, f"loadbalancer/{type}/{request.get('Name')}/*")
        case "CreateTargetGroup":
            return aws.arn(request, _SERVICE, f"targetgroup/{request.get('Name')}/*")
        case "CreateListener":
            return request.get("LoadBalancerArn").replace(":loadbalancer/", ":listener/", 1) + "/*"
    return ""


def _present(request: Request, aws: Aws) -> dict[str, Mapping[str, Any]]:
    """ARNs of what is there already and that the call is about, each with its tags."""
    named = [request.get(name) for name in _ARNS if request.get(name)][:1]
    if request.operation != "CreateLoadBalancer" and request.get("LoadBalancerName"):
        named.append(request.get("LoadBalancerName"))
    for members in _MEMBERS:
        named += request.values(members)
    found: dict[str, Mapping[str, Any]] = {}
    for name in named:
        if name.startswith("arn:"):
            found[name] = aws.elbv2(request).tagging_service.get_tag_dict_for_resource(name)
        else:
            classic = aws.elb(request).load_balancers.get(name)
            found[aws.arn(request, _SERVICE, f"loadbalancer/{name}")] = classic.tags if classic is not None else {}
    return found


def _balancers(request: Request, aws: Aws) -> bool:
    return bool(aws.elbv2(request).load_balancers or aws.elb(request).load_balancers)

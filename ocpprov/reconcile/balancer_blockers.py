"""What of others keeps target groups and load balancers: listeners, their rules, and endpoint services."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ocpprov.aws.errors import AwsError
from ocpprov.engine.resources import Live
from ocpprov.kinds.reads import Pages, Read, read
from ocpprov.reconcile.blocker import Blocker
from ocpprov.reconcile.context import Context

_ELSEWHERE: Final = "have it forward elsewhere"


def balancer_blockers(live: Live, context: Context) -> Iterator[Blocker]:
    """Each in words. Raises AwsError."""
    match live.type:
        case "AWS::ElasticLoadBalancingV2::TargetGroup":
            yield from _forwarders(live, context)
        case "AWS::ElasticLoadBalancingV2::LoadBalancer":
            yield from _services(live, context)


def _forwarders(group: Live, context: Context) -> Iterator[Blocker]:
    """Listeners and rules of others that forward to a group. Those of ours go before it, and with our balancers; AWS
    may list them for a while."""
    state = context.live_state
    ours = {live.id for live in state.ours_ever("AWS::ElasticLoadBalancingV2::Listener")}
    ours |= state.removed("AWS::ElasticLoadBalancingV2::Listener")
    wanted = read("elbv2", "describe_target_groups", TargetGroupArns=[group.id])
    found = Pages(context.reader.read([wanted])).items("elbv2", "describe_target_groups", "TargetGroups")
    gone = state.removed("AWS::ElasticLoadBalancingV2::LoadBalancer")
    balancers = sorted({arn for item in found for arn in item.get("LoadBalancerArns", ()) if arn not in gone})
    looks = [read("elbv2", "describe_listeners", LoadBalancerArn=arn) for arn in balancers]
    listeners = [*Pages(context.reader.read(looks)).items("elbv2", "describe_listeners", "Listeners")]
    theirs = [each for each in listeners if each["ListenerArn"] not in ours]
    for listener in theirs:
        if _forwards(listener.get("DefaultActions", ()), group.id):
            yield Blocker(f"listener {listener['ListenerArn']}, which forwards to it,", _ELSEWHERE)
    # Network balancers' listeners have no rules.
    with_rules = [each["ListenerArn"] for each in listeners if "/app/" in each["ListenerArn"]]
    for item in _told([read("elbv2", "describe_rules", ListenerArn=arn) for arn in with_rules], "Rules", context):
        if not item.get("IsDefault") and _forwards(item.get("Actions", ()), group.id):
            yield Blocker(f"rule {item['RuleArn']}, which forwards to it,", _ELSEWHERE)


def _forwards(actions: Any, group: str) -> bool:
    groups = [action.get("TargetGroupArn") for action in actions]
    groups += [
        each.get("TargetGroupArn")
        for action in actions
        for each in (action.get("ForwardConfig") or {}).get("TargetGroups", ())
    ]
    return group in groups


def _services(balancer: Live, context: Context) -> Iterator[Blocker]:
    """Endpoint services (PrivateLink) that a network balancer stands behind. There is no filter for it."""
    wanted = [read("ec2", "describe_vpc_endpoint_service_configurations")]
    for item in _told(wanted, "ServiceConfigurations", context):
        if balancer.id in item.get("NetworkLoadBalancerArns", ()):
            yield Blocker(f"endpoint service {item['ServiceId']}, which it stands behind,")


def _told(wanted: list[Read], member: str, context: Context) -> Iterator[Mapping[str, Any]]:
    """The items, as far as AWS tells them: nobody needs this permission for anything else."""
    for answer in context.reader.attempt(wanted).values() if wanted else ():
        for page in () if isinstance(answer, AwsError) else answer:
            yield from page.get(member, ())

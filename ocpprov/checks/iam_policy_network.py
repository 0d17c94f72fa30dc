"""What a policy allows in EC2 and load balancing: on what is made with the plan's tag, on what carries it, and on what
the plan names by its id."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from typing import Final

from ocpprov.checks.iam_policy_statements import Condition, Grant, equals
from ocpprov.checks.iam_policy_subject import PolicyPurpose, PolicySubject, changes, values_of
from ocpprov.checks.iam_resource_types import BACK_TO_DEFAULT, MADE, NAMED
from ocpprov.engine.ownership import PLAN, SHARED
from ocpprov.engine.resources import Resource
from ocpprov.engine.values import Value
from ocpprov.kinds.ec2.shared_tags import SharedTags

_TAGS: Final = ("ec2:CreateTags", "ec2:DeleteTags")
_ADD_TAGS: Final = "elasticloadbalancing:AddTags"
_CREATE_LISTENER: Final = "elasticloadbalancing:CreateListener"
_BALANCERS_MADE: Final = ("elasticloadbalancing:CreateLoadBalancer", "elasticloadbalancing:CreateTargetGroup")
_ID: Final = re.compile(r"(?:[a-z]+(?:-attach)?-[0-9a-f]{8,17}|ipv4pool-ec2-[0-9a-f]+)")
_CLASSIC: Final = "AWS::ElasticLoadBalancing::LoadBalancer"
_ENDPOINT: Final = "AWS::EC2::VPCEndpoint"


def network_grants(subject: PolicySubject, purpose: PolicyPurpose) -> Iterator[Grant]:
    """Everything that is in a region and has tags."""
    for resource, actions in changes(subject, purpose):
        if resource.type == SharedTags.type:
            yield from _shared_tags(subject, resource, actions)
            continue
        for action in sorted(actions):
            if action.startswith("ec2:"):
                yield from _on_network(subject, resource, action)
            elif action.startswith("elasticloadbalancing:"):
                yield from _on_balancer(subject, resource, action)
            elif action.startswith("vpce:"):
                yield Grant("ChangeInRegion", action, frozenset("*"), equals("aws:RequestedRegion", subject.region))
    yield from _tags_at_creation(subject, purpose)


def _ours(subject: PolicySubject) -> Condition:
    return equals(f"aws:ResourceTag/{PLAN}", subject.name)


def _tagged(subject: PolicySubject) -> Condition:
    return equals(f"aws:RequestTag/{PLAN}", subject.name)


def _on_network(subject: PolicySubject, resource: Resource, action: str) -> Iterator[Grant]:
    """What is made must carry the plan's tag. What it is made in or with, and whatever else is touched, carries it
    already or is named by the plan."""
    if action in MADE:
        sid = "Make" + "".join(part.title() for part in MADE[action].split("-"))
        yield Grant(sid, action, frozenset((subject.arn("ec2", f"{MADE[action]}/*"),)), _tagged(subject))
        if subject.partition.isolated and resource.type == _ENDPOINT:
            yield from _untagged(subject, action)
    if action not in MADE or any(subject.referred(value) for value in _named(resource, action)):
        yield Grant("ChangeOurs", action, frozenset((subject.arn("ec2", "*/*"),)), _ours(subject))
    if given := frozenset(_given(subject, resource, action)):
        yield Grant("ChangeGiven", action, given)
    if action in BACK_TO_DEFAULT:
        yield Grant("BackToDefault", action, frozenset((subject.arn("ec2", f"{BACK_TO_DEFAULT[action]}/*"),)))


def _untagged(subject: PolicySubject, action: str) -> Iterator[Grant]:
    """Isolated partitions may take no tags when an endpoint is made, and an endpoint has no name that could bind it."""
    for each in (action, "ec2:CreateTags"):
        yield Grant("MakeUntagged", each, frozenset((subject.arn("ec2", f"{MADE[action]}/*"),)))


def _named(resource: Resource, action: str) -> list[Value]:
    return [value for property in NAMED.get(action, {}) for value in values_of(resource, property)]


def _given(subject: PolicySubject, resource: Resource, action: str) -> Iterator[str]:
    """ARNs of what the plan names by id and doesn't make; of an id that is put together at run time, all of its type.
    A balancer is named by its ARN, a classic one by its name."""
    service = action.partition(":")[0]
    for property, type in NAMED.get(action, {}).items():
        for value in values_of(resource, property):
            if subject.referred(value):
                continue
            if not isinstance(value, str):
                yield subject.arn(service, f"{type}/*")
            elif value.startswith("arn:"):
                yield value
            elif service != "ec2" or _ID.fullmatch(value):
                yield subject.arn(service, f"{type}/{value}")


def _on_balancer(subject: PolicySubject, resource: Resource, action: str) -> Iterator[Grant]:
    all_ = frozenset((subject.arn("elasticloadbalancing", "*/*"),))
    named = frozenset(_by_name(subject, resource))
    if action in _BALANCERS_MADE:
        yield Grant("MakeBalancers", action, all_, _tagged(subject))
    elif action != _CREATE_LISTENER or any(subject.referred(value) for value in _named(resource, action)):
        yield Grant("ChangeOurBalancers", action, all_, _ours(subject))
    if given := frozenset(_given(subject, resource, action)):
        yield Grant("ChangeGiven", action, given)
    if action == _ADD_TAGS and named:
        yield Grant("TagBalancersByName", action, named)
    if subject.partition.isolated and action in (*_BALANCERS_MADE, _CREATE_LISTENER) and named:
        yield Grant("MakeUntagged", action, named)


def _by_name(subject: PolicySubject, resource: Resource) -> Iterator[str]:
    """ARNs by the names, where no tag helps: that the action which makes a classic balancer is in a condition of its
    tagging isn't documented, and isolated partitions may take tags only after the creation."""
    name = subject.name_of(resource)
    if resource.type == _CLASSIC:
        yield subject.arn("elasticloadbalancing", f"loadbalancer/{name}")
    elif subject.partition.isolated:
        match resource.type.rpartition("::")[2]:
            case "LoadBalancer":
                yield subject.arn("elasticloadbalancing", f"loadbalancer/*/{name}/*")
            case "TargetGroup":
                yield subject.arn("elasticloadbalancing", f"targetgroup/{name}/*")
            case "Listener":
                balancers = (subject.referred(value) for value in values_of(resource, "LoadBalancerArn"))
                for balancer in filter(None, balancers):
                    of = f"*/{subject.name_of(balancer)}/*"
                    yield subject.arn("elasticloadbalancing", f"loadbalancer/{of}")
                    yield subject.arn("elasticloadbalancing", f"listener/{of}")


def _tags_at_creation(subject: PolicySubject, purpose: PolicyPurpose) -> Iterator[Grant]:
    """Tags are put on what is being made; what that was is in the request."""
    made = {action for _, actions in changes(subject, purpose) for action in actions}
    for service, tagging, making in (
        ("ec2", _TAGS[0], tuple(MADE)),
        ("elasticloadbalancing", _ADD_TAGS, (*_BALANCERS_MADE, _CREATE_LISTENER)),
    ):
        by = tuple(sorted(each.partition(":")[2] for each in made & set(making)))
        if by and tagging in made:
            yield Grant(
                f"TagAtCreation{'' if service == 'ec2' else 'OfBalancers'}",
                tagging,
                frozenset((subject.arn(service, "*/*"),)),
                equals(f"{service}:CreateAction", *by),
            )


def _shared_tags(subject: PolicySubject, resource: Resource, actions: Set[str]) -> Iterator[Grant]:
    """On what is somebody else's only the keys that the plan puts there, so that nobody makes it look like ours. A call
    without any key, which would take all tags away, doesn't fit."""
    keys = [tag["Key"] for tag in values_of(resource, "Tags") if isinstance(tag, Mapping)]
    condition: Condition = (
        ("ForAllValues:StringEquals", "aws:TagKeys", (*sorted(map(str, keys)), SHARED + subject.name)),
        ("Null", "aws:TagKeys", ("false",)),
    )
    for id in values_of(resource, "ResourceId"):
        if isinstance(id, str) and id.startswith(("vpc-", "subnet-")):
            arn = subject.arn("ec2", f"{'vpc' if id.startswith('vpc-') else 'subnet'}/{id}")
            for action in sorted(actions & set(_TAGS)):
                yield Grant("TagShared", action, frozenset((arn,)), condition)

"""Types that only ocpprov has, in CloudFormation's words: folded into the resource that they belong to there, or left
out, with what to do by hand instead."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from ocpprov.engine.resources import Resource
from ocpprov.engine.suggestion import command_line
from ocpprov.engine.values import Ref, Value, to_json
from ocpprov.plan.template import INTERNAL

_ROLE_POLICY: Final = "Ocpprov::IAM::RolePolicy"


@dataclass(frozen=True)
class FoldedResources:
    """Resources of CloudFormation's own types by logical id. `left_out` says what to do about each that isn't in them,
    `instead` is what stands for a resource that is gone: what it was folded into, or what it waited for."""

    resources: Mapping[str, Resource]
    left_out: Mapping[str, str]
    instead: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class _Inside:
    """Where CloudFormation writes one: the property of ours that refers to the whole, the whole's type and its list,
    and what stands in that."""

    refers: str
    whole: str
    list: str
    item: Callable[[Mapping[str, Value]], Value]


def _target(properties: Mapping[str, Value]) -> Value:
    return {name: properties[name] for name in ("Id", "Port", "AvailabilityZone") if name in properties}


_INSIDE: Final[Mapping[str, _Inside]] = {
    "Ocpprov::ElasticLoadBalancingV2::Target": _Inside(
        "TargetGroupArn", "AWS::ElasticLoadBalancingV2::TargetGroup", "Targets", _target
    ),
    "Ocpprov::ElasticLoadBalancing::Instance": _Inside(
        "LoadBalancerName",
        "AWS::ElasticLoadBalancing::LoadBalancer",
        "Instances",
        lambda properties: properties["InstanceId"],
    ),
    "Ocpprov::IAM::RolePolicyAttachment": _Inside(
        "RoleName", "AWS::IAM::Role", "ManagedPolicyArns", lambda properties: properties["PolicyArn"]
    ),
}


def folded(resources: Mapping[str, Resource]) -> FoldedResources:
    """The resources without types of ours, each one's wait for such a one replaced."""
    own: dict[str, Resource] = {}
    parts: dict[str, tuple[str, Resource]] = {}
    left_out: dict[str, str] = {}
    for name, resource in resources.items():
        if not resource.type.startswith(INTERNAL):
            own[name] = resource
        elif resource.type == _ROLE_POLICY:
            own[name] = replace(resource, type=f"AWS::{resource.type.removeprefix(INTERNAL)}")
        elif whole := _whole(resource, resources):
            parts[name] = (whole, resource)
        else:
            left_out[name] = _by_hand(resource)
    for whole, part in parts.values():
        own[whole] = _with(own[whole], part)
    waited: dict[str, tuple[str, ...]] = {name: (whole,) for name, (whole, _) in parts.items()}
    waited |= {name: resources[name].depends_on for name in left_out}
    ready = {name: _waiting_instead(resource, waited) for name, resource in own.items()}
    return FoldedResources(ready, left_out, waited)


def _whole(resource: Resource, resources: Mapping[str, Resource]) -> str:
    """The logical id of what it stands in, empty where that isn't the plan's."""
    inside = _INSIDE.get(resource.type)
    whole = resource.properties.get(inside.refers) if inside else None
    if inside is None or not isinstance(whole, Ref) or resources[whole.logical_id].type != inside.whole:
        return ""
    return whole.logical_id


def _with(whole: Resource, part: Resource) -> Resource:
    inside = _INSIDE[part.type]
    present = whole.properties.get(inside.list)
    items = list(present) if isinstance(present, list | tuple) else []
    waits = tuple(each for each in part.depends_on if each not in (whole.logical_id, *whole.depends_on))
    properties = {**whole.properties, inside.list: [*items, inside.item(part.properties)]}
    return replace(whole, properties=properties, depends_on=(*whole.depends_on, *waits))


def _waiting_instead(resource: Resource, instead: Mapping[str, tuple[str, ...]]) -> Resource:
    """With other resources to wait for in place of those that are gone."""
    waits = dict.fromkeys(each for name in resource.depends_on for each in _standing(name, instead))
    return replace(resource, depends_on=tuple(each for each in waits if each != resource.logical_id))


def _standing(name: str, instead: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    if name not in instead:
        yield name
        return
    for each in instead[name]:
        yield from _standing(each, instead)


def _by_hand(resource: Resource) -> str:
    """What does the same, once the stack is there. Words in capitals stand for what only AWS knows."""
    given = resource.properties
    words: tuple[str, ...]
    match resource.type:
        case "Ocpprov::EC2::SharedTags":
            tags = json.dumps(to_json(given["Tags"]))
            words = ("ec2", "create-tags", "--resources", _word(given["ResourceId"]), "--tags", tags)
        case "Ocpprov::S3::Object":
            to = f"s3://{_word(given['Bucket'])}/{_word(given['Key'])}"
            words = ("s3", "cp", _word(given["Source"]), to)
        case "Ocpprov::ElasticLoadBalancingV2::Target":
            group, target = _word(given["TargetGroupArn"]), json.dumps([to_json(_target(given))])
            words = ("elbv2", "register-targets", "--target-group-arn", group, "--targets", target)
        case "Ocpprov::ElasticLoadBalancing::Instance":
            balancer, instance = _word(given["LoadBalancerName"]), _word(given["InstanceId"])
            words = ("elb", "register-instances-with-load-balancer", "--load-balancer-name", balancer)
            words = (*words, "--instances", instance)
        case "Ocpprov::IAM::RolePolicyAttachment":
            role, policy = _word(given["RoleName"]), _word(given["PolicyArn"])
            words = ("iam", "attach-role-policy", "--role-name", role, "--policy-arn", policy)
        case _:
            raise LookupError(f"nothing does by hand what {resource.type} is")
    return command_line("aws", *words)


def _word(value: Value) -> str:
    """A value in a command; what a resource will turn out to be, by its logical id in capitals."""
    match value:
        case str():
            return value
        case Ref(logical_id=name):
            return name.upper()
        case _:
            return json.dumps(to_json(value))

"""Classic balancers: fifty tags instead of moto's ten, the zone for aliases, and what they hold."""

from __future__ import annotations

import re
from typing import Any

from ocpprov.sandbox.exchange import Answer, Request, error
from ocpprov.sandbox.middleware.contract import Aws

_VERSION = "2012-06-01"
_MOST_TAGS = 50
_ZONE = "Z32O12XQLNTSW2"
_TAG_KEY = re.compile(r"Tags\.member\.(\d+)\.Key")


class ClassicBalancers:
    """Tags are kept past moto, which refuses the eleventh. Without groups a balancer is in its VPC's own."""

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """The refusal, or the answer to a call with tags, which moto gets without them."""
        if request.service == "ec2":
            return _still_used(request, aws)
        if not _is_classic(request) or request.operation not in ("CreateLoadBalancer", "AddTags"):
            return None
        balancers = aws.elb(request).load_balancers
        tags = _tags(request)
        names = request.values("LoadBalancerNames.member") or (request.get("LoadBalancerName"),)
        present = [set(balancers[name].tags) for name in names if name in balancers]
        if any(len(keys | tags.keys()) > _MOST_TAGS for keys in (set(), *present)):
            return error(request, "TooManyTags", f"A load balancer can have at most {_MOST_TAGS} tags")
        rest = {key: value for key, value in request.parameters.items() if not key.startswith("Tags.")}
        answer = aws.execute(request.with_form({"Action": request.operation, **rest, **_default_group(request, aws)}))
        if answer.ok:
            for name in names:
                balancers[name].tags.update(tags)
                balancers[name].canonical_hosted_zone_name_id = _ZONE
        return answer

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """Unchanged."""
        return answer


def _is_classic(request: Request) -> bool:
    return request.service == "elasticloadbalancing" and request.get("Version") == _VERSION


def _tags(request: Request) -> dict[str, str]:
    numbers = [match[1] for key in request.parameters if (match := _TAG_KEY.fullmatch(key))]
    return {request.get(f"Tags.member.{number}.Key"): request.get(f"Tags.member.{number}.Value") for number in numbers}


def _default_group(request: Request, aws: Aws) -> dict[str, str]:
    """The VPC's own group for a balancer that is given none; moto makes one that nobody takes away again."""
    subnet = request.get("Subnets.member.1")
    if request.operation != "CreateLoadBalancer" or not subnet or request.get("SecurityGroups.member.1"):
        return {}
    backend = aws.ec2(request)
    groups = backend.groups[backend.get_subnet(subnet).vpc_id].values()
    return {"SecurityGroups.member.1": next(group.id for group in groups if group.name == "default")}


def _still_used(request: Request, aws: Aws) -> Answer | None:
    if request.operation not in ("DeleteSubnet", "DeleteSecurityGroup"):
        return None
    balancers: list[Any] = list(aws.elb(request).load_balancers.values())
    subnet, group = request.get("SubnetId"), request.get("GroupId")
    if subnet and any(subnet in balancer.subnets for balancer in balancers):
        return error(request, "DependencyViolation", f"The subnet '{subnet}' has dependencies and cannot be deleted.")
    if group and any(group in balancer.security_groups for balancer in balancers):
        return error(request, "DependencyViolation", f"resource {group} has a dependent object")
    return None

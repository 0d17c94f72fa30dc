"""Balancers of the second API: names that clash, states that take time, and subnets that are let go of late."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from ocpprov.sandbox.delays import Delays
from ocpprov.sandbox.exchange import Answer, Request, error
from ocpprov.sandbox.middleware.contract import Aws

_VERSION = "2015-12-01"
_LONGEST_NAME = 32
_MOST_TAGS = 50
_TAG_KEY = re.compile(r"Tags\.member\.(\d+)\.Key")
_CREATED = re.compile(rb"<LoadBalancerArn>([^<]+)<")
_FAILED = re.compile(
    rb"<LoadBalancerArn>([^<]+)</LoadBalancerArn>(?:(?!<LoadBalancerArn>).)*?<Code>failed</Code>", re.DOTALL
)
# moto's names of a target group's settings, by the API's.
_GROUP_SETTINGS: Mapping[str, str] = {
    "Protocol": "protocol",
    "Port": "port",
    "VpcId": "vpc_id",
    "TargetType": "target_type",
    "HealthCheckProtocol": "health_check_protocol",
    "HealthCheckPort": "health_check_port",
    "HealthCheckPath": "health_check_path",
    "HealthCheckIntervalSeconds": "health_check_interval_seconds",
    "HealthCheckTimeoutSeconds": "health_check_timeout_seconds",
    "HealthyThresholdCount": "healthy_threshold_count",
    "UnhealthyThresholdCount": "unhealthy_threshold_count",
}


@dataclass(frozen=True)
class _Hold:
    """What the interfaces of a deleted balancer still hold, and until when."""

    until: float
    subnets: frozenset[str]
    groups: frozenset[str]
    interfaces: frozenset[str] = frozenset()


class LoadBalancers:
    """A balancer is `provisioning`, then `active` or `failed`. Its interfaces outlive it for a while.

    To make one again with the same name and settings gives the one that is there; with others it is refused.
    """

    def __init__(self, delays: Delays) -> None:
        self._provisioning = delays.load_balancer
        self._deleting = delays.load_balancer_deletion
        self._active_at: dict[str, float] = {}
        self._failing: dict[str, tuple[str, str]] = {}
        self._held: list[_Hold] = []

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """What moto would do wrong; states are brought up to now."""
        if request.service == "ec2":
            return self._still_used(request, aws)
        if not _is_ours(request):
            return None
        backend = aws.elbv2(request)
        self._settle(backend, aws.now())
        match request.operation:
            case "CreateLoadBalancer":
                return _name_trouble(request) or _same_balancer(request, backend, aws)
            case "CreateTargetGroup":
                return _same_group(request, backend, aws)
            case "CreateListener":
                return _same_listener(request, backend, aws)
            case "AddTags":
                return _fifty_tags(request, backend)
            case "SetSubnets":
                return _one_zone(request, backend)
            case "DeleteLoadBalancer":
                return self._delete(request, backend, aws)
            case _:
                return None

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """Starts the delay of a new one; moto says `provisioning` already."""
        if answer.ok and _is_ours(request) and request.operation == "CreateLoadBalancer":
            for balancer in aws.elbv2(request).load_balancers.values():
                if balancer.name == request.get("Name") and balancer.arn not in self._active_at:
                    self._active_at[balancer.arn] = aws.now() + self._provisioning
                    # moto makes a balancer active when somebody looks at it.
                    balancer.activate = _not_yet
        if answer.ok and _is_ours(request) and request.operation == "DescribeLoadBalancers":
            return self._with_reasons(answer)
        return answer

    def fail(self, answer: Answer, reason: tuple[str, str]) -> None:
        """The balancer of the answer won't become active."""
        match = _CREATED.search(answer.body)
        if match is not None:
            self._failing[match[1].decode()] = reason

    def _with_reasons(self, answer: Answer) -> Answer:
        def explain(match: re.Match[bytes]) -> bytes:
            code, message = self._failing.get(match[1].decode(), ("", ""))
            return match[0] + f"<Reason>{escape(f'{code}: {message}')}</Reason>".encode() if code else match[0]

        headers = tuple(header for header in answer.headers if header[0].lower() != "content-length")
        return Answer(answer.status, _FAILED.sub(explain, answer.body), headers)

    def _settle(self, backend: Any, now: float) -> None:
        for balancer in backend.load_balancers.values():
            if self._active_at.get(balancer.arn, 0.0) <= now:
                balancer.state = "failed" if balancer.arn in self._failing else "active"

    def _delete(self, request: Request, backend: Any, aws: Aws) -> Answer | None:
        balancer = backend.load_balancers.get(request.get("LoadBalancerArn"))
        if balancer is None:
            return None
        if balancer.attrs.get("deletion_protection.enabled") == "true":
            message = f"Load balancer '{balancer.arn}' cannot be deleted because deletion protection is enabled"
            return error(request, "OperationNotPermitted", message)
        if self._deleting > 0:
            subnets = frozenset(subnet.id for subnet in balancer.subnets)
            groups = frozenset(balancer.security_groups or ())
            interfaces = frozenset(_leave_interfaces(balancer, groups, aws.ec2(request)))
            self._held.append(_Hold(aws.now() + self._deleting, subnets, groups, interfaces))
        return None

    def _still_used(self, request: Request, aws: Aws) -> Answer | None:
        for hold in self._held:
            for interface in hold.interfaces if hold.until <= aws.now() else ():
                aws.ec2(request).enis.pop(interface, None)
        self._held = [hold for hold in self._held if hold.until > aws.now()]
        if request.operation not in ("DeleteSubnet", "DeleteSecurityGroup"):
            return None
        subnet, group = request.get("SubnetId"), request.get("GroupId")
        balancers = list(aws.elbv2(request).load_balancers.values())
        in_subnet = any(each.id == subnet for balancer in balancers for each in balancer.subnets)
        if subnet and (in_subnet or any(subnet in hold.subnets for hold in self._held)):
            message = f"The subnet '{subnet}' has dependencies and cannot be deleted."
            return error(request, "DependencyViolation", message)
        in_group = any(group in (balancer.security_groups or ()) for balancer in balancers)
        if group and (in_group or any(group in hold.groups for hold in self._held)):
            return error(request, "DependencyViolation", f"resource {group} has a dependent object")
        return None


def _leave_interfaces(balancer: Any, groups: frozenset[str], backend: Any) -> Iterator[str]:
    """The ids of those that a deleted balancer leaves behind for a while, one in each subnet. While it is there moto
    lists none."""
    name = balancer.arn.partition(":loadbalancer/")[2]
    for subnet in balancer.subnets:
        interface = backend.create_network_interface(subnet.id, "", description=f"ELB {name}")
        interface._group_set = [backend.get_security_group_from_id(group) for group in groups]
        interface.requester_managed, interface.requester_id = True, "amazon-elb"
        interface.interface_type, interface.status = "network_load_balancer", "in-use"
        yield interface.id


def _not_yet() -> None:
    """Takes the place of moto's own step to `active`."""


def _is_ours(request: Request) -> bool:
    return request.service == "elasticloadbalancing" and request.get("Version") == _VERSION


def _name_trouble(request: Request) -> Answer | None:
    name = request.get("Name")
    if len(name) > _LONGEST_NAME:
        message = f"The load balancer name '{name}' cannot be longer than '{_LONGEST_NAME}' characters"
        return error(request, "ValidationError", message)
    return None


def _same_balancer(request: Request, backend: Any, aws: Aws) -> Answer | None:
    name = request.get("Name")
    balancer = next((each for each in backend.load_balancers.values() if each.name == name), None)
    if balancer is None:
        return None
    settings = {
        "Type": balancer.type,
        "Scheme": balancer.scheme or "internet-facing",
        "IpAddressType": balancer.ip_address_type,
    }
    same = all(request.get(key) in ("", value) for key, value in settings.items())
    same_subnets = set(_subnets(request)) == {subnet.id for subnet in balancer.subnets}
    same_groups = set(request.values("SecurityGroups.member")) == set(balancer.security_groups or ())
    if not (same and same_subnets and same_groups):
        message = f"A load balancer with the same name '{name}' exists, but with different settings"
        return error(request, "DuplicateLoadBalancerName", message)
    return _described(request, aws, "DescribeLoadBalancers", {"LoadBalancerArns.member.1": balancer.arn})


def _subnets(request: Request) -> Iterator[str]:
    yield from request.values("Subnets.member")
    for key, value in request.parameters.items():
        if key.startswith("SubnetMappings.member.") and key.endswith(".SubnetId"):
            yield value


def _fifty_tags(request: Request, backend: Any) -> Answer | None:
    """Puts the tags there before moto, which refuses the eleventh; it takes those that are there already."""
    numbers = [match[1] for key in request.parameters if (match := _TAG_KEY.fullmatch(key))]
    rows = [{part: request.get(f"Tags.member.{number}.{part}") for part in ("Key", "Value")} for number in numbers]
    tagging = backend.tagging_service
    known = [arn for arn in request.values("ResourceArns.member") if tagging.has_tags(arn)]
    present = [tagging.get_tag_dict_for_resource(arn).keys() | {row["Key"] for row in rows} for arn in known]
    if any(len(keys) > _MOST_TAGS for keys in present):
        return error(request, "TooManyTags", f"A resource can have at most {_MOST_TAGS} tags")
    for arn in known:
        tagging.tag_resource(arn, rows)
    return None


def _same_group(request: Request, backend: Any, aws: Aws) -> Answer | None:
    name = request.get("Name")
    group = next((each for each in backend.target_groups.values() if each.name == name), None)
    if group is None:
        return None
    settings = {key: str(getattr(group, attribute)) for key, attribute in _GROUP_SETTINGS.items()}
    if any(request.get(key) not in ("", value) for key, value in settings.items()):
        message = f"A target group with the same name '{name}' exists, but with different settings"
        return error(request, "DuplicateTargetGroupName", message)
    return _described(request, aws, "DescribeTargetGroups", {"TargetGroupArns.member.1": group.arn})


def _same_listener(request: Request, backend: Any, aws: Aws) -> Answer | None:
    balancer = backend.load_balancers.get(request.get("LoadBalancerArn"))
    port = request.get("Port")
    listeners = balancer.listeners.values() if balancer is not None else ()
    listener = next((each for each in listeners if str(each.port) == port), None)
    if listener is None:
        return None
    groups = [action.data.get("TargetGroupArn") for action in listener.default_actions]
    if (
        listener.protocol != request.get("Protocol")
        or request.get("DefaultActions.member.1.TargetGroupArn") not in groups
    ):
        message = f"A listener already exists on this port for this load balancer '{balancer.arn}'"
        return error(request, "DuplicateListener", message)
    return _described(request, aws, "DescribeListeners", {"ListenerArns.member.1": listener.arn})


def _one_zone(request: Request, backend: Any) -> Answer | None:
    """moto wants two zones, which AWS only does of application balancers."""
    balancer = backend.load_balancers.get(request.get("LoadBalancerArn"))
    subnets = list(_subnets(request))
    if balancer is None or balancer.type != "network" or len(subnets) != 1:
        return None
    balancer.subnets = [backend.ec2_backend.get_subnet(subnets[0])]
    body = "<SetSubnetsResponse><SetSubnetsResult><AvailabilityZones/></SetSubnetsResult></SetSubnetsResponse>"
    return Answer(200, body.encode(), (("Content-Type", "text/xml"),))


def _described(request: Request, aws: Aws, operation: str, wanted: Mapping[str, str]) -> Answer:
    """What is there, in the shape of an answer to the create call: the same members under another name."""
    answer = aws.execute(request.with_form({"Action": operation, "Version": _VERSION, **wanted}))
    body = answer.body.replace(operation.encode(), request.operation.encode())
    headers = tuple(header for header in answer.headers if header[0].lower() != "content-length")
    return Answer(answer.status, body, headers)

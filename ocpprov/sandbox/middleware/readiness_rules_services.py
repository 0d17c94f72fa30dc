"""How the rows of the readiness table are told from calls of load balancing, Route 53, IAM and S3."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final
from urllib.parse import unquote

from ocpprov.sandbox import readiness_table as table
from ocpprov.sandbox.exchange import Answer, Request
from ocpprov.sandbox.middleware.contract import Aws
from ocpprov.sandbox.middleware.readiness import AfterChange, AfterMaking, Rule, Use, WhileState, Words
from ocpprov.sandbox.middleware.readiness_rules import internet_gateways_of, vpc_of_subnet
from ocpprov.sandbox.operations import parse_xml

_VERSION: Final = "2015-12-01"
_DNS_NAME: Final = re.compile(rb"<DNSName>([^<]+)<")
_BALANCER: Final = re.compile(rb"<LoadBalancerArn>([^<]+)<")
_GROUP: Final = re.compile(rb"<TargetGroupArn>([^<]+)<")
_VPC: Final = re.compile(rb"<vpcId>(vpc-\w+)<")
_ROLE: Final = re.compile(r":role/(?:[\x21-\x7e]*?/)?([\w+=,.@-]+)(?=[\"'\\&<\s]|$)")


def service_rules() -> Sequence[Rule]:
    """Of balancers, their listeners and target groups, of records and zones, roles and profiles, and buckets."""
    return (
        WhileState(table.BALANCER_WITHOUT_GATEWAY, _no_gateway),
        AfterChange(table.BALANCER_WITHOUT_GATEWAY, _vpc_of_gateway, _internet_facing),
        AfterMaking(table.ALIAS_TO_BALANCER, _made_balancer(_DNS_NAME), _aliases),
        AfterMaking(table.LISTENER_OF_BALANCER, _made_balancer(_BALANCER), _balancer_of_listener),
        AfterMaking(table.LISTENER_TO_GROUP, _made_group, _target_groups),
        AfterMaking(table.GROUP_IN_NEW_VPC, _made_vpc, _vpc_of_group),
        AfterChange(table.TARGET_GROUP_IN_USE, _groups_let_go, _deleted_group),
        AfterMaking(table.PRIVATE_ZONE, _made_vpc, _vpc_of_zone),
        AfterMaking(table.NEW_ROLE, _made_role, _role),
        AfterMaking(table.NEW_PRINCIPAL, _made_role, _principals_of_trust),
        AfterMaking(table.NEW_PRINCIPAL_OF_BUCKET, _made_role, _principals_of_bucket),
        AfterMaking(table.NEW_PROFILE, _made_profile, _profile),
        AfterChange(table.BUCKET_NAME, _deleted_bucket, _bucket),
    )


def _balances(request: Request) -> bool:
    return request.service == "elasticloadbalancing" and request.get("Version") == _VERSION


def _no_gateway(request: Request, aws: Aws) -> Iterator[Words]:
    for use in _internet_facing(request, aws):
        if not internet_gateways_of(aws.ec2(request), use.key):
            yield use.words


def _internet_facing(request: Request, aws: Aws) -> Iterator[Use]:
    """Balancers of both APIs; a scheme that isn't given is this one."""
    if request.get("Scheme") == "internal":
        return
    subnets = {value for value in request.parameters.values() if value.startswith("subnet-")}
    for vpc in sorted({vpc_of_subnet(aws.ec2(request), subnet) for subnet in subnets} - {""}):
        yield Use(vpc, {"vpc": vpc})


def _vpc_of_gateway(request: Request, aws: Aws) -> Iterator[str]:
    if request.operation == "AttachInternetGateway":
        yield request.get("VpcId")


def _made_balancer(pattern: re.Pattern[bytes]) -> Callable[[Request, Answer, Aws], Iterable[str]]:
    """By what the pattern finds of it, where it was made by this call and not by an earlier one."""

    def made(request: Request, answer: Answer, aws: Aws) -> Iterator[str]:
        if _balances(request) and request.operation == "CreateLoadBalancer":
            [arn] = [found.decode() for found in _BALANCER.findall(answer.body)[:1]] or [""]
            balancer = aws.elbv2(request).load_balancers.get(arn)
            if balancer is not None and balancer.state == "provisioning":
                yield from (found.decode().lower() for found in pattern.findall(answer.body))

    return made


def _aliases(request: Request, aws: Aws) -> Iterator[Use]:
    """Each alias that a change of records makes, by the name that it points to."""
    for change in parse_xml(request.body).iterfind(".//{*}Change"):
        target = change.findtext("{*}ResourceRecordSet/{*}AliasTarget/{*}DNSName")
        if target and change.findtext("{*}Action") != "DELETE":
            name = target.rstrip(".").lower()
            type_ = change.findtext("{*}ResourceRecordSet/{*}Type") or ""
            zone = change.findtext("{*}ResourceRecordSet/{*}AliasTarget/{*}HostedZoneId") or ""
            yield Use(name, {"name": name, "type": type_, "zone": zone})


def _balancer_of_listener(request: Request, aws: Aws) -> Iterator[Use]:
    if _balances(request):
        arn = request.get("LoadBalancerArn")
        yield Use(arn.lower(), {"balancer": arn})


def _made_group(request: Request, answer: Answer, aws: Aws) -> Iterator[str]:
    if request.operation == "CreateTargetGroup":
        yield from (found.decode() for found in _GROUP.findall(answer.body))


def _target_groups(request: Request, aws: Aws) -> Iterator[Use]:
    for value in request.parameters.values():
        if ":targetgroup/" in value:
            yield Use(value, {"group": value})


def _made_vpc(request: Request, answer: Answer, aws: Aws) -> Iterator[str]:
    if request.operation == "CreateVpc":
        yield from (found.decode() for found in _VPC.findall(answer.body))


def _vpc_of_group(request: Request, aws: Aws) -> Iterator[Use]:
    yield Use(request.get("VpcId"), {"vpc": request.get("VpcId")})


def _vpc_of_zone(request: Request, aws: Aws) -> Iterator[Use]:
    yield Use(request.get("VPC/VPCId"), {})


def _groups_let_go(request: Request, aws: Aws) -> Iterator[str]:
    """The target groups that a listener or a whole balancer forwards to, which is about to go."""
    if not _balances(request) or request.operation not in ("DeleteListener", "DeleteLoadBalancer"):
        return
    for balancer in aws.elbv2(request).load_balancers.values():
        for listener in balancer.listeners.values():
            if listener.arn == request.get("ListenerArn") or balancer.arn == request.get("LoadBalancerArn"):
                yield from (str(group) for action in listener.default_actions for group in _forwarded(action))


def _forwarded(action: Any) -> Iterator[str]:
    rows = action.data.get("ForwardConfig", {}).get("TargetGroups", [])
    for group in (action.data.get("TargetGroupArn"), *(row.get("TargetGroupArn") for row in rows)):
        if group:
            yield group


def _deleted_group(request: Request, aws: Aws) -> Iterator[Use]:
    yield Use(request.get("TargetGroupArn"), {"group": request.get("TargetGroupArn")})


def _made_role(request: Request, answer: Answer, aws: Aws) -> Iterator[str]:
    if request.operation == "CreateRole":
        yield request.get("RoleName")


def _role(request: Request, aws: Aws) -> Iterator[Use]:
    yield Use(request.get("RoleName"), {"role": request.get("RoleName")})


def _principals_of_trust(request: Request, aws: Aws) -> Iterator[Use]:
    text = unquote(request.get("AssumeRolePolicyDocument") or request.get("PolicyDocument"))
    yield from _roles_in(text)


def _principals_of_bucket(request: Request, aws: Aws) -> Iterator[Use]:
    yield from _roles_in(request.body.decode(errors="replace"))


def _roles_in(text: str) -> Iterator[Use]:
    for found in _ROLE.finditer(text):
        yield Use(found[1], {"role": found[0].removeprefix(":")})


def _made_profile(request: Request, answer: Answer, aws: Aws) -> Iterator[str]:
    if request.operation == "CreateInstanceProfile":
        yield request.get("InstanceProfileName")


def _profile(request: Request, aws: Aws) -> Iterator[Use]:
    for name in (request.get("IamInstanceProfile.Name"), request.get("IamInstanceProfile.Arn").rpartition("/")[2]):
        if name:
            yield Use(name, {"profile": name})


def _deleted_bucket(request: Request, aws: Aws) -> Iterator[str]:
    if request.operation == "DeleteBucket":
        yield request.get("Bucket")


def _bucket(request: Request, aws: Aws) -> Iterator[Use]:
    yield Use(request.get("Bucket"), {})

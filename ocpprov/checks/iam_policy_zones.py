"""What a policy allows in Route 53: zones by their ids where the plan names them, records by their names.

Zones have no tags that a policy could ask about, and the id of one that is yet to be made isn't known (service
authorization reference).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from ocpprov.checks.iam_policy_statements import Condition, Grant
from ocpprov.checks.iam_policy_subject import PolicyPurpose, PolicySubject, changes, values_of
from ocpprov.engine.resources import Resource
from ocpprov.engine.values import Value
from ocpprov.openshift.aws_facts import UNKNOWN_ZONE

_ZONE: Final = "AWS::Route53::HostedZone"
_ENDPOINT: Final = "AWS::EC2::VPCEndpoint"
_CREATE: Final = "route53:CreateHostedZone"
_RECORDS: Final = "route53:ChangeResourceRecordSets"
_ASSOCIATIONS: Final = ("route53:AssociateVPCWithHostedZone", "route53:DisassociateVPCFromHostedZone")
_NAMES: Final = "route53:ChangeResourceRecordSetsNormalizedRecordNames"
_PLAIN: Final = re.compile(r"[a-z0-9_.-]")


def zone_grants(subject: PolicySubject, purpose: PolicyPurpose) -> Iterator[Grant]:
    """Zones and records. Zones of other accounts are read and written as their roles."""
    for role in sorted(set(subject.zone_roles.values())):
        yield Grant("TakeZoneRole", "sts:AssumeRole", frozenset((role,)))
    names: dict[str, set[str]] = {}
    for resource, actions in changes(subject, purpose):
        for action in sorted(each for each in actions if each.startswith("route53:")):
            if action == _CREATE:
                yield Grant("MakeZone", action, frozenset("*"), _vpcs(subject))
            elif action == _RECORDS:
                for zone, patterns in _records(subject, resource):
                    names.setdefault(zone, set()).update(patterns)
            else:
                condition = _condition(subject, resource, action)
                yield Grant("ChangeZone", action, frozenset((subject.arn("route53", "hostedzone/*"),)), condition)
    for arn, all_ in names.items():
        condition = (("ForAllValues:StringLike", _NAMES, tuple(sorted(all_))),)
        yield Grant("ChangeRecords", _RECORDS, frozenset((arn,)), condition)


def _condition(subject: PolicySubject, resource: Resource, action: str) -> Condition:
    """The VPCs that an action is bound to. An endpoint associates its own with a zone of AWS's, for the service's
    names."""
    if resource.type == _ENDPOINT:
        vpc = resource.properties.get("VpcId")
        given = f"VPCId={vpc},VPCRegion={subject.region}"
        return (("ForAllValues:StringEquals", "route53:VPCs", (given,)),) if isinstance(vpc, str) else ()
    return _vpcs(subject) if action in _ASSOCIATIONS else ()


def _vpcs(subject: PolicySubject) -> Condition:
    """The VPCs that the plan names, where it names all that see its zones."""
    vpcs = [vpc for one in subject.all_resources.values() if one.type == _ZONE for vpc in values_of(one, "VPCs")]
    texts = {
        f"VPCId={vpc['VPCId']},VPCRegion={vpc['VPCRegion']}"
        for vpc in vpcs
        if isinstance(vpc, Mapping) and isinstance(vpc.get("VPCId"), str) and isinstance(vpc.get("VPCRegion"), str)
    }
    if not vpcs or len(texts) < len({str(vpc) for vpc in vpcs}):
        return ()
    return (("ForAllValues:StringEquals", "route53:VPCs", tuple(sorted(texts))),)


def _records(subject: PolicySubject, record: Resource) -> Iterator[tuple[str, Sequence[str]]]:
    """The zone's ARN and the names: in a zone of the plan's own every name that it can have, in somebody else's those
    that the plan gives."""
    for value in values_of(record, "HostedZoneId"):
        own = subject.referred(value)
        if own:
            domain = own.properties.get("Name")
            names = _below(domain) if isinstance(domain, str) else ("*",)
        else:
            names = tuple(map(_pattern, _names_of(record)))
        if value in subject.zone_roles:
            continue
        known = isinstance(value, str) and value != UNKNOWN_ZONE
        yield subject.arn("route53", f"hostedzone/{value if known else '*'}"), names


def _names_of(record: Resource) -> Iterator[Value]:
    """Of a record, or of a group of them."""
    yield from values_of(record, "Name")
    for each in values_of(record, "RecordSets"):
        if isinstance(each, Mapping):
            yield each.get("Name")


def _below(domain: str) -> tuple[str, ...]:
    name = _normalised(domain)
    return (name, f"*.{name}")


def _pattern(name: Value) -> str:
    return _normalised(name) if isinstance(name, str) else "*"


def _normalised(name: str) -> str:
    r"""A name as Route 53 has it in conditions: small letters, no dot at the end, `\052` for `*` (its developer guide,
    conditions for record sets)."""
    return "".join(
        letter if _PLAIN.fullmatch(letter) else f"\\{ord(letter):03o}" for letter in name.rstrip(".").lower()
    )

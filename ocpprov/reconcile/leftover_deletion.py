"""Deleting what a cluster has left in the account, each thing by itself: what can't be deleted is told, and the others
go.

Nothing of it is journalled or a step of the plan: after a run that ended in the middle the next one finds the rest by
the cluster's tags.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import Any, Final

from ocpprov.aws.clients import Clients
from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError, classify, is_aws_error
from ocpprov.aws.retry import DELETES, Retry, call
from ocpprov.engine.protocols import Clock
from ocpprov.engine.resources import Live
from ocpprov.kinds.registry import KINDS

_OBJECTS_AT_ONCE: Final = 1000
"""The most that one DeleteObjects takes."""


class LeftoverType(Enum):
    """What is left, in the order in which it can be deleted."""

    RECORD = "record"
    CLASSIC_BALANCER = "classic load balancer"
    BALANCER = "load balancer"
    TARGET_GROUP = "target group"
    INTERFACE = "network interface"
    SECURITY_GROUP = "security group"
    VOLUME = "volume"
    BUCKET = "bucket"


@dataclass(frozen=True)
class Leftover:
    """One thing that the cluster made. `detail` is what a request to delete it needs besides its id."""

    type: LeftoverType
    id: str
    name: str = ""
    detail: Any = None

    def __str__(self) -> str:
        return f"{self.type.value} {self.id}{f' ({self.name})' if self.name else ''}"


Delete = Callable[[Clients, Leftover], None]


@dataclass(frozen=True)
class Undeleted:
    """What couldn't be deleted, and why."""

    leftover: Leftover
    error: AwsError


def delete_leftovers(
    leftovers: Sequence[Leftover],
    clients: Clients,
    clock: Clock,
    on_retry: Callable[[Retry], None],
    stopping: Callable[[], bool],
) -> Iterator[Leftover | Undeleted]:
    """Delete them in this order, telling of each what came of it. What AWS still holds, as a balancer's interfaces do
    its groups for minutes, is waited for. `Interrupted` comes from the clock."""
    for leftover in leftovers:
        if stopping():
            return
        try:
            _until_gone(leftover, clients, clock, on_retry)
        except AwsError as error:
            yield Undeleted(leftover, error)
        else:
            yield leftover


def _until_gone(leftover: Leftover, clients: Clients, clock: Clock, on_retry: Callable[[Retry], None]) -> None:
    delete = _DELETES[leftover.type]
    try:
        call("", lambda: delete(clients, leftover), clock=clock, retryable=DELETES, on_retry=on_retry)
    except AwsError as error:
        if error.error_class is not ErrorClass.NOT_VISIBLE:
            raise


def _record(clients: Clients, leftover: Leftover) -> None:
    """By all that AWS lists of it, also what no plan can say."""
    zone, record = leftover.detail
    change: Any = {"Changes": [{"Action": "DELETE", "ResourceRecordSet": record}]}
    clients.route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=change)


def _by_kind(type: str) -> Delete:
    """As a resource of the plan's own is deleted."""

    def delete(clients: Clients, leftover: Leftover) -> None:
        KINDS[type].delete(clients, Live(type, leftover.id, {}))

    return delete


def _interface(clients: Clients, leftover: Leftover) -> None:
    clients.ec2.delete_network_interface(NetworkInterfaceId=leftover.id)


def _security_group(clients: Clients, leftover: Leftover) -> None:
    """Rules first, its own and those of other groups that name it: groups that name each other can't be deleted."""
    for group_id in (leftover.id, *_naming(clients, leftover.id)):
        wanted: Any = [{"Name": "group-id", "Values": [group_id]}]
        for page in clients.ec2.get_paginator("describe_security_group_rules").paginate(Filters=wanted):
            for rule in page["SecurityGroupRules"]:
                if group_id == leftover.id or rule.get("ReferencedGroupInfo", {}).get("GroupId") == leftover.id:
                    revoke = clients.ec2.revoke_security_group_ingress
                    if rule["IsEgress"]:
                        revoke = clients.ec2.revoke_security_group_egress  # type: ignore[assignment]
                    _unless_gone(partial(revoke, GroupId=group_id, SecurityGroupRuleIds=[rule["SecurityGroupRuleId"]]))
    _by_kind("AWS::EC2::SecurityGroup")(clients, leftover)


def _naming(clients: Clients, group_id: str) -> list[str]:
    """Other groups with a rule that names this one."""
    found = set()
    for name in ("ip-permission.group-id", "egress.ip-permission.group-id"):
        wanted: Any = [{"Name": name, "Values": [group_id]}]
        for page in clients.ec2.get_paginator("describe_security_groups").paginate(Filters=wanted):
            found |= {group["GroupId"] for group in page["SecurityGroups"]}
    return sorted(found - {group_id})


def _volume(clients: Clients, leftover: Leftover) -> None:
    clients.ec2.delete_volume(VolumeId=leftover.id)


def _bucket(clients: Clients, leftover: Leftover) -> None:
    """With all versions, markers of deletions, and uploads that were begun."""
    bucket = leftover.id
    for page in clients.s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        items = [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]
        for start in range(0, len(items), _OBJECTS_AT_ONCE):
            part: Any = [
                {"Key": item["Key"], "VersionId": item["VersionId"]} for item in items[start : start + _OBJECTS_AT_ONCE]
            ]
            answer = clients.s3.delete_objects(Bucket=bucket, Delete={"Objects": part, "Quiet": True})
            _raise_first(clients, answer)
    for uploads in clients.s3.get_paginator("list_multipart_uploads").paginate(Bucket=bucket):
        for upload in uploads.get("Uploads", ()):
            about: Any = {"Bucket": bucket, "Key": upload["Key"], "UploadId": upload["UploadId"]}
            _unless_gone(partial(clients.s3.abort_multipart_upload, **about))
    _by_kind("AWS::S3::Bucket")(clients, leftover)


def _unless_gone(request: Callable[[], object]) -> None:
    """Take away what a leftover holds. AWS may list that after its end, which says nothing of the leftover itself."""
    try:
        request()
    except Exception as error:
        if not is_aws_error(error) or classify(error) is not ErrorClass.NOT_VISIBLE:
            raise


def _raise_first(clients: Clients, answer: Any) -> None:
    """DeleteObjects succeeds even where an object can't be deleted, and says so inside."""
    for failure in answer.get("Errors", ()):
        response: Any = {
            "Error": {
                "Code": failure.get("Code", ""),
                "Message": f"{failure.get('Key')}: {failure.get('Message', '')}",
            },
            "ResponseMetadata": answer["ResponseMetadata"],
        }
        raise clients.s3.exceptions.ClientError(response, "DeleteObjects")


_DELETES: Final[Mapping[LeftoverType, Delete]] = {
    LeftoverType.RECORD: _record,
    LeftoverType.CLASSIC_BALANCER: _by_kind("AWS::ElasticLoadBalancing::LoadBalancer"),
    LeftoverType.BALANCER: _by_kind("AWS::ElasticLoadBalancingV2::LoadBalancer"),
    LeftoverType.TARGET_GROUP: _by_kind("AWS::ElasticLoadBalancingV2::TargetGroup"),
    LeftoverType.INTERFACE: _interface,
    LeftoverType.SECURITY_GROUP: _security_group,
    LeftoverType.VOLUME: _volume,
    LeftoverType.BUCKET: _bucket,
}

"""Deleting what a cluster has left, each thing by itself: what can't be deleted is told, and the others go."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ocpprov.aws.clients import Clients
from ocpprov.aws.codes import Fault
from ocpprov.aws.errors import AwsError
from ocpprov.aws.retry import DELETES, Retry, call
from ocpprov.checks.leftovers import Kind, Leftover
from ocpprov.engine.protocols import Clock

_OBJECTS_AT_ONCE: Final = 1000
"""The most that one DeleteObjects takes."""

Delete = Callable[[Clients, Leftover], None]


@dataclass(frozen=True)
class Kept:
    """What couldn't be deleted, and why."""

    leftover: Leftover
    error: AwsError


def remove(
    leftovers: Sequence[Leftover],
    clients: Clients,
    clock: Clock,
    on_retry: Callable[[Retry], None],
    stopping: Callable[[], bool],
) -> Iterator[Leftover | Kept]:
    """Delete them in this order, telling of each what came of it. What AWS still holds, as a balancer's interfaces do
    its groups for minutes, is waited for. `Interrupted` comes from the clock."""
    for leftover in leftovers:
        if stopping():
            return
        try:
            _until_gone(leftover, clients, clock, on_retry)
        except AwsError as error:
            yield Kept(leftover, error)
        else:
            yield leftover


def _until_gone(leftover: Leftover, clients: Clients, clock: Clock, on_retry: Callable[[Retry], None]) -> None:
    delete = _DELETES[leftover.kind]
    try:
        call("", lambda: delete(clients, leftover), clock=clock, retryable=DELETES, on_retry=on_retry)
    except AwsError as error:
        if error.fault is not Fault.NOT_VISIBLE:
            raise


def _record(clients: Clients, leftover: Leftover) -> None:
    zone, record = leftover.detail
    change: Any = {"Changes": [{"Action": "DELETE", "ResourceRecordSet": record}]}
    clients.route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=change)


def _classic_balancer(clients: Clients, leftover: Leftover) -> None:
    clients.elb.delete_load_balancer(LoadBalancerName=leftover.id)


def _balancer(clients: Clients, leftover: Leftover) -> None:
    clients.elbv2.delete_load_balancer(LoadBalancerArn=leftover.id)


def _target_group(clients: Clients, leftover: Leftover) -> None:
    clients.elbv2.delete_target_group(TargetGroupArn=leftover.id)


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
                    revoke(GroupId=group_id, SecurityGroupRuleIds=[rule["SecurityGroupRuleId"]])
    clients.ec2.delete_security_group(GroupId=leftover.id)


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
            clients.s3.abort_multipart_upload(Bucket=bucket, Key=upload["Key"], UploadId=upload["UploadId"])
    clients.s3.delete_bucket(Bucket=bucket)


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


_DELETES: Final[Mapping[Kind, Delete]] = {
    Kind.RECORD: _record,
    Kind.CLASSIC_BALANCER: _classic_balancer,
    Kind.BALANCER: _balancer,
    Kind.TARGET_GROUP: _target_group,
    Kind.INTERFACE: _interface,
    Kind.SECURITY_GROUP: _security_group,
    Kind.VOLUME: _volume,
    Kind.BUCKET: _bucket,
}

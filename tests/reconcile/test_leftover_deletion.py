"""What a cluster has left goes one by one, in the requests that AWS wants, on scripted clients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.retry import Retry
from ocpprov.reconcile.leftover_deletion import Leftover, LeftoverType, Undeleted, delete_leftovers

Sent = tuple[str, Mapping[str, Any]]
RECORD = {"Name": "\\052.apps.lab.example.", "Type": "A", "GeoLocation": {"CountryCode": "*"}}
BUSY = "DependencyViolation"


def refusal(code: str) -> ClientError:
    metadata: Any = {"RequestId": "r-1", "HTTPStatusCode": 400}
    return ClientError({"Error": {"Code": code, "Message": "in words"}, "ResponseMetadata": metadata}, "Delete")


@dataclass
class Client:
    """A client of boto3 that writes down what is sent. `answers` has, by operation, what it says: in turn, where it is
    a list, and errors are raised; `pages` what a paginator gives."""

    sent: list[Sent] = field(default_factory=list)
    answers: dict[str, list[Any]] = field(default_factory=dict)
    pages: dict[str, list[Any]] = field(default_factory=dict)
    exceptions: Any = field(default_factory=lambda: SimpleNamespace(ClientError=ClientError))

    def __getattr__(self, operation: str) -> Any:
        def send(**arguments: Any) -> Any:
            self.sent.append((operation, arguments))
            answers = self.answers.get(operation, [])
            answer = answers.pop(0) if answers else {}
            if isinstance(answer, Exception):
                raise answer
            return answer

        return send

    def get_paginator(self, operation: str) -> Any:
        def paginate(**arguments: Any) -> list[Any]:
            of = arguments["Filters"][0]["Values"][0] if "Filters" in arguments else arguments.get("Bucket", "")
            return self.pages.get(f"{operation} {of}", [])

        return SimpleNamespace(paginate=paginate)


@dataclass
class Clock:
    """Time passes only where somebody sleeps."""

    passed: float = 0.0

    def now(self) -> float:
        return self.passed

    def monotonic(self) -> float:
        return self.passed

    def sleep(self, seconds: float) -> None:
        self.passed += seconds


def deleted(client: Client, *leftovers: Leftover, stopping: Sequence[bool] = ()) -> list[Leftover | Undeleted]:
    clients: Any = SimpleNamespace(ec2=client, elb=client, elbv2=client, route53=client, s3=client)
    told: list[Retry] = []
    asked = iter(stopping)
    return list(delete_leftovers(leftovers, clients, Clock(), told.append, lambda: next(asked, False)))


@pytest.mark.parametrize(
    ("leftover", "sent"),
    [
        (
            Leftover(LeftoverType.RECORD, "*.apps A", detail=("Z1", RECORD)),
            (
                "change_resource_record_sets",
                {
                    "HostedZoneId": "Z1",
                    "ChangeBatch": {"Changes": [{"Action": "DELETE", "ResourceRecordSet": RECORD}]},
                },
            ),
        ),
        (Leftover(LeftoverType.CLASSIC_BALANCER, "a1"), ("delete_load_balancer", {"LoadBalancerName": "a1"})),
        (Leftover(LeftoverType.BALANCER, "arn:1"), ("delete_load_balancer", {"LoadBalancerArn": "arn:1"})),
        (Leftover(LeftoverType.TARGET_GROUP, "arn:2"), ("delete_target_group", {"TargetGroupArn": "arn:2"})),
        (Leftover(LeftoverType.INTERFACE, "eni-1"), ("delete_network_interface", {"NetworkInterfaceId": "eni-1"})),
        (Leftover(LeftoverType.SECURITY_GROUP, "sg-1"), ("delete_security_group", {"GroupId": "sg-1"})),
        (Leftover(LeftoverType.VOLUME, "vol-1"), ("delete_volume", {"VolumeId": "vol-1"})),
        (Leftover(LeftoverType.BUCKET, "registry"), ("delete_bucket", {"Bucket": "registry"})),
    ],
    ids=[each.name for each in LeftoverType],
)
def test_each_type_is_deleted_by_one_request(leftover: Leftover, sent: Sent) -> None:
    client = Client()
    assert deleted(client, leftover) == [leftover]
    assert client.sent == [sent]


def test_a_groups_rules_go_first_and_those_of_others_only_where_they_name_it() -> None:
    own = [
        {"SecurityGroupRuleId": "sgr-1", "IsEgress": False},
        {"SecurityGroupRuleId": "sgr-2", "IsEgress": True},
    ]
    theirs = [
        {"SecurityGroupRuleId": "sgr-3", "IsEgress": False, "ReferencedGroupInfo": {"GroupId": "sg-1"}},
        {"SecurityGroupRuleId": "sgr-4", "IsEgress": False, "ReferencedGroupInfo": {"GroupId": "sg-3"}},
        {"SecurityGroupRuleId": "sgr-5", "IsEgress": False},
    ]
    client = Client(
        pages={
            "describe_security_groups sg-1": [{"SecurityGroups": [{"GroupId": "sg-2"}, {"GroupId": "sg-1"}]}],
            "describe_security_group_rules sg-1": [{"SecurityGroupRules": own}],
            "describe_security_group_rules sg-2": [{"SecurityGroupRules": theirs}],
        }
    )
    group = Leftover(LeftoverType.SECURITY_GROUP, "sg-1")
    assert deleted(client, group) == [group]
    assert client.sent == [
        ("revoke_security_group_ingress", {"GroupId": "sg-1", "SecurityGroupRuleIds": ["sgr-1"]}),
        ("revoke_security_group_egress", {"GroupId": "sg-1", "SecurityGroupRuleIds": ["sgr-2"]}),
        ("revoke_security_group_ingress", {"GroupId": "sg-2", "SecurityGroupRuleIds": ["sgr-3"]}),
        ("delete_security_group", {"GroupId": "sg-1"}),
    ]


def test_a_rule_that_is_listed_after_its_end_doesnt_stand_for_its_group() -> None:
    rule = {"SecurityGroupRuleId": "sgr-1", "IsEgress": False}
    client = Client(
        pages={"describe_security_group_rules sg-1": [{"SecurityGroupRules": [rule]}]},
        answers={
            "revoke_security_group_ingress": [{}, refusal("InvalidSecurityGroupRuleId.NotFound")],
            "delete_security_group": [refusal(BUSY)],
        },
    )
    group = Leftover(LeftoverType.SECURITY_GROUP, "sg-1")
    assert deleted(client, group) == [group]
    assert [operation for operation, _ in client.sent] == [
        *("revoke_security_group_ingress", "delete_security_group"),
        *("revoke_security_group_ingress", "delete_security_group"),
    ]


def test_an_upload_that_is_listed_after_its_end_keeps_no_bucket() -> None:
    uploads = {"Uploads": [{"Key": "begun", "UploadId": "u1"}]}
    client = Client(
        pages={"list_multipart_uploads registry": [uploads]},
        answers={"abort_multipart_upload": [refusal("NoSuchUpload")]},
    )
    bucket = Leftover(LeftoverType.BUCKET, "registry")
    assert deleted(client, bucket) == [bucket]
    assert [operation for operation, _ in client.sent] == ["abort_multipart_upload", "delete_bucket"]


def test_a_bucket_is_emptied_a_thousand_at_a_time() -> None:
    versions = [{"Key": f"k{number}", "VersionId": "1"} for number in range(1000)]
    marker = {"Key": "gone", "VersionId": "2"}
    client = Client(
        pages={
            "list_object_versions registry": [{"Versions": versions, "DeleteMarkers": [marker]}],
            "list_multipart_uploads registry": [{"Uploads": [{"Key": "begun", "UploadId": "u1"}]}],
        }
    )
    deleted(client, Leftover(LeftoverType.BUCKET, "registry"))
    assert client.sent == [
        ("delete_objects", {"Bucket": "registry", "Delete": {"Objects": versions, "Quiet": True}}),
        ("delete_objects", {"Bucket": "registry", "Delete": {"Objects": [marker], "Quiet": True}}),
        ("abort_multipart_upload", {"Bucket": "registry", "Key": "begun", "UploadId": "u1"}),
        ("delete_bucket", {"Bucket": "registry"}),
    ]


def test_a_page_may_have_markers_alone_or_nothing() -> None:
    marker = {"Key": "gone", "VersionId": "2"}
    client = Client(pages={"list_object_versions registry": [{"DeleteMarkers": [marker]}, {}]})
    deleted(client, Leftover(LeftoverType.BUCKET, "registry"))
    assert client.sent == [
        ("delete_objects", {"Bucket": "registry", "Delete": {"Objects": [marker], "Quiet": True}}),
        ("delete_bucket", {"Bucket": "registry"}),
    ]


def test_an_object_that_stays_keeps_its_bucket() -> None:
    failure = {"Code": "AccessDenied", "Key": "locked", "Message": "not you"}
    answer = {"Errors": [failure], "ResponseMetadata": {"RequestId": "r-2", "HTTPStatusCode": 200}}
    client = Client(
        pages={"list_object_versions registry": [{"Versions": [{"Key": "locked", "VersionId": "1"}]}]},
        answers={"delete_objects": [answer]},
    )
    [kept] = deleted(client, Leftover(LeftoverType.BUCKET, "registry"))
    assert isinstance(kept, Undeleted)
    assert str(kept.error) == "DeleteObjects: AccessDenied: locked: not you (request r-2)"
    assert [operation for operation, _ in client.sent] == ["delete_objects"]


def test_what_is_held_is_sent_again_and_what_is_gone_is_deleted() -> None:
    client = Client(answers={"delete_volume": [refusal(BUSY), refusal(BUSY), {}, refusal("InvalidVolume.NotFound")]})
    first, second = (Leftover(LeftoverType.VOLUME, id) for id in ("vol-1", "vol-2"))
    assert deleted(client, first, second) == [first, second]
    assert [arguments["VolumeId"] for _, arguments in client.sent] == ["vol-1", "vol-1", "vol-1", "vol-2"]


def test_what_cannot_be_deleted_is_told_and_the_others_go() -> None:
    client = Client(answers={"delete_volume": [refusal("UnauthorizedOperation")]})
    first, second = (Leftover(LeftoverType.VOLUME, id) for id in ("vol-1", "vol-2"))
    kept, gone = deleted(client, first, second)
    assert isinstance(kept, Undeleted)
    assert (kept.leftover, kept.error.error_class, gone) == (first, ErrorClass.DENIED, second)


def test_a_run_that_is_to_stop_begins_no_other_one() -> None:
    client = Client()
    first, second = (Leftover(LeftoverType.VOLUME, id) for id in ("vol-1", "vol-2"))
    assert deleted(client, first, second, stopping=[False, True]) == [first]
    assert len(client.sent) == 1


def test_a_leftover_reads_as_what_it_is() -> None:
    assert str(Leftover(LeftoverType.VOLUME, "vol-1")) == "volume vol-1"
    assert str(Leftover(LeftoverType.BALANCER, "arn:1", "router")) == "load balancer arn:1 (router)"

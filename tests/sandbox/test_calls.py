"""What the sandbox notes of the calls, and its admin API."""

from __future__ import annotations

import socket
import urllib.request
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.exceptions import ClientError

from ocpprov.sandbox.admin import SandboxAdmin
from ocpprov.sandbox.record import Running
from tests.sandbox.world import REGION, World, refused


def operations(admin: SandboxAdmin) -> list[tuple[str, bool]]:
    return [(call["operation"], call["mutating"]) for call in admin.calls()]


def test_calls_are_noted(sandbox: Running, world: World, admin: SandboxAdmin) -> None:
    vpc = world.vpc()
    created = world.route53.create_hosted_zone(
        Name="cluster.example.com", CallerReference="once", VPC={"VPCRegion": REGION, "VPCId": vpc}
    )
    zone = created["HostedZone"]["Id"].rpartition("/")[2]
    world.route53.list_tags_for_resource(ResourceType="hostedzone", ResourceId=zone)
    world.route53.get_change(Id=created["ChangeInfo"]["Id"])
    world.other("sts").get_caller_identity()
    calls = admin.calls()
    assert [(call["index"], call["service"], call["operation"], call["mutating"]) for call in calls] == [
        (1, "ec2", "CreateVpc", True),
        (2, "route53", "CreateHostedZone", True),
        (3, "route53", "ListTagsForResource", False),
        (4, "route53", "GetChange", False),
        (5, "sts", "GetCallerIdentity", False),
    ]
    assert (calls[0]["region"], calls[0]["status"], calls[0]["parameters"]["CidrBlock"]) == (REGION, 200, "10.0.0.0/16")
    assert sandbox.endpoint_url.endswith(calls[0]["host"])
    assert calls[1]["parameters"]["VPC/VPCId"] == vpc
    admin.clear_calls()
    assert admin.calls() == []


def test_calls_to_buckets_have_names(world: World, admin: SandboxAdmin) -> None:
    world.s3.create_bucket(Bucket="one", CreateBucketConfiguration={"LocationConstraint": REGION})
    world.s3.put_bucket_tagging(Bucket="one", Tagging={"TagSet": [{"Key": "plan", "Value": "one"}]})
    world.s3.put_object(Bucket="one", Key="a/b c", Body=b"x")
    world.s3.get_object(Bucket="one", Key="a/b c")
    world.s3.list_objects_v2(Bucket="one")
    world.s3.get_bucket_location(Bucket="one")
    world.s3.delete_objects(Bucket="one", Delete={"Objects": [{"Key": "a/b c"}]})
    world.s3.delete_bucket(Bucket="one")
    assert operations(admin) == [
        ("CreateBucket", True),
        ("PutBucketTagging", True),
        ("PutObject", True),
        ("GetObject", False),
        ("ListObjectsV2", False),
        ("GetBucketLocation", False),
        ("DeleteObjects", True),
        ("DeleteBucket", True),
    ]
    assert admin.calls()[2]["parameters"] == {"Bucket": "one", "Key": "a/b c"}


def test_a_bucket_may_be_called_by_a_host_name_of_its_own(sandbox: Running, admin: SandboxAdmin) -> None:
    """As boto3 does on AWS. How the name is looked up is somebody else's matter, so it is only sent along."""

    def lead_here(request: Any, **_: Any) -> None:
        host = urlsplit(request.url).netloc
        request.headers["Host"] = host
        request.url = request.url.replace(f"https://{host}", sandbox.endpoint_url)

    make: Any = boto3.client
    s3 = make("s3", region_name=REGION)
    s3.meta.events.register("before-send.s3", lead_here)
    s3.create_bucket(Bucket="one", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket="one", Key="a/b c", Body=b"x")
    assert s3.get_object(Bucket="one", Key="a/b c")["Body"].read() == b"x"
    assert [found["Key"] for found in s3.list_objects_v2(Bucket="one")["Contents"]] == ["a/b c"]
    assert {call["host"] for call in admin.calls()} == {f"one.s3.{REGION}.amazonaws.com"}
    assert [name for name, _ in operations(admin)] == ["CreateBucket", "PutObject", "GetObject", "ListObjectsV2"]
    assert {call["parameters"]["Bucket"] for call in admin.calls()} == {"one"}


def test_calls_in_other_protocols_have_names(world: World, admin: SandboxAdmin) -> None:
    world.other("iam").list_roles()
    world.other("resourcegroupstaggingapi").get_resources(ResourceTypeFilters=["ec2:vpc"])
    assert operations(admin) == [("ListRoles", False), ("GetResources", False)]
    assert admin.calls()[1]["parameters"]["ResourceTypeFilters"] == '["ec2:vpc"]'


def test_a_presigned_url_is_understood(world: World, admin: SandboxAdmin) -> None:
    world.s3.create_bucket(Bucket="one", CreateBucketConfiguration={"LocationConstraint": REGION})
    world.s3.put_object(Bucket="one", Key="bootstrap.ign", Body=b"x")
    url = world.s3.generate_presigned_url("get_object", Params={"Bucket": "one", "Key": "bootstrap.ign"})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url) as answer:
        assert answer.read() == b"x"
    call = admin.calls()[-1]
    assert (call["operation"], call["service"]) == ("GetObject", "s3")


def test_what_the_sandbox_cannot_do_is_said_and_noted(world: World, admin: SandboxAdmin) -> None:
    with pytest.raises(ClientError, match=r"InternalError.*can't do ListServiceQuotas"):
        world.other("service-quotas").list_service_quotas(ServiceCode="vpc")
    assert operations(admin) == [("ListServiceQuotas", False)]
    assert admin.calls()[0]["status"] == 500


def test_an_error_is_told_in_the_protocol_of_its_service(world: World, admin: SandboxAdmin) -> None:
    told = {"fault": "error", "code": "ThrottlingException", "status": 400}
    admin.faults([{"operation": "GetResources", **told}, {"operation": "ListRoles", **told}])
    with refused("ThrottlingException"):
        world.other("resourcegroupstaggingapi").get_resources()
    with refused("ThrottlingException"):
        world.other("iam").list_roles()


def test_an_error_of_s3_has_a_request_id(world: World, admin: SandboxAdmin) -> None:
    admin.faults([{"operation": "ListBuckets", "fault": "error", "code": "SlowDown", "status": 503}])
    with pytest.raises(ClientError) as caught:
        world.s3.list_buckets()
    assert caught.value.response["ResponseMetadata"]["RequestId"]


def test_an_upload_does_not_wait_for_leave_to_go_on(sandbox: Running) -> None:
    """A client that gets no leave to send its body waits a second, and then sends it all the same."""
    url = urlsplit(sandbox.endpoint_url)
    with socket.create_connection((url.hostname, url.port), timeout=30) as connection:
        connection.sendall(
            b"PUT /one/key HTTP/1.1\r\nHost: s3\r\nContent-Length: 1\r\nExpect: 100-continue\r\n"
            b"Authorization: AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/s3/aws4_request, "
            b"SignedHeaders=host, Signature=0\r\n\r\n"
        )
        assert connection.recv(100).startswith(b"HTTP/1.1 100 ")

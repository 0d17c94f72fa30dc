"""The bucket and bootstrap.ign."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ocpprov.engine.values import GetAtt, Join, Ref, Value
from ocpprov.openshift.expand import ExistingEndpoint, expand
from ocpprov.plan.model import Bucket, OpenShift
from tests.openshift.plans import FACTS, SECTION_3AZ, plan_of

ARN = GetAtt("InfraBucket", "Arn")
TLS_ONLY = {
    "Sid": "TlsOnly",
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": [ARN, Join("", (ARN, "/*"))],
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}
UPLOADING = replace(SECTION_3AZ, bootstrap_ignition="install/bootstrap.ign")


def only_through(*endpoints: Value) -> Value:
    return {
        "Sid": "ReadThroughEndpointOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": ["s3:GetObject", "s3:GetObjectVersion"],
        "Resource": Join("", (ARN, "/*")),
        "Condition": {"StringNotEquals": {"aws:sourceVpce": list(endpoints)}},
    }


def policy(section: OpenShift) -> Value:
    return expand(plan_of(section), FACTS)["InfraBucketPolicy"].properties


def test_the_bucket_is_closed_to_the_public_and_encrypted() -> None:
    assert expand(plan_of(SECTION_3AZ), FACTS)["InfraBucket"].properties == {
        "PublicAccessBlockConfiguration": {
            "BlockPublicAcls": True,
            "BlockPublicPolicy": True,
            "IgnorePublicAcls": True,
            "RestrictPublicBuckets": True,
        },
        "BucketEncryption": {
            "ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
        },
    }


def test_a_name_is_used_where_the_plan_gives_one() -> None:
    section = replace(SECTION_3AZ, bucket=Bucket(name="corp-ignition"))
    assert expand(plan_of(section), FACTS)["InfraBucket"].properties["BucketName"] == "corp-ignition"


def test_only_tls_is_let_in() -> None:
    assert policy(SECTION_3AZ) == {
        "Bucket": Ref("InfraBucket"),
        "PolicyDocument": {"Version": "2012-10-17", "Statement": [TLS_ONLY]},
    }


@pytest.mark.parametrize(
    ("words", "endpoints"),
    [
        (("s3",), [Ref("S3Endpoint")]),
        (("s3", "s3-interface"), [Ref("S3Endpoint"), Ref("S3InterfaceEndpoint")]),
    ],
)
def test_reading_through_the_vpcs_endpoints_only(words: tuple[str, ...], endpoints: list[Value]) -> None:
    section = replace(SECTION_3AZ, endpoints=words, bucket=Bucket(only_through_endpoint=True))
    assert policy(section) == {
        "Bucket": Ref("InfraBucket"),
        "PolicyDocument": {"Version": "2012-10-17", "Statement": [TLS_ONLY, only_through(*endpoints)]},
    }


def test_an_endpoint_that_the_vpc_has_already_counts() -> None:
    section = replace(
        SECTION_3AZ, vpc_id="vpc-1", endpoints=("s3-interface",), bucket=Bucket(only_through_endpoint=True)
    )
    other = ExistingEndpoint("vpce-9", "com.amazonaws.eu-west-1.s3", "Interface")
    made = expand(plan_of(section), replace(FACTS, endpoints=[other]))["InfraBucketPolicy"].properties
    assert made["PolicyDocument"] == {"Version": "2012-10-17", "Statement": [TLS_ONLY, only_through("vpce-9")]}


def test_a_gateway_counts_where_it_serves_the_machines_only() -> None:
    section = replace(
        SECTION_3AZ, vpc_id="vpc-1", route_tables=("rtb-1", "rtb-2"), bucket=Bucket(only_through_endpoint=True)
    )
    others = [
        ExistingEndpoint(f"vpce-{table}", "com.amazonaws.eu-west-1.s3", "Gateway", route_tables=(f"rtb-{table}",))
        for table in (3, 2)
    ]
    made = expand(plan_of(section), replace(FACTS, endpoints=others))["InfraBucketPolicy"].properties
    assert made["PolicyDocument"] == {
        "Version": "2012-10-17",
        "Statement": [TLS_ONLY, only_through(Ref("S3Endpoint"), "vpce-2")],
    }


def test_without_an_endpoint_nobody_could_read() -> None:
    section = replace(SECTION_3AZ, endpoints=(), bucket=Bucket(only_through_endpoint=True))
    with pytest.raises(ValueError, match=r"onlyThroughEndpoint needs s3 or s3-interface"):
        expand(plan_of(section), FACTS)


def test_bootstrap_ign_is_uploaded_from_beside_the_plan_once_the_bucket_is_closed() -> None:
    plan = replace(plan_of(UPLOADING), file="sites/prod.yaml")
    made = expand(plan, FACTS)["BootstrapIgnition"]
    assert (made.type, made.depends_on) == ("Ocpprov::S3::Object", ("InfraBucketPolicy",))
    assert made.properties == {
        "Bucket": Ref("InfraBucket"),
        "Key": "bootstrap.ign",
        "Source": "sites/install/bootstrap.ign",
    }


@pytest.mark.parametrize(
    "section",
    [
        replace(UPLOADING, bootstrap=False),
        replace(UPLOADING, bootstrap_ignition=""),
        replace(UPLOADING, bucket=Bucket(create=False)),
        replace(UPLOADING, infra_id=""),
    ],
    ids=["bootstrap-off", "no-file", "no-bucket", "network-only"],
)
def test_bootstrap_ign_is_not_there(section: OpenShift) -> None:
    assert "BootstrapIgnition" not in expand(plan_of(section), FACTS)


def test_no_bucket_on_request() -> None:
    resources = expand(plan_of(replace(SECTION_3AZ, bucket=Bucket(create=False))), FACTS)
    assert not {"InfraBucket", "InfraBucketPolicy"} & resources.keys()


def test_while_the_file_is_absent_the_object_is_what_an_earlier_apply_has_put_there() -> None:
    absent = plan_of(replace(UPLOADING, absent=frozenset({"bootstrap.ignition"})))
    uploaded = replace(FACTS, ignition=True)
    assert "BootstrapIgnition" not in expand(absent, FACTS)
    assert expand(absent, uploaded)["BootstrapIgnition"] == expand(plan_of(UPLOADING), FACTS)["BootstrapIgnition"]
    assert "BootstrapIgnition" not in expand(plan_of(SECTION_3AZ), uploaded)

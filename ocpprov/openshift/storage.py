"""The bucket for the ignition files, and bootstrap.ign in it, which holds the cluster's secrets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from typing import Final

from ocpprov.engine.resources import Resource
from ocpprov.engine.values import GetAtt, Join, Ref, Value
from ocpprov.openshift.endpoints import s3_endpoint_ids
from ocpprov.openshift.layout import Layout
from ocpprov.plan.installer_files import IGNITION as FILE

BUCKET: Final = "InfraBucket"
BUCKET_POLICY: Final = "InfraBucketPolicy"
IGNITION: Final = "BootstrapIgnition"
IGNITION_KEY: Final = "bootstrap.ign"


def bucket(layout: Layout) -> Iterator[Resource]:
    """The bucket and its policy. Raises ValueError where only an endpoint may read and there is none."""
    wanted = layout.section.bucket
    if not wanted.create:
        return
    properties: dict[str, Value] = {
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
    if wanted.name:
        properties["BucketName"] = wanted.name
    yield Resource(BUCKET, "AWS::S3::Bucket", properties)
    yield Resource(
        BUCKET_POLICY,
        "AWS::S3::BucketPolicy",
        {"Bucket": Ref(BUCKET), "PolicyDocument": {"Version": "2012-10-17", "Statement": _statements(layout)}},
    )


def uploads_ignition(layout: Layout) -> bool:
    """Whether bootstrap.ign is in the bucket: from a file that the plan names, while there is a bootstrap. Where that
    file isn't there any more, what was put there before stays."""
    section = layout.section
    wanted = section.infra_id and section.bootstrap and section.bootstrap_ignition and section.bucket.create
    return bool(wanted) and (FILE not in section.absent or layout.facts.ignition)


def ignition(layout: Layout, folder: PurePath) -> Iterator[Resource]:
    """bootstrap.ign, from a path relative to `folder`; only once the bucket is closed to everybody else."""
    section = layout.section
    if uploads_ignition(layout):
        source = str(folder / section.bootstrap_ignition)
        properties: dict[str, Value] = {"Bucket": Ref(BUCKET), "Key": IGNITION_KEY, "Source": source}
        yield Resource(IGNITION, "Ocpprov::S3::Object", properties, depends_on=(BUCKET_POLICY,))


def _statements(layout: Layout) -> list[Value]:
    arn = GetAtt(BUCKET, "Arn")
    objects = Join("", (arn, "/*"))
    tls: Value = {"Bool": {"aws:SecureTransport": "false"}}
    statements = [_deny("TlsOnly", "s3:*", [arn, objects], tls)]
    if layout.section.bucket.only_through_endpoint:
        endpoints = s3_endpoint_ids(layout)
        if not endpoints:
            raise ValueError("openshift.bucket.onlyThroughEndpoint needs s3 or s3-interface in openshift.endpoints")
        elsewhere: Value = {"StringNotEquals": {"aws:sourceVpce": endpoints}}
        # Reading only: were everything denied, nobody outside the VPC could upload, or change this policy again.
        reading: list[Value] = ["s3:GetObject", "s3:GetObjectVersion"]
        statements.append(_deny("ReadThroughEndpointOnly", reading, objects, elsewhere))
    return statements


def _deny(sid: str, actions: Value, resource: Value, condition: Value) -> Value:
    return {
        "Sid": sid,
        "Effect": "Deny",
        "Principal": "*",
        "Action": actions,
        "Resource": resource,
        "Condition": condition,
    }

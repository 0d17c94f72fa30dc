"""Buckets, their policies and objects."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Final

from tests.kinds.cases import Case, Properties
from tests.kinds.world import World

_NAME: Final = "prod-ignition"


def _encryption(algorithm: str) -> dict[str, Any]:
    rule = {"ServerSideEncryptionByDefault": {"SSEAlgorithm": algorithm}}
    return {"ServerSideEncryptionConfiguration": [rule]}


def _bucket(world: World) -> Properties:
    return {
        "BucketName": _NAME,
        "PublicAccessBlockConfiguration": {"BlockPublicAcls": True, "BlockPublicPolicy": True},
        "BucketEncryption": _encryption("AES256"),
    }


def _changed_bucket(world: World, properties: Properties) -> Properties:
    return {
        "PublicAccessBlockConfiguration": {"BlockPublicAcls": True, "RestrictPublicBuckets": True},
        "BucketEncryption": _encryption("aws:kms"),
        "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        "VersioningConfiguration": {"Status": "Enabled"},
        "LifecycleConfiguration": {
            "Rules": [
                {
                    "Id": "old",
                    "Status": "Enabled",
                    "ExpirationInDays": 7,
                    "NoncurrentVersionExpiration": {"NoncurrentDays": 1},
                    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
                }
            ]
        },
    }


def _made(world: World) -> str:
    return world.make("AWS::S3::Bucket", BucketName=_NAME)


def _policy(effect: str) -> dict[str, Any]:
    statement = {"Effect": effect, "Principal": "*", "Action": "s3:*", "Resource": f"arn:aws:s3:::{_NAME}/*"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def _file(content: str) -> str:
    with tempfile.NamedTemporaryFile("w", delete=False, suffix=".ign") as file:
        file.write(content)
    return str(Path(file.name))


def _object(world: World) -> Properties:
    return {"Bucket": _made(world), "Key": "bootstrap.ign", "Source": _file("{}")}


CASES: Final = (
    Case("bucket", "AWS::S3::Bucket", _bucket, _changed_bucket),
    Case(
        "bucket policy",
        "AWS::S3::BucketPolicy",
        lambda world: {"Bucket": _made(world), "PolicyDocument": _policy("Deny")},
        lambda world, properties: {"PolicyDocument": _policy("Allow")},
    ),
    Case("object", "Ocpprov::S3::Object", _object, lambda world, properties: {"Source": _file('{"ignition": {}}')}),
)

"""A bucket that changes hands while a run is at work: nothing is put into it any more."""

from __future__ import annotations

import json
from typing import Any

import pytest
from moto.backends import get_backend

from ocpprov.sandbox.exchange import Request
from tests.end_to_end.local import LocalAws, LocalOperator
from tests.end_to_end.world import REGION
from tests.support.in_process import Moment

SECRET = '{"ignition": "CANARY"}'
STRANGER = "210987654321"


def given_away(name: str) -> None:
    """Somebody else has the bucket from now on."""
    accounts: Any = get_backend("s3")
    accounts.bucket_accounts[name] = (accounts.bucket_accounts[name][0], STRANGER)


@pytest.fixture
def plan(user: LocalOperator) -> str:
    """A plan with a bucket and a file for it."""
    (user.folder / "bootstrap.ign").write_text(SECRET)
    file = {"Type": "Ocpprov::S3::Object", "Properties": {"Bucket": {"Ref": "Store"}, "Key": "bootstrap.ign"}}
    file["Properties"] |= {"Source": "bootstrap.ign"}  # type: ignore[operator]
    document = {
        "name": "lab",
        "region": REGION,
        "Resources": {"Store": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "lab-ignition"}}},
        "Metadata": {"Ocpprov": {"Resources": {"File": file}}},
    }
    (user.folder / "lab.yaml").write_text(json.dumps(document))
    return "lab.yaml"


def test_the_ignition_file_never_gets_into_a_bucket_that_changed_hands(
    user: LocalOperator, aws: LocalAws, plan: str
) -> None:
    def watch(_: int, moment: Moment, request: Request) -> None:
        if moment is Moment.BEFORE and request.operation == "PutObject":
            given_away("lab-ignition")

    user.bastion.watch = watch
    ended = user.run("apply", plan, "--yes")
    assert ended.code == 1
    assert "failed    File  PutObject: AccessDenied: Access Denied" in ended.err
    assert "S3 says the same of a bucket that changed hands" in ended.err
    assert [call["status"] for call in aws.calls() if call["operation"] == "PutObject"] == [403]
    backend: Any = get_backend("s3")
    assert not any(bucket.keys for bucket in backend["123456789012"]["aws"].buckets.values())


@pytest.mark.torture
def test_in_its_own_account_it_is_put_looked_at_and_deleted(user: LocalOperator, plan: str) -> None:
    user.good("apply", plan, "--yes")
    assert "0 to create" in user.good("plan", plan).out
    user.good("destroy", plan, "--yes")

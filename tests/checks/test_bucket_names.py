"""Whether the names of new buckets are free, by what S3 answers."""

from __future__ import annotations

from typing import Any

import pytest

from ocpprov.checks.bucket_names import bucket_names, new_buckets
from ocpprov.checks.result import Check, Status
from tests.checks.answers import refusal
from tests.engine.planning import VPC, planned, wanted

OTHER = "choose another name (openshift.bucket.name, BucketName)"
BUCKET = "AWS::S3::Bucket"


class S3:
    """HeadBucket as it answers."""

    def __init__(self, error: Exception | None) -> None:
        self._error = error

    def head_bucket(self, **_: str) -> None:
        if self._error:
            raise self._error


def check(error: Exception | None) -> Check:
    s3: Any = S3(error)
    (found,) = bucket_names({"Store": "lab-store"}, s3)
    return found


@pytest.mark.parametrize(
    ("error", "status", "detail", "remedy"),
    [
        (refusal("404", "HeadBucket", 404), Status.PASS, "nobody has lab-store (Store)", ""),
        (
            None,
            Status.FAIL,
            "Store is to be lab-store, which this account has already, in another region or as another's",
            OTHER,
        ),
        (
            refusal("403", status=403),
            Status.FAIL,
            "Store is to be lab-store, which S3 doesn't let us look at: somebody else has it",
            f"{OTHER}; if it is free, an endpoint's policy or a missing s3:ListBucket hides that",
        ),
        (
            refusal("301", status=301),
            Status.FAIL,
            "Store is to be lab-store, which is in another region already",
            OTHER,
        ),
        (
            refusal("SlowDown", status=503),
            Status.UNKNOWN,
            "S3 doesn't say whether somebody has lab-store: Ask: SlowDown: in words (request r-1)",
            "run preflight again",
        ),
    ],
    ids=["free", "ours", "denied", "elsewhere", "silent"],
)
def test_what_s3_answers(error: Exception | None, status: Status, detail: str, remedy: str) -> None:
    assert check(error) == Check("bucket-name", status, detail, remedy)


def test_a_mistake_of_ours_is_no_answer() -> None:
    with pytest.raises(KeyError):
        check(KeyError("x"))


def test_the_names_of_those_that_are_to_be_made() -> None:
    actions = planned(
        wanted(Given=(BUCKET, {"BucketName": "my-bucket"}), Made=(BUCKET, {}), Vpc=(VPC, {"CidrBlock": "10.0.0.0/16"})),
        [],
    )
    names = new_buckets(actions)
    assert names.keys() == {"Given", "Made"}
    assert names["Given"] == "my-bucket"
    assert names["Made"].startswith("lab-made-")

"""One object of S3 that is written only by who knows what is in it (S3's user guide, "Conditional writes")."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final, TypeVar

from ocpprov.aws.deadlines import PROBE_CALL_SECONDS, within_deadline
from ocpprov.aws.error_codes import MISSING_BUCKET, ErrorClass
from ocpprov.aws.errors import AwsError
from ocpprov.aws.reads import Answer, readable
from ocpprov.aws.retry import RetryPolicy, call
from ocpprov.engine.protocols import Clock

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

T = TypeVar("T")

_PATIENCE: Final[RetryPolicy] = {ErrorClass.THROTTLED: 60, ErrorClass.NOT_SENT: 20, ErrorClass.UNKNOWN_OUTCOME: 20}
"""A write that was done after all fails when it is repeated; reading it back tells whose it is."""
_LONGEST: Final = 65536
"""Bytes of the object that are read; a holder takes some hundred."""
_TAKEN: Final = (ErrorClass.EXISTS, ErrorClass.NOT_VISIBLE)


@dataclass(frozen=True)
class LockContent:
    """What is in the object; `age` is how long ago it was written, in seconds of S3's own clock."""

    text: str
    etag: str
    age: float


class LockObject:
    """The object `key` in `bucket`. All methods raise AwsError; with `patient` off nothing is sent again."""

    def __init__(self, s3: S3Client, bucket: str, key: str, clock: Clock) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._key = key
        self._clock = clock

    def __str__(self) -> str:
        return f"s3://{self._bucket}/{self._key}"

    def read(self, *, patient: bool = True) -> LockContent | None:
        """What is there; None where nothing is."""
        try:
            answer, text = self._send("GetObject", self._get, patient)
        except AwsError as error:
            if error.error_class is ErrorClass.NOT_VISIBLE and error.code != MISSING_BUCKET:
                return None
            raise
        with readable("GetObject"):
            said = answer["ResponseMetadata"]["HTTPHeaders"].get("date")
            now = parsedate_to_datetime(said) if said else answer["LastModified"]
            return LockContent(text, answer["ETag"], max(0.0, (now - answer["LastModified"]).total_seconds()))

    def create(self, text: str) -> str | None:
        """Write it where nothing is. The ETag; None when something is there."""
        return self._put(text, {"IfNoneMatch": "*"}, patient=True)

    def replace(self, text: str, etag: str, *, patient: bool = True) -> str | None:
        """Write it in place of what has this ETag. The new ETag; None when something else is there by now."""
        return self._put(text, {"IfMatch": etag}, patient=patient)

    @property
    def _place(self) -> Any:
        return {"Bucket": self._bucket, "Key": self._key}

    def _put(self, text: str, condition: Any, *, patient: bool) -> str | None:
        def put() -> Any:
            return self._s3.put_object(**self._place, **condition, Body=text.encode(), ContentType="application/json")

        try:
            return str(Answer(self._send("PutObject", put, patient), "PutObject", "")["ETag"])
        except AwsError as error:
            if error.error_class in _TAKEN and error.code != MISSING_BUCKET:
                return None
            raise

    def _get(self) -> tuple[Any, str]:
        """The answer, and what lies there, as far as anybody reads: the body comes after the answer."""
        answer: Any = self._s3.get_object(**self._place)
        return answer, within_deadline(lambda: answer["Body"].read(_LONGEST), PROBE_CALL_SECONDS).decode(
            errors="replace"
        )

    def _send(self, operation: str, request: Callable[[], T], patient: bool) -> T:
        with readable(operation):
            return call(operation, request, clock=self._clock, retryable=_PATIENCE if patient else {})

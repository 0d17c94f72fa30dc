"""URLs with which somebody without credentials reads one object of S3, for a while."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError

from ocpprov.aws.errors import wrap

if TYPE_CHECKING:
    from ocpprov.aws.credential_expiry import CredentialExpiry
    from ocpprov.aws.session import Session


@dataclass(frozen=True)
class PresignedUrl:
    """The URL, which is a secret as long as it is good, and the credentials that it is signed with: it ends with
    them."""

    url: str
    signed_with: CredentialExpiry


def presigned_url(session: Session, bucket: str, key: str, seconds: int) -> PresignedUrl:
    """A URL to read an object with for so many seconds, as far as whoever signs may read it: nobody is asked here.
    Raises AwsError when there are no credentials, or the settings can't be used."""
    try:
        client = session.signers.s3
        place = {"Bucket": bucket, "Key": key}
        url = client.generate_presigned_url("get_object", Params=place, ExpiresIn=seconds)
    except BotoCoreError as error:
        raise wrap(error) from error
    return PresignedUrl(url, session.credentials.expiry())

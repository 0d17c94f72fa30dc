"""Presigned URLs: what S3 needs is in them, and no header that whoever follows the link would have to send."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from ocpprov.aws.errors import AwsError
from ocpprov.aws.presigned_urls import presigned_url
from ocpprov.aws.session import open_session

ACCOUNT = "123456789012"


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "word")


@pytest.mark.parametrize(
    ("region", "host"),
    [
        ("eu-west-1", "prod-infra.s3.eu-west-1.amazonaws.com"),
        ("cn-north-1", "prod-infra.s3.cn-north-1.amazonaws.com.cn"),
        pytest.param("us-east-1", "prod-infra.s3.us-east-1.amazonaws.com", marks=pytest.mark.torture),
        pytest.param("us-gov-west-1", "prod-infra.s3.us-gov-west-1.amazonaws.com", marks=pytest.mark.torture),
        pytest.param("us-iso-east-1", "prod-infra.s3.us-iso-east-1.c2s.ic.gov", marks=pytest.mark.torture),
    ],
)
@pytest.mark.usefixtures("keys")
def test_the_url_of_an_object(region: str, host: str) -> None:
    session = open_session(region, on_call=lambda _: None)
    session.credentials.pin(ACCOUNT)
    signed = presigned_url(session, "prod-infra", "bootstrap.ign", 3600)
    place, query = urlsplit(signed.url), parse_qs(urlsplit(signed.url).query)
    assert (place.scheme, place.netloc, place.path) == ("https", host, "/bootstrap.ign")
    assert query["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
    assert query["X-Amz-Expires"] == ["3600"]
    assert query["X-Amz-SignedHeaders"] == ["host"]
    assert query["X-Amz-Credential"][0].split("/")[2:] == [region, "s3", "aws4_request"]
    assert signed.signed_with.long_term


@pytest.mark.usefixtures("keys")
def test_an_address_of_the_plans_own_is_in_it() -> None:
    endpoints = {"s3": "https://s3.corp.example.com"}
    session = open_session("eu-west-1", on_call=lambda _: None, service_endpoints=endpoints)
    signed = presigned_url(session, "prod-infra", "bootstrap.ign", 60)
    place = urlsplit(signed.url)
    assert (place.netloc, place.path) == ("s3.corp.example.com", "/prod-infra/bootstrap.ign")


def test_without_credentials_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    with pytest.raises(AwsError):
        presigned_url(open_session("eu-west-1", on_call=lambda _: None), "prod-infra", "bootstrap.ign", 60)

"""What of botocore's insides is used still does what it did."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import botocore
import botocore.session
import pytest
from botocore.credentials import (
    Credentials,
    DeferredRefreshableCredentials,
    RefreshableCredentials,
    create_credential_resolver,
)
from botocore.exceptions import ProxyConnectionError
from botocore.paginate import Paginator

from ocpprov.aws.botocore_private import bypass_proxy, expiry_of, keys_of, pages, sign_with
from tests.support.key_sources import metadata_service

SOON = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)


@contextmanager
def botocore_still_has(what: str) -> Iterator[None]:
    """Whatever goes wrong here goes wrong because botocore has changed."""
    try:
        yield
    except Exception as error:
        pytest.fail(f"botocore {botocore.__version__} has changed {what}; mend aws/botocore_private.py: {error!r}")


def never() -> dict[str, str]:
    raise RuntimeError("asked for others")


def fetched() -> dict[str, str]:
    return {"access_key": "new", "secret_key": "s", "token": "t", "expiry_time": SOON.isoformat()}


def test_the_keys_in_hand_are_told_without_asking_for_others() -> None:
    short_lived = RefreshableCredentials("one", "secret", "token", SOON, never, "custom-process")
    with botocore_still_has("RefreshableCredentials._frozen_credentials"):
        assert tuple(keys_of(short_lived))[:3] == ("one", "secret", "token")
    with pytest.raises(RuntimeError, match="asked for others"):
        # This is why: when botocore stops doing so, its public method will do.
        RefreshableCredentials("one", "secret", "token", datetime.now(UTC), never, "x").get_frozen_credentials()


def test_their_end_is_told() -> None:
    with botocore_still_has("RefreshableCredentials._expiry_time"):
        assert expiry_of(RefreshableCredentials("one", "secret", "token", SOON, never, "custom-process")) == SOON
    assert expiry_of(Credentials("one", "secret")) is None


def test_keys_that_were_not_fetched_yet_are_fetched_and_their_end_is_told() -> None:
    deferred = DeferredRefreshableCredentials(fetched, "assume-role")
    with botocore_still_has("DeferredRefreshableCredentials"):
        assert tuple(keys_of(deferred))[:3] == ("new", "s", "t")
        assert expiry_of(deferred) == SOON


def test_keys_that_have_no_end_are_told() -> None:
    assert tuple(keys_of(Credentials("one", "secret")))[:3] == ("one", "secret", None)


def test_the_metadata_service_is_asked_past_a_proxy(environ: pytest.MonkeyPatch) -> None:
    environ.delenv("AWS_EC2_METADATA_DISABLED")
    environ.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with metadata_service() as server:
        environ.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", server.url)
        environ.setenv("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "1")
        provider: Any = create_credential_resolver(botocore.session.Session()).get_provider("iam-role")
        with pytest.raises(ProxyConnectionError):
            provider.load()
        with botocore_still_has("InstanceMetadataProvider._role_fetcher, or its _session and _timeout"):
            before = provider._role_fetcher._timeout
            bypass_proxy(provider, lambda _: None)
            assert provider.load().access_key == "ASIAKEYNUMBER0000001"
            assert provider._role_fetcher._session._timeout == before


def listing(*tokens: str) -> tuple[Callable[..., Any], list[Any]]:
    """Answers one page for each token, which names the next; with a list of the tokens asked with."""
    asked: list[Any] = []

    def one_page(**arguments: Any) -> dict[str, Any]:
        assert arguments.pop("MaxResults") == 5
        asked.append(arguments.pop("NextToken", None))
        assert not arguments
        page = {"Vpcs": [{"VpcId": f"vpc-{len(asked)}"}]}
        return {**page, "NextToken": tokens[len(asked) - 1]} if len(asked) <= len(tokens) else page

    return one_page, asked


def test_each_page_is_asked_for_by_our_own_function() -> None:
    client: Any = boto3.client("ec2", region_name="eu-west-1")
    one_page, asked = listing("two", "three")
    assert hasattr(Paginator, "PAGE_ITERATOR_CLS"), f"botocore {botocore.__version__} has no PAGE_ITERATOR_CLS any more"
    with botocore_still_has("Paginator.PAGE_ITERATOR_CLS"):
        found = pages(client.get_paginator("describe_vpcs"), one_page, {"MaxResults": 5})
    assert [page["Vpcs"][0]["VpcId"] for page in found] == ["vpc-1", "vpc-2", "vpc-3"]
    assert asked == [None, "two", "three"]
    # Another paginator of the same operation is botocore's own.
    assert client.get_paginator("describe_vpcs").paginate().__class__.__module__ == "botocore.paginate"


def test_one_request_is_signed_with_other_credentials() -> None:
    own = boto3.Session(aws_access_key_id="own", aws_secret_access_key="s", region_name="eu-west-1")
    client: Any = own.client("route53")
    sent: list[str] = []

    def before_sign(request: Any, **_: Any) -> None:
        if request.url.endswith("/Z1"):
            sign_with(request, Credentials("other", "s"))

    def before_send(request: Any, **_: Any) -> None:
        sent.append(request.headers["Authorization"].decode().partition("/")[0])
        raise RuntimeError("nothing is sent")

    client.meta.events.register("before-sign", before_sign)
    client.meta.events.register("before-send", before_send)
    with botocore_still_has("the credentials of a single request (signing context, request_credentials)"):
        for zone in ("Z1", "Z2", "Z1"):
            with pytest.raises(RuntimeError, match="nothing is sent"):
                client.get_hosted_zone(Id=zone)
        assert sent == [f"AWS4-HMAC-SHA256 Credential={key}" for key in ("other", "own", "other")]

"""What boto3 would send, and what the checks of requests say of it: no AWS, no moto."""

from __future__ import annotations

import re
from contextlib import suppress
from functools import cache
from html import unescape
from typing import Any, Final

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from ocpprov.sandbox.cloud import MotoCloud
from ocpprov.sandbox.exchange import Answer, Request
from ocpprov.sandbox.middleware.request_checks import RequestChecks
from tests.support.transport import answer_in_this_process

REGION: Final = "eu-west-1"
_UNCHECKED: Final = Config(
    parameter_validation=False, retries={"total_max_attempts": 1, "mode": "standard"}, proxies={}
)


def request_of(service: str, operation: str, **arguments: Any) -> Request:
    """The request of a client that checks nothing by itself."""
    client, sent = _client(service)
    sent.clear()
    with suppress(ClientError):
        getattr(client, operation)(**arguments)
    [request] = sent
    return request


def refusal(request: Request) -> tuple[str, str] | None:
    """Code and sentence of the refusal; None where the request passes."""
    answer = RequestChecks().before(request, cloud())
    if answer is None:
        return None
    assert answer.status == 400
    text = answer.body.decode()
    if request.header("X-Amz-Target"):
        code, message = re.search(r'"__type": "(.*?)", "message": "(.*)"', text, re.DOTALL).groups()  # type: ignore[union-attr]
        return code, message
    code, message = re.search(r"<Code>(.*?)</Code><Message>(.*?)</Message>", text, re.DOTALL).groups()  # type: ignore[union-attr]
    return code, unescape(message)


@cache
def cloud() -> MotoCloud:
    """What knows the models."""
    return MotoCloud(lambda: 0.0)


@cache
def _client(service: str) -> tuple[Any, list[Request]]:
    make: Any = boto3.client
    client = make(
        service,
        endpoint_url="http://127.0.0.1:1",
        region_name=REGION,
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
        config=_UNCHECKED,
    )
    sent: list[Request] = []

    def answer(request: Request) -> Answer:
        sent.append(request)
        return Answer(400, b"<Error><Code>Seen</Code></Error>")

    answer_in_this_process(client, answer)
    return client, sent

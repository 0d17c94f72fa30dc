"""One quota that isn't told is one that isn't told; without a way to the service nobody asks again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from ocpprov.aws.clients import Clients
from ocpprov.aws.service_quotas import ServiceQuotas


@dataclass
class Client:
    """Service Quotas, with what it says of each code."""

    said: Mapping[str, float | Exception]
    asked: list[str] = field(default_factory=list)

    @property
    def service_quotas(self) -> Client:
        return self

    def get_service_quota(self, *, ServiceCode: str, QuotaCode: str) -> Mapping[str, Any]:  # noqa: N803
        self.asked.append(f"{ServiceCode}/{QuotaCode}")
        said = self.said[QuotaCode]
        if isinstance(said, Exception):
            raise said
        return {"Quota": {"Value": said}}


def error(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "GetServiceQuota")


@pytest.mark.parametrize(
    ("said", "trouble", "asks_on"),
    [
        (error("AccessDeniedException"), "AccessDeniedException: no", True),
        (error("TooManyRequestsException"), "TooManyRequestsException: no", True),
        (error("NoSuchResourceException"), "", True),
        (EndpointConnectionError(endpoint_url="https://quotas.invalid"), "EndpointConnectionError: ", False),
    ],
)
def test_what_one_refusal_means_for_the_next_question(said: Exception, trouble: str, asks_on: bool) -> None:
    client = Client({"L-1": said, "L-2": 7.0})
    quotas = ServiceQuotas(cast("Clients", client))
    assert quotas.value("vpc", "L-1") is None
    assert quotas.value("vpc", "L-2") == (7.0 if asks_on else None)
    assert client.asked == ["vpc/L-1", "vpc/L-2"][: 2 if asks_on else 1]
    assert quotas.trouble.startswith(trouble)
    assert bool(quotas.trouble) is bool(trouble)

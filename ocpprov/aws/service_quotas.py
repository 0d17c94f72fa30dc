"""Service Quotas: what an account may have. Nothing depends on its answer, and many a network has no way to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from ocpprov.aws.errors import describe, is_aws_error

if TYPE_CHECKING:
    from mypy_boto3_service_quotas import ServiceQuotasClient

_NOT_KNOWN: Final = "NoSuchResourceException"
"""A quota that this region or partition doesn't have."""


class ServiceQuotas:
    """Asks as long as there are answers. `trouble` says why there are none any more, empty as long as there are."""

    def __init__(self, make: Callable[[], ServiceQuotasClient]) -> None:
        self._make = make
        self._client: ServiceQuotasClient | None = None
        self.trouble = ""

    def value(self, service: str, code: str) -> float | None:
        """What is allowed, by the codes of Service Quotas; None where it can't be told."""
        if self.trouble:
            return None
        try:
            self._client = self._client or self._make()
            return self._client.get_service_quota(ServiceCode=service, QuotaCode=code)["Quota"].get("Value")
        except Exception as error:
            if not is_aws_error(error):
                raise
            said = describe(error)
            if said.code != _NOT_KNOWN:
                self.trouble = f"{said.code}: {said.message}"
            return None

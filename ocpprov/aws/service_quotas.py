"""Service Quotas: what an account may have. Nothing depends on its answer, and many a network has no way to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ocpprov.aws.errors import describe, is_aws_error

if TYPE_CHECKING:
    from ocpprov.aws.clients import Clients

_NOT_KNOWN: Final = "NoSuchResourceException"
"""A quota that this region or partition doesn't have."""


class ServiceQuotas:
    """Asks as long as there are answers. `trouble` says why there are none any more, empty as long as there are."""

    def __init__(self, probes: Clients) -> None:
        self._probes = probes
        self.trouble = ""

    def value(self, service: str, code: str) -> float | None:
        """What is allowed, by the codes of Service Quotas; None where it can't be told."""
        if self.trouble:
            return None
        try:
            client = self._probes.service_quotas
            return client.get_service_quota(ServiceCode=service, QuotaCode=code)["Quota"].get("Value")
        except Exception as error:
            if not is_aws_error(error):
                raise
            said = describe(error)
            if said.code != _NOT_KNOWN:
                self.trouble = f"{said.code}: {said.message}"
            return None

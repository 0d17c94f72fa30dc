"""Service Quotas: what an account may have. Nothing depends on its answer, and many a network has no way to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ocpprov.aws.errors import is_aws_error, is_silent, wrap

if TYPE_CHECKING:
    from ocpprov.aws.clients import Clients

_NOT_KNOWN: Final = "NoSuchResourceException"
"""A quota that this region or partition doesn't have."""


class ServiceQuotas:
    """Asks as long as there is a way to it. `trouble` is the first reason why something wasn't told, empty as long as
    all was."""

    def __init__(self, probes: Clients) -> None:
        self._probes = probes
        self._has_a_way = True
        self.trouble = ""

    def value(self, service: str, code: str) -> float | None:
        """What is allowed, by the codes of Service Quotas; None where it can't be told."""
        if not self._has_a_way:
            return None
        try:
            client = self._probes.service_quotas
            return client.get_service_quota(ServiceCode=service, QuotaCode=code)["Quota"].get("Value")
        except Exception as error:
            if not is_aws_error(error):
                raise
            said = wrap(error)
            if said.code != _NOT_KNOWN:
                self.trouble = self.trouble or f"{said.code}: {said.message}"
            self._has_a_way = not is_silent(said)
            return None

"""The way to each service: addresses, signing regions, proxies, timeouts and the SDK's own retries."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit
from urllib.request import proxy_bypass

from botocore import UNSIGNED
from botocore.config import Config

from ocpprov.aws.partitions import signing_region
from ocpprov.aws.services import SERVICES

if TYPE_CHECKING:
    from botocore.client import BaseClient

MAX_CONCURRENCY: Final = 64
"""Requests that one client can have in flight without opening a new connection for each."""

_COMMON: Final = Config(
    connect_timeout=10,
    read_timeout=60,
    # Firewalls and NAT gateways drop idle connections without a word; keepalive finds out.
    tcp_keepalive=True,
    max_pool_connections=MAX_CONCURRENCY,
)
# A re-send by the SDK after a lost answer would make a second resource.
ONCE: Final = _COMMON.merge(Config(retries={"mode": "standard", "total_max_attempts": 1}))
PROBING: Final = ONCE.merge(Config(connect_timeout=4, read_timeout=6))
# Whoever asks for credentials holds up all others, and an STS that never answers is told of within 15 seconds.
ASKING: Final = _COMMON.merge(
    Config(connect_timeout=4, read_timeout=6, retries={"mode": "standard", "total_max_attempts": 2})
)

_AS_GIVEN: Final = Config(use_fips_endpoint=False, use_dualstack_endpoint=False)


@dataclass(frozen=True)
class Way:
    """The way that a plan and the environment give. `make` is boto3's, for a client that is only asked for its
    address."""

    region: str
    endpoints: Mapping[str, str]
    proxy: str
    direct: bool
    make: Callable[..., BaseClient]

    def arguments(self, service: str, config: Config) -> dict[str, Any]:
        """What makes a client of this service go the plan's way."""
        arguments: dict[str, Any] = {"region_name": signing_region(service, self.region)}
        # Not in _COMMON: botocore writes into the dict what it finds in the environment.
        config = config.merge(Config(s3={"us_east_1_regional_endpoint": "regional"}))
        if url := self.endpoints.get(service):
            arguments["endpoint_url"] = url
        if url or _given_by_the_environment(service):
            # A given address is taken as it is; boto3 refuses it where FIPS or dual-stack ones are asked for.
            config = config.merge(_AS_GIVEN)
        arguments["config"] = config
        if self.direct:
            arguments["config"] = config.merge(Config(proxies={}))
        elif self.proxy:
            # Nobody's credentials are needed to learn an address.
            unsigned = {**arguments, "config": config.merge(Config(signature_version=UNSIGNED))}
            client = self.make(service, **unsigned)
            arguments["config"] = config.merge(Config(proxies=self._proxies(client)))
        return arguments

    def _proxies(self, client: BaseClient) -> dict[str, str]:
        """The plan's proxy, unless NO_PROXY names the host: of a proxy that is given to it, botocore doesn't ask."""
        if proxy_bypass(urlsplit(client.meta.endpoint_url).netloc):
            return {}
        return {"http": self.proxy, "https": self.proxy}


def _given_by_the_environment(service: str) -> bool:
    if os.environ.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "").lower() == "true":
        return False
    return bool(os.environ.get(SERVICES[service].endpoint_variable) or os.environ.get("AWS_ENDPOINT_URL"))


def by_service(endpoints: Mapping[str, str]) -> dict[str, str]:
    return {
        service.name: endpoints[service.plan_name] for service in SERVICES.values() if service.plan_name in endpoints
    }


def everywhere(url: str) -> dict[str, str]:
    return dict.fromkeys(SERVICES, url)

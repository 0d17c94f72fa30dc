"""How clients are configured: addresses, signing regions, proxies, timeouts and the SDK's own retries."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit
from urllib.request import proxy_bypass

from botocore import UNSIGNED
from botocore.config import Config

from ocpprov import __version__
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
    # CloudTrail's userAgent tells an auditor whose calls these were.
    user_agent_extra=f"ocpprov/{__version__}",
)
# A re-send by the SDK after a lost answer would make a second resource.
MUTATING_CONFIG: Final = _COMMON.merge(Config(retries={"mode": "standard", "total_max_attempts": 1}))
# For URLs of S3, botocore takes the second version of signatures where it isn't told: most regions don't know that.
SIGNING_CONFIG: Final = _COMMON.merge(Config(signature_version="s3v4"))
PROBE_CONFIG: Final = MUTATING_CONFIG.merge(Config(connect_timeout=4, read_timeout=6))
# Whoever asks for credentials holds up all others, and an STS that never answers is told of within 15 seconds.
CREDENTIALS_CONFIG: Final = _COMMON.merge(
    Config(connect_timeout=4, read_timeout=6, retries={"mode": "standard", "total_max_attempts": 2})
)

_REGIONAL_S3: Final = re.compile(r"s3(-fips)?\.[a-z0-9-]+\.amazonaws\.com")

_AS_GIVEN: Final = Config(use_fips_endpoint=False, use_dualstack_endpoint=False)


@dataclass(frozen=True)
class ClientConfig:
    """What a plan and the environment say of clients: `endpoints` are URLs by boto3's names of the services, `direct`
    is past any proxy. `make` is boto3's."""

    region: str
    endpoints: Mapping[str, str]
    proxy: str
    direct: bool
    make: Callable[..., BaseClient]

    def client(self, service: str, config: Config) -> BaseClient:
        """A new client of this service."""
        client = self.make(service, **self._arguments(service, config, self._proxies))
        if self._is_exempt(client):
            # An address is known when the client is made. Most aren't exempt, so most clients are made once.
            client = self.make(service, **self._arguments(service, config, {}))
        return client

    def signer(self, service: str, config: Config) -> BaseClient:
        """A new client that signs URLs for others. Of a bucket at AWS's own address of S3, botocore would name the
        address for all regions, which redirects, and which no endpoint leads to."""
        client = self.client(service, config)
        if _REGIONAL_S3.fullmatch(urlsplit(client.meta.endpoint_url).hostname or ""):
            by_host = Config(s3={"us_east_1_regional_endpoint": "regional", "addressing_style": "virtual"})
            return self.client(service, config.merge(by_host))
        return client

    def sts_arguments(self, config: Config) -> dict[str, Any]:
        """What clients of STS are made with that others make."""
        arguments = self._arguments("sts", config, self._proxies)
        if self.proxy and not self.direct:
            # Nobody's credentials are needed to learn an address.
            unsigned = arguments["config"].merge(Config(signature_version=UNSIGNED))
            if self._is_exempt(self.make("sts", **{**arguments, "config": unsigned})):
                return self._arguments("sts", config, {})
        return arguments

    @property
    def _proxies(self) -> Mapping[str, str] | None:
        """None for the environment's."""
        if self.direct:
            return {}
        return {"http": self.proxy, "https": self.proxy} if self.proxy else None

    def _arguments(self, service: str, config: Config, proxies: Mapping[str, str] | None) -> dict[str, Any]:
        arguments: dict[str, Any] = {"region_name": signing_region(service, self.region)}
        # Not in _COMMON: botocore writes into the dict what it finds in the environment.
        config = Config(s3={"us_east_1_regional_endpoint": "regional"}).merge(config)
        if url := self.endpoints.get(service):
            arguments["endpoint_url"] = url
        if url or _given_by_the_environment(service):
            # A given address is taken as it is; boto3 refuses it where FIPS or dual-stack ones are asked for.
            config = config.merge(_AS_GIVEN)
        if proxies is not None:
            config = config.merge(Config(proxies=dict(proxies)))
        return {**arguments, "config": config}

    def _is_exempt(self, client: BaseClient) -> bool:
        """Whether NO_PROXY names the host: of a proxy that is given to it, botocore doesn't ask."""
        given = self.proxy and not self.direct
        return bool(given and proxy_bypass(urlsplit(client.meta.endpoint_url).netloc))


def _given_by_the_environment(service: str) -> bool:
    if os.environ.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "").lower() == "true":
        return False
    return bool(os.environ.get(SERVICES[service].endpoint_variable) or os.environ.get("AWS_ENDPOINT_URL"))


def endpoints_by_service(endpoints: Mapping[str, str]) -> dict[str, str]:
    """A plan's `serviceEndpoints` by boto3's names."""
    return {
        service.name: endpoints[service.plan_name] for service in SERVICES.values() if service.plan_name in endpoints
    }


def one_endpoint(url: str) -> dict[str, str]:
    """The same for every service."""
    return dict.fromkeys(SERVICES, url)

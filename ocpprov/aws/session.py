"""The one place where clients are made: endpoints, signing regions, proxies, certificates, timeouts and SDK retries."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import urlsplit
from urllib.request import proxy_bypass

import boto3
import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError

from ocpprov.aws.assume_role import AssumedRole
from ocpprov.aws.calls import CallObserver, watch
from ocpprov.aws.clients import Clients
from ocpprov.aws.codes import Fault
from ocpprov.aws.errors import AwsError, AwsMessage, wrap
from ocpprov.aws.pace import Pace, keep
from ocpprov.aws.partitions import Partition, partition_of, signing_region
from ocpprov.aws.services import SERVICES

if TYPE_CHECKING:
    from botocore.client import BaseClient
    from mypy_boto3_service_quotas import ServiceQuotasClient

MAX_CONCURRENCY: Final = 64
"""Requests that one client can have in flight without opening a new connection for each."""

ServiceName = Literal["ec2", "elb", "elbv2", "iam", "route53", "s3", "service-quotas", "sts"]

_COMMON: Final = Config(
    connect_timeout=10,
    read_timeout=60,
    # Firewalls and NAT gateways drop idle connections without a word; keepalive finds out.
    tcp_keepalive=True,
    max_pool_connections=MAX_CONCURRENCY,
    s3={"us_east_1_regional_endpoint": "regional"},
)
# A re-send by the SDK after a lost answer would make a second resource.
_ONCE: Final = _COMMON.merge(Config(retries={"mode": "standard", "total_max_attempts": 1}))
_READING: Final = _COMMON.merge(Config(retries={"mode": "standard", "total_max_attempts": 3}))
_PROBING: Final = _ONCE.merge(Config(connect_timeout=4, read_timeout=6))

_AS_GIVEN: Final = Config(use_fips_endpoint=False, use_dualstack_endpoint=False)

_METADATA_SERVICE: Final = {"metadata_service_timeout": 5, "metadata_service_num_attempts": 5}

# botocore's way to say where a setting comes from: name in the file, variable, default, conversion.
_UNSET: Final = (None, None, None, None)
_NO_FILE: Final = (None, None, os.devnull, None)


@dataclass(frozen=True)
class Session:
    """The way to one region of AWS. All clients exist from the start, because making them is not thread-safe.

    `clients` send each request once; changes go through them. With `reads` the SDK may send up to three times.
    `probes` give up within seconds, and so does what `service_quotas` makes, in the main thread: few runs need it.
    """

    region: str
    partition: Partition
    clients: Clients
    reads: Clients
    probes: Clients
    service_quotas: Callable[[], ServiceQuotasClient]


def connect(  # noqa: PLR0913 - each is another thing that a user may say about the way to AWS
    region: str,
    *,
    on_call: CallObserver,
    profile: str = "",
    service_endpoints: Mapping[str, str] | None = None,
    proxy: str = "",
    ca_bundle: str = "",
    assume_role: str = "",
    sandbox_url: str = "",
    pace: Pace | None = None,
) -> Session:
    """Make the clients for a region. Sends nothing, except for credentials that come from the metadata service.

    `service_endpoints` are URLs by install-config's service names; they, `proxy` and `ca_bundle` win over the
    environment, which holds for what isn't given. `assume_role` is the ARN of a role to act as. NO_PROXY holds for
    either proxy. `sandbox_url` is one URL for all services, reached without proxy and with made-up credentials.
    `pace` holds for all clients but the probes.

    Raises AwsError when profile, settings or the source of the credentials can't be used.
    """
    try:
        endpoints = _everywhere(sandbox_url) if sandbox_url else _by_service(service_endpoints or {})
        core = _sandbox_session() if sandbox_url else _session(profile, ca_bundle)
        if assume_role and not sandbox_url:
            role = AssumedRole(core, assume_role, region, endpoints.get("sts", ""), _ONCE)
            core = _session(profile, ca_bundle)
            core.register_component("credential_provider", role)
        maker = _ClientMaker(
            region=region,
            session=boto3.Session(botocore_session=core),
            endpoints=endpoints,
            proxy=proxy,
            direct=bool(sandbox_url),
            on_call=on_call,
            pace=pace,
        )
        return Session(
            region=region,
            partition=partition_of(region),
            clients=maker.paced(_ONCE),
            reads=maker.paced(_READING),
            probes=maker.clients(_PROBING),
            service_quotas=maker.service_quotas,
        )
    except BotoCoreError as error:
        raise wrap(error) from error
    except ValueError as error:
        # botocore's way to say that an endpoint isn't a URL.
        raise AwsError(Fault.INVALID, AwsMessage(type(error).__name__, str(error))) from error


@dataclass(frozen=True)
class _ClientMaker:
    region: str
    session: boto3.Session
    endpoints: Mapping[str, str]
    proxy: str
    direct: bool
    on_call: CallObserver
    pace: Pace | None

    def paced(self, config: Config) -> Clients:
        made = self.clients(config)
        for service, client in made.by_service().items():
            if self.pace:
                keep(client, service, self.pace)
        return made

    def clients(self, config: Config) -> Clients:
        make = self.session.client
        clients = Clients(
            ec2=make("ec2", **self._arguments("ec2", config)),
            elb=make("elb", **self._arguments("elb", config)),
            elbv2=make("elbv2", **self._arguments("elbv2", config)),
            iam=make("iam", **self._arguments("iam", config)),
            route53=make("route53", **self._arguments("route53", config)),
            s3=make("s3", **self._arguments("s3", config)),
            sts=make("sts", **self._arguments("sts", config)),
        )
        for service, client in clients.by_service().items():
            watch(client, service, self.on_call)
        return clients

    def service_quotas(self) -> ServiceQuotasClient:
        client = self.session.client("service-quotas", **self._arguments("service-quotas", _PROBING))
        watch(client, "service-quotas", self.on_call)
        return client

    def _arguments(self, service: ServiceName, config: Config) -> dict[str, Any]:
        arguments: dict[str, Any] = {"region_name": signing_region(service, self.region)}
        if url := self.endpoints.get(service):
            arguments["endpoint_url"] = url
        if url or _given_by_the_environment(service):
            # A given address is taken as it is; boto3 refuses it where FIPS or dual-stack ones are asked for.
            config = config.merge(_AS_GIVEN)
        arguments["config"] = config
        if self.direct:
            arguments["config"] = config.merge(Config(proxies={}))
        elif self.proxy:
            client = self.session.client(service, **arguments)
            arguments["config"] = config.merge(Config(proxies=self._proxies(client)))
        return arguments

    def _proxies(self, client: BaseClient) -> dict[str, str]:
        """The plan's proxy, unless NO_PROXY names the host: of a proxy that is given to it, botocore doesn't ask."""
        if proxy_bypass(urlsplit(client.meta.endpoint_url).netloc):
            return {}
        return {"http": self.proxy, "https": self.proxy}


def _session(profile: str, ca_bundle: str) -> botocore.session.Session:
    core = botocore.session.Session(profile=profile or None)
    core.set_config_variable("sts_regional_endpoints", "regional")
    if ca_bundle:
        core.set_config_variable("ca_bundle", ca_bundle)
    chosen = core.get_scoped_config()
    for name, value in _METADATA_SERVICE.items():
        if f"AWS_{name.upper()}" not in os.environ and name not in chosen:
            core.set_config_variable(name, value)
    return core


def _sandbox_session() -> botocore.session.Session:
    """A session that takes nothing from the user's files or profile, which may be broken or absent."""
    core = botocore.session.Session(session_vars={"profile": _UNSET, "config_file": _NO_FILE})
    core.set_credentials("sandbox", "sandbox")
    return core


def _given_by_the_environment(service: ServiceName) -> bool:
    if os.environ.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "").lower() == "true":
        return False
    return bool(os.environ.get(SERVICES[service].endpoint_variable) or os.environ.get("AWS_ENDPOINT_URL"))


def _by_service(endpoints: Mapping[str, str]) -> dict[str, str]:
    return {
        service.name: endpoints[service.plan_name] for service in SERVICES.values() if service.plan_name in endpoints
    }


def _everywhere(url: str) -> dict[str, str]:
    return dict.fromkeys(SERVICES, url)

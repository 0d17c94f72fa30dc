"""The one place where clients are made, with their credentials and certificates; `way` says where they go."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

import boto3
import botocore.session
from botocore.exceptions import BotoCoreError

from ocpprov.aws.calls import CallObserver, watch
from ocpprov.aws.clients import Clients
from ocpprov.aws.codes import Fault
from ocpprov.aws.credential_sources import MadeUp, SourceSession, run_credentials
from ocpprov.aws.credentials import Held, RunCredentials
from ocpprov.aws.errors import AwsError, AwsMessage, wrap
from ocpprov.aws.expiry import heed
from ocpprov.aws.masking import said_by
from ocpprov.aws.pace import Pace, keep
from ocpprov.aws.partitions import Partition, partition_of
from ocpprov.aws.way import ASKING, ONCE, PROBING, READING, Way, by_service, everywhere

if TYPE_CHECKING:
    from botocore.client import BaseClient
    from botocore.config import Config
    from mypy_boto3_service_quotas import ServiceQuotasClient

AnySession = TypeVar("AnySession", bound=botocore.session.Session)

METADATA_SERVICE: Final = {"metadata_service_timeout": 2, "metadata_service_num_attempts": 3}
"""Seconds, and how often: where there is one it answers within milliseconds. It is asked for a token and for a role."""

# botocore's way to say where a setting comes from: name in the file, variable, default, conversion.
_UNSET: Final = (None, None, None, None)
_NO_FILE: Final = (None, None, os.devnull, None)


@dataclass(frozen=True)
class Session:
    """The way to one region of AWS. All clients exist from the start, because making them is not thread-safe.

    `clients` send each request once; changes go through them. With `reads` the SDK may send up to three times.
    `probes` give up within seconds, and so does what `service_quotas` makes, in the main thread: few runs need it.
    All are signed with `credentials`.
    """

    region: str
    partition: Partition
    clients: Clients
    reads: Clients
    probes: Clients
    service_quotas: Callable[[], ServiceQuotasClient]
    credentials: RunCredentials


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
    tell: Callable[[str], None] = lambda _: None,
) -> Session:
    """Make the clients for a region. Sends nothing: credentials are asked for with the first request.

    `service_endpoints` are URLs by install-config's service names; they, `proxy` and `ca_bundle` win over the
    environment, which holds for what isn't given. `assume_role` is the ARN of a role to act as. NO_PROXY holds for
    either proxy. `sandbox_url` is one URL for all services, reached without proxy and with made-up credentials.
    `pace` holds for all clients but the probes. `tell` hears of credentials that are awaited or were renewed.

    Raises AwsError when profile or settings can't be used.
    """
    try:
        core = _sandbox_session() if sandbox_url else _prepared(_named(profile), ca_bundle)
        session = boto3.Session(botocore_session=core)
        endpoints = everywhere(sandbox_url) if sandbox_url else by_service(service_endpoints or {})
        way = Way(region, endpoints, proxy, bool(sandbox_url), session.client)
        if sandbox_url:
            credentials = RunCredentials(MadeUp(), tell)
        else:
            source = _prepared(SourceSession(profile, way.arguments("sts", ASKING), on_call), ca_bundle)
            credentials = run_credentials(source, region, assume_role, tell)
        core.register_component("credential_provider", Held(credentials))
        maker = _ClientMaker(way, session, credentials, on_call, pace)
        return Session(
            region=region,
            partition=partition_of(region),
            clients=maker.paced(ONCE),
            reads=maker.paced(READING),
            probes=maker.clients(PROBING),
            service_quotas=maker.service_quotas,
            credentials=credentials,
        )
    except BotoCoreError as error:
        raise wrap(error) from error
    except ValueError as error:
        # botocore's way to say that an endpoint isn't a URL.
        raise AwsError(Fault.INVALID, AwsMessage(type(error).__name__, said_by(error))) from error


@dataclass(frozen=True)
class _ClientMaker:
    way: Way
    session: boto3.Session
    credentials: RunCredentials
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
            ec2=make("ec2", **self.way.arguments("ec2", config)),
            elb=make("elb", **self.way.arguments("elb", config)),
            elbv2=make("elbv2", **self.way.arguments("elbv2", config)),
            iam=make("iam", **self.way.arguments("iam", config)),
            route53=make("route53", **self.way.arguments("route53", config)),
            s3=make("s3", **self.way.arguments("s3", config)),
            sts=make("sts", **self.way.arguments("sts", config)),
        )
        for service, client in clients.by_service().items():
            self._mind(client, service)
        return clients

    def _mind(self, client: BaseClient, service: str) -> None:
        watch(client, service, self.on_call)
        heed(client, self.credentials)

    def service_quotas(self) -> ServiceQuotasClient:
        client = self.session.client("service-quotas", **self.way.arguments("service-quotas", PROBING))
        self._mind(client, "service-quotas")
        return client


def _named(profile: str) -> botocore.session.Session:
    return botocore.session.Session(profile=profile or None)


def _prepared(core: AnySession, ca_bundle: str) -> AnySession:
    """The session with what holds for all."""
    core.set_config_variable("sts_regional_endpoints", "regional")
    if ca_bundle:
        core.set_config_variable("ca_bundle", ca_bundle)
    chosen = core.get_scoped_config()
    for name, value in METADATA_SERVICE.items():
        if f"AWS_{name.upper()}" not in os.environ and name not in chosen:
            core.set_config_variable(name, value)
    return core


def _sandbox_session() -> botocore.session.Session:
    """A session that takes nothing from the user's files or profile, which may be broken or absent."""
    return botocore.session.Session(session_vars={"profile": _UNSET, "config_file": _NO_FILE})

"""The one place where clients are made, with their credentials and certificates; `client_config` says where they go."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypedDict, TypeVar, Unpack

import boto3
import botocore.session
from botocore.exceptions import BotoCoreError

from ocpprov.aws.calls import CallObserver, CallRecord
from ocpprov.aws.client_config import (
    CREDENTIALS_CONFIG,
    MUTATING_CONFIG,
    PROBE_CONFIG,
    SIGNING_CONFIG,
    ClientConfig,
    endpoints_by_service,
    one_endpoint,
)
from ocpprov.aws.clients import Clients
from ocpprov.aws.credential_sources import SandboxSource, SourceSession, run_credentials, zone_credentials
from ocpprov.aws.credentials import CredentialProviderAdapter, RunCredentials
from ocpprov.aws.deadlines import CALL_SECONDS, PROBE_CALL_SECONDS, register_deadline
from ocpprov.aws.endpoint_guard import EndpointGuard
from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError, AwsMessage, wrap
from ocpprov.aws.fence import Fence
from ocpprov.aws.hooks import (
    register_bucket_owner,
    register_call_observer,
    register_expiry_hook,
    register_fence,
    register_rate_limit,
    register_zone_credentials,
)
from ocpprov.aws.masking import said_by
from ocpprov.aws.partitions import Partition, partition_of
from ocpprov.aws.rate_limit import Limiter
from ocpprov.aws.service_models import ServiceModels

if TYPE_CHECKING:
    from botocore.client import BaseClient
    from botocore.config import Config

AnySession = TypeVar("AnySession", bound=botocore.session.Session)

METADATA_SERVICE: Final = {"metadata_service_timeout": 2, "metadata_service_num_attempts": 3}
"""Seconds, and how often: where there is one it answers within milliseconds. It is asked for a token and for a role."""

# botocore's way to say where a setting comes from: name in the file, variable, default, conversion.
_UNSET: Final = (None, None, None, None)
_NO_FILE: Final = (None, None, os.devnull, None)


@dataclass(frozen=True)
class Session:
    """One region of AWS. Clients are made as they are needed.

    `clients` send each request once; changes go through them, and past the `fence`. `probes` give up within seconds.
    All are signed with `credentials`. `signers` send nothing: what they sign is for somebody else to send, who has
    neither this program's hooks nor its headers.
    """

    region: str
    partition: Partition
    clients: Clients
    probes: Clients
    signers: Clients
    fence: Fence
    credentials: RunCredentials


class SessionSettings(TypedDict, total=False):
    """What a user may say about the way to AWS.

    `service_endpoints` are URLs by install-config's service names; they, `proxy` and `ca_bundle` win over the
    environment, which holds for what isn't given. `assume_role` is the ARN of a role to act as, `zone_roles` are those
    to act as on hosted zones of other accounts, by the zones' ids. NO_PROXY holds for either proxy. `sandbox_url` is
    one URL for all services, reached without proxy and with made-up credentials.
    An address in clear on another host is refused unless `insecure_endpoint`; `places` says where the plan has that of
    a service (by install-config's name). `on_notice` hears of credentials that are awaited or were renewed.
    """

    profile: str
    service_endpoints: Mapping[str, str]
    proxy: str
    ca_bundle: str
    assume_role: str
    zone_roles: Mapping[str, str]
    sandbox_url: str
    insecure_endpoint: bool
    places: Mapping[str, str]
    on_notice: Callable[[str], None]


@dataclass(frozen=True)
class SessionFactory:
    """What all sessions of one region have in common that are made with the same settings: these, their credentials,
    and what botocore knows of services, which takes longest to read."""

    region: str
    credentials: RunCredentials
    _config: ClientConfig
    _guard: EndpointGuard
    _zone_roles: Mapping[str, str]
    _on_notice: Callable[[str], None]
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def session(self, on_call: CallObserver, rate_limiter: Limiter | None = None) -> Session:
        """A session with clients of its own, of whose calls `on_call` is told. `rate_limiter` holds for all of them,
        and learns from their answers."""
        observe = _observed(on_call, rate_limiter)
        zones = zone_credentials(self._zone_roles, self.credentials, lambda: probes.sts, self._on_notice)
        factory = _ClientFactory(self._config, self.credentials, zones, observe, rate_limiter, self._guard)
        probes = Clients(factory.probing, self._lock)
        return Session(
            region=self.region,
            partition=partition_of(self.region),
            clients=Clients(factory.mutating, self._lock),
            probes=probes,
            signers=Clients(factory.signing, self._lock),
            fence=factory.fence,
            credentials=self.credentials,
        )


def _observed(on_call: CallObserver, rate_limiter: Limiter | None) -> CallObserver:
    if rate_limiter is None:
        return on_call
    learn = rate_limiter.on_call

    def observe(record: CallRecord) -> None:
        learn(record)
        on_call(record)

    return observe


def open_session(
    region: str,
    *,
    on_call: CallObserver,
    rate_limiter: Limiter | None = None,
    **settings: Unpack[SessionSettings],
) -> Session:
    """Prepare the clients for a region. Sends nothing: credentials are asked for with the first request.
    `rate_limiter` holds for all clients, and learns from their answers.

    Raises AwsError when profile or settings can't be used; an address is looked at when its client is made.
    """
    return session_factory(region, on_call=on_call, **settings).session(on_call, rate_limiter)


def session_factory(region: str, *, on_call: CallObserver, **settings: Unpack[SessionSettings]) -> SessionFactory:
    """What makes sessions for a region. `on_call` hears of the calls that credentials take to come. Raises AwsError
    when profile or settings can't be used."""
    profile, ca_bundle = settings.get("profile", ""), settings.get("ca_bundle", "")
    sandbox_url, proxy = settings.get("sandbox_url", ""), settings.get("proxy", "")
    on_notice = settings.get("on_notice", _unheard)
    with _settings_are_usable():
        core = _sandbox_session() if sandbox_url else _prepared(_named(profile), ca_bundle)
        session = boto3.Session(botocore_session=core)
        given = endpoints_by_service(settings.get("service_endpoints", {}))
        endpoints = one_endpoint(sandbox_url) if sandbox_url else given
        config = ClientConfig(region, endpoints, proxy, bool(sandbox_url), session.client)
        places = endpoints_by_service(settings.get("places", {}))
        guard = EndpointGuard(settings.get("insecure_endpoint", False), on_notice, places, _settings_of(core))
        if sandbox_url:
            credentials = RunCredentials(SandboxSource(), on_notice)
        else:
            sts_arguments = config.sts_arguments(CREDENTIALS_CONFIG)
            source = _prepared(SourceSession(profile, sts_arguments, on_call, guard), ca_bundle)
            credentials = run_credentials(source, region, settings.get("assume_role", ""), on_notice)
        core.register_component("credential_provider", CredentialProviderAdapter(credentials))
        return SessionFactory(region, credentials, config, guard, settings.get("zone_roles", {}), on_notice)


def _unheard(_: str) -> None:
    """Nobody listens."""


def configured_region(profile: str = "") -> str:
    """The region that the AWS CLI would take, by variables or profile; empty where there is none. Raises AwsError when
    the profile can't be used."""
    with _settings_are_usable():
        region = os.environ.get("AWS_REGION") or _named(profile).get_config_variable("region")
    return str(region or "")


@contextmanager
def _settings_are_usable() -> Iterator[None]:
    """What boto3 says of settings and addresses that it can't use leaves as an AwsError."""
    try:
        yield
    except BotoCoreError as error:
        raise wrap(error) from error
    except ValueError as error:
        # botocore's way to say that an endpoint isn't a URL.
        raise AwsError(ErrorClass.INVALID, AwsMessage(type(error).__name__, said_by(error))) from error


@dataclass(frozen=True)
class _ClientFactory:
    config: ClientConfig
    credentials: RunCredentials
    zones: Mapping[str, RunCredentials]
    on_call: CallObserver
    rate_limiter: Limiter | None
    guard: EndpointGuard
    fence: Fence = field(default_factory=Fence)

    def mutating(self, service: str) -> BaseClient:
        client = self._client(service, MUTATING_CONFIG, CALL_SECONDS)
        if self.rate_limiter:
            register_rate_limit(client, service, self.rate_limiter.wait)
        register_fence(client, self.fence)
        return client

    def probing(self, service: str) -> BaseClient:
        client = self._client(service, PROBE_CONFIG, PROBE_CALL_SECONDS)
        if self.rate_limiter:
            register_rate_limit(client, service, self.rate_limiter.begin)
        return client

    def signing(self, service: str) -> BaseClient:
        with _settings_are_usable():
            client = self.config.signer(service, SIGNING_CONFIG)
        self.guard.check(client)
        return client

    def _client(self, service: str, config: Config, seconds: float) -> BaseClient:
        with _settings_are_usable():
            client = self.config.client(service, config)
        self.guard.check(client)
        register_call_observer(client, service, self.on_call)
        register_expiry_hook(client, self.credentials)
        register_deadline(client, seconds)
        if service == "route53" and self.zones:
            register_zone_credentials(client, self.zones)
        if service == "s3":
            register_bucket_owner(client, lambda: self.credentials.account)
        return client


def _settings_of(core: botocore.session.Session) -> str:
    profile = core.get_config_variable("profile") or "default"
    return f"{core.get_config_variable('config_file')} (profile {profile})"


def _named(profile: str) -> botocore.session.Session:
    return botocore.session.Session(profile=profile or None)


def _prepared(core: AnySession, ca_bundle: str) -> AnySession:
    """The session with what holds for all but the sandbox's."""
    core.set_config_variable("sts_regional_endpoints", "regional")
    if ca_bundle:
        core.set_config_variable("ca_bundle", ca_bundle)
    chosen = core.get_scoped_config()
    for name, value in METADATA_SERVICE.items():
        if f"AWS_{name.upper()}" not in os.environ and name not in chosen:
            core.set_config_variable(name, value)
    return _with_models(core)


def _with_models(core: AnySession) -> AnySession:
    core.register_component("data_loader", ServiceModels.of(core))
    return core


def _sandbox_session() -> botocore.session.Session:
    """A session that takes nothing from the user's files or profile, which may be broken or absent."""
    return _with_models(botocore.session.Session(session_vars={"profile": _UNSET, "config_file": _NO_FILE}))

"""Where a run's credentials come from: everything that the AWS CLI knows, and the plan's role on top of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

import botocore.session
from botocore.credentials import (
    AssumeRoleCredentialFetcher,
    Credentials,
    ReadOnlyCredentials,
    RefreshableCredentials,
    create_credential_resolver,
)
from botocore.exceptions import ClientError, RefreshWithMFAUnsupportedError

from ocpprov.aws.botocore_private import bypass_proxy
from ocpprov.aws.calls import CallObserver
from ocpprov.aws.credential_expiry import (
    ENVIRONMENT,
    FILES,
    PROCESS,
    ROLE,
    SESSION_NAME,
    SIGNED_IN,
    CredentialExpiry,
    expiry_in_environment,
    expiry_of_profile_role,
    expiry_of_role,
    needs_mfa_code,
    source_named,
)
from ocpprov.aws.credentials import ROLE_TIMEOUT, FetchedCredentials, RunCredentials
from ocpprov.aws.endpoint_guard import EndpointGuard
from ocpprov.aws.error_codes import EXPIRED_CODES
from ocpprov.aws.errors import describe
from ocpprov.aws.hooks import register_call_observer, register_expiry_hook

if TYPE_CHECKING:
    from mypy_boto3_sts import STSClient

MakeSts: TypeAlias = Callable[..., "STSClient"]
"""Makes a client of STS with the plan's settings and the credentials that it is given."""


class SourceSession(botocore.session.Session):
    """A session for looking for credentials. botocore's own providers make clients of STS from it, for the roles of
    profiles and for web identities, with nothing but credentials: at AWS's global endpoint, with a proxy or a CA of the
    plan's unknown, and without a region where none is in the environment. Here they get the plan's settings."""

    def __init__(
        self, profile: str, sts_arguments: Mapping[str, Any], on_call: CallObserver, guard: EndpointGuard
    ) -> None:
        """`sts_arguments` are those of `create_client`. `guard` looks at the address of every client."""
        super().__init__(profile=profile or None)
        self.guard = guard
        self._sts_arguments = sts_arguments
        self._on_call = on_call

    def create_client(self, service_name: str, *args: Any, **given: Any) -> Any:
        if service_name != "sts":
            other = super().create_client(service_name, *args, **given)
            self.guard.check(other)
            return other
        arguments = {**given, **self._sts_arguments}
        if config := given.get("config"):
            arguments["config"] = self._sts_arguments["config"].merge(config)
        client = super().create_client("sts", **arguments)
        self.guard.check(client)
        register_call_observer(client, "sts", self._on_call)
        return client

    def make_sts(self, **given: Any) -> STSClient:
        """A client of STS with the plan's settings and these credentials."""
        client: STSClient = self.create_client("sts", **given)
        return client


class UserSource:
    """What the AWS CLI would take: variables, profiles, commands, roles, tokens, metadata services. Asked anew each
    time, so that a file that somebody has written anew, or new keys of a role, are seen."""

    def __init__(self, session: SourceSession, region: str) -> None:
        self._session = session
        self._region = region
        self._asked = False

    @property
    def _profile(self) -> str:
        return str(self._session.get_config_variable("profile") or "default")

    @property
    def _profiles(self) -> Mapping[str, Any]:
        profiles: Mapping[str, Any] = self._session.full_config.get("profiles", {})
        return profiles

    def load(self) -> Credentials | None:
        resolver = create_credential_resolver(self._session, region_name=self._region)
        bypass_proxy(resolver.get_provider("iam-role"), self._session.guard.check_metadata)
        found: Credentials | None = resolver.load_credentials()
        if found and found.method == ROLE and self._asked and needs_mfa_code(self._profiles, self._profile):
            raise RefreshWithMFAUnsupportedError
        self._asked = True
        return found

    def name(self, fetched: FetchedCredentials | None) -> str:
        if fetched is None and "credential_process" in self._profiles.get(self._profile, {}):
            return source_named(PROCESS, self._profile)
        if fetched is None:
            return f"the AWS CLI's settings (profile {self._profile})"
        return source_named(fetched.method, self._profile)

    def expiry(self, fetched: FetchedCredentials) -> CredentialExpiry:
        name = self.name(fetched)
        if fetched.method == ENVIRONMENT:
            return expiry_in_environment(os.environ)
        if fetched.method in FILES:
            return CredentialExpiry(name, fetched.expires_at, long_term=not fetched.keys.token)
        if fetched.method == ROLE:
            return expiry_of_profile_role(self._profiles, self._profile, os.environ, fetched.expires_at)
        if fetched.method in SIGNED_IN:
            # Renewed until somebody has to sign in again, and nobody says when that is.
            return CredentialExpiry(name)
        return CredentialExpiry(name, fetched.expires_at, refreshable=True)


class RoleSource:
    """A role that is taken with other credentials."""

    def __init__(self, base: RunCredentials, role: str, make_sts: MakeSts, key: str = "aws.assumeRole") -> None:
        """`role` is an ARN, `key` the plan's that has it."""
        self._base = base
        self._role = role
        self._key = key
        self._make_sts = make_sts

    def load(self) -> Credentials:
        try:
            return self._take()
        except ClientError as error:
            if describe(error).code not in EXPIRED_CODES:
                raise
            # Those that it is taken with have heard it, and may have others.
            return self._take()

    def _take(self) -> Credentials:
        fetcher = AssumeRoleCredentialFetcher(
            self._client, self._base, self._role, extra_args={"RoleSessionName": SESSION_NAME}
        )
        fetched = fetcher.fetch_credentials()
        return RefreshableCredentials.create_from_metadata(fetched, fetcher.fetch_credentials, ROLE)

    def _client(self, _: str, **credentials: Any) -> STSClient:
        client = self._make_sts(**credentials)
        register_expiry_hook(client, self._base)
        return client

    def name(self, _: FetchedCredentials | None) -> str:
        return f"{self._role} ({self._key})"

    def expiry(self, fetched: FetchedCredentials) -> CredentialExpiry:
        return expiry_of_role(self.name(fetched), self._base.expiry(), fetched.expires_at)


class SandboxSource:
    """Keys for the sandbox, which takes any."""

    def load(self) -> Credentials:
        return Credentials("sandbox", "sandbox", method="sandbox")

    def name(self, _: FetchedCredentials | None) -> str:
        return "the sandbox"

    def expiry(self, _: FetchedCredentials) -> CredentialExpiry:
        return CredentialExpiry("the sandbox", long_term=True)


def run_credentials(session: SourceSession, region: str, role: str, on_notice: Callable[[str], None]) -> RunCredentials:
    """What the AWS CLI would take, or with `role` (an ARN) what that gives for the role."""
    own = RunCredentials(UserSource(session, region), on_notice, _account_of(session.make_sts))
    return RunCredentials(RoleSource(own, role, session.make_sts), on_notice, timeout=ROLE_TIMEOUT) if role else own


def zone_credentials(
    roles: Mapping[str, str], base: RunCredentials, sts: Callable[[], STSClient], on_notice: Callable[[str], None]
) -> dict[str, RunCredentials]:
    """What zones of other accounts are asked and changed with, by their ids: each role (an ARN) is taken with the run's
    own credentials `base`, which `sts` is signed with, and once for all of its zones."""

    def signed_by_the_run(**_: Any) -> STSClient:
        return sts()

    taken = {
        role: RunCredentials(
            RoleSource(base, role, signed_by_the_run, "openshift.hostedZoneRole"), on_notice, timeout=ROLE_TIMEOUT
        )
        for role in sorted(set(roles.values()))
    }
    return {zone: taken[role] for zone, role in roles.items()}


def _account_of(make_sts: MakeSts) -> Callable[[ReadOnlyCredentials], str]:
    """Asks AWS whose account keys are of."""

    def ask(keys: ReadOnlyCredentials) -> str:
        client = make_sts(
            aws_access_key_id=keys.access_key, aws_secret_access_key=keys.secret_key, aws_session_token=keys.token
        )
        return client.get_caller_identity()["Account"]

    return ask

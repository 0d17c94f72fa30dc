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
from ocpprov.aws.codes import EXPIRED_CODES
from ocpprov.aws.credentials import ON_TOP, RunCredentials, Taken
from ocpprov.aws.errors import describe
from ocpprov.aws.hooks import register_call_observer, register_expiry_hook
from ocpprov.aws.lifetime import (
    ENVIRONMENT,
    FILES,
    PROCESS,
    ROLE,
    SESSION_NAME,
    SIGNED_IN,
    Lifetime,
    asks_for_a_code,
    in_environment,
    of_profile_role,
    role_on,
    source_named,
)

if TYPE_CHECKING:
    from mypy_boto3_sts import STSClient

MakeSts: TypeAlias = Callable[..., "STSClient"]
"""Makes a client of STS that goes the plan's way, with the credentials that it is given."""


class SourceSession(botocore.session.Session):
    """A session for looking for credentials. botocore's own providers make clients of STS from it, for the roles of
    profiles and for web identities, with nothing but credentials: at AWS's global endpoint, with a proxy or a CA of the
    plan's unknown, and without a region where none is in the environment. Here they get the plan's way."""

    def __init__(self, profile: str, way: Mapping[str, Any], on_call: CallObserver) -> None:
        """`way` are arguments of `create_client` for STS."""
        super().__init__(profile=profile or None)
        self._way = way
        self._on_call = on_call

    def create_client(self, service_name: str, *args: Any, **given: Any) -> Any:
        if service_name != "sts":
            return super().create_client(service_name, *args, **given)
        arguments = {**given, **self._way}
        if config := given.get("config"):
            arguments["config"] = self._way["config"].merge(config)
        client = super().create_client("sts", **arguments)
        register_call_observer(client, "sts", self._on_call)
        return client

    def make_sts(self, **given: Any) -> STSClient:
        """A client of STS that goes the plan's way, with these credentials."""
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
        bypass_proxy(resolver.get_provider("iam-role"))
        found: Credentials | None = resolver.load_credentials()
        if found and found.method == ROLE and self._asked and asks_for_a_code(self._profiles, self._profile):
            raise RefreshWithMFAUnsupportedError
        self._asked = True
        return found

    def name(self, taken: Taken | None) -> str:
        if taken is None and "credential_process" in self._profiles.get(self._profile, {}):
            return source_named(PROCESS, self._profile)
        if taken is None:
            return f"the AWS CLI's settings (profile {self._profile})"
        return source_named(taken.method, self._profile)

    def lifetime(self, taken: Taken) -> Lifetime:
        name = self.name(taken)
        if taken.method == ENVIRONMENT:
            return in_environment(os.environ)
        if taken.method in FILES:
            return Lifetime(name, taken.ends, lasting=not taken.keys.token)
        if taken.method == ROLE:
            return of_profile_role(self._profiles, self._profile, os.environ, taken.ends)
        if taken.method in SIGNED_IN:
            # Renewed until somebody has to sign in again, and nobody says when that is.
            return Lifetime(name)
        return Lifetime(name, taken.ends, renewed=True)


class RoleSource:
    """A role that is taken with other credentials."""

    def __init__(self, below: RunCredentials, role: str, make_sts: MakeSts) -> None:
        """`role` is an ARN."""
        self._below = below
        self._role = role
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
            self._client, self._below, self._role, extra_args={"RoleSessionName": SESSION_NAME}
        )
        taken = fetcher.fetch_credentials()
        return RefreshableCredentials.create_from_metadata(taken, fetcher.fetch_credentials, ROLE)

    def _client(self, _: str, **credentials: Any) -> STSClient:
        client = self._make_sts(**credentials)
        register_expiry_hook(client, self._below)
        return client

    def name(self, _: Taken | None) -> str:
        return f"{self._role} (aws.assumeRole)"

    def lifetime(self, taken: Taken) -> Lifetime:
        return role_on(self.name(taken), self._below.lifetime(), taken.ends)


class MadeUp:
    """Keys for the sandbox, which takes any."""

    def load(self) -> Credentials:
        return Credentials("sandbox", "sandbox", method="sandbox")

    def name(self, _: Taken | None) -> str:
        return "the sandbox"

    def lifetime(self, _: Taken) -> Lifetime:
        return Lifetime("the sandbox", lasting=True)


def run_credentials(session: SourceSession, region: str, role: str, tell: Callable[[str], None]) -> RunCredentials:
    """What the AWS CLI would take, or with `role` (an ARN) what that gives for the role."""
    own = RunCredentials(UserSource(session, region), tell, _account_of(session.make_sts))
    return RunCredentials(RoleSource(own, role, session.make_sts), tell, timeout=ON_TOP) if role else own


def _account_of(make_sts: MakeSts) -> Callable[[ReadOnlyCredentials], str]:
    """Asks AWS whose account keys are of."""

    def ask(keys: ReadOnlyCredentials) -> str:
        client = make_sts(
            aws_access_key_id=keys.access_key, aws_secret_access_key=keys.secret_key, aws_session_token=keys.token
        )
        return client.get_caller_identity()["Account"]

    return ask

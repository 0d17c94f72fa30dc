"""Acting as another role, taken with the credentials that there are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials
from botocore.exceptions import NoCredentialsError

if TYPE_CHECKING:
    from botocore.config import Config
    from botocore.session import Session

_SESSION_NAME: Final = "ocpprov"


class AssumedRole:
    """A source of credentials, for botocore's component `credential_provider`: those of a role.

    They are asked for when they are first needed, and again before they end.
    """

    def __init__(self, source: Session, role: str, region: str, endpoint_url: str, config: Config) -> None:
        """`source` has the credentials to ask with, `role` is an ARN, `endpoint_url` STS's own URL or empty."""
        self._source = source
        self._role = role
        self._region = region
        self._place: Mapping[str, Any] = {"endpoint_url": endpoint_url} if endpoint_url else {}
        self._config = config

    def load_credentials(self) -> DeferredRefreshableCredentials:
        """The role's credentials, not asked for yet. Raises NoCredentialsError where there are none to ask with."""
        credentials = self._source.get_credentials()
        if credentials is None:
            raise NoCredentialsError
        fetcher = AssumeRoleCredentialFetcher(
            self._client, credentials, self._role, extra_args={"RoleSessionName": _SESSION_NAME}
        )
        return DeferredRefreshableCredentials(refresh_using=fetcher.fetch_credentials, method="assume-role")

    def _client(self, service: str, **credentials: Any) -> Any:
        return self._source.create_client(
            service,
            region_name=self._region,
            config=self._config,
            **self._place,
            **credentials,
        )

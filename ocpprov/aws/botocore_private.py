"""What of botocore's insides is used, as nothing public does it. Each has a test that says what to mend when botocore
changes it (tests/aws/test_botocore_private.py)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore.credentials import Credentials, ReadOnlyCredentials, RefreshableCredentials
from botocore.httpsession import URLLib3Session
from botocore.paginate import PageIterator

if TYPE_CHECKING:
    from botocore.client import BaseClient

Page = Mapping[str, Any]


def keys_of(credentials: Credentials) -> ReadOnlyCredentials:
    """The keys that were fetched; fetched now where there are none yet. botocore's `get_frozen_credentials` would at
    once fetch others in place of those that live for less than fifteen minutes."""
    refreshable: Any = credentials
    if isinstance(credentials, RefreshableCredentials) and refreshable._frozen_credentials:
        keys: ReadOnlyCredentials = refreshable._frozen_credentials
        return keys
    return credentials.get_frozen_credentials()


def expiry_of(credentials: Credentials) -> datetime | None:
    """When the fetched keys end; None where nobody says. botocore tells only whether it is soon."""
    refreshable: Any = credentials
    ends: datetime | None = refreshable._expiry_time if isinstance(credentials, RefreshableCredentials) else None
    return ends


class _Checked(URLLib3Session):
    """Sends nothing that `check` refuses."""

    def __init__(self, timeout: int, check: Callable[[str], None]) -> None:
        super().__init__(timeout=timeout)
        self._check = check

    def send(self, request: Any) -> Any:
        self._check(request.url)
        return super().send(request)


def bypass_proxy(metadata: Any, check: Callable[[str], None]) -> None:
    """Have botocore's provider `iam-role` ask the instance's metadata service past any proxy: nobody else has this
    instance's credentials, and a proxy would answer for itself. botocore takes the environment's proxy, and NO_PROXY
    is the user's. The provider is the one too that `credential_source` names. `check` is called with the URL of
    each request before it is sent."""
    fetcher = metadata._role_fetcher
    fetcher._session = _Checked(fetcher._timeout, check)


def pages(paginator: Any, one_page: Callable[..., Page], arguments: Mapping[str, Any]) -> Sequence[Page]:
    """All pages of a listing, each of them got by `one_page`, which takes the operation's arguments: so one that is
    sent again doesn't cost those before it. botocore's paginator calls the client's own method."""

    def page_iterator(_: Any, *settings: Any, **more: Any) -> PageIterator[Any]:
        return PageIterator(one_page, *settings, **more)

    paginator.PAGE_ITERATOR_CLS = page_iterator
    return list(paginator.paginate(**arguments))


def sign_with(request: Any, credentials: Any) -> None:
    """Have one request, which isn't signed yet, signed with other credentials (something with `get_frozen_credentials`)
    than its client's. botocore has it for S3's access grants, and nowhere in its documentation."""
    request.context.setdefault("signing", {})["request_credentials"] = credentials


def wrap_http_session(client: BaseClient, wrap: Callable[[Any], Any]) -> None:
    """Have a client send through what `wrap` makes of botocore's HTTP session: something with its `send(request)`,
    which gives the response with its body read, and `close()`. botocore takes no other session of its caller's."""
    inside: Any = client
    inside._endpoint.http_session = wrap(inside._endpoint.http_session)

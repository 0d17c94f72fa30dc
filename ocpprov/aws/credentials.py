"""The credentials of a run: asked for once for all threads, renewed before they end, and never signed with afterwards.

botocore renews too, but each thread asks again where the source fails, a source that hangs holds up everything without
a word, keys that live for less than ten minutes are asked for anew for every request, and what AWS refuses as expired
stays in use.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol, TypeVar

from botocore.credentials import Credentials, ReadOnlyCredentials
from botocore.exceptions import NoCredentialsError

from ocpprov.aws.botocore_private import expiry_of, keys_of
from ocpprov.aws.credential_expiry import CredentialExpiry, epoch_seconds
from ocpprov.aws.endpoint_guard import InsecureEndpoint
from ocpprov.aws.errors import AwsMessage, CredentialsError, describe
from ocpprov.aws.timeouts import Timeout, submit
from ocpprov.engine.threads import ThreadsExhausted

T = TypeVar("T")

_REFRESH_MARGIN: Final = 15 * 60.0
"""Seconds before their end in which credentials are renewed; of shorter-lived ones the last quarter of their time."""
_RETRY_AFTER: Final = 30.0
"""Seconds until a source is asked again that had nothing new, or failed, while the old ones are still good."""
_TIMEOUT: Final = Timeout(notice=10.0, limit=120.0)
"""Somebody may have to type the code of an MFA device."""
_BASE_SECONDS: Final = 2 * _TIMEOUT.limit
"""What other credentials take at most, to come and to be looked at."""
ROLE_TIMEOUT: Final = Timeout(notice=_BASE_SECONDS + 10, limit=_BASE_SECONDS + 20)
"""Of what stands on them: they say it themselves when they are late."""


@dataclass(frozen=True)
class FetchedCredentials:
    """Credentials in hand. `method` is botocore's name of the provider; `expires_at` (None where nobody says) and
    `fetched_at` are seconds since the epoch."""

    keys: ReadOnlyCredentials
    method: str
    expires_at: float | None
    fetched_at: float


class CredentialSource(Protocol):
    """Where credentials come from."""

    def load(self) -> Credentials | None:
        """Ask anew. Raises whatever stands in the way."""
        ...

    def name(self, fetched: FetchedCredentials | None) -> str:
        """Where they come from, in words."""
        ...

    def expiry(self, fetched: FetchedCredentials) -> CredentialExpiry: ...


class RunCredentials:
    """What the requests of a run are signed with; to botocore a `Credentials`, as far as it uses one.

    Safe to use from many threads. While they are good, nobody waits for the next ones, which a thread of their own
    fetches; where they aren't, one thread asks the source, and the others wait.
    """

    def __init__(
        self,
        source: CredentialSource,
        on_notice: Callable[[str], None],
        account_of: Callable[[ReadOnlyCredentials], str] | None = None,
        *,
        now: Callable[[], float] = time.time,
        timeout: Timeout = _TIMEOUT,
    ) -> None:
        """`on_notice` hears of a source that doesn't answer, and of credentials that were renewed because AWS refused
        those before. `account_of` asks AWS whose account keys are of."""
        self.method = "ocpprov"
        self.account_id = None
        self._source = source
        self._on_notice = on_notice
        self._now = now
        self._timeout = timeout
        self._lock = threading.Lock()
        self._fetched: FetchedCredentials | None = None
        self._refused: tuple[str, AwsMessage] | None = None
        self._failure: CredentialsError | None = None
        self._next_attempt = float("-inf")
        self._account_of = account_of
        self._account = ""

    @property
    def access_key(self) -> str | None:
        return self.get_frozen_credentials().access_key

    @property
    def secret_key(self) -> str | None:
        return self.get_frozen_credentials().secret_key

    @property
    def token(self) -> str | None:
        return self.get_frozen_credentials().token

    def get_frozen_credentials(self) -> ReadOnlyCredentials:
        """The keys to sign with. Raises CredentialsError when there are none (any more)."""
        fetched = self._fetched
        if fetched and self._is_valid(fetched):
            if self._needs_refresh(fetched) and self._lock.acquire(blocking=False):
                self._begin_early()
            return fetched.keys
        with self._lock:
            if self._fetched is None or not self._is_valid(self._fetched):
                self._refresh()
            return self._current().keys

    def get_deferred_property(self, name: str) -> Callable[[], Any]:
        """Something of them that is looked up when it is needed."""
        return lambda: getattr(self, name, None)

    def expiry(self) -> CredentialExpiry:
        """How long they serve. Raises CredentialsError when there are none."""
        self.get_frozen_credentials()
        return self._source.expiry(self._current())

    def on_refusal(self, access_key: str, said: AwsMessage) -> None:
        """AWS has refused a request as signed with credentials that ended."""
        if self._fetched and self._fetched.keys.access_key == access_key:
            self._refused = (access_key, said)

    @property
    def account(self) -> str:
        """The account that they are pinned to; empty before."""
        return self._account

    def pin(self, account: str) -> None:
        """From now on, renewed credentials have to be of this account too."""
        self._account = account

    def _current(self) -> FetchedCredentials:
        if self._fetched is None:
            raise ValueError("there are no credentials yet")
        return self._fetched

    def _is_valid(self, fetched: FetchedCredentials) -> bool:
        """Whether a request that is signed with them may go well."""
        return self._refusal(fetched) is None and (fetched.expires_at is None or self._now() < fetched.expires_at)

    def _refusal(self, fetched: FetchedCredentials) -> AwsMessage | None:
        refused = self._refused
        return refused[1] if refused and refused[0] == fetched.keys.access_key else None

    def _needs_refresh(self, fetched: FetchedCredentials) -> bool:
        if not self._is_valid(fetched):
            return True
        if fetched.expires_at is None or self._now() < self._next_attempt:
            return False
        return fetched.expires_at - self._now() < min(_REFRESH_MARGIN, (fetched.expires_at - fetched.fetched_at) / 4)

    def _begin_early(self) -> None:
        """Have a thread renew them, which gets the lock."""
        try:
            submit(self._refresh_early)
        except BaseException:
            self._lock.release()
            raise

    def _refresh_early(self) -> None:
        """Renew, having the lock already. What goes wrong is told to whoever has no good ones any more."""
        try:
            if self._needs_refresh(self._current()):
                self._refresh()
        finally:
            self._lock.release()

    def _refresh(self) -> None:
        """Get others. What is still good is kept where there are none; where nothing is, CredentialsError is raised,
        and for a while at once: sixteen threads would else ask a source that fails sixteen times."""
        if self._failure and self._now() < self._next_attempt:
            raise self._failure.again()
        old = self._fetched
        try:
            new = self._ask_source(self._load)
            self._check(old, new)
        except CredentialsError as error:
            self._next_attempt = self._now() + _RETRY_AFTER
            if old and self._is_valid(old):
                return
            self._failure = error
            raise
        self._failure = None
        if old and new.keys == old.keys:
            self._next_attempt = self._now() + _RETRY_AFTER
            new = replace(new, fetched_at=old.fetched_at)
        elif old and self._refusal(old):
            self._on_notice(f"AWS says that the credentials ended; the run goes on with new ones of {self._name()}")
        self._fetched = new

    def _check(self, old: FetchedCredentials | None, new: FetchedCredentials) -> None:
        """Raises CredentialsError when they are no better than the old ones, or somebody else's."""
        if refusal := self._refusal(new):
            raise CredentialsError(self._name(), refusal)
        if not self._is_valid(new):
            raise self._error("ExpiredCredentials", "these credentials have ended, and the source has no others")
        if old is None or new.keys == old.keys:
            return
        if new.method != old.method:
            raise self._error("OtherCredentials", f"there are none any more, only some of {self._source.name(new)}")
        if self._account and self._account_of:
            ask, keys = self._account_of, new.keys
            account = self._ask_source(lambda: ask(keys))
            if account != self._account:
                raise self._error("OtherAccount", f"the new ones are of account {account}, not of {self._account}")

    def _load(self) -> FetchedCredentials:
        found = self._source.load()
        if found is None:
            raise NoCredentialsError
        keys = keys_of(found)
        ends = expiry_of(found)
        return FetchedCredentials(keys, found.method, epoch_seconds(ends) if ends else None, self._now())

    def _ask_source(self, question: Callable[[], T]) -> T:
        """The answer. Whatever goes wrong (a command that isn't there, a file, an answer that isn't JSON), there are no
        credentials."""
        try:
            return self._timeout.call(question, lambda: self._on_notice(f"waiting for credentials of {self._name()}"))
        except (CredentialsError, InsecureEndpoint, ThreadsExhausted):
            raise
        except Exception as error:
            said = describe(error)
            words = replace(said, message=" ".join(said.message.split())[:500])
            raise CredentialsError(self._name(), words) from error

    def _error(self, code: str, message: str) -> CredentialsError:
        return CredentialsError(self._name(), AwsMessage(code, message))

    def _name(self) -> str:
        return self._source.name(self._fetched)


class CredentialProviderAdapter:
    """botocore's component `credential_provider`, for a session whose credentials are these."""

    def __init__(self, credentials: RunCredentials) -> None:
        self._credentials = credentials

    def load_credentials(self) -> RunCredentials:
        return self._credentials

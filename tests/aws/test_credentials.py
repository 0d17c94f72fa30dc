"""Credentials of a run, with a source that does as it is told, and with botocore's own against a fake STS."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from botocore.credentials import Credentials, ReadOnlyCredentials, RefreshableCredentials

from ocpprov.aws.credential_expiry import CredentialExpiry
from ocpprov.aws.credential_sources import SourceSession, UserSource
from ocpprov.aws.credentials import FetchedCredentials, RunCredentials
from ocpprov.aws.endpoint_guard import EndpointGuard
from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsMessage, CredentialsError
from ocpprov.aws.session import open_session
from ocpprov.aws.timeouts import Timeout
from tests.aws.conftest import set_all
from tests.support.fronts import Fronts, service_fronts

NOW = 1_800_000_000.0
PATIENT = Timeout(10.0, 20.0)


def lasting(key: str, method: str = "env") -> Credentials:
    return Credentials(key, "secret", None, method)


def ending(key: str, seconds: float, method: str = "custom-process") -> RefreshableCredentials:
    """Keys that end so many seconds after NOW."""
    ends = datetime.fromtimestamp(NOW + seconds, UTC)
    return RefreshableCredentials(key, "secret", "token", ends, dict, method)


@dataclass
class Told:
    """A source that gives one after another, the last one for ever; an error is raised."""

    answers: Sequence[Credentials | Exception | None]
    seconds: float = 0.0
    asked: int = 0
    answered: threading.Event | None = None

    def load(self) -> Credentials | None:
        time.sleep(self.seconds)
        if self.answered:
            self.answered.wait()
        answer = self.answers[min(self.asked, len(self.answers) - 1)]
        self.asked += 1
        if isinstance(answer, Exception):
            raise answer
        return answer

    def name(self, _: FetchedCredentials | None) -> str:
        return "a source"

    def expiry(self, fetched: FetchedCredentials) -> CredentialExpiry:
        return CredentialExpiry("a source", fetched.expires_at, refreshable=True)


@dataclass
class Run:
    """Credentials on a clock that stands still."""

    source: Told
    timeout: Timeout = PATIENT
    account_of: Callable[[object], str] | None = None
    time: float = NOW
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.credentials = RunCredentials(
            self.source,
            self.said.append,
            self.account_of,
            now=lambda: self.time,
            timeout=self.timeout,
        )

    def key(self) -> str | None:
        """What is signed with, once a renewal that is under way is done."""
        self.credentials.get_frozen_credentials()
        with self.credentials._lock:
            pass
        return self.credentials.get_frozen_credentials().access_key

    def failure(self) -> CredentialsError:
        with pytest.raises(CredentialsError) as caught:
            self.key()
        assert caught.value.error_class is ErrorClass.CREDENTIALS
        return caught.value


REFUSAL = AwsMessage("ExpiredToken", "The security token is expired", "4711", "CreateVpc")


@pytest.mark.parametrize(
    ("seconds", "margin"),
    [(3600, 15 * 60), (6 * 3600, 15 * 60), (600, 150), (4, 1)],
    ids=["1 h", "6 h", "10 min", "4 s"],
)
def test_they_are_renewed_shortly_before_they_end(seconds: float, margin: float) -> None:
    run = Run(Told([ending("one", seconds), ending("two", 10 * seconds)]))
    run.time = NOW
    assert run.key() == "one"
    run.time = NOW + seconds - margin - 0.1
    assert run.key() == "one"
    run.time = NOW + seconds - margin + 0.1
    assert run.key() == "two"
    assert run.source.asked == 2
    assert run.said == []


def test_sixteen_threads_ask_once() -> None:
    run = Run(Told([ending("one", 3600), ending("two", 7200)], seconds=0.2))
    assert run.key() == "one"
    run.time = NOW + 3601
    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(lambda _: run.key(), range(64))) == {"two"}
    assert run.source.asked == 2


def test_nobody_waits_for_a_renewal_while_the_old_ones_are_good() -> None:
    run = Run(Told([ending("one", 3600), ending("two", 7200)]))
    assert run.key() == "one"
    run.time, run.source.answered = NOW + 3000, threading.Event()
    for _ in range(3):
        assert run.credentials.get_frozen_credentials().access_key == "one"
    run.source.answered.set()
    assert run.key() == "two"
    assert run.source.asked == 2


def test_where_no_thread_can_begin_a_renewal_the_next_one_can(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(Told([ending("one", 3600), ending("two", 7200)]))
    assert run.key() == "one"
    run.time = NOW + 3500

    def full(function: Callable[[], object]) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr("ocpprov.aws.credentials.submit", full)
        with pytest.raises(RuntimeError):
            run.credentials.get_frozen_credentials()
    assert not run.credentials._lock.locked()
    assert run.key() == "two"


def test_a_source_that_fails_is_asked_once_for_all_threads() -> None:
    run = Run(Told([ending("one", 3600), OSError("no such command")], seconds=0.05))
    assert run.key() == "one"
    run.time = NOW + 3601
    with ThreadPoolExecutor(16) as pool:
        failures = list(pool.map(lambda _: run.failure(), range(64)))
    assert {str(failure) for failure in failures} == {"no credentials of a source: OSError: no such command"}
    assert len(set(map(id, failures))) == 64
    assert run.source.asked == 2


def test_a_source_that_fails_for_a_moment_is_asked_again_while_the_old_ones_are_good() -> None:
    run = Run(Told([ending("one", 3600), OSError("away"), ending("two", 7200)]))
    assert run.key() == "one"
    run.time = NOW + 3000
    assert run.key() == "one"
    assert run.key() == "one"
    assert run.source.asked == 2
    run.time += 31
    assert run.key() == "two"


def test_a_source_that_comes_back_is_asked_again_after_a_while() -> None:
    """What a role stands on may have failed while the role's own keys were good."""
    run = Run(Told([ending("one", 3600), OSError("away"), ending("two", 7200)]))
    assert run.key() == "one"
    run.time = NOW + 3601
    assert "away" in str(run.failure())
    assert "away" in str(run.failure())
    assert run.source.asked == 2
    run.time += 31
    assert run.key() == "two"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (RuntimeError("Credentials were refreshed, but the refreshed credentials are still expired."), "still expired"),
        (ending("one", 3600), "these credentials have ended"),
        (None, "Unable to locate credentials"),
        (json.JSONDecodeError("Expecting\n value", "", 0), "JSONDecodeError: Expecting value: line 1"),
        (lasting("other", "iam-role"), "none any more"),
    ],
)
def test_what_a_source_says_when_it_has_no_more(answer: Credentials | Exception | None, said: str) -> None:
    run = Run(Told([ending("one", 3600), answer]))
    assert run.key() == "one"
    run.time = NOW + 3600
    assert said in str(run.failure())


def test_what_aws_refuses_is_not_used_again() -> None:
    run = Run(Told([lasting("one"), lasting("one")]))
    assert run.key() == "one"
    run.credentials.on_refusal("one", REFUSAL)
    failure = run.failure()
    assert failure.aws == REFUSAL
    assert run.source.asked == 2


def test_new_ones_follow_what_aws_refuses_and_it_is_said_once() -> None:
    run = Run(Told([lasting("one"), lasting("two")]))
    assert run.key() == "one"
    run.credentials.on_refusal("one", REFUSAL)
    assert run.key() == "two"
    # A late answer to a request that was signed with the old ones.
    run.credentials.on_refusal("one", REFUSAL)
    assert run.key() == "two"
    assert run.said == ["AWS says that the credentials ended; the run goes on with new ones of a source"]


def test_new_ones_of_another_account_are_not_used() -> None:
    run = Run(Told([lasting("one"), lasting("two")]), account_of=lambda _: "222222222222")
    assert run.key() == "one"
    run.credentials.pin("111111111111")
    run.credentials.on_refusal("one", REFUSAL)
    assert "the new ones are of account 222222222222, not of 111111111111" in str(run.failure())


def test_a_source_that_hangs_is_told_of_and_given_up() -> None:
    run = Run(Told([lasting("one")], seconds=30), timeout=Timeout(0.05, 0.2))
    began = time.monotonic()
    assert "nothing came within 0 seconds" in str(run.failure())
    assert time.monotonic() - began < 15
    assert run.said == ["waiting for credentials of a source"]
    assert run.source.asked == 0


@pytest.mark.parametrize("method", ["sso", "login"])
def test_nobody_says_until_when_somebody_is_signed_in(method: str) -> None:
    source = UserSource(SourceSession("", {}, lambda _: None, EndpointGuard(False, lambda _: None)), "eu-west-1")
    expiry = source.expiry(FetchedCredentials(ReadOnlyCredentials("a", "b", "c"), method, NOW + 3600, NOW))
    assert (expiry.expires_at, expiry.refreshable, expiry.long_term) == (None, False, False)


ROLE = "arn:aws-us-gov:iam::123456789012:role/"
CONFIG = f"""\
[profile hub]
role_arn = {ROLE}hub
source_profile = own
region = us-east-1
[profile lab]
role_arn = {ROLE}lab
source_profile = hub
[profile env]
role_arn = {ROLE}lab
credential_source = Environment
"""
KEYS = "[own]\naws_access_key_id=ASIAOWN\naws_secret_access_key=x\n"
BY_STS = {
    "two roles": ({"AWS_PROFILE": "lab"}, "", ["AssumeRole", "AssumeRole"]),
    "role on the environment": ({}, "env", ["AssumeRole"]),
    "web identity": (
        {"AWS_ROLE_ARN": f"{ROLE}pod", "AWS_WEB_IDENTITY_TOKEN_FILE": "token"},
        "",
        ["AssumeRoleWithWebIdentity"],
    ),
}


@pytest.fixture
def files(environ: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    for name, text in (("config", CONFIG), ("credentials", KEYS), ("token", "a.b.c")):
        (tmp_path / name).write_text(text)
    environ.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    environ.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    environ.chdir(tmp_path)
    return tmp_path


def _ask_source(fronts: Fronts, environ: pytest.MonkeyPatch, name: str, **settings: str) -> None:
    variables, profile, actions = BY_STS[name]
    if not profile:
        environ.delenv("AWS_ACCESS_KEY_ID")
        environ.delenv("AWS_SECRET_ACCESS_KEY")
    set_all(environ, dict(variables))
    endpoints = {"sts": fronts.urls["sts"], "ec2": fronts.urls["ec2"]}
    session = open_session(
        "us-gov-east-1",
        on_call=lambda _: None,
        profile=profile,
        service_endpoints=endpoints,
        assume_role=f"{ROLE}provisioner",
        **settings,  # type: ignore[arg-type]
    )
    session.clients.ec2.describe_vpcs()
    asked = [request for request in fronts.requests if request.action.startswith("Assume")]
    assert [request.action for request in asked] == [*actions, "AssumeRole"]
    assert {request.service for request in asked} == {"sts"}
    assert {request.signing_region for request in asked if request.authorization} == {"us-gov-east-1"}


@pytest.mark.parametrize("name", BY_STS)
@pytest.mark.parametrize(
    "setting",
    ["", *(pytest.param(f"AWS_USE_{kind}_ENDPOINT", marks=pytest.mark.torture) for kind in ("FIPS", "DUALSTACK"))],
)
def test_roles_are_taken_where_the_plan_has_sts(
    moto_url: str, environ: pytest.MonkeyPatch, files: Path, name: str, setting: str
) -> None:
    """Over TLS with a CA that only the plan knows, without a region, and with nothing else to be reached."""
    if setting:
        environ.setenv(setting, "true")
    with service_fronts(moto_url, tls=True, services=("ec2", "sts")) as fronts:
        _ask_source(fronts, environ, name, ca_bundle=fronts.environ["AWS_CA_BUNDLE"])


@pytest.mark.parametrize("name", BY_STS)
def test_roles_are_taken_through_the_plans_proxy(
    moto_url: str, environ: pytest.MonkeyPatch, files: Path, name: str
) -> None:
    """A plain-HTTP front serves as proxy too: it gets whole URLs as paths."""
    with service_fronts(moto_url, services=("ec2", "sts")) as fronts:
        _ask_source(fronts, environ, name, proxy=fronts.urls["sts"])
        assert all(request.path.startswith("http://") for request in fronts.requests)

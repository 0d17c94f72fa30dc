"""Which clients are made, and how often."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from ocpprov.aws.clients import Clients
from ocpprov.aws.session import open_session

ALL = ("ec2", "elb", "elbv2", "iam", "route53", "s3", "service-quotas", "sts")


class Maker:
    """Makes things that stand for clients, in its own time, and notes how many were being made at once."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self.most = 0
        self._making = 0

    def __call__(self, service: str) -> Any:
        self._making += 1
        self.most = max(self.most, self._making)
        threading.Event().wait(0.01)
        self._making -= 1
        self.made.append(service)
        return object()


def test_a_client_is_made_when_it_is_first_used() -> None:
    maker = Maker()
    clients = Clients(maker, threading.Lock())
    assert maker.made == []
    assert clients["iam"] is clients.iam
    assert maker.made == ["iam"]


@pytest.mark.parametrize("service", ALL)
def test_each_client_is_that_of_its_service(service: str) -> None:
    clients = open_session("eu-west-1", on_call=lambda _: None, sandbox_url="http://127.0.0.1:1").clients
    client = getattr(clients, service.replace("-", "_"))
    assert client is clients[service]
    assert client.meta.service_model.service_name == service


def test_many_threads_share_each_client_and_make_one_at_a_time() -> None:
    maker, lock = Maker(), threading.Lock()
    both = (Clients(maker, lock), Clients(maker, lock))
    with ThreadPoolExecutor(16) as pool:
        seen = list(pool.map(lambda number: both[number % 2][ALL[number % 3]], range(120)))
    assert len({id(client) for client in seen}) == 6
    assert sorted(maker.made) == sorted([*ALL[:3]] * 2)
    assert maker.most == 1


def test_a_client_that_cannot_be_made_leaves_the_others_be() -> None:
    def make(service: str) -> Any:
        if service == "iam":
            raise ValueError("no address")
        return object()

    clients = Clients(make, threading.Lock())
    for _ in range(2):
        with pytest.raises(ValueError, match="no address"):
            _ = clients["iam"]
    assert clients["ec2"] is clients["ec2"]


def test_the_clients_and_the_probes_of_a_session_are_made_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    maker = Maker()
    monkeypatch.setattr(boto3.Session, "client", lambda self, service, **_: maker(service) and Unhooked())
    session = open_session("eu-west-1", on_call=lambda _: None, sandbox_url="http://127.0.0.1:1")
    assert maker.made == []
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda number: (session.clients, session.probes)[number % 2][ALL[number // 2]], range(16)))
    assert sorted(maker.made) == sorted([*ALL] * 2)
    assert maker.most == 1


class Unhooked:
    """A client of nothing, which takes all hooks."""

    endpoint_url = "https://nowhere.invalid"

    def __getattr__(self, name: str) -> Unhooked:
        return self

    def __call__(self, *_: object, **__: object) -> Unhooked:
        return self


@pytest.mark.parametrize(
    ("no_proxy", "made", "proxies"),
    [
        ("", 1, {"http": "http://proxy:3128", "https": "http://proxy:3128"}),
        (".example.com", 1, {"http": "http://proxy:3128", "https": "http://proxy:3128"}),
        (".amazonaws.com", 2, {}),
    ],
    ids=["none", "of others", "of AWS"],
)
def test_with_a_proxy_a_client_is_made_once_unless_its_host_is_exempt(
    environ: pytest.MonkeyPatch, no_proxy: str, made: int, proxies: dict[str, str]
) -> None:
    environ.setenv("NO_PROXY", no_proxy)
    counted: list[str] = []
    create = boto3.Session.client

    def counting(self: boto3.Session, service: Any, **given: Any) -> Any:
        counted.append(service)
        return create(self, service, **given)

    environ.setattr(boto3.Session, "client", counting)
    session = open_session("eu-west-1", on_call=lambda _: None, proxy="http://proxy:3128")
    # Not the one of STS, by which its address is learnt.
    counted.clear()
    client: Any = session.clients.ec2
    assert counted == ["ec2"] * made
    assert client.meta.config.proxies == proxies


@pytest.mark.parametrize(("code", "missing"), [("NoSuchTagSet", True), ("NoSuchBucket", True), ("AccessDenied", False)])
def test_what_isnt_there_is_told_from_what_may_not_be_seen(code: str, missing: bool) -> None:
    clients = Clients(Maker(), threading.Lock())
    assert clients.says_missing(ClientError({"Error": {"Code": code}}, "GetBucketTagging")) is missing

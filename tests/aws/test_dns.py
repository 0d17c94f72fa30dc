"""Looking up hosts, with a name server that does as it is told."""

from __future__ import annotations

import socket
import threading
import time
from typing import Any

import pytest

from ocpprov.aws.dns import resolve

FOUND = {"two.example": ["10.0.0.9", "10.0.0.2", "10.0.0.9", "fe80::1%eth0"]}


@pytest.fixture
def released(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """The name server answers about `silent.example` only when this is set; `bad..name` is no name to it."""
    event = threading.Event()

    def getaddrinfo(host: str, *_: Any, **__: Any) -> list[Any]:
        if host == "silent.example":
            event.wait(30)
        if host == "bad..name":
            raise UnicodeError("label empty or too long")
        if host not in FOUND:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return [(None, None, None, "", (address, 0)) for address in FOUND[host]]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return event


def test_a_hosts_addresses_are_told_once_each_and_sorted(released: threading.Event) -> None:
    until = time.monotonic() + 5
    assert resolve(["two.example"]).addresses("two.example", until) == ["10.0.0.2", "10.0.0.9", "fe80::1"]


@pytest.mark.parametrize("host", ["none.example", "bad..name", "never-asked.example"])
def test_a_host_without_addresses_has_none(released: threading.Event, host: str) -> None:
    lookups = resolve({"none.example", "bad..name", ""})
    assert lookups.addresses(host, time.monotonic() + 5) == []
    assert not lookups.silent(host)
    assert set(lookups.answers) == {"none.example", "bad..name"}


def test_a_name_server_that_does_not_answer_holds_up_nobody(released: threading.Event) -> None:
    lookups = resolve({"silent.example", "two.example"})
    assert len(lookups.addresses("two.example", time.monotonic() + 5)) == 3
    assert lookups.addresses("silent.example", time.monotonic()) == []
    assert lookups.silent("silent.example")
    released.set()
    assert lookups.addresses("silent.example", time.monotonic() + 5) == []
    assert not lookups.silent("silent.example")

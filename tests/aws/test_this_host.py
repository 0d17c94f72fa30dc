"""What this host sees of names and ports, with listeners of the test's own."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import pytest

from ocpprov.aws import this_host
from ocpprov.aws.from_here import Contact, Handshake, Lookup, Port
from ocpprov.aws.this_host import ThisHost
from tests.support.certificates import Authority
from tests.support.listeners import listening, speaking_tls


def tried(port: int) -> Handshake:
    place = Port("127.0.0.1", port, "api.prod.example.com")
    (found,) = ThisHost().handshakes([place]).items()
    assert found[0] == place
    return found[1]


def test_one_that_speaks_tls_answers_whatever_its_certificate_says(tmp_path: Path) -> None:
    names: list[str | None] = []
    context = Authority(tmp_path).server_context()
    context.sni_callback = lambda _, name, __: names.append(name)
    with listening(speaking_tls(context)) as port:
        assert tried(port) == Handshake(Contact.ANSWERS)
    assert names == ["api.prod.example.com"]


def test_one_that_hangs_up_speaks_no_tls() -> None:
    with listening(lambda connection: connection.close()) as port:
        assert tried(port).contact is Contact.NO_TLS


def test_one_that_says_nothing_speaks_no_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(this_host, "HANDSHAKE_SECONDS", 0.1)
    held: list[socket.socket] = []
    with listening(held.append) as port:
        assert tried(port).contact is Contact.NO_TLS


def test_a_closed_port_refuses() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert tried(port) == Handshake(Contact.REFUSED, "Connection refused")


def test_who_never_answers_is_out_of_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> socket.socket:
        raise TimeoutError("timed out")

    monkeypatch.setattr(socket, "create_connection", never)
    assert tried(6443) == Handshake(Contact.OUT_OF_REACH, "timed out")


def test_names_are_looked_up_by_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    def known(name: str, *_: object) -> list[tuple[int, int, int, str, tuple[str, int]]]:
        match name:
            case "api.example.com":
                return [(2, 1, 6, "", (address, 0)) for address in ("10.0.0.9", "10.0.0.5", "10.0.0.9")]
            case "gone.example.com":
                raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
            case "odd..example.com":
                raise UnicodeError("label empty")
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", known)
    names = ["api.example.com", "gone.example.com", "odd..example.com", "any.example.com"]
    assert ThisHost().lookups(names) == {
        "api.example.com": Lookup(("10.0.0.5", "10.0.0.9")),
        "gone.example.com": Lookup(),
        "odd..example.com": Lookup(trouble="label empty"),
        "any.example.com": Lookup(trouble="Temporary failure in name resolution"),
    }


def test_a_resolver_that_never_answers_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(this_host, "LOOKUP_SECONDS", 0.05)
    answer = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: answer.wait(5))
    assert ThisHost().lookups(["api.example.com"])["api.example.com"].trouble.startswith("no answer within")
    answer.set()

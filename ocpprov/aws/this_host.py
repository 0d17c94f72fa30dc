"""What this host sees: look-ups by the system's resolver, connections, and TLS handshakes. Nothing of it goes to AWS,
and nothing secret is sent."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future
from functools import partial
from typing import Final, TypeVar

from ocpprov.aws.delegation import delegation_of
from ocpprov.aws.from_here import Contact, Delegation, Handshake, Lookup, Port
from ocpprov.aws.timeouts import submit

LOOKUP_SECONDS: Final = 5.0
HANDSHAKE_SECONDS: Final = 5.0

K = TypeVar("K")
T = TypeVar("T")


class ThisHost:
    """The real one. All names and all ports are tried at the same time."""

    def lookups(self, names: Collection[str], /) -> Mapping[str, Lookup]:
        silent = Lookup(trouble=f"no answer within {LOOKUP_SECONDS:.0f} seconds")
        return _all(names, _lookup, LOOKUP_SECONDS, silent)

    def handshakes(self, ports: Collection[Port], /) -> Mapping[Port, Handshake]:
        silent = Handshake(Contact.OUT_OF_REACH, "no answer")
        # A connection and a handshake each have their own time.
        return _all(ports, _handshake, 2 * HANDSHAKE_SECONDS + 1, silent)

    def delegation(self, zone: str, /) -> Delegation:
        return delegation_of(zone)


def _all(keys: Collection[K], ask: Callable[[K], T], seconds: float, silent: T) -> dict[K, T]:
    """The answers about each key, `silent` for those that don't come in time."""
    until = time.monotonic() + seconds
    asked = {key: submit(partial(ask, key)) for key in keys}
    return {key: _by(answer, until, silent) for key, answer in asked.items()}


def _by(answer: Future[T], until: float, silent: T) -> T:
    try:
        return answer.result(max(0.0, until - time.monotonic()))
    except TimeoutError:
        return silent


_NO_SUCH_NAME: Final = (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))


def _lookup(name: str) -> Lookup:
    try:
        found = socket.getaddrinfo(name, None, socket.AF_INET, socket.SOCK_STREAM)
    except socket.gaierror as error:
        return Lookup() if error.errno in _NO_SUCH_NAME else Lookup(trouble=error.strerror or str(error))
    except (OSError, UnicodeError) as error:
        return Lookup(trouble=str(error))
    return Lookup(tuple(sorted({str(each[4][0]) for each in found})))


def _handshake(port: Port) -> Handshake:
    """The certificate isn't judged: the API's is of the cluster's own authority, and nothing is told to whoever it
    is."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        connection = socket.create_connection((port.address, port.port), HANDSHAKE_SECONDS)
    except ConnectionRefusedError as error:
        return Handshake(Contact.REFUSED, error.strerror or "")
    except OSError as error:
        return Handshake(Contact.OUT_OF_REACH, error.strerror or str(error))
    with connection:
        try:
            with context.wrap_socket(connection, server_hostname=port.server_name):
                return Handshake(Contact.ANSWERS)
        except (OSError, ValueError) as error:
            return Handshake(Contact.NO_TLS, getattr(error, "reason", "") or str(error))

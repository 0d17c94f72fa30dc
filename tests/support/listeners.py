"""Ports of the test's own on this host."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress


@contextmanager
def listening(serve: Callable[[socket.socket], object]) -> Iterator[int]:
    """A port on 127.0.0.1, each of whose connections `serve` gets in a thread of its own."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_accept, args=(server, serve), daemon=True).start()
        yield int(server.getsockname()[1])


def speaking_tls(context: ssl.SSLContext) -> Callable[[socket.socket], object]:
    """What shakes hands, and says nothing."""

    def serve(connection: socket.socket) -> None:
        with suppress(OSError), context.wrap_socket(connection, server_side=True) as talking:
            talking.recv(1)

    return serve


def _accept(server: socket.socket, serve: Callable[[socket.socket], object]) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        threading.Thread(target=serve, args=(connection,), daemon=True).start()

"""A host of a test's network, run as a script: it listens on all given ports, TCP and UDP, and says whether it gets an
answer from another one.

    python socket_host.py 2000 2001
    > tcp 10.0.2.10 2001
    < yes
"""

from __future__ import annotations

import selectors
import socket
import sys
import threading

PATIENCE = 0.3
"""Seconds in which an answer on this machine comes for certain."""


def listen(ports: list[int]) -> None:
    """Accepts and closes; sends datagrams back."""
    selector = selectors.DefaultSelector()
    for port in ports:
        stream = socket.create_server(("0.0.0.0", port), backlog=64)
        datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        datagrams.bind(("0.0.0.0", port))
        for each in (stream, datagrams):
            selector.register(each, selectors.EVENT_READ)
    while True:
        for key, _ in selector.select():
            arrived = key.fileobj
            assert isinstance(arrived, socket.socket)
            if arrived.type == socket.SOCK_STREAM:
                arrived.accept()[0].close()
            else:
                data, sender = arrived.recvfrom(16)
                arrived.sendto(data, sender)


def is_answered(protocol: str, address: str, port: int) -> bool:
    kind = socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM
    with socket.socket(socket.AF_INET, kind) as sender:
        sender.settimeout(PATIENCE)
        try:
            sender.connect((address, port))
            if protocol == "udp":
                sender.send(b"?")
                sender.recv(16)
        except OSError:
            return False
    return True


def main() -> None:
    threading.Thread(target=listen, args=([int(port) for port in sys.argv[1:]],), daemon=True).start()
    sys.stdout.write("listening\n")
    sys.stdout.flush()
    for line in sys.stdin:
        protocol, address, port = line.split()
        sys.stdout.write("yes\n" if is_answered(protocol, address, int(port)) else "no\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

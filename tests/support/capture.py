"""`python -m tests.support.capture FILE`: counts what leaves this network, by where it goes, until SIGTERM.

It sees packets as tcpdump does, from a packet socket. FILE gets `{"packets": {"tcp 10.80.0.1:443": 7}, "lost": 0}`.
What is for the loopback isn't counted; requests for the link address of a neighbour are `arp <address>`.
"""

from __future__ import annotations

import ctypes
import json
import signal
import socket
import struct
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path

_ALL = 3  # ETH_P_ALL of linux/if_ether.h
_SOL_PACKET, _STATISTICS = 263, 6  # linux/if_packet.h
_ATTACH_FILTER, _RECEIVE_BUFFER_FORCE = 26, 33  # asm/socket.h
_ROOM = 1 << 26
"""Bytes that may wait to be counted."""

_OUTGOING_ONLY = (
    (0x30, 0, 0, 0xFFFFF004),  # load the packet's type
    (0x15, 0, 1, socket.PACKET_OUTGOING),  # if it isn't outgoing, skip one
    (0x06, 0, 0, 128),  # its first 128 bytes
    (0x06, 0, 0, 0),  # nothing
)
"""A filter in the kernel's language (networking/filter.rst): (code, jump if true, jump if false, value)."""


def main(file: Path) -> None:
    """Count, and say on stdout when that has begun."""
    counts: Counter[str] = Counter()
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ALL)) as packets:
        _choose(packets)
        signal.signal(signal.SIGTERM, _stop)
        print("counting", flush=True)  # noqa: T201
        with suppress(KeyboardInterrupt):
            while True:
                content, (interface, *_) = packets.recvfrom(128)
                if interface != "lo":
                    counts[destination(content)] += 1
        _, lost = struct.unpack("II", packets.getsockopt(_SOL_PACKET, _STATISTICS, 8))
    file.write_text(json.dumps({"packets": counts, "lost": lost}))


def destination(frame: bytes) -> str:
    """Where an Ethernet frame goes."""
    [kind] = struct.unpack_from("!H", frame, 12)
    if kind == 0x0806:
        return f"arp {socket.inet_ntoa(frame[38:42])}"
    if kind != 0x0800:
        return f"ethertype {kind:#06x} {frame[:6].hex(':')}"
    address, protocol = socket.inet_ntoa(frame[30:34]), frame[23]
    name = {socket.IPPROTO_TCP: "tcp", socket.IPPROTO_UDP: "udp"}.get(protocol)
    if not name:
        return f"protocol {protocol} {address}"
    [port] = struct.unpack_from("!H", frame, 14 + 4 * (frame[14] & 15) + 2)
    return f"{name} {address}:{port}"


def _choose(packets: socket.socket) -> None:
    program = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in _OUTGOING_ONLY))
    packets.setsockopt(
        socket.SOL_SOCKET, _ATTACH_FILTER, struct.pack("HL", len(_OUTGOING_ONLY), ctypes.addressof(program))
    )
    with suppress(PermissionError):
        packets.setsockopt(socket.SOL_SOCKET, _RECEIVE_BUFFER_FORCE, _ROOM)


def _stop(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main(Path(sys.argv[1]))

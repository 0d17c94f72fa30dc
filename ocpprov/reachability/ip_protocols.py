"""Protocols as rules name them: by name where the field has one, else by number."""

from __future__ import annotations

from typing import Final

_NAMES: Final = {"1": "icmp", "6": "tcp", "17": "udp", "all": "-1"}
"""Names that rules of groups have for what entries of ACLs number (IANA's protocol numbers)."""
_EVERY_CODE: Final = -1
_WITH_ONE_CODE: Final = (0, 8)
"""Types of ICMP that have the code 0 alone: echo reply and echo request (RFC 792)."""


def protocol_name(protocol: str | int) -> str:
    """tcp, udp and icmp by name, others by number, -1 for all."""
    text = str(protocol).lower()
    return _NAMES.get(text, text)


def takes_whole_type(protocol: str, type: int | None, code: int | None) -> bool:
    """Whether a rule takes all of an ICMP type, and not a single code of several; True of any other protocol."""
    return protocol != "icmp" or code in (None, _EVERY_CODE) or (code == 0 and type in _WITH_ONE_CODE)

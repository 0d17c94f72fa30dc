"""Whom the sandbox answers: what is asked of a request before anything else, on all paths."""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import ip_address

_HOST = re.compile(r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<name>[^\s:\[\]]+))(?::\d{1,5})?")
_ALLOWED = re.compile(r"\.?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")
_OF_BROWSERS = frozenset({"origin", "sec-fetch-site"})
"""What browsers add to what a page asks for, and no page can leave out (the Fetch standard; Fetch Metadata Request
Headers). boto3 and the AWS CLI send neither."""


@dataclass(frozen=True)
class Admission:
    """`secret` opens the sandbox's own endpoints. `hosts` are the names beside loopback's under which it answers: a
    leading dot stands for all names below, and for the name itself."""

    secret: str = field(repr=False)
    hosts: tuple[str, ...] = ()

    def refusal(self, target: str, headers: Iterable[tuple[str, str]]) -> str:
        """Why a request isn't answered; empty when it is. `target` is the request line's, `headers` are all of them, in
        any case.

        A page on another site reaches this port, too, through a browser on this machine: then it either says so, or it
        has given us a name of its own (DNS rebinding).
        """
        given = [(name.lower(), value) for name, value in headers]
        if any(name in _OF_BROWSERS for name, _ in given):
            return "the sandbox isn't for pages in a browser"
        hosts = [value.strip() for name, value in given if name == "host"]
        if len(hosts) != 1 or not self._answers_as(hosts[0]):
            said = ", ".join(map(repr, hosts)) or "nothing"
            return (
                f"the sandbox answers as 127.0.0.1 and localhost, and under the names of its option --host, not as "
                f"{said} (header Host)"
            )
        if not target.startswith("/"):
            return "the sandbox is no proxy"
        return ""

    def opens(self, authorization: str) -> bool:
        """Whether this header `Authorization` has the secret: `Bearer <secret>` (RFC 6750)."""
        return hmac.compare_digest(authorization.encode(), bearer(self.secret).encode())

    def _answers_as(self, host: str) -> bool:
        match = _HOST.fullmatch(host)
        if match is None:
            return False
        name = (match["v6"] or match["name"]).lower()
        return _is_loopback(name) or any(_is_below(name, allowed.lower()) for allowed in self.hosts)


def new_secret() -> str:
    """One that can't be guessed."""
    return secrets.token_urlsafe(32)


def bearer(secret: str) -> str:
    """The value of the header `Authorization`."""
    return f"Bearer {secret}"


def is_host(text: str) -> bool:
    """Whether it can be one of `hosts`."""
    return _ALLOWED.fullmatch(text) is not None


def _is_loopback(name: str) -> bool:
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def _is_below(name: str, allowed: str) -> bool:
    return name == allowed.removeprefix(".") or (allowed.startswith(".") and name.endswith(allowed))

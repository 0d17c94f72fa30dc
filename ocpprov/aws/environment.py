"""Mistakes in the environment's network settings that would only show as something else later."""

from __future__ import annotations

import ipaddress
import os
import ssl
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ocpprov.aws.masking import without_password
from ocpprov.engine.problem import Problem

MOST_CHARACTERS: Final = 16 * 1024 * 1024
"""Of a list of certificates. Those of a whole system have a fraction of a megabyte."""


@dataclass(frozen=True)
class WrongSetting:
    """A network setting that is wrong, by the variable or the plan's key. `fatal`: no request could work."""

    problem: Problem
    fatal: bool = False


def wrong_settings(environ: Mapping[str, str], ca_bundle: str = "", proxy: str = "") -> list[WrongSetting]:
    """What is wrong, from the environment's variables and the plan's own `caBundle` and `proxy`.

    Reads the CA file; sends nothing.
    """
    return [*_ca_problems(environ, ca_bundle), *_no_proxy_problems(environ), *_proxy_problems(environ, proxy)]


def _ca_problems(environ: Mapping[str, str], ca_bundle: str) -> Iterator[WrongSetting]:
    named = (
        ("aws.caBundle", ca_bundle),
        ("AWS_CA_BUNDLE", environ.get("AWS_CA_BUNDLE", "")),
        ("REQUESTS_CA_BUNDLE", environ.get("REQUESTS_CA_BUNDLE", "")),
    )
    used = next(((source, path) for source, path in named if path), None)
    if used and (reason := _unusable(used[1])):
        remedy = "give a readable file of PEM certificates"
        yield WrongSetting(Problem(used[0], f"{used[1]} {reason}", remedy), fatal=True)


def _unusable(path: str) -> str:
    """Why a file can't serve as a list of trusted certificates; empty when it can."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, encoding="utf-8", errors="replace") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return "isn't a regular file"
            content = file.read(MOST_CHARACTERS + 1)
    except (OSError, ValueError) as error:
        return f"can't be read ({getattr(error, 'strerror', error)})"
    if len(content) > MOST_CHARACTERS:
        return f"is larger than {MOST_CHARACTERS} characters"
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=_certificates(content))
    except (ssl.SSLError, ValueError):
        return "holds no certificate"
    return ""


def _certificates(content: str) -> str:
    """The text without what surrounds its certificates, which may hold any character."""
    begin, end = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
    blocks = [block.partition(end)[0] for block in content.split(begin)[1:]]
    return "\n".join(f"{begin}{block}{end}" for block in blocks)


def _no_proxy_problems(environ: Mapping[str, str]) -> Iterator[WrongSetting]:
    for entry in _exempt(environ):
        if entry.startswith("*."):
            yield WrongSetting(Problem("NO_PROXY", f"Python ignores {entry}", f"write {entry.removeprefix('*')}"))
        elif "/" in entry:
            shown = without_password(entry)
            yield WrongSetting(Problem("NO_PROXY", f"Python ignores {shown}", _instead_of(entry)))


def _instead_of(entry: str) -> str:
    try:
        ipaddress.ip_network(entry, strict=False)
    except ValueError:
        return "write the host's name alone"
    return "write host names (.example.com for a whole domain) or single addresses"


def _proxy_problems(environ: Mapping[str, str], proxy: str) -> Iterator[WrongSetting]:
    everything = _variable(environ, "all_proxy")
    if everything and not (proxy or _variable(environ, "https_proxy")):
        yield WrongSetting(Problem("ALL_PROXY", "boto3 ignores it", "set HTTPS_PROXY"))


def _exempt(environ: Mapping[str, str]) -> list[str]:
    return [entry.strip() for entry in _variable(environ, "no_proxy").split(",") if entry.strip()]


def _variable(environ: Mapping[str, str], name: str) -> str:
    """A proxy variable as Python reads it: the one in lower case first."""
    return environ.get(name) or environ.get(name.upper(), "")

"""The few lines of Ignition that a bootstrap machine gets as its user data: they say where bootstrap.ign is.

Source: Ignition's configuration specification v3.1.0 and v3.2.0 (coreos/ignition, docs); the version is the one that
openshift-install writes into bootstrap.ign: 3.1.0 in release-4.6, 3.2.0 since release-4.7.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from ocpprov.plan.releases import Release, in_force

MOST_BYTES: Final = 16_384
"""Of user data, before it is encoded (EC2's user guide, "Run commands at launch")."""
_METADATA: Final = "169.254.169.254"
"""Where a machine asks for its role's keys: never through a proxy."""


@dataclass(frozen=True)
class _Specification:
    """The version of Ignition's specification that a release's machines understand."""

    since: Release
    version: str


_SPECIFICATIONS: Final = (_Specification((4, 6), "3.1.0"), _Specification((4, 7), "3.2.0"))


@dataclass(frozen=True)
class PointerSource:
    """What a pointer says: where bootstrap.ign is (`s3://` or `https://`), its SHA-512 in hexadecimal, the proxy's URL
    and the hosts that are reached past it, and the certificates (PEM) that are trusted besides. Empty is left out."""

    location: str
    sha512: str = ""
    proxy: str = ""
    no_proxy: Sequence[str] = ()
    authorities: Sequence[str] = ()


def ignition_pointer(version: str, source: PointerSource) -> dict[str, Any]:
    """The document for an OpenShift version. Raises ValueError where that has Ignition's second specification, and
    where EC2 doesn't take so long a one."""
    try:
        specification = in_force(_SPECIFICATIONS, version)
    except ValueError as error:
        raise ValueError(
            f"machines of OpenShift {version} know Ignition 2 only; this is written from 4.6 on"
        ) from error
    replace: dict[str, Any] = {"source": source.location}
    if source.sha512:
        replace["verification"] = {"hash": f"sha512-{source.sha512}"}
    ignition: dict[str, Any] = {"version": specification.version, "config": {"replace": replace}}
    if source.proxy:
        past = [*dict.fromkeys((_METADATA, *source.no_proxy))]
        ignition["proxy"] = {"httpProxy": source.proxy, "httpsProxy": source.proxy, "noProxy": past}
    if source.authorities:
        trusted = [{"source": _data_url(each)} for each in source.authorities]
        ignition["security"] = {"tls": {"certificateAuthorities": trusted}}
    pointer = {"ignition": ignition}
    if (size := len(json.dumps(pointer, indent=2))) > MOST_BYTES:
        raise ValueError(
            f"it has {size} bytes with {len(source.authorities)} certificates in it, and EC2 takes {MOST_BYTES} as "
            "user data; have aws.caBundle name a file with the CA alone that is needed"
        )
    return pointer


def location_parts(location: str) -> tuple[str, str]:
    """Bucket and key of `s3://bucket/key`."""
    bucket, _, key = location.removeprefix("s3://").partition("/")
    return bucket, key


def _data_url(certificate: str) -> str:
    return f"data:text/plain;charset=utf-8;base64,{base64.b64encode(certificate.encode()).decode()}"

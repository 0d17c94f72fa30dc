"""The pointer to bootstrap.ign, against a schema of the fields that it uses.

The schema is written from Ignition's configuration specification v3.2.0 (docs/configuration-v3_2.md).
"""

from __future__ import annotations

import base64
import json
from typing import Any, Final

import pytest

from ocpprov.installer.ignition_pointer import (
    MOST_BYTES,
    PointerSource,
    ignition_pointer,
    location_parts,
)
from tests.support.json_schema import draft_2020_12

DIGEST: Final = "0123456789abcdef" * 8
S3: Final = "s3://prod-infra/bootstrap.ign"
CA: Final = "-----BEGIN CERTIFICATE-----\nTUlJ\n-----END CERTIFICATE-----\n"
URL: Final = {"type": "string", "pattern": "^(https?|s3|tftp|gs|data):"}
PROXY: Final = {"type": "string", "pattern": "^https?://"}
HASH: Final = {"type": "string", "pattern": "^(sha512-[0-9a-f]{128}|sha256-[0-9a-f]{64})$"}


def closed(required: list[str], **properties: Any) -> dict[str, Any]:
    """Ignition refuses no unknown key, but does nothing with it either."""
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


VERIFICATION: Final = closed([], hash=HASH)
RESOURCE: Final = closed(["source"], source=URL, verification=VERIFICATION)
SCHEMA: Final = closed(
    ["ignition"],
    ignition=closed(
        ["version"],
        version={"enum": ["3.0.0", "3.1.0", "3.2.0"]},
        config=closed([], replace=RESOURCE, merge={"type": "array", "items": RESOURCE}),
        proxy=closed(
            [],
            httpProxy=PROXY,
            httpsProxy=PROXY,
            noProxy={"type": "array", "items": {"type": "string", "minLength": 1}},
        ),
        security=closed([], tls=closed([], certificateAuthorities={"type": "array", "items": RESOURCE})),
    ),
)


def pointer(version: str = "4.12", **source: Any) -> dict[str, Any]:
    """One that Ignition takes."""
    made = ignition_pointer(version, PointerSource(**{"location": S3, **source}))
    assert list(draft_2020_12()(SCHEMA).iter_errors(made)) == []
    return made


def test_it_fetches_the_bootstrap_configuration_and_checks_it() -> None:
    assert pointer(sha512=DIGEST) == {
        "ignition": {
            "version": "3.2.0",
            "config": {"replace": {"source": S3, "verification": {"hash": f"sha512-{DIGEST}"}}},
        }
    }
    assert pointer() == {"ignition": {"version": "3.2.0", "config": {"replace": {"source": S3}}}}


@pytest.mark.parametrize(
    ("version", "specification"),
    [("4.6", "3.1.0"), ("4.6.9", "3.1.0"), ("4.7", "3.2.0"), ("4.12.9", "3.2.0"), ("4.22", "3.2.0"), ("4.30", "3.2.0")],
)
def test_its_version_is_one_that_the_release_knows(version: str, specification: str) -> None:
    assert pointer(version)["ignition"]["version"] == specification


def test_machines_before_know_another_ignition() -> None:
    with pytest.raises(ValueError, match=r"machines of OpenShift 4\.5 know Ignition 2 only"):
        pointer("4.5")


def test_the_proxy_is_not_asked_for_what_is_inside_nor_for_keys() -> None:
    proxy = "http://user:word@proxy.corp:3128"
    found = pointer(proxy=proxy, no_proxy=["s3.eu-west-1.amazonaws.com", "169.254.169.254"])
    assert found["ignition"]["proxy"] == {
        "httpProxy": proxy,
        "httpsProxy": proxy,
        "noProxy": ["169.254.169.254", "s3.eu-west-1.amazonaws.com"],
    }
    assert "proxy" not in pointer(no_proxy=["s3.eu-west-1.amazonaws.com"])["ignition"]


def test_certificates_are_trusted_one_by_one() -> None:
    trusted = pointer(authorities=[CA, CA.replace("TUlJ", "WE1M")])["ignition"]["security"]["tls"]
    found = [each["source"].partition(";base64,") for each in trusted["certificateAuthorities"]]
    assert [head for head, _, _ in found] == ["data:text/plain;charset=utf-8"] * 2
    assert [base64.b64decode(text).decode() for _, _, text in found] == [CA, CA.replace("TUlJ", "WE1M")]


def test_more_than_ec2_takes_is_refused() -> None:
    rest = len(json.dumps(pointer(location="s3://b/"), indent=2))
    assert len(json.dumps(pointer(location="s3://b/" + "x" * (MOST_BYTES - rest)), indent=2)) == MOST_BYTES
    with pytest.raises(
        ValueError, match=r"it has 16385 bytes with 0 certificates in it, and EC2 takes 16384 as user data"
    ):
        pointer(location="s3://b/" + "x" * (MOST_BYTES - rest + 1))


def test_bucket_and_key() -> None:
    assert location_parts(S3) == ("prod-infra", "bootstrap.ign")


@pytest.mark.parametrize(
    "wrong",
    [
        {"ignition": {"config": {"replace": {"source": S3}}}},
        {"ignition": {"version": "3.2.0", "config": {"replace": {"source": "/bootstrap.ign"}}}},
        {"ignition": {"version": "3.2.0", "config": {"replace": {"source": S3, "verification": {"hash": DIGEST}}}}},
        {"ignition": {"version": "3.2.0", "config": {"append": [{"source": S3}]}}},
        {"ignition": {"version": "3.2.0", "proxy": {"noProxy": "a,b"}}},
    ],
)
def test_the_schema_refuses_what_ignition_does(wrong: object) -> None:
    assert list(draft_2020_12()(SCHEMA).iter_errors(wrong)) != []

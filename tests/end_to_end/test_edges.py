"""Each service behind an address of its own: signed for the right region, and named when it can't be reached."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

from tests.end_to_end.world import CRASH, ROOT, Operator, everything
from tests.support.fronts import (
    Fronts,
    forbidding_proxy,
    hanging_server,
    refused_port,
    service_fronts,
    wrong_ca_server,
)

TEXT = (CRASH / "small-zone.yaml").read_text()
SIGNED = {
    "us-east-1": ("us-east-1", "us-east-1"),
    "eu-west-1": ("eu-west-1", "us-east-1"),
    "us-gov-east-1": ("us-gov-east-1", "us-gov-west-1"),
    "cn-north-1": ("cn-north-1", "cn-northwest-1"),
}
OFTEN = {("us-gov-east-1", True)}
"""One whose global services are at home elsewhere; `make torture` takes them all."""


@pytest.mark.parametrize(
    ("region", "tls"),
    [
        pytest.param(region, tls, marks=[] if (region, tls) in OFTEN else [pytest.mark.torture])
        for region in SIGNED
        for tls in (False, True)
    ],
)
def test_every_request_is_signed_for_its_region(bare: Operator, region: str, tls: bool) -> None:
    plan = bare.folder / "plan.yaml"
    plan.write_text(TEXT.replace("eu-west-1", region))
    with service_fronts(bare.url, tls=tls) as fronts:
        operator = Operator("", bare.folder, {**bare.environ, **fronts.environ})
        operator.good("apply", str(plan), "--yes")
        operator.good("destroy", str(plan), "--yes")
        regional, global_ = SIGNED[region]
        assert {request.signing_region for request in fronts.requests_to("ec2")} == {regional}
        assert {request.signing_region for request in fronts.requests_to("sts")} == {regional}
        assert {request.signing_region for request in fronts.requests_to("route53")} == {global_}


def elsewhere(
    server: Callable[[], AbstractContextManager[str]],
) -> Callable[[Fronts, str], AbstractContextManager[dict[str, str]]]:
    """One service at a server of its own."""

    @contextmanager
    def environ(fronts: Fronts, service: str) -> Iterator[dict[str, str]]:
        with server() as url:
            yield fronts.environ_with(service, url)

    return environ


@contextmanager
def _forbidden(fronts: Fronts, service: str) -> Iterator[dict[str, str]]:
    """One service behind a proxy that refuses it."""
    with forbidding_proxy() as url:
        yield {**fronts.environ, "HTTP_PROXY": url, "http_proxy": url, "NO_PROXY": fronts.no_proxy_but(service)}


BLOCKERS = {
    "refused": elsewhere(refused_port),
    "hanging": elsewhere(hanging_server),
    "wrong-ca": elsewhere(wrong_ca_server),
    "forbidden": _forbidden,
}


SAMPLE = {("ec2", "refused"), ("sts", "wrong-ca"), ("ec2", "forbidden")}
"""Each cause once; `make torture` takes them all."""


@pytest.mark.parametrize(
    ("service", "cause"),
    [
        pytest.param(service, cause, marks=[] if (service, cause) in SAMPLE else [pytest.mark.torture])
        for service in ("ec2", "route53", "sts")
        for cause in BLOCKERS
    ],
)
def test_a_blocked_service_is_named_before_anything_is_changed(bare: Operator, service: str, cause: str) -> None:
    before = everything(bare.url)
    with service_fronts(bare.url, tls=False) as fronts, BLOCKERS[cause](fronts, service) as environ:
        operator = Operator("", bare.folder, {**bare.environ, **environ})
        began = time.monotonic()
        finished = operator.run("apply", str(ROOT / "plans" / "network-single-zone.yaml"), "--yes")
        # The run itself takes about ten seconds where a service hangs; the rest is room for a slow machine.
        assert time.monotonic() - began < 60
        assert finished.code == 2
        assert finished.err.startswith(service)
        assert "Traceback" not in finished.err
        assert [request for request in fronts.requests if request.mutating] == []
    assert everything(bare.url) == before


def test_an_endpoint_that_is_no_url_is_refused_in_words(bare: Operator) -> None:
    operator = Operator("http://127.0.0.1:port", bare.folder, bare.environ)
    finished = operator.run("apply", str(ROOT / "plans" / "network-single-zone.yaml"), "--yes")
    assert finished.code == 2
    assert "AWS_ENDPOINT_URL" in finished.err
    assert "Traceback" not in finished.err

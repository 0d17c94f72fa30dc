"""Each service behind an address of its own: signed for the right region, and named when it can't be reached."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from tests.end_to_end.world import ROOT, Operator, everything
from tests.support.fronts import hanging_server, refused_port, service_fronts, wrong_ca_server

TEXT = (ROOT / "plans" / "network-single-zone.yaml").read_text()
SIGNED = {
    "us-east-1": ("us-east-1", "us-east-1"),
    "eu-west-1": ("eu-west-1", "us-east-1"),
    "us-gov-east-1": ("us-gov-east-1", "us-gov-west-1"),
    "cn-north-1": ("cn-north-1", "cn-northwest-1"),
}


@pytest.mark.parametrize(("region", "tls"), [(region, region == "eu-west-1") for region in SIGNED])
def test_every_request_is_signed_for_its_region(bare: Operator, region: str, tls: bool) -> None:
    plan = bare.folder / "plan.yaml"
    plan.write_text(TEXT.replace("region: eu-west-1", f"region: {region}"))
    with service_fronts(bare.url, tls=tls) as fronts:
        operator = Operator("", bare.folder, {**bare.environ, **fronts.environ})
        operator.good("apply", str(plan), "--yes")
        operator.good("destroy", str(plan), "--yes")
        regional, global_ = SIGNED[region]
        assert {request.signing_region for request in fronts.requests_to("ec2")} == {regional}
        assert {request.signing_region for request in fronts.requests_to("sts")} == {regional}
        assert {request.signing_region for request in fronts.requests_to("route53")} == {global_}


@pytest.mark.parametrize(
    ("service", "blocker"),
    [
        ("ec2", refused_port),
        ("route53", refused_port),
        ("sts", refused_port),
        ("ec2", wrong_ca_server),
        ("route53", hanging_server),
    ],
)
def test_a_blocked_service_is_named_before_anything_is_changed(
    bare: Operator, service: str, blocker: Callable[[], AbstractContextManager[str]]
) -> None:
    before = everything(bare.url)
    with service_fronts(bare.url, tls=False) as fronts, blocker() as url:
        operator = Operator("", bare.folder, {**bare.environ, **fronts.environ_with(service, url)})
        finished = operator.run("apply", str(ROOT / "plans" / "network-single-zone.yaml"), "--yes")
        assert finished.code == 2
        assert finished.err.startswith(service)
        assert url.partition("://")[2] in finished.err
        assert [request for request in fronts.requests if request.mutating] == []
    assert everything(bare.url) == before


def test_an_endpoint_that_is_no_url_is_refused_in_words(bare: Operator) -> None:
    operator = Operator("http://127.0.0.1:port", bare.folder, bare.environ)
    finished = operator.run("apply", str(ROOT / "plans" / "network-single-zone.yaml"), "--yes")
    assert finished.code == 2
    assert "AWS_ENDPOINT_URL" in finished.err
    assert "Traceback" not in finished.err

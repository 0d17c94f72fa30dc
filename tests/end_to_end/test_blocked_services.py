"""Each service that only some plans use, out of reach: named before anything is changed."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.end_to_end.test_edges import BLOCKERS
from tests.end_to_end.world import ROOT, Operator, everything
from tests.support.fronts import refused_port, service_fronts

RESTRICTED = (ROOT / "plans" / "restricted-3az.yaml").read_text()
CLASSIC = RESTRICTED.replace("  publish: Internal\n", "  publish: Internal\n  loadBalancers: classic\n")
PLANS = {"elb": CLASSIC, "elbv2": RESTRICTED, "iam": RESTRICTED, "s3": RESTRICTED}
SAMPLE = {("elb", "refused"), ("elbv2", "wrong-ca"), ("iam", "forbidden"), ("s3", "refused")}
"""A cause for each service; `make torture` takes them all."""


def _cases() -> Iterator[object]:
    for service in PLANS:
        for cause in BLOCKERS:
            marks = [] if (service, cause) in SAMPLE else [pytest.mark.torture]
            yield pytest.param(service, cause, id=f"{service}-{cause}", marks=marks)


@pytest.mark.parametrize(("service", "cause"), list(_cases()))
def test_a_blocked_service_is_named_before_anything_is_changed(bare: Operator, service: str, cause: str) -> None:
    (bare.folder / "plan.yaml").write_text(PLANS[service])
    before = everything(bare.url)
    with service_fronts(bare.url) as fronts, BLOCKERS[cause](fronts, service) as environ:
        began = time.monotonic()
        finished = Operator("", bare.folder, {**bare.environ, **environ}).run("apply", "plan.yaml", "--yes")
        # A service that hangs is given up within 15 seconds; the rest is room for a slow machine.
        assert time.monotonic() - began < 60
        assert finished.code == 2
        sentence, *without = finished.err.splitlines()
        assert sentence.startswith(f"{service} can't be reached at ")
        dispensable = service in ("iam", "route53")
        assert [f"--without {service} " in each for each in without] == [True] * dispensable
        assert [request for request in fronts.requests if request.mutating] == []
    assert everything(bare.url) == before


def test_render_needs_only_what_it_asks(bare: Operator) -> None:
    plan = bare.folder / "plan.yaml"
    plan.write_text(RESTRICTED)
    with refused_port() as closed:
        environ = {f"AWS_ENDPOINT_URL_{service}": closed for service in ("IAM", "ROUTE_53", "S3")}
        cut_off = Operator(bare.url, bare.folder, {**bare.environ, **environ})
        assert "AWS::IAM::Role" in cut_off.good("render", "plan.yaml").out
        external = RESTRICTED.replace("publish: Internal", "publish: External")
        plan.write_text(external.replace("egress: none", "egress: nat\n  publicZone: auto"))
        refused = cut_off.run("render", "plan.yaml")
    assert refused.code == 2
    assert refused.err.startswith("route53 can't be reached at ")
    assert "--without" not in refused.err

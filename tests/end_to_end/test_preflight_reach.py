"""A service out of reach: preflight names it, its host, the cause and the remedy, and changes nothing."""

from __future__ import annotations

import json
import time

import pytest

from tests.end_to_end.test_edges import BLOCKERS
from tests.end_to_end.world import ROOT, Operator
from tests.support.fronts import service_fronts

SERVICES = ("ec2", "elbv2", "iam", "route53", "s3", "sts")
SAMPLE = {("ec2", "refused"), ("s3", "wrong-ca"), ("iam", "forbidden"), ("sts", "hanging")}
"""Each cause once; `make torture` takes them all."""


@pytest.mark.parametrize(
    ("service", "cause"),
    [
        pytest.param(service, cause, marks=[] if (service, cause) in SAMPLE else [pytest.mark.torture])
        for service in SERVICES
        for cause in BLOCKERS
    ],
)
def test_a_blocked_service_is_named_with_host_cause_and_remedy(bare: Operator, service: str, cause: str) -> None:
    plan = str(ROOT / "plans" / "restricted-3az.yaml")
    with service_fronts(bare.url, tls=False) as fronts, BLOCKERS[cause](fronts, service) as environ:
        began = time.monotonic()
        finished = Operator("", bare.folder, {**bare.environ, **environ}).run("preflight", plan, "--json")
        # The command gives up within 15 seconds; the rest is room for a slow machine.
        assert time.monotonic() - began < 60
        assert [request for request in fronts.requests if request.mutating] == []
    assert finished.code == 1
    document = json.loads(finished.out)
    assert document["ok"] is False
    [failed] = [check for check in document["checks"] if check["status"] == "fail"]
    assert failed["id"] == f"reach-{service}"
    assert failed["detail"].startswith(f"{service} at ")
    assert failed["remedy"]
    reached = {check["id"] for check in document["checks"] if check["status"] == "pass"}
    assert {f"reach-{other}" for other in SERVICES if other != service} <= reached

"""A service out of reach: preflight names it, its host, the cause and the remedy, and changes nothing."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable
from typing import Any, Final

import pytest
from click.testing import CliRunner

from ocpprov.aws.session import METADATA_SERVICE
from ocpprov.cli.verbs import main
from ocpprov.commands.preflight import LOST_SECONDS
from tests.end_to_end.test_edges import BLOCKERS, elsewhere
from tests.end_to_end.world import ROOT, Operator
from tests.support.fronts import hanging_server, login_page, service_fronts, unknown_name

PLAN: Final = ROOT / "plans" / "restricted-3az.yaml"
SERVICES: Final = ("ec2", "elbv2", "iam", "route53", "s3", "sts")
CLASSIC: Final = ("elb",)
"""Needed with classic balancers only."""
LIMIT: Final = 15.0
CAUSES: Final = {
    **BLOCKERS,
    "unknown-name": elsewhere(unknown_name),
    "web-page": elsewhere(login_page),
    "login-redirect": elsewhere(lambda: login_page(302)),
}
SAID: Final = {
    "refused": "refuses the connection",
    "hanging": "timed out",
    "wrong-ca": "certificate isn't trusted",
    "forbidden": "proxy",
    "unknown-name": "DNS",
    "web-page": "answered 200 in its place",
    "login-redirect": "answered 302 in its place",
}
SAMPLE: Final = {
    ("ec2", "refused"),
    ("s3", "wrong-ca"),
    ("iam", "forbidden"),
    ("sts", "hanging"),
    ("route53", "unknown-name"),
    ("elbv2", "web-page"),
}
"""Each cause once; `make torture` takes them all."""


def plan_with(service: str, bare: Operator) -> str:
    """A plan that needs the service."""
    if service not in CLASSIC:
        return str(PLAN)
    plan = bare.folder / "classic.yaml"
    plan.write_text(PLAN.read_text() + "  loadBalancers: classic\n")
    return str(plan)


@pytest.mark.parametrize(
    ("service", "cause"),
    [
        pytest.param(service, cause, marks=[] if (service, cause) in SAMPLE else [pytest.mark.torture])
        for service in (*SERVICES, *CLASSIC)
        for cause in CAUSES
    ],
)
def test_a_blocked_service_is_named_with_host_cause_and_remedy(
    bare: Operator, service: str, cause: str, record_property: Callable[[str, object], None]
) -> None:
    plan = plan_with(service, bare)
    with service_fronts(bare.url, tls=False) as fronts, CAUSES[cause](fronts, service) as environ:
        began = time.monotonic()
        finished = Operator("", bare.folder, {**bare.environ, **environ}).run("preflight", plan, "--json")
        # The command gives up within 15 seconds; the rest is room for a slow machine.
        assert time.monotonic() - began < 60
        assert [request for request in fronts.requests if request.mutating] == []
    assert finished.code == 1
    document = json.loads(finished.out)
    record_property("seconds", document["seconds"])
    assert document["ok"] is False
    [failed] = [check for check in document["checks"] if check["status"] == "fail"]
    assert failed["id"] == f"reach-{service}"
    assert failed["detail"].startswith(f"{service} at ")
    assert SAID[cause] in failed["detail"]
    assert failed["remedy"]
    reached = {check["id"] for check in document["checks"] if check["status"] == "pass"}
    needed = SERVICES if service in SERVICES else ("elb", "ec2", "sts")
    assert {f"reach-{other}" for other in needed if other != service} <= reached


@pytest.mark.parametrize(
    "cause", [pytest.param(cause, marks=[] if cause == "refused" else [pytest.mark.torture]) for cause in CAUSES]
)
def test_sts_is_named_where_a_role_cannot_be_taken_without_it(
    bare: Operator, cause: str, record_property: Callable[[str, object], None]
) -> None:
    """And not the credentials, which are good."""
    plan = bare.folder / "role.yaml"
    plan.write_text(PLAN.read_text() + "aws: {assumeRole: 'arn:aws:iam::123456789012:role/provisioner'}\n")
    with service_fronts(bare.url, tls=False) as fronts, CAUSES[cause](fronts, "sts") as environ:
        user = Operator("", bare.folder, {**bare.environ, **environ})
        finished, applied = user.run("preflight", str(plan), "--json"), user.run("apply", str(plan), "--yes")
        assert [request for request in fronts.requests if request.mutating] == []
    document = json.loads(finished.out)
    record_property("seconds", document["seconds"])
    [failed] = [check for check in document["checks"] if check["status"] == "fail"]
    assert (finished.code, failed["id"]) == (1, "reach-sts")
    assert SAID[cause] in failed["detail"]
    assert applied.code == 2
    assert applied.err.splitlines()[-1].startswith("sts can't be reached at ")


@pytest.mark.torture
def test_a_name_server_that_never_answers_is_named(
    bare: Operator, monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]
) -> None:
    """In this process, where looking up can be made to hang."""
    ended = threading.Event()
    looked_up = socket.getaddrinfo

    def hang(host: Any, *arguments: Any, **named: Any) -> Any:
        if str(host).endswith(".invalid"):
            ended.wait(60)
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return looked_up(host, *arguments, **named)

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    environ = {**bare.environ, "AWS_ENDPOINT_URL": "https://endpoint.nowhere.invalid"}
    result = CliRunner().invoke(main, ["preflight", str(PLAN), "--json", "--dir", str(bare.folder)], env=environ)
    ended.set()
    assert result.exit_code == 1, result.output
    document = json.loads(result.stdout)
    failed = [check for check in document["checks"] if check["status"] == "fail"]
    assert [check["id"] for check in failed] == [f"reach-{service}" for service in sorted({*SERVICES, "elb"})]
    assert all("DNS gives no answer about endpoint.nowhere.invalid" in check["detail"] for check in failed)
    record_property("seconds", document["seconds"])
    # What `test_the_bounds_leave_room_below_the_limit` says, with room for a slow machine.
    assert document["seconds"] < 60


def test_the_bounds_leave_room_below_the_limit() -> None:
    """From the plan's reading on, the making of the clients included."""
    assert LOST_SECONDS + 1 < LIMIT
    seconds, attempts = METADATA_SERVICE.values()
    assert 2 * seconds * attempts + 1 < LIMIT


@pytest.mark.torture
def test_a_metadata_service_that_never_answers_is_a_matter_of_credentials(
    bare: Operator, record_property: Callable[[str, object], None]
) -> None:
    with hanging_server() as url:
        nobody = dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "")
        metadata = {"AWS_EC2_METADATA_DISABLED": "false", "AWS_EC2_METADATA_SERVICE_ENDPOINT": url}
        user = Operator(bare.url, bare.folder, {**bare.environ, **nobody, **metadata})
        finished = user.run("preflight", str(PLAN), "--json")
    document = json.loads(finished.out)
    assert [(check["id"], check["status"]) for check in document["checks"]] == [
        ("credentials", "fail"),
        ("aws", "unknown"),
    ]
    record_property("seconds", document["seconds"])

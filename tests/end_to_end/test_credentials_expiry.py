"""Credentials that end: while a destroy goes on, before the run would, and before preflight."""

from __future__ import annotations

import json
import re
import shlex
from datetime import UTC, datetime, timedelta

import pytest

from ocpprov.sandbox.admin import SandboxAdmin
from tests.end_to_end.credential_cases import (
    CHANGES,
    EXPIRED,
    Case,
    Host,
    environment,
    host_of,
    process_once,
    variables,
)
from tests.end_to_end.endings import ending
from tests.end_to_end.world import Operator, counts
from tests.support.key_sources import command


@pytest.mark.torture
def test_a_destroy_whose_credentials_end_ends_in_five_lines_too(operator: Operator, admin: SandboxAdmin) -> None:
    with host_of(Case(environment), operator, admin) as (user, _):
        user.good("apply", "plan.yaml", "--yes")
        admin.conditions(credentials_changes=CHANGES)
        second = Operator("", user.folder, {**user.environ, **variables("ASIASECOND")})
        finished = second.run("destroy", "plan.yaml", "--yes")
        assert finished.code == 1, finished.err
        said = ending(finished)
        assert re.search(f"{EXPIRED}.*credentials of the environment", f"{said.said} {said.cause}"), finished.err
        assert "Subnet" in said.there
        admin.conditions()
        Operator("", user.folder, {**user.environ, **variables("ASIALATER")}).good(*shlex.split(said.next)[1:])
        assert (counts(operator.url)["Vpcs"], counts(operator.url)["Subnets"]) == (1, 3)


@pytest.mark.torture
def test_short_lived_credentials_are_renewed_before_they_end(operator: Operator, admin: SandboxAdmin) -> None:
    def short(host: Host) -> None:
        host.config(f"[default]\ncredential_process = {command(host.folder, seconds=4)}\n")

    with host_of(Case(short), operator, admin) as (user, host):
        admin.conditions(latency=150)
        finished = user.good("apply", "plan.yaml", "--yes", "--concurrency", "1")
        assert "AWS says" not in finished.err
        asked = len((host.folder / "asked").read_text())
        calls = len(admin.calls())
        assert 2 <= asked < calls / 2


SOON = r"the credentials of the environment \(AWS_ACCESS_KEY_ID\) end in \d minutes? and can't be renewed, and the run"
SLOW = "".join(
    f"  Gateway{number}:\n    Type: AWS::EC2::NatGateway\n    DependsOn: {before}\n"
    "    Properties: {SubnetId: {Ref: Subnet0}, ConnectivityType: private}\n"
    for number, before in enumerate(("Subnet0", *(f"Gateway{number}" for number in range(5))))
)
"""Six gateways, one after another, of a minute and a half each."""


def test_credentials_that_end_before_the_run_will_are_told_of_before_it_begins(
    operator: Operator, admin: SandboxAdmin
) -> None:
    with host_of(Case(environment), operator, admin) as (user, _):
        plan = user.folder / "plan.yaml"
        plan.write_text(plan.read_text() + SLOW)
        ends = datetime.now(UTC) + timedelta(seconds=420)
        soon = Operator("", user.folder, {**user.environ, "AWS_CREDENTIAL_EXPIRATION": f"{ends:%Y-%m-%dT%H:%M:%SZ}"})
        found = soon.run("preflight", "plan.yaml", "--json")
        checks = {check["id"]: check for check in json.loads(found.out)["checks"]}
        assert (checks["credentials"]["status"], found.code) == ("warn", 0)
        assert re.match(SOON, checks["credentials"]["detail"])
        # Nobody is there to say yes, so nothing is changed.
        refused = soon.run("apply", "plan.yaml")
        assert refused.code == 2
        assert re.search(rf"^{SOON} takes about 10 minutes; set new ones first", refused.err, re.MULTILINE), refused.err
        unknown = user.run("preflight", "plan.yaml", "--json")
        assert "ASIA" not in found.out + refused.err + unknown.out
        checks = {check["id"]: check for check in json.loads(unknown.out)["checks"]}
        assert checks["credentials"]["status"] == "unknown"


def test_preflight_says_what_keeps_credentials_from_being_had(operator: Operator, admin: SandboxAdmin) -> None:
    with host_of(Case(process_once), operator, admin) as (user, host):
        (host.folder / "asked").write_text("x")
        found = user.run("preflight", "plan.yaml", "--json")
        checks = [(check["id"], check["status"]) for check in json.loads(found.out)["checks"]]
        assert (checks[-2:], found.code) == ([("credentials", "fail"), ("aws", "unknown")], 1)
        assert "the command failed; run it yourself to see what it says" in found.out
        assert "the vault is sealed" not in found.out + found.err
        refused = user.run("apply", "plan.yaml", "--yes")
        assert (refused.code, "the command failed; run it yourself" in refused.err) == (2, True), refused.err
        assert "the vault is sealed" not in refused.err
        assert admin.calls() == []

"""Every plan in plans/: made, found again, proved row by row, taken away. And one of them against a moto
server as it comes."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.end_to_end.local import LocalAws, LocalOperator
from tests.end_to_end.one_of_each import PLAN
from tests.end_to_end.world import PLANS, REGION, ROOT, Operator, everything
from tests.rows.checks import CHECKS
from tests.rows.expected import NETWORK_3AZ, NETWORK_SINGLE_ZONE
from tests.rows.live import Clients
from tests.support.fronts import service_fronts
from tests.support.networks import with_a_network

SMALLEST = str(ROOT / "plans" / "network-single-zone.yaml")
CALLS = {
    "existing-vpc": (6, 45),
    "govcloud": (11, 44),
    "network-3az": (10, 38),
    "network-single-zone": (6, 38),
    "public-3az": (11, 45),
    "restricted-3az": (8, 42),
    "single-zone": (7, 45),
}
"""How many calls tag something in a first apply (AWS's own id for what is told by it, and existing subnets), and how
many a second apply makes altogether. Where the cluster can't write its router's record, the router's balancer is
looked for in each; where names of services matter, the private zones of the VPC."""
EXPECTED = {"network-3az": NETWORK_3AZ, "network-single-zone": NETWORK_SINGLE_ZONE}


@dataclass(frozen=True)
class Shipped:
    """A plan of plans/ as somebody uses it: with ids of their own network where it names one."""

    path: Path
    region: str

    def ready(self, user: LocalOperator) -> str:
        """The plan's path, before an AWS in its region, after what it expects of that was made."""
        user.bastion.moved_in(user.folder, self.region)
        return str(with_a_network(self.path, user.aws.client("ec2"), user.folder))


SHIPPED = [Shipped(path, "us-gov-west-1" if path.stem == "govcloud" else REGION) for path in PLANS]
every_plan = pytest.mark.parametrize("shipped", SHIPPED, ids=[shipped.path.stem for shipped in SHIPPED])
some_plans = pytest.mark.parametrize(
    "shipped",
    [
        pytest.param(
            shipped,
            id=shipped.path.stem,
            marks=[] if shipped.path.stem == "existing-vpc" else [pytest.mark.torture],
        )
        for shipped in SHIPPED
    ],
)
"""The one with a network that isn't its own; `make torture` takes them all."""


def every_row_of_the_network_holds(aws: LocalAws, name: str) -> None:
    clients = Clients(aws.client("ec2"), aws.client("route53"))
    for check in CHECKS.values():
        check(clients, name, EXPECTED[name])


@every_plan
def test_a_plan_is_made_found_again_and_taken_away(user: LocalOperator, aws: LocalAws, shipped: Shipped) -> None:
    """The second apply's own plan has nothing in it. While a plan is there every row of its network is proved."""
    plan = shipped.ready(user)
    before = aws.everything()
    user.good("apply", plan, "--yes")
    tagged = aws.changes().count("CreateTags")
    aws.clear_calls()
    user.good("apply", plan, "--yes")
    assert aws.changes() == []
    assert (tagged, len(aws.calls())) == CALLS[shipped.path.stem]
    if shipped.path.stem in EXPECTED:
        every_row_of_the_network_holds(aws, shipped.path.stem)
    user.good("destroy", plan, "--yes")
    assert aws.everything() == before


def test_what_is_expected_of_a_network_is_of_a_plan_that_is_made() -> None:
    assert EXPECTED.keys() <= {shipped.path.stem for shipped in SHIPPED}


@pytest.mark.torture
def test_a_plan_against_a_moto_server_that_knows_nothing_of_us(bare: Operator) -> None:
    """With one of each thing."""
    (bare.folder / "plan.json").write_text(json.dumps(PLAN))
    plan, before = "plan.json", everything(bare.url)
    bare.good("apply", plan, "--yes")
    assert bare.good("plan", plan, "--detailed-exitcode").code == 0
    with service_fronts(bare.url, tls=False) as fronts:
        counted = Operator(bare.url, bare.folder, {**bare.environ, **fronts.environ})
        counted.good("apply", plan, "--yes")
        assert [request for request in fronts.requests if request.mutating] == []
        assert len(fronts.requests) > 10
    bare.good("destroy", plan, "--yes")
    assert everything(bare.url) == before


@some_plans
def test_destroy_needs_neither_plan_nor_folder(
    user: LocalOperator, aws: LocalAws, shipped: Shipped, tmp_path: Path
) -> None:
    plan = shipped.ready(user)
    before = aws.everything()
    user.good("apply", plan, "--yes")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    user.bastion.home = elsewhere
    assert user.run("destroy", "--yes").code == 2
    assert json.loads(user.good("plan", plan, "--json", "--detailed-exitcode").out)["unproven"] == []
    user.good("destroy", "--name", shipped.path.stem, "--region", shipped.region, "--yes")
    assert aws.everything() == before


def test_outputs_render_and_files_are_as_promised(user: LocalOperator, aws: LocalAws) -> None:
    user.good("apply", SMALLEST, "--yes")
    values = json.loads(user.good("outputs", SMALLEST, "--json").out)
    vpcs = aws.client("ec2").describe_vpcs(Filters=[{"Name": "is-default", "Values": ["false"]}])["Vpcs"]
    assert values["VpcId"] == vpcs[0]["VpcId"]
    rendered = user.folder / "rendered.yaml"
    rendered.write_text(user.good("render", SMALLEST).out)
    assert user.good("plan", str(rendered), "--detailed-exitcode").code == 0
    files = [path for path in (user.folder / ".ocpprov").rglob("*") if path.is_file()]
    assert {oct(os.stat(path).st_mode & 0o777) for path in files} == {"0o600"}


def test_events_are_json_lines_that_end_with_finished(user: LocalOperator) -> None:
    lines = [json.loads(line) for line in user.good("apply", SMALLEST, "--yes", "--json").out.splitlines()]
    assert lines[-1]["event"] == "finished"
    assert lines[-1]["ok"] is True
    assert lines[-1]["calls"]["ec2:CreateVpc"] == 1
    assert all({"event", "time"} <= set(line) for line in lines)


def test_without_a_terminal_and_without_yes_nothing_is_touched(user: LocalOperator, aws: LocalAws) -> None:
    before = aws.everything()
    assert user.run("apply", SMALLEST).code == 2
    assert aws.everything() == before

"""Every plan in plans/, against a moto server as it comes: made, found again, proved row by row, taken away."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.end_to_end.world import PLANS, REGION, ROOT, Operator, client, everything
from tests.rows.checks import CHECKS
from tests.rows.expected import NETWORK_3AZ, NETWORK_SINGLE_ZONE
from tests.rows.live import Clients
from tests.support.fronts import service_fronts
from tests.support.networks import with_a_network

PLAN = str(ROOT / "plans" / "network-3az.yaml")
EXPECTED = {"network-3az": NETWORK_3AZ, "network-single-zone": NETWORK_SINGLE_ZONE}


@dataclass(frozen=True)
class Shipped:
    """A plan of plans/ as somebody uses it: with ids of their own network where it names one."""

    path: Path
    region: str

    def ready(self, operator: Operator) -> str:
        """The plan's path, after what it expects of AWS was made."""
        return str(with_a_network(self.path, client("ec2", operator.url), operator.folder))


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


@every_plan
def test_a_plan_is_made_found_again_and_taken_away(bare: Operator, shipped: Shipped) -> None:
    plan = shipped.ready(bare)
    before = everything(bare.url, shipped.region)
    bare.good("apply", plan, "--yes")
    assert bare.good("plan", plan, "--detailed-exitcode").code == 0
    with service_fronts(bare.url, tls=False) as fronts:
        counted = Operator(bare.url, bare.folder, {**bare.environ, **fronts.environ})
        counted.good("apply", plan, "--yes")
        assert [request for request in fronts.requests if request.mutating] == []
        assert len(fronts.requests) > 10
    bare.good("destroy", plan, "--yes")
    assert everything(bare.url, shipped.region) == before


@pytest.mark.parametrize("name", EXPECTED)
def test_every_row_of_the_network_holds(bare: Operator, name: str) -> None:
    bare.good("apply", str(ROOT / "plans" / f"{name}.yaml"), "--yes")
    clients = Clients(client("ec2", bare.url), client("route53", bare.url))
    for check in CHECKS.values():
        check(clients, name, EXPECTED[name])


@some_plans
def test_destroy_needs_neither_plan_nor_folder(bare: Operator, shipped: Shipped, tmp_path: Path) -> None:
    plan = shipped.ready(bare)
    before = everything(bare.url, shipped.region)
    bare.good("apply", plan, "--yes")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    stranger = Operator(bare.url, elsewhere, bare.environ)
    assert stranger.run("destroy", "--yes").code == 2
    stranger.good("destroy", "--name", shipped.path.stem, "--region", shipped.region, "--yes")
    assert everything(bare.url, shipped.region) == before


def test_outputs_render_and_files_are_as_promised(bare: Operator) -> None:
    plan = str(ROOT / "plans" / "restricted-3az.yaml")
    bare.good("apply", plan, "--yes")
    values = json.loads(bare.good("outputs", plan, "--json").out)
    vpcs = client("ec2", bare.url).describe_vpcs(Filters=[{"Name": "is-default", "Values": ["false"]}])["Vpcs"]
    assert values["VpcId"] == vpcs[0]["VpcId"]
    rendered = bare.folder / "rendered.yaml"
    rendered.write_text(bare.good("render", plan).out)
    assert bare.good("plan", str(rendered), "--detailed-exitcode").code == 0
    files = [path for path in (bare.folder / ".ocpprov").rglob("*") if path.is_file()]
    assert {oct(os.stat(path).st_mode & 0o777) for path in files} == {"0o600"}


def test_events_are_json_lines_that_end_with_finished(bare: Operator) -> None:
    lines = [json.loads(line) for line in bare.good("apply", PLAN, "--yes", "--json").out.splitlines()]
    assert lines[-1]["event"] == "finished"
    assert lines[-1]["ok"] is True
    assert lines[-1]["calls"]["ec2:CreateVpc"] == 1
    assert all({"event", "time"} <= set(line) for line in lines)


def test_without_a_terminal_and_without_yes_nothing_is_touched(bare: Operator) -> None:
    before = everything(bare.url)
    assert bare.run("apply", PLAN).code == 2
    assert everything(bare.url) == before

"""An applied plan, plain boto3 beside it, and copies of both in which something is tried."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ocpprov.commands.show_plan import show_plan
from ocpprov.commands.verify import verify
from tests.end_to_end.world import REGION, ROOT
from tests.support.in_process import Bastion
from tests.support.networks import with_a_network

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Thing:
    """Something of the plan's that AWS has."""

    type: str
    logical_id: str
    id: str


@dataclass(frozen=True)
class Site:
    """`things` are all of the plan's, as `plan --json` lists them."""

    bastion: Bastion
    plan: Path
    things: tuple[Thing, ...]

    def client(self, service: str) -> Any:
        return self.bastion.client(service)

    @property
    def ec2(self) -> Any:
        return self.client("ec2")

    @property
    def elbv2(self) -> Any:
        return self.client("elbv2")

    def of(self, *types: str) -> Iterator[Thing]:
        return (thing for thing in self.things if thing.type in types)

    def id(self, logical_id: str) -> str:
        return next(thing.id for thing in self.things if thing.logical_id == logical_id)

    def has(self, logical_id: str) -> bool:
        return any(thing.logical_id == logical_id for thing in self.things)

    @property
    def vpc(self) -> str:
        [found, *_] = [each for thing in self.of("AWS::EC2::RouteTable") for each in self._vpc_of(thing.id)]
        return found

    def _vpc_of(self, table: str) -> Iterator[str]:
        for each in self.ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"]:
            yield each["VpcId"]

    def rows(self) -> tuple[int, Mapping[str, Row]]:
        """What `verify` ends with, and its rows by id."""
        ended = self.bastion.command(verify, plan=self.plan, as_json=True)
        assert ended.said.startswith("{"), f"exit {ended.code}: {ended.said}"
        document = json.loads(ended.said)
        assert document["ok"] == (ended.code == 0)
        return ended.code, {row["id"]: row for row in document["requirements"]}

    def moved(self, home: Path) -> Site:
        """In a copy of this process: with a folder of its own, so that an apply leaves no trace in this one."""
        shutil.copytree(self.bastion.home, home)
        self.bastion.moved_to(home)
        return Site(self.bastion, home / self.plan.name, self.things)


def applied(home: Path, name: str, edit: Callable[[str], str] = lambda text: text) -> Site:
    """A plan of plans/, after an apply in an empty AWS: there is one in a process."""
    home.mkdir(exist_ok=True)
    region = "us-gov-west-1" if name == "govcloud" else REGION
    bastion = Bastion(home, region)
    bastion.pipeline.reset()
    source = home / f"{name}.yaml"
    source.write_text(edit((ROOT / "plans" / source.name).read_text()))
    plan = with_a_network(source, bastion.client("ec2"), home)
    ended = bastion.apply(plan)
    assert ended.code == 0, ended.said
    shown = bastion.command(show_plan, plan=plan, as_json=True)
    actions = json.loads(shown.said)["actions"]
    assert {action["action"] for action in actions} == {"keep"}
    return Site(bastion, plan, tuple(Thing(each["type"], each["resource"], each["id"]) for each in actions))

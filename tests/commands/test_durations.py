"""What a run has seen of AWS's times is known to the next one, in the same account and region."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from ocpprov.commands.connection import Connection
from ocpprov.commands.durations import durations, remember_durations
from ocpprov.engine.resources import Owner
from ocpprov.runs.folder import RunFolder

NAT = "AWS::EC2::NatGateway"


@dataclass
class Somewhere:
    """What of a connection matters here."""

    owner: Owner
    scale: float = 1.0


def in_region(region: str, scale: float = 1.0) -> Connection:
    return cast("Connection", Somewhere(Owner("lab", region, "123456789012", "run"), scale))


def made(tmp_path: Path) -> RunFolder:
    folder = RunFolder(tmp_path / ".ocpprov" / "lab")
    folder.create()
    return folder


def test_kinds_say_it_until_a_run_has_seen_it(tmp_path: Path) -> None:
    folder, here = made(tmp_path), in_region("eu-west-1")
    assert durations(here, folder).of(NAT) == 90
    assert durations(in_region("eu-west-1", 300), folder).of(NAT) == 0.3
    assert NAT in durations(here, folder).settling
    assert "AWS::EC2::VPCGatewayAttachment" not in durations(here, folder).settling
    remember_durations({NAT: 60.0}, here, folder)
    assert durations(here, folder).of(NAT) == 60.0
    remember_durations({NAT: 80.0}, here, folder)
    assert durations(here, folder).of(NAT) == 70.0
    assert durations(in_region("us-east-1"), folder).of(NAT) == 90


def test_one_region_does_not_take_another_ones_place(tmp_path: Path) -> None:
    folder = made(tmp_path)
    remember_durations({NAT: 60.0}, in_region("eu-west-1"), folder)
    remember_durations({NAT: 40.0}, in_region("us-east-1"), folder)
    assert len(json.loads(folder.durations.read_text())) == 2
    assert durations(in_region("eu-west-1"), folder).of(NAT) == 60.0


def test_what_nobody_can_read_is_no_harm(tmp_path: Path) -> None:
    folder, here = made(tmp_path), in_region("eu-west-1")
    place = "123456789012/eu-west-1"
    for content in ("[", "[1]", '{"a": 1}', *(json.dumps({place: {NAT: each}}) for each in ("x", -1))):
        folder.durations.write_text(content)
        assert durations(here, folder).of(NAT) == 90
    remember_durations({}, here, folder)
    assert folder.durations.read_text() == content

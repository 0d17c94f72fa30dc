"""A fleet over three bastions, of which each reaches one region alone, and one of which loses its worker in the middle
of it: the others' plans are done, the lost ones are told, and run again everything is there once.

They take a minute or two each: a dozen processes that load boto3, moto or Dask, and AWS's time for NAT gateways."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest

from tests.end_to_end.bastions import Bastion, Place, bastions_of, until
from tests.support.namespaces import Impossible

pytestmark = pytest.mark.torture

REGIONS: Final = ("eu-west-1", "eu-north-1", "us-east-2")
PLAN: Final = """\
name: {name}
region: {region}
accountID: "123456789012"
Resources:
  VPC:
    Type: AWS::EC2::VPC
    Properties: {{CidrBlock: 10.{number}.0.0/16}}
  Public:
    Type: AWS::EC2::Subnet
    Properties: {{VpcId: !Ref VPC, CidrBlock: 10.{number}.0.0/24, AvailabilityZone: {region}a}}
  Gateway:
    Type: AWS::EC2::InternetGateway
  Attachment:
    Type: AWS::EC2::VPCGatewayAttachment
    Properties: {{VpcId: !Ref VPC, InternetGatewayId: !Ref Gateway}}
  Address:
    Type: AWS::EC2::EIP
    DependsOn: Attachment
    Properties: {{Domain: vpc}}
  Nat:
    Type: AWS::EC2::NatGateway
    Properties: {{SubnetId: !Ref Public, AllocationId: !GetAtt Address.AllocationId}}
"""
SORTS: Final = ("vpcs", "subnets", "gateways", "addresses", "nats")
"""Of what each plan makes one."""


@contextmanager
def place_of(folder: Path, regions: Sequence[str], scale: float = 20.0) -> Iterator[Place]:
    try:
        with bastions_of(folder, regions, scale) as place:
            yield place
    except Impossible as reason:
        pytest.skip(f"no network namespaces here: {reason}")


def plans(folder: Path, regions: Sequence[str], count: int) -> None:
    """So many plans, the regions in turn."""
    (folder / "plans").mkdir()
    for number in range(count):
        region, name = regions[number % len(regions)], f"fleet-{number}"
        (folder / "plans" / f"{name}.yaml").write_text(PLAN.format(name=name, region=region, number=number))


def started(place: Place, log: str, *words: str) -> subprocess.Popen[bytes]:
    """A fleet of all plans, started in the centre."""
    given = (*words, "--json", "--scheduler", "tls://127.0.0.1:8786", *place.tls, "--dir", str(place.folder / "here"))
    return place.start(place.centre, log, "-m", "ocpprov", "fleet", str(place.folder / "plans"), *given)


def events(place: Place, log: str) -> list[dict[str, Any]]:
    """What it has told so far."""
    return [json.loads(line) for line in place.said(log).splitlines() if line.startswith("{")]


def ended(place: Place, fleet: subprocess.Popen[bytes], log: str) -> tuple[int, dict[str, Mapping[str, Any]]]:
    """Its exit code, and each plan's end by name."""
    code = fleet.wait(300)
    lines = events(place, log)
    assert lines, place.said(log)
    assert (lines[-1]["event"], lines[-1].get("plan")) == ("finished", None)
    return code, {each["plan"]: each for each in lines[-1]["plans"]}


def there(bastion: Bastion) -> dict[str, int]:
    """What is there in a bastion's region, as a stranger sees it."""
    own = "Filters=[{'Name': 'tag-key', 'Values': ['ocpprov:plan']}]"
    lists = {
        "vpcs": f"ec2.describe_vpcs({own})['Vpcs']",
        "subnets": f"ec2.describe_subnets({own})['Subnets']",
        "gateways": f"ec2.describe_internet_gateways({own})['InternetGateways']",
        "addresses": "ec2.describe_addresses()['Addresses']",
        "nats": "[n for n in ec2.describe_nat_gateways()['NatGateways'] if n['State'] != 'deleted']",
    }
    found = bastion.of_aws("{" + ", ".join(f"{name!r}: len({each})" for name, each in lists.items()) + "}")
    assert isinstance(found, dict)
    return found


def has_made(bastion: Bastion, folder: str = "") -> bool:
    """Whether a run there has made something."""
    logs = (bastion.folder / folder).glob(".ocpprov/*/log.jsonl")
    return any("CreateVpc" in log.read_text() for log in logs)


def test_a_worker_is_lost_and_its_plans_are_done_later(tmp_path: Path) -> None:
    with place_of(tmp_path, REGIONS) as place:
        plans(tmp_path, REGIONS, 12)
        place.scheduler()
        workers = {bastion.region: place.worker(bastion) for bastion in place.bastions}
        lost = place.bastions[1]

        first = started(place, "first.log", "--yes")
        until(lambda: has_made(lost), "nothing was made")
        workers[lost.region].kill()
        until(lambda: not lost.runs(), "a run has outlived its worker")
        code, ends = ended(place, first, "first.log")

        assert code == 1
        of_lost = [end for end in ends.values() if end["region"] == lost.region]
        assert [end["exitCode"] for end in ends.values() if end["region"] != lost.region] == [0] * 8
        told = [end["errors"][-1]["detail"] for end in of_lost if not end["notRun"]]
        assert len(told) == 2
        assert all(f"in its journal in {lost.folder}" in detail for detail in told)
        left = {end["notRun"] for end in of_lost if end["notRun"]}
        assert left == {f"no worker reaches account 123456789012 in {lost.region} any more"}
        assert all(there(bastion) == dict.fromkeys(SORTS, 4) for bastion in place.bastions if bastion != lost)
        assert max(there(lost).values()) <= 2

        place.worker(lost)
        code, ends = ended(place, started(place, "second.log", "--yes"), "second.log")
        assert (code, {end["exitCode"] for end in ends.values()}) == (0, {0})
        assert {end["changed"] for end in ends.values() if end["region"] != lost.region} == {0}
        assert [there(bastion) for bastion in place.bastions] == [dict.fromkeys(SORTS, 4)] * 3


def test_what_dask_sends_again_is_not_run_again(tmp_path: Path) -> None:
    """Two workers reach one region. When one is killed, Dask sends its plans to the other."""
    with place_of(tmp_path, REGIONS[:1]) as place:
        plans(tmp_path, REGIONS[:1], 6)
        place.scheduler()
        [bastion] = place.bastions
        workers = [place.worker(bastion, each) for each in ("one", "other")]
        first = started(place, "first.log", "--yes")
        until(lambda: has_made(bastion, "one"), "nothing was made")
        workers[0].kill()
        code, ends = ended(place, first, "first.log")
        lost = {name for name, end in ends.items() if end["exitCode"]}
        assert (code, len(lost)) == (1, 2)
        assert all(f"in its journal in {bastion.folder / 'one'}" in str(ends[name]["errors"]) for name in lost)
        assert [name for name in lost if (bastion.folder / "other" / ".ocpprov" / name).exists()] == []
        assert not any(end["notRun"] for end in ends.values())


def test_a_ctrl_c_ends_the_runs_on_all_bastions(tmp_path: Path) -> None:
    with place_of(tmp_path, REGIONS[:1], scale=4.0) as place:
        plans(tmp_path, REGIONS[:1], 3)
        place.scheduler()
        [bastion] = place.bastions
        worker = place.worker(bastion)

        code, ends = ended(place, started(place, "plan.log", "--do", "plan"), "plan.log")
        assert (code, {end["exitCode"] for end in ends.values()}) == (0, {0})
        changes = [event["summary"]["create"] for event in events(place, "plan.log") if event["event"] == "planned"]
        assert changes == [6, 6, 6]
        assert there(bastion) == dict.fromkeys(SORTS, 0)

        fleet = started(place, "first.log", "--yes")
        until(lambda: has_made(bastion), "nothing was made")
        fleet.terminate()
        code, ends = ended(place, fleet, "first.log")
        assert code == 130
        # What was all but done when the wish came is done.
        assert {end["exitCode"] for end in ends.values()} <= {0, 130}
        assert [end["exitCode"] for end in ends.values() if end["notRun"]] == [130]
        said = [event["reason"] for event in events(place, "first.log") if event["event"] == "note"]
        assert any(text.startswith("stopping after in-flight calls") for text in said)
        assert bastion.runs() == []

        worker.terminate()
        assert worker.wait(30) == 0


def test_whoever_has_no_certificate_of_the_authority_gets_nowhere(tmp_path: Path) -> None:
    with place_of(tmp_path, ()) as place:
        plans(tmp_path, REGIONS[:1], 1)
        place.scheduler()
        fleet = started(place.with_other_certificates(), "first.log", "--yes")
        assert fleet.wait(120) == 2
        assert "can't be reached: " in place.said("first.log")
        assert "certificate" in place.said("first.log")

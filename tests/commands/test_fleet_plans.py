"""Which plans a fleet has, and what is said of those that can't be run together."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.fleet_plans import fleet_of, plan_files
from ocpprov.commands.options import Options

PLAN = """
name: {name}
region: {region}
Parameters:
  Key: {{Type: String, NoEcho: true, Default: {name}-secret-text}}
Resources:
  Net: {{Type: AWS::EC2::VPC, Properties: {{CidrBlock: 10.0.0.0/16, Tags: [{{Key: k, Value: !Ref Key}}]}}}}
"""


def written(folder: Path, file: str, name: str, region: str = "eu-west-1") -> Path:
    path = folder / file
    path.write_text(PLAN.format(name=name, region=region))
    return path


def refused(*paths: Path) -> list[str]:
    with pytest.raises(Refused) as error:
        fleet_of(paths, Options(directory=paths[0].parent))
    return [str(each) for each in error.value.problems]


def test_each_plan_is_a_member_with_a_run_folder_of_its_own(tmp_path: Path) -> None:
    paths = [written(tmp_path, "b.yaml", "two", "us-east-1"), written(tmp_path, "a.yaml", "one")]
    fleet = fleet_of(paths, Options(directory=tmp_path))
    assert [(each.path, each.plan, each.region) for each in fleet.members] == [
        (paths[0], "two", "us-east-1"),
        (paths[1], "one", "eu-west-1"),
    ]
    assert [each.folder.path for each in fleet.members] == [tmp_path / ".ocpprov" / name for name in ("two", "one")]


def test_files_that_are_no_plans_are_said_to_be_none(tmp_path: Path) -> None:
    """An install-config.yaml lies beside its plan easily, and each file of a fleet's folder is taken for a plan."""
    good, wrong = written(tmp_path, "good.yaml", "good"), written(tmp_path, "wrong.yaml", "wrong")
    wrong.write_text(wrong.read_text().replace("region: eu-west-1", "region: nowhere"))
    others = [tmp_path / name for name in ("install-config.yaml", "compose.yaml", "broken.yaml")]
    texts = ("apiVersion: v1\nbaseDomain: x.com\nplatform: {}\n", "services: {}\n", "a: [\n")
    for path, text in zip(others, texts, strict=True):
        path.write_text(text)
    [said] = [each for each in refused(good, wrong, *others) if "no plan, it seems" in each]
    assert said == (
        f"{', '.join(map(str, others))}: no plan, it seems; a fleet takes each *.yaml and *.yml of its folder for one; "
        "move what is none into another folder"
    )


def test_a_folder_given_for_a_plan_is_said_to_be_one(tmp_path: Path) -> None:
    good = written(tmp_path, "good.yaml", "good")
    (tmp_path / "plans").mkdir()
    place = f"{tmp_path / 'plans'}:1:1"
    assert refused(good, tmp_path / "plans") == [
        f"{place}: is a folder; name a plan file; `ocpprov fleet` takes all of a folder"
    ]


def test_the_secrets_of_all_of_them_are_hidden(tmp_path: Path) -> None:
    paths = [written(tmp_path, f"{name}.yaml", name) for name in ("one", "two")]
    secrets = fleet_of(paths, Options(directory=tmp_path)).secrets
    assert secrets.masked("one-secret-text two-secret-text") == "**** ****"


def test_the_mistakes_of_all_plans_are_told_together(tmp_path: Path) -> None:
    good, bad, worse = (written(tmp_path, f"{name}.yaml", name) for name in ("good", "bad", "worse"))
    bad.write_text(bad.read_text().replace("CidrBlock: 10.0.0.0/16", "CidrBlock: 10.0.0.0/99"))
    worse.write_text("name: worse\n")
    said = refused(good, bad, worse, tmp_path / "absent.yaml")
    assert [any(part in each for each in said) for part in ("bad.yaml", "worse.yaml", "absent.yaml", "good")] == [
        True,
        True,
        True,
        False,
    ]


def test_the_same_file_twice_is_refused_however_it_is_written(tmp_path: Path) -> None:
    path = written(tmp_path, "a.yaml", "one")
    (tmp_path / "sub").mkdir()
    (said,) = refused(path, tmp_path / "sub" / ".." / "a.yaml")
    assert "a.yaml: is given 2 times" in said


@pytest.mark.parametrize("region", ["eu-west-1", "us-east-1"])
def test_two_plans_of_one_name_are_refused_since_they_have_one_run_folder(tmp_path: Path, region: str) -> None:
    paths = [written(tmp_path, "a.yaml", "one"), written(tmp_path, "b.yaml", "one", region)]
    (said,) = refused(*paths)
    assert "have the same name (one)" in said


def test_a_cycle_is_found_before_anything_is_sent(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    group = "{{Type: AWS::EC2::SecurityGroup, Properties: {{GroupDescription: x, VpcId: !Ref {}}}}}"
    path.write_text(f"name: a\nregion: eu-west-1\nResources:\n  A: {group.format('B')}\n  B: {group.format('A')}\n")
    assert "A" in refused(path)[0]


def test_the_plans_of_a_folder_are_its_yaml_files_by_name(tmp_path: Path) -> None:
    for name in ("b.yml", "a.yaml", ".hidden.yaml", "notes.txt", "plan.json"):
        (tmp_path / name).write_text("")
    (tmp_path / "dir.yaml").mkdir()
    assert [path.name for path in plan_files(tmp_path)] == ["a.yaml", "b.yml"]


def test_a_folder_without_plans_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"has no plan file"):
        plan_files(tmp_path)
    with pytest.raises(Refused, match="No such file"):
        plan_files(tmp_path / "absent")

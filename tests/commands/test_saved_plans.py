"""A saved plan: done just as it was planned, or refused with what is different."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ocpprov.commands import saved_plans
from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.load import load_plan
from ocpprov.commands.options import Options
from ocpprov.commands.saved_plans import differences, guard_saved, save, saved_plan, unsaved
from ocpprov.engine.actions import Action, Actions, Change, Verb
from ocpprov.engine.graph import Graph
from ocpprov.engine.resources import Owner, Resource
from ocpprov.engine.secret_texts import NO_SECRETS, SecretTexts
from ocpprov.engine.values import Ref
from ocpprov.runs.saved_plan_file import is_saved_plan

OWNER = Owner("lab", "eu-west-1", "123456789012", "run")
SUBNET = "AWS::EC2::Subnet"
SECRET = "a-long-secret-value"
SECRETS = SecretTexts({"Token": [SECRET]})


def actions(*changed: Action, owner: Owner = OWNER, **properties: Any) -> Actions:
    graph = Graph({"Subnet": Resource("Subnet", SUBNET, properties)}, {})
    return Actions(owner, graph, changed, [], {})


CREATE = Action("Subnet", SUBNET, Verb.CREATE)
UPDATE = Action("Subnet", SUBNET, Verb.UPDATE, "subnet-1", [Change("Tags.a", ["x", "y"], "c")])
DELETE = Action("Old", SUBNET, Verb.DELETE, "subnet-9", reason="not in the plan")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One with a plan file, where digests are quick."""
    monkeypatch.setattr(saved_plans, "_ROUNDS", 1)
    (tmp_path / "lab.yaml").write_text("name: lab\n")
    return tmp_path


def saved_in(folder: Path, planned: Actions, secrets: SecretTexts = NO_SECRETS, **options: Any) -> Path:
    path = folder / "saved"
    save(path, planned, secrets, Options(plan=folder / "lab.yaml", **options))
    return path


def refusal(saved: Path, planned: Actions, secrets: SecretTexts = NO_SECRETS) -> list[str]:
    with pytest.raises(Refused) as refused:
        guard_saved(saved_plan(saved), planned, secrets)
    return [each.placed_detail.removeprefix(f"{saved}: ") for each in refused.value.problems]


DIFFERENT = "what there is to do isn't what was planned; nothing was changed"


def test_the_same_actions_are_done(folder: Path) -> None:
    path = saved_in(folder, actions(CREATE, DELETE, VpcId=Ref("VPC"), CidrBlock="10.0.0.0/24"))
    again = replace(OWNER, run="another")
    same = actions(replace(DELETE, reason="x"), CREATE, owner=again, CidrBlock="10.0.0.0/24", VpcId=Ref("VPC"))
    guard_saved(saved_plan(path), same, NO_SECRETS)


def test_what_stays_as_it_is_counts_for_nothing(folder: Path) -> None:
    path = saved_in(folder, actions(CREATE, Action("VPC", "AWS::EC2::VPC", Verb.KEEP, "vpc-1")))
    guard_saved(saved_plan(path), actions(CREATE), NO_SECRETS)


def test_what_goes_has_no_properties_of_what_comes_under_its_name(folder: Path) -> None:
    gone = Action("Subnet", "AWS::EC2::VPC", Verb.DELETE, "vpc-1")
    path = saved_in(folder, actions(gone, CidrBlock="10.0.0.0/24"))
    guard_saved(saved_plan(path), actions(gone, CidrBlock="10.0.1.0/24"), NO_SECRETS)


def test_what_aws_lists_in_another_order_is_the_same(folder: Path) -> None:
    path = saved_in(folder, actions(UPDATE))
    guard_saved(saved_plan(path), actions(replace(UPDATE, changes=[Change("Tags.a", ["y", "x"], "c")])), NO_SECRETS)


def test_what_is_different_is_told(folder: Path) -> None:
    path = saved_in(folder, actions(UPDATE, CREATE, CidrBlock="10.0.0.0/24"))
    assert refusal(path, actions(CREATE, DELETE, CidrBlock="10.0.0.0/24")) == [
        DIFFERENT,
        f"now also: delete Old ({SUBNET}, subnet-9)",
        f"no longer: update Subnet ({SUBNET}, subnet-1)",
    ]
    other = replace(UPDATE, changes=[Change("Tags.a", ["x", "y"], "d"), Change("Tags.b", None, "e")], interrupts=True)
    assert refusal(path, actions(other, CREATE, CidrBlock="10.0.1.0/24")) == [
        DIFFERENT,
        f'otherwise: create Subnet ({SUBNET}): CidrBlock was "10.0.0.0/24", is "10.0.1.0/24"',
        f'otherwise: update Subnet ({SUBNET}, subnet-1): change of Tags.a was [["x", "y"], "c"], is [["x", "y"], "d"]; '
        'change of Tags.b was null, is [null, "e"]; CidrBlock was "10.0.0.0/24", is "10.0.1.0/24"; it interrupts',
    ]


def test_what_was_done_already_is_told_in_a_line(folder: Path) -> None:
    path = saved_in(folder, actions(CREATE, DELETE))
    assert refusal(path, actions()) == [
        DIFFERENT,
        "nothing is to be done any more: it was done already, from here or elsewhere",
    ]


def test_of_many_differences_some_are_told(folder: Path) -> None:
    path = saved_in(folder, actions())
    many = [replace(DELETE, id=f"subnet-{number}") for number in range(22)]
    told = refusal(path, actions(*many))
    assert (len(told), told[-1]) == (22, "and 2 more")
    assert len(refusal(path, actions(*many[:20]))) == 21


def test_another_thing_of_the_same_name_is_another_action() -> None:
    old = [{"resource": "A", "type": SUBNET, "action": "delete", "id": "subnet-1"}]
    new = [{"resource": "A", "type": SUBNET, "action": "delete", "id": "subnet-2"}]
    assert list(differences(old, new)) == [
        f"no longer: delete A ({SUBNET}, subnet-1)",
        f"now also: delete A ({SUBNET}, subnet-2)",
    ]


@pytest.mark.parametrize(
    "owner",
    [
        replace(OWNER, user_tags={"a": "b"}),
        replace(OWNER, cluster="x.example.com"),
        replace(OWNER, plan_id="other"),
        replace(OWNER, protect=True),
        replace(OWNER, region="eu-west-2"),
        replace(OWNER, plan="other"),
    ],
)
def test_for_another_owner_it_is_another_plan(folder: Path, owner: Owner) -> None:
    path = saved_in(folder, actions(CREATE))
    assert refusal(path, actions(CREATE, owner=owner)) == [DIFFERENT, "a value that isn't shown is another one"]


def test_it_is_of_one_account(folder: Path) -> None:
    path = saved_in(folder, actions(CREATE))
    assert refusal(path, actions(CREATE, owner=replace(OWNER, account="999999999999"))) == [
        "was planned for account 123456789012, and these credentials are of 999999999999"
    ]


def test_a_secret_is_neither_in_it_nor_another_one(folder: Path) -> None:
    def planned(secret: str) -> Actions:
        return actions(CREATE, Description=secret, Note=f"the {secret}")

    given = {"Token": SECRET, "Size": "3", "Derived": f"x{SECRET}"}
    path = saved_in(folder, planned(SECRET), SECRETS, parameters=given)
    assert SECRET not in path.read_text()
    assert "****" in path.read_text()
    assert (saved_plan(path).options["parameters"], saved_plan(path).secret_parameters) == (
        {"Size": "3"},
        ["Derived", "Token"],
    )
    guard_saved(saved_plan(path), planned(SECRET), SECRETS)
    other = SecretTexts({"Token": ["another-secret-value"]})
    assert refusal(path, planned("another-secret-value"), other) == [
        DIFFERENT,
        "a value that isn't shown is another one",
    ]


def test_the_file_is_its_owners(folder: Path) -> None:
    path = saved_in(folder, actions(CREATE))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert is_saved_plan(path)
    path.chmod(0o620)
    with pytest.raises(Refused, match="others may write to it"):
        saved_plan(path)


def test_the_options_are_those_that_it_was_planned_with(folder: Path) -> None:
    words = {"allow": frozenset({"A"}), "without": frozenset({"iam"}), "name": "lab", "region": "eu-west-1"}
    path = saved_in(folder, actions(CREATE), SECRETS, parameters={"Token": SECRET, "Size": "3"}, **words)
    given = Options(plan=path, parameters={"Token": SECRET}, allow=frozenset({"B"}), profile="ops")
    options, saved = unsaved(given)
    assert saved is not None
    assert options == Options(
        plan=folder / "lab.yaml",
        name="lab",
        region="eu-west-1",
        parameters={"Size": "3", "Token": SECRET},
        allow=frozenset({"A", "B"}),
        without=frozenset({"iam"}),
        profile="ops",
        yes=True,
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {"name": "x", "parameters": {"Size": "4"}},
            "a saved plan has its own options; leave out --name, --parameter Size",
        ),
        ({}, "the values of Token aren't kept in it; give them again: --parameter Token=..."),
    ],
)
def test_options_that_it_has_are_refused_and_secrets_are_asked_for(
    folder: Path, given: dict[str, Any], said: str
) -> None:
    path = saved_in(folder, actions(CREATE), SECRETS, parameters={"Token": SECRET})
    with pytest.raises(Refused) as refused:
        unsaved(Options(plan=path, **given))
    assert str(refused.value) == f"{path}: {said}"


def test_a_plan_file_that_is_another_now_is_refused(folder: Path) -> None:
    path = saved_in(folder, actions(CREATE))
    (folder / "lab.yaml").write_text("name: lab\n\n")
    with pytest.raises(Refused, match=r"lab.yaml isn't what it was when this was planned; plan it again"):
        unsaved(Options(plan=path))
    (folder / "lab.yaml").unlink()
    with pytest.raises(Refused, match=r"lab.yaml: can't be read: No such file"):
        unsaved(Options(plan=path))


def test_it_may_be_moved_with_its_plan(folder: Path) -> None:
    saved_in(folder, actions(CREATE))
    moved = folder.rename(folder.with_name("elsewhere"))
    options, _ = unsaved(Options(plan=moved / "saved"))
    assert options.plan == moved / "lab.yaml"


def test_it_takes_no_other_files_place(folder: Path) -> None:
    with pytest.raises(Refused, match="is there, and no saved plan"):
        save(folder / "lab.yaml", actions(CREATE), NO_SECRETS, Options(plan=folder / "lab.yaml"))
    assert (folder / "lab.yaml").read_text() == "name: lab\n"
    saved_in(folder, actions(CREATE))
    saved_in(folder, actions())
    assert saved_plan(folder / "saved").actions == []
    with pytest.raises(Refused, match="can't be written: File exists"):
        save(folder / "lab.yaml" / "x", actions(CREATE), NO_SECRETS, Options(plan=folder / "lab.yaml"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("OCPPROV SAVED PLAN 2\n{}", "was saved by another version of ocpprov"),
        ("OCPPROV SAVED PLAN 1\n{}", "isn't whole"),
        ("OCPPROV SAVED PLAN 1\n[", "isn't whole"),
        ("OCPPROV SAVED PLAN 1", "isn't whole"),
    ],
)
def test_what_is_not_whole_is_refused(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "saved"
    path.write_text(content)
    with pytest.raises(Refused, match=said):
        unsaved(Options(plan=path))


def test_only_apply_takes_one(folder: Path) -> None:
    path = saved_in(folder, actions(CREATE))
    with pytest.raises(Refused, match=r"is a saved plan; `ocpprov apply .*saved` does what is in it"):
        load_plan(Options(plan=path))


def test_what_cannot_be_read_at_once_is_no_saved_plan(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "empty").touch()
    (tmp_path / "plan.json").write_text(json.dumps({"OCPPROV SAVED PLAN 1": 1}))
    for name in ("pipe", "empty", "plan.json", "nosuch", "."):
        assert not is_saved_plan(tmp_path / name)

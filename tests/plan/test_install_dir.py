"""The installer's folder, named once: its files are found while they are there, and what it has kept of them else."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Final

import pytest

from ocpprov.kinds.registry import KINDS
from ocpprov.openshift.expand import logical_ids
from ocpprov.plan.install_dir import STATE
from ocpprov.plan.loading import Inputs, load
from ocpprov.plan.model import OpenShift, Plan, RememberedFiles
from ocpprov.plan.problems import PlanErrors

SECRET: Final = "not-to-be-shown"
PLAN: Final = "name: a\nopenshift:\n  installDir: ./inst\n"
CONFIG: Final[dict[str, Any]] = {
    "apiVersion": "v1",
    "baseDomain": "example.com",
    "metadata": {"name": "prod", "creationTimestamp": None},
    "networking": {"machineNetwork": [{"cidr": "10.8.0.0/16"}], "networkType": "OVNKubernetes"},
    "platform": {"aws": {"region": "eu-west-1", "defaultMachinePlatform": {"iamRole": "x"}}},
    "publish": "Internal",
    "pullSecret": SECRET,
}
METADATA: Final = {"infraID": "prod-x7k2p", "clusterName": "prod", "aws": {"region": "eu-west-1"}}
INFRA_ID: Final = {"*installconfig.ClusterID": {"UUID": "1", "InfraID": "prod-x7k2p"}}
KEPT: Final = {"*installconfig.InstallConfig": {"config": CONFIG, "file": {"Filename": "install-config.yaml"}}}
IGNITION: Final = {"ignition": {"version": "3.2.0"}}
OWN_NAMES: Final = "  clusterName: prod\n  baseDomain: example.com\n"


def folder(base: Path, **files: Any) -> Path:
    """The folder with these files: config, metadata, ignition, state."""
    names = {"config": "install-config.yaml", "metadata": "metadata.json", "ignition": "bootstrap.ign", "state": STATE}
    (base / "inst").mkdir(exist_ok=True)
    for key, content in files.items():
        (base / "inst" / names[key]).write_text(json.dumps(content))
    return base


def loaded(base: Path, plan: str = PLAN, **inputs: Any) -> Plan:
    return load(plan, "plan.yaml", Inputs(KINDS, base=base, openshift_ids=logical_ids, **inputs))


def section_of(plan: Plan) -> OpenShift:
    assert plan.openshift is not None
    return plan.openshift


def test_all_of_its_files_are_found_there(tmp_path: Path) -> None:
    plan = loaded(folder(tmp_path, config=CONFIG, metadata=METADATA, ignition=IGNITION))
    section = section_of(plan)
    assert (plan.region, section.cluster_domain, section.infra_id) == ("eu-west-1", "prod.example.com", "prod-x7k2p")
    assert section.bootstrap_ignition == "inst/bootstrap.ign"
    assert section.absent == frozenset()
    assert plan.remembered.infra_id == "prod-x7k2p"
    assert [note.rpartition(": ")[2] for note in plan.notes] == [
        "iamProfile, or openshift.iam.instanceProfiles, names a profile to use"
    ]


def test_what_is_not_there_yet_is_waited_for(tmp_path: Path) -> None:
    plan = loaded(folder(tmp_path, config=CONFIG))
    assert section_of(plan).infra_id == ""
    assert section_of(plan).absent == {"metadata", "bootstrap.ignition"}
    assert plan.notes[1:] == (
        "plan.yaml:3:15: inst/metadata.json isn't there: the network alone is planned until it is",
        "plan.yaml:3:15: inst/bootstrap.ign isn't there: it isn't uploaded, and what was uploaded before is kept",
    )


def test_create_manifests_leaves_what_is_needed_in_the_installers_state(tmp_path: Path) -> None:
    before = loaded(folder(tmp_path, config=CONFIG))
    (tmp_path / "inst" / "install-config.yaml").unlink()
    plan = loaded(folder(tmp_path, state={**KEPT, **INFRA_ID}))
    section = section_of(plan)
    assert (plan.region, section.machine_network) == (before.region, section_of(before).machine_network)
    assert (section.infra_id, section.from_state) == ("prod-x7k2p", True)
    assert section.absent == {"bootstrap.ignition"}
    assert plan.remembered.install_config == before.remembered.install_config
    assert plan.notes[0] == (
        "plan.yaml:3:15: inst/install-config.yaml isn't there: what openshift-install has kept of it in "
        f"{STATE} is used"
    )
    assert plan.notes[1].startswith("plan.yaml:3:15: platform.aws.defaultMachinePlatform.iamRole is not honoured")
    assert (
        plan.notes[2] == f"plan.yaml:3:15: inst/metadata.json isn't there: the infraID is prod-x7k2p, as {STATE} has it"
    )
    assert SECRET not in json.dumps(plan.remembered.document())


def test_the_file_counts_before_the_state_and_the_state_before_memory(tmp_path: Path) -> None:
    other = {"*installconfig.InstallConfig": {"config": {**CONFIG, "baseDomain": "state.example.com"}}}
    kept = RememberedFiles(
        "", {"openshift.baseDomain": "memory.example.com", "openshift.clusterName": "prod", "region": "eu-west-1"}
    )

    def domain() -> str:
        return section_of(loaded(tmp_path, remembered=lambda _: kept)).base_domain

    folder(tmp_path, config=CONFIG, state=other)
    assert domain() == "example.com"
    (tmp_path / "inst" / "install-config.yaml").unlink()
    assert domain() == "state.example.com"
    (tmp_path / "inst" / STATE).unlink()
    assert domain() == "memory.example.com"


@pytest.mark.parametrize(
    "state", [None, [], {}, {"*installconfig.InstallConfig": []}, {"*installconfig.ClusterID": {"InfraID": 7}}]
)
def test_a_state_that_says_nothing_is_none(tmp_path: Path, state: Any) -> None:
    folder(tmp_path, state=state)
    with pytest.raises(PlanErrors, match=r"3:15: .*inst/install-config\.yaml can't be read: it isn't there"):
        loaded(tmp_path)


def test_a_state_that_is_no_json_is_none(tmp_path: Path) -> None:
    (folder(tmp_path) / "inst" / STATE).write_text("{")
    with pytest.raises(PlanErrors, match=r"inst/install-config\.yaml can't be read"):
        loaded(tmp_path)


def test_a_state_that_is_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(folder(tmp_path) / "inst" / STATE)
    with pytest.raises(PlanErrors, match=r"inst/install-config\.yaml can't be read"):
        loaded(tmp_path)


LONG: Final = "a" * 300


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (LONG, f"3:15: openshift.installDir: {LONG} can't be read: File name too long"),
        ("plan.txt/inst", "3:15: openshift.installDir: plan.txt/inst can't be read: Not a directory"),
        ("plan.txt", "3:15: openshift.installDir: plan.txt is no folder; name the installer's folder"),
        ("''", "3:15: openshift.installDir: expected a folder's path, got ''; such as ./inst, or leave it out"),
        (
            r'"a\0b"',
            r"3:15: openshift.installDir: expected a folder's path, got 'a\x00b'; such as ./inst, or leave it out",
        ),
    ],
)
def test_what_names_no_folder_is_an_error(tmp_path: Path, written: str, said: str) -> None:
    (tmp_path / "plan.txt").write_text("")
    with pytest.raises(PlanErrors) as error:
        loaded(tmp_path, f"name: a\nopenshift:\n  installDir: {written}\n{OWN_NAMES}")
    assert [str(each) for each in error.value.errors if each.path == "openshift.installDir"] == [f"plan.yaml:{said}"]


def test_the_plan_itself_may_say_what_an_install_config_would(tmp_path: Path) -> None:
    plan = loaded(tmp_path, f"name: a\nregion: eu-west-1\nopenshift:\n  installDir: inst\n{OWN_NAMES}")
    assert section_of(plan).cluster_domain == "prod.example.com"
    assert "inst/metadata.json isn't there" in plan.notes[0]


def test_what_the_plan_names_itself_counts(tmp_path: Path) -> None:
    folder(tmp_path, config=CONFIG, ignition=IGNITION)
    (tmp_path / "other.json").write_text(json.dumps({**METADATA, "infraID": "prod-other"}))
    plan = loaded(tmp_path, f"{PLAN}  metadata: other.json\n")
    assert section_of(plan).infra_id == "prod-other"
    assert section_of(plan).bootstrap_ignition == "inst/bootstrap.ign"


@pytest.mark.parametrize(
    ("line", "name", "message"),
    [
        ("metadata: other", "metadata", "4:13: openshift.metadata: other and inst/metadata.json differ"),
        ("installConfig: other", "config", "4:18: openshift.installConfig: other and inst/install-config.yaml differ"),
        (
            "bootstrap: {ignition: other}",
            "ignition",
            "4:25: openshift.bootstrap.ignition: other and inst/bootstrap.ign",
        ),
    ],
)
def test_two_files_that_differ_are_an_error(tmp_path: Path, line: str, name: str, message: str) -> None:
    content = {"config": CONFIG, "metadata": METADATA, "ignition": IGNITION}
    folder(tmp_path, **content)
    (tmp_path / "other").write_text(json.dumps(content[name]))
    assert section_of(loaded(tmp_path, f"{PLAN}  {line}\n")).infra_id == "prod-x7k2p"
    (tmp_path / "other").write_text(json.dumps({**content[name], "x": 1}))
    with pytest.raises(PlanErrors, match=message):
        loaded(tmp_path, f"{PLAN}  {line}\n")


@pytest.mark.parametrize("where", ["metadata", "state"])
def test_an_infra_id_that_differs_is_an_error(tmp_path: Path, where: str) -> None:
    folder(tmp_path, config=CONFIG, **({"metadata": METADATA} if where == "metadata" else {"state": INFRA_ID}))
    file = "metadata.json" if where == "metadata" else STATE
    with pytest.raises(PlanErrors, match=f"4:12: openshift.infraID: prod-aaaaa in the plan, prod-x7k2p in inst/{file}"):
        loaded(tmp_path, f"{PLAN}  infraID: prod-aaaaa\n")
    assert section_of(loaded(tmp_path, f"{PLAN}  infraID: prod-x7k2p\n")).infra_id == "prod-x7k2p"


@pytest.mark.parametrize(
    ("lines", "uploaded"),
    [
        ("", "inst/bootstrap.ign"),
        ("  bootstrap: true\n", "inst/bootstrap.ign"),
        ("  bootstrap: {address: 10.8.48.20}\n", "inst/bootstrap.ign"),
        ("  bootstrap: false\n", ""),
        ("  bucket: none\n", ""),
    ],
)
def test_bootstrap_ign_is_for_a_bootstrap_machine_and_a_bucket(tmp_path: Path, lines: str, uploaded: str) -> None:
    folder(tmp_path, config=CONFIG, metadata=METADATA, ignition=IGNITION)
    assert section_of(loaded(tmp_path, PLAN + lines)).bootstrap_ignition == uploaded


@pytest.mark.parametrize(
    ("value", "message"),
    [("plan.txt", "plan.txt is no folder; name the installer's folder"), ("[inst]", "expected a string")],
)
def test_the_folder_is_one(tmp_path: Path, value: str, message: str) -> None:
    (tmp_path / "plan.txt").write_text("")
    with pytest.raises(PlanErrors, match=f"openshift.installDir: {message}"):
        loaded(tmp_path, f"name: a\nregion: eu-west-1\nopenshift:\n  installDir: {value}\n{OWN_NAMES}")


def test_a_file_that_is_there_and_can_not_be_read_stays_an_error(tmp_path: Path) -> None:
    folder(tmp_path, config=CONFIG, metadata=[])
    with pytest.raises(PlanErrors, match=r"inst/metadata\.json is not a JSON object"):
        loaded(tmp_path)

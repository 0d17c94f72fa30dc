"""`manifests` in a folder as openshift-install leaves it: what goes, what is edited, and what is refused."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Final

import pytest

from tests.end_to_end.local import LocalOperator
from tests.end_to_end.world import REGION
from tests.support.in_process import Bastion

PLAN: Final = f"""\
name: prod
region: {REGION}
openshift:
  clusterName: prod
  baseDomain: example.com
  version: "4.18"
  publish: Internal
  zones: 1
  egress: none
"""
MACHINES: Final = (
    ("99_openshift-cluster-api_master-machines-0.yaml", "Machine"),
    ("99_openshift-cluster-api_worker-machineset-0.yaml", "MachineSet"),
    ("99_openshift-machine-api_master-control-plane-machine-set.yaml", "ControlPlaneMachineSet"),
)
KEPT: Final = (
    ("99_openshift-cluster-api_master-user-data-secret.yaml", "Secret"),
    ("99_openshift-cluster-api_worker-machineset-of-mine.yaml", "ConfigMap"),
    ("99_infra-machineset.yaml", "MachineSet"),
)
DNS: Final = """\
kind: DNS
spec:
  baseDomain: prod.example.com   # ours
  privateZone:
    tags:
      Name: prod-x7k2p-int
status: {}
"""
SCHEDULER: Final = "kind: Scheduler\nspec:\n  mastersSchedulable: true\n"


@pytest.fixture
def user(one_bastion: Bastion, tmp_path: Path) -> LocalOperator:
    one_bastion.moved_in(tmp_path, REGION)
    (tmp_path / "prod.yaml").write_text(PLAN)
    for name in ("manifests", "openshift"):
        (tmp_path / "inst" / name).mkdir(parents=True)
    for name, kind in (*MACHINES, *KEPT):
        (tmp_path / "inst" / "openshift" / name).write_text(f"kind: {kind}\n")
    (tmp_path / "inst" / "manifests" / "cluster-dns-02-config.yml").write_text(DNS)
    scheduler = tmp_path / "inst" / "manifests" / "cluster-scheduler-02-config.yml"
    scheduler.write_text(SCHEDULER)
    scheduler.chmod(0o640)
    return LocalOperator(one_bastion)


def files(user: LocalOperator) -> dict[str, str]:
    """All that is in the folder."""
    return {str(each.relative_to(user.folder)): each.read_text() for each in user.folder.rglob("inst/*/*")}


def test_the_edits_are_shown_and_done_once(user: LocalOperator) -> None:
    before = files(user)
    asked = user.run("manifests", "inst", "prod.yaml")
    assert (asked.code, files(user)) == (2, before)
    done = user.good("manifests", "inst", "prod.yaml", "--yes")
    assert (done.out, done.err.splitlines()[-1]) == (
        asked.out,
        "done: 6 files; next: openshift-install create ignition-configs --dir inst",
    )
    assert [row for row in done.out.splitlines() if row.startswith("remove")] == [
        f"remove  inst/openshift/{name}" for name, _ in MACHINES
    ]
    after = files(user)
    assert set(before) - set(after) == {f"inst/openshift/{name}" for name, _ in MACHINES}
    assert after["inst/manifests/cluster-dns-02-config.yml"] == (
        "kind: DNS\nspec:\n  baseDomain: prod.example.com   # ours\nstatus: {}\n"
    )
    assert after["inst/manifests/cluster-scheduler-02-config.yml"] == SCHEDULER.replace("true", "false")
    assert "scope: Internal" in after["inst/manifests/cluster-ingress-default-ingresscontroller.yaml"]
    scheduler = user.folder / "inst" / "manifests" / "cluster-scheduler-02-config.yml"
    assert stat.S_IMODE(scheduler.stat().st_mode) == 0o640
    again = user.good("manifests", "inst", "prod.yaml")
    assert (again.out, files(user)) == ("", after)
    assert again.err.endswith("inst is as plan prod needs it: nothing to do\n")


@pytest.mark.parametrize(
    ("folder", "message"),
    [
        (
            ".",
            ".: isn't openshift-install's folder with manifests: there is no manifests, no openshift, no "
            "manifests/cluster-dns-02-config.yml, no manifests/cluster-scheduler-02-config.yml; "
            "run: openshift-install create manifests --dir .",
        ),
        ("inst/manifests", "name the folder above it: "),
        ("inst/openshift", "run: openshift-install create manifests --dir inst/openshift"),
        ("prod.yaml", "prod.yaml: isn't openshift-install's folder with manifests: there is no manifests"),
    ],
)
def test_another_folder_is_refused_by_what_is_missing(user: LocalOperator, folder: str, message: str) -> None:
    user.aws.clear_calls()
    ended = user.run("manifests", folder, "prod.yaml", "--yes")
    assert (ended.code, ended.out, user.aws.calls()) == (2, "", [])
    assert message in ended.err


def test_manifests_that_were_consumed_are_told_from_none(user: LocalOperator) -> None:
    (user.folder / "inst" / "metadata.json").write_text("{}")
    (user.folder / "inst" / "manifests" / "cluster-dns-02-config.yml").unlink()
    ended = user.run("manifests", "inst", "prod.yaml", "--yes")
    assert "there is no manifests/cluster-dns-02-config.yml; ignition files were made of them already" in ended.err


@pytest.mark.parametrize(
    "link",
    [
        "manifests",
        "openshift",
        "manifests/cluster-dns-02-config.yml",
        "manifests/cluster-ingress-default-ingresscontroller.yaml",
        f"openshift/{MACHINES[0][0]}",
    ],
)
def test_no_link_is_followed(user: LocalOperator, link: str) -> None:
    path, outside = user.folder / "inst" / link, user.folder / "outside"
    if path.exists():
        path.rename(outside)
    else:
        outside.write_text("kind: IngressController\n")
    path.symlink_to(outside)
    before = files(user)
    ended = user.run("manifests", "inst", "prod.yaml", "--yes")
    assert (ended.code, ended.out, files(user)) == (2, "", before)
    assert ended.err.startswith(f"inst/{link}: is a symbolic link: it isn't followed")

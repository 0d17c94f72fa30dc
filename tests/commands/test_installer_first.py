"""destroy says when openshift-install has to come first."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest

from ocpprov.commands.installer_first import installer_first, metadata_there
from ocpprov.commands.load import load_plan
from ocpprov.commands.options import Options
from ocpprov.plan.install_dir import STATE

HEAD: Final = "name: a\nregion: eu-west-1\nopenshift: {clusterName: prod, baseDomain: example.com"
METADATA: Final = {"infraID": "prod-x7k2p", "clusterName": "prod"}


@pytest.mark.parametrize(
    ("key", "file", "found"),
    [
        ("installDir: ./the inst", "metadata.json", "the inst/metadata.json"),
        ("metadata: the inst/metadata.json", "metadata.json", "the inst/metadata.json"),
        ("installDir: ./the inst", "", ""),
        ("installDir: ./the inst", STATE, ""),
        ("infraID: prod-x7k2p", "metadata.json", ""),
    ],
)
def test_a_metadata_json_that_is_there_is_found_from_the_plan(tmp_path: Path, key: str, file: str, found: str) -> None:
    folder = tmp_path / "the inst"
    folder.mkdir()
    if file:
        state = {"*installconfig.ClusterID": {"InfraID": "prod-x7k2p"}}
        (folder / file).write_text(json.dumps(METADATA if file == "metadata.json" else state))
    plan_file = tmp_path / "plan.yaml"
    plan_file.write_text(f"{HEAD}, {key}}}\n")
    options = Options(plan=plan_file, directory=tmp_path)
    assert metadata_there(load_plan(options), options) == (str(tmp_path / found) if found else "")


def test_the_command_can_be_pasted() -> None:
    assert list(installer_first("my inst/metadata.json", ())) == [
        "my inst/metadata.json is still there: if there was a cluster, "
        "`openshift-install destroy cluster --dir 'my inst'` has to come first"
    ]


def test_without_the_file_what_a_cluster_has_left_tells() -> None:
    assert list(installer_first("", {"prod-x7k2p"})) == [
        "`openshift-install destroy cluster` has to come first, where the cluster's metadata.json is"
    ]
    assert list(installer_first("", ())) == []

"""The versions of OpenShift that a plan may name, and hints that are worth following."""

from __future__ import annotations

import pytest

from ocpprov.kinds.registry import KINDS
from ocpprov.plan.loading import Inputs, load
from ocpprov.plan.model import OpenShift, Plan
from ocpprov.plan.problems import PlanErrors, likely
from tests.plan.marks import HEAD, SECTION


def loaded(text: str) -> Plan:
    return load(text, "plan.yaml", Inputs(KINDS))


def section_of(plan: Plan) -> OpenShift:
    assert plan.openshift is not None
    return plan.openshift


@pytest.mark.parametrize("version", ["4.1", "4.12", "4.12.30", "4.13", "4.18.6", "4.18.0-rc.3", "4.20.0-ec.1", "4.22"])
def test_a_release_a_patch_level_and_what_comes_before_it_are_versions(version: str) -> None:
    plan = loaded(SECTION + f'  version: "{version}"\n')
    assert section_of(plan).version == version
    assert plan.notes == ()


@pytest.mark.parametrize("written", ["4.20", "4.10", "4.2"])
def test_a_version_without_quotes_is_read_as_it_is_written(written: str) -> None:
    assert section_of(loaded(SECTION + f"  version: {written}\n")).version == written


@pytest.mark.parametrize("version", ["4.23", "4.23.1", "4.30.0-rc.0"])
def test_a_newer_release_has_the_newest_tables_and_that_is_said(version: str) -> None:
    plan = loaded(SECTION + f'  version: "{version}"\n')
    assert section_of(plan).version == version
    (note,) = plan.notes
    assert f"plan.yaml:6:3: {version} is newer than 4.22" in note


@pytest.mark.parametrize("version", ["5.0", "4.0", "3.11"])
def test_of_another_major_version_nothing_is_known(version: str) -> None:
    with pytest.raises(PlanErrors, match=f"{version} is not one of 4.1 to 4.22"):
        loaded(SECTION + f'  version: "{version}"\n')


@pytest.mark.parametrize("word", ["4.13", "4.18", "10.0.0.0", "6442", "v4.13"])
def test_a_number_is_no_misspelt_word(word: str) -> None:
    assert likely(word, ["4.3", "4.8", "10.0.0.1", "6443", "v4.3"]) == ""


def test_a_misspelt_word_still_gets_its_hint() -> None:
    assert (likely("ec3", ["ec2"]), likely("AES265", ["AES256"])) == ("did you mean ec2?", "did you mean AES256?")


@pytest.mark.parametrize(
    ("text", "sort", "place"),
    [
        (
            "apiVersion: v1\nbaseDomain: example.com\nmetadata: {name: prod}\nplatform: {aws: {region: eu-west-1}}\n"
            "pullSecret: not-to-be-shown\n",
            "an install-config.yaml",
            "openshift.installConfig: mine",
        ),
        ("baseDomain: example.com\nplatform: {aws: {}}\n", "an install-config.yaml", "openshift.installConfig: mine"),
        ('{"clusterName": "prod", "infraID": "prod-x7k2p", "aws": {}}', "a metadata.json", "openshift.metadata: mine"),
        ('{"ignition": {"version": "3.2.0"}}', "an ignition file", "openshift.bootstrap.ignition: mine"),
    ],
)
def test_a_file_of_the_installer_is_no_plan_and_where_it_belongs_is_said(text: str, sort: str, place: str) -> None:
    with pytest.raises(PlanErrors) as caught:
        load(text, "folder/mine", Inputs(KINDS))
    assert str(caught.value) == f"folder/mine:1:1: this is {sort}, not a plan; write a plan with {place}"


def test_a_plan_with_keys_of_the_install_config_is_a_plan() -> None:
    with pytest.raises(PlanErrors, match="unknown key baseDomain"):
        loaded(HEAD + "baseDomain: example.com\nplatform: {}\nopenshift: {clusterName: a, baseDomain: b.c}\n")

"""Each state of the installer's files before, between and after its own commands: every verb works, and says what it
lacks. A plan names the folder once; what stands in AWS is a cluster that no test changes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest

from ocpprov.commands.destroy import destroy
from ocpprov.commands.options import Options
from ocpprov.commands.validate import validate
from ocpprov.plan.install_dir import STATE
from ocpprov.plan.problems import PlanErrors
from tests.end_to_end.installer_site import CONFIG, METADATA, SECRET, Site, site_in
from tests.support.in_process import Bastion, Ended

PLAN: Final = """\
name: prod
openshift:
  installDir: ./inst
  version: "4.18"
  zones: 1
  egress: none
  endpoints: [s3]
  iam: {instanceProfiles: {master: masters, worker: workers, bootstrap: boots}}
"""
OUTPUTS: Final = ("VpcId", "MasterSecurityGroupId", "PrivateHostedZoneId", "BootstrapIgnitionLocation")
NO_CONFIG: Final = "inst/install-config.yaml isn't there: "
NO_METADATA: Final = "inst/metadata.json isn't there: "
NO_IGNITION: Final = "inst/bootstrap.ign isn't there: it isn't uploaded, and what was uploaded before is kept"
KEPT: Final = NO_CONFIG + f"what openshift-install has kept of it in {STATE} is used"
REMEMBERED: Final = NO_CONFIG + "what the last apply took from it is used"
LAST_APPLIED: Final = NO_METADATA + "the infraID is prod-x7k2p, as last applied"
FROM_STATE: Final = NO_METADATA + f"the infraID is prod-x7k2p, as {STATE} has it"
NETWORK_ALONE: Final = NO_METADATA + "the network alone is planned until it is"
IN_STATE: Final = {
    "*installconfig.InstallConfig": {
        "config": {
            "baseDomain": "example.com",
            "metadata": {"name": "prod", "creationTimestamp": None},
            "networking": {"machineNetwork": [{"cidr": "10.0.0.0/16"}]},
            "platform": {"aws": {"region": "eu-west-1"}},
            "publish": "Internal",
            "pullSecret": SECRET,
            "proxy": {"httpsProxy": f"http://user:{SECRET}@proxy.example.com:3128"},
        }
    },
    "*installconfig.ClusterID": {"InfraID": "prod-x7k2p"},
}


@dataclass(frozen=True)
class State:
    """Which of the files are there (c: install-config.yaml, m: metadata.json, i: bootstrap.ign, s: the installer's own
    state), and whether this folder remembers the apply. `said` is what validate and plan say; `before_aws` what
    validate says instead, where only AWS knows more."""

    name: str
    files: str
    said: tuple[str, ...] = ()
    remembers: bool = True
    before_aws: tuple[str, ...] | None = None


STANDING: Final = (
    State("all of them", "cmis"),
    State("create manifests has taken install-config.yaml", "s", (KEPT, FROM_STATE, NO_IGNITION)),
    State("create ignition-configs has made the rest", "mis", (KEPT,)),
    State("only install-config.yaml was kept", "c", (LAST_APPLIED, NO_IGNITION)),
    State("bootstrap.ign is gone, as it holds secrets", "cm", (NO_IGNITION,)),
    State("destroy cluster has taken its files", "", (REMEMBERED, LAST_APPLIED, NO_IGNITION)),
    State("the same, and bootstrap.ign was left", "i", (REMEMBERED, LAST_APPLIED)),
    State(
        "install-config.yaml on another bastion", "c", (LAST_APPLIED, NO_IGNITION), False, (NETWORK_ALONE, NO_IGNITION)
    ),
    State("another bastion with the installer's state", "s", (KEPT, FROM_STATE, NO_IGNITION), False),
)
GOING: Final = " to delete"


@dataclass(frozen=True)
class Made:
    """The cluster: where it was made from, its outputs, and how many things go with it."""

    site: Site
    home: Path
    outputs: dict[str, Any]
    gone: str


def written(folder: Path, files: str) -> None:
    """The installer's files by their letters."""
    content = {"c": CONFIG, "m": json.dumps(METADATA), "s": json.dumps(IN_STATE)}
    content["i"] = json.dumps({"ignition": {"version": "3.2.0"}, "key": SECRET})
    names = {"c": "install-config.yaml", "m": "metadata.json", "i": "bootstrap.ign", "s": STATE}
    for letter, name in names.items():
        (folder / name).unlink(missing_ok=True)
        if letter in files:
            (folder / name).write_text(content[letter])


def asked_to_destroy(bastion: Bastion, plan: Path, region: str = "") -> Ended:
    """`ocpprov destroy` where nobody can say yes: it shows what would go, and leaves it."""
    return bastion._run(destroy, Options(plan=plan, region=region))


@pytest.fixture(scope="module")
def made(one_bastion: Bastion, tmp_path_factory: pytest.TempPathFactory) -> Made:
    site = site_in(one_bastion, tmp_path_factory.mktemp("made"))
    site.plan_file.write_text(PLAN)
    written(site.folder, "cmis")
    site.apply()
    going = asked_to_destroy(one_bastion, site.plan_file).said
    count = next(line for line in going.splitlines() if GOING in line)
    return Made(site, one_bastion.home, one_bastion.outputs(site.plan_file), count)


@pytest.fixture
def standing(made: Made, tmp_path: Path) -> Site:
    copy = tmp_path / "copy"
    shutil.copytree(made.home, copy)
    made.site.bastion.moved_to(copy)
    return made.site


def validated(site: Site, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    assert validate(Options(plan=site.plan_file, directory=site.bastion.home)) == 0
    return capsys.readouterr().out


@pytest.mark.torture
@pytest.mark.parametrize("state", STANDING, ids=lambda state: state.name)
def test_every_verb_works_and_says_what_it_lacks(
    standing: Site, made: Made, capsys: pytest.CaptureFixture[str], state: State
) -> None:
    bastion, plan = standing.bastion, standing.plan_file
    written(standing.folder, state.files)
    if not state.remembers:
        standing.forget()
    expected = state.said if state.before_aws is None else state.before_aws
    told = validated(standing, capsys)
    assert [each in told for each in expected] == [True] * len(expected)
    assert told.count("isn't there: ") == len(expected)
    planned = standing.unchanged().said
    assert [each in planned for each in state.said] == [True] * len(state.said)
    assert planned.count("isn't there: ") == len(state.said)
    assert bastion.outputs(plan) == made.outputs
    assert {*OUTPUTS} <= set(made.outputs)
    applied = standing.apply()
    assert applied.sent == []
    destroyed = asked_to_destroy(bastion, plan)
    assert (destroyed.code, destroyed.sent) == (2, [])
    assert made.gone in destroyed.said
    first = f"{standing.folder / 'metadata.json'} is still there: if there was a cluster, "
    assert (first in destroyed.said) is ("m" in state.files)
    assert SECRET not in f"{told}{planned}{applied.said}{destroyed.said}"


@pytest.mark.torture
@pytest.mark.parametrize("region", ["", "eu-west-1"])
def test_where_nothing_is_there_and_nobody_remembers_only_destroy_goes_on(
    standing: Site, made: Made, capsys: pytest.CaptureFixture[str], region: str
) -> None:
    written(standing.folder, "")
    standing.forget()
    lacks = r"inst/install-config\.yaml can't be read: it isn't there, and no apply from this folder remembers it"
    bastion, plan = standing.bastion, standing.plan_file
    verbs: tuple[Callable[[], object], ...] = (
        partial(validated, standing, capsys),
        partial(bastion.plan, plan),
        partial(bastion.apply, plan),
        partial(bastion.outputs, plan),
    )
    for verb in verbs:
        with pytest.raises(PlanErrors, match=lacks):
            verb()
    ended = asked_to_destroy(bastion, plan, region)
    assert (ended.code, ended.sent) == (2, [])
    assert (made.gone in ended.said) is bool(region)
    assert ("ocpprov destroy --name NAME --region REGION goes by the tags" in ended.said) is (region == "")


@pytest.mark.parametrize(
    ("files", "phase", "said"),
    [
        ("s", "cluster", (KEPT, FROM_STATE, NO_IGNITION)),
        pytest.param("c", "network", (NETWORK_ALONE, NO_IGNITION), marks=pytest.mark.torture),
        pytest.param("cm", "cluster", (NO_IGNITION,), marks=pytest.mark.torture),
        pytest.param("mis", "cluster", (KEPT,), marks=pytest.mark.torture),
    ],
)
def test_before_the_first_apply_the_phase_is_what_the_files_say(
    one_bastion: Bastion,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    files: str,
    phase: str,
    said: tuple[str, ...],
) -> None:
    site = site_in(one_bastion, tmp_path)
    site.plan_file.write_text(PLAN)
    written(site.folder, files)
    told, planned = validated(site, capsys), one_bastion.show(site.plan_file).said
    for text in (told, planned):
        assert [each in text for each in said] == [True] * len(said)
        assert text.count("isn't there: ") == len(said)
    assert ("create  MasterSecurityGroup" in planned) is (phase == "cluster")
    assert ("create  BootstrapIgnition" in planned) is ("i" in files)
    assert "create  VPC" in planned

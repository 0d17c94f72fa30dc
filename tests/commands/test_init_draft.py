"""A new plan before anybody is asked, and that what is written is always a plan."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocpprov.cli.verbs import main
from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.init_draft import (
    checked,
    draft_of,
    missing,
    new_id,
    refusal,
    reopened,
    with_defaults,
    with_network,
)
from ocpprov.commands.init_flags import InitFlags, option_of
from ocpprov.commands.init_offers import Offers
from ocpprov.commands.init_questions import Draft, with_consequences
from ocpprov.commands.load import all_resources, graph_of
from ocpprov.openshift.expand import placeholder_facts
from ocpprov.plan.model import Plan
from ocpprov.plan.new_plan import NewPlan
from ocpprov.plan.problems import PlanErrors

FILE = Path("plan.yaml")
CONFIG = """\
apiVersion: v1
baseDomain: example.com
metadata: {name: prod}
networking: {machineNetwork: [{cidr: 10.0.0.0/16}, {cidr: 10.1.0.0/16}]}
publish: Internal
pullSecret: not-to-be-shown
platform:
  aws:
    region: eu-west-1
"""
ENOUGH = InitFlags(region="eu-west-1", cluster_name="lab", base_domain="example.com")


def of(flags: InitFlags, file: Path = FILE) -> Draft:
    return with_defaults(draft_of(flags, file, "abc"))


def plan_of(flags: InitFlags, file: Path = FILE) -> Plan:
    return checked(with_consequences(of(flags, file), Offers()), file, Path())[1]


def test_ids_are_words_that_differ() -> None:
    ids = {new_id() for _ in range(50)}
    assert len(ids) == 50
    assert all(re.fullmatch("[a-z][a-z2-9]{7}", each) for each in ids)


def test_defaults_are_written_down() -> None:
    wanted = NewPlan("lab", "abc", "eu-west-1", cluster_name="lab", base_domain="example.com", publish="External")
    plan = of(ENOUGH).plan
    assert (plan.zones, plan.egress) == (("3",), "nat")
    assert NewPlan(**{**vars(plan), "zones": (), "egress": ""}) == wanted


def test_what_the_install_config_says_is_not_repeated(tmp_path: Path) -> None:
    (tmp_path / "inst").mkdir()
    (tmp_path / "inst" / "install-config.yaml").write_text(CONFIG)
    file = tmp_path / "plans" / "prod.yaml"
    file.parent.mkdir()
    flags = InitFlags(install_config=tmp_path / "inst" / "install-config.yaml", region="eu-west-1", publish="Internal")
    draft = of(flags, file)
    path = str(tmp_path / "inst" / "install-config.yaml")
    assert draft.plan == NewPlan("prod", "abc", install_config=path, zones=("3",), egress="nat")
    assert draft.said == NewPlan(
        region="eu-west-1",
        cluster_name="prod",
        base_domain="example.com",
        publish="Internal",
        machine_networks=("10.0.0.0/16", "10.1.0.0/16"),
    )
    plan = plan_of(flags, file)
    assert (plan.region, plan.cluster) == ("eu-west-1", "prod.example.com")
    assert missing(draft) == []


ROLES = "[{type: ClusterNode}, {type: BootstrapNode}, {type: IngressControllerLB}, {type: ControlPlaneInternalLB}]"


@pytest.mark.parametrize(
    "lines",
    [
        "    subnets: [subnet-1, subnet-2]\n",
        "    vpc: {subnets: [{id: subnet-1}, {id: subnet-2}]}\n",
        f"    vpc: {{subnets: [{{id: subnet-1, roles: {ROLES}}}, {{id: subnet-2, roles: {ROLES}}}]}}\n",
    ],
    ids=["subnets", "vpc.subnets", "roles"],
)
def test_subnets_of_the_install_config_are_there_already(tmp_path: Path, lines: str) -> None:
    file = tmp_path / "install-config.yaml"
    file.write_text(CONFIG + lines)
    draft = with_consequences(of(InitFlags(install_config=file)), Offers())
    assert draft.said.subnets == ("subnet-1", "subnet-2")
    assert (draft.plan.subnets, draft.plan.zones, draft.plan.endpoints) == ((), (), ("s3",))
    assert checked(draft, FILE, Path())[1].openshift


def test_files_are_named_from_the_plans_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("inst").mkdir()
    flags = InitFlags(install_dir=Path("inst"))
    assert draft_of(flags, Path("plans/a.yaml"), "abc").plan.install_dir == "../inst"
    assert missing(of(flags, Path("a.yaml"))) == ["--region", "--cluster-name", "--base-domain"]
    Path("inst/install-config.yaml").write_text(CONFIG)
    draft = of(flags, Path("a.yaml"))
    assert draft.plan == NewPlan("prod", "abc", install_dir="inst", zones=("3",), egress="nat")
    plan = plan_of(flags, Path("a.yaml"))
    assert (plan.region, plan.cluster) == ("eu-west-1", "prod.example.com")
    assert plan.openshift
    assert plan.openshift.bootstrap_ignition == "inst/bootstrap.ign"


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (
            InitFlags(install_config=Path("none.yaml")),
            "--install-config none.yaml: isn't there; name an install-config",
        ),
        (
            InitFlags(install_dir=Path("file")),
            "--install-dir file: isn't a folder; name the folder of openshift-install",
        ),
    ],
)
def test_paths_that_lead_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flags: InitFlags, said: str) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").write_text("")
    with pytest.raises(Refused, match=re.escape(said)):
        draft_of(flags, FILE, "abc")


def test_a_network_that_options_name_is_not_asked_for() -> None:
    draft = with_network(Draft(NewPlan(region="eu-west-1")), "vpc-1", ["subnet-1", "new"])
    assert (draft.plan.vpc_id, draft.plan.subnets) == ("vpc-1", ["subnet-1"])
    assert (draft.asks_for_vpc, draft.asks_for_subnets) == (False, False)


def test_a_wrong_install_config_says_where(tmp_path: Path) -> None:
    file = tmp_path / "install-config.yaml"
    file.write_text("a: [")
    with pytest.raises(PlanErrors, match=r"install-config\.yaml:1:5: not YAML"):
        draft_of(InitFlags(install_config=file), FILE, "abc")


@pytest.mark.parametrize(
    ("flags", "options"),
    [
        (InitFlags(), ["--region", "--cluster-name", "--base-domain"]),
        (InitFlags(region="eu-west-1", cluster_name="1lab", base_domain="example.com"), ["--name"]),
        (InitFlags(region="eu-west-1", cluster_name="lab", base_domain="example.com"), []),
        (InitFlags(name="a", cluster_name="lab"), ["--region", "--base-domain"]),
    ],
)
def test_what_is_missing_is_named_by_its_options(flags: InitFlags, options: list[str]) -> None:
    assert missing(of(flags)) == options


def wrong(flags: InitFlags) -> list[str]:
    with pytest.raises(PlanErrors) as error:
        plan_of(flags)
    return [str(each) for each in refusal(error.value, FILE).problems]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"zones": "4"}, "--zones: invalid value 4; 1 to 3 zones, or a list of zone names"),
        ({"zones": "us-east-1a"}, "--zones: us-east-1a is no zone of eu-west-1; such as eu-west-1a"),
        ({"machine_network": "10.0.0.0/28"}, "--machine-network: 10.0.0.0/28 has a /28; /16 to /24, as AWS and"),
        ({"machine_network": "10.0.0.0/22"}, "--machine-network: six blocks of 4096 addresses don't fit into"),
        ({"endpoints": "ec22"}, "--endpoints: ec22 is not a known service; did you mean ec2?"),
        ({"name": "Lab"}, "--name: invalid value 'Lab'; who owns the resources"),
        ({"public_zone": "yes"}, "--public-zone: invalid value 'yes'"),
        ({"openshift_version": "3.11"}, "--openshift-version: 3.11 is not one of 4.1 to 4.22"),
        ({"region": "us-gov-west-1", "public_zone": "auto"}, "--public-zone: there are no public zones in us-gov-"),
    ],
)
def test_what_is_wrong_is_said_of_the_option(changed: dict[str, str], said: str) -> None:
    assert wrong(InitFlags(**{**vars(ENOUGH), **changed}))[0].startswith(said)


def test_what_the_install_config_says_otherwise_is_an_error_at_both(tmp_path: Path) -> None:
    file = tmp_path / "install-config.yaml"
    file.write_text(CONFIG)
    [said] = wrong(InitFlags(install_config=file, cluster_name="other"))
    assert said == (f"--cluster-name: other here, prod in {file}:3:18; make them agree, or leave it out here")


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(Refused, match="a value has bytes in it that are no text; nothing was written"):
        plan_of(InitFlags(region="eu-west-1", cluster_name="lab", base_domain="a\udcff.com"))


@pytest.mark.parametrize(
    ("changed", "left"),
    [
        ({"zones": "4"}, {"zones": ()}),
        ({"name": "L"}, {"name": ""}),
        ({"region": "eu"}, {"region": ""}),
        ({"cluster_name": "-"}, {"cluster_name": ""}),
        ({"machine_network": "1"}, {"machine_networks": ()}),
        ({"openshift_version": "3.1"}, {"version": ""}),
        ({"base_domain": "example.com", "public_zone": "create"}, {"base_domain": "", "public_zone": ""}),
        ({"endpoints": "x"}, None),
        ({"zones": "us-east-1a", "endpoints": "x"}, None),
    ],
)
def test_wrong_answers_are_asked_for_again(changed: dict[str, str], left: dict[str, Any] | None) -> None:
    draft = of(InitFlags(**{"name": "lab", **vars(ENOUGH), **changed}))
    with pytest.raises(PlanErrors) as error:
        checked(draft, FILE, Path())
    again = reopened(draft, error.value, FILE)
    assert (again and again.plan) == (None if left is None else NewPlan(**{**vars(draft.plan), **left}))


def test_every_option_that_says_something_of_the_plan_is_found_by_its_key() -> None:
    command = main.commands["init"]
    options = {name for each in command.params if isinstance(each, click.Option) for name in each.opts}
    found = {option_of(f"openshift.{key}") for key in vars(NewPlan())} | {
        option_of(f"openshift.{key}")
        for key in ("clusterName", "baseDomain", "publicZone", "vpcID", "machineNetwork[1]", "installConfig")
    }  # fmt: skip
    assert {each for each in found if each.startswith("--")} <= options
    assert option_of("openshift.zones[1]") == "--zones"
    assert option_of("userTags.a") == "userTags.a"


LABELS = st.sampled_from(["lab", "prod-1", "1lab", "no", "true", "x" * 40, "y" * 63, "Lab", "-", "a b", "null"])
MAYBE = st.sampled_from(["", ""])
FLAGS = st.builds(
    InitFlags,
    name=MAYBE | LABELS,
    region=st.sampled_from(["eu-west-1", "us-gov-west-1", "cn-north-1", "eu-west"]),
    cluster_name=LABELS,
    base_domain=st.sampled_from(["example.com", "corp.net", "no", "on.off", "Corp.net", "a" * 60 + ".net", "1.2.3.4"]),
    openshift_version=MAYBE | st.sampled_from(["4.12", "4.20", "4.18.6", "4.18.0-rc.3", "4.30", "5.0", "4"]),
    publish=st.sampled_from(["", "External", "Internal"]),
    public_zone=MAYBE | st.sampled_from(["create", "none", "auto", "Z0ABC", "z"]),
    machine_network=MAYBE
    | st.sampled_from(
        ["10.0.0.0/16", "10.0.0.0/24", "10.0.0.0/16,10.1.0.0/16", "10.0.0.0/16,10.0.0.0/17", "10.0.0.1/16"]
    ),
    zones=MAYBE | st.sampled_from(["1", "2", "3", "4", "eu-west-1a", "eu-west-1a,eu-west-1b", "a,a", "on", "0x1"]),
    egress=st.sampled_from(["", "nat", "nat-single", "none"]),
    endpoints=MAYBE | st.sampled_from(["s3", "s3,ec2", "s3,s3", "x", "com.amazonaws.eu-west-1.kms", "s3-interface"]),
)
NETWORKS = st.sampled_from([("", ()), ("vpc-1", ()), ("vpc-1", ("subnet-1", "subnet-2")), ("vpc-x", ("subnet-y",))])


@settings(max_examples=60)
@given(FLAGS, NETWORKS)
def test_what_is_written_is_valid_whatever_is_given(flags: InitFlags, network: tuple[str, tuple[str, ...]]) -> None:
    """And what is refused names an option."""
    vpc_id, subnets = network
    draft = draft_of(flags, FILE, new_id())
    draft = with_defaults(with_network(draft, vpc_id, subnets) if vpc_id else draft)
    if missing(draft):
        assert missing(draft) == ["--name"]
        return
    try:
        text, plan = checked(with_consequences(draft, Offers()), FILE, Path())
    except PlanErrors as error:
        said = [str(each) for each in refusal(error, FILE).problems]
        assert all(each.startswith("--") for each in said), said
        return
    assert len(text.splitlines()) <= 20
    assert (plan.cluster, plan.region) == (f"{flags.cluster_name}.{flags.base_domain}", flags.region)
    assert plan.openshift
    assert plan.openshift.version == (flags.openshift_version or "4.12")
    assert graph_of(all_resources(plan, placeholder_facts(plan))).resources

"""What a plan takes from an install-config.yaml: whose the ids are, which keys aren't honoured, what is kept of it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocpprov.kinds.registry import KINDS
from ocpprov.openshift.expand import logical_ids
from ocpprov.plan.loading import Inputs, load
from ocpprov.plan.model import OpenShift, Plan, RememberedFiles
from ocpprov.plan.problems import PlanErrors

SECRET: Final = "not-to-be-shown"
PLAN: Final = "name: a\nopenshift: {installConfig: config.yaml}\n"
CONFIG: Final = (
    "apiVersion: v1\nbaseDomain: example.com\nmetadata: {name: prod}\npublish: Internal\nplatform:\n  aws:\n"
    "    region: eu-west-1\n"
)
OURS: Final = "subnet-1a"
THEIRS: Final = "subnet-2b"
NODES: Final = "[{type: ClusterNode}, {type: BootstrapNode}]"
BALANCERS: Final = "[{type: ControlPlaneInternalLB}, {type: IngressControllerLB}]"


def loaded(base: Path, config: str, plan: str = PLAN, **inputs: Any) -> Plan:
    (base / "config.yaml").write_text(config)
    return load(plan, "plan.yaml", Inputs(KINDS, base=base, openshift_ids=logical_ids, **inputs))


def section_of(plan: Plan) -> OpenShift:
    assert plan.openshift is not None
    return plan.openshift


@pytest.mark.parametrize(
    "lines",
    [
        f"    subnets: [{OURS}, {THEIRS}]\n",
        f"    vpc: {{subnets: [{{id: {OURS}}}, {{id: {THEIRS}}}]}}\n",
        f"    vpc: {{subnets: [{{id: {OURS}, roles: {NODES}}}, {{id: {THEIRS}, roles: {BALANCERS}}}]}}\n",
    ],
    ids=["subnets", "vpc.subnets", "roles"],
)
def test_subnets_are_there_already_or_the_plans_own(tmp_path: Path, lines: str) -> None:
    others = loaded(tmp_path, CONFIG + lines)
    assert section_of(others).subnets == (OURS, THEIRS)
    own = loaded(tmp_path, CONFIG + lines, own=frozenset((OURS, THEIRS)))
    assert section_of(own).subnets == ()
    assert (others.named_ids, own.named_ids) == (frozenset((OURS, THEIRS)),) * 2
    assert not others.undecided
    assert others.notes == ()
    with pytest.raises(PlanErrors, match=rf"{THEIRS} is not this plan's own, and {OURS} in .*:8:\d+ is"):
        loaded(tmp_path, CONFIG + lines, own=frozenset((OURS,)))


@pytest.mark.parametrize("roles", ["", f", roles: {NODES}"])
@pytest.mark.parametrize("order", [(OURS, THEIRS), (THEIRS, OURS)])
def test_a_plan_may_name_the_same_subnets_without_what_they_are_for(
    tmp_path: Path, order: tuple[str, str], roles: str
) -> None:
    rest = f", {{id: {THEIRS}, roles: {BALANCERS}}}" if roles else f", {{id: {THEIRS}}}"
    lines = f"    vpc: {{subnets: [{{id: {OURS}{roles}}}{rest}]}}\n"
    same = PLAN.replace("config.yaml", f"config.yaml, subnets: [{', '.join(order)}]")
    plan = loaded(tmp_path, CONFIG + lines, same)
    assert sorted(section_of(plan).subnets) == [OURS, THEIRS]
    assert section_of(plan).subnet_roles == section_of(loaded(tmp_path, CONFIG + lines)).subnet_roles
    other = same.replace(THEIRS, "subnet-3c")
    with pytest.raises(PlanErrors, match=r"openshift\.subnets: differs from .*; make them agree"):
        loaded(tmp_path, CONFIG + lines, other)


def test_the_private_zone_is_there_already_or_the_plans_own(tmp_path: Path) -> None:
    config = CONFIG + "    hostedZone: Z0123\n"
    assert section_of(loaded(tmp_path, config)).hosted_zone == "Z0123"
    assert section_of(loaded(tmp_path, config, own=frozenset(("Z0123",)))).hosted_zone == "create"
    said = "name: a\nopenshift: {installConfig: config.yaml, hostedZone: create}\n"
    assert section_of(loaded(tmp_path, config, said, own=frozenset(("Z0123",)))).hosted_zone == "create"
    with pytest.raises(PlanErrors, match="create here, Z0123 in"):
        loaded(tmp_path, config, said)


ROLE = "arn:aws:iam::210987654321:role/zones"


@pytest.mark.parametrize(
    ("in_file", "in_plan"), [(f"    hostedZoneRole: {ROLE}\n", ""), ("", f", hostedZoneRole: '{ROLE}'")]
)
def test_a_zone_with_a_role_is_another_accounts_whatever_is_the_plans_own(
    tmp_path: Path, in_file: str, in_plan: str
) -> None:
    config = f"{CONFIG}    subnets: [{OURS}]\n    hostedZone: Z0123\n{in_file}"
    said = f"name: a\nopenshift: {{installConfig: config.yaml{in_plan}}}\n"
    for own in (None, frozenset(("Z0123", OURS))):
        section = section_of(loaded(tmp_path, config, said, own=own))
        assert (section.hosted_zone, section.hosted_zone_role, section.subnets) == ("Z0123", ROLE, ())


@pytest.mark.parametrize("value", [f"subnets: [{OURS}]", "hostedZone: Z0123"])
def test_what_the_plan_itself_names_is_never_its_own(tmp_path: Path, value: str) -> None:
    key = value.partition(":")[0]
    plan = f"name: a\nopenshift: {{installConfig: config.yaml, {value}}}\n"
    known = loaded(tmp_path, CONFIG, plan)
    assert known.named_ids == {OURS if key == "subnets" else "Z0123"}
    with pytest.raises(PlanErrors, match=f"is this plan's own, and {key} names what is there already; leave {key} out"):
        loaded(tmp_path, CONFIG, plan, own=known.named_ids)


def test_words_in_the_place_of_ids_are_no_ids(tmp_path: Path) -> None:
    plan = loaded(tmp_path, CONFIG, "name: a\nopenshift: {installConfig: config.yaml, hostedZone: none}\n", own=None)
    assert plan.named_ids == frozenset()
    with pytest.raises(PlanErrors, match="an id subnet-…"):
        loaded(tmp_path, CONFIG + "    subnets: [vpc-1]\n", own=None)


def test_while_nobody_knows_whose_they_are_either_will_do(tmp_path: Path) -> None:
    config = CONFIG + f"    subnets: [{OURS}]\n"
    for lines in ("dhcpOptions: {domainName: corp.example.com}", "zones: 1", "machineNetwork: 10.0.0.0/24"):
        plan = loaded(tmp_path, config, f"name: a\nopenshift: {{installConfig: config.yaml, {lines}}}\n", own=None)
        assert plan.undecided
        assert section_of(plan).subnets == ((OURS,) if "machineNetwork" in lines else ())
    own_vpc = PLAN + "Outputs: {V: {Value: !Ref VPC}}\n"
    assert loaded(tmp_path, config, own_vpc, own=None).undecided
    with pytest.raises(PlanErrors, match="there is no VPC"):
        loaded(tmp_path, config, own_vpc)
    with pytest.raises(PlanErrors, match="did you mean none"):
        loaded(tmp_path, config, "name: a\nopenshift: {installConfig: config.yaml, egress: non}\n", own=None)


def test_of_two_readings_that_both_fail_only_what_is_wrong_in_both_is_told(tmp_path: Path) -> None:
    config = CONFIG + f"    subnets: [{OURS}]\n"
    lines = "networkAcl: working, dhcpOptions: {domainName: corp.example.com}"
    plan = f"name: a\nuserTags: {{a: 'x&y'}}\nopenshift: {{installConfig: config.yaml, {lines}}}\n"
    with pytest.raises(PlanErrors) as refused:
        loaded(tmp_path, config, plan, own=None)
    assert [error.path for error in refused.value.errors] == ["userTags.a"]


@pytest.mark.parametrize("platform", ["none", "vsphere", "baremetal"])
def test_another_platform_is_an_error(tmp_path: Path, platform: str) -> None:
    config = CONFIG.partition("platform")[0] + f"platform: {{{platform}: {{}}}}\n"
    with pytest.raises(PlanErrors, match=f"config.yaml:5:12: openshift.installConfig: platform {platform} .*only AWS"):
        loaded(tmp_path, config, "name: a\nregion: eu-west-1\nopenshift: {installConfig: config.yaml}\n")


EVERYTHING: Final = (
    CONFIG
    + f"    subnets: [{THEIRS}]\n    userTags: {{costCentre: '4711'}}\n"
    + "    serviceEndpoints: [{name: ec2, url: 'https://ec2.example.com'}]\n"
    + "networking: {machineNetwork: [{cidr: 10.8.0.0/16}], clusterNetwork: [{cidr: 10.132.0.0/14, hostPrefix: 23}]}\n"
    + f"pullSecret: {SECRET}\nproxy: {{httpProxy: 'http://proxy.example.com:3128'}}\n"
)


def test_what_is_kept_of_it_stands_in_for_it(tmp_path: Path) -> None:
    before = loaded(tmp_path, EVERYTHING)
    kept = RememberedFiles("", json.loads(json.dumps(before.remembered.document()))["installConfig"])
    (tmp_path / "config.yaml").unlink()
    after = load(PLAN, "plan.yaml", Inputs(KINDS, base=tmp_path, remembered=lambda name: {"a": kept}[name]))
    assert after.notes == ("plan.yaml:2:28: config.yaml isn't there: what the last apply took from it is used",)
    for name in ("region", "user_tags", "aws", "remembered", "named_ids", "cluster"):
        assert getattr(after, name) == getattr(before, name), name
    assert section_of(after).machine_network == section_of(before).machine_network
    assert section_of(after).cluster_network == section_of(before).cluster_network
    assert section_of(after).subnets == (THEIRS,)


def test_ids_of_the_plans_own_are_not_kept(tmp_path: Path) -> None:
    config = CONFIG + f"    subnets: [{OURS}]\n    hostedZone: Z0123456789AB\n"
    theirs = loaded(tmp_path, config, own=frozenset()).remembered.document()["installConfig"]
    ours = loaded(tmp_path, config, own=frozenset({OURS, "Z0123456789AB"})).remembered.document()["installConfig"]
    assert set(theirs) - set(ours) == {"openshift.subnets", "openshift.hostedZone"}


@pytest.mark.parametrize(
    "line",
    [
        "proxy: {{httpsProxy: 'http://u:{0}@p:3128'}}\n",
        "    serviceEndpoints: [{{name: ec2, url: 'https://u:{0}@e'}}]\n",
    ],
)
def test_no_secret_is_kept(tmp_path: Path, line: str) -> None:
    plan = loaded(tmp_path, CONFIG + line.format(SECRET) + f"pullSecret: {SECRET}\nsshKey: {SECRET}\n")
    assert SECRET in str(plan.aws)
    assert SECRET not in json.dumps(plan.remembered.document())


def test_without_the_file_and_without_memory_only_a_destroy_goes_on(tmp_path: Path) -> None:
    bare = Inputs(KINDS, base=tmp_path)
    with pytest.raises(PlanErrors, match=r"2:28: .*config.yaml can't be read: it isn't there.*put a copy of it back"):
        load(PLAN, "plan.yaml", bare)
    plan = load(PLAN, "plan.yaml", Inputs(KINDS, base=tmp_path, region="eu-west-1", destroying=True))
    assert (plan.name, plan.region, plan.partial, plan.openshift) == ("a", "eu-west-1", True, None)


@pytest.mark.parametrize("path", ["broken", "folder", "broken/x"])
@pytest.mark.parametrize("key", ["metadata: {0}", "bootstrap: {{ignition: {0}}}", "installConfig: {0}"])
def test_a_file_that_is_there_and_can_not_be_read_stays_an_error(tmp_path: Path, path: str, key: str) -> None:
    (tmp_path / "broken").write_text("{")
    (tmp_path / "folder").mkdir()
    kept = RememberedFiles("prod-x7k2p", {"region": "eu-west-1"})
    text = f"name: a\nregion: eu-west-1\nopenshift: {{clusterName: a, baseDomain: b.c, {key.format(path)}}}\n"
    with pytest.raises(PlanErrors, match=r"can't be read|is not a JSON object|not YAML"):
        load(text, "plan.yaml", Inputs(KINDS, base=tmp_path, remembered=lambda _: kept, destroying=True))


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
PLACES = [
    *("region", "userTags", "openshift.subnets", "openshift.hostedZone", "openshift.machineNetwork", "aws.proxy"),
    *("openshift.proxy.httpProxy", "openshift.proxy.noProxy", "openshift.imageDigestSources"),
]


@settings(max_examples=50)
@given(st.dictionaries(st.sampled_from(PLACES), ANYTHING), st.sampled_from([None, frozenset((OURS,))]))
def test_no_memory_gives_anything_but_plan_errors(memory: dict[str, Any], own: frozenset[str] | None) -> None:
    kept = RememberedFiles("", {"k": 1, **memory})
    with pytest.raises(PlanErrors):
        load(PLAN, "plan.yaml", Inputs(KINDS, base=Path("/nowhere"), remembered=lambda _: kept, own=own))


@pytest.mark.parametrize(
    ("zones", "told"),
    [
        ("[eu-west-1a, eu-west-1b]", "eu-west-1c, which openshift.zones doesn't have"),
        ("[eu-west-1c, eu-west-1b]", ""),
        ("2", "eu-west-1b, eu-west-1c; zones: 2 takes the region's first ones"),
    ],
)
def test_where_the_plan_says_its_zones_others_of_the_machines_are_named(tmp_path: Path, zones: str, told: str) -> None:
    config = f"{CONFIG}controlPlane: {{platform: {{aws: {{zones: [eu-west-1b, eu-west-1c]}}}}}}\n"
    plan = loaded(tmp_path, config, f"name: a\nopenshift: {{installConfig: config.yaml, zones: {zones}}}\n")
    place = f"{tmp_path / 'config.yaml'}:8:40"
    assert plan.notes == ((f"{place}: machines are wanted in {told}",) if told else ())


def test_the_zones_of_all_pools_are_wanted_once_each_and_the_default_where_a_pool_says_none(tmp_path: Path) -> None:
    default = "    defaultMachinePlatform: {zones: [eu-west-1c]}\n"
    pools = (
        "controlPlane: {platform: {aws: {zones: [eu-west-1b, eu-west-1a]}}}\n"
        "compute: [{name: worker, platform: {aws: {zones: [eu-west-1a]}}}, {name: more}, "
        "{name: edge, platform: {aws: {zones: [eu-west-1-lon-1a]}}}]\n"
    )
    assert section_of(loaded(tmp_path, CONFIG + pools)).zones == ("eu-west-1b", "eu-west-1a")
    assert section_of(loaded(tmp_path, CONFIG + default + pools)).zones == ("eu-west-1b", "eu-west-1a", "eu-west-1c")
    assert section_of(loaded(tmp_path, CONFIG)).zones == 3


def test_ids_of_the_plans_own_are_its_own_in_any_order_and_form(tmp_path: Path) -> None:
    ours = ("subnet-1a", "subnet-2b", "subnet-3c", "subnet-4d")
    before = section_of(loaded(tmp_path, CONFIG))
    role = "[{type: ControlPlaneExternalLB}]"
    for order in (ours, ours[::-1], (ours[2], ours[0], ours[3], ours[1])):
        for items in (
            f"subnets: [{', '.join(order)}]",
            f"vpc: {{subnets: [{', '.join(f'{{id: {each}}}' for each in order)}]}}",
            f"vpc: {{subnets: [{', '.join(f'{{id: {each}, roles: {role}}}' for each in order)}]}}",
        ):
            for lines in (f"    {items}\n    hostedZone: Z0123\n", f"    hostedZone: Z0123\n    {items}\n"):
                for own in (frozenset((*ours, "Z0123")), None):
                    plan = loaded(tmp_path, CONFIG + lines, own=own)
                    found = section_of(plan)
                    assert (found.subnets, found.subnet_roles, found.hosted_zone) == ((), {}, "create")
                    assert plan.undecided is (own is None)
                    assert replace(found, positions=before.positions) == before


@pytest.mark.parametrize(
    ("lines", "profiles"),
    [
        ("    defaultMachinePlatform: {iamProfile: all}\n", ("all", "all")),
        ("controlPlane: {platform: {aws: {iamProfile: one}}}\n", ("one", "")),
        (
            "compute: [{name: edge, platform: {aws: {iamProfile: far}}}, {platform: {aws: {iamProfile: two}}}]\n",
            ("", "two"),
        ),
        (
            "    defaultMachinePlatform: {iamProfile: all}\ncontrolPlane: {platform: {aws: {iamProfile: one}}}\n",
            ("one", "all"),
        ),
    ],
)
def test_instance_profiles_are_each_pools_own_or_the_default(
    tmp_path: Path, lines: str, profiles: tuple[str, str]
) -> None:
    found = section_of(loaded(tmp_path, CONFIG + lines)).iam.instance_profiles
    assert (found.master, found.worker, found.bootstrap) == (*profiles, "")


def test_an_instance_profile_that_the_plan_has_otherwise_is_an_error(tmp_path: Path) -> None:
    config = f"{CONFIG}controlPlane: {{platform: {{aws: {{iamProfile: one}}}}}}\n"
    plan = "name: a\nopenshift: {installConfig: config.yaml, iam: {path: /x/, instanceProfiles: {master: two}}}\n"
    with pytest.raises(
        PlanErrors, match=r"openshift\.iam\.instanceProfiles\.master: two here, one in .*config\.yaml:8:"
    ):
        loaded(tmp_path, config, plan)
    found = section_of(loaded(tmp_path, config, plan.replace("two", "one")))
    assert (found.iam.path, found.iam.instance_profiles.master) == ("/x/", "one")
    other = "name: a\nopenshift: {installConfig: config.yaml, iam: {path: /x/}}\n"
    assert section_of(loaded(tmp_path, config, other)).iam.instance_profiles.master == "one"


NETWORKING: Final = "networking: {"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (
            "    subnets: [subnet-1]\n    vpc: {subnets: [{id: subnet-2}]}\n",
            r"9:20: .*platform\.aws\.vpc\.subnets differs from platform\.aws\.subnets in .*:8:14; keep one of both",
        ),
        (
            f"{NETWORKING}machineNetwork: [{{cidr: 10.0.0.0/16}}], machineCIDR: 10.1.0.0/16}}\n",
            r"machineCIDR differs from networking\.machineNetwork in",
        ),
        (
            f"{NETWORKING}serviceNetwork: [172.30.0.0/16], serviceCIDR: 172.31.0.0/16}}\n",
            r"serviceCIDR differs from networking\.serviceNetwork in",
        ),
    ],
)
def test_what_the_file_says_in_two_ways_may_not_differ(tmp_path: Path, lines: str, said: str) -> None:
    with pytest.raises(PlanErrors, match=said):
        loaded(tmp_path, CONFIG + lines)


@pytest.mark.parametrize(
    "lines",
    [
        "    subnets: [subnet-1, subnet-2]\n    vpc: {subnets: [{id: subnet-2}, {id: subnet-1}]}\n",
        f"{NETWORKING}machineNetwork: [{{cidr: 10.0.0.0/16}}], machineCIDR: 10.0.0.0/16}}\n",
        f"{NETWORKING}machineNetwork: [], machineCIDR: 10.0.0.0/16}}\n",
        f"{NETWORKING}serviceNetwork: [172.30.0.0/16], serviceCIDR: 172.30.0.0/16}}\n",
        f"{NETWORKING}clusterNetwork: [{{cidr: 10.128.0.0/14, hostPrefix: 23}}], "
        "clusterNetworks: [{cidr: 10.128.0.0/14, hostSubnetLength: 9}]}\n",
        "proxy: {httpProxy: 'http://a:1', httpsProxy: 'http://b:1'}\n",
    ],
)
def test_what_it_says_twice_alike_is_one(tmp_path: Path, lines: str) -> None:
    assert section_of(loaded(tmp_path, CONFIG + lines)).cluster_name == "prod"


@pytest.mark.parametrize(("content", "what"), [("- a\n", "a list"), (f"ssh-rsa {SECRET}\n", "a single text")])
def test_what_is_no_mapping_is_no_install_config(tmp_path: Path, content: str, what: str) -> None:
    with pytest.raises(PlanErrors) as error:
        loaded(tmp_path, content)
    assert [str(each) for each in error.value.errors] == [
        f"{tmp_path}/config.yaml:1:1: openshift.installConfig: an install-config.yaml is a mapping, not {what}; name "
        "the file that `openshift-install create install-config` wrote"
    ]


@pytest.mark.parametrize(("value", "said"), [("true", "True"), ("enabled", "'enabled'"), ("[Enabled]", "a list")])
def test_an_own_dns_is_enabled_or_disabled(tmp_path: Path, value: str, said: str) -> None:
    with pytest.raises(
        PlanErrors, match=rf"userProvisionedDNS in .*:8:5: {re.escape(said)} is not one of Enabled, Dis"
    ):
        loaded(tmp_path, f"{CONFIG}    userProvisionedDNS: {value}\n")
    assert section_of(loaded(tmp_path, f"{CONFIG}    userProvisionedDNS: Disabled\n")).hosted_zone == "create"

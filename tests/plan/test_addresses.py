"""Networks and addresses that can't be, and domains of which there are no public zones."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocpprov.kinds.registry import KINDS
from ocpprov.openshift.expand import logical_ids
from ocpprov.plan.loading import Inputs, load
from ocpprov.plan.model import OpenShift
from ocpprov.plan.openshift_address_rules import address_problems, is_kept
from ocpprov.plan.problems import PlanErrors
from ocpprov.plan.reserved_domains import is_refused, is_undelegated
from tests.plan.marks import HEAD, MARK, Broken, marked, section

INTERNAL = "publish: Internal\negress: none\n"


def loaded(text: str, base: Path = Path()) -> OpenShift:
    found = load(text, "plan.yaml", Inputs(KINDS, base=base, openshift_ids=logical_ids)).openshift
    assert found is not None
    return found


def good(lines: str) -> OpenShift:
    return loaded(section(lines + MARK, "")[0])


def zone(name: str) -> Broken:
    text = f"Resources: {{Z: {{Type: AWS::Route53::HostedZone, Properties: {{§Name: {name}}}}}}}\n"
    return marked(HEAD + text, "makes no public zone")


BROKEN: tuple[Broken, ...] = (
    # Blocks that are nobody's.
    *(
        section(f"machineNetwork: §{block}", f"{whose} is")
        for block, whose in {
            "169.254.0.0/16": "169.254.0.0/16",
            "127.0.0.0/16": "127.0.0.0/8",
            "0.0.0.0/16": "0.0.0.0/8",
            "224.0.0.0/16": "224.0.0.0/4",
            "239.1.0.0/16": "224.0.0.0/4",
            "240.0.0.0/16": "240.0.0.0/4",
        }.items()
    ),
    section("secondaryNetworks: [10.9.0.0/16, §169.254.8.0/24]", "link-local"),
    section("vpcID: vpc-1\nsubnets: [subnet-1]\nmachineNetwork: §127.0.0.0/8", "each host's own"),
    # The cluster's own networks.
    section("machineNetwork: §10.128.0.0/16", "overlaps the clusterNetwork 10.128.0.0/14, as nothing else is given"),
    section("machineNetwork: §172.30.0.0/16", "overlaps the serviceNetwork 172.30.0.0/16, as nothing else is given"),
    section("serviceNetwork: [§10.0.128.0/17]", "10.0.128.0/17 overlaps the machineNetwork 10.0.0.0/16, as nothing"),
    section("machineNetwork: §10.4.0.0/16\nclusterNetwork: [10.4.0.0/14]", "overlaps the clusterNetwork 10.4.0.0/14;"),
    section("secondaryNetworks: [§10.129.0.0/16]", "overlaps the clusterNetwork"),
    section("clusterNetwork: [10.64.0.0/14, §172.30.8.0/21]", "overlaps the serviceNetwork 172.30.0.0/16, as nothing"),
    section("clusterNetwork: [§10.64.0.0/14, 10.66.0.0/16]", "10.64.0.0/14 overlaps the clusterNetwork 10.66.0.0/16"),
    section(INTERNAL + "vpcID: vpc-1\nsubnets: [subnet-1]\nmachineNetwork: §10.128.0.0/16", "overlaps the cluster"),
    # What AWS adds to no VPC.
    *(
        section(f"machineNetwork: {machine}\nsecondaryNetworks: [§{block}]", f"AWS adds {block} to no VPC that has")
        for machine, block in [
            ("10.0.0.0/16", "192.168.0.0/20"),
            ("10.0.0.0/16", "172.20.0.0/16"),
            ("10.0.0.0/16", "198.19.0.0/20"),
            ("10.1.0.0/16", "10.0.0.0/20"),
            ("172.20.0.0/16", "10.9.0.0/16"),
            ("172.20.0.0/16", "172.31.0.0/16"),
            ("192.168.0.0/16", "172.20.0.0/16"),
            ("100.70.0.0/16", "10.9.0.0/16"),
            ("11.0.0.0/16", "192.168.0.0/16"),
            ("198.19.0.0/16", "10.9.0.0/16"),
            ("11.0.0.0/16", "198.19.0.0/16"),
        ]
    ),
    # The list form.
    section("machineNetwork: [10.0.0.0/16, §10.0.8.0/24]", "10.0.8.0/24 overlaps 10.0.0.0/16"),
    section("machineNetwork: [{cidr: 10.0.0.0/16}, {cidr: §10.1.0.0}]", "has no prefix length"),
    section("machineNetwork: [10.0.0.0/16, §7]", "is not a CIDR block"),
    section("machineNetwork: [10.0.0.0/16, §{cird: 10.1.0.0/16}]", "expected a string, got a mapping"),
    section("machineNetwork: §[]", "expected a string, got a list"),
    section("machineNetwork: [10.0.0.0/16, §10.2.0.0/15]", "/16 to /28"),
    section("machineNetwork: §10.2.0.0/15", "10.2.0.0/15 has a /15"),
    section("machineNetwork: §10.0.0.0/25\nsubnetBits: 5", "10.0.0.0/25 has a /25"),
    section("machineNetwork: 10.0.0.0/24\nsubnetBits: §6", "six blocks of 64 addresses don't fit into 10.0.0.0/24"),
    section("machineNetwork: [10.0.0.0/16, §192.168.0.0/20]", "private blocks of RFC 1918 don't mix"),
    # Addresses that no machine can have.
    section(INTERNAL + "controlPlane: {addresses: [10.0.48.10, §10.0.48.1]}", "AWS reserves 10.0.48.1: the first four"),
    section(INTERNAL + "controlPlane: {addresses: [§10.0.48.0, 10.0.64.4, §10.0.80.3]}", "reserves", "10.0.80.4 to"),
    section(INTERNAL + "controlPlane: {addresses: [§10.0.63.255]}", "the last of 10.0.48.0/20"),
    section(INTERNAL + "controlPlane: {addresses: [§10.0.0.10, §10.0.255.255]}", "in no subnet", "in no subnet"),
    section("controlPlane: {addresses: [§10.0.250.10]}", "10.0.250.10 is in no subnet of the plan"),
    section("zones: 1\nbootstrap: {address: §10.0.64.10}", "an address in one of 10.0.0.0/20, 10.0.48.0/20"),
    section("vpcID: vpc-1\ncontrolPlane: {addresses: [10.0.250.10, §10.0.48.2]}", "AWS reserves 10.0.48.2"),
    section(
        "zones: [eu-west-1a]\nsubnetCIDRs: {public: [10.0.0.0/28], private: [10.0.1.0/28]}\n"
        "controlPlane: {addresses: [10.0.1.4, §10.0.1.15]}",
        "10.0.1.4 to 10.0.1.14",
    ),
    # Domains of which there is no public zone.
    *(
        marked(f"{HEAD}openshift: {{clusterName: prod, baseDomain: §{domain}, publicZone: create}}\n", "it is reserved")
        for domain in ("example.com", "example.net", "example.org", "lab.example.com")
    ),
    zone("example.com."),
    zone("A.Example.ORG"),
)  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), BROKEN)
def test_what_can_not_be_is_an_error_at_its_place(text: str, expected: list[tuple[int, int, str]]) -> None:
    with pytest.raises(PlanErrors) as caught:
        loaded(text)
    found = [(error.position.line, error.position.column) for error in caught.value.errors]
    assert found == [(line, column) for line, column, _ in expected], str(caught.value)
    for error, (_, _, fragment) in zip(caught.value.errors, expected, strict=True):
        assert fragment in str(error)


@pytest.mark.parametrize(
    "lines",
    [
        "machineNetwork: 10.127.0.0/16",
        "machineNetwork: 10.0.0.0/24\nsubnetBits: 5",
        "machineNetwork: 172.29.0.0/16",
        "machineNetwork: 10.128.0.0/16\nclusterNetwork: [10.200.0.0/16]",
        "machineNetwork: 172.30.0.0/16\nserviceNetwork: [172.20.0.0/16]",
        "machineNetwork: 100.64.0.0/16",
        "machineNetwork: 172.17.0.0/16",
        "secondaryNetworks: [100.70.0.0/16, 11.0.0.0/16, 10.1.0.0/16]",
        "machineNetwork: 10.2.0.0/16\nsecondaryNetworks: [10.0.0.0/16]",
        "machineNetwork: 172.31.0.0/16\nsecondaryNetworks: [172.20.0.0/16]",
        "vpcID: vpc-1\nmachineNetwork: [10.0.0.0/16, 192.168.0.0/16]",
        "controlPlane: {addresses: [10.0.0.4, 10.0.15.254, 10.0.48.4]}",
        "vpcID: vpc-1\ncontrolPlane: {addresses: [10.0.250.10]}",
        "vpcID: vpc-1\nsubnets: [subnet-1, subnet-2]\ncontrolPlane: {addresses: [10.0.0.1]}",
    ],
)
def test_what_can_be_is_good(lines: str) -> None:
    assert good(lines).cluster_name == "prod"


def test_a_machine_may_be_in_a_subnet_that_the_plan_makes_outside_of_the_section() -> None:
    text = section("controlPlane: {addresses: [10.0.250.10]}" + MARK, "")[0]
    subnet = "Resources:\n  S: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref VPC, CidrBlock: 10.0.250.0/24}}\n"
    assert loaded(text + subnet).control_plane_addresses == ("10.0.250.10",)


@pytest.mark.parametrize("written", ["[10.0.0.0/16, 100.70.0.0/16]", "[{cidr: 10.0.0.0/16}, {cidr: 100.70.0.0/16}]"])
@pytest.mark.parametrize("existing", ["", "vpcID: vpc-1\n"])
def test_machine_networks_may_be_a_list(written: str, existing: str) -> None:
    found = good(f"{existing}machineNetwork: {written}")
    assert found.machine_networks == (IPv4Network("10.0.0.0/16"), IPv4Network("100.70.0.0/16"))
    assert found.further_networks == (() if existing else (IPv4Network("100.70.0.0/16"),))


def test_a_secondary_network_may_stand_in_the_list_too() -> None:
    found = good("machineNetwork: [10.0.0.0/16, 100.70.0.0/16]\nsecondaryNetworks: [100.70.0.0/16]")
    assert found.networks == (IPv4Network("10.0.0.0/16"), IPv4Network("100.70.0.0/16"))


CONFIG = """
baseDomain: corp.net
metadata: {name: prod}
platform: {aws: {region: eu-west-1}}
networking:
  machineNetwork: [{cidr: 10.8.0.0/16}, {cidr: 100.70.0.0/16}]
  clusterNetwork: [{cidr: 10.4.0.0/14, hostPrefix: 23}]
  serviceNetwork: [SERVICES]
"""


@pytest.mark.parametrize(
    "own",
    [
        "",
        "  machineNetwork: [10.8.0.0/16, 100.70.0.0/16]\n",
        "  machineNetwork: [{cidr: 10.8.0.0/16}, 100.70.0.0/16]\n",
    ],
)
def test_an_install_config_has_the_list_form(tmp_path: Path, own: str) -> None:
    (tmp_path / "install-config.yaml").write_text(CONFIG.replace("SERVICES", "172.30.0.0/16"))
    found = loaded(f"name: a\nopenshift:\n  installConfig: install-config.yaml\n{own}", tmp_path)
    assert found.machine_networks == (IPv4Network("10.8.0.0/16"), IPv4Network("100.70.0.0/16"))


def test_the_clusters_networks_of_an_install_config_count_at_their_place(tmp_path: Path) -> None:
    config = tmp_path / "install-config.yaml"
    config.write_text(CONFIG.replace("SERVICES", "10.8.240.0/20"))
    with pytest.raises(PlanErrors) as caught:
        loaded("name: a\nopenshift: {installConfig: install-config.yaml}\n", tmp_path)
    [error] = caught.value.errors
    assert str(error).startswith(f"{config}:6:19: openshift.machineNetwork: 10.8.0.0/16 overlaps the serviceNetwork")


@pytest.mark.parametrize(
    ("domain", "refused", "undelegated"),
    [
        ("example.com", True, False),
        ("a.b.Example.Net.", True, False),
        ("example-corp.net", False, False),
        ("myexample.com", False, False),
        ("example.com.de", False, False),
        ("example.edu", False, True),
        ("corp.local", False, True),
        ("test", True, True),
        ("latest.", True, False),
        ("", False, False),
    ],
)
def test_domains_that_nobody_owns(domain: str, *, refused: bool, undelegated: bool) -> None:
    assert (is_refused(domain), is_undelegated(domain)) == (refused, undelegated)


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "Resources: {Z: {Type: AWS::Route53::HostedZone, Properties: "
        "{Name: corp.example.com, VPCs: [{VPCId: vpc-1, VPCRegion: eu-west-1}]}}}\n",
        HEAD + "Resources: {Z: {Type: AWS::Route53::HostedZone, Properties: {Name: example-corp.net}}}\n",
    ],
)
def test_private_zones_may_have_any_domain(text: str) -> None:
    assert load(text, "plan.yaml", Inputs(KINDS)).resources


@pytest.mark.parametrize("public_zone", ["auto", "none", "Z0123456789"])
def test_a_reserved_domain_is_good_where_no_public_zone_is_made(public_zone: str) -> None:
    assert good(f"publicZone: {public_zone}").base_domain == "example.com"


blocks = st.builds(
    lambda number, prefix: IPv4Network((number, prefix), strict=False),
    st.integers(0, 2**32 - 1),
    st.integers(16, 24),
)


@given(blocks, blocks, blocks)
def test_overlaps_are_found_whichever_network_is_the_wider(
    machine: IPv4Network, pods: IPv4Network, services: IPv4Network
) -> None:
    given_all = {f"openshift.{key}": None for key in ("machineNetwork", "clusterNetwork", "serviceNetwork")}
    found = OpenShift(
        "prod",
        "corp.net",
        vpc_id="vpc-1",
        subnets=("subnet-1",),
        machine_network=machine,
        cluster_network=(pods,),
        service_network=(services,),
        positions=given_all,  # type: ignore[arg-type]
    )
    told = [problem for problem in address_problems(found) if "overlaps the" in problem.detail]
    assert len(told) == machine.overlaps(pods) + machine.overlaps(services) + pods.overlaps(services)


@given(st.integers(16, 28), st.integers(0, 2**16 - 1))
def test_five_addresses_of_each_subnet_are_aws_own(prefix: int, offset: int) -> None:
    subnet = IPv4Network(f"10.0.0.0/{prefix}")
    offset %= subnet.num_addresses
    assert is_kept(subnet[offset], subnet) is (offset < 4 or offset == subnet.num_addresses - 1)
    assert not is_kept(IPv4Address("10.1.0.0"), subnet)


def noted(text: str, base: Path = Path()) -> list[str]:
    return list(load(text, "plan.yaml", Inputs(KINDS, base=base, openshift_ids=logical_ids)).notes)


@pytest.mark.parametrize(
    ("lines", "place", "told"),
    [
        ('version: "4.12"\nmachineNetwork: 100.64.0.0/16', "7:3", "100.64.0.0/16, which OVN-Kubernetes has"),
        ('version: "4.12"\nsecondaryNetworks: [100.64.8.0/24]', "7:3", "its own join subnet"),
        ('version: "4.12"\nclusterNetwork: [100.64.0.0/14]', "7:3", "its own join subnet"),
        ('version: "4.11"\nmachineNetwork: 100.64.0.0/16', "", ""),
        ('version: "4.12"\nmachineNetwork: 100.88.0.0/16', "", ""),
        ('version: "4.12"\nmachineNetwork: 100.70.0.0/16', "", ""),
        ('version: "4.12"\nmachineNetwork: 172.17.0.0/16', "7:3", "which Docker and some AWS services use"),
        ('version: "4.12"\nmachineNetwork: [10.0.0.0/16, 100.64.0.0/16]', "7:3", "its own join subnet"),
    ],
)
def test_what_is_against_advice_is_noted_at_its_place(lines: str, place: str, told: str) -> None:
    text = section(lines + MARK, "")[0]
    found = noted(text.replace("example.com", "corp.net"))
    assert [note.startswith(f"plan.yaml:{place}: ") and told in note for note in found] == [True] * bool(told)


def test_a_public_zone_that_nobody_is_led_to_is_noted() -> None:
    text = section("publicZone: create" + MARK, "")[0].replace("example.com", "corp.local")
    [note] = noted(text)
    assert note.endswith("no name server leads to a public zone of corp.local")
    assert not noted(text.replace("create", "none"))


def test_tags_that_openshift_install_refuses_are_noted_where_it_reads_them(tmp_path: Path) -> None:
    (tmp_path / "install-config.yaml").write_text(CONFIG.replace("SERVICES", "172.30.0.0/16"))
    tags = "name: a\nregion: eu-west-1\nuserTags: {Stadt: Köln, town: Bonn}\n"
    [note] = noted(f"{tags}openshift:\n  installConfig: install-config.yaml\n", tmp_path)
    assert "openshift-install takes ASCII only in userTags, not Stadt: Köln" in note
    assert not noted(f"{tags}openshift: {{clusterName: prod, baseDomain: corp.net}}\n")


@pytest.mark.parametrize(
    ("key", "noted_at"),
    [
        ("controlPlane: {addresses: [10.0.48.10]}", "openshift.controlPlane"),
        ("bootstrap: {address: 10.0.48.10}", "openshift.bootstrap"),
        ("controlPlane: {addresses: auto}", ""),
        ("bootstrap: {address: auto}", ""),
    ],
)
def test_addresses_that_wait_for_the_infra_id_are_noted_and_machines_that_are_found_are_not(
    key: str, noted_at: str
) -> None:
    text = section(key + MARK, "")[0].replace("example.com", "corp.net")
    waiting = [note.partition(" waits for the infraID")[0] for note in noted(text)]
    assert waiting == ([f"plan.yaml:6:3: {noted_at}"] if noted_at else [])

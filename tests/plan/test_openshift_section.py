"""From the `openshift` section to the model: every key, the defaults, and the files that it names."""

from __future__ import annotations

import json
from ipaddress import IPv4Network
from pathlib import Path
from typing import Final

import pytest

from ocpprov.kinds.registry import KINDS
from ocpprov.plan.loading import Inputs, load
from ocpprov.plan.model import (
    AwsSettings,
    Bucket,
    DhcpOptions,
    EndpointSettings,
    Iam,
    InstanceProfiles,
    OpenShift,
    Plan,
    ServiceEndpoint,
    SubnetCIDRs,
    Transit,
)
from ocpprov.plan.problems import PlanErrors
from tests.plan.marks import HEAD, SECTION

FILES: Final = Path(__file__).parent / "files"
SECRET: Final = "not-to-be-shown"
EVERY_KEY: Final = """\
  version: "4.10"
  infraID: prod-x7k2p
  publish: Internal
  machineNetwork: [{cidr: 10.8.0.0/16}]
  zones: [eu-west-1a, eu-west-1b]
  subnetBits: 11
  subnetCIDRs: {private: [10.8.0.0/20, 10.8.16.0/20]}
  egress: none
  networkAcl: working
  endpoints: [s3-interface, {service: ecr.api, privateDnsEnabled: false, zones: [eu-west-1b]}, com.amazonaws.iam]
  transit: [{transitGatewayID: tgw-1, cidrs: [0.0.0.0/0]}, {peeringConnectionID: pcx-1, cidrs: [10.9.0.0/16]}]
  dhcpOptions: {domainName: corp.example.com, domainNameServers: [10.8.0.2], ntpServers: [10.8.0.3]}
  secondaryNetworks: [100.64.0.0/16]
  publicZone: none
  hostedZone: Z123
  hostedZoneRole: arn:aws:iam::210987654321:role/dns/zones
  recordType: cname
  etcdRecords: true
  appsRecord: router.example.com
  loadBalancers: classic
  deletionProtection: false
  controlPlane: {addresses: [10.8.0.10, 10.8.16.10]}
  bootstrap: {address: 10.8.0.9, from: 10.8.0.0/24, ignition: bootstrap.ign}
  iam:
    policies: documented
    path: /ocp/
    permissionsBoundary: arn:aws:iam::123456789012:policy/limits
    instanceProfiles: {worker: workers}
  bucket: {name: prod-ignition, onlyThroughEndpoint: true}
"""


def loaded(text: str, base: Path = FILES) -> Plan:
    return load(text, "plan.yaml", Inputs(KINDS, base=base))


def section(lines: str) -> OpenShift:
    found = loaded(SECTION + "".join(f"  {line}\n" for line in lines.splitlines())).openshift
    assert found is not None
    return found


def test_every_key_reaches_the_model() -> None:
    found = loaded(SECTION + EVERY_KEY).openshift
    assert found is not None
    assert found == OpenShift(
        cluster_name="prod",
        base_domain="example.com",
        version="4.10",
        infra_id="prod-x7k2p",
        publish="Internal",
        machine_network=IPv4Network("10.8.0.0/16"),
        zones=("eu-west-1a", "eu-west-1b"),
        subnet_bits=11,
        subnet_cidrs=SubnetCIDRs((), (IPv4Network("10.8.0.0/20"), IPv4Network("10.8.16.0/20"))),
        egress="none",
        network_acl="working",
        endpoints=("s3-interface", "ecr.api", "com.amazonaws.iam"),
        endpoint_settings={"ecr.api": EndpointSettings(private_dns_enabled=False, zones=("eu-west-1b",))},
        transit=[
            Transit((IPv4Network("0.0.0.0/0"),), transit_gateway_id="tgw-1"),
            Transit((IPv4Network("10.9.0.0/16"),), peering_connection_id="pcx-1"),
        ],
        dhcp_options=DhcpOptions("corp.example.com", ("10.8.0.2",), ("10.8.0.3",)),
        secondary_networks=(IPv4Network("100.64.0.0/16"),),
        public_zone="none",
        hosted_zone="Z123",
        hosted_zone_role="arn:aws:iam::210987654321:role/dns/zones",
        record_type="cname",
        etcd_records=True,
        apps_record="router.example.com",
        load_balancers="classic",
        deletion_protection=False,
        control_plane_addresses=("10.8.0.10", "10.8.16.10"),
        bootstrap=True,
        bootstrap_from=IPv4Network("10.8.0.0/24"),
        bootstrap_address="10.8.0.9",
        bootstrap_ignition="bootstrap.ign",
        iam=Iam("documented", "/ocp/", "arn:aws:iam::123456789012:policy/limits", InstanceProfiles(worker="workers")),
        bucket=Bucket(name="prod-ignition", only_through_endpoint=True),
        positions=found.positions,
    )


def test_an_existing_network_reaches_the_model() -> None:
    found = section("vpcID: vpc-1\nsubnets: [subnet-1, subnet-2]\nrouteTables: [rtb-1]")
    assert (found.vpc_id, found.subnets, found.route_tables) == ("vpc-1", ("subnet-1", "subnet-2"), ("rtb-1",))


@pytest.mark.parametrize(
    ("lines", "public_zone", "endpoints"),
    [
        ("", "auto", ("s3",)),
        ("publish: Internal", "none", ("s3",)),
        ("egress: none", "auto", ("s3", "ec2", "elasticloadbalancing")),
        ("egress: none\nendpoints: []", "auto", ()),
        ("publicZone: none\nendpoints: [sts]", "none", ("sts",)),
    ],
)
def test_defaults_follow_publish_and_egress(lines: str, public_zone: str, endpoints: tuple[str, ...]) -> None:
    found = section(lines)
    assert (found.public_zone, found.endpoints) == (public_zone, endpoints)


@pytest.mark.parametrize(
    ("lines", "apps_record"),
    [
        ("", "none"),
        ("egress: none", "auto"),
        ("egress: none\nappsRecord: none", "none"),
        ("egress: nat\nappsRecord: auto", "auto"),
        ("egress: none\nvpcID: vpc-1", "none"),
        ("egress: none\nvpcID: vpc-1\nsubnets: [subnet-1]", "none"),
        ("egress: none\ntransit: [{transitGatewayID: tgw-1, cidrs: [10.9.0.0/16]}]", "none"),
        ("egress: none\nendpoints: [s3, route53]", "none"),
        ("egress: none\nendpoints: [com.amazonaws.route53]", "none"),
        ("egress: none\nendpoints: [com.amazonaws.eu-west-1.route53resolver]", "auto"),
        ("hostedZone: none", "none"),
        ("hostedZone: none\npublicZone: none", "auto"),
        ("hostedZone: none\npublish: Internal", "auto"),
        ("hostedZone: Z1\npublish: Internal", "none"),
    ],
)
def test_the_record_of_the_router_follows_whether_the_cluster_can_write_it(lines: str, apps_record: str) -> None:
    assert section(lines).apps_record == apps_record


def test_in_an_isolated_partition_the_record_is_the_plans() -> None:
    plan = loaded(SECTION.replace("eu-west-1", "us-iso-east-1") + "  publish: Internal\n")
    assert plan.openshift is not None
    assert plan.openshift.apps_record == "auto"


def test_a_partition_without_public_zones_wants_none() -> None:
    plan = loaded(SECTION.replace("eu-west-1", "us-gov-west-1"))
    assert plan.openshift is not None
    assert plan.openshift.public_zone == "none"


@pytest.mark.parametrize(
    ("written", "bucket"),
    [
        ("auto", Bucket()),
        ("none", Bucket(create=False)),
        ("my-bucket", Bucket(name="my-bucket")),
        ("{onlyThroughEndpoint: true}", Bucket(only_through_endpoint=True)),
    ],
)
def test_a_bucket_has_four_shapes(written: str, bucket: Bucket) -> None:
    assert section(f"bucket: {written}").bucket == bucket


def test_machines_may_be_found_instead_of_named() -> None:
    found = section(
        "controlPlane: {addresses: auto}\nbootstrap: {address: auto, from: 10.0.0.0/24}\nloadBalancers: classic"
    )
    assert (found.control_plane_auto, found.control_plane_addresses) == (True, ())
    assert (found.bootstrap_auto, found.bootstrap_address, found.bootstrap) == (True, "", True)
    assert found.bootstrap_from == IPv4Network("10.0.0.0/24")
    named = section("controlPlane: {addresses: [10.0.48.10]}\nbootstrap: {address: 10.0.48.20}")
    assert (named.control_plane_auto, named.bootstrap_auto) == (False, False)
    assert (section("controlPlane: {}").control_plane_auto, section("bootstrap: true").bootstrap_auto) == (False, False)
    etcd = section("infraID: prod-x7k2p\npublicZone: none\netcdRecords: true\ncontrolPlane: {addresses: auto}")
    assert etcd.etcd_records


def test_the_bootstrap_machine_may_be_switched_off() -> None:
    assert section("bootstrap: false").bootstrap is False
    assert section("bootstrap: true").bootstrap is True


def test_none_stands_for_no_dhcp_options_and_no_secondary_networks() -> None:
    found = section("dhcpOptions: none\nsecondaryNetworks: none")
    assert (found.dhcp_options, found.secondary_networks) == (None, ())


def test_the_infra_id_comes_from_the_installers_metadata() -> None:
    assert section("metadata: metadata.json").infra_id == "prod-x7k2p"


def test_the_install_config_says_what_the_plan_does_not() -> None:
    plan = loaded("name: a\nopenshift: {installConfig: install-config.yaml}\n")
    assert plan.openshift is not None
    assert (plan.region, plan.user_tags) == ("eu-west-1", {"costCentre": "4711"})
    assert plan.aws == AwsSettings(
        [ServiceEndpoint("ec2", "https://ec2.example.com")], f"http://user:{SECRET}@proxy.example.com:3128"
    )
    assert plan.openshift.cluster_domain == "prod.example.com"
    assert plan.openshift.publish == "Internal"
    assert plan.openshift.machine_network == IPv4Network("10.8.0.0/16")
    assert plan.openshift.subnets == ("subnet-1", "subnet-2")
    assert plan.openshift.hosted_zone == "Z0123456789"


def test_the_plan_may_repeat_the_install_config() -> None:
    same = (
        "name: a\nregion: eu-west-1\nopenshift:\n  installConfig: install-config.yaml\n  machineNetwork: 10.8.0.0/16\n"
    )
    assert loaded(same + "  subnets: [subnet-2, subnet-1]\n").openshift is not None


def test_every_value_that_differs_from_the_install_config_is_named_with_both_places() -> None:
    text = (
        "name: a\nregion: us-east-1\naws: {proxy: 'http://other:3128'}\n"
        "openshift:\n  installConfig: install-config.yaml\n"
        "  clusterName: test\n  machineNetwork: 10.0.0.0/16\n  subnets: [subnet-1]\n"
    )
    with pytest.raises(PlanErrors) as caught:
        loaded(text)
    messages = {error.path: str(error) for error in caught.value.errors}
    place = FILES / "install-config.yaml"
    assert f"2:9: region: us-east-1 here, eu-west-1 in {place}:10:13" in messages["region"]
    assert f"test here, prod in {place}:4:9" in messages["openshift.clusterName"]
    assert f"10.0.0.0/16 here, 10.8.0.0/16 in {place}:7:3" in messages["openshift.machineNetwork"]
    assert f"differs from {place}:11:14" in messages["openshift.subnets"]
    assert f"differs from {place}:19:14" in messages["aws.proxy"]
    assert SECRET not in str(caught.value)


def test_no_error_shows_what_is_in_an_ignition_file(tmp_path: Path) -> None:
    (tmp_path / "bootstrap.ign").write_text(json.dumps({"secret": SECRET})[:-1])
    with pytest.raises(PlanErrors) as caught:
        loaded(SECTION + "  bootstrap: {ignition: bootstrap.ign}\n", tmp_path)
    assert "is not a JSON object" in str(caught.value)
    assert SECRET not in str(caught.value)


def test_metadata_of_another_cluster_is_refused(tmp_path: Path) -> None:
    metadata = {"infraID": "test-abcde", "clusterName": "test", "aws": {"region": "us-east-1"}}
    (tmp_path / "metadata.json").write_text(json.dumps(metadata))
    with pytest.raises(PlanErrors) as caught:
        loaded(SECTION + "  metadata: metadata.json\n", tmp_path)
    assert [error.path for error in caught.value.errors] == ["openshift.clusterName", "region"]


def test_a_role_to_assume_is_accepted() -> None:
    plan = loaded(HEAD + "aws: {assumeRole: 'arn:aws:iam::123456789012:role/builder'}\n")
    assert plan.aws.assume_role == "arn:aws:iam::123456789012:role/builder"


def test_a_plan_is_at_most_a_mebibyte(tmp_path: Path) -> None:
    with pytest.raises(PlanErrors, match="larger than 1 MiB"):
        loaded(HEAD + "#" * 1024 * 1024)

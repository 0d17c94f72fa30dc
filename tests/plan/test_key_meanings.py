"""Every key of a plan is explained, and what is said of a change is what the section's resources say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from ipaddress import IPv4Network
from typing import Any, Final

import pytest

from ocpprov.engine.graph import build
from ocpprov.engine.kind_facts import Property
from ocpprov.engine.resources import Resource
from ocpprov.engine.values import to_json
from ocpprov.kinds.registry import KINDS
from ocpprov.openshift.expand import expand, placeholder_facts
from ocpprov.plan.key_meanings import TEMPLATE_KEYS, TOP_KEYS, Effect
from ocpprov.plan.model import (
    Bucket,
    ClusterProxy,
    DhcpOptions,
    EndpointSettings,
    HostPort,
    Iam,
    InstanceProfiles,
    OpenShift,
    SubnetCIDRs,
    Transit,
)
from ocpprov.plan.openshift_key_meanings import OPENSHIFT_KEYS
from ocpprov.plan.openshift_table import BOOTSTRAP, BUCKET, DHCP_OPTIONS, OPENSHIFT, SEVERAL_SHAPES
from ocpprov.plan.top_level import TEMPLATE_KEYS as TEMPLATE_NAMES
from ocpprov.plan.top_level import TOP_LEVEL
from tests.openshift.plans import SECTION_3AZ, plan_of


def paths(rows: Sequence[Property], above: str = "") -> Iterator[str]:
    for row in rows:
        yield f"{above}{row.name}"
        inner = row.items.properties if row.items and row.type == "list" else row.properties
        yield from paths(inner, f"{above}{row.name}.")


def test_every_key_is_explained_once() -> None:
    assert [each.path for each in TOP_KEYS] == list(paths(TOP_LEVEL))
    assert [each.path for each in TEMPLATE_KEYS] == list(TEMPLATE_NAMES)
    section = {*paths([*OPENSHIFT, BOOTSTRAP, BUCKET, DHCP_OPTIONS]), *SEVERAL_SHAPES}
    assert sorted(each.path for each in OPENSHIFT_KEYS) == sorted(section)


def test_what_no_table_says_is_said() -> None:
    told = {row.name for row in (*TOP_LEVEL, *OPENSHIFT)}
    missing = {
        each.path
        for each in (*TEMPLATE_KEYS, *OPENSHIFT_KEYS)
        if each.path.split(".")[0] not in told and not each.shape
    }
    assert {path for path in missing if "." not in path} == {"openshift"}


SECTION: Final = replace(
    SECTION_3AZ,
    bootstrap_address="10.0.48.20",
    zones=2,
    control_plane_addresses=("10.0.48.10",),
    etcd_records=False,
    public_zone="Z123",
)
BARE: Final = replace(SECTION, egress="none", publish="Internal", public_zone="none")
NETWORK: Final = replace(SECTION, infra_id="")
WITH_STS: Final = replace(SECTION, endpoints=("s3", "sts"))
BLOCKS: Final = tuple(IPv4Network(f"10.0.{number * 4}.0/24") for number in range(4))
TRANSIT: Final = Transit((IPv4Network("10.20.0.0/16"),), "tgw-0a")
DHCP: Final = DhcpOptions("corp.example.com")


def changed(section: OpenShift = SECTION, **values: Any) -> tuple[OpenShift, OpenShift]:
    return section, replace(section, **values)


def iam(**values: Any) -> tuple[OpenShift, OpenShift]:
    return changed(iam=replace(Iam(), **values))


CHANGES: Final[Mapping[str, Sequence[tuple[OpenShift, OpenShift]]]] = {
    "infraID": [changed(infra_id="prod-y8l3q"), changed(NETWORK, infra_id="prod-x7k2p")],
    "version": [changed(version="4.1"), changed(version="4.5")],
    "publish": [changed(publish="Internal"), changed(BARE, publish="External")],
    "machineNetwork": [changed(machine_network=IPv4Network("10.1.0.0/16"))],
    "clusterNetwork": [changed(cluster_network=(IPv4Network("10.132.0.0/14"),))],
    "serviceNetwork": [changed(service_network=(IPv4Network("172.31.0.0/16"),))],
    "zones": [changed(zones=3), changed(zones=("eu-west-1x", "eu-west-1y"))],
    "subnetBits": [changed(subnet_bits=10)],
    "subnetCIDRs": [changed(subnet_cidrs=SubnetCIDRs(BLOCKS[:2], BLOCKS[2:]))],
    "vpcID": [changed(vpc_id="vpc-0a")],
    "egress": [changed(egress="nat-single"), changed(BARE, egress="nat")],
    "elasticIPs": [changed(elastic_ips=("eipalloc-0a", "eipalloc-0b"))],
    "publicIpv4Pool": [changed(public_ipv4_pool="ipv4pool-ec2-0a")],
    "credentialsMode": [changed(credentials_mode="Manual")],
    "networkAcl": [changed(network_acl="working")],
    "endpoints": [changed(endpoints=("s3", "sts"))],
    "endpoints.privateDnsEnabled": [
        changed(WITH_STS, endpoint_settings={"sts": EndpointSettings(private_dns_enabled=False)})
    ],
    "endpoints.zones": [changed(WITH_STS, endpoint_settings={"sts": EndpointSettings(zones=("eu-west-1a",))})],
    "transit": [changed(transit=[TRANSIT])],
    "secondaryNetworks": [changed(secondary_networks=(IPv4Network("100.64.0.0/16"),))],
    "publicZone": [changed(public_zone="create"), changed(public_zone="none")],
    "hostedZone": [changed(hosted_zone="none")],
    "recordType": [changed(record_type="cname")],
    "etcdRecords": [changed(etcd_records=True)],
    "loadBalancers": [changed(load_balancers="classic")],
    "deletionProtection": [changed(deletion_protection=True)],
    "controlPlane.addresses": [changed(control_plane_addresses=("10.0.48.10", "10.0.64.10"))],
    "bootstrap": [changed(bootstrap=False)],
    "bootstrap.address": [changed(bootstrap_address="")],
    "bootstrap.from": [changed(bootstrap_from=IPv4Network("10.9.0.0/16"))],
    "bucket": [changed(bucket=Bucket(create=False)), changed(bucket=Bucket(name="other"))],
    "bucket.name": [changed(replace(SECTION, bucket=Bucket(name="one")), bucket=Bucket(name="other"))],
    "bucket.onlyThroughEndpoint": [changed(bucket=Bucket(only_through_endpoint=True))],
    "dhcpOptions": [changed(dhcp_options=DHCP)],
    "dhcpOptions.domainName": [
        changed(replace(SECTION, dhcp_options=DHCP), dhcp_options=replace(DHCP, domain_name="x.example.com"))
    ],
    "proxy": [changed(proxy=ClusterProxy(https=HostPort("proxy.example.com", 3128)))],
    "imageDigestSources": [changed(mirrors=(HostPort("registry.example.com", 5000),))],
    "iam.policies": [iam(policies="documented")],
    "iam.path": [iam(path="/ocp/")],
    "iam.permissionsBoundary": [iam(permissions_boundary="arn:aws:iam::123456789012:policy/b")],
    "iam.instanceProfiles": [iam(instance_profiles=InstanceProfiles(master="m"))],
}


def effects(old: OpenShift, new: OpenShift) -> set[Effect]:
    """Of the change, and of the same back."""
    before, after = made(old), made(new)
    found = {Effect.ADDS, Effect.TAKES} if set(before) != set(after) else set()
    for name in set(before) & set(after):
        for row in KINDS[before[name].type].properties:
            if value(before[name], row.name) != value(after[name], row.name):
                found.add(Effect.REPLACES if row.create_only else Effect.IN_PLACE)
    return found or {Effect.NOTHING}


def made(section: OpenShift) -> Mapping[str, Resource]:
    plan = plan_of(section)
    return build(expand(plan, placeholder_facts(plan)), KINDS).resources


def value(resource: Resource, name: str) -> object:
    return to_json(resource.properties.get(name))


@pytest.mark.parametrize("key", CHANGES)
def test_a_change_does_what_is_said_of_it(key: str) -> None:
    (meaning,) = (each for each in OPENSHIFT_KEYS if each.path == key)
    assert {effect for pair in CHANGES[key] for effect in effects(*pair)} == set(meaning.effects)

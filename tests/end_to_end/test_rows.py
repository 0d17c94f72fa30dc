"""Row by row of the requirements: there where the plan has it, absent where its switch is off.

Rows of the network and of the groups between machines are proved for the shipped plans in test_plans; here are the
others, and what is absent of all.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Final

import pytest

from tests.end_to_end.local import LocalOperator
from tests.end_to_end.world import REGION
from tests.rows.absences import (
    inside_only,
    no_apps,
    no_bucket_or_open_to_all_ways,
    no_cluster_tag,
    no_endpoints,
    no_etcd,
    no_ignition,
    no_public_records,
    no_public_subnet,
    no_records,
    no_route_out,
    no_targets,
    none_of,
    one_network,
    only_documented,
)
from tests.rows.access import air_gap, iam_bootstrap, iam_master, iam_worker, s3_bucket, s3_ignition, tag_cluster
from tests.rows.account import Made
from tests.rows.balancers import lb_classic, lb_ext, lb_health, lb_int, lb_reach, lb_targets
from tests.rows.checks import CHECKS
from tests.rows.clusters import World, machine_at_the_address, prepared
from tests.rows.names import dns_api, dns_api_int, dns_apps, dns_etcd, dns_private, dns_public
from tests.rows.network import net_acl, net_dhcp, net_endpoints, net_nat_single, net_transit
from tests.support.in_process import Bastion
from tests.support.snapshot import snapshot


@pytest.fixture(scope="module")
def world(one_bastion: Bastion, tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("rows")
    one_bastion.moved_in(folder, REGION)
    user = LocalOperator(one_bastion)
    sections = prepared(one_bastion.client, folder)
    ended = {}
    for name, section in sections.items():
        plan = {"name": name, "region": REGION, "openshift": section}
        (folder / f"{name}.yaml").write_text(json.dumps(plan))
        ended[name] = user.good("apply", f"{name}.yaml", "--yes")
    machine = machine_at_the_address(one_bastion.client)
    user.good("apply", "otherwise.yaml", "--yes")
    seen = snapshot(one_bastion.client)
    made = {
        name: Made(seen, name, f"{section['clusterName']}.{section['baseDomain']}")
        for name, section in sections.items()
    }
    outputs, outputs_off = (
        json.loads(user.good("outputs", f"{name}.yaml", "--json").out) for name in ("everything", "off")
    )
    return World(
        everything=made["everything"],
        otherwise=made["otherwise"],
        off=made["off"],
        closed=made["closed"],
        not_yet=made["not-yet"],
        applied=ended["everything"],
        outputs=outputs,
        outputs_off=outputs_off,
        machine=machine,
        boundary=sections["otherwise"]["iam"]["permissionsBoundary"],
    )


THERE: Final[Mapping[str, Callable[[World], None]]] = {
    "NET-NAT": net_nat_single,
    "NET-ACL": net_acl,
    "NET-EC2, NET-ELB": net_endpoints,
    "NET-TRANSIT": net_transit,
    "NET-DHCP": net_dhcp,
    "DNS-PUBLIC": dns_public,
    "DNS-PRIVATE": dns_private,
    "DNS-API": dns_api,
    "DNS-API-INT": dns_api_int,
    "DNS-ETCD": dns_etcd,
    "DNS-APPS": dns_apps,
    "LB-EXT": lb_ext,
    "LB-INT": lb_int,
    "LB-HEALTH": lb_health,
    "LB-TARGETS": lb_targets,
    "LB-REACH": lb_reach,
    "LB-CLASSIC": lb_classic,
    "IAM-MASTER": iam_master,
    "IAM-WORKER": iam_worker,
    "IAM-BOOTSTRAP": iam_bootstrap,
    "S3-BUCKET": s3_bucket,
    "S3-IGNITION": s3_ignition,
    "TAG-CLUSTER": tag_cluster,
    "AIR-GAP": air_gap,
}
ABSENT: Final[Mapping[str, Callable[[World], None]]] = {
    "NET-VPC": none_of("off", "VPC"),
    "NET-PUBLIC": no_public_subnet,
    "NET-IGW": none_of("closed", "InternetGateway"),
    "NET-NAT": no_route_out,
    "NET-PRIVATE": none_of("off", "RouteTable"),
    "NET-ACL": only_documented,
    "NET-S3": none_of("off", "VPCEndpoint"),
    "NET-EC2, NET-ELB": none_of("not_yet", "VPCEndpoint", "Ec2Endpoint", "ElasticloadbalancingEndpoint"),
    "NET-TRANSIT": none_of("everything", "TransitGatewayAttachment"),
    "NET-DHCP": one_network,
    "DNS-PUBLIC": none_of("off", "HostedZone", "ExtDns"),
    "DNS-PRIVATE": none_of("off", "HostedZone"),
    "DNS-API": no_public_records,
    "DNS-API-INT": no_records,
    "DNS-ETCD": no_etcd,
    "DNS-APPS": no_apps,
    "LB-EXT": none_of("off", "LoadBalancer", "ExtApiElb"),
    "LB-INT": none_of("not_yet", "LoadBalancer"),
    "LB-HEALTH": none_of("not_yet", "TargetGroup"),
    "LB-TARGETS": no_targets,
    "LB-REACH": inside_only,
    "LB-CLASSIC": none_of("everything", "ClassicLoadBalancer"),
    "SG-MASTER": none_of("not_yet", "SecurityGroup"),
    "SG-WORKER": none_of("not_yet", "SecurityGroup"),
    "SG-BOOTSTRAP": none_of("off", "SecurityGroup", "BootstrapSecurityGroup"),
    "SG-MASTER-INGRESS": none_of("not_yet", "SecurityGroup"),
    "SG-WORKER-INGRESS": none_of("not_yet", "SecurityGroup"),
    "IAM-MASTER": none_of("off", "Role"),
    "IAM-WORKER": none_of("off", "InstanceProfile"),
    "IAM-BOOTSTRAP": none_of("off", "Role", "BootstrapIamRole"),
    "S3-BUCKET": no_bucket_or_open_to_all_ways,
    "S3-IGNITION": no_ignition,
    "TAG-CLUSTER": no_cluster_tag,
    "AIR-GAP": no_endpoints,
}


@pytest.mark.parametrize("check", THERE.values(), ids=THERE)
def test_a_row_is_there(world: World, check: Callable[[World], None]) -> None:
    check(world)


@pytest.mark.parametrize("check", ABSENT.values(), ids=ABSENT)
def test_a_row_is_absent_where_its_switch_is_off(world: World, check: Callable[[World], None]) -> None:
    check(world)


ROWS: Final = (
    *("NET-VPC", "NET-PUBLIC", "NET-IGW", "NET-NAT", "NET-PRIVATE", "NET-ACL", "NET-S3", "NET-EC2", "NET-ELB"),
    *("NET-TRANSIT", "NET-DHCP", "DNS-PUBLIC", "DNS-PRIVATE", "DNS-API", "DNS-API-INT", "DNS-ETCD", "DNS-APPS"),
    *("LB-EXT", "LB-INT", "LB-HEALTH", "LB-TARGETS", "LB-REACH", "LB-CLASSIC"),
    *("SG-MASTER", "SG-WORKER", "SG-BOOTSTRAP", "SG-MASTER-INGRESS", "SG-WORKER-INGRESS"),
    *("IAM-MASTER", "IAM-WORKER", "IAM-BOOTSTRAP", "S3-BUCKET", "S3-IGNITION", "TAG-CLUSTER", "AIR-GAP"),
)


def test_no_row_is_left_out() -> None:
    there = {row for names in (*THERE, *CHECKS) for row in names.split(", ")}
    absent = {row for names in ABSENT for row in names.split(", ")}
    assert there == absent == set(ROWS)

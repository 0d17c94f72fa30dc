"""Which resource proves which row."""

from __future__ import annotations

import pytest

from ocpprov.openshift.port_matrix import port_matrix
from ocpprov.openshift.requirement_rows import ROWS, rows_of
from ocpprov.openshift.terrain_building import planned_terrain
from tests.openshift.test_port_matrix import OWN_NETWORK, planned

IDS = {row.id for row in ROWS}


@pytest.mark.parametrize("name", [*OWN_NETWORK, "existing-vpc.yaml"])
def test_every_resource_of_a_shipped_plan_belongs_to_a_row(name: str) -> None:
    assert [id for id in planned(name)[1] if not rows_of(id)] == []


@pytest.mark.parametrize(
    ("id", "rows"),
    [
        ("VPC", ["NET-VPC"]),
        ("PublicSubnet3", ["NET-PUBLIC", "TAG-CLUSTER"]),
        ("PrivateSubnet", ["NET-PRIVATE", "TAG-CLUSTER"]),
        ("PrivateSubnetRouteTableAssociation2", ["NET-PRIVATE"]),
        ("Route2", ["NET-NAT"]),
        ("TransitRoute2To10x20x0x0x16", ["NET-TRANSIT"]),
        ("TransitGatewayAttachment0abc", ["NET-TRANSIT"]),
        ("VPCCidrBlock100x70x0x0x16", ["NET-DHCP"]),
        ("InboundVpcPublicNetworkAclEntry2", ["NET-ACL"]),
        ("Etcd0Record", ["DNS-ETCD"]),
        ("MasterSecurityGroup/ingress tcp 22 10.0.0.0/16", ["SG-MASTER"]),
        ("MasterIngressWorkerVxlan", ["SG-MASTER-INGRESS"]),
        ("WorkerIngressWorkerKube", ["SG-WORKER-INGRESS"]),
        ("ExternalApiListener", ["LB-EXT", "LB-REACH"]),
        ("ExtApiElb", ["LB-EXT"]),
        ("ExternalApiTargetGroup", ["LB-HEALTH"]),
        ("ExternalApiTargetGroup/target 10.0.48.10:6443", ["LB-TARGETS"]),
        ("S3Endpoint", ["NET-S3"]),
        ("Ec2Endpoint", ["NET-EC2"]),
        ("StsEndpoint", ["AIR-GAP"]),
        ("EndpointSecurityGroup", ["NET-EC2", "NET-ELB"]),
        ("EndpointSecurityGroup/ingress tcp 443 10.0.0.0/16", ["NET-EC2", "NET-ELB"]),
        ("SubnetTags0abc", ["TAG-CLUSTER"]),
        ("MyOwnQueue", []),
    ],
)
def test_a_resource_belongs_to_its_row(id: str, rows: list[str]) -> None:
    assert rows_of(id) == rows


def test_each_row_has_a_name_of_its_own() -> None:
    assert len(IDS) == len(ROWS) == 35


@pytest.mark.parametrize("name", OWN_NETWORK)
def test_the_flows_of_the_port_matrix_belong_to_rows(name: str) -> None:
    layout, resources = planned(name)
    assert {row.requirement for row in port_matrix(planned_terrain(layout, resources.values()))} <= IDS

"""Drift, type by type: each property that can be changed by hand is named by `plan` and put right by `apply`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.end_to_end.local import LocalOperator
from tests.end_to_end.test_drift import TEXT, Cluster

NO_NAT = TEXT.replace("egress: nat ", "egress: none ")


def _association(cluster: Cluster, table: str) -> str:
    found = cluster.ec2.describe_route_tables(RouteTableIds=[cluster.id(table)])["RouteTables"][0]
    return str(found["Associations"][0]["RouteTableAssociationId"])


def _rule(cluster: Cluster, group: str, port: int) -> dict[str, Any]:
    filters = [{"Name": "group-id", "Values": [cluster.id(group)]}]
    rules = cluster.ec2.describe_security_group_rules(Filters=filters)["SecurityGroupRules"]
    return next(dict(rule) for rule in rules if rule["FromPort"] == port and not rule["IsEgress"])


def _no_dns(cluster: Cluster) -> None:
    vpc = cluster.id("VPC")
    cluster.ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": False})
    cluster.ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsSupport={"Value": False})


def _public_addresses(cluster: Cluster) -> None:
    cluster.ec2.modify_subnet_attribute(SubnetId=cluster.id("PrivateSubnet2"), MapPublicIpOnLaunch={"Value": True})


def _subnet_tag(cluster: Cluster) -> None:
    tag = {"Key": "kubernetes.io/cluster/prod-x7k2p", "Value": "owned"}
    cluster.ec2.create_tags(Resources=[cluster.id("PrivateSubnet")], Tags=[tag])


def _other_table(cluster: Cluster) -> None:
    association = _association(cluster, "PrivateRouteTable")
    cluster.ec2.replace_route_table_association(
        AssociationId=association, RouteTableId=cluster.id("PrivateRouteTable2")
    )


def _no_table(cluster: Cluster) -> None:
    cluster.ec2.disassociate_route_table(AssociationId=_association(cluster, "PrivateRouteTable3"))


def _other_target(cluster: Cluster) -> None:
    cluster.ec2.replace_route(
        RouteTableId=cluster.id("PrivateRouteTable2"),
        DestinationCidrBlock="0.0.0.0/0",
        NatGatewayId=cluster.id("NAT"),
    )


def _no_route(cluster: Cluster) -> None:
    cluster.ec2.delete_route(RouteTableId=cluster.id("PrivateRouteTable3"), DestinationCidrBlock="0.0.0.0/0")


def _no_endpoint(cluster: Cluster) -> None:
    cluster.ec2.delete_vpc_endpoints(VpcEndpointIds=[cluster.id("S3Endpoint")])


def _endpoint_tables(cluster: Cluster) -> None:
    cluster.ec2.modify_vpc_endpoint(
        VpcEndpointId=cluster.id("S3Endpoint"), RemoveRouteTableIds=[cluster.id("PrivateRouteTable2")]
    )


def _endpoint_policy(cluster: Cluster) -> None:
    policy = '{"Version": "2012-10-17", "Statement": []}'
    cluster.ec2.modify_vpc_endpoint(VpcEndpointId=cluster.id("S3Endpoint"), PolicyDocument=policy)


def _rule_description(cluster: Cluster) -> None:
    rule = _rule(cluster, "MasterSecurityGroup", 2379)
    changed = {
        "IpProtocol": "tcp",
        "FromPort": 2379,
        "ToPort": 2380,
        "ReferencedGroupId": rule["ReferencedGroupInfo"]["GroupId"],
        "Description": "something else",
    }
    cluster.ec2.modify_security_group_rules(
        GroupId=rule["GroupId"],
        SecurityGroupRules=[{"SecurityGroupRuleId": rule["SecurityGroupRuleId"], "SecurityGroupRule": changed}],
    )


def _rule_gone(cluster: Cluster) -> None:
    rule = _rule(cluster, "WorkerSecurityGroup", 4789)
    cluster.ec2.revoke_security_group_ingress(
        GroupId=cluster.id("WorkerSecurityGroup"), SecurityGroupRuleIds=[rule["SecurityGroupRuleId"]]
    )


def _zone_comment(cluster: Cluster) -> None:
    cluster.route53.update_hosted_zone_comment(Id=cluster.zone(), Comment="somebody's")


def _zone_tag(cluster: Cluster) -> None:
    cluster.route53.change_tags_for_resource(
        ResourceType="hostedzone", ResourceId=cluster.zone().split("/")[-1], RemoveTagKeys=["ocpprov:resource"]
    )


def _record(cluster: Cluster, action: str, ttl: int, address: str) -> None:
    record = {"Name": "etcd-1.prod.example.com.", "Type": "A", "TTL": ttl, "ResourceRecords": [{"Value": address}]}
    changes = [{"Action": action, "ResourceRecordSet": record}]
    cluster.route53.change_resource_record_sets(HostedZoneId=cluster.zone(), ChangeBatch={"Changes": changes})


def _record_changed(cluster: Cluster) -> None:
    _record(cluster, "UPSERT", 300, "10.0.64.10")


def _record_gone(cluster: Cluster) -> None:
    _record(cluster, "DELETE", 60, "10.0.64.10")


def _no_nat(cluster: Cluster) -> None:
    cluster.ec2.delete_nat_gateway(NatGatewayId=cluster.id("NAT2"))


Drifts = dict[str, tuple[Callable[[Cluster], None], tuple[str, ...]]]
CHANGED: Drifts = {
    "VPC": (_no_dns, ("EnableDnsHostnames: false -> true", "EnableDnsSupport: false -> true")),
    "Subnet": (_public_addresses, ("PrivateSubnet2", "MapPublicIpOnLaunch: true -> false")),
    "Subnet's tag": (_subnet_tag, ('Tags.kubernetes.io/cluster/prod-x7k2p: "owned" -> "shared"',)),
    "SubnetRouteTableAssociation": (_other_table, ("PrivateSubnetRouteTableAssociation", "RouteTableId: ")),
    "Route": (_other_target, ("Route2", "NatGatewayId: ")),
    "VPCEndpoint": (_endpoint_tables, ("S3Endpoint", "RouteTableIds: ")),
    "VPCEndpoint's policy": (_endpoint_policy, ("S3Endpoint", "PolicyDocument: ")),
    "SecurityGroupIngress": (_rule_description, ("MasterIngressEtcd", 'Description: "something else" -> "etcd"')),
    "HostedZone": (_zone_comment, ("IntDns", "HostedZoneConfig")),
    "HostedZone's tag": (_zone_tag, ("adopt   IntDns", "Tags.ocpprov:resource")),
    "RecordSet": (_record_changed, ("Etcd1Record", 'TTL: "300" -> "60"')),
}
GONE: Drifts = {
    "SubnetRouteTableAssociation": (_no_table, ("create  PrivateSubnetRouteTableAssociation3",)),
    "Route": (_no_route, ("create  Route3",)),
    "NatGateway": (_no_nat, ("create  NAT2",)),
    "VPCEndpoint": (_no_endpoint, ("create  S3Endpoint",)),
    "SecurityGroupIngress": (_rule_gone, ("create  WorkerIngress",)),
    "RecordSet": (_record_gone, ("create  Etcd1Record",)),
}


@pytest.mark.torture
@pytest.mark.parametrize(
    "drifts", [pytest.param(drifts, id=name) for name, drifts in (("changed", CHANGED), ("gone", GONE))]
)
def test_what_was_changed_or_deleted_by_hand_is_named_and_put_right(user: LocalOperator, drifts: Drifts) -> None:
    cluster = Cluster(user)
    for meddle, _ in drifts.values():
        meddle(cluster)
    shown = cluster.plan()
    assert shown.code == 2
    assert [name for name, (_, texts) in drifts.items() if not all(text in shown.out for text in texts)] == [], (
        shown.out
    )
    repaired = cluster.apply()
    assert repaired.code == 0, repaired.err
    assert cluster.plan().code == 0


@pytest.mark.torture
@pytest.mark.parametrize(
    "drift", [*CHANGED.values(), *GONE.values()], ids=[*CHANGED, *(f"{name} gone" for name in GONE)]
)
def test_each_drift_alone_is_named_and_put_right(
    user: LocalOperator, drift: tuple[Callable[[Cluster], None], tuple[str, ...]]
) -> None:
    meddle, expected = drift
    cluster = Cluster(user)
    meddle(cluster)
    shown = cluster.plan()
    assert shown.code == 2
    assert [text for text in expected if text not in shown.out] == []
    assert cluster.apply().code == 0
    assert cluster.plan().code == 0


@pytest.mark.torture
def test_a_gateway_that_was_detached_is_attached_again(user: LocalOperator) -> None:
    # AWS lets go of it only while nothing in the VPC has a mapped address.
    cluster = Cluster(user, NO_NAT)
    cluster.ec2.detach_internet_gateway(InternetGatewayId=cluster.id("InternetGateway"), VpcId=cluster.id("VPC"))
    shown = cluster.plan()
    assert shown.code == 2
    assert "create  GatewayToInternet" in shown.out
    assert cluster.apply().code == 0
    assert cluster.plan().code == 0

"""Whose a network interface is, by what AWS says of it. The items have the members that public inventories show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from ocpprov.reconcile.interface_owners import Interface, OwnerSort, interface_of
from ocpprov.reconcile.interface_services import SERVICES, ManagingService

SERVICE = OwnerSort.SERVICE


def item(description: str = "", type: str = "interface", *, managed: bool = True, **more: Any) -> Mapping[str, Any]:
    return {
        "NetworkInterfaceId": "eni-1",
        "Description": description,
        "InterfaceType": type,
        "RequesterManaged": managed,
        **more,
    }


OWNERS: Sequence[tuple[Mapping[str, Any], OwnerSort, str]] = (
    (item("ELB net/api/0123", "network_load_balancer"), OwnerSort.LOAD_BALANCER, "net/api/0123"),
    (item("ELB app/web/0123", RequesterId="amazon-elb"), OwnerSort.LOAD_BALANCER, "app/web/0123"),
    (item("ELB classic", RequesterId="amazon-elb"), OwnerSort.LOAD_BALANCER, "classic"),
    (item("ELB app/web/0123", "load_balancer", managed=False), OwnerSort.LOAD_BALANCER, "app/web/0123"),
    (item("VPC Endpoint Interface vpce-1", "vpc_endpoint"), OwnerSort.ENDPOINT, "vpce-1"),
    (item("VPC Endpoint Interface vpce-1", "gateway_load_balancer_endpoint"), OwnerSort.ENDPOINT, "vpce-1"),
    (item("Interface for NAT Gateway nat-1", "nat_gateway"), OwnerSort.NAT_GATEWAY, "nat-1"),
    (
        item("Network Interface for Transit Gateway Attachment tgw-attach-1", "transit_gateway"),
        OwnerSort.ATTACHMENT,
        "tgw-attach-1",
    ),
    # Somebody may write what he likes into the description of an interface of his own.
    (item("ELB net/api/0123", managed=False), OwnerSort.NOBODY, ""),
    (item("AWS Lambda VPC ENI-mine", managed=False), OwnerSort.NOBODY, ""),
    (item("mine", "trunk", managed=False), OwnerSort.NOBODY, ""),
    (item("mine", managed=False, Attachment={"InstanceId": "i-1"}), OwnerSort.INSTANCE, "i-1"),
    (item("mine", managed=False, Attachment={"InstanceOwnerId": "1"}), OwnerSort.NOBODY, ""),
    # An answer that doesn't say all.
    ({"NetworkInterfaceId": "eni-1"}, OwnerSort.NOBODY, ""),
    ({"NetworkInterfaceId": "eni-1", "RequesterManaged": True}, OwnerSort.UNSAID, ""),
    (item("", "network_load_balancer", RequesterId="1"), OwnerSort.UNSAID, ""),
    (item("", "vpc_endpoint", managed=False), OwnerSort.UNSAID, ""),
    (item("", RequesterId="amazon-elb"), OwnerSort.UNSAID, ""),
    (item("", "nat_gateway"), OwnerSort.NAT_GATEWAY, ""),
    # Services of which nothing is known beside that they are some.
    (item("something new"), SERVICE, ""),
    (item("", RequesterId="amazon-new"), SERVICE, ""),
    (item("", Attachment={"InstanceOwnerId": "amazon-new"}), SERVICE, ""),
    (item("something new", "new_type", managed=False), SERVICE, ""),
    (item("", managed=False, Operator={"Managed": True, "Principal": "new.amazonaws.com"}), SERVICE, ""),
    (item("", managed=False, Operator={"Managed": False}), OwnerSort.NOBODY, ""),
)


@pytest.mark.parametrize(("one", "sort", "owner"), OWNERS)
def test_owners(one: Mapping[str, Any], sort: OwnerSort, owner: str) -> None:
    found = interface_of(one)
    assert (found.id, found.sort, found.owner, found.service) == ("eni-1", sort, owner, None)


KNOWN: Sequence[tuple[Mapping[str, Any], str]] = (
    (item("EFS mount target for fs-1 (fsmt-1)"), "a mount target of EFS"),
    (item("", "efs", managed=False), "a mount target of EFS"),
    (item("AWS Lambda VPC ENI-pay-1", "lambda", RequesterId="AROA:pay"), "a Lambda function"),
    (item("AWS Lambda VPC ENI: 1"), "a Lambda function"),
    (item("RDSNetworkInterface", RequesterId="amazon-rds"), "a database of RDS, Neptune or DocumentDB"),
    (item("", RequesterId="amazon-rds"), "a database of RDS, Neptune or DocumentDB"),
    (item("", Attachment={"InstanceOwnerId": "amazon-rds"}), "a database of RDS, Neptune or DocumentDB"),
    (item("Network interface for DBProxy pay", RequesterId="1"), "a database of RDS, Neptune or DocumentDB"),
    (item("Amazon EKS prod", RequesterId="AROA:AmazonEKS"), "an EKS cluster"),
    (item("AWS created network interface for directory d-1"), "a directory of Directory Service"),
    (item("Created By Amazon Workspaces for AWS Account ID 1"), "a WorkSpace"),
    (item("Created By Amazon WorkSpaces for AWS Account ID 1"), "a WorkSpace"),
    (item("ElastiCache+pay"), "a cache of ElastiCache"),
    (item("ElastiCache pay-001"), "a cache of ElastiCache"),
    (item("", RequesterId="amazon-elasticache"), "a cache of ElastiCache"),
    (item("RedshiftNetworkInterface"), "a Redshift cluster"),
    (item("", RequesterId="amazon-redshift"), "a Redshift cluster"),
    (item("ES logs"), "an OpenSearch domain"),
    (item("Amazon MSK network interface for cluster arn:aws:kafka:x"), "a cluster of MSK"),
    (item("arn:aws:ecs:eu-west-1:1:attachment/1"), "a task of ECS"),
    (item("arn:aws-us-gov:ecs:us-gov-west-1:1:attachment/1"), "a task of ECS"),
    (item("arn:aws-cn:ecs:cn-north-1:1:attachment/1"), "a task of ECS"),
    (item("Route 53 Resolver: rslvr-in-1:rni-1"), "an endpoint of Route 53 Resolver"),
    (item("DMSNetworkInterface"), "a replication instance of DMS"),
    (item("Attached to Glue using role: arn:aws:iam::1:role/x"), "a job of Glue"),
    (item("[DO NOT DELETE] ENI managed by SageMaker for Studio Domain (d-1)"), "something of SageMaker"),
    (item("AWS ElasticMapReduce - j-1"), "EMR"),
    (item("ENI managed by APIGateway", "api_gateway_managed", managed=False), "a link of API Gateway"),
    (item("", "quicksight", managed=False), "QuickSight"),
    (item("", "ec2_instance_connect_endpoint"), "an EC2 Instance Connect endpoint"),
    (item("", "global_accelerator_managed"), "Global Accelerator"),
    (item("", "iot_rules_managed"), "a rule of IoT"),
    (item("", "aws_codestar_connections_managed"), "a CodeConnections host"),
    (item("", "evs"), "a VMware environment of EVS"),
)


@pytest.mark.parametrize(("one", "what"), KNOWN)
def test_known_services(one: Mapping[str, Any], what: str) -> None:
    found = interface_of(one)
    assert found.sort is SERVICE
    assert found.service
    assert found.service.what == what


def test_every_row_has_a_case_and_is_told_whole() -> None:
    assert {what for _, what in KNOWN} == {service.what for service in SERVICES}
    for service in SERVICES:
        assert service.step
        assert service.source
        assert service.trust in ("documented", "source", "memory")
        assert not service.step.endswith(".")


@pytest.mark.parametrize(
    ("one", "lingers"),
    [
        (item("AWS Lambda VPC ENI-pay-1", "lambda", Status="available"), True),
        (item("AWS Lambda VPC ENI-pay-1", "lambda", Status="in-use"), False),
        (item("AWS Lambda VPC ENI-pay-1", "lambda"), False),
        (item("RDSNetworkInterface", Status="available"), False),
        (item("mine", managed=False, Status="available"), False),
    ],
)
def test_what_a_service_has_let_go_of(one: Mapping[str, Any], lingers: bool) -> None:
    assert interface_of(one).lingers is lingers


@pytest.mark.parametrize(
    ("association", "public"), [({"PublicIp": "192.0.2.1"}, True), ({}, False), ({"IpOwnerId": "1"}, False)]
)
def test_public_addresses(association: Mapping[str, str], public: bool) -> None:
    assert interface_of(item(Association=association)).public is public
    assert interface_of(item()).public is False


def test_what_else_is_kept() -> None:
    service = next(each for each in SERVICES if each.what == "EMR")
    found = interface_of(item("AWS ElasticMapReduce - j-1", RequesterId="1", Attachment={"InstanceOwnerId": "2"}))
    assert found == Interface("eni-1", SERVICE, "AWS ElasticMapReduce - j-1", requester="1", service=service)


def test_a_row_without_beginnings_is_known_by_nothing_but_its_type() -> None:
    row = ManagingService("x", "y", "z", "memory", types=("t",))
    assert [row.made(*each) for each in (("", "t", ""), ("text", "", ""), ("", "", ""))] == [True, False, False]

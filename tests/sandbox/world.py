"""Plain boto3 clients of a sandbox, and short ways to what the tests need."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from ocpprov.sandbox.clocks import Clock
from ocpprov.sandbox.cloud import MotoCloud
from ocpprov.sandbox.delays import Delays
from ocpprov.sandbox.middleware import all_middleware
from ocpprov.sandbox.pipeline import Pipeline
from ocpprov.sandbox.record import Running
from tests.support.serving import SECRET, served
from tests.support.transport import answer_in_this_process

REGION = "eu-central-1"
_BY_HAND = Config(retries={"total_max_attempts": 1, "mode": "standard"}, proxies={})
_ONCE = _BY_HAND.merge(Config(user_agent_extra="ocpprov/test"))


@dataclass(frozen=True)
class InThisProcess(Running):
    """A sandbox in a thread of this process, and what its answers come from."""

    pipeline: Pipeline


class World:
    """Clients that try once only, so that each fault is seen. They go over sockets unless a pipeline is given."""

    def __init__(self, url: str, pipeline: Pipeline | None = None, *, by_hand: bool = False) -> None:
        """`by_hand`: the clients are anybody's, and don't say that they are ocpprov's."""
        self._url = url
        self._pipeline = pipeline
        self._by_hand = by_hand

    def by_hand(self) -> World:
        """The same sandbox before a script of somebody's."""
        return World(self._url, self._pipeline, by_hand=True)

    @property
    def ec2(self) -> Any:
        """Networks and machines."""
        return self._client("ec2")

    @property
    def route53(self) -> Any:
        """Zones and records."""
        return self._client("route53")

    @property
    def s3(self) -> Any:
        """Buckets."""
        return self._client("s3")

    def other(self, service: str) -> Any:
        """A client of a service that few tests need."""
        return self._client(service)

    def vpc(self) -> str:
        """A network."""
        return str(self.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"])

    def naming_vpc(self) -> str:
        """A network in which endpoints may have private DNS."""
        vpc = self.vpc()
        self.ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
        return vpc

    def subnet(self, vpc: str, number: int = 0) -> str:
        """A subnet of a network."""
        return str(self.ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24")["Subnet"]["SubnetId"])

    def table(self, vpc: str) -> str:
        """A route table of a network."""
        return str(self.ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"])

    def group(self, vpc: str, name: str) -> str:
        """A security group of a network."""
        return str(self.ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"])

    def address(self) -> str:
        """An elastic address."""
        return str(self.ec2.allocate_address(Domain="vpc")["AllocationId"])

    def internet_gateway(self, vpc: str) -> str:
        """An internet gateway, attached."""
        gateway = str(self.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"])
        self.ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
        return gateway

    def public_subnet(self, number: int = 0) -> str:
        """A subnet of a network with an internet gateway."""
        vpc = self.vpc()
        self.internet_gateway(vpc)
        return self.subnet(vpc, number)

    def nat(self, subnet: str, address: str, **more: Any) -> str:
        """A NAT gateway; its network has an internet gateway from the first one on."""
        vpc = self.ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]["VpcId"]
        attached = [{"Name": "attachment.vpc-id", "Values": [vpc]}]
        if not self.ec2.describe_internet_gateways(Filters=attached)["InternetGateways"]:
            self.internet_gateway(vpc)
        created = self.ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address, **more)
        return str(created["NatGateway"]["NatGatewayId"])

    def nat_state(self, gateway: str) -> str:
        """The state of a NAT gateway."""
        return str(self.ec2.describe_nat_gateways(NatGatewayIds=[gateway])["NatGateways"][0]["State"])

    def endpoint(self, vpc: str, *tables: str) -> str:
        """A gateway endpoint for S3."""
        service = f"com.amazonaws.{REGION}.s3"
        created = self.ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=service, RouteTableIds=list(tables))
        return str(created["VpcEndpoint"]["VpcEndpointId"])

    def interface_endpoint(self, vpc: str, subnet: str, group: str) -> str:
        """An interface endpoint for EC2, without the names that a network gives to one only."""
        created = self.ec2.create_vpc_endpoint(
            VpcEndpointType="Interface",
            VpcId=vpc,
            ServiceName=f"com.amazonaws.{REGION}.ec2",
            SubnetIds=[subnet],
            SecurityGroupIds=[group],
            PrivateDnsEnabled=False,
        )
        return str(created["VpcEndpoint"]["VpcEndpointId"])

    def interfaces(self) -> list[dict[str, Any]]:
        """All network interfaces."""
        return list(self.ec2.describe_network_interfaces()["NetworkInterfaces"])

    def machine(self, subnet: str, **more: Any) -> str:
        """A running instance."""
        image = self.ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
        wanted = {"ImageId": image, "InstanceType": "m5.large", "MinCount": 1, "MaxCount": 1, "SubnetId": subnet}
        return str(self.ec2.run_instances(**wanted, **more)["Instances"][0]["InstanceId"])

    def routes(self, table: str) -> list[dict[str, Any]]:
        """The routes of a table."""
        tables = self.ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"]
        return list(tables[0]["Routes"])

    def endpoints_in(self, table: str) -> list[str]:
        """The endpoints that a table routes to."""
        return [route["GatewayId"] for route in self.routes(table) if "DestinationPrefixListId" in route]

    def zone(self, reference: str, vpc: str, name: str = "cluster.example.com") -> str:
        """A private hosted zone."""
        created = self.route53.create_hosted_zone(
            Name=name,
            CallerReference=reference,
            VPC={"VPCRegion": REGION, "VPCId": vpc},
            HostedZoneConfig={"PrivateZone": True},
        )
        return str(created["HostedZone"]["Id"]).rpartition("/")[2]

    def _client(self, service: str) -> Any:
        return _client(self._url, service, self._pipeline, self._by_hand)


@cache
def _client(url: str, service: str, pipeline: Pipeline | None, by_hand: bool) -> Any:
    """One for all tests: making one takes longer than most of them."""
    # The stubs know each service by its literal name only.
    make: Any = boto3.client
    client = make(
        service,
        endpoint_url=url,
        region_name=REGION,
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
        config=_BY_HAND if by_hand else _ONCE,
    )
    if pipeline:
        answer_in_this_process(client, pipeline.answer)
    return client


@contextmanager
def in_this_process(clock: Clock, delays: Delays | None = None) -> Iterator[InThisProcess]:
    """A sandbox of a clock that a test holds, in a thread of this process; times are AWS's where none are given."""
    cloud = MotoCloud(clock.now)
    pipeline = Pipeline(cloud, partial(all_middleware, delays or Delays()))
    with served(pipeline, clock, hosts=(".amazonaws.com",)) as url:
        yield InThisProcess(url, os.getpid(), "", 1, SECRET, pipeline)
    cloud.reset()


@contextmanager
def refused(code: str, status: int = 400) -> Iterator[None]:
    """AWS answers with this error."""
    with pytest.raises(ClientError) as caught:
        yield
    response = caught.value.response
    assert (response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]) == (code, status)


def soon(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    """Waits until it holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it didn't come true in time"
        time.sleep(0.02)

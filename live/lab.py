"""A corner of an account for questions to AWS. What is made in it carries the run's mark, by which `sweep` finds it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from botocore.exceptions import ClientError

from live.clients import Clients, Clock, code, with_keys
from live.names import BOUND, TAG, scratch_name


@dataclass
class Lab:
    """The clients of one region, and scratch resources, each made when it is first asked for. `zone` is an
    availability zone. `seconds` is the longest that a measurement waits, in AWS's time."""

    client: Clients
    clock: Clock
    region: str
    zone: str
    run: str
    seconds: float = 600.0
    with_keys: Callable[[Any, Mapping[str, str]], Any] = with_keys

    @property
    def name(self) -> str:
        """What the names of all that has one begin with."""
        return scratch_name(self.run)

    @property
    def ec2(self) -> Any:
        return self.client("ec2")

    @cached_property
    def vpc(self) -> str:
        return self.new_vpc()

    @cached_property
    def subnet(self) -> str:
        return self.new_subnet("10.99.0.0/24")

    @cached_property
    def table(self) -> str:
        return self.new_table()

    @cached_property
    def group(self) -> str:
        return self.new_group(self.name)

    @cached_property
    def gateway(self) -> str:
        """An internet gateway, attached to the network."""
        gateway = self.new_gateway()
        vpc = self.vpc
        self.made(lambda: self.ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc))
        return gateway

    @cached_property
    def address(self) -> str:
        made = self.ec2.allocate_address(Domain="vpc", TagSpecifications=self.tags("elastic-ip"))
        return self.bind(str(made["AllocationId"]))

    def new_vpc(self, block: str = "10.99.0.0/16", **more: str) -> str:
        """A network, seen by its id. `more` are tags."""
        vpc = self.unseen_vpc(block, more)
        self.until(lambda: code(lambda: self.ec2.describe_vpcs(VpcIds=[vpc])) == "ok")
        return self.bind(vpc)

    def unseen_vpc(self, block: str, more: Mapping[str, str]) -> str:
        """A network as AWS's answer has it, which may not be seen yet."""
        made = self.ec2.create_vpc(CidrBlock=block, TagSpecifications=self.tags("vpc", more))
        return str(made["Vpc"]["VpcId"])

    def new_subnet(self, block: str, vpc: str = "") -> str:
        wanted = {"VpcId": vpc or self.vpc, "CidrBlock": block, "AvailabilityZone": self.zone}
        made = self.made(lambda: self.ec2.create_subnet(**wanted, TagSpecifications=self.tags("subnet")))
        return str(made["Subnet"]["SubnetId"])

    def new_table(self, **more: Any) -> str:
        wanted = {"VpcId": self.vpc, "TagSpecifications": self.tags("route-table"), **more}
        made = self.made(lambda: self.ec2.create_route_table(**wanted))
        return str(made["RouteTable"]["RouteTableId"])

    def new_group(self, name: str) -> str:
        wanted = {"VpcId": self.vpc, "GroupName": name, "Description": name}
        made = self.made(
            lambda: self.ec2.create_security_group(**wanted, TagSpecifications=self.tags("security-group"))
        )
        return str(made["GroupId"])

    def new_gateway(self) -> str:
        """An internet gateway, attached to nothing."""
        made = self.ec2.create_internet_gateway(TagSpecifications=self.tags("internet-gateway"))
        return self.bind(str(made["InternetGateway"]["InternetGatewayId"]))

    def listed(self, operation: str, member: str, **filters: str) -> list[dict[str, Any]]:
        """What EC2 finds by these filters, on all pages: the first may be empty. `vpc_id` is the filter `vpc-id`."""
        wanted = [{"Name": name.replace("_", "-"), "Values": [value]} for name, value in filters.items()]
        pages = self.ec2.get_paginator(operation).paginate(Filters=wanted)
        return [item for page in pages for item in page[member]]

    def made(self, call: Callable[[], Any]) -> Any:
        """What AWS answers as soon as it sees what the call names, which may have been made a moment ago. Raises what
        AWS says for any other reason, or for too long."""
        answers: list[Any] = []

        def answered() -> bool:
            try:
                answers.append(call())
            except ClientError as error:
                if not _is_unseen(error):
                    raise
            return bool(answers)

        return answers[0] if self.until(answered) else call()

    def bind(self, id: str) -> str:
        """Write its own id into its tags, so that no copy of them passes for it."""
        self.made(lambda: self.ec2.create_tags(Resources=[id], Tags=self.pairs({BOUND: id})))
        return id

    def pairs(self, more: Mapping[str, str] | None = None) -> list[dict[str, str]]:
        """The mark, and further tags, as AWS wants them."""
        tags = {TAG: self.run, "Name": self.name, **(more or {})}
        return [{"Key": key, "Value": value} for key, value in tags.items()]

    def tags(self, type: str, more: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
        """The mark, for a call of EC2 that makes something of this type."""
        return [{"ResourceType": type, "Tags": self.pairs(more)}]

    def until(self, happened: Callable[[], bool]) -> bool:
        """Whether it came true in time. It is looked at less often the longer it takes."""
        started = self.clock.monotonic()
        while not happened():
            passed = self.clock.monotonic() - started
            if passed > self.seconds:
                return False
            self.clock.sleep(max(1.0, passed / 20))
        return True

    def took(self, happened: Callable[[], bool]) -> float | None:
        """How many seconds it took, to a twentieth; None where it didn't come true in time."""
        started = self.clock.monotonic()
        return self.clock.monotonic() - started if self.until(happened) else None


def _is_unseen(error: ClientError) -> bool:
    code = error.response["Error"]["Code"]
    return "NotFound" in code or code.startswith("NoSuch")

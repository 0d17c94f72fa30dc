"""A corner of an account for questions to AWS: plain clients, scratch resources, and everything taken away again."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

TAG = "ocpprov-live"
_ONCE = Config(retries={"total_max_attempts": 1, "mode": "standard"})


@dataclass
class Lab:
    """The clients of one region, and what was made with them. `say` is told what couldn't be taken away. `seconds` is
    the longest that a measurement waits."""

    session: boto3.Session
    say: Callable[[str], None]
    seconds: float = 300.0
    name: str = field(default_factory=lambda: f"{TAG}-{secrets.token_hex(4)}")
    _stack: ExitStack = field(default_factory=ExitStack)

    def client(self, service: str) -> Any:
        """A client that tries once. IAM and Route 53 answer in any region."""
        make: Any = self.session.client
        return make(service, config=_ONCE)

    @cached_property
    def ec2(self) -> Any:
        return self.client("ec2")

    @cached_property
    def vpc(self) -> str:
        return self.new_vpc()

    @cached_property
    def subnet(self) -> str:
        made = self.ec2.create_subnet(VpcId=self.vpc, CidrBlock="10.99.0.0/24", TagSpecifications=self.tags("subnet"))
        subnet = str(made["Subnet"]["SubnetId"])
        self.later("subnet " + subnet, lambda: self.ec2.delete_subnet(SubnetId=subnet))
        return subnet

    @cached_property
    def table(self) -> str:
        return self.new_table()

    @cached_property
    def group(self) -> str:
        return self.new_group(self.name)

    @cached_property
    def gateway(self) -> str:
        """An internet gateway, attached to the network."""
        made = self.ec2.create_internet_gateway(TagSpecifications=self.tags("internet-gateway"))
        gateway = str(made["InternetGateway"]["InternetGatewayId"])
        self.later("gateway " + gateway, lambda: self.ec2.delete_internet_gateway(InternetGatewayId=gateway))
        self.ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=self.vpc)
        self.later(
            "attachment of " + gateway,
            lambda: self.ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=self.vpc),
        )
        return gateway

    @cached_property
    def address(self) -> str:
        made = self.ec2.allocate_address(Domain="vpc", TagSpecifications=self.tags("elastic-ip"))
        address = str(made["AllocationId"])
        self.later("address " + address, lambda: self.ec2.release_address(AllocationId=address))
        return address

    def new_vpc(self) -> str:
        made = self.ec2.create_vpc(CidrBlock="10.99.0.0/16", TagSpecifications=self.tags("vpc"))
        vpc = str(made["Vpc"]["VpcId"])
        self.later("network " + vpc, lambda: self.ec2.delete_vpc(VpcId=vpc))
        self.until(lambda: code(lambda: self.ec2.describe_vpcs(VpcIds=[vpc])) == "ok")
        return vpc

    def new_table(self, **more: Any) -> str:
        made = self.ec2.create_route_table(VpcId=self.vpc, TagSpecifications=self.tags("route-table"), **more)
        table = str(made["RouteTable"]["RouteTableId"])
        self.later("route table " + table, lambda: self.ec2.delete_route_table(RouteTableId=table))
        return table

    def new_group(self, name: str) -> str:
        made = self.ec2.create_security_group(
            VpcId=self.vpc, GroupName=name, Description=name, TagSpecifications=self.tags("security-group")
        )
        group = str(made["GroupId"])
        self.later("security group " + group, lambda: self.ec2.delete_security_group(GroupId=group))
        return group

    def tags(self, type: str) -> list[dict[str, Any]]:
        """What everything of the lab carries, so that it is found if the lab's end fails."""
        return [{"ResourceType": type, "Tags": [{"Key": TAG, "Value": self.name}, {"Key": "Name", "Value": self.name}]}]

    def later(self, what: str, delete: Callable[[], Any]) -> None:
        """Delete this at the end: the last first, and tried for some minutes, as AWS lets go of things slowly."""

        def patiently() -> None:
            last = ["ok"]

            def gone() -> bool:
                last[0] = code(delete)
                return last[0] == "ok" or "NotFound" in last[0] or last[0].startswith(("NoSuch", "404"))

            if not self.until(gone):
                self.say(f"{what} is left: {last[0]}; delete it by hand (tag {TAG}: {self.name})")

        self._stack.callback(patiently)

    def until(self, happened: Callable[[], bool]) -> bool:
        """Whether it came true in time."""
        deadline = time.monotonic() + self.seconds
        while not happened():
            if time.monotonic() > deadline:
                return False
            time.sleep(1)
        return True

    def seconds_until(self, happened: Callable[[], bool]) -> str:
        """How long it took, in words."""
        started = time.monotonic()
        return f"{time.monotonic() - started:.0f} s" if self.until(happened) else f"more than {self.seconds:.0f} s"

    def close(self) -> None:
        """Take everything away."""
        self._stack.close()


def code(call: Callable[[], Any]) -> str:
    """What AWS says: its error code and the HTTP status, or `ok`."""
    try:
        call()
    except ClientError as error:
        return f"{error.response['Error']['Code']} {error.response['ResponseMetadata']['HTTPStatusCode']}"
    except BotoCoreError as error:
        return type(error).__name__
    return "ok"

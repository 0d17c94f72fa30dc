"""What AWS tells machines of servers that others run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError, AwsMessage
from ocpprov.aws.reads import Reader
from ocpprov.commands.discovery_dhcp import told_by_dhcp
from ocpprov.plan.model import DhcpOptions

VPC = {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16", "DhcpOptionsId": "dopt-1"}


class Answering(Reader):
    """Answers with a VPC and with DHCP options; None where nobody may read them."""

    def __init__(self, vpcs: list[dict[str, str]], rows: dict[str, list[str]] | None) -> None:
        self.vpcs, self.rows = vpcs, rows
        self.asked: list[tuple[str, Any]] = []

    def attempt(self, wanted: Sequence[Any]) -> dict[Any, Any]:
        self.asked += [(one.operation, one.arguments()["Filters"]) for one in wanted]
        return {one: self._answer(one.operation) for one in wanted}

    def _answer(self, operation: str) -> Any:
        if operation == "describe_vpcs":
            return [{"Vpcs": self.vpcs}]
        if self.rows is None:
            return AwsError(ErrorClass.DENIED, AwsMessage("UnauthorizedOperation", "no", "r-1", "DescribeDhcpOptions"))
        options = [{"Key": key, "Values": [{"Value": each} for each in values]} for key, values in self.rows.items()]
        return [{"DhcpOptions": [{"DhcpConfigurations": options}]}]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ({}, DhcpOptions()),
        ({"domain-name-servers": ["10.1.0.53", "10.1.0.54"]}, DhcpOptions("", ("10.1.0.53", "10.1.0.54"))),
        ({"domain-name-servers": ["10.1.0.53", "fd00::53"]}, DhcpOptions("", ("10.1.0.53",))),
        ({"domain-name-servers": ["AmazonProvidedDNS", "10.1.0.53"]}, DhcpOptions()),
        ({"domain-name-servers": ["10.1.0.53", "10.0.0.2"]}, DhcpOptions()),
        ({"ntp-servers": ["10.1.0.123"]}, DhcpOptions("", (), ("10.1.0.123",))),
        (None, DhcpOptions()),
    ],
    ids=["nothing", "others", "IPv6", "AWS's beside", "AWS's by its address", "time", "closed"],
)
def test_servers_of_others_are_told(rows: dict[str, list[str]] | None, told: DhcpOptions) -> None:
    assert told_by_dhcp("vpc-1", Answering([VPC], rows)) == told


@pytest.mark.parametrize("vpcs", [[], [{**VPC, "DhcpOptionsId": "default"}], [{"VpcId": "vpc-1"}]])
def test_without_options_nothing_is_told_and_none_are_asked_for(vpcs: list[dict[str, str]]) -> None:
    aws = Answering(vpcs, {})
    assert told_by_dhcp("vpc-1", aws) is None
    assert aws.asked == [("describe_vpcs", [{"Name": "vpc-id", "Values": ["vpc-1"]}])]


def test_the_vpcs_own_options_are_asked_for() -> None:
    aws = Answering([VPC], {})
    told_by_dhcp("vpc-1", aws)
    assert aws.asked[1] == ("describe_dhcp_options", [{"Name": "dhcp-options-id", "Values": ["dopt-1"]}])

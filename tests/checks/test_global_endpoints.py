"""What is offered where IAM or Route 53 can't be reached."""

from __future__ import annotations

from typing import Any

import pytest

from ocpprov.checks import global_endpoints
from ocpprov.checks.global_endpoints import HostPlace, not_offered, offered, place_of, remedy, without


class Ec2:
    """Answers with these services and interfaces."""

    def __init__(self, *services: str, interfaces: int = 0) -> None:
        self._services = services
        self._interfaces = interfaces
        self.asked: list[dict[str, Any]] = []

    def describe_vpc_endpoint_services(self, **arguments: Any) -> dict[str, Any]:
        self.asked.append(arguments)
        rows = [{"ServiceName": name, "ServiceType": [{"ServiceType": "Interface"}]} for name in self._services]
        return {"ServiceDetails": rows}

    def describe_network_interfaces(self, **arguments: Any) -> dict[str, Any]:
        self.asked.append(arguments)
        rows = [{"VpcId": f"vpc-{each}", "SubnetId": f"subnet-{each}"} for each in range(self._interfaces)]
        return {"NetworkInterfaces": rows}


def test_only_what_aws_lists_is_offered_and_it_is_asked_for_at_home() -> None:
    ec2: Any = Ec2("com.amazonaws.iam")
    assert offered(ec2, "eu-west-1", ["iam", "route53"]) == {"iam"}
    assert ec2.asked[0] == {
        "ServiceRegions": ["us-east-1"],
        "Filters": [{"Name": "service-name", "Values": ["com.amazonaws.iam"]}],
    }


@pytest.mark.parametrize(
    ("interfaces", "place"), [(0, HostPlace()), (1, HostPlace("vpc-0", "subnet-0")), (2, HostPlace())]
)
def test_where_this_host_is_by_its_address(monkeypatch: pytest.MonkeyPatch, interfaces: int, place: HostPlace) -> None:
    monkeypatch.setattr(global_endpoints, "_own_address", lambda host: f"address to {host}")
    ec2: Any = Ec2(interfaces=interfaces)
    assert place_of(ec2, "ec2.invalid") == place
    [asked] = ec2.asked
    assert asked == {"Filters": [{"Name": "addresses.private-ip-address", "Values": ["address to ec2.invalid"]}]}


COMMAND = (
    "`aws ec2 create-vpc-endpoint --region eu-west-1 --vpc-id {vpc} --vpc-endpoint-type Interface "
    "--service-name com.amazonaws.iam --service-region us-east-1 --subnet-ids {subnet} --security-group-ids GROUP "
    "--private-dns-enabled`"
)


def test_the_command_for_a_host_whose_place_is_known() -> None:
    assert remedy("iam", "eu-west-1", HostPlace("vpc-1", "subnet-1"), None) == (
        "AWS offers com.amazonaws.iam of us-east-1 to interface endpoints, for this host (GROUP lets in tcp 443): "
        f"{COMMAND.format(vpc='vpc-1', subnet='subnet-1')}; to go on without it: --without iam"
    )


def test_the_command_for_a_host_anywhere_and_the_line_for_the_plan() -> None:
    assert remedy("iam", "eu-west-1", HostPlace(), ["s3", "ec2"]) == (
        "AWS offers com.amazonaws.iam of us-east-1 to interface endpoints, for this host with this host's VPC and a "
        f"subnet of it (GROUP lets in tcp 443): {COMMAND.format(vpc='VPC', subnet='SUBNET')}; "
        "for the cluster, or where this host is in the plan's own VPC: openshift.endpoints: [s3, ec2, iam]; "
        "to go on without it: --without iam"
    )
    assert "openshift.endpoints" not in remedy("iam", "eu-west-1", HostPlace(), ["iam"])


def test_what_is_not_offered_can_be_done_without() -> None:
    assert not_offered("route53", "eu-west-1") == (
        "AWS offers no com.amazonaws.route53 of us-east-1 to interface endpoints in eu-west-1; "
        "to go on without it: --without route53"
    )
    assert without("iam") == "to go on without it: --without iam"

"""IAM or Route 53 out of reach: preflight tells of the endpoint that AWS offers to it, and how to go without."""

from __future__ import annotations

from typing import Any, Final

import pytest

from tests.end_to_end.preflighting import preflight_over_sockets
from tests.end_to_end.world import ROOT, Operator, client
from tests.support.fronts import refused_port

TEXT: Final = (ROOT / "plans" / "restricted-3az.yaml").read_text()
COMMAND: Final = (
    "aws ec2 create-vpc-endpoint --region eu-west-1 --vpc-id {vpc} --vpc-endpoint-type Interface "
    "--service-name com.amazonaws.{service} --service-region us-east-1 --subnet-ids {subnet} "
    "--security-group-ids GROUP --private-dns-enabled"
)


def asked(operator: Operator, text: str, *blocked: str) -> dict[str, dict[str, str]]:
    """The checks by id, with services (by the ends of their variables) that refuse the connection."""
    with refused_port() as nowhere:
        environ = {f"AWS_ENDPOINT_URL_{service}": nowhere for service in blocked}
        return {check["id"]: check for check in preflight_over_sockets(operator, text, **environ)}


def remedies(operator: Operator, text: str, *blocked: str) -> dict[str, str]:
    found = asked(operator, text, *blocked)
    return {name: found[f"reach-{name}"]["remedy"] for name in ("iam", "route53")}


def test_the_endpoint_that_is_missing_is_offered_with_the_whole_command(operator: Operator) -> None:
    found = remedies(operator, TEXT, "IAM", "ROUTE_53")
    for service, remedy in found.items():
        assert COMMAND.format(vpc="VPC", subnet="SUBNET", service=service) in remedy
        assert f"openshift.endpoints: [s3, ec2, elasticloadbalancing, sts, {service}]" in remedy
        assert f"--without {service}" in remedy


def test_the_command_names_the_place_of_this_host(operator: Operator) -> None:
    ec2: Any = client("ec2", operator.url)
    vpc = ec2.create_vpc(CidrBlock="127.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="127.0.0.0/24")["Subnet"]["SubnetId"]
    ec2.create_network_interface(SubnetId=subnet, PrivateIpAddress="127.0.0.1")
    remedy = remedies(operator, TEXT, "IAM")["iam"]
    assert COMMAND.format(vpc=vpc, subnet=subnet, service="iam") in remedy


def test_what_is_reached_is_not_offered(operator: Operator) -> None:
    assert remedies(operator, TEXT, "IAM")["route53"] == ""


def test_what_the_plan_lists_is_not_told_again(operator: Operator) -> None:
    text = TEXT.replace("elasticloadbalancing, sts]", "elasticloadbalancing, sts, iam]")
    assert "openshift.endpoints" not in remedies(operator, text, "IAM")["iam"]


def test_without_ec2_nothing_is_offered(operator: Operator) -> None:
    assert "create-vpc-endpoint" not in remedies(operator, TEXT, "IAM", "EC2")["iam"]


@pytest.mark.parametrize("region", ["us-gov-east-1", "cn-north-1"])
def test_where_aws_lists_none_it_is_said(operator: Operator, region: str) -> None:
    remedy = remedies(operator, TEXT.replace("eu-west-1", region), "IAM")["iam"]
    assert "AWS offers no com.amazonaws.iam" in remedy
    assert "create-vpc-endpoint" not in remedy
    assert "--without iam" in remedy


def test_the_plans_own_endpoints_to_another_region_are_found(operator: Operator) -> None:
    """Whose zones are that region's, not the plan's."""
    text = TEXT.replace("zones: 3 ", "zones: [eu-west-1a, eu-west-1b] ").replace("10.0.80.10", "10.0.64.11")
    found = asked(operator, text.replace("elasticloadbalancing, sts]", "elasticloadbalancing, sts, iam, route53]"))
    assert {found[f"endpoint-{name}Endpoint"]["status"] for name in ("Iam", "Route53")} == {"pass"}


@pytest.mark.parametrize("region", ["us-gov-east-1", "eu-west-1"])
def test_an_endpoint_to_another_region_that_aws_does_not_list_fails(operator: Operator, region: str) -> None:
    word = "iam" if region.startswith("us-gov") else "com.amazonaws.us-east-1.nothing"
    text = TEXT.replace("eu-west-1", region).replace(
        "elasticloadbalancing, sts]", f"elasticloadbalancing, sts, {word}]"
    )
    [found] = [check for check in preflight_over_sockets(operator, text) if check["detail"].startswith("AWS lists no")]
    assert found["status"] == "fail"
    assert found["remedy"] == "leave it out of openshift.endpoints"

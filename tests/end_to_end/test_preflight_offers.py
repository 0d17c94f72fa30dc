"""IAM or Route 53 out of reach: preflight tells of the endpoint that AWS offers to it, and how to go without."""

from __future__ import annotations

from typing import Final

import pytest

from tests.end_to_end.local import LocalAws, LocalOperator
from tests.end_to_end.preflighting import preflight
from tests.end_to_end.world import ROOT

TEXT: Final = (ROOT / "plans" / "restricted-3az.yaml").read_text()
COMMAND: Final = (
    "`aws ec2 create-vpc-endpoint --region eu-west-1 --vpc-id {vpc} --vpc-endpoint-type Interface "
    "--service-name com.amazonaws.{service} --service-region us-east-1 --subnet-ids {subnet} "
    "--security-group-ids GROUP --private-dns-enabled"
)


def asked(user: LocalOperator, text: str, *blocked: str) -> dict[str, dict[str, str]]:
    """The checks by id, with services that refuse the connection."""
    user.bastion.closed = frozenset(blocked)
    return {check["id"]: check for check in preflight(user, text)}


def remedies(user: LocalOperator, text: str, *blocked: str) -> dict[str, str]:
    found = asked(user, text, *blocked)
    return {name: found[f"reach-{name}"]["remedy"] for name in ("iam", "route53")}


def test_the_endpoint_that_is_missing_is_offered_with_the_whole_command(user: LocalOperator) -> None:
    found = remedies(user, TEXT, "iam", "route53")
    for service, remedy in found.items():
        assert COMMAND.format(vpc="VPC", subnet="SUBNET", service=service) in remedy
        assert f"openshift.endpoints: [s3, ec2, elasticloadbalancing, sts, {service}]" in remedy
        assert f"--without {service}" in remedy


def test_the_command_names_the_place_of_this_host(user: LocalOperator, aws: LocalAws) -> None:
    ec2 = aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="127.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="127.0.0.0/24")["Subnet"]["SubnetId"]
    ec2.create_network_interface(SubnetId=subnet, PrivateIpAddress="127.0.0.1")
    remedy = remedies(user, TEXT, "iam")["iam"]
    assert COMMAND.format(vpc=vpc, subnet=subnet, service="iam") in remedy


def test_what_is_reached_is_not_offered(user: LocalOperator) -> None:
    assert remedies(user, TEXT, "iam")["route53"] == ""


def test_what_the_plan_lists_is_not_told_again(user: LocalOperator) -> None:
    text = TEXT.replace("elasticloadbalancing, sts]", "elasticloadbalancing, sts, iam]")
    assert "openshift.endpoints" not in remedies(user, text, "iam")["iam"]


def test_without_ec2_nothing_is_offered(user: LocalOperator) -> None:
    assert "create-vpc-endpoint" not in remedies(user, TEXT, "iam", "ec2")["iam"]


@pytest.mark.parametrize("region", ["us-gov-east-1", "cn-north-1"])
def test_where_aws_lists_none_it_is_said(user: LocalOperator, region: str) -> None:
    remedy = remedies(user, TEXT.replace("eu-west-1", region), "iam")["iam"]
    assert "AWS offers no com.amazonaws.iam" in remedy
    assert "create-vpc-endpoint" not in remedy
    assert "--without iam" in remedy


def test_the_plans_own_endpoints_to_another_region_are_found(user: LocalOperator) -> None:
    """Whose zones are that region's, not the plan's."""
    text = TEXT.replace("zones: 3 ", "zones: [eu-west-1a, eu-west-1b] ").replace("10.0.80.10", "10.0.64.11")
    found = asked(user, text.replace("elasticloadbalancing, sts]", "elasticloadbalancing, sts, iam, route53]"))
    assert {found[f"endpoint-{name}Endpoint"]["status"] for name in ("Iam", "Route53")} == {"pass"}


@pytest.mark.parametrize("region", ["us-gov-east-1", "eu-west-1"])
def test_an_endpoint_to_another_region_that_aws_does_not_list_fails(user: LocalOperator, region: str) -> None:
    word = "iam" if region.startswith("us-gov") else "com.amazonaws.us-east-1.nothing"
    text = TEXT.replace("eu-west-1", region).replace(
        "elasticloadbalancing, sts]", f"elasticloadbalancing, sts, {word}]"
    )
    [found] = [check for check in preflight(user, text) if check["detail"].startswith("AWS lists no")]
    assert found["status"] == "fail"
    # IAM is called by the cluster of a closed network, the other service isn't.
    if word == "iam":
        assert found["remedy"].startswith("the cluster calls it: make another way to it (")
    else:
        assert found["remedy"] == "leave it out of openshift.endpoints"

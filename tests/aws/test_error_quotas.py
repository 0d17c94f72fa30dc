"""Which quota is told to be reached, and how more of it is asked for."""

from __future__ import annotations

import re

import pytest

from ocpprov.aws.error_causes import remedy_of
from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.error_sentences.sentence import Said
from ocpprov.aws.errors import wrap
from tests.aws.test_errors import answer

ASKED = "aws service-quotas request-service-quota-increase"


@pytest.mark.parametrize(
    ("code", "message", "region", "commands"),
    [
        (
            "VpcLimitExceeded",
            "",
            "eu-west-1",
            [f"{ASKED} --service-code vpc --quota-code L-F678F1CE --region eu-west-1 --desired-value NUMBER"],
        ),
        # Buckets are counted for all regions of a partition, in its first.
        (
            "TooManyBuckets",
            "",
            "eu-west-1",
            [f"{ASKED} --service-code s3 --quota-code L-DC2B2D3D --region us-east-1 --desired-value NUMBER"],
        ),
        (
            "TooManyBuckets",
            "",
            "us-gov-east-1",
            [f"{ASKED} --service-code s3 --quota-code L-DC2B2D3D --region us-gov-west-1 --desired-value NUMBER"],
        ),
        (
            "TooManyLoadBalancers",
            "",
            "",
            [
                f"{ASKED} --service-code elasticloadbalancing --quota-code {code} --desired-value NUMBER"
                for code in ("L-69A177A2", "L-E9E9831D")
            ],
        ),
        ("TargetGroupAssociationLimit", "", "eu-west-1", []),
        ("LimitExceeded", "Cannot exceed quota for MoonsPerAccount: 1", "eu-west-1", []),
        ("StarsLimitExceeded", "", "eu-west-1", []),
    ],
)
def test_more_of_a_quota_is_asked_for_where_it_is_counted(
    code: str, message: str, region: str, commands: list[str]
) -> None:
    step = remedy_of(ErrorClass.QUOTA, Said("X", code, message, region=region))
    assert re.findall(r"`(aws .*?)`", step) == commands
    assert bool(step) is (code not in ("LimitExceeded", "StarsLimitExceeded"))


def test_a_quota_that_nobody_knows_is_told_as_one() -> None:
    error = wrap(answer("CreateVpc", 400, "StarsLimitExceeded", "Too many stars."))
    assert "A quota of the account is reached" in error.next_step


@pytest.mark.parametrize(
    ("code", "quotas"),
    [
        ("ActiveVpcPeeringConnectionPerVpcLimitExceeded", ["vpc L-7E9ECCDB"]),
        ("AddressLimitExceeded", ["ec2 L-0263D0A3"]),
        ("CidrLimitExceeded", ["vpc L-83CA0A9D"]),
        ("InternetGatewayLimitExceeded", ["vpc L-A4707A72"]),
        ("NatGatewayLimitExceeded", ["vpc L-FE5A380F"]),
        ("NetworkAclEntryLimitExceeded", ["vpc L-2AEEBF1A"]),
        ("NetworkAclLimitExceeded", ["vpc L-B4A6D682"]),
        ("NetworkInterfaceLimitExceeded", ["vpc L-DF5E4CA3"]),
        ("RouteLimitExceeded", ["vpc L-93826ACB"]),
        ("RouteTableLimitExceeded", ["vpc L-589F43AA"]),
        ("RulesPerSecurityGroupLimitExceeded", ["vpc L-0EA8095F"]),
        ("SecurityGroupLimitExceeded", ["vpc L-E79EC296"]),
        ("SecurityGroupsPerInterfaceLimitExceeded", ["vpc L-2AFB9258"]),
        ("SubnetLimitExceeded", ["vpc L-407747CB"]),
        ("TargetGroupAssociationLimit", []),
        ("TooManyBuckets", ["s3 L-DC2B2D3D"]),
        ("TooManyHostedZones", ["route53 L-4EA4796A"]),
        ("TooManyListeners", ["elasticloadbalancing L-57A373D6"]),
        ("TooManyLoadBalancers", ["elasticloadbalancing L-69A177A2", "elasticloadbalancing L-E9E9831D"]),
        ("TooManyTargetGroups", ["elasticloadbalancing L-B22855CB"]),
        ("TooManyTargets", []),
        ("VpcEndpointLimitExceeded", ["vpc L-29B6F2EB", "vpc L-1B52E74A"]),
        ("VpcLimitExceeded", ["vpc L-F678F1CE"]),
        ("VpcPeeringConnectionsPerVpcLimitExceeded", ["vpc L-7E9ECCDB"]),
    ],
)
def test_each_code_is_of_its_quota(code: str, quotas: list[str]) -> None:
    error = wrap(answer("X", 400, code, ""))
    assert error.error_class is ErrorClass.QUOTA
    asked = re.findall(r"--service-code (\S+) --quota-code (\S+) --desired-value NUMBER`", error.next_step)
    assert [" ".join(each) for each in asked] == quotas
    assert error.next_step.startswith('The quota "')


def test_the_quota_of_iam_is_that_of_its_words() -> None:
    error = wrap(answer("CreatePolicy", 409, "LimitExceeded", "Cannot exceed quota for PoliciesPerAccount: 1500"))
    assert error.next_step == (
        'The quota "Customer managed policies per account" is reached. Ask AWS for more with '
        "`aws service-quotas request-service-quota-increase --service-code iam --quota-code L-E95E4862 --desired-value "
        "NUMBER` (the number that you need for NUMBER), or delete what isn't needed, and run the same command again."
    )

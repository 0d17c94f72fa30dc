"""`verify --vpc`: what the command line has to say, before AWS is asked."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from ocpprov.commands.call_log import CallLog
from ocpprov.commands.connection import Connection, OnRetry, RunTarget
from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.options import Options
from ocpprov.commands.verify import verify
from ocpprov.commands.verify_vpc import verify_vpc
from tests.support.in_process import Words

VPC = "vpc-0a1b2c3d4e5f60718"
GOOD: dict[str, Any] = {"cluster": "prod.example.com", "region": "eu-west-1"}
EXAMPLE = "as in `ocpprov verify --vpc vpc-0a1b2c3d4e5f60718 --cluster prod.example.com --region eu-west-1`"
PLANLESS = (
    "--vpc: it is for a VPC that no plan is known of; leave out the plan and what belongs to it, or leave out --vpc"
)


class Asked(Exception):
    """AWS would have been asked."""


def asking(
    target: RunTarget, options: Options, log: CallLog, warn: Callable[[str], None], on_retry: OnRetry
) -> AbstractContextManager[Connection]:
    raise Asked(target)


@pytest.mark.parametrize(
    ("vpc", "options", "said"),
    [
        ("vpc-1", GOOD, f"--vpc vpc-1: no VPC has such an id; {EXAMPLE}"),
        ("", GOOD, f"--vpc : no VPC has such an id; {EXAMPLE}"),
        ("subnet-0a1b2c3d", GOOD, f"--vpc subnet-0a1b2c3d: no VPC has such an id; {EXAMPLE}"),
        (f"{VPC}\n", GOOD, f"--vpc {VPC}\\x0a: no VPC has such an id; {EXAMPLE}"),
        (VPC, {"region": "eu-west-1"}, f"--cluster: no cluster is given; its name and base domain, {EXAMPLE}"),
        (
            VPC,
            {**GOOD, "cluster": "prod"},
            f"--cluster prod: no cluster has such a name; its name and base domain, {EXAMPLE}",
        ),
        (
            VPC,
            {**GOOD, "cluster": "prod.com"},
            f"--cluster prod.com: no cluster has such a name; its name and base domain, {EXAMPLE}",
        ),
        (
            VPC,
            {**GOOD, "cluster": "Prod.example.com\x1b[2J"},
            f"--cluster Prod.example.com\\x1b[2J: no cluster has such a name; its name and base domain, {EXAMPLE}",
        ),
        (VPC, {"cluster": "prod.example.com"}, f"--region: no region is given; {EXAMPLE}"),
        (VPC, {**GOOD, "region": "Europe"}, f"--region Europe: no region has such a name; {EXAMPLE}"),
        (VPC, {**GOOD, "plan": Path("prod.yaml")}, PLANLESS),
        (VPC, {**GOOD, "name": "prod"}, PLANLESS),
        (VPC, {**GOOD, "parameters": {"a": "b"}}, PLANLESS),
        (VPC, {**GOOD, "without": frozenset({"iam"})}, PLANLESS),
    ],
)
def test_what_is_not_given_well_is_refused_before_aws_is_asked(vpc: str, options: dict[str, Any], said: str) -> None:
    with pytest.raises(Refused) as refused:
        verify_vpc(vpc, Options(**options), Words(), asking)
    assert str(refused.value) == said


@pytest.mark.parametrize("vpc", [VPC, "vpc-0a1b2c3d"])
def test_a_service_that_is_out_of_reach_does_not_end_it(vpc: str) -> None:
    with pytest.raises(Asked) as asked:
        verify_vpc(vpc, Options(**GOOD), Words(), asking)
    target: RunTarget = asked.value.args[0]
    assert target.region == "eu-west-1"
    assert target.scope.needless_services == {"ec2", "elb", "elbv2", "iam", "route53", "s3"}


def test_a_cluster_is_for_a_network_without_a_plan() -> None:
    with pytest.raises(Refused) as refused:
        verify(Options(plan=Path("prod.yaml"), **GOOD), Words(), asking)
    said = "--cluster: is for a VPC that no plan is known of; leave it out, or give --vpc and --region with it"
    assert str(refused.value) == said

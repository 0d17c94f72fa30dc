"""What verify needs to be allowed: its policy is enough and has nothing that it never asks for, and each read that is
taken away leaves just the rows unknown that rest on it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest

from ocpprov.commands.verify import verify
from ocpprov.sandbox.conditions import Conditions
from tests.end_to_end.failing import errors
from tests.end_to_end.local import LocalAws, LocalOperator
from tests.end_to_end.test_plan_calls import REGIONS
from tests.end_to_end.test_policy import Policy, actions, may, printed, without
from tests.end_to_end.world import PLANS, REGION, ROOT
from tests.support.in_process import Bastion
from tests.support.networks import with_a_network

torture = pytest.mark.torture

FLOWS: Final = frozenset(
    {
        *("NET-NAT", "NET-S3", "NET-EC2", "NET-ELB", "AIR-GAP", "LB-REACH"),
        *("SG-MASTER", "SG-WORKER", "SG-BOOTSTRAP", "SG-MASTER-INGRESS", "SG-WORKER-INGRESS"),
    }
)
"""Rows whose flows go through route tables, network ACLs and groups."""
BALANCING: Final = frozenset({"LB-EXT", "LB-INT", "LB-HEALTH", "LB-REACH"})
RECORDS: Final = frozenset({"DNS-API", "DNS-API-INT"})
ENDPOINTS: Final = frozenset({"NET-S3", "NET-EC2", "NET-ELB", "AIR-GAP"})
ROLES: Final = frozenset({"IAM-MASTER", "IAM-WORKER", "IAM-BOOTSTRAP"})
BUCKET: Final = frozenset({"S3-BUCKET"})
NAMED_BUCKET: Final = BUCKET | {"IAM-BOOTSTRAP"}
"""The bootstrap's role names the bucket."""

RESTS_ON: Final[Mapping[str, frozenset[str]]] = {
    "ec2:DescribeAddresses": frozenset({"NET-NAT"}),
    "ec2:DescribeInternetGateways": frozenset({"NET-IGW"}),
    "ec2:DescribeNatGateways": frozenset({"NET-NAT", "NET-PRIVATE"}),
    "ec2:DescribeNetworkAcls": FLOWS | {"NET-ACL", "NET-PUBLIC", "NET-IGW", "NET-PRIVATE", "LB-HEALTH"},
    "ec2:DescribeRouteTables": FLOWS | {"NET-PUBLIC", "NET-IGW", "NET-PRIVATE"},
    "ec2:DescribeSecurityGroupRules": FLOWS | {"LB-HEALTH"},
    "ec2:DescribeSecurityGroups": FLOWS | {"LB-HEALTH"},
    "ec2:DescribeSubnets": FLOWS | BALANCING | RECORDS | {"NET-PUBLIC", "NET-PRIVATE", "NET-ACL", "TAG-CLUSTER"},
    "ec2:DescribeVpcAttribute": ENDPOINTS | {"NET-VPC", "DNS-API-INT"},
    "ec2:DescribeVpcEndpoints": ENDPOINTS,
    "ec2:DescribeVpcs": FLOWS
    | BALANCING
    | RECORDS
    | {"NET-VPC", "NET-PUBLIC", "NET-IGW", "NET-PRIVATE", "NET-ACL", "DNS-PRIVATE", "LB-TARGETS", "TAG-CLUSTER"},
    "elasticloadbalancing:DescribeListeners": BALANCING,
    "elasticloadbalancing:DescribeLoadBalancerAttributes": BALANCING,
    "elasticloadbalancing:DescribeLoadBalancers": BALANCING | RECORDS | {"DNS-APPS"},
    "elasticloadbalancing:DescribeTags": BALANCING | RECORDS | {"DNS-APPS", "LB-TARGETS"},
    "elasticloadbalancing:DescribeTargetGroupAttributes": frozenset({"LB-HEALTH", "LB-REACH"}),
    "elasticloadbalancing:DescribeTargetGroups": BALANCING | {"LB-TARGETS"},
    "elasticloadbalancing:DescribeTargetHealth": frozenset({"LB-TARGETS"}),
    "iam:GetInstanceProfile": ROLES,
    "iam:GetRole": ROLES,
    "iam:GetRolePolicy": ROLES,
    "iam:ListInstanceProfiles": ROLES,
    "iam:ListRolePolicies": ROLES,
    "iam:ListRoles": ROLES,
    "route53:GetHostedZone": frozenset({"DNS-PUBLIC", "DNS-PRIVATE"}),
    "route53:ListHostedZones": RECORDS | {"DNS-PUBLIC", "DNS-PRIVATE"},
    "route53:ListHostedZonesByVPC": frozenset({"NET-S3", "DNS-API-INT"}),
    "route53:ListResourceRecordSets": RECORDS,
    "route53:ListTagsForResources": frozenset({"DNS-PUBLIC", "DNS-PRIVATE"}),
    "s3:GetBucketOwnershipControls": BUCKET,
    "s3:GetBucketPolicy": BUCKET,
    "s3:GetBucketPublicAccessBlock": BUCKET,
    "s3:GetBucketTagging": NAMED_BUCKET,
    "s3:GetBucketVersioning": BUCKET,
    "s3:GetEncryptionConfiguration": BUCKET,
    "s3:GetLifecycleConfiguration": BUCKET,
    "s3:ListAllMyBuckets": NAMED_BUCKET,
}
"""Rows that aren't known without an action, where the plan asks for them."""

BY_WAY_OF_NAT: Final = ("ec2:DescribeNatGateways", "ec2:DescribeNetworkAcls")
"""Of private subnets, only the way to the internet rests on these."""

OPTIONAL: Final[Mapping[str, str]] = {
    "ec2:DescribeAddresses": "a plan without NAT gateways has none",
    "ec2:DescribeDhcpOptions": "an existing VPC's are no row's matter",
    "ec2:DescribeInternetGateways": "a plan without public subnets has none",
    "ec2:DescribeNatGateways": "a plan without NAT gateways has none",
    "ec2:DescribePrefixLists": "the entries of AWS's lists can be read one by one, too",
    "ec2:DescribeTags": "a plan that makes its subnets has no tags on others'",
    "ec2:DescribeTransitGatewayVpcAttachments": "only plans with an attachment have one",
    "ec2:DescribeVpcPeeringConnections": "only plans with a peering have one",
    "ec2:DescribeVpcAttribute": "an existing VPC's are preflight's matter",
    "elasticloadbalancing:DescribeTargetHealth": "a plan that gives no machines has no targets",
    "iam:ListAttachedRolePolicies": "the plan attaches no managed policy, and what others attach is no row's matter",
    "iam:ListPolicies": "the plan makes no managed policy",
    "s3:ListBucket": "a plan has no objects before there is a bootstrap.ign",
}
"""What verify asks for and can do without, with the reason: rows pass by what proves them otherwise, or the plan has
nothing of it."""

EXACT: Final = ("public-3az", "restricted-3az")
"""Plans of which each row is told."""

NOT_ASKED: Final[Mapping[str, str]] = {
    "ec2:DescribeAvailabilityZones": "only where a subnet is missing, and the plan gives zones by their number",
    "ec2:DescribeDhcpOptions": "only for DHCP options",
    "ec2:DescribeInstances": "only to find machines",
    "ec2:DescribeVpcEndpointServices": "only where the names of endpoint services differ from region to region",
    "ec2:DescribeTransitGatewayVpcAttachments": "only where the plan has an attachment, or had one",
    "ec2:DescribeVpcPeeringConnections": "only where the plan has a peering, or had one",
    "ec2:GetManagedPrefixListEntries": "only for prefix lists that aren't AWS's",
    "elasticloadbalancing:DescribeLoadBalancerPolicies": "only for classic load balancers",
    "iam:GetPolicy": "only for managed policies",
    "iam:GetPolicyVersion": "only for managed policies",
    "s3:GetObject": "only for objects",
    "s3:GetObjectTagging": "only for objects",
    "s3:ListBucket": "only for objects, and of buckets that are gone",
}
"""What is in the policy for plans, or for findings, that have more."""


@dataclass(frozen=True)
class Look:
    """One verification: its exit code, the rows by id, and the operations that were refused."""

    code: int
    rows: Mapping[str, Mapping[str, Any]]
    refused: frozenset[str]

    def of(self, status: str) -> set[str]:
        return {id for id, row in self.rows.items() if row["status"] == status}


def look(bastion: Bastion, plan: Path) -> Look:
    return looked(bastion, verify, plan=plan)


def looked(bastion: Bastion, command: Any, **options: Any) -> Look:
    ended = bastion.command(command, as_json=True, **options)
    rows = {row["id"]: row for row in json.loads(ended.said)["requirements"]}
    refused = frozenset(call["operation"] for call in bastion.pipeline.calls() if call["status"] == 403)
    return Look(ended.code, rows, refused)


def applied(bastion: Bastion, plan: Path, folder: Path) -> tuple[Path, Policy]:
    """The plan, made, and its policy for verify, which is all that there is from now on."""
    bastion.moved_in(folder, REGIONS.get(plan.stem, REGION))
    ready = with_a_network(plan, bastion.client("ec2"), folder)
    assert bastion.apply(ready).code == 0
    policy = printed(ready, "verify")
    may(bastion, policy)
    return ready, policy


@torture
@pytest.mark.parametrize("stem", EXACT)
def test_each_denied_read_leaves_its_own_rows_unknown(one_bastion: Bastion, stem: str, tmp_path: Path) -> None:
    bastion = one_bastion
    plan, policy = applied(bastion, ROOT / "plans" / f"{stem}.yaml", tmp_path)
    whole = look(bastion, plan)
    assert (whole.code, whole.of("fail"), whole.of("unknown")) == (0, set(), set())
    seen = {action: _without(bastion, plan, policy, action) for action in actions(policy)}
    # The router's balancer may be there, for all that one can see.
    asked = whole.of("pass") | ({"DNS-APPS"} if stem == "restricted-3az" else set())
    expected = {action: RESTS_ON.get(action, frozenset()) & asked for action in seen}
    if "NET-NAT" not in asked:
        expected |= {action: expected[action] - {"NET-PRIVATE"} for action in BY_WAY_OF_NAT}
    assert {action: found.of("unknown") for action, found in seen.items()} == expected
    assert {action: found.code for action, found in seen.items()} == {
        action: 3 if rows else 0 for action, rows in expected.items()
    }
    assert {action: found.of("fail") for action, found in seen.items() if found.of("fail")} == {}
    untouched = {action: whole.of("pass") - rows for action, rows in expected.items()}
    assert {action: found.of("pass") for action, found in seen.items()} == untouched
    for action, found in seen.items():
        for id in found.of("unknown"):
            told = found.rows[id]
            assert action.partition(":")[2] in told["detail"] or any(each in told["detail"] for each in found.refused)
            assert "(request " in told["detail"]
            assert "`ocpprov policy --for verify` has it" in told["remedy"]
    spared = {action for action, found in seen.items() if not expected[action]}
    assert {action for action in spared if seen[action].refused} <= OPTIONAL.keys()
    assert {action for action in spared if not seen[action].refused} <= NOT_ASKED.keys()


def _without(bastion: Bastion, plan: Path, policy: Policy, action: str) -> Look:
    may(bastion, without(policy, action))
    return look(bastion, plan)


@torture
@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_the_policy_is_enough_for_each_plan_and_reads_only(one_bastion: Bastion, path: Path, tmp_path: Path) -> None:
    bastion = one_bastion
    plan, policy = applied(bastion, path, tmp_path)
    assert [
        each for each in actions(policy) if not each.partition(":")[2].startswith(("Describe", "Get", "List"))
    ] == []
    allowed = look(bastion, plan)
    assert allowed.refused == frozenset()
    bastion.pipeline.set_conditions(Conditions())
    free = look(bastion, plan)
    assert (allowed.code, allowed.rows) == (free.code, free.rows)


@torture
@pytest.mark.parametrize("path", [path for path in PLANS if path.stem not in EXACT], ids=lambda path: path.stem)
def test_no_denied_read_ends_it_or_fails_a_row(one_bastion: Bastion, path: Path, tmp_path: Path) -> None:
    bastion = one_bastion
    plan, policy = applied(bastion, path, tmp_path)
    whole = look(bastion, plan)
    seen = {action: _without(bastion, plan, policy, action) for action in actions(policy)}
    assert {action: found.code for action, found in seen.items() if found.code not in (0, 3)} == {}
    assert {action: found.of("fail") for action, found in seen.items() if found.of("fail")} == {}
    assert {action for action, found in seen.items() if found.code == 0 and found.rows != whole.rows} == set()
    spared = {action: found for action, found in seen.items() if found.code == 0}
    assert {action for action, found in spared.items() if found.refused} <= OPTIONAL.keys()
    assert {action for action, found in spared.items() if not found.refused} <= NOT_ASKED.keys()


ONLY_SOMETIMES: Final = (
    "ec2:DescribeDhcpOptions",
    "ec2:GetManagedPrefixListEntries",
    "iam:GetPolicy",
    "iam:GetPolicyVersion",
)
"""Asked where a VPC has DHCP options, a rule a list of somebody's own, or a role a managed policy."""


def documented() -> Policy:
    """What docs/permissions.md says that verify needs without a plan."""
    text = (ROOT / "docs" / "permissions.md").read_text()
    part = text.partition("### verify without a plan")[2].partition("###")[0]
    block = " ".join(line for line in part.splitlines() if line.startswith("    "))
    found = re.findall(r"[a-z0-9]+:[A-Z][A-Za-z]+", block)
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": found, "Resource": "*"}]}


@torture
def test_without_a_plan_each_documented_read_is_asked_for_and_none_can_end_it(
    one_bastion: Bastion, tmp_path: Path
) -> None:
    bastion, plan = one_bastion, ROOT / "plans" / "public-3az.yaml"
    applied(bastion, plan, tmp_path)
    vpcs = bastion.client("ec2").describe_vpcs(Filters=[{"Name": "tag:ocpprov:resource", "Values": ["VPC"]}])["Vpcs"]
    cluster = {"cluster": "prod.example-corp.net", "region": REGION}

    def found(policy: Policy) -> Look:
        may(bastion, policy)
        return looked(bastion, partial(verify, vpc_id=vpcs[0]["VpcId"]), **cluster)

    whole = found(documented())
    assert (whole.refused, whole.of("fail"), whole.of("unknown")) == (frozenset(), set(), set())
    for action in actions(documented()):
        less = found(without(documented(), action))
        assert less.code in (0, 3), action
        assert less.of("fail") == set(), action
        assert less.refused or action in ONLY_SOMETIMES, action
    assert found(without(documented(), "ec2:DescribeSubnets")).of("unknown") == set(whole.rows)


@pytest.fixture
def site(user: LocalOperator) -> Iterator[tuple[LocalOperator, str]]:
    """Somebody with a shell and an applied plan."""
    (user.folder / "plan.yaml").write_text((ROOT / "plans" / "single-zone.yaml").read_text())
    user.good("apply", "plan.yaml", "--yes")
    yield user, "plan.yaml"
    user.bastion.closed = frozenset()


def told(user: LocalOperator, plan: str) -> tuple[int, dict[str, Mapping[str, Any]]]:
    ended = user.run("verify", plan, "--json")
    rows = json.loads(ended.out)["requirements"]
    return ended.code, {row["id"]: row for row in rows if row["status"] not in ("pass", "not-applicable")}


@torture
def test_a_service_that_cannot_be_reached_leaves_its_rows_unknown(site: tuple[LocalOperator, str]) -> None:
    user, plan = site
    wanted = {
        "route53": RECORDS | {"DNS-PUBLIC", "DNS-PRIVATE", "NET-S3"},
        "iam": ROLES,
        "s3": NAMED_BUCKET,
        "elasticloadbalancing": BALANCING | RECORDS,
    }
    for service, rows in wanted.items():
        user.bastion.closed = frozenset({service})
        code, found = told(user, plan)
        assert (code, set(found)) == (3, set(rows)), service
        assert {row["status"] for row in found.values()} == {"unknown"}
        assert all(
            "can't be reached at 127.0.0.1:1: the host refuses the connection" in row["detail"]
            for row in found.values()
        )
    user.bastion.closed = frozenset({"ec2"})
    code, found = told(user, plan)
    assert code == 3
    assert found.keys() & (ROLES | BUCKET | {"DNS-PUBLIC"}) == set()
    assert {"NET-VPC", "SG-MASTER", "LB-REACH"} <= found.keys()
    user.bastion.closed = frozenset({"sts"})
    ended = user.run("verify", plan, "--json")
    assert ended.code == 2
    assert "sts can't be reached" in json.loads(ended.out)["error"]["detail"]


@torture
@pytest.mark.parametrize(
    ("operation", "code", "message", "status"),
    [
        (
            "DescribeVpcAttribute",
            "InvalidAction",
            "The action DescribeVpcAttribute is not valid for this web service.",
            400,
        ),
        ("DescribeVpcAttribute", "RequestLimitExceeded", "Request limit exceeded.", 503),
        ("DescribeVpcAttribute", "InternalError", "An internal error has occurred.", 500),
    ],
)
def test_what_an_environment_lacks_or_never_answers_is_unknown_too(
    site: tuple[LocalOperator, str], operation: str, code: str, message: str, status: int
) -> None:
    user, plan = site
    user.aws.faults(errors(operation, code, message, status))
    ended, found = told(user, plan)
    user.aws.faults([])
    # Names are answered by what the VPC's attributes say.
    assert (ended, set(found)) == (3, {"NET-VPC", "DNS-API-INT", "NET-S3"})
    assert f"VPC can't be known: {operation}: {code}: " in found["NET-VPC"]["detail"]


@torture
def test_what_fails_beside_what_is_not_known_fails(site: tuple[LocalOperator, str]) -> None:
    user, plan = site
    ec2 = LocalAws(user.bastion).client("ec2")
    rules = ec2.describe_security_group_rules()["SecurityGroupRules"]
    etcd = next(rule for rule in rules if rule.get("FromPort") == 2379)
    ec2.revoke_security_group_ingress(GroupId=etcd["GroupId"], SecurityGroupRuleIds=[etcd["SecurityGroupRuleId"]])
    may(user.bastion, without(printed(user.folder / plan, "verify"), "route53:ListResourceRecordSets"))
    code, found = told(user, plan)
    assert (code, {id: row["status"] for id, row in found.items()}) == (
        1,
        {"SG-MASTER-INGRESS": "fail", **dict.fromkeys(RECORDS, "unknown")},
    )

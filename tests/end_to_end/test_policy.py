"""What `policy` prints is enough, and nothing of it can be spared; preflight tells what is missing."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from ocpprov.cli.verbs import main
from ocpprov.sandbox.conditions import Conditions
from ocpprov.sandbox.permission_only_actions import TABLE
from tests.end_to_end.world import PLANS, SMALL_INTERNAL
from tests.support.forking import forked
from tests.support.in_process import Bastion
from tests.support.networks import with_a_network

Policy = dict[str, Any]

SAMPLE = {"ec2:CreateTags", "ec2:DescribeVpcs", "iam:PassRole"}
"""One of each sort; `make torture` takes them all."""

FRESH = ("restricted-3az", "public-3az")
"""Plans whose every action is taken away in turn."""

PARTS = 8
"""The actions are taken away in so many parts, each a test of some minutes."""

internal = pytest.mark.parametrize("plan", [SMALL_INTERNAL], ids=["small-internal"])


def printed(plan: Path, purpose: str) -> Policy:
    """What the command prints."""
    result = CliRunner().invoke(main, ["policy", str(plan), "--for", purpose])
    assert result.exit_code == 0, result.output
    document: Policy = json.loads(result.stdout)
    return document


def actions(policy: Mapping[str, Any]) -> list[str]:
    return sorted({action for statement in policy["Statement"] for action in statement["Action"]})


def without(policy: Policy, action: str) -> Policy:
    statements = [
        {**statement, "Action": [each for each in statement["Action"] if each != action]}
        for statement in policy["Statement"]
    ]
    return {**policy, "Statement": statements}


def needed(policy: Policy) -> Policy:
    """The policy without what only spares calls: with it nobody misses what it tells."""
    return {**policy, "Statement": [each for each in policy["Statement"] if each["Sid"] != "MayBeLeftOut"]}


def may(bastion: Bastion, policy: Policy) -> None:
    bastion.pipeline.set_conditions(Conditions(policy=policy))


@pytest.mark.parametrize(
    "plan",
    [pytest.param(plan, marks=[] if plan.stem == "single-zone" else [pytest.mark.torture]) for plan in PLANS],
    ids=[plan.stem for plan in PLANS],
)
def test_each_policy_is_enough_for_what_it_is_for(bastion: Bastion, plan: Path, tmp_path: Path) -> None:
    ready = with_a_network(plan, bastion.client("ec2"), tmp_path)
    may(bastion, printed(ready, "apply"))
    assert [check for check in bastion.checks(ready) if check.status.value == "fail"] == []
    first, again = bastion.apply(ready), bastion.apply(ready)
    assert (first.code, again.code, again.sent) == (0, 0, []), first.said + again.said
    may(bastion, printed(ready, "plan"))
    assert bastion.plan(ready).code == 0
    may(bastion, printed(ready, "destroy"))
    destroyed = bastion.destroy(ready)
    assert destroyed.code == 0, destroyed.said


@dataclass(frozen=True)
class Removed:
    """What came of a policy with one action less: which command failed, if any, and whether preflight had said so."""

    failed: str
    predicted: bool
    said: str

    @property
    def told(self) -> bool:
        """Whether the runs said that they hadn't looked at something, which the plan has no use for."""
        words = ("wasn't looked at", "machines are told by their network interfaces alone")
        return not self.failed and any(each in self.said for each in words)


def with_one_less(bastion: Bastion, plan: Path, policy: Policy, action: str) -> Removed:
    may(bastion, without(policy, action))
    predicted = any(check.status.value == "fail" and action in check.detail for check in bastion.checks(plan))
    runs: list[tuple[str, Callable[[Path], Any]]] = [
        ("apply", bastion.apply),
        ("apply again", bastion.apply),
        ("destroy", bastion.destroy),
    ]
    said = ""
    for name, run in runs:
        ended = run(plan)
        if ended.code != 0:
            return Removed(name, predicted, ended.said)
        said += ended.said
    return Removed("", predicted, said)


@internal
@pytest.mark.parametrize("action", sorted(SAMPLE))
def test_an_action_that_is_missing_is_foretold_and_named(bastion: Bastion, plan: Path, action: str) -> None:
    removed = with_one_less(bastion, plan, printed(plan, "apply"), action)
    assert removed.failed
    assert removed.predicted
    assert action.partition(":")[2] in removed.said


@internal
def test_an_endpoint_of_another_region_needs_an_action_more(bastion: Bastion, plan: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.yaml"
    elsewhere.write_text(plan.read_text().replace("[s3, ec2]", "[s3, ec2, iam]"))
    removed = with_one_less(bastion, elsewhere, printed(elsewhere, "apply"), "vpce:AllowMultiRegion")
    assert (removed.failed, removed.predicted) == ("apply", True)
    assert "the permission for vpce:AllowMultiRegion" in removed.said
    may(bastion, printed(elsewhere, "apply"))
    assert bastion.apply(elsewhere).code == 0
    may(bastion, printed(elsewhere, "destroy"))
    assert bastion.destroy(elsewhere).code == 0


@pytest.mark.torture
@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.stem)
def test_no_action_that_no_call_has_the_name_of_can_be_spared(
    bastion: Bastion, plan: Path, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """What AWS asks for beside the calls' own actions, as far as the plan needs it."""
    ready = with_a_network(plan, bastion.client("ec2"), tmp_path)
    policy = printed(ready, "apply")
    may(bastion, policy)
    assert all(check.status.value != "fail" for check in bastion.checks(ready))
    assert [bastion.apply(ready).code, bastion.destroy(ready).code] == [0, 0]
    beside = sorted({row.action for row in TABLE} & set(actions(policy)))
    results = {action: forked(partial(with_one_less, bastion, ready, policy, action)) for action in beside}
    record_property("actions beside", len(results))
    assert [action for action, each in results.items() if not each.predicted] == []
    assert [action for action, each in results.items() if each.failed not in ("apply", "")] == []
    # Tags that were missing at first are put afterwards where they may be; without an endpoint that is answered for the
    # service's own names, only a changed zone has another VPC.
    names = "route53:AssociateVPCWithHostedZone"
    assert {action for action, each in results.items() if not each.failed} <= {"s3:TagResource", names}
    assert "ec2:CreateTags" in results
    assert plan.stem != FRESH[0] or results[names].failed


@pytest.mark.torture
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("plan", [plan for plan in PLANS if plan.stem in FRESH], ids=lambda plan: plan.stem)
def test_no_action_can_be_spared(
    bastion: Bastion, plan: Path, part: int, record_property: Callable[[str, object], None]
) -> None:
    policy = needed(printed(plan, "apply"))
    may(bastion, policy)
    # Copies of a process that has done it all have nothing to load.
    assert all(check.status.value != "fail" for check in bastion.checks(plan))
    assert [bastion.apply(plan).code, bastion.destroy(plan).code] == [0, 0]
    taken = actions(policy)[part::PARTS]
    results = {action: forked(partial(with_one_less, bastion, plan, policy, action)) for action in taken}
    record_property("actions of the policies", len(results))
    record_property("actions without which a run fails", sum(bool(each.failed) for each in results.values()))
    record_property("actions that preflight missed", sum(not each.predicted for each in results.values()))
    assert [action for action, each in results.items() if each.failed and not each.predicted] == []
    spared = {action for action, each in results.items() if not each.failed and not each.told}
    assert spared - FOR_PREFLIGHT - FOR_STATUS - FOR_VERIFY - FOR_CHANGES - FOR_WHAT_WAS - FOR_MORE == set()


FOR_PREFLIGHT = {
    "ec2:DescribeAccountAttributes",
    "ec2:DescribeVpcEndpointServices",
    "elasticloadbalancing:DescribeAccountLimits",
    "iam:GetAccountSummary",
    "iam:SimulatePrincipalPolicy",
    "route53:GetAccountLimit",
    "route53:ListHostedZonesByVPC",
    "s3:ListBucket",
    "servicequotas:GetServiceQuota",
}
"""What only preflight asks."""

FOR_STATUS = {"elasticloadbalancing:DescribeInstanceHealth"}
"""What only status and wait ask: how the router's load balancer fares, where it is a classic one."""

FOR_CHANGES = {
    "ec2:DeleteNetworkAclEntry",
    "ec2:DeleteRoute",
    "ec2:DeleteTags",
    "ec2:DisassociateRouteTable",
    "ec2:ModifySubnetAttribute",
    "ec2:ModifyVpcEndpoint",
    "ec2:ReplaceNetworkAclEntry",
    "ec2:ReplaceRoute",
    "ec2:ReplaceRouteTableAssociation",
    "ec2:UpdateSecurityGroupRuleDescriptionsEgress",
    "ec2:UpdateSecurityGroupRuleDescriptionsIngress",
    "elasticloadbalancing:DeleteListener",
    "elasticloadbalancing:DeregisterTargets",
    "elasticloadbalancing:ModifyListener",
    "elasticloadbalancing:ModifyTargetGroup",
    "elasticloadbalancing:RemoveTags",
    "elasticloadbalancing:SetIpAddressType",
    "elasticloadbalancing:SetSecurityGroups",
    "elasticloadbalancing:SetSubnets",
    "iam:DeleteRolePermissionsBoundary",
    "iam:DetachRolePolicy",
    "iam:PutRolePermissionsBoundary",
    "iam:UntagInstanceProfile",
    "iam:UntagRole",
    "iam:UpdateAssumeRolePolicy",
    "iam:UpdateRole",
    "route53:AssociateVPCWithHostedZone",
    "route53:DisassociateVPCFromHostedZone",
    "route53:UpdateHostedZoneComment",
    "s3:DeleteBucketPolicy",
    "s3:PutBucketOwnershipControls",
    "s3:PutBucketVersioning",
    "s3:PutLifecycleConfiguration",
}
"""What only a changed plan needs: what goes with the thing that it is of isn't taken away by itself in a destroy."""

FOR_WHAT_WAS = {
    "ec2:DescribeAddresses",
    "ec2:DescribeDhcpOptions",
    "ec2:DescribeTransitGatewayVpcAttachments",
    "ec2:DescribeVpcPeeringConnections",
    "s3:GetBucketOwnershipControls",
    "s3:GetBucketVersioning",
    "s3:GetLifecycleConfiguration",
}
"""What is read only where the answer about the plan's tag names one of that type, where the plan gives that of its
bucket, or where no list has a bucket that the journal knows."""

FOR_VERIFY = {"ec2:DescribePrefixLists", "ec2:GetManagedPrefixListEntries"}
"""What verify alone reads, and preflight of an existing network."""

FOR_MORE = {
    "ec2:DescribeInstanceAttribute",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeVpcEndpointServiceConfigurations",
    "ec2:DescribeVpnGateways",
    "elasticloadbalancing:DescribeRules",
    "iam:GetPolicy",
    "iam:GetPolicyVersion",
    "iam:ListInstanceProfilesForRole",
    "route53:GetDNSSEC",
    "s3:GetBucketObjectLockConfiguration",
    "s3:GetObjectLegalHold",
    "s3:GetObjectRetention",
    "s3:GetObjectTagging",
    "s3:ListBucketVersions",
}
"""What is read only where there are managed policies, objects (kept by Object Lock or not), machines, others that hold
a role, a public zone, or a deletion that AWS refuses because of what is in the way."""


@pytest.mark.parametrize("plan", [plan for plan in PLANS if plan.stem == "public-3az"], ids=["public-3az"])
def test_the_parts_of_a_long_policy_fit_and_are_the_whole(plan: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["policy", str(plan), "--output", str(tmp_path / "parts")])
    assert result.exit_code == 0, result.output
    files = [Path(line) for line in result.stdout.splitlines()]
    assert len(files) > 1
    texts = [json.dumps(json.loads(file.read_text()), separators=(",", ":")) for file in files]
    assert max(map(len, texts)) <= 6144
    statements = [statement for text in texts for statement in json.loads(text)["Statement"]]
    whole = printed(plan, "apply")["Statement"]
    assert sorted(statements, key=lambda each: each["Sid"]) == sorted(whole, key=lambda each: each["Sid"])


@internal
def test_the_policy_to_destroy_makes_nothing_and_touches_no_neighbour(bastion: Bastion, plan: Path) -> None:
    """By the sandbox's judgement of the tags: what isn't tagged with the plan can't be deleted with its policy."""
    ec2 = bastion.client("ec2")
    neighbour = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    may(bastion, printed(plan, "destroy"))
    with pytest.raises(ec2.exceptions.ClientError, match="UnauthorizedOperation"):
        ec2.delete_vpc(VpcId=neighbour)
    with pytest.raises(ec2.exceptions.ClientError, match="UnauthorizedOperation"):
        ec2.create_vpc(CidrBlock="10.8.0.0/16")
    may(bastion, printed(plan, "apply"))
    with pytest.raises(ec2.exceptions.ClientError, match="UnauthorizedOperation"):
        ec2.create_vpc(CidrBlock="10.8.0.0/16")


@pytest.mark.torture
@internal
def test_the_policy_of_a_plan_without_its_bootstrap_takes_that_away(
    bastion: Bastion, plan: Path, tmp_path: Path
) -> None:
    (tmp_path / "bootstrap.ign").write_text('{"ignition": {"version": "3.2.0"}}')
    text = plan.read_text()
    before, after = tmp_path / "before" / "plan.yaml", tmp_path / "after" / "plan.yaml"
    for file, more in (
        (before, f"  bootstrap: {{address: 10.0.48.20, ignition: {tmp_path / 'bootstrap.ign'}}}\n"),
        (after, "  bootstrap: false\n"),
    ):
        file.parent.mkdir()
        file.write_text(text + more)
    may(bastion, printed(before, "apply"))
    assert bastion.apply(before).code == 0
    may(bastion, printed(after, "apply"))
    ended = bastion.apply(after)
    assert ended.code == 0, ended.said
    assert {"DeleteRole", "DeleteInstanceProfile", "DeleteSecurityGroup"} <= set(ended.sent)
    assert {"DeleteObject", "DeleteObjects"} & set(ended.sent)
    may(bastion, printed(after, "destroy"))
    assert bastion.destroy(after).code == 0

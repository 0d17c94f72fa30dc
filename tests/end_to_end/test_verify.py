"""verify on an applied plan: everything holds; each thing that somebody takes away or puts in the way with plain boto3
fails the row that it is for, is named, and is mended by what verify says."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import parse

import pytest

from ocpprov.checks.unread import PERMISSION
from ocpprov.commands.options import Options
from ocpprov.commands.report import report
from ocpprov.commands.show_plan import show_plan
from ocpprov.commands.terminal import Terminal
from ocpprov.commands.verification_files import VerificationFiles
from ocpprov.commands.verify import verify
from ocpprov.sandbox.conditions import Conditions
from tests.end_to_end.test_policy import may, printed, without
from tests.end_to_end.test_report import cells
from tests.end_to_end.world import ROOT
from tests.support.aws_cli import run
from tests.support.in_process import Bastion

torture = pytest.mark.torture


@dataclass(frozen=True)
class Site:
    """An applied plan and plain boto3 beside it."""

    bastion: Bastion
    plan: Path

    def rows(self, junit: Path | None = None) -> tuple[int, Mapping[str, Mapping[str, Any]]]:
        """Exit code, and the rows by id."""
        run = partial(verify, files=VerificationFiles(junit))
        ended = self.bastion.command(run, plan=self.plan, as_json=True)
        document = json.loads(ended.said)
        assert document["ok"] == (ended.code == 0)
        return ended.code, {row["id"]: row for row in document["requirements"]}

    def without_plan(self) -> Mapping[str, Mapping[str, Any]]:
        """The rows by id, of the VPC that nobody has a plan of."""
        cluster = "lab.example-corp.net"
        ended = self.bastion.command(
            partial(verify, vpc_id=self.vpc), cluster=cluster, region="eu-west-1", as_json=True
        )
        assert ended.sent == []
        return {row["id"]: row for row in json.loads(ended.said)["requirements"]}

    def failing(self) -> Mapping[str, Mapping[str, Any]]:
        code, rows = self.rows()
        found = {id: row for id, row in rows.items() if row["status"] == "fail"}
        assert code == (1 if found else 0)
        return found

    def applied(self) -> tuple[int, Mapping[str, Any], Mapping[str, Any]]:
        """Exit code of `apply --verify`, and its last two events: what was verified, and the end."""
        ended = self.bastion.apply(self.plan, verify=True, as_json=True)
        *_, verified, finished = (json.loads(line) for line in ended.events.splitlines())
        assert (verified["event"], finished["event"]) == ("verified", "finished")
        return ended.code, verified, finished

    @property
    def ec2(self) -> Any:
        return self.bastion.client("ec2")

    def ids(self, operation: str, member: str, id: str) -> dict[str, str]:
        """AWS's ids of what is the plan's, by logical id."""
        items = getattr(self.ec2, operation)()[member]
        tags = {item[id]: {tag["Key"]: tag["Value"] for tag in item.get("Tags", ())} for item in items}
        return {own["ocpprov:resource"]: each for each, own in tags.items() if "ocpprov:resource" in own}

    @property
    def groups(self) -> dict[str, str]:
        return self.ids("describe_security_groups", "SecurityGroups", "GroupId")

    @property
    def tables(self) -> dict[str, str]:
        return self.ids("describe_route_tables", "RouteTables", "RouteTableId")

    def rules(self, group: str) -> list[Mapping[str, Any]]:
        filters = [{"Name": "group-id", "Values": [self.groups[group]]}]
        found: list[Mapping[str, Any]] = self.ec2.describe_security_group_rules(Filters=filters)["SecurityGroupRules"]
        return found

    def default_acl(self) -> str:
        filters = [{"Name": "default", "Values": ["true"]}, {"Name": "vpc-id", "Values": [self.vpc]}]
        return str(self.ec2.describe_network_acls(Filters=filters)["NetworkAcls"][0]["NetworkAclId"])

    @property
    def vpc(self) -> str:
        return self.ids("describe_vpcs", "Vpcs", "VpcId")["VPC"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    home = tmp_path_factory.mktemp("verify")
    plan = home / "single-zone.yaml"
    plan.write_text((ROOT / "plans" / "single-zone.yaml").read_text())
    bastion = Bastion(home, "eu-west-1")
    ended = bastion.apply(plan, verify=True)
    assert ended.code == 0
    assert "\nas it should be: " in ended.said
    return Site(bastion, plan)


def calls(site: Site) -> Counter[str]:
    """Those of the last command, by service and operation."""
    return Counter(f"{call['service']} {call['operation']}" for call in site.bastion.pipeline.calls())


BY_ITSELF: Final = {
    "elasticloadbalancing DescribeTags",
    "iam GetRole",
    "iam GetRolePolicy",
    "iam ListAttachedRolePolicies",
    "iam ListPolicies",
    "iam ListRolePolicies",
    "route53 GetHostedZone",
    "s3 GetBucketLifecycleConfiguration",
    "s3 GetBucketOwnershipControls",
    "s3 GetBucketVersioning",
}
"""What verify asks of each thing by itself, and plan of several at once or, where the plan gives nothing of it, not."""


def test_everything_holds_on_an_applied_plan_for_two_calls_more_than_plans(site: Site) -> None:
    file = site.plan.parent / "verify.xml"
    code, rows = site.rows(junit=file)
    verified = calls(site)
    site.bastion.command(show_plan, plan=site.plan)
    more = {name: count for name, count in (verified - calls(site)).items() if name not in BY_ITSELF}
    assert more == {"ec2 DescribePrefixLists": 1, "route53 ListHostedZonesByVPC": 1}
    assert calls(site) - verified == Counter({"iam GetAccountAuthorizationDetails": 1})
    assert code == 0
    cases = list(parse(file).iter("testcase"))
    assert [case.attrib["name"].partition(":")[0] for case in cases] == list(rows)
    skipped = [id for id, row in rows.items() if row["status"] == "not-applicable"]
    assert [id for id, case in zip(rows, cases, strict=True) if case.find("skipped") is not None] == skipped
    page = site.plan.parent / "page.html"
    assert report(Options(plan=site.plan, directory=site.plan.parent), Terminal("ocpprov report"), "", page) == 0
    assert cells(page.read_text(), "requirements")[0][:2] == ["NET-VPC", "pass"]
    assert ["compute", "IntApiElb", "yes"] in [row[:3] for row in cells(page.read_text(), "flows")]
    assert {id: row["status"] for id, row in rows.items() if row["status"] not in ("pass", "not-applicable")} == {}
    assert rows["NET-VPC"]["evidence"] == [site.vpc]
    assert rows["SG-MASTER"]["evidence"][0] == site.groups["MasterSecurityGroup"]
    assert rows["NET-TRANSIT"]["status"] == "not-applicable"


def test_egress_that_was_revoked_stops_all_that_the_control_plane_sends(site: Site) -> None:
    group = site.groups["MasterSecurityGroup"]
    own = [rule for rule in site.rules("MasterSecurityGroup") if rule["IsEgress"]]
    ids = [rule["SecurityGroupRuleId"] for rule in own]
    site.ec2.revoke_security_group_egress(GroupId=group, SecurityGroupRuleIds=ids)
    found = site.failing()
    assert set(found) == {"NET-NAT", "NET-S3", "LB-REACH", "SG-MASTER", "SG-MASTER-INGRESS", "SG-WORKER-INGRESS"}
    assert f"{group} has no outbound rules (SG_HAS_NO_RULES): stops etcd" in found["SG-MASTER-INGRESS"]["detail"]
    assert found["NET-NAT"]["remedy"] == f"an outbound rule in {group} for tcp 443 to the internet"
    everything = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
    site.ec2.authorize_security_group_egress(GroupId=group, IpPermissions=everything)
    assert site.failing() == {}


def test_somebody_elses_entry_in_the_default_acl_is_named_by_its_number(site: Site) -> None:
    acl = site.default_acl()
    place = {"NetworkAclId": acl, "RuleNumber": 50, "Egress": False}
    ports = {"From": 22623, "To": 22623}
    site.ec2.create_network_acl_entry(
        **place, Protocol="6", RuleAction="deny", CidrBlock="10.0.0.0/16", PortRange=ports
    )
    code, verified, finished = site.applied()
    assert (code, verified["ok"], finished["ok"]) == (1, False, True)
    found = {row["id"]: row for row in verified["requirements"] if row["status"] == "fail"}
    assert set(found) == {"LB-REACH"}
    assert (
        f"{acl}'s inbound entry 50 denies tcp 22623 from 10.0.0.0/20 (SUBNET_ACL_RESTRICTION)"
        in (found["LB-REACH"]["detail"])
    )
    for command in found["LB-REACH"]["commands"]:
        run(command, site.bastion.client)
    assert site.failing() == {}
    entries = site.ec2.describe_network_acls(NetworkAclIds=[acl])["NetworkAcls"][0]["Entries"]
    made = {entry["RuleNumber"]: entry for entry in entries if not entry["Egress"] and entry["RuleNumber"] < 50}
    assert [(number, entry["CidrBlock"], entry["PortRange"]) for number, entry in made.items()] == [
        (49, "10.0.0.0/20", ports)
    ]
    for number in (49, 50):
        site.ec2.delete_network_acl_entry(**{**place, "RuleNumber": number})
    assert site.failing() == {}


def test_a_rule_that_is_gone_fails_its_row_and_apply_brings_it_back(site: Site) -> None:
    etcd = next(rule for rule in site.rules("MasterSecurityGroup") if rule.get("FromPort") == 2379)
    site.ec2.revoke_security_group_ingress(GroupId=etcd["GroupId"], SecurityGroupRuleIds=[etcd["SecurityGroupRuleId"]])
    found = site.failing()
    assert set(found) == {"SG-MASTER-INGRESS"}
    assert found["SG-MASTER-INGRESS"]["detail"].startswith("MasterIngressEtcd isn't there; ")
    again = f"ocpprov apply {site.plan} --dir {site.plan.parent}"
    assert (found["SG-MASTER-INGRESS"]["remedy"], found["SG-MASTER-INGRESS"]["commands"]) == (again, [])
    may(site.bastion, without(printed(site.plan, "apply"), "ec2:AuthorizeSecurityGroupIngress"))
    failed = site.bastion.apply(site.plan, verify=True, as_json=True)
    site.bastion.pipeline.set_conditions(Conditions())
    assert (failed.code, '"verified"' in failed.events) == (1, False)
    code, verified, finished = site.applied()
    assert (code, verified["ok"], finished["ok"]) == (0, True, True)
    assert finished["summary"]["create"] == 1


def test_a_second_zone_that_hides_the_machines_name_of_the_api_is_named(site: Site) -> None:
    name, route53 = "api-int.lab.example-corp.net", site.bastion.client("route53")
    place = {"VPCRegion": "eu-west-1", "VPCId": site.vpc}
    zone = route53.create_hosted_zone(Name=name, CallerReference="twin", VPC=place)["HostedZone"]["Id"]
    found = site.failing()
    route53.delete_hosted_zone(Id=zone)
    assert set(found) == {"DNS-API-INT"}
    told = f"{zone.rpartition('/')[2]} ({name}) answers {name} and has no address for it (dns-no-record)"
    assert found["DNS-API-INT"]["detail"].startswith(f"{told}: stops name {name} (udp 53) from machine network")


def test_the_policy_for_verify_is_enough(site: Site) -> None:
    may(site.bastion, printed(site.plan, "verify"))
    try:
        assert site.rows()[0] == 0
    finally:
        site.bastion.pipeline.set_conditions(Conditions())


def test_what_somebody_opened_is_named_alone_and_fails_nothing(site: Site) -> None:
    group = site.groups["WorkerSecurityGroup"]
    ssh = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    answer = site.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[ssh])
    (rule,) = (each["SecurityGroupRuleId"] for each in answer["SecurityGroupRules"])
    ended = site.bastion.command(verify, plan=site.plan, as_json=True)
    close = f"aws ec2 revoke-security-group-ingress --region eu-west-1 --group-id {group} --security-group-rule-ids"
    assert (ended.code, json.loads(ended.said)["exposures"]) == (
        0,
        [
            {
                "component": group,
                "resource": "WorkerSecurityGroup",
                "allows": "tcp 22 from anywhere",
                "exposed": "compute machines to nobody now: no route leads there",
                "needed": "tcp 22 from 10.0.0.0/16 (SG-WORKER)",
                "origin": f"not of this plan: {rule}",
                "remedy": f"{close} {rule}",
            }
        ],
    )
    site.ec2.revoke_security_group_ingress(GroupId=group, SecurityGroupRuleIds=[rule])


def test_what_may_not_be_read_is_unknown_and_no_pass(site: Site) -> None:
    policy = printed(site.plan, "verify")
    may(site.bastion, without(without(policy, "ec2:DescribePrefixLists"), "ec2:GetManagedPrefixListEntries"))
    try:
        code, rows = site.rows()
    finally:
        site.bastion.pipeline.set_conditions(Conditions())
    assert code == 3
    unknown = {id: row["detail"] for id, row in rows.items() if row["status"] == "unknown"}
    assert set(unknown) == {"NET-S3"}
    assert "couldn't be read" in unknown["NET-S3"]


def denied(site: Site, action: str) -> tuple[int, Mapping[str, Mapping[str, Any]]]:
    """Exit code and rows with all of the policy but one action."""
    may(site.bastion, without(printed(site.plan, "verify"), action))
    try:
        return site.rows()
    finally:
        site.bastion.pipeline.set_conditions(Conditions())


def test_a_denied_read_leaves_its_own_rows_unknown_in_awss_words(site: Site) -> None:
    code, rows = denied(site, "route53:ListResourceRecordSets")
    assert code == 3
    unknown = {id: row for id, row in rows.items() if row["status"] not in ("pass", "not-applicable")}
    assert {id: row["status"] for id, row in unknown.items()} == {"DNS-API": "unknown", "DNS-API-INT": "unknown"}
    assert unknown["DNS-API"]["detail"].startswith(
        "ExternalApiServerRecord/api.lab.example-corp.net A can't be known: ListResourceRecordSets: AccessDenied: User "
        "is not authorized to perform: route53:ListResourceRecordSets"
    )
    assert "(request " in unknown["DNS-API"]["detail"]
    assert unknown["DNS-API"]["remedy"] == PERMISSION
    assert len(rows["DNS-API"]["evidence"]) == 0


def test_without_the_vpc_nothing_in_it_is_known_and_the_rest_is_judged(site: Site) -> None:
    code, rows = denied(site, "ec2:DescribeVpcs")
    assert code == 3
    judged = {"DNS-PUBLIC", "IAM-MASTER", "IAM-WORKER", "IAM-BOOTSTRAP", "S3-BUCKET"}
    assert {id for id, row in rows.items() if row["status"] == "pass"} == judged
    assert [id for id, row in rows.items() if row["status"] == "fail"] == []
    assert rows["SG-MASTER-INGRESS"]["detail"].startswith("the network couldn't be read: DescribeVpcs: ")


def test_without_a_plan_the_broken_thing_is_named_and_all_else_holds(site: Site) -> None:
    group = site.groups["MasterSecurityGroup"]
    rule = next(rule for rule in site.rules("MasterSecurityGroup") if rule.get("FromPort") == 22623)
    site.ec2.revoke_security_group_ingress(GroupId=group, SecurityGroupRuleIds=[rule["SecurityGroupRuleId"]])
    rows = site.without_plan()
    ranges = [{"CidrIp": rule["CidrIpv4"]}]
    permission = {"IpProtocol": "tcp", "FromPort": 22623, "ToPort": 22623, "IpRanges": ranges}
    site.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[permission])
    bad = {id: row["status"] for id, row in rows.items() if row["status"] not in ("pass", "not-applicable")}
    assert bad == {"LB-HEALTH": "fail", "LB-REACH": "fail"}
    assert f"{group} has no inbound rule for tcp 22623" in rows["LB-REACH"]["detail"]
    assert rows["SG-MASTER"]["evidence"] == [group]
    assert rows["NET-DHCP"]["detail"] == "AWS's own DHCP options"


def test_one_wide_rule_in_place_of_the_plans_is_right_in_another_way(site: Site) -> None:
    etcd = next(rule for rule in site.rules("MasterSecurityGroup") if rule.get("FromPort") == 2379)
    group = etcd["GroupId"]
    site.ec2.revoke_security_group_ingress(GroupId=group, SecurityGroupRuleIds=[etcd["SecurityGroupRuleId"]])
    wide = [{"IpProtocol": "tcp", "FromPort": 0, "ToPort": 65535, "UserIdGroupPairs": [{"GroupId": group}]}]
    made = site.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=wide)["SecurityGroupRules"]
    [id] = [rule["SecurityGroupRuleId"] for rule in made]
    code, rows = site.rows()
    assert code == 0
    row = rows["SG-MASTER-INGRESS"]
    assert f"; MasterIngressEtcd isn't there, and {id} serves in its place (ocpprov apply " in row["detail"]
    assert id in row["evidence"]

"""The report of a run: it has what AWS has and every call that changed something, and a browser needs nothing else."""

from __future__ import annotations

import html
import json
import os
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from tests.end_to_end.local import LocalAws, LocalOperator
from tests.end_to_end.world import ROOT
from tests.support.chromium import Page, opened

SMALL: Final = """
name: lab
region: eu-west-1
Resources:
  Net: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Sub: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Net, CidrBlock: 10.0.0.0/24}}
  Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Net}}
  Link: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref Sub, RouteTableId: !Ref Table}}
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: web
      VpcId: !Ref Net
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.0.0/8}]
  Zone:
    Type: AWS::Route53::HostedZone
    Properties: {Name: example.com, VPCs: [{VPCId: !Ref Net, VPCRegion: eu-west-1}]}
  Api:
    Type: AWS::Route53::RecordSet
    Properties: {HostedZoneId: !Ref Zone, Name: api.example.com, Type: A, TTL: "60", ResourceRecords: [10.0.0.9]}
"""
LARGE: Final = str(ROOT / "plans" / "public-3az.yaml")
THEMES: Final = ("light", "dark")
WIDTHS: Final = (400, 800, 1100, 1400)


def reported(user: LocalOperator, plan: str) -> Path:
    """The page of the last run."""
    return user.folder / user.good("report", plan).out.strip()


def cells(text: str, caption: str) -> list[list[str]]:
    """The rows of a table, as far as they are plain."""
    table = re.search(rf'<caption id="{caption}">.*?</table>', text, re.DOTALL)
    assert table
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", table[0], re.DOTALL)[1:]
    return [
        [
            html.unescape(re.sub("<[^>]*>", "", each))
            for each in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
        ]
        for row in rows
    ]


def in_aws(aws: LocalAws) -> dict[str, int]:
    """How many of the plan's there are, by type, as a stranger counts them: without the rows, groups, tables and
    options that AWS has by itself."""
    ec2, elbv2, route53 = aws.client("ec2"), aws.client("elbv2"), aws.client("route53")
    (vpc,) = (each for each in ec2.describe_vpcs()["Vpcs"] if not each["IsDefault"])
    inside = [{"Name": "vpc-id", "Values": [vpc["VpcId"]]}]
    groups = ec2.describe_security_groups(Filters=inside)["SecurityGroups"]
    ours = [each["GroupId"] for each in groups if each["GroupName"] != "default"]
    rules = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": ours}])["SecurityGroupRules"]
    tables = ec2.describe_route_tables(Filters=inside)["RouteTables"]
    made = [each for each in tables if not any(link["Main"] for link in each["Associations"])]
    routes = [
        route for each in made for route in each["Routes"] if "." not in (route.get("GatewayId") or "") and
        route.get("GatewayId") != "local" and not (route.get("GatewayId") or "").startswith("vpce-")
    ]  # fmt: skip
    balancers = elbv2.describe_load_balancers()["LoadBalancers"]
    zones = route53.list_hosted_zones()["HostedZones"]
    nats = ec2.describe_nat_gateways()["NatGateways"]
    found = {
        "AWS::EC2::VPC": 1,
        "AWS::EC2::Subnet": len(ec2.describe_subnets(Filters=inside)["Subnets"]),
        "AWS::EC2::InternetGateway": len(ec2.describe_internet_gateways()["InternetGateways"]),
        "AWS::EC2::RouteTable": len(made),
        "AWS::EC2::Route": len(routes),
        "AWS::EC2::EIP": len(ec2.describe_addresses()["Addresses"]),
        "AWS::EC2::NatGateway": sum(each["State"] != "deleted" for each in nats),
        "AWS::EC2::VPCEndpoint": len(ec2.describe_vpc_endpoints()["VpcEndpoints"]),
        "AWS::EC2::SecurityGroup": len(ours),
        "rules": sum(bool(each.get("Tags")) for each in rules),
        "AWS::ElasticLoadBalancingV2::LoadBalancer": len(balancers),
        "AWS::ElasticLoadBalancingV2::TargetGroup": len(elbv2.describe_target_groups()["TargetGroups"]),
        "AWS::ElasticLoadBalancingV2::Listener": sum(
            len(elbv2.describe_listeners(LoadBalancerArn=each["LoadBalancerArn"])["Listeners"]) for each in balancers
        ),
        "AWS::Route53::HostedZone": len(zones),
        "AWS::Route53::RecordSet": sum(
            each["Type"] not in ("NS", "SOA")
            for zone in zones
            for each in route53.list_resource_record_sets(HostedZoneId=zone["Id"])["ResourceRecordSets"]
        ),
        "AWS::IAM::Role": len(aws.client("iam").list_roles()["Roles"]),
        "AWS::IAM::InstanceProfile": len(aws.client("iam").list_instance_profiles()["InstanceProfiles"]),
        "AWS::S3::Bucket": len(aws.client("s3").list_buckets()["Buckets"]),
    }
    return {type: number for type, number in found.items() if number}


def counted(text: str) -> dict[str, int]:
    """The counts of the page for the same."""
    found: Counter[str] = Counter()
    for type, number in cells(text, "counts"):
        found["rules" if "SecurityGroupIngress" in type or "SecurityGroupEgress" in type else type] += int(number)
    return found


def agrees(text: str, aws: LocalAws) -> None:
    there, shown = in_aws(aws), counted(text)
    assert {type: shown[type] for type in there} == there
    changes = [call for call in aws.calls() if call["mutating"]]
    evidence = cells(text, "evidence")
    assert sorted(row[0].partition(":")[2].partition(" ")[0] for row in evidence) == sorted(
        call["operation"] for call in changes
    )
    assert all(row[1] and row[-1] for row in evidence)


def test_the_page_has_what_aws_has_and_every_change(user: LocalOperator, aws: LocalAws) -> None:
    (user.folder / "lab.yaml").write_text(SMALL)
    user.good("preflight", "lab.yaml")
    aws.clear_calls()
    user.good("apply", "lab.yaml", "--yes")
    page = reported(user, "lab.yaml")
    agrees(page.read_text(), aws)
    assert ["zones", "pass"] in [row[:2] for row in cells(page.read_text(), "checks")]
    aws.clear_calls()
    user.good("destroy", "lab.yaml", "--yes")
    gone = reported(user, "lab")
    assert gone != page
    text = gone.read_text()
    assert "<p>Nothing of it exists</p>" in text
    assert len(cells(text, "evidence")) == len(aws.changes())
    runs = {json.loads(line)["run"] for line in (page.parent / "log.jsonl").read_text().splitlines()}
    assert {f"report-{run}.html" for run in runs} == {page.name, gone.name}


def close_machine_configurations(aws: LocalAws) -> None:
    """Somebody's entry in the ACL of the private subnets."""
    ec2 = aws.client("ec2")
    (vpc,) = (each["VpcId"] for each in ec2.describe_vpcs()["Vpcs"] if not each["IsDefault"])
    inside = [{"Name": "default", "Values": ["true"]}, {"Name": "vpc-id", "Values": [vpc]}]
    ec2.create_network_acl_entry(
        NetworkAclId=ec2.describe_network_acls(Filters=inside)["NetworkAcls"][0]["NetworkAclId"],
        RuleNumber=50,
        Egress=False,
        Protocol="6",
        RuleAction="deny",
        CidrBlock="10.0.0.0/16",
        PortRange={"From": 22623, "To": 22623},
    )


@pytest.fixture
def browser(user: LocalOperator, aws: LocalAws, tmp_path: Path) -> Any:
    user.good("preflight", LARGE)
    aws.clear_calls()
    user.good("apply", LARGE, "--yes")
    user.good("verify", LARGE)
    page = reported(user, LARGE)
    agrees(page.read_text(), aws)
    assert [row[1] for row in cells(page.read_text(), "requirements") if row[1] not in ("pass", "not-applicable")] == []
    close_machine_configurations(aws)
    assert user.run("verify", LARGE).code == 1
    assert reported(user, LARGE) == page
    assert ["LB-REACH", "fail"] in [row[:2] for row in cells(page.read_text(), "requirements")]
    with opened(page, tmp_path / "profile") as loaded:
        yield loaded


CONTRASTS: Final = """
(() => {
  const parts = text => text.match(/[0-9.]+/g).map(Number);
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map(v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const behind = node => {
    for (let at = node; at; at = at.parentElement) {
      const colour = parts(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const node of document.querySelectorAll("body *:not(svg *)")) {
    if (![...node.childNodes].some(each => each.nodeType === 3 && each.data.trim())) continue;
    const [one, other] = [light(parts(getComputedStyle(node).color)), light(behind(node))];
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (ratio < 4.5) found.push([node.tagName, node.textContent.slice(0, 40), ratio]);
  }
  return found;
})()
"""
"""Texts whose contrast is below what WCAG 2.1 (AA, 1.4.3) asks for."""


@pytest.mark.torture
def test_in_a_browser(browser: Page, tmp_path: Path) -> None:
    """Three seconds of the ten are the browser's start and its pictures."""
    backgrounds = set()
    for theme in THEMES:
        for width in WIDTHS:
            browser.look(width, theme)
            wide = browser.value("document.documentElement.scrollWidth")
            assert wide <= width, f"at {width} the page is {wide} wide"
            keep(f"report-{theme}-{width}.png", browser.picture())
        assert browser.value(CONTRASTS) == []
        backgrounds.add(browser.value("getComputedStyle(document.body).backgroundColor"))
    assert len(backgrounds) == 2
    printed = browser.printed()
    keep("report.pdf", printed)
    assert printed.startswith(b"%PDF-")
    assert heard(browser) == {"banner": 1, "main": 1, "navigation": 1, "contentinfo": 1, "image": 2}
    assert [each["request"]["url"] for each in browser.told("Network.requestWillBeSent")] == [
        browser.value("location.href")
    ]
    assert browser.told("Network.loadingFailed", "Network.webSocketCreated") == []
    assert browser.told("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded") == []


def heard(browser: Page) -> Mapping[str, int]:
    """The landmarks and pictures that a screen reader tells of; each picture, table and region has a name."""
    nodes = browser.ask("Accessibility.getFullAXTree")["nodes"]
    roles = [
        (str(each["role"]["value"]), str(each.get("name", {}).get("value", ""))) for each in nodes if "role" in each
    ]
    assert all(name for role, name in roles if role in ("image", "table", "region", "link", "heading"))
    wanted = ("banner", "main", "navigation", "contentinfo", "image")
    return Counter("image" if role == "img" else role for role, _ in roles if role in (*wanted, "img"))


def keep(name: str, content: bytes) -> None:
    """For whoever wants to look: OCPPROV_SHOTS names a folder."""
    if folder := os.environ.get("OCPPROV_SHOTS"):
        Path(folder, name).write_bytes(content)

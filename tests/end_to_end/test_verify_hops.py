"""verify on what lies behind addresses and ports: policies of endpoints, names, listeners that aren't the plan's."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ocpprov.commands.load import load_plan
from ocpprov.commands.options import Options
from tests.end_to_end.test_verify import Site
from tests.end_to_end.world import ROOT
from tests.support.in_process import Bastion

SINGLE_ZONE = (ROOT / "plans" / "single-zone.yaml").read_text()
CLASSIC = (
    SINGLE_ZONE.replace("openshift:\n", "openshift:\n  loadBalancers: classic\n")
    .replace("name: single-zone", "name: classic")
    .replace("lab", "old")
    .replace("example-corp.net", "example-corp.org")
)
"""Another cluster: all in this file is in one account."""
torture = pytest.mark.torture
ALLOW_ALL, DENY_ALL = (
    {"Version": "2012-10-17", "Statement": [{"Effect": effect, "Principal": "*", "Action": "*", "Resource": "*"}]}
    for effect in ("Allow", "Deny")
)


@pytest.fixture(scope="module", autouse=True)
def emptied(tmp_path_factory: pytest.TempPathFactory) -> None:
    """An AWS that other files have left nothing in: there is one in a process."""
    Bastion(tmp_path_factory.mktemp("emptied"), "eu-west-1").pipeline.reset()


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """An applied plan without a way to the internet."""
    return applied(tmp_path_factory.mktemp("closed"), (ROOT / "plans" / "restricted-3az.yaml").read_text())


@dataclass(frozen=True)
class Neighbour(Site):
    """One of several in an account, by its plan's name."""

    name: str

    def ids(self, operation: str, member: str, id: str) -> dict[str, str]:
        items = getattr(self.ec2, operation)()[member]
        tags = {item[id]: {tag["Key"]: tag["Value"] for tag in item.get("Tags", ())} for item in items}
        return {own["ocpprov:resource"]: each for each, own in tags.items() if own.get("ocpprov:plan") == self.name}


def applied(home: Path, text: str) -> Site:
    plan = home / "plan.yaml"
    plan.write_text(text)
    bastion = Bastion(home, "eu-west-1")
    assert bastion.apply(plan).code == 0
    return Neighbour(bastion, plan, load_plan(Options(plan=plan)).name)


def balancers(site: Site) -> dict[str, Any]:
    """By their scheme."""
    listed = site.bastion.client("elbv2").describe_load_balancers()["LoadBalancers"]
    return {each["Scheme"]: each for each in listed if each["VpcId"] == site.vpc}


def endpoints(site: Site) -> dict[str, str]:
    return site.ids("describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId")


@pytest.fixture(scope="module")
def open_site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """An applied plan whose API the world reaches."""
    return applied(tmp_path_factory.mktemp("open"), SINGLE_ZONE)


@torture
def test_somebody_elses_listener_for_machine_configurations_is_named(open_site: Site) -> None:
    elbv2 = open_site.bastion.client("elbv2")
    balancer = balancers(open_site)["internet-facing"]["LoadBalancerArn"]
    group = elbv2.create_target_group(Name="theirs", Protocol="TCP", Port=22623, VpcId=open_site.vpc, TargetType="ip")[
        "TargetGroups"
    ][0]["TargetGroupArn"]
    listener = elbv2.create_listener(
        LoadBalancerArn=balancer,
        Protocol="TCP",
        Port=22623,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": group}],
    )["Listeners"][0]["ListenerArn"]
    found = open_site.failing()
    assert set(found) == {"LB-REACH"}
    named = f"{listener} (not of this plan)"
    assert found["LB-REACH"]["detail"] == f"tcp 22623 gets from internet to ExtApiElb by {named}, and must not"
    assert found["LB-REACH"]["remedy"] == f"take away {named}"
    elbv2.delete_listener(ListenerArn=listener)
    assert open_site.failing() == {}


@torture
def test_targets_that_see_their_clients_are_their_own_clients(open_site: Site) -> None:
    elbv2 = open_site.bastion.client("elbv2")
    groups = {
        each["TargetGroupName"]: each["TargetGroupArn"] for each in elbv2.describe_target_groups()["TargetGroups"]
    }
    group = next(arn for name, arn in groups.items() if name.startswith("lab-") and name.endswith("-sint"))
    kept = {"Key": "preserve_client_ip.enabled", "Value": "true"}
    elbv2.modify_target_group_attributes(TargetGroupArn=group, Attributes=[kept])
    found = open_site.failing()
    assert set(found) == {"LB-REACH", "LB-HEALTH"}
    assert f"{group} keeps its clients' addresses, and a machine that " in found["LB-REACH"]["detail"]
    assert " leads back to itself gets no answer (hairpin): stops " in found["LB-REACH"]["detail"]
    elbv2.modify_target_group_attributes(TargetGroupArn=group, Attributes=[{**kept, "Value": "false"}])
    assert open_site.failing() == {}


@torture
def test_classic_balancers_are_followed_through_their_own_groups(tmp_path: Path) -> None:
    site = applied(tmp_path, CLASSIC)
    code, rows = site.rows()
    assert code == 0
    assert {id: rows[id]["status"] for id in ("LB-CLASSIC", "LB-REACH", "LB-HEALTH", "LB-EXT")} == {
        "LB-CLASSIC": "pass",
        "LB-REACH": "pass",
        "LB-HEALTH": "pass",
        "LB-EXT": "not-applicable",
    }
    group = site.groups["IntApiElbSecurityGroup"]
    out = [rule["SecurityGroupRuleId"] for rule in site.rules("IntApiElbSecurityGroup") if rule["IsEgress"]]
    site.ec2.revoke_security_group_egress(GroupId=group, SecurityGroupRuleIds=out)
    found = site.failing()
    assert set(found) == {"LB-REACH", "LB-HEALTH"}
    for row in found.values():
        assert f"{group} has no outbound rules (SG_HAS_NO_RULES): stops " in row["detail"]


@torture
@pytest.mark.parametrize(
    ("endpoint", "row", "asked"),
    [
        ("Ec2Endpoint", "NET-EC2", "ec2:"),
        ("ElasticloadbalancingEndpoint", "NET-ELB", "elasticloadbalancing:"),
        ("StsEndpoint", "AIR-GAP", "sts:"),
        ("S3Endpoint", "NET-S3", "s3:"),
    ],
)
def test_an_endpoint_that_lets_nothing_through_fails_its_row(closed: Site, endpoint: str, row: str, asked: str) -> None:
    id = endpoints(closed)[endpoint]
    closed.ec2.modify_vpc_endpoint(VpcEndpointId=id, PolicyDocument=json.dumps(DENY_ALL))
    found = closed.failing()
    assert set(found) == {row, "AIR-GAP"}
    assert f"{id}'s policy denies {asked}" in found[row]["detail"]
    assert " by statement 1 (endpoint-policy): stops " in found[row]["detail"]
    closed.ec2.modify_vpc_endpoint(VpcEndpointId=id, PolicyDocument=json.dumps(ALLOW_ALL))
    assert closed.failing() == {}


@torture
def test_a_policy_for_the_clusters_own_account_and_network_lets_it_through(closed: Site) -> None:
    id = endpoints(closed)["Ec2Endpoint"]
    mine = {"StringEquals": {"aws:PrincipalAccount": "123456789012", "aws:SourceVpc": closed.vpc}}
    policy = {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "ec2:*", "Resource": "*", "Condition": mine}}
    closed.ec2.modify_vpc_endpoint(VpcEndpointId=id, PolicyDocument=json.dumps(policy))
    code, rows = closed.rows()
    assert (code, rows["NET-EC2"]["status"]) == (0, "pass")
    closed.ec2.modify_vpc_endpoint(VpcEndpointId=id, PolicyDocument=json.dumps(ALLOW_ALL))


@torture
def test_a_policy_for_an_organisation_is_not_decided_from_here(closed: Site) -> None:
    id = endpoints(closed)["Ec2Endpoint"]
    ours = {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}
    policy = {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*", "Condition": ours}}
    closed.ec2.modify_vpc_endpoint(VpcEndpointId=id, PolicyDocument=json.dumps(policy))
    code, rows = closed.rows()
    assert (code, rows["NET-EC2"]["status"]) == (3, "unknown")
    assert "its condition StringEquals aws:principalorgid" in rows["NET-EC2"]["detail"]
    closed.ec2.modify_vpc_endpoint(VpcEndpointId=id, PolicyDocument=json.dumps(ALLOW_ALL))


TWIN = "api-int.lab.example-corp.net"


@torture
def test_a_second_zone_that_hides_the_clusters_name_is_named(open_site: Site) -> None:
    route53 = open_site.bastion.client("route53")
    place = {"VPCRegion": "eu-west-1", "VPCId": open_site.vpc}
    zone = route53.create_hosted_zone(Name=TWIN, CallerReference="twin", VPC=place)["HostedZone"]["Id"]
    bare = zone.rpartition("/")[2]
    found = open_site.failing()
    assert set(found) == {"DNS-API-INT"}
    told = f"{bare} ({TWIN}) answers {TWIN} and has no address for it (dns-no-record): stops name {TWIN} (udp 53)"
    assert found["DNS-API-INT"]["detail"] == f"{told} from machine network to IntApiElb"
    # The same zone with what the cluster needs is right in another way.
    names = balancers(open_site)
    for scheme, failing in (("internet-facing", {"DNS-API-INT"}), ("internal", set())):
        target = {
            "DNSName": names[scheme]["DNSName"],
            "HostedZoneId": names[scheme]["CanonicalHostedZoneId"],
            "EvaluateTargetHealth": False,
        }
        record = {"Name": TWIN, "Type": "A", "AliasTarget": target}
        changes = [{"Action": "UPSERT", "ResourceRecordSet": record}]
        route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})
        assert set(open_site.failing()) == failing
    changes = [{"Action": "DELETE", "ResourceRecordSet": record}]
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})
    route53.delete_hosted_zone(Id=zone)
    assert open_site.failing() == {}


@torture
def test_names_need_the_vpcs_resolver(open_site: Site) -> None:
    open_site.ec2.modify_vpc_attribute(VpcId=open_site.vpc, EnableDnsSupport={"Value": False})
    found = open_site.failing()
    assert set(found) == {"NET-VPC", "NET-S3", "DNS-API-INT"}
    assert f"{open_site.vpc}'s enableDnsSupport is off" in found["DNS-API-INT"]["detail"]
    assert found["DNS-API-INT"]["remedy"].startswith(f"ocpprov apply {open_site.plan} ")
    open_site.ec2.modify_vpc_attribute(VpcId=open_site.vpc, EnableDnsSupport={"Value": True})
    assert open_site.failing() == {}


@torture
def test_an_endpoint_whose_private_dns_is_off_answers_nobody(closed: Site) -> None:
    id = endpoints(closed)["Ec2Endpoint"]
    closed.ec2.modify_vpc_endpoint(VpcEndpointId=id, PrivateDnsEnabled=False)
    found = closed.failing()
    assert set(found) == {"NET-EC2", "AIR-GAP"}
    told = f"no endpoint's private DNS answers ec2.eu-west-1.amazonaws.com in {closed.vpc} (dns-no-endpoint)"
    assert told in found["NET-EC2"]["detail"]
    closed.ec2.modify_vpc_endpoint(VpcEndpointId=id, PrivateDnsEnabled=True)
    assert closed.failing() == {}


@torture
def test_a_record_of_somebody_elses_that_hands_the_name_on_leaves_it_open(open_site: Site) -> None:
    route53 = open_site.bastion.client("route53")
    zones = route53.list_hosted_zones()["HostedZones"]
    public = next(each["Id"] for each in zones if each["Name"] == "example-corp.net.")
    values = [{"Value": "ns1.example.net."}]
    record = {"Name": "lab.example-corp.net", "Type": "NS", "TTL": 60, "ResourceRecords": values}
    changes = [{"Action": "CREATE", "ResourceRecordSet": record}]
    route53.change_resource_record_sets(HostedZoneId=public, ChangeBatch={"Changes": changes})
    code, rows = open_site.rows()
    assert (code, rows["DNS-API"]["status"]) == (3, "unknown")
    assert "its NS record lab.example-corp.net hands api.lab.example-corp.net" in rows["DNS-API"]["detail"]
    changes = [{"Action": "DELETE", "ResourceRecordSet": record}]
    route53.change_resource_record_sets(HostedZoneId=public, ChangeBatch={"Changes": changes})
    assert open_site.failing() == {}

"""What the plan draws on, what is used, and what is allowed, in numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError, AwsMessage
from ocpprov.checks.quota_needs import Places, characters
from ocpprov.checks.quota_table import QUOTAS
from ocpprov.checks.quotas import quota_needs, quotas
from ocpprov.checks.result import Check, Status
from ocpprov.engine.actions import Actions
from ocpprov.engine.steps import CreateStep
from ocpprov.engine.values import GetAtt, Join
from ocpprov.kinds.reads import Read
from tests.checks.answers import Answers
from tests.engine.planning import SUBNET, VPC, planned, ref, wanted

Answered = Mapping[str, Mapping[str, Any]]
BLOCK = {"CidrBlock": "10.0.0.0/16"}
NAT = "AWS::EC2::NatGateway"
EIP = "AWS::EC2::EIP"
DEFAULT = " (AWS's default: what this account is allowed couldn't be asked)"


def found(
    actions: Actions,
    pages: Answered | None = None,
    allowed: Mapping[tuple[str, str], float] | None = None,
    zones: Mapping[str, str] | None = None,
) -> dict[str, Check]:
    """The results by id. `allowed` is what Service Quotas says."""
    reader = Answers(pages or {})
    checks = quotas(actions, zones or {}, reader.read, lambda *code: (allowed or {}).get(code))
    return {check.id: check for check in checks}


def vpcs(number: int) -> Actions:
    return planned(wanted(**{f"V{each}": (VPC, BLOCK) for each in range(number)}), [])


@pytest.mark.parametrize(("used", "status"), [(2, Status.PASS), (3, Status.FAIL)])
def test_what_just_fits_fits_and_one_more_does_not(used: int, status: Status) -> None:
    pages: Answered = {"describe_vpcs": {"Vpcs": [{}] * used}}
    check = found(vpcs(2), pages, {("vpc", "L-F678F1CE"): 4.0})["quota-vpcs"]
    assert (check.status, check.detail) == (status, f"VPCs: {used} used, 2 needed, {4 - used} left of 4")
    assert check.remedy == (
        ""
        if status is Status.PASS
        else "have the quota vpc/L-F678F1CE raised to at least 5, or remove what isn't needed any more"
    )


@pytest.mark.parametrize(("used", "status"), [(4, Status.PASS), (5, Status.WARN)])
def test_where_nobody_tells_aws_default_is_a_warning(used: int, status: Status) -> None:
    check = found(vpcs(1), {"describe_vpcs": {"Vpcs": [{}] * used}})["quota-vpcs"]
    assert (check.status, check.detail) == (status, f"VPCs: {used} used, 1 needed, {5 - used} left of 5{DEFAULT}")


def test_more_used_than_allowed_leaves_nothing() -> None:
    check = found(vpcs(1), {"describe_vpcs": {"Vpcs": [{}] * 9}}, {("vpc", "L-F678F1CE"): 4.0})["quota-vpcs"]
    assert check.detail == "VPCs: 9 used, 1 needed, 0 left of 4"


def test_only_what_the_plan_makes_is_counted() -> None:
    brought = {"quota-vpc-blocks", "quota-network-acls", "quota-route-tables", "quota-security-groups"}
    assert found(vpcs(1)).keys() == {"quota-vpcs"} | brought
    assert found(planned({}, [])) == {}


def test_a_vpc_brings_a_group_of_its_own() -> None:
    group = ("AWS::EC2::SecurityGroup", {"GroupDescription": "x", "VpcId": ref("V")})
    check = found(planned(wanted(V=(VPC, BLOCK), G=group), []))["quota-security-groups"]
    assert check.detail.startswith("security groups: 0 used, 2 needed, 2500 left")


def test_addresses_are_allowed_as_ec2_says() -> None:
    attribute = {
        "AttributeName": "vpc-max-elastic-ips",
        "AttributeValues": [{"AttributeValue": "2"}],
    }
    pages: Answered = {
        "describe_addresses": {"Addresses": [{}]},
        "describe_account_attributes": {"AccountAttributes": [{"AttributeName": "other"}, attribute]},
    }
    check = found(planned(wanted(A=(EIP, {}), B=(EIP, {})), []), pages, {("ec2", "L-0263D0A3"): 99})["quota-addresses"]
    assert (check.status, check.detail) == (Status.FAIL, "Elastic IP addresses: 1 used, 2 needed, 1 left of 2")


def test_an_answer_about_limits_that_lacks_a_member_leaves_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """What Service Quotas says goes before it."""

    def unreadable(*_: object) -> int | None:
        raise AwsError(ErrorClass.INVALID, AwsMessage("UnreadableAnswer", "lacks", "", "DescribeAccountAttributes"))

    actions = planned(wanted(A=(EIP, {})), [])
    quotas_of_addresses = [replace(each, allowed=unreadable) for each in QUOTAS if each.id == "quota-addresses"]
    monkeypatch.setattr("ocpprov.checks.quotas.QUOTAS", quotas_of_addresses)
    pages: Answered = {"describe_addresses": {"Addresses": [{}]}}
    assert found(actions, pages)["quota-addresses"].detail.endswith(f"1 used, 1 needed, 4 left of 5{DEFAULT}")


def test_gateways_count_by_zone_and_the_fullest_zone_is_told() -> None:
    subnets = {
        name: (SUBNET, {"VpcId": ref("V"), "CidrBlock": f"10.0.{number}.0/24", "AvailabilityZone": zone})
        for number, (name, zone) in enumerate({"A": "z-a", "B": "z-b"}.items())
    }
    gateways = {
        f"N{number}": (NAT, {"SubnetId": subnet, "AllocationId": f"eipalloc-{number}"})
        for number, subnet in enumerate([ref("A"), ref("B"), "subnet-9"])
    }
    states = ["pending", "available", "deleting", "deleted", "failed"]
    pages: Answered = {
        "describe_subnets": {"Subnets": [{"SubnetId": "subnet-1", "AvailabilityZone": "z-a", "VpcId": "vpc-1"}]},
        "describe_nat_gateways": {"NatGateways": [{"SubnetId": "subnet-1", "State": state} for state in states]},
    }
    actions = planned(wanted(V=(VPC, BLOCK), **subnets, **gateways), [])
    check = found(actions, pages, {("vpc", "L-FE5A380F"): 5.0}, {"subnet-9": "z-a"})["quota-nat-gateways"]
    assert (check.status, check.detail) == (
        Status.PASS,
        "NAT gateways of a zone in z-a: 3 used, 2 needed, 2 left of 5",
    )


def test_endpoints_count_by_their_type_and_place() -> None:
    endpoint = "AWS::EC2::VPCEndpoint"
    interface = {"VpcEndpointType": "Interface", "VpcId": "vpc-1", "ServiceName": "com.amazonaws.eu-west-1.ec2"}
    gateway = {"VpcId": ref("V"), "ServiceName": "com.amazonaws.eu-west-1.s3"}
    actions = planned(wanted(V=(VPC, BLOCK), I=(endpoint, interface), G=(endpoint, gateway)), [])
    rows = [("Interface", "available"), ("Interface", "Deleted"), ("Gateway", "available"), ("Gateway", "available")]
    pages: Answered = {
        "describe_vpc_endpoints": {
            "VpcEndpoints": [{"VpcEndpointType": type, "State": state, "VpcId": "vpc-1"} for type, state in rows]
        }
    }
    checks = found(actions, pages)
    assert checks["quota-interface-endpoints"].detail.startswith(
        "interface endpoints of a VPC in vpc-1: 1 used, 1 needed, 49 left of 50"
    )
    assert checks["quota-gateway-endpoints"].detail.startswith("gateway endpoints: 2 used, 1 needed, 18 left of 20")


def test_load_balancers_are_allowed_as_their_service_says() -> None:
    balancer = "AWS::ElasticLoadBalancingV2::LoadBalancer"
    network = {"Type": "network", "Subnets": ["subnet-1"]}
    classic = ("AWS::ElasticLoadBalancing::LoadBalancer", {"Listeners": [], "Subnets": ["subnet-1"]})
    pages: Answered = {
        "elbv2 describe_load_balancers": {"LoadBalancers": [{"Type": "network"}, {"Type": "application"}]},
        "elbv2 describe_account_limits": {"Limits": [{"Name": "network-load-balancers", "Max": "3"}]},
        "elb describe_account_limits": {"Limits": [{"Name": "classic-load-balancers", "Max": "0"}]},
    }
    application = (balancer, {"Type": "application", "Subnets": ["subnet-1"]})
    checks = found(planned(wanted(N=(balancer, network), A=application, C=classic), []), pages)
    assert checks["quota-network-load-balancers"].detail == "network load balancers: 1 used, 1 needed, 2 left of 3"
    lacking = checks["quota-classic-load-balancers"]
    assert (lacking.status, lacking.detail) == (
        Status.FAIL,
        "classic load balancers: 0 used, 1 needed, 0 left of 0",
    )
    assert lacking.remedy.startswith("have the quota classic load balancers raised to at least 1")


def test_iam_and_route_53_tell_both_numbers() -> None:
    role: tuple[str, dict[str, Any]] = ("AWS::IAM::Role", {"AssumeRolePolicyDocument": {}})
    zone = ("AWS::Route53::HostedZone", {"Name": "example.com"})
    pages: Answered = {
        "get_account_summary": {"SummaryMap": {"Roles": 7, "RolesQuota": 8}},
        "get_account_limit": {"Limit": {"Value": 3}, "Count": 3},
    }
    checks = found(planned(wanted(R=role, Z=zone), []), pages)
    assert checks["quota-roles"].detail == "roles: 7 used, 1 needed, 1 left of 8"
    assert checks["quota-roles"].status is Status.PASS
    assert checks["quota-hosted-zones"].detail == "hosted zones: 3 used, 1 needed, 0 left of 3"
    assert checks["quota-hosted-zones"].status is Status.FAIL


@pytest.mark.parametrize(("summary", "said"), [({"RolesQuota": 8}, "0 used, 1 needed, 8 left of 8"), ({}, "0 used")])
def test_a_figure_that_iam_does_not_give_is_none(summary: dict[str, int], said: str) -> None:
    role: tuple[str, dict[str, Any]] = ("AWS::IAM::Role", {"AssumeRolePolicyDocument": {}})
    check = found(planned(wanted(R=role), []), {"get_account_summary": {"SummaryMap": summary}})["quota-roles"]
    assert check.detail.startswith(f"roles: {said}")


def test_a_place_in_which_nothing_is_used_yet_has_none() -> None:
    interface = {"VpcEndpointType": "Interface", "VpcId": "vpc-1", "ServiceName": "com.amazonaws.eu-west-1.ec2"}
    rows = [{"VpcEndpointType": "Interface", "State": "available", "VpcId": "vpc-2"}]
    actions = planned(wanted(I=("AWS::EC2::VPCEndpoint", interface)), [])
    check = found(actions, {"describe_vpc_endpoints": {"VpcEndpoints": rows}})["quota-interface-endpoints"]
    assert check.detail.startswith("interface endpoints of a VPC in vpc-1: 0 used, 1 needed, 50 left of 50")


def test_a_gateway_endpoint_draws_on_its_own_quota_alone() -> None:
    gateway = {"VpcId": "vpc-1", "ServiceName": "com.amazonaws.eu-west-1.s3"}
    actions = planned(wanted(G=("AWS::EC2::VPCEndpoint", gateway)), [])
    assert found(actions).keys() == {"quota-gateway-endpoints"}


def test_the_defaults_and_codes_are_those_of_the_user_guides() -> None:
    assert {quota.id.removeprefix("quota-"): (quota.default, quota.code) for quota in QUOTAS} == {
        "vpc-blocks": (5, ("vpc", "L-83CA0A9D")),
        "subnets": (200, ("vpc", "L-407747CB")),
        "route-tables": (200, ("vpc", "L-589F43AA")),
        "routes": (500, ("vpc", "L-93826ACB")),
        "network-acls": (200, ("vpc", "L-B4A6D682")),
        "acl-entries-inbound": (20, ("vpc", "L-2AEEBF1A")),
        "acl-entries-outbound": (20, ("vpc", "L-2AEEBF1A")),
        "rules-inbound": (60, ("vpc", "L-0EA8095F")),
        "rules-outbound": (60, ("vpc", "L-0EA8095F")),
        "interface-groups": (5, ("vpc", "L-2AFB9258")),
        "transit-gateways": (5, None),
        "peerings": (50, ("vpc", "L-7E9ECCDB")),
        "listeners": (50, ("elasticloadbalancing", "L-57A373D6")),
        "targets": (1000, ("elasticloadbalancing", "L-A0D0B863")),
        "records": (10000, None),
        "zone-vpcs": (300, None),
        "trust-policy": (2048, None),
        "attached-policies": (10, ("iam", "L-0DA4ABF3")),
        "inline-policies": (10240, None),
        "managed-policy": (6144, None),
        "vpcs": (5, ("vpc", "L-F678F1CE")),
        "internet-gateways": (5, ("vpc", "L-A4707A72")),
        "addresses": (5, ("ec2", "L-0263D0A3")),
        "nat-gateways": (5, ("vpc", "L-FE5A380F")),
        "security-groups": (2500, ("vpc", "L-E79EC296")),
        "gateway-endpoints": (20, ("vpc", "L-1B52E74A")),
        "interface-endpoints": (50, ("vpc", "L-29B6F2EB")),
        "network-load-balancers": (50, ("elasticloadbalancing", "L-69A177A2")),
        "target-groups": (3000, ("elasticloadbalancing", "L-B22855CB")),
        "classic-load-balancers": (20, None),
        "hosted-zones": (500, None),
        "roles": (1000, None),
        "instance-profiles": (1000, None),
        "buckets": (10000, ("s3", "L-DC2B2D3D")),
    }


GROUP = "AWS::EC2::SecurityGroup"
DESCRIBED = {"GroupDescription": "x", "VpcId": "vpc-1"}
INBOUND = "AWS::EC2::SecurityGroupIngress"
TABLE = "AWS::EC2::RouteTable"
ACL = "AWS::EC2::NetworkAcl"
ENTRY = "AWS::EC2::NetworkAclEntry"
ROLE = "AWS::IAM::Role"


def ingress(group: object, port: int, **source: object) -> tuple[str, dict[str, Any]]:
    return INBOUND, {"GroupId": group, "IpProtocol": "tcp", "FromPort": port, "ToPort": port, **source}


def test_rules_count_in_their_group_by_family_of_addresses() -> None:
    rules = {
        "A": ingress("sg-1", 1, CidrIp="10.0.0.0/8"),
        "B": ingress("sg-1", 2, CidrIpv6="fd00::/8"),
        "C": ingress("sg-1", 3, SourceSecurityGroupId="sg-2"),
        "D": ingress(ref("G"), 4, CidrIp="10.0.0.0/8"),
    }
    listed = {
        "GroupId": "sg-1",
        "IpPermissions": [
            {"IpRanges": [{}] * 30, "Ipv6Ranges": [{}] * 10, "UserIdGroupPairs": [{}] * 3, "PrefixListIds": [{}]},
            {"IpRanges": [{}] * 20},
        ],
    }
    pages: Answered = {"describe_security_groups": {"SecurityGroups": [listed]}}
    checks = found(planned(wanted(G=(GROUP, DESCRIBED), **rules), []), pages, {("vpc", "L-0EA8095F"): 55.0})
    assert checks["quota-rules-inbound"].detail == (
        "inbound rules of a security group in sg-1, IPv4: 54 used, 2 needed, 1 left of 55"
    )
    assert checks["quota-rules-inbound"].status is Status.FAIL


def test_a_new_group_has_a_rule_outbound_from_aws() -> None:
    outbound = {"GroupId": ref("G"), "IpProtocol": "-1", "CidrIp": "10.0.0.0/8"}
    actions = planned(wanted(G=(GROUP, DESCRIBED), E=("AWS::EC2::SecurityGroupEgress", outbound)), [])
    check = found(actions, allowed={("vpc", "L-0EA8095F"): 60.0})["quota-rules-outbound"]
    assert check.detail == "outbound rules of a security group in G, IPv4: 0 used, 2 needed, 60 left of 60"


def test_entries_of_an_acl_count_by_direction_with_awss_own() -> None:
    def entry(acl: object, number: int, *, egress: bool) -> tuple[str, dict[str, Any]]:
        return ENTRY, {
            "NetworkAclId": acl,
            "RuleNumber": number,
            "Egress": egress,
            "Protocol": -1,
            "RuleAction": "allow",
        }

    rows = [{"RuleNumber": number, "Egress": False} for number in (100, 110, 32767)]
    pages: Answered = {
        "describe_network_acls": {"NetworkAcls": [{"NetworkAclId": "acl-1", "VpcId": "v", "Entries": rows}]}
    }
    resources = {
        "A": entry("acl-1", 1, egress=False),
        "N": (ACL, {"VpcId": "vpc-1"}),
        "B": entry(ref("N"), 1, egress=True),
    }
    checks = found(planned(wanted(**resources), []), pages, {("vpc", "L-2AEEBF1A"): 20.0})
    of_acls = "entries of a network ACL in"
    assert checks["quota-acl-entries-inbound"].detail == f"inbound {of_acls} acl-1: 3 used, 1 needed, 17 left of 20"
    assert checks["quota-acl-entries-outbound"].detail == f"outbound {of_acls} N: 0 used, 2 needed, 20 left of 20"


def test_what_a_vpc_holds_counts_there_and_a_new_one_brings_some() -> None:
    resources: dict[str, tuple[str, dict[str, Any]]] = {
        "V": (VPC, BLOCK),
        "S": (SUBNET, {"VpcId": ref("V"), "CidrBlock": "10.0.0.0/24", "AvailabilityZone": "z"}),
        "T": (TABLE, {"VpcId": ref("V")}),
        "B": ("AWS::EC2::VPCCidrBlock", {"VpcId": ref("V"), "CidrBlock": "10.1.0.0/16"}),
        "R": ("AWS::EC2::Route", {"RouteTableId": "rtb-1", "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1"}),
    }
    routes = [{"Origin": "CreateRouteTable"}, {"Origin": "CreateRoute"}, {"Origin": "EnableVgwRoutePropagation"}]
    pages: Answered = {
        "describe_route_tables": {"RouteTables": [{"RouteTableId": "rtb-1", "VpcId": "vpc-1", "Routes": routes}]},
    }
    checks = found(planned(wanted(**resources), []), pages)
    assert {id: check.detail.partition(" needed")[0] for id, check in checks.items() if " in " in check.detail} == {
        "quota-vpc-blocks": "IPv4 blocks of a VPC in V: 0 used, 2",
        "quota-subnets": "subnets of a VPC in V: 0 used, 1",
        "quota-route-tables": "route tables of a VPC in V: 0 used, 2",
        "quota-network-acls": "network ACLs of a VPC in V: 0 used, 1",
        "quota-routes": "routes of a table in rtb-1: 1 used, 1",
    }


def test_blocks_attachments_and_peerings_of_an_existing_vpc_are_read() -> None:
    resources: dict[str, tuple[str, dict[str, Any]]] = {
        "B": ("AWS::EC2::VPCCidrBlock", {"VpcId": "vpc-1", "CidrBlock": "10.1.0.0/16"}),
        "A": ("AWS::EC2::TransitGatewayAttachment", {"VpcId": "vpc-1", "TransitGatewayId": "tgw-1", "SubnetIds": []}),
        "P": ("AWS::EC2::VPCPeeringConnection", {"VpcId": "vpc-1", "PeerVpcId": "vpc-2"}),
    }
    states = ("associated", "associating", "disassociated", "failed")
    blocks = [{"CidrBlockState": {"State": state}} for state in states]
    attached = [{"VpcId": "vpc-1", "State": state} for state in ("available", "pending", "deleted")]
    peered = [
        {"Status": {"Code": code}, "RequesterVpcInfo": {"VpcId": "vpc-9"}, "AccepterVpcInfo": {"VpcId": "vpc-1"}}
        for code in ("active", "rejected")
    ]
    pages: Answered = {
        "describe_vpcs": {"Vpcs": [{"VpcId": "vpc-1", "CidrBlockAssociationSet": blocks}]},
        "describe_transit_gateway_vpc_attachments": {"TransitGatewayVpcAttachments": attached},
        "describe_vpc_peering_connections": {"VpcPeeringConnections": peered},
    }
    checks = found(planned(wanted(**resources), []), pages)
    assert {id: check.detail.partition(" needed")[0] for id, check in checks.items()} == {
        "quota-vpc-blocks": "IPv4 blocks of a VPC in vpc-1: 2 used, 1",
        "quota-transit-gateways": "transit gateways of a VPC in vpc-1: 2 used, 1",
        "quota-peerings": "peerings of a VPC in vpc-1: 1 used, 1",
    }


def test_policies_count_in_their_role_by_number_and_by_characters() -> None:
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}]}
    role: dict[str, Any] = {
        "AssumeRolePolicyDocument": document,
        "ManagedPolicyArns": [f"arn:aws:iam::aws:policy/P{number}" for number in range(3)],
        "Policies": [{"PolicyName": name, "PolicyDocument": document} for name in ("a", "b")],
    }
    summary = {"AttachedPoliciesPerRoleQuota": 10, "RolePolicySizeQuota": 150, "AssumeRolePolicySizeQuota": 2048}
    checks = found(planned(wanted(R=(ROLE, role)), []), {"get_account_summary": {"SummaryMap": summary}})
    assert (
        checks["quota-attached-policies"].detail == "attached policies of a role in R: 0 used, 3 needed, 10 left of 10"
    )
    inline = checks["quota-inline-policies"]
    assert (inline.status, inline.detail) == (
        Status.FAIL,
        "characters of a role's inline policies in R: 0 used, 178 needed, 150 left of 150",
    )
    assert checks["quota-trust-policy"].detail.startswith("characters of a role's trust policy in R: 0 used, 89 needed")


def test_what_a_policy_refers_to_counts_with_about_its_length() -> None:
    resource = {"PolicyDocument": {"Resource": [ref("V"), GetAtt("R", "Arn"), Join("/", (GetAtt("R", "Arn"), "*"))]}}
    role: dict[str, Any] = {"AssumeRolePolicyDocument": {}}
    resources = {"V": (VPC, BLOCK), "R": (ROLE, role), "P": ("AWS::IAM::ManagedPolicy", resource)}
    actions = planned(wanted(**resources), [])
    [step] = [each for each in actions.steps if isinstance(each, CreateStep) and each.logical_id == "P"]
    counted = characters("AWS::IAM::ManagedPolicy", "PolicyDocument")(step, Places(actions, {}))
    assert counted == {"P": len('{"Resource":["","","/*"]}') + 21 + 2 * 63}


def test_what_is_in_something_that_is_there_already_is_not_guessed() -> None:
    resources: dict[str, tuple[str, dict[str, Any]]] = {
        "L": ("AWS::ElasticLoadBalancingV2::Listener", {"LoadBalancerArn": "arn:b", "Port": 1, "Protocol": "TCP"}),
        "R": ("AWS::Route53::RecordSet", {"HostedZoneId": "Z1", "Name": "a.example.com", "Type": "A"}),
    }
    assert found(planned(wanted(**resources), [])) == {}


def test_what_cannot_be_read_is_unknown_and_nothing_else_is() -> None:
    actions = vpcs(1)
    denied = AwsError(ErrorClass.DENIED, AwsMessage("UnauthorizedOperation", "no", "", "DescribeRouteTables"))

    def attempt(reads: Sequence[Read]) -> dict[Read, Any]:
        return {each: denied if each.operation == "describe_route_tables" else [{}] for each in reads}

    checks = {check.id: check for check in quotas(actions, {}, attempt, lambda *code: 5.0)}
    lost = checks.pop("quota-route-tables")
    assert (lost.status, lost.remedy) == (Status.UNKNOWN, denied.next_step)
    assert lost.detail == f"route tables of a VPC: 1 needed; what is used can't be read: {denied}"
    assert {check.status for check in checks.values()} == {Status.PASS}


def test_a_code_of_service_quotas_is_asked_for_once() -> None:
    asked: list[tuple[str, str]] = []

    def ask(service: str, code: str) -> float | None:
        asked.append((service, code))
        return None

    list(quotas(planned(wanted(N=(ACL, {"VpcId": "vpc-1"})), []), {}, Answers({}).read, ask))
    assert asked == [("vpc", "L-B4A6D682"), ("vpc", "L-2AEEBF1A")]


def test_a_need_is_told_by_the_place_that_needs_most() -> None:
    resources = {f"R{n}": ingress("sg-1" if n else "sg-2", n, CidrIp="10.0.0.0/8") for n in range(3)}
    [need] = [
        each for each in quota_needs(planned(wanted(**resources), []), {}) if each.quota.id == "quota-rules-inbound"
    ]
    assert (need.place, need.most, dict(need.by_place)) == ("sg-1, IPv4", 2, {"sg-1, IPv4": 2, "sg-2, IPv4": 1})

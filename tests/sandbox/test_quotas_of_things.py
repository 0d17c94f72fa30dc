"""What one thing may hold: the last that fits is taken, the next one is refused in AWS's words.

The sentences on rules, ACL entries and policies of roles are those of public reports (issue 53 of
aws-samples/aws-cloudfront-samples, aws-deepracer-community/deepracer-simapp, spectrocloud's documentation). That an
ACL's own last entry counts, that a group's rules count by family of addresses, and what names a group for both, are
the VPC user guide's.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ocpprov.sandbox.admin import SandboxAdmin
from tests.sandbox.world import REGION, World

Maker = Callable[[int], object]


@contextmanager
def refusal(code: str, message: str) -> Iterator[None]:
    with pytest.raises(ClientError) as caught:
        yield
    error = caught.value.response["Error"]
    assert (error["Code"], error["Message"]) == (code, message)


def entries(world: World) -> Maker:
    acl = world.ec2.create_network_acl(VpcId=world.vpc())["NetworkAcl"]["NetworkAclId"]

    def make(number: int, *, egress: bool = False) -> object:
        rule = {"RuleNumber": number + 1, "Protocol": "-1", "RuleAction": "allow", "CidrBlock": f"10.{number}.0.0/16"}
        return world.ec2.create_network_acl_entry(NetworkAclId=acl, Egress=egress, **rule)

    # The other direction has its own.
    make(90, egress=True)
    return make


def routes(world: World) -> Maker:
    vpc = world.vpc()
    table, gateway = world.table(vpc), world.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    world.ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)

    def make(number: int) -> object:
        block = f"10.{number + 1}.0.0/16"
        return world.ec2.create_route(RouteTableId=table, DestinationCidrBlock=block, GatewayId=gateway)

    return make


def blocks(world: World) -> Maker:
    vpc = world.vpc()
    return lambda number: world.ec2.associate_vpc_cidr_block(VpcId=vpc, CidrBlock=f"10.{number + 1}.0.0/16")


def rules(world: World) -> Maker:
    group = world.group(world.vpc(), "g")

    def make(number: int) -> object:
        allowed = [{"IpProtocol": "tcp", "FromPort": 1, "ToPort": 1, "IpRanges": [{"CidrIp": f"10.{number}.0.0/16"}]}]
        return world.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=allowed)

    return make


def egress(world: World) -> Maker:
    """AWS's own rule to anywhere is one of them."""
    group = world.group(world.vpc(), "g")

    def make(number: int) -> object:
        allowed = [{"IpProtocol": "tcp", "FromPort": 1, "ToPort": 1, "IpRanges": [{"CidrIp": f"10.{number}.0.0/16"}]}]
        return world.ec2.authorize_security_group_egress(GroupId=group, IpPermissions=allowed)

    return make


def interfaces(world: World) -> Maker:
    vpc = world.vpc()
    subnet, group = world.subnet(vpc), world.group(vpc, "g")
    # A gateway has a quota of its own.
    world.endpoint(vpc, world.table(vpc))
    return lambda number: world.interface_endpoint(vpc, subnet, group)


def listeners(world: World) -> Maker:
    vpc = world.vpc()
    elbv2 = world.other("elbv2")
    made = elbv2.create_load_balancer(Name="b", Type="network", Scheme="internal", Subnets=[world.subnet(vpc)])
    balancer = made["LoadBalancers"][0]["LoadBalancerArn"]
    group = elbv2.create_target_group(Name="t", Protocol="TCP", Port=1, VpcId=vpc)["TargetGroups"][0]["TargetGroupArn"]
    action = [{"Type": "forward", "TargetGroupArn": group}]
    return lambda number: elbv2.create_listener(
        LoadBalancerArn=balancer, Protocol="TCP", Port=number + 1, DefaultActions=action
    )


def targets(world: World) -> Maker:
    elbv2, vpc = world.other("elbv2"), world.vpc()
    wanted = {"Name": "t", "Protocol": "TCP", "Port": 1, "VpcId": vpc, "TargetType": "ip"}
    group = elbv2.create_target_group(**wanted)["TargetGroups"][0]["TargetGroupArn"]
    return lambda number: elbv2.register_targets(TargetGroupArn=group, Targets=[{"Id": f"10.0.0.{number + 4}"}])


TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})


def attached(world: World) -> Maker:
    iam = world.other("iam")
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=TRUST)
    names = ("ReadOnlyAccess", "AmazonEC2ReadOnlyAccess", "AmazonS3ReadOnlyAccess")
    return lambda number: iam.attach_role_policy(RoleName="r", PolicyArn=f"arn:aws:iam::aws:policy/{names[number]}")


def associations(world: World) -> Maker:
    zone = world.zone("a", world.vpc())

    def make(number: int) -> object:
        network = {"VPCRegion": REGION, "VPCId": world.vpc()}
        return world.route53.associate_vpc_with_hosted_zone(HostedZoneId=zone, VPC=network)

    return make


@pytest.mark.parametrize(
    ("name", "makers", "there", "code", "message"),
    [
        (
            "CreateNetworkAclEntry",
            entries,
            1,
            "NetworkAclEntryLimitExceeded",
            "The maximum number of network acl entries has been reached.",
        ),
        ("CreateRoute", routes, 0, "RouteLimitExceeded", "The maximum number of routes has been reached."),
        (
            "AssociateVpcCidrBlock",
            blocks,
            1,
            "CidrLimitExceeded",
            "This network has met its maximum number of allowed CIDRs: 3",
        ),
        (
            "AuthorizeSecurityGroupIngress",
            rules,
            0,
            "RulesPerSecurityGroupLimitExceeded",
            "The maximum number of rules per security group has been reached.",
        ),
        (
            "AuthorizeSecurityGroupEgress",
            egress,
            1,
            "RulesPerSecurityGroupLimitExceeded",
            "The maximum number of rules per security group has been reached.",
        ),
        (
            "CreateVpcEndpoint:Interface",
            interfaces,
            0,
            "VpcEndpointLimitExceeded",
            "The maximum number of VPC endpoints has been reached.",
        ),
        ("CreateListener", listeners, 0, "TooManyListeners", "The maximum number of listeners has been reached"),
        ("RegisterTargets", targets, 0, "TooManyTargets", "The maximum number of targets has been reached"),
        ("AttachRolePolicy", attached, 0, "LimitExceeded", "Cannot exceed quota for PoliciesPerRole: 2"),
        (
            "AssociateVPCWithHostedZone",
            associations,
            1,
            "LimitsExceeded",
            "Limits Exceeded: MAX_VPCS_ASSOCIATED_BY_ZONE",
        ),
    ],
)
def test_the_last_that_fits_is_taken_and_the_next_is_refused(
    world: World,
    admin: SandboxAdmin,
    name: str,
    makers: Callable[[World], Maker],
    there: int,
    code: str,
    message: str,
) -> None:
    make = makers(world)
    admin.conditions(quotas={name: there + 2})
    make(0)
    make(1)
    with refusal(code, message):
        make(2)


def permission(port: int, **sources: Any) -> dict[str, Any]:
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **sources}


def test_rules_count_by_family_and_one_that_names_a_group_for_both(world: World, admin: SandboxAdmin) -> None:
    group = world.group(world.vpc(), "g")
    admin.conditions(quotas={"AuthorizeSecurityGroupIngress": 3})

    def authorize(*permissions: dict[str, Any]) -> None:
        world.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=list(permissions))

    authorize(permission(1, IpRanges=[{"CidrIp": "10.0.0.0/16"}, {"CidrIp": "10.1.0.0/16"}]))
    authorize(permission(1, Ipv6Ranges=[{"CidrIpv6": "fd00::/8"}]))
    authorize(permission(2, UserIdGroupPairs=[{"GroupId": group}]))
    authorize(permission(3, Ipv6Ranges=[{"CidrIpv6": "fd00::/8"}]))
    full = ("RulesPerSecurityGroupLimitExceeded", "The maximum number of rules per security group has been reached.")
    with refusal(*full):
        authorize(permission(4, IpRanges=[{"CidrIp": "10.2.0.0/16"}]))
    with refusal(*full):
        authorize(permission(5, UserIdGroupPairs=[{"GroupId": group}]))
    with refusal(*full):
        authorize(permission(6, Ipv6Ranges=[{"CidrIpv6": "fd00::/8"}]))


def test_a_quota_that_was_raised_lets_more_than_sixty_rules_in(world: World, admin: SandboxAdmin) -> None:
    group = world.group(world.vpc(), "g")
    admin.conditions(quotas={"AuthorizeSecurityGroupIngress": 61})
    ranges = [{"CidrIp": f"10.{number}.0.0/16"} for number in range(62)]
    with refusal(
        "RulesPerSecurityGroupLimitExceeded", "The maximum number of rules per security group has been reached."
    ):
        world.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[permission(1, IpRanges=ranges)])
    world.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[permission(1, IpRanges=ranges[1:])])


def test_an_interface_has_few_groups(world: World, admin: SandboxAdmin) -> None:
    admin.conditions(quotas={"CreateVpcEndpoint:SecurityGroups": 1})
    vpc = world.vpc()
    subnet = world.subnet(vpc)
    wanted = {"VpcEndpointType": "Interface", "VpcId": vpc, "ServiceName": f"com.amazonaws.{REGION}.ec2"}
    groups = [world.group(vpc, name) for name in "ab"]
    with refusal(
        "SecurityGroupsPerInterfaceLimitExceeded",
        "The maximum number of security groups per interface has been reached.",
    ):
        world.ec2.create_vpc_endpoint(SubnetIds=[subnet], SecurityGroupIds=groups, **wanted)
    world.ec2.create_vpc_endpoint(SubnetIds=[subnet], SecurityGroupIds=groups[:1], **wanted)


def test_policies_count_in_characters_without_spaces(world: World, admin: SandboxAdmin) -> None:
    iam = world.other("iam")
    statement = {"Effect": "Allow", "Action": "ec2:DescribeVpcs", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=4)
    size = len("".join(document.split()))
    admin.conditions(
        quotas={"PutRolePolicy": 2 * size - 1, "CreatePolicy": size - 1, "CreateRole:TrustPolicy": len(TRUST)}
    )
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=TRUST)
    iam.put_role_policy(RoleName="r", PolicyName="one", PolicyDocument=document)
    iam.put_role_policy(RoleName="r", PolicyName="one", PolicyDocument=document)
    with refusal("LimitExceeded", f"Maximum policy size of {2 * size - 1} bytes exceeded for role r"):
        iam.put_role_policy(RoleName="r", PolicyName="two", PolicyDocument=document)
    with refusal("LimitExceeded", f"Cannot exceed quota for PolicySize: {size - 1}"):
        iam.create_policy(PolicyName="p", PolicyDocument=document)
    longer = json.dumps({"Version": "2012-10-17", "Id": "longer", "Statement": []})
    with refusal("LimitExceeded", f"Cannot exceed quota for ACLSizePerRole: {len(TRUST)}"):
        iam.create_role(RoleName="s", AssumeRolePolicyDocument=longer)


def test_records_of_a_zone_count_with_awss_own(world: World, admin: SandboxAdmin) -> None:
    zone = world.zone("a", world.vpc())
    there = len(world.route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"])
    admin.conditions(quotas={"ChangeResourceRecordSets": there + 2})

    def change(action: str, *names: str) -> None:
        changes = [
            {
                "Action": action,
                "ResourceRecordSet": {
                    "Name": f"{name}.cluster.example.com",
                    "Type": "A",
                    "TTL": 1,
                    "ResourceRecords": [{"Value": "10.0.0.1"}],
                },
            }
            for name in names
        ]
        world.route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})

    with pytest.raises(ClientError, match=r"InvalidChangeBatch.*MAX_RRSETS_BY_ZONE"):
        change("CREATE", "a", "b", "c")
    change("CREATE", "a", "b")
    change("UPSERT", "a")
    change("DELETE", "b")
    change("CREATE", "c")


def test_the_balancers_of_both_apis_have_quotas_of_their_own(world: World, admin: SandboxAdmin) -> None:
    admin.conditions(quotas={"CreateLoadBalancer": 1, "CreateLoadBalancer:Classic": 1})
    subnet = world.public_subnet()
    elb, elbv2 = world.other("elb"), world.other("elbv2")
    listener = [{"Protocol": "TCP", "LoadBalancerPort": 1, "InstanceProtocol": "TCP", "InstancePort": 1}]
    elbv2.create_load_balancer(Name="a", Type="network", Subnets=[subnet])
    elb.create_load_balancer(LoadBalancerName="a", Listeners=listener, Subnets=[subnet])
    full = ("TooManyLoadBalancers", "The maximum number of load balancers has been reached")
    with refusal(*full):
        elbv2.create_load_balancer(Name="b", Type="network", Subnets=[subnet])
    with refusal(*full):
        elb.create_load_balancer(LoadBalancerName="b", Listeners=listener, Subnets=[subnet])


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("L-407747CB", "CreateSubnet"),
        ("L-589F43AA", "CreateRouteTable"),
        ("L-93826ACB", "CreateRoute"),
        ("L-B4A6D682", "CreateNetworkAcl"),
        ("L-2AEEBF1A", "CreateNetworkAclEntry"),
        ("L-0EA8095F", "AuthorizeSecurityGroupIngress"),
        ("L-2AFB9258", "CreateVpcEndpoint:SecurityGroups"),
        ("L-83CA0A9D", "AssociateVpcCidrBlock"),
        ("L-29B6F2EB", "CreateVpcEndpoint:Interface"),
        ("L-1B52E74A", "CreateVpcEndpoint"),
    ],
)
def test_service_quotas_tells_it_by_its_code(world: World, admin: SandboxAdmin, code: str, name: str) -> None:
    admin.conditions(quotas={name: 7})
    told = world.other("service-quotas").get_service_quota(ServiceCode="vpc", QuotaCode=code)
    assert told["Quota"]["Value"] == 7.0


def test_the_services_tell_theirs(world: World, admin: SandboxAdmin) -> None:
    admin.conditions(
        quotas={
            "CreateListener": 3,
            "RegisterTargets": 4,
            "CreateLoadBalancer:Classic": 5,
            "AttachRolePolicy": 6,
            "CreateRole:TrustPolicy": 7,
            "CreatePolicy": 8,
            "PutRolePolicy": 9,
            "ChangeResourceRecordSets": 10,
            "AssociateVPCWithHostedZone": 11,
        }
    )
    limits = {each["Name"]: each["Max"] for each in world.other("elbv2").describe_account_limits()["Limits"]}
    assert (limits["listeners-per-network-load-balancer"], limits["targets-per-target-group"]) == ("3", "4")
    classic = {each["Name"]: each["Max"] for each in world.other("elb").describe_account_limits()["Limits"]}
    assert classic["classic-load-balancers"] == "5"
    summary = world.other("iam").get_account_summary()["SummaryMap"]
    names = ("AttachedPoliciesPerRoleQuota", "AssumeRolePolicySizeQuota", "PolicySizeQuota", "RolePolicySizeQuota")
    assert [summary[name] for name in names] == [6, 7, 8, 9]
    zone = world.zone("a", world.vpc())
    told = [
        world.route53.get_hosted_zone_limit(HostedZoneId=zone, Type=type)
        for type in ("MAX_RRSETS_BY_ZONE", "MAX_VPCS_ASSOCIATED_BY_ZONE")
    ]
    assert [(each["Limit"]["Value"], each["Count"]) for each in told] == [(10, told[0]["Count"]), (11, 1)]
    records = world.route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    assert told[0]["Count"] == len(records)

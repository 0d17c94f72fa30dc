"""Whatever others add to a list of a plan's, or link with its things, an apply leaves it: the picture of the account is
the same afterwards, also when the plan changes something beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.end_to_end.copies import rare, written
from tests.end_to_end.local import LocalOperator
from tests.end_to_end.others import EVERYTHING
from tests.end_to_end.plants import owned
from tests.end_to_end.world import REGION
from tests.support.picture import changed, picture

FILE = "plan.json"
COUNT = 39
"""So many rows, links and things of others there are, with what AWS makes beside them."""


def _additions(user: LocalOperator, ids: Mapping[str, str]) -> None:
    """One to each list that others may add to, and of each sort of link and row."""
    client = user.aws.client
    ec2, elb, elbv2, iam, route53, s3 = (client(name) for name in ("ec2", "elb", "elbv2", "iam", "route53", "s3"))
    vpc, public = ids["Vpc"], ids["Public"]
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    made = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.77.0/24", AvailabilityZone=f"{REGION}a")
    subnet = made["Subnet"]["SubnetId"]
    group = ec2.create_security_group(GroupName="theirs", Description="theirs", VpcId=vpc)["GroupId"]
    ec2.modify_vpc_endpoint(VpcEndpointId=ids["Storage"], AddRouteTableIds=[table])
    ec2.modify_vpc_endpoint(VpcEndpointId=ids["Machines"], AddSubnetIds=[subnet], AddSecurityGroupIds=[group])
    ec2.associate_route_table(RouteTableId=ids["PublicTable"], SubnetId=subnet)
    ec2.associate_vpc_cidr_block(VpcId=vpc, CidrBlock="100.66.0.0/16")
    options = ec2.create_dhcp_options(DhcpConfigurations=[{"Key": "domain-name", "Values": ["theirs.example"]}])
    ec2.associate_dhcp_options(VpcId=vpc, DhcpOptionsId=options["DhcpOptions"]["DhcpOptionsId"])
    acl = ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
    [default] = ec2.describe_network_acls(Filters=[{"Name": "association.subnet-id", "Values": [public]}])[
        "NetworkAcls"
    ]
    [link] = [each for each in default["Associations"] if each["SubnetId"] == public]
    ec2.replace_network_acl_association(AssociationId=link["NetworkAclAssociationId"], NetworkAclId=acl)
    ec2.create_network_acl_entry(
        NetworkAclId=ids["Acl"], RuleNumber=7, Protocol="-1", RuleAction="deny", Egress=False, CidrBlock="192.0.2.0/24"
    )
    ec2.create_route(RouteTableId=ids["PublicTable"], DestinationCidrBlock="10.9.0.0/16", GatewayId=ids["Internet"])
    rule = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "192.0.2.0/24"}]}
    ec2.authorize_security_group_ingress(GroupId=ids["Group"], IpPermissions=[rule])
    ec2.authorize_security_group_egress(GroupId=ids["Group"], IpPermissions=[rule])
    elb.create_load_balancer_listeners(
        LoadBalancerName=ids["Classic"], Listeners=[{"Protocol": "TCP", "LoadBalancerPort": 81, "InstancePort": 81}]
    )
    elbv2.register_targets(TargetGroupArn=ids["Targets"], Targets=[{"Id": "10.0.1.99", "Port": 6443}])
    forward = [{"Type": "forward", "TargetGroupArn": ids["Targets"]}]
    elbv2.create_listener(LoadBalancerArn=ids["Balancer"], Protocol="TCP", Port=9999, DefaultActions=forward)
    policy = iam.create_policy(PolicyName="theirs", PolicyDocument=EVERYTHING)["Policy"]["Arn"]
    iam.attach_role_policy(RoleName=ids["Role"], PolicyArn=policy)
    iam.put_role_policy(RoleName=ids["Role"], PolicyName="theirs", PolicyDocument=EVERYTHING)
    hub = ec2.create_vpc(CidrBlock="10.200.0.0/16")["Vpc"]["VpcId"]
    route53.associate_vpc_with_hosted_zone(HostedZoneId=ids["Zone"], VPC={"VPCRegion": REGION, "VPCId": hub})
    record = {"Name": "db.prod.example.com", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "10.0.0.9"}]}
    batch = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]}
    route53.change_resource_record_sets(HostedZoneId=ids["Zone"], ChangeBatch=batch)
    document = json.loads(s3.get_bucket_policy(Bucket=ids["Bucket"])["Policy"])
    theirs = {"Sid": "Theirs", "Effect": "Deny", "Principal": "*", "Action": "s3:DeleteBucket", "Resource": "*"}
    document["Statement"].append(theirs)
    s3.put_bucket_policy(Bucket=ids["Bucket"], Policy=json.dumps(document))
    s3.put_object(Bucket=ids["Bucket"], Key="theirs.txt", Body=b"theirs")
    for id in (vpc, public, ids["Group"], ids["Acl"], ids["PublicTable"], ids["Nat"], ids["Machines"], ids["Address"]):
        ec2.create_tags(Resources=[id], Tags=[{"Key": "CostCentre", "Value": "theirs"}])
    user.aws.advance(600)


def _with(document: Mapping[str, Any], name: str, **properties: Any) -> dict[str, Any]:
    resources = {**document["Resources"]}
    resources[name] = {**resources[name], "Properties": {**resources[name]["Properties"], **properties}}
    return {**document, "Resources": resources}


@pytest.mark.torture
def test_what_others_add_survives_applies(user: LocalOperator) -> None:
    aws = user.aws
    (user.folder / "bootstrap.ign").write_text('{"ignition": {"version": "3.2.0"}}')
    document = written(rare(aws))
    (user.folder / FILE).write_text(json.dumps(document))
    user.good("apply", FILE, "--yes")
    applied = picture(aws.client)
    ids = owned(applied)[0]
    _additions(user, ids)
    before = picture(aws.client)
    added = before.keys() - applied.keys()
    again = user.good("apply", FILE, "--yes")
    assert changed(before, picture(aws.client)) == {}, again.err
    # Also while something of the plan's beside it comes and goes.
    more = [{"Key": "team", "Value": "ours"}]
    changes: Mapping[str, Mapping[str, Any]] = {
        "Storage": {"PolicyDocument": {"Version": "2012-10-17", "Statement": []}},
        "Group": {"Tags": more},
        "Vpc": {"Tags": more},
        "Zone": {"HostedZoneConfig": {"Comment": "ours"}},
        "Role": {"Policies": [], "ManagedPolicyArns": []},
        "Record": {"TTL": "300"},
    }
    for name, properties in changes.items():
        (user.folder / FILE).write_text(json.dumps(_with(document, name, **properties)))
        user.good("apply", FILE, "--yes")
        now = picture(aws.client)
        theirs = {place: before[place] for place in added}
        assert changed(theirs, now) == {}, name
    (user.folder / FILE).write_text(json.dumps(document))
    user.good("apply", FILE, "--yes")
    after = picture(aws.client)
    # A policy and a comment that a plan no longer gives aren't compared; the tables beside stay.
    assert {id for _, id in changed(before, after)} == {ids["Storage"], ids["Zone"]}
    storage = ("VPCEndpoint", ids["Storage"])
    tables = [json.loads(seen[storage])["RouteTableIds"] for seen in (applied, before, after)]
    assert (len(tables[0]), len(tables[1]), tables[2]) == (1, 2, tables[1])
    assert len(added) == COUNT

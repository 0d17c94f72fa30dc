"""Things of other people in the account, made by hand, and what somebody with a plan's policy might try on them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from botocore.exceptions import ClientError

Client = Callable[[str], Any]
"""A client of boto3, by its service."""

TRUST: Final = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"},
        ],
    }
)
EVERYTHING: Final = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
)
DENIED: Final = ("AccessDenied", "UnauthorizedOperation")


@dataclass(frozen=True)
class Others:
    """Ids, names and ARNs of what isn't the plan's. `neighbour` is the name of another plan, which begins with the
    plan's; `role` and `bucket` are that one's."""

    plan: str
    neighbour: str
    vpc: str
    subnet: str
    table: str
    association: str
    group: str
    acl: str
    acl_association: str
    gateway: str
    address: str
    endpoint: str
    options: str
    balancer: str
    targets: str
    listener: str
    classic: str
    role: str
    profile: str
    bucket: str
    zone: str


def others_of(client: Client, plan: str) -> Others:
    """All of it, in a VPC of its own."""
    ec2, elb, elbv2, iam = (client(service) for service in ("ec2", "elb", "elbv2", "iam"))
    neighbour = f"{plan}-eu"
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    zone = f"{ec2.meta.region_name}a"
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.9.0.0/20", AvailabilityZone=zone)["Subnet"]["SubnetId"]
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    acls = ec2.describe_network_acls(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["NetworkAcls"]
    balancer = elbv2.create_load_balancer(Name="theirs", Type="network", Subnets=[subnet])["LoadBalancers"][0]
    targets = elbv2.create_target_group(Name="theirs", Protocol="TCP", Port=80, VpcId=vpc)["TargetGroups"][0]
    role, bucket = f"{neighbour}-MasterIamRole-01234567", f"{neighbour}-infrabucket-01234567"
    iam.create_role(RoleName=role, AssumeRolePolicyDocument=TRUST)
    iam.create_instance_profile(InstanceProfileName=role)
    where = {"CreateBucketConfiguration": {"LocationConstraint": ec2.meta.region_name}}
    client("s3").create_bucket(Bucket=bucket, **where)
    listeners = [{"Protocol": "TCP", "LoadBalancerPort": 80, "InstancePort": 80}]
    elb.create_load_balancer(LoadBalancerName="theirs-too", Listeners=listeners, Subnets=[subnet])
    hosted = client("route53").create_hosted_zone(Name="theirs.example-corp.org", CallerReference="theirs")
    return Others(
        plan=plan,
        neighbour=neighbour,
        vpc=vpc,
        subnet=subnet,
        table=table,
        association=ec2.associate_route_table(SubnetId=subnet, RouteTableId=table)["AssociationId"],
        group=ec2.create_security_group(GroupName="theirs", Description="theirs", VpcId=vpc)["GroupId"],
        acl=acls[0]["NetworkAclId"],
        acl_association=acls[0]["Associations"][0]["NetworkAclAssociationId"],
        gateway=gateway,
        address=ec2.allocate_address(Domain="vpc")["AllocationId"],
        endpoint=ec2.create_vpc_endpoint(
            VpcId=vpc, ServiceName=f"com.amazonaws.{ec2.meta.region_name}.s3", VpcEndpointType="Gateway"
        )["VpcEndpoint"]["VpcEndpointId"],
        options=ec2.create_dhcp_options(
            DhcpConfigurations=[{"Key": "domain-name", "Values": ["theirs.example-corp.org"]}]
        )["DhcpOptions"]["DhcpOptionsId"],
        balancer=balancer["LoadBalancerArn"],
        targets=targets["TargetGroupArn"],
        listener=elbv2.create_listener(
            LoadBalancerArn=balancer["LoadBalancerArn"],
            Protocol="TCP",
            Port=80,
            DefaultActions=[{"Type": "forward", "TargetGroupArn": targets["TargetGroupArn"]}],
        )["Listeners"][0]["ListenerArn"],
        classic="theirs-too",
        role=role,
        profile=role,
        bucket=bucket,
        zone=hosted["HostedZone"]["Id"].rpartition("/")[2],
    )


def plan_tags(plan: str) -> list[dict[str, str]]:
    return [{"Key": "ocpprov:plan", "Value": plan}]


def specified(type: str, plan: str) -> list[dict[str, Any]]:
    """Tags at creation, as EC2 takes them."""
    return [{"ResourceType": type, "Tags": plan_tags(plan)}]


def record(name: str) -> dict[str, Any]:
    """A batch of changes that makes one record."""
    one = {"Name": name, "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}
    return {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": one}]}


Attempt = Callable[[Client, Others], Any]

ON_THE_NETWORK: Final[Mapping[str, Attempt]] = {
    "tag a VPC as ours": lambda aws, o: aws("ec2").create_tags(Resources=[o.vpc], Tags=plan_tags(o.plan)),
    "delete that VPC": lambda aws, o: aws("ec2").delete_vpc(VpcId=o.vpc),
    "delete a subnet": lambda aws, o: aws("ec2").delete_subnet(SubnetId=o.subnet),
    "take a VPC's tags": lambda aws, o: aws("ec2").delete_tags(Resources=[o.vpc]),
    "change a VPC": lambda aws, o: aws("ec2").modify_vpc_attribute(VpcId=o.vpc, EnableDnsSupport={"Value": False}),
    "change a subnet": lambda aws, o: aws("ec2").modify_subnet_attribute(
        SubnetId=o.subnet, MapPublicIpOnLaunch={"Value": True}
    ),
    "make a subnet in a VPC": lambda aws, o: aws("ec2").create_subnet(
        VpcId=o.vpc, CidrBlock="10.9.16.0/20", TagSpecifications=specified("subnet", o.plan)
    ),
    "make a VPC without our tag": lambda aws, o: aws("ec2").create_vpc(CidrBlock="10.8.0.0/16"),
    "make a VPC for another plan": lambda aws, o: aws("ec2").create_vpc(
        CidrBlock="10.8.0.0/16", TagSpecifications=specified("vpc", o.neighbour)
    ),
    "detach an internet gateway": lambda aws, o: aws("ec2").detach_internet_gateway(
        InternetGatewayId=o.gateway, VpcId=o.vpc
    ),
    "change an endpoint": lambda aws, o: aws("ec2").modify_vpc_endpoint(
        VpcEndpointId=o.endpoint, AddRouteTableIds=[o.table]
    ),
    "delete an endpoint": lambda aws, o: aws("ec2").delete_vpc_endpoints(VpcEndpointIds=[o.endpoint]),
    "make a route": lambda aws, o: aws("ec2").create_route(
        RouteTableId=o.table, DestinationCidrBlock="0.0.0.0/0", GatewayId=o.gateway
    ),
    "take a subnet from its table": lambda aws, o: aws("ec2").disassociate_route_table(AssociationId=o.association),
    "give a subnet another table": lambda aws, o: aws("ec2").replace_route_table_association(
        AssociationId=o.association, RouteTableId=o.table
    ),
    "give a subnet another ACL": lambda aws, o: aws("ec2").replace_network_acl_association(
        AssociationId=o.acl_association, NetworkAclId=o.acl
    ),
    "open an ACL": lambda aws, o: aws("ec2").delete_network_acl_entry(NetworkAclId=o.acl, RuleNumber=100, Egress=False),
    "give a VPC other options": lambda aws, o: aws("ec2").associate_dhcp_options(DhcpOptionsId=o.options, VpcId=o.vpc),
    "open a group": lambda aws, o: aws("ec2").authorize_security_group_ingress(
        GroupId=o.group,
        IpPermissions=[{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}],
        TagSpecifications=specified("security-group-rule", o.plan),
    ),
    "close a group": lambda aws, o: aws("ec2").revoke_security_group_egress(
        GroupId=o.group, IpPermissions=[{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
    ),
    "release an address": lambda aws, o: aws("ec2").release_address(AllocationId=o.address),
    "run a machine": lambda aws, o: aws("ec2").run_instances(ImageId="ami-00000000", MinCount=1, MaxCount=1),
}

ON_BALANCERS: Final[Mapping[str, Attempt]] = {
    "tag a balancer as ours": lambda aws, o: aws("elbv2").add_tags(ResourceArns=[o.balancer], Tags=plan_tags(o.plan)),
    "delete that balancer": lambda aws, o: aws("elbv2").delete_load_balancer(LoadBalancerArn=o.balancer),
    "take a balancer's tags": lambda aws, o: aws("elbv2").remove_tags(ResourceArns=[o.balancer], TagKeys=["a"]),
    "give a balancer other groups": lambda aws, o: aws("elbv2").set_security_groups(
        LoadBalancerArn=o.balancer, SecurityGroups=[o.group]
    ),
    "give a balancer other subnets": lambda aws, o: aws("elbv2").set_subnets(
        LoadBalancerArn=o.balancer, Subnets=[o.subnet]
    ),
    "change a balancer": lambda aws, o: aws("elbv2").modify_load_balancer_attributes(
        LoadBalancerArn=o.balancer, Attributes=[{"Key": "deletion_protection.enabled", "Value": "false"}]
    ),
    "make a listener": lambda aws, o: aws("elbv2").create_listener(
        LoadBalancerArn=o.balancer,
        Protocol="TCP",
        Port=81,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": o.targets}],
        Tags=plan_tags(o.plan),
    ),
    "change a listener": lambda aws, o: aws("elbv2").modify_listener(ListenerArn=o.listener, Port=82),
    "delete a listener": lambda aws, o: aws("elbv2").delete_listener(ListenerArn=o.listener),
    "register a target": lambda aws, o: aws("elbv2").register_targets(
        TargetGroupArn=o.targets, Targets=[{"Id": "10.9.0.9"}]
    ),
    "take a target": lambda aws, o: aws("elbv2").deregister_targets(
        TargetGroupArn=o.targets, Targets=[{"Id": "10.9.0.9"}]
    ),
    "delete targets": lambda aws, o: aws("elbv2").delete_target_group(TargetGroupArn=o.targets),
    "make a balancer without our tag": lambda aws, o: aws("elbv2").create_load_balancer(
        Name="more", Type="network", Subnets=[o.subnet]
    ),
    "tag a classic balancer as ours": lambda aws, o: aws("elb").add_tags(
        LoadBalancerNames=[o.classic], Tags=plan_tags(o.plan)
    ),
    "delete that classic balancer": lambda aws, o: aws("elb").delete_load_balancer(LoadBalancerName=o.classic),
}

ON_NAMES: Final[Mapping[str, Attempt]] = {
    "make a role of a name of one's own": lambda aws, o: aws("iam").create_role(
        RoleName=f"{o.plan}-admin", AssumeRolePolicyDocument=TRUST
    ),
    "make a role of a neighbour's name": lambda aws, o: aws("iam").create_role(
        RoleName=f"{o.neighbour}-WorkerIamRole-01234567", AssumeRolePolicyDocument=TRUST
    ),
    "attach everything to our role": lambda aws, o: aws("iam").attach_role_policy(
        RoleName=f"{o.plan}-MasterIamRole-01234567", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess"
    ),
    "become a role": lambda aws, o: aws("iam").update_assume_role_policy(RoleName=o.role, PolicyDocument=TRUST),
    "let a role do everything": lambda aws, o: aws("iam").put_role_policy(
        RoleName=o.role, PolicyName="all", PolicyDocument=EVERYTHING
    ),
    "tag a role as ours": lambda aws, o: aws("iam").tag_role(RoleName=o.role, Tags=plan_tags(o.plan)),
    "delete a role": lambda aws, o: aws("iam").delete_role(RoleName=o.role),
    "take a role's boundary": lambda aws, o: aws("iam").delete_role_permissions_boundary(RoleName=o.role),
    "take our role's boundary": lambda aws, o: aws("iam").delete_role_permissions_boundary(
        RoleName=f"{o.plan}-MasterIamRole-01234567"
    ),
    "give our role a wide boundary": lambda aws, o: aws("iam").put_role_permissions_boundary(
        RoleName=f"{o.plan}-MasterIamRole-01234567",
        PermissionsBoundary="arn:aws:iam::aws:policy/AdministratorAccess",
    ),
    "put a role into a profile": lambda aws, o: aws("iam").add_role_to_instance_profile(
        InstanceProfileName=o.profile, RoleName=o.role
    ),
    "make a user": lambda aws, o: aws("iam").create_user(UserName=f"{o.plan}-MasterIamRole-01234567"),
    "open a bucket": lambda aws, o: aws("s3").put_bucket_policy(Bucket=o.bucket, Policy="{}"),
    "read a bucket's policy": lambda aws, o: aws("s3").get_bucket_policy(Bucket=o.bucket),
    "list a bucket": lambda aws, o: aws("s3").list_objects_v2(Bucket=o.bucket),
    "read from a bucket": lambda aws, o: aws("s3").get_object(Bucket=o.bucket, Key="bootstrap.ign"),
    "write into a bucket": lambda aws, o: aws("s3").put_object(Bucket=o.bucket, Key="bootstrap.ign", Body=b""),
    "delete a bucket": lambda aws, o: aws("s3").delete_bucket(Bucket=o.bucket),
    "change a record of another name": lambda aws, o: aws("route53").change_resource_record_sets(
        HostedZoneId=o.zone, ChangeBatch=record("www.theirs.example-corp.org")
    ),
}

ATTEMPTS: Final[Mapping[str, Attempt]] = {**ON_THE_NETWORK, **ON_BALANCERS, **ON_NAMES}


def outcome(attempt: Callable[[], Any]) -> str:
    """The code of the refusal, or that it was done."""
    try:
        attempt()
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return "done"


def tried(client: Client, others: Others) -> dict[str, str]:
    """What comes of all attempts, one after the other."""
    return {name: outcome(partial(attempt, client, others)) for name, attempt in ATTEMPTS.items()}

"""What plans/public-3az.yaml makes, with boto3 and 16 threads, written straight: no look at what is there, no second
try, no tags of ownership. Arguments: the region, the three zones, the bucket's name, and a folder with policies.
"""

from __future__ import annotations

import sys
import uuid
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

REGION, ZONES, BUCKET, FOLDER = sys.argv[1], sys.argv[2:5], sys.argv[5], Path(sys.argv[6])
INFRA, DOMAIN = "prod-x7k2p", "prod.example-corp.net"
TARGETS = ["10.0.48.10", "10.0.64.10", "10.0.80.10"]
CLUSTER = {"Key": f"kubernetes.io/cluster/{INFRA}", "Value": "shared"}
POOL = ThreadPoolExecutor(16)


def client(service: str) -> Any:
    make: Any = boto3.client
    return make(service, region_name=REGION, config=Config(max_pool_connections=16))


EC2, ELB, IAM, ROUTE53, S3 = map(client, ("ec2", "elbv2", "iam", "route53", "s3"))


def together(*calls: Callable[[], Any]) -> list[Any]:
    """All at the same time; what each has answered."""
    return [future.result() for future in [POOL.submit(call) for call in calls]]


def each(of: Iterable[Any], call: Callable[[Any], Any]) -> list[Any]:
    return list(POOL.map(call, of))


def tags(kind: str, name: str, *more: dict[str, str]) -> list[dict[str, Any]]:
    return [{"ResourceType": kind, "Tags": [{"Key": "Name", "Value": f"public-3az-{name}"}, *more]}]


def policy(name: str) -> str:
    return (FOLDER / f"{name}.json").read_text()


def identity(name: str) -> None:
    """A role, and the profile by which machines have it."""
    IAM.create_role(RoleName=f"{INFRA}-{name}", AssumeRolePolicyDocument=policy("trust"))
    IAM.put_role_policy(RoleName=f"{INFRA}-{name}", PolicyName=f"{INFRA}-{name}-policy", PolicyDocument=policy(name))

    IAM.create_instance_profile(InstanceProfileName=f"{INFRA}-{name}-profile")
    IAM.add_role_to_instance_profile(InstanceProfileName=f"{INFRA}-{name}-profile", RoleName=f"{INFRA}-{name}")


def bucket() -> None:
    S3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    S3.put_bucket_tagging(Bucket=BUCKET, Tagging={"TagSet": [{"Key": "Name", "Value": "public-3az-InfraBucket"}]})
    blocks = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
    S3.put_public_access_block(Bucket=BUCKET, PublicAccessBlockConfiguration=dict.fromkeys(blocks, True))
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    S3.put_bucket_encryption(Bucket=BUCKET, ServerSideEncryptionConfiguration={"Rules": [rule]})
    S3.put_bucket_policy(Bucket=BUCKET, Policy=policy("bucket"))


def subnet(number: int) -> str:
    public = number < 3
    kind = "elb" if public else "internal-elb"
    named = tags("subnet", f"{kind}-{number % 3}", {"Key": f"kubernetes.io/role/{kind}", "Value": ""}, CLUSTER)
    made = EC2.create_subnet(
        VpcId=vpc,
        CidrBlock=f"10.0.{number * 16}.0/20",
        AvailabilityZone=ZONES[number % 3],
        TagSpecifications=named,
    )
    return str(made["Subnet"]["SubnetId"])


def table(number: int) -> str:
    made = EC2.create_route_table(VpcId=vpc, TagSpecifications=tags("route-table", f"table-{number}"))
    return str(made["RouteTable"]["RouteTableId"])


def group(name: str) -> str:
    named = tags("security-group", f"{name}-sg")
    made = EC2.create_security_group(VpcId=vpc, GroupName=f"{INFRA}-{name}", Description=name, TagSpecifications=named)
    return str(made["GroupId"])


def address(number: int) -> str:
    made = EC2.allocate_address(Domain="vpc", TagSpecifications=tags("elastic-ip", f"eip-{number}"))
    return str(made["AllocationId"])


def nat(number: int) -> str:
    made = EC2.create_nat_gateway(
        SubnetId=subnets[number], AllocationId=addresses[number], TagSpecifications=tags("natgateway", f"nat-{number}")
    )
    return str(made["NatGateway"]["NatGatewayId"])


def open_port(protocol: str, first: int, last: int) -> dict[str, Any]:
    ports = {"IpProtocol": protocol, "FromPort": first, "ToPort": last}
    return {**ports, "IpRanges": [{"CidrIp": "10.0.0.0/16"}]}


def peers(kubelet: int) -> list[dict[str, Any]]:
    """What masters and workers let each other reach."""
    ports = [("udp", 4789, 4789), ("udp", 6081, 6081), ("udp", 500, 500), ("udp", 4500, 4500), ("50", -1, -1)]
    ports += [("tcp", 9000, 9999), ("udp", 9000, 9999), ("tcp", 10250, kubelet)]
    ports += [("tcp", 30000, 32767), ("udp", 30000, 32767)]
    both = [{"GroupId": master}, {"GroupId": worker}]
    return [{"IpProtocol": p, "FromPort": f, "ToPort": t, "UserIdGroupPairs": both} for p, f, t in ports]


def rules(of: str) -> None:
    ssh, ping = open_port("tcp", 22, 22), open_port("icmp", -1, -1)
    etcd = {"IpProtocol": "tcp", "FromPort": 2379, "ToPort": 2380, "UserIdGroupPairs": [{"GroupId": master}]}
    api = [open_port("tcp", 6443, 6443), open_port("tcp", 22623, 22623)]
    wanted = {
        master: [ssh, ping, *api, etcd, *peers(10259)],
        worker: [ssh, ping, *peers(10250)],
        bootstrap: [ssh, open_port("tcp", 19531, 19531)],
    }
    EC2.authorize_security_group_ingress(GroupId=of, IpPermissions=wanted[of])


ENTRIES: list[tuple[int, bool, str, str, tuple[int, int] | None]] = [
    (90, False, "-1", "10.0.0.0/16", None),
    (100, False, "6", "0.0.0.0/0", (80, 80)),
    (101, False, "6", "0.0.0.0/0", (443, 443)),
    (102, False, "6", "0.0.0.0/0", (22, 22)),
    (103, False, "6", "0.0.0.0/0", (1024, 65535)),
    (104, False, "17", "0.0.0.0/0", (1024, 65535)),
    (105, False, "1", "0.0.0.0/0", None),
    (90, True, "-1", "10.0.0.0/16", None),
    (100, True, "6", "0.0.0.0/0", (0, 65535)),
    (101, True, "17", "0.0.0.0/0", (0, 65535)),
    (102, True, "1", "0.0.0.0/0", None),
]


def entry(row: tuple[int, bool, str, str, tuple[int, int] | None]) -> None:
    number, egress, protocol, block, ports = row
    more: dict[str, Any] = {"PortRange": {"From": ports[0], "To": ports[1]}} if ports else {}
    if protocol == "1":
        more = {"IcmpTypeCode": {"Type": -1, "Code": -1}}
    EC2.create_network_acl_entry(
        NetworkAclId=acl,
        RuleNumber=number,
        Egress=egress,
        Protocol=protocol,
        CidrBlock=block,
        RuleAction="allow",
        **more,
    )


def acl_of_subnets() -> None:
    inside = [{"Name": "association.subnet-id", "Values": subnets[:3]}]
    found = EC2.describe_network_acls(Filters=inside)["NetworkAcls"]
    associations = [row for each_acl in found for row in each_acl["Associations"] if row["SubnetId"] in subnets[:3]]
    for row in associations:
        EC2.replace_network_acl_association(AssociationId=row["NetworkAclAssociationId"], NetworkAclId=acl)


def balancer(name: str) -> dict[str, Any]:
    public = name == "ext"
    made: dict[str, Any] = ELB.create_load_balancer(
        Name=f"{INFRA}-{name}",
        Type="network",
        Scheme="internet-facing" if public else "internal",
        IpAddressType="ipv4",
        Subnets=subnets[:3] if public else subnets[3:],
    )["LoadBalancers"][0]
    cross_zone = [{"Key": "load_balancing.cross_zone.enabled", "Value": "true"}]
    ELB.modify_load_balancer_attributes(LoadBalancerArn=made["LoadBalancerArn"], Attributes=cross_zone)
    return made


def target_group(name: str, port: int, path: str) -> str:
    made = ELB.create_target_group(
        Name=f"{INFRA}-{name}",
        Protocol="TCP",
        Port=port,
        VpcId=vpc,
        TargetType="ip",
        HealthCheckProtocol="HTTPS",
        HealthCheckPort=str(port),
        HealthCheckPath=path,
        HealthCheckIntervalSeconds=10,
        HealthyThresholdCount=2,
        UnhealthyThresholdCount=2,
    )
    arn = str(made["TargetGroups"][0]["TargetGroupArn"])
    settings = {"deregistration_delay.timeout_seconds": "60", "preserve_client_ip.enabled": "false"}
    attributes = [{"Key": key, "Value": value} for key, value in settings.items()]
    ELB.modify_target_group_attributes(TargetGroupArn=arn, Attributes=attributes)
    ELB.register_targets(TargetGroupArn=arn, Targets=[{"Id": target, "Port": port} for target in TARGETS])
    return arn


def listener(of: dict[str, Any], port: int, to: str) -> None:
    forward = [{"Type": "forward", "TargetGroupArn": to}]
    ELB.create_listener(LoadBalancerArn=of["LoadBalancerArn"], Port=port, Protocol="TCP", DefaultActions=forward)


def zone(name: str, *vpcs: dict[str, str]) -> str:
    more: dict[str, Any] = {"VPC": vpcs[0]} if vpcs else {}
    made = ROUTE53.create_hosted_zone(Name=name, CallerReference=str(uuid.uuid4()), **more)
    id = str(made["HostedZone"]["Id"].rsplit("/")[-1])
    named = [{"Key": "Name", "Value": name}]
    ROUTE53.change_tags_for_resource(ResourceType="hostedzone", ResourceId=id, AddTags=named)
    return id


def records(of: str, to: dict[str, Any], *names: str) -> None:
    alias = {"HostedZoneId": to["CanonicalHostedZoneId"], "DNSName": to["DNSName"], "EvaluateTargetHealth": False}
    sets = [{"Name": f"{name}.{DOMAIN}", "Type": "A", "AliasTarget": alias} for name in names]
    changes = [{"Action": "CREATE", "ResourceRecordSet": each_set} for each_set in sets]
    ROUTE53.change_resource_record_sets(HostedZoneId=of, ChangeBatch={"Changes": changes})


vpc, gateway, public_zone, *addresses = together(
    lambda: EC2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"],
    lambda: EC2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"],
    lambda: zone("example-corp.net"),
    *(lambda number=number: address(number) for number in range(3)),
)
storage = POOL.submit(bucket)
identities = [POOL.submit(identity, name) for name in ("master", "worker", "bootstrap")]
together(
    lambda: EC2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True}),
    lambda: EC2.attach_internet_gateway(VpcId=vpc, InternetGatewayId=gateway),
)
private_zone_made = POOL.submit(lambda: zone(DOMAIN, {"VPCRegion": REGION, "VPCId": vpc}))
subnets = each(range(6), subnet)
nats_made = [POOL.submit(nat, number) for number in range(3)]
balancers_made = [POOL.submit(balancer, name) for name in ("ext", "int")]
tables = each(range(4), table)
master, worker, bootstrap = each(("master", "worker", "bootstrap"), group)
acl = EC2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
groups_of_targets = each(
    [("aext", 6443, "/readyz"), ("aint", 6443, "/readyz"), ("sint", 22623, "/healthz")], lambda row: target_group(*row)
)
together(
    *(lambda of=of: rules(of) for of in (master, worker, bootstrap)),
    *(lambda row=row: entry(row) for row in ENTRIES),
    lambda: EC2.create_route(RouteTableId=tables[3], DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway),
    lambda: EC2.create_vpc_endpoint(VpcId=vpc, ServiceName=f"com.amazonaws.{REGION}.s3", RouteTableIds=tables),
    *(
        lambda n=n: EC2.associate_route_table(SubnetId=subnets[n], RouteTableId=tables[3 if n < 3 else n - 3])
        for n in range(6)
    ),
)
acl_of_subnets()
ext, int_ = (future.result() for future in balancers_made)
together(
    lambda: listener(ext, 6443, groups_of_targets[0]),
    lambda: listener(int_, 6443, groups_of_targets[1]),
    lambda: listener(int_, 22623, groups_of_targets[2]),
)
nats = [future.result() for future in nats_made]
private_zone = private_zone_made.result()


def routes() -> None:
    EC2.get_waiter("nat_gateway_available").wait(NatGatewayIds=nats)
    each(
        range(3),
        lambda n: EC2.create_route(RouteTableId=tables[n], DestinationCidrBlock="0.0.0.0/0", NatGatewayId=nats[n]),
    )


def names() -> None:
    ELB.get_waiter("load_balancer_available").wait(LoadBalancerArns=[ext["LoadBalancerArn"], int_["LoadBalancerArn"]])
    together(lambda: records(public_zone, ext, "api"), lambda: records(private_zone, int_, "api", "api-int"))


together(routes, names)
for made in (storage, *identities):
    made.result()

"""Foreign things of every type that takes tags, with a copy of the tags of something that a plan made."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from tests.end_to_end.local import LocalAws
from tests.end_to_end.one_of_each import PLAN
from tests.end_to_end.others import EVERYTHING, TRUST
from tests.end_to_end.plants import Tags, owned, pairs
from tests.end_to_end.world import REGION
from tests.support.picture import Picture, Place

BLOCK: Final = "10.0.0.0/16"
TAGS_ON_A_ZONE: Final = 10
Client = Callable[[str], Any]


@dataclass(frozen=True)
class Network:
    """A VPC, a subnet in it, a load balancer in that, and a bucket; without one each object has a bucket of its own."""

    vpc: str
    subnet: str
    balancer: str = ""
    targets: str = ""
    bucket: str = ""


@dataclass(frozen=True)
class Spot:
    """Where the `number`th thing is made: in a network, with the tags."""

    client: Client
    network: Network
    number: int
    tags: Tags

    @property
    def name(self) -> str:
        place = self.network.vpc[-4:]
        return f"theirs-{self.number}-{place}"

    @property
    def few(self) -> list[dict[str, str]]:
        """As many as a zone or an object takes."""
        return pairs(self.tags)[:TAGS_ON_A_ZONE]

    @property
    def balancing(self) -> list[dict[str, str]]:
        """As load balancing takes them: no value begins with `aws:` there, so the plan has its own without it, too."""
        return pairs({key: value.removeprefix("AWS::") for key, value in self.tags.items()})

    def tagged(self, type: str, id: str) -> Place:
        self.client("ec2").create_tags(Resources=[id], Tags=pairs(self.tags))
        return type, id


def written(extra: Mapping[str, Any], without: Sequence[str] = (), given: str = "") -> dict[str, Any]:
    """A plan of one of everything; with `given` in a network of others."""
    known: Any = PLAN["Resources"]
    every: Mapping[str, Mapping[str, Any]] = {**known, **extra}
    resources = {
        name: {key: value for key, value in each.items() if value not in without}
        for name, each in every.items()
        if name not in without
    }
    text = json.dumps(resources)
    if given:
        text = text.replace('{"Ref": "Vpc"}', json.dumps(given))
    return {
        "name": "prod",
        "region": REGION,
        "Resources": json.loads(text),
        "Metadata": {
            "Ocpprov": {
                "Resources": {
                    "File": {
                        "Type": "Ocpprov::S3::Object",
                        "Properties": {"Bucket": {"Ref": "Bucket"}, "Key": "bootstrap.ign", "Source": "bootstrap.ign"},
                    }
                }
            }
        },
    }


def rare(aws: LocalAws) -> dict[str, Any]:
    """Resources of the types that few plans have."""
    ec2 = aws.client("ec2")
    hub = ec2.create_vpc(CidrBlock="10.250.0.0/16")["Vpc"]["VpcId"]
    transit = ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
    vpc, private = {"Ref": "Vpc"}, {"Ref": "Private"}
    return {
        "Names": {"Type": "AWS::EC2::DHCPOptions", "Properties": {"DomainName": "corp.example"}},
        "Peering": {"Type": "AWS::EC2::VPCPeeringConnection", "Properties": {"VpcId": vpc, "PeerVpcId": hub}},
        "Transit": {
            "Type": "AWS::EC2::TransitGatewayAttachment",
            "Properties": {"VpcId": vpc, "TransitGatewayId": transit, "SubnetIds": [private]},
        },
        "Classic": {
            "Type": "AWS::ElasticLoadBalancing::LoadBalancer",
            "Properties": {
                "LoadBalancerName": "prod-classic",
                "Scheme": "internal",
                "Subnets": [private],
                "Listeners": [{"LoadBalancerPort": "80", "InstancePort": "80", "Protocol": "TCP"}],
            },
        },
    }


def network_of_others(client: Client, block: str = "10.77.0.0/16") -> Network:
    ec2 = client("ec2")
    vpc = ec2.create_vpc(CidrBlock=block)["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock=block.replace("0.0/16", "0.0/24"))["Subnet"]["SubnetId"]
    with_gateway(client, vpc)
    return with_balancer(client, Network(vpc, subnet))


def with_gateway(client: Client, vpc: str) -> None:
    """An internet gateway, without which no NAT gateway lives."""
    gateway = client("ec2").create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    client("ec2").attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)


def with_balancer(client: Client, network: Network) -> Network:
    """The same, with a load balancer of others."""
    elbv2, name = client("elbv2"), f"corp-{network.vpc[-4:]}"
    made = elbv2.create_load_balancer(Name=name, Type="network", Scheme="internal", Subnets=[network.subnet])
    group = elbv2.create_target_group(Name=name, Protocol="TCP", Port=80, VpcId=network.vpc)
    return replace(
        network,
        balancer=made["LoadBalancers"][0]["LoadBalancerArn"],
        targets=group["TargetGroups"][0]["TargetGroupArn"],
    )


def tag_sets(seen: Picture) -> Mapping[str, Tags]:
    """What each thing of the plan has for tags, by its logical id."""
    return {name: tags for name, tags in owned(seen)[1].items() if tags.get("ocpprov:plan") == "prod"}


def _vpc(at: Spot) -> Place:
    return at.tagged("VPC", at.client("ec2").create_vpc(CidrBlock=BLOCK)["Vpc"]["VpcId"])


def _subnet(at: Spot) -> Place:
    block = at.client("ec2").describe_vpcs(VpcIds=[at.network.vpc])["Vpcs"][0]["CidrBlock"]
    made = at.client("ec2").create_subnet(
        VpcId=at.network.vpc, CidrBlock=block.replace(".0.0/16", f".{100 + at.number}.0/24")
    )
    return at.tagged("Subnet", made["Subnet"]["SubnetId"])


def _gateway(at: Spot) -> Place:
    made = at.client("ec2").create_internet_gateway()
    return at.tagged("InternetGateway", made["InternetGateway"]["InternetGatewayId"])


def _address(at: Spot) -> Place:
    return at.tagged("EIP", at.client("ec2").allocate_address(Domain="vpc")["AllocationId"])


def _nat(at: Spot) -> Place:
    address = at.client("ec2").allocate_address(Domain="vpc")["AllocationId"]
    made = at.client("ec2").create_nat_gateway(SubnetId=at.network.subnet, AllocationId=address)
    return at.tagged("NatGateway", made["NatGateway"]["NatGatewayId"])


def _table(at: Spot) -> Place:
    made = at.client("ec2").create_route_table(VpcId=at.network.vpc)
    return at.tagged("RouteTable", made["RouteTable"]["RouteTableId"])


def _acl(at: Spot) -> Place:
    made = at.client("ec2").create_network_acl(VpcId=at.network.vpc)
    return at.tagged("NetworkAcl", made["NetworkAcl"]["NetworkAclId"])


def _group(at: Spot) -> Place:
    made = at.client("ec2").create_security_group(GroupName=at.name, Description="theirs", VpcId=at.network.vpc)
    return at.tagged("SecurityGroup", made["GroupId"])


def _rule(at: Spot) -> Place:
    group = at.client("ec2").create_security_group(GroupName=at.name, Description="theirs", VpcId=at.network.vpc)
    rule = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "192.0.2.0/24"}]}
    made = at.client("ec2").authorize_security_group_ingress(GroupId=group["GroupId"], IpPermissions=[rule])
    return at.tagged("SecurityGroupRule", made["SecurityGroupRules"][0]["SecurityGroupRuleId"])


def _endpoint(at: Spot) -> Place:
    made = at.client("ec2").create_vpc_endpoint(VpcId=at.network.vpc, ServiceName=f"com.amazonaws.{REGION}.s3")
    return at.tagged("VPCEndpoint", made["VpcEndpoint"]["VpcEndpointId"])


def _options(at: Spot) -> Place:
    values = [{"Key": "domain-name", "Values": ["theirs.example"]}]
    made = at.client("ec2").create_dhcp_options(DhcpConfigurations=values)
    return at.tagged("DHCPOptions", made["DhcpOptions"]["DhcpOptionsId"])


def _peering(at: Spot) -> Place:
    ec2 = at.client("ec2")
    # Of two VPCs there is one connection: asked for again, AWS answers with that.
    beside = ec2.create_vpc(CidrBlock="10.251.0.0/16")["Vpc"]["VpcId"]
    made = ec2.create_vpc_peering_connection(VpcId=at.network.vpc, PeerVpcId=beside)
    return at.tagged("VPCPeeringConnection", made["VpcPeeringConnection"]["VpcPeeringConnectionId"])


def _attachment(at: Spot) -> Place:
    ec2 = at.client("ec2")
    transit = ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
    made = ec2.create_transit_gateway_vpc_attachment(
        TransitGatewayId=transit, VpcId=at.network.vpc, SubnetIds=[at.network.subnet]
    )
    id = made["TransitGatewayVpcAttachment"]["TransitGatewayAttachmentId"]
    return at.tagged("TransitGatewayAttachment", id)


def _balancer(at: Spot) -> Place:
    made = at.client("elbv2").create_load_balancer(
        Name=at.name, Type="network", Scheme="internal", Subnets=[at.network.subnet], Tags=at.balancing
    )
    return "LoadBalancer", made["LoadBalancers"][0]["LoadBalancerArn"]


def _targets(at: Spot) -> Place:
    made = at.client("elbv2").create_target_group(
        Name=at.name, Protocol="TCP", Port=80, VpcId=at.network.vpc, Tags=at.balancing
    )
    return "TargetGroup", made["TargetGroups"][0]["TargetGroupArn"]


def _listener(at: Spot) -> Place:
    made = at.client("elbv2").create_listener(
        LoadBalancerArn=at.network.balancer,
        Protocol="TCP",
        Port=1000 + at.number,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": at.network.targets}],
        Tags=at.balancing,
    )
    return "Listener", made["Listeners"][0]["ListenerArn"]


def _classic(at: Spot) -> Place:
    listeners = [{"Protocol": "TCP", "LoadBalancerPort": 80, "InstancePort": 80}]
    at.client("elb").create_load_balancer(
        LoadBalancerName=at.name, Listeners=listeners, Subnets=[at.network.subnet], Tags=at.balancing
    )
    return "ClassicLoadBalancer", at.name


def _role(at: Spot) -> Place:
    iam = at.client("iam")
    iam.create_role(RoleName=at.name, AssumeRolePolicyDocument=TRUST, Tags=pairs(at.tags))
    iam.put_role_policy(RoleName=at.name, PolicyName="theirs", PolicyDocument=EVERYTHING)
    return "Role", at.name


def _profile(at: Spot) -> Place:
    at.client("iam").create_instance_profile(InstanceProfileName=at.name, Tags=pairs(at.tags))
    return "InstanceProfile", at.name


def _policy(at: Spot) -> Place:
    made = at.client("iam").create_policy(PolicyName=at.name, PolicyDocument=EVERYTHING, Tags=pairs(at.tags))
    return "ManagedPolicy", made["Policy"]["Arn"]


def _zone(at: Spot) -> Place:
    route53 = at.client("route53")
    made = route53.create_hosted_zone(
        Name=f"{at.name}.corp",
        CallerReference=at.name,
        VPC={"VPCRegion": REGION, "VPCId": at.network.vpc},
        HostedZoneConfig={"PrivateZone": True},
    )
    zone = made["HostedZone"]["Id"].rpartition("/")[2]
    route53.change_tags_for_resource(ResourceType="hostedzone", ResourceId=zone, AddTags=at.few)
    return "HostedZone", zone


def _bucket(at: Spot) -> Place:
    s3 = at.client("s3")
    s3.create_bucket(Bucket=at.name, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_tagging(Bucket=at.name, Tagging={"TagSet": pairs(at.tags)})
    return "Bucket", at.name


def _object(at: Spot) -> Place:
    s3, bucket, key = at.client("s3"), at.network.bucket or at.name, f"{at.name}.ign"
    if not at.network.bucket:
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket=bucket, Key=key, Body=b"theirs")
    s3.put_object_tagging(Bucket=bucket, Key=key, Tagging={"TagSet": at.few})
    return "Object", f"{bucket}/{key}"


MAKERS: Final[Mapping[str, Callable[[Spot], Place]]] = {
    "AWS::EC2::VPC": _vpc,
    "AWS::EC2::Subnet": _subnet,
    "AWS::EC2::InternetGateway": _gateway,
    "AWS::EC2::EIP": _address,
    "AWS::EC2::NatGateway": _nat,
    "AWS::EC2::RouteTable": _table,
    "AWS::EC2::NetworkAcl": _acl,
    "AWS::EC2::SecurityGroup": _group,
    "AWS::EC2::SecurityGroupIngress": _rule,
    "AWS::EC2::VPCEndpoint": _endpoint,
    "AWS::EC2::DHCPOptions": _options,
    "AWS::EC2::VPCPeeringConnection": _peering,
    "AWS::EC2::TransitGatewayAttachment": _attachment,
    "AWS::ElasticLoadBalancingV2::LoadBalancer": _balancer,
    "AWS::ElasticLoadBalancingV2::TargetGroup": _targets,
    "AWS::ElasticLoadBalancingV2::Listener": _listener,
    "AWS::ElasticLoadBalancing::LoadBalancer": _classic,
    "AWS::IAM::Role": _role,
    "AWS::IAM::InstanceProfile": _profile,
    "AWS::IAM::ManagedPolicy": _policy,
    "AWS::Route53::HostedZone": _zone,
    "AWS::S3::Bucket": _bucket,
    "Ocpprov::S3::Object": _object,
}
"""One of each type with tags of its own, and a rule, which shares its tags with others of one call."""

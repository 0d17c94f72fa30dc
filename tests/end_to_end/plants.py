"""What others have in an account beside a plan `lab`, each with another part of the plan's tags or another forgery."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from tests.end_to_end.local import LocalAws
from tests.end_to_end.others import EVERYTHING, TRUST
from tests.end_to_end.world import REGION
from tests.support.picture import Picture, Place

DOMAIN: Final = "example-corp.net"
ELSEWHERE: Final = "us-east-1"
PLAN: Final = """\
name: lab
region: eu-west-1
openshift:
  version: "4.12"
  clusterName: prod
  baseDomain: example-corp.net
  infraID: prod-x7k2p
  publish: External
  publicZone: {zone}
  machineNetwork: 10.0.0.0/16
  zones: 1
  egress: nat
  networkAcl: working
  endpoints: [s3, ec2]
  controlPlane: {{addresses: [10.0.48.10]}}
  bootstrap: {{address: 10.0.48.20, ignition: ./bootstrap.ign}}
"""
IN_OURS: Final = ("route in our table", "entry in our ACL", "target in our target group")
"""What AWS keeps as a part of something that the plan made: it can't be without that."""
IN_THE_WAY: Final = ("group in our VPC", "record in our zone")
"""What lies in something of the plan's that AWS doesn't delete while it does."""

Tags = Mapping[str, str]
ONLY_PLAN: Final[Tags] = {"ocpprov:plan": "lab"}


@dataclass(frozen=True)
class Scene:
    """The account, with what the plan made by logical id, and the tags of each of them."""

    aws: LocalAws
    ids: Mapping[str, str]
    tags: Mapping[str, Tags]
    corp: str
    """A VPC of others."""
    net: str
    """A subnet in it."""

    def run(self) -> Tags:
        return {"ocpprov:run": self.tags["VPC"]["ocpprov:run"]}

    def ec2(self) -> Any:
        return self.aws.client("ec2")

    def tag(self, id: str, tags: Tags) -> None:
        self.ec2().create_tags(Resources=[id], Tags=pairs(tags))


def pairs(tags: Tags) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def scene_of(aws: LocalAws, applied: Picture) -> Scene:
    """What the plan made, as its tags say, and a network of others."""
    ids, tags = owned(applied)
    ec2 = aws.client("ec2")
    corp = ec2.create_vpc(CidrBlock="10.90.0.0/16")["Vpc"]["VpcId"]
    net = ec2.create_subnet(VpcId=corp, CidrBlock="10.90.0.0/24", AvailabilityZone=f"{REGION}a")["Subnet"]["SubnetId"]
    return Scene(aws, ids, tags, corp, net)


def owned(seen: Picture) -> tuple[dict[str, str], dict[str, Tags]]:
    """Ids and tags of all that says which logical id it is, by that."""
    ids: dict[str, str] = {}
    tags: dict[str, Tags] = {}
    for (_, id), item in seen.items():
        said = json.loads(item)
        rows = said.get("Tags") if isinstance(said, dict) else None
        own = {row["Key"]: row["Value"] for row in rows or []}
        if name := own.get("ocpprov:resource"):
            ids[name], tags[name] = id, own
    return ids, tags


Plant = Callable[[Scene], Place]
"""Plants one thing, and says which it is."""


def _vpc(tags: Callable[[Scene], Tags], scene: Scene) -> Place:
    id = scene.ec2().create_vpc(CidrBlock="10.91.0.0/16")["Vpc"]["VpcId"]
    scene.tag(id, {"Owner": "corp", **tags(scene)})
    return "VPC", id


def _vpc_elsewhere(scene: Scene) -> Place:
    """In another region, with all the tags of ours: not in this region's picture, so looked at by its group there."""
    ec2 = scene.aws.new_client("ec2", ELSEWHERE)
    id = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    ec2.create_tags(Resources=[id], Tags=pairs(scene.tags["VPC"]))
    return "VPC elsewhere", id


def _subnet(tags: Callable[[Scene], Tags], block: str, scene: Scene) -> Place:
    id = scene.ec2().create_subnet(VpcId=scene.corp, CidrBlock=block)["Subnet"]["SubnetId"]
    scene.tag(id, {"Owner": "corp", **tags(scene)})
    return "Subnet", id


def _group(name: str, tags: Callable[[Scene], Tags], scene: Scene, *, ours: bool = False) -> Place:
    vpc = scene.ids["VPC"] if ours else scene.corp
    id = scene.ec2().create_security_group(VpcId=vpc, GroupName=name, Description="corp")["GroupId"]
    if given := tags(scene):
        scene.tag(id, given)
    return "SecurityGroup", id


def _rule(scene: Scene) -> Place:
    group = _group("with rule", _none, scene)[1]
    rule = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
    answer = scene.ec2().authorize_security_group_ingress(
        GroupId=group,
        IpPermissions=[rule],
        TagSpecifications=[{"ResourceType": "security-group-rule", "Tags": pairs(ONLY_PLAN)}],
    )
    return "SecurityGroupRule", answer["SecurityGroupRules"][0]["SecurityGroupRuleId"]


def _address(tags: Callable[[Scene], Tags], scene: Scene) -> Place:
    id = scene.ec2().allocate_address(Domain="vpc")["AllocationId"]
    scene.tag(id, {"Owner": "corp", **tags(scene)})
    return "EIP", id


def _nat(scene: Scene) -> Place:
    made = scene.ec2().create_nat_gateway(SubnetId=scene.net, ConnectivityType="private")
    id = made["NatGateway"]["NatGatewayId"]
    scene.tag(id, ONLY_PLAN)
    return "NatGateway", id


def _address_of_nat(scene: Scene) -> Place:
    """In a network with a way out: without one the gateway would fail, and let go of it."""
    ec2 = scene.ec2()
    vpc = ec2.create_vpc(CidrBlock="10.92.0.0/16")["Vpc"]["VpcId"]
    net = ec2.create_subnet(VpcId=vpc, CidrBlock="10.92.0.0/24")["Subnet"]["SubnetId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    ec2.create_nat_gateway(SubnetId=net, AllocationId=address)
    scene.tag(address, scene.tags["EIP"])
    return "EIP", address


def _endpoint(scene: Scene) -> Place:
    made = scene.ec2().create_vpc_endpoint(VpcId=scene.corp, ServiceName=f"com.amazonaws.{REGION}.s3")
    id = made["VpcEndpoint"]["VpcEndpointId"]
    scene.tag(id, ONLY_PLAN)
    return "VPCEndpoint", id


def _gateway(scene: Scene) -> Place:
    id = scene.ec2().create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    scene.ec2().attach_internet_gateway(InternetGatewayId=id, VpcId=scene.corp)
    scene.tag(id, ONLY_PLAN)
    return "InternetGateway", id


def _table(scene: Scene) -> Place:
    id = scene.ec2().create_route_table(VpcId=scene.corp)["RouteTable"]["RouteTableId"]
    return "RouteTable", id


def _role(name: str, tags: Callable[[Scene], Tags], scene: Scene) -> Place:
    iam = scene.aws.client("iam")
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=TRUST, Tags=pairs(tags(scene)))
    iam.put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=EVERYTHING)
    return "Role", name


def _without_region(scene: Scene) -> Tags:
    return {key: value for key, value in scene.tags["MasterIamRole"].items() if key != "ocpprov:region"}


def _policy(scene: Scene) -> Place:
    made = scene.aws.client("iam").create_policy(
        PolicyName="corp-policy", PolicyDocument=EVERYTHING, Tags=pairs({**ONLY_PLAN, "ocpprov:region": REGION})
    )
    return "ManagedPolicy", made["Policy"]["Arn"]


def _profile(name: str, tags: Tags, scene: Scene) -> Place:
    scene.aws.client("iam").create_instance_profile(InstanceProfileName=name, Tags=pairs(tags))
    return "InstanceProfile", name


def _vouched(scene: Scene) -> Place:
    place = _profile("corp-vouched", {}, scene)
    tags = {"ocpprov:vouches-for": "MasterInstanceProfile corp-vouched"}
    scene.aws.client("iam").tag_role(RoleName=scene.ids["MasterIamRole"], Tags=pairs(tags))
    return place


def _zone(name: str, reference: str, tags: Callable[[Scene], Tags], scene: Scene) -> Place:
    route53 = scene.aws.client("route53")
    private = {"VPC": {"VPCRegion": REGION, "VPCId": scene.corp}, "HostedZoneConfig": {"PrivateZone": True}}
    id = route53.create_hosted_zone(Name=name, CallerReference=reference, **private)["HostedZone"]["Id"]
    zone = id.rpartition("/")[2]
    if given := tags(scene):
        route53.change_tags_for_resource(ResourceType="hostedzone", ResourceId=zone, AddTags=pairs(given))
    return "HostedZone", zone


def _record(zone: str, name: str, scene: Scene, type: str = "A", value: str = "10.90.0.9") -> Place:
    record = {"Name": name, "Type": type, "TTL": 60, "ResourceRecords": [{"Value": value}]}
    batch = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]}
    scene.aws.client("route53").change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)
    return "RecordSet", f"{zone} {name}. {type}"


def _forged_record(host: str, type: str, value: str, number: int, scene: Scene) -> Place:
    """In a zone of others, and named by the ledger of our balancer."""
    zone = _zone(f"payments-{number}.corp", f"corp-{number}", _none, scene)[1]
    name = f"{host}payments-{number}.corp"
    place = _record(zone, name, scene, type, value)
    tags = {f"ocpprov:records.{number}": f"{zone} rr {name} {type}"}
    scene.aws.client("elbv2").add_tags(ResourceArns=[scene.ids["IntApiElb"]], Tags=pairs(tags))
    return place


def _zone_with_record(scene: Scene) -> Place:
    place = _zone("full.corp", "corp-full", lambda scene: scene.tags["IntDns"], scene)
    _record(place[1], "www.full.corp", scene)
    return place


def _record_of_tagged_zone(scene: Scene) -> Place:
    zone = _zone("fuller.corp", "corp-fuller", lambda scene: scene.tags["IntDns"], scene)[1]
    return _record(zone, "www.fuller.corp", scene)


def _forged_child(scene: Scene) -> Place:
    """In our zone, and named by the zone's ledger."""
    zone = scene.ids["IntDns"]
    said = scene.tags["IntDns"].get("ocpprov:children", "")
    tags = {"ocpprov:children": f"{said} + rr db.prod.{DOMAIN} A"}
    scene.aws.client("route53").change_tags_for_resource(
        ResourceType="hostedzone", ResourceId=zone, AddTags=pairs(tags)
    )
    return _record(zone, f"db.prod.{DOMAIN}", scene)


def _bucket(name: str, scene: Scene) -> Place:
    s3 = scene.aws.client("s3")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": pairs({**ONLY_PLAN, "ocpprov:region": REGION})})
    return "Bucket", name


def _full_bucket(scene: Scene) -> Place:
    place = _bucket("corp-full", scene)
    scene.aws.client("s3").put_object(Bucket="corp-full", Key="ledger.csv", Body=b"corp")
    return place


def _object(scene: Scene) -> Place:
    _bucket("corp-fuller", scene)
    tags = "&".join(f"{key}={value}" for key, value in scene.tags["BootstrapIgnition"].items())
    scene.aws.client("s3").put_object(Bucket="corp-fuller", Key="bootstrap.ign", Body=b"corp", Tagging=tags)
    return "Object", "corp-fuller/bootstrap.ign"


def _route(scene: Scene) -> Place:
    table = scene.ids["PrivateRouteTable"]
    scene.ec2().create_route(RouteTableId=table, DestinationCidrBlock="192.168.0.0/16", NatGatewayId=scene.ids["NAT"])
    return "Route", f"{table} 192.168.0.0/16"


def _entry(scene: Scene) -> Place:
    acl = next(id for id in scene.ids.values() if id.startswith("acl-"))
    scene.ec2().create_network_acl_entry(
        NetworkAclId=acl, RuleNumber=777, Protocol="-1", RuleAction="deny", Egress=False, CidrBlock="192.0.2.0/24"
    )
    return "NetworkAclEntry", f"{acl} 777 False"


def _target(scene: Scene) -> Place:
    group = scene.ids["InternalApiTargetGroup"]
    scene.aws.client("elbv2").register_targets(TargetGroupArn=group, Targets=[{"Id": "10.0.48.99", "Port": 6443}])
    return "Target", f"{group} 10.0.48.99 6443"


def _peering(scene: Scene) -> Place:
    made = scene.ec2().create_vpc_peering_connection(VpcId=scene.ids["VPC"], PeerVpcId=scene.corp)
    return "VPCPeeringConnection", made["VpcPeeringConnection"]["VpcPeeringConnectionId"]


def _balancer(scene: Scene) -> Place:
    made = scene.aws.client("elbv2").create_load_balancer(
        Name="corp", Type="network", Scheme="internal", Subnets=[scene.net], Tags=pairs(ONLY_PLAN)
    )
    return "LoadBalancer", made["LoadBalancers"][0]["LoadBalancerArn"]


def _targets(scene: Scene) -> Place:
    made = scene.aws.client("elbv2").create_target_group(
        Name="corp", Protocol="TCP", Port=80, VpcId=scene.corp, Tags=pairs(ONLY_PLAN)
    )
    return "TargetGroup", made["TargetGroups"][0]["TargetGroupArn"]


def _shared_subnet(scene: Scene) -> Place:
    id = scene.ec2().create_subnet(VpcId=scene.corp, CidrBlock="10.90.9.0/24")["Subnet"]["SubnetId"]
    scene.tag(id, {"Owner": "corp", "backup": "daily", "ocpprov:shared:lab": "tag Owner + tag backup"})
    return "Subnet", id


def _machine(tags: Callable[[Scene], Tags], scene: Scene) -> Place:
    made = scene.ec2().run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1, SubnetId=scene.net)
    id = made["Instances"][0]["InstanceId"]
    scene.tag(id, {"Owner": "corp", "backup": "daily", **tags(scene)})
    return "Instance", id


def _default(operation: str, member: str, key: str, type: str, filters: Mapping[str, str], scene: Scene) -> Place:
    """What AWS made in the default VPC, with the tags of ours of that type."""
    ec2 = scene.ec2()
    [vpc] = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]
    rows = [{"Name": name, "Values": [value]} for name, value in {**filters, "vpc-id": vpc["VpcId"]}.items()]
    id = getattr(ec2, operation)(Filters=rows)[member][0][key]
    name = {"VPC": "VPC", "Subnet": "PrivateSubnet", "SecurityGroup": "MasterSecurityGroup"}.get(type, "")
    prefix = {"RouteTable": "rtb-", "NetworkAcl": "acl-"}.get(type)
    name = name or next(each for each, id in scene.ids.items() if id.startswith(str(prefix)))
    scene.tag(id, scene.tags[name])
    return type, id


def _none(_: Scene) -> Tags:
    return {}


def _only_plan(_: Scene) -> Tags:
    return ONLY_PLAN


def _of(name: str) -> Callable[[Scene], Tags]:
    return lambda scene: scene.tags[name]


def _resource(name: str) -> Callable[[Scene], Tags]:
    return lambda _: {"ocpprov:resource": name}


PLANTS: Final[Mapping[str, Plant]] = {
    "VPC, plan tag only": partial(_vpc, _only_plan),
    "VPC, all tags": partial(_vpc, _of("VPC")),
    "VPC, no tags of ours": partial(_vpc, _none),
    "VPC, only run": partial(_vpc, Scene.run),
    "VPC, plan lab2": partial(_vpc, lambda scene: {**scene.tags["VPC"], "ocpprov:plan": "lab2"}),
    "VPC elsewhere, all tags": _vpc_elsewhere,
    "subnet, plan tag only": partial(_subnet, _only_plan, "10.90.1.0/24"),
    "subnet, no tags of ours": partial(_subnet, _none, "10.90.2.0/24"),
    "group, plan tag only": partial(_group, "one", _only_plan),
    "group, only resource": partial(_group, "two", _resource("MasterSecurityGroup")),
    "group, no tags": partial(_group, "three", _none),
    "group in our VPC": partial(_group, "four", Scene.run, ours=True),
    "rule in an untagged group": _rule,
    "address, plan tag only": partial(_address, _only_plan),
    "address, only run": partial(_address, Scene.run),
    "NAT gateway, plan tag only": _nat,
    "address of a NAT gateway, all tags": _address_of_nat,
    "endpoint, plan tag only": _endpoint,
    "internet gateway, plan tag only": _gateway,
    "route table, no tags": _table,
    "role of an administrator": partial(_role, "corp-admin", lambda _: {**ONLY_PLAN, "ocpprov:region": REGION}),
    "role of our prefix, only run": partial(_role, "lab-corp-one", Scene.run),
    "role of our prefix, no region": partial(_role, "lab-corp-two", _without_region),
    "role, only resource": partial(_role, "lab-corp-three", _resource("MasterIamRole")),
    "role of another region": partial(
        _role, "lab-corp-four", lambda scene: {**scene.tags["MasterIamRole"], "ocpprov:region": ELSEWHERE}
    ),
    "managed policy, plan tag only": _policy,
    "profile, plan tag only": partial(_profile, "corp-profile", {**ONLY_PLAN, "ocpprov:region": REGION}),
    "profile, vouched for": _vouched,
    "record A, forged": partial(_forged_record, "", "A", "10.90.0.9", 5),
    "record MX, forged": partial(_forged_record, "", "MX", "10 mail.payments.corp", 6),
    "record in our zone": _forged_child,
    "zone of our reference": partial(_zone, "referred.corp", "ocpprov/lab/eu-west-1/IntDns/forged", _none),
    "zone with a record, all tags": _zone_with_record,
    "record of a zone with all tags": _record_of_tagged_zone,
    "empty bucket, plan tag only": partial(_bucket, "corp-empty"),
    "bucket with an object": _full_bucket,
    "object, all tags": _object,
    "route in our table": _route,
    "entry in our ACL": _entry,
    "target in our target group": _target,
    "peering of our VPC": _peering,
    "balancer, plan tag only": _balancer,
    "target group, plan tag only": _targets,
    "subnet with a forged mark": _shared_subnet,
    "machine with a forged mark": partial(_machine, lambda _: {"ocpprov:shared:lab": "tag Owner + tag backup"}),
    "machine, all tags": partial(_machine, _of("VPC")),
    "machine, plan tag only": partial(_machine, _only_plan),
    "default VPC, all tags": partial(_default, "describe_vpcs", "Vpcs", "VpcId", "VPC", {}),
    "default subnet, all tags": partial(_default, "describe_subnets", "Subnets", "SubnetId", "Subnet", {}),
    "default group, all tags": partial(
        _default, "describe_security_groups", "SecurityGroups", "GroupId", "SecurityGroup", {"group-name": "default"}
    ),
    "main table, all tags": partial(
        _default, "describe_route_tables", "RouteTables", "RouteTableId", "RouteTable", {"association.main": "true"}
    ),
    "default ACL, all tags": partial(
        _default, "describe_network_acls", "NetworkAcls", "NetworkAclId", "NetworkAcl", {"default": "true"}
    ),
    "neighbour of the tagged, no tags": partial(_group, "five", _none),
}

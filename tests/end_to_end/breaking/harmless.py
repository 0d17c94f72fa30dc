"""What others may do to an applied plan without harm: additions beside it, and settings that are no requirement."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from tests.end_to_end.breaking.cases import Harmless, Make, call
from tests.end_to_end.breaking.names import change
from tests.end_to_end.breaking.rules import new_group
from tests.end_to_end.breaking.site import Site

_TAG: Final = [{"Key": "costCentre", "Value": "4711"}]
_ALLOW: Final = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ssm:*", "Resource": "*"}]}
_TELNET: Final = {"CidrBlock": "198.51.100.0/24", "PortRange": {"From": 23, "To": 23}}
_TAGGED: Final = (
    "VPC",
    "PrivateSubnet",
    "PublicSubnet",
    "PrivateRouteTable",
    "InternetGateway",
    "NAT",
    "EIP",
    "PublicNetworkAcl",
    "MasterSecurityGroup",
    "S3Endpoint",
)


def harmless(site: Site) -> Iterator[Harmless]:
    """By sort."""
    yield from _tags(site)
    yield from _groups(site)
    yield from _network(site)
    yield from _acls(site)
    yield from _balancers(site)
    yield from _names(site)
    yield from _roles(site)
    yield from _bucket(site)


def _tags(site: Site) -> Iterator[Harmless]:
    for name in filter(site.has, _TAGGED):
        yield Harmless(f"a tag on {name}", call("ec2", "create_tags", Resources=[site.id(name)], Tags=_TAG))
    yield Harmless(
        "a Name on the VPC",
        call("ec2", "create_tags", Resources=[site.id("VPC")], Tags=[{"Key": "Name", "Value": "prod"}]),
    )
    balancer = site.id("IntApiElb")
    yield Harmless("a tag on the balancer", call("elbv2", "add_tags", ResourceArns=[balancer], Tags=_TAG))
    role = site.id("MasterIamRole")
    yield Harmless("a tag on the role", call("iam", "tag_role", RoleName=role, Tags=_TAG))
    zone = {"ResourceType": "hostedzone", "ResourceId": site.id("IntDns")}
    yield Harmless("a tag on the zone", call("route53", "change_tags_for_resource", **zone, AddTags=_TAG))


def _permission(protocol: str, first: int, last: int, **peers: Any) -> list[dict[str, Any]]:
    return [{"IpProtocol": protocol, "FromPort": first, "ToPort": last, **peers}]


def _groups(site: Site) -> Iterator[Harmless]:
    office = {"IpRanges": [{"CidrIp": "198.51.100.0/24"}]}
    for name in ("MasterSecurityGroup", "WorkerSecurityGroup", "BootstrapSecurityGroup"):
        more = _permission("tcp", 443, 443, **office)
        yield Harmless(
            f"another rule in {name}",
            call("ec2", "authorize_security_group_ingress", GroupId=site.id(name), IpPermissions=more),
        )
    wide = _permission("tcp", 0, 65535, IpRanges=[{"CidrIp": "10.0.0.0/8"}])
    yield Harmless(
        "a wider rule beside the plan's",
        call("ec2", "authorize_security_group_ingress", GroupId=site.id("MasterSecurityGroup"), IpPermissions=wide),
    )
    out = _permission("tcp", 443, 443, **office)
    yield Harmless(
        "another rule for what goes out",
        call("ec2", "authorize_security_group_egress", GroupId=site.id("WorkerSecurityGroup"), IpPermissions=out),
    )
    yield Harmless("a group of theirs", lambda site: new_group(site, site.id("MasterSecurityGroup")))
    yield Harmless("a group of theirs that is let in", _lets_in)
    rules = site.ec2.describe_security_group_rules(SecurityGroupRuleIds=[site.id("MasterIngressEtcd")])
    rule = rules["SecurityGroupRules"][0]
    described = {
        "IpProtocol": "tcp",
        "FromPort": 2379,
        "ToPort": 2380,
        "ReferencedGroupId": rule["ReferencedGroupInfo"]["GroupId"],
        "Description": "words of theirs",
    }
    changed = [{"SecurityGroupRuleId": rule["SecurityGroupRuleId"], "SecurityGroupRule": described}]
    yield Harmless(
        "another description of a rule",
        call("ec2", "modify_security_group_rules", GroupId=rule["GroupId"], SecurityGroupRules=changed),
    )


def _lets_in(site: Site) -> None:
    own = site.id("WorkerSecurityGroup")
    pairs = [{"GroupId": new_group(site, own)}]
    permission = _permission("tcp", 9100, 9100, UserIdGroupPairs=pairs)
    site.ec2.authorize_security_group_ingress(GroupId=own, IpPermissions=permission)


def _network(site: Site) -> Iterator[Harmless]:
    subnet = {"VpcId": site.vpc, "CidrBlock": "10.0.240.0/24"}
    yield Harmless("another subnet", call("ec2", "create_subnet", **subnet))
    yield Harmless("another table", call("ec2", "create_route_table", VpcId=site.vpc))
    yield Harmless("another ACL", call("ec2", "create_network_acl", VpcId=site.vpc))
    yield Harmless("a subnet with a table of its own", _subnet_with_table)
    yield Harmless("another VPC", call("ec2", "create_vpc", CidrBlock="10.0.0.0/16"))
    yield Harmless("a peering connection", _peered)
    for table in ("PrivateRouteTable", "PublicRouteTable"):
        if site.has(table):
            yield Harmless(f"a route to their network in {table}", _route_to_theirs(site.id(table)))
    for service in ("logs", "monitoring"):
        names = {"VpcId": site.vpc, "ServiceName": f"com.amazonaws.{site.ec2.meta.region_name}.{service}"}
        yield Harmless(
            f"an endpoint for {service}",
            call(
                "ec2", "create_vpc_endpoint", **names, VpcEndpointType="Interface", SubnetIds=[site.id("PrivateSubnet")]
            ),
        )
    dynamodb = {"VpcId": site.vpc, "ServiceName": f"com.amazonaws.{site.ec2.meta.region_name}.dynamodb"}
    tables = [site.id("PrivateRouteTable")]
    yield Harmless("an endpoint for dynamodb", call("ec2", "create_vpc_endpoint", **dynamodb, RouteTableIds=tables))
    yield Harmless(
        "another block of the VPC", call("ec2", "associate_vpc_cidr_block", VpcId=site.vpc, CidrBlock="10.9.0.0/16")
    )
    interface = {"SubnetId": site.id("PrivateSubnet"), "Groups": [site.id("WorkerSecurityGroup")]}
    yield Harmless("an interface of theirs", call("ec2", "create_network_interface", **interface))
    yield Harmless("another Elastic IP", call("ec2", "allocate_address", Domain="vpc"))


def _subnet_with_table(site: Site) -> None:
    subnet = site.ec2.create_subnet(VpcId=site.vpc, CidrBlock="10.0.241.0/24")["Subnet"]["SubnetId"]
    table = site.ec2.create_route_table(VpcId=site.vpc)["RouteTable"]["RouteTableId"]
    site.ec2.associate_route_table(SubnetId=subnet, RouteTableId=table)


def _peered(site: Site) -> str:
    other = site.ec2.create_vpc(CidrBlock="172.20.0.0/16")["Vpc"]["VpcId"]
    made = site.ec2.create_vpc_peering_connection(VpcId=site.vpc, PeerVpcId=other)
    id = made["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    site.ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=id)
    return str(id)


def _route_to_theirs(table: str) -> Make:
    def routed(site: Site) -> None:
        peering = _peered(site)
        where = {"RouteTableId": table, "DestinationCidrBlock": "172.20.0.0/16"}
        site.ec2.create_route(**where, VpcPeeringConnectionId=peering)

    return routed


def _entry(acl: str, number: int, action: str, **members: Any) -> Make:
    entry = {"Egress": False, "Protocol": "6", "CidrBlock": "0.0.0.0/0", "PortRange": {"From": 22, "To": 22}, **members}
    return call("ec2", "create_network_acl_entry", NetworkAclId=acl, RuleNumber=number, RuleAction=action, **entry)


def _acls(site: Site) -> Iterator[Harmless]:
    if not site.has("PublicNetworkAcl"):
        return
    acl = site.id("PublicNetworkAcl")
    yield Harmless("a denial behind the plan's entries", _entry(acl, 30000, "deny"))
    yield Harmless("a denial of what nobody allows", _entry(acl, 10, "deny", **_TELNET))
    yield Harmless("another entry that allows", _entry(acl, 10, "allow", PortRange={"From": 25, "To": 25}))
    yield Harmless("an entry before that allows the same", _entry(acl, 11, "allow"))
    yield Harmless("an entry that lets all in", _entry(acl, 12, "allow", Protocol="-1"))


def _balancers(site: Site) -> Iterator[Harmless]:
    for name in filter(site.has, ("IntApiElb", "ExtApiElb")):
        protected = [{"Key": "deletion_protection.enabled", "Value": "true"}]
        yield Harmless(
            f"deletion protection of {name}",
            call("elbv2", "modify_load_balancer_attributes", LoadBalancerArn=site.id(name), Attributes=protected),
        )
        yield Harmless(f"another listener of {name}", _listener(site.id(name)))
    group = site.id("InternalApiTargetGroup")
    yield Harmless(
        "another target in a group of theirs",
        _listener(site.id("IntApiElb"), targets=("10.0.48.99",)),
    )
    tags = call("elbv2", "add_tags", ResourceArns=[group], Tags=_TAG)
    yield Harmless("a tag on a target group", tags)
    yield Harmless("a target group of theirs", _group)


def _group(site: Site) -> str:
    made = site.elbv2.create_target_group(
        Name="theirs", Protocol="TCP", Port=8443, VpcId=site.vpc, TargetType="ip", HealthCheckProtocol="TCP"
    )
    return str(made["TargetGroups"][0]["TargetGroupArn"])


def _listener(balancer: str, targets: tuple[str, ...] = ()) -> Make:
    def listens(site: Site) -> None:
        group = _group(site)
        if targets:
            site.elbv2.register_targets(TargetGroupArn=group, Targets=[{"Id": each, "Port": 8443} for each in targets])
        forward = [{"Type": "forward", "TargetGroupArn": group}]
        site.elbv2.create_listener(LoadBalancerArn=balancer, Protocol="TCP", Port=8443, DefaultActions=forward)

    return listens


def _names(site: Site) -> Iterator[Harmless]:
    records: Mapping[str, Mapping[str, Any]] = {
        "a record": {"Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]},
        "an alias": {"Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": "theirs.example.org"}]},
        "a text": {"Type": "TXT", "TTL": 60, "ResourceRecords": [{"Value": '"theirs"'}]},
    }
    for name in filter(site.has, ("IntDns", "ExtDns")):
        zone = site.id(name)
        domain = site.client("route53").get_hosted_zone(Id=zone)["HostedZone"]["Name"]
        for what, record in records.items():
            wanted = {"Name": f"theirs.{domain}", **record}
            yield Harmless(f"{what} of theirs in {name}", change(zone, "CREATE", wanted))
    yield Harmless("another VPC of the private zone", _second_vpc)
    yield Harmless("another zone", _zone("theirs-corp.net"))
    yield Harmless("a private zone of another name", _zone("corp.example.org", private=True))


def _second_vpc(site: Site) -> None:
    other = site.ec2.create_vpc(CidrBlock="10.78.0.0/16")["Vpc"]["VpcId"]
    vpc = {"VPCRegion": site.ec2.meta.region_name, "VPCId": other}
    site.client("route53").associate_vpc_with_hosted_zone(HostedZoneId=site.id("IntDns"), VPC=vpc)


def _zone(name: str, *, private: bool = False) -> Make:
    def made(site: Site) -> None:
        vpc = {"VPC": {"VPCRegion": site.ec2.meta.region_name, "VPCId": site.vpc}} if private else {}
        site.client("route53").create_hosted_zone(Name=name, CallerReference=name, **vpc)

    return made


def _roles(site: Site) -> Iterator[Harmless]:
    role = site.id("WorkerIamRole")
    more = {"RoleName": role, "PolicyName": "theirs", "PolicyDocument": json.dumps(_ALLOW)}
    yield Harmless("a policy of theirs that allows more", call("iam", "put_role_policy", **more))
    denial = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "iam:*", "Resource": "*"}]}
    less = {**more, "PolicyDocument": json.dumps(denial)}
    yield Harmless("a policy of theirs that denies what nobody needs", call("iam", "put_role_policy", **less))
    yield Harmless("a managed policy of theirs", _managed(role))
    trust = {"Version": "2012-10-17", "Statement": []}
    other = {"RoleName": "theirs", "AssumeRolePolicyDocument": json.dumps(trust)}
    yield Harmless("another role", call("iam", "create_role", **other))


def _managed(role: str) -> Make:
    def attached(site: Site) -> None:
        made = site.client("iam").create_policy(PolicyName="theirs", PolicyDocument=json.dumps(_ALLOW))
        site.client("iam").attach_role_policy(RoleName=role, PolicyArn=made["Policy"]["Arn"])

    return attached


def _bucket(site: Site) -> Iterator[Harmless]:
    bucket = {"Bucket": site.id("InfraBucket")}
    enabled = {"Status": "Enabled"}
    yield Harmless(
        "versions in the bucket", call("s3", "put_bucket_versioning", **bucket, VersioningConfiguration=enabled)
    )
    yield Harmless("another object", call("s3", "put_object", **bucket, Key="theirs", Body=b"x"))
    yield Harmless("another bucket", _another_bucket)
    yield Harmless("a statement of theirs in its policy", _statement(bucket["Bucket"]))


def _another_bucket(site: Site) -> None:
    where = {"LocationConstraint": site.ec2.meta.region_name}
    site.client("s3").create_bucket(Bucket="theirs-0123456789", CreateBucketConfiguration=where)


def _statement(bucket: str) -> Make:
    """A denial for others than who fetches the file."""

    def put(site: Site) -> None:
        s3 = site.client("s3")
        document = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])
        writing = {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:DeleteBucket",
            "Resource": f"arn:aws:s3:::{bucket}",
        }
        statements = [*document["Statement"], writing]
        s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({**document, "Statement": statements}))

    return put

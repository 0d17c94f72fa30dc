"""What a colleague adds by hand to what a plan made, one thing to each list, link and set of rows that AWS lets others
add to."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from tests.end_to_end.copies import rare, written
from tests.end_to_end.local import LocalAws
from tests.end_to_end.others import EVERYTHING
from tests.end_to_end.world import REGION

RULE: Final = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22}
BLOCK: Final = "192.0.2.0/24"


@dataclass
class Company:
    """An account with a plan in it. `ids` are the plan's things by logical id; `theirs` what the colleague has made to
    add, each made when it is first asked for."""

    aws: LocalAws
    ids: Mapping[str, str]
    theirs: dict[str, str] = field(default_factory=dict)

    def client(self, service: str) -> Any:
        return self.aws.client(service)

    @property
    def ec2(self) -> Any:
        return self.client("ec2")

    def made(self, name: str, make: Callable[[], str]) -> str:
        if name not in self.theirs:
            self.theirs[name] = make()
        return self.theirs[name]

    def subnet(self, number: int = 77, zone: str = "c") -> str:
        """In the plan's VPC."""
        arguments = {"CidrBlock": f"10.0.{number}.0/24", "AvailabilityZone": f"{REGION}{zone}"}
        return self.made(
            f"subnet {number}",
            lambda: self.ec2.create_subnet(VpcId=self.ids["Vpc"], **arguments)["Subnet"]["SubnetId"],
        )

    def group(self) -> str:
        return self.made(
            "group",
            lambda: self.ec2.create_security_group(GroupName="theirs", Description="theirs", VpcId=self.ids["Vpc"])[
                "GroupId"
            ],
        )

    def table(self) -> str:
        return self.made(
            "table", lambda: self.ec2.create_route_table(VpcId=self.ids["Vpc"])["RouteTable"]["RouteTableId"]
        )

    def acl(self) -> str:
        return self.made(
            "acl", lambda: self.ec2.create_network_acl(VpcId=self.ids["Vpc"])["NetworkAcl"]["NetworkAclId"]
        )

    def hub(self) -> str:
        return self.made("hub", lambda: self.ec2.create_vpc(CidrBlock="10.200.0.0/16")["Vpc"]["VpcId"])

    def machine(self) -> str:
        """In a network of others, so that no destroy waits for it."""
        return self.made("machine", self._machine)

    def _machine(self) -> str:
        subnet = self.ec2.create_subnet(VpcId=self.hub(), CidrBlock="10.200.0.0/24")["Subnet"]["SubnetId"]
        made = self.ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1, SubnetId=subnet)
        return str(made["Instances"][0]["InstanceId"])

    def prefixes(self) -> str:
        return self.made(
            "prefixes",
            lambda: self.ec2.create_managed_prefix_list(
                PrefixListName="theirs", MaxEntries=1, AddressFamily="IPv4", Entries=[{"Cidr": BLOCK}]
            )["PrefixList"]["PrefixListId"],
        )

    def policy(self) -> str:
        iam = self.client("iam")
        return self.made(
            "policy", lambda: iam.create_policy(PolicyName="theirs", PolicyDocument=EVERYTHING)["Policy"]["Arn"]
        )

    def targets(self) -> str:
        make = partial(self.client("elbv2").create_target_group, Name="theirs", Protocol="TCP", Port=80)
        return self.made(
            "targets",
            lambda: make(VpcId=self.ids["Vpc"], TargetType="ip")["TargetGroups"][0]["TargetGroupArn"],
        )

    def association(self, subnet: str) -> str:
        rows = [{"Name": "association.subnet-id", "Values": [subnet]}]
        [acl] = self.ec2.describe_network_acls(Filters=rows)["NetworkAcls"]
        return str(next(each["NetworkAclAssociationId"] for each in acl["Associations"] if each["SubnetId"] == subnet))

    def recorded(self, record: Mapping[str, Any], zone: str = "Zone") -> None:
        batch = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]}
        self.client("route53").change_resource_record_sets(HostedZoneId=self.ids[zone], ChangeBatch=batch)


Addition = Callable[[Company], Any]


def plan(aws: LocalAws) -> dict[str, Any]:
    """One of everything that others may add to, lists that hold something already above all."""
    return written({**rare(aws), **_more()})


def _more() -> dict[str, Any]:
    vpc, private, group = {"Ref": "Vpc"}, {"Ref": "Private"}, {"Ref": "Group"}
    forward = [{"Type": "forward", "TargetGroupArn": {"Ref": "Web"}}]
    weighted = {"Name": "weighted.prod.example.com", "Type": "A", "TTL": "60", "ResourceRecords": ["10.0.1.11"]}
    return {
        "Second": {"Type": "AWS::EC2::VPCCidrBlock", "Properties": {"VpcId": vpc, "CidrBlock": "10.8.0.0/16"}},
        "Pages": {
            "Type": "AWS::ElasticLoadBalancingV2::LoadBalancer",
            "Properties": {
                "Name": "prod-pages",
                "Type": "application",
                "Scheme": "internal",
                "Subnets": [{"Ref": "Public"}, private],
                "SecurityGroups": [group],
                "LoadBalancerAttributes": [{"Key": "idle_timeout.timeout_seconds", "Value": "90"}],
            },
        },
        "Mapped": {
            "Type": "AWS::ElasticLoadBalancingV2::LoadBalancer",
            "Properties": {
                "Name": "prod-mapped",
                "Type": "network",
                "Scheme": "internal",
                "SubnetMappings": [{"SubnetId": private}],
                "SecurityGroups": [group],
            },
        },
        "Web": {
            "Type": "AWS::ElasticLoadBalancingV2::TargetGroup",
            "Properties": {
                "Name": "prod-web",
                "Protocol": "HTTP",
                "Port": 80,
                "TargetType": "ip",
                "VpcId": vpc,
                "Targets": [{"Id": "10.0.1.30"}],
                "TargetGroupAttributes": [{"Key": "deregistration_delay.timeout_seconds", "Value": "30"}],
            },
        },
        "WebListener": {
            "Type": "AWS::ElasticLoadBalancingV2::Listener",
            "Properties": {
                "LoadBalancerArn": {"Ref": "Pages"},
                "Protocol": "HTTP",
                "Port": 80,
                "DefaultActions": forward,
            },
        },
        "Grouped": {
            "Type": "AWS::EC2::SecurityGroup",
            "Properties": {
                "VpcId": vpc,
                "GroupName": "grouped",
                "GroupDescription": "grouped",
                "SecurityGroupIngress": [
                    {
                        "IpProtocol": "tcp",
                        "FromPort": 443,
                        "ToPort": 443,
                        "CidrIp": "10.0.0.0/16",
                        "Description": "ours",
                    }
                ],
                "SecurityGroupEgress": [{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}],
            },
        },
        "Kept": {
            "Type": "AWS::S3::Bucket",
            "Properties": {
                "LifecycleConfiguration": {
                    "Rules": [
                        {"Id": "ours", "Status": "Enabled", "Prefix": "logs/", "ExpirationInDays": 30},
                    ]
                },
                "BucketEncryption": {
                    "ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
                },
            },
        },
        "Heavy": {
            "Type": "AWS::Route53::RecordSet",
            "Properties": {"HostedZoneId": {"Ref": "Zone"}, **weighted, "SetIdentifier": "ours", "Weight": 10},
        },
        "NamesUsed": {
            "Type": "AWS::EC2::VPCDHCPOptionsAssociation",
            "Properties": {"VpcId": vpc, "DhcpOptionsId": {"Ref": "Names"}},
        },
    }


def _tagged(name: str, to: Company) -> None:
    to.ec2.create_tags(Resources=[to.ids[name]], Tags=[{"Key": "CostCentre", "Value": "theirs"}])


def _balancing_tag(name: str, to: Company) -> None:
    tags = [{"Key": "CostCentre", "Value": "theirs"}]
    to.client("elbv2").add_tags(ResourceArns=[to.ids[name]], Tags=tags)


def _classic_tag(to: Company) -> None:
    tags = [{"Key": "CostCentre", "Value": "theirs"}]
    to.client("elb").add_tags(LoadBalancerNames=[to.ids["Classic"]], Tags=tags)


def _role_tag(to: Company) -> None:
    to.client("iam").tag_role(RoleName=to.ids["Role"], Tags=[{"Key": "CostCentre", "Value": "theirs"}])


def _profile_tag(to: Company) -> None:
    tags = [{"Key": "CostCentre", "Value": "theirs"}]
    to.client("iam").tag_instance_profile(InstanceProfileName=to.ids["Profile"], Tags=tags)


def _policy_tag(to: Company) -> None:
    to.client("iam").tag_policy(PolicyArn=to.ids["Managed"], Tags=[{"Key": "CostCentre", "Value": "theirs"}])


def _zone_tag(to: Company) -> None:
    tags = [{"Key": "CostCentre", "Value": "theirs"}]
    to.client("route53").change_tags_for_resource(ResourceType="hostedzone", ResourceId=to.ids["Zone"], AddTags=tags)


def _bucket_tag(to: Company) -> None:
    s3 = to.client("s3")
    tags = s3.get_bucket_tagging(Bucket=to.ids["Bucket"])["TagSet"]
    s3.put_bucket_tagging(
        Bucket=to.ids["Bucket"], Tagging={"TagSet": [*tags, {"Key": "CostCentre", "Value": "theirs"}]}
    )


def _object_tag(to: Company) -> None:
    s3, place = to.client("s3"), {"Bucket": to.ids["Bucket"], "Key": "bootstrap.ign"}
    tags = s3.get_object_tagging(**place)["TagSet"]
    s3.put_object_tagging(**place, Tagging={"TagSet": [*tags, {"Key": "CostCentre", "Value": "theirs"}]})


def _rule_tag(to: Company) -> None:
    rows = [{"Name": "group-id", "Values": [to.ids["Grouped"]]}]
    rules = to.ec2.describe_security_group_rules(Filters=rows)["SecurityGroupRules"]
    ids = [each["SecurityGroupRuleId"] for each in rules if not each["IsEgress"]]
    to.ec2.create_tags(Resources=ids[:1], Tags=[{"Key": "CostCentre", "Value": "theirs"}])


def _ingress(group: str, peer: Callable[[Company], Mapping[str, Any]], to: Company) -> None:
    to.ec2.authorize_security_group_ingress(GroupId=to.ids[group], IpPermissions=[{**RULE, **peer(to)}])


def _egress(group: str, peer: Callable[[Company], Mapping[str, Any]], to: Company) -> None:
    to.ec2.authorize_security_group_egress(GroupId=to.ids[group], IpPermissions=[{**RULE, **peer(to)}])


PEERS: Final[Mapping[str, Callable[[Company], Mapping[str, Any]]]] = {
    "block": lambda _: {"IpRanges": [{"CidrIp": BLOCK}]},
    "IPv6 block": lambda _: {"Ipv6Ranges": [{"CidrIpv6": "2001:db8::/32"}]},
    "group": lambda to: {"UserIdGroupPairs": [{"GroupId": to.group()}]},
    "group of ours": lambda to: {"UserIdGroupPairs": [{"GroupId": to.ids["Other"]}]},
    "prefix list": lambda to: {"PrefixListIds": [{"PrefixListId": to.prefixes()}]},
}


def _entry(egress: bool, to: Company) -> None:
    to.ec2.create_network_acl_entry(
        NetworkAclId=to.ids["Acl"], RuleNumber=7, Protocol="-1", RuleAction="deny", Egress=egress, CidrBlock=BLOCK
    )


def _route(block: str, target: Callable[[Company], Mapping[str, str]], to: Company) -> None:
    to.ec2.create_route(RouteTableId=to.ids["PublicTable"], DestinationCidrBlock=block, **target(to))


def _quarantine(subnet: str, to: Company) -> None:
    id = to.ids[subnet]
    to.ec2.replace_network_acl_association(AssociationId=to.association(id), NetworkAclId=to.acl())


def _options(to: Company) -> None:
    made = to.ec2.create_dhcp_options(DhcpConfigurations=[{"Key": "domain-name", "Values": ["theirs.example"]}])
    to.ec2.associate_dhcp_options(VpcId=to.ids["Vpc"], DhcpOptionsId=made["DhcpOptions"]["DhcpOptionsId"])


def _their_table(to: Company) -> None:
    """On a subnet of ours that the plan gives another table."""
    tables = to.ec2.describe_route_tables(Filters=[{"Name": "association.subnet-id", "Values": [to.ids["Private"]]}])
    [link] = [
        each["RouteTableAssociationId"]
        for each in tables["RouteTables"][0]["Associations"]
        if each.get("SubnetId") == to.ids["Private"]
    ]
    to.ec2.replace_route_table_association(AssociationId=link, RouteTableId=to.table())


def _inside(to: Company) -> None:
    """A subnet, group, endpoint and peering of theirs in our VPC."""
    to.ec2.create_vpc_endpoint(
        VpcId=to.ids["Vpc"], ServiceName=f"com.amazonaws.{REGION}.dynamodb", RouteTableIds=[to.ids["PublicTable"]]
    )
    beside = to.ec2.create_vpc(CidrBlock="10.201.0.0/16")["Vpc"]["VpcId"]
    to.ec2.create_vpc_peering_connection(VpcId=to.ids["Vpc"], PeerVpcId=beside)


def _nat_inside(to: Company) -> None:
    address = to.ec2.allocate_address(Domain="vpc")["AllocationId"]
    to.ec2.create_nat_gateway(SubnetId=to.ids["Public"], AllocationId=address)


def _balancer_subnets(name: str, to: Company) -> None:
    elbv2, arn = to.client("elbv2"), to.ids[name]
    [balancer] = elbv2.describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"]
    has = [zone["SubnetId"] for zone in balancer["AvailabilityZones"]]
    elbv2.set_subnets(LoadBalancerArn=arn, Subnets=[*has, to.subnet()])


def _balancer_groups(name: str, to: Company) -> None:
    elbv2, arn = to.client("elbv2"), to.ids[name]
    [balancer] = elbv2.describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"]
    elbv2.set_security_groups(LoadBalancerArn=arn, SecurityGroups=[*balancer["SecurityGroups"], to.group()])


def _balancer_attribute(to: Company) -> None:
    on = [{"Key": "routing.http.drop_invalid_header_fields.enabled", "Value": "true"}]
    to.client("elbv2").modify_load_balancer_attributes(LoadBalancerArn=to.ids["Pages"], Attributes=on)


def _group_attribute(to: Company) -> None:
    on = [{"Key": "slow_start.duration_seconds", "Value": "60"}]
    to.client("elbv2").modify_target_group_attributes(TargetGroupArn=to.ids["Web"], Attributes=on)


def _listener(name: str, to: Company) -> None:
    protocol = "HTTP" if name == "Pages" else "TCP"
    arn = to.ids["Web"] if name == "Pages" else to.targets()
    to.client("elbv2").create_listener(
        LoadBalancerArn=to.ids[name],
        Protocol=protocol,
        Port=9999,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": arn}],
    )


def _listener_rule(to: Company) -> None:
    to.client("elbv2").create_rule(
        ListenerArn=to.ids["WebListener"],
        Priority=10,
        Conditions=[{"Field": "path-pattern", "Values": ["/theirs/*"]}],
        Actions=[{"Type": "forward", "TargetGroupArn": to.ids["Web"]}],
    )


def _target(name: str, to: Company) -> None:
    to.client("elbv2").register_targets(TargetGroupArn=to.ids[name], Targets=[{"Id": "10.0.1.99"}])


def _classic_listener(to: Company) -> None:
    listeners = [{"Protocol": "TCP", "LoadBalancerPort": 81, "InstancePort": 81}]
    to.client("elb").create_load_balancer_listeners(LoadBalancerName=to.ids["Classic"], Listeners=listeners)


def _classic_instance(to: Company) -> None:
    to.client("elb").register_instances_with_load_balancer(
        LoadBalancerName=to.ids["Classic"], Instances=[{"InstanceId": to.machine()}]
    )


def _classic_subnet(to: Company) -> None:
    to.client("elb").attach_load_balancer_to_subnets(LoadBalancerName=to.ids["Classic"], Subnets=[to.subnet()])


def _classic_group(to: Company) -> None:
    elb, name = to.client("elb"), to.ids["Classic"]
    [balancer] = elb.describe_load_balancers(LoadBalancerNames=[name])["LoadBalancerDescriptions"]
    elb.apply_security_groups_to_load_balancer(
        LoadBalancerName=name, SecurityGroups=[*balancer["SecurityGroups"], to.group()]
    )


def _endpoint(name: str, to: Company) -> None:
    more = {
        "RouteTableIds": lambda: [to.table()],
        "SubnetIds": lambda: [to.subnet()],
        "SecurityGroupIds": lambda: [to.group()],
    }
    endpoint = to.ids["Storage" if name == "RouteTableIds" else "Machines"]
    to.ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, **{f"Add{name}": more[name]()})


def _associated(to: Company) -> None:
    to.client("route53").associate_vpc_with_hosted_zone(
        HostedZoneId=to.ids["Zone"], VPC={"VPCRegion": REGION, "VPCId": to.hub()}
    )


def _bucket_statement(sid: str, to: Company) -> None:
    s3 = to.client("s3")
    document = json.loads(s3.get_bucket_policy(Bucket=to.ids["Bucket"])["Policy"])
    theirs = {"Effect": "Deny", "Principal": "*", "Action": "s3:DeleteBucket", "Resource": "*"}
    document["Statement"].append({"Sid": sid, **theirs} if sid else theirs)
    s3.put_bucket_policy(Bucket=to.ids["Bucket"], Policy=json.dumps(document))


def _policy_on_a_bucket_without(to: Company) -> None:
    theirs = {"Sid": "All", "Effect": "Deny", "Principal": "*", "Action": "s3:DeleteBucket", "Resource": "*"}
    document = {"Version": "2012-10-17", "Statement": [theirs]}
    to.client("s3").put_bucket_policy(Bucket=to.ids["Kept"], Policy=json.dumps(document))


def _lifecycle(name: str, to: Company) -> None:
    """With a filter and a transition that no plan can say."""
    s3, bucket = to.client("s3"), to.ids[name]
    has = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"] if name == "Kept" else []
    theirs = {
        "ID": "theirs",
        "Status": "Enabled",
        "Filter": {"And": {"Prefix": "audit/", "Tags": [{"Key": "audit", "Value": "yes"}]}},
        "Transitions": [{"Days": 30, "StorageClass": "GLACIER"}],
    }
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": [*has, theirs]})


def _object(to: Company) -> None:
    to.client("s3").put_object(Bucket=to.ids["Bucket"], Key="theirs.txt", Body=b"theirs")


def _attached(to: Company) -> None:
    to.client("iam").attach_role_policy(RoleName=to.ids["Role"], PolicyArn=to.policy())


def _inline(to: Company) -> None:
    to.client("iam").put_role_policy(RoleName=to.ids["Role"], PolicyName="theirs", PolicyDocument=EVERYTHING)


def _ours_on_theirs(to: Company) -> None:
    """The plan's managed policy on a role of others."""
    trust = to.client("iam").get_role(RoleName=to.ids["Role"])["Role"]["AssumeRolePolicyDocument"]
    to.client("iam").create_role(RoleName="theirs", AssumeRolePolicyDocument=json.dumps(trust))
    to.client("iam").attach_role_policy(RoleName="theirs", PolicyArn=to.ids["Managed"])


def _second_profile(to: Company) -> None:
    """The plan's role in a profile of others."""
    to.client("iam").create_instance_profile(InstanceProfileName="theirs")
    to.client("iam").add_role_to_instance_profile(InstanceProfileName="theirs", RoleName=to.ids["Role"])


def _record(name: str, to: Company, **more: Any) -> None:
    record = {"Name": f"{name}.prod.example.com", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "10.0.0.9"}]}
    to.recorded({**record, **more})


def _alias(to: Company) -> None:
    elbv2 = to.client("elbv2")
    [balancer] = elbv2.describe_load_balancers(LoadBalancerArns=[to.ids["Balancer"]])["LoadBalancers"]
    target = {
        "DNSName": balancer["DNSName"],
        "HostedZoneId": balancer["CanonicalHostedZoneId"],
        "EvaluateTargetHealth": False,
    }
    to.recorded({"Name": "alias.prod.example.com", "Type": "A", "AliasTarget": target})


def _secondary(block: str, to: Company) -> None:
    to.ec2.associate_vpc_cidr_block(VpcId=to.ids["Vpc"], CidrBlock=block)


def _transit_subnet(to: Company) -> None:
    to.ec2.modify_transit_gateway_vpc_attachment(
        TransitGatewayAttachmentId=to.ids["Transit"], AddSubnetIds=[to.subnet()]
    )


def _table_use(to: Company) -> None:
    to.ec2.associate_route_table(RouteTableId=to.ids["PublicTable"], SubnetId=to.subnet())


def _acl_use(to: Company) -> None:
    subnet = to.subnet(78)
    to.ec2.replace_network_acl_association(AssociationId=to.association(subnet), NetworkAclId=to.ids["Acl"])


SAID_BY_NOBODY: Final = frozenset(
    {
        "gateway endpoint and peering in our VPC",
        "NAT gateway in our subnet",
        "attribute of the balancer",
        "attribute of the target group",
        "rule of a listener",
        "object",
        "our policy on a role of theirs",
        "our role in a profile of theirs",
    }
)
"""What stands beside the plan's things, or is of a sort that no plan has: it is left, and no list shows it."""
PARTS: Final = frozenset(
    {
        "BucketPolicyStatement",
        "ClassicInstance",
        "ClassicListener",
        "HostedZoneVPC",
        "Listener",
        "NetworkAclEntry",
        "RolePolicy",
        "RolePolicyAttachment",
        "Route",
        "RouteTableAssociation",
        "SecurityGroupRule",
        "Target",
    }
)
"""What AWS keeps as a part of something, and takes away with that."""


EC2_TAGGED: Final = (
    "Vpc",
    "Public",
    "Internet",
    "Address",
    "Nat",
    "PublicTable",
    "Acl",
    "Group",
    "Storage",
    "Machines",
    "Names",
    "Peering",
    "Transit",
)
ADDITIONS: Final[Mapping[str, Addition]] = {
    **{f"tag of {name}": partial(_tagged, name) for name in EC2_TAGGED},
    "tag of a rule": _rule_tag,
    **{f"tag of {name}": partial(_balancing_tag, name) for name in ("Balancer", "Targets", "Listener")},
    "tag of the classic balancer": _classic_tag,
    "tag of the role": _role_tag,
    "tag of the profile": _profile_tag,
    "tag of the policy": _policy_tag,
    "tag of the zone": _zone_tag,
    "tag of the bucket": _bucket_tag,
    "tag of the object": _object_tag,
    **{f"ingress, {name}": partial(_ingress, "Group", peer) for name, peer in PEERS.items()},
    **{f"egress, {name}": partial(_egress, "Group", peer) for name, peer in PEERS.items()},
    **{f"ingress beside the plan's, {name}": partial(_ingress, "Grouped", peer) for name, peer in PEERS.items()},
    **{f"egress beside the plan's, {name}": partial(_egress, "Grouped", peer) for name, peer in PEERS.items()},
    "entry in": partial(_entry, False),
    "entry out": partial(_entry, True),
    "route to our gateway": partial(_route, "10.91.0.0/16", lambda to: {"GatewayId": to.ids["Internet"]}),
    "route to our NAT gateway": partial(_route, "10.92.0.0/16", lambda to: {"NatGatewayId": to.ids["Nat"]}),
    "route over the peering": partial(
        _route, "10.250.0.0/16", lambda to: {"VpcPeeringConnectionId": to.ids["Peering"]}
    ),
    "ACL where the plan has none": partial(_quarantine, "Public"),
    "ACL where the plan has one": partial(_quarantine, "Private"),
    "DHCP options": _options,
    "table where the plan has one": _their_table,
    "use of our table": _table_use,
    "use of our ACL": _acl_use,
    "gateway endpoint and peering in our VPC": _inside,
    "NAT gateway in our subnet": _nat_inside,
    "secondary block": partial(_secondary, "100.66.0.0/16"),
    "attachment's subnet": _transit_subnet,
    "subnets of the network balancer": partial(_balancer_subnets, "Balancer"),
    "subnets of the application balancer": partial(_balancer_subnets, "Pages"),
    "subnet beside mappings": partial(_balancer_subnets, "Mapped"),
    "groups of the application balancer": partial(_balancer_groups, "Pages"),
    "groups of the network balancer": partial(_balancer_groups, "Mapped"),
    "attribute of the balancer": _balancer_attribute,
    "attribute of the target group": _group_attribute,
    "listener of the network balancer": partial(_listener, "Balancer"),
    "listener of the application balancer": partial(_listener, "Pages"),
    "rule of a listener": _listener_rule,
    "target": partial(_target, "Targets"),
    "target beside the plan's": partial(_target, "Web"),
    "classic listener": _classic_listener,
    "classic instance": _classic_instance,
    "classic subnet": _classic_subnet,
    "classic group": _classic_group,
    **{f"endpoint's {name}": partial(_endpoint, name) for name in ("RouteTableIds", "SubnetIds", "SecurityGroupIds")},
    "association of the zone": _associated,
    "record": partial(_record, "db"),
    "record with our name of another type": lambda to: to.recorded(
        {"Name": "api.prod.example.com", "Type": "TXT", "TTL": 60, "ResourceRecords": [{"Value": '"theirs"'}]}
    ),
    "weighted record": partial(_record, "theirs", SetIdentifier="theirs", Weight=5),
    "weighted record beside the plan's": partial(_record, "weighted", SetIdentifier="theirs", Weight=5),
    "alias": _alias,
    "statement with a Sid": partial(_bucket_statement, "Theirs"),
    "statement without": partial(_bucket_statement, ""),
    "policy on a bucket without one": _policy_on_a_bucket_without,
    "lifecycle rule beside the plan's": partial(_lifecycle, "Kept"),
    "lifecycle where the plan has none": partial(_lifecycle, "Bucket"),
    "object": _object,
    "attached policy": _attached,
    "inline policy": _inline,
    "our policy on a role of theirs": _ours_on_theirs,
    "our role in a profile of theirs": _second_profile,
}

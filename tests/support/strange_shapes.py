"""Things that other people's accounts hold, in shapes that no plan makes: as boto3 gives them, by operation.

Where nothing else is said the shape is from botocore's description of the operation and AWS's documents of the feature;
none was seen by asking AWS. `IN` stands for the network that they lie in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

IN: Final = "vpc-0a0a0a0a0a0a0a0a0"
REGION: Final = "eu-west-1"
ACCOUNT: Final = "123456789012"
_OUTPOST: Final = f"arn:aws:outposts:{REGION}:999999999999:outpost/op-1"
_ROLE: Final = f"arn:aws:iam::{ACCOUNT}:role"
_NO_RULES: Final[Mapping[str, Any]] = {"IpPermissions": [], "IpPermissionsEgress": []}
_LATTICE: Final = f"arn:aws:vpc-lattice:{REGION}:999999999999"
_ELB: Final = f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}"


@dataclass(frozen=True)
class Strange:
    """One thing: in which list of which operation's answer, and what it is."""

    name: str
    service: str
    operation: str
    member: str
    item: Mapping[str, Any]

    def __str__(self) -> str:
        return self.name


def _ec2(operation: str, member: str, **things: Mapping[str, Any]) -> Sequence[Strange]:
    return [Strange(f"{operation} {name}", "ec2", operation, member, item) for name, item in things.items()]


def _of(service: str, operation: str, member: str, **things: Mapping[str, Any]) -> Sequence[Strange]:
    return [Strange(f"{operation} {name}", service, operation, member, item) for name, item in things.items()]


def _subnet(id: str, zone: str = f"{REGION}a", **more: Any) -> dict[str, Any]:
    return {"SubnetId": f"subnet-{id}", "VpcId": IN, "AvailabilityZone": zone, "State": "available", **more}


def _route(**route: Any) -> dict[str, Any]:
    return {"Origin": "CreateRoute", "State": "active", **route}


def _rule(id: str, **rule: Any) -> dict[str, Any]:
    return {
        "SecurityGroupRuleId": f"sgr-{id}",
        "GroupId": "sg-0a0a",
        "GroupOwnerId": ACCOUNT,
        "IsEgress": False,
        **rule,
    }


def _endpoint(id: str, **more: Any) -> dict[str, Any]:
    lists: dict[str, Any] = {"RouteTableIds": [], "SubnetIds": [], "Groups": []}
    return {"VpcEndpointId": f"vpce-{id}", "VpcId": IN, "State": "Available", **lists, **more}


def _balancer(kind: str, name: str, **more: Any) -> dict[str, Any]:
    arn = f"{_ELB}:loadbalancer/{kind}/{name}/0a"
    return {"LoadBalancerArn": arn, "LoadBalancerName": name, "State": {"Code": "active"}, **more}


def _group(name: str, **more: Any) -> dict[str, Any]:
    return {"TargetGroupArn": f"{_ELB}:targetgroup/{name}/0a", "TargetGroupName": name, **more}


def _listener(id: str, *actions: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    arn = f"{_ELB}:listener/app/theirs/0a/{id}"
    return {
        "ListenerArn": arn,
        "LoadBalancerArn": f"{_ELB}:loadbalancer/app/theirs/0a",
        "DefaultActions": actions,
        **more,
    }


def _record(type: str, name: str = "theirs.example.org.", **more: Any) -> dict[str, Any]:
    return {"Name": name, "Type": type, "TTL": 60, "ResourceRecords": [{"Value": "x"}], **more}


_VALUES: Final = {"A": "192.0.2.1", "HTTPS": "1 . alpn=h2", "SSHFP": "1 1 aa", "TLSA": "1 1 1 aa", "DS": "1 8 2 aa"}

SHAPES: Final[Sequence[Strange]] = (
    *_ec2(
        "describe_subnets",
        "Subnets",
        ipv6_only=_subnet("1", Ipv6Native=True, Ipv6CidrBlockAssociationSet=[{"Ipv6CidrBlock": "2001:db8::/64"}]),
        empty_block=_subnet("2", CidrBlock=""),
        of_a_local_zone=_subnet("3", f"{REGION}-mad-1a", CidrBlock="10.9.0.0/24"),
        of_a_wavelength_zone=_subnet(
            "4", f"{REGION}-wl1-mad-wlz-1", CidrBlock="10.9.1.0/24", MapPublicIpOnLaunch=False
        ),
        of_an_outpost=_subnet(
            "5",
            CidrBlock="10.9.2.0/24",
            OutpostArn=f"arn:aws:outposts:{REGION}:999999999999:outpost/op-1",
            CustomerOwnedIpv4Pool="p",
        ),
        without_capacity=_subnet("6", CidrBlock="10.9.3.0/24", State="failed-insufficient-capacity"),
        without_state={name: value for name, value in _subnet("7", CidrBlock="10.9.4.0/24").items() if name != "State"},
        not_a_block=_subnet("8", CidrBlock="everything"),
    ),
    *_ec2(
        "describe_addresses",
        "Addresses",
        of_a_carrier={"AllocationId": "eipalloc-1", "Domain": "vpc", "CarrierIp": "192.0.2.1"},
        of_a_customer={"AllocationId": "eipalloc-2", "Domain": "vpc", "CustomerOwnedIp": "10.0.0.1"},
        without_allocation={"PublicIp": "192.0.2.2", "Domain": "standard", "Tags": [{"Key": "Name", "Value": "old"}]},
        managed={"AllocationId": "eipalloc-3", "PublicIp": "192.0.2.3", "Domain": "vpc", "ServiceManaged": "alb"},
    ),
    *_ec2(
        "describe_nat_gateways",
        "NatGateways",
        private={"NatGatewayId": "nat-1", "State": "available", "VpcId": IN, "ConnectivityType": "private"},
        regional={"NatGatewayId": "nat-2", "State": "available", "VpcId": IN, "AvailabilityMode": "regional"},
        without_state={"NatGatewayId": "nat-3", "VpcId": IN},
        in_a_new_state={"NatGatewayId": "nat-4", "VpcId": IN, "State": "brand-new"},
    ),
    *_ec2(
        "describe_route_tables",
        "RouteTables",
        of_every_target={
            "RouteTableId": "rtb-1",
            "VpcId": IN,
            "Associations": [
                {"RouteTableAssociationId": "rtbassoc-1", "GatewayId": "igw-0a", "Main": False},
                {"RouteTableAssociationId": "rtbassoc-2", "Main": True},
            ],
            "Routes": [
                _route(DestinationCidrBlock="10.1.0.0/16", CarrierGatewayId="cagw-1"),
                _route(DestinationCidrBlock="10.2.0.0/16", LocalGatewayId="lgw-1"),
                _route(DestinationCidrBlock="10.3.0.0/16", CoreNetworkArn="arn:aws:networkmanager::1:core-network/x"),
                _route(DestinationCidrBlock="10.4.0.0/16", InstanceId="i-0a", NetworkInterfaceId="eni-0a"),
                _route(DestinationIpv6CidrBlock="::/0", EgressOnlyInternetGatewayId="eigw-1"),
                _route(DestinationPrefixListId="pl-1", TransitGatewayId="tgw-1", State="blackhole"),
                _route(DestinationCidrBlock="10.5.0.0/16", GatewayId="vgw-1", Origin="Advertisement"),
                _route(DestinationCidrBlock="10.6.0.0/16"),
            ],
        },
        of_a_route_to_nowhere={
            "RouteTableId": "rtb-2",
            "VpcId": IN,
            "Associations": [],
            "Routes": [_route(GatewayId="igw-0a")],
        },
    ),
    *_ec2(
        "describe_network_acls",
        "NetworkAcls",
        of_every_entry={
            "NetworkAclId": "acl-1",
            "VpcId": IN,
            "IsDefault": False,
            "Associations": [],
            "Entries": [
                {"RuleNumber": 1, "Egress": False, "Protocol": "58", "RuleAction": "allow", "Ipv6CidrBlock": "::/0"},
                {"RuleNumber": 2, "Egress": True, "Protocol": "1", "RuleAction": "deny", "CidrBlock": "10.0.0.0/8"},
                {"RuleNumber": 3, "Egress": True, "Protocol": "-1", "RuleAction": "deny"},
                {"RuleNumber": 32767, "Egress": True, "Protocol": "-1", "RuleAction": "deny", "CidrBlock": "0.0.0.0/0"},
            ],
        },
        of_an_entry_without_number={
            "NetworkAclId": "acl-2",
            "VpcId": IN,
            "Associations": [],
            "Entries": [{"Egress": True, "Protocol": "-1"}],
        },
    ),
    *_ec2(
        "describe_security_group_rules",
        "SecurityGroupRules",
        by_prefix_list=_rule("1", IpProtocol="tcp", FromPort=443, ToPort=443, PrefixListId="pl-1"),
        by_another_accounts_group=_rule(
            "2",
            IpProtocol="-1",
            FromPort=-1,
            ToPort=-1,
            ReferencedGroupInfo={"GroupId": "sg-0b", "UserId": "999999999999", "PeeringStatus": "deleted"},
        ),
        of_protocol_50=_rule("3", IpProtocol="50", CidrIpv4="10.0.0.0/8"),
        by_ipv6=_rule("4", IpProtocol="icmpv6", FromPort=-1, ToPort=-1, CidrIpv6="::/0"),
        by_something_new=_rule("5", IpProtocol="tcp", FromPort=1, ToPort=2),
        without_ports=_rule("6", IpProtocol="tcp", CidrIpv4="10.0.0.0/8"),
        without_protocol=_rule("7", CidrIpv4="10.0.0.0/8"),
    ),
    *_ec2(
        "describe_security_groups",
        "SecurityGroups",
        of_no_network={
            "GroupId": "sg-0a0a0a0a0a0a0a0a1",
            "GroupName": "classic",
            "IpPermissions": [],
            "IpPermissionsEgress": [],
        },
        shared={
            "GroupId": "sg-0a0a0a0a0a0a0a0a2",
            "GroupName": "shared",
            "Description": "",
            "OwnerId": "999999999999",
            "VpcId": IN,
            **_NO_RULES,
        },
    ),
    *_ec2(
        "describe_vpc_endpoints",
        "VpcEndpoints",
        of_a_balancer=_endpoint(
            "1", VpcEndpointType="GatewayLoadBalancer", ServiceName="com.amazonaws.vpce.x.vpce-svc-1"
        ),
        of_a_resource=_endpoint(
            "2", VpcEndpointType="Resource", ResourceConfigurationArn=f"{_LATTICE}:resourceconfiguration/x"
        ),
        of_a_service_network=_endpoint(
            "3", VpcEndpointType="ServiceNetwork", ServiceNetworkArn=f"{_LATTICE}:servicenetwork/x"
        ),
        with_a_nameless_entry=_endpoint("4", VpcEndpointType="Interface", DnsEntries=[{"HostedZoneId": "Z1"}, {}]),
        failed=_endpoint("5", State="Failed", LastError={"Message": "no room"}),
        with_half_a_policy=_endpoint("6", PolicyDocument='{"Statement": ['),
    ),
    *_ec2(
        "describe_vpc_peering_connections",
        "VpcPeeringConnections",
        of_nobody={"VpcPeeringConnectionId": "pcx-1", "Status": {"Code": "pending-acceptance"}},
        without_status={"VpcPeeringConnectionId": "pcx-2", "RequesterVpcInfo": {"VpcId": IN}},
    ),
    *_ec2(
        "describe_internet_gateways",
        "InternetGateways",
        attached_to_nothing={"InternetGatewayId": "igw-1", "Attachments": [{"State": "detached"}]},
    ),
    *_ec2(
        "describe_dhcp_options",
        "DhcpOptions",
        of_nothing={"DhcpOptionsId": "dopt-1", "DhcpConfigurations": []},
        without_values={"DhcpOptionsId": "dopt-2", "DhcpConfigurations": [{"Key": "domain-name", "Values": []}]},
        of_ipv6={
            "DhcpOptionsId": "dopt-3",
            "DhcpConfigurations": [{"Key": "ipv6-address-preferred-lease-time", "Values": [{"Value": "1"}]}],
        },
    ),
    *_ec2(
        "describe_transit_gateway_vpc_attachments",
        "TransitGatewayVpcAttachments",
        without_state={"TransitGatewayAttachmentId": "tgw-attach-1", "TransitGatewayId": "tgw-1", "VpcId": IN},
    ),
    *_of(
        "elbv2",
        "describe_load_balancers",
        "LoadBalancers",
        gateway=_balancer("gwy", "inspect", Type="gateway", VpcId=IN),
        without_zones=_balancer("net", "zoneless", Type="network", VpcId=IN, DNSName="x"),
        of_an_outpost=_balancer("app", "coip", Type="application", CustomerOwnedIpv4Pool="p", AvailabilityZones=[{}]),
        without_state={"LoadBalancerArn": f"{_ELB}:loadbalancer/net/x/0a", "LoadBalancerName": "x"},
        nameless={"LoadBalancerArn": f"{_ELB}:loadbalancer/net/y/0a", "Type": "network"},
    ),
    *_of(
        "elbv2",
        "describe_target_groups",
        "TargetGroups",
        of_a_function=_group("function", TargetType="lambda", HealthCheckEnabled=False),
        of_geneve=_group("inspect", Protocol="GENEVE", Port=6081, VpcId=IN, TargetType="instance"),
        of_a_balancer=_group("alb", Protocol="TCP", Port=80, VpcId=IN, TargetType="alb", Matcher={"GrpcCode": "0"}),
    ),
    *_of(
        "elbv2",
        "describe_listeners",
        "Listeners",
        of_a_gateway=_listener("1", {"Type": "forward", "TargetGroupArn": f"{_ELB}:targetgroup/inspect/0a"}),
        of_fixed_words=_listener(
            "2", {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "503"}}, Port=80
        ),
        that_asks_who=_listener(
            "3",
            {"Type": "authenticate-oidc", "Order": 1},
            {"Type": "redirect", "RedirectConfig": {"StatusCode": "HTTP_301"}, "Order": 2},
        ),
        that_forwards_nowhere=_listener("4", {"Type": "forward"}),
    ),
    *_of(
        "elb",
        "describe_load_balancers",
        "LoadBalancerDescriptions",
        of_no_network={"LoadBalancerName": "ancient", "ListenerDescriptions": [], "Instances": [{}]},
        without_a_port={"LoadBalancerName": "bare", "VPCId": IN, "ListenerDescriptions": [{"Listener": {}}]},
    ),
    *_of(
        "route53",
        "list_hosted_zones",
        "HostedZones",
        of_a_service={
            "Id": "/hostedzone/Z0CLOUDMAP",
            "Name": "svc.local.",
            "CallerReference": "x",
            "Config": {"Comment": "Created by AWS Cloud Map", "PrivateZone": True},
            "LinkedService": {"ServicePrincipal": "servicediscovery.amazonaws.com"},
        },
        without_config={"Id": "/hostedzone/Z0BARE", "Name": "example.org.", "CallerReference": "x"},
        reverse={"Id": "/hostedzone/Z0REVERSE", "Name": "2.0.192.in-addr.arpa.", "CallerReference": ""},
    ),
    *_of(
        "route53",
        "list_resource_record_sets",
        "ResourceRecordSets",
        **{type: _record(type, ResourceRecords=[{"Value": value}]) for type, value in _VALUES.items()},
        by_place=_record("A", SetIdentifier="de", GeoLocation={"CountryCode": "DE"}),
        by_distance=_record("A", SetIdentifier="near", GeoProximityLocation={"AWSRegion": REGION}),
        by_block=_record("A", SetIdentifier="block", CidrRoutingConfig={"CollectionId": "x", "LocationName": "y"}),
        of_a_policy={"Name": "policy.example.org.", "Type": "A", "TrafficPolicyInstanceId": "x"},
        with_an_escaped_name=_record("TXT", "\\052.theirs.example.org."),
    ),
    *_of(
        "iam",
        "list_roles",
        "Roles",
        of_a_service={
            "RoleName": "AWSServiceRoleForSupport",
            "RoleId": "AROA1",
            "Arn": f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/support.amazonaws.com/AWSServiceRoleForSupport",
            "Path": "/aws-service-role/support.amazonaws.com/",
        },
        with_an_odd_boundary={
            "RoleName": "odd",
            "RoleId": "AROA2",
            "Arn": f"{_ROLE}/odd",
            "PermissionsBoundary": {},
        },
        of_half_a_trust={
            "RoleName": "half",
            "RoleId": "AROA3",
            "Arn": f"{_ROLE}/half",
            "AssumeRolePolicyDocument": "not a document",
        },
        without_an_arn={"RoleName": "lost", "RoleId": "AROA4"},
    ),
    *_of(
        "iam",
        "list_instance_profiles",
        "InstanceProfiles",
        empty={"InstanceProfileName": "empty", "Arn": "arn:aws:iam::123456789012:instance-profile/empty", "Roles": []},
        without_roles={"InstanceProfileName": "bare", "Arn": "arn:aws:iam::123456789012:instance-profile/bare"},
    ),
    *_of(
        "iam",
        "list_policies",
        "Policies",
        without_a_path={"PolicyName": "x", "Arn": "arn:aws:iam::123456789012:policy/x", "DefaultVersionId": "v9"},
        without_a_version={"PolicyName": "y", "Arn": "arn:aws:iam::123456789012:policy/y"},
    ),
    *_of("s3", "list_buckets", "Buckets", nameless={"CreationDate": "2020-01-01"}, plain={"Name": "Old_Bucket.Name"}),
)

TARGETS: Final[Sequence[Mapping[str, Any]]] = (
    {"Target": {"Id": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:f"}, "TargetHealth": {"State": "unavailable"}},
    {"Target": {"Id": f"{_ELB}:loadbalancer/app/x/0a", "Port": 80}},
    {"Target": {"Id": "10.0.0.9"}, "TargetHealth": {"State": "draining"}},
    {"Target": {"Id": "10.0.0.9"}},
)
"""What a group of others may hold, which DescribeTargetHealth says under TargetHealthDescriptions."""

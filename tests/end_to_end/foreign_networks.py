"""A cluster's network that nobody has a plan of, and single things that somebody takes away from it or bends."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Final

from ocpprov.commands.verify import verify
from tests.end_to_end.world import ROOT
from tests.support.in_process import Bastion

REGION: Final = "eu-west-1"
CLUSTER: Final = "prod.example-corp.net"
ANYWHERE: Final = "0.0.0.0/0"


@dataclass(frozen=True)
class Foreign:
    """AWS with what `public-3az` makes, by logical id: what the tags said before they were taken away."""

    bastion: Bastion
    ids: Mapping[str, str]

    def client(self, service: str) -> Any:
        return self.bastion.client(service)

    @cached_property
    def ec2(self) -> Any:
        return self.client("ec2")

    @cached_property
    def elb(self) -> Any:
        return self.client("elbv2")

    @cached_property
    def route53(self) -> Any:
        return self.client("route53")

    @cached_property
    def iam(self) -> Any:
        return self.client("iam")

    def rows(self) -> Mapping[str, Mapping[str, Any]]:
        ended = self.bastion.command(
            partial(verify, vpc_id=self.ids["VPC"]), cluster=CLUSTER, region=REGION, as_json=True
        )
        assert ended.sent == []
        return {row["id"]: row for row in json.loads(ended.said)["requirements"]}

    def bad(self) -> Mapping[str, Mapping[str, Any]]:
        """The rows that don't hold."""
        return {id: row for id, row in self.rows().items() if row["status"] in ("fail", "unknown")}

    def rules(self, group: str, **having: Any) -> list[str]:
        """Ids of the rules of a group that have these members."""
        filters = [{"Name": "group-id", "Values": [self.ids[group]]}]
        found = self.ec2.describe_security_group_rules(Filters=filters)["SecurityGroupRules"]
        return [
            rule["SecurityGroupRuleId"]
            for rule in found
            if all(rule.get(member) == value for member, value in having.items())
        ]

    def records(self, zone: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.route53.list_resource_record_sets(HostedZoneId=self.ids[zone])[
            "ResourceRecordSets"
        ]
        return found

    def change_record(self, zone: str, action: str, record: Mapping[str, Any]) -> object:
        batch = {"Changes": [{"Action": action, "ResourceRecordSet": dict(record)}]}
        return self.route53.change_resource_record_sets(HostedZoneId=self.ids[zone], ChangeBatch=batch)


def foreign_network(bastion: Bastion, home: Path) -> Foreign:
    """Applied, and all tags of ocpprov taken away."""
    plan = home / "public-3az.yaml"
    plan.write_text((ROOT / "plans" / "public-3az.yaml").read_text())
    assert bastion.apply(plan).code == 0
    return Foreign(bastion, {**_stripped_ec2(bastion), **_stripped_balancers(bastion), **_of_names(bastion)})


def _stripped_ec2(bastion: Bastion) -> dict[str, str]:
    ec2, ids = bastion.client("ec2"), {}
    tags = [tag for page in ec2.get_paginator("describe_tags").paginate() for tag in page["Tags"]]
    for tag in tags:
        if tag["Key"] == "ocpprov:resource":
            ids[tag["Value"]] = tag["ResourceId"]
    for id in {tag["ResourceId"] for tag in tags}:
        own = [{"Key": tag["Key"]} for tag in tags if tag["ResourceId"] == id and tag["Key"].startswith("ocpprov:")]
        ec2.delete_tags(Resources=[id], Tags=own)
    return ids


def _stripped_balancers(bastion: Bastion) -> dict[str, str]:
    elb, ids = bastion.client("elbv2"), {}
    balancers = [each["LoadBalancerArn"] for each in elb.describe_load_balancers()["LoadBalancers"]]
    groups = [each["TargetGroupArn"] for each in elb.describe_target_groups()["TargetGroups"]]
    listeners = [
        each["ListenerArn"] for arn in balancers for each in elb.describe_listeners(LoadBalancerArn=arn)["Listeners"]
    ]
    arns = [*balancers, *groups, *listeners]
    for described in elb.describe_tags(ResourceArns=arns)["TagDescriptions"]:
        tags = {tag["Key"]: tag["Value"] for tag in described["Tags"]}
        ids[tags["ocpprov:resource"]] = described["ResourceArn"]
    elb.remove_tags(ResourceArns=arns, TagKeys=sorted({key for key in tags if key.startswith("ocpprov:")}))
    return ids


def _of_names(bastion: Bastion) -> dict[str, str]:
    """Zones by what they are for; roles and profiles, whose names begin with the plan's, by what follows."""
    zones = bastion.client("route53").list_hosted_zones()["HostedZones"]
    ids = {"IntDns" if zone["Config"]["PrivateZone"] else "ExtDns": zone["Id"].rpartition("/")[2] for zone in zones}
    iam = bastion.client("iam")
    named = [
        *(role["RoleName"] for role in iam.list_roles()["Roles"]),
        *(profile["InstanceProfileName"] for profile in iam.list_instance_profiles()["InstanceProfiles"]),
    ]
    return {**ids, **{name.split("-")[2]: name for name in named if name.startswith("public-3az-")}}


@dataclass(frozen=True)
class Breakage:
    """`breaks` does it, `row` fails for it and names the thing with the logical id `broken`, or the words that `broken`
    is where there is no such id."""

    breaks: Callable[[Foreign], object]
    row: str
    broken: str


def _revoke(group: str, **having: Any) -> Callable[[Foreign], object]:
    def breaks(net: Foreign) -> object:
        rules = net.rules(group, **having)
        assert rules
        revoke = (
            net.ec2.revoke_security_group_egress if having.get("IsEgress") else net.ec2.revoke_security_group_ingress
        )
        return revoke(GroupId=net.ids[group], SecurityGroupRuleIds=rules)

    return breaks


def _delete_route(table: str) -> Callable[[Foreign], object]:
    return lambda net: net.ec2.delete_route(RouteTableId=net.ids[table], DestinationCidrBlock=ANYWHERE)


def _deny(
    acl: Callable[[Foreign], str], number: int, *, egress: bool, ports: tuple[int, int]
) -> Callable[[Foreign], object]:
    return lambda net: net.ec2.create_network_acl_entry(
        NetworkAclId=acl(net),
        RuleNumber=number,
        Egress=egress,
        Protocol="6",
        RuleAction="deny",
        CidrBlock=ANYWHERE,
        PortRange={"From": ports[0], "To": ports[1]},
    )


def _default_acl(net: Foreign) -> str:
    filters = [{"Name": "default", "Values": ["true"]}, {"Name": "vpc-id", "Values": [net.ids["VPC"]]}]
    return str(net.ec2.describe_network_acls(Filters=filters)["NetworkAcls"][0]["NetworkAclId"])


def _public_acl(net: Foreign) -> str:
    return net.ids["PublicNetworkAcl"]


def _drop_record(zone: str, name: str) -> Callable[[Foreign], object]:
    def breaks(net: Foreign) -> object:
        [record] = [each for each in net.records(zone) if each["Name"] == f"{name}.{CLUSTER}."]
        return net.change_record(zone, "DELETE", record)

    return breaks


def _redirect(zone: str, name: str, balancer: str) -> Callable[[Foreign], object]:
    def breaks(net: Foreign) -> object:
        [record] = [each for each in net.records(zone) if each["Name"] == f"{name}.{CLUSTER}."]
        [other] = net.elb.describe_load_balancers(LoadBalancerArns=[net.ids[balancer]])["LoadBalancers"]
        alias = {**record["AliasTarget"], "DNSName": other["DNSName"]}
        return net.change_record(zone, "UPSERT", {**record, "AliasTarget": alias})

    return breaks


def _delete_listener(listener: str) -> Callable[[Foreign], object]:
    return lambda net: net.elb.delete_listener(ListenerArn=net.ids[listener])


def _check(group: str, **settings: Any) -> Callable[[Foreign], object]:
    return lambda net: net.elb.modify_target_group(TargetGroupArn=net.ids[group], **settings)


def _attribute(group: str, key: str, value: str) -> Callable[[Foreign], object]:
    return lambda net: net.elb.modify_target_group_attributes(
        TargetGroupArn=net.ids[group], Attributes=[{"Key": key, "Value": value}]
    )


def _swap(listener: str, group: str) -> Callable[[Foreign], object]:
    return lambda net: net.elb.modify_listener(
        ListenerArn=net.ids[listener], DefaultActions=[{"Type": "forward", "TargetGroupArn": net.ids[group]}]
    )


def _deregister(group: str, address: str, port: int) -> Callable[[Foreign], object]:
    return lambda net: net.elb.deregister_targets(
        TargetGroupArn=net.ids[group], Targets=[{"Id": address, "Port": port}]
    )


def _vpc(attribute: str) -> Callable[[Foreign], object]:
    return lambda net: net.ec2.modify_vpc_attribute(VpcId=net.ids["VPC"], **{attribute: {"Value": False}})


def _untag(subnet: str) -> Callable[[Foreign], object]:
    tag = "kubernetes.io/cluster/prod-x7k2p"
    return lambda net: net.ec2.delete_tags(Resources=[net.ids[subnet]], Tags=[{"Key": tag}])


def _untrust(role: str) -> Callable[[Foreign], object]:
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    return lambda net: net.iam.update_assume_role_policy(RoleName=net.ids[role], PolicyDocument=document)


def _unallowed(role: str) -> Callable[[Foreign], object]:
    def breaks(net: Foreign) -> object:
        [name] = net.iam.list_role_policies(RoleName=net.ids[role])["PolicyNames"]
        return net.iam.delete_role_policy(RoleName=net.ids[role], PolicyName=name)

    return breaks


def _narrower(role: str) -> Callable[[Foreign], object]:
    def breaks(net: Foreign) -> object:
        [name] = net.iam.list_role_policies(RoleName=net.ids[role])["PolicyNames"]
        allow = {"Effect": "Allow", "Action": "ec2:DescribeRegions", "Resource": "*"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
        return net.iam.put_role_policy(RoleName=net.ids[role], PolicyName=name, PolicyDocument=document)

    return breaks


def _empty(profile: str, role: str) -> Callable[[Foreign], object]:
    return lambda net: net.iam.remove_role_from_instance_profile(
        InstanceProfileName=net.ids[profile], RoleName=net.ids[role]
    )


def _dissociated(net: Foreign) -> object:
    other = net.ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    zone = net.ids["IntDns"]
    net.route53.associate_vpc_with_hosted_zone(HostedZoneId=zone, VPC={"VPCRegion": REGION, "VPCId": other})
    return net.route53.disassociate_vpc_from_hosted_zone(
        HostedZoneId=zone, VPC={"VPCRegion": REGION, "VPCId": net.ids["VPC"]}
    )


def _own_options(**options: Sequence[str]) -> Callable[[Foreign], object]:
    def breaks(net: Foreign) -> object:
        rows = [{"Key": key.replace("_", "-"), "Values": list(values)} for key, values in options.items()]
        made = net.ec2.create_dhcp_options(DhcpConfigurations=rows)["DhcpOptions"]["DhcpOptionsId"]
        return net.ec2.associate_dhcp_options(DhcpOptionsId=made, VpcId=net.ids["VPC"])

    return breaks


def _denied_s3(net: Foreign) -> object:
    statement = {"Sid": "Perimeter", "Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return net.ec2.modify_vpc_endpoint(VpcEndpointId=net.ids["S3Endpoint"], PolicyDocument=document)


def _narrowed(net: Foreign) -> object:
    """etcd's first port alone, in the place of both."""
    group = net.ids["MasterSecurityGroup"]
    _revoke("MasterSecurityGroup", FromPort=2379)(net)
    rule = {"IpProtocol": "tcp", "FromPort": 2379, "ToPort": 2379, "UserIdGroupPairs": [{"GroupId": group}]}
    return net.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])


def _strangers_listener(net: Foreign) -> object:
    """A stranger's listener for what hands out secrets, to the whole world."""
    return net.elb.create_listener(
        LoadBalancerArn=net.ids["ExtApiElb"],
        Protocol="TCP",
        Port=22623,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": net.ids["InternalServiceTargetGroup"]}],
    )


def _nat_gone(net: Foreign) -> object:
    answer: object = net.ec2.delete_nat_gateway(NatGatewayId=net.ids["NAT2"])
    net.bastion.clock.advance(60)
    return answer


def _blocked(net: Foreign) -> object:
    """Traffic of the control plane's table to somewhere else than NAT."""
    return net.ec2.replace_route(
        RouteTableId=net.ids["PrivateRouteTable3"], DestinationCidrBlock=ANYWHERE, GatewayId=net.ids["InternetGateway"]
    )


_MASTER, _WORKER = "MasterSecurityGroup", "WorkerSecurityGroup"
_NODE_PORTS: Final = {"FromPort": 30000, "IpProtocol": "tcp"}

BREAKAGES: Final[Mapping[str, Breakage]] = {
    "DNS support off": Breakage(_vpc("EnableDnsSupport"), "NET-VPC", "VPC"),
    "DNS host names off": Breakage(_vpc("EnableDnsHostnames"), "NET-VPC", "VPC"),
    "no public route": Breakage(_delete_route("PublicRouteTable"), "NET-IGW", "PublicRouteTable"),
    "no private route": Breakage(_delete_route("PrivateRouteTable2"), "NET-NAT", "PrivateRouteTable2"),
    "NAT gateway deleted": Breakage(_nat_gone, "NET-NAT", "NAT2"),
    "private subnet by the internet gateway": Breakage(_blocked, "NET-NAT", "InternetGateway"),
    "public ACL denies the router's clients": Breakage(
        _deny(_public_acl, 1, egress=False, ports=(443, 443)), "NET-ACL", "PublicNetworkAcl"
    ),
    "public ACL denies answers": Breakage(
        _deny(_public_acl, 1, egress=True, ports=(32768, 65535)), "NET-ACL", "PublicNetworkAcl"
    ),
    "default ACL denies 22623": Breakage(
        _deny(_default_acl, 50, egress=False, ports=(22623, 22623)), "LB-REACH", "22623"
    ),
    "default ACL denies the kubelet": Breakage(
        _deny(_default_acl, 50, egress=True, ports=(10250, 10250)), "SG-WORKER-INGRESS", "10250"
    ),
    "endpoint's policy denies": Breakage(_denied_s3, "NET-S3", "S3Endpoint"),
    "no name server": Breakage(_own_options(domain_name=["corp.example"]), "NET-DHCP", "VPC"),
    "a domain in capitals": Breakage(
        _own_options(domain_name=["Corp.example"], domain_name_servers=["AmazonProvidedDNS"]),
        "NET-DHCP",
        "Corp.example",
    ),
    "zone of another VPC": Breakage(_dissociated, "DNS-PRIVATE", "IntDns"),
    "no api": Breakage(_drop_record("ExtDns", "api"), "DNS-API", "ExtDns"),
    "no api-int": Breakage(_drop_record("IntDns", "api-int"), "DNS-API-INT", "IntDns"),
    "no api inside": Breakage(_drop_record("IntDns", "api"), "DNS-API-INT", "IntDns"),
    "api-int to the external balancer": Breakage(
        _redirect("IntDns", "api-int", "ExtApiElb"), "DNS-API-INT", f"api-int.{CLUSTER}"
    ),
    "api to the internal balancer": Breakage(_redirect("ExtDns", "api", "IntApiElb"), "DNS-API", f"api.{CLUSTER}"),
    "no external listener": Breakage(_delete_listener("ExternalApiListener"), "LB-EXT", "ExtApiElb"),
    "no internal listener": Breakage(_delete_listener("InternalApiListener"), "LB-INT", "IntApiElb"),
    "no listener of machine configurations": Breakage(
        _delete_listener("InternalServiceInternalListener"), "LB-INT", "IntApiElb"
    ),
    "22623 outside": Breakage(_strangers_listener, "LB-REACH", "listener/app/prod-x7k2p-ext/"),
    "health check by HTTP": Breakage(
        _check("ExternalApiTargetGroup", HealthCheckProtocol="HTTP", HealthCheckPath="/readyz"),
        "LB-HEALTH",
        "ExternalApiTargetGroup",
    ),
    "health check of another path": Breakage(
        _check("InternalServiceTargetGroup", HealthCheckPath="/readyz"), "LB-HEALTH", "InternalServiceTargetGroup"
    ),
    "health check of another port": Breakage(
        _check("InternalApiTargetGroup", HealthCheckPort="22624"), "LB-HEALTH", "InternalApiTargetGroup"
    ),
    "clients' addresses kept": Breakage(
        _attribute("InternalServiceTargetGroup", "preserve_client_ip.enabled", "true"),
        "LB-REACH",
        "InternalServiceTargetGroup",
    ),
    "listener to another group": Breakage(
        _swap("InternalServiceInternalListener", "InternalApiTargetGroup"), "LB-HEALTH", "InternalApiTargetGroup"
    ),
    "target missing": Breakage(
        _deregister("InternalServiceTargetGroup", "10.0.64.10", 22623), "LB-TARGETS", "InternalServiceTargetGroup"
    ),
    "no 6443 to the control plane": Breakage(_revoke(_MASTER, FromPort=6443), "LB-REACH", _MASTER),
    "no 22623 to the control plane": Breakage(_revoke(_MASTER, FromPort=22623), "LB-REACH", _MASTER),
    "no ssh to the control plane": Breakage(_revoke(_MASTER, FromPort=22), "SG-MASTER", _MASTER),
    "no ping of compute machines": Breakage(_revoke(_WORKER, IpProtocol="icmp"), "SG-WORKER", _WORKER),
    "no etcd": Breakage(_revoke(_MASTER, FromPort=2379), "SG-MASTER-INGRESS", _MASTER),
    "etcd narrowed": Breakage(_narrowed, "SG-MASTER-INGRESS", _MASTER),
    "no Geneve": Breakage(_revoke(_WORKER, FromPort=6081), "SG-WORKER-INGRESS", _WORKER),
    "no node ports": Breakage(_revoke(_WORKER, **_NODE_PORTS), "SG-WORKER-INGRESS", _WORKER),
    "no ESP": Breakage(_revoke(_MASTER, IpProtocol="50"), "SG-MASTER-INGRESS", _MASTER),
    "the control plane's egress revoked": Breakage(_revoke(_MASTER, IsEgress=True), "NET-NAT", _MASTER),
    "compute's egress revoked": Breakage(_revoke(_WORKER, IsEgress=True), "SG-MASTER-INGRESS", _WORKER),
    "no journal of the bootstrap machine": Breakage(
        _revoke("BootstrapSecurityGroup", FromPort=19531), "SG-BOOTSTRAP", "BootstrapSecurityGroup"
    ),
    "a group deleted": Breakage(
        lambda net: net.ec2.delete_security_group(GroupId=net.ids["BootstrapSecurityGroup"]), "SG-BOOTSTRAP", "VPC"
    ),
    "a role that trusts others": Breakage(_untrust("MasterIamRole"), "IAM-MASTER", "MasterIamRole"),
    "a role whose policy is gone": Breakage(_unallowed("MasterIamRole"), "IAM-MASTER", "MasterIamRole"),
    "a role whose policy is narrowed": Breakage(_narrower("WorkerIamRole"), "IAM-WORKER", "WorkerIamRole"),
    "a profile without its role": Breakage(
        _empty("WorkerInstanceProfile", "WorkerIamRole"), "IAM-WORKER", "WorkerInstanceProfile"
    ),
    "a subnet without the cluster's tag": Breakage(_untag("PrivateSubnet2"), "TAG-CLUSTER", "PrivateSubnet2"),
}

"""Row by row of the requirements: there where the plan has it, absent where its switch is off.

One account holds four clusters: with everything, with the other forms of things, on somebody else's network with
everything off, and one of which the infraID isn't known yet. Rows of the network and of the groups between machines are
proved for the shipped plans in test_plans; here are the others, and what is absent of all.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest

from ocpprov.sandbox.client import SandboxControl
from ocpprov.sandbox.control import Running
from tests.end_to_end.world import REGION, Finished, Operator, client
from tests.rows.account import Made, allowed, attributes, ingress
from tests.rows.checks import CHECKS
from tests.support.snapshot import snapshot

ADDRESSES: Final = ["10.0.48.10", "10.0.64.10", "10.0.80.10"]
IGNITION: Final = '{"ignition": {"version": "3.2.0"}, "passwd": "known to the cluster only"}'
EVERYTHING: Final[Mapping[str, Any]] = {
    "version": "4.12",
    "clusterName": "prod",
    "baseDomain": "example.com",
    "infraID": "prod-x7k2p",
    "publish": "External",
    "publicZone": "create",
    "egress": "nat",
    "networkAcl": "working",
    "endpoints": ["s3", "ec2", "elasticloadbalancing"],
    "controlPlane": {"addresses": ADDRESSES},
    "bootstrap": {"address": "10.0.48.20", "ignition": "bootstrap.ign"},
    "etcdRecords": True,
}
OTHERWISE: Final[Mapping[str, Any]] = {
    "version": "4.12",
    "clusterName": "two",
    "baseDomain": "example.org",
    "infraID": "two-b2c3d",
    "publish": "External",
    "publicZone": "create",
    "machineNetwork": "10.4.0.0/16",
    "zones": 2,
    "egress": "nat-single",
    "networkAcl": "documented",
    "loadBalancers": "classic",
    "controlPlane": {"addresses": ["10.4.48.10"]},
    "recordType": "cname",
    "appsRecord": f"router-1.{REGION}.elb.amazonaws.com",
    "bucket": {"onlyThroughEndpoint": True},
    "iam": {"policies": "documented", "path": "/clusters/", "permissionsBoundary": "BOUNDARY"},
    "dhcpOptions": {"domainName": "corp.example", "domainNameServers": ["10.4.0.2"], "ntpServers": ["169.254.169.123"]},
    "secondaryNetworks": ["10.9.0.0/16"],
    "transit": [{"transitGatewayID": "TRANSIT", "cidrs": ["172.16.0.0/12"]}],
}
OFF: Final[Mapping[str, Any]] = {
    "version": "4.12",
    "clusterName": "off",
    "baseDomain": "example.net",
    "infraID": "off-c3d4e",
    "publish": "Internal",
    "machineNetwork": "10.5.0.0/16",
    "egress": "none",
    "endpoints": [],
    "hostedZone": "none",
    "bootstrap": False,
    "bucket": "none",
    "iam": {"instanceProfiles": {"master": "theirs", "worker": "theirs"}},
}
NOT_YET: Final[Mapping[str, Any]] = {
    "version": "4.12",
    "clusterName": "later",
    "baseDomain": "example.edu",
    "publish": "External",
    "publicZone": "create",
    "machineNetwork": "10.6.0.0/16",
    "zones": 1,
}
SCOPED_MASTER: Final = [
    *(
        f"ec2:{name}"
        for name in (
            *("AttachVolume", "AuthorizeSecurityGroupIngress", "CreateSecurityGroup", "CreateTags", "CreateVolume"),
            *("DeleteSecurityGroup", "DeleteVolume", "Describe*", "DetachVolume", "ModifyInstanceAttribute"),
            *("ModifyVolume", "RevokeSecurityGroupIngress"),
        )
    ),
    *(
        f"elasticloadbalancing:{name}"
        for name in (
            *("AddTags", "ApplySecurityGroupsToLoadBalancer", "AttachLoadBalancerToSubnets", "ConfigureHealthCheck"),
            *("CreateListener", "CreateLoadBalancer", "CreateLoadBalancerListeners", "CreateLoadBalancerPolicy"),
            *("CreateTargetGroup", "DeleteListener", "DeleteLoadBalancer", "DeleteLoadBalancerListeners"),
            *("DeleteTargetGroup", "DeregisterInstancesFromLoadBalancer", "DeregisterTargets", "Describe*"),
            *("DetachLoadBalancerFromSubnets", "ModifyListener", "ModifyLoadBalancerAttributes", "ModifyTargetGroup"),
            *("ModifyTargetGroupAttributes", "RegisterInstancesWithLoadBalancer", "RegisterTargets"),
            *("SetLoadBalancerPoliciesForBackendServer", "SetLoadBalancerPoliciesOfListener"),
        )
    ),
    "kms:DescribeKey",
]


@dataclass(frozen=True)
class World:
    """The four clusters, and what `apply` and `outputs` said."""

    everything: Made
    otherwise: Made
    off: Made
    not_yet: Made
    applied: Finished
    outputs: Mapping[str, Any]
    outputs_off: Mapping[str, Any]
    machine: str
    boundary: str


def _prepared(url: str, folder: Path) -> dict[str, Mapping[str, Any]]:
    """The plans' sections, after what is somebody else's was made by hand."""
    ec2, iam = client("ec2", url), client("iam", url)
    (folder / "bootstrap.ign").write_text(IGNITION)
    gateway = ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
    allow = {"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    boundary = iam.create_policy(PolicyName="edge", PolicyDocument=document)["Policy"]["Arn"]
    iam.create_instance_profile(InstanceProfileName="theirs")
    vpc = ec2.create_vpc(CidrBlock="10.5.0.0/16")["Vpc"]["VpcId"]
    made = ec2.create_subnet(VpcId=vpc, CidrBlock="10.5.0.0/20", AvailabilityZone=f"{REGION}a")
    otherwise = json.loads(json.dumps(OTHERWISE).replace("TRANSIT", gateway).replace("BOUNDARY", boundary))
    return {
        "everything": EVERYTHING,
        "otherwise": otherwise,
        "off": {**OFF, "vpcID": vpc, "subnets": [made["Subnet"]["SubnetId"]]},
        "not-yet": NOT_YET,
    }


def _machine(url: str) -> str:
    """A machine at the address that the classic balancers wait for."""
    ec2 = client("ec2", url)
    subnets = ec2.describe_subnets(Filters=[{"Name": "cidr-block", "Values": ["10.4.48.0/20"]}])["Subnets"]
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    made = ec2.run_instances(
        ImageId=image, MinCount=1, MaxCount=1, SubnetId=subnets[0]["SubnetId"], PrivateIpAddress="10.4.48.10"
    )
    return str(made["Instances"][0]["InstanceId"])


@pytest.fixture(scope="module")
def world(running: Running, state_home: Path, tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("rows")
    url = running.endpoint_url
    SandboxControl(url).reset()
    operator = Operator(url, folder, {"XDG_STATE_HOME": str(state_home)})
    sections = _prepared(url, folder)
    ended = {}
    for name, section in sections.items():
        plan = {"name": name, "region": REGION, "openshift": section}
        (folder / f"{name}.yaml").write_text(json.dumps(plan))
        ended[name] = operator.good("apply", f"{name}.yaml", "--sandbox", "--yes")
    machine = _machine(url)
    operator.good("apply", "otherwise.yaml", "--sandbox", "--yes")
    seen = snapshot(partial(client, url=url))
    made = {
        name: Made(seen, name, f"{section['clusterName']}.{section['baseDomain']}")
        for name, section in sections.items()
    }
    outputs, outputs_off = (
        json.loads(operator.good("outputs", f"{name}.yaml", "--sandbox", "--json").out)
        for name in ("everything", "off")
    )
    return World(
        everything=made["everything"],
        otherwise=made["otherwise"],
        off=made["off"],
        not_yet=made["not-yet"],
        applied=ended["everything"],
        outputs=outputs,
        outputs_off=outputs_off,
        machine=machine,
        boundary=sections["otherwise"]["iam"]["permissionsBoundary"],
    )


def _entries(made: Made) -> set[tuple[bool, str, tuple[int, int] | None, str]]:
    """Egress, protocol, ports and block of what an ACL's numbered entries allow."""
    return {
        (
            entry["Egress"],
            entry["Protocol"],
            (entry["PortRange"]["From"], entry["PortRange"]["To"]) if entry.get("PortRange") else None,
            entry["CidrBlock"],
        )
        for entry in made.get("NetworkAcl", "PublicNetworkAcl")["Entries"]
        if entry["RuleAction"] == "allow" and entry["RuleNumber"] < 32767
    }


ANYWHERE: Final = "0.0.0.0/0"
DOCUMENTED_ACL: Final = {
    *((False, "6", ports, ANYWHERE) for ports in ((80, 80), (443, 443), (22, 22), (1024, 65535))),
    (True, "6", (0, 65535), ANYWHERE),
}


def net_acl(world: World) -> None:
    assert _entries(world.otherwise) == DOCUMENTED_ACL
    assert _entries(world.everything) >= DOCUMENTED_ACL | {
        (False, "17", (1024, 65535), ANYWHERE),
        (True, "17", (0, 65535), ANYWHERE),
        (False, "-1", None, "10.0.0.0/16"),
        (True, "-1", None, "10.0.0.0/16"),
    }
    for made, count in ((world.everything, 3), (world.otherwise, 2)):
        public = {item["SubnetId"] for item in made.all("Subnet") if "Public" in item["Tags"]["ocpprov:resource"]}
        acl = made.get("NetworkAcl", "PublicNetworkAcl")
        assert {row["SubnetId"] for row in acl["Associations"]} == public
        assert len(public) == count


def net_endpoints(world: World) -> None:
    made = world.everything
    private = {item["SubnetId"] for item in made.all("Subnet") if "Private" in item["Tags"]["ocpprov:resource"]}
    group = made.get("SecurityGroup", "EndpointSecurityGroup")
    assert ingress(group) == {("tcp", 443, 443, "10.0.0.0/16")}
    for logical_id, service in (("Ec2Endpoint", "ec2"), ("ElasticloadbalancingEndpoint", "elasticloadbalancing")):
        endpoint = made.get("VPCEndpoint", logical_id)
        assert endpoint["ServiceName"] == f"com.amazonaws.{REGION}.{service}"
        assert endpoint["VpcEndpointType"] == "Interface"
        assert endpoint["PrivateDnsEnabled"] is True
        assert set(endpoint["SubnetIds"]) == private
        assert [row["GroupId"] for row in endpoint["Groups"]] == [group["GroupId"]]


def net_transit(world: World) -> None:
    made = world.otherwise
    [attachment] = made.all("TransitGatewayAttachment")
    private = {item["SubnetId"] for item in made.all("Subnet") if "Private" in item["Tags"]["ocpprov:resource"]}
    assert attachment["VpcId"] == made.get("VPC", "VPC")["VpcId"]
    assert set(attachment["SubnetIds"]) == private
    for logical_id in ("PrivateRouteTable", "PrivateRouteTable2"):
        routes = made.get("RouteTable", logical_id)["Routes"]
        [route] = [row for row in routes if row.get("DestinationCidrBlock") == "172.16.0.0/12"]
        assert route["TransitGatewayId"] == attachment["TransitGatewayId"]


def net_dhcp(world: World) -> None:
    made = world.otherwise
    options, vpc = made.get("DHCPOptions", "DHCPOptions"), made.get("VPC", "VPC")
    values = {row["Key"]: [each["Value"] for each in row["Values"]] for row in options["DhcpConfigurations"]}
    assert values == {
        "domain-name": ["corp.example"],
        "domain-name-servers": ["10.4.0.2"],
        "ntp-servers": ["169.254.169.123"],
    }
    assert vpc["DhcpOptionsId"] == options["DhcpOptionsId"]
    assert {row["CidrBlock"] for row in vpc["CidrBlockAssociationSet"]} == {"10.4.0.0/16", "10.9.0.0/16"}


def net_nat_single(world: World) -> None:
    made = world.otherwise
    [gateway] = made.all("NatGateway")
    assert len(made.all("EIP")) == 1
    for logical_id in ("PrivateRouteTable", "PrivateRouteTable2"):
        routes = made.get("RouteTable", logical_id)["Routes"]
        [route] = [row for row in routes if row.get("DestinationCidrBlock") == ANYWHERE]
        assert route["NatGatewayId"] == gateway["NatGatewayId"]


def dns_public(world: World) -> None:
    zone = world.everything.get("HostedZone", "ExtDns")
    assert (zone["Name"], zone["Config"]["PrivateZone"]) == ("example.com.", False)


def dns_private(world: World) -> None:
    zone = world.everything.get("HostedZone", "IntDns")
    assert (zone["Name"], zone["Config"]["PrivateZone"]) == ("prod.example.com.", True)
    assert zone["Tags"]["Name"] == "prod-x7k2p-int"
    assert zone["Tags"]["kubernetes.io/cluster/prod-x7k2p"] == "owned"
    assert [row["VPCId"] for row in zone["VPCs"]] == [world.everything.get("VPC", "VPC")["VpcId"]]


def dns_api(world: World) -> None:
    balancer = world.everything.get("LoadBalancer", "ExtApiElb")
    alias = world.everything.record("public", "api", "A")["AliasTarget"]
    assert alias["DNSName"].rstrip(".").lower() == balancer["DNSName"].lower()
    assert alias["HostedZoneId"] == balancer["CanonicalHostedZoneId"]
    classic = world.otherwise.get("ClassicLoadBalancer", "ExtApiClassicElb")
    record = world.otherwise.record("public", "api", "CNAME")
    assert [row["Value"] for row in record["ResourceRecords"]] == [classic["DNSName"]]


def dns_api_int(world: World) -> None:
    balancer = world.everything.get("LoadBalancer", "IntApiElb")
    classic = world.otherwise.get("ClassicLoadBalancer", "IntApiClassicElb")
    for name in ("api", "api-int"):
        alias = world.everything.record("private", name, "A")["AliasTarget"]
        assert alias["DNSName"].rstrip(".").lower() == balancer["DNSName"].lower()
        record = world.otherwise.record("private", name, "CNAME")
        assert [row["Value"] for row in record["ResourceRecords"]] == [classic["DNSName"]]


def dns_etcd(world: World) -> None:
    for number, address in enumerate(ADDRESSES):
        record = world.everything.record("private", f"etcd-{number}", "A")
        assert (record["TTL"], [row["Value"] for row in record["ResourceRecords"]]) == (60, [address])
    service = world.everything.record("private", "_etcd-server-ssl._tcp", "SRV")
    assert service["TTL"] == 60
    assert {row["Value"].rstrip(".") for row in service["ResourceRecords"]} == {
        f"0 10 2380 etcd-{number}.prod.example.com" for number in range(3)
    }


def dns_apps(world: World) -> None:
    for side in ("public", "private"):
        record = world.otherwise.record(side, "*.apps", "CNAME")
        assert [row["Value"] for row in record["ResourceRecords"]] == [f"router-1.{REGION}.elb.amazonaws.com"]


def _balancer(made: Made, logical_id: str, name: str, scheme: str, side: str) -> Mapping[str, Any]:
    balancer = made.get("LoadBalancer", logical_id)
    subnets = {item["SubnetId"] for item in made.all("Subnet") if side in item["Tags"]["ocpprov:resource"]}
    assert (balancer["LoadBalancerName"], balancer["Type"], balancer["Scheme"]) == (name, "network", scheme)
    assert {row["SubnetId"] for row in balancer["AvailabilityZones"]} == subnets
    assert attributes(balancer)["load_balancing.cross_zone.enabled"] == "true"
    return balancer


def _listeners(made: Made, balancer: Mapping[str, Any]) -> dict[int, str]:
    """By port the name of the target group that a listener forwards to."""
    groups = {item["TargetGroupArn"]: item["TargetGroupName"] for item in made.all("TargetGroup")}
    return {
        item["Port"]: groups[item["DefaultActions"][0]["TargetGroupArn"]]
        for item in made.all("Listener")
        if item["LoadBalancerArn"] == balancer["LoadBalancerArn"] and item["Protocol"] == "TCP"
    }


def lb_ext(world: World) -> None:
    balancer = _balancer(world.everything, "ExtApiElb", "prod-x7k2p-ext", "internet-facing", "Public")
    assert _listeners(world.everything, balancer) == {6443: "prod-x7k2p-aext"}


def lb_int(world: World) -> None:
    balancer = _balancer(world.everything, "IntApiElb", "prod-x7k2p-int", "internal", "Private")
    assert _listeners(world.everything, balancer) == {6443: "prod-x7k2p-aint", 22623: "prod-x7k2p-sint"}


GROUPS: Final = {"aext": (6443, "/readyz"), "aint": (6443, "/readyz"), "sint": (22623, "/healthz")}


def _groups(world: World) -> Iterator[tuple[Mapping[str, Any], int, str]]:
    found = {item["TargetGroupName"]: item for item in world.everything.all("TargetGroup")}
    assert set(found) == {f"prod-x7k2p-{name}" for name in GROUPS}
    for name, (port, path) in GROUPS.items():
        yield found[f"prod-x7k2p-{name}"], port, path


def lb_health(world: World) -> None:
    for group, port, path in _groups(world):
        assert (group["Protocol"], group["Port"], group["TargetType"]) == ("TCP", port, "ip")
        assert (group["HealthCheckProtocol"], group["HealthCheckPath"]) == ("HTTPS", path)
        assert group["HealthCheckPort"] in ("traffic-port", str(port))
        assert group["HealthCheckIntervalSeconds"] == 10
        assert (group["HealthyThresholdCount"], group["UnhealthyThresholdCount"]) == (2, 2)
        assert attributes(group)["deregistration_delay.timeout_seconds"] == "60"


def lb_targets(world: World) -> None:
    for group, port, _ in _groups(world):
        assert {tuple(row) for row in group["Targets"]} == {(address, port) for address in (*ADDRESSES, "10.0.48.20")}


def lb_reach(world: World) -> None:
    for group, _, _ in _groups(world):
        assert attributes(group)["preserve_client_ip.enabled"] == "false"
    for made, block in ((world.everything, "10.0.0.0/16"), (world.otherwise, "10.4.0.0/16")):
        admitted = ingress(made.get("SecurityGroup", "MasterSecurityGroup"))
        assert {("tcp", 6443, 6443, block), ("tcp", 22623, 22623, block)} <= admitted
        assert not [rule for rule in admitted if rule[1] <= 22623 <= rule[2] and rule[3] == ANYWHERE]


def lb_classic(world: World) -> None:
    made = world.otherwise
    wanted = {
        "ExtApiClassicElb": ("internet-facing", {6443}, "Public", "ExtApiElbSecurityGroup"),
        "IntApiClassicElb": ("internal", {6443, 22623}, "Private", "IntApiElbSecurityGroup"),
    }
    for logical_id, (scheme, ports, side, group_id) in wanted.items():
        balancer = made.get("ClassicLoadBalancer", logical_id)
        listeners = [row["Listener"] for row in balancer["ListenerDescriptions"]]
        assert {(row["Protocol"], row["LoadBalancerPort"], row["InstancePort"]) for row in listeners} == {
            ("TCP", port, port) for port in ports
        }
        assert balancer["Scheme"] == scheme
        assert set(balancer["Subnets"]) == {
            item["SubnetId"] for item in made.all("Subnet") if side in item["Tags"]["ocpprov:resource"]
        }
        assert balancer["HealthCheck"]["Target"] == "HTTPS:6443/readyz"
        assert balancer["Attributes"]["ConnectionDraining"] == {"Enabled": True, "Timeout": 60}
        assert [row["InstanceId"] for row in balancer["Instances"]] == [world.machine]
        group = made.get("SecurityGroup", group_id)
        assert balancer["SecurityGroups"] == [group["GroupId"]]
        assert {rule[1] for rule in ingress(group)} == ports


def _trusts_ec2(role: Mapping[str, Any]) -> bool:
    [statement] = role["AssumeRolePolicyDocument"]["Statement"]
    return (statement["Effect"], statement["Principal"], statement["Action"]) == (
        "Allow",
        {"Service": "ec2.amazonaws.com"},
        "sts:AssumeRole",
    )


def _machine_role(world: World, machine: str, scoped: Mapping[str, list[str]], documented: list[str]) -> None:
    name = machine.capitalize()
    for made, actions in ((world.everything, scoped), (world.otherwise, {"*": documented})):
        role = made.get("Role", f"{name}IamRole")
        assert _trusts_ec2(role)
        assert allowed(role) == {resource: sorted(each) for resource, each in actions.items()}
        assert made.get("InstanceProfile", f"{name}InstanceProfile")["Roles"] == [role["RoleName"]]
    role = world.otherwise.get("Role", f"{name}IamRole")
    assert (role["Path"], role["PermissionsBoundary"]["PermissionsBoundaryArn"]) == ("/clusters/", world.boundary)


def iam_master(world: World) -> None:
    documented = ["ec2:*", "elasticloadbalancing:*", "iam:PassRole", "s3:GetObject"]
    _machine_role(world, "master", {"*": SCOPED_MASTER}, documented)


def iam_worker(world: World) -> None:
    _machine_role(world, "worker", {"*": ["ec2:DescribeInstances", "ec2:DescribeRegions"]}, ["ec2:Describe*"])


def iam_bootstrap(world: World) -> None:
    documented = ["ec2:AttachVolume", "ec2:Describe*", "ec2:DetachVolume"]
    objects = f"arn:aws:s3:::{_bucket_name(world.everything)}/*"
    _machine_role(world, "bootstrap", {"*": documented, objects: ["s3:GetObject"]}, documented)


def _bucket_name(made: Made) -> str:
    return next(
        id
        for (type, id), item in made.snapshot.items()
        if type == "Bucket" and item["Tags"].get("ocpprov:plan") == made.plan
    )


def s3_bucket(world: World) -> None:
    for made in (world.everything, world.otherwise):
        bucket = made.get("Bucket", "InfraBucket")
        assert set(bucket["PublicAccessBlock"].values()) == {True}
        assert len(bucket["PublicAccessBlock"]) == 4
        assert bucket["Encryption"] == "AES256"
        first = bucket["Policy"]["Statement"][0]
        assert (first["Effect"], first["Principal"], first["Action"]) == ("Deny", "*", "s3:*")
        assert first["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    endpoint = world.otherwise.get("VPCEndpoint", "S3Endpoint")["VpcEndpointId"]
    second = world.otherwise.get("Bucket", "InfraBucket")["Policy"]["Statement"][1]
    assert second["Effect"] == "Deny"
    assert endpoint in json.dumps(second["Condition"]["StringNotEquals"]["aws:sourceVpce"])


def s3_ignition(world: World) -> None:
    bucket = world.everything.get("Bucket", "InfraBucket")
    assert [key for key, _ in bucket["Objects"]] == ["bootstrap.ign"]
    said = json.dumps(world.outputs)
    assert f"s3://{_bucket_name(world.everything)}/bootstrap.ign" in said
    assert hashlib.sha512(IGNITION.encode()).hexdigest() in said
    assert "known to the cluster only" not in said + world.applied.out + world.applied.err


def tag_cluster(world: World) -> None:
    for (type, id), item in world.everything.snapshot.items():
        clusters = {
            key: value for key, value in item.get("Tags", {}).items() if key.startswith("kubernetes.io/cluster/")
        }
        assert set(clusters.values()) <= ({"owned"} if type == "HostedZone" else {"shared"}), (type, id)
    for made, cluster in ((world.everything, "prod-x7k2p"), (world.otherwise, "two-b2c3d")):
        assert "Name" not in made.get("VPC", "VPC")["Tags"]
        for subnet in made.all("Subnet"):
            public = "Public" in subnet["Tags"]["ocpprov:resource"]
            assert subnet["Tags"][f"kubernetes.io/cluster/{cluster}"] == "shared"
            assert ("kubernetes.io/role/elb" if public else "kubernetes.io/role/internal-elb") in subnet["Tags"]


def air_gap(world: World) -> None:
    """Reaching nothing but endpoints is proved by test_edges, test_proxy and test_blocked_services."""
    hosts = [f"{service}.{REGION}.amazonaws.com" for service in ("s3", "ec2", "elasticloadbalancing")]
    assert world.outputs["NoProxy"].split(",") == hosts


def none_of(made: str, type: str, *logical_ids: str) -> Callable[[World], None]:
    """A check that a cluster has nothing of a type, or nothing with these ids."""

    def check(world: World) -> None:
        found = getattr(world, made).ids(type)
        assert set(found).isdisjoint(logical_ids) if logical_ids else found == []

    return check


def no_records(world: World) -> None:
    assert world.off.records() == []
    assert world.not_yet.records() == []


def no_public_records(world: World) -> None:
    assert world.off.records("public") == []


def no_targets(world: World) -> None:
    groups = world.off.all("TargetGroup")
    assert {item["TargetGroupName"] for item in groups} == {"off-c3d4e-aint", "off-c3d4e-sint"}
    assert [item["Targets"] for item in groups] == [[], []]


def no_cluster_tag(world: World) -> None:
    tags = [key for item in world.not_yet.all("Subnet") for key in item["Tags"]]
    assert len(tags) > 0
    assert [key for key in tags if key.startswith("kubernetes.io/cluster/")] == []


def no_route_out(world: World) -> None:
    assert world.off.all("NatGateway") == world.off.all("EIP") == []


def one_network(world: World) -> None:
    vpc = world.everything.get("VPC", "VPC")
    options = {item["DhcpOptionsId"] for item in world.everything.all("DHCPOptions")}
    assert vpc["DhcpOptionsId"] not in options
    assert [row["CidrBlock"] for row in vpc["CidrBlockAssociationSet"]] == ["10.0.0.0/16"]


def no_apps(world: World) -> None:
    assert [name for name in world.everything.records() if "apps" in name] == []


def no_etcd(world: World) -> None:
    assert [name for name in world.otherwise.records() if "etcd" in name] == []


def only_documented(world: World) -> None:
    """The ACL is absent where the VPC's own is used, and has nothing more than the table where that is asked for."""
    assert world.not_yet.all("NetworkAcl") == []
    assert _entries(world.otherwise) == DOCUMENTED_ACL


def no_endpoints(world: World) -> None:
    assert "NoProxy" not in world.outputs_off


def no_ignition(world: World) -> None:
    assert world.otherwise.get("Bucket", "InfraBucket")["Objects"] == []


THERE: Final[Mapping[str, Callable[[World], None]]] = {
    "NET-NAT": net_nat_single,
    "NET-ACL": net_acl,
    "NET-EC2, NET-ELB": net_endpoints,
    "NET-TRANSIT": net_transit,
    "NET-DHCP": net_dhcp,
    "DNS-PUBLIC": dns_public,
    "DNS-PRIVATE": dns_private,
    "DNS-API": dns_api,
    "DNS-API-INT": dns_api_int,
    "DNS-ETCD": dns_etcd,
    "DNS-APPS": dns_apps,
    "LB-EXT": lb_ext,
    "LB-INT": lb_int,
    "LB-HEALTH": lb_health,
    "LB-TARGETS": lb_targets,
    "LB-REACH": lb_reach,
    "LB-CLASSIC": lb_classic,
    "IAM-MASTER": iam_master,
    "IAM-WORKER": iam_worker,
    "IAM-BOOTSTRAP": iam_bootstrap,
    "S3-BUCKET": s3_bucket,
    "S3-IGNITION": s3_ignition,
    "TAG-CLUSTER": tag_cluster,
    "AIR-GAP": air_gap,
}
ABSENT: Final[Mapping[str, Callable[[World], None]]] = {
    "NET-VPC": none_of("off", "VPC"),
    "NET-PUBLIC": none_of("off", "Subnet"),
    "NET-IGW": none_of("off", "InternetGateway"),
    "NET-NAT": no_route_out,
    "NET-PRIVATE": none_of("off", "RouteTable"),
    "NET-ACL": only_documented,
    "NET-S3": none_of("off", "VPCEndpoint"),
    "NET-EC2, NET-ELB": none_of("not_yet", "VPCEndpoint", "Ec2Endpoint", "ElasticloadbalancingEndpoint"),
    "NET-TRANSIT": none_of("everything", "TransitGatewayAttachment"),
    "NET-DHCP": one_network,
    "DNS-PUBLIC": none_of("off", "HostedZone", "ExtDns"),
    "DNS-PRIVATE": none_of("off", "HostedZone"),
    "DNS-API": no_public_records,
    "DNS-API-INT": no_records,
    "DNS-ETCD": no_etcd,
    "DNS-APPS": no_apps,
    "LB-EXT": none_of("off", "LoadBalancer", "ExtApiElb"),
    "LB-INT": none_of("not_yet", "LoadBalancer"),
    "LB-HEALTH": none_of("not_yet", "TargetGroup"),
    "LB-TARGETS": no_targets,
    "LB-REACH": none_of("off", "TargetGroup", "ExternalApiTargetGroup"),
    "LB-CLASSIC": none_of("everything", "ClassicLoadBalancer"),
    "SG-MASTER": none_of("not_yet", "SecurityGroup"),
    "SG-WORKER": none_of("not_yet", "SecurityGroup"),
    "SG-BOOTSTRAP": none_of("off", "SecurityGroup", "BootstrapSecurityGroup"),
    "SG-MASTER-INGRESS": none_of("not_yet", "SecurityGroup"),
    "SG-WORKER-INGRESS": none_of("not_yet", "SecurityGroup"),
    "IAM-MASTER": none_of("off", "Role"),
    "IAM-WORKER": none_of("off", "InstanceProfile"),
    "IAM-BOOTSTRAP": none_of("off", "Role", "BootstrapIamRole"),
    "S3-BUCKET": none_of("off", "Bucket"),
    "S3-IGNITION": no_ignition,
    "TAG-CLUSTER": no_cluster_tag,
    "AIR-GAP": no_endpoints,
}


@pytest.mark.parametrize("check", THERE.values(), ids=THERE)
def test_a_row_is_there(world: World, check: Callable[[World], None]) -> None:
    check(world)


@pytest.mark.parametrize("check", ABSENT.values(), ids=ABSENT)
def test_a_row_is_absent_where_its_switch_is_off(world: World, check: Callable[[World], None]) -> None:
    check(world)


ROWS: Final = (
    *("NET-VPC", "NET-PUBLIC", "NET-IGW", "NET-NAT", "NET-PRIVATE", "NET-ACL", "NET-S3", "NET-EC2", "NET-ELB"),
    *("NET-TRANSIT", "NET-DHCP", "DNS-PUBLIC", "DNS-PRIVATE", "DNS-API", "DNS-API-INT", "DNS-ETCD", "DNS-APPS"),
    *("LB-EXT", "LB-INT", "LB-HEALTH", "LB-TARGETS", "LB-REACH", "LB-CLASSIC"),
    *("SG-MASTER", "SG-WORKER", "SG-BOOTSTRAP", "SG-MASTER-INGRESS", "SG-WORKER-INGRESS"),
    *("IAM-MASTER", "IAM-WORKER", "IAM-BOOTSTRAP", "S3-BUCKET", "S3-IGNITION", "TAG-CLUSTER", "AIR-GAP"),
)


def test_no_row_is_left_out() -> None:
    there = {row for names in (*THERE, *CHECKS) for row in names.split(", ")}
    absent = {row for names in ABSENT for row in names.split(", ")}
    assert there == absent == set(ROWS)

"""verify's other direction: nothing is named as open on an applied plan, and all that somebody opens is, with what is
open and what closes it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest

from ocpprov.commands.verify import verify
from tests.end_to_end.breaking.site import Site, Thing, applied
from tests.end_to_end.foreign_networks import CLUSTER, foreign_network
from tests.end_to_end.world import PLANS, REGION
from tests.support.forking import forked
from tests.support.in_process import Bastion

pytestmark = pytest.mark.torture
ACCOUNT: Final = "999999999999"
Document = Mapping[str, Any]


def openings(site: Site) -> Document:
    ended = site.bastion.command(verify, plan=site.plan, as_json=True)
    found: Document = json.loads(ended.said)
    return found


def fresh(home: Path, plan: str) -> Site:
    """An applied plan in an AWS where nothing was before."""
    Bastion(home, REGION).pipeline.reset()
    return applied(home / "site", plan)


@pytest.mark.parametrize("plan", [path.stem for path in PLANS])
def test_nothing_is_open_beside_an_applied_plan(tmp_path: Path, plan: str) -> None:
    found = openings(fresh(tmp_path, plan))
    assert (found["ok"], found["exposures"], found["notJudged"]) == (True, [], [])
    assert found["knownOpenings"][0] == (
        "security groups let everything out: AWS's default, which the documentation keeps"
    )


@dataclass(frozen=True)
class Opening:
    """What somebody does; the logical id of what is open then, and a part of what is told of it and of whose it is."""

    name: str
    make: Callable[[Site], object]
    resource: str
    allows: str
    exposed: str
    origin: str = "not of this plan"


def rule(group: str, **permission: Any) -> Callable[[Site], object]:
    return lambda site: site.ec2.authorize_security_group_ingress(GroupId=site.id(group), IpPermissions=[permission])


def from_block(group: str, protocol: str, first: int, last: int, block: str) -> Callable[[Site], object]:
    ports = {"FromPort": first, "ToPort": last}
    return rule(group, IpProtocol=protocol, **ports, IpRanges=[{"CidrIp": block}])


def from_group(group: str, sender: str, protocol: str, port: int) -> Callable[[Site], object]:
    def make(site: Site) -> object:
        known = site.id(sender) if site.has(sender) else _new_group(site)
        pairs = [{"GroupId": known}]
        return rule(group, IpProtocol=protocol, FromPort=port, ToPort=port, UserIdGroupPairs=pairs)(site)

    return make


def _new_group(site: Site) -> str:
    made = site.ec2.create_security_group(GroupName="others", Description="x", VpcId=site.vpc)
    return str(made["GroupId"])


def from_prefix_list(site: Site) -> object:
    made = site.ec2.create_managed_prefix_list(
        PrefixListName="offices", MaxEntries=2, AddressFamily="IPv4", Entries=[{"Cidr": "192.168.0.0/16"}]
    )
    id = made["PrefixList"]["PrefixListId"]
    return rule(
        "MasterSecurityGroup", IpProtocol="tcp", FromPort=443, ToPort=443, PrefixListIds=[{"PrefixListId": id}]
    )(site)


def listener(balancer: str, port: int, group: str) -> Callable[[Site], object]:
    return lambda site: site.elbv2.create_listener(
        LoadBalancerArn=site.id(balancer),
        Port=port,
        Protocol="TCP",
        DefaultActions=[{"Type": "forward", "TargetGroupArn": site.id(group)}],
    )


def entry(number: int, protocol: str, ports: tuple[int, int] | None) -> Callable[[Site], object]:
    given = {"PortRange": {"From": ports[0], "To": ports[1]}} if ports else {}
    return lambda site: site.ec2.create_network_acl_entry(
        NetworkAclId=site.id("PublicNetworkAcl"),
        RuleNumber=number,
        Protocol=protocol,
        RuleAction="allow",
        Egress=False,
        CidrBlock="0.0.0.0/0",
        **given,
    )


def route(operation: str, block: str) -> Callable[[Site], object]:
    return lambda site: getattr(site.ec2, operation)(
        RouteTableId=site.id("PrivateRouteTable"), DestinationCidrBlock=block, GatewayId=site.id("InternetGateway")
    )


def in_the_public_table(site: Site) -> object:
    return site.ec2.replace_route_table_association(
        AssociationId=site.id("PrivateSubnetRouteTableAssociation"), RouteTableId=site.id("PublicRouteTable")
    )


def block_without(*flags: str) -> Callable[[Site], object]:
    every = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    settings = {flag: flag not in flags for flag in every}
    return lambda site: site.client("s3").put_public_access_block(
        Bucket=site.id("InfraBucket"), PublicAccessBlockConfiguration=settings
    )


def statement(principal: Any, **more: Any) -> Callable[[Site], object]:
    def make(site: Site) -> object:
        s3, bucket = site.client("s3"), site.id("InfraBucket")
        policy = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])
        objects = f"arn:aws:s3:::{bucket}/*"
        one = {"Sid": "Extra", "Effect": "Allow", "Principal": principal, "Action": "s3:GetObject", "Resource": objects}
        policy["Statement"].append({**one, **more})
        return s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))

    return make


def without_policy(site: Site) -> object:
    return site.client("s3").delete_bucket_policy(Bucket=site.id("InfraBucket"))


def role_policy(role: str, name: str, actions: Any) -> Callable[[Site], object]:
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]}
    return lambda site: site.client("iam").put_role_policy(
        RoleName=site.id(role), PolicyName=name, PolicyDocument=json.dumps(document)
    )


def attached(site: Site) -> object:
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    iam = site.client("iam")
    made = iam.create_policy(PolicyName="wide", PolicyDocument=json.dumps(document))
    return iam.attach_role_policy(RoleName=site.id("WorkerIamRole"), PolicyArn=made["Policy"]["Arn"])


def trusted(principal: Any) -> Callable[[Site], object]:
    one = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [one]})
    return lambda site: site.client("iam").update_assume_role_policy(
        RoleName=site.id("MasterIamRole"), PolicyDocument=document
    )


def record(site: Site) -> object:
    answer = {
        "Name": "api-int.prod.example-corp.net",
        "Type": "A",
        "TTL": 60,
        "ResourceRecords": [{"Value": "10.0.1.2"}],
    }
    return site.client("route53").change_resource_record_sets(
        HostedZoneId=site.id("ExtDns"),
        ChangeBatch={"Changes": [{"Action": "CREATE", "ResourceRecordSet": answer}]},
    )


def modified(site: Site) -> object:
    """The plan's own rule, by its id: nothing proves any more that it is the plan's, and it is needed all the same."""
    id = site.id("WorkerSecurityGroup/ingress tcp 22 10.0.0.0/16")
    wider = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 23, "CidrIpv4": "0.0.0.0/0"}
    return site.ec2.modify_security_group_rules(
        GroupId=site.id(WORKER),
        SecurityGroupRules=[{"SecurityGroupRuleId": id, "SecurityGroupRule": wider}],
    )


MASTER, WORKER, BOOTSTRAP = "MasterSecurityGroup", "WorkerSecurityGroup", "BootstrapSecurityGroup"
OTHERWISE: Final = "otherwise than the plan has it"
OPENINGS: Final = [
    Opening("ssh", from_block(MASTER, "tcp", 22, 22, "0.0.0.0/0"), MASTER, "tcp 22 from anywhere", "control plane"),
    Opening(
        "ports", from_block(MASTER, "tcp", 0, 65535, "0.0.0.0/0"), MASTER, "tcp 0-65535 from", "everybody in the VPC"
    ),
    Opening(
        "everything",
        rule(WORKER, IpProtocol="-1", IpRanges=[{"CidrIp": "10.0.0.0/16"}]),
        WORKER,
        "everything from 10.0.0.0/16",
        "compute machines to everybody in the VPC",
    ),
    Opening(
        "udp", from_block(WORKER, "udp", 53, 53, "10.0.0.0/8"), WORKER, "udp 53 from 10.0.0.0/8", "compute machines"
    ),
    Opening(
        "icmp", from_block(WORKER, "icmp", -1, -1, "0.0.0.0/0"), WORKER, "icmp from anywhere", "no route leads there"
    ),
    Opening(
        "esp", from_block(WORKER, "50", -1, -1, "10.0.0.0/16"), WORKER, "protocol 50 from 10.0.0.0/16", "everybody"
    ),
    Opening("a modified rule", modified, WORKER, "tcp 22-23 from anywhere", "compute machines"),
    Opening(
        "IPv6",
        rule(WORKER, IpProtocol="tcp", FromPort=22, ToPort=22, Ipv6Ranges=[{"CidrIpv6": "::/0"}]),
        WORKER,
        "tcp 22 from ::/0",
        "by IPv6",
    ),
    Opening("journal", from_block(BOOTSTRAP, "tcp", 19531, 19531, "0.0.0.0/0"), BOOTSTRAP, "19531", "to the internet"),
    Opening(
        "kubelet", from_block(MASTER, "tcp", 10250, 10250, "10.0.48.0/20"), MASTER, "10250", "10.0.48.0/20 in the VPC"
    ),
    Opening("etcd", from_group(MASTER, WORKER, "tcp", 2379), MASTER, "tcp 2379 from members of", "those members"),
    Opening("strangers", from_group(WORKER, "", "tcp", 8080), WORKER, "tcp 8080 from members of sg-", "those members"),
    Opening("offices", from_prefix_list, MASTER, "(192.168.0.0/16)", "nobody now"),
    Opening(
        "22623 outside",
        listener("ExtApiElb", 22623, "InternalServiceTargetGroup"),
        "ExtApiElb",
        "a listener on tcp 22623",
        "secrets, to the internet",
    ),
    Opening(
        "another listener",
        listener("IntApiElb", 8443, "InternalApiTargetGroup"),
        "IntApiElb",
        "a listener on tcp 8443",
        "everybody who gets to the internal balancer",
    ),
    Opening(
        "all entries", entry(50, "-1", None), "PublicNetworkAcl", "everything from anywhere (entry 50)", "PublicSubnet"
    ),
    Opening("mail", entry(60, "6", (25, 25)), "PublicNetworkAcl", "tcp 25 from anywhere (entry 60)", "PublicSubnet2"),
    Opening(
        "a wider entry",
        lambda site: site.ec2.replace_network_acl_entry(
            NetworkAclId=site.id("PublicNetworkAcl"),
            RuleNumber=102,
            Protocol="6",
            RuleAction="allow",
            Egress=False,
            CidrBlock="0.0.0.0/0",
            PortRange={"From": 0, "To": 65535},
        ),
        "PublicNetworkAcl",
        "tcp 0-65535 from anywhere (entry 102)",
        "PublicSubnet",
        OTHERWISE,
    ),
    Opening(
        "a way in",
        route("create_route", "198.51.100.0/24"),
        "PrivateRouteTable",
        "a way from and to 198.51.100.0/24 by igw-",
        "machines in PrivateSubnet to the internet",
    ),
    Opening(
        "no NAT",
        route("replace_route", "0.0.0.0/0"),
        "PrivateRouteTable",
        "a way from and to anywhere by igw-",
        "machines in PrivateSubnet to the internet",
        OTHERWISE,
    ),
    Opening(
        "another table",
        in_the_public_table,
        "PublicRouteTable",
        "a way from and to anywhere by igw-",
        "machines in PrivateSubnet to the internet",
        OTHERWISE,
    ),
    Opening(
        "public access",
        block_without("BlockPublicPolicy", "RestrictPublicBuckets"),
        "InfraBucket",
        "BlockPublicPolicy, RestrictPublicBuckets are off",
        "bootstrap.ign",
        OTHERWISE,
    ),
    Opening("everybody", statement("*"), "InfraBucket", "s3:GetObject on", "RestrictPublicBuckets is on"),
    Opening("an account", statement({"AWS": ACCOUNT}), "InfraBucket", f"to {ACCOUNT}", "secrets to"),
    Opening("no TLS", without_policy, "InfraBucket", "requests without TLS", "whoever reads along", OTHERWISE),
    Opening(
        "actions", role_policy("WorkerIamRole", "extra", "iam:*"), "WorkerIamRole", "iam:* on everything", "iam of"
    ),
    Opening(
        "a wider policy",
        role_policy("WorkerIamRole", "prod-x7k2p-worker-policy", ["ec2:DescribeInstances", "ec2:RunInstances"]),
        "WorkerIamRole",
        "ec2:RunInstances on everything",
        "compute machines",
        OTHERWISE,
    ),
    Opening("a managed policy", attached, "WorkerIamRole", "policy/wide allows", "the account"),
    Opening("trust", trusted({"AWS": ACCOUNT}), "MasterIamRole", f"sts:AssumeRole to {ACCOUNT}", ACCOUNT, OTHERWISE),
    Opening(
        "trusted service",
        trusted({"Service": ["ec2.amazonaws.com", "lambda.amazonaws.com"]}),
        "MasterIamRole",
        "to lambda.amazonaws.com",
        "what the role may do",
        OTHERWISE,
    ),
    Opening("a name", record, "ExtDns", "api-int.prod.example-corp.net A", "whoever asks"),
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return fresh(tmp_path_factory.mktemp("exposures"), "public-3az")


def test_there_are_more_than_twenty() -> None:
    assert len({each.name for each in OPENINGS}) == len(OPENINGS) > 20


@pytest.mark.parametrize("opening", OPENINGS, ids=[each.name for each in OPENINGS])
def test_what_somebody_opens_is_named_alone(site: Site, opening: Opening) -> None:
    def told() -> list[Document]:
        opening.make(site)
        found: list[Document] = list(openings(site)["exposures"])
        return found

    (one,) = forked(told)
    assert one["resource"] == opening.resource
    assert one["component"] == site.id(opening.resource)
    for member in ("allows", "exposed", "origin"):
        assert getattr(opening, member) in one[member]
    assert one["remedy"].startswith(
        ("aws ", "ocpprov apply ", "have sgr-", "take statement Extra out", "delete api-int")
    )


def test_without_a_plan_openings_are_named_too(tmp_path: Path) -> None:
    bastion = Bastion(tmp_path, REGION)
    bastion.pipeline.reset()
    net = foreign_network(bastion, tmp_path)

    def told() -> list[tuple[str, str]]:
        asked = partial(verify, vpc_id=net.ids["VPC"])
        ended = bastion.command(asked, cluster=CLUSTER, region=REGION, as_json=True)
        return [(each["component"], each["allows"]) for each in json.loads(ended.said)["exposures"]]

    assert told() == []
    for opening in OPENINGS:
        if opening.name in ("ssh", "22623 outside", "a way in", "trust", "a name"):
            opening.make(Site(bastion, tmp_path, tuple(Thing("", name, id) for name, id in net.ids.items())))
    gateway = net.ids["InternetGateway"]
    assert told() == [
        (net.ids[MASTER], "tcp 22 from anywhere"),
        (net.ids["PrivateRouteTable"], f"a way from and to 198.51.100.0/24 by {gateway}"),
        (net.ids["ExtApiElb"], "a listener on tcp 22623"),
        (net.ids["MasterIamRole"], f"sts:AssumeRole to {ACCOUNT}"),
        (net.ids["ExtDns"], "api-int.prod.example-corp.net A answered to everybody"),
    ]

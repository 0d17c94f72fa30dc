"""What isn't ready is refused in AWS's words until its time has come. Where each row is from, and how far that is to be
trusted, stands in the table."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from string import Formatter
from typing import Any, Final

import pytest
from botocore.exceptions import ClientError

from live.topics import TOPICS
from ocpprov.sandbox import readiness_table as table
from ocpprov.sandbox.admin import SandboxAdmin
from ocpprov.sandbox.clocks import VirtualClock
from ocpprov.sandbox.delays import NO_DELAYS, Delays
from ocpprov.sandbox.middleware.readiness_rules import network_rules
from ocpprov.sandbox.middleware.readiness_rules_services import service_rules
from ocpprov.sandbox.readiness import with_seen
from ocpprov.sandbox.readiness_table import TABLE
from ocpprov.sandbox.seen_facts import SeenFact
from tests.sandbox.world import REGION, InThisProcess, World, in_this_process, refused

Call = Callable[[], object]
_ROWS: Final = {row.id: row for row in TABLE}
_TRUST: Final = '{"Statement": []}'


@pytest.fixture(scope="module")
def clock() -> VirtualClock:
    """A clock that only tests move."""
    return VirtualClock()


@pytest.fixture(scope="module")
def sandbox(clock: VirtualClock) -> Iterator[InThisProcess]:
    """A sandbox in which everything takes AWS's time."""
    with in_this_process(clock) as running:
        yield running


class Scene:
    """A network that has been there for a while, and calls that need something which hasn't."""

    def __init__(self, world: World, clock: VirtualClock) -> None:
        self.world, self.clock = world, clock
        self.ec2, self.iam, self.elbv2, self.s3 = world.ec2, world.other("iam"), world.other("elbv2"), world.s3
        self.vpc = world.vpc()
        self.subnet, self.table = world.subnet(self.vpc), world.table(self.vpc)
        self.settle()

    def settle(self) -> None:
        self.clock.advance(300)

    def block(self) -> str:
        made = self.ec2.associate_vpc_cidr_block(VpcId=self.vpc, CidrBlock="100.64.0.0/16")
        return str(made["CidrBlockAssociation"]["AssociationId"])

    def subnet_of_block(self) -> str:
        return str(self.ec2.create_subnet(VpcId=self.vpc, CidrBlock="100.64.1.0/24")["Subnet"]["SubnetId"])

    def subnet_in_block(self) -> Call:
        self.block()
        return self.subnet_of_block

    def block_with_subnet(self) -> Call:
        association = self.block()
        self.settle()
        subnet = self.subnet_of_block()
        with refused("InvalidCidrBlock.InUse"):
            self.ec2.disassociate_vpc_cidr_block(AssociationId=association)
        self.ec2.delete_subnet(SubnetId=subnet)
        return lambda: self.ec2.disassociate_vpc_cidr_block(AssociationId=association)

    def attachment(self) -> tuple[str, str]:
        gateway = self.ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
        return gateway, self.attach(gateway)

    def attach(self, gateway: str) -> str:
        made = self.ec2.create_transit_gateway_vpc_attachment(
            TransitGatewayId=gateway, VpcId=self.vpc, SubnetIds=[self.subnet]
        )
        return str(made["TransitGatewayVpcAttachment"]["TransitGatewayAttachmentId"])

    def deleting_attachment(self) -> str:
        gateway, attachment = self.attachment()
        self.settle()
        self.ec2.delete_transit_gateway_vpc_attachment(TransitGatewayAttachmentId=attachment)
        return gateway

    def route(self, **target: str) -> Call:
        return lambda: self.ec2.create_route(RouteTableId=self.table, DestinationCidrBlock="172.16.0.0/12", **target)

    def route_to_attachment(self) -> Call:
        return self.route(TransitGatewayId=self.attachment()[0])

    def attachment_in_transition(self) -> Call:
        attachment = self.attachment()[1]
        return lambda: self.ec2.delete_transit_gateway_vpc_attachment(TransitGatewayAttachmentId=attachment)

    def duplicate_attachment(self) -> Call:
        gateway = self.deleting_attachment()
        return lambda: self.attach(gateway)

    def attachment_leaves(self) -> Call:
        self.deleting_attachment()
        return lambda: self.ec2.delete_subnet(SubnetId=self.subnet)

    def route_to_internet_gateway(self) -> Call:
        return self.route(GatewayId=self.world.internet_gateway(self.vpc))

    def nat(self) -> tuple[str, str]:
        self.world.internet_gateway(self.vpc)
        address = self.world.address()
        self.settle()
        return self.world.nat(self.subnet, address), address

    def route_to_nat_gateway(self) -> Call:
        return self.route(NatGatewayId=self.nat()[0])

    def address_of_nat_gateway(self) -> Call:
        gateway, address = self.nat()
        self.settle()
        self.ec2.delete_nat_gateway(NatGatewayId=gateway)
        return lambda: self.ec2.release_address(AllocationId=address)

    def new_address(self) -> Call:
        self.world.internet_gateway(self.vpc)
        self.settle()
        address = self.world.address()
        return lambda: self.world.nat(self.subnet, address)

    def new_subnet(self) -> Call:
        self.world.internet_gateway(self.vpc)
        address = self.world.address()
        self.settle()
        subnet = self.world.subnet(self.vpc, 1)
        return lambda: self.world.nat(subnet, address)

    def balancer(self, **more: Any) -> dict[str, Any]:
        wanted = {"Name": "api", "Type": "network", "Scheme": "internal", "Subnets": [self.subnet], **more}
        [made] = self.elbv2.create_load_balancer(**wanted)["LoadBalancers"]
        return dict(made)

    def internet_facing(self) -> Call:
        self.world.internet_gateway(self.vpc)
        return lambda: self.balancer(Scheme="internet-facing")

    def target_group(self, vpc: str = "") -> str:
        made = self.elbv2.create_target_group(Name="api", Protocol="TCP", Port=6443, VpcId=vpc or self.vpc)
        return str(made["TargetGroups"][0]["TargetGroupArn"])

    def listener(self, balancer: str, group: str) -> Call:
        actions = [{"Type": "forward", "TargetGroupArn": group}]
        return lambda: self.elbv2.create_listener(
            LoadBalancerArn=balancer, Port=6443, Protocol="TCP", DefaultActions=actions
        )

    def listener_of_balancer(self) -> Call:
        group = self.target_group()
        self.settle()
        return self.listener(self.balancer()["LoadBalancerArn"], group)

    def listener_to_group(self) -> Call:
        balancer = self.balancer()["LoadBalancerArn"]
        self.settle()
        return self.listener(balancer, self.target_group())

    def group_in_new_vpc(self) -> Call:
        vpc = self.world.vpc()
        return lambda: self.target_group(vpc)

    def target_group_in_use(self) -> Call:
        balancer, group = self.balancer()["LoadBalancerArn"], self.target_group()
        self.settle()
        self.listener(balancer, group)()
        self.elbv2.delete_load_balancer(LoadBalancerArn=balancer)
        return lambda: self.elbv2.delete_target_group(TargetGroupArn=group)

    def alias_to_balancer(self) -> Call:
        zone = self.world.route53.create_hosted_zone(Name="lab.example-corp.net", CallerReference="alias")[
            "HostedZone"
        ]["Id"]
        balancer = self.balancer()
        target = {
            "DNSName": balancer["DNSName"],
            "HostedZoneId": balancer["CanonicalHostedZoneId"],
            "EvaluateTargetHealth": False,
        }
        record = {"Name": "api.lab.example-corp.net", "Type": "A", "AliasTarget": target}
        changes = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]}
        return lambda: self.world.route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=changes)

    def accept_peering(self) -> Call:
        made = self.ec2.create_vpc_peering_connection(VpcId=self.vpc, PeerVpcId=self.world.vpc())
        id = made["VpcPeeringConnection"]["VpcPeeringConnectionId"]
        return lambda: self.ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=id)

    def endpoint(self, *groups: str) -> Call:
        return lambda: self.ec2.create_vpc_endpoint(
            VpcEndpointType="Interface",
            VpcId=self.vpc,
            ServiceName=f"com.amazonaws.{REGION}.ec2",
            SubnetIds=[self.subnet],
            SecurityGroupIds=list(groups),
            PrivateDnsEnabled=not groups,
        )

    def private_dns(self) -> Call:
        with refused("InvalidParameter"):
            self.endpoint()()
        self.ec2.modify_vpc_attribute(VpcId=self.vpc, EnableDnsHostnames={"Value": True})
        return self.endpoint()

    def group_of_endpoint(self) -> Call:
        return self.endpoint(self.world.group(self.vpc, "one"))

    def new_route_table(self) -> Call:
        made = self.world.table(self.vpc)
        return lambda: self.world.endpoint(self.vpc, made)

    def new_group(self) -> Call:
        old = self.world.group(self.vpc, "old")
        self.settle()
        rule = {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 1}
        peers = [{"GroupId": self.world.group(self.vpc, "new")}]
        return lambda: self.ec2.authorize_security_group_ingress(
            GroupId=old, IpPermissions=[{**rule, "UserIdGroupPairs": peers}]
        )

    def private_zone(self) -> Call:
        vpc = self.world.vpc()
        return lambda: self.world.zone("once", vpc)

    def role(self) -> str:
        return str(self.iam.create_role(RoleName="node", AssumeRolePolicyDocument=_TRUST)["Role"]["Arn"])

    def new_role(self) -> Call:
        self.iam.create_instance_profile(InstanceProfileName="node")
        self.role()
        return lambda: self.iam.add_role_to_instance_profile(InstanceProfileName="node", RoleName="node")

    def policy(self) -> str:
        return json.dumps({"Statement": [{"Effect": "Allow", "Principal": {"AWS": self.role()}}]})

    def new_principal(self) -> Call:
        trust = self.policy()
        return lambda: self.iam.create_role(RoleName="other", AssumeRolePolicyDocument=trust)

    def bucket(self) -> None:
        self.s3.create_bucket(Bucket="one-bucket", CreateBucketConfiguration={"LocationConstraint": REGION})

    def new_principal_of_bucket(self) -> Call:
        self.bucket()
        policy = self.policy()
        return lambda: self.s3.put_bucket_policy(Bucket="one-bucket", Policy=policy)

    def bucket_name(self) -> Call:
        self.bucket()
        self.s3.delete_bucket(Bucket="one-bucket")
        return self.bucket

    def new_profile(self) -> Call:
        self.iam.create_instance_profile(InstanceProfileName="node")
        return lambda: self.world.machine(self.subnet, IamInstanceProfile={"Name": "node"})


_SCENES: Final[Mapping[str, Callable[[Scene], Call]]] = {
    table.SUBNET_IN_BLOCK.id: Scene.subnet_in_block,
    table.BLOCK_WITH_SUBNET.id: Scene.block_with_subnet,
    table.ROUTE_TO_ATTACHMENT.id: Scene.route_to_attachment,
    table.ATTACHMENT_IN_TRANSITION.id: Scene.attachment_in_transition,
    table.DUPLICATE_ATTACHMENT.id: Scene.duplicate_attachment,
    table.ATTACHMENT_LEAVES.id: Scene.attachment_leaves,
    table.ROUTE_TO_INTERNET_GATEWAY.id: Scene.route_to_internet_gateway,
    table.ROUTE_TO_NAT_GATEWAY.id: Scene.route_to_nat_gateway,
    table.BALANCER_WITHOUT_GATEWAY.id: Scene.internet_facing,
    table.ACCEPT_PEERING.id: Scene.accept_peering,
    table.PRIVATE_DNS.id: Scene.private_dns,
    table.ALIAS_TO_BALANCER.id: Scene.alias_to_balancer,
    table.LISTENER_OF_BALANCER.id: Scene.listener_of_balancer,
    table.LISTENER_TO_GROUP.id: Scene.listener_to_group,
    table.GROUP_IN_NEW_VPC.id: Scene.group_in_new_vpc,
    table.TARGET_GROUP_IN_USE.id: Scene.target_group_in_use,
    table.ADDRESS_OF_NAT_GATEWAY.id: Scene.address_of_nat_gateway,
    table.NEW_ADDRESS.id: Scene.new_address,
    table.NEW_SUBNET.id: Scene.new_subnet,
    table.NEW_ROUTE_TABLE.id: Scene.new_route_table,
    table.NEW_GROUP.id: Scene.new_group,
    table.NEW_GROUP_OF_ENDPOINT.id: Scene.group_of_endpoint,
    table.PRIVATE_ZONE.id: Scene.private_zone,
    table.NEW_ROLE.id: Scene.new_role,
    table.NEW_PRINCIPAL.id: Scene.new_principal,
    table.NEW_PRINCIPAL_OF_BUCKET.id: Scene.new_principal_of_bucket,
    table.NEW_PROFILE.id: Scene.new_profile,
    table.BUCKET_NAME.id: Scene.bucket_name,
}
_TOLD_ELSEWHERE: Final = {
    # test_delays.py and test_middleware.py have these, and the neighbours below.
    table.INTERFACES_LEAVE.id,
    table.ENDPOINTS_LEAVE.id,
    table.NAT_LEAVES.id,
    table.SECOND_PEERING.id,
    table.NAT_WITHOUT_INTERNET_GATEWAY.id,
}


_SAMPLE: Final = frozenset(
    row.id
    for row in (
        table.SUBNET_IN_BLOCK,
        table.BLOCK_WITH_SUBNET,
        table.ROUTE_TO_ATTACHMENT,
        table.ROUTE_TO_INTERNET_GATEWAY,
        table.ACCEPT_PEERING,
        table.PRIVATE_DNS,
        table.ALIAS_TO_BALANCER,
        table.NEW_PRINCIPAL,
    )
)
"""One of each way to tell, and of each service."""


_STAYS: Final = {
    table.ALIAS_TO_BALANCER.id: table.ALIAS_TO_BALANCER.code,
    table.DUPLICATE_ATTACHMENT.id: table.DUPLICATE_ATTACHMENT.code,
    table.ADDRESS_OF_NAT_GATEWAY.id: table.ADDRESS_OF_NAT_GATEWAY.code,
}
"""What isn't over in seconds, or isn't over at all."""


@pytest.mark.parametrize("id", [pytest.param(id, marks=() if id in _SAMPLE else pytest.mark.torture) for id in _SCENES])
def test_a_script_of_somebodys_is_not_held_up(world: World, clock: VirtualClock, id: str) -> None:
    call = _SCENES[id](Scene(world.by_hand(), clock))
    if id in _STAYS:
        with refused(_STAYS[id]):
            call()
    else:
        call()


@pytest.mark.parametrize("id", [pytest.param(id, marks=() if id in _SAMPLE else pytest.mark.torture) for id in _SCENES])
def test_what_is_not_ready_is_refused_until_its_time_has_come(world: World, clock: VirtualClock, id: str) -> None:
    row = _ROWS[id]
    call = _SCENES[id](Scene(world, clock))
    for waited in (row.lasts(Delays()) - 0.5, 0.5):
        with pytest.raises(ClientError) as caught:
            call()
        said = caught.value.response
        assert (said["Error"]["Code"], said["ResponseMetadata"]["HTTPStatusCode"]) == (row.code, row.status)
        assert said["Error"]["Message"].startswith(row.sentence.partition("{")[0]) or row.code == "InvalidChangeBatch"
        clock.advance(waited)
    call()


def test_every_row_is_shown_by_a_test_and_told_by_a_rule() -> None:
    assert set(_ROWS) == set(_SCENES) | _TOLD_ELSEWHERE
    ruled = {rule.row.id for rule in (*network_rules(), *service_rules())}
    told_elsewhere = {row.id for row in TABLE if row.told_by != "readiness"}
    assert ruled == set(_ROWS) - told_elsewhere
    assert len(_ROWS) == len(TABLE)


def test_the_rows_are_whole() -> None:
    questions = {question.id for topic in TOPICS for question in topic.questions} | {""}
    assert [row.id for row in TABLE if row.trust not in ("documented", "source", "memory")] == []
    assert [row.id for row in TABLE if row.question not in questions or not (row.source and row.until)] == []
    # What shows a state and what waits for somebody have no time of their own here.
    untimed = [row.id for row in TABLE if row.lasts(Delays()) <= 0]
    assert untimed == [table.NAT_WITHOUT_INTERNET_GATEWAY.id, table.SECOND_PEERING.id]
    assert [name for row in TABLE for _, name, _, _ in Formatter().parse(row.sentence) if name == ""] == []


def test_without_delays_everything_is_ready_at_once() -> None:
    assert {row.lasts(NO_DELAYS) for row in TABLE} == {0.0}
    assert set(asdict(NO_DELAYS).values()) == {0.0}
    assert table.PRIVATE_ZONE.lasts(Delays(readiness=2.0)) == 10.0


def test_a_public_nat_gateway_fails_where_no_internet_gateway_is_attached(world: World, clock: VirtualClock) -> None:
    scene = Scene(world, clock)
    address = world.address()
    clock.advance(2)
    made = [scene.ec2.create_nat_gateway(SubnetId=scene.subnet, AllocationId=address)["NatGateway"]["NatGatewayId"]]
    assert world.nat_state(made[0]) == "pending"
    clock.advance(90)
    assert world.nat_state(made[0]) == "failed"
    private = scene.ec2.create_nat_gateway(SubnetId=scene.subnet, ConnectivityType="private")["NatGateway"]
    made += [world.nat(scene.subnet, address), private["NatGatewayId"]]
    clock.advance(90)
    found = scene.ec2.describe_nat_gateways(NatGatewayIds=made)["NatGateways"]
    by_id = {
        each["NatGatewayId"]: (each["State"], each.get("FailureCode"), each.get("FailureMessage")) for each in found
    }
    failed = ("failed", "Gateway.NotAttached", f"Network {scene.vpc} has no Internet gateway attached")
    available = ("available", None, None)
    assert [by_id[each] for each in made] == [failed, available, available]


def test_an_attachment_waits_for_whom_its_gateway_belongs_to(
    world: World, clock: VirtualClock, admin: SandboxAdmin
) -> None:
    scene = Scene(world, clock)
    gateway = scene.ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
    admin.conditions(unaccepted=[gateway])
    scene.attach(gateway)

    def state() -> str:
        [found] = scene.ec2.describe_transit_gateway_vpc_attachments()["TransitGatewayVpcAttachments"]
        return str(found["State"])

    scene.settle()
    assert state() == "pendingAcceptance"
    with refused("InvalidTransitGatewayID.NotFound"):
        scene.route(TransitGatewayId=gateway)()
    admin.conditions()
    assert state() == "pending"
    clock.advance(60)
    assert state() == "available"
    scene.route(TransitGatewayId=gateway)()


def test_what_aws_said_itself_stands_in_for_what_was_believed() -> None:
    seen = "AWS, aws eu-west-1, 2027-01-01"
    facts = [
        SeenFact("a-subnet-in-a-block-that-was-just-associated", "InvalidSubnet.Pending 409", 7.0, seen),
        SeenFact("a-route-to-a-gateway-that-was-just-attached", "ok", 0.0, seen),
        SeenFact("how-long-a-new-role-isn-t-seen", "ok", 11.0, seen),
        SeenFact("a-nat-gateway-without-an-internet-gateway", "failed Gateway.NotAttached", None, seen),
        SeenFact("what-no-row-asks", "ok", 1.0, seen),
    ]
    rows = {row.id: row for row in with_seen(TABLE, facts)}
    told = {id: (row.code, row.status, row.lasts(Delays())) for id, row in rows.items() if row.trust == "seen"}
    assert told == {
        "subnet-in-block": ("InvalidSubnet.Pending", 409, 7.0),
        "route-to-internet-gateway": ("InvalidParameterValue", 400, 0.0),
        "new-role": ("NoSuchEntity", 404, 11.0),
        "nat-without-internet-gateway": ("Gateway.NotAttached", 400, 0.0),
    }
    assert {rows[id].source for id in told} == {seen}
    assert [rows[row.id] for row in TABLE if row.id not in told] == [row for row in TABLE if row.id not in told]
    assert {row.lasts(NO_DELAYS) for row in rows.values()} == {0.0}


def test_what_was_refused_fails_later_when_it_is_made(world: World, clock: VirtualClock, admin: SandboxAdmin) -> None:
    call = Scene(world, clock).new_address()
    admin.faults([{"operation": "CreateNatGateway", "fault": "fail-later", "code": "Internal", "message": "no luck"}])
    with refused("InvalidAllocationID.NotFound"):
        call()
    clock.advance(2)
    gateway = str(call())
    clock.advance(90)
    assert world.nat_state(gateway) == "failed"

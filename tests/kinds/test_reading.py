"""How live resources are found: by tag, by VPC, by name; and what of them is AWS's own or somebody else's."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import pytest

from ocpprov.engine.abbreviated_ids import means
from ocpprov.engine.ownership import PLAN, REGION, RESOURCE
from ocpprov.engine.resources import Live, Resource, State
from ocpprov.engine.values import Ref
from ocpprov.kinds.ec2.common import VALUES_PER_FILTER, describe_all
from ocpprov.kinds.reads import Found, Pages, Read, read
from ocpprov.kinds.registry import KINDS
from ocpprov.kinds.route53.common import CALLER_REFERENCE_LIMIT, caller_reference, canonical_name, claim_of
from tests.kinds.cases import endpoint, gateway, group, nat, route, subnet, table, vpc, zone
from tests.kinds.world import OWNER, World


def pages(operation: str, member: str, *items: Mapping[str, Any], service: str = "ec2") -> Pages:
    return Pages({read(service, operation): [{member: list(items)}]})


@pytest.mark.parametrize(
    "type",
    ["AWS::EC2::Subnet", "AWS::EC2::RouteTable", "AWS::EC2::SecurityGroup", "AWS::EC2::InternetGateway"],
)
def test_what_lost_its_tags_is_found_in_the_vpc(type: str, world: World) -> None:
    vpc_id = vpc(world)
    make = {"AWS::EC2::Subnet": subnet, "AWS::EC2::RouteTable": table, "AWS::EC2::SecurityGroup": group}
    id = make.get(type, gateway)(world, vpc_id)
    KINDS[type].tag(world.clients, id, {}, [PLAN])
    live = world.find(type, id)
    assert live is not None
    assert PLAN not in live.tags


def test_an_address_that_lost_its_tags_is_found_by_its_gateway(world: World) -> None:
    properties = nat(world)
    world.make("AWS::EC2::NatGateway", **properties)
    address = properties["AllocationId"]
    KINDS["AWS::EC2::EIP"].tag(world.clients, address, {}, [PLAN])
    live = world.find("AWS::EC2::EIP", address)
    assert live is not None
    assert live.ref == live.attributes["PublicIp"]


def test_existing_things_are_found_by_the_ids_in_the_plan(world: World) -> None:
    answer = world.clients.ec2.create_vpc(CidrBlock="10.9.0.0/16")
    vpc_id = answer["Vpc"]["VpcId"]
    assert world.find("AWS::EC2::VPC", vpc_id) is None
    live = world.find("AWS::EC2::VPC", vpc_id, given=[vpc_id])
    assert live is not None
    assert live.properties["EnableDnsSupport"] is True


def test_awss_own_rows_are_marked(world: World) -> None:
    wanted = route(world)
    world.make("AWS::EC2::Route", **wanted)
    world.clients.ec2.create_vpc_endpoint(
        VpcId=world.lives("AWS::EC2::VPC")[0].id,
        ServiceName="com.amazonaws.eu-west-1.s3",
        VpcEndpointType="Gateway",
        RouteTableIds=[wanted["RouteTableId"]],
    )
    routes = world.lives("AWS::EC2::Route")
    routes = [live for live in routes if live.properties["RouteTableId"] == wanted["RouteTableId"]]
    assert sorted(live.service_owned for live in routes) == [False, True, True]
    assert [live.service_owned for live in world.lives("AWS::EC2::RouteTable")].count(True) == 1
    groups = {live.properties["GroupName"]: live.service_owned for live in world.lives("AWS::EC2::SecurityGroup")}
    assert groups == {"default": True}


def test_a_propagated_route_is_awss_own() -> None:
    table = {
        "RouteTableId": "rtb-1",
        "VpcId": "vpc-1",
        "Routes": [
            {"DestinationCidrBlock": "192.168.0.0/16", "GatewayId": "vgw-1", "Origin": "EnableVgwRoutePropagation"},
            {"DestinationCidrBlock": "10.9.0.0/16", "GatewayId": "vpce-1", "Origin": "CreateRoute"},
        ],
    }
    propagated, inspected = KINDS["AWS::EC2::Route"].parse(pages("describe_route_tables", "RouteTables", table))
    assert propagated.service_owned
    assert not inspected.service_owned
    assert inspected.properties["VpcEndpointId"] == "vpce-1"


@pytest.mark.parametrize(
    ("word", "state"),
    [("pending", State.PENDING), ("failed", State.BROKEN), ("deleting", State.DELETING), ("new", State.PENDING)],
)
def test_states_of_a_nat_gateway(word: str, state: State) -> None:
    gateway = {
        "NatGatewayId": "nat-1",
        "State": word,
        "SubnetId": "subnet-1",
        "FailureCode": "Gateway.NotAttached",
        "FailureMessage": "Network vpc-1 has no Internet gateway attached",
        "NatGatewayAddresses": [{"AllocationId": "eipalloc-2"}, {"AllocationId": "eipalloc-1", "IsPrimary": True}],
    }
    (live,) = KINDS["AWS::EC2::NatGateway"].parse(pages("describe_nat_gateways", "NatGateways", gateway))
    assert live.state is state
    assert live.reason == "Gateway.NotAttached: Network vpc-1 has no Internet gateway attached"
    assert live.properties["AllocationId"] == "eipalloc-1"
    assert KINDS["AWS::EC2::NatGateway"].references(live) == ["subnet-1", "eipalloc-1", "eipalloc-2"]


@pytest.mark.parametrize(
    ("said", "unanswered"),
    [
        ({"ConnectivityType": "public", "NatGatewayAddresses": [{"AllocationId": "eipalloc-1"}]}, set()),
        ({"ConnectivityType": "public"}, {"AllocationId"}),
        ({"NatGatewayAddresses": [{"PrivateIp": "10.0.0.9"}]}, {"AllocationId"}),
        ({"ConnectivityType": "private"}, set()),
    ],
)
def test_a_public_gateway_has_an_address_said_or_not(said: Mapping[str, Any], unanswered: set[str]) -> None:
    gateway = {"NatGatewayId": "nat-1", "State": "available", "SubnetId": "subnet-1", **said}
    (live,) = KINDS["AWS::EC2::NatGateway"].parse(pages("describe_nat_gateways", "NatGateways", gateway))
    assert live.unanswered == unanswered


@pytest.mark.parametrize(
    ("said", "unanswered"), [({"VpcId": "vpc-1"}, set()), ({"TargetType": "lambda"}, set()), ({}, {"VpcId"})]
)
def test_a_target_group_lies_in_a_network_unless_it_is_of_a_function(
    said: Mapping[str, Any], unanswered: set[str]
) -> None:
    group = {"TargetGroupArn": "arn:targetgroup/x/1", "TargetGroupName": "x", **said}
    kind = KINDS["AWS::ElasticLoadBalancingV2::TargetGroup"]
    (live,) = kind.parse(pages("describe_target_groups", "TargetGroups", group, service="elbv2"))
    assert live.unanswered == unanswered


_PLACE = {"Origin": "CreateRoute", "State": "active", "DestinationCidrBlock": "0.0.0.0/0"}
_TARGETS = {
    "GatewayId",
    "NatGatewayId",
    "NetworkInterfaceId",
    "TransitGatewayId",
    "VpcEndpointId",
    "VpcPeeringConnectionId",
}


@pytest.mark.parametrize(
    ("said", "unanswered"),
    [({"GatewayId": "igw-1"}, set()), ({"CarrierGatewayId": "cagw-1"}, set()), ({}, _TARGETS)],
    ids=["a target", "one that no plan has", "none"],
)
def test_a_route_leads_somewhere_said_or_not(said: Mapping[str, Any], unanswered: set[str]) -> None:
    table = {"RouteTableId": "rtb-1", "VpcId": "vpc-1", "Routes": [{**_PLACE, **said}]}
    (live,) = KINDS["AWS::EC2::Route"].parse(pages("describe_route_tables", "RouteTables", table))
    assert live.unanswered == unanswered


@pytest.mark.parametrize(
    ("said", "unanswered"),
    [({"CidrBlock": "10.0.0.0/8"}, set()), ({"Ipv6CidrBlock": "::/0"}, set()), ({}, {"CidrBlock", "Ipv6CidrBlock"})],
)
def test_an_entry_is_for_some_block_said_or_not(said: Mapping[str, Any], unanswered: set[str]) -> None:
    entry = {"RuleNumber": 1, "Egress": False, "Protocol": "-1", "RuleAction": "deny", **said}
    acl = {"NetworkAclId": "acl-1", "VpcId": "vpc-1", "Entries": [entry]}
    (live,) = KINDS["AWS::EC2::NetworkAclEntry"].parse(pages("describe_network_acls", "NetworkAcls", acl))
    assert live.unanswered == unanswered


@pytest.mark.parametrize(
    ("said", "unanswered"),
    [
        ({"TTL": 60, "ResourceRecords": [{"Value": "x"}]}, set()),
        ({"AliasTarget": {"DNSName": "x.", "HostedZoneId": "Z1", "EvaluateTargetHealth": False}}, set()),
        ({"ResourceRecords": [{"Value": "x"}]}, {"TTL"}),
        ({"TTL": 60}, {"AliasTarget", "ResourceRecords"}),
        ({}, {"AliasTarget", "ResourceRecords", "TTL"}),
    ],
)
def test_a_record_says_something_said_or_not(said: Mapping[str, Any], unanswered: set[str]) -> None:
    made = read("route53", "list_resource_record_sets", HostedZoneId="Z0")
    record = {"Name": "a.example.org.", "Type": "A", **said}
    (live,) = KINDS["AWS::Route53::RecordSet"].parse(Pages({made: [{"ResourceRecordSets": [record]}]}))
    assert live.unanswered == unanswered


@pytest.mark.parametrize(
    ("zones", "known"),
    [([{"SubnetId": "subnet-1"}], True), ([{"SubnetId": "subnet-1"}, {"ZoneName": "a"}], False), (None, False)],
)
def test_a_balancer_stands_where_all_its_zones_say(zones: list[Any] | None, known: bool) -> None:
    item = {"LoadBalancerArn": "arn:loadbalancer/net/x/1", "LoadBalancerName": "x"}
    item |= {} if zones is None else {"AvailabilityZones": zones}  # type: ignore[dict-item]
    kind = KINDS["AWS::ElasticLoadBalancingV2::LoadBalancer"]
    (live,) = kind.parse(pages("describe_load_balancers", "LoadBalancers", item, service="elbv2"))
    assert ("Subnets" in live.properties, "SubnetMappings" in live.properties) == (known, known)


_FORWARD = {"Type": "forward", "TargetGroupArn": "arn:group"}


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ({"DefaultActions": [_FORWARD]}, True),
        ({"DefaultActions": [{"Type": "redirect"}]}, True),
        ({"DefaultActions": [_FORWARD, {"Type": "forward"}]}, False),
        ({}, False),
    ],
)
def test_a_listener_leads_where_all_its_actions_say(said: Mapping[str, Any], known: bool) -> None:
    kind = KINDS["AWS::ElasticLoadBalancingV2::Listener"]
    made = read("elbv2", "describe_listeners", LoadBalancerArn="arn:balancer")
    (live,) = kind.parse(Pages({made: [{"Listeners": [{"ListenerArn": "arn:listener", **said}]}]}))
    assert ("DefaultActions" in live.properties) is known
    assert live.properties["LoadBalancerArn"] == "arn:balancer"
    assert "arn:balancer" in kind.references(live)


def test_deleted_gateways_and_endpoints_are_left_out() -> None:
    gateway = {"NatGatewayId": "nat-1", "State": "deleted", "SubnetId": "subnet-1"}
    assert not KINDS["AWS::EC2::NatGateway"].parse(pages("describe_nat_gateways", "NatGateways", gateway))
    endpoint = {"VpcEndpointId": "vpce-1", "State": "Deleted"}
    assert not KINDS["AWS::EC2::VPCEndpoint"].parse(pages("describe_vpc_endpoints", "VpcEndpoints", endpoint))


def test_an_endpoint_takes_on_another_table(world: World) -> None:
    kind = KINDS["AWS::EC2::VPCEndpoint"]
    wanted = endpoint(world)
    id = world.make(kind.type, **wanted)
    live = world.find(kind.type, id)
    assert live is not None
    tables = [*wanted["RouteTableIds"], table(world, wanted["VpcId"])]
    kind.update(world.clients, live, {**wanted, "RouteTableIds": tables}, ["RouteTableIds"])
    changed = world.find(kind.type, id)
    assert changed is not None
    assert changed.properties["RouteTableIds"] == sorted(tables)


def test_a_zone_says_whose_it_is_before_it_has_tags(world: World) -> None:
    live = world.find("AWS::Route53::HostedZone", zone(world))
    assert live is not None
    assert live.tags == {}
    assert live.claim == {PLAN: "prod", REGION: "eu-west-1", RESOURCE: "Zone"}
    assert KINDS["AWS::Route53::HostedZone"].references(live) == [world.lives("AWS::EC2::VPC")[0].id]


def test_strangers_zones_are_not_looked_into(world: World) -> None:
    theirs = world.clients.route53.create_hosted_zone(Name="example-corp.org", CallerReference="1")["HostedZone"]["Id"]
    [listed] = world.lives("AWS::Route53::HostedZone")
    assert "NameServers" not in listed.attributes
    assert world.lives("AWS::Route53::RecordSet") == []
    given = theirs.removeprefix("/hostedzone/")
    looked_into = world.find("AWS::Route53::HostedZone", given, given=[given])
    assert looked_into is not None
    assert "NameServers" in looked_into.attributes


def test_a_zones_own_records_are_awss(world: World) -> None:
    zone_id = zone(world)
    world.make(
        "AWS::Route53::RecordSet",
        HostedZoneId=zone_id,
        Name="sub.c.example.com",
        Type="NS",
        TTL="60",
        ResourceRecords=["ns.example.net"],
    )
    lives = world.lives("AWS::Route53::RecordSet")
    assert {(live.ref, live.properties["Type"]): live.service_owned for live in lives} == {
        ("c.example.com", "NS"): True,
        ("c.example.com", "SOA"): True,
        ("sub.c.example.com", "NS"): False,
    }


def test_names_have_one_form() -> None:
    assert canonical_name("\\052.Apps.Example.COM.") == "*.apps.example.com"


def test_a_caller_reference_fits_and_can_be_read_back() -> None:
    facts = {PLAN: "prod", REGION: "eu-west-1", RESOURCE: "Zone" * 20}
    reference = caller_reference(facts, "t" * 64)
    assert len(reference) == CALLER_REFERENCE_LIMIT
    assert claim_of(reference) == facts
    assert claim_of("terraform-20260101") == {}


@pytest.mark.parametrize(("length", "is_whole"), [(63, True), (64, False), (110, False), (255, False)])
def test_a_caller_reference_has_room_for_a_token_whatever_the_logical_id(length: int, is_whole: bool) -> None:
    zone = "Z" * length
    facts = {PLAN: "p" * 32, REGION: "ap-southeast-1", RESOURCE: zone}
    one, other = (caller_reference(facts, token) for token in ("0123456789abcdef" * 2, "012345678fabcdef" * 2))
    said = zone if is_whole else f"{'Z' * 24}-{hashlib.sha256(zone.encode()).hexdigest()[:12]}"
    assert one[:64] == f"ocpprov/{'p' * 32}/ap-southeast-1/{said}/"[:64]
    assert claim_of(one) == {**facts, RESOURCE: said}
    assert means(claim_of(one)[RESOURCE], zone)
    assert one.rpartition("/")[2] == ("01234567" if is_whole else "0123456789abcdef" * 2)
    assert is_whole or one != other


def test_a_record_set_group_becomes_its_records() -> None:
    kind = KINDS["AWS::Route53::RecordSetGroup"]
    rows = [{"Name": "api.c.example.com", "Type": "A"}, {"Name": "api-int.c.example.com", "Type": "A"}]
    records = kind.expand(Resource("Api", kind.type, {"HostedZoneId": Ref("Zone"), "RecordSets": rows}))
    assert [record.logical_id for record in records] == ["Api/api.c.example.com A", "Api/api-int.c.example.com A"]
    assert {record.type for record in records} == {"AWS::Route53::RecordSet"}
    assert records[0].properties == {"HostedZoneId": Ref("Zone"), **rows[0]}
    assert records[0].parent == "Api"


def test_many_ids_are_asked_for_in_shares() -> None:
    ids = [f"sg-{number}" for number in range(VALUES_PER_FILTER + 1)]
    assert [len(made.arguments()["Filters"][0]["Values"]) for made in describe_all("x", "group-id", ids)] == [200, 1]
    assert list(describe_all("x", "group-id", [])) == []


def test_reads_are_the_same_for_types_that_share_a_call() -> None:
    found = Found(OWNER, {"AWS::EC2::VPC": [Live("AWS::EC2::VPC", "vpc-1", {})]})
    tables: set[Read] = set(KINDS["AWS::EC2::RouteTable"].reads(found))
    assert tables == set(KINDS["AWS::EC2::Route"].reads(found))
    assert tables == set(KINDS["AWS::EC2::SubnetRouteTableAssociation"].reads(found))


@pytest.mark.parametrize("block", [{}, {"CidrBlock": ""}], ids=["none", "empty"])
def test_a_subnet_with_ipv6_addresses_only_has_no_block(block: Mapping[str, str]) -> None:
    item = {"SubnetId": "subnet-1", "VpcId": "vpc-1", "AvailabilityZone": "eu-west-1a", "State": "available", **block}
    kind = KINDS["AWS::EC2::Subnet"]
    (live,) = kind.parse(pages("describe_subnets", "Subnets", {**item, "Ipv6Native": True}))
    assert "CidrBlock" not in live.properties
    assert live.attributes == {"SubnetId": "subnet-1", "VpcId": "vpc-1", "AvailabilityZone": "eu-west-1a"}
    assert kind.unique(live.properties) == []
    assert kind.references(live) == ["vpc-1"]


def _mark(value: str, **tags: str) -> list[Live]:
    said = {"ocpprov:shared:lab": value, **tags}
    rows = [{"ResourceId": "subnet-0a", "Key": key.replace("__", "/"), "Value": text} for key, text in said.items()]
    return list(KINDS["Ocpprov::EC2::SharedTags"].parse(pages("describe_tags", "Tags", *rows)))


def test_a_mark_counts_for_the_keys_that_a_plan_puts_there_and_names_what_it_is_on() -> None:
    tags = {
        "kubernetes.io__cluster__prod": "shared",
        "kubernetes.io__role__elb": "1",
        "Owner": "finance",
        "kubernetes.io__other": "x",
    }
    entries = " + ".join(f"tag {key.replace('__', '/')}" for key in tags)
    [live] = _mark(f"cluster prod.example.com + of subnet-0a + {entries}", **tags)
    assert live.properties == {
        "ResourceId": "subnet-0a",
        "Tags": [
            {"Key": "kubernetes.io/cluster/prod", "Value": "shared"},
            {"Key": "kubernetes.io/role/elb", "Value": "1"},
        ],
        "Mark": "2",
    }
    assert live.tags["ocpprov:bound"] == "Ocpprov::EC2::SharedTags subnet-0a"
    # A copy names another; what earlier versions wrote names none.
    assert _mark("of subnet-0f")[0].tags["ocpprov:bound"] == "Ocpprov::EC2::SharedTags subnet-0f"
    [older] = _mark("cluster prod.example.com")
    assert ("ocpprov:bound" in older.tags, older.properties["Mark"]) == (False, "1")


OURS, THEIRS = "Z0OURS0000", "Z0THEIRS00"


def test_of_another_accounts_zone_the_records_are_asked_and_the_tags_not() -> None:
    found = Found(OWNER, given=frozenset({OURS, THEIRS}), names=frozenset(), zones_of_others=frozenset({THEIRS}))
    asked = [(each.operation, each.arguments()) for each in KINDS["AWS::Route53::HostedZone"].reads(found)]
    assert asked == [
        ("list_hosted_zones", {}),
        ("get_hosted_zone", {"Id": OURS}),
        ("get_hosted_zone", {"Id": THEIRS}),
        ("list_tags_for_resources", {"ResourceType": "hostedzone", "ResourceIds": [OURS]}),
    ]
    records = KINDS["AWS::Route53::RecordSet"].reads(found)
    assert [each.arguments() for each in records] == [{"HostedZoneId": OURS}, {"HostedZoneId": THEIRS}]

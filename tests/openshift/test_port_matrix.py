"""The flows of a cluster, judged on what a plan would have made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any, Final

import pytest

from ocpprov.engine.graph import build
from ocpprov.engine.resources import Resource
from ocpprov.engine.values import Ref, Value
from ocpprov.kinds.registry import KINDS
from ocpprov.openshift.expand import expand, logical_ids, placeholder_facts
from ocpprov.openshift.layout import Layout, layout_of
from ocpprov.openshift.machine_flows import FLOWS, MACHINES, Party, flows
from ocpprov.openshift.matrix_row import MatrixRow
from ocpprov.openshift.port_matrix import port_matrix, unresolved
from ocpprov.openshift.resource_rules import resource_problems
from ocpprov.openshift.security import INGRESS_RULES, IngressRule
from ocpprov.openshift.subnet_pairs import not_arriving
from ocpprov.openshift.terrain_building import planned_terrain
from ocpprov.plan.loading import Inputs, load_file
from ocpprov.plan.model import DhcpOptions, HostPort, Transit
from ocpprov.plan.releases import Release
from ocpprov.reachability.network import GroupRule, Via
from ocpprov.reachability.openings import NewGroupRules, Opening
from ocpprov.reachability.route_openings import NewRoute
from ocpprov.reachability.spans import EVERYWHERE, Span, addresses
from ocpprov.reachability.verdict import Answer

PLANS: Final = Path(__file__).parents[2] / "plans"
BOTH_OF_BOOTSTRAP: Final = "MasterSecurityGroup, BootstrapSecurityGroup"
OWN_NETWORK: Final = sorted(path.name for path in PLANS.glob("*.yaml") if path.name != "existing-vpc.yaml")


@cache
def planned(name: str) -> tuple[Layout, Mapping[str, Resource]]:
    plan = load_file(PLANS / name, Inputs(KINDS, base=PLANS, openshift_ids=logical_ids, rules=resource_problems))
    assert plan.openshift
    facts = placeholder_facts(plan)
    resources = {**expand(plan, facts), **plan.resources}
    return layout_of(plan.openshift, plan.region, facts), build(resources, KINDS).resources


def rows(name: str, resources: Mapping[str, Resource]) -> Sequence[MatrixRow]:
    return port_matrix(planned_terrain(planned(name)[0], resources.values()))


def failing(found: Sequence[MatrixRow]) -> dict[str, set[str]]:
    """The components that stop something, by requirement."""
    stopped: dict[str, set[str]] = {}
    for row in found:
        if row.answer is Answer.NO:
            stopped.setdefault(row.requirement, set()).update(each.component for each in row.verdict.obstacles)
    return stopped


def without(name: str, *gone: str) -> Mapping[str, Resource]:
    resources = planned(name)[1]
    assert set(gone) <= set(resources)
    return {id: each for id, each in resources.items() if id not in gone}


def changed(name: str, id: str, **properties: Value) -> Mapping[str, Resource]:
    resources = planned(name)[1]
    return {**resources, id: replace(resources[id], properties={**resources[id].properties, **properties})}


@pytest.mark.parametrize("name", OWN_NETWORK)
def test_everything_arrives_in_a_shipped_plan(name: str) -> None:
    found = rows(name, planned(name)[1])
    assert [(row.name, row.source, row.target, row.verdict) for row in found if row.answer is not Answer.YES] == []
    assert len(found) > 55


def test_a_plan_without_a_vpc_of_its_own_is_not_judged() -> None:
    layout, resources = planned("existing-vpc.yaml")
    with pytest.raises(ValueError, match="no VPC"):
        port_matrix(planned_terrain(layout, resources.values()))


@pytest.mark.parametrize("rule", INGRESS_RULES, ids=lambda rule: rule.logical_id)
def test_each_rule_of_the_template_is_needed_by_the_row_of_its_group(rule: IngressRule) -> None:
    id, group = rule.logical_id, rule.group
    row = "SG-MASTER-INGRESS" if group == "MasterSecurityGroup" else "SG-WORKER-INGRESS"
    # The bootstrap machine is in the control plane's group beside its own, and takes part in etcd.
    both = {f"{group}, BootstrapSecurityGroup"} if id == "MasterIngressEtcd" else set()
    assert failing(rows("single-zone.yaml", without("single-zone.yaml", id))) == {row: {group} | both}


@pytest.mark.parametrize(
    ("gone", "expected"),
    [
        ("MasterSecurityGroup/ingress tcp 22 10.0.0.0/16", {"SG-MASTER": {"MasterSecurityGroup"}}),
        ("MasterSecurityGroup/ingress icmp 10.0.0.0/16", {"SG-MASTER": {"MasterSecurityGroup"}}),
        ("WorkerSecurityGroup/ingress tcp 22 10.0.0.0/16", {"SG-WORKER": {"WorkerSecurityGroup"}}),
        ("WorkerSecurityGroup/ingress icmp 10.0.0.0/16", {"SG-WORKER": {"WorkerSecurityGroup"}}),
        (
            "MasterSecurityGroup/ingress tcp 6443 10.0.0.0/16",
            {row: {"MasterSecurityGroup"} for row in ("LB-REACH", "LB-HEALTH", "SG-MASTER")},
        ),
        (
            "MasterSecurityGroup/ingress tcp 22623 10.0.0.0/16",
            {"LB-REACH": {"MasterSecurityGroup"}, "LB-HEALTH": {"MasterSecurityGroup"}},
        ),
        ("Route", {"NET-NAT": {"PrivateRouteTable"}}),
        ("PublicRoute", {"NET-NAT": {"PublicRouteTable"}, "LB-REACH": {"PublicRouteTable"}}),
        (
            "PublicSubnetRouteTableAssociation",
            {row: {"main route table"} for row in ("NET-NAT", "LB-REACH", "NET-S3")},
        ),
        ("BootstrapSecurityGroup/ingress tcp 19531 10.0.0.0/16", {"SG-BOOTSTRAP": {BOTH_OF_BOOTSTRAP}}),
        ("InternalApiListener", {"LB-REACH": {"IntApiElb"}}),
        ("InternalServiceInternalListener", {"LB-REACH": {"IntApiElb"}}),
        ("ExternalApiListener", {"LB-REACH": {"ExtApiElb"}}),
    ],
)
def test_what_is_taken_away_is_missed_by_its_row(gone: str, expected: Mapping[str, set[str]]) -> None:
    assert failing(rows("single-zone.yaml", without("single-zone.yaml", gone))) == expected


def test_without_the_gateway_endpoint_and_nat_nothing_leads_to_s3() -> None:
    plan = "restricted-3az.yaml"
    tables = [Ref("PrivateRouteTable"), Ref("PrivateRouteTable2")]
    assert failing(rows(plan, changed(plan, "S3Endpoint", RouteTableIds=tables))) == {"NET-S3": {"PrivateRouteTable3"}}


def opened(found: Sequence[MatrixRow]) -> set[Opening]:
    return {each for row in found for changes in row.openings.values() for each in changes}


def test_a_table_of_one_zone_stops_that_zone_alone_and_gets_its_nat_gateway() -> None:
    plan = "public-3az.yaml"
    every = rows(plan, without(plan, "Route2"))
    found = [row for row in every if row.answer is Answer.NO]
    assert [(row.requirement, row.source, [pair.source.id for pair in not_arriving(row.pairs)]) for row in found] == [
        ("NET-NAT", party, ["PrivateSubnet2"]) for party in ("control plane", "compute")
    ]
    assert opened(every) == {NewRoute("PrivateRouteTable2", EVERYWHERE, "NAT2", Via.NAT_GATEWAY)}


def test_a_public_table_gets_the_gateway_of_another_one() -> None:
    plan = "single-zone.yaml"
    table = Resource("OwnTable", "AWS::EC2::RouteTable", {"VpcId": Ref("VPC")})
    to_gateway: Mapping[str, Value] = {
        "RouteTableId": Ref("OwnTable"),
        "DestinationCidrBlock": "0.0.0.0/0",
        "GatewayId": Ref("InternetGateway"),
    }
    more = {"OwnTable": table, "Own": Resource("Own", "AWS::EC2::Route", to_gateway)}
    # What is in the table's subnets has public addresses: no NAT gateway is a way for it.
    assert opened(rows(plan, {**without(plan, "PublicRoute"), **more})) == {
        NewRoute("PublicRouteTable", EVERYWHERE, "InternetGateway", Via.INTERNET_GATEWAY)
    }


def test_each_flow_tells_its_subnets() -> None:
    every = {(row.name, row.source): row for row in rows("public-3az.yaml", planned("public-3az.yaml")[1])}
    for name, source, pairs, between in (
        ("etcd", "control plane", 9, True),
        ("API", "bootstrap", 3, False),
        ("HTTPS", "compute", 3, False),
    ):
        row = every[name, source]
        assert [bool(pair.target) for pair in row.pairs] == [between] * pairs
        assert len({(pair.source.id, pair.target and pair.target.id) for pair in row.pairs}) == pairs


def test_what_does_not_exist_yet_is_opened_by_no_command() -> None:
    layout, _ = planned("single-zone.yaml")
    terrain = planned_terrain(layout, without("single-zone.yaml", "MasterIngressEtcd").values())
    etcd = NewGroupRules("MasterSecurityGroup", "ingress", (GROUP_RULE,))
    (row, *_) = [row for row in port_matrix(terrain) if row.answer is Answer.NO]
    assert (list(row.openings.values()), row.commands) == ([(etcd,)], {})
    (row, *_) = [row for row in port_matrix(replace(terrain, region="eu-west-1")) if row.answer is Answer.NO]
    assert [len(lines) for lines in row.commands.values()] == [1]
    assert [line.endswith("--region eu-west-1") for lines in row.commands.values() for line in lines] == [True]


GROUP_RULE: Final = GroupRule("", "tcp", Span(2379, 2380), addresses("10.0.48.0/20"))


def test_an_endpoint_whose_group_admits_nobody_serves_nobody() -> None:
    plan = "restricted-3az.yaml"
    rule = next(id for id in planned(plan)[1] if id.startswith("EndpointSecurityGroup/ingress"))
    found = failing(rows(plan, without(plan, rule)))
    assert found == {row: {"EndpointSecurityGroup"} for row in ("NET-EC2", "NET-ELB", "AIR-GAP")}


def test_machine_configurations_on_the_external_balancer_fail_the_row_that_forbids_them() -> None:
    plan = "single-zone.yaml"
    resources = planned(plan)[1]
    listener = resources["InternalServiceInternalListener"]
    stray = replace(
        listener, logical_id="Stray", properties={**listener.properties, "LoadBalancerArn": Ref("ExtApiElb")}
    )
    found = [row for row in rows(plan, {**resources, "Stray": stray}) if row.answer is Answer.NO]
    assert [(row.name, row.requirement, row.target, row.wanted) for row in found] == [
        ("machine configurations", "LB-REACH", "ExtApiElb", False)
    ]


def test_machine_configurations_that_arrive_by_one_zone_alone_fail_the_row() -> None:
    plan = "public-3az.yaml"
    resources = planned(plan)[1]
    listener = resources["InternalServiceInternalListener"]
    stray = replace(
        listener, logical_id="Stray", properties={**listener.properties, "LoadBalancerArn": Ref("ExtApiElb")}
    )
    one_closed = without(plan, "PublicSubnetRouteTableAssociation")
    found = [row for row in rows(plan, {**one_closed, "Stray": stray}) if row.name == "machine configurations"]
    assert [row.answer for row in found if not row.wanted] == [Answer.NO]


def test_an_endpoint_without_groups_has_the_default_one_of_its_vpc() -> None:
    plan = "restricted-3az.yaml"
    found = failing(rows(plan, changed(plan, "Ec2Endpoint", SecurityGroupIds=[])))
    assert found == {"NET-EC2": {"default security group"}}


def statement(**elements: Value) -> Value:
    return {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*", **elements}]}


@pytest.mark.parametrize(
    ("endpoint", "policy", "expected"),
    [
        ("Ec2Endpoint", statement(Effect="Deny"), {"NET-EC2": {"Ec2Endpoint"}}),
        ("ElasticloadbalancingEndpoint", statement(Action="ec2:*"), {"NET-ELB": {"ElasticloadbalancingEndpoint"}}),
        ("StsEndpoint", statement(Effect="Deny"), {"AIR-GAP": {"StsEndpoint"}}),
        ("S3Endpoint", statement(Action="s3:List*"), {"NET-S3": {"S3Endpoint"}}),
        ("S3Endpoint", statement(Resource="arn:aws:s3:::theirs/*"), {}),
        ("Ec2Endpoint", statement(Action="ec2:*", Condition={"StringEquals": {"aws:SourceVpc": Ref("VPC")}}), {}),
        (
            "Ec2Endpoint",
            statement(Condition={"StringEquals": {"aws:SourceVpc": "vpc-2"}}),
            {"NET-EC2": {"Ec2Endpoint"}},
        ),
    ],
)
def test_an_endpoint_whose_policy_denies_what_the_cluster_asks_serves_nobody(
    endpoint: str, policy: Value, expected: Mapping[str, set[str]]
) -> None:
    plan = "restricted-3az.yaml"
    assert failing(rows(plan, changed(plan, endpoint, PolicyDocument=policy))) == expected


def theirs(id: str, like: str, **properties: Value) -> Mapping[str, Resource]:
    """Beside the plan's own an endpoint of somebody else's that denies everything."""
    resources = planned("restricted-3az.yaml")[1]
    denied = {**resources[like].properties, "PolicyDocument": statement(Effect="Deny"), **properties}
    return {**resources, id: replace(resources[like], logical_id=id, properties=denied)}


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        (theirs("Theirs", "Ec2Endpoint", PrivateDnsEnabled=False), {}),
        (theirs("Theirs", "Ec2Endpoint"), {"NET-EC2": {"Theirs"}}),
        (theirs("Theirs", "S3Endpoint", RouteTableIds=[]), {}),
        (theirs("Theirs", "S3Endpoint", RouteTableIds=[Ref("PrivateRouteTable")]), {"NET-S3": {"Theirs"}}),
    ],
)
def test_an_endpoint_that_nobody_goes_through_denies_nobody_anything(
    resources: Mapping[str, Resource], expected: Mapping[str, set[str]]
) -> None:
    assert failing(rows("restricted-3az.yaml", resources)) == expected


def test_a_policy_whose_condition_nobody_knows_leaves_its_row_open() -> None:
    plan = "restricted-3az.yaml"
    policy = statement(Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}})
    found = rows(plan, changed(plan, "Ec2Endpoint", PolicyDocument=policy))
    open_rows = [row for row in found if row.answer is Answer.UNKNOWN]
    assert {(row.requirement, row.source) for row in open_rows} == {
        ("NET-EC2", "control plane"),
        ("NET-EC2", "compute"),
        ("NET-EC2", "bootstrap"),
    }


def test_the_bootstrap_machine_reaches_its_file_by_the_internet_too() -> None:
    plan = "single-zone.yaml"
    private = changed(plan, "S3Endpoint", RouteTableIds=[Ref("PrivateRouteTable")])
    assert failing(rows(plan, private)) == {}


def test_targets_that_see_their_clients_are_asked_by_addresses_that_no_rule_admits() -> None:
    plan = "single-zone.yaml"
    keeps: Value = [{"Key": "preserve_client_ip.enabled", "Value": "true"}]
    found = failing(rows(plan, changed(plan, "ExternalApiTargetGroup", TargetGroupAttributes=keeps)))
    assert found == {"LB-REACH": {"MasterSecurityGroup"}}


def test_the_documented_acl_stops_pings_from_the_public_subnets() -> None:
    plan = "single-zone.yaml"
    udp_and_icmp = [
        id for id in planned(plan)[1] if id.startswith(("InboundICMP", "OutboundICMP", "InboundVpc", "OutboundVpc"))
    ]
    assert failing(rows(plan, without(plan, *udp_and_icmp))) == {
        "SG-MASTER": {"PublicNetworkAcl"},
        "SG-WORKER": {"PublicNetworkAcl"},
    }


def test_a_plan_that_wants_the_documented_acl_pings_from_the_private_subnets_alone() -> None:
    """All else arrives, and a ping from there has to."""
    plan = "single-zone.yaml"
    layout, resources = planned(plan)
    asked = replace(layout, section=replace(layout.section, network_acl="documented"))
    more = ("InboundICMP", "OutboundICMP", "InboundVpc", "OutboundVpc")
    documented = [each for id, each in resources.items() if not id.startswith(more)]
    found = port_matrix(planned_terrain(asked, documented))
    assert failing(found) == {}
    pings = {
        (pair.source.id, pair.target and pair.target.id) for row in found if row.name == "ping" for pair in row.pairs
    }
    assert pings == {("PrivateSubnet", "PrivateSubnet")}


def given(name: str, **section: Any) -> Sequence[MatrixRow]:
    """The flows of a plan's network with another section to judge by."""
    layout, resources = planned(name)
    asked = replace(layout, section=replace(layout.section, **section))
    return port_matrix(planned_terrain(asked, resources.values()))


def test_servers_that_the_plan_names_are_asked_by_every_machine() -> None:
    options = DhcpOptions("", ("AmazonProvidedDNS", "10.0.0.2", "10.0.48.53"), ("169.254.169.123", "192.168.7.7"))
    way = Transit([IPv4Network("192.168.0.0/16")], transit_gateway_id="tgw-1")
    found = given("restricted-3az.yaml", dhcp_options=options, transit=[way])
    assert [
        (row.name, row.source, row.target, row.traffic, row.answer, row.verdict.beyond)
        for row in found
        if row.requirement == "NET-DHCP" and row.source == "bootstrap"
    ] == [
        ("name server", "bootstrap", "10.0.48.53", "udp 53", Answer.YES, ("10.0.48.53/32",)),
        ("name server", "bootstrap", "10.0.48.53", "tcp 53", Answer.YES, ("10.0.48.53/32",)),
        ("time server", "bootstrap", "192.168.7.7", "udp 123", Answer.NO, ()),
    ]
    assert len([row for row in found if row.requirement == "NET-DHCP"]) == 9


def test_the_way_to_a_mirror_registry_is_judged_where_its_address_is_known() -> None:
    plan = "restricted-3az.yaml"
    layout, resources = planned(plan)
    mirrors = (HostPort("10.0.48.99", 5000), HostPort("registry.corp.test", 443), HostPort("own.corp.test", 8443))
    section = replace(layout.section, mirrors=mirrors)
    zone: Mapping[str, Value] = {"Name": "corp.test", "VPCs": [{"VPCId": Ref("VPC"), "VPCRegion": layout.region}]}
    own: Mapping[str, Value] = {"Name": "own.corp.test", "Type": "A", "ResourceRecords": ["10.0.64.99", "172.20.0.1"]}
    more = [
        Resource("Zone", "AWS::Route53::HostedZone", zone),
        Resource("Own", "AWS::Route53::RecordSet", {**own, "HostedZoneId": Ref("Zone")}),
    ]
    terrain = planned_terrain(replace(layout, section=section), [*resources.values(), *more])
    found = [row for row in port_matrix(terrain) if row.name == "mirror registry" and row.source == "compute"]
    assert [(row.requirement, row.target, row.traffic, row.answer, len(row.pairs)) for row in found] == [
        ("AIR-GAP", "10.0.48.99", "tcp 5000", Answer.YES, 3),
        ("AIR-GAP", "own.corp.test", "tcp 8443", Answer.NO, 6),
    ]
    assert [each.stopped.peers for each in found[1].verdict.obstacles] == [addresses("172.20.0.1")] * 3
    assert [str(each) for each in unresolved(terrain)] == ["mirror registry registry.corp.test (tcp 443)"]


@pytest.mark.parametrize(
    ("address", "subnets", "public"),
    [
        ("", ["PublicSubnet", "PublicSubnet2", "PublicSubnet3"], True),
        ("10.0.16.9", ["PublicSubnet2"], True),
        ("10.0.64.9", ["PrivateSubnet2"], False),
        ("10.0.200.9", ["PublicSubnet", "PublicSubnet2", "PublicSubnet3"], True),
    ],
)
def test_the_bootstrap_machine_is_where_its_address_is(address: str, subnets: Sequence[str], public: bool) -> None:
    layout, resources = planned("public-3az.yaml")
    asked = replace(layout, section=replace(layout.section, bootstrap_address=address))
    places = planned_terrain(asked, resources.values()).places[Party.BOOTSTRAP]
    assert [(each.subnet.id, each.public) for each in places] == [(id, public) for id in subnets]
    assert {each.span == addresses(address) for each in places if len(subnets) == 1} <= {True}


@pytest.mark.parametrize(
    ("plan", "block", "clients"),
    [
        ("single-zone.yaml", "0.0.0.0/0", ["clients of the bootstrap machine", "the internet"]),
        ("single-zone.yaml", "198.51.100.0/24", ["198.51.100.0/24"]),
        ("single-zone.yaml", "10.0.0.0/20", ["clients of the bootstrap machine"]),
        ("single-zone.yaml", "10.0.0.0/8", ["clients of the bootstrap machine"]),
        ("restricted-3az.yaml", "0.0.0.0/0", ["clients of the bootstrap machine"]),
        ("restricted-3az.yaml", "198.51.100.0/24", []),
    ],
)
def test_who_may_ask_the_bootstrap_machine_gets_there(plan: str, block: str, clients: Sequence[str]) -> None:
    found = [row for row in given(plan, bootstrap_from=IPv4Network(block)) if row.name == "journal"]
    assert [row.source for row in found] == clients


def test_clients_of_the_bootstrap_machine_behind_a_transit_gateway_are_answered_by_it() -> None:
    block = IPv4Network("192.168.8.0/24")
    way = Transit([IPv4Network("192.168.0.0/16")], transit_gateway_id="tgw-1")
    found = [row for row in given("restricted-3az.yaml", bootstrap_from=block, transit=[way]) if row.name == "journal"]
    obstacles = {(each.component, str(each.code)) for row in found for each in row.verdict.obstacles}
    assert [row.source for row in found] == ["192.168.8.0/24"]
    assert (BOTH_OF_BOOTSTRAP, "ENI_SG_RULES_MISMATCH") in obstacles
    assert ("PrivateRouteTable", "NO_ROUTE_TO_DESTINATION") in obstacles


def test_the_machine_network_has_no_subnets_of_others() -> None:
    plan = "single-zone.yaml"
    other = Resource("Other", "AWS::EC2::Subnet", {"VpcId": Ref("VPC"), "CidrBlock": "100.64.0.0/24"})
    assert failing(rows(plan, {**planned(plan)[1], "Other": other})) == {}


@pytest.mark.parametrize("release", [(4, 1), (4, 2), (4, 3), (4, 7), (4, 18)])
def test_a_release_has_a_flow_for_each_of_its_rules(release: Release) -> None:
    of_blocks = 4 + 2  # ping and ssh, to both; the API of the control plane from both
    of_nodes = [flow for flow in flows(release) if Party.BOOTSTRAP not in (*flow.senders, *flow.receivers)]
    pairs = [None for flow in of_nodes for _ in flow.senders for _ in flow.receivers]
    assert len(pairs) == len([rule for rule in INGRESS_RULES if rule.since <= release]) + of_blocks


@pytest.mark.parametrize(
    ("name", "way", "row"),
    [("single-zone.yaml", "Route", "NET-NAT"), ("restricted-3az.yaml", "S3Endpoint", "AIR-GAP")],
)
def test_before_the_groups_are_made_the_ways_of_the_network_are_judged_without_them(
    name: str, way: str, row: str
) -> None:
    """A plan has its groups once it has an infraID."""
    layout, resources = planned(name)
    first = replace(layout, section=replace(layout.section, infra_id="", dhcp_options=None))
    groups = ("MasterSecurityGroup", "WorkerSecurityGroup", "BootstrapSecurityGroup")
    made = [each for id, each in resources.items() if id not in groups]
    found = port_matrix(planned_terrain(first, made))
    assert {row.answer for row in found} == {Answer.YES}
    stopped = failing(port_matrix(planned_terrain(first, [each for each in made if each.logical_id != way])))
    assert stopped.keys() == {row}


def test_each_flow_is_one_that_some_machine_takes_part_in() -> None:
    for flow in FLOWS:
        assert {*flow.senders, *flow.receivers} & set(MACHINES), flow

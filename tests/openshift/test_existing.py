"""Existing networks: named by id, used as they are, tagged where the cluster needs it, never changed otherwise."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Network

import pytest

from ocpprov.engine.resources import Resource
from ocpprov.engine.values import Ref
from ocpprov.openshift.endpoint_admission import GroupAdmission
from ocpprov.openshift.expand import ExistingEndpoint, ExistingSubnet, Facts, expand, facts_needed, notes
from ocpprov.openshift.section_outputs import outputs
from ocpprov.plan.model import DhcpOptions, OpenShift, Transit
from ocpprov.reachability.network import GroupRule, SecurityGroup
from ocpprov.reachability.spans import Span, addresses
from tests.openshift.plans import FACTS, SECTION_3AZ, plan_of

NAMES = ("subnet-0a1", "subnet-0a2", "subnet-0b1", "subnet-0b2")
KNOWN = {
    "subnet-0a1": ExistingSubnet("subnet-0a1", "vpc-1", "eu-west-1b", "10.0.16.0/20", public=True),
    "subnet-0a2": ExistingSubnet("subnet-0a2", "vpc-1", "eu-west-1a", "10.0.0.0/20", public=True),
    "subnet-0b1": ExistingSubnet("subnet-0b1", "vpc-1", "eu-west-1b", "10.0.64.0/20", public=False),
    "subnet-0b2": ExistingSubnet("subnet-0b2", "vpc-1", "eu-west-1a", "10.0.48.0/20", public=False),
}
SECTION = OpenShift(
    cluster_name="prod",
    base_domain="example.com",
    infra_id="prod-x7k2p",
    subnets=NAMES,
    endpoints=("s3", "ec2"),
)
EXISTING = Facts(subnets=KNOWN)
OF_NETWORK = {
    "AWS::EC2::VPC",
    "AWS::EC2::Subnet",
    "AWS::EC2::RouteTable",
    "AWS::EC2::SubnetRouteTableAssociation",
    "AWS::EC2::InternetGateway",
    "AWS::EC2::VPCGatewayAttachment",
    "AWS::EC2::NatGateway",
    "AWS::EC2::EIP",
    "AWS::EC2::Route",
}


def types(resources: dict[str, Resource]) -> set[str]:
    return {each.type for each in resources.values()}


def test_nothing_of_an_existing_network_is_made() -> None:
    assert not OF_NETWORK & types(dict(expand(plan_of(SECTION), EXISTING)))


def test_subnets_get_the_shared_tag_and_nothing_else() -> None:
    made = [each for each in expand(plan_of(SECTION), EXISTING).values() if each.type == "Ocpprov::EC2::SharedTags"]
    tags = [{"Key": "kubernetes.io/cluster/prod-x7k2p", "Value": "shared"}]
    assert {each.logical_id: each.properties for each in made} == {
        "SubnetTags0a1": {"ResourceId": "subnet-0a1", "Tags": tags},
        "SubnetTags0a2": {"ResourceId": "subnet-0a2", "Tags": tags},
        "SubnetTags0b1": {"ResourceId": "subnet-0b1", "Tags": tags},
        "SubnetTags0b2": {"ResourceId": "subnet-0b2", "Tags": tags},
    }
    before = expand(plan_of(replace(SECTION, infra_id="")), EXISTING)
    assert "Ocpprov::EC2::SharedTags" not in {each.type for each in before.values()}


def test_balancers_and_endpoints_lie_in_the_existing_subnets() -> None:
    resources = expand(plan_of(SECTION), EXISTING)
    assert resources["ExtApiElb"].properties["Subnets"] == ["subnet-0a2", "subnet-0a1"]
    assert resources["IntApiElb"].properties["Subnets"] == ["subnet-0b2", "subnet-0b1"]
    assert resources["Ec2Endpoint"].properties["SubnetIds"] == ["subnet-0b2", "subnet-0b1"]
    assert resources["MasterSecurityGroup"].properties["VpcId"] == "vpc-1"
    assert resources["InternalApiTargetGroup"].properties["VpcId"] == "vpc-1"
    assert resources["IntDns"].properties["VPCs"] == [{"VPCId": "vpc-1", "VPCRegion": "eu-west-1"}]


def test_s3s_gateway_and_transit_routes_go_into_the_route_tables_that_are_named() -> None:
    way = Transit((IPv4Network("10.20.0.0/16"),), transit_gateway_id="tgw-0abc")
    resources = expand(plan_of(replace(SECTION, route_tables=("rtb-0c1",), transit=(way,))), EXISTING)
    assert resources["S3Endpoint"].properties["RouteTableIds"] == ["rtb-0c1"]
    assert resources["TransitRoute0c1To10x20x0x0x16"].properties["RouteTableId"] == "rtb-0c1"
    assert resources["TransitGatewayAttachment0abc"].properties["SubnetIds"] == ["subnet-0b2", "subnet-0b1"]


def test_without_named_route_tables_there_is_no_gateway_and_that_is_said() -> None:
    plan = plan_of(SECTION)
    assert "S3Endpoint" not in expand(plan, EXISTING)
    assert notes(plan, EXISTING) == [
        "nothing leads to com.amazonaws.eu-west-1.s3: its gateway needs openshift.routeTables"
    ]
    found = {output.name: output.value for output in outputs(plan, EXISTING)}
    assert found["NoProxy"] == "ec2.eu-west-1.amazonaws.com"


S3 = "com.amazonaws.eu-west-1.s3"
EC2 = "com.amazonaws.eu-west-1.ec2"


def gateway(*tables: str, id: str = "vpce-9") -> ExistingEndpoint:
    return ExistingEndpoint(id, S3, "Gateway", route_tables=tables)


@pytest.mark.parametrize(
    ("named", "others", "own", "expected"),
    [
        pytest.param(("rtb-0c1",), [gateway("rtb-0c1")], None, None, id="served by somebody's"),
        pytest.param(("rtb-0c1",), [gateway()], None, ["rtb-0c1"], id="somebody's is on no table"),
        pytest.param(("rtb-0c1",), [gateway("rtb-0f1")], None, ["rtb-0c1"], id="somebody's is on another table"),
        pytest.param(("rtb-0c1", "rtb-0c2"), [gateway("rtb-0c2")], None, ["rtb-0c1"], id="served in part"),
        pytest.param(
            ("rtb-0c1", "rtb-0c2"),
            [gateway("rtb-0c1"), gateway("rtb-0c2", id="vpce-8")],
            None,
            None,
            id="served by two together",
        ),
        pytest.param(("rtb-0c1",), [gateway("rtb-0f1")], ["rtb-0c1"], ["rtb-0c1"], id="ours is there already"),
        pytest.param(("rtb-0c1",), [gateway("rtb-0c1")], ["rtb-0c1"], ["rtb-0c1"], id="a table of ours stays ours"),
        pytest.param(("rtb-0c1",), [gateway("rtb-0c1")], [], [], id="ours stays where its table was taken over"),
        pytest.param((), [], ["rtb-0c1"], None, id="ours goes with the last table that the plan names"),
    ],
)  # fmt: skip
def test_a_gateway_is_made_for_the_named_tables_that_nobodys_serves(
    named: tuple[str, ...], others: list[ExistingEndpoint], own: list[str] | None, expected: list[str] | None
) -> None:
    plan = plan_of(replace(SECTION, route_tables=named))
    facts = replace(EXISTING, endpoints=others, own_endpoints={} if own is None else {"S3Endpoint": own})
    made = expand(plan, facts).get("S3Endpoint")
    assert (made and made.properties["RouteTableIds"]) == expected
    assert bool(notes(plan, facts)) is (not named)


def with_tables(*private: str) -> Facts:
    """What AWS says of the private subnets' tables."""
    tables = dict(zip(NAMES[2:], private, strict=True))
    known = {id: replace(subnet, route_table=tables.get(id, "rtb-0d1")) for id, subnet in KNOWN.items()}
    return replace(EXISTING, subnets=known)


@pytest.mark.parametrize(
    ("others", "served"),
    [
        ([gateway("rtb-0c1", "rtb-0c2")], True),
        ([gateway("rtb-0c1")], False),
        ([gateway("rtb-0d1")], False),
        ([gateway()], False),
    ],
    ids=["all private subnets", "one of two", "the public ones", "none"],
)
def test_without_named_tables_somebodys_gateway_counts_where_the_machines_subnets_are_on_it(
    others: list[ExistingEndpoint], *, served: bool
) -> None:
    plan, facts = plan_of(SECTION), replace(with_tables("rtb-0c1", "rtb-0c2"), endpoints=others)
    assert "S3Endpoint" not in expand(plan, facts)
    told = [
        f"nothing leads to {S3}: vpce-9 isn't on all of the machines' route tables, and its gateway needs "
        "openshift.routeTables"
    ]
    assert notes(plan, facts) == ([] if served else told)
    found = {output.name: str(output.value) for output in outputs(plan, facts)}
    assert ("s3.eu-west-1.amazonaws.com" in found["NoProxy"]) is served


def interface(*admitted: str, more: bool = False, zones: str = "") -> ExistingEndpoint:
    rules = [GroupRule("", "tcp", Span(443, 443), addresses(block)) for block in admitted]
    members = [GroupRule("", "tcp", Span(443, 443), group="sg-8")] if more else []
    stands = frozenset(f"eu-west-1{letter}" for letter in zones)
    groups = {"sg-7": SecurityGroup("sg-7", (*rules, *members))}
    return ExistingEndpoint("vpce-7", EC2, "Interface", (), ["sg-7"], GroupAdmission(["sg-7"], groups), stands)


@pytest.mark.parametrize(
    ("other", "served"),
    [
        (interface("10.0.0.0/8"), True),
        (interface("10.0.48.0/20", "10.0.64.0/20"), True),
        (interface("10.0.48.0/21", "10.0.56.0/21", "10.0.64.0/20"), True),
        (interface(more=True), True),
        (interface("10.0.48.0/20"), False),
        (interface("10.0.48.0/20", "10.0.64.0/21"), False),
        (interface(), False),
        (interface("10.0.0.0/8", zones="ab"), True),
        (interface("10.0.0.0/8", zones="abc"), True),
        (interface("10.0.0.0/8", zones="a"), True),
        (interface("10.0.0.0/8", zones="c"), True),
        (interface(more=True, zones="b"), True),
    ],
    ids=[
        "a wider block",
        "block by block",
        "in halves",
        "by group",
        "one of two",
        "half of one",
        "nobody",
        "in both zones",
        "in more zones",
        "in one of the zones",
        "in another zone",
        "by group, in one of the zones",
    ],
)
def test_somebodys_interface_counts_where_it_admits_the_machines(other: ExistingEndpoint, *, served: bool) -> None:
    plan, facts = plan_of(replace(SECTION, endpoints=("ec2",))), replace(EXISTING, endpoints=[other])
    assert "Ec2Endpoint" not in expand(plan, facts)
    found = {output.name: str(output.value) for output in outputs(plan, facts)}
    assert ("NoProxy" in found) is served
    assert not any("nothing leads to" in note for note in notes(plan, facts))
    closed = {output.name: str(output.value) for output in outputs(plan_of(air_gapped(plan.openshift)), facts)}
    assert ("ec2: required" in closed["EndpointsToAdd"]) is not served


def air_gapped(section: OpenShift | None) -> OpenShift:
    assert section is not None
    return replace(section, publish="Internal", egress="none", public_zone="none", subnets=NAMES[2:])


def test_machines_that_reach_an_interface_across_zones_are_named() -> None:
    plan = plan_of(replace(SECTION, endpoints=("ec2",)))
    assert notes(plan, replace(EXISTING, endpoints=[interface("10.0.0.0/8", zones="ac")])) == [
        f"machines in eu-west-1b reach {EC2} across zones: vpce-7 has no subnet there"
    ]


def test_subnets_of_our_own_beside_an_interface_may_be_in_other_zones_than_it() -> None:
    plan = plan_of(replace(SECTION_3AZ, vpc_id="vpc-1", endpoints=("ec2",)))
    for zones, told in (("abc", 0), ("ab", 1)):
        facts = replace(FACTS, endpoints=[interface("10.0.0.0/8", zones=zones)])
        assert len([note for note in notes(plan, facts) if "machines in eu-west-1c reach" in note]) == told


def test_an_interface_of_ours_stays_when_somebodys_turns_up() -> None:
    facts = replace(EXISTING, endpoints=[interface("10.0.0.0/8")], own_endpoints={"Ec2Endpoint": ()})
    made = expand(plan_of(SECTION), facts)
    assert {"Ec2Endpoint", "EndpointSecurityGroup"} <= made.keys()


def test_a_gateway_on_tables_of_others_is_not_counted_among_the_missing_endpoints() -> None:
    section = air_gapped(replace(SECTION, endpoints=(), route_tables=("rtb-0c1",)))
    for tables, missing in ((("rtb-0c1",), False), (("rtb-0f1",), True)):
        found = outputs(plan_of(section), replace(EXISTING, endpoints=[gateway(*tables)]))
        said = {output.name: str(output.value) for output in found}["EndpointsToAdd"]
        assert ("s3: required" in said) is missing


def test_s3s_interface_answers_the_machines_unless_a_gateway_serves_them() -> None:
    section = replace(SECTION, endpoints=("s3-interface",), route_tables=("rtb-0c1",))
    for tables, resolvers in ((("rtb-0c1",), "OnlyInboundResolver"), (("rtb-0f1",), "AllResolvers")):
        made = expand(plan_of(section), replace(EXISTING, endpoints=[gateway(*tables)]))["S3InterfaceEndpoint"]
        assert made.properties["DnsOptions"] == {"PrivateDnsOnlyForInboundResolverEndpoint": resolvers}


def test_the_outputs_name_the_existing_network() -> None:
    found = {output.name: output.value for output in outputs(plan_of(SECTION), EXISTING)}
    assert found["VpcId"] == "vpc-1"
    assert found["PublicSubnetIds"] == "subnet-0a2,subnet-0a1"
    assert found["PrivateSubnetIds"] == "subnet-0b2,subnet-0b1"


def test_subnets_of_ours_in_an_existing_vpc_use_its_internet_gateway() -> None:
    section = replace(SECTION_3AZ, vpc_id="vpc-1")
    resources = expand(plan_of(section), replace(FACTS, internet_gateway="igw-1"))
    assert not {"VPC", "InternetGateway", "GatewayToInternet"} & resources.keys()
    assert resources["PublicSubnet"].properties["VpcId"] == "vpc-1"
    assert resources["PublicRoute"].properties["GatewayId"] == "igw-1"
    assert (resources["PublicRoute"].depends_on, resources["NAT"].depends_on) == ((), ())
    assert "SubnetTagsubnet" not in resources


def test_subnets_of_ours_in_an_existing_vpc_without_a_gateway_get_one() -> None:
    resources = expand(plan_of(replace(SECTION_3AZ, vpc_id="vpc-1")), FACTS)
    assert resources["GatewayToInternet"].properties == {
        "VpcId": "vpc-1",
        "InternetGatewayId": Ref("InternetGateway"),
    }


def test_what_must_be_asked_about_an_existing_network() -> None:
    needed = facts_needed(plan_of(SECTION))
    assert (needed.zones, needed.subnets, needed.existing_vpc, needed.vpc_id) == (0, NAMES, True, "")
    inside = facts_needed(plan_of(replace(SECTION_3AZ, vpc_id="vpc-1")))
    assert (inside.zones, inside.subnets, inside.existing_vpc, inside.vpc_id) == (3, (), True, "vpc-1")
    assert not facts_needed(plan_of(SECTION_3AZ)).existing_vpc


def moved(subnet: str, **changes: object) -> Facts:
    return replace(EXISTING, subnets={**KNOWN, subnet: replace(KNOWN[subnet], **changes)})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("section", "facts", "message"),
    [
        (SECTION, Facts(), "there is no subnet subnet-0a1, subnet-0a2, subnet-0b1, subnet-0b2"),
        (replace(SECTION, subnets=NAMES[2:]), EXISTING, "none of openshift.subnets is public"),
        (replace(SECTION, subnets=NAMES[:2]), EXISTING, "none of openshift.subnets is private"),
        (SECTION, moved("subnet-0b1", zone="eu-west-1a"), "more than one private subnet in eu-west-1a"),
        (SECTION, moved("subnet-0b1", vpc_id="vpc-2"), "belong together, but there are vpc-1, vpc-2"),
        (replace(SECTION, vpc_id="vpc-3"), EXISTING, "belong together, but there are vpc-1, vpc-3"),
        (SECTION, moved("subnet-0b1", cidr="10.9.0.0/20"), "10.9.0.0/20. is outside the machine network"),
        (replace(SECTION, network_acl="documented"), EXISTING, "networkAcl would change subnets"),
        (replace(SECTION, dhcp_options=DhcpOptions()), EXISTING, "dhcpOptions would change a VPC"),
        (
            replace(SECTION_3AZ, vpc_id="vpc-1", secondary_networks=(IPv4Network("100.64.0.0/16"),)),
            FACTS,
            "secondaryNetworks would change a VPC",
        ),
    ],
)  # fmt: skip
def test_an_existing_network_that_does_not_fit_is_refused(section: OpenShift, facts: Facts, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        expand(plan_of(section), facts)


def test_subnets_may_lie_in_several_machine_networks() -> None:
    section = replace(
        SECTION,
        machine_network=IPv4Network("100.70.0.0/16"),
        more_machine_networks=(IPv4Network("10.0.0.0/24"),),
        endpoints=("ec2",),
    )
    blocks = {
        "subnet-0a1": "10.0.0.0/27",
        "subnet-0a2": "10.0.0.32/27",
        "subnet-0b1": "100.70.0.0/20",
        "subnet-0b2": "100.70.16.0/20",
    }
    facts = replace(EXISTING, subnets={id: replace(KNOWN[id], cidr=block) for id, block in blocks.items()})
    made = expand(plan_of(section), facts)
    for group in ("MasterSecurityGroup", "WorkerSecurityGroup", "BootstrapSecurityGroup", "EndpointSecurityGroup"):
        rules = made[group].properties["SecurityGroupIngress"]
        assert isinstance(rules, list)
        assert {rule["CidrIp"] for rule in rules} == {"100.70.0.0/16", "10.0.0.0/24"}
    assert "AWS::EC2::VPCCidrBlock" not in types(dict(made))
    with pytest.raises(ValueError, match=r"is outside the machine network 100.70.0.0/16 and 10.0.0.0/28"):
        expand(plan_of(replace(section, more_machine_networks=(IPv4Network("10.0.0.0/28"),))), facts)


def test_private_subnets_are_enough_with_publish_internal() -> None:
    section = replace(SECTION, publish="Internal", subnets=NAMES[2:])
    assert expand(plan_of(section), EXISTING)["IntApiElb"].properties["Subnets"] == ["subnet-0b2", "subnet-0b1"]

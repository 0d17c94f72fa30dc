"""In which order a run may do what it does: needs before dependents, movers before deletions, and no circle."""

from __future__ import annotations

from typing import Any, Final

import pytest

from ocpprov.engine.actions import Actions
from ocpprov.engine.ownership import ON_DELETE
from ocpprov.engine.resources import Live, Resource, State
from ocpprov.engine.steps import DeleteStep
from ocpprov.engine.values import GetAtt
from tests.engine.planning import (
    GROUP,
    ROLE,
    SUBNET,
    VPC,
    comes_first,
    done,
    gone,
    in_any_order,
    let_go,
    live,
    made,
    made_by_us,
    one_after_another,
    planned,
    ref,
    remembered,
    retagged,
    sends,
    the_work,
    together,
    wanted,
)

NAT: Final = "AWS::EC2::NatGateway"
ADDRESS: Final = "AWS::EC2::EIP"
GATE: Final = "AWS::EC2::InternetGateway"
ATTACHED: Final = "AWS::EC2::VPCGatewayAttachment"
TABLE: Final = "AWS::EC2::RouteTable"
ROUTE: Final = "AWS::EC2::Route"
RULE: Final = "AWS::EC2::SecurityGroupIngress"
OPTIONS: Final = "AWS::EC2::DHCPOptions"
OPTIONS_OF: Final = "AWS::EC2::VPCDHCPOptionsAssociation"
LISTENER: Final = "AWS::ElasticLoadBalancingV2::Listener"
TARGET_GROUP: Final = "AWS::ElasticLoadBalancingV2::TargetGroup"
BALANCER: Final = "AWS::ElasticLoadBalancingV2::LoadBalancer"
SECOND_BLOCK: Final = "AWS::EC2::VPCCidrBlock"
POLICY: Final = "AWS::IAM::ManagedPolicy"
ALLOW: Final[dict[str, Any]] = {"PolicyDocument": {"Statement": []}}
TRUST: Final[dict[str, Any]] = {"AssumeRolePolicyDocument": {"Statement": []}}
NET: Final = {"CidrBlock": "10.50.1.0/24", "AvailabilityZone": "eu-west-1a"}


def test_what_is_needed_is_made_first() -> None:
    actions = planned(
        {
            **wanted(
                Nat=(NAT, {"SubnetId": ref("Net"), "AllocationId": GetAtt("Address", "AllocationId")}),
                Net=(SUBNET, {"VpcId": ref("Vpc"), **NET}),
                Address=(ADDRESS, {"Domain": "vpc"}),
                Vpc=(VPC, {"CidrBlock": "10.50.0.0/16"}),
                Role=(ROLE, TRUST),
            ),
            "Gate": Resource("Gate", GATE, depends_on=("Nat", "Role")),
        },
        [],
    )
    assert sends(actions) == [f"create {name}" for name in ("Address", "Gate", "Nat", "Net", "Role", "Vpc")]
    assert one_after_another(actions, made("Vpc"), made("Net"), made("Nat"), made("Gate"))
    assert one_after_another(actions, made("Address"), made("Nat"))
    assert one_after_another(actions, made("Role"), made("Gate"))
    assert in_any_order(actions, made("Address"), made("Vpc"))
    assert in_any_order(actions, made("Role"), made("Nat"))
    assert [name for name, action in ((each.resource, each) for each in actions.actions) if action.interrupts] == []
    assert (the_work(actions, made("Nat")).seconds, the_work(actions, made("Vpc")).seconds) == (90, 1)


def test_what_stays_is_waited_for_by_nobody() -> None:
    vpc = live(VPC, "vpc-1", "Vpc", {"CidrBlock": "10.50.0.0/16"})
    plan = wanted(Vpc=(VPC, {"CidrBlock": "10.50.0.0/16"}), Net=(SUBNET, {"VpcId": ref("Vpc"), **NET}))
    actions = planned(plan, [vpc])
    assert sends(actions) == ["create Net"]
    assert the_work(actions, made("Net")).after == frozenset()


def _network(number: int) -> list[Live]:
    """A VPC of the plan with a gateway and a balancer in a subnet."""
    vpc, net, gate = f"vpc-{number}", f"subnet-{number}", f"igw-{number}"
    return [
        live(VPC, vpc, f"Vpc{number}", {"CidrBlock": "10.50.0.0/16"}),
        live(SUBNET, net, f"Net{number}", {"VpcId": vpc, **NET}),
        live(GATE, gate, f"Gate{number}", {}),
        live(ATTACHED, f"{gate}|{vpc}", "", {"InternetGatewayId": gate, "VpcId": vpc}),
        live(
            NAT, f"nat-{number}", f"Nat{number}", {"SubnetId": net, "AllocationId": f"eipalloc-{number}", "VpcId": vpc}
        ),
        live(BALANCER, f"arn:b{number}", f"B{number}", {"Name": f"b{number}", "Subnets": [net], "VpcId": vpc}),
        live(SECOND_BLOCK, f"assoc-{number}", "", {"VpcId": vpc, "CidrBlock": "100.66.0.0/16"}),
    ]


def test_in_a_vpc_what_aws_asks_for_goes_first() -> None:
    actions = planned({}, _network(1), made_by_us((SECOND_BLOCK, "assoc-1")))
    assert set(done(actions).values()) == {"delete"}
    assert done(actions).keys() == {each.id for each in _network(1)} - {"assoc-1"}
    for earlier, later in (
        ("arn:b1", "subnet-1"),
        ("nat-1", "subnet-1"),
        ("subnet-1", "vpc-1"),
        # By what a type says, not by what they refer to.
        ("nat-1", "igw-1|vpc-1"),
        ("arn:b1", "igw-1|vpc-1"),
        ("igw-1|vpc-1", "igw-1"),
        ("igw-1|vpc-1", "vpc-1"),
    ):
        assert comes_first(actions, gone(earlier), gone(later)), (earlier, later)
    assert in_any_order(actions, gone("nat-1"), gone("arn:b1"))
    assert in_any_order(actions, gone("subnet-1"), gone("igw-1|vpc-1"))


@pytest.mark.parametrize("count", [1, 2, 3])
def test_all_of_them_go_first_however_many_there_are(count: int) -> None:
    base = [each for each in _network(1) if each.type != NAT]
    names = [f"nat-{number}" for number in range(count)]
    nats = [
        live(NAT, name, name, {"SubnetId": "subnet-1", "AllocationId": f"eipalloc-{name}", "VpcId": "vpc-1"})
        for name in names
    ]
    actions = planned({}, [*base, *nats])
    assert all(comes_first(actions, gone(name), gone("igw-1|vpc-1")) for name in names)


def test_deletions_in_two_vpcs_dont_wait_for_each_other() -> None:
    actions = planned({}, [*_network(1), *_network(2)])
    ids = {number: [each.id for each in _network(number) if each.id in done(actions)] for number in (1, 2)}
    assert len(ids[1]) == len(ids[2]) == 6
    assert all(in_any_order(actions, gone(one), gone(other)) for one in ids[1] for other in ids[2])


def test_nor_does_an_empty_vpc_wait_for_what_lies_in_another() -> None:
    empty = live(VPC, "vpc-2", "Vpc2", {"CidrBlock": "10.60.0.0/16"})
    actions = planned({}, [*_network(1), empty])
    others = [each.id for each in _network(1) if each.id in done(actions)]
    assert len(others) == 6
    assert all(in_any_order(actions, gone(id), gone("vpc-2")) for id in others)


def test_where_the_vpc_isnt_known_the_order_is_kept_all_the_same() -> None:
    options = live(OPTIONS, "dopt-1", "Options", {"DomainName": "corp.example"})
    linked = live(OPTIONS_OF, "vpc-1", "", {"VpcId": "vpc-1", "DhcpOptionsId": "dopt-1"})
    lives = [live(VPC, "vpc-1", "Vpc", {"CidrBlock": "10.50.0.0/16"}), options, linked]
    actions = planned({}, lives)
    assert comes_first(actions, gone("vpc-1", VPC), gone("dopt-1"))
    role = live(ROLE, "machines", "Role", {"RoleName": "machines", **TRUST})
    policy = live(POLICY, "arn:p", "Policy", {"ManagedPolicyName": "p", **ALLOW})
    assert comes_first(planned({}, [role, policy]), gone("machines"), gone("arn:p"))
    assert not comes_first(planned({}, [role, policy]), gone("arn:p"), gone("machines"))


def _route(table: str, nat: Any) -> dict[str, Any]:
    return {"RouteTableId": table, "DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": nat}


def test_who_refers_to_what_goes_moves_first() -> None:
    plan = wanted(
        Table=(TABLE, {"VpcId": "vpc-9"}),
        New=(NAT, {"SubnetId": "subnet-9", "AllocationId": "eipalloc-2"}),
        Out=(ROUTE, {**_route("", ref("New")), "RouteTableId": ref("Table")}),
    )
    lives = [
        live(TABLE, "rtb-1", "Table", {"VpcId": "vpc-9"}, remembered(plan, "Table")),
        live(NAT, "nat-1", "Old", {"SubnetId": "subnet-9", "AllocationId": "eipalloc-1"}),
        live(ROUTE, "rtb-1|0.0.0.0/0", "", _route("rtb-1", "nat-1")),
    ]
    actions = planned(plan, lives)
    assert sends(actions) == ["create New", "delete nat-1", "update Out"]
    assert one_after_another(actions, made("New"), made("Out"), gone("nat-1"))


def _rule(port: int, group: Any) -> dict[str, Any]:
    return {"GroupId": group, "IpProtocol": "tcp", "FromPort": port, "ToPort": port, "CidrIp": "10.0.0.0/8"}


def test_new_rules_are_there_before_old_ones_go_and_each_lot_in_one_call() -> None:
    texts = {"VpcId": "vpc-9", "GroupDescription": "d"}
    plan = wanted(
        Group=(GROUP, texts),
        A=(RULE, _rule(1, ref("Group"))),
        B=(RULE, _rule(2, ref("Group"))),
        Other=(RULE, _rule(1, "sg-9")),
    )
    old = [live(RULE, f"sgr-{port}", f"Old{port}", _rule(port, "sg-1")) for port in (3, 4)]
    actions = planned(plan, [live(GROUP, "sg-1", "Group", texts), *old])
    assert sends(actions) == ["create A", "create B", "create Other", "delete sgr-3", "delete sgr-4"]
    for new in ("A", "B", "Other"):
        assert comes_first(actions, made(new), gone("sgr-3"))
        assert comes_first(actions, made(new), gone("sgr-4"))
    assert together(actions, made("A"), made("B"))
    assert not together(actions, made("A"), made("Other"))
    assert together(actions, gone("sgr-3"), gone("sgr-4"))
    assert not together(actions, made("A"), gone("sgr-3"))
    assert not together(planned(wanted(Group=(GROUP, texts)), []), made("Group"))


def test_a_move_that_waits_for_the_deletion_is_left_out_of_its_order() -> None:
    """The old block overlaps, so it goes first, though who uses it moves only afterwards."""
    plan = wanted(
        Vpc=(VPC, {"CidrBlock": "10.50.0.0/16"}),
        Net=(SUBNET, {"VpcId": ref("Vpc"), **NET, "CidrBlock": "10.50.0.0/23"}),
        Balancer=(BALANCER, {"Name": "b", "Type": "network", "Subnets": [ref("Net"), "subnet-9"]}),
    )
    balancer = {"Name": "b", "Type": "network", "Subnets": ["subnet-1", "subnet-9"], "VpcId": "vpc-1"}
    lives = [
        live(VPC, "vpc-1", "Vpc", {"CidrBlock": "10.50.0.0/16"}),
        live(SUBNET, "subnet-1", "Net", {"VpcId": "vpc-1", **NET}),
        live(BALANCER, "arn:b", "Balancer", balancer),
    ]
    actions = planned(plan, lives)
    assert done(actions) == {"subnet-1": "replace", "arn:b": "update"}
    assert one_after_another(actions, let_go("Balancer"), gone("subnet-1"), made("Net"), made("Balancer"))
    assert the_work(actions, let_go("Balancer")).rest == {"Subnets": ["subnet-9"]}


def test_a_failed_one_goes_when_another_is_there_but_not_the_other_way_round() -> None:
    failed = live(NAT, "nat-1", "Nat", {"SubnetId": "subnet-9", "AllocationId": "eipalloc-1"}, state=State.BROKEN)
    actions = planned(wanted(Nat=(NAT, {"SubnetId": "subnet-9", "AllocationId": "eipalloc-2"})), [failed])
    assert comes_first(actions, made("Nat"), gone("nat-1"))
    same = planned(wanted(Nat=(NAT, {"SubnetId": "subnet-9", "AllocationId": "eipalloc-1"})), [failed])
    assert comes_first(same, gone("nat-1"), made("Nat"))


def test_a_key_of_a_link_is_a_place_too() -> None:
    """The same gateway attached to another VPC: first off the one, then on the other."""
    plan = wanted(
        Vpc=(VPC, {"CidrBlock": "10.50.0.0/16"}),
        Gate=(GATE, {}),
        Link=(ATTACHED, {"InternetGatewayId": ref("Gate"), "VpcId": ref("Vpc")}),
    )
    lives = [
        live(VPC, "vpc-1", "Vpc", {"CidrBlock": "10.50.0.0/16"}),
        live(GATE, "igw-1", "Gate", {}),
        live(ATTACHED, "igw-1|vpc-0", "", {"InternetGatewayId": "igw-1", "VpcId": "vpc-0"}),
    ]
    actions = planned(plan, lives, made_by_us((GATE, "igw-1"), (ATTACHED, "igw-1|vpc-0")))
    assert one_after_another(actions, gone("igw-1|vpc-0"), made("Link"))


def test_a_rule_of_the_other_direction_is_in_nobodys_way() -> None:
    texts = {"VpcId": "vpc-9", "GroupDescription": "d"}
    plan = wanted(Group=(GROUP, texts), In=(RULE, _rule(1, ref("Group"))))
    out = live("AWS::EC2::SecurityGroupEgress", "sgr-1", "Out", _rule(1, "sg-1"))
    actions = planned(plan, [live(GROUP, "sg-1", "Group", texts), out])
    assert sends(actions) == ["create In", "delete sgr-1"]
    assert in_any_order(actions, made("In"), gone("sgr-1"))


TABLE_USED: Final = "AWS::EC2::SubnetRouteTableAssociation"


def _along(actions: Actions) -> dict[str, str]:
    """What is not sent, by id: the id of what it goes along with."""
    deletes = {step.name: step for step in actions.steps if isinstance(step, DeleteStep)}
    return {step.live.id: deletes[step.along].live.id for step in deletes.values() if step.along}


def _group(name: str, *peers: str) -> list[Live]:
    """A group of the plan, with a rule for each other group."""
    rules = [
        live(
            RULE,
            f"sgr-{name}-{peer}",
            f"Rule{name}{peer}",
            {
                "GroupId": f"sg-{name}",
                "IpProtocol": "tcp",
                "FromPort": 1,
                "ToPort": 1,
                "SourceSecurityGroupId": f"sg-{peer}",
            },
        )
        for peer in peers
    ]
    return [live(GROUP, f"sg-{name}", f"Group{name}", {"VpcId": "vpc-1", "GroupName": name}), *rules]


def test_an_association_goes_along_with_its_subnet_and_the_table_after_it() -> None:
    table = live(TABLE, "rtb-1", "Table", {"VpcId": "vpc-1"})
    used = live(TABLE_USED, "rtbassoc-1", "", {"SubnetId": "subnet-1", "RouteTableId": "rtb-1"})
    actions = planned({}, [*_network(1), table, used])
    assert _along(actions) == {"rtbassoc-1": "subnet-1"}
    assert one_after_another(actions, gone("subnet-1"), gone("rtbassoc-1"), gone("rtb-1"), gone("vpc-1"))


def test_an_association_whose_subnet_is_kept_for_its_user_is_deleted_by_itself() -> None:
    net = retagged(live(SUBNET, "subnet-1", "Net", {"VpcId": "vpc-1", **NET}), **{ON_DELETE: "retain"})
    table = live(TABLE, "rtb-1", "Table", {"VpcId": "vpc-1"})
    used = live(TABLE_USED, "rtbassoc-1", "", {"SubnetId": "subnet-1", "RouteTableId": "rtb-1"})
    actions = planned({}, [net, table, used])
    assert _along(actions) == {}
    assert one_after_another(actions, gone("rtbassoc-1"), gone("rtb-1"))


def test_a_listener_that_is_to_be_kept_does_not_go_along_and_nothing_is_changed() -> None:
    listener = live(LISTENER, "arn:listener", "Listener", {"LoadBalancerArn": "arn:b1", "Port": 1})
    kept = retagged(listener, **{ON_DELETE: "retain"})
    [problem] = planned({}, [*_network(1), kept]).problems
    assert f"Listener ({LISTENER} arn:listener) is to be kept" in problem
    assert "arn:b1)" in problem
    assert planned({}, [*_network(1), listener]).problems == []
    # It may be kept with what it is in.
    both = [retagged(each, **{ON_DELETE: "retain"}) if each.id == "arn:b1" else each for each in _network(1)]
    assert planned({}, [*both, kept]).problems == []


def test_rules_go_along_with_their_group_and_a_group_goes_after_those_that_name_it() -> None:
    actions = planned({}, [*_group("a", "b"), *_group("b", "b")])
    assert _along(actions) == {"sgr-a-b": "sg-a", "sgr-b-b": "sg-b"}
    assert one_after_another(actions, gone("sg-a"), gone("sgr-a-b"), gone("sg-b"))


def test_of_groups_that_name_each_other_the_rules_of_one_are_sent_in_one_call() -> None:
    a, b, c = _group("a", "b", "c", "a"), _group("b", "a", "c"), _group("c", "a")
    actions = planned({}, [*a, *b, *c])
    # All circles go through a; what names itself, or c alone, holds nobody up.
    assert {"sgr-a-b", "sgr-a-c", "sgr-a-a", "sgr-b-a", "sgr-b-c", "sgr-c-a"} - _along(actions).keys() == {
        "sgr-a-b",
        "sgr-a-c",
    }
    assert together(actions, gone("sgr-a-b"), gone("sgr-a-c"))
    assert one_after_another(actions, gone("sgr-a-b"), gone("sg-b"), gone("sg-a"))
    assert one_after_another(actions, gone("sg-b"), gone("sgr-b-c"), gone("sg-c"), gone("sgr-c-a"), gone("sg-a"))


def test_what_goes_along_is_told_together() -> None:
    actions = planned({}, [*_group("a", "b", "c"), *_group("b"), *_group("c")])
    assert together(actions, gone("sgr-a-b"), gone("sgr-a-c"))


def test_a_listener_goes_along_with_its_balancer_and_its_group_after_both() -> None:
    forward = {"DefaultActions": [{"Type": "forward", "TargetGroupArn": "arn:group"}]}
    listener = live(LISTENER, "arn:listener", "Listener", {"LoadBalancerArn": "arn:b1", "Port": 1, **forward})
    group = live(TARGET_GROUP, "arn:group", "Targets", {"Name": "t", "VpcId": "vpc-1"})
    actions = planned({}, [*_network(1), listener, group])
    assert _along(actions) == {"arn:listener": "arn:b1"}
    assert one_after_another(actions, gone("arn:b1"), gone("arn:listener"), gone("arn:group"))

"""What of ours goes when the plan no longer has it, and what is only forgotten."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import pytest

from ocpprov.engine.ownership import BOUND, ON_DELETE, PLAN, RESOURCE, REVISION, RUN, LedgerEntries
from ocpprov.engine.resources import Live, Resource
from tests.engine.planning import (
    GROUP,
    SUBNET,
    VPC,
    action_on,
    changes_of,
    comes_first,
    current,
    done,
    forgotten,
    gone,
    left_alone,
    live,
    made,
    made_by_us,
    planned,
    reasons,
    ref,
    remembered,
    retagged,
    sends,
    tagging,
    twin,
    untagged,
    wanted,
)

TABLE: Final = "AWS::EC2::RouteTable"
ROUTE: Final = "AWS::EC2::Route"
USES: Final = "AWS::EC2::SubnetRouteTableAssociation"
GATE: Final = "AWS::EC2::InternetGateway"
ZONE: Final = "AWS::Route53::HostedZone"
RECORD: Final = "AWS::Route53::RecordSet"
RULE: Final = "AWS::EC2::SecurityGroupIngress"
EGRESS: Final = "AWS::EC2::SecurityGroupEgress"
BALANCER: Final = "AWS::ElasticLoadBalancingV2::LoadBalancer"
BLOCK: Final = {"CidrBlock": "10.50.0.0/16"}
NET: Final = {"CidrBlock": "10.50.1.0/24", "AvailabilityZone": "eu-west-1a"}
OUR_VPC: Final = live(VPC, "vpc-1", "Vpc", BLOCK)
OUR_NET: Final = live(SUBNET, "subnet-1", "Net", {"VpcId": "vpc-1", **NET})
ONLY_VPC: Final = wanted(Vpc=(VPC, BLOCK))
WITH_ROWS: Final = wanted(
    Vpc=(VPC, BLOCK),
    Table=(TABLE, {"VpcId": ref("Vpc")}),
    Out=(ROUTE, {"RouteTableId": ref("Table"), "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-9"}),
    Zone=(ZONE, {"Name": "x.corp."}),
    Api=(RECORD, {"HostedZoneId": ref("Zone"), "Name": "api.x.corp.", "Type": "A", "ResourceRecords": ["10.0.0.1"]}),
)


def _route(block: str, **more: Any) -> Live:
    return live(
        ROUTE,
        f"rtb-1|{block}",
        "",
        {"RouteTableId": "rtb-1", "DestinationCidrBlock": block, "GatewayId": "igw-9"},
        **more,
    )


def _record(name: str) -> Live:
    row = {"HostedZoneId": "Z1", "Name": name, "Type": "A", "ResourceRecords": ["10.0.0.1"]}
    return live(RECORD, f"Z1|{name}", "", row)


def _rows() -> list[Live]:
    """The plan with rows as it was applied, each parent with its memory, and beside each row one of others."""
    return [
        OUR_VPC,
        live(TABLE, "rtb-1", "Table", {"VpcId": "vpc-1"}, remembered(WITH_ROWS, "Table")),
        _route("0.0.0.0/0"),
        _route("10.0.0.0/8"),
        _route("10.50.0.0/16", service_owned=True),
        live(ZONE, "Z1", "Zone", {"Name": "x.corp."}, remembered(WITH_ROWS, "Zone")),
        _record("api.x.corp."),
        _record("theirs.x.corp."),
    ]


def test_a_destroy_takes_all_of_ours_once_without_reasons() -> None:
    actions = planned({}, [OUR_VPC, OUR_NET, twin(OUR_NET, "subnet-2"), live(GROUP, "sg-1", "", {"VpcId": "vpc-1"})])
    assert [(each.resource, each.id, each.verb.value, each.reason) for each in actions.actions] == [
        ("Vpc", "vpc-1", "delete", ""),
        ("Net", "subnet-1", "delete", ""),
        ("Net", "subnet-2", "delete", ""),
    ]
    assert sends(actions) == ["delete subnet-1", "delete subnet-2", "delete vpc-1"]
    assert (current(actions), actions.others) == ({}, [])


def test_what_the_plan_no_longer_has_says_so() -> None:
    actions = planned(ONLY_VPC, [OUR_VPC, OUR_NET])
    assert (done(actions), reasons(actions)) == ({"subnet-1": "delete"}, {"subnet-1": "not in the plan"})
    assert action_on(actions, "subnet-1").resource == "Net"


def test_under_the_name_of_another_type_it_goes_when_it_was_made_by_us() -> None:
    plan = wanted(Net=(GROUP, {"VpcId": "vpc-1", "GroupDescription": "d"}), Vpc=(VPC, BLOCK))
    actions = planned(plan, [OUR_VPC, OUR_NET], made_by_us((SUBNET, "subnet-1")))
    assert done(actions) == {"Net": "create", "subnet-1": "delete"}


@pytest.mark.parametrize(("tags", "said"), [({"Name": "some"}, "some"), ({}, "igw-1")])
def test_what_has_no_logical_id_is_called_by_what_there_is(tags: dict[str, str], said: str) -> None:
    bound = {PLAN: "lab", BOUND: f"{GATE} igw-1"}
    [action] = planned({}, [Live(GATE, "igw-1", {}, tags={**bound, **tags})]).actions
    assert (action.resource, action.id, action.verb.value) == (said, "igw-1", "delete")


def test_in_a_destroy_rows_go_with_their_table_but_not_records_with_their_zone() -> None:
    actions = planned({}, _rows())
    assert done(actions) == {"vpc-1": "delete", "rtb-1": "delete", "Z1": "delete", "Z1|api.x.corp.": "delete"}
    assert action_on(actions, "Z1|api.x.corp.").resource == "Zone/rr api.x.corp A"
    assert comes_first(actions, gone("Z1|api.x.corp."), gone("Z1"))


def test_remembered_rows_go_where_their_parent_stays() -> None:
    plan = {name: each for name, each in WITH_ROWS.items() if name not in ("Out", "Api")}
    actions = planned(plan, _rows())
    assert done(actions) == {"rtb-1|0.0.0.0/0": "delete", "Z1|api.x.corp.": "delete"}
    assert {action.resource: action.reason for action in actions.changes} == {
        "Table/r 0.0.0.0/0": "not in the plan",
        "Zone/rr api.x.corp A": "not in the plan",
    }
    assert left_alone(actions) == (
        "Table: AWS::EC2::Route rtb-1|10.0.0.0/8, which is not of this plan\n"
        "Zone: AWS::Route53::RecordSet Z1|theirs.x.corp., which is not of this plan"
    )


def test_a_row_that_the_plan_still_has_stays_though_its_resource_got_another_name() -> None:
    plan = {name: each for name, each in WITH_ROWS.items() if name != "Out"}
    plan["Away"] = replace(WITH_ROWS["Out"], logical_id="Away")
    assert done(planned(plan, _rows())) == {}


@pytest.mark.parametrize("policy", ["Delete", "Retain"])
def test_what_is_retained_is_forgotten_with_all_its_tags_of_ours(policy: Any) -> None:
    kept = Resource("Net", SUBNET, {"VpcId": ref("Vpc"), **NET}, deletion_policy=policy)
    tags = retagged(OUR_NET, **({ON_DELETE: "retain"} if policy == "Retain" else {}), theirs="x")
    assert done(planned({**ONLY_VPC, "Net": kept}, [OUR_VPC, tags])) == {}
    actions = planned(ONLY_VPC, [OUR_VPC, tags])
    if policy == "Delete":
        assert done(actions) == {"subnet-1": "delete"}
        assert tagging(actions, gone("subnet-1")) == ({}, [])
        return
    assert (done(actions), reasons(actions)) == ({"subnet-1": "forget"}, {"subnet-1": "DeletionPolicy Retain"})
    assert not action_on(actions, "subnet-1").guarded
    assert sends(actions) == ["retain subnet-1"]
    removed = [PLAN, RESOURCE, BOUND, REVISION, RUN, "ocpprov:tags", ON_DELETE]
    put, gone_tags = tagging(actions, gone("subnet-1"))
    assert (put, sorted(gone_tags)) == ({}, sorted(removed))
    # In a destroy it says why, as nothing else there does.
    assert reasons(planned({}, [OUR_VPC, tags])) == {"subnet-1": "DeletionPolicy Retain", "vpc-1": ""}


def test_a_policy_of_the_plan_is_written_into_the_tags_and_out_of_them() -> None:
    kept = {**ONLY_VPC, "Net": Resource("Net", SUBNET, {"VpcId": ref("Vpc"), **NET}, deletion_policy="Retain")}
    assert changes_of(planned(kept, [OUR_VPC, OUR_NET]), "Net") == {f"Tags.{ON_DELETE}": (None, "retain")}
    dropped = {**ONLY_VPC, **wanted(Net=(SUBNET, {"VpcId": ref("Vpc"), **NET}))}
    retained = retagged(OUR_NET, **{ON_DELETE: "retain"})
    assert changes_of(planned(dropped, [OUR_VPC, retained]), "Net") == {f"Tags.{ON_DELETE}": ("retain", None)}


def test_rules_of_the_plan_in_groups_of_ours_go_by_their_tags() -> None:
    rule = {"GroupId": "sg-1", "IpProtocol": "tcp", "FromPort": 1, "ToPort": 1, "CidrIp": "10.0.0.0/8"}
    group = live(GROUP, "sg-1", "Group", {"VpcId": "vpc-1", "GroupDescription": "d"})
    ours = live(RULE, "sgr-1", "", rule, tags=live(RULE, "sgr-1", "Rule", rule).tags)
    theirs = live(RULE, "sgr-2", "", {**rule, "FromPort": 2}, tags={PLAN: "other"})
    out = {"GroupId": "sg-1", "IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}
    default = live("AWS::EC2::SecurityGroupEgress", "sgr-0", "", out, service_owned=True)
    plan = {**ONLY_VPC, **wanted(Group=(GROUP, {"VpcId": ref("Vpc"), "GroupDescription": "d"}))}
    actions = planned(plan, [OUR_VPC, group, ours, theirs, default])
    assert done(actions) == {"sgr-1": "delete"}
    assert action_on(actions, "sgr-1").resource == "Group/sgr-1"
    assert left_alone(actions) == f"Group: {RULE} sgr-2, which is not of this plan"
    assert done(planned({}, [OUR_VPC, group, ours, theirs])) == {"vpc-1": "delete", "sg-1": "delete", "sgr-1": "delete"}


def test_the_egress_that_aws_gives_goes_once_the_planned_is_there() -> None:
    every = {"GroupId": "sg-1", "IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}
    group = live(GROUP, "sg-1", "Group", {"VpcId": "vpc-1", "GroupDescription": "d"})
    default = live(EGRESS, "sgr-0", "", every, service_owned=True)
    plan = {**ONLY_VPC, **wanted(Group=(GROUP, {"VpcId": ref("Vpc"), "GroupDescription": "d"}))}
    assert done(planned(plan, [OUR_VPC, group, default])) == {}
    to = wanted(Out=(EGRESS, {**every, "GroupId": ref("Group"), "CidrIp": "10.0.0.0/8"}))
    actions = planned({**plan, **to}, [OUR_VPC, group, default])
    assert done(actions) == {"Out": "create", "sgr-0": "delete"}
    assert reasons(actions)["sgr-0"] == "AWS's default, superseded by the planned ones"
    assert action_on(actions, "sgr-0").resource == "Out"
    assert comes_first(actions, made("Out"), gone("sgr-0"))
    same = wanted(Out=(EGRESS, {**every, "GroupId": ref("Group")}))
    # Where it is what the plan wants, it is the plan's from now on.
    assert done(planned({**plan, **to, **same}, [OUR_VPC, group, default])) == {"sgr-0": "update"}


def test_a_link_of_ours_goes_when_one_of_its_ends_is_dropped() -> None:
    table = live(TABLE, "rtb-1", "Table", {"VpcId": "vpc-1"})
    used = live(USES, "rtbassoc-1", "", {"SubnetId": "subnet-1", "RouteTableId": "rtb-1"})
    plan = {**ONLY_VPC, **wanted(Net=(SUBNET, {"VpcId": ref("Vpc"), **NET}))}
    actions = planned(plan, [OUR_VPC, OUR_NET, table, used])
    assert done(actions) == {"rtb-1": "delete", "rtbassoc-1": "delete"}
    assert action_on(actions, "rtbassoc-1").resource == "Net/table rtb-1"
    assert comes_first(actions, gone("rtbassoc-1"), gone("rtb-1"))
    # To a table of others it is theirs, and stays.
    assert done(planned(plan, [OUR_VPC, OUR_NET, used])) == {}


def test_rows_of_ours_elsewhere_go_before_their_memory() -> None:
    row = {"HostedZoneId": "Z9", "Name": "api.corp.", "Type": "CNAME", "ResourceRecords": ["b.example"]}
    there = live(RECORD, "Z9|api", "", row)
    memory = LedgerEntries(elsewhere=frozenset({"Z9 rr api.corp CNAME"}))
    balancer = live(BALANCER, "arn:b", "Api", {"Name": "b"}, memory, attributes={"DNSName": "b.example"})
    actions = planned({}, [balancer, there])
    assert done(actions) == {"arn:b": "delete", "Z9|api": "delete"}
    assert action_on(actions, "Z9|api").resource == "Api/rr api.corp CNAME"
    assert comes_first(actions, gone("Z9|api"), gone("arn:b"))
    kept = planned(wanted(Api=(BALANCER, {"Name": "b"})), [balancer, there])
    assert sends(kept) == ["delete Z9|api", "tag Api"]
    assert comes_first(kept, gone("Z9|api"), forgotten("Api"))


def test_a_row_of_awss_own_stays_whatever_is_remembered() -> None:
    lives = [each for each in _rows() if each.id not in ("rtb-1|0.0.0.0/0", "rtb-1|10.0.0.0/8")]
    assert remembered(WITH_ROWS, "Table").children == {"r 0.0.0.0/0"}
    plan = {name: each for name, each in WITH_ROWS.items() if name != "Out"}
    assert done(planned(plan, [*lives, _route("0.0.0.0/0", service_owned=True)])) == {}


def test_every_action_says_which_step_does_it() -> None:
    plan = {**ONLY_VPC, **wanted(Gate=(GATE, {}), Table=(TABLE, {"VpcId": ref("Vpc")}))}
    retained = retagged(OUR_NET, **{ON_DELETE: "retain"})
    lives = [
        OUR_VPC,
        retained,
        live(GATE, "igw-1", "Gate", {}),
        live(GATE, "igw-2", "Gate", {}),
        twin(OUR_NET, "s"),
    ]
    actions = planned(plan, lives)
    assert {each.verb.value for each in actions.changes} == {"create", "sweep", "forget", "delete"}
    assert {action.step_name for action in actions.changes} == {each.name for each in actions.steps}


def test_rows_of_what_has_lost_its_name_are_called_by_its_id() -> None:
    row = {"HostedZoneId": "Z9", "Name": "api.corp.", "Type": "CNAME", "ResourceRecords": ["b.example"]}
    memory = LedgerEntries(elsewhere=frozenset({"Z9 rr api.corp CNAME"}))
    balancer = live(BALANCER, "arn:b", "Api", {"Name": "b"}, memory, attributes={"DNSName": "b.example"})
    actions = planned({}, [untagged(balancer, RESOURCE), live(RECORD, "Z9|api", "", row)])
    assert {each.id: each.resource for each in actions.actions} == {
        "arn:b": "lab-Api",
        "Z9|api": "arn:b/rr api.corp CNAME",
    }
    # What a zone's tags no longer say, the reference with which it was made does.
    lives = [untagged(each, RESOURCE) if each.id == "Z1" else each for each in _rows()]
    assert action_on(planned({}, lives), "Z1|api.x.corp.").resource == "Zone/rr api.x.corp A"

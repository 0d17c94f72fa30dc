"""Which resource of a plan needs which, what is taken out of others, and a plan without some of its services."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pytest

from ocpprov.engine.actions import counted
from ocpprov.engine.excluded_services import split
from ocpprov.engine.graph import CycleError, build
from ocpprov.engine.resources import Position, Resource
from ocpprov.engine.values import GetAtt, Join, Ref, Value
from ocpprov.kinds.ec2.internet_gateway import InternetGateway
from ocpprov.kinds.registry import KINDS
from tests.engine.examples import BUCKET, RULE
from tests.engine.planning import GROUP, OWNER, ROLE, SUBNET, VPC, live, planned, ref, twin, wanted

TRUST: Final[dict[str, Any]] = {"AssumeRolePolicyDocument": {"Statement": []}}


def test_each_comes_after_what_it_needs() -> None:
    graph = build(
        {
            **wanted(Net=(SUBNET, {"VpcId": ref("Vpc")}), Vpc=(VPC, {}), Role=(ROLE, TRUST)),
            "Gate": Resource(
                "Gate", "AWS::EC2::InternetGateway", {"Tags": ref("Elsewhere")}, depends_on=("Net", "Role")
            ),
        },
        KINDS,
    )
    assert graph.needs == {
        "Net": frozenset({"Vpc"}),
        "Vpc": frozenset(),
        "Role": frozenset(),
        "Gate": frozenset({"Net", "Role"}),
    }
    order = list(graph.resources)
    assert all(order.index(need) < order.index(name) for name, needs in graph.needs.items() for need in needs)
    assert graph.dependents("Net") == ["Gate"]
    assert list(graph.dependents("Gate")) == []


def test_a_circle_is_named_from_and_to_the_same() -> None:
    resources = wanted(
        A=(SUBNET, {"VpcId": ref("B")}), B=(SUBNET, {"VpcId": ref("C")}), C=(SUBNET, {"VpcId": ref("A")})
    )
    with pytest.raises(CycleError) as caught:
        build(resources, KINDS)
    path = caught.value.path
    assert path[0] == path[-1]
    assert set(path) == {"A", "B", "C"}
    needs = {"A": "B", "B": "C", "C": "A"}
    assert [needs[name] for name in path[:-1]] == list(path[1:])
    assert str(caught.value) == " needs ".join(path)


def test_what_a_kind_takes_out_of_a_resource_inherits_from_it() -> None:
    rule: dict[str, Value] = {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 1, "CidrIp": "10.0.0.0/8"}
    where = Position("plan.yaml", 3, 5)
    group = Resource(
        "Group",
        GROUP,
        {"VpcId": ref("Vpc"), "GroupDescription": "d", "SecurityGroupIngress": [rule]},
        depends_on=("Role",),
        deletion_policy="Retain",
        position=where,
    )
    waiting = Resource("Late", BUCKET, depends_on=("Group",))
    graph = build({"Group": group, "Late": waiting, **wanted(Vpc=(VPC, {}), Role=(ROLE, TRUST))}, KINDS)
    [part] = [name for name, each in graph.resources.items() if each.type == RULE]
    taken, whole = graph.resources[part], graph.resources["Group"]
    assert (taken.depends_on, taken.deletion_policy, taken.position, taken.parent) == (
        ("Role",),
        "Retain",
        where,
        "Group",
    )
    assert (whole.parent, "SecurityGroupIngress" in whole.properties) == (None, False)
    assert graph.needs[part] == {"Group", "Role"}
    # Who waits for the whole waits for its parts, too.
    assert graph.needs["Late"] == {"Group", part}


IAM = frozenset({"iam"})


def test_a_plan_is_split_by_service_and_what_is_predicted_is_put_in() -> None:
    resources = {
        **wanted(
            Role=(ROLE, {**TRUST, "RoleName": "machines"}),
            Profile=("AWS::IAM::InstanceProfile", {"Roles": [ref("Role")]}),
            Bucket=(BUCKET, {"BucketName": Join("-", (ref("Role"), "bucket"))}),
            Group=(GROUP, {"GroupDescription": GetAtt("Role", "Arn")}),
            Vpc=(VPC, {}),
        ),
        "Net": Resource("Net", SUBNET, {"VpcId": ref("Vpc")}, depends_on=("Role", "Bucket")),
        "Other": Resource("Other", ROLE, TRUST, depends_on=("Role", "Vpc")),
    }
    found = split(resources, KINDS, IAM, OWNER)
    assert {*found.left} == {"Role", "Other", "Profile"}
    assert {*found.kept} == {"Bucket", "Group", "Vpc", "Net"}
    assert found.kept["Bucket"].properties == {"BucketName": "machines-bucket"}
    assert found.kept["Group"].properties == {"GroupDescription": "arn:aws:iam::123456789012:role/machines"}
    assert found.left["Profile"].properties == {"Roles": [ref("Role")]}
    assert (found.kept["Net"].depends_on, found.left["Other"].depends_on) == (("Bucket",), ("Role",))


@pytest.mark.parametrize(
    ("reference", "what"),
    [(Ref("Zone"), "Zone"), (GetAtt("Zone", "NameServers"), "the NameServers of Zone")],
    ids=["ref", "attribute"],
)
def test_what_needs_more_than_is_predicted_is_named(reference: Ref | GetAtt, what: str) -> None:
    zone = ("AWS::Route53::HostedZone", {"Name": "example.corp."})
    resources = wanted(Zone=zone, Bucket=(BUCKET, {"BucketName": reference}))
    with pytest.raises(ValueError, match="left out") as caught:
        split(resources, KINDS, frozenset({"route53"}), OWNER)
    assert str(caught.value) == (
        f"Bucket needs {what}, which is left out and can't be known before it is there: write it into the plan, or "
        "take Bucket out"
    )


def test_actions_are_counted_by_verb_and_changes_are_all_but_what_is_kept() -> None:
    assert counted([]) == {"create": 0, "update": 0, "replace": 0, "delete": 0, "keep": 0}
    vpc = live(VPC, "vpc-1", "Vpc", {"CidrBlock": "10.0.0.0/16"})
    plan = wanted(Vpc=(VPC, {"CidrBlock": "10.0.0.0/16"}), Role=(ROLE, TRUST), Bucket=(BUCKET, {}))
    actions = planned(plan, [vpc, twin(vpc, "vpc-2"), live(GROUP, "sg-1", "Old", {"VpcId": "vpc-1"})])
    assert actions.summary() == {"create": 2, "update": 0, "replace": 0, "delete": 1, "keep": 1, "sweep": 1}
    assert {each.verb.value for each in actions.changes} == {"create", "delete", "sweep"}
    assert len(actions.changes) == 4


class _InTwo(InternetGateway):
    """A kind that says of the part that it takes out of a resource no more than it has to."""

    def expand(self, resource: Resource) -> Sequence[Resource]:
        return (resource, Resource(f"{resource.logical_id}/part", self.type))


def test_a_part_that_says_nothing_of_itself_is_as_the_whole() -> None:
    where = Position("plan.yaml", 3, 5)
    gate = Resource("Gate", _InTwo.type, depends_on=("Other",), deletion_policy="Retain", position=where)
    graph = build({"Gate": gate, "Other": Resource("Other", VPC)}, {**KINDS, _InTwo.type: _InTwo()})
    part = graph.resources["Gate/part"]
    assert (part.depends_on, part.deletion_policy, part.position, part.parent) == (("Other",), "Retain", where, "Gate")
    assert graph.needs["Gate/part"] == {"Other"}
    assert (str(where), graph.resources["Gate"].parent) == ("plan.yaml:3:5", None)

"""What a plan leaves to AWS, and somebody has set, is told and left; so is what is a part of something of ours."""

from __future__ import annotations

from typing import Any, Final

import pytest

from ocpprov.engine.resources import Live
from tests.engine.planning import GROUP, done, left_alone, live, planned, ref, wanted

EGRESS: Final = "AWS::EC2::SecurityGroupEgress"
ENDPOINT: Final = "AWS::EC2::VPCEndpoint"
BALANCER: Final = "AWS::ElasticLoadBalancingV2::LoadBalancer"
LISTENER: Final = "AWS::ElasticLoadBalancingV2::Listener"
TEXTS: Final = {"VpcId": "vpc-0e", "GroupDescription": "machines"}
ALL: Final = {"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}
SOME: Final = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "10.0.0.0/8"}
GONE: Final = "Group: AWS's rule that lets everything out of sg-0a was taken away, "


def _rule(properties: dict[str, Any], group: str = "sg-0a", *, default: bool = False) -> Live:
    return live(EGRESS, f"sgr-{group}", "", {"GroupId": group, **properties}, service_owned=default)


_INGRESS: Final = live("AWS::EC2::SecurityGroupIngress", "sgr-1", "", {"GroupId": "sg-0a", **SOME})


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ([_rule(ALL, default=True)], ""),
        ([_rule(ALL)], f"Group: {EGRESS} sgr-sg-0a, which is not of this plan"),
        ([], ""),
        ([_INGRESS], f"{GONE}and none is left that lets anything out"),
        ([_INGRESS, _rule(ALL, "sg-0f", default=True)], f"{GONE}and none is left that lets anything out"),
        ([_rule(SOME)], f"{GONE}others let some of it out"),
    ],
    ids=["AWS's", "AWS's, tagged by somebody", "nothing read", "none", "another group's", "somebody's"],
)
def test_a_group_that_lets_nothing_out_any_more_is_told(rules: list[Live], said: str) -> None:
    actions = planned(wanted(Group=(GROUP, TEXTS)), [live(GROUP, "sg-0a", "Group", TEXTS), *rules])
    assert done(actions) == {}
    assert said in left_alone(actions)
    assert ("taken away" in left_alone(actions)) is said.startswith(GONE)


def test_a_plan_that_says_what_goes_out_leaves_nothing_to_aws() -> None:
    plan = wanted(Group=(GROUP, TEXTS), Out=(EGRESS, {"GroupId": ref("Group"), **SOME}))
    actions = planned(plan, [live(GROUP, "sg-0a", "Group", TEXTS), _INGRESS])
    assert "taken away" not in left_alone(actions)


def _policy(**changed: Any) -> dict[str, Any]:
    return {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*", **changed}]}


@pytest.mark.parametrize(
    ("policy", "is_told"),
    [
        (_policy(), False),
        (_policy(Principal={"AWS": "*"}, Action=["*"], Sid="AWS"), False),
        (_policy(Effect="Deny"), True),
        (_policy(Action="s3:*"), True),
        (_policy(Condition={"Bool": {"aws:SecureTransport": "true"}}), True),
        ({"Statement": [*_policy()["Statement"], *_policy(Effect="Deny")["Statement"]]}, True),
        (None, False),
    ],
)
def test_a_policy_of_others_on_an_endpoint_is_told_where_the_plan_has_none(policy: Any, is_told: bool) -> None:
    texts = {"VpcId": "vpc-0e", "ServiceName": "s", "VpcEndpointType": "Gateway", "RouteTableIds": ["rtb-0a"]}
    found = {**texts, "SubnetIds": [], **({"PolicyDocument": policy} if policy else {})}
    actions = planned(wanted(Endpoint=(ENDPOINT, texts)), [live(ENDPOINT, "vpce-0a", "Endpoint", found)])
    assert done(actions) == {}
    said = "Endpoint: vpce-0a was given a policy, where AWS's own allows everything"
    assert (said in left_alone(actions)) is is_told
    # A plan's own is compared.
    own = planned(
        wanted(Endpoint=(ENDPOINT, {**texts, "PolicyDocument": _policy(Action="ec2:*")})),
        [live(ENDPOINT, "vpce-0a", "Endpoint", found)],
    )
    assert said not in left_alone(own)
    assert done(own) == ({"vpce-0a": "update"} if policy else {})


def test_a_listener_of_others_on_a_balancer_of_ours_is_told_and_goes_with_it() -> None:
    texts = {"Name": "api", "Type": "network", "Scheme": "internal", "Subnets": ["subnet-0a"]}
    balancer = live(BALANCER, "arn:api", "Balancer", texts)
    theirs = [
        live(LISTENER, f"arn:{name}:22623", "", {"LoadBalancerArn": f"arn:{name}", "Port": 22623})
        for name in ("api", "theirs")
    ]
    actions = planned(wanted(Balancer=(BALANCER, texts)), [balancer, *theirs])
    assert done(actions) == {}
    assert left_alone(actions) == f"Balancer: {LISTENER} arn:api:22623, which is not of this plan"
    going = planned({}, [balancer, *theirs])
    assert done(going) == {"arn:api": "delete"}
    assert f"{LISTENER} arn:api:22623, which is not of this plan and goes with what it is in" in left_alone(going)
    assert "arn:theirs:22623" not in left_alone(going)


def test_what_of_others_uses_a_table_of_ours_is_told() -> None:
    table, link = "AWS::EC2::RouteTable", "AWS::EC2::SubnetRouteTableAssociation"
    theirs = live(link, "rtbassoc-0f", "", {"SubnetId": "subnet-0f", "RouteTableId": "rtb-0a"})
    lives = [live(table, "rtb-0a", "Table", {"VpcId": "vpc-0e"}), theirs]
    actions = planned(wanted(Table=(table, {"VpcId": "vpc-0e"})), lives)
    assert done(actions) == {}
    assert left_alone(actions) == f"Table: {link} rtbassoc-0f of subnet-0f, which is not of this plan"

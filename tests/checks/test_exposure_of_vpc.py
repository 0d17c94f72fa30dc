"""What is open in a VPC that no plan is known of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from ocpprov.checks.exposure import Exposures
from ocpprov.checks.exposure_of_vpc import exposures_of_vpc
from ocpprov.checks.found_row import FoundCase
from ocpprov.engine.resources import Live
from ocpprov.openshift.found_cluster import FoundCluster
from ocpprov.openshift.found_marks import Candidates, Machine
from ocpprov.openshift.private_zones import PrivateZone
from ocpprov.openshift.terrain import Terrain
from ocpprov.openshift.vpc_survey import BALANCER, LISTENER, PROFILE, RECORD, ROLE, VPC, ZONE, NamedGroup, VpcSurvey
from ocpprov.reachability.network import GroupRule
from ocpprov.reachability.spans import ALL_PORTS, Span, addresses
from tests.checks.test_exposure_groups import MASTER, opened, terrain

BEYOND: Final = "what roles' policies and buckets open: without a plan nobody knows what they should"
CLUSTER: Final = FoundCluster(
    "prod",
    "example.com",
    internal=Candidates(["arn-int"], "its name"),
    external=Candidates(["arn-ext"], "its name"),
    private_zone=PrivateZone("ZINT", "prod.example.com", "", frozenset()),
    public_zone=Live(ZONE, "ZPUB", {"Name": "example.com"}),
    profiles={Machine.CONTROL_PLANE: Candidates(["arn-profile"], "its name"), Machine.COMPUTE: Candidates((), "x")},
)


def role(name: str, principal: Mapping[str, Any]) -> Live:
    trust: Any = {"Statement": [{"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}]}
    return Live(ROLE, name, {"AssumeRolePolicyDocument": trust})


def listener(id: str, balancer: str, port: int) -> Live:
    return Live(LISTENER, id, {"LoadBalancerArn": balancer, "Port": port, "Protocol": "TCP"})


def judged(where: Terrain, lives: Mapping[str, Sequence[Live]], unread: Mapping[str, str] | None = None) -> Exposures:
    vpc = Live(VPC, "vpc-1", {})
    survey = VpcSurvey(vpc, where.network, "eu-west-1", "123456789012", lives=lives, unread=unread or {})
    return exposures_of_vpc(FoundCase(survey, CLUSTER, where))


LIVES: Final = {
    BALANCER: [
        Live(BALANCER, "arn-ext", {"Scheme": "internet-facing"}),
        Live(BALANCER, "arn-int", {"Scheme": "internal"}),
    ],
    LISTENER: [listener("l-1", "arn-ext", 6443), listener("l-2", "arn-int", 6443), listener("l-3", "arn-int", 22623)],
    ROLE: [role("master", {"Service": "ec2.amazonaws.com"}), role("others", {"AWS": "*"})],
    PROFILE: [Live(PROFILE, "arn-profile", {"Roles": ["master"]}), Live(PROFILE, "arn-other", {"Roles": ["others"]})],
    ZONE: [Live(ZONE, "ZINT", {"Name": "prod.example.com", "VPCs": [{"VPCId": "vpc-1"}]})],
}


def test_what_a_cluster_needs_is_no_opening_and_what_isnt_read_isnt_closed() -> None:
    found = judged(terrain(), LIVES)
    assert (found.open, found.unread) == ([], [BEYOND])
    assert found.known[0].startswith("security groups let everything out")


def test_each_opening_is_told_by_its_id_alone() -> None:
    lives = {
        **LIVES,
        LISTENER: [*LIVES[LISTENER], listener("l-9", "arn-ext", 22623), listener("l-8", "arn-others", 22623)],
        ROLE: [role("master", {"Service": "ec2.amazonaws.com", "AWS": "999999999999"})],
        RECORD: [
            Live(
                RECORD,
                "r-1",
                {
                    "HostedZoneId": "ZPUB",
                    "Name": "api-int.prod.example.com",
                    "Type": "A",
                    "ResourceRecords": ["10.0.0.9"],
                },
            )
        ],
        ZONE: [Live(ZONE, "ZINT", {"Name": "prod.example.com", "VPCs": [{"VPCId": "vpc-1"}, {"VPCId": "vpc-2"}]})],
    }
    rule = GroupRule("sgr-9", "tcp", Span(23, 23), addresses("0.0.0.0/0"))
    found = judged(opened(terrain(), MASTER, rule), lives)
    assert [(each.component, each.resource, each.allows, each.origin, each.remedy) for each in found.open] == [
        (
            MASTER,
            "",
            "tcp 23 from anywhere",
            "by sgr-9",
            f"aws ec2 revoke-security-group-ingress --region eu-west-1 --group-id {MASTER} "
            "--security-group-rule-ids sgr-9",
        ),
        (
            "arn-ext",
            "",
            "a listener on tcp 22623",
            "by l-9",
            "aws elbv2 delete-listener --region eu-west-1 --listener-arn l-9",
        ),
        (
            "master",
            "",
            "sts:AssumeRole to 999999999999",
            "by master",
            "have the trust policy of master name EC2 alone",
        ),
        (
            "ZPUB",
            "",
            "api-int.prod.example.com A answered to everybody",
            "by r-1",
            "delete api-int.prod.example.com A in ZPUB",
        ),
    ]
    assert found.known[-1] == "vpc-2 sees the names of prod.example.com (ZINT), too"


def test_what_couldnt_be_read_is_said() -> None:
    found = judged(terrain(), {}, {ROLE: "AccessDenied: no", "AWS::EC2::DHCPOptions": "AccessDenied: never"})
    assert (found.open, found.unread) == ([], ["couldn't be read: AccessDenied: no", BEYOND])


def test_groups_that_the_cluster_made_are_its_own_but_for_the_machines() -> None:
    owned = {"kubernetes.io/cluster/prod-x": "owned"}
    groups = {id: NamedGroup(id, id, owned) for id in (MASTER, "sg-elb")}
    where = opened(
        terrain(),
        "WorkerSecurityGroup",
        GroupRule("sgr-8", "-1", ALL_PORTS, group="sg-elb"),
        GroupRule("sgr-9", "-1", ALL_PORTS, group=MASTER),
    )
    vpc = Live(VPC, "vpc-1", {})
    survey = VpcSurvey(vpc, where.network, "eu-west-1", "123456789012", groups=groups, lives=LIVES)
    found = exposures_of_vpc(FoundCase(survey, replace(CLUSTER, infra_ids=["prod-x"]), where))
    assert [each.origin for each in found.open] == ["by sgr-9"]
    assert "the cluster's own, for a service" in found.known[1]

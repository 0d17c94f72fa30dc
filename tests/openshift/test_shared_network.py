"""A network of another account: what a plan may ask for in it, and what is handed over to its owner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import pytest

from ocpprov.engine.resources import Position
from ocpprov.openshift.aws_facts import ExistingEndpoint, ExistingSubnet, Facts
from ocpprov.openshift.expand import expand, notes
from ocpprov.openshift.section_outputs import outputs
from ocpprov.openshift.shared_network import owner_commands, shared_network_problems
from ocpprov.plan.model import Bucket, OpenShift, Transit
from tests.openshift.plans import plan_of

OWNER: Final = "210987654321"
PUBLIC: Final = ExistingSubnet("subnet-a", "vpc-1", "eu-west-1a", "10.0.0.0/20", public=True, owner=OWNER)
PRIVATE: Final = ExistingSubnet("subnet-b", "vpc-1", "eu-west-1a", "10.0.16.0/20", public=False, owner=OWNER)
SECTION: Final = OpenShift(
    cluster_name="prod",
    base_domain="example.com",
    infra_id="prod-x7k2p",
    publish="Internal",
    subnets=("subnet-a", "subnet-b"),
    public_zone="none",
    hosted_zone="none",
    endpoints=("s3", "ec2"),
)
EC2: Final = ExistingEndpoint("vpce-1", "com.amazonaws.eu-west-1.ec2", "Interface")
S3: Final = ExistingEndpoint("vpce-2", "com.amazonaws.eu-west-1.s3", "Gateway")
FACTS: Final = Facts(subnets={"subnet-a": PUBLIC, "subnet-b": PRIVATE}, network_owner=OWNER)
OURS: Final = Facts(subnets={key: replace(each, owner="") for key, each in FACTS.subnets.items()})
GIVEN: Final = {"openshift.endpoints": Position("plan.yaml", 7, 3)}


def asked(facts: Facts = FACTS, **changed: Any) -> Mapping[str, str]:
    """What is refused, by key."""
    section = replace(SECTION, **changed)
    return {each.where: each.detail for each in shared_network_problems(section, "eu-west-1", facts)}


def test_what_leaves_the_network_alone_is_taken() -> None:
    assert asked() == {}


@pytest.mark.parametrize(
    ("changed", "key", "said"),
    [
        ({"subnets": (), "vpc_id": "vpc-1"}, "vpcID", "nobody else makes subnets in it"),
        ({"route_tables": ("rtb-1",)}, "routeTables", "nobody else changes its route tables"),
        ({"transit": [Transit((), "tgw-1")]}, "transit", "nobody else changes its route tables"),
        ({"positions": GIVEN}, "endpoints", "nobody else makes endpoints in it: there is none for s3, ec2 to be seen"),
        ({"bucket": Bucket(only_through_endpoint=True)}, "bucket", "no endpoint of S3 in it is to be seen"),
        ({"hosted_zone": "create"}, "hostedZone", "Route 53 makes no private zone here for a VPC of another account"),
    ],
)
def test_what_only_the_owner_makes_is_refused(changed: Mapping[str, Any], key: str, said: str) -> None:
    assert {name: words.partition(", and ")[2][: len(said)] for name, words in asked(**changed).items()} == {key: said}
    assert asked(**changed)[key].startswith("account 210987654321 owns the VPC, and ")
    assert asked(OURS, **changed) == {}


@pytest.mark.parametrize(
    ("there", "missing"), [([EC2], "s3"), ([S3], "ec2"), ([EC2, S3], ""), ([replace(S3, type="Interface")], "s3, ec2")]
)
def test_endpoints_that_are_there_are_used(there: list[ExistingEndpoint], missing: str) -> None:
    found = asked(replace(FACTS, endpoints=there), positions=GIVEN)
    assert [words.partition("none for ")[2] for words in found.values()] == (
        [f"{missing} to be seen"] if missing else []
    )


def test_a_bucket_is_read_through_an_endpoint_that_is_there() -> None:
    for there in (S3, replace(S3, type="Interface")):
        assert asked(replace(FACTS, endpoints=[there]), bucket=Bucket(only_through_endpoint=True)) == {}


def test_a_service_may_have_another_name_there() -> None:
    named = {"com.amazonaws.eu-west-1.ec2": "other.ec2"}
    there = [S3, replace(EC2, service="other.ec2")]
    assert asked(replace(FACTS, endpoints=there, service_names=named), positions=GIVEN) == {}


def test_nothing_is_written_to_the_network() -> None:
    touching = ("SharedTags", "EC2::VPCEndpoint", "EC2::Route", "Subnet", "NetworkAcl", "TransitGateway", "HostedZone")
    made = {each.type for each in expand(plan_of(SECTION), FACTS).values()}
    assert [type for type in made if any(word in type for word in touching)] == []
    assert {"AWS::EC2::SecurityGroup", "AWS::ElasticLoadBalancingV2::LoadBalancer"} <= made
    at_home = {each.type for each in expand(plan_of(SECTION), OURS).values()}
    assert at_home - made == {"Ocpprov::EC2::SharedTags", "AWS::EC2::VPCEndpoint"}


TAG: Final = "aws ec2 create-tags --region eu-west-1 --resources"
CLUSTER: Final = "kubernetes.io/cluster/prod-x7k2p"


def test_the_owner_gets_commands_for_each_tag() -> None:
    assert owner_commands(SECTION, "eu-west-1", FACTS) == [
        f"{TAG} subnet-a subnet-b --tags Key={CLUSTER},Value=shared",
        f"{TAG} subnet-a --tags Key=kubernetes.io/role/elb,Value=1",
        f"{TAG} subnet-b --tags Key=kubernetes.io/role/internal-elb,Value=1",
    ]
    assert owner_commands(SECTION, "eu-west-1", OURS) == []


def test_before_there_is_an_infra_id_only_the_sides_are_tagged() -> None:
    assert owner_commands(replace(SECTION, infra_id=""), "eu-west-1", FACTS) == [
        f"{TAG} subnet-a --tags Key=kubernetes.io/role/elb,Value=1",
        f"{TAG} subnet-b --tags Key=kubernetes.io/role/internal-elb,Value=1",
    ]


def test_tags_that_are_seen_arent_asked_for() -> None:
    tagged = {
        "subnet-a": replace(PUBLIC, tags=frozenset({CLUSTER})),
        "subnet-b": replace(PRIVATE, tags=frozenset({"kubernetes.io/role/internal-elb"})),
    }
    assert owner_commands(SECTION, "eu-west-1", replace(FACTS, subnets=tagged)) == [
        f"{TAG} subnet-b --tags Key={CLUSTER},Value=shared",
        f"{TAG} subnet-a --tags Key=kubernetes.io/role/elb,Value=1",
    ]


def all_tagged(public: bool) -> frozenset[str]:
    return frozenset({CLUSTER, "kubernetes.io/role/elb" if public else "kubernetes.io/role/internal-elb"})


def test_output_and_note_say_it_until_it_is_done() -> None:
    given = {output.name: output for output in outputs(plan_of(SECTION), FACTS)}["NetworkOwnerCommands"]
    assert given.items == tuple(owner_commands(SECTION, "eu-west-1", FACTS))
    assert given.value == "; ".join(map(str, given.items))
    assert "account 210987654321" in given.description
    done = {each.id: replace(each, tags=all_tagged(each.public)) for each in FACTS.subnets.values()}
    ready = replace(FACTS, subnets=done)
    assert "NetworkOwnerCommands" not in {output.name for output in outputs(plan_of(SECTION), ready)}
    said = "account 210987654321 owns subnet-a, subnet-b, so nothing is written to them"
    assert notes(plan_of(SECTION), FACTS)[-1] == f"{said}; the output NetworkOwnerCommands has what the owner runs"
    assert notes(plan_of(SECTION), ready)[-1] == said
    assert not any("owns" in note for note in notes(plan_of(SECTION), OURS))


def test_endpoints_that_nobody_has_are_said_to_be_the_owners() -> None:
    said = [note for note in notes(plan_of(SECTION), replace(FACTS, endpoints=[S3])) if "endpoint of" in note]
    assert said == ["no endpoint of com.amazonaws.eu-west-1.ec2 is to be seen: account 210987654321 owns the VPC"]

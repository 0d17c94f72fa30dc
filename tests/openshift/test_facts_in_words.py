"""What AWS is asked for before a plan can be expanded, in words."""

from __future__ import annotations

from dataclasses import fields, replace

from ocpprov.openshift.aws_facts import FactsNeeded, RouterNeeded
from ocpprov.openshift.facts_in_words import facts_in_words

EVERYTHING = FactsNeeded(
    zones=2,
    subnets=("subnet-1", "subnet-2"),
    existing_vpc=True,
    vpc_id="vpc-1",
    public_zone="example.com",
    router=RouterNeeded("prod-x7k2p"),
    instances=("10.0.0.4",),
    services=("s3",),
    machines=True,
)


def test_each_thing_has_its_words() -> None:
    assert facts_in_words(EVERYTHING) == [
        "the names of 2 zones (or write them: openshift.zones)",
        "the VPC, zones, blocks and route tables of subnet-1, subnet-2",
        "the internet gateway and the endpoints of vpc-1",
        "the public zone of example.com (or write its id: openshift.publicZone)",
        "the load balancer of the cluster's router",
        "the instances with the addresses 10.0.0.4",
        "the names of the endpoint services for s3",
        "the cluster's machines (or write their addresses)",
    ]
    assert len(fields(FactsNeeded)) == len(facts_in_words(EVERYTHING)) + 1


def test_of_what_is_not_needed_nothing_is_said() -> None:
    assert facts_in_words(FactsNeeded()) == []
    unnamed = replace(FactsNeeded(), existing_vpc=True)
    assert facts_in_words(unnamed) == ["the internet gateway and the endpoints of the VPC of these subnets"]

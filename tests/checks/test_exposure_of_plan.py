"""All openings beside a plan together, and what of it nobody could judge."""

from __future__ import annotations

from typing import Final

from ocpprov.checks.exposure import Exposures
from ocpprov.checks.exposure_of_plan import exposures_of_plan
from ocpprov.checks.verification import Seen
from ocpprov.engine.actions import Actions
from ocpprov.engine.graph import Graph
from ocpprov.engine.inventory import Inventory, Unseen
from ocpprov.engine.resources import Owner
from ocpprov.plan.model import OpenShift

SECTION: Final = OpenShift("prod", "example.com")
ACTIONS: Final = Actions(Owner("prod", "eu-west-1", "123456789012", "run"), Graph({}, {}), [], [], {})


def test_what_nobody_looked_at_isnt_closed() -> None:
    seen = Seen(ACTIONS, [], "ocpprov apply", left_out=["IntDns"], unread="the network couldn't be read: denied")
    unseen = [
        Unseen("AWS::IAM::Role can't be read: denied", "AWS::IAM::Role", may_be_there=True),
        Unseen("AWS::S3::Bucket: there is no such operation", "AWS::S3::Bucket"),
        Unseen("AWS::EC2::DHCPOptions can't be read: denied", "AWS::EC2::DHCPOptions", may_be_there=True),
    ]
    assert exposures_of_plan(seen, Inventory({}, unseen), SECTION) == Exposures(
        [],
        [],
        [
            "security groups and network ACLs: the network couldn't be read: denied",
            "left out by --without: IntDns",
            "AWS::IAM::Role can't be read: denied",
        ],
    )


def test_before_there_is_a_network_there_is_nothing_to_judge() -> None:
    found = exposures_of_plan(Seen(ACTIONS, [], "ocpprov apply"), Inventory(), SECTION)
    assert found.unread == ["security groups and network ACLs: there is no VPC yet"]

"""What a plan is expanded with and what its own things tell, where those couldn't be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from ocpprov.checks.unread import reason_of
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.problem import Problem
from ocpprov.openshift.expand import facts_needed
from ocpprov.openshift.unread_facts import Fact
from ocpprov.plan.installer_files import IGNITION
from ocpprov.plan.model import Plan

_TOLD_BY: Final = {
    Fact.MACHINES: ("AWS::EC2::VPC", "AWS::EC2::SecurityGroup", "AWS::IAM::InstanceProfile"),
    Fact.IGNITION: ("AWS::S3::Bucket", "Ocpprov::S3::Object"),
}
"""The machines are known by their VPC, groups and profiles, bootstrap.ign by what is in the bucket."""


def hidden_facts(plan: Plan, inventory: Inventory) -> Mapping[Fact, Problem]:
    """Those that the plan asks for and nobody can tell, each with why."""
    unseen = {each.type: each for each in reversed(inventory.unseen) if each.may_be_there}
    return {
        fact: reason_of(unseen[type]) for fact in _asked(plan) for type in reversed(_TOLD_BY[fact]) if type in unseen
    }


def _asked(plan: Plan) -> Iterator[Fact]:
    if facts_needed(plan).machines:
        yield Fact.MACHINES
    section = plan.openshift
    if section and section.bootstrap and section.bootstrap_ignition and IGNITION in section.absent:
        yield Fact.IGNITION

"""Facts that a plan's own things would tell, where those couldn't be read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError, AwsMessage
from ocpprov.checks.unread import PERMISSION
from ocpprov.commands.hidden_facts import hidden_facts
from ocpprov.engine.inventory import Inventory, Unseen
from ocpprov.engine.problem import Problem
from ocpprov.openshift.unread_facts import Fact
from ocpprov.plan.installer_files import IGNITION
from tests.openshift.plans import SECTION_3AZ, plan_of

AUTO = replace(SECTION_3AZ, control_plane_auto=True, control_plane_addresses=())
UPLOADED = replace(SECTION_3AZ, bootstrap=True, bootstrap_ignition="bootstrap.ign", absent=frozenset({IGNITION}))
WHY = Problem("", "Ask: AccessDenied: no (request r-1)", PERMISSION)


def unseen(type: str, *, may_be_there: bool = True) -> Inventory:
    error = AwsError(ErrorClass.DENIED, AwsMessage("AccessDenied", "no", "r-1", "Ask"))
    return Inventory({}, [Unseen("said", type, error, may_be_there)])


@pytest.mark.parametrize("type", ["AWS::EC2::VPC", "AWS::EC2::SecurityGroup", "AWS::IAM::InstanceProfile"])
def test_machines_are_told_by_their_network_groups_and_profiles(type: str) -> None:
    assert hidden_facts(plan_of(AUTO), unseen(type)) == {Fact.MACHINES: WHY}
    assert hidden_facts(plan_of(SECTION_3AZ), unseen(type)) == {}


@pytest.mark.parametrize("type", ["AWS::S3::Bucket", "Ocpprov::S3::Object"])
def test_an_uploaded_file_is_told_by_the_bucket(type: str) -> None:
    assert hidden_facts(plan_of(UPLOADED), unseen(type)) == {Fact.IGNITION: WHY}
    assert hidden_facts(plan_of(replace(UPLOADED, absent=frozenset())), unseen(type)) == {}


def test_where_there_is_no_such_thing_nothing_is_hidden() -> None:
    assert hidden_facts(plan_of(AUTO), unseen("AWS::EC2::VPC", may_be_there=False)) == {}
    assert hidden_facts(plan_of(AUTO), unseen("AWS::EC2::Subnet")) == {}

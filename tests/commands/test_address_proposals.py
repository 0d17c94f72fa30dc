"""What AWS is asked for addresses of machines to come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

from ocpprov.aws.reads import Answer
from ocpprov.commands.address_proposals import address_proposals
from ocpprov.commands.connection import Connection
from ocpprov.commands.refresh import PlanResult
from ocpprov.kinds.reads import Read
from ocpprov.plan.model import OpenShift
from tests.commands.test_discovery_machines import MADE, OWNER, instance
from tests.openshift.plans import FACTS, SECTION_3AZ, plan_of

OPEN = replace(SECTION_3AZ, control_plane_addresses=())
MASTER = instance("i-10", profile="prod-masters", groups=["sg-m"])


def interface(address: str, instance_id: str = "") -> dict[str, Any]:
    attachment = {"Attachment": {"InstanceId": instance_id}} if instance_id else {}
    return {"PrivateIpAddresses": [{"PrivateIpAddress": address}], **attachment}


class Aws:
    """AWS with a machine and these interfaces; what it was asked."""

    def __init__(self, *interfaces: Mapping[str, Any]) -> None:
        self._pages: dict[str, dict[str, Any]] = {
            "describe_instances": {"Reservations": [{"Instances": [MASTER]}]},
            "describe_network_interfaces": {"NetworkInterfaces": list(interfaces)},
        }
        self.asked: list[str] = []

    def read(self, wanted: Sequence[Read]) -> dict[Read, Sequence[Mapping[str, Any]]]:
        self.asked += [f"{one.operation} {one.arguments()['Filters'][0]['Values']}" for one in wanted]
        return {one: [Answer(self._pages[one.operation], one.operation, "r-1")] for one in wanted}


def proposed(section: OpenShift, aws: Aws, made: Sequence[Any] = MADE) -> dict[str, object]:
    planned = cast("PlanResult", SimpleNamespace(ours=lambda: iter(made), facts=FACTS))
    connection = cast("Connection", SimpleNamespace(reader=aws, owner=OWNER))
    return {output.name: output.value for output in address_proposals(plan_of(section), planned, connection)}


def test_what_others_have_is_passed_over_and_a_machines_own_is_its_own() -> None:
    aws = Aws(interface("10.0.48.10", "i-10"), interface("10.0.64.10", "i-77"), interface("10.0.80.10"))
    assert proposed(OPEN, aws) == {
        "ControlPlaneAddresses": "10.0.48.10,10.0.64.11,10.0.80.11",
        "BootstrapAddress": "10.0.48.11",
    }
    assert aws.asked == ["describe_instances ['vpc-1']", "describe_network_interfaces ['vpc-1']"]


def test_nobody_is_asked_where_the_plan_names_all_or_nothing_is_there() -> None:
    aws = Aws()
    assert proposed(replace(SECTION_3AZ, bootstrap=False), aws) == {
        "ControlPlaneAddresses": "10.0.48.10,10.0.64.10,10.0.80.10"
    }
    assert proposed(replace(SECTION_3AZ, bootstrap_address="10.0.48.99"), aws)["BootstrapAddress"] == "10.0.48.99"
    assert proposed(OPEN, aws, made=())["ControlPlaneAddresses"] == "10.0.48.10,10.0.64.10,10.0.80.10"
    assert aws.asked == []
    proposed(SECTION_3AZ, aws)
    proposed(replace(OPEN, infra_id=""), aws)
    assert aws.asked == [
        "describe_instances ['vpc-1']",
        "describe_network_interfaces ['vpc-1']",
        "describe_network_interfaces ['vpc-1']",
    ]

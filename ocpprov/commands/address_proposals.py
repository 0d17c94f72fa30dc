"""Addresses for the machines to come, as outputs: what is taken already is asked of AWS."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ocpprov.commands.connection import Connection
from ocpprov.commands.discovery_machines import machines_of, vpc_of
from ocpprov.commands.discovery_reader import DiscoveryReader
from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.refresh import PlanResult, own_inventory
from ocpprov.openshift.machines import Machines
from ocpprov.openshift.section_outputs import addresses
from ocpprov.plan.model import OpenShift, Output, Plan


def address_proposals(plan: Plan, planned: PlanResult, connection: Connection) -> Sequence[Output]:
    """The outputs of the machines' addresses. Nobody is asked where the plan names all of them. Raises Refused when AWS
    can't be read."""
    section = plan.openshift
    if section is None:
        return ()
    machines, taken = Machines(), frozenset[str]()
    if not _names_all(section):
        reader, own = DiscoveryReader(connection.reader, connection.owner), own_inventory(planned)
        machines = machines_of(section, planned.facts, own, reader)
        vpc = vpc_of(section, planned.facts, own, connection.owner)
        taken = frozenset(_taken(vpc, machines, reader)) if vpc else taken
    try:
        return addresses(plan, planned.facts, machines, taken)
    except ValueError as error:
        raise Refused(f"{plan.file}: {error}") from error


def _names_all(section: OpenShift) -> bool:
    control_plane = bool(section.control_plane_addresses) and not section.control_plane_auto
    bootstrap = bool(section.bootstrap_address) and not section.bootstrap_auto
    return control_plane and (bootstrap or not section.bootstrap)


def _taken(vpc: str, machines: Machines, reader: DiscoveryReader) -> Iterator[str]:
    """Private addresses of the VPC, but those of the cluster's own machines."""
    own = set(machines.instances.values())
    for interface in reader.described("describe_network_interfaces", "NetworkInterfaces", {"vpc-id": [vpc]}):
        if interface.get("Attachment", {}).get("InstanceId") not in own:
            yield from (each["PrivateIpAddress"] for each in interface.get("PrivateIpAddresses", ()))

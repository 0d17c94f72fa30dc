"""The rows of a cluster that no plan is known of about AWS's services: the endpoints, and whether they are needed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ocpprov.checks.found_row import READ_IT, FoundCase, Judged, JudgedRows, needless
from ocpprov.checks.requirement_drift import Defect
from ocpprov.engine.resources import Live
from ocpprov.openshift.cluster_access import services_called
from ocpprov.openshift.found_terrain import answers_for_service
from ocpprov.openshift.private_zones import zone_for
from ocpprov.openshift.services import EndpointService
from ocpprov.openshift.vpc_survey import ENDPOINT

_ROWS: Final = {"s3": "NET-S3", "ec2": "NET-EC2", "elasticloadbalancing": "NET-ELB"}
"""What no cluster can do without."""


def endpoint_rows(case: FoundCase) -> JudgedRows:
    """NET-S3, NET-EC2, NET-ELB and AIR-GAP."""
    called = services_called(case.terrain.section, case.survey.region)
    by_row = {row: [each for each in called if _word(each) == word] for word, row in _ROWS.items()}
    rows = {row: _service(case, services) for row, services in by_row.items()}
    return {**rows, "AIR-GAP": _air_gap(case, [rows[row] for row in _ROWS.values()])}


def _word(service: EndpointService) -> str:
    return service.name.rpartition(".")[2]


def _service(case: FoundCase, services: Sequence[EndpointService]) -> Judged:
    """A service by any of its endpoints: S3 has two sorts."""
    if unread := case.unread(ENDPOINT):
        return Judged(unknown=unread)
    names = {each.name for each in services}
    there = [each for each in case.survey.of(ENDPOINT) if each.properties.get("ServiceName") in names]
    serving = [each.id for each in there if each.id in case.terrain.endpoints]
    if serving:
        return Judged(serving)
    if not case.cluster.subnets.machines:
        return Judged(unknown=[Defect("there are no subnets of the machines", "what NET-PRIVATE says comes first")])
    if case.terrain.section.egress != "none":
        return needless(f"{_word(services[0])} is reached by the way out")
    if unread := case.unread_ways():
        return Judged(unknown=unread)
    return _by_other_ways(case, services[0], there)


def _by_other_ways(case: FoundCase, service: EndpointService, there: Sequence[Live]) -> Judged:
    """Names that a private zone answers lead to endpoints of another network, out of sight."""
    if case.survey.private_zones is None:
        return Judged(unknown=[Defect("the zones of the VPC couldn't be read", READ_IT)])
    zone = zone_for(service.host, case.survey.private_zones)
    answers = zone.answers(service.host) if zone else False
    if zone and answers:
        return Judged([zone.id], said=f"{service.host} is answered by {zone}: where that leads isn't seen")
    if zone and answers is None:
        detail = f"whether {zone} answers {service.host} couldn't be read"
        return Judged([zone.id], unknown=[Defect(detail, "ask its owner")])
    if zone and answers is False:
        detail = f"{zone} has no address for {service.host}, and hides AWS's own"
        return Judged([zone.id], [Defect(detail, f"a record of {service.host} in {zone.id} that leads to an endpoint")])
    closed = [each.id for each in there if not answers_for_service(each)]
    if closed:
        detail = f"{', '.join(closed)} has no private DNS, so that {service.host} doesn't lead to it"
        command = case.aws("ec2", "modify-vpc-endpoint", "--vpc-endpoint-id", closed[0], "--private-dns-enabled")
        return Judged(closed, [Defect(detail, command)])
    detail = f"{case.vpc} has no endpoint of {service.name}, and its machines have no way out"
    return Judged(faults=[Defect(detail, _make(case, service))])


def _make(case: FoundCase, service: EndpointService) -> str:
    network, machines = case.survey.network, case.cluster.subnets.machines
    words = ("ec2", "create-vpc-endpoint", "--vpc-id", case.vpc, "--service-name", service.name)
    if service.type == "Gateway":
        tables = list(dict.fromkeys(network.subnets[id].route_table for id in machines))
        return case.aws(*words, "--vpc-endpoint-type", "Gateway", "--route-table-ids", *tables)
    # Without a group it would have the VPC's own, which lets in its members alone.
    options = ("--private-dns-enabled", "--security-group-ids", "GROUP", "--subnet-ids", *case.one_a_zone(machines))
    return f"{case.aws(*words, '--vpc-endpoint-type', 'Interface', *options)} (GROUP lets in tcp 443 from the machines)"


def _air_gap(case: FoundCase, rows: Sequence[Judged]) -> Judged:
    if unread := case.unread(ENDPOINT):
        return Judged(unknown=unread)
    if case.terrain.section.egress != "none" and not case.terrain.endpoints:
        return needless("the machines have a way out, and there are no endpoints")
    faults = [fault for row in rows for fault in row.faults]
    unknown = [fault for row in rows for fault in row.unknown]
    return Judged(sorted(case.terrain.endpoints), faults, unknown)

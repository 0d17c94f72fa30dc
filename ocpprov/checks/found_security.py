"""The security group rows of a cluster that no plan is known of. What the groups let through is flows' to say."""

from __future__ import annotations

from collections.abc import Sequence

from ocpprov.checks.found_row import FoundCase, Judged, JudgedRows, needless, several
from ocpprov.checks.requirement_drift import Defect
from ocpprov.openshift.found_marks import INSTALLERS_WORD, Machine
from ocpprov.openshift.security import BOOTSTRAP_CIDR_RULES
from ocpprov.openshift.vpc_survey import SECURITY_GROUP
from ocpprov.reachability.network import GroupRule, Network
from ocpprov.reachability.spans import Span


def security_rows(case: FoundCase) -> JudgedRows:
    """The rows that begin with SG."""
    master, worker = _worn(case, Machine.CONTROL_PLANE), _worn(case, Machine.COMPUTE)
    return {
        "SG-MASTER": master,
        "SG-WORKER": worker,
        "SG-BOOTSTRAP": _bootstrap(case),
        "SG-MASTER-INGRESS": Judged(master.evidence),
        "SG-WORKER-INGRESS": Judged(worker.evidence),
    }


def _worn(case: FoundCase, machine: Machine) -> Judged:
    found = case.cluster.groups[machine]
    if unread := case.unread(SECURITY_GROUP):
        return Judged(unknown=unread)
    if found.certain:
        return Judged(found.certain, said=found.by if found.by.startswith("the only") else "")
    what = f"{machine.whose} security group"
    if found.ids:
        return Judged(found.ids, unknown=[several(what, found)])
    if found.unclaimed:
        ids = ", ".join(found.unclaimed)
        detail = f"nothing says which is {what}: {ids} may be (sought by {found.by})"
        return Judged(found.unclaimed, unknown=[Defect(detail, _named(case, machine, found.unclaimed[0]))])
    detail = f"{case.vpc} has no security group for the {machine}: sought by {found.by}"
    return Judged(faults=[Defect(detail, _make(case, machine))])


def _make(case: FoundCase, machine: Machine) -> str:
    name = f"{case.cluster.infra_id or case.cluster.name}-{INSTALLERS_WORD[machine]}-sg"
    words = ("ec2", "create-security-group", "--group-name", name, "--description", name, "--vpc-id", case.vpc)
    return case.aws(*words)


def _named(case: FoundCase, machine: Machine, group: str) -> str:
    name = f"{case.cluster.infra_id or case.cluster.name}-{INSTALLERS_WORD[machine]}-sg"
    command = case.aws("ec2", "create-tags", "--resources", group, "--tags", f"Key=Name,Value={name}")
    return f"name the one that it is, such as {command}"


def _bootstrap(case: FoundCase) -> Judged:
    """It is there while the bootstrap machine is: what is left of three things says that the others are missing."""
    found = case.cluster.groups[Machine.BOOTSTRAP]
    if unread := case.unread(SECURITY_GROUP):
        return Judged(unknown=unread)
    if found.ids and not found.certain:
        return Judged(found.ids, unknown=[several("the bootstrap machine's security group", found)])
    if not found.ids:
        if case.cluster.profiles[Machine.BOOTSTRAP].ids:
            detail = f"{case.vpc} has no security group for the bootstrap machine, and there is a profile for it"
            return Judged(faults=[Defect(detail, _make(case, Machine.BOOTSTRAP))])
        return needless("nothing is there for a bootstrap machine")
    faults = [
        _closed(case, found.ids, rule.protocol, rule.from_port)
        for rule in BOOTSTRAP_CIDR_RULES
        if not _admits(case.survey.network, found.ids, rule.protocol, Span(rule.from_port, rule.to_port))
    ]
    return Judged(found.ids, faults)


def _closed(case: FoundCase, groups: Sequence[str], protocol: str, port: int) -> Defect:
    group = groups[-1]
    words = (
        "ec2",
        "authorize-security-group-ingress",
        "--group-id",
        group,
        "--protocol",
        protocol,
        "--port",
        str(port),
    )
    command = case.aws(*words, "--cidr", str(case.terrain.section.machine_network))
    return Defect(f"{', '.join(groups)} has no inbound rule for {protocol} {port}", command)


def _admits(network: Network, groups: Sequence[str], protocol: str, ports: Span) -> bool:
    """Anybody: who looks after a bootstrap machine is the operator's choice."""
    known = [network.security_groups[id] for id in groups if id in network.security_groups]
    return len(known) < len(groups) or any(_is_for(rule, protocol, ports) for each in known for rule in each.ingress)


def _is_for(rule: GroupRule, protocol: str, ports: Span) -> bool:
    return rule.protocol in (protocol, "-1") and rule.ports.holds(ports)

"""The load balancer rows of a cluster that no plan is known of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from ocpprov.checks.found_row import FoundCase, Judged, JudgedRows, needless, several
from ocpprov.checks.requirement_drift import Defect
from ocpprov.engine.resources import Live, State
from ocpprov.openshift.found_balancers import classic_balancers, classic_ports, is_of, listener_ports, network_balancers
from ocpprov.openshift.found_machines import machines_of
from ocpprov.openshift.found_marks import Candidates, Machine
from ocpprov.openshift.found_names import lead_of
from ocpprov.openshift.found_terrain import is_external
from ocpprov.openshift.load_balancers import API_PORT, MACHINE_CONFIG_PORT
from ocpprov.openshift.vpc_survey import BALANCER, CLASSIC, INSTANCE, LISTENER, TARGET, TARGET_GROUP
from ocpprov.reachability.balancers_from_resources import forwarded_to

_API_PATHS: Final = ("/readyz", "/healthz", "/livez")
"""What the API server answers without credentials (Kubernetes, "API health endpoints")."""
_CONFIG_PATHS: Final = ("/healthz",)
"""Of the machine config server (its pkg/server/api.go)."""
_IN_CLEAR: Final = {API_PORT: (6080, "/readyz"), MACHINE_CONFIG_PORT: (22624, "/healthz")}
"""Where the same is told by HTTP, for whoever can't ask by HTTPS (installer, upi/gcp/03_firewall.py)."""


def balancer_rows(case: FoundCase) -> JudgedRows:
    """The rows that begin with LB."""
    return {
        "LB-EXT": _external(case),
        "LB-INT": _internal(case),
        "LB-HEALTH": _health(case),
        "LB-TARGETS": _targets(case),
        "LB-REACH": _reach(case),
        "LB-CLASSIC": _classic(case),
    }


def _external(case: FoundCase) -> Judged:
    found = case.cluster.external
    if unread := case.unread(BALANCER, LISTENER):
        return Judged(unknown=unread)
    if not is_external(case.cluster):
        return _no_external(case)
    return _balancer(case, found, "the external balancer", [API_PORT])


def _no_external(case: FoundCase) -> Judged:
    """Where the world's name leads to a balancer that is gone, it was meant to be there."""
    name = f"api.{case.cluster.domain}"
    zone = case.cluster.public_zone
    lead = lead_of(case.survey, zone.id, name) if zone else None
    sought = f"no internet-facing network balancer: sought by {case.cluster.external.by}"
    if lead is None or ".elb." not in lead.target or is_of(case.survey, lead.target):
        return needless(sought)
    remedy = _make(case, "ext", "internet-facing", case.cluster.subnets.public)
    return Judged(faults=[Defect(f"{sought}; {name} leads to one that is gone, {lead.target}", remedy)])


def _internal(case: FoundCase) -> Judged:
    found = case.cluster.internal
    if unread := case.unread(BALANCER, LISTENER):
        return Judged(unknown=unread)
    if found.ids:
        return _balancer(case, found, "the internal balancer", [API_PORT, MACHINE_CONFIG_PORT])
    if classic := _names(classic_balancers(case.survey)):
        return needless(f"{', '.join(classic)} in its place")
    public = [
        each for each in network_balancers(case.survey) if MACHINE_CONFIG_PORT in listener_ports(case.survey, each.id)
    ]
    beside = "".join(f"; {each.properties['Name']} with {MACHINE_CONFIG_PORT} is internet-facing" for each in public)
    detail = f"{case.vpc} has no internal network balancer of the API: sought by {found.by}{beside}"
    return Judged(faults=[Defect(detail, _make(case, "int", "internal", case.cluster.subnets.machines))])


def _make(case: FoundCase, end: str, scheme: str, subnets: Sequence[str]) -> str:
    if not subnets:
        return f"a network load balancer, {scheme}, once there are subnets for it"
    name = f"{case.cluster.infra_id or case.cluster.name}-{end}"
    words = ("elbv2", "create-load-balancer", "--type", "network", "--scheme", scheme, "--name", name)
    return case.aws(*words, "--subnets", *case.one_a_zone(subnets))


def _balancer(case: FoundCase, found: Candidates, what: str, ports: Sequence[int]) -> Judged:
    if not found.one:
        return Judged(found.ids, unknown=[several(what, found)])
    live = next(each for each in case.survey.of(BALANCER) if each.id == found.one)
    listening = listener_ports(case.survey, live.id)
    faults = [_no_listener(case, live, port) for port in ports if port not in listening]
    unknown = []
    if live.state is State.BROKEN:
        faults.append(Defect(f"{live.id} has failed: {live.reason}", "make another in its place"))
    elif live.state is not State.READY:
        unknown.append(Defect(f"{live.id} isn't active yet", "look again when it is"))
    return Judged([live.id], faults, unknown)


def _no_listener(case: FoundCase, balancer: Live, port: int) -> Defect:
    words = ("elbv2", "create-listener", "--load-balancer-arn", balancer.id, "--protocol", "TCP", "--port", str(port))
    command = case.aws(*words, "--default-actions", "Type=forward,TargetGroupArn=ARN")
    return Defect(f"{balancer.id} has no listener on port {port}", command)


def _groups_behind(case: FoundCase) -> Mapping[str, set[int]]:
    """The API's target groups, with the ports of the listeners that they are behind."""
    balancers = {case.cluster.internal.one, case.cluster.external.one} - {""}
    found: dict[str, set[int]] = {}
    for listener in case.survey.of(LISTENER):
        known: Any = listener.properties
        if known.get("LoadBalancerArn") in balancers and known.get("Port") in (API_PORT, MACHINE_CONFIG_PORT):
            for action in known.get("DefaultActions", ()):
                for group in forwarded_to(action):
                    found.setdefault(group, set()).add(int(known["Port"]))
    return found


def _health(case: FoundCase) -> Judged:
    if unread := case.unread(BALANCER, LISTENER, TARGET_GROUP):
        return Judged(unknown=unread)
    behind = _groups_behind(case)
    if not behind:
        return needless("there are no target groups behind the API's listeners")
    groups = [each for each in case.survey.of(TARGET_GROUP) if each.id in behind]
    faults = [fault for group in groups for port in sorted(behind[group.id]) for fault in _asked(case, group, port)]
    faults += [_same_way(group) for group in groups if group.properties.get("Protocol") == "UDP"]
    return Judged([group.id for group in groups], faults)


def _asked(case: FoundCase, group: Live, port: int) -> Iterator[Defect]:
    """How a group's targets are asked how they are. Slower checks than the documentation's find the same."""
    known: Any = group.properties
    paths = _API_PATHS if port == API_PORT else _CONFIG_PATHS
    mend = case.aws(
        *("elbv2", "modify-target-group", "--target-group-arn", group.id, "--health-check-protocol", "HTTPS"),
        *("--health-check-path", paths[0], "--health-check-port", "traffic-port"),
    )
    asked = known.get("HealthCheckPort", "traffic-port")
    real = int(known.get("Port", port)) if asked == "traffic-port" else int(asked)
    protocol, path = known.get("HealthCheckProtocol", "TCP"), known.get("HealthCheckPath", "")
    if protocol == "HTTP" and (real, path.partition("?")[0]) == _IN_CLEAR[port]:
        return
    if real != port:
        yield Defect(f"{group.id} is behind port {port} and asks its targets on {real}", mend)
    if protocol == "HTTP":
        yield Defect(f"{group.id} asks by HTTP what speaks HTTPS on {port}", mend)
    elif protocol == "HTTPS" and path.partition("?")[0] not in paths:
        yield Defect(
            f"{group.id} asks {port} for {path or '/'}, which isn't answered well: {' or '.join(paths)} is", mend
        )


def _same_way(group: Live) -> Defect:
    return Defect(f"{group.id} is of UDP, and the API speaks TCP", "a target group of TCP in its place")


def _targets(case: FoundCase) -> Judged:
    if unread := case.unread(BALANCER, LISTENER, TARGET, INSTANCE):
        return Judged(unknown=unread)
    behind = _groups_behind(case)
    registered: dict[str, set[str]] = {group: set() for group in behind}
    for target in case.survey.of(TARGET):
        if (group := str(target.properties["TargetGroupArn"])) in registered:
            registered[group].add(_address(case, str(target.properties["Id"])))
    every = set().union(*registered.values()) if registered else set()
    machines = {each.address for each in machines_of(case.survey, Machine.CONTROL_PLANE, case.cluster.infra_ids)}
    wanted = (every | machines) - {""}
    if not wanted:
        return needless("there are no machines, and no target is registered")
    faults = [
        Defect(f"{group} lacks {', '.join(missing)}", _register(case, group, missing))
        for group, own in registered.items()
        if (missing := sorted(wanted - own))
    ]
    return Judged(sorted(registered), faults)


def _address(case: FoundCase, target: str) -> str:
    return next((each.address for each in case.survey.instances if each.id == target), target)


def _register(case: FoundCase, group: str, addresses: Sequence[str]) -> str:
    ids = [f"Id={address}" for address in addresses]
    return case.aws("elbv2", "register-targets", "--target-group-arn", group, "--targets", *ids)


def _reach(case: FoundCase) -> Judged:
    """The flows say whether traffic arrives."""
    if unread := case.unread(BALANCER, LISTENER, TARGET_GROUP):
        return Judged(unknown=unread)
    evidence = [*case.cluster.internal.ids, *case.cluster.external.ids]
    if case.cluster.internal.one:
        return Judged(evidence)
    if classic := _names(classic_balancers(case.survey)):
        said = f"what is behind {', '.join(classic)} isn't followed without a plan"
        return Judged(classic, unknown=[Defect(said, "a plan with loadBalancers: classic, for `ocpprov verify`")])
    return Judged(evidence, unknown=[Defect("no internal balancer is known", "what LB-INT says comes first")])


def _classic(case: FoundCase) -> Judged:
    if case.cluster.internal.ids:
        return needless("network balancers serve the API")
    if unread := case.unread(CLASSIC):
        return Judged(unknown=unread)
    known = classic_balancers(case.survey)
    names = _names(known)
    if not names:
        return needless("there are none")
    if unread := case.unread(BALANCER, LISTENER):
        # Where network balancers serve the API, a classic one on one of its ports is something else's.
        return Judged(names, unknown=unread)
    served = {port for each in known for port in classic_ports(each)}
    missing = [str(port) for port in (API_PORT, MACHINE_CONFIG_PORT) if port not in served]
    detail = f"{', '.join(names)}: no listener on port {', '.join(missing)}"
    return Judged(names, [Defect(detail, "listeners on 6443 and 22623")] if missing else [])


def _names(balancers: Sequence[Live]) -> list[str]:
    return sorted(each.id for each in balancers)

"""Which security groups, roles and bucket are those of a cluster's machines, where no plan says so."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from ocpprov.engine.resources import Live
from ocpprov.openshift.found_marks import (
    INSTALLERS_WORD,
    SURE,
    TELLING,
    USED,
    WEAK,
    Candidates,
    Machine,
    Marked,
    heaviest,
    named_for,
)
from ocpprov.openshift.load_balancers import MACHINE_CONFIG_PORT
from ocpprov.openshift.machines import Instance
from ocpprov.openshift.vpc_survey import BALANCER, BUCKET, ENDPOINT, PROFILE, NamedGroup, VpcSurvey, clusters_in
from ocpprov.reachability.from_resources import ids_of
from ocpprov.reachability.network import ALL_PROTOCOLS
from ocpprov.reachability.spans import Span

_LOGICAL: Final = re.compile(r"(.*?)-?(Master|Worker|Bootstrap)SecurityGroup")


def groups(survey: VpcSurvey, infra_ids: Collection[str], cluster: str) -> Mapping[Machine, Candidates]:
    """A machine's group by what its instances wear and by names. Where there is one group for everything, it is that of
    the control plane and of the compute machines."""
    sought = {machine: _sought("group", f"<infraID>-{INSTALLERS_WORD[machine]}-sg", machine) for machine in Machine}
    eligible = [each for each in survey.groups.values() if _may_be_the_clusters(survey, each, infra_ids)]
    taken = _of_endpoints_and_balancers(survey)
    possible = [each for each in eligible if each.id not in taken or _is_of_machines(survey, each, infra_ids)]
    weights = {
        machine: [Marked(each.id, _group_weight(each, machine, infra_ids, cluster)) for each in possible]
        for machine in Machine
    }
    claimed = {each.id for found in weights.values() for each in found if each.weight}
    # Machines may wear what their endpoints do.
    left = possible or eligible
    unclaimed = sorted(each.id for each in left if each.id not in claimed)
    if len(left) == 1 and not claimed and _is_for_all(survey, left[0].id):
        only = Candidates([left[0].id], "the only group there is")
        return {
            Machine.CONTROL_PLANE: only,
            Machine.COMPUTE: only,
            Machine.BOOTSTRAP: Candidates((), sought[Machine.BOOTSTRAP]),
        }
    return {
        machine: _worn(survey, machine, infra_ids) or heaviest(found, sought[machine], unclaimed=unclaimed)
        for machine, found in weights.items()
    }


def _worn(survey: VpcSurvey, machine: Machine, infra_ids: Collection[str]) -> Candidates | None:
    """What all of a machine's instances wear; None where there are none."""
    worn = [each.groups for each in machines_of(survey, machine, infra_ids)]
    common = frozenset.intersection(*worn) if worn else frozenset()
    return Candidates(sorted(common), "what its instances wear", together=True) if common else None


def _is_for_all(survey: VpcSurvey, group: str) -> bool:
    """Whether it lets in what only a control plane's does."""
    known = survey.network.security_groups.get(group)
    port = Span(MACHINE_CONFIG_PORT, MACHINE_CONFIG_PORT)
    return known is not None and any(
        rule.protocol in ("tcp", ALL_PROTOCOLS) and rule.ports.holds(port) for rule in known.ingress
    )


def _may_be_the_clusters(survey: VpcSurvey, group: NamedGroup, infra_ids: Collection[str]) -> bool:
    """Not the VPC's own, unless machines wear it, nor another cluster's."""
    clusters = clusters_in(group.tags)
    others = bool(clusters) and not clusters & set(infra_ids)
    return not others and (_is_worn(survey, group) or not group.is_default)


def _is_worn(survey: VpcSurvey, group: NamedGroup) -> bool:
    return any(group.id in each.groups for each in survey.instances)


def _of_endpoints_and_balancers(survey: VpcSurvey) -> set[str]:
    return {
        id
        for live in (*survey.of(ENDPOINT), *survey.of(BALANCER))
        for id in (*ids_of(live.properties.get("SecurityGroupIds")), *ids_of(live.properties.get("SecurityGroups")))
    }


def _is_of_machines(survey: VpcSurvey, group: NamedGroup, infra_ids: Collection[str]) -> bool:
    """Whether more than a word says so, whatever else wears it."""
    return _is_worn(survey, group) or any(_mark(group, machine, infra_ids) >= TELLING for machine in Machine)


def _group_weight(group: NamedGroup, machine: Machine, infra_ids: Collection[str], cluster: str) -> int:
    mark = _mark(group, machine, infra_ids)
    return mark + (WEAK if mark and _is_named_after(_names(group), infra_ids, cluster) else 0)


def _mark(group: NamedGroup, machine: Machine, infra_ids: Collection[str]) -> int:
    """How much its names say that it is a machine's, whoever's cluster."""
    names = _names(group)
    installers = {f"{infra_id}-{INSTALLERS_WORD[machine]}-sg" for infra_id in infra_ids}
    return (SURE if installers & set(names) else 0) + named_for(machine, *names)


def _names(group: NamedGroup) -> Collection[str]:
    return (group.name, *group.tags.values())


def machines_of(survey: VpcSurvey, machine: Machine, infra_ids: Collection[str]) -> Iterator[Instance]:
    """The instances in the VPC whose names are those of a kind of machine; the infraID's where there are such."""
    word = INSTALLERS_WORD[machine]
    known = [each for each in survey.instances if named_for(machine, each.name)]
    sure = [each for each in known if any(each.name.startswith(f"{infra_id}-{word}") for infra_id in infra_ids)]
    yield from sure or known


def _is_named_after(names: Collection[str], infra_ids: Collection[str], cluster: str) -> bool:
    return any(name.startswith((cluster, *infra_ids)) for name in names)


def profiles(
    survey: VpcSurvey, infra_ids: Collection[str], cluster: str, groups: Mapping[Machine, Candidates]
) -> Mapping[Machine, Candidates]:
    """A machine's instance profile by what its instances have, and by names: the account's are all there to choose
    from, so that a word alone is too little."""
    stacks = _stacks(survey, groups)
    return {
        machine: heaviest(
            (
                Marked(each.id, _profile_weight(survey, each, machine, infra_ids, cluster, stacks))
                for each in survey.of(PROFILE)
            ),
            _sought("instance profile", f"<infraID>-{INSTALLERS_WORD[machine]}-profile", machine),
            TELLING,
        )
        for machine in Machine
    }


def _profile_weight(
    survey: VpcSurvey,
    profile: Live,
    machine: Machine,
    infra_ids: Collection[str],
    cluster: str,
    stacks: Collection[str],
) -> int:
    name = profile.ref or profile.id
    installers = {f"{infra_id}-{INSTALLERS_WORD[machine]}-profile" for infra_id in infra_ids}
    used = any(each.profile == name for each in machines_of(survey, machine, infra_ids))
    marks = (SURE if name in installers else 0, USED if used else 0, named_for(machine, name))
    after = _is_named_after([name], infra_ids, cluster)
    of_the_stack = any(name.startswith(f"{stack}-") for stack in stacks)
    return sum(marks) + (WEAK if any(marks) and after else 0) + (TELLING if any(marks) and of_the_stack else 0)


def _stacks(survey: VpcSurvey, groups: Mapping[Machine, Candidates]) -> set[str]:
    """What the names of the groups begin with, where they are a stack's: so do those of its other things."""
    names = (survey.groups[id].name for found in groups.values() if (id := found.one))
    return {match[1] for name in names if (match := _LOGICAL.match(name)) and match[1]}


def buckets(survey: VpcSurvey, infra_ids: Collection[str], groups: Mapping[Machine, Candidates]) -> Candidates:
    """The bucket of the ignition files, by names alone."""
    stacks = {stack.lower() for stack in _stacks(survey, groups)}
    found = [
        Marked(each.id, TELLING)
        for each in survey.of(BUCKET)
        if any(infra_id in each.id for infra_id in infra_ids)
        or any(each.id.startswith(f"{stack}-infrabucket") for stack in stacks)
    ]
    return heaviest(found, "a name with the infraID in it")


def _sought(what: str, installers: str, machine: Machine) -> str:
    return f"{what}s that its instances have, the name {installers}, words such as {INSTALLERS_WORD[machine]}"

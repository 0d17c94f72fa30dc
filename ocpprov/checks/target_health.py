"""Whether the targets behind the API's load balancers are well, as Elastic Load Balancing says it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from ocpprov.aws.errors import AwsError
from ocpprov.engine.resources import Live
from ocpprov.kinds.reads import Read, read
from ocpprov.openshift import classic
from ocpprov.openshift.load_balancers import EXTERNAL_SERVICES, INTERNAL_SERVICES
from ocpprov.openshift.machines import Machine

HEALTHY: Final = "healthy"
_IN_SERVICE: Final = "InService"
_NO_REASON: Final = "N/A"


class Asks(Protocol):
    """Whoever asks AWS: the answers, and in place of those that there are none of, why not."""

    def attempt(self, wanted: Sequence[Read], /) -> Mapping[Read, Sequence[Mapping[str, Any]] | AwsError]: ...


@dataclass(frozen=True)
class TargetHealth:
    """One target: its address, or its instance behind a classic balancer. `state`, `reason` and `description` are AWS's
    words, the last two empty where it gives none."""

    target: str
    state: str
    reason: str = ""
    description: str = ""

    @property
    def healthy(self) -> bool:
        """Whether it gets traffic because it is well."""
        return self.state in (HEALTHY, _IN_SERVICE)

    @property
    def leaving(self) -> bool:
        """Whether it is no target any more, and only finishes what it has begun."""
        return self.state == "draining"

    def __str__(self) -> str:
        said = ", ".join(part for part in (self.reason, self.description) if part)
        return f"{self.state} ({said})" if said else self.state


@dataclass(frozen=True)
class TargetGroup:
    """What shares targets: a target group by its ARN, or a classic balancer, which has none, by its name. `logical_id`
    is the plan's name for it, `ports` those that it answers for."""

    logical_id: str
    id: str
    ports: Sequence[int]
    classic: bool = False

    @property
    def read(self) -> Read:
        """The call that tells how its targets are."""
        if self.classic:
            return read("elb", "describe_instance_health", LoadBalancerName=self.id)
        return read("elbv2", "describe_target_health", TargetGroupArn=self.id)


@dataclass(frozen=True)
class GroupHealth:
    """The targets of a group; `trouble` says why AWS didn't tell."""

    group: TargetGroup
    targets: Sequence[TargetHealth] = ()
    trouble: AwsError | None = None

    def of(self, machine: Machine) -> TargetHealth | None:
        """A machine's target."""
        return next((each for each in self.targets if each.target in (machine.address, machine.instance)), None)


def api_target_groups(current: Mapping[str, Live]) -> Iterator[TargetGroup]:
    """Those behind the API that there are, by what the plan has now (logical id to live resource)."""
    for service in (*EXTERNAL_SERVICES, *INTERNAL_SERVICES):
        if live := current.get(service.target_group):
            yield TargetGroup(service.target_group, live.id, (service.port,))
    for balancer, services in ((classic.EXTERNAL, EXTERNAL_SERVICES), (classic.INTERNAL, INTERNAL_SERVICES)):
        if live := current.get(balancer):
            yield TargetGroup(balancer, live.id, tuple(service.port for service in services), classic=True)


def health_of(groups: Sequence[TargetGroup], reader: Asks) -> list[GroupHealth]:
    """How the targets of each group are, asked now. Raises Interrupted."""
    answers = reader.attempt([group.read for group in groups])
    found = []
    for group in groups:
        answer = answers[group.read]
        if isinstance(answer, AwsError):
            found.append(GroupHealth(group, trouble=answer))
        else:
            found.append(GroupHealth(group, list(_targets(group, answer))))
    return found


def unhealthy(health: Iterable[GroupHealth], machines: Sequence[Machine]) -> Iterator[str]:
    """What keeps these machines from being healthy in each of the groups, in words; nothing where all are."""
    for each in health:
        place = f"{each.group.logical_id} ({', '.join(map(str, each.group.ports))})"
        if each.trouble:
            yield f"{place}: {each.trouble}"
            continue
        for machine in machines:
            target = each.of(machine)
            if target is None or target.leaving:
                yield f"{place}: {machine.address} isn't registered"
            elif not target.healthy:
                yield f"{place}: {machine.address} is {target}"


def _targets(group: TargetGroup, pages: Sequence[Mapping[str, Any]]) -> Iterator[TargetHealth]:
    for page in pages:
        if group.classic:
            for item in page["InstanceStates"]:
                yield TargetHealth(item["InstanceId"], item["State"], *_told(item, "ReasonCode", "Description"))
            continue
        for item in page["TargetHealthDescriptions"]:
            health = item["TargetHealth"]
            yield TargetHealth(item["Target"]["Id"], health["State"], *_told(health, "Reason", "Description"))


def _told(item: Mapping[str, Any], *members: str) -> Iterator[str]:
    """What AWS says under these names; a classic balancer says N/A where there is nothing to say."""
    for member in members:
        said = str(item.get(member, ""))
        yield "" if said == _NO_REASON else said

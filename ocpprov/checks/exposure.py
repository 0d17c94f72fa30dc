"""What is open and no requirement needs it, as values, and whose it is: the plan's, or somebody else's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from ocpprov.engine.actions import Actions
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.ownership import claimed_by
from ocpprov.engine.resources import Live, Resource
from ocpprov.engine.suggestion import command_line
from ocpprov.openshift.machines import CLUSTER_TAG
from ocpprov.openshift.requirement_rows import rows_of

BY_THE_PLAN: Final = "by the plan"
NOT_OF_THE_PLAN: Final = "not of this plan"
NO_LONGER: Final = "no longer in the plan"
OTHERWISE: Final = "otherwise than the plan has it"


@dataclass(frozen=True)
class Exposure:
    """One opening. `component` is AWS's id of what is open, `resource` its logical id, empty where it has none.
    `allows` is what is let through or may be done, `exposed` what that lays open and to whom, `needed` the part of it
    that requirements need, empty where they need none of it; `origin` whose it is, `remedy` what closes it."""

    component: str
    resource: str
    allows: str
    exposed: str
    needed: str
    origin: str
    remedy: str

    def document(self) -> dict[str, Any]:
        """As in `verify --json`."""
        return {
            "component": self.component,
            "resource": self.resource,
            "allows": self.allows,
            "exposed": self.exposed,
            "needed": self.needed,
            "origin": self.origin,
            "remedy": self.remedy,
        }


@dataclass(frozen=True)
class Exposures:
    """`known` are openings that AWS's defaults and the documentation have, and that so count for nothing; `unread` is
    what nobody could judge, and why. Both are sentences."""

    open: Sequence[Exposure] = ()
    known: Sequence[str] = ()
    unread: Sequence[str] = ()

    def document(self) -> dict[str, Any]:
        """The members that `verify --json` has of it."""
        return {
            "exposures": [each.document() for each in self.open],
            "knownOpenings": list(self.known),
            "notJudged": list(self.unread),
        }


def all_of(found: Sequence[Exposures]) -> Exposures:
    """Everything, each thing once."""
    return Exposures(
        list(dict.fromkeys(each for part in found for each in part.open)),
        list(dict.fromkeys(each for part in found for each in part.known)),
        list(dict.fromkeys(each for part in found for each in part.unread)),
    )


@dataclass(frozen=True)
class Belongings:
    """Whose live things are. `logical_ids` are the plan's of those that it has now, by type and id; `former` are those
    that are its own and that it no longer wants. `apply` is the command that brings AWS to what the plan says."""

    region: str
    account: str
    apply: str
    logical_ids: Mapping[tuple[str, str], str] = field(default_factory=dict)
    resources: Mapping[str, Resource] = field(default_factory=dict)
    former: frozenset[tuple[str, str]] = frozenset()
    plan_known: bool = True
    of_cluster: frozenset[tuple[str, str]] = frozenset()

    def logical_id(self, type: str, id: str) -> str:
        """Empty where the plan has no such thing."""
        return self.logical_ids.get((type, id), "")

    def is_required(self, type: str, id: str) -> bool:
        """Whether a requirement is made of it."""
        return bool(rows_of(self.logical_id(type, id)))

    def origin(self, type: str, id: str) -> str:
        """In words; with the place in the plan's file where it is written there."""
        logical_id = self.logical_id(type, id)
        if logical_id:
            resource = self.resources.get(logical_id)
            where = resource.position if resource else None
            return f"{BY_THE_PLAN} ({where})" if where else BY_THE_PLAN
        if not self.plan_known:
            return f"by {id}"
        return NO_LONGER if (type, id) in self.former else f"{NOT_OF_THE_PLAN}: {id}"

    def remedy(self, type: str, id: str, *command: str) -> str:
        """What closes it: an edit of the plan, an apply, or AWS's command line with these words."""
        logical_id = self.logical_id(type, id)
        if logical_id:
            resource = self.resources.get(logical_id)
            where = f" ({resource.position})" if resource and resource.position else ""
            return f"take it out of the plan{where}, and {self.apply}"
        return self.apply if (type, id) in self.former else self.aws(*command)

    def aws(self, *command: str) -> str:
        """A command of the AWS CLI, in the region of the plan."""
        service, operation, *rest = command
        return command_line("aws", service, operation, "--region", self.region, *rest)


def belongings(actions: Actions, inventory: Inventory, apply: str, infra_id: str = "") -> Belongings:
    """Those of a plan that was compared with AWS."""
    logical_ids = {(live.type, live.id): id for id, live in actions.current.items()}
    ours = (live for live in inventory if claimed_by(live, actions.owner) and _is_proven(live, actions))
    return Belongings(
        actions.owner.region,
        actions.owner.account,
        apply,
        logical_ids,
        actions.graph.resources,
        frozenset((live.type, live.id) for live in ours) - logical_ids.keys(),
        of_cluster=frozenset((live.type, live.id) for live in inventory if _is_of_cluster(live, infra_id))
        - logical_ids.keys(),
    )


def _is_of_cluster(live: Live, infra_id: str) -> bool:
    """What its cloud provider has made for a service's load balancer: a group with its tag, or a rule that says so
    (cloud-provider-aws)."""
    described = str(live.properties.get("Description", "")).startswith(_FOR_A_SERVICE)
    return described or (bool(infra_id) and is_owned_by(infra_id, live.tags))


def is_owned_by(infra_id: str, tags: Mapping[str, str]) -> bool:
    """Whether tags say that a cluster made it."""
    return tags.get(f"{CLUSTER_TAG}{infra_id}") == "owned"


_FOR_A_SERVICE: Final = "kubernetes.io/rule/nlb/"


def _is_proven(live: Live, actions: Actions) -> bool:
    return (live.type, live.id) not in {claim.place for claim in actions.unproven}

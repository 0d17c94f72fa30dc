"""What a plan wants (`Resource`), whose it is (`Owner`), and what AWS has (`Live`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Literal

from ocpprov.engine.values import Value

DeletionPolicy = Literal["Delete", "Retain"]


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a file: line and column count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource as the plan describes it, in CloudFormation's words, with references to others unresolved.

    `parent` is set on what a kind takes out of another resource (a rule written inside its group, a record inside a
    record set group): the logical id of that resource.
    """

    logical_id: str
    type: str
    properties: Mapping[str, Value] = field(default_factory=dict)
    depends_on: tuple[str, ...] = ()
    deletion_policy: DeletionPolicy = "Delete"
    position: Position | None = None
    parent: str | None = None


@dataclass(frozen=True)
class Owner:
    """Whose resources these are: one plan (name, region) and, on what this run makes, the run.

    `cluster` is `<clusterName>.<baseDomain>`, empty without an openshift section. `plan_id` tells the plan from another
    of its name, where it has one. `user_tags` go on everything. `protect`: no destroy may take it away.
    """

    plan: str
    region: str
    account: str
    run: str
    cluster: str = ""
    plan_id: str = ""
    user_tags: Mapping[str, str] = field(default_factory=dict)
    protect: bool = False


class State(Enum):
    """Where a live resource stands, in one vocabulary for all services."""

    PENDING = "pending"
    READY = "ready"
    BROKEN = "broken"
    DELETING = "deleting"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Live:
    """One resource as AWS has it.

    `id` identifies it in calls; `ref` is what `Ref` gives where that is not the id (an address's public IP).
    `properties` are in the plan's words and shapes, normalised, with the ids of other
    resources where a plan has references; `attributes` are what `Fn::GetAtt` gives. `reason` is AWS's own text where
    the state is broken, and where it is pending what somebody else has to do first, in words. `claim` holds ownership
    facts that it carries outside its tags, by tag key (a zone's
    CallerReference). `service_owned` marks AWS's own rows (a local route, a main table, a group's default egress),
    which are never shown, changed or deleted, unless a planned resource supersedes them. `unanswered` are the
    properties of which the answer says neither a value nor that there is none. `known_as` is the logical id that it was
    made as where its tags are those of another one (empty where nobody knows it), None where they are believed.
    """

    type: str
    id: str
    properties: Mapping[str, Value]
    attributes: Mapping[str, Value] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    state: State = State.READY
    reason: str = ""
    ref: str = ""
    claim: Mapping[str, str] = field(default_factory=dict)
    service_owned: bool = False
    unanswered: frozenset[str] = frozenset()
    known_as: str | None = None


@dataclass(frozen=True)
class Created:
    """The answer to a create: the id, attributes (`GetAtt`) where the answer has them, and what `Ref` gives where
    that is not the id."""

    id: str
    attributes: Mapping[str, Value] = field(default_factory=dict)
    ref: str = ""

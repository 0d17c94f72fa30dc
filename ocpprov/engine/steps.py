"""What a run sends to AWS, one class for each sort of step.

Steps wait for each other by name. The functions below are the only place that knows how names are spelt.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from ocpprov.engine.ownership import LedgerEntries
from ocpprov.engine.resources import Live, Resource
from ocpprov.engine.values import Value


@dataclass(frozen=True, slots=True)
class TagEdit:
    """Tags to put and keys to remove on one resource."""

    put: Mapping[str, str] = field(default_factory=dict)
    remove: Sequence[str] = ()

    def __bool__(self) -> bool:
        return bool(self.put or self.remove)


NO_TAG_EDIT: Final = TagEdit()


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One piece of work, done when all steps in `after` are done.

    Steps of one `batch` go to AWS in one call. `seconds` is the expected duration, used only to put slow work first.
    """

    name: str
    type: str
    logical_id: str
    after: frozenset[str] = frozenset()
    batch: Hashable | None = None
    seconds: float = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class CreateStep(Step):
    """Make what isn't there. `remembered` goes into its tags."""

    resource: Resource
    remembered: LedgerEntries = field(default_factory=LedgerEntries)


@dataclass(frozen=True, kw_only=True, slots=True)
class UpdateStep(Step):
    """Change what is there: tags, then the properties named in `changed`. `keep` holds, by property, what others added
    to a shared list and must stay in it."""

    resource: Resource
    live: Live
    changed: Sequence[str] = ()
    keep: Mapping[str, Sequence[Value]] = field(default_factory=dict)
    tags: TagEdit = NO_TAG_EDIT


@dataclass(frozen=True, kw_only=True, slots=True)
class DetachStep(Step):
    """Take out of lists what has to be deleted before its successor is there: `rest` is what stays in each. The update
    that comes later puts the successor in."""

    live: Live
    rest: Mapping[str, Sequence[Value]]


@dataclass(frozen=True, kw_only=True, slots=True)
class DeleteStep(Step):
    """Delete, and wait until it is gone. `along` names the step that deletes what AWS takes it away with: then nothing
    is sent, and it is gone when that is."""

    live: Live
    along: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class RetainStep(Step):
    """Leave it to its user (`DeletionPolicy: Retain`): our tags go."""

    live: Live
    tags: TagEdit


@dataclass(frozen=True, kw_only=True, slots=True)
class TagStep(Step):
    """Write a ledger once the changes that it remembers are done."""

    live: Live
    tags: TagEdit


@dataclass(frozen=True, kw_only=True, slots=True)
class Barrier(Step):
    """No work: it is done when all in `after` are. Many that wait for many wait for one of these instead."""

    type: str = ""
    logical_id: str = ""
    seconds: float = 0


def build_name(logical_id: str) -> str:
    """The step that makes or changes a wanted resource."""
    return f"build {logical_id}"


def detach_name(logical_id: str) -> str:
    """The step by which a wanted resource lets go of what is deleted before its successor is there."""
    return f"detach {logical_id}"


def delete_name(type: str, id: str) -> str:
    """The step that deletes or retains a live resource."""
    return f"delete {type} {id}"


def barrier_name(*about: object) -> str:
    """The step that stands for the end of many."""
    return " ".join(["all of", *map(str, about)])


def ledger_name(ledger: str, logical_id: str) -> str:
    """The step that writes one ledger of a resource at the end."""
    return f"ledger {ledger} {logical_id}"

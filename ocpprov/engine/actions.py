"""What a run would do, as values. `plan`, `apply`, `destroy` and the JSON output are readers of the same actions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from ocpprov.engine.claims import UnprovenClaim
from ocpprov.engine.graph import Graph
from ocpprov.engine.resources import Live, Owner
from ocpprov.engine.steps import Step, build_name, delete_name
from ocpprov.engine.values import Value
from ocpprov.engine.verb_counts import verb_counts


class Verb(Enum):
    """What happens to one resource."""

    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    DELETE = "delete"
    KEEP = "keep"
    ADOPT = "adopt"
    FORGET = "forget"
    SWEEP = "sweep"


_TAG: Final = "Tags."


def tag_of(property: str) -> str:
    """The key of the tag that a change is about, by its property; empty where it isn't about a tag."""
    return property.removeprefix(_TAG) if property.startswith(_TAG) else ""


@dataclass(frozen=True, slots=True)
class Change:
    """One property: from what to what. `property` is a path such as `CidrBlock` or `Tags.costCentre`."""

    property: str
    before: Value
    after: Value


def tag_change(key: str, before: str | None, after: str | None) -> Change:
    """That of one tag; None is none."""
    return Change(f"{_TAG}{key}", before, after)


@dataclass(frozen=True, slots=True)
class Action:
    """What the run does to one resource, and why. `interrupts`: for a while neither the old nor the new one is there.

    `guarded`: replacing or deleting it needs `--allow` with its logical id in an apply. `guarded_ids`: AWS's ids of
    what of it goes only with `--allow` and that id, as it may be another plan's of the same name.
    """

    resource: str
    type: str
    verb: Verb
    id: str = ""
    changes: Sequence[Change] = ()
    reason: str = ""
    interrupts: bool = False
    guarded: bool = False
    guarded_ids: Sequence[str] = ()

    @property
    def step_name(self) -> str:
        """The step that does it."""
        if self.verb in (Verb.DELETE, Verb.SWEEP, Verb.FORGET):
            return delete_name(self.type, self.id)
        return build_name(self.resource)


@dataclass(frozen=True)
class Unmanaged:
    """Something that other people added to what is ours: reported, and left alone unless (not `is_left`) AWS deletes it
    with what it is in."""

    resource: str
    what: str
    is_left: bool = True


@dataclass(frozen=True)
class Actions:
    """The outcome of planning. `current` are the live resources that stay, by logical id. `problems` are things that
    make the plan impossible (somebody else's resource in the way): each a sentence, nothing may be sent. `proven` are
    type and id of what was found to be this plan's; `unproven` carry this plan's tags, and nothing shows that they are
    its own: listed, left alone."""

    owner: Owner
    graph: Graph
    actions: Sequence[Action]
    steps: Sequence[Step]
    current: Mapping[str, Live]
    others: Sequence[Unmanaged] = ()
    notes: Sequence[str] = ()
    problems: Sequence[str] = ()
    proven: frozenset[tuple[str, str]] = frozenset()
    unproven: Sequence[UnprovenClaim] = ()

    @property
    def changes(self) -> list[Action]:
        """Every action that isn't `keep`."""
        return [action for action in self.actions if action.verb is not Verb.KEEP]

    def summary(self) -> dict[str, int]:
        """Counts by verb: create, update, replace, delete and keep always, the rarer ones where they occur."""
        return counted(self.actions)


def counted(actions: Iterable[Action]) -> dict[str, int]:
    """These actions, by verb."""
    return verb_counts(action.verb.value for action in actions)

"""A run's surroundings on the scripted cloud: what it does, and what can be seen of it afterwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from ocpprov.engine.actions import Actions
from ocpprov.engine.events import Event, EventKind
from ocpprov.engine.graph import Graph
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.ownership import PLAN, RESOURCE, revision
from ocpprov.engine.resources import Live, Owner, Resource, State
from ocpprov.engine.steps import CreateStep, DeleteStep, Step, build_name, delete_name
from ocpprov.kinds.contract import Kind
from ocpprov.kinds.reads import Found
from ocpprov.reconcile.context import Context, LiveState
from ocpprov.runs.journal import Journal, Record, account_region, read
from tests.reconcile.cloud import START, Cloud, Item, Lists
from tests.reconcile.things import KINDS, Thing

OWNER: Final = Owner("lab", "eu-west-1", "123456789012", "run-2")
ISOLATED: Final = Owner("lab", "us-iso-east-1", "123456789012", "run-2")


@dataclass
class Events:
    """Keeps what is told. `about` is called with each."""

    told: list[Event] = field(default_factory=list)
    about: Callable[[Event], None] = lambda _: None

    def emit(self, event: Event) -> None:
        self.told.append(event)
        self.about(event)

    def texts(self) -> list[str]:
        return [f"{event.kind.value} {event.resource or event.type}" for event in self.told]

    def of(self, kind: EventKind) -> list[Event]:
        return [event for event in self.told if event.kind is kind]

    def seconds(self) -> float:
        """That retries waited."""
        return sum(float(str(event.detail["seconds"])) for event in self.of(EventKind.RETRYING))


def wanted(kind: Kind, logical_id: str, **properties: Any) -> Resource:
    """One resource of a plan, by default named after its logical id."""
    return Resource(logical_id, kind.type, {"Name": logical_id.lower(), **properties})


def step_of(resource: Resource) -> CreateStep:
    return CreateStep(
        name=build_name(resource.logical_id), type=resource.type, logical_id=resource.logical_id, resource=resource
    )


def deletion_of(logical_id: str, live: Live) -> DeleteStep:
    return DeleteStep(name=delete_name(live.type, live.id), type=live.type, logical_id=logical_id, live=live)


def live_of(item: Item, state: State = State.READY) -> Live:
    """As the run found it."""
    return Live(item.type, item.id, dict(item.properties), {"Arn": f"arn:{item.id}"}, dict(item.tags), state)


def ours(logical_id: str, owner: Owner = OWNER) -> dict[str, str]:
    """The tags by which a thing is known to be this plan's."""
    return {PLAN: owner.plan, RESOURCE: logical_id}


class World:
    """One run. `before` is what was found when it began, `current` what of it is whose; `earlier` are the open intents
    of an earlier process, each with its age in seconds, and `begun` what these say of what has no tags."""

    def __init__(
        self,
        folder: Path,
        *,
        owner: Owner = OWNER,
        before: Sequence[Live] = (),
        current: Mapping[str, Live] | None = None,
        earlier: Sequence[tuple[Resource, float]] = (),
        kinds: Mapping[str, Kind] = KINDS,
        begun: Mapping[tuple[str, str], str] = MappingProxyType({}),
    ) -> None:
        self.cloud = Cloud()
        self.clock = self.cloud.clock
        self.events = Events()
        self.owner = owner
        self.kinds = kinds
        self.needs: dict[str, frozenset[str]] = {}
        self._path = folder / "journal.jsonl"
        self._earlier = _write_earlier(self._path, kinds, earlier)
        self.journal = Journal(self._path, account_region(owner.account, owner.region))
        lives: dict[str, list[Live]] = {}
        for live in before:
            lives.setdefault(live.type, []).append(live)
        self.live_state = LiveState(self.actions(current=current), Inventory(lives), Found(owner, begun=begun))
        clients: Any = self.cloud
        reader: Any = Lists(self.cloud)
        self.context = Context(owner, kinds, clients, reader, self.clock, self.journal, self.events, self.live_state)

    def actions(self, *steps: Step, current: Mapping[str, Live] | None = None) -> Actions:
        return Actions(self.owner, Graph({}, self.needs), [], steps, current or {})

    def has(self, kind: Kind, id: str, tags: Mapping[str, str] = MappingProxyType({}), /, **properties: Any) -> Item:
        """Something is there; answers with it, to be changed further."""
        return self.cloud.put(Item(id, kind.type, properties, dict(tags)))

    def records(self) -> list[Record]:
        """What this run wrote in the journal."""
        return list(read(self._path))[self._earlier :]

    def journalled(self) -> list[str]:
        """The same in words: event, logical id, and the id where it is known."""
        return [f"{record.event} {record.resource} {record.id}".rstrip() for record in self.records()]


def _write_earlier(path: Path, kinds: Mapping[str, Kind], earlier: Sequence[tuple[Resource, float]]) -> int:
    journal = Journal(path)
    for resource, age in earlier:
        revision_ = revision(kinds[resource.type], resource.properties)
        token = f"old-{resource.logical_id}"
        journal.write(Record("intent", START - age, "run-1", resource.logical_id, resource.type, revision_, token))
    journal.close()
    return len(earlier)


def outcome(work: Callable[[], object]) -> BaseException | None:
    """What came of it."""
    try:
        work()
    except BaseException as error:
        return error
    return None


THING: Final = KINDS[Thing.type]

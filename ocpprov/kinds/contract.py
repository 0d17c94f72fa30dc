"""The contract of a kind: everything ocpprov knows about one AWS type, in one file per type.

A kind states facts as data, turns AWS's answers into `Live` values (pure), and sends single requests. It never sleeps,
retries, logs, prints or reads the clock: that is done for all kinds in `reconcile/`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

from ocpprov.engine.bound import strings
from ocpprov.engine.kind_facts import Identity, Property, ReadyFor, UniqueKey
from ocpprov.engine.ownership import RESOURCE
from ocpprov.engine.resources import Created, Live, Owner, Resource
from ocpprov.engine.values import Value
from ocpprov.kinds.reads import Found, Pages, Read

if TYPE_CHECKING:
    from ocpprov.aws.clients import Clients


class Subject(Enum):
    """What a reader looks for a type under."""

    NETWORK = "Network"
    SECURITY_GROUPS = "Security groups"
    LOAD_BALANCERS = "Load balancers"
    DNS = "DNS"
    ROLES = "Roles"
    STORAGE = "Storage"


_SUBJECTS: Final = {
    "ec2": Subject.NETWORK,
    "elb": Subject.LOAD_BALANCERS,
    "elbv2": Subject.LOAD_BALANCERS,
    "route53": Subject.DNS,
    "iam": Subject.ROLES,
    "s3": Subject.STORAGE,
}
_GLOBAL_SERVICES: Final = ("iam", "route53", "s3")


def key_text(key: UniqueKey) -> str:
    """A unique key as the journal has it."""
    return " ".join(map(str, key))


@dataclass(frozen=True)
class CreateRequest:
    """What one create call gets: properties resolved and in the plan's words, all tags, and a token of at most
    64 ASCII characters that is new for every intent and the same for its re-sends."""

    logical_id: str
    properties: Mapping[str, Any]
    tags: Mapping[str, str]
    token: str
    owner: Owner

    def tag_argument(self) -> dict[str, Any]:
        """`Tags` as most create calls take them, none where there are none, which they refuse."""
        return {"Tags": [{"Key": key, "Value": value} for key, value in self.tags.items()]} if self.tags else {}


@dataclass(frozen=True)
class Lingering:
    """What AWS keeps for a while of one that it has deleted, and refuses meanwhile: the deletion of what is of `types`
    and that it referred to, or that goes after it. It is waited for as long as the kind `shown_by` lists it, under the
    name `shown_as`; where nothing shows it, for so many `seconds`."""

    types: Sequence[str]
    seconds: float = 0
    shown_by: Kind | None = None
    shown_as: Callable[[Live], str] = lambda live: live.id


@dataclass(frozen=True)
class Permissions:
    """IAM actions, `service:Action`."""

    read: Sequence[str] = ()
    create: Sequence[str] = ()
    update: Sequence[str] = ()
    delete: Sequence[str] = ()


class Kind(ABC):
    """One AWS type. Class attributes are the facts: those that the engine asks for are explained in `KindFacts`.

    `type`: CloudFormation's name of it, `properties` those that a plan may give, `permissions` the IAM actions that its
    calls need. `identity`: how what is ours is known, `tag_limit`: how many tags one takes, 0 for none.
    `id_prefix`: how its ids begin, where others must be told from them.
    `attributes`: the names that `Fn::GetAtt` may use. `name_limit`: length of a generated name. `typical_seconds`: how
    long it takes at least to get ready on AWS, `typical_deletion_seconds` to go. `create_deadline` and
    `delete_deadline`: seconds after which waiting is given up. `settles`: creation and deletion go on after the answer,
    so their end is awaited.
    `stands_in`: properties with subnets that have to stay in one VPC. `goes_with_parent`: AWS removes it together with
    what it belongs to, so no delete call is needed then. `ends_with`: the same of what is told when it is gone (a
    listener): the property with the id of what it belongs to.
    `lingers`: what is left of one for a while after it is gone, and whose deletion AWS refuses until then.
    `tags_at_create`: false where the create call takes no tags, so that `tag` follows it at once (a hosted zone).
    `tags_may_follow`: the same is done in partitions where the create call refuses tags; in doubt the resource is then
    known by its unique key or its token.
    `holds_parent`: for a link, AWS refuses to delete its parent while it is there, whoever made it.
    `listed_by`: the property with the name under which a listing without tags has it, where that is no `name_property`.
    `exclusive_sort`: the word by which a plan asks for none but its own (`rules`).
    `bound_by`: the properties that say where one lies, or its name: what `ocpprov:bound` has of it.
    `subject`: what a reader looks for it under, by service where nothing else is said. `tells`: the few properties that
    tell a reader which one it is. `noun`: what those are called that are counted with what they belong to ("25 rules").
    `billed_as`: what one is called where each hour of it costs money.
    `ready_for`: what AWS takes only when this one is ready, so that it waits for that; the rest only needs it to exist.
    `ownership_delegate`: the property that refers to what speaks for one that CloudFormation made, which can't tag this
    type.
    """

    type: str
    service: str
    properties: Sequence[Property]
    attributes: Sequence[str] = ()
    permissions: Permissions = Permissions()
    identity: Identity = Identity.TAGS
    tags_property: str = "Tags"
    tag_limit: int = 50
    tags_at_create: bool = True
    tags_may_follow: bool = False
    name_property: str | None = None
    listed_by: str | None = None
    ownership_delegate: str = ""
    name_limit: int = 255
    protected: bool = False
    takes_name_tag: bool = True
    is_network: bool = False
    id_prefix: str = ""
    """How AWS's ids of the type begin; empty where no other type's ids are of this service."""
    network_property: str = "VpcId"
    exclusive_sort: str = ""
    bound_by: Sequence[str] = ()
    bound_by_id: bool = False
    stands_in: Sequence[str] = ()
    delete_after: Sequence[str] = ()
    typical_seconds: float = 1
    typical_deletion_seconds: float = 0
    settles: bool = False
    ready_for: Sequence[ReadyFor] = ()
    parent_property: str = ""
    lies_in: str = ""
    goes_with_parent: bool = False
    ends_with: str = ""
    lingers: Lingering | None = None
    holds_parent: bool = False
    create_deadline: float = 600
    delete_deadline: float = 900
    subject: Subject | None = None
    tells: Sequence[str] = ()
    noun: str = ""
    billed_as: str = ""

    def billed(self, properties: Mapping[str, Value]) -> str:
        """What one is called on the bill that grows with every hour that it is there; empty where none does. Pure."""
        return self.billed_as

    def billed_units(self, properties: Mapping[str, Value]) -> int:
        """How often an hour of one is billed, where it is billed at all. Pure."""
        return 1

    def subject_of(self) -> Subject:
        """What a reader looks for it under."""
        return self.subject or _SUBJECTS[self.service]

    @property
    def bound_as(self) -> str:
        return self.type

    def bound_parts(self, properties: Mapping[str, Value]) -> Sequence[str] | None:
        return strings(properties, self.bound_by)

    @property
    def is_global(self) -> bool:
        return self.service in _GLOBAL_SERVICES

    def network_of(self, live: Live) -> str:
        network = live.id if self.is_network else live.properties.get(self.network_property)
        return network if isinstance(network, str) else ""

    @abstractmethod
    def reads(self, found: Found) -> Sequence[Read]:
        """All reads that would find this type's live resources, given what is known; asked again each round."""

    def state_reads(self, found: Found) -> Sequence[Read]:
        """Those of the reads that tell how far each has got: what is asked again and again until it is ready or gone,
        in one round. For kinds that `settle` and whose `reads` ask for more."""
        return self.reads(found)

    def by_id(self, id: str) -> Read | None:
        """The one that AWS refuses where it has no such resource, so that no list, with something in it or not, stands
        for an answer; None for what has no such call."""
        return None

    @abstractmethod
    def parse(self, pages: Pages) -> Sequence[Live]:
        """Every live resource of this type in the answers, each once. Pure."""

    def claim(self, live: Live, found: Found) -> Mapping[str, str]:
        """What proves whose one is that carries no tag of ours, by tag key; empty where nothing does. Pure.

        What an unfinished run was about to make when it ended, and is there without any tag, is that run's."""
        keys = [] if live.tags else [key_text(key) for key in self.unique(live.properties)]
        begun = next((found.begun[self.type, key] for key in keys if (self.type, key) in found.begun), "")
        return {**found.owner_tags(), RESOURCE: begun} if begun else {}

    @abstractmethod
    def create(self, clients: Clients, request: CreateRequest) -> Created:
        """Send the create once."""

    def as_created(self, properties: Mapping[str, Value]) -> Mapping[str, Value]:
        """What of its wanted properties one has right after its creation: all but those that follow it. Pure."""
        late = {row.name for row in self.properties if row.after_create}
        return {name: value for name, value in properties.items() if name not in late}

    @abstractmethod
    def delete(self, clients: Clients, live: Live) -> None:
        """Send the delete once."""

    def with_contents(self, live: Live, found: Found) -> Live:
        """The same, with what `delete` has to take out of it first, as far as that was found. Pure."""
        return live

    def update(self, clients: Clients, live: Live, desired: Mapping[str, Any], changed: Sequence[str]) -> None:
        """Change the properties named in `changed` to their `desired` values, in place. Each call idempotent."""
        raise NotImplementedError(f"{self.type} has nothing that can be changed in place")

    def tag(self, clients: Clients, live_id: str, set_tags: Mapping[str, str], remove: Sequence[str]) -> None:
        """Put and remove tags."""
        raise NotImplementedError(f"{self.type} has no tags")

    def normalise(self, properties: Mapping[str, Value]) -> Mapping[str, Value]:
        """The plan's properties in the shape that `parse` gives live ones (names without trailing dot, protocol
        names, sorted values). Unknown and unresolved values stay as they are."""
        return properties

    def generated(self, name: str) -> str:
        """A generated name (letters, digits, `-`) in the spelling that the service takes."""
        return name

    def permissions_beside(self, properties: Mapping[str, Value], region: str) -> Permissions:
        """Actions that a resource with these properties needs beside its kind's `permissions`, in a plan's region:
        those that AWS asks for by what is wanted, not by the call. Pure."""
        return Permissions()

    def predict_created(self, properties: Mapping[str, Value], owner: Owner) -> Created | None:
        """What a creation is going to answer, where the name (given or generated) already tells; None where AWS
        chooses it. Pure."""
        return None

    def unique(self, properties: Mapping[str, Value]) -> Sequence[UniqueKey]:
        return ()

    def key(self, properties: Mapping[str, Value]) -> UniqueKey | None:
        return None

    def references(self, live: Live) -> Sequence[str]:
        return ()

    def supersedes(self, properties: Mapping[str, Value]) -> Sequence[UniqueKey]:
        return ()

    def ledger_entry(self, properties: Mapping[str, Value]) -> str | None:
        return None

    def member(self, name: str, item: Value) -> str | None:
        return item if isinstance(item, str) else None

    def former_member(self, name: str, item: Value) -> str | None:
        return None

    def set_by_others(
        self, live: Live, wanted: Mapping[str, Value], rows: Mapping[str, Sequence[Live]], asked: Collection[str]
    ) -> Iterable[str]:
        return ()

    def expand(self, resource: Resource) -> Sequence[Resource]:
        return (resource,)

    def implied_needs(self, resource: Resource, resources: Mapping[str, Resource]) -> Iterable[str]:
        return ()

    def completes(self, live: Live, owner: Owner) -> bool:
        """Whether one that isn't ready waits for something that we do ourselves (to accept it). Pure."""
        return False

    def complete(self, clients: Clients, live: Live) -> None:
        """Do it. The same when done twice: it looks first."""
        raise NotImplementedError(f"{self.type} waits for nothing of ours")

    def seconds_to_make(self, properties: Mapping[str, Value]) -> float:
        return self.typical_seconds

    def batch(self, properties: Mapping[str, Value]) -> Hashable | None:
        return None

    def delete_batch(self, properties: Mapping[str, Value]) -> Hashable | None:
        return self.batch(properties)

    def create_many(self, clients: Clients, requests: Sequence[CreateRequest]) -> Sequence[Created]:
        """For kinds with a `batch`: all of one batch in one call, in the order of the requests."""
        return [self.create(clients, request) for request in requests]

    def delete_many(self, clients: Clients, lives: Sequence[Live]) -> None:
        """For kinds with a `batch`, or a `delete_batch`: all of one batch in one call."""
        for live in lives:
            self.delete(clients, live)

"""The facts about one AWS type: what the engine asks of a kind, and the rows of its properties. Checker, JSON Schema,
documentation and drift read the same rows."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, Literal, Protocol

from ocpprov.engine.resources import Created, Live, Owner, Resource
from ocpprov.engine.values import Value

UniqueKey = tuple[Hashable, ...]


class NotCompared:
    """The default of a property that the plan may leave to AWS: not given means not looked at."""

    def __repr__(self) -> str:
        return "not compared"


NOT_COMPARED: Final = NotCompared()

PropertyType = Literal["string", "integer", "number", "boolean", "list", "map", "object", "json"]


class ListRule(Enum):
    """Whether others may add to a list of ours (`CONTAINS`) or it is ours alone (`EXCLUSIVE`)."""

    EXCLUSIVE = "exclusive"
    CONTAINS = "contains"


@dataclass(frozen=True, slots=True)
class ReadyFor:
    """AWS takes a resource of `type` only when what it refers to with the property `through` is ready; with whatever it
    needs, where that is empty. `refusal` is what AWS says or does before, `source` where that is known from."""

    type: str
    refusal: str
    source: str
    through: str = ""


@dataclass(frozen=True)
class Property:
    """One row of a type's table.

    `type` is JSON's word, `json` meaning any document (a policy). `items` describes a list's items, `properties` an
    object's members. `create_only`: AWS can't change it in place. `after_create`: the create call doesn't take it, so
    an update call follows the create. `default` is what an absent property means; `NOT_COMPARED` leaves it to AWS.
    `compared` is false for what AWS doesn't keep (the path of a local file).
    `may_be_absent`: AWS's answers leave a property, or a member of an object, out where it has no value, so its absence
    says something. Of all others it says that the answer isn't whole, which is no reason to change anything.
    `list_rule` holds for lists, for the statements of a policy document, and for an object's `Rules`.
    `once_per`: of what stands in a list to which others may add, AWS takes only one for each value of this property of
    what it names (a subnet's zone): theirs gives way to the plan's.
    `other_form`: the property that has the same list in other words, and which a plan gives in place of this one.
    `ordered`: the order of the list's items means something, as that of name servers, asked one after another.
    `keeps_one`: AWS lets nobody take the last item of the list away.
    `pattern` is a regular expression for the whole string, `longest` the most characters that it may have, `format` one
    of `cidr`, `ipv4`, `domain`, or empty.
    """

    name: str
    type: PropertyType
    required: bool = False
    create_only: bool = False
    after_create: bool = False
    default: Value | NotCompared = NOT_COMPARED
    allowed: Sequence[Value] = ()
    pattern: str = ""
    longest: int | None = None
    format: Literal["", "cidr", "ipv4", "domain"] = ""
    minimum: int | None = None
    maximum: int | None = None
    items: Property | None = None
    properties: Sequence[Property] = field(default_factory=tuple)
    list_rule: ListRule = ListRule.EXCLUSIVE
    ordered: bool = False
    keeps_one: bool = False
    once_per: str = ""
    other_form: str = ""
    compared: bool = True
    may_be_absent: bool = False
    documentation: str = ""


class Identity(Enum):
    """By what a live resource is known to be ours.

    `TAGS`: its own tags name plan and logical id. `SHARED_TAGS`: its tags name the plan only, `key` says which one it
    is (group rules). `LINK`: ours when its one-sided end is ours (OWNERSHIP.md 11). `LEDGER`: remembered in a tag of
    its parent (OWNERSHIP.md 10).
    """

    TAGS = "tags"
    SHARED_TAGS = "shared-tags"
    LINK = "link"
    LEDGER = "ledger"


class KindFacts(Protocol):
    """What planning needs to know about one type of resource. All of it is pure."""

    @property
    def type(self) -> str:
        """CloudFormation's name: `AWS::EC2::Subnet`."""
        ...

    @property
    def properties(self) -> Sequence[Property]: ...

    @property
    def identity(self) -> Identity: ...

    @property
    def tags_property(self) -> str:
        """The property that holds a list of `{Key, Value}`: `Tags`, a zone's `HostedZoneTags`, or empty."""
        ...

    @property
    def tag_limit(self) -> int: ...

    @property
    def name_property(self) -> str | None:
        """The property that is generated when the plan doesn't give it (`GroupName`), or None."""
        ...

    @property
    def name_limit(self) -> int:
        """Length of a generated name, in characters."""
        ...

    def generated(self, name: str) -> str:
        """A generated name in the spelling that the service takes."""
        ...

    @property
    def stands_in(self) -> Sequence[str]:
        """Properties with subnets that have to be of one VPC, which can't be another one later."""
        ...

    @property
    def is_global(self) -> bool:
        """Whether one exists outside regions, so that its tags name the region and its generated name is of one."""
        ...

    @property
    def takes_name_tag(self) -> bool:
        """Whether it gets the tag `Name`."""
        ...

    @property
    def is_network(self) -> bool:
        """Whether it is a network (a VPC) that others lie in."""
        ...

    @property
    def network_property(self) -> str:
        """The property with the id of the network that one lies in."""
        ...

    @property
    def exclusive_sort(self) -> str:
        """The word in a plan's `exclusive` by which others' go from what is the plan's; empty where there is none."""
        ...

    @property
    def bound_by(self) -> Sequence[str]:
        """The properties that say where one lies and what AWS allows once of it, such as its name."""
        ...

    @property
    def bound_as(self) -> str:
        """What `ocpprov:bound` calls the type."""
        ...

    @property
    def tags_at_create(self) -> bool:
        """Whether the create call takes tags; where it doesn't, a reference in it says whose it is (a hosted zone)."""
        ...

    @property
    def listed_by(self) -> str | None:
        """The property with its name, where that is no `name_property` and is never generated (a zone's domain)."""
        ...

    @property
    def ownership_delegate(self) -> str:
        """The property that refers to what may speak for one without tags (a profile's role); empty for others."""
        ...

    @property
    def bound_by_id(self) -> bool:
        """Whether AWS allows any number of them, all alike, so that only its own id tells one from another."""
        ...

    def bound_parts(self, properties: Mapping[str, Value]) -> Sequence[str] | None:
        """Where one lies, and what AWS allows once of it: what `ocpprov:bound` says before the own id. Empty where
        there is nothing of the kind, None where a part isn't known."""
        ...

    def network_of(self, live: Live) -> str:
        """The id of the network that it lies in, or is; empty where it says none."""
        ...

    @property
    def protected(self) -> bool:
        """Whether replacing or deleting one in an apply needs `--allow` (OWNERSHIP.md 22)."""
        ...

    @property
    def delete_after(self) -> Sequence[str]:
        """Types of which none may be left in the same VPC when this one is deleted."""
        ...

    @property
    def parent_property(self) -> str:
        """For a type without an identity of its own: the property with the id by which it is ours (a link's one-sided
        end, a ledger's parent, a rule's group)."""
        ...

    @property
    def lies_in(self) -> str:
        """For a type with an identity of its own: the property with the id of what has to be ours, too (an object's
        bucket); empty where it may be anybody's."""
        ...

    @property
    def goes_with_parent(self) -> bool:
        """Whether AWS removes one together with what it belongs to (a route with its table)."""
        ...

    @property
    def ends_with(self) -> str:
        """The property with the id of what AWS removes one together with (a listener's balancer). Where that is deleted
        in the same run, the one is told as deleted, too, and nothing is sent for it; empty where AWS wants it deleted
        by itself, or `goes_with_parent` and isn't told at all."""
        ...

    @property
    def holds_parent(self) -> bool:
        """For a link: whether AWS refuses to delete what it belongs to while it is there."""
        ...

    @property
    def typical_seconds(self) -> float:
        """How long one takes at least to get ready on AWS: for putting the slow ones first, and for when to look."""
        ...

    def seconds_to_make(self, properties: Mapping[str, Value]) -> float:
        """The same of one with these properties, where those of a type differ much."""
        ...

    @property
    def typical_deletion_seconds(self) -> float:
        """The same of its deletion."""
        ...

    @property
    def ready_for(self) -> Sequence[ReadyFor]:
        """What AWS takes only when this one is ready. Everything else can refer to it as soon as it exists."""
        ...

    @property
    def service(self) -> str:
        """The service that it is made with, as boto3 names it: `ec2`."""
        ...

    def predict_created(self, properties: Mapping[str, Value], owner: Owner) -> Created | None:
        """What a creation is going to answer, where the name (given or generated) already tells; None where AWS
        chooses it."""
        ...

    def normalise(self, properties: Mapping[str, Value]) -> Mapping[str, Value]:
        """The plan's properties in the shape that live ones have; unknown values stay as they are."""
        ...

    def unique(self, properties: Mapping[str, Value]) -> Sequence[UniqueKey]:
        """Keys that AWS allows only once. An `IPv4Network` inside a key clashes with every overlapping one."""
        ...

    def key(self, properties: Mapping[str, Value]) -> UniqueKey | None:
        """For a type without tags of its own: what identifies one; None where a part is not known yet."""
        ...

    def references(self, live: Live) -> Sequence[str]:
        """Ids of the other resources that the live one holds on to: it goes (or lets go) before they can be deleted."""
        ...

    def supersedes(self, properties: Mapping[str, Value]) -> Sequence[UniqueKey]:
        """Keys of AWS's own rows of this type that must go once this resource is there (a group's default egress)."""
        ...

    def ledger_entry(self, properties: Mapping[str, Value]) -> str | None:
        """For a child remembered on its parent's ledger: kind and natural key relative to it, such as `r 0.0.0.0/0`.
        For a link the same where its other end is no reference: `block 100.64.0.0/16`."""
        ...

    def member(self, name: str, item: Value) -> str | None:
        """For an item of the property `name`, a list that others may add to: what identifies it, as it is remembered
        in the ledger; None while it isn't known."""
        ...

    def former_member(self, name: str, item: Value) -> str | None:
        """How earlier versions remembered it, where they did so otherwise: less exactly."""
        ...

    def set_by_others(
        self, live: Live, wanted: Mapping[str, Value], rows: Mapping[str, Sequence[Live]], asked: Collection[str]
    ) -> Iterable[str]:
        """What somebody has set, in words, where the plan says nothing and AWS's default is meant. `rows` lie in it, by
        type; of the types `asked` the plan has some."""
        ...

    def expand(self, resource: Resource) -> Sequence[Resource]:
        """The resource itself, and apart from it whatever AWS keeps as resources of their own (rules in a group)."""
        ...

    def implied_needs(self, resource: Resource, resources: Mapping[str, Resource]) -> Iterable[str]:
        """Logical ids of what AWS wants there before this one, of all resources of the plan, although nothing in it
        refers to them: a subnet's block, a route's attachment."""
        ...

    def batch(self, properties: Mapping[str, Value]) -> Hashable | None:
        """Resources with the same batch are made in one call; None for one call each."""
        ...

    def delete_batch(self, properties: Mapping[str, Value]) -> Hashable | None:
        """The same for deletions."""
        ...

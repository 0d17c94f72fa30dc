"""What a kind is found by: the calls that it asks for, their answers, and what is known when it asks.

All of it is values: `reconcile/` makes the calls, for all kinds at once.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from ocpprov.engine.ownership import PLAN, RECORDS, REGION, claimed_by, decode_ledger
from ocpprov.engine.resources import Live, Owner


@dataclass(frozen=True, slots=True)
class Read:
    """One describe or list call, to its last page: service and operation as boto3 names them (`ec2`,
    `describe_subnets`). Two equal reads are made once. Make them with `read()`, or, for what may be somebody else's
    who lets us not look, with `read_if_allowed()`. One about several things names them in a single list of strings:
    where AWS refuses to speak of all because one is gone, each is asked for by itself."""

    service: str
    operation: str
    parameters: tuple[tuple[str, Hashable], ...] = ()
    may_be_denied: bool = False

    def arguments(self) -> dict[str, Any]:
        """The parameters as boto3 takes them."""
        return {name: _thaw(value) for name, value in self.parameters}


def read(service: str, operation: str, **parameters: Any) -> Read:
    """A `Read` from boto3's own arguments."""
    return Read(service, operation, tuple((name, _freeze(value)) for name, value in sorted(parameters.items())))


def read_if_allowed(service: str, operation: str, **parameters: Any) -> Read:
    """The same, where no permission, or no such operation, is an empty answer instead of an error."""
    return replace(read(service, operation, **parameters), may_be_denied=True)


@dataclass(frozen=True)
class _Mapping:
    items: tuple[tuple[str, Hashable], ...]


def _freeze(value: Any) -> Hashable:
    if isinstance(value, Mapping):
        return _Mapping(tuple((key, _freeze(item)) for key, item in sorted(value.items())))
    if isinstance(value, Sequence) and not isinstance(value, str):
        return tuple(_freeze(item) for item in value)
    return value  # type: ignore[no-any-return]


def _thaw(value: Hashable) -> Any:
    if isinstance(value, _Mapping):
        return {key: _thaw(item) for key, item in value.items}
    if isinstance(value, tuple):
        return [_thaw(item) for item in value]
    return value


@dataclass(frozen=True)
class Pages:
    """The answers to the reads made so far: for each read, its pages as boto3 gives them."""

    answers: Mapping[Read, Sequence[Mapping[str, Any]]] = field(default_factory=dict)

    def items(self, service: str, operation: str, member: str) -> Iterator[Mapping[str, Any]]:
        """Every item under `member` in all answers of one operation, across reads and pages (repeats included)."""
        for _, item in self.with_read(service, operation, member):
            yield item

    def with_read(self, service: str, operation: str, member: str) -> Iterator[tuple[Read, Mapping[str, Any]]]:
        """The same, each with the read that brought it (whose arguments may say what the answer doesn't)."""
        for made, page in self.documents(service, operation):
            for item in page.get(member, ()):
                yield made, item

    def documents(self, service: str, operation: str) -> Iterator[tuple[Read, Mapping[str, Any]]]:
        """Every page of one operation as a whole: for calls that answer about one thing, not with a list."""
        for made, pages in self.answers.items():
            if made.service == service and made.operation == operation:
                for page in pages:
                    yield made, page


@dataclass(frozen=True)
class Found:
    """What is known when a round of reads is put together: the owner, the lives found so far by type, the ids that the
    plan gives literally (existing things), and the names that it gives to what it makes (None: nobody knows, as in a
    destroy without a plan).

    `planned` are the objects that the plan has now, whose tags go as soon as somebody writes them anew: the bucket, as
    the plan names it, and the key. `made` are the ids of what the plan made, by the journal. `begun` says of whom a
    resource without any tag is: from type and unique key to the logical id for which the journal has an open intent.
    `zones_of_others` are the hosted zones that the plan names and another account has. `logical_ids` are those of the
    plan's resources, None where nobody knows them. `compared` are the names of the properties that the plan gives, by
    type: others of theirs are compared with nothing. None where all that AWS has must be known. `types` are
    those of the plan's resources now and of what it is known to have had, None where nobody knows the plan;
    `knows_types`: of others it has never had anything here.

    `tagged` are the ids of what carries the plan's tag, as EC2 tells it of all its types in one answer; None where that
    isn't asked, so that each type is asked for the tag by itself. `sought` are those of them that no list by network
    has brought: they are asked for by their ids."""

    owner: Owner
    lives: Mapping[str, Sequence[Live]] = field(default_factory=dict)
    given: frozenset[str] = frozenset()
    names: frozenset[str] | None = None
    planned: frozenset[tuple[str, str]] = frozenset()
    made: frozenset[str] = frozenset()
    begun: Mapping[tuple[str, str], str] = field(default_factory=dict)
    zones_of_others: frozenset[str] = frozenset()
    logical_ids: frozenset[str] | None = None
    compared: Mapping[str, frozenset[str]] | None = None
    types: frozenset[str] | None = None
    knows_types: bool = False
    tagged: frozenset[str] | None = None
    sought: frozenset[str] = frozenset()

    def compares(self, type: str, property: str) -> bool:
        """Whether a property that costs a call of its own is of use: the plan gives it to something of the type, or
        everything has to be known."""
        return self.compared is None or property in self.compared.get(type, ())

    @property
    def compares_nothing(self) -> bool:
        """Whether only what there is counts, and how it is tagged: all of it is to go."""
        return self.compared is not None and not self.compared

    def may_have(self, type: str) -> bool:
        """Whether the plan may have something of a type, or have had it."""
        return not self.knows_types or self.names_type(type)

    def names_type(self, type: str) -> bool:
        """Whether something says that the plan has, or had, something of a type; of each where no plan is known."""
        return self.types is None or type in self.types

    def may_be_ours(self, name: str) -> bool:
        """Whether something of this name can belong to the plan. It spares a call for the tags of each foreign one,
        where a service lists without tags: names that we generate begin with the plan's."""
        generated = name.lower().startswith(f"{self.owner.plan}-")
        return generated or self.names is None or name in self.names

    def parents_elsewhere(self) -> set[str]:
        """Ids of other people's zones and tables that hold rows which resources of ours remember."""
        return set(self._parents_elsewhere)

    @cached_property
    def _parents_elsewhere(self) -> frozenset[str]:
        # Each kind asks for it again, of the same lives.
        ours = (live for lives in self.lives.values() for live in lives if claimed_by(live, self.owner))
        return frozenset(entry.partition(" ")[0] for live in ours for entry in decode_ledger(RECORDS, live.tags))

    def owner_tags(self) -> Mapping[str, str]:
        """What is said of whatever is this plan's."""
        return {PLAN: self.owner.plan, REGION: self.owner.region}

    def ids(self, type: str) -> list[str]:
        """Ids of the lives of one type, sorted."""
        return sorted({live.id for live in self.lives.get(type, ())})

    def vpc_ids(self) -> list[str]:
        """VPCs that hold something of ours: our own ones, and those our tagged resources lie in."""
        return list(self._vpc_ids)

    @cached_property
    def _vpc_ids(self) -> tuple[str, ...]:
        found = {id for id in self.given | (self.tagged or frozenset()) if id.startswith("vpc-")}
        for lives in self.lives.values():
            for live in lives:
                vpc = live.id if live.type == "AWS::EC2::VPC" else live.properties.get("VpcId")
                if isinstance(vpc, str) and claimed_by(live, self.owner):
                    found.add(vpc)
        return tuple(sorted(found))


class Bulk(ABC):
    """Answers that have those to other reads, so that these needn't be made. What turns out not to be told is asked for
    as without it, with the same result."""

    def later(self, wanted: Sequence[Read], answers: Pages, found: Found) -> Sequence[Read]:
        """Those of the wanted reads that wait a round for an answer which may have theirs. Pure."""
        return ()

    def instead(self, wanted: Sequence[Read], answers: Pages) -> Mapping[Read, Sequence[Read]]:
        """The reads to make in place of some of the wanted ones, each with those; none where that doesn't pay. Pure."""
        return {}

    @abstractmethod
    def told(self, wanted: Sequence[Read], answers: Pages) -> Mapping[Read, Sequence[Mapping[str, Any]]]:
        """What the answers so far say to the wanted reads: pages in the shape of theirs, or none where the page that
        says it is in the answers already. Left out is what isn't told whole. Pure."""

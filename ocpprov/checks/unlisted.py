"""What the journal knows, or the answer about the plan's tag, and AWS doesn't list: is it gone, or is the list wrong?

One of each type is asked for by its id, and the others where that one is gone. AWS refuses that where there is no such
thing, so neither an empty list nor one that lacks something is taken for the answer. What nobody misses costs no call.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ocpprov.aws.errors import AwsError
from ocpprov.aws.reads import Reader
from ocpprov.engine.claims import Place
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.ownership import PLAN, claimed_by
from ocpprov.engine.printable import printable
from ocpprov.engine.problem import Problem
from ocpprov.engine.resources import Live, Owner, State
from ocpprov.engine.secret_texts import MASK
from ocpprov.kinds.contract import Kind
from ocpprov.kinds.elbv2.common import LISTENER, LOAD_BALANCER, TARGET_GROUP
from ocpprov.kinds.reads import Pages
from ocpprov.reconcile.parse_answers import parse

_VPC: Final = "AWS::EC2::VPC"
_IN_A_VPC: Final = (
    "AWS::EC2::NetworkAcl",
    "AWS::EC2::RouteTable",
    "AWS::EC2::SecurityGroup",
    "AWS::EC2::Subnet",
)
"""What no VPC can be deleted before."""

_REMEDY: Final = (
    "nothing was changed: run the same command again later. If AWS goes on like this, ask for it with another client; "
    "if it is gone for good, move journal.jsonl out of the run's folder: the tags tell the rest"
)


@dataclass(frozen=True)
class Unlisted:
    """What came of asking: `gone` are the things that the journal knows and AWS says aren't there, `problems` the lists
    that are wrong, or may be, and `types` what those are of; `untagged` is what is there and lost the plan's tag, by
    which it would have been listed."""

    gone: frozenset[Place] = frozenset()
    problems: Sequence[Problem] = ()
    types: frozenset[str] = frozenset()
    untagged: Sequence[Live] = ()


@dataclass(frozen=True)
class _Missed:
    """Things of one type that AWS doesn't list: first those that the journal knows, then those that carry the plan's
    tag, by another answer, and nobody else knows. `journalled` is how many the journal knows altogether."""

    kind: Kind
    ids: Sequence[str]
    made: frozenset[str]
    journalled: int

    def words(self, owner: Owner) -> str:
        where = f"in account {owner.account}, region {owner.region}"
        missing = sum(id in self.made for id in self.ids)
        if not missing:
            what = f"{self.kind.type} {printable(self.ids[0])}"
            return f"AWS says by DescribeTags that {what} {where} carries the tag {PLAN}, and doesn't list it"
        which = "none" if missing == self.journalled else f"{self.journalled - missing}"
        return f"the journal knows {self.journalled} {self.kind.type} {where}, and AWS lists {which} of them"


@dataclass(frozen=True)
class _Fate:
    """What AWS says of one when it is asked for by its id: that it `is_gone`, or what else; empty where that is as it
    has to be. `untagged` is what it has of one that lost the plan's tag."""

    is_gone: bool = False
    said: str = ""
    untagged: Live | None = None


_Question = tuple[_Missed, str]
"""One thing, and what it is one of."""


def unlisted(
    inventory: Inventory,
    made: Collection[Place],
    kinds: Mapping[str, Kind],
    needless: Collection[str],
    owner: Owner,
    reader: Reader,
) -> Unlisted:
    """Ask for what AWS doesn't list of what the journal has `made` here, and of what carries the plan's tag. Of
    `needless` types the plan has none, so AWS may keep us from looking. Of what wasn't looked at nobody misses
    anything. Raises `Interrupted`."""
    unseen = {each.type for each in inventory.unseen}
    missed = [each for each in _missed(inventory, made, kinds) if each.kind.type not in unseen]
    fates = _fates([(each, each.ids[0]) for each in missed], needless, owner, reader)
    # That one is gone, or has lost its tag, says nothing of the others.
    first = ((each, fates[each.kind.type, each.ids[0]]) for each in missed)
    rest = [(each, id) for each, fate in first if fate.is_gone or fate.untagged for id in each.ids[1:]]
    fates |= _fates(rest, needless, owner, reader)
    wrong = [
        *([] if _VPC in unseen else ((_VPC, problem) for problem in _without_their_vpc(inventory, owner))),
        *((LISTENER, problem) for problem in _across_vpcs(inventory, kinds)),
        *((each.type, problem) for each, problem in _without_their_tag(inventory, kinds, owner)),
        *((each.kind.type, problem) for each in missed for problem in _problems(each, fates, owner)),
    ]
    gone = frozenset(place for place, fate in fates.items() if fate.is_gone and place in made)
    untagged = tuple(fate.untagged for place, fate in fates.items() if fate.untagged and place in made)
    return Unlisted(gone, tuple(problem for _, problem in wrong), frozenset(type for type, _ in wrong), untagged)


def _missed(inventory: Inventory, made: Collection[Place], kinds: Mapping[str, Kind]) -> Iterator[_Missed]:
    by_type: dict[str, list[str]] = {}
    for type, id in sorted(made):
        # A name with a secret in it isn't kept whole, so nobody can ask for it.
        if MASK not in id and type in kinds and kinds[type].by_id(id):
            by_type.setdefault(type, []).append(id)
    tagged = sorted(inventory.tagged - {id for _, id in made})
    listed = {live.id for type in kinds if kinds[type].id_prefix for live in inventory.of(type)}
    for type, kind in kinds.items():
        # What is listed as AWS's own is another: the journal has only what a plan made.
        here = {live.id for live in inventory.of(type) if not live.service_owned}
        known = by_type.get(type, [])
        marked = [id for id in tagged if kind.id_prefix and id.startswith(kind.id_prefix) and id not in listed]
        absent = [*(id for id in known if id not in here), *marked]
        if absent:
            yield _Missed(kind, absent, frozenset(known), len(known))


def _fates(
    questions: Sequence[_Question], needless: Collection[str], owner: Owner, reader: Reader
) -> dict[Place, _Fate]:
    """What AWS says of each."""
    reads = {(each.kind.type, id): read for each, id in questions if (read := each.kind.by_id(id))}
    answers = reader.attempt(list(dict.fromkeys(reads.values()))) if reads else {}
    fates: dict[Place, _Fate] = {}
    for each, id in questions:
        read = reads[each.kind.type, id]
        answer = answers[read]
        try:
            if isinstance(answer, AwsError):
                raise answer
            fate = _fate(each, id, Pages({read: answer}), owner)
        except AwsError as error:
            is_closed = isinstance(answer, AwsError) and each.kind.type in needless
            fate = _Fate(said="" if is_closed else f"it says: {error}")
        fates[each.kind.type, id] = fate
    return fates


def _fate(missed: _Missed, id: str, pages: Pages, owner: Owner) -> _Fate:
    """By an answer without an error: EC2 lists some for a while after their end. EC2 is asked for what carries the
    plan's tag, so what has lost it is missed rightly; the rest is listed whole. Raises AwsError."""
    kind = missed.kind
    if not any(pages.answers.values()):
        return _Fate(is_gone=True)
    lives = [live for live in parse(kind, pages) if live.id == id]
    if kind.service == "ec2":
        # No kind makes anything of what has ended, where it doesn't end at once.
        if all(live.state in (State.DELETING, State.GONE) for live in lives) and (lives or kind.settles):
            return _Fate(is_gone=True)
        if not lives:
            # Of what only the tag is known, the id may be that of another type.
            return _Fate(said=f"its answer isn't about one of {kind.type}" if id in missed.made else "")
        if not any(claimed_by(live, owner) for live in lives):
            return _Fate(untagged=lives[0])
    return _Fate(said="it says that this one is there")


def _problems(missed: _Missed, fates: Mapping[Place, _Fate], owner: Owner) -> Iterator[Problem]:
    """One at most: lists that are wrong are wrong in the same way."""
    for id in missed.ids:
        fate = fates.get((missed.kind.type, id))
        if fate and fate.said:
            words = f"{missed.words(owner)}; asked for {printable(id)} by its id {fate.said}"
            yield Problem("", words, _REMEDY)
            return


def _without_their_tag(inventory: Inventory, kinds: Mapping[str, Kind], owner: Owner) -> Iterator[tuple[Kind, Problem]]:
    """What carries the plan's tag by the answer for all types, and is listed without it: it would be taken for somebody
    else's. One of each type."""
    for kind in kinds.values():
        for live in inventory.of(kind.type) if kind.id_prefix else ():
            if live.id in inventory.tagged and live.tags.get(PLAN) != owner.plan:
                what = f"{kind.type} {printable(live.id)}"
                detail = f"AWS says by DescribeTags that {what} carries the tag {PLAN}, and lists it without"
                yield kind, Problem("", detail, _REMEDY)
                break


def _without_their_vpc(inventory: Inventory, owner: Owner) -> Iterator[Problem]:
    """Of what says that it is ours and lies in a VPC that AWS doesn't list, either is wrong."""
    vpcs = {live.id for live in inventory.of(_VPC)}
    for type in _IN_A_VPC:
        for live in inventory.of(type):
            vpc = live.properties.get("VpcId")
            if isinstance(vpc, str) and vpc not in vpcs and claimed_by(live, owner):
                detail = f"AWS says that {type} {printable(live.id)} lies in {printable(vpc)}, and lists no such VPC"
                yield Problem("", detail, _REMEDY)
                return


def _across_vpcs(inventory: Inventory, kinds: Mapping[str, Kind]) -> Iterator[Problem]:
    """A listener leads from a balancer to groups of the balancer's VPC: AWS takes no other (API reference of
    CreateListener)."""
    ends = {live.id: live for type in (LOAD_BALANCER, TARGET_GROUP) for live in inventory.of(type)}
    for listener in inventory.of(LISTENER):
        joined = [ends[id] for id in kinds[LISTENER].references(listener) if id in ends]
        vpcs = {str(live.properties["VpcId"]) for live in joined if live.properties.get("VpcId")}
        if len(vpcs) > 1:
            detail = (
                f"AWS says that {LISTENER} {printable(listener.id)} joins {' and '.join(sorted(map(printable, vpcs)))}"
            )
            yield Problem("", f"{detail}, which it can't", _REMEDY)

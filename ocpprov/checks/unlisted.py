"""What the journal knows and AWS doesn't list: is it gone, or is the list wrong?

One of each type is asked for by its id. AWS refuses that where there is no such thing, so neither an empty list nor one
that lacks something is taken for the answer. What nobody misses costs no call.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ocpprov.aws.errors import AwsError
from ocpprov.aws.reads import Reader
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.ownership import claimed_by
from ocpprov.engine.printable import printable
from ocpprov.engine.problem import Problem
from ocpprov.engine.resources import Live, Owner, State
from ocpprov.engine.secret_texts import MASK
from ocpprov.kinds.contract import Kind
from ocpprov.kinds.elbv2.common import LISTENER, LOAD_BALANCER, TARGET_GROUP
from ocpprov.kinds.reads import Pages, Read
from ocpprov.reconcile.parse_answers import parse

Place = tuple[str, str]
"""Type and id."""

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
    """What came of asking: `gone` are the things that AWS says aren't there, `problems` the lists that are wrong, or
    may be, and `types` what those are of."""

    gone: frozenset[Place] = frozenset()
    problems: Sequence[Problem] = ()
    types: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Missed:
    """Things of one type that the journal knows and AWS doesn't list, and how many it knows altogether."""

    kind: Kind
    ids: Sequence[str]
    known: int
    read: Read

    @property
    def asked(self) -> str:
        return self.ids[0]

    def words(self, owner: Owner) -> str:
        which = "none" if len(self.ids) == self.known else f"{self.known - len(self.ids)}"
        return (
            f"the journal knows {self.known} {self.kind.type} in account {owner.account}, region {owner.region}, and "
            f"AWS lists {which} of them"
        )


def unlisted(
    inventory: Inventory,
    made: Collection[Place],
    kinds: Mapping[str, Kind],
    needless: Collection[str],
    owner: Owner,
    reader: Reader,
) -> Unlisted:
    """Ask for one of each type of which AWS doesn't list all that the journal has `made` here. Of `needless` types the
    plan has none, so AWS may keep us from looking. Of what wasn't looked at nobody misses anything. Raises
    `Interrupted`."""
    unseen = {each.type for each in inventory.unseen}
    missed = {each.read: each for each in _missed(inventory, [each for each in made if each[0] not in unseen], kinds)}
    gone: set[Place] = set()
    wrong = [] if _VPC in unseen else [(_VPC, problem) for problem in _without_their_vpc(inventory, owner)]
    wrong += [(LISTENER, problem) for problem in _across_vpcs(inventory, kinds)]
    for read, answer in (reader.attempt(list(missed)) if missed else {}).items():
        each = missed[read]
        if isinstance(answer, AwsError):
            if each.kind.type not in needless:
                wrong.append((each.kind.type, _problem(each, owner, f"it says: {answer}")))
            continue
        try:
            if not answer or _has_ended(each, Pages({read: answer})):
                gone.add((each.kind.type, each.asked))
            elif _should_be_listed(each, Pages({read: answer}), owner):
                wrong.append((each.kind.type, _problem(each, owner, "it says that this one is there")))
        except AwsError as error:
            wrong.append((each.kind.type, _problem(each, owner, f"it says: {error}")))
    return Unlisted(frozenset(gone), tuple(problem for _, problem in wrong), frozenset(type for type, _ in wrong))


def _missed(inventory: Inventory, made: Collection[Place], kinds: Mapping[str, Kind]) -> Iterator[_Missed]:
    by_type: dict[str, list[str]] = {}
    for type, id in sorted(made):
        # A name with a secret in it isn't kept whole, so nobody can ask for it.
        if MASK not in id:
            by_type.setdefault(type, []).append(id)
    for type, ids in by_type.items():
        listed = {live.id for live in inventory.of(type)}
        absent = [id for id in ids if id not in listed]
        kind = kinds.get(type)
        read = kind.by_id(absent[0]) if kind and absent else None
        if kind and read:
            yield _Missed(kind, absent, len(ids), read)


def _lives(missed: _Missed, pages: Pages) -> list[Live]:
    return [live for live in parse(missed.kind, pages) if live.id == missed.asked]


def _has_ended(missed: _Missed, pages: Pages) -> bool:
    """Whether it is listed for a while after its end, as EC2 does with some."""
    if missed.kind.service != "ec2":
        return False
    return all(live.state in (State.DELETING, State.GONE) for live in _lives(missed, pages))


def _should_be_listed(missed: _Missed, pages: Pages, owner: Owner) -> bool:
    """EC2 is asked for what carries the plan's tag, so what has lost it is missed rightly. The rest is listed whole."""
    return missed.kind.service != "ec2" or any(claimed_by(live, owner) for live in _lives(missed, pages))


def _problem(missed: _Missed, owner: Owner, detail: str) -> Problem:
    words = f"{missed.words(owner)}; asked for {printable(missed.asked)} by its id {detail}"
    return Problem("", words, _REMEDY)


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

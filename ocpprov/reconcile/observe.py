"""Looking at AWS for all kinds at once: in a few rounds, each distinct read made once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from types import MappingProxyType
from typing import Final, TypeAlias

from ocpprov.aws.errors import AwsError, is_closed, lacks_operation, leaves_the_rest
from ocpprov.aws.reads import Page, ReadCall, Reader
from ocpprov.engine.inventory import Inventory, Unseen
from ocpprov.engine.ownership import PLAN, RESOURCE, RUN, identity_tags
from ocpprov.engine.resources import Live
from ocpprov.engine.values import texts_in
from ocpprov.kinds.contract import Kind
from ocpprov.kinds.ec2.tag_index import sought_after, tagged_ids, tags_read
from ocpprov.kinds.reads import Bulk, Found, Pages, Read
from ocpprov.reconcile.bulk_reads import attempt
from ocpprov.reconcile.parse_answers import Parsed, parse_around

_Place: TypeAlias = tuple[str, frozenset[str]]
"""A type, and what of it was asked for; or a sentence."""
NOTHING_ANSWERED: Final[Mapping[ReadCall, Sequence[Page] | AwsError]] = MappingProxyType({})
ROUNDS: Final = 7
"""The longest way to something: what has the plan's tag, what lies in the networks of that, what of it lies elsewhere,
what is in those networks, the rules of the groups there, what a list of these lacked. One more is for the answers
that are known before."""


def observe(
    kinds: Mapping[str, Kind],
    found: Found,
    reader: Reader,
    needless: Collection[str] = frozenset(),
    *,
    tolerant: bool = False,
    bulks: Sequence[Bulk] = (),
    known: Mapping[ReadCall, Sequence[Page] | AwsError] = NOTHING_ANSWERED,
) -> Inventory:
    """Everything that could concern the plan, as far as `kinds` have it, from what `found` knows at the start, and
    from the answers that are `known` already.

    `needless` are types that the plan has no use for: where AWS doesn't let us look for them, or has nothing of the
    sort, the inventory says so. `tolerant`: it says so of all types that can't be read, and has what could be. `bulks`
    tell what needn't be asked. Raises AwsError for everything else that can't be read.
    """
    return _rounds(kinds, _indexed(kinds, found), reader, needless, tolerant=tolerant, bulks=bulks, known=known)


def reads_at_start(kinds: Mapping[str, Kind], found: Found, bulks: Sequence[Bulk] = ()) -> list[Read]:
    """What `observe` asks first, each once."""
    start = _indexed(kinds, found)
    wanted = list(_wanted(kinds, start, None if start.tagged is None else tags_read(start.owner.plan)))
    later = {one for bulk in bulks for one in bulk.later(wanted, Pages(), start)}
    return [one for one in wanted if one not in later]


def _indexed(kinds: Mapping[str, Kind], found: Found) -> Found:
    """What is known before EC2 is asked, for all of its types at once, what carries the plan's tag."""
    is_asked = any(kind.service == "ec2" for kind in kinds.values())
    return replace(found, tagged=frozenset()) if is_asked else found


def _wanted(kinds: Mapping[str, Kind], found: Found, index: Read | None) -> dict[Read, list[str]]:
    """All reads that are of use by now, with the types that want them."""
    wanted: dict[Read, list[str]] = {index: []} if index else {}
    for kind in kinds.values():
        for one in kind.reads(found):
            wanted.setdefault(one, []).append(kind.type)
    return wanted


def observe_kind(kind: Kind, found: Found, reader: Reader) -> Sequence[Live]:
    """The live resources of one kind, given what is known of the others. Raises AwsError."""
    return _rounds({kind.type: kind}, found, reader).of(kind.type)


def observe_states(kind: Kind, found: Found, reader: Reader) -> Sequence[Live]:
    """The live resources of one kind by the reads that tell their states: tags and properties may be missing. Raises
    AwsError."""
    return parse_around(kind, Pages(reader.read(list(kind.state_reads(found)))), found).lives


def _claimed(kind: Kind, live: Live, found: Found) -> Live:
    """The same, with what proves whose it is where no tag says so."""
    if identity_tags(live).keys() & {PLAN, RESOURCE, RUN}:
        return live
    return replace(live, claim={**live.claim, **kind.claim(live, found)})


def not_looked_at(type: str, why: AwsError | str) -> Unseen:
    """A type that the plan has nothing of, and that nobody lets us look at."""
    error = why if isinstance(why, AwsError) else None
    is_none = error is not None and lacks_operation(error)
    so = "where there is no such operation there is none"
    so = so if is_none else "what the plan may have had of it before would stay"
    said = f"{type} wasn't looked at: nothing here needs it, and {so} ({why})"
    return Unseen(said, type, error, may_be_there=not is_none)


def unread(type: str, why: AwsError | str, asked: Read | None = None) -> Unseen:
    """A type that the plan may have something of, and of which not everything that there is can be read: all of it, or
    what was `asked` for."""
    about = frozenset(texts_in([asked.arguments()])) if asked else frozenset()
    said = f"{type} can't be read: {why}"
    if isinstance(why, AwsError):
        return Unseen(said, type, why, may_be_there=True, about=about)
    return Unseen(said, type, may_be_there=True, about=about, because=why)


def _rounds(
    kinds: Mapping[str, Kind],
    found: Found,
    reader: Reader,
    needless: Collection[str] = frozenset(),
    *,
    tolerant: bool = False,
    bulks: Sequence[Bulk] = (),
    known: Mapping[ReadCall, Sequence[Page] | AwsError] = NOTHING_ANSWERED,
) -> Inventory:
    answers: dict[Read, Sequence[Page]] = {}
    closed: dict[Read, AwsError] = {}
    unseen: dict[_Place, Unseen] = {}
    index = None if found.tagged is None else tags_read(found.owner.plan)
    for _ in range(ROUNDS):
        wanted = _wanted(kinds, found, index)
        new = [one for one in wanted if one not in answers]
        # What is answered already tells what else can be asked together with the rest.
        at_hand = {one: known[one] for one in new if one in known}
        # What was closed to others may be needed only now.
        for one, answer in {**closed, **(at_hand or attempt(new, answers, found, reader, bulks))}.items():
            types = wanted.get(one, ())
            if not isinstance(answer, AwsError):
                answers[one] = answer
            elif one == index:
                # Each type is asked for the tag by itself, then.
                index, found = _without_index(answer, found, tolerant=tolerant)
            else:
                for each in _unseen(types, one, answer, needless, tolerant=tolerant):
                    unseen.setdefault((each.type, each.about), each)
                answers[one], closed[one] = [], answer
        if not new:
            break
        pages = Pages(answers)
        parsed = {name: _parsed(kind, pages, found, unseen, tolerant=tolerant) for name, kind in kinds.items()}
        for said in chain.from_iterable(each.passed_over for each in parsed.values()):
            unseen.setdefault((said, frozenset()), Unseen(said))
        seen = {name: [_claimed(kinds[name], live, found) for live in each.lives] for name, each in parsed.items()}
        is_whole = all(one in answers for one in new if one.service == "ec2")
        index, found = _after(found, {**found.lives, **seen}, pages, index, is_whole=is_whole, tolerant=tolerant)
    lives = {name: found.lives.get(name, ()) for name in kinds}
    return Inventory(lives, list(unseen.values()), found.tagged or frozenset())


def _without_index(why: AwsError, found: Found, *, tolerant: bool) -> tuple[None, Found]:
    """What is known where nobody tells of all types at once. Raises the error where that is no answer."""
    if is_closed(why) or (tolerant and leaves_the_rest(why)):
        return None, replace(found, tagged=None)
    raise why


def _after(
    found: Found,
    lives: Mapping[str, Sequence[Live]],
    pages: Pages,
    index: Read | None,
    *,
    is_whole: bool,
    tolerant: bool,
) -> tuple[Read | None, Found]:
    """The index that is asked and what is known after a round, in which all that was wanted of EC2 was answered, or not
    (`is_whole`). Raises AwsError where the index can't be read."""
    after = replace(found, lives=lives)
    try:
        after = replace(after, tagged=None if found.tagged is None else tagged_ids(pages, found.owner.plan))
    except AwsError as error:
        return _without_index(error, after, tolerant=tolerant)
    return index, replace(after, sought=sought_after(found, after)) if is_whole else after


def _unseen(
    types: Sequence[str], asked: Read, why: AwsError, needless: Collection[str], *, tolerant: bool
) -> list[Unseen]:
    """What isn't looked at because a read failed. Raises that error where it has to be looked at."""
    if set(types) <= set(needless) and is_closed(why):
        return [not_looked_at(type, why) for type in types]
    if tolerant and leaves_the_rest(why):
        return [unread(type, why, asked) for type in types]
    raise why


def _parsed(kind: Kind, pages: Pages, found: Found, unseen: dict[_Place, Unseen], *, tolerant: bool) -> Parsed:
    """The lives of a kind. Where an answer about something of this plan can't be made sense of, or is but a part, there
    are none, and `unseen` gets why, or that is raised."""
    try:
        return parse_around(kind, pages, found)
    except AwsError as error:
        if not tolerant:
            raise
        unseen.setdefault((kind.type, frozenset()), unread(kind.type, error))
        return Parsed(())

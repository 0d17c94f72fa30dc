"""Claim and proof: which of the resources with this plan's tags are this plan's.

Tags are a claim, and claims get copied: by modules, backup tools, tag editors. What makes a resource ours is a proof
that no copy carries: `ocpprov:bound` agrees with it, the journal has its id, or something proven shows it. What claims
to be ours and isn't proven is never changed or deleted; it is listed, and `--allow` with its id says that it is ours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import Final

from ocpprov.engine.abbreviated_ids import means
from ocpprov.engine.bound import Agreement, agreement, given_places, lacks_a_part
from ocpprov.engine.claim_users import Users
from ocpprov.engine.claims import Claims, Place, UnprovenClaim, named
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.kind_facts import Identity, KindFacts
from ocpprov.engine.memory import Memory
from ocpprov.engine.ownership import (
    BOUND,
    PLAN,
    PREFIX,
    REGION,
    RESOURCE,
    REVISION,
    RUN,
    claimed_by,
    lost_its_plan,
    older_format,
    revision_hash,
)
from ocpprov.engine.resources import Live, Owner, State
from ocpprov.engine.revision_evidence import RevisionEvidence
from ocpprov.engine.values import texts_in

_NOTHING_SHOWS: Final = "nothing shows that it is what they say"


def judge_claims(inventory: Inventory, owner: Owner, kinds: Mapping[str, KindFacts], memory: Memory) -> Claims:
    """Judge whatever says that it is this plan's."""
    claims = [
        live
        for live in inventory
        if kinds[live.type].identity is Identity.TAGS
        and live.state is not State.GONE
        and not live.service_owned
        and (claimed_by(live, owner) or lost_its_plan(live) or live.id in memory.allowed)
    ]
    judgement = _Judgement(claims, inventory, owner, kinds, memory)
    judgement.judge()
    return judgement.result()


@dataclass
class _Judgement:
    """One look at all claims: each proven one may prove others."""

    claims: Sequence[Live]
    inventory: Inventory
    owner: Owner
    kinds: Mapping[str, KindFacts]
    memory: Memory
    proven: dict[Place, Live] = field(default_factory=dict)
    refuted: dict[Place, UnprovenClaim] = field(default_factory=dict)
    proven_ids: set[str] = field(default_factory=set)
    unfinished: dict[Place, Live] = field(default_factory=dict)
    older: dict[Place, Live] = field(default_factory=dict)
    referred: dict[Place, Live] = field(default_factory=dict)

    @cached_property
    def _users(self) -> Users:
        return Users(self.claims, self.inventory, self.owner, self.kinds, self.memory)

    def judge(self) -> None:
        for live in self.claims:
            self._judge_alone(live)
        self._judge_unfinished()
        while self._more_are_proven():
            pass
        if self.older:
            self._judge_older()
            while self._more_are_proven():
                pass
        self._judge_referred()
        for live in self.inventory:
            if self.kinds[live.type].identity is Identity.SHARED_TAGS and claimed_by(live, self.owner):
                self._judge_shared(live)

    def result(self) -> Claims:
        unclear = {
            (live.type, live.id): UnprovenClaim(live, self._why_not(live))
            for live in self.claims
            if (live.type, live.id) not in self.proven and (live.type, live.id) not in self.refuted
        }
        return Claims(frozenset(self.proven), unclear, self.refuted)

    def _prove(self, live: Live) -> None:
        self.proven[(live.type, live.id)] = live
        self.proven_ids.add(live.id)

    def _refute(self, live: Live, reason: str) -> None:
        self.refuted[(live.type, live.id)] = UnprovenClaim(live, reason, is_refuted=True)

    def _judge_alone(self, live: Live) -> None:
        """By what is known of it, and what it says itself."""
        kind, speaks = self.kinds[live.type], agreement(self.kinds[live.type], live)
        if live.id in self.memory.allowed:
            self._prove(live)
        elif self._is_given(live, speaks):
            self._refute(live, "the plan names it as existing")
        elif self._is_journalled(live) or speaks is Agreement.AGREES:
            self._prove(live)
        elif speaks is Agreement.DIFFERS:
            self._refute(live, f"{BOUND} speaks of another: {live.tags[BOUND]}")
        elif speaks is Agreement.UNFINISHED:
            self._judge_beginning(live)
        elif not kind.tags_at_create and PLAN in live.claim:
            self._judge_reference(live)
        elif PLAN in live.claim and (self._is_begun(live) or not (kind.lies_in or kind.ownership_delegate)):
            self._prove(live)
        elif self._is_of_another_type(live):
            self._refute(live, f"{named(live)} is {self.memory.types[named(live)]}")
        elif RESOURCE in live.tags and self._evidence.tells(live):
            if self._evidence.tells_one(live):
                self._prove(live)
            else:
                self.older[(live.type, live.id)] = live
        elif REVISION in live.tags and kind.bound_by and self._evidence.hashed(live) is None and self._is_whole(live):
            self._refute(live, "its properties are not those that they were made for")

    def _judge_beginning(self, live: Live) -> None:
        """What has no id of its own in its tags yet: the journal may have its intent."""
        if (live.type, named(live), live.tags.get(RUN, "")) in self.memory.begun:
            self._prove(live)
        else:
            self.unfinished[(live.type, live.id)] = live

    def _judge_reference(self, live: Live) -> None:
        """What was made with a reference that says whose it is. Until it has its tags it is unfinished, and without any
        of them it may be one that was given up: the reference stays for ever."""
        place = (live.claim.get(PLAN), live.claim.get(REGION))
        if place != (self.owner.plan, self.owner.region) or not means(live.claim.get(RESOURCE, ""), named(live)):
            self._refute(live, "it was made for something else")
        elif any(key.startswith(PREFIX) for key in live.tags):
            self._prove(live)
        else:
            self.referred[(live.type, live.id)] = live

    def _is_given(self, live: Live, speaks: Agreement) -> bool:
        """What the plan makes it may name as well; but of two with the same tags the one that it names was there
        before. What it made once and now only names is given."""
        if live.id not in self.memory.given:
            return False
        if self.memory.types.get(named(live)) != live.type:
            return True
        known = speaks is Agreement.AGREES or (live.type, live.id) in self.memory.made
        return not known and (live.type, named(live)) in self._named_beside_given

    @cached_property
    def _named_beside_given(self) -> frozenset[tuple[str, str]]:
        return frozenset((live.type, named(live)) for live in self.claims if live.id not in self.memory.given)

    def _is_journalled(self, live: Live) -> bool:
        """Whether the journal has it. An id that is a name may be another's by now."""
        kind = self.kinds[live.type]
        predicted = kind.predict_created(live.properties, self.owner) is not None
        by_name = predicted or live.id in (kind.bound_parts(live.properties) or ())
        return (live.type, live.id) in self.memory.made and not by_name

    def _is_begun(self, live: Live) -> bool:
        """Whether it has no tags yet, and the journal has the intent to make just this."""
        return not live.tags and (live.type, named(live)) in self._begun

    @cached_property
    def _begun(self) -> frozenset[tuple[str, str]]:
        return frozenset((type, logical_id) for type, logical_id, _ in self.memory.begun)

    def _is_of_another_type(self, live: Live) -> bool:
        return self.memory.types.get(named(live), live.type) != live.type

    def _is_whole(self, live: Live) -> bool:
        """Whether AWS's answer has all that it ever will."""
        return live.state is State.READY and not lacks_a_part(self.kinds[live.type], live)

    @cached_property
    def _evidence(self) -> RevisionEvidence:
        return RevisionEvidence(self.owner, self.kinds)

    def _judge_unfinished(self) -> None:
        """A creation that was cut off leaves what carries no id of its own yet. It is ours while nothing but ours is in
        it or uses it, and nothing finished claims the same: a copy of what is finished carries an id."""
        finished = self._finished()
        for live in self.unfinished.values():
            self._judge_begun(live, finished)

    def _judge_referred(self) -> None:
        """What only a reference speaks for: it is ours where it was made for a network of ours, or for none. Others may
        write a reference as well, so it shows nothing of anything else."""
        finished, ours = self._finished(), self.proven_ids | self.memory.given
        for live in self.referred.values():
            networks = self.kinds[live.type].references(live)
            if networks and ours.isdisjoint(networks):
                self._refute(live, f"it is for {' and '.join(networks)}, which is neither this plan's nor named by it")
            else:
                self._judge_begun(live, finished)

    def _finished(self) -> frozenset[tuple[str, str]]:
        return frozenset((live.type, named(live)) for live in self.proven.values())

    def _judge_begun(self, live: Live, finished: Collection[tuple[str, str]]) -> None:
        user = next(self._users.foreign(live, self.refuted), None)
        if (live.type, named(live)) in finished:
            self._refute(live, f"another {named(live)} is finished, and this one carries no id of its own")
        elif user is not None:
            self._refute(live, f"it carries no id of its own, and {user.type} {user.id} of others uses it")
        else:
            self._prove(live)

    def _judge_older(self) -> None:
        """What lacks the tag, and of which a network or a balancer may have any number, all of one revision: a copy of
        the tags fits each. It is ours where it and something of ours are on each other. What an older version made is
        so, too, while nobody uses it, and none of its rivals is in use; later ones never make one without the tag."""
        whole = _by_name(live for live in self.proven.values() if BOUND in live.tags)
        for live in self.older.values():
            if any(_may_be_copied(live, each) for each in whole.get(named(live), ())):
                self._refute(live, f"another {named(live)} carries {BOUND}, and this one doesn't")
        while placed := [live for live in self._open() if self._is_among_ours(live)]:
            for live in placed:
                self._prove(live)
        in_use = _by_name(self.proven.values())
        for live in self._open():
            if any(each.type == live.type or _may_be_copied(live, each) for each in in_use.get(named(live), ())):
                self._refute(live, f"another {named(live)} is in use, and nothing of this plan uses this one")
            elif older_format(live.tags) and next(self._users.foreign(live, self.refuted), None) is None:
                self._prove(live)

    def _open(self) -> Sequence[Live]:
        """Those of the older ones that aren't judged yet."""
        judged = {*self.proven, *self.refuted}
        return [live for place, live in self.older.items() if place not in judged]

    def _is_among_ours(self, live: Live) -> bool:
        """Whether it refers to something proven besides its network, or something proven is linked to it or refers to
        it."""
        kind, users = self.kinds[live.type], self._users.of(live.id)
        network = set(kind.bound_parts(live.properties) or ())
        own = (id for id in kind.references(live) if id not in network)
        linked = (
            other
            for user in users
            if self.kinds[user.type].identity is Identity.LINK
            for other in self.kinds[user.type].references(user)
            if other != live.id
        )
        is_used = any((user.type, user.id) in self.proven for user in users)
        return is_used or any(id in self.proven_ids for id in chain(own, linked))

    def _more_are_proven(self) -> bool:
        """Whether what is proven by now proves more of what carries no `ocpprov:bound`."""
        rules: Sequence[Callable[[Live], bool]] = (
            self._is_shown_by_others,
            self._is_in_ours,
            self._has_planned_name,
            self._is_vouched_for,
        )
        new = [
            live
            for live in self.claims
            if (live.type, live.id) not in self.proven
            and (live.type, live.id) not in self.refuted
            and (live.type, live.id) not in self.unfinished
            and (live.type, live.id) not in self.referred
            and any(rule(live) for rule in rules)
        ]
        for live in new:
            self._prove(live)
        return bool(new)

    def _is_shown_by_others(self, live: Live) -> bool:
        """Whether something proven lies in it, uses it, or is linked to it."""
        kind = self.kinds[live.type]
        if kind.bound_by or not kind.bound_by_id or not named(live):
            return False
        for user in self._users.of(live.id):
            place, its = (user.type, user.id), self.kinds[user.type]
            if place in self.proven and live.id not in given_places(user.tags):
                return True
            if its.identity is Identity.LINK and any(
                other in self.proven_ids for other in its.references(user) if other != live.id
            ):
                return self._evidence.hashed(live) is not None
        return False

    def _is_in_ours(self, live: Live) -> bool:
        """Whether it lies in what has to be ours, as the only one of any type that says it is what it says."""
        parent = live.properties.get(self.kinds[live.type].lies_in)
        alone = PLAN in live.claim or (bool(named(live)) and self._count[named(live)] == 1)
        return isinstance(parent, str) and parent in self.proven_ids and alone

    @cached_property
    def _count(self) -> Mapping[str, int]:
        return Counter(map(named, self.claims))

    def _has_planned_name(self, live: Live) -> bool:
        """Whether it has a name that the plan gives, and serves what is proven or given: what CloudFormation made."""
        kind = self.kinds[live.type]
        name = live.properties.get(kind.listed_by or "")
        return (
            bool(named(live))
            and name in self.memory.names
            and any(id in self.proven_ids or id in self.memory.given for id in kind.references(live))
        )

    def _is_vouched_for(self, live: Live) -> bool:
        """Whether what speaks for it is proven, and all that it has."""
        delegate = self.kinds[live.type].ownership_delegate
        vouchers = list(texts_in(live.properties.get(delegate))) if delegate and PLAN in live.claim else []
        return bool(vouchers) and all(each in self.proven_ids for each in vouchers)

    def _judge_shared(self, live: Live) -> None:
        """Rules in groups, and marks on existing subnets."""
        kind = self.kinds[live.type]
        parent = live.properties.get(kind.parent_property)
        speaks = agreement(kind, live)
        known = parent in self.proven_ids or parent in self.memory.given
        if speaks is Agreement.DIFFERS:
            self._refute(live, f"{BOUND} speaks of another: {live.tags[BOUND]}")
        elif (
            speaks is Agreement.AGREES
            or (live.type, live.id) in self.memory.made
            or (known and self._is_of_an_older_run(live))
        ):
            self._prove(live)
        elif known:
            self._refute(live, f"{BOUND} is missing, and nothing shows that it is what they say")
        else:
            self._refute(live, f"it is in {parent}, which is neither this plan's nor named by it")

    def _is_of_an_older_run(self, live: Live) -> bool:
        """Whether a run made it that made more of what lacks the tag, as older versions wrote none; of a mark nobody
        remembers the run."""
        run = live.tags.get(RUN)
        return run == "" or run in self._older_runs

    @cached_property
    def _older_runs(self) -> frozenset[str]:
        older = (live for live in self.proven.values() if older_format(live.tags) and BOUND not in live.tags)
        return frozenset(live.tags[RUN] for live in older if RUN in live.tags)

    def _why_not(self, live: Live) -> str:
        kind = self.kinds[live.type]
        has_bound = bool(kind.bound_by or kind.bound_by_id)
        carried = {PLAN: True, RESOURCE: True, REVISION: kind.tag_limit >= 50, BOUND: has_bound}
        lacks = [key for key, has in carried.items() if has and key not in live.tags]
        return f"{_NOTHING_SHOWS}: {' and '.join(lacks)} missing" if lacks else _NOTHING_SHOWS


def _by_name(lives: Iterable[Live]) -> Mapping[str, Sequence[Live]]:
    found: dict[str, list[Live]] = {}
    for live in lives:
        found.setdefault(named(live), []).append(live)
    return found


def _may_be_copied(live: Live, other: Live) -> bool:
    """Whether the tags may have come from another one of that name: of one revision, whatever the types. What an older
    version made, and a later one has replaced, has another revision than its successor; what this one makes has all
    tags from the beginning."""
    one, two = (revision_hash(each.tags.get(REVISION, "")) for each in (live, other))
    return one == two or (live.type == other.type and not older_format(live.tags))


def places_given(inventory: Inventory, kinds: Mapping[str, KindFacts], owner: Owner) -> frozenset[str]:
    """Ids of existing networks that what this plan made remembers it was put in. What it made itself isn't given."""
    made = [
        live for live in inventory if claimed_by(live, owner) and agreement(kinds[live.type], live) is Agreement.AGREES
    ]
    return frozenset(id for live in made for id in given_places(live.tags)) - {live.id for live in made}

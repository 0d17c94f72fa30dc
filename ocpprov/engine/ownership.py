"""The tags that say whose a resource is: their names and formats, the revision, and the ledger of children that can't
be tagged. Whether what they say is believed is decided in `proofs`.

Everything here is a pure function on tags. What a resource is stands in its tags from the moment of its creation, in
formats that are versioned, and with nothing in them that an upgrade would change.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ocpprov.engine.kind_facts import Identity, KindFacts
from ocpprov.engine.resources import Live, Owner, Resource
from ocpprov.engine.values import GetAtt, Ref, Value, is_known, to_json

PREFIX: Final = "ocpprov:"
PLAN: Final = "ocpprov:plan"
RESOURCE: Final = "ocpprov:resource"
REVISION: Final = "ocpprov:revision"
RUN: Final = "ocpprov:run"
CLUSTER: Final = "ocpprov:cluster"
REGION: Final = "ocpprov:region"
PLAN_ID: Final = "ocpprov:plan-id"
ON_DELETE: Final = "ocpprov:on-delete"
PROTECT: Final = "ocpprov:protect"
"""`true` on what a destroy has to leave, whoever runs it and from wherever."""
CHILDREN: Final = "ocpprov:children"
RECORDS: Final = "ocpprov:records"
RETAINED: Final = "ocpprov:retained"
"""Of what it remembers, or is linked with, what is to stay (`DeletionPolicy: Retain`) and takes no tags itself."""
TAG_KEYS: Final = "ocpprov:tags"
BOUND: Final = "ocpprov:bound"
"""What it is, and where or under which name: what a copy of the tags can't say of another (`engine/bound.py`)."""
VOUCHES_FOR: Final = "ocpprov:vouches-for"
"""`<logical id> <name>` of what is ours too, though whoever made it could put no tags on it."""
SHARED: Final = "ocpprov:shared:"
"""Before a plan's name: the tag that says which tags that plan put on somebody else's resource."""
LEDGERS: Final = (CHILDREN, RECORDS, RETAINED)
ON_DELETE_RETAIN: Final = "retain"
PROTECTED: Final = "true"

FORMAT: Final = 2
"""Since 2 there is `ocpprov:bound`. The hash in a revision is the same in both."""
_TAG_VALUE_LIMIT: Final = 256
_SEPARATOR: Final = " + "
_PLAIN: Final = re.compile(r"[A-Za-z0-9\-._:/ ]")


@dataclass(frozen=True)
class LedgerEntries:
    """What a resource carries in its ledgers: its own children, rows of ours that point at it from somebody else's zone
    or table, each as `<id of that parent> <entry>`, its links and list members beside which others may put theirs; and
    which rows and links are `retained`.
    """

    children: frozenset[str] = frozenset()
    elsewhere: frozenset[str] = frozenset()
    links: frozenset[str] = frozenset()
    retained: frozenset[str] = frozenset()

    def by_ledger(self) -> Mapping[str, frozenset[str]]:
        """The entries under the key of the tag that holds them."""
        return {CHILDREN: self.children | self.links, RECORDS: self.elsewhere, RETAINED: self.retained}


def given_create_only(kind: KindFacts, properties: Mapping[str, Value]) -> dict[str, Value]:
    """The create-only properties that the plan itself gives."""
    return {row.name: properties[row.name] for row in kind.properties if row.create_only and row.name in properties}


def revision(kind: KindFacts, resolved: Mapping[str, Value]) -> str:
    """`<format>-<hash>` of the create-only properties that the plan gives, references resolved."""
    content = json.dumps(to_json(given_create_only(kind, resolved)), sort_keys=True)
    return f"{FORMAT}-{hashlib.sha256(content.encode()).hexdigest()[:12]}"


def revision_hash(revision_: str) -> str:
    """What two revisions of the same request have in common, whatever format they were written in."""
    return revision_.partition("-")[2]


def older_format(tags: Mapping[str, str]) -> bool:
    """Whether the tags were written by an ocpprov of an older format."""
    head = tags.get(REVISION, "").partition("-")[0]
    return head.isdigit() and int(head) < FORMAT


def newer_format(live: Live) -> bool:
    """Whether the resource was tagged by an ocpprov that writes a newer format than this one reads."""
    head = live.tags.get(REVISION, "").partition("-")[0]
    return head.isdigit() and int(head) > FORMAT


def generated_name(kind: KindFacts, owner: Owner, logical_id: str, revision_: str) -> str:
    """A name for what the plan leaves unnamed: plan, logical id and revision, as long and in the spelling as the
    service takes it.

    Where names live outside regions, twins of the plan in another region or account get names of their own.
    """
    tail = revision_hash(revision_)[:8]
    if kind.is_global:
        # Of the first format for ever: a name that changed with the format would be another one to AWS.
        first_format = f"1-{revision_hash(revision_)}"
        tail = hashlib.sha256(f"{owner.account}/{owner.region}/{first_format}".encode()).hexdigest()[:8]
    head = re.sub(r"[^A-Za-z0-9-]", "-", f"{owner.plan}-{logical_id}")
    return kind.generated(f"{head[: kind.name_limit - len(tail) - 1]}-{tail}")


def is_generated_name(kind: KindFacts, owner: Owner, logical_ids: Collection[str] | None, name: str) -> bool:
    """Whether a name is as `generated_name` makes it for one of these logical ids, whatever the revision; for any where
    nobody knows them."""
    made = re.fullmatch(r"(.+)-[0-9a-f]{8}", name)
    if made is None:
        return False
    if logical_ids is None:
        return made[1].casefold().startswith(f"{owner.plan}-")
    heads = (re.sub(r"[^A-Za-z0-9-]", "-", f"{owner.plan}-{each}")[: kind.name_limit - 9] for each in logical_ids)
    return made[1].casefold() in {head.casefold() for head in heads}


def with_name(
    kind: KindFacts, owner: Owner, logical_id: str, properties: Mapping[str, Value], revision_: str
) -> dict[str, Value]:
    """The properties, and the generated name where the plan gives none."""
    if not kind.name_property or kind.name_property in properties:
        return dict(properties)
    return {**properties, kind.name_property: generated_name(kind, owner, logical_id, revision_)}


def with_certain_name(
    kind: KindFacts, owner: Owner, logical_id: str, properties: Mapping[str, Value]
) -> Mapping[str, Value]:
    """The properties, with the name that creating would generate, if nothing is unknown that it depends on."""
    if not is_known(given_create_only(kind, properties)):
        return properties
    return with_name(kind, owner, logical_id, properties, revision(kind, properties))


def plan_tags(kind: KindFacts, resource: Resource) -> dict[str, str]:
    """The tags in the resource's own properties (`Tags`, a zone's `HostedZoneTags`), as a mapping."""
    rows = resource.properties.get(kind.tags_property) if kind.tags_property else None
    if not isinstance(rows, Sequence) or isinstance(rows, str):
        return {}
    pairs = (row for row in rows if isinstance(row, Mapping))
    return {str(row["Key"]): str(row["Value"]) for row in pairs}


def visible_tags(owner: Owner, kind: KindFacts, resource: Resource) -> dict[str, str]:
    """The tags for people and for the cluster: Name, the plan's own on this resource, the user's; in order of rank."""
    own = plan_tags(kind, resource)
    takes_name = kind.takes_name_tag and "Name" not in own
    named = {"Name": f"{owner.plan}-{resource.logical_id}"[:_TAG_VALUE_LIMIT]} if takes_name else {}
    return {**named, **own, **{key: value for key, value in owner.user_tags.items() if key not in own}}


def desired_tags(
    owner: Owner, kind: KindFacts, resource: Resource, revision_: str, remembered: LedgerEntries, bound: str = ""
) -> dict[str, str]:
    """Every tag that the resource should carry, within the type's limit; the user's last ones are left out first.

    `ocpprov:run` names the running run: it is set at creation and compared by nobody.
    """
    retain = ON_DELETE_RETAIN if resource.deletion_policy == "Retain" else ""
    if kind.identity is Identity.SHARED_TAGS:
        # A rule ends with its group; a mark is on what isn't ours, whose end is nothing that we say.
        kept = retain if kind.ends_with else ""
        return _without_empty({PLAN: owner.plan, RUN: owner.run, CLUSTER: owner.cluster, BOUND: bound, ON_DELETE: kept})
    if kind.identity is not Identity.TAGS:
        return {}
    identity = _without_empty(
        {
            PLAN: owner.plan,
            RESOURCE: resource.logical_id,
            CLUSTER: owner.cluster,
            REGION: owner.region if kind.is_global else "",
            BOUND: bound,
            ON_DELETE: retain,
            **{
                tag: text
                for key, rows in remembered.by_ledger().items()
                for tag, text in encode_ledger(key, rows).items()
            },
        }
    )
    if takes_all_tags(kind):
        plan = _without_empty({PLAN_ID: owner.plan_id, PROTECT: PROTECTED if owner.protect else ""})
        identity |= {REVISION: revision_, RUN: owner.run, **plan}
    fitting = visible_tags(owner, kind, resource)
    # Long keys take more than one tag to be remembered in.
    while fitting and len(identity) + len(fitting) + len(encode_ledger(TAG_KEYS, fitting)) > kind.tag_limit:
        fitting.popitem()
    return {**identity, **fitting, **encode_ledger(TAG_KEYS, fitting)}


def takes_all_tags(kind: KindFacts) -> bool:
    """Whether there is room for every tag of ours: AWS takes ten on some types, on most fifty."""
    return kind.identity is Identity.TAGS and kind.tag_limit >= 50


def tags_left_out(owner: Owner, kind: KindFacts, resource: Resource, desired: Mapping[str, str]) -> list[str]:
    """Keys that the type's tag limit leaves no room for."""
    return [key for key in visible_tags(owner, kind, resource) if key not in desired]


def _without_empty(tags: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in tags.items() if value}


def encode_ledger(key: str, entries: Iterable[str]) -> dict[str, str]:
    """The entries as tags: `key`, going on in `key.2`, …; empty when there are none."""
    values: list[str] = []
    for entry in sorted(set(map(remembered_as, entries))):
        text = _written(entry)
        if values and len(values[-1]) + len(_SEPARATOR) + len(text) <= _TAG_VALUE_LIMIT:
            values[-1] += _SEPARATOR + text
        else:
            values.append(text)
    return {key if number == 1 else f"{key}.{number}": value for number, value in enumerate(values, 1)}


def remembered_as(entry: str) -> str:
    """How an entry is read back from a ledger: one that no tag could hold is its beginning and a hash."""
    return entry if _has_room(entry) else _abridged(entry)


def row_elsewhere(parent: object, entry: str | None) -> str:
    """How a row in somebody else's zone or table is remembered: `<id of that parent> <entry>`. The id stays whole
    where a tag can't hold both, as it says where to look."""
    row = f"{parent} {entry}"
    return row if entry is None or _has_room(row) else f"{parent} {_abridged(entry)}"


def retained_entry(kind: KindFacts, properties: Mapping[str, Value], names: Mapping[str, str]) -> str:
    """How a row or a link that is to stay is remembered on what it belongs to: as in the other ledgers, with the
    logical id in place of what is the plan's, which has no id while the plan is read. `names` are those, by id."""
    named = {
        name: names.get(value, value) if isinstance(value, str) else _logical_id(value)
        for name, value in properties.items()
    }
    return kind.ledger_entry(kind.normalise(named)) or kind.type


def _logical_id(value: Value) -> Value:
    return value.logical_id if isinstance(value, Ref | GetAtt) else value


def decode_ledger(key: str, tags: Mapping[str, str]) -> frozenset[str]:
    """The entries of a ledger, from all its tags."""
    entries: set[str] = set()
    for name, value in tags.items():
        if is_ledger_tag(key, name):
            entries.update(_unescaped(text) for text in value.split(_SEPARATOR) if text)
    return frozenset(entries)


def is_ledger_tag(key: str, name: str) -> bool:
    """Whether a tag is a part of the ledger `key`."""
    return name == key or (name.startswith(f"{key}.") and name[len(key) + 1 :].isdigit())


def is_ownership_tag(key: str) -> bool:
    """Whether a tag says whose the resource is that carries it. A mark says what some plan put on it beside."""
    return key.startswith(PREFIX) and not key.startswith(SHARED)


def _has_room(entry: str) -> bool:
    return len(_written(entry)) <= _TAG_VALUE_LIMIT


def _abridged(entry: str) -> str:
    return f"{entry[:16]}-{hashlib.sha256(entry.encode()).hexdigest()[:24]}"


def _written(entry: str) -> str:
    return "".join(char if _PLAIN.match(char) else _escaped(char) for char in entry)


def _escaped(char: str) -> str:
    return "".join(f"={byte:02x}" for byte in char.encode())


def _unescaped(text: str) -> str:
    raw = re.sub(rb"=([0-9a-f]{2})", lambda match: bytes([int(match[1], 16)]), text.encode())
    return raw.decode(errors="replace")


def identity_tags(live: Live) -> dict[str, str]:
    """What the resource says of its owner: its tags, and what it proves outside them. Of tags that are another one's
    the logical id doesn't count."""
    said = {**live.claim, **live.tags}
    if live.known_as is None:
        return said
    return _without_empty({**said, RESOURCE: live.known_as})


def claimed_by(live: Live, owner: Owner) -> bool:
    """Whether the resource names this plan, and no other region: where types are global it names one, too."""
    said = identity_tags(live)
    return said.get(PLAN) == owner.plan and said.get(REGION, owner.region) == owner.region


def lost_its_plan(live: Live) -> bool:
    """Whether the plan tag is gone while another of ours is left (or was never lost but names no plan)."""
    said = identity_tags(live)
    return not said.get(PLAN) and bool(said.get(RESOURCE) or said.get(RUN))

"""What a run leaves to somebody else, as a template for CloudFormation, tagged so that the next run knows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace

from ocpprov.engine.bound import bound_text
from ocpprov.engine.graph import build
from ocpprov.engine.kind_facts import Identity
from ocpprov.engine.ledgers import planned_ledgers
from ocpprov.engine.ownership import VOUCHES_FOR, LedgerEntries, desired_tags, revision, with_certain_name
from ocpprov.engine.resources import Live, Owner, Resource
from ocpprov.engine.secret_texts import NO_SECRETS, SecretTexts
from ocpprov.engine.values import GetAtt, Ref, Value, references, substitute
from ocpprov.kinds.contract import Kind
from ocpprov.plan.no_echo_template import parametrised
from ocpprov.plan.rendering import written, yaml_text


@dataclass(frozen=True)
class Handover:
    """The template, as YAML, and logical ids of what CloudFormation can't tag and nothing vouches for: its tags have to
    be put by hand. `parameters` have to be given to CloudFormation."""

    template: str
    untagged: Sequence[str]
    parameters: Sequence[str] = ()


def handover(
    left: Mapping[str, Resource],
    current: Mapping[str, Live],
    owner: Owner,
    kinds: Mapping[str, Kind],
    secrets: SecretTexts = NO_SECRETS,
) -> Handover:
    """For the resources that were left out. `current` is what exists by logical id: its ids and attributes stand
    where the plan refers to it. Instead of `secrets` it has parameters.

    Raises LookupError with the logical id of something that they need and that isn't there.
    """
    settled = {name: _settled(resource, left, current) for name, resource in left.items()}
    # By what the plan says, as a later run will: an id in place of a reference would be one more thing to remember.
    memory = planned_ledgers(build(left, kinds).resources, kinds)
    ready = {name: _named(resource, owner, kinds) for name, resource in settled.items()}
    vouched = _vouched(ready, kinds)
    vouchers = {name: {VOUCHES_FOR: f"{other} {_name(ready[other], kinds)}"} for name, other in vouched.items()}
    tags = {name: _tags(one, ready[name], owner, kinds, memory) for name, one in settled.items()}
    resources = {
        name: written(_tagged(one, {**tags[name], **vouchers.get(name, {})}, kinds)) for name, one in ready.items()
    }
    hidden = parametrised(resources, {}, secrets)
    document: dict[str, object] = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": f"What the plan {owner.plan} has in services that it was applied without",
        **({"Parameters": hidden.parameters} if hidden.parameters else {}),
        "Resources": hidden.resources,
    }
    return Handover(
        secrets.masked(yaml_text(document)), _untagged(ready, set(vouched.values()), kinds), [*hidden.parameters]
    )


def _settled(resource: Resource, left: Mapping[str, Resource], current: Mapping[str, Live]) -> Resource:
    """With the ids of what exists in place of references to it."""
    known: dict[Ref | GetAtt, Value] = {}
    for reference in references(resource.properties):
        if reference.logical_id in left:
            continue
        live = current.get(reference.logical_id)
        if live is None:
            raise LookupError(reference.logical_id)
        by_name = reference if isinstance(reference, GetAtt) else None
        known[reference] = live.attributes[by_name.attribute] if by_name else live.ref or live.id
    properties = {name: substitute(value, known) for name, value in resource.properties.items()}
    return replace(resource, properties=properties)


def _named(resource: Resource, owner: Owner, kinds: Mapping[str, Kind]) -> Resource:
    """With the name that a run would generate, as only such names are looked into."""
    kind = kinds[resource.type]
    named = with_certain_name(kind, owner, resource.logical_id, kind.normalise(resource.properties))
    given = {kind.name_property: named[kind.name_property]} if kind.name_property else {}
    return replace(resource, properties={**given, **resource.properties})


def _tags(
    resource: Resource, ready: Resource, owner: Owner, kinds: Mapping[str, Kind], memory: Mapping[str, LedgerEntries]
) -> dict[str, str]:
    kind = kinds[resource.type]
    made_from = revision(kind, kind.normalise(resource.properties))
    remembered = memory.get(resource.logical_id, LedgerEntries())
    bound = bound_text(kind, kind.normalise(ready.properties))
    return desired_tags(owner, kind, resource, made_from, remembered, bound)


def _tagged(resource: Resource, tags: Mapping[str, str], kinds: Mapping[str, Kind]) -> Resource:
    """With the tags, where CloudFormation has a property for them."""
    property = kinds[resource.type].tags_property
    if not property or not tags:
        return resource
    rows: Value = [{"Key": key, "Value": value} for key, value in tags.items()]
    return replace(resource, properties={**resource.properties, property: rows})


def _vouched(ready: Mapping[str, Resource], kinds: Mapping[str, Kind]) -> dict[str, str]:
    """Which resource speaks by a tag for which that CloudFormation can't tag, by their logical ids. It has room for one
    name, which must be known."""
    found: dict[str, str] = {}
    for name, resource in ready.items():
        if isinstance(_name(resource, kinds), str):
            for reference in references({"": resource.properties.get(kinds[resource.type].ownership_delegate)}):
                found.setdefault(reference.logical_id, name)
    return found


def _name(resource: Resource, kinds: Mapping[str, Kind]) -> Value:
    return resource.properties.get(kinds[resource.type].name_property or "")


def _untagged(ready: Mapping[str, Resource], vouched: Set[str], kinds: Mapping[str, Kind]) -> Sequence[str]:
    return [
        name
        for name, resource in ready.items()
        if (kind := kinds[resource.type]).identity is Identity.TAGS and not kind.tags_property and name not in vouched
    ]

"""What of AWS a run has to do with: the services it asks, and the names that its resources may have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from ocpprov.engine.memory import NOTHING_KNOWN, Memory
from ocpprov.engine.ownership import generated_name, given_create_only, revision, revision_hash
from ocpprov.engine.resources import Owner, Resource
from ocpprov.engine.secret_texts import MASK
from ocpprov.engine.values import is_known
from ocpprov.kinds.contract import Kind, key_text
from ocpprov.kinds.registry import KINDS
from ocpprov.runs.folder import RunFolder
from ocpprov.runs.journal import Made, Record, account_region, made, open_intents

ALWAYS_ASKED: Final = frozenset({"ec2", "sts"})
_ANCHORS: Final = ("AWS::EC2::VPC", "AWS::EC2::EIP")
"""What is looked for by its tag alone; everything else lies in a VPC or is listed whole."""
_BUCKET: Final = "AWS::S3::Bucket"
"""What is looked into with its tags where it is known."""
WRITTEN_ANEW: Final = "Ocpprov::S3::Object"
"""What loses its tags whenever somebody writes it by hand: its key tells whose it is."""
_ALWAYS_SEEN: Final = frozenset(
    {
        "AWS::EC2::RouteTable",
        "AWS::EC2::SecurityGroup",
        "AWS::EC2::SecurityGroupEgress",
        "AWS::EC2::SecurityGroupIngress",
        "AWS::EC2::Subnet",
        "AWS::EC2::VPC",
    }
)
"""What the rest is found by, whether the plan makes it or only names it, and the rules that AWS puts in each group."""
_IN_A_NETWORK: Final = frozenset({"ec2", "elb", "elbv2", "route53"})
"""Services of which something lies in a VPC, or belongs to one."""
_RARE: Final = frozenset(
    {
        "AWS::EC2::DHCPOptions",
        "AWS::EC2::TransitGatewayAttachment",
        "AWS::EC2::VPCPeeringConnection",
        "AWS::ElasticLoadBalancing::LoadBalancer",
        "Ocpprov::ElasticLoadBalancing::Instance",
    }
)
"""What few plans have, so that a run which doesn't know the plan goes on without having seen it."""
ALL_SERVICES: Final = ALWAYS_ASKED | {kind.service for kind in KINDS.values()}


@dataclass(frozen=True)
class Begun:
    """A resource without an end in the journal: what AWS has only once of it, empty where older versions didn't write
    it down, and in which account and region."""

    type: str
    logical_id: str
    revision: str
    key: str
    where: str

    def key_for(self, owner: Owner) -> str:
        """What it is known by in this account and region; empty where it is of another, or nobody knows."""
        kind = KINDS[self.type]
        if self.where != account_region(owner.account, owner.region) and (self.where or not kind.is_global):
            return ""
        if self.key or not kind.name_property:
            return self.key
        name = generated_name(kind, owner, self.logical_id, self.revision)
        return next(map(key_text, kind.unique({kind.name_property: name})), "")


@dataclass(frozen=True)
class Scope:
    """`services` are boto3's names: the others are never called and needn't be reachable. `declared_names` are those
    that plans gave to their resources, None where no plan is known. `journalled` is what the journal's runs have made,
    in whatever account and region, `intents` what they were about to make when they ended, and `begun` those of them
    that AWS may have without tags; `unplaced` is account and region of the records that don't say it, `noted` those of
    the last run. `planned_objects` are the objects that the plan has now. `types` are those of the plan's resources,
    None where no plan is known. `excluded_services` are all that the run was told not to ask, `excluded` those of them
    that the plan has. `memory` is what is known of whose things are, as far as account and region don't matter:
    `memory_in` has all of it. `hidden_given` are digests of ids that a parameter with NoEcho gave. `zone_roles` are the
    roles (ARNs) to act as on hosted zones of other accounts, by the zones' ids. `former_rows` are those that the plan
    file had a moment ago: logical id and ledger entry, as in the memory. `asked_services` are those without which the
    plan can't be expanded. `out_of_reach` has why, by service, where nothing needs one of them and nobody answers.
    `is_tolerant`: what can't be read is remembered and nobody refuses for it, as nothing is going to be changed.
    `compared` are the names of the properties that the plan gives, by type; None where others count, too."""

    services: frozenset[str] = ALL_SERVICES
    declared_names: frozenset[str] | None = None
    journalled: frozenset[Made] = frozenset()
    intents: tuple[Record, ...] = ()
    unplaced: str = ""
    noted: str = ""
    begun: tuple[Begun, ...] = ()
    planned_objects: frozenset[tuple[str, str]] = frozenset()
    types: frozenset[str] | None = None
    excluded: frozenset[str] = frozenset()
    excluded_services: frozenset[str] = frozenset()
    memory: Memory = NOTHING_KNOWN
    hidden_given: frozenset[str] = frozenset()
    zone_roles: Mapping[str, str] = field(default_factory=dict)
    former_rows: frozenset[tuple[str, str]] = frozenset()
    asked_services: frozenset[str] = frozenset()
    out_of_reach: Mapping[str, str] = field(default_factory=dict)
    is_tolerant: bool = False
    compared: Mapping[str, frozenset[str]] | None = None

    def tolerant(self) -> Scope:
        """The same, for a run that changes nothing and goes on where it can't read something."""
        return replace(self.whole(), is_tolerant=True)

    def whole(self) -> Scope:
        """The same, for a run that judges what AWS has: also by what the plan doesn't give."""
        return replace(self, compared=None)

    def allowing(self, ids: frozenset[str]) -> Scope:
        """The same, where the user says that what AWS knows by these ids is this plan's."""
        memory = replace(self.memory, allowed=ids)
        return replace(self, memory=memory)

    def without(self, services: frozenset[str]) -> Scope:
        """The same, without these services."""
        return replace(
            self, services=self.services - services, excluded=self.services & services, excluded_services=services
        )

    def beyond(self, lost: Mapping[str, str]) -> Scope:
        """The same, without services that can't be reached: each with why."""
        return replace(self, services=self.services - lost.keys(), out_of_reach={**self.out_of_reach, **lost})

    @property
    def kinds(self) -> Mapping[str, Kind]:
        """The types that live in these services."""
        return {name: kind for name, kind in KINDS.items() if kind.service in self.services}

    @property
    def needless(self) -> frozenset[str]:
        """The types that there is no use for, so that nobody needs to let a run look for them. Of what the journal has
        there may be some, whatever the plan has now."""
        if self.types is None:
            return _RARE - self._types_in_journal
        needed = self.types | self._types_in_journal
        has_a_network = any(name in KINDS and KINDS[name].service in _IN_A_NETWORK for name in needed)
        return frozenset(KINDS) - needed - (_ALWAYS_SEEN if has_a_network else frozenset())

    @property
    def _types_in_journal(self) -> frozenset[str]:
        return frozenset({each.type for each in self.journalled} | {each.type for each in self.intents})

    @property
    def types_known(self) -> frozenset[str] | None:
        """The types that the plan has something of, or had, as far as anybody knows; None where no plan is known."""
        return None if self.types is None else self.types | self._types_in_journal

    @property
    def needless_services(self) -> frozenset[str]:
        """Those of the services that have nothing but such types: a run goes on where they can't be reached."""
        if self.is_tolerant:
            return self.services - {"sts"}
        needed = {kind.service for name, kind in KINDS.items() if name not in self.needless}
        return self.services - needed - self.asked_services - {"sts"}

    def unreached(self) -> Mapping[str, str]:
        """The types that can't be looked at, as nobody answers, each with why."""
        return {
            name: self.out_of_reach[kind.service] for name, kind in KINDS.items() if kind.service in self.out_of_reach
        }

    def memory_in(self, owner: Owner) -> Memory:
        """The memory with what was made in the owner's account and region."""
        here = account_region(owner.account, owner.region)
        made_here = [each for each in self.journalled if (each.where or self.unplaced) == here]
        begun_here = (each for each in self.intents if (each.where or self.unplaced) == here)
        is_known_here = self.memory.is_known_here and self.noted in ("", here)
        return replace(
            self.memory,
            made=frozenset((each.type, each.id) for each in made_here),
            # One with a secret in it isn't kept whole.
            made_as={(each.type, each.id): each.resource for each in made_here if MASK not in each.resource},
            begun=frozenset((each.type, each.resource, each.run) for each in begun_here),
            rows=self.former_rows | (self.memory.rows if is_known_here else frozenset()),
            knows_rows=self.memory.knows_rows and is_known_here,
            is_known_here=is_known_here,
        )

    def ids_made(self, owner: Owner) -> frozenset[str]:
        """Ids by which the rest of it is found where somebody has taken the plan's tag away."""
        made_here = self.memory_in(owner).made
        return (
            frozenset(id for type, id in made_here if type in (*_ANCHORS, _BUCKET, WRITTEN_ANEW)) | self.memory.allowed
        )


def with_journal(scope: Scope, folder: RunFolder, resources: Mapping[str, Resource] | None = None) -> Scope:
    """The scope with what the folder's journal knows; the plan's resources tell the names that old ones don't have."""
    begun = tuple(_begun(folder, resources or {}, scope.unplaced))
    names = scope.declared_names or frozenset()
    return replace(
        scope,
        journalled=made(folder.journal, KINDS),
        intents=tuple(open_intents(folder.journal)),
        begun=begun,
        memory=replace(scope.memory, names=names),
    )


def _begun(folder: RunFolder, resources: Mapping[str, Resource], unplaced: str) -> Iterator[Begun]:
    """The open intents of types that AWS may have without their tags."""
    for record in open_intents(folder.journal):
        kind = KINDS.get(record.type)
        if kind is None or not kind.tags_may_follow:
            continue
        resource = resources.get(record.resource)
        key = record.key
        if not key and resource is not None and resource.type == kind.type:
            properties = kind.normalise(resource.properties)
            is_same = revision_hash(revision(kind, properties)) == revision_hash(record.revision)
            given = is_known(given_create_only(kind, properties)) and is_same
            key = next(map(key_text, kind.unique(properties)), "") if given else ""
        yield Begun(record.type, record.resource, record.revision, key, record.where or unplaced)

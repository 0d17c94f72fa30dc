"""What of AWS a run has to do with: the services it asks, and the names that its resources may have."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from ocpprov.commands.given_digests import digest
from ocpprov.engine.graph import Graph, build
from ocpprov.engine.ledgers import planned_ledgers
from ocpprov.engine.memory import NOTHING_KNOWN, Memory
from ocpprov.engine.ownership import generated_name, given_create_only, revision, revision_hash
from ocpprov.engine.resources import Owner, Resource
from ocpprov.engine.secret_texts import NO_SECRETS, SecretTexts
from ocpprov.engine.values import Ref, Value, is_known
from ocpprov.kinds.contract import Kind, key_text
from ocpprov.kinds.registry import KINDS
from ocpprov.openshift.expand import expand, facts_needed, placeholder_facts
from ocpprov.plan.model import Plan
from ocpprov.runs.folder import RunFolder
from ocpprov.runs.journal import Made, Record, account_region, made, open_intents

_ALWAYS: Final = frozenset({"ec2", "sts"})
_ANCHORS: Final = ("AWS::EC2::VPC", "AWS::EC2::EIP")
"""What is looked for by its tag alone; everything else lies in a VPC or is listed whole."""
_ID: Final = re.compile(r"(vpc|subnet|sg|rtb|igw|nat|eipalloc|vpce|tgw|pcx|acl|dopt)-[0-9a-f]+|Z[A-Z0-9]{9,31}")
_BUCKET: Final = "AWS::S3::Bucket"
"""What is looked into with its tags where it is known."""
_WRITTEN_ANEW: Final = "Ocpprov::S3::Object"
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
_ALL: Final = _ALWAYS | {kind.service for kind in KINDS.values()}


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

    services: frozenset[str] = _ALL
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
        made_here = (each for each in self.journalled if (each.where or self.unplaced) == here)
        begun_here = (each for each in self.intents if (each.where or self.unplaced) == here)
        is_known_here = self.memory.is_known_here and self.noted in ("", here)
        return replace(
            self.memory,
            made=frozenset((each.type, each.id) for each in made_here),
            begun=frozenset((each.type, each.resource, each.run) for each in begun_here),
            rows=self.former_rows | (self.memory.rows if is_known_here else frozenset()),
            knows_rows=self.memory.knows_rows and is_known_here,
            is_known_here=is_known_here,
        )

    def ids_made(self, owner: Owner) -> frozenset[str]:
        """Ids by which the rest of it is found where somebody has taken the plan's tag away."""
        made_here = self.memory_in(owner).made
        return (
            frozenset(id for type, id in made_here if type in (*_ANCHORS, _BUCKET, _WRITTEN_ANEW)) | self.memory.allowed
        )

    def document(self, secrets: SecretTexts = NO_SECRETS) -> dict[str, object]:
        """The scope as it is remembered in the run folder, without these texts. What a run did without is in it: the
        next one mayn't. Where a name is secret none is known: everything is looked at. Of an id that is, the digest is
        kept: what a plan gives is never deleted, with the plan file or without."""
        names = sorted(self.declared_names or ())
        hidden = {id for id in self.memory.given if secrets.hides(id)}
        digests = self.hidden_given | {digest(id) for id in hidden}
        roles = {zone: role for zone, role in self.zone_roles.items() if not secrets.hides(zone) | secrets.hides(role)}
        return {
            "services": sorted(self.services | self.excluded | self.out_of_reach.keys()),
            "names": None if any(map(secrets.hides, names)) else names,
            "resources": dict(self.memory.types),
            "given": sorted(self.memory.given - hidden),
            **({"givenDigests": sorted(digests)} if digests else {}),
            "unplaced": self.unplaced,
            **({"zoneRoles": roles} if roles else {}),
            **({} if self.types is None else {"types": sorted(self.types)}),
        }


def scope_of(plan: Plan, folder: RunFolder) -> Scope:
    """What a plan has to do with, and what it had when it was last applied, by the run folder's note: what the plan no
    longer has must still be found."""
    services, resources = services_of(plan), _resources(plan)
    before = scope_remembered(folder)
    names = frozenset(_names(resources))
    types = {name: resource.type for name, resource in resources.items()}
    memory = Memory(types, ids_given(plan), exclusive=plan.exclusive, is_known_here=before is not None)
    here = Scope(
        services,
        names,
        planned_objects=frozenset(_objects(resources)),
        types=frozenset(_types(resources)),
        memory=memory,
        zone_roles=zone_roles_of(plan),
        asked_services=services_for_facts(plan) - (_ALWAYS if plan.openshift is None else frozenset()),
        compared=_properties(resources),
    )
    if before is not None:
        here = replace(
            here,
            services=services | before.services,
            declared_names=None if before.declared_names is None else names | before.declared_names,
            hidden_given=before.hidden_given,
            zone_roles={**before.zone_roles, **here.zone_roles},
            types=(here.types or frozenset()) | (before.types or frozenset()),
            memory=replace(
                memory,
                given=memory.given | before.memory.given,
                rows=before.memory.rows,
                knows_rows=before.memory.knows_rows,
            ),
            unplaced=before.unplaced,
            noted=before.noted,
        )
    return with_journal(here, folder, resources)


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


def services_of(plan: Plan) -> frozenset[str]:
    """The services (boto3's names) that a plan needs."""
    return services_for_facts(plan) | {KINDS[resource.type].service for resource in _resources(plan).values()}


def services_for_facts(plan: Plan) -> frozenset[str]:
    """Those that must be asked before a plan can be expanded."""
    services, needed = set(_ALWAYS), facts_needed(plan)
    if needed.public_zone:
        services.add("route53")
    if needed.router:
        services |= {"elb", "elbv2"}
    return frozenset(services)


def _resources(plan: Plan) -> dict[str, Resource]:
    return {**expand(plan, placeholder_facts(plan)), **plan.resources}


def scope_remembered(folder: RunFolder) -> Scope | None:
    """The scope in a run folder's note of the last plan; None where it has none."""
    content = folder.read(folder.last_plan)
    if not isinstance(content, Mapping) or not isinstance(content.get("services"), list):
        return None
    names, types = content.get("names"), content.get("types")
    resources, given = content.get("resources"), content.get("given")
    digests, roles = content.get("givenDigests"), content.get("zoneRoles")
    return Scope(
        _ALWAYS | (_ALL & set(map(str, content["services"]))),
        frozenset(map(str, names)) if isinstance(names, list) else None,
        types=frozenset(map(str, types)) if isinstance(types, list) else None,
        memory=Memory(
            {str(name): str(type) for name, type in resources.items()} if isinstance(resources, Mapping) else {},
            frozenset(map(str, given)) if isinstance(given, list) else frozenset(),
            rows=_rows(content.get("rows")),
            knows_rows=isinstance(content.get("rows"), list) and content.get("hidesRows") is not True,
            is_known_here=True,
        ),
        unplaced=_unplaced(content),
        hidden_given=frozenset(map(str, digests)) if isinstance(digests, list) else frozenset(),
        noted=_noted(content),
        zone_roles={str(zone): str(role) for zone, role in roles.items()} if isinstance(roles, Mapping) else {},
    )


def zone_roles_of(plan: Plan) -> dict[str, str]:
    """The roles that a plan acts as on zones of other accounts, by the zones' ids."""
    section = plan.openshift
    return {section.hosted_zone: section.hosted_zone_role} if section and section.hosted_zone_role else {}


def _unplaced(note: Mapping[str, object]) -> str:
    """Account and region of the journal's records that don't say it: those of the last run of the version that wrote
    them, which its note has. Every later note repeats it, as that may be about another account."""
    if "unplaced" in note:
        return str(note["unplaced"])
    return _noted(note)


def _noted(note: Mapping[str, object]) -> str:
    """Account and region of the last run; empty where the note doesn't say both."""
    account, region = note.get("account"), note.get("region")
    return account_region(str(account), str(region)) if account and region else ""


def rows_of(graph: Graph, excluded: Mapping[str, Resource]) -> frozenset[tuple[str, str]]:
    """What the plan has of rows, links and members of shared lists: the logical id of what remembers each, and how.
    What is `excluded` from the run is remembered too, as somebody else makes it."""
    ledgers = planned_ledgers({**graph.resources, **build(excluded, KINDS).resources}, KINDS)
    return frozenset((name, entry) for name, ledger in ledgers.items() for entry in ledger.children | ledger.links)


def _rows(content: object) -> frozenset[tuple[str, str]]:
    rows = content if isinstance(content, list) else ()
    return frozenset((str(row[0]), str(row[1])) for row in rows if isinstance(row, list) and len(row) == 2)


def ids_given(plan: Plan) -> frozenset[str]:
    """Ids of existing things that stand literally in a plan."""
    given = set(ids_in([resource.properties for resource in plan.resources.values()]))
    if plan.openshift:
        section = plan.openshift
        named = (section.vpc_id, section.public_zone, section.hosted_zone, *section.subnets, *section.route_tables)
        given |= {*section.elastic_ips, *ids_in(named)}
    return frozenset(given)


def ids_in(value: Value) -> Iterator[str]:
    """Ids of AWS resources that stand literally in a value."""
    if isinstance(value, str):
        if _ID.fullmatch(value):
            yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from ids_in(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from ids_in(item)


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


def _objects(resources: Mapping[str, Resource]) -> Iterator[tuple[str, str]]:
    for resource in resources.values():
        bucket, key = resource.properties.get("Bucket"), resource.properties.get("Key")
        if resource.type == _WRITTEN_ANEW and isinstance(key, str):
            yield (bucket.logical_id if isinstance(bucket, Ref) else str(bucket), key)


def _types(resources: Mapping[str, Resource]) -> Iterator[str]:
    """Those of the resources, and of what AWS keeps apart from them."""
    for resource in resources.values():
        yield resource.type
        yield from (part.type for part in KINDS[resource.type].expand(resource))


def _properties(resources: Mapping[str, Resource]) -> Mapping[str, frozenset[str]]:
    """The names of what is given to resources, by type."""
    found: dict[str, frozenset[str]] = {}
    for resource in resources.values():
        found[resource.type] = found.get(resource.type, frozenset()) | resource.properties.keys()
    return found


def _names(resources: Mapping[str, Resource]) -> Iterator[str]:
    for resource in resources.values():
        kind = KINDS[resource.type]
        name = kind.normalise(resource.properties).get(kind.name_property or kind.listed_by or "")
        if isinstance(name, str):
            yield name

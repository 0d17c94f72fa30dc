"""Which question a new plan needs answered next, given what is known already. Nobody is asked here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from ocpprov.aws.partitions import partition_of
from ocpprov.commands.init_offers import Offers, SubnetOffer, VpcOffer, usual_subnets
from ocpprov.engine.kind_facts import Property
from ocpprov.engine.resources import Position
from ocpprov.plan.checking import Checker
from ocpprov.plan.new_plan import NewPlan
from ocpprov.plan.nodes import Node
from ocpprov.plan.openshift_blocks import MAX_ZONES
from ocpprov.plan.openshift_table import OPENSHIFT
from ocpprov.plan.releases import NEWEST, in_words
from ocpprov.plan.top_level import TOP_LEVEL

NEW: Final = "new"
"""Instead of an id: the plan makes one."""
CLOSED: Final = ("s3", "ec2", "elasticloadbalancing", "sts")
"""The endpoints without which a cluster doesn't come up where there is no other way to AWS."""
_ROWS: Final = {row.name: row for row in (*TOP_LEVEL, *OPENSHIFT)}


@dataclass(frozen=True)
class Draft:
    """A plan while it comes into being: what it is going to say, and what its install-config says. `asks_for_vpc` and
    `asks_for_subnets`: nobody has said yet whether there are some already."""

    plan: NewPlan
    said: NewPlan = field(default_factory=NewPlan)
    asks_for_vpc: bool = True
    asks_for_subnets: bool = True

    @property
    def cluster_name(self) -> str:
        return self.plan.cluster_name or self.said.cluster_name

    @property
    def base_domain(self) -> str:
        return self.plan.base_domain or self.said.base_domain

    @property
    def region(self) -> str:
        return self.plan.region or self.said.region

    @property
    def publish(self) -> str:
        return self.plan.publish or self.said.publish

    @property
    def subnets(self) -> Sequence[str]:
        """The subnets that are there already, as the plan names them, or its install-config."""
        return self.plan.subnets or self.said.subnets


@dataclass(frozen=True)
class Choice:
    """One answer, and what is to be said of it."""

    value: str
    about: str = ""


@dataclass(frozen=True)
class Question:
    """One question. `default` is the answer of an empty line. Other answers than the choices are taken where it is
    `free`, if `wrong` says nothing of them; several, with commas between them, where there are `several`."""

    text: str
    put: Callable[[Draft, str], Draft]
    default: str = ""
    choices: Sequence[Choice] = ()
    free: bool = True
    several: bool = False
    row: Property | None = None

    def meant(self, typed: str) -> str:
        """The answer that was typed: of a number the choice that has it, counted from 1."""
        return ",".join(map(self._one, self._parts(typed)))

    def wrong(self, answer: str) -> str:
        """What is wrong with an answer, empty where nothing is."""
        return next(filter(None, map(self._wrong, self._parts(answer))), "")

    def _parts(self, text: str) -> Sequence[str]:
        return [part.strip() for part in (text.split(",") if self.several else [text])]

    def _one(self, typed: str) -> str:
        is_number = typed.isascii() and typed.isdigit() and all(each.value != typed for each in self.choices)
        number = int(typed[:4]) if is_number else 0
        return self.choices[number - 1].value if 1 <= number <= len(self.choices) else typed

    def _wrong(self, answer: str) -> str:
        if any(each.value == answer for each in self.choices):
            return ""
        if not self.free:
            return f"{answer} is none of {', '.join(each.value for each in self.choices)}"
        if not answer:
            return "an answer is needed"
        return problem_with(self.row, answer) if self.row else ""


def problem_with(row: Property, text: str) -> str:
    """What a row of the plan's tables has against a value, empty where nothing."""
    checker = Checker()
    checker.value(Node(text, Position("", 1, 1)), row, row.name)
    return "; ".join(f"{each.message}; {each.hint}" if each.hint else each.message for each in checker.errors)


def next_question(draft: Draft, offers: Offers) -> Question | None:
    """The first that is open, None when all is known."""
    return next((found for ask in _QUESTIONS if (found := ask(draft, offers)) is not None), None)


def _region(draft: Draft, offers: Offers) -> Question | None:
    if draft.region:
        return None
    choices = [Choice(each) for each in offers.regions or ()]
    return Question("Region", _put_region, offers.region, choices, row=_ROWS["region"])


def _cluster_name(draft: Draft, offers: Offers) -> Question | None:
    if draft.cluster_name:
        return None
    return Question("The cluster's name", _put_cluster_name, row=_ROWS["clusterName"])


def _base_domain(draft: Draft, offers: Offers) -> Question | None:
    if draft.base_domain:
        return None
    choices = [Choice(each, "a public zone of this account") for each in offers.domains or ()]
    default = choices[0].value if len(choices) == 1 else ""
    return Question("The domain it is in", _put_base_domain, default, choices, row=_ROWS["baseDomain"])


def _version(draft: Draft, offers: Offers) -> Question | None:
    if draft.plan.version:
        return None
    text = "OpenShift's version, as `openshift-install version` says it"
    return Question(text, _put_version, in_words(NEWEST), row=_ROWS["version"])


def _name(draft: Draft, offers: Offers) -> Question | None:
    if draft.plan.name:
        return None
    default = name_from(draft.cluster_name)
    return Question("The plan's own name, for good", _put_name, default, row=_ROWS["name"])


def name_from(cluster_name: str) -> str:
    """The cluster's name as the plan's, empty where a plan can't have it."""
    return "" if problem_with(_ROWS["name"], cluster_name) else cluster_name


def _publish(draft: Draft, offers: Offers) -> Question | None:
    if draft.publish:
        return None
    choices = (Choice("External", "an API that the internet reaches"), Choice("Internal", "no way to it from outside"))
    return Question("Where the API is published", _put_publish, "External", choices, free=False)


def _public_zone(draft: Draft, offers: Offers) -> Question | None:
    """Where AWS says that the domain has none."""
    wanted = draft.publish == "External" and not draft.plan.public_zone
    unknown = offers.domains is None or not partition_of(draft.region).public_zones
    if not wanted or unknown or draft.base_domain in (offers.domains or ()):
        return None
    choices = (
        Choice("create", "make one, to which the domain above has to delegate"),
        Choice("none", "the records are made elsewhere, by hand"),
    )
    text = f"This account has no public zone of {draft.base_domain}"
    return Question(text, _put_public_zone, "create", choices, row=_ROWS["publicZone"])


def _vpc(draft: Draft, offers: Offers) -> Question | None:
    if not draft.asks_for_vpc or draft.subnets:
        return None
    found = [Choice(each.id, _about_vpc(each)) for each in offers.vpcs or ()]
    choices = (Choice(NEW, "the plan makes one"), *found)
    return Question("VPC", _put_vpc, NEW, choices, row=_ROWS["vpcID"])


def _subnets(draft: Draft, offers: Offers) -> Question | None:
    if not draft.plan.vpc_id or not draft.asks_for_subnets or draft.subnets:
        return None
    found = [Choice(each.subnet.id, _about_subnet(each)) for each in offers.subnets or ()]
    choices = (Choice(NEW, "the plan makes them"), *found)
    default = ",".join(usual_subnets(offers.subnets or (), draft.publish)) or ("" if found else NEW)
    items = _ROWS["subnets"].items
    return Question("Subnets, one private one in each zone", _put_subnets, default, choices, several=True, row=items)


def _machine_network(draft: Draft, offers: Offers) -> Question | None:
    known = draft.plan.machine_networks or draft.said.machine_networks
    if known or draft.subnets:
        return None
    if draft.plan.vpc_id:
        text, default = "The block of the machines, inside the VPC's", ""
    else:
        text, default = "The VPC's block", "10.0.0.0/16"
    return Question(text, _put_machine_network, default, row=_ROWS["machineNetwork"])


def _zones(draft: Draft, offers: Offers) -> Question | None:
    if draft.plan.zones or draft.subnets:
        return None
    most = MAX_ZONES if offers.zones is None else max(1, min(MAX_ZONES, len(offers.zones)))
    names = ", ".join(offers.zones[:most]) if offers.zones else ""
    numbers = [Choice(str(each)) for each in range(1, most + 1)]
    text = f"Zones, of {names}" if names else "Zones"
    return Question(text, _put_zones, str(most), numbers, free=False)


def _egress(draft: Draft, offers: Offers) -> Question | None:
    if draft.plan.egress or draft.subnets:
        return None
    choices = (
        Choice("nat", "a NAT gateway in each zone, each billed by the hour"),
        Choice("nat-single", "one NAT gateway for all"),
        Choice("none", "none: AWS is reached through endpoints inside the VPC"),
    )
    return Question("The machines' way to the internet", _put_egress, "nat", choices, free=False)


_QUESTIONS: Final = (
    _region,
    _cluster_name,
    _base_domain,
    _version,
    _name,
    _publish,
    _public_zone,
    _vpc,
    _subnets,
    _machine_network,
    _zones,
    _egress,
)
"""In the order in which they are asked."""


def _about_vpc(vpc: VpcOffer) -> str:
    return " ".join(filter(None, [vpc.name, *vpc.blocks]))


def _about_subnet(offer: SubnetOffer) -> str:
    return " ".join(filter(None, [offer.side, offer.subnet.zone, offer.subnet.cidr, offer.name]))


def _put_region(draft: Draft, answer: str) -> Draft:
    return replace(draft, plan=replace(draft.plan, region=answer))


def _put_cluster_name(draft: Draft, answer: str) -> Draft:
    return replace(draft, plan=replace(draft.plan, cluster_name=answer))


def _put_base_domain(draft: Draft, answer: str) -> Draft:
    return replace(draft, plan=replace(draft.plan, base_domain=answer))


def _put_version(draft: Draft, answer: str) -> Draft:
    return replace(draft, plan=replace(draft.plan, version=answer))


def _put_name(draft: Draft, answer: str) -> Draft:
    return replace(draft, plan=replace(draft.plan, name=answer))


def _put_publish(draft: Draft, answer: str) -> Draft:
    return replace(draft, plan=replace(draft.plan, publish=answer))


def _put_public_zone(draft: Draft, answer: str) -> Draft:
    return replace(draft, plan=replace(draft.plan, public_zone=answer))


def _put_vpc(draft: Draft, answer: str) -> Draft:
    return replace(draft, plan=replace(draft.plan, vpc_id="" if answer == NEW else answer), asks_for_vpc=False)


def _put_subnets(draft: Draft, answer: str) -> Draft:
    ids = [] if answer == NEW else answer.split(",")
    return replace(draft, plan=replace(draft.plan, subnets=ids), asks_for_subnets=False)


def _put_machine_network(draft: Draft, answer: str) -> Draft:
    return replace(draft, plan=replace(draft.plan, machine_networks=[answer]))


def _put_zones(draft: Draft, answer: str) -> Draft:
    return replace(draft, plan=replace(draft.plan, zones=[answer]))


def _put_egress(draft: Draft, answer: str) -> Draft:
    return replace(draft, plan=replace(draft.plan, egress=answer))


def with_consequences(draft: Draft, offers: Offers) -> Draft:
    """The draft with what follows from the answers: the blocks of an existing VPC and the tables of its private
    subnets, whether these lead anywhere, and, where there is no way out, the endpoints."""
    plan = draft.plan
    vpc = offers.vpc(plan.vpc_id)
    if vpc and not plan.machine_networks and not draft.said.machine_networks and plan.subnets:
        plan = replace(plan, machine_networks=vpc.blocks)
    if draft.subnets:
        plan = _beside_subnets(plan, [each for each in offers.subnets or () if each.subnet.id in draft.subnets])
    elif plan.egress == "none" and not plan.endpoints:
        plan = replace(plan, endpoints=CLOSED)
    return replace(draft, plan=plan)


def _beside_subnets(plan: NewPlan, named: Sequence[SubnetOffer]) -> NewPlan:
    """What is written beside subnets that are there already. Where nothing leads out of them the cluster can't write
    the router's record either."""
    private = [each for each in named if each.side == "private"]
    closed = plan.egress == "none" or bool(private and not any(each.way_out for each in private))
    tables = [each.subnet.route_table for each in private if each.subnet.route_table]
    return replace(
        plan,
        zones=(),
        egress="none" if closed else plan.egress,
        endpoints=plan.endpoints or (CLOSED if closed else ("s3",)),
        apps_record="auto" if closed else "",
        route_tables=plan.route_tables or list(dict.fromkeys(tables)),
    )

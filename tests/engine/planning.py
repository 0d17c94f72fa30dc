"""Plans and what AWS has, as values: a few lines for each test of the planner.

A run is asked for its actions, `comes_first` for the order, `work` for what is sent. Only `_work` and `step` know how
steps are written down.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, Final, Literal

from ocpprov.engine.actions import Action, Actions, Verb
from ocpprov.engine.bound import bound_text
from ocpprov.engine.claims import named
from ocpprov.engine.graph import build
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.kind_facts import KindFacts
from ocpprov.engine.ledgers import planned_ledgers
from ocpprov.engine.memory import NOTHING_KNOWN, Memory
from ocpprov.engine.ownership import (
    BOUND,
    CHILDREN,
    PLAN,
    REGION,
    RESOURCE,
    REVISION,
    LedgerEntries,
    decode_ledger,
    desired_tags,
    revision,
    with_name,
)
from ocpprov.engine.planner import plan
from ocpprov.engine.resources import Live, Owner, Resource
from ocpprov.engine.steps import (
    NO_TAG_EDIT,
    Barrier,
    CreateStep,
    DeleteStep,
    DetachStep,
    RetainStep,
    Step,
    TagEdit,
    TagStep,
    UpdateStep,
)
from ocpprov.engine.values import Ref, Value
from ocpprov.kinds.registry import KINDS

OWNER: Final = Owner("lab", "eu-west-1", "123456789012", "20260101T000000Z.aaaaaaaa.1.aaaaaaaa")

NO_CHILDREN: Final = LedgerEntries()

VPC: Final = "AWS::EC2::VPC"
SUBNET: Final = "AWS::EC2::Subnet"
GROUP: Final = "AWS::EC2::SecurityGroup"
ROLE: Final = "AWS::IAM::Role"
ref: Final = Ref


def wanted(**resources: tuple[str, Mapping[str, Any]]) -> dict[str, Resource]:
    """Resources of a plan: `Vpc=(type, properties)`."""
    return {name: Resource(name, type, properties) for name, (type, properties) in resources.items()}


def live(
    type: str,
    id: str,
    name: str = "",
    properties: Mapping[str, Any] | None = None,
    remembered: LedgerEntries = NO_CHILDREN,
    given: Collection[str] = (),
    **more: Any,
) -> Live:
    """What AWS has of the resource `name` of the plan; of somebody else's without a name. `given` are the networks that
    the plan named as existing when it was made."""
    kind = KINDS[type]
    asked = kind.normalise(properties or {})
    if not name:
        return Live(type, id, asked, **more)
    made = revision(kind, asked)
    resource, whole = Resource(name, type, properties or {}), with_name(kind, OWNER, name, asked, made)
    bound = bound_text(kind, whole, id, given)
    tags = desired_tags(OWNER, kind, resource, made, remembered, bound)
    return Live(type, id, whole, tags=tags, **{"claim": made_with(kind, name), **more})


def made_with(kind: KindFacts, name: str) -> dict[str, str]:
    """What the reference says with which a zone was made: its create call takes no tags."""
    return {PLAN: OWNER.plan, REGION: OWNER.region, RESOURCE: name} if kind.listed_by else {}


def twin(of: Live, id: str) -> Live:
    """A second one of the same request, whole: it carries its own id where that is told."""
    bound = bound_text(KINDS[of.type], of.properties, id)
    return replace(of, id=id, tags={**of.tags, **({BOUND: bound} if bound else {})})


def unfinished(of: Live, id: str = "") -> Live:
    """What a run leaves that ends between a creation and the call that puts the own id into the tags."""
    return replace(of, id=id or of.id, tags={**of.tags, BOUND: bound_text(KINDS[of.type], of.properties)})


def of_format_1(of: Live) -> Live:
    """The live resource, as a version tagged it that knew no `ocpprov:bound`."""
    tags = {key: value.replace("2-", "1-", 1) if key == REVISION else value for key, value in of.tags.items()}
    return untagged(replace(of, tags=tags), BOUND)


def untagged(live: Live, *keys: str) -> Live:
    """The live resource, after somebody has taken these tags from it."""
    return replace(live, tags={key: value for key, value in live.tags.items() if key not in keys})


def retagged(live: Live, **tags: str) -> Live:
    """The live resource with more tags, or other ones."""
    return replace(live, tags={**live.tags, **tags})


def copied(of: Live, type: str, id: str, properties: Mapping[str, Any] | None = None, **more: Any) -> Live:
    """Somebody else's resource, onto which the tags of one of ours were copied."""
    return replace(live(type, id, "", properties, **more), tags=of.tags)


def inventory(*lives: Live) -> Inventory:
    found: dict[str, list[Live]] = {}
    for each in lives:
        found.setdefault(each.type, []).append(each)
    return Inventory(found)


def remembered(resources: Mapping[str, Resource], name: str) -> LedgerEntries:
    """What the plan has the resource remember."""
    return planned_ledgers(build(resources, KINDS).resources, KINDS).get(name, LedgerEntries())


def planned(
    resources: Mapping[str, Resource], lives: Sequence[Live], memory: Memory = NOTHING_KNOWN, owner: Owner = OWNER
) -> Actions:
    """What there is to do; no resources: a destroy. Without a memory, the last plan had all that ledgers name."""
    if memory is NOTHING_KNOWN:
        memory = last_plan_had(*lives)
    return plan(build(resources, KINDS), inventory(*lives), owner, KINDS, memory=memory)


def last_plan_had(*lives: Live, **more: Any) -> Memory:
    """The memory of a folder from which a plan was applied that had what the ledgers of these name."""
    rows = {(named(each), entry) for each in lives for entry in decode_ledger(CHILDREN, each.tags)}
    return Memory(rows=frozenset(rows), knows_rows=True, is_known_here=True, **more)


def done(actions: Actions) -> dict[str, str]:
    """What is done to each live resource or, where there is none yet, to each logical id."""
    changed = [action for action in actions.actions if action.verb is not Verb.KEEP]
    return {action.id or action.resource: action.verb.value for action in changed}


def left_alone(actions: Actions) -> str:
    """What is reported as somebody else's, one in a line."""
    others = [f"{other.resource}: {other.what}" for other in actions.others]
    return "\n".join([*others, *(f"{claim.logical_id or claim.live.id}: {claim}" for claim in actions.unproven)])


def made_by_us(*places: tuple[str, str]) -> Memory:
    """What the journal remembers: that a run of this plan made these, by type and id."""
    return Memory(made=frozenset(places))


def action_on(actions: Actions, name: str) -> Action:
    """The one action on a logical id or on a live resource."""
    [found] = [action for action in actions.actions if name in (action.resource, action.id)]
    return found


def reasons(actions: Actions) -> dict[str, str]:
    """Why, for what is done to each live resource or, where there is none yet, to each logical id."""
    return {action.id or action.resource: action.reason for action in actions.changes}


def current(actions: Actions) -> dict[str, str]:
    """Ids of what stays, by logical id."""
    return {name: live.id for name, live in actions.current.items()}


def changes_of(actions: Actions, name: str) -> dict[str, tuple[Value, Value]]:
    """From what to what each property of a resource goes."""
    return {change.property: (change.before, change.after) for change in action_on(actions, name).changes}


What = Literal["create", "update", "let go", "delete", "retain", "tag"]


@dataclass(frozen=True)
class Work:
    """A step, in words that stay the same when steps are written down otherwise. `rest` is what a list is set to by who
    lets go of something; `after` are the names of those that it waits for directly."""

    step: str
    what: What
    type: str
    name: str
    after: frozenset[str]
    live: Live | None = None
    resource: Resource | None = None
    sets: Sequence[str] = ()
    rest: Mapping[str, Value] = field(default_factory=dict)
    keeps: Mapping[str, Sequence[Value]] = field(default_factory=dict)
    tags: TagEdit = NO_TAG_EDIT
    remembers: LedgerEntries = NO_CHILDREN
    batch: Hashable | None = None
    seconds: float = 1


def work(actions: Actions) -> list[Work]:
    """The steps of a run, without the barriers between them."""
    return [_work(step) for step in actions.steps if not isinstance(step, Barrier)]


def _work(step: Step) -> Work:
    what, live, tags = _sort_of(step)
    plain = Work(step.name, what, step.type, step.logical_id, step.after, live, tags=tags, seconds=step.seconds)
    match step:
        case CreateStep(resource=resource, remembered=remembered, batch=batch):
            return replace(plain, resource=resource, remembers=remembered, batch=batch)
        case UpdateStep(resource=resource, changed=changed, keep=keep):
            return replace(plain, resource=resource, sets=changed, keeps=keep)
        case DetachStep(rest=rest):
            return replace(plain, sets=list(rest), rest=rest)
        case _:
            return replace(plain, batch=step.batch)


def _sort_of(step: Step) -> tuple[What, Live | None, TagEdit]:
    match step:
        case CreateStep():
            return "create", None, NO_TAG_EDIT
        case UpdateStep(live=live, tags=tags):
            return "update", live, tags
        case DetachStep(live=live):
            return "let go", live, NO_TAG_EDIT
        case DeleteStep(live=live):
            return "delete", live, NO_TAG_EDIT
        case RetainStep(live=live, tags=tags):
            return "retain", live, tags
        case TagStep(live=live, tags=tags):
            return "tag", live, tags
        case _:
            raise TypeError(step.name)


def step(name: str, after: Iterable[str] = (), *, batch: int | None = None, seconds: float = 1) -> Step:
    """A step of which only the order counts."""
    return Step(name=name, type="T", logical_id=name, after=frozenset(after), batch=batch, seconds=seconds)


@dataclass(frozen=True)
class Moment:
    """Something that a run does, of which the order is asked."""

    what: frozenset[What]
    of: str
    type: str = ""

    def fits(self, work: Work) -> bool:
        going = work.live is not None and self.what <= {"delete", "retain"}
        of = work.live.id if going and work.live is not None else work.name
        return work.what in self.what and of == self.of and self.type in ("", work.type)


def made(name: str) -> Moment:
    """The resource is made or changed."""
    return Moment(frozenset({"create", "update"}), name)


def gone(id: str, type: str = "") -> Moment:
    """The live resource is deleted or, where it is retained, no longer this plan's."""
    return Moment(frozenset({"delete", "retain"}), id, type)


def let_go(name: str) -> Moment:
    """The resource has let go of what has to be deleted before its successor is there."""
    return Moment(frozenset({"let go"}), name)


def forgotten(name: str) -> Moment:
    """The resource's ledger no longer has what is gone."""
    return Moment(frozenset({"tag"}), name)


def the_work(actions: Actions, moment: Moment) -> Work:
    """The one step that does it."""
    [found] = [each for each in work(actions) if moment.fits(each)]
    return found


def before(actions: Actions, then: Work) -> set[str]:
    """Names of all steps that are over when this one begins."""
    waits_for = {step.name: step.after for step in actions.steps}
    stack, found = [then.step], set[str]()
    while stack:
        for name in waits_for[stack.pop()] - found:
            found.add(name)
            stack.append(name)
    return found


def comes_first(actions: Actions, first: Moment, then: Moment) -> bool:
    """Whether, in every order that is allowed, the one is over when the other begins."""
    return the_work(actions, first).step in before(actions, the_work(actions, then))


def in_any_order(actions: Actions, one: Moment, other: Moment) -> bool:
    """Whether neither of them waits for the other."""
    return not comes_first(actions, one, other) and not comes_first(actions, other, one)


def one_after_another(actions: Actions, *moments: Moment) -> bool:
    """Whether each of these is over when the next one begins."""
    return all(comes_first(actions, first, then) for first, then in pairwise(moments))


def sends(actions: Actions) -> list[str]:
    """All that is done, sorted: what, and to which logical id, or to which live resource that goes."""
    return sorted(
        f"{each.what} {each.live.id if each.what in ('delete', 'retain') and each.live else each.name}"
        for each in work(actions)
    )


def tagging(actions: Actions, moment: Moment) -> tuple[dict[str, str], list[str]]:
    """The tags that are put, and the keys that are removed."""
    edit = the_work(actions, moment).tags
    return dict(edit.put), list(edit.remove)


def ledger_afterwards(actions: Actions, name: str, key: str = CHILDREN) -> frozenset[str]:
    """What the resource remembers once what is gone is forgotten."""
    writing = the_work(actions, forgotten(name))
    assert writing.live is not None
    left = {tag: value for tag, value in writing.live.tags.items() if tag not in writing.tags.remove}
    return decode_ledger(key, {**left, **writing.tags.put})


def together(actions: Actions, *moments: Moment) -> bool:
    """Whether these go to AWS in one call."""
    batches = {the_work(actions, moment).batch for moment in moments}
    return len(batches) == 1 and None not in batches

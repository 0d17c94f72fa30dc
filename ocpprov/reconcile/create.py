"""Creating: journal the intent, send once, journal the id. In doubt, look first; never repeat blindly."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError, cause_of
from ocpprov.aws.partitions import partition_of
from ocpprov.aws.retry import CREATES, DELETES, UPDATES
from ocpprov.engine.bound import AT_ONCE, bound_text, joined, live_bound_text
from ocpprov.engine.drift import changes_in_place, tag_changes
from ocpprov.engine.events import EventKind
from ocpprov.engine.kind_facts import Identity, NotCompared, Property
from ocpprov.engine.ownership import BOUND, desired_tags, revision, with_name
from ocpprov.engine.resources import Created, Live, Resource, State
from ocpprov.engine.same import same
from ocpprov.engine.shared_lists import with_items
from ocpprov.engine.steps import CreateStep
from ocpprov.kinds.contract import CreateRequest, Kind, key_text
from ocpprov.reconcile.context import Context
from ocpprov.reconcile.observe import observe_kind
from ocpprov.reconcile.unknown_outcome import Conflict, find_conflicting, find_created, remaining_window
from ocpprov.runs.journal import Record

_LOOK_FIRST: Final = (ErrorClass.UNKNOWN_OUTCOME, ErrorClass.EXISTS, ErrorClass.TOKEN_MISMATCH)
_LOOK_AGAIN: Final = 5.0
"""Seconds between looks at what has the key of a request and is going."""
_SENDS: Final = 4
"""How often a request whose outcome stays unknown is sent, with a look before each."""


@dataclass(frozen=True)
class _PendingCreate:
    """One resource to make: the request, and the resource that it comes from."""

    resource: Resource
    request: CreateRequest
    revision: str


@dataclass(frozen=True)
class _Sent:
    """What came of sending: what was made, each for its wish as it was sent last, what turned out to be there, by
    logical id, and whether the new ones have their tags."""

    made: Sequence[tuple[_PendingCreate, Created]]
    found: Mapping[str, Live]
    tagged: bool


def create(kind: Kind, steps: Sequence[CreateStep], context: Context) -> None:
    """Make the resources of one batch, finish what the create calls don't take, and make them known.

    Raises AwsError, Conflict, and OSError when the journal can't be written (then nothing was sent).
    """
    for start in range(0, len(steps), AT_ONCE):
        _create(kind, steps[start : start + AT_ONCE], context)


def _create(kind: Kind, steps: Sequence[CreateStep], context: Context) -> None:
    wishes = {
        wish.resource.logical_id: wish for wish in _bound_together([_wish(kind, step, context) for step in steps])
    }
    adopted = _look_for_earlier(kind, list(wishes.values()), context)
    rest = [wish for logical_id, wish in wishes.items() if logical_id not in adopted]
    sent = _send(kind, rest, context)
    for logical_id, live in {**adopted, **sent.found}.items():
        _finish_adopted(kind, wishes[logical_id], live, context)
    for wish, created in sent.made:
        _finish_created(kind, wish, created, context, tagged=sent.tagged)
    _remove_superseded(kind, list(wishes.values()), context)


def _wish(kind: Kind, step: CreateStep, context: Context) -> _PendingCreate:
    resource = step.resource
    properties = context.properties(kind, resource)
    revision_ = revision(kind, properties)
    properties = with_name(kind, context.owner, resource.logical_id, properties, revision_)
    bound = bound_text(kind, properties, given=context.live_state.given)
    tags = desired_tags(context.owner, kind, resource, revision_, step.remembered, bound)
    earlier = context.journal.in_doubt(kind.type, resource.logical_id, revision_)
    token = earlier.token if earlier else secrets.token_hex(16)
    request = CreateRequest(resource.logical_id, properties, tags, token, context.owner)
    return _PendingCreate(resource, request, revision_)


def _bound_together(wishes: Sequence[_PendingCreate]) -> Iterator[_PendingCreate]:
    """What is made by one call shares its tags, so that one says of all where they are."""
    texts = [wish.request.tags.get(BOUND, "") for wish in wishes]
    for wish in wishes:
        tags = {**wish.request.tags, BOUND: joined(texts)} if all(texts) else wish.request.tags
        yield replace(wish, request=replace(wish.request, tags=tags))


def _look_for_earlier(kind: Kind, wishes: Sequence[_PendingCreate], context: Context) -> dict[str, Live]:
    """What an earlier process asked for without learning the answer."""
    doubtful, ages = [], []
    for wish in wishes:
        earlier = context.journal.in_doubt(kind.type, wish.resource.logical_id, wish.revision)
        if earlier:
            doubtful.append(wish.request)
            ages.append(context.clock.now() - earlier.time)
    if not doubtful:
        return {}
    window = remaining_window(context.quiet_window, min(ages))
    return find_created(kind, doubtful, context, window)


def _send(kind: Kind, wishes: Sequence[_PendingCreate], context: Context) -> _Sent:
    """Send the create until everything was made or found."""
    found: dict[str, Live] = {}
    rest = list(wishes)
    with_tags = True
    doubtful = any(context.journal.in_doubt(kind.type, wish.resource.logical_id, wish.revision) for wish in rest)
    attempt = 0
    while rest:
        attempt += 1
        requests = [wish.request for wish in rest]
        for wish in rest:
            context.journal.write(_record("intent", wish, context))
            context.tell(EventKind.STARTED, wish.resource.logical_id, kind.type, action="create")
        try:
            answers = _send_once(kind, requests, context, tagged=with_tags)
        except (AwsError, LookupError) as error:
            if with_tags and attempt < _SENDS and _refuses_tags(kind, error, context):
                with_tags = False
                continue
            error_class = error.error_class if isinstance(error, AwsError) else ErrorClass.UNKNOWN_OUTCOME
            doubtful = doubtful or error_class is ErrorClass.UNKNOWN_OUTCOME
            if error_class not in _LOOK_FIRST or attempt == _SENDS:
                if not doubtful:
                    _remember_refusal(rest, context)
                raise
            # What is there although nothing of ours can be was made by somebody in the meantime.
            by_key = doubtful and kind.tags_may_follow and not (kind.tags_at_create and with_tags)
            try:
                newly = _look_again(kind, rest, error_class, error, context, tagged=not by_key)
            except Conflict:
                if not doubtful:
                    _remember_refusal(rest, context)
                raise
            found |= newly
            rest = [_renewed(wish, error_class) for wish in rest if wish.resource.logical_id not in newly]
        else:
            made = list(zip(rest, answers, strict=True))
            return _Sent(made, found, kind.tags_at_create and with_tags)
    return _Sent([], found, kind.tags_at_create and with_tags)


def _remember_refusal(wishes: Sequence[_PendingCreate], context: Context) -> None:
    """Nothing was made, so what has the name later is somebody else's."""
    for wish in wishes:
        context.journal.write(_record("refused", wish, context))


def _send_once(kind: Kind, requests: Sequence[CreateRequest], context: Context, *, tagged: bool) -> Sequence[Created]:
    first = requests[0]
    sent = requests if tagged else [replace(request, tags={}) for request in requests]
    answers: Sequence[Created] = context.send(
        lambda: kind.create_many(context.clients, sent), CREATES, first.logical_id, kind.type
    )
    return answers


def _refuses_tags(kind: Kind, error: Exception, context: Context) -> bool:
    """Whether the tags may be what is refused: a partition of the isolated regions, where services are behind, and a
    refusal that isn't one of permission, of a quota or of a name. Of nothing else is such a request sent again."""
    isolated = partition_of(context.owner.region).isolated
    return kind.tags_may_follow and isolated and isinstance(error, AwsError) and error.error_class is ErrorClass.INVALID


def _look_again(
    kind: Kind,
    wishes: Sequence[_PendingCreate],
    error_class: ErrorClass,
    error: Exception,
    context: Context,
    *,
    tagged: bool,
) -> dict[str, Live]:
    for wish in wishes:
        context.tell(EventKind.IN_DOUBT, wish.resource.logical_id, kind.type, reason=str(error))
    requests = [wish.request for wish in wishes]
    found = find_created(kind, requests, context, context.quiet_window, tagged=tagged)
    if error_class is ErrorClass.EXISTS and not found:
        first = requests[0]
        holder = find_conflicting(kind, first, context)
        if holder is not None and holder.state is State.DELETING:
            _await_its_end(kind, first, holder, context)
            return {}
        means = cause_of(error.error_class, error.aws) if isinstance(error, AwsError) else ""
        raise Conflict(first.logical_id, kind.type, holder, means) from error
    return found


def _await_its_end(kind: Kind, request: CreateRequest, holder: Live, context: Context) -> None:
    """What has the unique key is on its way out; AWS keeps the key until it is gone. Whoever looks in vain until the
    time for a deletion is over sends again all the same."""
    context.tell(EventKind.WAITING, request.logical_id, kind.type, holder.id, reason="until gone")
    end = context.clock.monotonic() + kind.delete_deadline
    seen: Live | None = holder
    while seen is not None and seen.state is State.DELETING and context.clock.monotonic() < end:
        context.clock.sleep(_LOOK_AGAIN)
        seen = find_conflicting(kind, request, context)


def _renewed(wish: _PendingCreate, error_class: ErrorClass) -> _PendingCreate:
    if error_class is not ErrorClass.TOKEN_MISMATCH:
        return wish
    return replace(wish, request=replace(wish.request, token=secrets.token_hex(16)))


def _record(event: Any, wish: _PendingCreate, context: Context, id: str = "") -> Record:
    kind = context.kinds[wish.resource.type]
    keys = kind.unique(wish.request.properties) if kind.tags_may_follow and event == "intent" else ()
    return Record(
        event,
        context.clock.now(),
        context.owner.run,
        wish.resource.logical_id,
        wish.resource.type,
        wish.revision,
        wish.request.token,
        id,
        key=key_text(keys[0]) if keys else "",
    )


def _finish_created(kind: Kind, wish: _PendingCreate, created: Created, context: Context, *, tagged: bool) -> None:
    if tagged:
        context.journal.write(_record("created", wish, context, created.id))
    request = wish.request
    live = Live(
        kind.type,
        created.id,
        request.properties,
        created.attributes,
        request.tags,
        State.PENDING if kind.settles else State.READY,
        ref=created.ref,
    )
    logical_id = wish.resource.logical_id
    # From here on it exists, even if the rest fails.
    context.live_state.add(logical_id, live, context.clock.monotonic())
    if not tagged:
        context.send(lambda: kind.tag(context.clients, created.id, request.tags, ()), UPDATES, logical_id, kind.type)
        context.journal.write(_record("created", wish, context, created.id))
    _bind(kind, wish, live, context)
    bare = replace(live, properties=kind.as_created(request.properties))
    if rest := _not_yet(kind, request, bare):
        context.send(
            lambda: kind.update(context.clients, bare, request.properties, rest), UPDATES, logical_id, kind.type
        )
    complete(kind, logical_id, live, context)
    context.tell(EventKind.EXISTS, logical_id, kind.type, live.id)


def complete(kind: Kind, logical_id: str, live: Live, context: Context) -> None:
    """What follows a creation and is no property, where it isn't done: an earlier run may have been cut off before it.
    Raises AwsError."""
    if live.state is State.PENDING and kind.completes(live, context.owner):
        context.send(lambda: kind.complete(context.clients, live), UPDATES, logical_id, kind.type)


def _bind(kind: Kind, wish: _PendingCreate, live: Live, context: Context) -> None:
    """Put its own id into the tag that says what it is, where nothing else tells it from others: then a copy of its
    tags is no proof any more."""
    if not kind.bound_by_id or BOUND not in wish.request.tags:
        return
    text = bound_text(kind, wish.request.properties, live.id, context.live_state.given)
    logical_id = wish.resource.logical_id
    context.send(lambda: kind.tag(context.clients, live.id, {BOUND: text}, ()), UPDATES, logical_id, kind.type)
    context.live_state.add(logical_id, replace(live, tags={**live.tags, BOUND: text}))


def _not_yet(kind: Kind, request: CreateRequest, bare: Live) -> list[str]:
    """The properties that one doesn't have right after its creation, and is to have."""
    late = [row for row in kind.properties if row.after_create and _differs_from_default(row, request)]
    return [row.name for row in late if not same(bare.properties.get(row.name), request.properties[row.name])]


def _differs_from_default(row: Property, request: CreateRequest) -> bool:
    if row.name not in request.properties:
        return False
    return isinstance(row.default, NotCompared) or not same(request.properties[row.name], row.default)


def _never_said(kind: Kind, request: CreateRequest, live: Live) -> Iterator[Property]:
    """What follows a creation, and the answer doesn't say whether it did: it is sent, as that changes nothing then."""
    for row in kind.properties:
        if row.after_create and live.properties.get(row.name) is None and _differs_from_default(row, request):
            yield row


def _finish_adopted(kind: Kind, wish: _PendingCreate, live: Live, context: Context) -> None:
    """What was found is made to be as wanted: it may have been cut off half-way."""
    request, logical_id = wish.request, wish.resource.logical_id
    context.live_state.add(logical_id, live)
    bound = live_bound_text(kind, live, request.properties, context.live_state.given)
    tagging = tag_changes({**request.tags, BOUND: bound} if bound else request.tags, live)
    if tagging.edit and kind.identity in (Identity.TAGS, Identity.SHARED_TAGS):
        edit = tagging.edit
        context.send(lambda: kind.tag(context.clients, live.id, edit.put, edit.remove), UPDATES, logical_id, kind.type)
    context.journal.write(_record("created", wish, context, live.id))
    difference = changes_in_place(kind, request.properties, live, ())
    changed = [change.property for change in difference.changes]
    changed += [row.name for row in _never_said(kind, request, live) if row.name not in changed]
    if changed:
        kept = {name: with_items(request.properties.get(name, ()), items) for name, items in difference.keep.items()}
        wanted = {**request.properties, **kept}
        context.send(lambda: kind.update(context.clients, live, wanted, changed), UPDATES, logical_id, kind.type)
    complete(kind, logical_id, live, context)
    context.tell(EventKind.ADOPTED, logical_id, kind.type, live.id)


def _remove_superseded(kind: Kind, wishes: Sequence[_PendingCreate], context: Context) -> None:
    """AWS's own row goes when the planned ones are there (a new group's default egress)."""
    wanted = {kind.key(wish.request.properties) for wish in wishes}
    superseded = {key for wish in wishes for key in kind.supersedes(wish.request.properties)} - wanted
    if not superseded:
        return
    for live in observe_kind(kind, context.live_state.found(), context.reader):
        if live.service_owned and kind.key(live.properties) in superseded:
            _delete_row(kind, live, context)


def _delete_row(kind: Kind, live: Live, context: Context) -> None:
    try:
        context.send(lambda: kind.delete(context.clients, live), DELETES, live.id, kind.type)
    except AwsError as error:
        if error.error_class is not ErrorClass.NOT_VISIBLE:
            raise

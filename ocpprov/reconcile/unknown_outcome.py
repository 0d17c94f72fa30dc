"""When nobody knows whether a create happened: look, through a quiet window, before anything is sent again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ocpprov.engine.abbreviated_ids import means
from ocpprov.engine.bound import Agreement, agreement
from ocpprov.engine.kind_facts import Identity
from ocpprov.engine.ownership import RESOURCE, REVISION, claimed_by, identity_tags, revision, revision_hash
from ocpprov.engine.resources import Live, State
from ocpprov.engine.unique_keys import clash
from ocpprov.kinds.contract import CreateRequest, Kind
from ocpprov.reconcile.context import Context
from ocpprov.reconcile.observe import observe_kind


class Conflict(Exception):
    """AWS has something with the key that ours needs, and it isn't ours."""

    def __init__(self, resource: str, type: str, live: Live | None, otherwise: str = "") -> None:
        """`otherwise`: what it means that AWS says so, in sentences, where nothing of the type is in the way."""
        what = f"{live.type} {live.id}" if live else f"another {type}"
        blocked = f"{what} is in the way and doesn't belong to this plan; change the plan, or remove it by hand"
        super().__init__(f"{resource}: {otherwise if otherwise and not live else blocked}")
        self.resource = resource


def find_created(
    kind: Kind,
    requests: Sequence[CreateRequest],
    context: Context,
    window: Sequence[float],
    *,
    tagged: bool = True,
) -> dict[str, Live]:
    """What of the requests exists, by logical id: looked for again and again until all of it is found or the window
    (waits between looks, in seconds) is over. What was sent without tags is known by its unique key: it wasn't there
    when the run began, and it carries no tags. Raises AwsError."""
    found: dict[str, Live] = {}
    for pause in (*window, None):
        lives = observe_kind(kind, context.live_state.found(), context.reader)
        found = {
            request.logical_id: live
            for request in requests
            if (live := next(_matching(kind, request, lives, context, tagged=tagged), None)) is not None
        }
        if len(found) == len(requests) or pause is None:
            break
        context.clock.sleep(pause)
    return found


def remaining_window(full: Sequence[float], elapsed: float) -> list[float]:
    """The part of the quiet window that is not over after `elapsed` seconds."""
    rest, passed = [], 0.0
    for pause in full:
        passed += pause
        if passed > elapsed:
            rest.append(min(pause, passed - elapsed))
    return rest


def find_conflicting(kind: Kind, request: CreateRequest, context: Context) -> Live | None:
    """The live resource that holds a unique key of the request. Raises AwsError."""
    for live in observe_kind(kind, context.live_state.found(), context.reader):
        if _has_its_key(kind, request, live):
            return live
    return None


def _matching(
    kind: Kind, request: CreateRequest, lives: Sequence[Live], context: Context, *, tagged: bool
) -> Iterator[Live]:
    for live in sorted(lives, key=lambda live: live.id):
        if live.state not in (State.PENDING, State.READY):
            continue
        if kind.identity is not Identity.TAGS:
            if kind.key(live.properties) == kind.key(request.properties):
                yield live
        elif (live.type, live.id) not in context.live_state.before and (
            _is_this(kind, request, live) or (not tagged and not live.tags and _has_its_key(kind, request, live))
        ):
            yield live


def _has_its_key(kind: Kind, request: CreateRequest, live: Live) -> bool:
    wanted, has = kind.unique(request.properties), kind.unique(live.properties)
    return any(clash(one, other) for one in wanted for other in has)


def _is_this(kind: Kind, request: CreateRequest, live: Live) -> bool:
    said: Mapping[str, str] = identity_tags(live)
    wanted = request.tags.get(REVISION, revision(kind, request.properties))
    return (
        claimed_by(live, request.owner)
        and means(said.get(RESOURCE, ""), request.logical_id)
        and revision_hash(said.get(REVISION, wanted)) == revision_hash(wanted)
        and agreement(kind, live) is not Agreement.DIFFERS
    )

"""What a tag editor, a filter or an older ocpprov leaves of a plan's tags."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from ocpprov.engine.ownership import BOUND, CLUSTER, PLAN, PREFIX, REGION, RESOURCE, REVISION, RUN

Tags = Mapping[str, str]


def _without(*keys: str) -> Callable[[Tags], Tags]:
    return lambda tags: {key: value for key, value in tags.items() if key not in keys}


def _only(*keys: str) -> Callable[[Tags], Tags]:
    return lambda tags: {key: value for key, value in tags.items() if key in keys or not key.startswith(PREFIX)}


def _of_format_1(tags: Tags) -> Tags:
    said = _without(BOUND)(tags)
    return {**said, **({REVISION: f"1-{said[REVISION][2:]}"} if REVISION in said else {})}


PARTS: Final[Mapping[str, Callable[[Tags], Tags]]] = {
    "without bound": _without(BOUND),
    "of format 1": _of_format_1,
    "without revision": _without(REVISION),
    "without bound and revision": _without(BOUND, REVISION),
    "without plan": _without(PLAN),
    "without plan and bound": _without(PLAN, BOUND),
    "without logical id": _without(RESOURCE),
    "without run": _without(RUN),
    "plan, logical id": _only(PLAN, RESOURCE),
    "plan, logical id, revision": _only(PLAN, RESOURCE, REVISION),
    "plan, bound": _only(PLAN, BOUND),
    "plan, run, cluster": _only(PLAN, RUN, CLUSTER, REGION),
    "logical id, run, bound": _only(RESOURCE, RUN, BOUND),
    "plan": _only(PLAN),
    "logical id": _only(RESOURCE),
    "run": _only(RUN),
}

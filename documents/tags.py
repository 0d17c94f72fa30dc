"""Reference of tags: what ocpprov writes on AWS."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from documents.markdown import anchored, code, table
from ocpprov.engine import ownership

TAGS: Final[Mapping[str, str]] = {
    ownership.PLAN: "which plan: with `ocpprov:resource`, how ocpprov knows its own",
    ownership.RESOURCE: "which resource of it, by its logical id",
    ownership.REGION: "the plan's region, on what has none of its own (zones)",
    ownership.BOUND: "what it is, and where it lies or what it is called: the proof that the other tags are no copy",
    ownership.PLAN_ID: "the plan's `id`, where it has one: another plan of the same name has another",
    ownership.CLUSTER: "cluster name and base domain; another value stops the run",
    ownership.REVISION: "what it was made from: `<format>-<hash>`",
    ownership.RUN: "by which run",
    ownership.PROTECT: "`true` by `protect: true` in the plan, on what takes fifty tags: destroy refuses, with the plan file or without",
    ownership.ON_DELETE: "on what has `DeletionPolicy: Retain`: a destroy without the plan file keeps it, too",
    ownership.RETAINED: "on what has routes, records, links or the like of the plan: which of them have `DeletionPolicy: Retain`",
    ownership.CHILDREN: "on a route table, zone, target group, ACL, role or the like: which routes, records, targets, entries and policies on it are ours",
    ownership.TAG_KEYS: "which of its other tags are ours",
    ownership.RECORDS: "on a load balancer: which records in somebody else's zone are ours, as long as they point at it",
    f"{ownership.SHARED}<plan>": "on somebody else's subnet: which tags on it are ours",
    ownership.VOUCHES_FOR: "on a role that somebody made from a handover: which instance profile belongs to it",
}  # fmt: skip


def page() -> str:
    """The page, as Markdown."""
    rows = (
        (anchored(key.removeprefix(ownership.PREFIX).partition(":")[0], code(key)), text) for key, text in TAGS.items()
    )
    return f"""# Tags

ocpprov writes these tags on everything that can have tags. Their format is {ownership.FORMAT}. Don't edit them; [how it stays safe](../explanation/how-it-stays-safe.md#tags) says
what happens if some are lost or copied.

{table(("tag", "says"), rows)}
Beside them are `Name` (for people), `kubernetes.io/cluster/<infraID>` (for OpenShift), and your `userTags`.
"""

"""Tags on a subnet that isn't ours: the cluster's `shared` tag, and what we put there goes again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ocpprov.engine.kind_facts import Identity, ListRule, Property, UniqueKey
from ocpprov.engine.ownership import BOUND, CLUSTER, PLAN, RUN, SHARED, decode_ledger, encode_ledger
from ocpprov.engine.resources import Created, Live
from ocpprov.engine.values import Value
from ocpprov.kinds.contract import CreateRequest, Permissions
from ocpprov.kinds.ec2.common import TAGS, Ec2Kind, describe, describe_all, known_key
from ocpprov.kinds.reads import Found, Pages, Read

if TYPE_CHECKING:
    from ocpprov.aws.clients import Clients

_MARK: Final = "2"
"""Since 2 the mark names the resource that it is on, so that a copy of it elsewhere is no mark."""
_OURS: Final = re.compile(r"kubernetes\.io/(cluster|role)/.+")
"""The keys that a plan puts on existing subnets. A mark that names others was written by somebody else."""


class SharedTags(Ec2Kind):
    """Tags that a plan puts on somebody else's resource. Beside them stands one tag of ours, which remembers their keys
    and the cluster; the resource's other tags aren't looked at, and nothing else about it is ever changed.

    CloudFormation has no such type: it is made from the openshift section only.
    """

    type = "Ocpprov::EC2::SharedTags"
    tells = ("ResourceId",)
    properties = (
        Property("ResourceId", "string", required=True, create_only=True, documentation="Whose tags they are."),
        Property(
            "Tags",
            "list",
            required=True,
            items=TAGS.items,
            list_rule=ListRule.EXCLUSIVE,
            documentation="The tags to put there.",
        ),
        Property("Mark", "string", default=_MARK, documentation="How the tag of ours is written; never given."),
    )
    permissions = Permissions(
        read=("ec2:DescribeTags",),
        create=("ec2:CreateTags",),
        update=("ec2:CreateTags", "ec2:DeleteTags"),
        delete=("ec2:DeleteTags",),
    )
    bound_by = ("ResourceId",)
    identity = Identity.SHARED_TAGS
    tags_property = ""
    parent_property = "ResourceId"

    def reads(self, found: Found) -> Sequence[Read]:
        """The tags of ours that mark such resources, where they don't come with all of the plan's tags, then all tags
        of these."""
        marked = [live.id for live in found.lives.get(self.type, ())]
        own = [describe("describe_tags", "key", [SHARED + found.owner.plan])] if found.tagged is None else []
        return [*own, *describe_all("describe_tags", "resource-id", sorted(set(marked)))]

    def parse(self, pages: Pages) -> Sequence[Live]:
        tags: dict[str, dict[str, str]] = {}
        for tag in pages.items("ec2", "describe_tags", "Tags"):
            tags.setdefault(tag["ResourceId"], {})[tag["Key"]] = tag["Value"]
        return [
            _live(resource_id, key.removeprefix(SHARED), present)
            for resource_id, present in tags.items()
            for key in present
            if key.startswith(SHARED)
        ]

    def create(self, clients: Clients, request: CreateRequest) -> Created:
        """One call for the tags and for ours."""
        resource_id = request.properties["ResourceId"]
        put = [*request.properties["Tags"], _mark(request.tags, resource_id, request.properties["Tags"])]
        clients.ec2.create_tags(Resources=[resource_id], Tags=put)
        return Created(resource_id)

    def update(self, clients: Clients, live: Live, desired: Mapping[str, Any], changed: Sequence[str]) -> None:
        """The new tags first, then the old keys go."""
        wanted = {tag["Key"] for tag in desired["Tags"]}
        stale = [key for key in _keys(live) if key not in wanted]
        put = [*desired["Tags"], _mark(live.tags, live.id, desired["Tags"])]
        clients.ec2.create_tags(Resources=[live.id], Tags=put)
        if stale:
            clients.ec2.delete_tags(Resources=[live.id], Tags=[{"Key": key} for key in stale])

    def delete(self, clients: Clients, live: Live) -> None:
        keys = [*_keys(live), SHARED + live.tags[PLAN]]
        clients.ec2.delete_tags(Resources=[live.id], Tags=[{"Key": key} for key in keys])

    def tag(self, clients: Clients, live_id: str, set_tags: Mapping[str, str], remove: Sequence[str]) -> None:
        """Nothing: whose they are stands in the one tag of ours, which create and update write."""

    def normalise(self, properties: Mapping[str, Value]) -> Mapping[str, Value]:
        tags = properties.get("Tags")
        if not isinstance(tags, Sequence) or isinstance(tags, str):
            return properties
        return {**properties, "Tags": sorted(tags, key=str)}

    def key(self, properties: Mapping[str, Value]) -> UniqueKey | None:
        return known_key(properties, "ResourceId")


def _mark(said: Mapping[str, str], resource_id: str, tags: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """The tag of ours: what it is on, the cluster, and the keys that are put beside it."""
    entries = [f"of {resource_id}", f"cluster {said.get(CLUSTER, '')}", *(f"tag {tag['Key']}" for tag in tags)]
    return {"Key": SHARED + said[PLAN], "Value": next(iter(encode_ledger("", entries).values()))}


def _keys(live: Live) -> list[str]:
    tags = live.properties["Tags"]
    present = tags if isinstance(tags, Sequence) else ()
    return [str(tag["Key"]) for tag in present if isinstance(tag, Mapping)]


def _live(resource_id: str, plan: str, present: Mapping[str, str]) -> Live:
    remembered = [entry.partition(" ") for entry in decode_ledger("", {"": present[SHARED + plan]})]
    keys = sorted(key for kind, _, key in remembered if kind == "tag" and _OURS.fullmatch(key))
    of = next((id for kind, _, id in remembered if kind == "of"), "")
    cluster = next((name for kind, _, name in remembered if kind == "cluster"), "")
    bound = {BOUND: f"{SharedTags.type} {of}"} if of else {}
    return Live(
        type=SharedTags.type,
        id=resource_id,
        properties={
            "ResourceId": resource_id,
            "Tags": [{"Key": key, "Value": present[key]} for key in keys if key in present],
            "Mark": _MARK if of else "1",
        },
        # What the one tag says, in the words of other resources. Who put it there is not remembered.
        tags={PLAN: plan, RUN: "", **({CLUSTER: cluster} if cluster else {}), **bound},
    )

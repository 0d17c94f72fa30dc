"""Kinds of the scripted cloud: the smallest ones that have what kinds of AWS have, one class attribute each."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from ocpprov.engine.kind_facts import Identity, ListRule, Property, UniqueKey
from ocpprov.engine.resources import Created, Live, State
from ocpprov.engine.values import Value
from ocpprov.kinds.contract import CreateRequest, Kind
from ocpprov.kinds.reads import Found, Pages, Read, read


class Thing(Kind):
    """`Name` can't be changed in place, `Size` can, `Members` is shared with others, and `Protection` isn't taken by
    the create call."""

    type = "Test::Cloud::Thing"
    service = "cloud"
    properties: Sequence[Property] = (
        Property("Name", "string", create_only=True),
        Property("Size", "integer", default=1),
        Property("Members", "list", list_rule=ListRule.CONTAINS),
        Property("Protection", "boolean", after_create=True, default=False),
        Property("Mode", "string", after_create=True),
        Property("Tags", "list"),
    )
    attributes = ("Arn",)
    takes_name_tag = False

    def reads(self, found: Found) -> Sequence[Read]:
        return [read("cloud", "list_things", Type=self.type)]

    def parse(self, pages: Pages) -> Sequence[Live]:
        items = pages.with_read("cloud", "list_things", "Items")
        lives = [self._live(item) for made, item in items if made.arguments()["Type"] == self.type]
        return list({live.id: live for live in lives}.values())

    def create(self, clients: Any, request: CreateRequest) -> Created:
        return self.create_many(clients, [request])[0]

    def create_many(self, clients: Any, requests: Sequence[CreateRequest]) -> Sequence[Created]:
        answers = clients.create(self.type, requests)
        return [Created(answer["Id"], {"Arn": answer["Arn"]}, ref=f"ref-{answer['Id']}") for answer in answers]

    def update(self, clients: Any, live: Live, desired: Mapping[str, Any], changed: Sequence[str]) -> None:
        clients.update(live, desired, changed)

    def tag(self, clients: Any, live_id: str, set_tags: Mapping[str, str], remove: Sequence[str]) -> None:
        clients.tag(live_id, set_tags, remove)

    def delete(self, clients: Any, live: Live) -> None:
        clients.delete([live.id])

    def delete_many(self, clients: Any, lives: Sequence[Live]) -> None:
        clients.delete([live.id for live in lives])

    def unique(self, properties: Mapping[str, Value]) -> Sequence[UniqueKey]:
        return [("thing", str(properties["Name"]))] if "Name" in properties else []

    def _live(self, item: Mapping[str, Any]) -> Live:
        return Live(
            self.type,
            item["Id"],
            item["Properties"],
            {"Arn": f"arn:{item['Id']}"},
            item["Tags"],
            State(item["State"]),
            item["Reason"],
            service_owned=item["ServiceOwned"],
        )


class Gateway(Thing):
    """Its creation and its deletion go on after their answers."""

    type = "Test::Cloud::Gateway"
    settles = True
    create_deadline = 100
    delete_deadline = 200


class Zone(Thing):
    """Its create call takes no tags."""

    type = "Test::Cloud::Zone"
    tags_at_create = False
    tags_may_follow = True


class Profile(Thing):
    """Its create call takes tags, but not in every partition."""

    type = "Test::Cloud::Profile"
    tags_may_follow = True


class Alike(Thing):
    """Any number of them may be there, and only its own id tells one from another."""

    type = "Test::Cloud::Alike"
    bound_by_id = True


class Rule(Thing):
    """Made many in one call, with tags that name the plan only. With any, the cloud's own one goes."""

    type = "Test::Cloud::Rule"
    identity = Identity.SHARED_TAGS
    parent_property = "Parent"
    tags_property = ""
    properties = (
        Property("Parent", "string", create_only=True),
        Property("Name", "string", create_only=True),
        Property("Size", "integer", default=1),
    )

    def key(self, properties: Mapping[str, Value]) -> UniqueKey | None:
        return (self.type, str(properties.get("Parent")), str(properties.get("Name")))

    def batch(self, properties: Mapping[str, Value]) -> Hashable | None:
        return str(properties.get("Parent"))

    def supersedes(self, properties: Mapping[str, Value]) -> Sequence[UniqueKey]:
        return [(self.type, str(properties.get("Parent")), "default")]


class Placed(Rule):
    """Lies in its parent under its name."""

    type = "Test::Cloud::Placed"
    bound_by = ("Parent", "Name")


class Row(Rule):
    """Remembered in a tag of its parent."""

    type = "Test::Cloud::Row"
    identity = Identity.LEDGER

    def supersedes(self, properties: Mapping[str, Value]) -> Sequence[UniqueKey]:
        return []


class Link(Row):
    """Ours when its one-sided end is."""

    type = "Test::Cloud::Link"
    identity = Identity.LINK


KINDS: Mapping[str, Kind] = {
    kind.type: kind for kind in (Thing(), Gateway(), Zone(), Profile(), Alike(), Rule(), Placed(), Row(), Link())
}

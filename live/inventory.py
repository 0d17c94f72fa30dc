"""Looks at an account: everything of the types in `things`, of whomever it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from live.clients import Clients
from live.things import BALANCER, LISTINGS, TARGET_GROUP, Listing, Thing


@dataclass(frozen=True)
class Inventory:
    """What there is, and in words what couldn't be looked at: where that is anything, nothing is proved."""

    things: Sequence[Thing]
    unseen: Sequence[str] = ()


def look(client: Clients) -> Inventory:
    """What the account has in the clients' region, and of IAM, Route 53 and S3 anywhere."""
    things: list[Thing] = []
    unseen: list[str] = []
    for listing in LISTINGS:
        try:
            things += _listed(client, listing)
        except (BotoCoreError, ClientError) as error:
            unseen.append(f"{listing.type}: {error}")
    return Inventory(tuple(things), tuple(unseen))


def _listed(client: Clients, listing: Listing) -> list[Thing]:
    api = client(listing.service)
    found = [listing.parse(item) for item in _items(api, listing)]
    if listing.type in (BALANCER, TARGET_GROUP):
        return [_with_tags(api, each) for each in found]
    return found


def _items(api: Any, listing: Listing) -> Iterator[Any]:
    if api.can_paginate(listing.operation):
        pages = api.get_paginator(listing.operation).paginate(**listing.arguments)
    else:
        pages = [getattr(api, listing.operation)(**listing.arguments)]
    for page in pages:
        yield from page.get(listing.member, ())


def _with_tags(api: Any, thing: Thing) -> Thing:
    """One at a time: one that is gone by now would spoil the answer about the others."""
    try:
        [row] = api.describe_tags(ResourceArns=[thing.id])["TagDescriptions"]
    except ClientError:
        return thing
    return replace(thing, tags={tag["Key"]: tag.get("Value", "") for tag in row.get("Tags", ())})

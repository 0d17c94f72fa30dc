"""A logical id where there is no room for all of it: in the reference with which a zone is made."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ocpprov.engine.ownership import RESOURCE
from ocpprov.engine.resources import Live

if TYPE_CHECKING:
    from ocpprov.engine.inventory import Inventory

_MARK: Final = "-"
"""Logical ids have letters and digits only, so none is another's abbreviation."""


def abbreviated(logical_id: str) -> str:
    """Its beginning, and twelve digits of the sum of it."""
    return f"{logical_id[:24]}{_MARK}{hashlib.sha256(logical_id.encode()).hexdigest()[:12]}"


def means(said: str, logical_id: str) -> bool:
    """Whether a logical id, or its abbreviation, is this one."""
    return said in (logical_id, abbreviated(logical_id))


def with_whole_ids(inventory: Inventory, logical_ids: Collection[str]) -> Inventory:
    """The inventory, in which claims that abbreviate one of the logical ids have it whole."""
    if not any(map(_abbreviates, inventory)):
        return inventory
    whole = {abbreviated(logical_id): logical_id for logical_id in logical_ids}
    lives = {type: list(_with_whole_id(each, whole)) for type, each in inventory.lives.items()}
    return replace(inventory, lives=lives)


def _with_whole_id(lives: Collection[Live], whole: dict[str, str]) -> Iterator[Live]:
    for live in lives:
        said = live.claim.get(RESOURCE, "")
        yield replace(live, claim={**live.claim, RESOURCE: whole[said]}) if said in whole else live


def _abbreviates(live: Live) -> bool:
    return _MARK in live.claim.get(RESOURCE, "")

"""Ids of existing things that a parameter with NoEcho gives: a run folder keeps their digests only, and a run knows by
them what it must never delete."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from ocpprov.engine.inventory import Inventory
from ocpprov.engine.memory import Memory


def digest(id: str) -> str:
    """In place of an id that a parameter with NoEcho gives: what a run has to know again, though it mustn't say it."""
    return hashlib.sha256(f"ocpprov {id}".encode()).hexdigest()


def recognised(memory: Memory, digests: frozenset[str], inventory: Inventory) -> Memory:
    """The memory with the ids that it has the digests of, as far as AWS has shown them."""
    if not digests:
        return memory
    known = {live.id for live in inventory if digest(live.id) in digests}
    return replace(memory, given=memory.given | known)

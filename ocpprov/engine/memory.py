"""What is known of a plan beside its graph and the tags in AWS."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final


@dataclass(frozen=True)
class Memory:
    """`types`: the type of each of its logical ids. `given`: ids of existing things that it names. `made`: type and id
    of what the journal's runs made, or found proven, and haven't deleted, `made_as` the logical ids of these. `begun`:
    type, logical id and run of what they were about to make when they ended. `allowed`: AWS's ids of what the user says
    is this plan's. `names`: those that it gives to its resources. `rows`: logical id and ledger entry of what the last
    plan had of rows, links and members of shared lists, `knows_rows`: that is all that it had; `exclusive`: of which
    sorts the plan wants none but its own. `is_known_here`: it was applied or destroyed from this folder before."""

    types: Mapping[str, str] = field(default_factory=dict)
    given: frozenset[str] = frozenset()
    made: frozenset[tuple[str, str]] = frozenset()
    made_as: Mapping[tuple[str, str], str] = field(default_factory=dict)
    begun: frozenset[tuple[str, str, str]] = frozenset()
    allowed: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    rows: frozenset[tuple[str, str]] = frozenset()
    knows_rows: bool = False
    exclusive: frozenset[str] = frozenset()
    is_known_here: bool = False

    def had(self, logical_id: str, entry: str) -> bool:
        """Whether the last plan is known to have had what a ledger names."""
        return (logical_id, entry) in self.rows

    def entries_of(self, logical_id: str) -> frozenset[str]:
        """All that the last plan is known to have had of one."""
        return self._rows_by_id.get(logical_id, frozenset())

    @cached_property
    def _rows_by_id(self) -> Mapping[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for name, entry in self.rows:
            found.setdefault(name, set()).add(entry)
        return {name: frozenset(entries) for name, entries in found.items()}


NOTHING_KNOWN: Final = Memory()

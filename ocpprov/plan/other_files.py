"""The installer's files, given in the place of a plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ocpprov.plan.nodes import Node


@dataclass(frozen=True)
class _Sort:
    """A file by keys that it always has and a plan never has, and where a plan names it."""

    name: str
    keys: frozenset[str]
    place: str


_SORTS: Final = (
    _Sort("an install-config.yaml", frozenset({"apiVersion", "baseDomain"}), "openshift.installConfig"),
    _Sort("an install-config.yaml", frozenset({"baseDomain", "platform"}), "openshift.installConfig"),
    _Sort("an install-config.yaml", frozenset({"pullSecret"}), "openshift.installConfig"),
    _Sort("a metadata.json", frozenset({"clusterName", "infraID"}), "openshift.metadata"),
    _Sort("an ignition file", frozenset({"ignition"}), "openshift.bootstrap.ignition"),
)
_OF_PLANS: Final = frozenset({"openshift", "Resources"})


def another_file(root: Node, name: str) -> tuple[str, str] | None:
    """What a file is that is no plan, and what to do with it; None for what may be a plan, however wrong."""
    keys = set(root.mapping() or {})
    if keys & _OF_PLANS:
        return None
    sort = next((each for each in _SORTS if each.keys <= keys), None)
    if sort is None:
        return None
    return f"this is {sort.name}, not a plan", f"write a plan with {sort.place}: {name}"

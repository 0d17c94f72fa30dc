"""Files that the installer wrote and the `openshift` section names: metadata.json and bootstrap.ign."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from ocpprov.plan.beside import json_object
from ocpprov.plan.checking import Checker
from ocpprov.plan.nodes import MOST_BYTES, Node
from ocpprov.plan.openshift_table import INFRA_ID
from ocpprov.plan.problems import PlanError

_MOST_IGNITION: Final = 16 * MOST_BYTES


def infra_id_of(mapping: Mapping[str, Node], region: str, base: Path, checker: Checker) -> str:
    """The infraID, as given or from metadata.json; empty without either. What both have must agree."""
    given, metadata = mapping.get("infraID"), mapping.get("metadata")
    own = given.value if given is not None and isinstance(given.value, str) else ""
    if metadata is None:
        return own
    hint = "name the metadata.json that openshift-install wrote"
    found = json_object(metadata, "openshift.metadata", base, MOST_BYTES, hint, checker.errors)
    if found is None:
        return own
    named = found.get("infraID")
    if not isinstance(named, str):
        message = f"{metadata.value} gives no infraID"
        checker.errors.append(PlanError(metadata.position, "openshift.metadata", message, hint))
        return own
    checker.value(Node(named, metadata.position), INFRA_ID, "openshift.metadata")
    for key in ("infraID", "clusterName"):
        _compare(key, mapping.get(key), found.get(key), metadata, checker)
    platform = found.get("aws")
    if isinstance(platform, Mapping):
        _compare("region", Node(region, metadata.position), platform.get("region"), metadata, checker)
    return named


def _compare(key: str, given: Node | None, found: object, metadata: Node, checker: Checker) -> None:
    if given is not None and given.value and isinstance(found, str) and found != given.value:
        message = f"{given.value} in the plan, {found} in {metadata.value}"
        path = key if key == "region" else f"openshift.{key}"
        checker.errors.append(PlanError(given.position, path, message, "is it another cluster's metadata.json?"))


def check_ignition(bootstrap: Node | None, base: Path, checker: Checker) -> None:
    """Whether the file named in `bootstrap.ignition` is one. Nothing of its content is kept or shown."""
    node = (bootstrap.mapping() or {}).get("ignition") if bootstrap else None
    if node is None:
        return
    path, hint = "openshift.bootstrap.ignition", "name the bootstrap.ign that openshift-install wrote"
    found = json_object(node, path, base, _MOST_IGNITION, hint, checker.errors)
    if found is not None and "ignition" not in found:
        checker.errors.append(PlanError(node.position, path, f"{node.value} is no ignition file", hint))

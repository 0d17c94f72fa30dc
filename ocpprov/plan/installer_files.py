"""Files that the installer wrote: those that the `openshift` section names, metadata.json and bootstrap.ign, and those
that are given in the place of a plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

from ocpprov.plan.checking import Checker
from ocpprov.plan.included_files import is_absent, json_object
from ocpprov.plan.install_dir import STATE, InstallerState, state_beside
from ocpprov.plan.nodes import MOST_BYTES, Node
from ocpprov.plan.openshift_table import INFRA_ID
from ocpprov.plan.problems import PlanError

_MOST_IGNITION: Final = 16 * MOST_BYTES
METADATA: Final = "metadata"
IGNITION: Final = "bootstrap.ignition"


@dataclass(frozen=True)
class _InstallerFile:
    """A file by keys that it always has and a plan never has, and where a plan names it."""

    name: str
    keys: frozenset[str]
    place: str


_INSTALLER_FILES: Final = (
    _InstallerFile("an install-config.yaml", frozenset({"apiVersion", "baseDomain"}), "openshift.installConfig"),
    _InstallerFile("an install-config.yaml", frozenset({"baseDomain", "platform"}), "openshift.installConfig"),
    _InstallerFile("an install-config.yaml", frozenset({"pullSecret"}), "openshift.installConfig"),
    _InstallerFile("a metadata.json", frozenset({"clusterName", "infraID"}), "openshift.metadata"),
    _InstallerFile("an ignition file", frozenset({"ignition"}), "openshift.bootstrap.ignition"),
)
_OF_PLANS: Final = frozenset({"openshift", "Resources"})


def absent_files(mapping: Mapping[str, Node], base: Path, state: InstallerState) -> frozenset[str]:
    """Those of the keys METADATA and IGNITION whose files aren't there: not yet, or not any more. What metadata.json
    says the installer's `state` may say before."""
    bootstrap = mapping.get("bootstrap")
    named = {
        METADATA: mapping.get("metadata"),
        IGNITION: (bootstrap.mapping() or {}).get("ignition") if bootstrap else None,
    }
    found = frozenset(key for key, node in named.items() if node is not None and is_absent(node, base))
    return found - {METADATA} if state.infra_id else found


def awaited(
    mapping: Mapping[str, Node], absent: frozenset[str], infra_id: str, *, from_state: bool = False
) -> Iterator[str]:
    """What the plan does without these files, in words. `from_state`: the installer's state has the infraID."""
    if from_state and "infraID" not in mapping:
        node = mapping["metadata"]
        yield f"{node.position}: {node.value} isn't there: the infraID is {infra_id}, as {STATE} has it"
    if METADATA in absent and "infraID" not in mapping:
        node = mapping["metadata"]
        does = f"the infraID is {infra_id}, as last applied" if infra_id else "the network alone is planned until it is"
        yield f"{node.position}: {node.value} isn't there: {does}"
    if IGNITION in absent:
        node = (mapping["bootstrap"].mapping() or {})["ignition"]
        yield f"{node.position}: {node.value} isn't there: it isn't uploaded, and what was uploaded before is kept"


def state_of(mapping: Mapping[str, Node], base: Path) -> InstallerState:
    """The installer's state beside a metadata.json that isn't there; nothing where it is, or where none is named."""
    metadata = mapping.get("metadata")
    return state_beside(metadata, base) if metadata is not None and is_absent(metadata, base) else InstallerState()


def infra_id_of(
    mapping: Mapping[str, Node],
    region: str,
    base: Path,
    checker: Checker,
    state: InstallerState,
    remembered: str = "",
) -> str:
    """The infraID, as given or from metadata.json, or where that isn't there that of the installer's `state`, or the
    `remembered` one; empty without any. What two of them have must agree."""
    given, metadata = mapping.get("infraID"), mapping.get("metadata")
    own = given.value if given is not None and isinstance(given.value, str) else ""
    if metadata is None:
        return own
    if is_absent(metadata, base):
        if state.infra_id:
            kept = Node(str(PurePath(str(metadata.value)).with_name(STATE)), metadata.position)
            checker.value(Node(state.infra_id, metadata.position), INFRA_ID, "openshift.installDir")
            _compare("infraID", given, state.infra_id, kept, checker)
        return own or state.infra_id or remembered
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


def gone_config(node: Node) -> PlanError:
    """The error of an install-config.yaml, named by a node, that is gone and that nobody remembers."""
    message = f"{node.value} can't be read: it isn't there, and no apply from this folder remembers it"
    hint = (
        "put a copy of it back (openshift-install consumes it), or write clusterName, baseDomain and whatever else "
        "it gave into the plan, without installConfig"
    )
    return PlanError(node.position, "openshift.installConfig", message, hint)


def check_ignition(bootstrap: Node | None, base: Path, checker: Checker) -> None:
    """Whether the file named in `bootstrap.ignition` is one. Nothing of its content is kept or shown."""
    node = (bootstrap.mapping() or {}).get("ignition") if bootstrap else None
    if node is None or is_absent(node, base):
        return
    path, hint = "openshift.bootstrap.ignition", "name the bootstrap.ign that openshift-install wrote"
    found = json_object(node, path, base, _MOST_IGNITION, hint, checker.errors)
    if found is not None and "ignition" not in found:
        checker.errors.append(PlanError(node.position, path, f"{node.value} is not an ignition file", hint))


def another_file(root: Node, name: str) -> tuple[str, str] | None:
    """What a file is that is no plan, and what to do with it; None for what may be a plan, however wrong."""
    keys = set(root.mapping() or {})
    if keys & _OF_PLANS:
        return None
    file = next((each for each in _INSTALLER_FILES if each.keys <= keys), None)
    if file is None:
        return None
    return f"this is {file.name}, not a plan", f"write a plan with {file.place}: {name}"

"""The installer's folder, which a plan may name once as `installDir`: its files have the names that openshift-install
gives them, and what it has consumed stands in its own state file."""

from __future__ import annotations

import filecmp
import json
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any, Final

from ocpprov.plan.install_config_keys import node_at
from ocpprov.plan.nodes import MOST_BYTES, Node
from ocpprov.plan.problems import PlanError

STATE: Final = ".openshift_install_state.json"
_MOST_STATE: Final = 64 * MOST_BYTES
_KEY: Final = ("openshift", "installDir")
_FILES: Final = {
    ("openshift", "installConfig"): "install-config.yaml",
    ("openshift", "metadata"): "metadata.json",
    ("openshift", "bootstrap", "ignition"): "bootstrap.ign",
}


@dataclass(frozen=True)
class InstallerState:
    """What openshift-install has kept: the install-config that it has read, and the infraID that it has made up; empty
    where it has none. The config has secrets in it."""

    config: Mapping[str, Any] = field(default_factory=dict)
    infra_id: str = ""


def state_beside(file: Node, base: Path) -> InstallerState:
    """The installer's state in the folder of the file that a node names; nothing where that can't be read."""
    try:
        path = (base / str(file.value)).parent / STATE
        # A pipe would be waited for.
        if not path.is_file() or path.stat().st_size > _MOST_STATE:
            return InstallerState()
        state = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return InstallerState()
    config = _member(_member(state, "*installconfig.InstallConfig"), "config")
    infra_id = _member(_member(state, "*installconfig.ClusterID"), "InfraID")
    return InstallerState(config if isinstance(config, Mapping) else {}, infra_id if isinstance(infra_id, str) else "")


def _member(value: object, key: str) -> object:
    return value.get(key) if isinstance(value, Mapping) else None


def named_files(root: Node, base: Path, errors: list[PlanError]) -> Mapping[tuple[str, ...], Node]:
    """The files in the plan's `installDir`, by the places in the plan that don't say themselves where they are. What a
    plan names beside the folder counts, and may not differ from what lies in the folder."""
    folder = node_at(root, *_KEY)
    if folder is None or not isinstance(folder.value, str):
        return {}
    if wrong := _folder_error(folder, folder.value, base):
        errors.append(wrong)
        return {}
    found: dict[tuple[str, ...], Node] = {}
    for place, name in _FILES.items():
        own, said = str(PurePath(folder.value) / name), node_at(root, *place)
        if said is None:
            found[place] = Node(own, folder.position)
        elif isinstance(said.value, str) and _differ(base / own, base / said.value):
            message = f"{said.value} and {own} differ"
            errors.append(
                PlanError(said.position, ".".join(place), message, "keep one of both, or name another folder")
            )
    bootstrap, bucket = node_at(root, "openshift", "bootstrap"), node_at(root, "openshift", "bucket")
    if (bootstrap is not None and bootstrap.value is False) or (bucket is not None and bucket.value == "none"):
        # There is no machine that wants it, or no place for it.
        found.pop(("openshift", "bootstrap", "ignition"), None)
    return found


def _folder_error(folder: Node, text: str, base: Path) -> PlanError | None:
    """Why a text names no folder; None where it does, or may once there is one."""
    place, path = folder.position, ".".join(_KEY)
    if not text or "\0" in text:
        return PlanError(place, path, f"expected a folder's path, got {text!r}", "such as ./inst, or leave it out")
    try:
        is_folder = stat.S_ISDIR((base / text).stat().st_mode)
    except FileNotFoundError:
        return None
    except OSError as error:
        return PlanError(place, path, f"{text} can't be read: {error.strerror}")
    return None if is_folder else PlanError(place, path, f"{text} is no folder", "name the installer's folder")


def _differ(one: Path, other: Path) -> bool:
    """Whether both are there, and aren't the same."""
    try:
        return one.is_file() and other.is_file() and not filecmp.cmp(one, other, shallow=False)
    except (OSError, ValueError):
        return False

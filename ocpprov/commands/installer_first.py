"""What openshift-install has to destroy before the plan goes: it knows what the cluster made by its metadata.json."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from ocpprov.commands.options import Options
from ocpprov.engine.suggestion import command_line
from ocpprov.plan.installer_files import METADATA
from ocpprov.plan.model import Plan


def metadata_there(plan: Plan, options: Options) -> str:
    """The path of the metadata.json that the plan names and that is there; empty without one."""
    section = plan.openshift
    if section is None or not section.metadata or METADATA in section.absent or section.from_state:
        return ""
    return str((options.plan or Path()).parent / section.metadata)


def installer_first(metadata: str, left: Collection[str]) -> Iterator[str]:
    """That `openshift-install destroy cluster` comes before this destroy: while its `metadata` is there, and where a
    cluster has `left` something (its infraIDs)."""
    if metadata:
        command = command_line("openshift-install", "destroy", "cluster", "--dir", str(Path(metadata).parent))
        yield f"{metadata} is still there: if there was a cluster, `{command}` has to come first"
    elif left:
        yield "`openshift-install destroy cluster` has to come first, where the cluster's metadata.json is"

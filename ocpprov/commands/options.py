"""The options that commands share, as a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Options:
    """What the command line says, whatever the verb. Empty means not given."""

    plan: Path | None = None
    name: str = ""
    region: str = ""
    profile: str = ""
    cluster: str = ""
    as_json: bool = False
    sandbox: bool = False
    yes: bool = False
    concurrency: int = 16
    parameters: Mapping[str, str] = field(default_factory=dict)
    allow: frozenset[str] = frozenset()
    directory: Path = Path()
    detailed_exitcode: bool = False
    with_running_machines: bool = False
    cluster_leftovers: str | None = None
    lock: str = ""
    lock_timeout: float = 0.0

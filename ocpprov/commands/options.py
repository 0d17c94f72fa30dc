"""The options that commands share, as a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ocpprov.aws.services import SERVICES
from ocpprov.commands.exit_codes import Refused


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
    insecure_endpoint: bool = False
    yes: bool = False
    concurrency: int = 16
    parameters: Mapping[str, str] = field(default_factory=dict)
    allow: frozenset[str] = frozenset()
    directory: Path = Path()
    detailed_exitcode: bool = False
    with_running_machines: bool = False
    cluster_leftovers: str | None = None
    infra_id: str = ""
    lock: str = ""
    lock_timeout: float = 0.0
    without: frozenset[str] = frozenset()
    verbose: bool = False
    plain: bool = False
    ignore_missing: bool = False
    quiet: bool = False
    out: Path | None = None
    verify: bool = False


_DISPENSABLE: Final = sorted(service.name for service in SERVICES.values() if service.dispensable)


def services_without(text: str) -> frozenset[str]:
    """The services in `iam,route53`. Raises Refused."""
    services = frozenset(part.strip() for part in text.split(",") if part.strip())
    if wrong := sorted(services - set(_DISPENSABLE)):
        raise Refused(
            f"--without {text}: a run can't do without {', '.join(wrong)}; "
            f"write {' or '.join(_DISPENSABLE)}, or both with a comma between them"
        )
    return services

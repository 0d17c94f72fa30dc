"""What is known of a sandbox that runs: how it is reached, which process it is, and what opens its own endpoints."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field

from ocpprov.sandbox.admin import SandboxAdmin
from ocpprov.sandbox.processes import Process


@dataclass(frozen=True)
class Running:
    """A sandbox. `scale` is how many seconds of AWS's time pass in one second; `started` is the process's, see
    `processes.Process`; whoever has `secret` may do everything with it."""

    endpoint_url: str
    pid: int
    started: str
    scale: float
    secret: str = field(repr=False)

    @property
    def process(self) -> Process:
        """The process that serves."""
        return Process(self.pid, self.started)

    def admin(self, *, timeout: float = 10.0) -> SandboxAdmin:
        """Its own endpoints."""
        return SandboxAdmin(self.endpoint_url, self.secret, timeout=timeout)

    def to_json(self) -> str:
        """As it is kept, for its owner's eyes only."""
        return json.dumps(asdict(self))


def parse_running(text: str) -> Running | None:
    """Reads what `to_json` wrote; None for anything else."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    match document:
        case {
            "endpoint_url": str(url),
            "pid": int(pid),
            "started": str(started),
            "scale": int(scale) | float(scale),
            "secret": str(secret),
        } if secret:
            return Running(url, pid, started, scale, secret)
    return None

"""How Dask is spoken to: over TLS alone, both sides with a certificate of the fleet's authority. Needs the extra
`fleet`."""

from __future__ import annotations

import re

from distributed.security import Security

from ocpprov.commands.fleet_scheduler import Scheduler
from ocpprov.engine.printable import printable
from ocpprov.engine.problem import Problem


def security_of(scheduler: Scheduler) -> Security:
    """The same certificate, whichever end one is."""
    cert, key = str(scheduler.cert), str(scheduler.key)
    return Security(
        require_encryption=True,
        tls_ca_file=str(scheduler.ca),
        tls_client_cert=cert,
        tls_client_key=key,
        tls_worker_cert=cert,
        tls_worker_key=key,
    )


def unreachable(scheduler: Scheduler, error: Exception) -> Problem:
    """That it can't be reached, and why, without the objects that Dask names."""
    said = re.sub(r"in <[^>]*>: ", "", str(error.__cause__ or "") or str(error)) or "it doesn't answer"
    remedy = "look whether it runs, whether this host may speak to it, and whether one authority signed for both"
    return Problem(f"--scheduler {scheduler.url}", f"can't be reached: {printable(said)}", remedy)

"""`python -m tests.support.plain_moto PORT`: moto with what it does wrong put right, and nothing of AWS's beside that:
no delays, no dependencies, no limits."""

from __future__ import annotations

import sys

from ocpprov.sandbox.clocks import ScaledClock
from ocpprov.sandbox.cloud import MotoCloud
from ocpprov.sandbox.listener import SandboxServer
from ocpprov.sandbox.middleware import corrections
from ocpprov.sandbox.pipeline import Pipeline


def main() -> None:
    """Serves until it is ended."""
    clock = ScaledClock(1.0)
    SandboxServer(int(sys.argv[1]), Pipeline(MotoCloud(clock.now), corrections), clock, {}).serve_forever()


if __name__ == "__main__":
    main()

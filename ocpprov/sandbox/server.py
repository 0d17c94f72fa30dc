"""`python -m ocpprov.sandbox.server`: the sandbox as a process of its own."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from types import FrameType

from ocpprov.sandbox.admission import Admission, is_host, new_secret
from ocpprov.sandbox.background import run_in_background
from ocpprov.sandbox.clocks import Clock, ScaledClock, VirtualClock
from ocpprov.sandbox.delays import NO_DELAYS, Delays
from ocpprov.sandbox.faults import Script, parse_script
from ocpprov.sandbox.listener import SandboxServer
from ocpprov.sandbox.middleware import all_middleware
from ocpprov.sandbox.pipeline import Pipeline
from ocpprov.sandbox.private_files import write_private
from ocpprov.sandbox.processes import find_process
from ocpprov.sandbox.readiness import with_seen
from ocpprov.sandbox.readiness_table import TABLE
from ocpprov.sandbox.record import Running
from ocpprov.sandbox.seen_facts import FILE, SeenFact, known_facts


def main(arguments: Sequence[str] | None = None) -> int:
    """Serves until SIGTERM or SIGINT. 0 when it served, or serves in the background; 1 when that failed."""
    options = _parser().parse_args(arguments)
    if options.detach:
        return run_in_background(partial(_serve, options))
    return _serve(options, lambda: None)


def _serve(options: argparse.Namespace, ready: Callable[[], None]) -> int:
    server = _server(options)
    signal.signal(signal.SIGTERM, _interrupt)
    if options.record:
        write_private(options.record, _record(server, options.scale).to_json())
    if options.port_file:
        write_private(options.port_file, f"{server.server_port}\n")
    ready()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        return 0
    finally:
        server.server_close()
    return 0


def _server(options: argparse.Namespace) -> SandboxServer:
    # moto takes a second to import, and isn't there at all without the extra `sandbox`.
    from ocpprov.sandbox.cloud import MotoCloud  # noqa: PLC0415

    delays = options.delays
    clock: Clock = VirtualClock() if options.virtual_clock else ScaledClock(options.scale)
    rows = with_seen(TABLE, options.seen)
    pipeline = Pipeline(MotoCloud(clock.now), partial(all_middleware, delays, rows), options.log)
    pipeline.set_faults(options.faults)
    facts = {"pid": os.getpid(), "scale": options.scale, "delays": asdict(delays)}
    return SandboxServer(options.port, pipeline, clock, facts, Admission(new_secret(), tuple(options.host)))


def _record(server: SandboxServer, scale: float) -> Running:
    here = find_process(os.getpid())
    if here is None:
        raise OSError("neither /proc nor ps tells when this process began")
    url = f"http://127.0.0.1:{server.server_port}"
    return Running(url, here.pid, here.started, scale, server.admission.secret)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ocpprov.sandbox.server", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--port-file", type=Path, help="where to write the port, once it listens")
    parser.add_argument("--record", type=Path, help="where to write, once it listens, what its own endpoints take")
    parser.add_argument(
        "--host",
        type=_host,
        action="append",
        default=[],
        metavar="NAME",
        help="a name that it answers under besides localhost; .example.com stands for all names below",
    )
    time = parser.add_mutually_exclusive_group()
    time.add_argument("--scale", type=float, default=50.0, help="seconds of AWS's time in one second")
    time.add_argument("--virtual-clock", action="store_true", help="AWS's time passes only when it is advanced")
    delays = parser.add_mutually_exclusive_group()
    delays.add_argument("--delays", type=_delays, default=Delays(), metavar="JSON", help="AWS's seconds, by name")
    delays.add_argument("--no-delays", dest="delays", action="store_const", const=NO_DELAYS, help="nothing takes time")
    parser.add_argument("--faults", type=_faults, default=Script(), metavar="FILE", help="a fault script to start with")
    parser.add_argument(
        "--seen", type=_seen, default=str(FILE), metavar="FILE", help="what AWS itself has answered, as facts"
    )
    parser.add_argument("--log", type=Path, help="a file that gets a line of JSON for each call")
    parser.add_argument("--detach", action="store_true", help="serve in the background, return once it listens")
    return parser


def _host(text: str) -> str:
    if not is_host(text):
        raise argparse.ArgumentTypeError(f"expected a name such as .example.com, without port, not {text!r}")
    return text


def _delays(text: str) -> Delays:
    """Reads `{"nat_gateway": 30}`; what isn't named takes as long as ever."""
    try:
        return Delays(**{name: float(seconds) for name, seconds in json.loads(text).items()})
    except (AttributeError, TypeError, ValueError) as problem:
        known = json.dumps(asdict(Delays()))
        raise argparse.ArgumentTypeError(f"expected {known}, or a part of it, not {text}") from problem


def _seen(path: str) -> Sequence[SeenFact]:
    try:
        return known_facts(Path(path))
    except (OSError, ValueError) as problem:
        raise argparse.ArgumentTypeError(f"{path}: {problem}") from problem


def _faults(path: str) -> Script:
    try:
        return parse_script(json.loads(Path(path).read_text()))
    except (OSError, ValueError) as problem:
        raise argparse.ArgumentTypeError(f"{path}: {problem}") from problem


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    exit_code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # Python would take seconds to tidy up after moto, while the process looks as if it hadn't been stopped.
    os._exit(exit_code)

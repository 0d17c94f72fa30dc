"""Holds ocpprov's modules, and botocore's descriptions of AWS, and is forked for each command: two thirds of a short
command's time are the loading of these.

Environment, folder, streams, signals and exit are the new process's own. What takes a fresh interpreter (a locale, a
module search path) isn't for here.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import pkgutil
import runpy
import select
import socket
import sys
import threading
import time
from collections.abc import Sequence
from typing import NoReturn

import botocore.session

from ocpprov.aws.session import open_session
from tests.support.models import one_loader

NOBODY = "http://127.0.0.1:1"
PACKAGES = ("aws", "checks", "commands", "engine", "kinds", "openshift", "plan", "reconcile", "runs", "ui")


def warm_up() -> None:
    """Load everything that a command may load."""
    botocore.session.create_loader = one_loader()
    for package in PACKAGES:
        outer = importlib.import_module(f"ocpprov.{package}")
        for module in pkgutil.walk_packages(outer.__path__, f"{outer.__name__}."):
            # Dask takes a second to load, and is an extra that needn't be there.
            if not module.name.startswith("ocpprov.commands.dask_"):
                importlib.import_module(module.name)
    session = open_session("eu-west-1", on_call=lambda _: None, sandbox_url=NOBODY)
    for service in ("ec2", "elb", "elbv2", "iam", "route53", "s3", "service-quotas", "sts"):
        _ = session.clients[service]
    gc.collect()
    gc.freeze()


def serve(address: str) -> Sequence[str]:
    """Returns in each command's process, with its arguments. The server ends with whoever started it."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen(64)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while True:
            readable, _, _ = select.select([listener, sys.stdin], [], [])
            if sys.stdin in readable:
                sys.exit()
            line, _ = listener.accept()
            if not os.fork():
                break
            line.close()
            _reap()
    return _begin(line)


def _reap() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def _begin(line: socket.socket) -> Sequence[str]:
    _, (out, err), _, _ = socket.recv_fds(line, 1, 2)
    with line.makefile() as text:
        request = json.load(text)
    pid = os.fork()
    if pid:
        line.sendall(f"{pid}\n".encode())
        _, status = os.waitpid(pid, 0)
        line.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())
        os._exit(0)
    line.close()
    for target, source in ((0, os.open(os.devnull, os.O_RDONLY)), (1, out), (2, err)):
        os.dup2(source, target)
        os.close(source)
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environ"])
    time.tzset()
    arguments: list[str] = request["arguments"]
    return arguments


def end(code: int) -> NoReturn:
    """What the interpreter does at its end, but for taking the modules apart one by one."""
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    warm_up()
    sys.argv = ["ocpprov", *serve(sys.argv[1])]
    try:
        runpy.run_module("ocpprov", run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        end(ended.code if isinstance(ended.code, int) else bool(ended.code))

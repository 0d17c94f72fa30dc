"""An AWS to which the environment of this process points, and the clients that botocore is asked for."""

from __future__ import annotations

import importlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from moto.moto_api._internal.models import moto_api_backend
from moto.server import ThreadedMotoServer


@contextmanager
def aws_in_environment(monkeypatch: pytest.MonkeyPatch, home: Path) -> Iterator[str]:
    """The address of an empty AWS that the environment points to, with the state of this host in `home`. What moto
    holds is the process's."""
    moto_api_backend.reset()
    for service in ("ec2", "sts"):
        # Else it is loaded when it is first asked, which takes longer than commands wait on a slow machine.
        importlib.import_module(f"moto.{service}.urls")
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "XDG_STATE_HOME": str(home / "state"),
    }.items():
        monkeypatch.setenv(name, value)
    try:
        yield f"http://{host}:{port}"
    finally:
        server.stop()


def counted_clients(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """The clients that botocore is asked for from now on, by service."""
    counted: Counter[str] = Counter()
    create = botocore.session.Session.create_client

    def counting(self: botocore.session.Session, service_name: str, *args: Any, **given: Any) -> Any:
        counted[service_name] += 1
        return create(self, service_name, *args, **given)

    monkeypatch.setattr(botocore.session.Session, "create_client", counting)
    return counted

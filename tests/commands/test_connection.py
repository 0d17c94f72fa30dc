"""What a command needs of AWS before it asks anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from moto.server import ThreadedMotoServer

from ocpprov.commands.apply import show_plan
from ocpprov.commands.connection import connected
from ocpprov.commands.options import Options
from tests.support.in_process import Words

NETWORK_ONLY = """
name: network
region: eu-west-1
Resources:
  Net:
    Type: AWS::EC2::VPC
    Properties:
      CidrBlock: 10.0.0.0/16
"""


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """The address of an AWS that the environment points to."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """The clients that botocore is asked for, by service."""
    counted: Counter[str] = Counter()
    create = botocore.session.Session.create_client

    def counting(self: botocore.session.Session, service_name: str, *args: Any, **given: Any) -> Any:
        counted[service_name] += 1
        return create(self, service_name, *args, **given)

    monkeypatch.setattr(botocore.session.Session, "create_client", counting)
    return counted


def test_a_network_only_plan_makes_the_clients_of_its_two_services(
    aws: str, made: Counter[str], tmp_path: Path
) -> None:
    """One of each that gives up soon, for the first question, and one for everything else."""
    file = tmp_path / "network.yaml"
    file.write_text(NETWORK_ONLY)
    words = Words()
    assert show_plan(Options(plan=file, directory=tmp_path), words, connected) == 0
    assert "Net" in "\n".join(words.said)
    assert made == {"ec2": 2, "sts": 2}

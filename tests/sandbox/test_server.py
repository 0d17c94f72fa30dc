"""The server as a process of its own."""

from __future__ import annotations

import json
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from botocore.exceptions import ConnectionClosedError

from ocpprov.sandbox.record import parse_running
from ocpprov.sandbox.testing import sandbox
from tests.sandbox.world import World, soon

_SERVER = (sys.executable, "-m", "ocpprov.sandbox.server")


def test_it_starts_with_a_script_and_with_delays_of_its_own(tmp_path: Path) -> None:
    script, port_file, log, record = (tmp_path / name for name in ("faults.json", "port", "calls", "record"))
    script.write_text(json.dumps({"faults": [{"call": 1, "fault": "lose-request"}]}))
    options = ["--port-file", port_file, "--record", record, "--faults", script, "--log", log]
    options += ["--delays", '{"nat_gateway": 7}', "--host", ".example.com"]
    with subprocess.Popen([*_SERVER, *map(str, options)]) as server:
        try:
            soon(port_file.exists, seconds=60)
            running = parse_running(record.read_text())
            assert running is not None
            assert running.endpoint_url == f"http://127.0.0.1:{int(port_file.read_text())}"
            with pytest.raises(ConnectionClosedError):
                World(running.endpoint_url).vpc()
            status = running.admin().status()
        finally:
            server.terminate()
    assert (running.pid, status["pid"], status["faults_waiting"]) == (server.pid, server.pid, 0)
    assert [stat.S_IMODE(path.stat().st_mode) for path in (port_file, record, log)] == [0o600] * 3
    assert (status["delays"]["nat_gateway"], status["delays"]["interface_endpoint"]) == (7, 60)
    assert json.loads(log.read_text())["fault"] == "lose-request"


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--delays", '{"volcano": 7}', "expected {"),
        ("--delays", "x", "expected {"),
        ("--faults", "/nowhere", "No such file"),
        ("--host", "*.example.com", "expected a name such as .example.com"),
    ],
)
def test_an_option_that_makes_no_sense_is_refused(option: str, value: str, said: str) -> None:
    done = subprocess.run([*_SERVER, option, value], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_test_may_choose_port_and_scale_and_leaves_nothing_running() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with sandbox(port=port, scale=200, delays=True) as running:
        assert running.endpoint_url == f"http://127.0.0.1:{port}"
        world = World(running.endpoint_url)
        subnet, address = world.public_subnet(), world.address()
        time.sleep(3 / 200)
        started = time.monotonic()
        created = world.ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)["NatGateway"]
        assert created["State"] == "pending"
        soon(lambda: world.nat_state(created["NatGatewayId"]) == "available")
        assert time.monotonic() - started >= 90 / 200
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


@pytest.mark.torture
def test_a_cloud_knows_every_partition_in_a_process_that_used_moto_before() -> None:
    script = (
        "from moto.iam.models import get_account_id_from, iam_backends\n"
        "iam_backends['123456789012']['aws']\n"
        "from ocpprov.sandbox.cloud import MotoCloud\n"
        "MotoCloud(lambda: 0.0)\n"
        "print(get_account_id_from('anybody'))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout) == (0, "123456789012\n"), done.stderr

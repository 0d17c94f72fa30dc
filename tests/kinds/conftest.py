"""A moto server for the kinds' tests: one process-wide server, emptied before each test."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator

import boto3
import pytest
from moto.server import ThreadedMotoServer

from tests.kinds.world import REGION, TestClients, World


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="session")
def clients(endpoint: str) -> TestClients:
    session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION)
    return TestClients(
        ec2=session.client("ec2", endpoint_url=endpoint),
        elb=session.client("elb", endpoint_url=endpoint),
        elbv2=session.client("elbv2", endpoint_url=endpoint),
        iam=session.client("iam", endpoint_url=endpoint),
        route53=session.client("route53", endpoint_url=endpoint),
        s3=session.client("s3", endpoint_url=endpoint),
    )


@pytest.fixture
def world(endpoint: str, clients: TestClients) -> World:
    urllib.request.urlopen(urllib.request.Request(f"{endpoint}/moto-api/reset", method="POST")).close()
    return World(clients)

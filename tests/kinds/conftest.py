"""moto in this process, with what it does wrong put right, emptied before each test."""

from __future__ import annotations

from typing import Any

import boto3
import pytest

from ocpprov.sandbox.cloud import MotoCloud
from ocpprov.sandbox.middleware import corrections
from ocpprov.sandbox.pipeline import Pipeline
from tests.kinds.world import REGION, TestClients, World
from tests.support.transport import answer_in_this_process


@pytest.fixture(scope="session")
def pipeline() -> Pipeline:
    return Pipeline(MotoCloud(lambda: 0.0), corrections)


@pytest.fixture(scope="session")
def clients(pipeline: Pipeline) -> TestClients:
    session: Any = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION)

    def client(service: str) -> Any:
        made = session.client(service, endpoint_url="http://127.0.0.1:1")
        answer_in_this_process(made, pipeline.answer)
        return made

    return TestClients(
        ec2=client("ec2"),
        elb=client("elb"),
        elbv2=client("elbv2"),
        iam=client("iam"),
        route53=client("route53"),
        s3=client("s3"),
    )


@pytest.fixture
def world(pipeline: Pipeline, clients: TestClients) -> World:
    pipeline.reset()
    return World(clients)

"""One AWS for all tests here, emptied before each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.live.support import Aws


@pytest.fixture(scope="session")
def one_aws() -> Aws:
    """Its clients take half a second to make."""
    return Aws()


@pytest.fixture
def aws(one_aws: Aws) -> Iterator[Aws]:
    """An empty one."""
    one_aws.pipeline.reset()
    yield one_aws
    one_aws.pipeline.reset()

"""A value that the checker of plans accepts is none that AWS refuses by itself: each scalar of each case in turn is
something strange, and what the kind then sends is held against the sandbox's checks of requests."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import pairwise
from typing import Any, Final

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from ocpprov.engine.kind_facts import Property
from ocpprov.engine.resources import Live, Position
from ocpprov.kinds.contract import Kind
from ocpprov.kinds.registry import KINDS
from ocpprov.plan.checking import Checker
from ocpprov.plan.intrinsics.evaluator import to_node
from ocpprov.sandbox.cloud import MotoCloud
from ocpprov.sandbox.exchange import Answer, Request
from ocpprov.sandbox.middleware import corrections
from ocpprov.sandbox.middleware.request_checks import RequestChecks
from ocpprov.sandbox.pipeline import Pipeline
from tests.kinds.all_cases import CASES
from tests.kinds.cases import Case
from tests.kinds.world import REGION, TestClients, World
from tests.support.transport import answer_in_this_process

Path = tuple[str | int, ...]

STRANGE: Final[Mapping[str, Sequence[Any]]] = {
    "string": (
        *("ä", "a'b", "a?b", "<a>", "a\tb", "", "sg-a", "SG-a", "internal-a", "xn--abc", "a-s3alias", "a.b..c"),
        *("1.2.3.4", "-a", "a-", "aws:x"),
        *("x" * length for length in (33, 65, 129, 256, 257, 1025, 5000)),
    ),
    "integer": (-2, -1, 0, 1, 65535, 65536, 10**10),
}  # fmt: skip
# Whether a zone's name is good depends on its VPCs, which is a rule on whole resources (tests/plan).
ELSEWHERE: Final = ("AWS::Route53::HostedZone", "Name")
# Ids that AWS gives come from a reference, or are copied. One that is longer than any is asked for and isn't there.
IDS: Final = ("VPCId", "VpcId", "SubnetId", "AllocationId")
SAMPLE: Final = ("group", "role", "bucket")


class Stage:
    """AWS, and the same where a request is looked at and goes no further."""

    def __init__(self) -> None:
        self._cloud = MotoCloud(lambda: 0.0)
        self._pipeline = Pipeline(self._cloud, corrections)
        self._checks = RequestChecks()
        self.only_looks = False
        self.refused: list[str] = []
        session: Any = boto3.Session(aws_access_key_id="t", aws_secret_access_key="t", region_name=REGION)

        def client(service: str) -> Any:
            once = Config(retries={"total_max_attempts": 1, "mode": "standard"}, proxies={})
            made = session.client(service, endpoint_url="http://127.0.0.1:1", config=once)
            answer_in_this_process(made, self._answer)
            return made

        self.clients = TestClients(
            ec2=client("ec2"),
            elb=client("elb"),
            elbv2=client("elbv2"),
            iam=client("iam"),
            route53=client("route53"),
            s3=client("s3"),
        )

    def begin(self) -> World:
        self.only_looks, self.refused = False, []
        self._pipeline.reset()
        return World(self.clients)

    def _answer(self, request: Request) -> Any:
        if not self.only_looks:
            return self._pipeline.answer(request)
        refusal = self._checks.before(request, self._cloud)
        if refusal:
            self.refused.append(f"{request.operation}: {refusal.body.decode()[:400]}")
        return Answer(400, b"<ErrorResponse><Error><Code>Seen</Code><Message>x</Message></Error></ErrorResponse>")


@pytest.fixture(scope="module")
def stage() -> Stage:
    return Stage()


def scalars(rows: Sequence[Property], value: Mapping[str, Any], path: Path = ()) -> Iterator[tuple[Property, Path]]:
    """Every scalar that a value has, and those that it might have."""
    for row in rows:
        if row.name in value:
            yield from scalars_in(row, value[row.name], (*path, row.name))
        elif row.type in STRANGE:
            yield row, (*path, row.name)
        elif row.type == "list" and row.items and row.items.type in STRANGE:
            yield row.items, (*path, row.name, 0)


def scalars_in(row: Property, value: Any, path: Path) -> Iterator[tuple[Property, Path]]:
    if row.type == "object" and isinstance(value, dict):
        yield from scalars(row.properties, value, path)
    elif row.type == "list" and isinstance(value, list) and value and row.items:
        yield from scalars_in(row.items, value[0], (*path, 0))
    elif row.type in STRANGE:
        yield row, path


def with_value(properties: Mapping[str, Any], path: Path, value: Any) -> dict[str, Any]:
    """The properties with another value at a place."""
    edited: dict[str, Any] = copy.deepcopy(dict(properties))
    holder: Any = edited
    for part, following in pairwise(path):
        if isinstance(holder, dict) and part not in holder:
            holder[part] = [] if isinstance(following, int) else {}
        holder = holder[part]
    if isinstance(holder, list) and not holder:
        holder.append(value)
    else:
        holder[path[-1]] = value
    return edited


def accepted(row: Property, value: Any) -> bool:
    checker = Checker()
    checker.value(to_node(value, Position("plan.yaml", 1, 1)), row, "x")
    return not checker.errors


def sent(stage: Stage, world: World, kind: Kind, properties: Mapping[str, Any], changed: str) -> None:
    """What would make one, or change it."""
    trouble = (BotoCoreError, ClientError, KeyError, ValueError)
    with suppress(*trouble):
        world.create(kind.type, **properties)
    if not any(row.create_only for row in kind.properties if row.name == changed):
        with suppress(NotImplementedError, *trouble):
            live = Live(kind.type, f"{kind.id_prefix}1", {})
            kind.update(stage.clients, live, kind.normalise(properties), [changed])  # type: ignore[arg-type]


def is_ours(case: Case) -> bool:
    """Whether the plan's writer gives it, and no kind takes it out of another."""
    return case.type.startswith("AWS::")


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, id=case.name, marks=[] if case.name in SAMPLE else [pytest.mark.torture])
        for case in filter(is_ours, CASES)
    ],
)
def test_what_a_plan_may_say_aws_doesnt_refuse_by_itself(stage: Stage, case: Case) -> None:
    kind = KINDS[case.type]
    world = stage.begin()
    properties = json.loads(json.dumps(case.properties(world)))
    stage.only_looks = True
    tried = 0
    for row, path in scalars(kind.properties, properties):
        if path[-1] in IDS or (kind.type, path[-1]) == ELSEWHERE:
            continue
        for value in STRANGE[row.type]:
            if accepted(row, value):
                sent(stage, world, kind, with_value(properties, path, value), str(path[0]))
                tried += 1
                assert stage.refused == [], f"{'.'.join(map(str, path))}: {value!r:.40}"
    assert tried > 20 or case.name not in SAMPLE

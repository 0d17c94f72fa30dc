"""A bucket whose creation brings no tags: when the answer is lost, and when somebody else has the name."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

from ocpprov.aws.clients import Clients
from ocpprov.aws.errors import AwsError
from ocpprov.aws.reads import Reader
from ocpprov.engine.graph import Graph, build
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.planner import plan
from ocpprov.engine.resources import Owner, Resource
from ocpprov.engine.steps import CreateStep
from ocpprov.kinds.reads import Found
from ocpprov.kinds.registry import KINDS
from ocpprov.reconcile.context import Context, LiveState
from ocpprov.reconcile.create import create
from ocpprov.reconcile.unknown_outcome import Conflict
from ocpprov.runs.journal import Journal, Record, account_region, open_intents, read
from tests.reconcile.cloud import Clock
from tests.reconcile.world import Events
from tests.support.descriptions import meta_of

OWNER: Final = Owner("storing", "eu-west-1", "123456789012", "r1")
KIND: Final = KINDS["AWS::S3::Bucket"]
NAME: Final = "bucket-of-tests"

Tags = list[dict[str, str]]


def _error(code: str, operation: str, status: int = 400) -> ClientError:
    answer: Any = {"Error": {"Code": code, "Message": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, operation)


@dataclass
class S3:
    """Buckets by name with their tags. `creations` is what becomes of each CreateBucket in turn; what isn't told is
    answered as AWS does, without tags."""

    creations: Iterator[Callable[[S3, str], None]]
    buckets: dict[str, Tags] = field(default_factory=dict)
    sent: list[str] = field(default_factory=list)
    exceptions: Any = field(default_factory=lambda: SimpleNamespace(ClientError=ClientError))
    meta: Any = field(default_factory=lambda: meta_of("s3"))

    def can_paginate(self, operation: str) -> bool:
        return False

    def create_bucket(self, **given: Any) -> None:
        self.sent.append("CreateBucket")
        next(self.creations, made)(self, given["Bucket"])

    def list_buckets(self, **_: Any) -> Any:
        return {"Buckets": [{"Name": name} for name in self.buckets]}

    def get_bucket_tagging(self, **given: Any) -> Any:
        if not self.buckets[given["Bucket"]]:
            raise _error("NoSuchTagSet", "GetBucketTagging", 404)
        return {"TagSet": self.buckets[given["Bucket"]]}

    def put_bucket_tagging(self, **given: Any) -> None:
        self.sent.append("PutBucketTagging")
        self.buckets[given["Bucket"]] = given["Tagging"]["TagSet"]

    def __getattr__(self, name: str) -> Any:
        """Settings: none is set."""

        def nothing(**_: Any) -> None:
            raise _error("NoSuchBucketPolicy", name, 404)

        return nothing


def made(s3: S3, name: str) -> None:
    if name in s3.buckets:
        raise _error("BucketAlreadyOwnedByYou", "CreateBucket", 409)
    s3.buckets[name] = []


def made_unanswered(s3: S3, name: str) -> None:
    made(s3, name)
    raise ConnectionClosedError(endpoint_url="https://s3")


def unanswered(s3: S3, name: str) -> None:
    raise ConnectionClosedError(endpoint_url="https://s3")


def refused(s3: S3, name: str) -> None:
    raise _error("AccessDenied", "CreateBucket", 403)


def somebody_was_faster(s3: S3, name: str) -> None:
    s3.buckets[name] = []
    made(s3, name)


def _create(folder: Path, *creations: Callable[[S3, str], None]) -> S3:
    s3, journal = S3(iter(creations)), Journal(folder / "journal.jsonl", account_region(OWNER.account, OWNER.region))
    by_service: Mapping[str, Any] = {"s3": s3}
    clients = Clients(by_service.__getitem__, threading.Lock())
    wanted = {"Bucket": Resource("Bucket", KIND.type, {"BucketName": NAME})}
    graph: Graph = build(wanted, KINDS)
    actions = plan(graph, Inventory(), OWNER, KINDS)
    found = Found(OWNER, names=frozenset({NAME}))
    reader = Reader({"s3": clients.s3}, Clock(), lambda _: None)
    live_state = LiveState(actions, Inventory(), found)
    context = Context(OWNER, KINDS, clients, reader, Clock(), journal, Events(), live_state)
    try:
        create(KIND, [step for step in actions.steps if isinstance(step, CreateStep)], context)
    finally:
        journal.close()
    return s3


def _journal(folder: Path) -> list[Record]:
    return list(read(folder / "journal.jsonl"))


def test_what_was_made_without_an_answer_is_found_by_its_name_and_tagged(tmp_path: Path) -> None:
    s3 = _create(tmp_path, made_unanswered)
    assert s3.sent == ["CreateBucket", "PutBucketTagging"]
    assert {"Key": "ocpprov:resource", "Value": "Bucket"} in s3.buckets[NAME]
    assert [record.event for record in _journal(tmp_path)] == ["intent", "created"]


def test_it_is_journalled_as_made_when_it_has_its_tags(tmp_path: Path) -> None:
    def lost(s3: S3, name: str) -> None:
        made(s3, name)
        del s3.buckets[name]

    with pytest.raises(KeyError):
        _create(tmp_path, lost)
    [intent] = open_intents(tmp_path / "journal.jsonl")
    assert (intent.key, intent.where) == (f"bucket {NAME}", "123456789012/eu-west-1")


def test_a_refusal_closes_the_intent(tmp_path: Path) -> None:
    with pytest.raises(AwsError):
        _create(tmp_path, refused)
    assert [record.event for record in _journal(tmp_path)] == ["intent", "refused"]
    assert open_intents(tmp_path / "journal.jsonl") == []


def test_a_refusal_after_a_doubt_says_nothing_of_what_was_sent_before(tmp_path: Path) -> None:
    with pytest.raises(AwsError):
        _create(tmp_path, unanswered, refused)
    assert len(open_intents(tmp_path / "journal.jsonl")) == 1


def test_a_bucket_that_somebody_made_a_moment_before_is_not_taken(tmp_path: Path) -> None:
    with pytest.raises(Conflict):
        _create(tmp_path, somebody_was_faster)
    assert open_intents(tmp_path / "journal.jsonl") == []

"""What came of a read with the question whether there is a way to its service: taken once for its first page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest

from ocpprov.aws.errors import AwsError
from ocpprov.aws.reads import FirstPages, ReadCall, Reader
from ocpprov.aws.service_probes import IDENTITY, probe
from ocpprov.kinds.first_reads import first_reads
from ocpprov.kinds.reads import Read, read
from ocpprov.kinds.registry import KINDS
from tests.aws.test_reads import Clients, Reply
from tests.support.in_process import StandingClock

ROLES = read("iam", "list_roles")


def role(name: str) -> Mapping[str, Any]:
    return {"RoleName": name, "Arn": f"arn:aws:iam::123456789012:role/{name}"}


def page_of(name: str, marker: str = "") -> Mapping[str, Any]:
    return {"Roles": [role(name)], "IsTruncated": bool(marker), **({"Marker": marker} if marker else {})}


def body_of(name: str) -> str:
    each = f"<member><RoleName>{name}</RoleName><Arn>{role(name)['Arn']}</Arn></member>"
    result = f"<ListRolesResult><IsTruncated>false</IsTruncated><Roles>{each}</Roles></ListRolesResult>"
    return f"<ListRolesResponse>{result}</ListRolesResponse>"


class Iam:
    """What is sent, and a reader that has first pages."""

    def __init__(self, first: Mapping[ReadCall, Mapping[str, Any]]) -> None:
        self.sent: list[str] = []
        pages = FirstPages(first)
        self.reader = Reader(Clients(self._reply), StandingClock(), lambda _: None, account="123456789012", first=pages)

    def _reply(self, request: AWSPreparedRequest) -> Reply:
        self.sent.append(request.body if isinstance(request.body, str) else str(request.body))
        return 200, body_of("asked")

    def names(self, asked: Read = ROLES) -> list[str]:
        return [each["RoleName"] for page in self.reader.read([asked])[asked] for each in page["Roles"]]


def test_it_is_taken_once() -> None:
    iam = Iam({ROLES: page_of("first")})
    assert (iam.names(), iam.sent) == (["first"], [])
    assert (iam.names(), len(iam.sent)) == (["asked"], 1)


def test_the_pages_after_it_are_asked_for() -> None:
    iam = Iam({ROLES: page_of("first", "next")})
    assert iam.names() == ["first", "asked"]
    (sent,) = iam.sent
    assert "next" in sent


def test_another_read_of_the_same_operation_is_asked_for() -> None:
    iam = Iam({ROLES: page_of("first")})
    assert iam.names(read("iam", "list_roles", PathPrefix="/ours/")) == ["asked"]


def test_forgotten_it_is_asked_for() -> None:
    iam = Iam({ROLES: page_of("first")})
    iam.reader.forget_first_pages()
    assert iam.names() == ["asked"]


def test_whoever_hears_of_retries_has_it_too() -> None:
    iam = Iam({ROLES: page_of("first")})
    iam.reader.heard_by(lambda _: None).read([ROLES])
    assert iam.sent == []


def test_one_of_another_account_is_asked_for() -> None:
    """Nobody knew the account when it came."""
    other = {"Roles": [{"RoleName": "x", "Arn": "arn:aws:iam::999999999999:role/x"}], "IsTruncated": False}
    iam = Iam({ROLES: other})
    assert iam.names() == ["asked"]


def test_one_that_lacks_what_each_has_is_an_error() -> None:
    with pytest.raises(AwsError, match="ListRoles: UnreadableAnswer: the answer lacks Roles"):
        Iam({ROLES: {"IsTruncated": False}}).names()


def test_the_question_is_the_read_and_its_answer_the_first_page() -> None:
    asked: list[str] = []

    def reply(request: AWSPreparedRequest) -> Reply:
        asked.append(str(request.url))
        return 200, body_of("first")

    clients: Any = Clients(reply)
    reached = probe(clients, {"iam"}, clock=StandingClock(), first_reads={"iam": ROLES})
    assert ([*reached.lost], len(asked)) == ([], 1)
    (answer,) = (page for each, page in reached.answers.items() if each == ROLES)
    assert [each["RoleName"] for each in answer["Roles"]] == ["first"]


def test_a_refusal_is_no_answer() -> None:
    denied = "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>"
    clients: Any = Clients(lambda _: (403, denied))
    reached = probe(clients, {"iam", "sts"}, clock=StandingClock(), first_reads={"iam": ROLES})
    assert ([*reached.lost], dict(reached.answers)) == ([], {})


def test_without_a_plan_nothing_is_known_to_be_read() -> None:
    assert first_reads("", "eu-west-1") == {}


def test_each_is_of_its_service() -> None:
    reads = first_reads("prod", "eu-west-1")
    assert {service: each.service for service, each in reads.items()} == {service: service for service in reads}
    assert reads.keys() | {IDENTITY.service} >= {kind.service for kind in KINDS.values()}

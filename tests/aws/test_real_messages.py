"""AWS's own sentences: the cause that is told of each, what to do, and whether it is tried again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import pytest
from botocore.session import get_session

from ocpprov.aws import error_causes, retry
from ocpprov.aws.error_causes import UNKNOWN_REFUSAL
from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.error_sentences.sentence import Said
from ocpprov.aws.errors import AwsError, classify, wrap
from ocpprov.aws.retry import CREATES, DELETES, UPDATES
from tests.aws.real_messages import ALL
from tests.aws.real_messages.policies import MISSING_PERMISSION, REFUSED_BY_A_POLICY
from tests.aws.real_messages.quotas import QUOTAS
from tests.aws.real_messages.row import GIVE, Row
from tests.aws.test_errors import answer
from tests.aws.test_retry import FakeClock, Service

NOT_YET: Final = {
    *("zone-at-work", "held-address", "no-way-in", "unknown-vpc", "no-principal", "changed-by-others"),
    *("in-the-making", "not-empty", "still-attached", "fresh", "attributes", "gateway-elsewhere", "unattached"),
}
"""Causes that time mends, or may mend: what is fresh gets known, what is going away goes, what others do ends."""

NOT_YET_CODES: Final = {"DependencyViolation", "InvalidCidrBlock.InUse", "ResourceInUse", "SubnetNotFound"}
"""The same, where the code alone says it."""

FRESH: Final = "Policy arn:aws:iam::111111111111:policy/policy-name does not exist or is not attachable."
"""The same of a policy that isn't AWS's own."""

WITHOUT_PUBLIC_WORDS: Final = {"blocked-vpc", "no-capacity", "not-permitted", "too-many-tags"}
"""Causes that are known by their code or their feature only."""


def named(row: Row) -> str:
    """The cause that the product has for a message; empty where its code alone says it."""
    said = Said(row.operation, row.code, row.sentence)
    return next((each.cause for each in error_causes.SENTENCES if each.fits(said)), "")


@pytest.mark.parametrize("row", ALL, ids=str)
def test_the_cause_is_that_of_the_sentence(row: Row) -> None:
    error = answer(row.operation, row.status, row.code, row.sentence)
    wrapped = wrap(error)
    assert classify(error) is row.means
    assert [words for words in row.says if words not in wrapped.next_step] == []
    assert (GIVE in wrapped.next_step) is (row in MISSING_PERMISSION)
    assert wrapped.next_step.endswith(".")
    blob = row.sentence.partition("failure message: ")[2]
    shown = row.sentence.replace(blob, "(below)") if blob else row.sentence
    assert str(wrapped) == f"{row.operation}: {row.code}: {shown} (request req-1)"


@pytest.mark.parametrize("row", ALL, ids=str)
def test_the_cause_has_its_name(row: Row) -> None:
    step = wrap(answer(row.operation, row.status, row.code, row.sentence)).next_step
    if row in QUOTAS:
        assert f'The quota "{row.cause}"' in step
    elif row in (*REFUSED_BY_A_POLICY, *MISSING_PERMISSION) and row.cause != "other-owner":
        assert named(row) == ""
    else:
        assert named(row) == row.cause


def test_the_same_words_with_another_code_are_another_matter() -> None:
    alike = {row.cause for row in ALL if row.cause and named(replace(row, code="SomethingElse")) == row.cause}
    assert alike == {"tags", "declared", "tag-keys-alike"}


@pytest.mark.parametrize("row", ALL, ids=str)
def test_only_what_time_mends_is_waited_for(row: Row) -> None:
    policy = DELETES if row.operation.startswith(("Delete", "Detach", "Disassociate", "Release")) else CREATES
    clock = FakeClock()
    service = Service([answer(row.operation, row.status, row.code, row.sentence)], stubborn=True)
    with pytest.raises(AwsError):
        retry.call(row.operation, service, clock=clock, retryable=policy)
    assert (clock.time > 0) is (row.cause in NOT_YET or row.code in NOT_YET_CODES or row.sentence == FRESH)


def test_whether_the_same_change_is_tried_again_is_no_other_question() -> None:
    assert set(UPDATES) - set(CREATES) == {ErrorClass.UNKNOWN_OUTCOME, ErrorClass.EXISTS}
    assert UPDATES[ErrorClass.EXISTS] <= 30


@pytest.mark.parametrize("service", sorted({row.service for row in ALL}))
def test_each_is_said_to_something_that_aws_has(service: str) -> None:
    model: Mapping[str, Any] = get_session().get_component("data_loader").load_service_model(service, "service-2")
    assert {row.operation for row in ALL if row.service == service} <= set(model["operations"])


def test_there_are_enough_of_them_each_once_with_its_source() -> None:
    assert len(ALL) >= 60
    assert len({(row.operation, row.code, row.sentence) for row in ALL}) == len(ALL)
    assert [row for row in ALL if not row.source.startswith("https://")] == []


def test_each_cause_has_a_message() -> None:
    with_words = {each.cause for each in error_causes.SENTENCES if each.next_step}
    assert with_words - {row.cause for row in ALL} == WITHOUT_PUBLIC_WORDS


@pytest.mark.parametrize(("status", "error_class"), [(403, ErrorClass.DENIED), (400, ErrorClass.INVALID)])
def test_what_nobody_knows_is_told_in_aws_words(status: int, error_class: ErrorClass) -> None:
    error = wrap(answer("CreateVpc", status, "BrandNewRefusal", "The moon is in the way."))
    assert error.error_class is error_class
    assert str(error) == "CreateVpc: BrandNewRefusal: The moon is in the way. (request req-1)"
    assert GIVE not in error.next_step
    assert (error.next_step == UNKNOWN_REFUSAL) is (error_class is ErrorClass.DENIED)

"""The guard against the wrong account."""

from __future__ import annotations

import pytest

from ocpprov.aws.clock import SystemClock
from ocpprov.aws.errors import AwsError
from ocpprov.aws.identity import WrongAccount, check_account
from ocpprov.aws.session import open_session

ACCOUNT = "123456789012"


@pytest.mark.parametrize("expected", ["", ACCOUNT])
def test_the_right_account(moto_url: str, expected: str) -> None:
    session = open_session("eu-west-1", on_call=lambda _: None, sandbox_url=moto_url)
    assert check_account(session.clients, expected, SystemClock()).account == ACCOUNT


def test_another_account_is_refused_with_both_named(moto_url: str) -> None:
    session = open_session("eu-west-1", on_call=lambda _: None, sandbox_url=moto_url)
    with pytest.raises(WrongAccount, match=f"{ACCOUNT}.* 999999999999"):
        check_account(session.clients, "999999999999", SystemClock())


@pytest.mark.parametrize("account", ["../../elsewhere", "1234567890123", "12345678901\u0662", "", "123456789012\n", 7])
def test_what_is_no_accounts_id_is_no_answer(moto_url: str, account: object) -> None:
    """The lock and the journal are named after it."""
    session = open_session("eu-west-1", on_call=lambda _: None, sandbox_url=moto_url)
    told = {"Account": account, "Arn": "arn:aws:iam::123456789012:user/me", "UserId": "U"}
    with pytest.raises(AwsError, match=r"GetCallerIdentity: UnreadableAnswer: .* is no account's id"):
        check_account(session.clients, "", SystemClock(), told)

"""Who we are at AWS, and the guard against working in the wrong account."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ocpprov.aws import retry
from ocpprov.aws.reads import Answer, readable, unreadable
from ocpprov.engine.printable import printable
from ocpprov.engine.problem import Problem
from ocpprov.engine.protocols import Clock

if TYPE_CHECKING:
    from ocpprov.aws.clients import Clients

_OPERATION: Final = "GetCallerIdentity"
_ACCOUNT: Final = re.compile("[0-9]{12}", re.ASCII)


@dataclass(frozen=True)
class CallerIdentity:
    """The caller as STS sees it."""

    account: str
    arn: str


class WrongAccount(Exception):
    """The credentials belong to another account than the plan is for."""

    def __init__(self, identity: CallerIdentity, expected: str) -> None:
        self.problem = Problem(
            "",
            f"these credentials ({identity.arn}) belong to account {identity.account}, but the plan's accountID is "
            f"{expected}",
            f"use credentials of {expected}, or correct accountID",
        )
        super().__init__(str(self.problem))
        self.identity = identity
        self.expected = expected


def check_account(
    clients: Clients, expected: str, clock: Clock, told: Mapping[str, Any] | None = None
) -> CallerIdentity:
    """The caller's identity. `expected` is the plan's account, or empty when any will do; `told` is what STS has
    answered a moment ago, None where it has to be asked.

    Raises WrongAccount, and AwsError when STS can't be asked.
    """
    answer: Mapping[str, Any]
    with readable(_OPERATION):
        answer = told or retry.call(_OPERATION, clients.sts.get_caller_identity, clock=clock, retryable=retry.READS)
    request_id = str(answer.get("ResponseMetadata", {}).get("RequestId", ""))
    answer = Answer(answer, _OPERATION, request_id)
    # Names of files have the account, so it mustn't be a path.
    if not _ACCOUNT.fullmatch(str(answer["Account"])):
        raise unreadable(_OPERATION, f"{printable(str(answer['Account']))} is no account's id", request_id)
    identity = CallerIdentity(answer["Account"], answer["Arn"])
    if expected and identity.account != expected:
        raise WrongAccount(identity, expected)
    return identity

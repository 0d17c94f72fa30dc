"""AWS asked already while a command is still loaded: what comes after the plan and the clients takes as long to load as
the first answers take to come."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from ocpprov.aws.timeouts import submit
from ocpprov.commands.call_log import CallLog
from ocpprov.commands.connection import (
    ClientBundle,
    Connection,
    Connector,
    FirstAnswers,
    OnRetry,
    RunTarget,
    connect,
    connection_of,
    found_by,
    look_for_garbage,
    signed_clients,
)
from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.last_applied import with_last_applied
from ocpprov.commands.load import load_plan
from ocpprov.commands.options import Options
from ocpprov.commands.run_target import target_of
from ocpprov.engine.secret_texts import SecretTexts
from ocpprov.plan.problems import PlanErrors

Say: TypeAlias = Callable[[SecretTexts, str], None]
"""Says something of a plan that has these secrets."""


def early_connector(options: Options, say: Say) -> Connector:
    """The way to AWS for a command that changes nothing, which begins to be reached. Where the plan can't be read, or
    there is no way to AWS, the command says so when it gets there. It keeps no log."""
    try:
        options = with_last_applied(options, lambda _: None)
        plan = load_plan(options)
        target = target_of(plan, options)
    except (PlanErrors, Refused, OSError):
        return connect
    tell = partial(say, plan.secrets)
    try:
        bundle = signed_clients(target, options, CallLog(tell), tell)
    except Refused as error:
        return _Refusing(error).connect
    return _Begun(target, options, bundle, submit(partial(found_by, bundle, target))).connect


@dataclass(frozen=True)
class _Begun:
    """A way to AWS on which the first questions are."""

    target: RunTarget
    options: Options
    bundle: ClientBundle
    found: Future[FirstAnswers]

    @contextmanager
    def connect(
        self, target: RunTarget, options: Options, log: CallLog, warn: Callable[[str], None], on_retry: OnRetry
    ) -> Iterator[Connection]:
        """In place of `connect` of the connection. Where the plan is another by now it is reached anew."""
        if (target, options) != (self.target, self.options):
            with connect(target, options, log, warn, on_retry) as connection:
                yield connection
            return
        look_for_garbage()
        found = self.found.result()
        yield connection_of(self.bundle, found.target, found.account, on_retry, options.concurrency, first=found.first)


@dataclass(frozen=True)
class _Refusing:
    """No way to AWS."""

    error: Refused

    def connect(
        self, target: RunTarget, options: Options, log: CallLog, warn: Callable[[str], None], on_retry: OnRetry
    ) -> AbstractContextManager[Connection]:
        """In place of `connect` of the connection."""
        raise self.error

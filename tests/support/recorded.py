"""AWS's answers to a plan that is there, kept as boto3 gives them, and the plan made again from edited ones: no
sockets, no requests, no AWS, some twenty milliseconds each.

Nothing between boto3's answers and the actions is left out: the checks of answers, paging, parse, planner.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from botocore.client import BaseClient
from botocore.exceptions import ClientError

from ocpprov.aws.reads import Reader
from ocpprov.checks.result import Check
from ocpprov.commands.call_log import CallLog
from ocpprov.commands.connection import Connection
from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.load import load_plan
from ocpprov.commands.options import Options
from ocpprov.commands.preflight import asked
from ocpprov.commands.refresh import PlanResult, refresh_and_plan, refresh_and_plan_destroy
from ocpprov.commands.run_target import target_of
from ocpprov.commands.scope import Scope
from ocpprov.engine.resources import Owner
from tests.support.in_process import ACCOUNT, Bastion
from tests.support.strange_shapes import IN, Strange

Key = tuple[str, str, str]
"""Service, operation and arguments, as boto3 names them."""
Edit = Callable[[str, str, Any], Any]
"""What comes in place of an answer to an operation of a service, or of AWS's error: an error is raised."""


def as_it_is(service: str, operation: str, answer: Any) -> Any:
    """No edit."""
    return answer


@dataclass(frozen=True)
class Outcome:
    """What a plan comes to: its changes by AWS's id, or the logical id of what has none; what it says, and why it is
    refused, if it is."""

    changes: frozenset[tuple[str, str]] = frozenset()
    said: Sequence[str] = ()
    problems: Sequence[str] = ()
    refused: str = ""

    @property
    def sends(self) -> frozenset[tuple[str, str]]:
        """The changes that an apply would make: none where there is a problem."""
        return frozenset() if self.problems else self.changes


@dataclass
class Recording:
    """A plan that was applied, and every answer that planning it, or its destruction, has had so far."""

    bastion: Bastion
    path: Path
    answers: dict[Key, Any] = field(default_factory=dict)

    others: Sequence[Strange] = ()
    """What others have, which listings have beside the plan's own."""

    def plan(self, edit: Edit = as_it_is, page_size: int = 0, *, knows: bool = True) -> Outcome:
        """`ocpprov plan`, from answers edited like this; in pages of so many items where a size is given. Without its
        folder where it doesn't `know`."""
        return self._outcome(edit, page_size, lambda connection: refresh_and_plan(self._read, connection), knows=knows)

    def destroy(self, edit: Edit = as_it_is, page_size: int = 0, *, knows: bool = True) -> Outcome:
        """The same of a destroy."""
        return self._outcome(edit, page_size, refresh_and_plan_destroy, knows=knows)

    def destroy_by_name(self, edit: Edit = as_it_is) -> Outcome:
        """The same where nobody knows what the plan had."""

        def destroy(connection: Connection) -> PlanResult:
            return refresh_and_plan_destroy(replace(connection, scope=Scope()))

        return self._outcome(edit, 0, destroy, knows=False)

    def checks(self, edit: Edit = as_it_is) -> list[Check]:
        """What preflight finds out from AWS, once it is reached."""
        connection = self._connection(edit, 0, self.bastion.home)
        return list(asked(self._read, connection, f"arn:aws:iam::{ACCOUNT}:user/operator"))

    def recorded(self) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
        """The answers so far that are none of an error."""
        for (service, operation, _), answer in self.answers.items():
            if isinstance(answer, Mapping):
                yield service, operation, answer

    @cached_property
    def everything(self) -> frozenset[tuple[str, str]]:
        """What a destroy takes when AWS answers as it does."""
        return self.destroy().changes

    @cached_property
    def said_anyway(self) -> Sequence[str]:
        """What a plan says when AWS answers as it does."""
        return self.plan().said

    @cached_property
    def _read(self) -> Any:
        return load_plan(Options(plan=self.path, directory=self.bastion.home))

    def _outcome(
        self, edit: Edit, page_size: int, command: Callable[[Connection], PlanResult], *, knows: bool
    ) -> Outcome:
        connection = self._connection(edit, page_size, self.bastion.home if knows else self.path.parent / "elsewhere")
        try:
            actions = command(connection).actions
        except Refused as refused:
            return Outcome(refused=str(refused))
        changes = frozenset((each.verb.value, each.id or each.resource) for each in actions.changes)
        said = (*actions.notes, *map(str, actions.unproven))
        return Outcome(changes, said, tuple(actions.problems))

    def _connection(self, edit: Edit, page_size: int, folder: Path) -> Connection:
        options = Options(plan=self.path, directory=folder)
        target = target_of(self._read, options)
        bundle = self.bastion.make_clients(target, options, CallLog(lambda _: None), lambda _: None)
        bundle.session.credentials.pin(ACCOUNT)
        owner = Owner(
            target.name,
            target.region,
            ACCOUNT,
            self.bastion.run_id(self.bastion.clock.now()),
            cluster=target.cluster,
            user_tags=target.user_tags or {},
            protect=target.protect,
        )
        clients = _Clients(self, bundle.session.clients, edit, page_size)
        reader = Reader(clients, self.bastion.clock, lambda _: None, 1, ACCOUNT)
        return Connection(
            bundle.session, reader, self.bastion.clock, bundle.cancellation, bundle.counter, owner, target.scope
        )

    @property
    def network(self) -> str:
        """The id of the plan's VPC."""
        listed = (answer for _, operation, answer in self.recorded() if operation == "describe_vpcs")
        return next(str(vpc["VpcId"]) for answer in listed for vpc in answer["Vpcs"])

    def answer(self, client: BaseClient, service: str, operation: str, arguments: Mapping[str, Any]) -> Any:
        """What AWS said when it was asked; it is asked now where it never was."""
        key = (service, operation, json.dumps(arguments, sort_keys=True))
        if key not in self.answers:
            try:
                self.answers[key] = getattr(client, operation)(**arguments)
            except ClientError as error:
                self.answers[key] = error
        return self.answers[key]


class _Clients(dict[str, Any]):
    def __init__(self, recording: Recording, real: Any, edit: Edit, page_size: int) -> None:
        super().__init__()
        self._made: Callable[[str], _Client] = lambda service: _Client(
            recording, real[service], service, edit, page_size
        )

    def __missing__(self, service: str) -> Any:
        self[service] = self._made(service)
        return self[service]


@dataclass(frozen=True)
class _Client:
    """Answers under boto3's names of operations. What else is asked of it is the real client's."""

    _recording: Recording
    _real: BaseClient
    _service: str
    _edit: Edit
    _page_size: int

    @property
    def meta(self) -> Any:
        return self._real.meta

    def can_paginate(self, operation: str) -> bool:
        return self._real.can_paginate(operation)

    def get_paginator(self, operation: str) -> Any:
        return self._real.get_paginator(operation)

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        def send(**arguments: Any) -> Any:
            paging = _Paging.of(self._real, operation) if self._page_size else None
            start, question = paging.start(arguments) if paging else (0, arguments)
            answer = self._recording.answer(self._real, self._service, operation, question)
            if not isinstance(answer, ClientError):
                answer = _with(copy.deepcopy(answer), self._service, operation, question, self._recording)
            edited = self._edit(self._service, operation, answer)
            if isinstance(edited, Exception):
                raise edited
            return paging.page(edited, start, self._page_size) if paging else edited

        return send


def _with(answer: Any, service: str, operation: str, asked: Mapping[str, Any], recording: Recording) -> Any:
    """An answer with what others have of this sort where it was asked for: in EC2 by the network that it lies in."""
    given = (each for name in ("Filter", "Filters") for each in asked.get(name, ()))
    filters = [each["Name"] for each in given if isinstance(each, Mapping)]
    for each in recording.others:
        if (each.service, each.operation) == (service, operation):
            item = copy.deepcopy(dict(each.item))
            is_there = item.get("VpcId") == IN
            if is_there:
                item["VpcId"] = recording.network
            if "LoadBalancerArn" in asked:
                item["LoadBalancerArn"] = asked["LoadBalancerArn"]
            if service != "ec2" or (is_there and any(name.endswith("vpc-id") for name in filters)):
                answer[each.member].append(item)
    return answer


@dataclass(frozen=True)
class _Paging:
    """How an operation goes on from page to page, by botocore's description."""

    lists: Sequence[str]
    asks: Sequence[str]
    says: Sequence[str]
    more: str

    @classmethod
    def of(cls, client: Any, operation: str) -> _Paging | None:
        if not client.can_paginate(operation):
            return None
        described = client.get_paginator(operation)._pagination_cfg

        def named(key: str) -> list[str]:
            found = described.get(key, [])
            return [found] if isinstance(found, str) else list(found)

        # Where one of two words says how to go on, botocore takes the first.
        says = [each.partition(" || ")[0] for each in named("output_token")]
        return cls(named("result_key"), named("input_token"), says, described.get("more_results", ""))

    def start(self, arguments: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        """Where the page begins that is asked for, and the question without that."""
        rest = {name: value for name, value in arguments.items() if name not in self.asks}
        return int(arguments.get(self.asks[0], "0").removeprefix("at-")), rest

    def page(self, answer: Mapping[str, Any], start: int, size: int) -> dict[str, Any]:
        """A part of an answer. Of several lists the first is taken apart, and the last page has the others."""
        name, *others = self.lists
        whole = answer.get(name, [])
        ends = start + size >= len(whole)
        page = {key: value for key, value in answer.items() if key not in (name, *others)}
        page |= {name: whole[start : start + size]} if name in answer else {}
        page |= {key: answer[key] if ends else [] for key in others if key in answer}
        if "KeyCount" in page:
            page["KeyCount"] = sum(len(page.get(key, ())) for key in self.lists)
        if self.more:
            page[self.more] = not ends
        if not ends:
            page |= dict.fromkeys(self.says, f"at-{start + size}")
        return page


Members = tuple[str, ...]
_NO_MEMBERS: Final = ("ResponseMetadata",)


def members(answer: Any, path: Members = ()) -> Iterator[Members]:
    """Where the members of an answer are, those of a list's items once. A policy is one value, and botocore gives it as
    an object now and then."""
    if isinstance(answer, Mapping):
        for name, value in answer.items():
            if name not in _NO_MEMBERS:
                yield (*path, name)
                if not name.endswith("Document"):
                    yield from members(value, (*path, name))
    elif isinstance(answer, list):
        for item in answer:
            yield from members(item, path)


def without(answer: Any, path: Members) -> Any:
    """An answer without a member, in all items of a list."""
    return edited(answer, path, lambda holder, name: holder.pop(name, None))


def edited(answer: Any, path: Members, edit: Callable[[dict[str, Any], str], object]) -> Any:
    """An answer in which `edit` was called with each holder of a member, and the member's name."""
    if isinstance(answer, list):
        for item in answer:
            edited(item, path, edit)
    elif isinstance(answer, dict):
        name, *rest = path
        if not rest and name in answer:
            edit(answer, name)
        elif rest and name in answer:
            edited(answer[name], tuple(rest), edit)
    return answer

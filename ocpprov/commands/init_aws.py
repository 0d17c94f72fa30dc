"""AWS, as `init` asks it: for choices, and for what the account may have. Where it can't be asked, that is said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import Final

from ocpprov.aws.errors import AwsError
from ocpprov.aws.service_quotas import ServiceQuotas
from ocpprov.aws.session import configured_region
from ocpprov.checks.quota_table import OF_ACCOUNT
from ocpprov.checks.quotas import quotas
from ocpprov.checks.result import Check, Status
from ocpprov.commands.aws_problems import problem_of
from ocpprov.commands.call_log import CallLog
from ocpprov.commands.connection import Connection, Connector, RunTarget
from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.init_offers import Offers, ask_for_offers, ask_for_subnets, vpc_of
from ocpprov.commands.init_questions import Draft
from ocpprov.commands.options import Options
from ocpprov.commands.scope import Scope
from ocpprov.commands.terminal import Terminal
from ocpprov.engine.graph import Graph
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.planner import plan as make_actions
from ocpprov.kinds.registry import KINDS
from ocpprov.plan.model import Plan
from ocpprov.plan.top_level import REGION_PATTERN

_SERVICES: Final = frozenset({"ec2", "sts"})
"""What has to be reached. What the others don't tell is left out."""


class AwsAnswers:
    """AWS in the region of the draft, reached when it is first needed; `stack` ends what was begun. `reason` says why
    it can't be asked, empty as long as nobody knows of one."""

    def __init__(self, options: Options, terminal: Terminal, connector: Connector, stack: ExitStack) -> None:
        self._options = options
        self._terminal = terminal
        self._connector = connector
        self._stack = stack
        self._connection: Connection | None = None
        self._tried = ""
        self.reason = ""

    def begin(self, draft: Draft) -> Offers:
        """What is known before AWS is asked: the region that is configured."""
        try:
            region = configured_region(self._options.profile)
        except AwsError as error:
            self._give_up(str(problem_of(error)))
            return Offers()
        if not region and not draft.region:
            self._terminal.say("note: no region is configured, so AWS is asked nothing before you say one")
        return Offers(region=region)

    def more(self, draft: Draft, offers: Offers) -> Offers:
        """The offers with what the answers so far make it possible to ask."""
        region = draft.region or offers.region
        if region != self._tried and re.fullmatch(REGION_PATTERN, region):
            self._reach(region)
            offers = Offers(region=offers.region)
            if self._connection:
                offers, refused = ask_for_offers(offers, self._connection.reader)
                self._terminal.say_lines(f"note: {each}" for each in refused)
        if self._connection and offers.subnets is None and (draft.plan.vpc_id or draft.said.subnets):
            offers = self._with_subnets(draft, offers, self._connection)
        return offers

    def _with_subnets(self, draft: Draft, offers: Offers, connection: Connection) -> Offers:
        """Those of the VPC that is named, or that the install-config's subnets are in."""
        reader, owner = connection.reader, connection.owner
        try:
            vpc_id = draft.plan.vpc_id or vpc_of(draft.said.subnets, reader, owner)
            return replace(offers, subnets=ask_for_subnets(vpc_id, reader, owner) if vpc_id else ())
        except Refused as error:
            self._terminal.say(f"note: the subnets that are there aren't known: {error}")
            return replace(offers, subnets=())

    def _reach(self, region: str) -> None:
        self._tried, self._connection = region, None
        if self.reason:
            return
        target = RunTarget("", region, scope=Scope(services=_SERVICES), may_leave_out=False)
        say = self._terminal.say
        try:
            way = self._connector(target, self._options, CallLog(say), say, self._terminal.on_retry)
            self._connection = self._stack.enter_context(way)
        except Refused as error:
            self._give_up(str(error))

    def _give_up(self, reason: str) -> None:
        self.reason = reason
        self._terminal.say(f"note: AWS can't be asked: {reason}")

    def quotas(self, plan: Plan, graph: Graph, offers: Offers) -> Sequence[Check]:
        """What the plan needs, beside what the account has and may have; nothing where AWS can't be asked."""
        return list(self._quotas(plan, graph, offers, self._connection)) if self._connection else ()

    def _quotas(self, plan: Plan, graph: Graph, offers: Offers, connection: Connection) -> Iterator[Check]:
        owner = replace(connection.owner, plan=plan.name, cluster=plan.cluster, plan_id=plan.id)
        actions = make_actions(graph, Inventory(), owner, KINDS)

        zones = {each.subnet.id: each.subnet.zone for each in offers.subnets or ()}
        told = quotas(actions, zones, connection.reader.attempt, ServiceQuotas(connection.session.probes).value)
        # What a single thing may hold is worth a line where it is too little.
        yield from (each for each in told if each.id in OF_ACCOUNT or each.status is not Status.PASS)

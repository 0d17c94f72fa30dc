"""Whether the account may have what the plan is going to make: used, needed and allowed, in numbers.

What a quota allows is asked of the service itself where it tells (Elastic Load Balancing, IAM, Route 53, EC2 for
addresses), and of Service Quotas for the rest; where neither answers, AWS's default is all there is to go by.
Defaults: the table `sandbox/default_quotas.py`, with their sources.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

from ocpprov.aws.errors import AwsError
from ocpprov.checks.quota_needs import Places
from ocpprov.checks.quota_table import QUOTAS, Quota
from ocpprov.checks.result import Check, failed, passed, unknown, warned
from ocpprov.engine.actions import Actions
from ocpprov.engine.steps import CreateStep
from ocpprov.kinds.reads import Pages, Read

AskQuota: TypeAlias = Callable[[str, str], float | None]
"""What Service Quotas says of a quota, by service code and quota code; None where it can't be asked."""

Answers: TypeAlias = Mapping[Read, Sequence[Mapping[str, Any]] | AwsError]


@dataclass(frozen=True)
class QuotaNeed:
    """What a plan needs of a quota, in the place that needs most of it; `by_place` is all of it."""

    quota: Quota
    by_place: Mapping[str, int]

    @property
    def place(self) -> str:
        return max(self.by_place, key=lambda each: self.by_place[each])

    @property
    def most(self) -> int:
        return self.by_place[self.place]


def quota_needs(actions: Actions, zones: Mapping[str, str]) -> Iterator[QuotaNeed]:
    """What the plan draws on, in the table's order. `zones` are those of existing subnets, by id."""
    creates = [step for step in actions.steps if isinstance(step, CreateStep)]
    places = Places(actions, zones)
    for quota in QUOTAS:
        counted: Counter[str] = Counter()
        for step in creates:
            counted.update(quota.needed(step, places))
        if counted:
            yield QuotaNeed(quota, counted)


def quotas(
    actions: Actions, zones: Mapping[str, str], attempt: Callable[[Sequence[Read]], Answers], ask: AskQuota
) -> Iterator[Check]:
    """A result for each quota that the plan draws on; what can't be read makes unknown what depends on it, and nothing
    else. `zones` are those of existing subnets, by id."""
    needs = list(quota_needs(actions, zones))
    wanted = [each for need in needs for each in (*need.quota.reads, *need.quota.limit_reads)]
    answers = attempt(list(dict.fromkeys(wanted)))
    told = cache(lambda service, code: None if (value := ask(service, code)) is None else int(value))
    readable = Pages({made: pages for made, pages in answers.items() if not isinstance(pages, AwsError)})
    for need in needs:
        quota = need.quota
        try:
            used = _used(quota, answers, readable)
        except AwsError as error:
            detail = f"{quota.name}: {need.most} needed; what is used can't be read: {error}"
            yield unknown(quota.id, detail, error.next_step)
            continue
        allowed = _allowed(quota, readable)
        if allowed is None and quota.code:
            allowed = told(*quota.code)
        yield _check(quota, need.by_place, used, allowed)


def _used(quota: Quota, answers: Answers, readable: Pages) -> Mapping[str, int]:
    """What is used. Raises AwsError where AWS doesn't say it, or says it in a way that can't be read."""
    for made in quota.reads:
        answer = answers[made]
        if isinstance(answer, AwsError):
            raise answer
    return quota.used(readable)


def _allowed(quota: Quota, readable: Pages) -> int | None:
    """What the service itself tells; None where it doesn't, or in a way that can't be read."""
    try:
        return quota.allowed(readable)
    except AwsError:
        return None


def _check(quota: Quota, wanted: Mapping[str, int], used: Mapping[str, int], allowed: int | None) -> Check:
    """The place that is nearest to its limit stands for all."""
    limit = quota.default if allowed is None else allowed
    place = max(wanted, key=lambda each: used.get(each, 0) + wanted[each])
    needed, present = wanted[place], used.get(place, 0)
    left = max(0, limit - present)
    where = f" in {place}" if place else ""
    source = "" if allowed is not None else " (AWS's default: what this account is allowed couldn't be asked)"
    detail = f"{quota.name}{where}: {present} used, {needed} needed, {left} left of {limit}{source}"
    if needed <= left:
        return passed(quota.id, detail)
    code = f"{quota.code[0]}/{quota.code[1]}" if quota.code else quota.name
    remedy = f"have the quota {code} raised to at least {present + needed}, or remove what isn't needed any more"
    return (warned if allowed is None else failed)(quota.id, detail, remedy)

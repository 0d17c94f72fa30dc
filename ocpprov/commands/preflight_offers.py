"""What `preflight` offers where IAM or Route 53 isn't reached, and EC2 is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final, TypeVar

from ocpprov.aws.errors import is_aws_error
from ocpprov.aws.session import Session
from ocpprov.aws.timeouts import call_with_timeout
from ocpprov.aws.unreachable import first_host
from ocpprov.checks.global_endpoints import GLOBAL, HostPlace, not_offered, offered, place_of, remedy, without
from ocpprov.checks.result import Check, Status
from ocpprov.plan.model import Plan

T = TypeVar("T")

_PLACE_SECONDS: Final = 5.0


def with_offers(checks: Sequence[Check], plan: Plan, session: Session, seconds: float) -> list[Check]:
    """The results of `endpoint_reachability`, those of the two services with what AWS has for them, asked for within
    `seconds`."""
    found = {check.id: check for check in checks}
    lost = [service for service in GLOBAL if _status(found, service) is Status.FAIL]
    if not lost or _status(found, "ec2") is not Status.PASS:
        return list(checks)
    there, place = _answer(lambda: _asked(session, plan.region, lost), seconds) or (None, HostPlace())
    more = {f"reach-{service}": _offer(service, plan, there, place) for service in lost}
    return [
        replace(check, remedy=f"{check.remedy}; {more[check.id]}") if check.id in more else check for check in checks
    ]


def _asked(session: Session, region: str, services: Sequence[str]) -> tuple[frozenset[str], HostPlace]:
    ec2 = session.probes.ec2
    there = offered(ec2, region, services)
    place = _answer(lambda: place_of(ec2, first_host(ec2)), _PLACE_SECONDS) if there else None
    return there, place or HostPlace()


def _answer(ask: Callable[[], T], seconds: float) -> T | None:
    """None where there is no answer: what is offered is worth some patience, and no failure of its own."""
    try:
        return call_with_timeout(seconds, ask)
    except Exception as error:
        if not isinstance(error, OSError) and not is_aws_error(error):
            raise
        return None


def _offer(service: str, plan: Plan, there: frozenset[str] | None, place: HostPlace) -> str:
    if there is None:
        return without(service)
    if service not in there:
        return not_offered(service, plan.region)
    return remedy(service, plan.region, place, plan.openshift.endpoints if plan.openshift else None)


def _status(checks: dict[str, Check], service: str) -> Status | None:
    check = checks.get(f"reach-{service}")
    return check.status if check else None

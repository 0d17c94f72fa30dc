"""Whether an endpoint's policy lets through what a cluster asks of the service, as far as that can be decided.

Sources: AWS PrivateLink guide, "Control access to VPC endpoints using endpoint policies"; IAM user guide, "Policy
evaluation logic", "IAM JSON policy elements" and "AWS global condition context keys".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ocpprov.reachability.explanation_codes import OwnCode
from ocpprov.reachability.patterns import takes
from ocpprov.reachability.policy_conditions import holds
from ocpprov.reachability.policy_statements import Elements, Policy, Statement
from ocpprov.reachability.spans import Share, Span
from ocpprov.reachability.three_valued import all_of, any_of, negated
from ocpprov.reachability.verdict import Answer, Obstacle, Unread, Verdict


@dataclass(frozen=True)
class ServiceCall:
    """Something that is asked of a service. `action` and `resource` may be patterns: all that they take is asked.

    `caller` is the ARN of who asks, empty where it isn't known. `owner` is the account that has the resource, empty
    likewise. `certain`: a cluster asks for it whatever it is used for; of what isn't, a refusal is no failure. `part`:
    it is enough where the policy lets some of it through."""

    action: str
    resource: str = "*"
    caller: str = ""
    owner: str = ""
    certain: bool = True
    part: bool = False


@dataclass(frozen=True)
class Gate:
    """An endpoint as its policy sees it. `account` is the callers', empty where it isn't known."""

    endpoint: str
    vpc: str
    gateway: bool = False
    account: str = ""

    def context(self, call: ServiceCall) -> Mapping[str, str]:
        """The keys of conditions that are known of a call: AWS's own services don't call through it."""
        known = {
            "aws:sourcevpce": self.endpoint,
            "aws:sourcevpc": self.vpc,
            "aws:principalaccount": self.account,
            "aws:resourceaccount": call.owner,
            "s3:resourceaccount": call.owner,
            "aws:principalarn": call.caller,
            "aws:securetransport": "true",
            "aws:viaawsservice": "false",
            "aws:principalisawsservice": "false",
        }
        return {key: value for key, value in known.items() if value}


@dataclass(frozen=True)
class PolicyDecision:
    """`statement` is the one that decides, empty where none lets the call through. `why` is what can't be decided: a
    condition, or an element."""

    answer: Answer
    statement: str = ""
    why: str = ""


def decided(policy: Policy, call: ServiceCall, gate: Gate) -> PolicyDecision:
    """A denial counts more than what is allowed; what nothing allows is denied."""
    about: dict[tuple[bool, Answer], list[Statement]] = {}
    for statement in policy.statements:
        about.setdefault((statement.allow, _applies(statement, call, gate)), []).append(statement)
    if denying := about.get((False, Answer.YES)):
        return PolicyDecision(Answer.NO, denying[0].name)
    allowing = about.get((True, Answer.YES), [])
    undecided = [*about.get((False, Answer.UNKNOWN), []), *([] if allowing else about.get((True, Answer.UNKNOWN), []))]
    if not allowing and all(not statement.allow for statement in undecided):
        return PolicyDecision(Answer.NO)
    if undecided:
        return PolicyDecision(Answer.UNKNOWN, undecided[0].name, _undecided(undecided[0], call, gate))
    return PolicyDecision(Answer.YES, allowing[0].name)


def through_policy(policy: Policy | None, calls: Sequence[ServiceCall], gate: Gate, clients: Span) -> Verdict:
    """About all calls, each statement in the way once. A policy of None couldn't be read."""
    if policy is None:
        return Verdict(unread=(Unread(f"policy of {gate.endpoint}"),)) if calls else Verdict()
    found = [(call, decision) for call in calls if (decision := _weighed(policy, call, gate)).answer is not Answer.YES]
    stopped = Share(clients, Span(443, 443))
    obstacles = tuple(
        Obstacle(OwnCode.ENDPOINT_POLICY, gate.endpoint, "ingress", "tcp", stopped, statement, asked=asked)
        for (statement, _), asked in _by_reason(each for each in found if each[1].answer is Answer.NO)
    )
    unread = tuple(
        Unread(gate.endpoint, undecided=f"whether {statement} of its policy is about {asked}: {why}")
        if why
        else Unread(gate.endpoint, undecided=f"whether {asked} is needed, which its policy doesn't allow")
        for (statement, why), asked in _by_reason(each for each in found if each[1].answer is Answer.UNKNOWN)
    )
    return Verdict(obstacles, unread)


def _weighed(policy: Policy, call: ServiceCall, gate: Gate) -> PolicyDecision:
    """A refusal of what may never be asked isn't known to matter; of what is asked in part some is enough."""
    decision = decided(policy, call, gate)
    if decision.answer is Answer.NO and not call.certain:
        return replace(decision, answer=Answer.UNKNOWN)
    if decision.answer is Answer.UNKNOWN and call.part:
        return replace(decision, answer=Answer.YES)
    return decision


def _by_reason(found: Iterable[tuple[ServiceCall, PolicyDecision]]) -> Iterator[tuple[tuple[str, str], str]]:
    """What decides, or can't be decided, with the calls that it is about."""
    calls: dict[tuple[str, str], list[str]] = {}
    for call, decision in found:
        calls.setdefault((decision.statement, decision.why), []).append(_named(call))
    for reason, names in calls.items():
        first, *more = dict.fromkeys(names)
        yield reason, f"{first} and {len(more)} more" if more else first


def _named(call: ServiceCall) -> str:
    return call.action if call.resource == "*" else f"{call.action} on {call.resource}"


def _applies(statement: Statement, call: ServiceCall, gate: Gate) -> Answer:
    """Whether a statement is about all of what a call asks for."""
    context = gate.context(call)
    return all_of(
        [
            _principals(statement.principals, call, gate),
            _elements(statement.actions, call.action, ignore_case=True),
            _elements(statement.resources, call.resource),
            *(holds(condition, context) for condition in statement.conditions),
        ]
    )


def _undecided(statement: Statement, call: ServiceCall, gate: Gate) -> str:
    """The first thing of a statement that can't be decided."""
    if _principals(statement.principals, call, gate) is Answer.UNKNOWN:
        return "its principals"
    if _elements(statement.actions, call.action, ignore_case=True) is Answer.UNKNOWN:
        return "its actions"
    if _elements(statement.resources, call.resource) is Answer.UNKNOWN:
        return "its resources"
    context = gate.context(call)
    open_ones = [each for each in statement.conditions if holds(each, context) is Answer.UNKNOWN]
    return f"its condition {open_ones[0].operator} {open_ones[0].key}"


def _elements(elements: Elements, wanted: str, *, ignore_case: bool = False) -> Answer:
    """IAM doesn't mind the case of actions, and does that of ARNs. What has a policy variable depends on the call."""
    found = any_of(_taken(pattern, wanted, ignore_case) for pattern in elements.patterns)
    return negated(found) if elements.excepted else found


def _taken(pattern: str | None, wanted: str, ignore_case: bool) -> Answer:
    if pattern is None or "${" in pattern:
        return Answer.UNKNOWN
    return takes(pattern.lower(), wanted.lower()) if ignore_case else takes(pattern, wanted)


def _principals(elements: Elements, call: ServiceCall, gate: Gate) -> Answer:
    found = any_of(_is_caller(principal, call, gate) for principal in elements.patterns)
    return negated(found) if elements.excepted else found


def _is_caller(principal: str | None, call: ServiceCall, gate: Gate) -> Answer:
    """An account's own principal is everybody in it, but with gateway endpoints its root user alone ("Principals for
    gateway endpoints")."""
    if principal == "*":
        return Answer.YES
    if principal is None:
        return Answer.UNKNOWN
    account, whole = _account_of(principal)
    if whole and gate.gateway:
        return Answer.NO
    if account and gate.account and account != gate.account:
        return Answer.NO
    if whole:
        return Answer.YES if gate.account else Answer.UNKNOWN
    return Answer.YES if call.caller == principal else Answer.UNKNOWN


def _account_of(principal: str) -> tuple[str, bool]:
    """The account of a principal, and whether it is the account itself."""
    if principal.isdigit():
        return principal, True
    parts = principal.split(":")
    return (parts[4], parts[5] == "root") if len(parts) == 6 else ("", False)

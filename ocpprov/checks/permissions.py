"""Whether the caller is allowed what the plan needs, as far as AWS tells without doing it.

EC2 tells it of a call with DryRun; IAM tells it of the caller's policies (SimulatePrincipalPolicy), though not of
every one of the organization's, nor of those of VPC endpoints. So `fail` is certain, and `pass` is what is known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ocpprov.checks.iam_policy import actions_of
from ocpprov.checks.iam_resource_types import DELETED, MADE
from ocpprov.checks.result import Check, failed, passed, unknown
from ocpprov.kinds.contract import Read, read

_ID: Final = "0123456789abcdef0"
_AT_ONCE: Final = 50
"""Actions in one question."""


@dataclass(frozen=True)
class Question:
    """Whether some actions are allowed on some resources, in the context of some condition keys."""

    actions: Sequence[str]
    resources: Sequence[str]
    context: Sequence[tuple[str, str]]

    def read(self, principal: str) -> Read:
        """The question as IAM takes it."""
        entries = [
            {"ContextKeyName": key, "ContextKeyValues": [value], "ContextKeyType": "string"}
            for key, value in self.context
        ]
        return read(
            "iam",
            "simulate_principal_policy",
            PolicySourceArn=principal,
            ActionNames=self.actions,
            ResourceArns=self.resources,
            ContextEntries=entries,
        )


def questions(document: Mapping[str, Any], account: str) -> list[Question]:
    """What to ask so that every action of a policy is asked about, with the resources and conditions that it is going
    to be used with."""
    found: dict[tuple[tuple[str, ...], tuple[tuple[str, str], ...]], list[str]] = defaultdict(list)
    for statement in document["Statement"]:
        given = statement["Resource"]
        patterns = [given] if isinstance(given, str) else given
        context = tuple(_context(statement.get("Condition", {})))
        made = any(key.startswith("aws:RequestTag/") for key, _ in context)
        for action in statement["Action"]:
            about = [each for each in patterns if _is_about(action, each, made=made)]
            found[tuple(_example(each, account) for each in about), context].append(action)
    return [
        Question(tuple(actions[start : start + _AT_ONCE]), resources, context)
        for (resources, context), actions in found.items()
        for start in range(0, len(actions), _AT_ONCE)
    ]


def principal_of(arn: str, path_of: Callable[[str], str]) -> str:
    """The user or role whose policies hold for a caller, by the caller's ARN; empty where IAM can't be asked about it
    (the account's root, a federated user). `path_of` gives the path of a role, which a session's ARN doesn't have."""
    head, _, rest = arn.partition(":assumed-role/")
    if rest:
        role = rest.partition("/")[0]
        return f"{head.replace(':sts:', ':iam:')}:role{path_of(role)}{role}"
    return arn if ":user/" in arn else ""


def denied_of(pages: Iterable[Mapping[str, Any]]) -> set[str]:
    """The actions that IAM wouldn't allow."""
    return {
        result["EvalActionName"]
        for page in pages
        for result in page["EvaluationResults"]
        if result["EvalDecision"] != "allowed"
    }


def permissions(document: Mapping[str, Any], denied: set[str], known: set[str]) -> Iterator[Check]:
    """A result for each service. `denied` is what the caller may not do, `known` what could be found out at all."""
    services: dict[str, list[str]] = defaultdict(list)
    for action in actions_of(document):
        services[action.partition(":")[0]].append(action)
    for service, actions in services.items():
        id = f"permissions-{service}"
        missing = sorted(set(actions) & denied)
        open_ = [action for action in actions if action not in known and action not in denied]
        if missing:
            remedy = "give the user the policy that `ocpprov policy` prints for the plan"
            yield failed(id, f"not allowed: {', '.join(missing)}", remedy)
        elif open_:
            remedy = "let the user call iam:SimulatePrincipalPolicy, or compare with what `ocpprov policy` prints"
            yield unknown(id, f"nothing told whether {len(open_)} of {len(actions)} actions are allowed", remedy)
        else:
            yield passed(id, f"{len(actions)} actions allowed")


def _context(condition: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for wanted in condition.values():
        for key, value in wanted.items():
            yield key, value if isinstance(value, str) else value[0]


def _is_about(action: str, pattern: str, *, made: bool) -> bool:
    """Of a statement with many actions and many types, the types that an action is about."""
    type = pattern.rpartition(":")[2].partition("/")[0]
    if made and action in MADE:
        return type == MADE[action].type
    return action not in DELETED or type == DELETED[action]


def _example(pattern: str, account: str) -> str:
    """An ARN that a pattern of the policy covers."""
    if pattern == "*":
        return pattern
    head, _, resource = pattern.replace(":*:", f":{account}:").rpartition(":")
    return f"{head}:{resource.replace('*/*', f'vpc/vpc-{_ID}').replace('*', 'example')}"

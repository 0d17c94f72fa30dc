"""Whether the caller is allowed what the plan needs, as far as AWS tells without doing it.

EC2 tells it of a call with DryRun; IAM tells it of the caller's policies (SimulatePrincipalPolicy), though not of
every one of the organization's, nor of those of VPC endpoints. So `fail` is certain, and `pass` is what is known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ocpprov.aws.error_sentences.policies import BOUNDARY, ORGANISATIONS_POLICY, SOME_POLICY, Refusal, refused_by
from ocpprov.checks.iam_policy import needed_actions
from ocpprov.checks.iam_resource_types import MADE, types_of
from ocpprov.checks.result import Check, failed, passed, unknown
from ocpprov.kinds.reads import Read, read

_AT_ONCE: Final = 50
"""Actions in one question."""


@dataclass(frozen=True)
class PermissionQuestion:
    """Whether some actions are allowed on some resources, in the context of some condition keys, each with its value
    or, where a request may have several, all of them."""

    actions: Sequence[str]
    resources: Sequence[str]
    context: Sequence[tuple[str, str | tuple[str, ...]]]

    def read(self, principal: str) -> Read:
        """The question as IAM takes it."""
        entries = [
            {
                "ContextKeyName": key,
                "ContextKeyValues": [value] if isinstance(value, str) else list(value),
                "ContextKeyType": "string" if isinstance(value, str) else "stringList",
            }
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


def questions(document: Mapping[str, Any], account: str) -> list[PermissionQuestion]:
    """What to ask so that every action of a policy is asked about, with the resources and conditions that it is going
    to be used with."""
    found: dict[tuple[tuple[str, ...], _Context], list[str]] = defaultdict(list)
    for statement in document["Statement"]:
        given = statement["Resource"]
        patterns = [given] if isinstance(given, str) else given
        context = tuple(_context(statement.get("Condition", {})))
        made = any(key.startswith("aws:RequestTag/") for key, _ in context)
        for action in statement["Action"]:
            types = [MADE[action]] if made and action in MADE else types_of(action)
            about = tuple(example for each in patterns for example in _examples(each, types, account))
            found[about, context].append(action)
    return [
        PermissionQuestion(tuple(actions[start : start + _AT_ONCE]), resources, context)
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


def denied_of(pages: Iterable[Mapping[str, Any]]) -> dict[str, Refusal]:
    """The actions that IAM wouldn't allow, and whose policy that is."""
    return {
        result["EvalActionName"]: _refusal(result)
        for page in pages
        for result in page["EvaluationResults"]
        if result["EvalDecision"] != "allowed"
    }


def _refusal(result: Mapping[str, Any]) -> Refusal:
    """IAM tells of the organisation's policies and of a boundary whether they allow it, where there are any."""
    if not result.get("OrganizationsDecisionDetail", {}).get("AllowedByOrganizations", True):
        return Refusal(ORGANISATIONS_POLICY)
    if not result.get("PermissionsBoundaryDecisionDetail", {}).get("AllowedByPermissionsBoundary", True):
        return Refusal(BOUNDARY)
    return Refusal(SOME_POLICY, denies=True) if result["EvalDecision"] == "explicitDeny" else Refusal()


def permissions(document: Mapping[str, Any], denied: Mapping[str, Refusal], known: set[str]) -> Iterator[Check]:
    """A result for each service. `denied` is what the caller may not do, `known` what could be found out at all."""
    services: dict[str, list[str]] = defaultdict(list)
    for action in needed_actions(document):
        services[action.partition(":")[0]].append(action)
    for service, actions in services.items():
        id = f"permissions-{service}"
        missing = {action: denied[action] for action in sorted(set(actions) & set(denied))}
        open_ = [action for action in actions if action not in known and action not in denied]
        if missing:
            yield failed(id, f"not allowed: {', '.join(missing)}", "; ".join(_remedies(missing)))
        elif open_:
            remedy = "let the user call iam:SimulatePrincipalPolicy, or compare with what `ocpprov policy` prints"
            yield unknown(id, f"nothing told whether {len(open_)} of {len(actions)} actions are allowed", remedy)
        else:
            yield passed(id, f"{len(actions)} actions allowed")


def _remedies(missing: Mapping[str, Refusal]) -> Iterator[str]:
    """What helps: the policy where it is missing, and for each other reason whoever made it."""
    if any(not each.policy for each in missing.values()):
        yield "give the user the policy that `ocpprov policy` prints for the plan"
    for refusal in dict.fromkeys(each for each in missing.values() if each.policy):
        yield refused_by(refusal, ", ".join(action for action, each in missing.items() if each == refusal))


_Context = tuple[tuple[str, str | tuple[str, ...]], ...]


def _context(condition: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str | tuple[str, ...]]]:
    """Values that fit: of several the first, but all where a request may have them all."""
    for operator, wanted in condition.items():
        for key, value in wanted.items():
            values = [value] if isinstance(value, str) else value
            fitting = tuple(_filled(each) for each in values)
            if operator.startswith("ForAllValues:"):
                yield key, fitting
            elif operator != "Null":
                yield key, fitting[0]


def _examples(pattern: str, types: Sequence[str], account: str) -> Iterator[str]:
    """ARNs that a pattern of the policy covers: where it covers every type, one for each that the action is about, and
    none of a type that it isn't."""
    if pattern == "*":
        yield pattern
        return
    head, _, resource = pattern.replace(":*:", f":{account}:").rpartition(":")
    type = resource.partition("/")[0]
    if type == "*":
        for each in types or ("vpc",):
            yield f"{head}:{each}/{_filled(resource.removeprefix('*/'))}"
    elif not types or type in types:
        yield f"{head}:{_filled(resource)}"


def _filled(pattern: str) -> str:
    return pattern.replace("*", "example").replace("?", "0")

"""What others have put beside a plan's own things and takes away what those are for: no drift, as the plan's are all as
it wants them.

A role may do less by each policy with a denial (IAM user guide, "Policy evaluation logic"), a bucket gives less, and a
target group may send its targets a header that no API server understands (Network Load Balancers, "Proxy protocol").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from ocpprov.checks.requirement_drift import Defect
from ocpprov.engine.actions import Actions
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.resources import Live
from ocpprov.engine.suggestion import command_line
from ocpprov.openshift.iam import READ_OBJECTS, ROLES
from ocpprov.openshift.storage import IGNITION_KEY
from ocpprov.reachability.endpoint_policies import Gate, ServiceCall, decided
from ocpprov.reachability.policy_statements import FULL_ACCESS, Policy, policy_of
from ocpprov.reachability.verdict import Answer

_ROLE_POLICY: Final = "Ocpprov::IAM::RolePolicy"
_BUCKET_POLICY: Final = "AWS::S3::BucketPolicy"
_TARGET_GROUP: Final = "AWS::ElasticLoadBalancingV2::TargetGroup"
_PROXY_PROTOCOL: Final = "proxy_protocol_v2.enabled"
_LOOK: Final = "look at it in AWS's console"
_OFF_ROLE: Final = ("iam", "delete-role-policy")


@dataclass(frozen=True)
class Harm:
    """What somebody did to one resource. `certain` is False where it can't be decided whether it harms."""

    fault: Defect
    certain: bool = True


def harm_by_others(actions: Actions, inventory: Inventory, gate: Gate) -> dict[str, Sequence[Harm]]:
    """By logical id of what suffers. `gate` is how the cluster's calls to S3 leave the VPC."""
    current = actions.current
    found: dict[str, list[Harm]] = {}
    for id, live in current.items():
        if live.type == _ROLE_POLICY:
            found[id] = list(_denied_to_role(live, _beside(live, current, inventory), gate, actions.owner.region))
        elif live.type == _BUCKET_POLICY:
            found[id] = list(_denied_by_bucket(live, current, gate))
        elif live.type == _TARGET_GROUP:
            found[id] = list(_not_understood(id, live, actions.owner.region))
    return {id: harms for id, harms in found.items() if harms}


def _beside(live: Live, current: Mapping[str, Live], inventory: Inventory) -> Iterator[Live]:
    """The role's other policies, which aren't the plan's."""
    own = {each.id for each in current.values() if each.type == _ROLE_POLICY}
    for other in inventory.of(_ROLE_POLICY):
        if other.properties.get("RoleName") == live.properties.get("RoleName") and other.id not in own:
            yield other


def _denied_to_role(live: Live, others: Iterable[Live], gate: Gate, region: str) -> Iterator[Harm]:
    try:
        calls = list(_allowed(live.properties.get("PolicyDocument")))
    except ValueError as error:
        own = f"policy {live.properties.get('PolicyName')} of role {live.properties.get('RoleName')}"
        yield Harm(Defect(f"{own} can't be understood: {error}", _LOOK), certain=False)
        return
    for other in others:
        role, name = str(other.properties["RoleName"]), str(other.properties["PolicyName"])
        which = ("--role-name", role, "--policy-name", name, "--region", region)
        mended = Defect("", f"take policy {name} off role {role}", (command_line("aws", *_OFF_ROLE, *which),))
        yield from _denied(f"policy {name} of role {role}", other.properties.get("PolicyDocument"), calls, gate, mended)


def _allowed(document: Any) -> Iterator[ServiceCall]:
    """What the plan's own policy is there to allow."""
    for statement in _of_a_role(document).statements:
        if statement.allow:
            for action in statement.actions.patterns:
                for resource in statement.resources.patterns:
                    yield ServiceCall(action or "*", resource or "*")


def _of_a_role(document: Any) -> Policy:
    """A role's policy says nothing of principals: it is about the role. None of it where it can't be read. Raises
    ValueError where it is no policy."""
    if not isinstance(document, Mapping):
        return Policy()
    listed: Any = document.get("Statement", ())
    statements = [listed] if isinstance(listed, Mapping) else listed
    try:
        about_it = [{**each, "Principal": "*"} for each in statements]
    except TypeError as error:
        raise ValueError(f"this is no policy: {error!r}") from error
    return policy_of({"Statement": about_it})


def _denied_by_bucket(live: Live, current: Mapping[str, Live], gate: Gate) -> Iterator[Harm]:
    """What the bootstrap machine fetches."""
    document: Any = live.properties.get("PolicyDocument")
    bucket = str(live.properties.get("Bucket", ""))
    machine = next(role.role_id for role in ROLES if role.machine == "bootstrap")
    if machine not in current or not isinstance(document, Mapping):
        return
    role = current[machine].attributes.get("Arn")
    partition = str(role).partition(":")[2].partition(":")[0]
    call = ServiceCall(READ_OBJECTS, f"arn:{partition}:s3:::{bucket}/{IGNITION_KEY}", str(role), gate.account)
    mended = Defect("", f"take it out of the policy of bucket {bucket}")
    yield from _denied(f"the policy of bucket {bucket}", document, [call], gate, mended, of_role=False)


def _denied(
    what: str, document: Any, calls: Sequence[ServiceCall], gate: Gate, mended: Defect, *, of_role: bool = True
) -> Iterator[Harm]:
    """Each statement in the way once, with what it denies; `mended` has what helps."""
    try:
        policy = _of_a_role(document) if of_role else policy_of(document)
    except ValueError as error:
        yield Harm(Defect(f"{what} can't be understood: {error}", _LOOK), certain=False)
        return
    for statement in (each for each in policy.statements if not each.allow):
        alone = Policy((*FULL_ACCESS.statements, statement))
        answers = {call: decided(alone, call, gate).answer for call in calls}
        for answer, denies in ((Answer.NO, "denies"), (Answer.UNKNOWN, "may deny")):
            if named := [call.action for call, found in answers.items() if found is answer]:
                more = f" and {len(named) - 1} more" if len(named) > 1 else ""
                detail = f"{what} {denies} {named[0]}{more} by {statement.name}, which isn't the plan's"
                yield Harm(replace(mended, detail=detail), certain=answer is Answer.NO)
                break


def _not_understood(id: str, live: Live, region: str) -> Iterator[Harm]:
    attributes: Any = live.properties.get("TargetGroupAttributes")
    if isinstance(attributes, Mapping) and attributes.get(_PROXY_PROTOCOL) == "true":
        off = ("--target-group-arn", live.id, "--attributes", f"Key={_PROXY_PROTOCOL},Value=false", "--region", region)
        command = command_line("aws", "elbv2", "modify-target-group-attributes", *off)
        detail = f"{id} puts a header before what clients send ({_PROXY_PROTOCOL} is on)"
        yield Harm(Defect(detail, f"switch {_PROXY_PROTOCOL} off", (command,)))

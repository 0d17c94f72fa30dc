"""The rows of a cluster that no plan is known of about its account: roles, storage and tags."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any, Final

from ocpprov.aws.partitions import partition_of
from ocpprov.checks.found_row import READ_IT, FoundCase, Judged, JudgedRows, needless, several
from ocpprov.checks.requirement_drift import Defect
from ocpprov.engine.resources import Live
from ocpprov.openshift.found_marks import Machine
from ocpprov.openshift.iam import Machine as TemplateMachine
from ocpprov.openshift.machines import CLUSTER_TAG
from ocpprov.openshift.role_policies import RolePolicies, held_back, not_allowed
from ocpprov.openshift.vpc_survey import BUCKET, PROFILE, ROLE, SECURITY_GROUP, SurveyedSubnet, clusters_in
from ocpprov.reachability.verdict import Answer


def account_rows(case: FoundCase) -> JudgedRows:
    """The rows that begin with IAM and S3, and TAG-CLUSTER."""
    return {
        "IAM-MASTER": _profile(case, Machine.CONTROL_PLANE),
        "IAM-WORKER": _profile(case, Machine.COMPUTE),
        "IAM-BOOTSTRAP": _profile(case, Machine.BOOTSTRAP),
        "S3-BUCKET": _bucket(case),
        "S3-IGNITION": needless("nothing on AWS says where bootstrap.ign is"),
        "TAG-CLUSTER": _tags(case),
    }


def _profile(case: FoundCase, machine: Machine) -> Judged:
    found = case.cluster.profiles[machine]
    if unread := case.unread(PROFILE, ROLE):
        return Judged(unknown=unread)
    if len(found.ids) > 1:
        return Judged(found.ids, unknown=[several(f"{machine.whose} instance profile", found)])
    if not found.one:
        if machine is Machine.BOOTSTRAP and not case.cluster.groups[Machine.BOOTSTRAP].ids:
            return needless("nothing is there for a bootstrap machine")
        detail = f"nothing says which is {machine.whose} instance profile: sought by {found.by}"
        return Judged(
            unknown=[Defect(detail, "an instance profile with one of these names, or machines that have one")]
        )
    profile = next(each for each in case.survey.of(PROFILE) if each.id == found.one)
    names: Any = profile.properties.get("Roles", ())
    roles = [each for each in case.survey.of(ROLE) if each.id in names]
    if not roles:
        words = ("iam", "add-role-to-instance-profile", "--instance-profile-name", profile.ref, "--role-name", "ROLE")
        return Judged([profile.id], [Defect(f"{profile.id} has no role", case.aws(*words))])
    faults = [_untrusted(case, role) for role in roles if not _is_trusted(case, role)]
    unknown: list[Defect] = []
    for role in roles:
        may_not, unsure = _may(case, role.id, machine)
        faults += may_not
        unknown += unsure
    return Judged([profile.id, *(role.id for role in roles)], faults, unknown)


def _may(case: FoundCase, role: str, machine: Machine) -> tuple[list[Defect], list[Defect]]:
    """What the role may not of what the templates' may, and what nobody can tell."""
    policies = case.survey.role_policies.get(role, "nobody asked")
    if isinstance(policies, str):
        return [], [Defect(f"the policies of {role} couldn't be read: {policies}", READ_IT)]
    asked = (_IN_TEMPLATES[machine], case.terrain.section.version, policies)
    try:
        found, held = not_allowed(*asked), held_back(*asked)
    except ValueError as error:
        return [], [Defect(f"a policy of {role} can't be understood: {error}", "look it up in AWS's console")]
    denied = [action for action, answer in found.items() if answer is Answer.NO]
    unsure = [action for action, answer in found.items() if answer is Answer.UNKNOWN]
    lacking = [action for action in denied if held.get(action) is not Answer.NO]
    remedies = [_allow(case, role, policies, lacking)] if lacking else []
    if others := [action for action in denied if action not in lacking]:
        remedies.append(f"let its policies not deny {_few(others)}, and its permissions boundary allow that")
    return (
        [Defect(f"{role} may not {_few(denied)}", "; ".join(remedies))] if denied else [],
        [Defect(f"whether {role} may {_few(unsure)} depends on what its policies ask for", "look at them")]
        if unsure
        else [],
    )


_IN_TEMPLATES: Final[Mapping[Machine, TemplateMachine]] = {
    Machine.CONTROL_PLANE: "master",
    Machine.COMPUTE: "worker",
    Machine.BOOTSTRAP: "bootstrap",
}
_MOST: Final = 3


def _few(actions: Sequence[str]) -> str:
    more = f" and {len(actions) - _MOST} more actions" if len(actions) > _MOST else ""
    return ", ".join(actions[:_MOST]) + more


def _allow(case: FoundCase, role: str, policies: RolePolicies, actions: Sequence[str]) -> str:
    """By a policy more: one of a name that there is would be replaced."""
    name = next(name for name in _proposed(f"{case.cluster.name}-cluster") if name not in policies.names)
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]}, separators=(",", ":"))
    words = ("iam", "put-role-policy", "--role-name", role, "--policy-name", name)
    return case.aws(*words, "--policy-document", policy)


def _proposed(name: str) -> Iterator[str]:
    yield name
    yield from (f"{name}-{number}" for number in count(2))


def _is_trusted(case: FoundCase, role: Live) -> bool:
    """Whether machines may take it: EC2's principal, in the partition's domain or in AWS's own."""
    effects = [each.get("Effect") for each in _trusting(role) if _is_about_ec2(case, each)]
    return "Allow" in effects and "Deny" not in effects


def _trusting(role: Live) -> list[Mapping[str, Any]]:
    """The statements of its trust policy."""
    document: Any = role.properties.get("AssumeRolePolicyDocument") or {}
    return list(document.get("Statement", ()))


def _is_about_ec2(case: FoundCase, statement: Mapping[str, Any]) -> bool:
    """A denial under conditions may be about other calls."""
    wanted = {f"ec2.{partition_of(case.survey.region).dns_suffix}", "ec2.amazonaws.com"}
    principal = statement.get("Principal")
    named: Any = principal.get("Service", ()) if isinstance(principal, dict) else ()
    names = {named} if isinstance(named, str) else set(named)
    return bool(wanted & names) and not (statement.get("Effect") == "Deny" and statement.get("Condition"))


def _untrusted(case: FoundCase, role: Live) -> Defect:
    principal = f"ec2.{partition_of(case.survey.region).dns_suffix}"
    words = (
        "iam",
        "update-assume-role-policy",
        "--role-name",
        role.id,
        "--policy-document",
        _trust(case, role, principal),
    )
    return Defect(f"{role.id} doesn't trust {principal}", case.aws(*words))


def _trust(case: FoundCase, role: Live, principal: str) -> str:
    """With what the role's document says of others: what is given replaces it."""
    known: Any = role.properties.get("AssumeRolePolicyDocument") or {}
    kept = [each for each in _trusting(role) if not _is_about_ec2(case, each)]
    added = {"Effect": "Allow", "Principal": {"Service": principal}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", **known, "Statement": [*kept, added]}, separators=(",", ":"))


def _bucket(case: FoundCase) -> Judged:
    found = case.cluster.buckets
    if unread := case.unread(BUCKET):
        return Judged(unknown=unread)
    if not found.ids and (unread := case.unread(SECURITY_GROUP)):
        # Groups' names tell the stack whose bucket it is.
        return Judged(unknown=unread)
    return Judged(found.ids) if found.ids else needless(f"no bucket is known as the cluster's: sought by {found.by}")


def _tags(case: FoundCase) -> Judged:
    """The cluster's balancers go where its tag is; where no subnet has any, they go where the machines are."""
    survey, ids = case.survey, set(case.cluster.infra_ids)
    used = [survey.subnets[id] for id in (*case.cluster.subnets.all, *case.cluster.subnets.edges)]
    tagged = [each for each in used if clusters_in(each.tags) & ids]
    # Without a tag of its own nobody knows which subnets are the cluster's.
    near = used if tagged else survey.subnets.values()
    others = [each for each in near if clusters_in(each.tags) and each not in tagged]
    if len(ids) > 1:
        detail = f"several infraIDs of {case.cluster.name} are in tags: {', '.join(sorted(ids))}"
        return Judged(
            [each.id for each in tagged], unknown=[Defect(detail, "take the tags of the one that is gone away")]
        )
    missing = [each.id for each in used if each not in tagged]
    if others and not tagged:
        detail = f"{_listed(others)} is tagged for another cluster, and nothing says which are {case.cluster.name}'s"
        return Judged(missing, unknown=[Defect(detail, _tag(case, missing))])
    if tagged and missing:
        detail = f"{', '.join(missing)}: without the tag {CLUSTER_TAG}{case.cluster.infra_id}"
        return Judged(missing, [Defect(detail + (f"; {_listed(others)}" if others else ""), _tag(case, missing))])
    if not tagged:
        return needless("no subnet is tagged for a cluster: its balancers go where the machines are")
    return Judged([each.id for each in tagged])


def _listed(subnets: Sequence[SurveyedSubnet]) -> str:
    return ", ".join(f"{each.id} ({', '.join(sorted(clusters_in(each.tags)))})" for each in subnets)


def _tag(case: FoundCase, subnets: Sequence[str]) -> str:
    key = f"{CLUSTER_TAG}{case.cluster.infra_id or '<infraID>'}"
    return case.aws("ec2", "create-tags", "--resources", *subnets, "--tags", f"Key={key},Value=shared")

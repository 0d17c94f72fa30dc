"""`policy`: what somebody must be allowed for a plan, and no more."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ocpprov.checks.iam_policy import MANAGED_POLICY_LIMIT, PolicyPurpose, PolicySubject, parts, size_of
from ocpprov.checks.iam_policy import policy as policy_for
from ocpprov.checks.iam_policy_openshift import MINT, ClusterPurpose, cluster_policy
from ocpprov.commands.exit_codes import ExitCode, Refused
from ocpprov.commands.load import KnownIds, all_resources, graph_of, load_plan
from ocpprov.commands.no_echo import IN_POLICY
from ocpprov.commands.options import Options
from ocpprov.commands.plan_scope import services_of, zone_roles_of
from ocpprov.commands.terminal import Terminal
from ocpprov.engine.resources import Resource
from ocpprov.kinds.contract import Kind
from ocpprov.kinds.registry import KINDS
from ocpprov.openshift.expand import placeholder_facts, with_bootstrap
from ocpprov.plan.model import Plan
from ocpprov.runs.private_files import write_into


def policy(options: Options, terminal: Terminal, purpose: str, folder: Path | None) -> ExitCode:
    """The `policy` command: on the output, or in files of `folder` that each fit into a managed policy."""
    plan = load_plan(options)
    terminal.keep_of_plan(plan.secrets)
    if plan.undecided:
        # An apply into what is there already needs what is asked for here; one that has made it had its own policy.
        plan = load_plan(options, KnownIds(frozenset(), plan.openshift.infra_id if plan.openshift else ""))
        terminal.say(f"{', '.join(sorted(plan.named_ids))} of the install-config are taken for what is there already")
    whole = _whole(plan, options, purpose)
    document: Any = plan.secrets.document(whole, IN_POLICY)
    if document != whole:
        terminal.say(f"{IN_POLICY} stands for names that a parameter with NoEcho gives: write them there yourself")
    if any(statement["Sid"] == MINT for statement in whole["Statement"]):
        terminal.say(
            f"{MINT} is as good as an administrator. The cluster uses it in credentialsMode Mint, and by default: it "
            "isn't there with openshift.credentialsMode Manual or Passthrough"
        )
    if folder is None:
        terminal.result_json(document)
        if size_of(document) > MANAGED_POLICY_LIMIT:
            terminal.say(
                f"{size_of(document)} characters, and a managed policy may have {MANAGED_POLICY_LIMIT}: "
                "--output FOLDER writes it in parts"
            )
        return ExitCode.DONE
    try:
        for number, part in enumerate(parts(document), 1):
            name = f"ocpprov-{plan.name}-{purpose}-{number}.json"
            write_into(folder, name, json.dumps(part, indent=2) + "\n")
            terminal.result([str(folder / name)])
    except OSError as error:
        raise Refused(f"{folder}: {error.strerror}; name a folder that can be written") from error
    return ExitCode.DONE


def _whole(plan: Plan, options: Options, purpose: str) -> dict[str, Any]:
    """The whole document. Raises Refused for a plan without a cluster where it is about one."""
    of_cluster = {each.value: each for each in ClusterPurpose}.get(purpose)
    if of_cluster is None:
        return policy_for(subject_of(plan, without=options.without), PolicyPurpose(purpose))
    if plan.openshift is None:
        raise Refused(f"{plan.file}: --for {purpose} is about a cluster, and the plan has no openshift section")
    return cluster_policy(plan.openshift, of_cluster, options.without)


def subject_of(plan: Plan, account: str = "", without: frozenset[str] = frozenset()) -> PolicySubject:
    """What the plan's policy is about; `account` where it is known though the plan doesn't say it, `without` services
    that somebody else looks after. Raises Refused."""
    services = services_of(plan) - without
    kinds = {name: kind for name, kind in KINDS.items() if kind.service in services}
    ours = _spread(plan, kinds)
    # What isn't known any more stands for anything: the policy has no addresses and no files in it.
    passing = {} if plan.openshift and plan.openshift.bootstrap else _spread(with_bootstrap(plan), kinds)
    gone = {name: one for name, one in passing.items() if name not in ours}
    roles = {} if "route53" in without else zone_roles_of(plan)
    return PolicySubject(plan.name, plan.region, plan.account_id or account, ours, kinds, plan.lock, gone, roles)


def _spread(plan: Plan, kinds: Mapping[str, Kind]) -> dict[str, Resource]:
    """The plan's resources of these types. Some types stand for several, which the graph has."""
    resources = all_resources(plan, placeholder_facts(plan))
    spread = {**resources, **graph_of(resources).resources}
    return {name: one for name, one in spread.items() if one.type in kinds}

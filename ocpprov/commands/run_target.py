"""From a plan to where a run of it goes."""

from __future__ import annotations

from ocpprov.commands.connection import RunTarget
from ocpprov.commands.installer_first import metadata_there
from ocpprov.commands.options import Options
from ocpprov.commands.plan_scope import scope_of
from ocpprov.plan.model import Plan
from ocpprov.runs.folder import run_folder


def target_of(plan: Plan, options: Options) -> RunTarget:
    """Where a plan goes, and what of AWS it has to do with."""
    folder = run_folder(options.directory, plan.name)
    scope = scope_of(plan, folder).without(options.without).allowing(options.allow)
    scope = scope.whole() if options.verify else scope
    infra_id = plan.openshift.infra_id if plan.openshift else ""
    return RunTarget(
        name=plan.name,
        region=plan.region,
        account=plan.account_id,
        cluster=plan.cluster,
        user_tags=plan.user_tags,
        aws=plan.aws,
        scope=scope,
        lock=plan.lock,
        infra_id=infra_id,
        protect=plan.protect,
        plan_id=plan.id,
        secrets=plan.secrets,
        metadata=metadata_there(plan, options),
    )

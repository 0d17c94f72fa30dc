"""What `preflight` asks about the caller's permissions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from functools import partial

from ocpprov.aws.errors import AwsError
from ocpprov.aws.reads import Reader
from ocpprov.aws.service_probes import probe
from ocpprov.checks.dry_runs import carried_out, dry_runs
from ocpprov.checks.iam_policy import PolicyPurpose, actions_of, policy
from ocpprov.checks.permissions import denied_of, permissions, principal_of, questions
from ocpprov.checks.result import Check
from ocpprov.commands.connection import Connection
from ocpprov.commands.policy import subject_of
from ocpprov.engine.ownership import PLAN
from ocpprov.kinds.reads import read_if_allowed
from ocpprov.plan.model import Plan


def caller_permissions(plan: Plan, connection: Connection, caller: str) -> Iterator[Check]:
    """Whether the caller (by ARN) may do what apply needs, as far as AWS tells."""
    document = policy(subject_of(plan, connection.owner.account, connection.scope.excluded), PolicyPurpose.APPLY)
    tags = {PLAN: connection.owner.plan, **connection.owner.user_tags}
    tried = list(dry_runs(connection.session.clients.ec2, set(actions_of(document)), tags))
    yield from carried_out(tried)
    denied = {each.action: each.refusal for each in tried if not each.allowed}
    known = {each.action for each in tried}
    if "iam" not in connection.scope.excluded_services and not probe(connection.session.probes, {"iam"}).lost:
        with suppress(AwsError):
            principal = principal_of(caller, partial(_path_of, reader=connection.reader))
            reads = (
                [each.read(principal) for each in questions(document, connection.owner.account)] if principal else []
            )
            answers = connection.reader.read(reads)
            denied = {**denied_of(page for pages in answers.values() for page in pages), **denied}
            known |= set(actions_of(document)) if principal else set()
    yield from permissions(document, denied, known)


def _path_of(role: str, reader: Reader) -> str:
    made = read_if_allowed("iam", "get_role", RoleName=role)
    page = next(iter(reader.read([made])[made]), None)
    return str(page["Role"]["Path"]) if page else "/"

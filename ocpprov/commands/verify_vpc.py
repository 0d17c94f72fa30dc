"""`verify --vpc`: whether every requirement of a cluster holds in a VPC that no plan is known of. It only asks."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from typing import Final

from ocpprov.checks.exposure_of_vpc import exposures_of_vpc
from ocpprov.checks.found_row import FoundCase
from ocpprov.checks.found_rows import found_rows
from ocpprov.checks.verification import RowResult, RowStatus
from ocpprov.checks.verification_record import Verification
from ocpprov.commands.call_log import CallLog
from ocpprov.commands.connection import Connection, Connector, RunTarget, connect
from ocpprov.commands.discovery_reachability import Unreadable, understood
from ocpprov.commands.discovery_role_policies import role_policies
from ocpprov.commands.discovery_vpc import NoSuchVpc, survey_vpc
from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.options import Options
from ocpprov.commands.scope import Scope
from ocpprov.commands.terminal import Terminal
from ocpprov.engine.printable import printable
from ocpprov.engine.problem import Problem
from ocpprov.engine.suggestion import command_line
from ocpprov.openshift.found_cluster import found_cluster
from ocpprov.openshift.found_terrain import found_terrain
from ocpprov.openshift.port_matrix import port_matrix
from ocpprov.openshift.requirement_rows import ROWS
from ocpprov.plan.openshift_table import LABEL
from ocpprov.plan.top_level import REGION_PATTERN

_SERVICES: Final = frozenset({"ec2", "elb", "elbv2", "iam", "route53", "s3", "sts"})
_VPC_ID: Final = r"vpc-([0-9a-f]{8}|[0-9a-f]{17})"
_DOMAIN: Final = rf"(?P<name>{LABEL})\.(?P<base>{LABEL}(?:\.{LABEL})+)"
_EXAMPLE: Final = "`ocpprov verify --vpc vpc-0a1b2c3d4e5f60718 --cluster prod.example.com --region eu-west-1`"


def verify_vpc(vpc_id: str, options: Options, terminal: Terminal, connector: Connector = connect) -> Verification:
    """What is found out. Raises Refused where the options don't name a VPC and a cluster, and where there is none."""
    name, base_domain = _cluster(vpc_id, options)
    began, start = time.monotonic(), time.time()
    target = RunTarget("", options.region, scope=Scope(services=_SERVICES).tolerant(), may_leave_out=False)
    with connector(target, options, CallLog(terminal.say), terminal.say, terminal.on_retry) as connection:
        try:
            with understood(f"what AWS says of {vpc_id}"):
                case = _found(vpc_id, name, base_domain, connection)
                flows = port_matrix(case.terrain)
                rows, exposures = found_rows(case, flows), exposures_of_vpc(case)
        except Unreadable as error:
            why, helps = f"the network couldn't be read: {error}", error.problem.remedy
            rows = [RowResult(row.id, RowStatus.UNKNOWN, detail=why, remedy=helps) for row in ROWS]
            return Verification(vpc_id, start, time.monotonic() - began, rows)
    return Verification(vpc_id, start, time.monotonic() - began, rows, flows, exposures)


def _cluster(vpc_id: str, options: Options) -> tuple[str, str]:
    """The cluster's name and base domain. Raises Refused."""
    if options.plan is not None or options.name or options.parameters or options.without:
        said = "it is for a VPC that no plan is known of"
        raise Refused(Problem("--vpc", said, "leave out the plan and what belongs to it, or leave out --vpc"))
    if not re.fullmatch(_VPC_ID, vpc_id):
        raise Refused(Problem(f"--vpc {printable(vpc_id)}", "no VPC has such an id", f"as in {_EXAMPLE}"))
    domain = re.fullmatch(_DOMAIN, options.cluster)
    if not domain:
        said = "no cluster has such a name" if options.cluster else "no cluster is given"
        place = f"--cluster {printable(options.cluster)}".rstrip()
        raise Refused(Problem(place, said, f"its name and base domain, as in {_EXAMPLE}"))
    if not re.fullmatch(REGION_PATTERN, options.region):
        said = "no region has such a name" if options.region else "no region is given"
        raise Refused(Problem(f"--region {printable(options.region)}".rstrip(), said, f"as in {_EXAMPLE}"))
    return domain["name"], domain["base"]


def _found(vpc_id: str, name: str, base_domain: str, connection: Connection) -> FoundCase:
    """What is there. Raises Refused where there is no such VPC, and Unreadable and AwsError where nobody can look."""
    owner, lost = connection.owner, connection.scope.out_of_reach
    domain = f"{name}.{base_domain}"
    try:
        survey = survey_vpc(vpc_id, owner.region, domain, owner.account, connection.reader, lost)
    except NoSuchVpc as error:
        said = f"account {owner.account} has no such VPC in {owner.region}"
        listed = command_line("aws", "ec2", "describe-vpcs", "--region", owner.region)
        raise Refused(Problem(f"--vpc {vpc_id}", said, f"`{listed}` lists those that it has")) from error
    cluster = found_cluster(survey, name, base_domain)
    policies = role_policies(cluster.roles_in(survey), connection.reader)
    survey = replace(survey, role_policies=policies)
    return FoundCase(survey, cluster, found_terrain(survey, cluster))

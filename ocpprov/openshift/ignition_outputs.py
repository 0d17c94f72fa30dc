"""Outputs for the machines' first boot: where each gets its configuration, and how the bootstrap machine fetches its
own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ocpprov.engine.values import GetAtt, Join, Ref
from ocpprov.openshift.cluster_access import is_missing
from ocpprov.openshift.iam import READ_OBJECTS, actions_of, given_profile, wanted_roles
from ocpprov.openshift.layout import Layout
from ocpprov.openshift.load_balancers import MACHINE_CONFIG_PORT
from ocpprov.openshift.services import S3_GATEWAY
from ocpprov.openshift.storage import BUCKET, IGNITION, IGNITION_KEY, uploads_ignition
from ocpprov.plan.model import AwsSettings, OpenShift, Output

FETCH: Final = "BootstrapIgnitionFetch"
PRESIGNED: Final = "presigned-url"
"""Its only value."""


def ignition_outputs(layout: Layout, aws: AwsSettings) -> Iterator[Output]:
    """Those of a cluster that has its infraID; of bootstrap.ign while it is in the bucket."""
    source = f"https://api-int.{layout.section.cluster_domain}:{MACHINE_CONFIG_PORT}/config"
    yield Output("MasterIgnitionLocation", f"{source}/master", "Where control plane machines get their configuration")
    yield Output("WorkerIgnitionLocation", f"{source}/worker", "Where compute machines get their configuration")
    if not uploads_ignition(layout):
        return
    location = Join("", ("s3://", Ref(BUCKET), f"/{IGNITION_KEY}"))
    yield Output("BootstrapIgnitionLocation", location, "Where the bootstrap machine gets its configuration")
    yield Output("BootstrapIgnitionSha512", GetAtt(IGNITION, "Sha512"), "In hexadecimal, for verification.hash")
    if reason := _needs_presigned(layout, aws):
        remedy = "`ocpprov outputs PLAN --format ignition-pointer --presign 1h` has a URL that is"
        yield Output(FETCH, PRESIGNED, f"{reason}, so the s3:// location is of no use to the machine; {remedy}")


def before_upload(section: OpenShift) -> str:
    """What comes before an apply that puts bootstrap.ign into the bucket, in words that go before "apply the plan"."""
    if section.bootstrap and section.bootstrap_ignition:
        return f"have {section.bootstrap_ignition} there, and "
    over = "" if section.bootstrap else "take bootstrap: false out, "
    return f"{over}name the file in openshift.bootstrap.ignition, and "


def _needs_presigned(layout: Layout, aws: AwsSettings) -> str:
    """Why the machine can't fetch it by its role; empty where it can. Of `s3://` Ignition knows AWS's own addresses
    alone, and asks no proxy (OpenShift's documentation on creating the bootstrap node)."""
    section = layout.section
    bootstrap = next(role for role in wanted_roles(section) if role.machine == "bootstrap")
    if not given_profile(section, bootstrap.machine) and READ_OBJECTS not in actions_of(section, bootstrap):
        return "The documented bootstrap role may not read S3"
    if any(each.name == S3_GATEWAY for each in aws.service_endpoints):
        return "S3 has an address of the plan's own"
    return "S3 is reached through the proxy" if aws.proxy and is_missing(S3_GATEWAY, layout, aws) else ""

"""Rows of a cluster that no plan is known of, judged on values."""

from __future__ import annotations

from collections.abc import Mapping

from ocpprov.checks.found_row import FoundCase
from ocpprov.checks.found_rows import found_rows
from ocpprov.checks.verification import RowResult, RowStatus
from ocpprov.openshift.found_cluster import found_cluster
from ocpprov.openshift.found_terrain import found_terrain
from ocpprov.openshift.port_matrix import port_matrix
from ocpprov.openshift.vpc_survey import VpcSurvey
from tests.openshift.surveys import BASE, NAME

NOT_THERE = {
    "NET-S3",
    "NET-EC2",
    "NET-ELB",
    "NET-TRANSIT",
    "NET-DHCP",
    "DNS-ETCD",
    "DNS-APPS",
    "LB-TARGETS",
    "LB-CLASSIC",
    "SG-BOOTSTRAP",
    "IAM-BOOTSTRAP",
    "S3-BUCKET",
    "S3-IGNITION",
    "AIR-GAP",
}
"""Rows that don't apply to the whole cluster of `tests/openshift/surveys.py`; all others hold."""


def rows(survey: VpcSurvey, *, flows: bool = True) -> Mapping[str, RowResult]:
    """All rows by id, with the flows or by what is there alone: most of the time goes into flows."""
    cluster = found_cluster(survey, NAME, BASE)
    terrain = found_terrain(survey, cluster)
    found = found_rows(FoundCase(survey, cluster, terrain), port_matrix(terrain) if flows else ())
    return {row.id: row for row in found}


def otherwise(found: Mapping[str, RowResult]) -> Mapping[str, str]:
    """The statuses that are others than those of the whole cluster."""
    whole = {id: RowStatus.NOT_APPLICABLE if id in NOT_THERE else RowStatus.PASS for id in found}
    return {id: row.status.value for id, row in found.items() if row.status is not whole[id]}

"""The shipped plans as the loader gives them, written out so that these tests need no loader."""

from __future__ import annotations

from ocpprov.openshift.expand import Facts
from ocpprov.plan.model import OpenShift, Plan

SECTION_3AZ = OpenShift(
    cluster_name="prod",
    base_domain="example.com",
    infra_id="prod-x7k2p",
    etcd_records=True,
    control_plane_addresses=("10.0.48.10", "10.0.64.10", "10.0.80.10"),
)
SECTION_SINGLE_ZONE = OpenShift(cluster_name="lab", base_domain="example.com", infra_id="lab-m4t8q", zones=1)

FACTS = Facts({0: "eu-west-1a", 1: "eu-west-1b", 2: "eu-west-1c"})


def plan_of(section: OpenShift, region: str = "eu-west-1") -> Plan:
    return Plan(name="network-3az", region=region, openshift=section)

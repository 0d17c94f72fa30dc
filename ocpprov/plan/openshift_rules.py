"""What no table can say about an `openshift` section as a whole, the network apart."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address
from typing import Final

from ocpprov.aws.partitions import partition_of
from ocpprov.engine.problem import Problem
from ocpprov.plan.image_hosts import image_host_problems
from ocpprov.plan.model import OpenShift
from ocpprov.plan.openshift_address_rules import address_problems, machine_addresses
from ocpprov.plan.openshift_network_rules import network_problems
from ocpprov.plan.openshift_subnet_roles import role_problems
from ocpprov.plan.releases import NEWEST, OLDEST, in_words, unknown
from ocpprov.plan.reserved_domains import is_refused

LONGEST_NAME: Final = 253
"""Characters of a whole DNS name (RFC 1035, without the root)."""

LONGEST_CLUSTER_NAME: Final = 54
"""What openshift-install takes (pkg/validate)."""

_LONGEST_RECORD: Final = "_etcd-server-ssl._tcp"


def problems(section: OpenShift, region: str, *, more_subnets: bool = False) -> Iterator[Problem]:
    """Paths below the section, each with what is wrong there. `more_subnets`: the plan makes subnets outside of it."""
    yield from _version(section)
    yield from network_problems(section, region)
    yield from role_problems(section)
    yield from address_problems(section, more_subnets=more_subnets)
    yield from _names(section)
    yield from _addresses(section)
    yield from _etcd(section)
    yield from _zones(section, region)
    yield from _storage(section)
    yield from _protection(section)
    yield from image_host_problems(section)


def _version(section: OpenShift) -> Iterator[Problem]:
    if unknown(section.version):
        known = f"{in_words(OLDEST)} to {in_words(NEWEST)}"
        yield Problem("version", f"{section.version} is not one of {known}", "with or without a patch level")


def _names(section: OpenShift) -> Iterator[Problem]:
    if len(section.cluster_name) > LONGEST_CLUSTER_NAME:
        detail = f"{section.cluster_name} has {len(section.cluster_name)} characters"
        hint = f"at most {LONGEST_CLUSTER_NAME}, as Route 53 has \\052.apps before it in one label"
        yield Problem("clusterName", detail, hint)
    if "--" in f"{section.infra_id}-":
        message = f"{section.infra_id}: a target group's name can't have two hyphens in a row"
        yield Problem("infraID", message, "openshift-install makes none with two, or with one at its end")
    if section.infra_id.startswith("internal-"):
        yield Problem("infraID", f"{section.infra_id}: a load balancer's name can't begin with internal-")
    length = len(f"{_LONGEST_RECORD}.{section.cluster_domain}")
    if length > LONGEST_NAME:
        message = f"records in {section.cluster_domain} would have {length} characters"
        yield Problem("baseDomain", message, f"a name in DNS has at most {LONGEST_NAME}")


def _addresses(section: OpenShift) -> Iterator[Problem]:
    machine = " and ".join(map(str, section.machine_networks))
    seen: set[str] = set()
    for path, address in machine_addresses(section).items():
        if not any(IPv4Address(address) in network for network in section.networks):
            yield Problem(path, f"{address} is outside {machine}", "an address in the machine network")
        if address in seen:
            yield Problem(path, f"{address} is given twice", "each machine has its own")
        seen.add(address)


def _etcd(section: OpenShift) -> Iterator[Problem]:
    if not section.etcd_records:
        return
    needs = {
        "controlPlane.addresses": bool(section.control_plane_addresses) or section.control_plane_auto,
        "infraID": bool(section.infra_id),
        "a hostedZone": section.hosted_zone != "none",
    }
    missing = [name for name, there in needs.items() if not there]
    if missing:
        yield Problem("etcdRecords", f"needs {', '.join(missing)}")


def _zones(section: OpenShift, region: str) -> Iterator[Problem]:
    if section.public_zone != "none" and not partition_of(region).public_zones:
        yield Problem("publicZone", f"there are no public zones in {region}", "none; the records go into another DNS")
    if section.public_zone == "create" and is_refused(section.base_domain):
        hint = "a domain of your own; publicZone: none makes no zone"
        yield Problem("baseDomain", f"Route 53 makes no public zone of {section.base_domain}: it is reserved", hint)
    if section.record_type == "alias" and not partition_of(region).balancer_aliases:
        yield Problem("recordType", f"an alias can't point to a load balancer in {region}", "auto or cname")
    if section.hosted_zone_role and not section.hosted_zone.startswith("Z"):
        yield Problem(
            "hostedZoneRole", f"hostedZone is {section.hosted_zone}, for which there is no role", "name a zone"
        )
    theirs, own = section.hosted_zone_role.removeprefix("arn:").partition(":")[0], partition_of(region).id
    if theirs and theirs != own:
        yield Problem(
            "hostedZoneRole",
            f"a role of partition {theirs} can't be taken from {region}, which is of {own}",
            f"arn:{own}:iam::…:role/…",
        )
    if section.public_zone.startswith("Z") and section.public_zone == section.hosted_zone:
        yield Problem("hostedZone", f"{section.hosted_zone} is the public zone too", "these are two zones")


def _storage(section: OpenShift) -> Iterator[Problem]:
    if section.bootstrap_ignition and not section.bucket.create:
        yield Problem("bootstrap.ignition", "bucket: none leaves no place for it", "auto, or a bucket's name")
    s3 = [each for each in section.endpoints if each in ("s3", "s3-interface")]
    if section.bucket.only_through_endpoint and not s3:
        yield Problem("bucket.onlyThroughEndpoint", "no endpoint leads to S3", "add s3 to endpoints")


def _protection(section: OpenShift) -> Iterator[Problem]:
    if section.deletion_protection and section.load_balancers == "classic":
        message = "classic load balancers can't be protected from deletion"
        yield Problem("deletionProtection", message, "loadBalancers: network, or protect: true for the whole plan")

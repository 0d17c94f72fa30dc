"""What a reader of an `openshift` section should know though nothing in it is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network
from typing import Final

from ocpprov.plan.installer_files import awaited
from ocpprov.plan.model import OpenShift
from ocpprov.plan.nodes import Node
from ocpprov.plan.releases import NEWEST, in_words, newer
from ocpprov.plan.reserved_domains import is_undelegated

_OVN: Final = (
    ((4, 12), IPv4Network("100.64.0.0/16"), "join"),
    ((4, 14), IPv4Network("100.88.0.0/16"), "transit"),
)
"""What OVN-Kubernetes takes for itself, since the release that has it by default (the documentation's "CIDR range
definitions")."""
_DOCKER: Final = IPv4Network("172.17.0.0/16")


def section_notes(section: OpenShift, written: Mapping[str, Node], tags: Mapping[str, str]) -> Iterator[str]:
    """Each with its place. `written` are the section's keys as they stand in the plan, `tags` the plan's user tags."""
    yield from awaited(written, section.absent, section.infra_id)
    if newer(section.version):
        written_at, known = section.positions.get("openshift.version"), in_words(NEWEST)
        yield f"{written_at}: {section.version} is newer than {known}, the newest known release, and gets what that has"
    yield from _networks(section)
    if section.public_zone == "create" and is_undelegated(section.base_domain):
        yield f"{_place(section, 'baseDomain')}: no name server leads to a public zone of {section.base_domain}"
    for key, value in tags.items():
        # openshift-install reads the same tags where the plan names its install-config.yaml.
        if "installConfig" in written and not f"{key}{value}".isascii():
            place = _place(section, "installConfig")
            yield f"{place}: openshift-install takes ASCII only in userTags, not {key}: {value}"


def _networks(section: OpenShift) -> Iterator[str]:
    machine = [("machineNetwork", network) for network in section.machine_networks]
    machine += [("secondaryNetworks", network) for network in section.secondary_networks]
    cluster = [("clusterNetwork", network) for network in section.cluster_network]
    cluster += [("serviceNetwork", network) for network in section.service_network]
    for key, network in (*machine, *cluster):
        for since, block, name in _OVN:
            if _release(section.version) >= since and network.overlaps(block):
                yield (
                    f"{_place(section, key)}: {network} overlaps {block}, which OVN-Kubernetes has for its own {name} "
                    "subnet unless that is moved: openshift-install may refuse it"
                )
    for key, network in machine:
        if network.overlaps(_DOCKER):
            yield (
                f"{_place(section, key)}: {network} overlaps {_DOCKER}, which Docker and some AWS services use: AWS "
                "and openshift-install advise against it"
            )


def _release(version: str) -> tuple[int, int]:
    major, minor = version.split(".")[:2]
    return int(major), int(minor)


def _place(section: OpenShift, key: str) -> str:
    place = section.positions.get(f"openshift.{key}") or section.positions.get("openshift.clusterName")
    return f"{place}: openshift.{key}" if place else f"openshift.{key}"

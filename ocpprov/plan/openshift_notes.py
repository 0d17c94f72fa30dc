"""What a reader of an `openshift` section should know though nothing in it is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from ocpprov.plan.installer_files import awaited
from ocpprov.plan.model import OpenShift
from ocpprov.plan.network_plugin import NetworkPlugin
from ocpprov.plan.nodes import Node
from ocpprov.plan.releases import NEWEST, in_words, newer, release_of
from ocpprov.plan.reserved_blocks import DOCKER, JOIN, OVN
from ocpprov.plan.reserved_domains import is_undelegated

_LONGEST: Final = 27
_RANDOM: Final = 5
"""Characters of an infraID, and those at its end, after a hyphen."""


def section_notes(
    section: OpenShift, written: Mapping[str, Node], tags: Mapping[str, str], plugin: NetworkPlugin
) -> Iterator[str]:
    """Each with its place. `written` are the section's keys as they stand in the plan, `tags` the plan's user tags,
    `plugin` is the cluster's network."""
    yield from awaited(written, section.absent, section.infra_id, from_state=section.from_state)
    if newer(section.version):
        written_at, known = section.positions.get("openshift.version"), in_words(NEWEST)
        yield f"{written_at}: {section.version} is newer than {known}, the newest known release, and gets what that has"
    yield from _networks(section, plugin)
    yield from _odd(section)
    if section.public_zone == "create" and is_undelegated(section.base_domain):
        yield f"{_place(section, 'baseDomain')}: no name server leads to a public zone of {section.base_domain}"
    for key, value in tags.items():
        # openshift-install reads the same tags where the plan names its install-config.yaml.
        if "installConfig" in written and not f"{key}{value}".isascii():
            place = _place(section, "installConfig")
            yield f"{place}: openshift-install takes ASCII only in userTags, not {key}: {value}"


def _odd(section: OpenShift) -> Iterator[str]:
    """What can be, and is hardly meant."""
    if section.base_domain.startswith(f"{section.cluster_name}."):
        what = f"{section.base_domain} begins with the clusterName"
        yield f"{_place(section, 'baseDomain')}: {what}: the API will be api.{section.cluster_domain}"
    if not section.infra_id:
        # What is found as it comes is waited for anyway.
        given = {"controlPlane": section.control_plane_addresses, "bootstrap": section.bootstrap_address}
        for key, addresses in given.items():
            if addresses:
                yield f"{_place(section, key)} waits for the infraID: there are no load balancers without it"
    name = _name_in_infra_id(section.cluster_name)
    if section.infra_id and not re.fullmatch(rf"{re.escape(name)}-[a-z0-9]{{{_RANDOM}}}", section.infra_id):
        yield (
            f"{_place(section, 'infraID')}: {section.infra_id} is not what openshift-install calls a cluster "
            f"{section.cluster_name}: {name}- and {_RANDOM} letters or digits; is it another cluster's?"
        )
    if section.public_ipv4_pool and (section.egress == "none" or section.subnets or section.elastic_ips):
        yield f"{_place(section, 'publicIpv4Pool')} has no effect: the plan makes no Elastic IP"


def _name_in_infra_id(cluster_name: str) -> str:
    """How the installer begins an infraID (pkg/asset/installconfig/clusterid.go)."""
    name = re.sub(r"-{2,}", "-", re.sub(r"[^A-Za-z0-9-]", "-", cluster_name))
    return name[: _LONGEST - _RANDOM - 1].rstrip("-")


def _networks(section: OpenShift, plugin: NetworkPlugin) -> Iterator[str]:
    machine = [("machineNetwork", network) for network in section.machine_networks]
    machine += [("secondaryNetworks", network) for network in section.secondary_networks]
    cluster = [("clusterNetwork", network) for network in section.cluster_network]
    cluster += [("serviceNetwork", network) for network in section.service_network]
    release = release_of(section.version)
    own = [each for each in OVN if plugin.is_ovn and release >= each.since and not (each is JOIN and plugin.join)]
    for key, network in (*machine, *cluster):
        for each in own:
            if network.overlaps(each.block):
                yield (
                    f"{_place(section, key)}: {network} overlaps {each.block}, which OVN-Kubernetes has for its own "
                    f"{each.subnet} subnet unless that is moved: openshift-install may refuse it"
                )
        if network.overlaps(DOCKER):
            yield (
                f"{_place(section, key)}: {network} overlaps {DOCKER}, which Docker and some AWS services use: AWS "
                "and openshift-install advise against it"
            )


def _place(section: OpenShift, key: str) -> str:
    place = section.positions.get(f"openshift.{key}") or section.positions.get("openshift.clusterName")
    return f"{place}: openshift.{key}" if place else f"openshift.{key}"

"""The keys of an install-config.yaml: which are taken, which have no effect on the infrastructure, and which would have
one that a plan doesn't give them. Source: pkg/types of openshift/installer, release-4.12 to 4.22."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ocpprov.engine.resources import Position
from ocpprov.plan.nodes import Node
from ocpprov.plan.problems import PlanError

_TOP: Final = frozenset((
    "apiVersion", "arbiter", "kind", "metadata", "baseDomain", "publish", "networking", "platform", "proxy", "compute",
    "pullSecret", "sshKey", "additionalTrustBundle", "additionalTrustBundlePolicy", "bootstrapInPlace", "capabilities",
    "controlPlane", "cpuPartitioningMode", "credentialsMode", "featureGates", "featureSet", "fips",
    "imageContentSources", "imageDigestSources", "osImageStream",
))  # fmt: skip
_NETWORKING: Final = frozenset((
    "machineNetwork", "clusterNetwork", "serviceNetwork", "networkType", "clusterNetworkMTU", "ovnKubernetesConfig",
))  # fmt: skip
_AWS: Final = frozenset((
    "region", "subnets", "vpc", "hostedZone", "userTags", "serviceEndpoints", "amiID", "bestEffortDeleteIgnition",
    "defaultMachinePlatform", "experimentalPropagateUserTags", "lbType", "preserveBootstrapIgnition",
    "propagateUserTags",
))  # fmt: skip
_PROXY: Final = frozenset(("httpProxy", "httpsProxy", "noProxy"))
_VPC: Final = frozenset(("subnets",))
_KNOWN: Final[Mapping[tuple[str, ...], frozenset[str]]] = {
    (): _TOP,
    ("networking",): _NETWORKING,
    ("platform",): frozenset(("aws",)),
    ("platform", "aws"): _AWS,
    ("platform", "aws", "vpc"): _VPC,
    ("proxy",): _PROXY,
}
"""By mapping: the keys that are taken from it or change nothing here. What lies below others isn't looked at."""


@dataclass(frozen=True)
class _Reason:
    """Why a key isn't honoured, and the value with which it asks for nothing."""

    why: str
    harmless: str = ""


_NOT_HONOURED: Final[Mapping[str, _Reason]] = {
    "operatorPublishingStrategy": _Reason("openshift.publish is for all of the cluster"),
    "networking.machineCIDR": _Reason("write networking.machineNetwork"),
    "networking.serviceCIDR": _Reason("write networking.serviceNetwork"),
    "networking.clusterNetworks": _Reason("write networking.clusterNetwork"),
    "networking.type": _Reason("write networking.networkType"),
    "platform.aws.publicIpv4Pool": _Reason("openshift.elasticIPs names addresses to use"),
    "platform.aws.userProvisionedDNS": _Reason(
        "openshift.publicZone and hostedZone say which zones are made", "Disabled"
    ),
    "platform.aws.hostedZoneRole": _Reason("a zone of another account can't be written to"),
    "platform.aws.ipFamily": _Reason("what is made has IPv4 only", "IPv4"),
    "compute.edge": _Reason("nothing is made in edge zones"),
    "platform.aws.vpc.subnets.roles.EdgeNode": _Reason("nothing is made in edge zones"),
}
"""By path. Keys that are neither here nor among the known ones are named as unknown."""


def strange(config: Node, errors: list[PlanError]) -> Iterator[str]:
    """A sentence for each key that is not honoured, with its place and never with its value. A platform that isn't AWS
    is an error."""
    for path, known in _KNOWN.items():
        node: Node | None = config
        for key in path:
            node = (node.mapping() or {}).get(key) if node else None
        for key, value in ((node.mapping() or {}) if node else {}).items():
            if node is None or key in known or value.value is None:
                continue
            name, place = ".".join((*path, key)), node.keys[key]
            if path == ("platform",):
                message = f"platform {key} in {place}: only AWS is known here"
                errors.append(PlanError(place, "openshift.installConfig", message, "write platform.aws"))
            else:
                yield from _not_honoured(name, value, place)
    yield from _edge_pools(config)
    yield from _edge_subnets(config)


def _not_honoured(name: str, value: Node, place: Position) -> Iterator[str]:
    reason = _NOT_HONOURED.get(name)
    if reason is None:
        yield f"{place}: unknown key {name}, not honoured"
    elif not reason.harmless or value.value != reason.harmless:
        yield f"{place}: {name} is not honoured: {reason.why}"


def _edge_pools(config: Node) -> Iterator[str]:
    pools = (config.mapping() or {}).get("compute")
    for pool in (pools.items() or ()) if pools else ():
        name = (pool.mapping() or {}).get("name")
        if name is not None and name.value == "edge":
            yield f"{name.position}: the compute pool edge is not honoured: {_NOT_HONOURED['compute.edge'].why}"


def _edge_subnets(config: Node) -> Iterator[str]:
    found: Node | None = config
    for key in ("platform", "aws", "vpc", "subnets"):
        found = (found.mapping() or {}).get(key) if found else None
    for subnet in (found.items() or ()) if found else ():
        roles = (subnet.mapping() or {}).get("roles")
        for role in (roles.items() or ()) if roles else ():
            kind = (role.mapping() or {}).get("type")
            if kind is not None and kind.value == "EdgeNode":
                why = _NOT_HONOURED["platform.aws.vpc.subnets.roles.EdgeNode"].why
                yield f"{kind.position}: the role EdgeNode of a subnet is not honoured: {why}"

"""The keys of an install-config.yaml, down to the last level: which are used, which have no effect on the
infrastructure, and which would have one that a plan doesn't give them. Source: pkg/types of openshift/installer,
release-4.12 to 4.22."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from ocpprov.plan.nodes import Node
from ocpprov.plan.problems import PlanError

_POOLS: Final = ("controlPlane", "compute[]", "arbiter")
_MACHINES: Final = "platform.aws.defaultMachinePlatform"
_AWS_POOLS: Final = (*(f"{pool}.platform.aws" for pool in _POOLS), _MACHINES)
EDGE: Final = "edge"
"""The compute pool of Local and Wavelength Zones."""
_EDGE_WHY: Final = "nothing is made in edge zones"

USED: Final = frozenset((
    "metadata.name", "baseDomain", "credentialsMode", "publish", "operatorPublishingStrategy.apiserver",
    "networking.machineNetwork[].cidr", "networking.machineCIDR", "networking.clusterNetwork[].cidr",
    "networking.clusterNetworks[].cidr", "networking.serviceNetwork", "networking.serviceCIDR",
    "networking.networkType", "networking.type", "networking.ovnKubernetesConfig.ipv4.internalJoinSubnet",
    "platform.aws.region", "platform.aws.subnets", "platform.aws.vpc.subnets[].id",
    "platform.aws.vpc.subnets[].roles[].type", "platform.aws.hostedZone", "platform.aws.hostedZoneRole",
    "platform.aws.userTags", "platform.aws.serviceEndpoints", "platform.aws.publicIpv4Pool",
    "platform.aws.userProvisionedDNS", "proxy.httpProxy", "proxy.httpsProxy", "proxy.noProxy",
    "imageContentSources", "imageDigestSources",
    *(f"{pool}.{key}" for pool in _AWS_POOLS if "arbiter" not in pool for key in ("iamProfile", "zones")),
    "compute[].name",
))  # fmt: skip
"""They change what is made, an output, or what is checked. What lies below them belongs to them."""

NO_EFFECT: Final = frozenset((
    "apiVersion", "kind", "metadata.annotations", "metadata.creationTimestamp", "metadata.labels",
    "metadata.namespace", "additionalTrustBundlePolicy", "capabilities.additionalEnabledCapabilities",
    "capabilities.baselineCapabilitySet", "cpuPartitioningMode", "featureGates", "featureSet", "fips",
    "osImageStream", "operatorPublishingStrategy.ingress",
    "pullSecret", "sshKey",
    "networking.clusterNetworkMTU", "networking.clusterNetwork[].hostPrefix",
    "networking.clusterNetwork[].hostSubnetLength", "networking.clusterNetworks[].hostPrefix",
    "networking.clusterNetworks[].hostSubnetLength",
    "platform.aws.amiID", "platform.aws.bestEffortDeleteIgnition", "platform.aws.eipAllocations",
    "platform.aws.experimentalPropagateUserTags", "platform.aws.lbType", "platform.aws.preserveBootstrapIgnition",
    "platform.aws.propagateUserTags",
    *(f"{pool}.{key}" for pool in _POOLS for key in (
        "architecture", "diskSetup", "fencing", "hyperthreading", "replicas",
    )),
    "controlPlane.name", "arbiter.name", "arbiter.platform.aws.iamProfile", "arbiter.platform.aws.zones",
    *(f"{pool}.{key}" for pool in _AWS_POOLS for key in (
        "additionalSecurityGroupIDs", "amiID", "cpuOptions", "hostPlacement", "metadataService", "rootVolume", "type",
    )),
))  # fmt: skip
"""They are about machines, which ocpprov makes none of, or about what the cluster does itself."""


_PROFILES: Final = "iamProfile, or openshift.iam.instanceProfiles, names a profile to use"
NOT_HONOURED: Final[Mapping[str, str]] = {
    "bootstrapInPlace": "openshift.bootstrap: false says that there is no bootstrap machine",
    **{f"{pool}.iamRole": _PROFILES for pool in _AWS_POOLS},
}
"""Why not, by path."""

_TRUST: Final = "additionalTrustBundle"
_IP_FAMILY: Final = "platform.aws.ipFamily"
_OWN_DNS: Final = "platform.aws.userProvisionedDNS"
ELSEWHERE: Final = frozenset((_TRUST, _IP_FAMILY))
"""Those of which it depends on others, or on their value, what becomes of them."""
_LEAVES: Final = USED | NO_EFFECT | frozenset(NOT_HONOURED) | ELSEWHERE


def _mappings(paths: Iterable[str]) -> Iterator[str]:
    """The mappings that the keys are in; `[]` after the name of a list means each of its items."""
    for path in paths:
        parts = path.split(".")
        yield from (".".join(parts[:number]) for number in range(1, len(parts)))


_MAPPINGS: Final = frozenset(_mappings(_LEAVES))
KEYS: Final = _LEAVES | _MAPPINGS
"""Every key that an install-config.yaml for AWS may have, as a path."""


def strange(config: Node, errors: list[PlanError], *, trusted: bool = False) -> Iterator[str]:
    """A sentence for each key that is not honoured, with its place and never with its value. A platform that isn't AWS
    is an error, and so are IPv6 addresses. `trusted`: the plan says itself which certificates AWS has."""
    yield from _walk(config, "", errors)
    yield from _edge_subnets(config)
    yield from _trust_bundle(config, trusted=trusted)


def _walk(node: Node, above: str, errors: list[PlanError]) -> Iterator[str]:
    for key, value in (node.mapping() or {}).items():
        path = f"{above}.{key}" if above else key
        place = node.keys[key]
        if path.startswith("platform.") and path.count(".") == 1 and key != "aws":
            message = f"platform {key} in {place}: only AWS is known here"
            errors.append(PlanError(place, "openshift.installConfig", message, "write platform.aws"))
        elif is_empty(value):
            continue
        elif path == _IP_FAMILY:
            if value.value != "IPv4":
                message = f"{path} in {place}: IPv4 only is made here"
                errors.append(PlanError(place, "openshift.installConfig", message, "write IPv4, or leave it out"))
        elif path == _OWN_DNS and value.value not in ("Enabled", "Disabled"):
            message = f"{path} in {place}: {value.what()} is not one of Enabled, Disabled"
            errors.append(PlanError(place, "openshift.installConfig", message))
        elif path in NOT_HONOURED:
            yield f"{place}: {in_words(path)} is not honoured: {NOT_HONOURED[path]}"
        elif path in _MAPPINGS or f"{path}[]" in _MAPPINGS:
            yield from _below(value, path, errors)
        elif path not in _LEAVES:
            yield f"{place}: unknown key {in_words(path)}, not honoured"


def _below(value: Node, path: str, errors: list[PlanError]) -> Iterator[str]:
    """What is in a mapping or a list of mappings; where it is something else, that is an error."""
    of_many = path not in _MAPPINGS
    inside = value.items() if of_many else [value]
    if inside is None or any(each.mapping() is None for each in inside):
        shape = "a list of mappings" if of_many else "a mapping"
        errors.append(PlanError(value.position, "openshift.installConfig", f"{in_words(path)}: {shape} is needed"))
        return
    item = f"{path}[]" if of_many else path
    for each in inside:
        name = (each.mapping() or {}).get("name")
        if item == "compute[]" and name is not None and name.value == EDGE:
            yield f"{name.position}: the compute pool edge is not honoured: {_EDGE_WHY}"
        else:
            yield from _walk(each, item, errors)


def in_words(path: str) -> str:
    """A path as people write it."""
    return path.replace("[]", "")


def is_empty(node: Node) -> bool:
    """Whether a value says nothing: the installer takes it for one that isn't there."""
    return node.value is None or node.value == "" or node.items() == [] or node.mapping() == {}


def _edge_subnets(config: Node) -> Iterator[str]:
    for subnet in items_at(config, "platform", "aws", "vpc", "subnets"):
        for role in items_at(subnet, "roles"):
            kind = (role.mapping() or {}).get("type")
            if kind is not None and kind.value == "EdgeNode":
                yield f"{kind.position}: the role EdgeNode of a subnet is not honoured: {_EDGE_WHY}"


def _trust_bundle(config: Node, *, trusted: bool) -> Iterator[str]:
    """Whoever takes the way to AWS from the file may need the certificates that are for that way."""
    way = (("proxy", "httpsProxy"), ("proxy", "httpProxy"), ("platform", "aws", "serviceEndpoints"))
    found = [each for path in (*way, (_TRUST,)) if (each := node_at(config, *path)) is not None and not is_empty(each)]
    if not trusted and len(found) > 1 and node_at(config, _TRUST) is found[-1]:
        why = "its certificates are for the cluster; aws.caBundle names a file with those that AWS is reached by here"
        yield f"{config.keys[_TRUST]}: {_TRUST} is not honoured: {why}"


def node_at(node: Node, *path: str) -> Node | None:
    """The value at a path of keys."""
    found: Node | None = node
    for key in path:
        found = (found.mapping() or {}).get(key) if found else None
    return found


def items_at(node: Node, *path: str) -> Iterator[Node]:
    """The items of the list at a path of keys."""
    found = node_at(node, *path)
    yield from (found.items() or ()) if found else ()

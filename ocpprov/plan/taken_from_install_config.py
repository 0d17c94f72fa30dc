"""What a plan has from an install-config.yaml: each value, and where it counts in the plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ocpprov.plan.install_config_keys import EDGE, is_empty, items_at, node_at
from ocpprov.plan.nodes import Node
from ocpprov.plan.problems import PlanError

Place = tuple[str, ...]
"""The way to a value, by keys."""

SUBNETS: Final = ("openshift", "subnets")
ZONE: Final = ("openshift", "hostedZone")
ZONE_ROLE: Final = ("openshift", "hostedZoneRole")
PROXY: Final = ("aws", "proxy")
CLUSTER_PROXY: Final = ("openshift", "proxy")
_MIRRORS: Final = ("openshift", "imageDigestSources")
ENDPOINTS: Final = ("aws", "serviceEndpoints")
_PUBLISH: Final = ("openshift", "publish")
_PUBLIC_ZONE: Final = ("openshift", "publicZone")
_ZONES: Final = ("openshift", "zones")
AS_WRITTEN: Final = (
    (("openshift", "clusterName"), ("metadata", "name")),
    (("openshift", "baseDomain"), ("baseDomain",)),
    (_PUBLISH, ("publish",)),
    (("openshift", "machineNetwork"), ("networking", "machineNetwork")),
    (("openshift", "machineNetwork"), ("networking", "machineCIDR")),
    (("openshift", "clusterNetwork"), ("networking", "clusterNetwork")),
    (("openshift", "clusterNetwork"), ("networking", "clusterNetworks")),
    (("openshift", "serviceNetwork"), ("networking", "serviceNetwork")),
    (("openshift", "serviceNetwork"), ("networking", "serviceCIDR")),
    (("openshift", "credentialsMode"), ("credentialsMode",)),
    (("openshift", "publicIpv4Pool"), ("platform", "aws", "publicIpv4Pool")),
    (SUBNETS, ("platform", "aws", "subnets")),
    (SUBNETS, ("platform", "aws", "vpc", "subnets")),
    (ZONE, ("platform", "aws", "hostedZone")),
    (ZONE_ROLE, ("platform", "aws", "hostedZoneRole")),
    (("region",), ("platform", "aws", "region")),
    (("userTags",), ("platform", "aws", "userTags")),
    (ENDPOINTS, ("platform", "aws", "serviceEndpoints")),
    (PROXY, ("proxy", "httpsProxy")),
    (PROXY, ("proxy", "httpProxy")),
    ((*CLUSTER_PROXY, "httpProxy"), ("proxy", "httpProxy")),
    ((*CLUSTER_PROXY, "httpsProxy"), ("proxy", "httpsProxy")),
    ((*CLUSTER_PROXY, "noProxy"), ("proxy", "noProxy")),
    (_MIRRORS, ("imageDigestSources",)),
    (_MIRRORS, ("imageContentSources",)),
)
"""Where a value stands in the plan, and where in the install-config.yaml. Of two for one place, the first that is
there counts."""
_PROFILES: Final = tuple(("openshift", "iam", "instanceProfiles", machine) for machine in ("master", "worker"))
PLACES: Final = {*(place for place, _ in AS_WRITTEN), _PUBLIC_ZONE, _ZONES, *_PROFILES}

_ITEM: Final = {"clusterNetwork": "cidr", "machineNetwork": "cidr"}
"""Lists of which a plan has one member of each item only: install-config has `{cidr, hostPrefix}`."""
_POOL: Final = ("platform", "aws", "zones")


@dataclass(frozen=True)
class Taken:
    """A value for a place in the plan. `yields`: it is there only where the plan says nothing itself, which may differ
    from it."""

    place: Place
    value: Node
    yields: bool = False


def taken(config: Node) -> Iterator[Taken]:
    """Every value that a plan has from the file, at most one for a place."""
    done: set[Place] = set()
    for each in (*_of_mixed(config), *_as_written(config), *_of_own_dns(config), *_zones(config), *_profiles(config)):
        if each.place not in done:
            done.add(each.place)
            yield each


def taken_notes(config: Node) -> Iterator[str]:
    """What a value counts as where that isn't what it says, and what the installer won't take."""
    yield from _only_with_subnets(config)
    if (publish := _mixed(config)) is not None:
        (value,) = (each.value for each in _of_mixed(config))
        yield (
            f"{publish.position}: publish: Mixed counts as {value.value} here, as operatorPublishingStrategy.apiserver "
            "says it of the API; the router's balancer is the cluster's own"
        )
    elif strategy := node_at(config, "operatorPublishingStrategy", "apiserver"):
        yield f"{strategy.position}: operatorPublishingStrategy is not honoured: publish isn't Mixed"


def contradictions(config: Node) -> Iterator[PlanError]:
    """An error for what the file says in two ways, each another: openshift-install takes one of both only. Of the
    proxies each is for addresses of its own."""
    first: dict[Place, tuple[str, Node]] = {}
    for place, source in AS_WRITTEN:
        value = _said(node_at(config, *source))
        if value is None or place == PROXY:
            continue
        key, other = first.setdefault(place, (".".join(source), value))
        if _members_of(other) != _members_of(value):
            message = f"{'.'.join(source)} differs from {key} in {other.position}"
            yield PlanError(value.position, "openshift.installConfig", message, "keep one of both")


def _members_of(node: Node) -> Sequence[str]:
    """Blocks or ids, in whatever form they are written; a single one as a list of it."""
    items = [node] if node.items() is None else node.items() or ()
    found = [item.mapping() or {} for item in items]
    named = [each.get("cidr", each.get("id", item)) for each, item in zip(found, items, strict=True)]
    return sorted(str(each.plain()) for each in named)


def zone_notes(root: Node, config: Node) -> Iterator[str]:
    """Zones of machines in which the plan, which says its own, makes no subnets; of a count only AWS knows them."""
    own, wanted = node_at(root, *_ZONES), next((each.value for each in _zones(config)), None)
    names = [each.value for each in (wanted.items() or ())] if wanted else []
    if own is None or wanted is None or not names:
        return
    said = [each.value for each in own.items() or ()]
    missing = [str(name) for name in names if name not in said]
    if said and missing:
        yield f"{wanted.position}: machines are wanted in {', '.join(missing)}, which openshift.zones doesn't have"
    elif isinstance(own.value, int):
        told = ", ".join(map(str, names))
        yield f"{wanted.position}: machines are wanted in {told}; zones: {own.value} takes the region's first ones"


def _only_with_subnets(config: Node) -> Iterator[str]:
    zone = _said(node_at(config, "platform", "aws", "hostedZone"))
    subnets = (("platform", "aws", "subnets"), ("platform", "aws", "vpc", "subnets"))
    if zone and not any(_said(node_at(config, *path)) for path in subnets):
        yield f"{zone.position}: openshift-install takes hostedZone only beside existing subnets, and none are named"


def _as_written(config: Node) -> Iterator[Taken]:
    for place, source in AS_WRITTEN:
        value = _said(node_at(config, *source))
        if value is None:
            continue
        if source[-1] == "serviceCIDR":
            value = replace(value, value=[value])
        if place == SUBNETS:
            value = _subnets(value)
        if place == _MIRRORS:
            value = _sources(value)
        if source == ("baseDomain",) and isinstance(value.value, str):
            # The installer takes a dot at its end.
            value = replace(value, value=value.value.removesuffix("."))
        member = _ITEM.get(place[-1])
        yield Taken(place, _members_alone(value, member) if member else value)


def _mixed(config: Node) -> Node | None:
    publish = node_at(config, "publish")
    return publish if publish is not None and publish.value == "Mixed" else None


def _of_mixed(config: Node) -> Iterator[Taken]:
    """The API's side of `publish: Mixed`, which is External unless the file says something else."""
    publish = _mixed(config)
    if publish is not None:
        said = _said(node_at(config, "operatorPublishingStrategy", "apiserver"))
        yield Taken(_PUBLISH, said or replace(publish, value="External"), yields=True)


def _of_own_dns(config: Node) -> Iterator[Taken]:
    """Whoever has a DNS of his own wants no zones: what belongs into it is an output."""
    own = node_at(config, "platform", "aws", "userProvisionedDNS")
    if own is not None and own.value == "Enabled":
        for place in (_PUBLIC_ZONE, ZONE):
            yield Taken(place, replace(own, value="none"), yields=True)


def _zones(config: Node) -> Iterator[Taken]:
    """Those of the machines: of the control plane, then more of the compute pools, each its own or else the default."""
    default = node_at(config, "platform", "aws", "defaultMachinePlatform", "zones")
    own = [node_at(config, "controlPlane", *_POOL), *(node_at(pool, *_POOL) for pool in _compute(config))]
    lists = [each for zones in own if (each := _said(zones) or _said(default)) is not None]
    if not lists:
        return
    wrong = next((each for each in lists if each.items() is None), None)
    named = [zone for each in lists for zone in each.items() or ()]
    first = [zone for number, zone in enumerate(named) if zone.value not in [each.value for each in named[:number]]]
    yield Taken(_ZONES, wrong or replace(lists[0], value=first), yields=True)


def _compute(config: Node) -> Iterator[Node]:
    """The compute pools, those of edge zones left out."""
    yield from (pool for pool in items_at(config, "compute") if (node_at(pool, "name") or pool).value != EDGE)


def _profiles(config: Node) -> Iterator[Taken]:
    """Instance profiles that are there already: each pool's own, or else the default."""
    default = node_at(config, "platform", "aws", "defaultMachinePlatform", "iamProfile")
    pools = (node_at(config, "controlPlane"), next(_compute(config), None))
    for place, pool in zip(_PROFILES, pools, strict=True):
        own = node_at(pool, "platform", "aws", "iamProfile") if pool else None
        if (profile := _said(own) or _said(default)) is not None:
            yield Taken(place, profile)


def _said(node: Node | None) -> Node | None:
    return None if node is None or is_empty(node) else node


def _sources(node: Node) -> Node:
    """The mirrors, without what the installer knows of each beside its source."""
    items = [_only(item, "source", "mirrors") for item in node.items() or ()]
    return replace(node, value=items) if items else node


def _only(node: Node, *names: str) -> Node:
    mapping = node.mapping()
    if mapping is None:
        return node
    return replace(
        node, value={name: value for name, value in mapping.items() if name in names and not is_empty(value)}
    )


def _subnets(node: Node) -> Node:
    """Ids alone where no roles are given."""
    items = node.items() or ()
    with_roles = any("roles" in (item.mapping() or {}) for item in items)
    return node if with_roles else _members_alone(node, "id")


def _members_alone(node: Node, name: str) -> Node:
    """A list of mappings as a list of one member of each."""
    items = [(item.mapping() or {}).get(name, item) for item in node.items() or ()]
    return replace(node, value=items) if items else node
